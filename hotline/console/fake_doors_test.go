package console

import (
	"context"
	"fmt"
	"time"

	"hopeline/hotline"
)

// throttled says how long to wait.
type throttled struct{ error }

func (throttled) RetryAfter() time.Duration { return 7 * time.Second }
func (t throttled) Unwrap() error           { return t.error }

func (h *house) LogIn(_ context.Context, email, password, code, _ string) (string, bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if email == "hammer" {
		return "", false, throttled{hotline.ErrThrottled}
	}
	u := h.user(hotline.UserID(email))
	switch {
	case h.broken != nil:
		return "", false, h.broken
	case u == nil:
		return "", false, hotline.Say(hotline.ErrNotFound, "nobody of that name")
	case password != "right" || code == "wrong":
		return "", false, hotline.Say(hotline.ErrForbidden, "password")
	}
	return h.begin(u, code == ""), code == "", nil
}

// begin opens a session whose token has the form of a real one.
func (h *house) begin(u *hotline.User, enrol bool) string {
	h.count++
	token := fmt.Sprintf("%042d0", h.count) // the last figure leaves no stray bits
	h.sessions[token] = session{user: u, since: h.now, enrol: enrol}
	return token
}

func (h *house) Session(_ context.Context, token string) (hotline.Viewer, bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.broken != nil {
		return hotline.Viewer{}, false, h.broken
	}
	s, ok := h.sessions[token]
	if !ok || s.user.Disabled {
		return hotline.Viewer{}, false, hotline.ErrNotFound
	}
	return hotline.Viewer{User: *s.user, Since: s.since}, s.enrol, nil
}

func (h *house) LogOut(_ context.Context, token string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.sessions, token)
	return h.broken
}

// endSessions logs a user out everywhere.
func (h *house) endSessions(u hotline.UserID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for token, s := range h.sessions {
		if s.user.ID == u {
			delete(h.sessions, token)
		}
	}
}

func (h *house) StartTOTP(context.Context, string) (string, string, error) {
	return "SECRET", "otpauth://totp/Notes", nil
}

func (h *house) ConfirmTOTP(_ context.Context, _, code string) error {
	if code != "123456" {
		return hotline.Say(hotline.ErrInvalid, "this code does not fit")
	}
	return nil
}
