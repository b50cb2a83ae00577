package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"hopeline/hotline"
)

// kinds is the one table that turns kinds of error into codes of the wire, into HTTP statuses, and into words for when
// an error brings none of its own.
var kinds = []struct {
	kind   error
	code   string
	status int
	words  string
}{
	{hotline.ErrInvalid, "invalid", http.StatusBadRequest, "This does not fit; nothing was changed."},
	{errUnknown, "unknown_command", http.StatusBadRequest, "There is no such command."},
	{hotline.ErrNotFound, "not_found", http.StatusNotFound, "There is no such thing here."},
	{hotline.ErrForbidden, "forbidden", http.StatusForbidden, "Your role may not do this."},
	{hotline.ErrConflict, "conflict", http.StatusConflict, "Somebody was quicker, or you are full; nothing was changed."},
	{hotline.ErrExpired, "expired", http.StatusConflict, "This is over; nothing was changed."},
	{hotline.ErrUnsafe, "unsafe", http.StatusConflict, "It may not be safe; nothing was sent."},
	{hotline.ErrThrottled, "throttled", http.StatusTooManyRequests, "Too many tries; wait a moment."},
	{hotline.ErrUnavailable, "unavailable", http.StatusServiceUnavailable, "This does not work right now; nothing was changed. Try again."},
}

var (
	errUnknown = errors.New("unknown command")
	errTooFast = hotline.Say(hotline.ErrThrottled, "Too many commands at once; this one was not done. Wait a second.")
	errArgs    = hotline.Say(hotline.ErrInvalid, "The arguments do not fit the command; nothing was changed.")
)

// answerOf is the code, status and words of an error. Whatever is of no known kind is unavailable, and tells nothing.
func answerOf(err error) (code string, status int, words string) {
	for _, k := range kinds {
		if !errors.Is(err, k.kind) {
			continue
		}
		var said *hotline.Error
		if errors.As(err, &said) && said.Words != "" {
			return k.code, k.status, said.Words
		}
		return k.code, k.status, k.words
	}
	last := kinds[len(kinds)-1]
	return last.code, last.status, last.words
}

// expected tells whether an error is an answer, and not a fault of the house.
func expected(err error) bool {
	code, _, _ := answerOf(err)
	return code != "unavailable"
}

// cause names an error for the log by its types alone: a driver's words may hold a value.
func cause(err error) string {
	var types []string
	for e := err; e != nil; e = errors.Unwrap(e) {
		types = append(types, fmt.Sprintf("%T", e))
		if errors.Is(e, context.DeadlineExceeded) && errors.Unwrap(e) == nil {
			types = append(types, "deadline exceeded")
		}
	}
	return strings.Join(types, " < ")
}
