package storage

import (
	"context"

	"hopeline/hotline"
)

// KnowsCall tells whether a leg of a call is known by this id of the carrier's.
func (s *Store) KnowsCall(ctx context.Context, sid string) (bool, error) {
	known := false
	err := s.look(ctx, func(t *tx) error {
		l, err := t.legOf("", sid)
		known = l != nil
		return err
	})
	return known, err
}

// MissedCall keeps a call that came and went while nobody here could take it: the carrier's list says so.
func (s *Store) MissedCall(ctx context.Context, in hotline.IncomingCall) error {
	return s.strange(ctx, in, func(t *tx, h *held) error {
		l, err := t.legOf("", in.SID)
		if err != nil {
			return err
		}
		return t.legOver(h, l, hotline.LegDone)
	})
}

// FoundCall keeps a call that still goes on and that nobody here knows: the fallback has it. From now on its caller waits
// here, and her leg is brought into a document of ours.
func (s *Store) FoundCall(ctx context.Context, in hotline.IncomingCall) error {
	in.Closed = s.ClosedNow(ctx)(in.To.Line())
	return s.strange(ctx, in, func(t *tx, h *held) error {
		return t.changeLegs(h.ID, callers, func(l *leg) { l.place++ })
	})
}

// strange opens the contact of a call that only the carrier knows, and does the rest in the same transaction. Of a call
// that is known here nothing is changed.
func (s *Store) strange(ctx context.Context, in hotline.IncomingCall, rest func(*tx, *held) error) error {
	return s.write(ctx, func(t *tx) error {
		known, err := t.legOf("", in.SID)
		if err != nil || known != nil {
			return err
		}
		h, err := t.openCall(in)
		if err != nil {
			return err
		}
		return rest(t, h)
	})
}

// Recorded keeps a voicemail that lies at the carrier: it is fetched, sealed and deleted there as any file. Whatever else
// was recorded is an alarm: nobody here asked for it, it is not kept, and it is deleted there at once. A voicemail of a
// call that nobody knows changes nothing; see [Store.MissedCall].
func (s *Store) Recorded(ctx context.Context, r hotline.Recording) error {
	return s.write(ctx, func(t *tx) error {
		l, err := t.legOf("", r.CallSID)
		if err != nil || l == nil && r.Voicemail {
			return err
		}
		if l == nil {
			return t.unexpected(nil, r.SID)
		}
		h, err := t.contact(l.contact)
		if err != nil {
			return err
		}
		if r.Voicemail && l.part == hotline.Caller {
			return t.voicemail(h, r)
		}
		return t.unexpected(h, r.SID)
	})
}

// RoomRecorded is a recording of a contact's room, which nobody ever asks for. ErrNotFound: there is no such contact.
func (s *Store) RoomRecorded(ctx context.Context, id hotline.ContactID, sid string) error {
	return s.write(ctx, func(t *tx) error {
		h, err := t.contact(id)
		if err != nil {
			return err
		}
		return t.unexpected(h, sid)
	})
}

func (t *tx) voicemail(h *held, r hotline.Recording) error {
	if had, err := t.hasMessage(r.SID); err != nil || had {
		return err
	}
	in := hotline.Inbound{SID: r.SID, From: h.Address, To: h.Ours, At: t.now, Extra: "voicemail",
		Media: []hotline.InboundMedia{{Type: "audio/mpeg", Where: "recording:" + r.SID}}}
	if h.State == hotline.Closed { // closed is final: what comes after it is work of its own
		after, err := t.afterwards(h)
		if err != nil {
			return err
		}
		h = after
	}
	m, err := t.keepInbound(h, in)
	if err != nil {
		return err
	}
	if err := t.apply(System, h, hotline.VoicemailLeft{At: hotline.At(t.now)}, ""); err != nil {
		return err
	}
	t.tell(hotline.MessageAdded{Contact: h.Contact, Message: m})
	return t.audit(System, "recording.kept", h.ID, "message="+string(m.ID))
}

// afterwards is a contact for what comes of a call whose own is closed.
func (t *tx) afterwards(h *held) (*held, error) {
	c := hotline.OpenCall(hotline.ContactID(t.newID()), hotline.IncomingCall{From: h.Address, To: h.Ours, At: t.now})
	c.Seen, c.Language = true, h.Language
	var address []byte
	if !h.Withheld {
		address = t.store.index.Of("address", h.Address.Key())
	}
	after, err := t.newContact(c, address, nil)
	if err != nil {
		return nil, err
	}
	if err := t.audit(System, "contact.opened", c.ID, "after="+string(h.ID)); err != nil {
		return nil, err
	}
	return after, t.apply(System, after, hotline.CallerLeft{At: hotline.At(t.now)}, "")
}

// unexpected has a recording deleted at the carrier, and says so where the contact is read; nil: nobody's.
func (t *tx) unexpected(h *held, sid string) error {
	var contact hotline.ContactID
	if h != nil {
		if had, err := t.hasMessage(sid); err != nil || had {
			return err
		}
		m, err := t.keepInbound(h, hotline.Inbound{SID: sid, From: h.Address, To: h.Ours, At: t.now,
			Extra: "a recording that nobody asked for: it is not kept, and is deleted at the carrier"})
		if err != nil {
			return err
		}
		contact = h.ID
		t.tell(hotline.MessageAdded{Contact: h.Contact, Message: m}, hotline.Alarmed{Contact: h.Contact, Kind: "recording", At: t.now})
	}
	if err := t.trace(hotline.Trace{Kind: hotline.RecordingTrace, SID: sid}); err != nil {
		return err
	}
	t.tell(hotline.Unexpected{})
	return t.audit(System, "recording.unexpected", contact, "")
}

// hasMessage tells whether something came in under this id of the carrier's already.
func (t *tx) hasMessage(sid string) (bool, error) {
	if err := t.flush(); err != nil {
		return false, err
	}
	var had int
	err := t.row(`SELECT count(*) FROM messages WHERE sid = $1`, []any{sid}, &had)
	return had > 0, err
}
