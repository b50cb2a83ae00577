package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hopeline/hotline"
)

// What is remembered of somebody who comes back. An address is no identity: whoever holds it now may be another, so it
// decides who is asked and shows nobody anything.

// remember sets on a new contact who is not for its person, and prefers whom she had before.
func (t *tx) remember(c *hotline.Contact, address []byte) error {
	if address == nil || !c.Seen {
		return nil
	}
	err := t.each(`SELECT user_id FROM barred WHERE address_index = $1 ORDER BY user_id`, []any{address}, func(r scanner) error {
		var u hotline.UserID
		err := r.Scan(&u)
		c.Barred = append(c.Barred, u)
		return err
	})
	if err != nil {
		return err
	}
	roster, err := t.roster()
	if err != nil {
		return err
	}
	u, at, err := t.lastCounsellor(address)
	if err != nil || c.Bars(u) {
		return err
	}
	if days := roster.Needs(c.Line).Returns; t.now.Sub(at) <= time.Duration(days)*24*time.Hour {
		c.Preferred = u
	}
	return nil
}

// lastCounsellor is whom an address had last, and when she was there last.
func (t *tx) lastCounsellor(address []byte) (hotline.UserID, time.Time, error) {
	var owner, before hotline.UserID
	var text string
	err := t.row(`SELECT owner, last_owner, facts FROM contacts WHERE address_index = $1 AND (owner <> '' OR last_owner <> '')
		ORDER BY id DESC LIMIT 1`, []any{address}, &owner, &before, &text)
	if notThere(err) {
		return "", time.Time{}, nil
	}
	if err != nil {
		return "", time.Time{}, err
	}
	var f facts
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return "", time.Time{}, fmt.Errorf("read a contact's facts: %w", err)
	}
	if owner == "" {
		owner = before
	}
	return owner, fromMillis(max(f.Times["closed"], f.Times["left"], f.Times["last_written"], f.Times["opened"])), nil
}

// Bar keeps a user from being asked for the person of a contact, or lets her again: for this contact, for all that are
// open from the same address, and for all to come. A withheld caller is known by this contact only.
func (s *Store) Bar(ctx context.Context, by hotline.UserID, id hotline.ContactID, user hotline.UserID, on bool, allowed Allowed) (hotline.Contact, error) {
	var after hotline.Contact
	err := s.write(ctx, func(t *tx) error {
		h, err := t.open(id, allowed)
		if err != nil {
			return err
		}
		if _, err := t.user(user); err != nil {
			return err
		}
		same := []*held{h}
		var address []byte
		if err := t.row(`SELECT address_index FROM contacts WHERE id = $1`, []any{string(id)}, &address); err != nil {
			return err
		}
		if address != nil {
			if same, err = t.contactsWhere(`WHERE c.address_index = $1 AND (c.is_open OR c.id = $2)`, address, string(id)); err != nil {
				return err
			}
			if err := t.keepBarred(address, by, user, on); err != nil {
				return err
			}
		}
		for _, c := range same {
			if err := t.apply(string(by), c, hotline.BarredTo{At: hotline.At(t.now), User: user, On: on}, fmt.Sprintf("user=%s on=%t", user, on)); err != nil {
				return err
			}
		}
		after = h.Contact
		return nil
	})
	return after, err
}

func (t *tx) keepBarred(address []byte, by, user hotline.UserID, on bool) error {
	query, args := `DELETE FROM barred WHERE address_index = $1 AND user_id = $2`, []any{address, string(user)}
	if on {
		query = `INSERT INTO barred (address_index, user_id, made_at, made_by) VALUES ($1, $2, $3, $4) ON CONFLICT (address_index, user_id) DO NOTHING`
		args = append(args, millis(t.now), string(by))
	}
	_, err := t.exec(query, args...)
	return err
}
