package storage

import (
	"context"
	"time"

	"hopeline/hotline"
)

// wishesMost is more than anybody has to say of half a year.
const wishesMost = 200

// AddWish keeps what somebody says of a time. The same time again takes the place of what she said of it.
func (s *Store) AddWish(ctx context.Context, w hotline.Wish) (hotline.Wish, error) {
	err := s.write(ctx, func(t *tx) (err error) {
		if w, err = t.addWish(w); err != nil {
			return err
		}
		return t.audit(string(w.User), "wish.set", "", "wish="+string(w.ID))
	})
	return w, err
}

func (t *tx) addWish(w hotline.Wish) (hotline.Wish, error) {
	w.ID = hotline.WishID(t.newID())
	if err := t.dropWishes(w); err != nil {
		return w, err
	}
	var there int
	if err := t.row(`SELECT count(*) FROM wishes WHERE user_id = $1 AND to_at > $2`, []any{string(w.User), millis(t.now)}, &there); err != nil {
		return w, err
	}
	if there >= wishesMost {
		return w, hotline.Say(hotline.ErrInvalid, "that is more than can be kept: drop a wish first; nothing was changed")
	}
	_, err := t.exec(`INSERT INTO wishes (id, user_id, from_at, to_at, kind, made_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		string(w.ID), string(w.User), millis(w.From), millis(w.To), w.Kind, millis(t.now))
	return w, err
}

// dropWishes forgets what somebody said of exactly this time.
func (t *tx) dropWishes(w hotline.Wish) error {
	_, err := t.exec(`DELETE FROM wishes WHERE user_id = $1 AND from_at = $2 AND to_at = $3`, string(w.User), millis(w.From), millis(w.To))
	return err
}

// DropWish forgets a wish of a user's.
func (s *Store) DropWish(ctx context.Context, by hotline.UserID, id hotline.WishID) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(`DELETE FROM wishes WHERE id = $1 AND user_id = $2`, string(id), string(by))
		if err != nil {
			return err
		}
		if n == 0 {
			return hotline.Say(hotline.ErrNotFound, "there is no such wish")
		}
		return t.audit(string(by), "wish.dropped", "", "wish="+string(id))
	})
}

// Wishes lists those of a user, or of all when it is empty, that share a moment with a time.
func (s *Store) Wishes(ctx context.Context, user hotline.UserID, from, to time.Time) ([]hotline.Wish, error) {
	var found []hotline.Wish
	err := s.look(ctx, func(t *tx) (err error) {
		found, err = t.wishes(user, from, to)
		return err
	})
	return found, err
}

func (t *tx) wishes(user hotline.UserID, from, to time.Time) ([]hotline.Wish, error) {
	found := []hotline.Wish{}
	err := t.each(`SELECT id, user_id, from_at, to_at, kind FROM wishes WHERE (CAST($1 AS TEXT) = '' OR user_id = $1) AND to_at > $2 AND from_at < $3
		ORDER BY from_at, id`, []any{string(user), millis(from), millis(to)}, func(row scanner) error {
		var w hotline.Wish
		var from, to int64
		err := row.Scan(&w.ID, &w.User, &from, &to, &w.Kind)
		w.From, w.To = fromMillis(from), fromMillis(to)
		found = append(found, w)
		return err
	})
	return found, err
}
