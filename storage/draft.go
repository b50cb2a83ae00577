package storage

import (
	"context"
	"fmt"

	"hopeline/hotline"
	"hopeline/storage/seal"
)

func draftPlace(line string) seal.AD {
	return seal.AD{Table: "drafts", Column: "body", Row: line, Owner: line}
}

// SetDraft keeps a line's draft in the place of the one before; nil drops it.
func (s *Store) SetDraft(ctx context.Context, by hotline.UserID, line string, body []byte) error {
	return s.write(ctx, func(t *tx) error {
		if _, err := t.exec(`DELETE FROM drafts WHERE line = $1`, line); err != nil {
			return err
		}
		if body == nil {
			return t.audit(string(by), "draft.dropped", "", "line="+line)
		}
		sealed, err := s.keys.Seal(body, draftPlace(line))
		if err != nil {
			return fmt.Errorf("seal a draft: %w", err)
		}
		if _, err := t.exec(`INSERT INTO drafts (line, body, at, by_user) VALUES ($1, $2, $3, $4)`, line, sealed, millis(t.now), string(by)); err != nil {
			return err
		}
		return t.audit(string(by), "draft.set", "", "line="+line)
	})
}

// Draft reads a line's draft.
func (s *Store) Draft(ctx context.Context, line string) (hotline.Draft, error) {
	var d hotline.Draft
	err := s.look(ctx, func(t *tx) error {
		var sealed []byte
		var at int64
		err := t.row(`SELECT body, at, by_user FROM drafts WHERE line = $1`, []any{line}, &sealed, &at, &d.By)
		if notThere(err) {
			return nil
		}
		if err != nil {
			return err
		}
		d.At = fromMillis(at)
		if d.Body, err = s.keys.Open(sealed, draftPlace(line)); err != nil {
			return fmt.Errorf("open a draft: %w", err)
		}
		return nil
	})
	return d, err
}
