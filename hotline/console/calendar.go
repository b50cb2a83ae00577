package console

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"hopeline/hotline"
	"hopeline/hotline/auth"
)

// Calendars give each person an address of her own, whose secret is all that opens it.
type Calendars interface {
	// CalendarSecret makes one when there is none.
	CalendarSecret(ctx context.Context, v hotline.Viewer) (string, error)
	RevokeCalendar(ctx context.Context, v hotline.Viewer) error
	// GiveCalendar makes that of an interpreter, who has no page to be shown it in: another one ends the one before.
	GiveCalendar(ctx context.Context, v hotline.Viewer, user hotline.UserID) (string, error)
	TakeCalendar(ctx context.Context, v hotline.Viewer, user hotline.UserID) error
	// Calendar is what a secret opens; [hotline.ErrNotFound] when it opens none.
	Calendar(ctx context.Context, secret string) ([]byte, error)
}

// AddressResult is the address of a calendar, for a program that subscribes to it.
type AddressResult struct {
	URL string `json:"url"`
}

func (x call) calendarAddress(Nothing) (AddressResult, error) {
	secret, err := x.console.parts.Duty.CalendarSecret(x, x.v)
	return x.calendarOf(secret), err
}

func (x call) calendarOf(secret string) AddressResult {
	return AddressResult{x.console.cfg.Public.String() + "/calendar/" + secret + ".ics"}
}

func (x call) revokeCalendar(Nothing) (Empty, error) {
	return Empty{}, x.console.parts.Duty.RevokeCalendar(x, x.v)
}

// InterpreterArgs name an interpreter.
type InterpreterArgs struct {
	User hotline.UserID `json:"user"`
}

func (a InterpreterArgs) check() error { return checkID("user", string(a.User)) }

func (x call) giveCalendar(a InterpreterArgs) (AddressResult, error) {
	secret, err := x.console.parts.Duty.GiveCalendar(x, x.v, a.User)
	return x.calendarOf(secret), err
}

func (x call) takeCalendar(a InterpreterArgs) (Empty, error) {
	return Empty{}, x.console.parts.Duty.TakeCalendar(x, x.v, a.User)
}

// secretSize is that of a secret in an address, in bytes before they are written as text.
const secretSize = 32

// calendar answers GET /calendar/{secret}.ics. There is no session: whoever has the address may read it. Calendars lag up
// to a day behind; the console is right.
func (k *Console) calendar(w http.ResponseWriter, r *http.Request) {
	if !k.feeds.allow(auth.ClientIP(r), k.cfg.Now()) {
		w.Header().Set("Retry-After", "60")
		http.Error(w, "too many requests", http.StatusTooManyRequests)
		return
	}
	secret, isFeed := strings.CutSuffix(r.PathValue("file"), ".ics")
	raw, err := base64.RawURLEncoding.Strict().DecodeString(secret)
	if !isFeed || err != nil || len(raw) != secretSize || k.parts.Duty == nil {
		http.NotFound(w, r)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), k.limits.command)
	defer cancel()
	body, err := k.parts.Duty.Calendar(ctx, secret)
	switch {
	case errors.Is(err, hotline.ErrNotFound):
		http.NotFound(w, r)
		return
	case err != nil:
		k.fail(w, err)
		return
	}
	sum := sha256.Sum256(body)
	h := w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("Cache-Control", "private, max-age=900")
	h.Set("ETag", fmt.Sprintf(`"%x"`, sum[:16]))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// feeds limits how often calendars are asked for, by one address and by all.
type feeds struct {
	mu  sync.Mutex // guards all below
	by  map[string]*rate.Limiter
	all *rate.Limiter
}

// What programs that subscribe need many times over: some ask every few minutes, and several people share an address.
const (
	feedsPerSecond, feedsBurst       = 1, 30
	allFeedsPerSecond, allFeedsBurst = 20, 100
	feedsRemembered                  = 4096
)

func newFeeds() *feeds {
	return &feeds{by: map[string]*rate.Limiter{}, all: rate.NewLimiter(allFeedsPerSecond, allFeedsBurst)}
}

func (f *feeds) allow(address string, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	own := f.by[address]
	if own == nil {
		if len(f.by) >= feedsRemembered {
			clear(f.by)
		}
		own = rate.NewLimiter(feedsPerSecond, feedsBurst)
		f.by[address] = own
	}
	return own.AllowN(now, 1) && f.all.AllowN(now, 1)
}
