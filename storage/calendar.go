package storage

import (
	"context"
	"fmt"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

// CalendarSecret is the secret of a user's calendar; when she has none, the one that is given becomes hers. It is found
// by its hash, and sealed so that it can be shown to her again.
func (s *Store) CalendarSecret(ctx context.Context, user hotline.UserID, fresh string) (string, error) {
	secret := fresh
	err := s.write(ctx, func(t *tx) error {
		secret = fresh
		place := userPlace("calendar", user)
		var sealed []byte
		err := t.row(`SELECT secret FROM calendars WHERE user_id = $1`, []any{string(user)}, &sealed)
		if err == nil {
			plain, err := s.keys.Open(sealed, place)
			secret = string(plain)
			return err
		}
		if !notThere(err) {
			return err
		}
		if err := t.addCalendar(user, fresh); err != nil {
			return err
		}
		return t.audit(string(user), "calendar.made", "", "")
	})
	return secret, err
}

func (t *tx) addCalendar(user hotline.UserID, fresh string) error {
	sealed, err := t.store.keys.Seal([]byte(fresh), userPlace("calendar", user))
	if err != nil {
		return fmt.Errorf("seal a calendar's secret: %w", err)
	}
	_, err = t.exec(`INSERT INTO calendars (user_id, hash, secret, made_at) VALUES ($1, $2, $3, $4)`, string(user), digest([]byte(fresh)), sealed, millis(t.now))
	return err
}

// GiveCalendar makes a secret that of an interpreter's calendar, in the place of the one that she has: she has no console
// that could show it, so somebody hands it to her.
func (s *Store) GiveCalendar(ctx context.Context, by, user hotline.UserID, fresh string) error {
	return s.write(ctx, func(t *tx) error {
		if err := t.dropCalendar(user); err != nil {
			return err
		}
		if err := t.addCalendar(user, fresh); err != nil {
			return err
		}
		return t.audit(string(by), "calendar.made", "", "user="+string(user))
	})
}

// TakeCalendar lets an interpreter's address lead nowhere.
func (s *Store) TakeCalendar(ctx context.Context, by, user hotline.UserID) error {
	return s.write(ctx, func(t *tx) error {
		if err := t.dropCalendar(user); err != nil {
			return err
		}
		return t.audit(string(by), "calendar.revoked", "", "user="+string(user))
	})
}

// dropCalendar drops the secret of an interpreter's calendar, if she has one.
func (t *tx) dropCalendar(user hotline.UserID) error {
	u, err := t.user(user)
	if err != nil {
		return err
	}
	if u.Disabled || u.Role != hotline.Interpreter {
		return hotline.Say(hotline.ErrInvalid, "whoever logs in has the address of her calendar in her own page; nothing was changed")
	}
	_, err = t.exec(`DELETE FROM calendars WHERE user_id = $1`, string(user))
	return err
}

// CalendarsMade tells whose calendar has an address, and since when.
func (s *Store) CalendarsMade(ctx context.Context) (map[hotline.UserID]time.Time, error) {
	made := map[hotline.UserID]time.Time{}
	err := s.look(ctx, func(t *tx) error {
		return t.each(`SELECT user_id, made_at FROM calendars`, nil, func(row scanner) error {
			var user hotline.UserID
			var at int64
			err := row.Scan(&user, &at)
			made[user] = fromMillis(at)
			return err
		})
	})
	return made, err
}

// RevokeCalendar lets a user's address lead nowhere.
func (s *Store) RevokeCalendar(ctx context.Context, user hotline.UserID) error {
	return s.write(ctx, func(t *tx) error {
		if _, err := t.exec(`DELETE FROM calendars WHERE user_id = $1`, string(user)); err != nil {
			return err
		}
		return t.audit(string(user), "calendar.revoked", "", "")
	})
}

// CalendarOf finds whose calendar a secret opens, or gives hotline.ErrNotFound, for whoever may not log in too.
func (s *Store) CalendarOf(ctx context.Context, secret string) (hotline.UserID, error) {
	var user hotline.UserID
	err := s.look(ctx, func(t *tx) error {
		err := t.row(`SELECT c.user_id FROM calendars c JOIN users u ON u.id = c.user_id WHERE c.hash = $1 AND NOT u.disabled`,
			[]any{digest([]byte(secret))}, &user)
		if notThere(err) {
			return hotline.Say(hotline.ErrNotFound, "there is no such calendar")
		}
		return err
	})
	return user, err
}

// goneFor is how long a duty that is no more stays in a calendar, so that the calendar drops it.
const goneFor = 30 * 24 * time.Hour

// KeepGone keeps duties that people had and have no longer.
func (s *Store) KeepGone(ctx context.Context, gone []rota.Stretch) error {
	if len(gone) == 0 {
		return nil
	}
	return s.write(ctx, func(t *tx) error {
		if _, err := t.exec(`DELETE FROM gone_duties WHERE gone_at < $1`, millis(t.now.Add(-goneFor))); err != nil {
			return err
		}
		for _, d := range gone {
			if _, err := t.exec(`INSERT INTO gone_duties (shift, user_id, from_at, to_at, gone_at) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (shift, user_id) DO UPDATE SET from_at = excluded.from_at, to_at = excluded.to_at, gone_at = excluded.gone_at`,
				d.ID.String(), d.User, millis(d.Start), millis(d.End), millis(t.now)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Gone lists the duties that a user had until lately.
func (s *Store) Gone(ctx context.Context, user hotline.UserID) ([]rota.Stretch, error) {
	var found []rota.Stretch
	err := s.look(ctx, func(t *tx) error {
		return t.each(`SELECT shift, from_at, to_at FROM gone_duties WHERE user_id = $1 AND gone_at >= $2 ORDER BY from_at, shift`,
			[]any{string(user), millis(t.now.Add(-goneFor))}, func(row scanner) error {
				d := rota.Stretch{User: string(user)}
				var shift string
				var from, to int64
				if err := row.Scan(&shift, &from, &to); err != nil {
					return err
				}
				var err error
				d.ID, err = rota.ParseShiftID(shift)
				d.Start, d.End = fromMillis(from), fromMillis(to)
				found = append(found, d)
				return err
			})
	})
	return found, err
}
