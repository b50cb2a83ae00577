package storage

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"hopeline/hotline"
)

// Allowed decides, inside the transaction, whether an actor may do something to a contact as it is now.
type Allowed func(hotline.Contact) error

// Apply lets e happen to a contact: the reducer decides, and its effects, the audit entry and the new state are one
// transaction. It gives the contact as it is then. An event that no longer matters changes and audits nothing.
func (s *Store) Apply(ctx context.Context, actor string, id hotline.ContactID, e hotline.Event, allowed Allowed) (hotline.Contact, error) {
	var after hotline.Contact
	err := s.write(ctx, func(t *tx) error {
		h, err := t.open(id, allowed)
		if err != nil {
			return err
		}
		err = t.apply(actor, h, e, "")
		after = h.Contact
		return err
	})
	return after, err
}

// apply is Apply within a transaction, on a contact that is loaded already.
func (t *tx) apply(actor string, h *held, e hotline.Event, detail string) error {
	before := h.Contact
	next, effects, err := t.store.rules.Apply(before, e)
	if err != nil {
		return err
	}
	if len(effects) == 0 && reflect.DeepEqual(before, next) {
		return nil
	}
	h.Contact = next
	if next.Outcome != before.Outcome {
		if h.sealed.outcome, err = h.seal("outcome", next.Outcome); err != nil {
			return err
		}
	}
	if err := t.effects(next, effects); err != nil {
		return err
	}
	t.saveContact(h)
	if h.Channel == hotline.Voice && before.Owner != next.Owner { // whom she coaches is another
		coaches := func(l *leg) bool { return l.part == hotline.Coach }
		if err := t.changeLegs(h.ID, coaches, func(l *leg) { l.place++ }); err != nil {
			return err
		}
	}
	if h.Channel == hotline.Voice && len(effects) > 0 {
		if err := t.showLegs(h); err != nil {
			return err
		}
	}
	if detail == "" {
		detail = fmt.Sprintf("%s>%s epoch=%d", before.State, next.State, next.Epoch)
	}
	t.tell(hotline.ContactChanged{Contact: h.Contact})
	return t.audit(actor, e.Name(), h.ID, detail)
}

// effects does what the reducer asks for. Slots that are given back go first, so that a swap finds them free.
func (t *tx) effects(c hotline.Contact, effects []hotline.Effect) error {
	for _, e := range effects {
		if f, ok := e.(hotline.FreeSlot); ok {
			if _, err := t.exec(`DELETE FROM slots WHERE user_id = $1 AND contact_id = $2`, string(f.User), string(c.ID)); err != nil {
				return err
			}
		}
	}
	for _, e := range effects {
		var err error
		switch e := e.(type) {
		case hotline.HoldSlot:
			err = t.holdSlot(c, e)
		case hotline.OpenOffer:
			err = t.openOffer(c, e.Offer)
		case hotline.EndOffer:
			err = t.endOffer(c, e)
		case hotline.Alarm:
			t.tell(hotline.Alarmed{Contact: c, Kind: e.Kind, At: t.now})
		default:
			err = t.legEffect(c, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// kind is the kind of slot that a contact takes.
func kind(c hotline.Contact) string {
	if c.Channel == hotline.Voice {
		return "call"
	}
	return "text"
}

// holdSlot takes the first free slot. The primary key keeps two contacts out of one slot, whoever asks.
func (t *tx) holdSlot(c hotline.Contact, e hotline.HoldSlot) error {
	room := t.store.room.Texts
	if kind(c) == "call" {
		room = t.store.room.Calls
	}
	taken, err := t.slots(e.User, kind(c))
	if err != nil {
		return err
	}
	for n := 1; n <= room; n++ {
		if taken[n] {
			continue
		}
		_, err := t.exec(`INSERT INTO slots (user_id, kind, n, contact_id, epoch) VALUES ($1, $2, $3, $4, $5)`,
			string(e.User), kind(c), n, string(c.ID), e.Epoch)
		return err
	}
	return hotline.Say(hotline.ErrConflict, "there is no room: close or hand over a contact first")
}

func (t *tx) slots(user hotline.UserID, kind string) (map[int]bool, error) {
	taken := map[int]bool{}
	err := t.each(`SELECT n FROM slots WHERE user_id = $1 AND kind = $2`, []any{string(user), kind}, func(r scanner) error {
		var n int
		err := r.Scan(&n)
		taken[n] = true
		return err
	})
	return taken, err
}

func (t *tx) openOffer(c hotline.Contact, o hotline.Offer) error {
	var gone, open int
	err := t.row(`SELECT (SELECT count(*) FROM users WHERE id = $1 AND (disabled OR role NOT IN ('counsellor', 'supervisor'))),
		(SELECT count(*) FROM offers WHERE user_id = $1 AND ended_at IS NULL)`, []any{string(o.User)}, &gone, &open)
	if err != nil {
		return err
	}
	if gone > 0 {
		return hotline.Say(hotline.ErrConflict, "this account answers no contacts")
	}
	if open > 0 {
		return hotline.Say(hotline.ErrConflict, "another contact is being offered to her right now; try again in a minute")
	}
	_, err = t.exec(`INSERT INTO offers (contact_id, epoch, user_id, made_at, expires_at, reason) VALUES ($1, $2, $3, $4, $5, '')`,
		string(c.ID), o.Epoch, string(o.User), millis(o.Made), millis(o.Expires))
	if err != nil {
		return err
	}
	if _, err = t.exec(`UPDATE users SET asked_at = $1 WHERE id = $2`, millis(t.now), string(o.User)); err != nil {
		return err
	}
	t.tell(hotline.OfferMade{Contact: c, User: o.User, Expires: o.Expires})
	return nil
}

func (t *tx) endOffer(c hotline.Contact, e hotline.EndOffer) error {
	n, err := t.exec(`UPDATE offers SET ended_at = $1, reason = $2 WHERE contact_id = $3 AND epoch = $4 AND ended_at IS NULL`,
		millis(t.now), string(e.Reason), string(c.ID), e.Offer.Epoch)
	if err != nil {
		return err
	}
	if n == 0 {
		return errors.New("storage: an open offer has no row")
	}
	t.tell(hotline.OfferEnded{Contact: c.ID, User: e.Offer.User, Reason: e.Reason})
	return t.countMissed(e)
}

// countMissed keeps how many offers in a row a user let pass.
func (t *tx) countMissed(e hotline.EndOffer) error {
	query := `UPDATE users SET missed = 0 WHERE id = $1 AND missed > 0`
	switch {
	case e.Missed:
		query = `UPDATE users SET missed = missed + 1 WHERE id = $1`
	case e.Reason == hotline.Withdrawn:
		return nil
	}
	n, err := t.exec(query, string(e.Offer.User))
	if err != nil || n == 0 {
		return err
	}
	u, err := t.user(e.Offer.User)
	if err != nil {
		return err
	}
	t.tell(hotline.PresenceChanged{User: u})
	if e.Missed && u.Missed == hotline.MissedLimit {
		t.tell(hotline.Alarmed{User: u.ID, Kind: hotline.AlarmNotAnswering, At: t.now})
		return t.audit(System, "user.not_answering", "", "user="+string(u.ID))
	}
	return nil
}
