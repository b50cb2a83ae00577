package storage

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

// Follow lets the house read a calendar of a user's, in the place of another; what was known of that is forgotten.
func (s *Store) Follow(ctx context.Context, user hotline.UserID, address string) error {
	return s.write(ctx, func(t *tx) error {
		sealed, err := t.sealUser(followedAddress, user, address)
		if err != nil {
			return err
		}
		tag, busy, err := t.sealRead(user, hotline.CalendarRead{})
		if err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM followed_calendars WHERE user_id = $1`, string(user)); err != nil {
			return err
		}
		if _, err := t.exec(`INSERT INTO followed_calendars (user_id, id, address, tag, busy, next_at, tries, read_at, whole_at, fault, unclear)
			VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 0, '', 0)`, string(user), t.newID(), sealed, tag, busy, millis(t.now)); err != nil {
			return err
		}
		t.tell(hotline.PlanChanged{Line: rota.AllLines})
		return t.audit(string(user), "calendar.followed", "", "")
	})
}

// What is sealed of a calendar, by the names that it is sealed under.
const (
	followedAddress = "followed_address"
	followedTag     = "followed_tag"
	followedBusy    = "followed_busy"
)

// sealRead seals what was read of a user's calendar.
func (t *tx) sealRead(user hotline.UserID, read hotline.CalendarRead) (tag, busy []byte, err error) {
	if tag, err = t.sealUser(followedTag, user, read.Tag); err != nil {
		return nil, nil, err
	}
	busy, err = t.sealUser(followedBusy, user, string(writeBusy(read.Busy)))
	return tag, busy, err
}

// Unfollow forgets a user's calendar, and when it said that she is busy.
func (s *Store) Unfollow(ctx context.Context, user hotline.UserID) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(`DELETE FROM followed_calendars WHERE user_id = $1`, string(user))
		if err != nil || n == 0 {
			return err
		}
		t.tell(hotline.PlanChanged{Line: rota.AllLines})
		return t.audit(string(user), "calendar.unfollowed", "", "")
	})
}

// Follows tells how it stands with the calendars that are followed: a user's, with its host, or without one everybody's.
func (s *Store) Follows(ctx context.Context, user hotline.UserID) ([]hotline.Followed, error) {
	found := []hotline.Followed{}
	err := s.look(ctx, func(t *tx) error {
		return t.each(`SELECT c.user_id, c.address, c.read_at, c.fault, c.unclear FROM followed_calendars c JOIN users u ON u.id = c.user_id
			WHERE NOT u.disabled AND (CAST($1 AS TEXT) = '' OR c.user_id = $1) ORDER BY c.user_id`, []any{string(user)}, func(row scanner) error {
			var f hotline.Followed
			var address []byte
			var read int64
			if err := row.Scan(&f.User, &address, &read, &f.Fault, &f.Unclear); err != nil {
				return err
			}
			f.Read = fromMillis(read)
			if user != "" {
				plain, err := s.keys.Open(address, userPlace(followedAddress, f.User))
				if err == nil {
					f.Host = hostOf(string(plain))
				}
			}
			found = append(found, f)
			return nil
		})
	})
	return found, err
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// Busy are the times that people's calendars say they have no time in, for a user or for all.
func (s *Store) Busy(ctx context.Context, user hotline.UserID) (map[hotline.UserID][]hotline.Busy, error) {
	found := map[hotline.UserID][]hotline.Busy{}
	err := s.look(ctx, func(t *tx) error {
		return t.each(`SELECT user_id, busy FROM followed_calendars WHERE CAST($1 AS TEXT) = '' OR user_id = $1`, []any{string(user)}, func(row scanner) error {
			var id hotline.UserID
			var sealed []byte
			if err := row.Scan(&id, &sealed); err != nil {
				return err
			}
			plain, err := s.keys.Open(sealed, userPlace(followedBusy, id))
			if err == nil {
				found[id], err = readBusy(plain)
			}
			if err != nil {
				s.log.Error("a calendar's busy times do not open and are left out: let its user give the address again", zap.String("user", string(id)))
			}
			return nil
		})
	})
	return found, err
}

func readBusy(plain []byte) ([]hotline.Busy, error) {
	var pairs [][2]int64
	if err := json.Unmarshal(plain, &pairs); err != nil {
		return nil, fmt.Errorf("read busy times: %w", err)
	}
	all := make([]hotline.Busy, len(pairs))
	for i, p := range pairs {
		all[i] = hotline.Busy{From: time.Unix(p[0], 0).UTC(), To: time.Unix(p[1], 0).UTC()}
	}
	return all, nil
}

func writeBusy(all []hotline.Busy) []byte {
	pairs := make([][2]int64, len(all))
	for i, b := range all {
		pairs[i] = [2]int64{b.From.Unix(), b.To.Unix()}
	}
	plain, err := json.Marshal(pairs)
	if err != nil {
		return []byte("[]") // numbers have a form
	}
	return plain
}

// CalendarDue is a calendar that is to be read now.
type CalendarDue struct {
	User    hotline.UserID
	Address string
	Tag     string
	Whole   time.Time // when it was last read as a whole; zero: never
	Tries   int       // with this one

	id string
}

// ClaimCalendar takes the calendar that is to be read next, if its time has come. Lease is how long a try may take; no
// other process reads it meanwhile.
func (s *Store) ClaimCalendar(ctx context.Context, lease time.Duration) (due CalendarDue, ok bool, err error) {
	err = s.write(ctx, func(t *tx) error {
		var address, tag []byte
		var whole int64
		due, ok = CalendarDue{}, false
		err := t.row(`SELECT c.user_id, c.id, c.address, c.tag, c.whole_at, c.tries FROM followed_calendars c JOIN users u ON u.id = c.user_id
			WHERE c.next_at <= $1 AND NOT u.disabled ORDER BY c.next_at, c.user_id LIMIT 1`, []any{millis(t.now)},
			&due.User, &due.id, &address, &tag, &whole, &due.Tries)
		if notThere(err) {
			return nil
		}
		if err != nil {
			return err
		}
		n, err := t.exec(`UPDATE followed_calendars SET tries = tries + 1, next_at = $1 WHERE user_id = $2 AND id = $3 AND tries = $4 AND next_at <= $5`,
			millis(t.now.Add(lease)), string(due.User), due.id, due.Tries, millis(t.now))
		if err != nil || n == 0 {
			return err
		}
		due.Tries++
		due.Whole, ok = fromMillis(whole), true
		due.Address, due.Tag, err = t.openFollowed(due.User, address, tag)
		return err
	})
	return due, ok && err == nil, err
}

// openFollowed opens an address and its tag. One that does not open is read by nobody, and says so.
func (t *tx) openFollowed(user hotline.UserID, address, tag []byte) (string, string, error) {
	a, err := t.store.keys.Open(address, userPlace(followedAddress, user))
	if err != nil {
		t.store.log.Error("a calendar's address does not open: let its user give it again", zap.String("user", string(user)))
		return "", "", nil
	}
	g, err := t.store.keys.Open(tag, userPlace(followedTag, user))
	if err != nil {
		return string(a), "", nil
	}
	return string(a), string(g), nil
}

// KeepBusy keeps what was read of a calendar, and when it is read again. When its user gave another address meanwhile, or
// none, it counts for nothing.
func (s *Store) KeepBusy(ctx context.Context, due CalendarDue, read hotline.CalendarRead, next time.Time) error {
	return s.write(ctx, func(t *tx) error {
		var was []byte
		err := t.row(`SELECT busy FROM followed_calendars WHERE user_id = $1 AND id = $2`, []any{string(due.User), due.id}, &was)
		if notThere(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if read.Same {
			return t.readCalendar(due, next)
		}
		tag, busy, err := t.sealRead(due.User, read)
		if err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE followed_calendars SET tag = $1, busy = $2, whole_at = $3, unclear = $4 WHERE user_id = $5 AND id = $6`,
			tag, busy, millis(t.now), read.Unclear, string(due.User), due.id); err != nil {
			return err
		}
		old, err := s.keys.Open(was, userPlace(followedBusy, due.User))
		if due.Whole.IsZero() || err != nil || !bytes.Equal(old, writeBusy(read.Busy)) {
			t.tell(hotline.PlanChanged{Line: rota.AllLines})
			if err := t.audit(System, "calendar.read", "", fmt.Sprintf("user=%s spans=%d", due.User, len(read.Busy))); err != nil {
				return err
			}
		}
		return t.readCalendar(due, next)
	})
}

