package hotline

import "errors"

// The kinds of error that edges turn into a status, an error code or TwiML. Test with errors.Is.
var (
	ErrInvalid     = errors.New("invalid")     // the arguments are wrong; the caller can mend them
	ErrNotFound    = errors.New("not found")   // no such thing, or not yours to see
	ErrForbidden   = errors.New("forbidden")   // your role never may
	ErrConflict    = errors.New("conflict")    // somebody was quicker, or you are full
	ErrExpired     = errors.New("expired")     // the offer is over, the person is gone, the window is closed
	ErrUnsafe      = errors.New("unsafe")      // the safety gate said no
	ErrUnavailable = errors.New("unavailable") // a part of the house is down; nothing was changed
	ErrThrottled   = errors.New("throttled")   // too many tries; wait
)

// Error is a kind and a sentence for the person who can act on it. The sentence never holds a number, a name or words
// of a person in need.
type Error struct {
	Kind  error  // one of the Err… values above
	Words string // what happened, what was kept, what to do
}

// Say makes an Error of kind with words.
func Say(kind error, words string) error { return &Error{Kind: kind, Words: words} }

func (e *Error) Error() string { return e.Words }

// Unwrap gives the kind, for errors.Is.
func (e *Error) Unwrap() error { return e.Kind }

// ErrStillSafe is a question: whoever is asked may answer yes, and then it is done. Its kind is ErrUnsafe.
var ErrStillSafe = Say(ErrUnsafe, "It has been quiet for a while and the phone may be in other hands. Is it still safe to write? Nothing was sent.")
