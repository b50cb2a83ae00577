package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hopeline/hotline"
)

// body is what is sealed of a message.
type body struct {
	Text  string `json:"text"`
	Extra string `json:"extra,omitempty"`
}

// arrival is a message on its way in, with the keyed indexes of its addresses: nil when the sender is withheld.
type arrival struct {
	hotline.Inbound
	guess         string
	address, pair []byte
}

// Receive keeps a message that came in, once for its carrier's id: in the open contact of its pair of addresses, or
// in a new one. The same message again changes nothing. Guess is the language that it looks like.
func (s *Store) Receive(ctx context.Context, in hotline.Inbound, guess string) error {
	a := &arrival{Inbound: in, guess: guess}
	if !in.From.Withheld() {
		from := in.From.Key()
		a.address = s.index.Of("address", from)
		a.pair = s.index.Of("pair", from+"\x00"+s.lineKey(in.To))
	}
	return s.hand(change{ctx: ctx, arrival: a, do: func(t *tx) error { return t.receive(a) }})
}

// justNow is how young a text is that came by its webhook; an older one was found later and keeps its time.
const justNow = 5 * time.Second

// lineKeys is how many addresses of ours are remembered by their key.
const lineKeys = 64

// lineKey is the key of an address of ours, of which there are few.
func (s *Store) lineKey(ours hotline.Address) string {
	s.linesMu.Lock()
	defer s.linesMu.Unlock()
	key, ok := s.lines[ours]
	if !ok {
		key = ours.Key()
		if len(s.lines) < lineKeys {
			s.lines[ours] = key
		}
	}
	return key
}

func (t *tx) receive(a *arrival) error {
	if t.early.known[a.SID] {
		return nil // told already
	}
	t.early.known[a.SID] = true
	if at := a.Inbound.At; !at.After(t.now) && t.now.Sub(at) < justNow {
		a.Inbound.At = t.now // the order of times is the order of messages
	}
	h, err := t.contactFor(a)
	if err != nil {
		return err
	}
	m, err := t.keepInbound(h, a.Inbound)
	if err != nil {
		return err
	}
	night, err := t.nightFor(h.Contact)
	if err != nil {
		return err
	}
	e := hotline.Arrived{At: hotline.At(a.At), Stop: hotline.StopWord(a.Text), Danger: hotline.DangerWords(a.Text), Guess: a.guess, Night: night}
	if err := t.apply(System, h, e, "message="+string(m.ID)); err != nil {
		return err
	}
	t.tell(hotline.MessageAdded{Contact: h.Contact, Message: m})
	return nil
}

// contactFor finds the open contact of the message's pair of addresses, or opens one.
func (t *tx) contactFor(a *arrival) (*held, error) {
	if id, ok := t.early.pairs[string(a.pair)]; ok && a.pair != nil {
		if h, err := t.contact(id); err != nil || h.State != hotline.Closed {
			return h, err
		}
		if err := t.flush(); err != nil { // it was closed in this very transaction: free its place first
			return nil, err
		}
	}
	c := hotline.Open(hotline.ContactID(t.newID()), a.From, a.To, a.At)
	c.Seen = a.address != nil && t.early.seen[string(a.address)]
	pair := a.pair
	if t.early.closed[string(pair)] {
		pair = nil // the place is taken by what nobody can read: the person gets one of her own
	}
	h, err := t.newContact(c, a.address, pair)
	if err != nil {
		return nil, err
	}
	if pair != nil {
		t.early.pairs[string(a.pair)], t.early.seen[string(a.address)] = c.ID, true
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
	t.texts = append(t.texts, messageRow{id: string(m.ID), contact: string(h.ID), sid: in.SID, direction: string(hotline.In),
		at: millis(in.At), body: sealed, media: len(in.Media)})
	if len(in.Media) == 0 {
		return m, nil
	}
	if err := t.flush(); err != nil { // the media's rows need the message's
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
