package storage

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
	"hopeline/storage/seal"
)

// AddHandover keeps what one shift leaves to the next, with the contacts of the line that are open now.
func (s *Store) AddHandover(ctx context.Context, by hotline.UserID, line, note string) (hotline.Handover, error) {
	var h hotline.Handover
	err := s.write(ctx, func(t *tx) error {
		h = hotline.Handover{ID: hotline.HandoverID(t.newID()), Line: hotline.LineID(line), At: t.now, By: by, Note: note, Open: []hotline.ContactID{}}
		err := t.each(`SELECT id FROM contacts WHERE is_open AND (CAST($1 AS TEXT) = $2 OR line = $1) ORDER BY since, id LIMIT 500`,
			[]any{line, rota.AllLines}, func(row scanner) error {
				var id hotline.ContactID
				err := row.Scan(&id)
				h.Open = append(h.Open, id)
				return err
			})
		if err != nil {
			return err
		}
		sealed, err := s.keys.Seal([]byte(note), handoverPlace(h.ID, line))
		if err != nil {
			return fmt.Errorf("seal a handover: %w", err)
		}
		open := make([]string, len(h.Open))
		for i, id := range h.Open {
			open[i] = string(id)
		}
		if _, err := t.exec(`INSERT INTO handovers (id, line, at, by_user, note, contacts, read_by, read_at) VALUES ($1, $2, $3, $4, $5, $6, '', 0)`,
			string(h.ID), line, millis(h.At), string(by), sealed, strings.Join(open, ",")); err != nil {
			return err
		}
		return t.audit(string(by), "handover.added", "", fmt.Sprintf("handover=%s line=%s open=%d", h.ID, line, len(open)))
	})
	return h, err
}

func handoverPlace(id hotline.HandoverID, line string) seal.AD {
	return seal.AD{Table: "handovers", Column: "note", Row: string(id), Owner: line}
}

// ReadHandover keeps who read one first, if allowed lets her; it is given as it now is.
func (s *Store) ReadHandover(ctx context.Context, by hotline.UserID, id hotline.HandoverID, allowed func(hotline.Handover) error) (hotline.Handover, error) {
	var h hotline.Handover
	err := s.write(ctx, func(t *tx) error {
		found, err := t.handovers(`WHERE id = $1`, string(id))
		if err == nil && len(found) == 0 {
			err = hotline.Say(hotline.ErrNotFound, "there is no such handover")
		}
		if err != nil {
			return err
		}
		h = found[0]
		if err := allowed(h); err != nil || h.ReadBy != "" {
			return err
		}
		h.ReadBy, h.ReadAt = by, t.now
		if _, err := t.exec(`UPDATE handovers SET read_by = $1, read_at = $2 WHERE id = $3 AND read_by = ''`, string(by), millis(t.now), string(id)); err != nil {
			return err
		}
		return t.audit(string(by), "handover.read", "", "handover="+string(id))
	})
	return h, err
}

// Handovers lists those since a time that nobody read yet, the newest first.
func (s *Store) Handovers(ctx context.Context, since time.Time) ([]hotline.Handover, error) {
	var found []hotline.Handover
	err := s.look(ctx, func(t *tx) (err error) {
		found, err = t.handovers(`WHERE read_by = '' AND at >= $1 ORDER BY at DESC, id DESC LIMIT 50`, millis(since))
		return err
	})
	return found, err
}

func (t *tx) handovers(where string, args ...any) ([]hotline.Handover, error) {
	var found []hotline.Handover
	err := t.each(`SELECT id, line, at, by_user, note, contacts, read_by, read_at FROM handovers `+where, args, func(row scanner) error {
		h := hotline.Handover{Open: []hotline.ContactID{}}
		var note []byte
		var open string
		var at, readAt int64
		if err := row.Scan(&h.ID, &h.Line, &at, &h.By, &note, &open, &h.ReadBy, &readAt); err != nil {
			return err
		}
		for _, id := range strings.FieldsFunc(open, func(r rune) bool { return r == ',' }) {
			h.Open = append(h.Open, hotline.ContactID(id))
		}
		plain, err := t.store.keys.Open(note, handoverPlace(h.ID, string(h.Line)))
		h.At, h.ReadAt, h.Note = fromMillis(at), fromMillis(readAt), string(plain)
		found = append(found, h)
		return err
	})
	return found, err
}
