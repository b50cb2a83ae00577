package storage

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hopeline/hotline"
)

// Session is somebody logged in.
type Session struct {
	hotline.Viewer
	Ends  time.Time
	Enrol bool   // may only set up a second factor
	TOTP  string // the secret that is being set up
}

// BeginSession logs a user in, with the TOTP step that she used (0: none). A step works once. An interpreter has no console.
func (s *Store) BeginSession(ctx context.Context, user hotline.UserID, hash []byte, step int64, enrol bool, life time.Duration) error {
	return s.write(ctx, func(t *tx) error {
		if u, err := t.user(user); err != nil || !u.Role.LogsIn() {
			return cmp.Or(err, hotline.Say(hotline.ErrForbidden, "this account has no console"))
		}
		if step != 0 {
			if err := t.spendTOTP(user, step); err != nil {
				return err
			}
		}
		empty, err := s.keys.Seal(nil, userPlace("session_totp", user))
		if err != nil {
			return fmt.Errorf("seal a session: %w", err)
		}
		if _, err := t.exec(`DELETE FROM sessions WHERE ends_at < $1`, millis(t.now)); err != nil {
			return err
		}
		if _, err := t.exec(`INSERT INTO sessions (token_hash, user_id, began_at, ends_at, enrol, totp) VALUES ($1, $2, $3, $4, $5, $6)`,
			hash, string(user), millis(t.now), millis(t.now.Add(life)), enrol, empty); err != nil {
			return err
		}
		return t.audit(string(user), "session.began", "", "")
	})
}

// SessionOf finds a running session by its token's hash, or gives hotline.ErrNotFound.
func (s *Store) SessionOf(ctx context.Context, hash []byte) (Session, error) {
	var out Session
	var began, ends int64
	var totp []byte
	row := s.read.QueryRowContext(ctx, `SELECT `+userColumns+`, s.began_at, s.ends_at, s.enrol, s.totp
		FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = $1 AND NOT u.disabled`, hash)
	var err error
	out.User, err = s.scanUser(row, &began, &ends, &out.Enrol, &totp)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !s.now().Before(fromMillis(ends)) {
		return out, hotline.Say(hotline.ErrNotFound, "the session is over: log in again")
	}
	if err != nil {
		return out, classify(err)
	}
	out.Since, out.Ends = fromMillis(began), fromMillis(ends)
	secret, err := s.keys.Open(totp, userPlace("session_totp", out.ID))
	if err != nil {
		return out, fmt.Errorf("open a session: %w", err)
	}
	out.TOTP = string(secret)
	return out, nil
}

// ProposeTOTP keeps the secret that a session is setting up.
func (s *Store) ProposeTOTP(ctx context.Context, user hotline.UserID, hash []byte, secret string) error {
	return s.write(ctx, func(t *tx) error {
		sealed, err := s.keys.Seal([]byte(secret), userPlace("session_totp", user))
		if err != nil {
			return fmt.Errorf("seal a second factor: %w", err)
		}
		_, err = t.exec(`UPDATE sessions SET totp = $1 WHERE token_hash = $2 AND user_id = $3`, sealed, hash, string(user))
		return err
	})
}

// EndSession logs a session out. Whoever has no session left is not available any more, and shows as away; but who did
// not set herself away is still rung on her phone when she is on duty. Her contacts stay hers under the rule of the
// sleeping owner.
func (s *Store) EndSession(ctx context.Context, user hotline.UserID, hash []byte) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(`DELETE FROM sessions WHERE token_hash = $1 AND user_id = $2`, hash, string(user))
		if err != nil || n == 0 {
			return err
		}
		var left int
		if err := t.row(`SELECT count(*) FROM sessions WHERE user_id = $1 AND ends_at > $2`, []any{string(user), millis(t.now)}, &left); err != nil {
			return err
		}
		if left == 0 {
			if _, err := t.exec(`UPDATE users SET state = CASE WHEN state = 'away' THEN 'away' ELSE '' END, version = version + 1 WHERE id = $1`, string(user)); err != nil {
				return err
			}
			u, err := t.user(user)
			if err != nil {
				return err
			}
			t.tell(hotline.PresenceChanged{User: u})
		}
		t.tell(hotline.SignedOut{User: user})
		return t.audit(string(user), "session.ended", "", "")
	})
}
