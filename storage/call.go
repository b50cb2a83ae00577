package storage

import (
	"context"

	"hopeline/hotline"
)

// Called keeps a call that came in, once for its carrier's id, and says where the caller belongs.
func (s *Store) Called(ctx context.Context, in hotline.IncomingCall) (hotline.CallerPlace, error) {
	var p hotline.CallerPlace
	in.Closed = s.ClosedNow(ctx)(in.To.Line())
	err := s.write(ctx, func(t *tx) error {
		known, err := t.legOf("", in.SID)
		if err != nil {
			return err
		}
		if known != nil {
			h, err := t.contact(known.contact)
			if err == nil {
				p = s.rules.CallerPlace(h.Contact, t.now)
			}
			return err
		}
		h, err := t.openCall(in)
		if err == nil {
			p = s.rules.CallerPlace(h.Contact, t.now)
		}
		return err
	})
	return p, err
}

func (t *tx) openCall(in hotline.IncomingCall) (*held, error) {
	if age := t.now.Sub(in.At); age >= 0 && age < justNow {
		in.At = t.now
	}
	c := hotline.OpenCall(hotline.ContactID(t.newID()), in)
	var address []byte
	if !in.From.Withheld() {
		address = t.store.index.Of("address", in.From.Key())
		var seen int
		if err := t.row(`SELECT count(*) FROM (SELECT 1 FROM contacts WHERE address_index = $1 LIMIT 1) x`, []any{address}, &seen); err != nil {
			return nil, err
		}
		c.Seen = seen > 0
	}
	h, err := t.newContact(c, address, nil)
	if err != nil {
		return nil, err
	}
	if err := t.audit(System, "contact.opened", c.ID, string(c.Channel)); err != nil {
		return nil, err
	}
	t.tell(hotline.ContactChanged{Contact: h.Contact})
	return h, t.newLeg(&leg{contact: c.ID, part: hotline.Caller, keyed: true, sid: in.SID, state: hotline.LegUp})
}

// Caller is where a caller belongs now. Enters: the answer is her document, so in a room she counts as let in.
func (s *Store) Caller(ctx context.Context, id hotline.ContactID, enters bool) (hotline.CallerPlace, error) {
	c, err := s.Look(ctx, id)
	if err != nil {
		return hotline.CallerPlace{}, err
	}
	p := s.rules.CallerPlace(c, s.now())
	switch {
	case enters && p.Where == hotline.InRoom && !c.Call.CallerIn:
		c, err = s.Apply(ctx, System, id, hotline.CallerJoined{At: hotline.At(s.now()), Room: c.Call.Room}, nil)
		p = s.rules.CallerPlace(c, s.now())
	case p.Where == hotline.AtKeys:
		p.Question, err = s.question(ctx, id)
	}
	return s.unlessOpen(ctx, p), err
}

// unlessOpen lets nobody hear on that the line is closed when it is open by now, or the rota is another.
func (s *Store) unlessOpen(ctx context.Context, p hotline.CallerPlace) hotline.CallerPlace {
	p.Closed = p.Closed && s.ClosedNow(ctx)(p.Line)
	return p
}

// question is what the counsellor asked last.
func (s *Store) question(ctx context.Context, id hotline.ContactID) (string, error) {
	var text string
	err := s.look(ctx, func(t *tx) error {
		h, err := t.contact(id)
		if err != nil {
			return err
		}
		m, _, err := t.store.scanMessage(t.queryRow(`SELECT `+messageColumns+` FROM messages WHERE contact_id = $1 AND direction = 'out'
			ORDER BY id DESC LIMIT 1`, string(id)), h)
		if notThere(err) {
			return nil
		}
		text = m.Text
		return classify(err)
	})
	return text, err
}

// Pressed keeps a caller's key, once for its step, and says where she belongs then.
func (s *Store) Pressed(ctx context.Context, p hotline.Pressed) (hotline.CallerPlace, error) {
	var place hotline.CallerPlace
	err := s.write(ctx, func(t *tx) error {
		h, err := t.contact(p.Contact)
		if err != nil {
			return err
		}
		if p.Key != "" && p.Key != hotline.KeyStay {
			if err := t.keepKey(h, p); err != nil {
				return err
			}
		}
		e := hotline.CallerPressed{At: hotline.At(t.now), Key: p.Key, Language: p.Language}
		if err := t.apply(System, h, e, "key="+string(p.Key)); err != nil {
			return err
		}
		place = s.rules.CallerPlace(h.Contact, t.now)
		return nil
	})
	return s.unlessOpen(ctx, place), err
}

// keepKey writes a key into the exchange, where a counsellor reads it as it comes.
func (t *tx) keepKey(h *held, p hotline.Pressed) error {
	if err := t.flush(); err != nil {
		return err
	}
	sid := "key " + p.Step
	var had int
	if err := t.row(`SELECT count(*) FROM messages WHERE sid = $1`, []any{sid}, &had); err != nil || had > 0 {
		return err
	}
	m, err := t.keepInbound(h, hotline.Inbound{SID: sid, From: h.Address, To: h.Ours, Extra: "pressed: " + string(p.Key), At: t.now})
	if err == nil {
		t.tell(hotline.MessageAdded{Contact: h.Contact, Message: m})
	}
	return err
}

// AskByKeys lets the owner ask a caller who cannot talk. The question passes the gate, is kept as a message of hers,
// and is spoken.
func (s *Store) AskByKeys(ctx context.Context, by hotline.UserID, id hotline.ContactID, on bool, question string, allowed Allowed) error {
	return s.write(ctx, func(t *tx) error {
		h, err := t.open(id, allowed)
		if err != nil {
			return err
		}
		if on {
			if err := t.ask(h, by, question); err != nil {
				return err
			}
		}
		return t.apply(string(by), h, hotline.AskedByKeys{At: hotline.At(t.now), By: by, On: on}, "")
	})
}
