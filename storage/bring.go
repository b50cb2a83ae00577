package storage

import (
	"context"

	"hopeline/hotline"
	"hopeline/hotline/safety"
)

// CallBack calls a person who asked for it. It does nothing that the gate did not clear.
func (s *Store) CallBack(ctx context.Context, by hotline.UserID, id hotline.ContactID, phone bool, allowed Allowed) error {
	return s.write(ctx, func(t *tx) error {
		h, err := t.open(id, allowed)
		if err != nil {
			return err
		}
		pass, err := safety.Check(safety.Ask{Contact: h.Contact, By: by, At: t.now, Called: true})
		if err != nil {
			return err
		}
		if !pass.For(id, by) {
			return hotline.Say(hotline.ErrUnsafe, "this call did not pass the safety gate; nobody was called")
		}
		return t.apply(string(by), h, hotline.CalledBack{At: hotline.At(t.now), By: by, Phone: phone}, "")
	})
}

// Bring rings somebody who is added to a talk.
func (s *Store) Bring(ctx context.Context, by hotline.UserID, id hotline.ContactID, part hotline.Part, user hotline.UserID, phone bool, allowed Allowed) error {
	return s.write(ctx, func(t *tx) error {
		h, err := t.open(id, allowed)
		if err != nil {
			return err
		}
		if h.Channel != hotline.Voice || h.State != hotline.Active || h.Owner == user {
			return hotline.Say(hotline.ErrConflict, "nobody can be added to this call now; nothing was changed")
		}
		open, err := t.openLegs(id)
		if err != nil {
			return err
		}
		for _, l := range open {
			switch {
			case l.user != user || l.down:
			case l.part == part:
				return nil // she is on her way
			default: // from listening to coaching, and back
				drop(l)
				l.schedule(t.now)
				if err := t.saveLeg(l); err != nil {
					return err
				}
			}
		}
		l := &leg{contact: id, part: part, user: user, epoch: h.Grant, phone: phone, keyed: !phone, state: hotline.LegNew}
		if err := t.newLeg(l); err != nil {
			return err
		}
		if err := t.audit(string(by), "call.brought", id, "user="+string(user)+" part="+string(part)); err != nil {
			return err
		}
		return t.showLegs(h)
	})
}

// LeaveCall ends a user's own leg in a talk that is not hers.
func (s *Store) LeaveCall(ctx context.Context, by hotline.UserID, id hotline.ContactID, allowed Allowed) error {
	return s.write(ctx, func(t *tx) error {
		h, err := t.open(id, allowed)
		if err != nil {
			return err
		}
		mine := func(l *leg) bool { return l.user == by && (l.part != hotline.Answerer || l.epoch != h.Grant) }
		if err := t.changeLegs(id, mine, drop); err != nil {
			return err
		}
		if err := t.audit(string(by), "call.left", id, ""); err != nil {
			return err
		}
		return t.showLegs(h)
	})
}