// readCalendar notes that a calendar was read well.
func (t *tx) readCalendar(due CalendarDue, next time.Time) error {
	_, err := t.exec(`UPDATE followed_calendars SET next_at = $1, tries = 0, read_at = $2, fault = '' WHERE user_id = $3 AND id = $4`,
		millis(next), millis(t.now), string(due.User), due.id)
	return err
}

// CalendarFailed keeps what was known of a calendar, and why it could not be read.
func (s *Store) CalendarFailed(ctx context.Context, due CalendarDue, fault hotline.CalendarFault, next time.Time) error {
	return s.write(ctx, func(t *tx) error {
		var was hotline.CalendarFault
		err := t.row(`SELECT fault FROM followed_calendars WHERE user_id = $1 AND id = $2`, []any{string(due.User), due.id}, &was)
		if notThere(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if was != fault {
			t.tell(hotline.PlanChanged{Line: rota.AllLines})
		}
		_, err = t.exec(`UPDATE followed_calendars SET next_at = $1, fault = $2 WHERE user_id = $3 AND id = $4`,
			millis(next), string(fault), string(due.User), due.id)
		return err
	})
}

// NextCalendar is when the next calendar is to be read; zero when none is.
func (s *Store) NextCalendar(ctx context.Context) (time.Time, error) {
	var at int64
	err := s.read.QueryRowContext(ctx, `SELECT COALESCE(min(c.next_at), 0) FROM followed_calendars c JOIN users u ON u.id = c.user_id WHERE NOT u.disabled`).Scan(&at)
	return fromMillis(at), classify(err)
}
