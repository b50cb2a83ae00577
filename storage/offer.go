package storage

import (
	"context"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

// Offer holds a contact out to a user, who has a console open or not. Without one her own phone rings; a call rings it
// also when she takes calls there, and so does whatever comes after an offer that she let pass on duty: her page may be
// open, and nobody at it.
func (s *Store) Offer(ctx context.Context, id hotline.ContactID, user hotline.UserID, console bool) error {
	return s.write(ctx, func(t *tx) error {
		h, err := t.contact(id)
		if err != nil {
			return err
		}
		u, err := t.user(user)
		if err != nil {
			return err
		}
		e := hotline.OfferedTo{At: hotline.At(t.now), User: user, Phone: !console || h.Channel == hotline.Voice && u.Voice == hotline.OnPhone}
		if e.Phone && u.Phone == "" {
			return hotline.Say(hotline.ErrConflict, "she cannot be reached now")
		}
		if !e.Phone {
			e.Phone, err = t.wakes(h, u)
		}
		if err != nil {
			return err
		}
		return t.apply(System, h, e, "")
	})
}

// wakes tells whether a phone rings beside a page that let the last offer pass.
func (t *tx) wakes(h *held, u hotline.User) (bool, error) {
	if u.Missed == 0 || u.Phone == "" || u.Voice == hotline.NoCalls || h.Night.On {
		return false, nil
	}
	roster, err := t.roster()
	return err == nil && roster.Planned(u.ID), err
}

// nightFor is the night of a line, for a text that nobody can answer; no night at all for any other.
func (t *tx) nightFor(c hotline.Contact) (hotline.Night, error) {
	var n hotline.Night
	if c.Address.AnswersBack() {
		return n, nil
	}
	r, err := t.roster()
	n.On, n.Turns = rota.NightIn(nil, t.now)
	if plan, is := r.planOf(c.Line); is {
		n.On, n.Turns = plan.Night(t.now)
	}
	return n, err
}
