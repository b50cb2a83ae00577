package storage

import (
	"context"
	"reflect"

	"hopeline/hotline"
)

// LegReport merges a fact about a leg: it only ever moves forward, whatever comes first. A fact about a leg that we do
// not know changes nothing.
func (s *Store) LegReport(ctx context.Context, r hotline.LegReport) error {
	return s.write(ctx, func(t *tx) error {
		l, err := t.legOf(r.Leg, r.SID)
		if err != nil || l == nil {
			return err
		}
		if l, err = t.knowSID(l, r.SID); err != nil {
			return err
		}
		return t.merge(l, r)
	})
}

func (t *tx) merge(l *leg, r hotline.LegReport) error {
	if r.State.Rank() <= l.state.Rank() {
		return nil
	}
	h, err := t.contact(l.contact)
	if err != nil {
		return err
	}
	if r.State == hotline.LegOver {
		return t.legOver(h, l, r.End)
	}
	l.state = r.State
	l.schedule(t.now)
	if err := t.saveLeg(l); err != nil {
		return err
	}
	if l.state == hotline.LegUp && (l.part == hotline.Answerer || l.part == hotline.Caller) {
		if err := t.apply(System, h, hotline.LegAnswered{At: hotline.At(t.now), User: l.user, Epoch: l.epoch}, ""); err != nil {
			return err
		}
	}
	return t.showLegs(h)
}

// legOver ends a leg and tells the contact. A caller's leg that we made after hers was lost is not hers.
func (t *tx) legOver(h *held, l *leg, how hotline.LegEnd) error {
	l.state, l.how, l.nextAt = hotline.LegOver, how, 0
	if err := t.saveLeg(l); err != nil {
		return err
	}
	var e hotline.Event
	switch l.part {
	case hotline.Caller:
		others, err := t.legsWhere(`l.contact_id = $1 AND l.part = 'caller' AND l.state <> 'over' AND NOT l.down AND l.sid IS NOT NULL`, string(h.ID))
		if err != nil || len(others) > 0 || l.epoch < 0 {
			return err
		}
		e = hotline.CallerLeft{At: hotline.At(t.now)}
	case hotline.Answerer:
		e = hotline.LegEnded{At: hotline.At(t.now), User: l.user, Epoch: l.epoch, How: how}
	default:
		if err := t.audit(string(l.user), "call.left", h.ID, "part="+string(l.part)); err != nil {
			return err
		}
		if l.part == hotline.Guest {
			if err := t.guestOver(h, l); err != nil {
				return err
			}
		}
		return t.showLegs(h)
	}
	if err := t.apply(System, h, e, ""); err != nil {
		return err
	}
	return t.showLegs(h)
}

// RoomReport notes who is in which room at the carrier, and who came into the room where the contact is now.
func (s *Store) RoomReport(ctx context.Context, r hotline.RoomReport) error {
	if r.Kind == hotline.RoomSpeaks {
		return s.spoken(ctx, r)
	}
	return s.write(ctx, func(t *tx) error {
		l, epoch, err := t.inRoom(r)
		if err != nil || l == nil {
			return err
		}
		room := l.room
		switch {
		case r.Kind == hotline.RoomJoined:
			room = r.SID
		case r.Kind == hotline.RoomLeft && r.SID == l.room: // of an older room it may come late
			room = ""
		}
		if room != l.room {
			l.room = room
			l.isHeld, l.isMuted = false, false // nobody is on hold or mute in a room that she just came into
			l.schedule(t.now)
			if err := t.saveLeg(l); err != nil {
				return err
			}
		}
		if r.Kind != hotline.RoomJoined {
			return nil
		}
		h, err := t.contact(l.contact)
		if err != nil {
			return err
		}
		switch {
		case l.part == hotline.Caller:
			return t.apply(System, h, hotline.CallerJoined{At: hotline.At(t.now), Room: epoch}, "")
		case l.part == hotline.Answerer && l.keyed:
			return t.apply(System, h, hotline.LegJoined{At: hotline.At(t.now), User: l.user, Epoch: l.epoch}, "")
		}
		return nil
	})
}

// inRoom finds the leg that a report of a room is about, and the epoch of that room; nil when it is none of ours.
func (t *tx) inRoom(r hotline.RoomReport) (l *leg, epoch int64, err error) {
	l, err = t.legOf("", r.Leg)
	id, epoch, ok := hotline.RoomOf(r.Room)
	if err != nil || l == nil || !ok || l.contact != id {
		return nil, 0, err
	}
	return l, epoch, nil
}

// spoken notes who is heard in a room. The carrier tells of every sentence and few say anything new: nothing is locked
// before one does.
func (s *Store) spoken(ctx context.Context, r hotline.RoomReport) error {
	isNews := false
	err := s.look(ctx, func(t *tx) error {
		h, e, err := t.heard(r)
		if err != nil || h == nil {
			return err
		}
		next, _, err := s.rules.Apply(h.Contact, e)
		isNews = !reflect.DeepEqual(next, h.Contact)
		return err
	})
	if err != nil || !isNews {
		return err
	}
	return s.write(ctx, func(t *tx) error {
		h, e, err := t.heard(r)
		if err != nil || h == nil {
			return err
		}
		return t.apply(System, h, e, "")
	})
}

// heard is what a report of speech says, and about whom; nil when it is not of the talk that goes on.
func (t *tx) heard(r hotline.RoomReport) (*held, hotline.Event, error) {
	l, epoch, err := t.inRoom(r)
	if err != nil || l == nil || l.part != hotline.Caller && l.part != hotline.Answerer {
		return nil, nil, err
	}
	h, err := t.contact(l.contact)
	if err != nil || epoch != h.Call.Room {
		return nil, nil, err
	}
	return h, hotline.Spoke{At: hotline.At(t.now), Caller: l.part == hotline.Caller}, nil
}
