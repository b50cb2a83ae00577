package storage

import (
	"context"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

// Offer holds a contact out to a user, who has a console open or not. Without one her own phone rings; a call rings it
// also when she takes calls there.
func (s *Store) Offer(ctx context.Context, id hotline.ContactID, user hotline.UserID, console bool) error {
	return s.write(ctx, func(t *tx) error {
		h, err := t.contact(id)
		if err != nil {
			return err
		}
		e := hotline.OfferedTo{At: hotline.At(t.now), User: user, Phone: !console}
		if e.Phone || h.Channel == hotline.Voice {
			u, err := t.user(user)
			if err != nil {
				return err
			}
			e.Phone = e.Phone || u.Voice == hotline.OnPhone
			if e.Phone && u.Phone == "" {
				return hotline.Say(hotline.ErrConflict, "she cannot be reached now")
			}
		}
		return t.apply(System, h, e, "")
	})
}

// nightFor is the night of a line, for a text that nobody can answer; no night at all for any other.
func (t *tx) nightFor(c hotline.Contact) (hotline.Night, error) {
	var n hotline.Night
	if c.Address.AnswersBack() {
		return n, nil
	}
	r, err := t.roster()
	n.On, n.Turns = rota.NightIn(nil, t.now)
	for _, plan := range r.Plans {
		if plan.Line == string(c.Line) || plan.Line == rota.AllLines && !r.has(c.Line) {
			n.On, n.Turns = plan.Night(t.now)
		}
	}
	return n, err
}

// has tells whether a line has a rota of its own.
func (r Roster) has(line hotline.LineID) bool {
	for _, plan := range r.Plans {
		if plan.Line == string(line) {
			return true
		}
	}
	return false
}
