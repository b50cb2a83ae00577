package storage

import (
	"context"
	"encoding/json"
	"fmt"

	"hopeline/hotline"
)

// said is a bulletin's body.
type said struct {
	Gaps  int    `json:"gaps,omitempty"`
	Last  int    `json:"last,omitempty"`
	Short int    `json:"short,omitempty"`
	Words string `json:"words,omitempty"`
}

// Post keeps a bulletin in the place of the last of its kind and line, and gives it with its id and time. False: there
// is one of that day already, made by another process or before a start.
func (s *Store) Post(ctx context.Context, b hotline.Bulletin) (hotline.Bulletin, bool, error) {
	posted := false
	err := s.write(ctx, func(t *tx) (err error) {
		posted, err = t.post(&b)
		return err
	})
	return b, posted, err
}

func (t *tx) post(b *hotline.Bulletin) (bool, error) {
	body, err := json.Marshal(said{b.Gaps, b.Last, b.Short, b.Words})
	if err != nil {
		return false, fmt.Errorf("write a bulletin: %w", err)
	}
	b.ID, b.At = hotline.BulletinID(t.newID()), fromMillis(millis(t.now))
	n, err := t.exec(`INSERT INTO bulletins (kind, line, id, day, body, made_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (kind, line) DO UPDATE SET id = excluded.id, day = excluded.day, body = excluded.body, made_at = excluded.made_at
		WHERE bulletins.day < excluded.day`, b.Kind, string(b.Line), string(b.ID), b.Day, string(body), millis(b.At))
	if err != nil || n == 0 {
		return false, err
	}
	if _, err := t.exec(`DELETE FROM bulletins_seen WHERE bulletin NOT IN (SELECT id FROM bulletins)`); err != nil {
		return false, err
	}
	return true, t.audit(System, "rota."+b.Kind, "", fmt.Sprintf("line=%s gaps=%d last_tier=%d short=%d", b.Line, b.Gaps, b.Last, b.Short))
}

// Bulletins lists those that a user has not seen; of nobody, all.
func (s *Store) Bulletins(ctx context.Context, user hotline.UserID) ([]hotline.Bulletin, error) {
	var found []hotline.Bulletin
	err := s.look(ctx, func(t *tx) error {
		return t.each(`SELECT kind, line, id, day, body, made_at FROM bulletins
			WHERE id NOT IN (SELECT bulletin FROM bulletins_seen WHERE user_id = $1) ORDER BY made_at, kind, line`, []any{string(user)}, func(row scanner) error {
			var b hotline.Bulletin
			var body string
			var at int64
			if err := row.Scan(&b.Kind, &b.Line, &b.ID, &b.Day, &body, &at); err != nil {
				return err
			}
			var is said
			if err := json.Unmarshal([]byte(body), &is); err != nil {
				return fmt.Errorf("read a bulletin: %w", err)
			}
			b.Gaps, b.Last, b.Short, b.Words, b.At = is.Gaps, is.Last, is.Short, is.Words, fromMillis(at)
			found = append(found, b)
			return nil
		})
	})
	return found, err
}

// SeeBulletin keeps that a user has seen one. One that was replaced meanwhile is no matter.
func (s *Store) SeeBulletin(ctx context.Context, user hotline.UserID, id hotline.BulletinID) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.exec(`INSERT INTO bulletins_seen (bulletin, user_id, seen_at) SELECT id, CAST($2 AS TEXT), CAST($3 AS BIGINT) FROM bulletins WHERE id = $1
			ON CONFLICT (bulletin, user_id) DO NOTHING`, string(id), string(user), millis(t.now))
		if err != nil || n == 0 {
			return err
		}
		return t.audit(string(user), "rota.seen", "", "bulletin="+string(id))
	})
}

// Zone is the data that the shifts of a zone were last reckoned by; nil: none yet.
func (s *Store) Zone(ctx context.Context, name string) ([]byte, error) {
	var data []byte
	err := s.look(ctx, func(t *tx) error {
		err := t.row(`SELECT data FROM zones WHERE zone = $1`, []any{name}, &data)
		if notThere(err) {
			return nil
		}
		return err
	})
	return data, err
}

// MoveZone keeps that a zone's shifts are reckoned by other data from now on, and what that does to the lines' shifts. Of
// several processes that start with the new data one does so, and is given the bulletins that it posted.
func (s *Store) MoveZone(ctx context.Context, name string, was, is []byte, told []hotline.Bulletin) ([]hotline.Bulletin, error) {
	var posted []hotline.Bulletin
	err := s.write(ctx, func(t *tx) error {
		posted = nil
		n, err := t.exec(`INSERT INTO zones (zone, data, noted_at) VALUES ($1, $2, $3)
			ON CONFLICT (zone) DO UPDATE SET data = excluded.data, noted_at = excluded.noted_at WHERE zones.data = $4`, name, is, millis(t.now), was)
		if err != nil || n == 0 {
			return err
		}
		for _, b := range told {
			ok, err := t.post(&b)
			if err != nil {
				return err
			}
			if ok {
				posted = append(posted, b)
			}
		}
		return t.audit(System, "rota.zone", "", "zone="+name)
	})
	return posted, err
}
