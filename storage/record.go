package storage

import (
	"context"
	"encoding/json"
	"fmt"

	"hopeline/hotline"
)

// Record reads a contact for a viewer whom allowed lets in: its triage, and for whom words says yes, its newest messages
// before a message (or the newest of all) and its notes. The read is audited in the same transaction: one that cannot be
// audited does not happen.
func (s *Store) Record(ctx context.Context, v hotline.UserID, id hotline.ContactID, before hotline.MessageID, limit int, allowed Allowed, words func(hotline.Contact) bool) (hotline.Record, error) {
	var r hotline.Record
	err := s.write(ctx, func(t *tx) error {
		h, err := t.open(id, allowed)
		if err != nil {
			return err
		}
		r = hotline.Record{Contact: h.Contact, Messages: []hotline.Message{}, Notes: []hotline.Note{}}
		if r.Triage, err = t.triage(h); err != nil {
			return err
		}
		if words(h.Contact) {
			if r.Messages, err = t.messages(h, before, limit); err != nil {
				return err
			}
			if r.Notes, err = t.notes(h); err != nil {
				return err
			}
		}
		return t.audit(string(v), "contact.read", id, fmt.Sprintf("messages=%d notes=%d", len(r.Messages), len(r.Notes)))
	})
	return r, err
}

func (t *tx) notes(h *held) ([]hotline.Note, error) {
	found := []hotline.Note{}
	err := t.each(`SELECT id, at, by_user, body, revises FROM notes WHERE contact_id = $1 ORDER BY id`, []any{string(h.ID)}, func(r scanner) error {
		n := hotline.Note{Contact: h.ID}
		var at int64
		var sealed []byte
		if err := r.Scan(&n.ID, &at, &n.By, &sealed, &n.Revises); err != nil {
			return err
		}
		b, err := h.openBody("notes", string(n.ID), sealed)
		n.At, n.Text = fromMillis(at), b.Text
		found = append(found, n)
		return err
	})
	return found, err
}

// AddNote writes a note, or a revision of one, into a contact that allowed lets the user write in.
func (s *Store) AddNote(ctx context.Context, by hotline.UserID, id hotline.ContactID, text string, revises hotline.NoteID, allowed Allowed) (hotline.Note, error) {
	var n hotline.Note
	err := s.write(ctx, func(t *tx) error {
		h, err := t.open(id, allowed)
		if err != nil {
			return err
		}
		if revises != "" {
			var found int
			if err := t.row(`SELECT count(*) FROM notes WHERE id = $1 AND contact_id = $2`, []any{string(revises), string(id)}, &found); err != nil {
				return err
			}
			if found == 0 {
				return hotline.Say(hotline.ErrInvalid, "the note to revise is not in this contact; nothing was saved")
			}
		}
		n, err = t.addNote(h, by, text, revises)
		return err
	})
	return n, err
}

func (t *tx) addNote(h *held, by hotline.UserID, text string, revises hotline.NoteID) (hotline.Note, error) {
	n := hotline.Note{ID: hotline.NoteID(t.newID()), Contact: h.ID, Text: text, At: t.now, By: by, Revises: revises}
	sealed, err := t.sealBody(h, "notes", string(n.ID), body{Text: text})
	if err != nil {
		return n, err
	}
	_, err = t.exec(`INSERT INTO notes (id, contact_id, at, by_user, body, revises) VALUES ($1, $2, $3, $4, $5, $6)`,
		string(n.ID), string(h.ID), millis(n.At), string(by), sealed, string(revises))
	if err != nil {
		return n, err
	}
	t.tell(hotline.NoteAdded{Contact: h.Contact, Note: n})
	return n, t.audit(string(by), "note.added", h.ID, "note="+string(n.ID))
}

func (t *tx) triage(h *held) (hotline.Triage, error) {
	var out hotline.Triage
	var sealed []byte
	err := t.row(`SELECT body FROM triage WHERE contact_id = $1`, []any{string(h.ID)}, &sealed)
	if notThere(err) {
		return out, nil // nothing was set yet
	}
	if err != nil {
		return out, err
	}
	plain, err := h.key.Open(sealed, place("triage", "body", string(h.ID), h.ID))
	if err != nil {
		return out, fmt.Errorf("open a triage: %w", err)
	}
	return out, json.Unmarshal(plain, &out)
}

// SetTriage changes fields of a contact's triage and keeps the rest. Risk moves the contact in the queue.
func (s *Store) SetTriage(ctx context.Context, by hotline.UserID, id hotline.ContactID, changes map[string]string, allowed Allowed) (hotline.Triage, error) {
	var out hotline.Triage
	err := s.write(ctx, func(t *tx) error {
		h, err := t.open(id, allowed)
		if err != nil {
			return err
		}
		if out, err = t.triage(h); err != nil {
			return err
		}
		if err := out.Set(changes); err != nil {
			return err
		}
		return t.saveTriage(h, by, out)
	})
	return out, err
}

func (t *tx) saveTriage(h *held, by hotline.UserID, triage hotline.Triage) error {
	plain, err := json.Marshal(triage)
	if err != nil {
		return err
	}
	sealed, err := h.key.Seal(plain, place("triage", "body", string(h.ID), h.ID))
	if err != nil {
		return fmt.Errorf("seal a triage: %w", err)
	}
	_, err = t.exec(`INSERT INTO triage (contact_id, body) VALUES ($1, $2) ON CONFLICT (contact_id) DO UPDATE SET body = excluded.body`,
		string(h.ID), sealed)
	if err != nil {
		return err
	}
	e := hotline.Triaged{At: hotline.At(t.now), Priority: triage.Priority(), Language: spoken(triage.Language), AsksFor: triage.Asks()}
	if err := t.apply(string(by), h, e, "order"); err != nil {
		return err
	}
	t.tell(hotline.TriageChanged{Contact: h.Contact, Triage: triage})
	return t.audit(string(by), "triage.changed", h.ID, "")
}

// spoken is a triage's language when it names one.
func spoken(language string) string {
	switch language {
	case hotline.Unknown, hotline.NotAsked, hotline.Declined:
		return ""
	}
	return language
}

// HandOver is Apply with a note that goes along, in one transaction.
func (s *Store) HandOver(ctx context.Context, by hotline.UserID, id hotline.ContactID, e hotline.Event, note string, allowed Allowed) (hotline.Contact, error) {
	var after hotline.Contact
	err := s.write(ctx, func(t *tx) error {
		h, err := t.open(id, allowed)
		if err != nil {
			return err
		}
		if note != "" {
			if _, err := t.addNote(h, by, note, ""); err != nil {
				return err
			}
		}
		err = t.apply(string(by), h, e, "")
		after = h.Contact
		return err
	})
	return after, err
}
