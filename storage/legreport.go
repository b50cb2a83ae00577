package storage

import (
	"context"

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
		return t.showLegs(h)
	}
	if err := t.apply(System, h, e, ""); err != nil {
		return err
	}
	return t.showLegs(h)
}

// RoomReport notes who is in which room at the carrier, and who came into the room where the contact is now.
func (s *Store) RoomReport(ctx context.Context, r hotline.RoomReport) error {
	return s.write(ctx, func(t *tx) error {
		l, err := t.legOf("", r.Leg)
		id, epoch, ok := hotline.RoomOf(r.Room)
		if err != nil || l == nil || !ok || l.contact != id {
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
		if r.Kind != hotline.RoomJoined && r.Kind != hotline.RoomSpeaks {
			return nil
		}
		h, err := t.contact(id)
		if err != nil {
			return err
		}
		var e hotline.Event = hotline.CallerJoined{At: hotline.At(t.now), Room: epoch}
		switch {
		case r.Kind == hotline.RoomSpeaks:
			if epoch != h.Call.Room || l.part != hotline.Caller && l.part != hotline.Answerer {
				return nil
			}
			e = hotline.Spoke{At: hotline.At(t.now), Caller: l.part == hotline.Caller}
		case l.part == hotline.Answerer && l.keyed:
			e = hotline.LegJoined{At: hotline.At(t.now), User: l.user, Epoch: l.epoch}
		case l.part != hotline.Caller:
			return nil
		}
		return t.apply(System, h, e, "")
	})
}
