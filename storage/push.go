package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"hopeline/hotline"
	"hopeline/storage/seal"
)

// Push is a browser that may be pushed, under our id.
type Push struct {
	ID string
	hotline.Subscription
	Failing bool // the last push to it could not be sent
}

// mostPushes is how many browsers one user may have pushed; a further one takes the place of the oldest.
const mostPushes = 8

func pushPlace(id string) seal.AD {
	return seal.AD{Table: "pushes", Column: "body", Row: id, Owner: id}
}

// Subscribe lets a browser be pushed for a user. One that another user had on the same machine is hers from now on.
func (s *Store) Subscribe(ctx context.Context, user hotline.UserID, sub hotline.Subscription) error {
	return s.write(ctx, func(t *tx) error {
		plain, err := json.Marshal(sub)
		if err != nil {
			return fmt.Errorf("write a subscription: %w", err)
		}
		if err := t.unsubscribe(sub.Endpoint); err != nil {
			return err
		}
		id := t.newID()
		sealed, err := s.keys.Seal(plain, pushPlace(id))
		if err != nil {
			return fmt.Errorf("seal a subscription: %w", err)
		}
		if _, err := t.exec(`INSERT INTO pushes (id, user_id, endpoint, body, made_at) VALUES ($1, $2, $3, $4, $5)`,
			id, string(user), s.index.Of("push", sub.Endpoint), sealed, millis(t.now)); err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM pushes WHERE user_id = $1 AND id NOT IN (SELECT id FROM pushes WHERE user_id = $1 ORDER BY id DESC LIMIT $2)`,
			string(user), mostPushes); err != nil {
			return err
		}
		return t.audit(string(user), "push.subscribed", "", "")
	})
}

func (t *tx) unsubscribe(endpoint string) error {
	_, err := t.exec(`DELETE FROM pushes WHERE endpoint = $1`, t.store.index.Of("push", endpoint))
	return err
}

// Unsubscribe forgets a browser of a user's.
func (s *Store) Unsubscribe(ctx context.Context, user hotline.UserID, endpoint string) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(`DELETE FROM pushes WHERE endpoint = $1 AND user_id = $2`, s.index.Of("push", endpoint), string(user))
		if err != nil || n == 0 {
			return err
		}
		return t.audit(string(user), "push.unsubscribed", "", "")
	})
}

// ForgetPush drops a browser that is not subscribed any more, as its push service says.
func (s *Store) ForgetPush(ctx context.Context, id string) error {
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(`DELETE FROM pushes WHERE id = $1`, id)
		return err
	})
}

// PushFailing notes whether the last push to a browser could not be sent.
func (s *Store) PushFailing(ctx context.Context, id string, failing bool) error {
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE pushes SET failing = $1 WHERE id = $2`, failing, id)
		return err
	})
}

// PushStates tells of everybody who has a browser that may be pushed whether one of them took the last push.
func (s *Store) PushStates(ctx context.Context) (map[hotline.UserID]hotline.PushState, error) {
	all := map[hotline.UserID]hotline.PushState{}
	err := s.look(ctx, func(t *tx) error {
		return t.each(`SELECT user_id, failing FROM pushes`, nil, func(r scanner) error {
			var u hotline.UserID
			var failing bool
			err := r.Scan(&u, &failing)
			if all[u] == "" || !failing {
				all[u] = map[bool]hotline.PushState{true: hotline.PushFails, false: hotline.PushWorks}[failing]
			}
			return err
		})
	})
	return all, err
}

// Pushes lists the browsers of a user; without one, those of all supervisors. One that does not open is left out.
func (s *Store) Pushes(ctx context.Context, user hotline.UserID) ([]Push, error) {
	var found []Push
	err := s.look(ctx, func(t *tx) error {
		return t.each(`SELECT p.id, p.body, p.failing FROM pushes p JOIN users u ON u.id = p.user_id
			WHERE NOT u.disabled AND (p.user_id = $1 OR CAST($1 AS TEXT) = '' AND u.role = 'supervisor') ORDER BY p.id`, []any{string(user)}, func(r scanner) error {
			var p Push
			var sealed []byte
			if err := r.Scan(&p.ID, &sealed, &p.Failing); err != nil {
				return err
			}
			plain, err := s.keys.Open(sealed, pushPlace(p.ID))
			if errors.Is(err, seal.ErrOpen) {
				s.log.Error("a browser's subscription does not open and is left out: let its user subscribe again")
				return nil
			}
			if err != nil {
				return fmt.Errorf("open a subscription: %w", err)
			}
			if err := json.Unmarshal(plain, &p.Subscription); err != nil {
				return fmt.Errorf("read a subscription: %w", err)
			}
			found = append(found, p)
			return nil
		})
	})
	return found, err
}

var pushKeysPlace = seal.AD{Table: "meta", Column: "value", Row: "push_keys", Owner: "push_keys"}

// PushKeys are the house's own keys for push services, which make gives to a new house. They lie sealed.
func (s *Store) PushKeys(ctx context.Context, make func() ([]byte, error)) ([]byte, error) {
	sealed, err := s.meta(ctx, "push_keys", func() ([]byte, error) {
		fresh, err := make()
		if err != nil {
			return nil, err
		}
		return s.keys.Seal(fresh, pushKeysPlace)
	})
	if err != nil {
		return nil, err
	}
	plain, err := s.keys.Open(sealed, pushKeysPlace)
	if err != nil {
		return nil, fmt.Errorf("open the keys for push: %w", err)
	}
	return plain, nil
}
