package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"hopeline/hotline"
)

// body is what is sealed of a message.
type body struct {
	Text  string `json:"text"`
	Extra string `json:"extra,omitempty"`
}

// Receive keeps a message that came in, once for its carrier's id: in the open contact of its pair of addresses, or
// in a new one. The same message again changes nothing. Guess is the language that it looks like.
func (s *Store) Receive(ctx context.Context, in hotline.Inbound, guess string) error {
	return s.write(ctx, func(t *tx) error { return t.receive(in, guess) })
}

func (t *tx) receive(in hotline.Inbound, guess string) error {
	var known int
	err := t.row(`SELECT 1 FROM messages WHERE sid = $1`, []any{in.SID}, &known)
	if err == nil {
		return nil // told already
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	h, err := t.contactFor(in)
	if err != nil {
		return err
	}
	m, err := t.keepInbound(&h, in)
	if err != nil {
		return err
	}
	e := hotline.Arrived{At: hotline.At(in.At), Stop: hotline.StopWord(in.Text), Guess: guess}
	if err := t.apply(System, &h, e, "message="+string(m.ID)); err != nil {
		return err
	}
	t.tell(hotline.MessageAdded{Contact: h.Contact, Message: m})
	return nil
}

// contactFor finds the open contact of the message's pair of addresses, or opens one.
func (t *tx) contactFor(in hotline.Inbound) (held, error) {
	if in.From.Withheld() {
		return t.openContact(in, nil, nil)
	}
	address := t.store.addressIndex(in.From)
	pair := t.store.index.Of("pair", in.From.Key()+"\x00"+in.To.Key())
	h, err := t.store.scanContact(t.QueryRowContext(t.ctx,
		`SELECT `+contactColumns+contactTables+`WHERE c.pair_index = $1 AND c.is_open`, pair))
	if errors.Is(err, sql.ErrNoRows) {
		return t.openContact(in, address, pair)
	}
	return h, classify(err)
}

func (s *Store) addressIndex(a hotline.Address) []byte { return s.index.Of("address", a.Key()) }

func (t *tx) openContact(in hotline.Inbound, address, pair []byte) (held, error) {
	c := hotline.Open(hotline.ContactID(t.newID()), in.From, in.To, in.At)
	if address != nil {
		var n int
		err := t.row(`SELECT 1 FROM contacts WHERE address_index = $1 LIMIT 1`, []any{address}, &n)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return held{}, err
		}
		c.Seen = err == nil
	}
	h, err := t.insertContact(c, address, pair)
	if err != nil {
		return h, err
	}
	return h, t.audit(System, "contact.opened", c.ID, string(c.Channel))
}

// keepInbound writes the message and its media down.
func (t *tx) keepInbound(h *held, in hotline.Inbound) (hotline.Message, error) {
	m := hotline.Message{ID: hotline.MessageID(t.newID()), Contact: h.ID, Direction: hotline.In, At: in.At,
		Text: shownText(in.Text, in.Extra)}
	sealed, err := t.sealBody(h, "messages", string(m.ID), body{Text: in.Text, Extra: in.Extra})
	if err != nil {
		return m, err
	}
	_, err = t.exec(`INSERT INTO messages (id, contact_id, sid, direction, at, body, media, by_user, ref, status, error_code)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '', NULL, '', 0)`,
		string(m.ID), string(h.ID), in.SID, string(hotline.In), millis(in.At), sealed, len(in.Media))
	if err != nil {
		return m, err
	}
	for n, file := range in.Media {
		id := t.newID()
		kind, err := h.key.Seal([]byte(file.Type), place("media", "type", id, h.ID))
		if err != nil {
			return m, fmt.Errorf("seal a media type: %w", err)
		}
		where, err := h.key.Seal([]byte(file.Where), place("media", "place", id, h.ID))
		if err != nil {
			return m, fmt.Errorf("seal a media place: %w", err)
		}
		_, err = t.exec(`INSERT INTO media (id, contact_id, message_id, n, size, type, place) VALUES ($1, $2, $3, $4, 0, $5, $6)`,
			id, string(h.ID), string(m.ID), n, kind, where)
		if err != nil {
			return m, err
		}
		m.Media = append(m.Media, hotline.Media{ID: hotline.MediaID(id), Type: file.Type})
	}
	return m, nil
}

// shownText is what a counsellor reads: the person's words, then what came with them.
func shownText(text, extra string) string {
	switch {
	case extra == "":
		return text
	case text == "":
		return "[" + extra + "]"
	}
	return text + "\n[" + extra + "]"
}

func (t *tx) sealBody(h *held, table, row string, b body) ([]byte, error) {
	plain, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	sealed, err := h.key.Seal(plain, place(table, "body", row, h.ID))
	if err != nil {
		return nil, fmt.Errorf("seal a body: %w", err)
	}
	return sealed, nil
}

func (h *held) openBody(table, row string, sealed []byte) (body, error) {
	var b body
	plain, err := h.key.Open(sealed, place(table, "body", row, h.ID))
	if err != nil {
		return b, fmt.Errorf("open a body in %s: %w", table, err)
	}
	if err := json.Unmarshal(plain, &b); err != nil {
		return b, fmt.Errorf("read a body in %s: %w", table, err)
	}
	return b, nil
}
