package hotline

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"
)

// row is a slot or an open offer as storage writes it down.
type row struct {
	user    UserID
	contact int
	epoch   int64
}

// world is a small storage: contacts, slot rows, rows of open offers. It applies effects as storage does.
type world struct {
	rules    Rules
	room     int
	contacts []Contact
	slots    []row
	offers   []row
	unfenced bool // a fault on purpose: slots are handed out without looking for a free one
}

// errFull is a commit that storage refuses: the reducer said yes, but there is no slot or another offer is open.
var errFull = errors.New("no room")

// commit lets e happen to contact i, all or nothing. Broken says what storage could not have done.
func (w *world) commit(i int, e Event) (effects []Effect, broken string, err error) {
	next, effects, err := w.rules.Apply(w.contacts[i], e)
	if err != nil {
		return nil, "", err
	}
	err = w.save(i, next, effects, &broken)
	return effects, broken, err
}

// save writes a contact and its effects down. What is freed goes first.
func (w *world) save(i int, next Contact, effects []Effect, broken *string) error {
	slots, offers := slices.Clone(w.slots), slices.Clone(w.offers)
	for _, e := range effects {
		if f, ok := e.(FreeSlot); ok {
			before := len(slots)
			slots = slices.DeleteFunc(slots, func(r row) bool { return r.user == f.User && r.contact == i })
			if len(slots) == before {
				*broken = fmt.Sprintf("I3: %s gives back a slot that she does not hold", f.User)
			}
		}
	}
	for _, e := range effects {
		switch e := e.(type) {
		case HoldSlot:
			if count(slots, e.User) >= w.room && !w.unfenced {
				return errFull
			}
			slots = append(slots, row{e.User, i, e.Epoch})
		case OpenOffer:
			if count(offers, e.Offer.User) > 0 {
				return errFull
			}
			offers = append(offers, row{e.Offer.User, i, e.Offer.Epoch})
		case EndOffer:
			before := len(offers)
			offers = slices.DeleteFunc(offers, func(r row) bool { return r == row{e.Offer.User, i, e.Offer.Epoch} })
			if len(offers) == before {
				*broken = "I2: an offer ends that is not open"
			}
		}
	}
	next.Version++
	w.contacts[i], w.slots, w.offers = next, slots, offers
	return nil
}

func count(rows []row, user UserID) int {
	n := 0
	for _, r := range rows {
		if r.user == user {
			n++
		}
	}
	return n
}

// wrong names the first invariant that does not hold in w, or "".
func (w *world) wrong() string {
	var slots, offers []row
	for i, c := range w.contacts {
		if say := wrongContact(c); say != "" {
			return say
		}
		if say := wrongCall(c); say != "" {
			return say
		}
		if say := wrongDue(w.rules, c); say != "" {
			return say
		}
		s, o := rowsOf(i, c)
		slots, offers = append(slots, s...), append(offers, o...)
	}
	for _, s := range w.slots {
		if count(w.slots, s.user) > w.room {
			return fmt.Sprintf("I3: %s holds more than her room", s.user)
		}
	}
	if !sameRows(slots, w.slots) {
		return fmt.Sprintf("I3: slots are %v, and those who own or are asked are %v", w.slots, slots)
	}
	if !sameRows(offers, w.offers) {
		return fmt.Sprintf("I2: open offers are %v, and those who are asked are %v", w.offers, offers)
	}
	return ""
}

// rowsOf are the slots and open offers that a contact has to have.
func rowsOf(i int, c Contact) (slots, offers []row) {
	if c.HoldsSlot() {
		slots = append(slots, row{c.Owner, i, c.Grant})
	}
	for _, o := range c.HeldOut() {
		slots = append(slots, row{o.User, i, o.Epoch})
		offers = append(offers, row{o.User, i, o.Epoch})
	}
	if c.Transfer != nil && c.Transfer.Taken {
		slots = append(slots, row{c.Transfer.User, i, c.Transfer.Epoch})
	}
	return slots, offers
}

func sameRows(a, b []row) bool {
	if len(a) != len(b) {
		return false
	}
	for _, r := range a {
		if !slices.Contains(b, r) {
			return false
		}
	}
	return true
}

// wrongContact: what holds of one contact at any time.
func wrongContact(c Contact) string {
	switch {
	case c.Live() != (c.Owner != ""):
		return "I1: it is owned just when it is live"
	case (c.State == Asked) != (len(c.Offers) > 0):
		return "I2: an offer is open just while it is offered"
	case c.Step > 0 && c.State != Waits && c.State != Asked:
		return "only what waits climbs the ladder"
	case !c.OpensBy.IsZero() && (c.State != Active || c.Unanswered.IsZero() || c.Channel == Voice):
		return "L1: whoever took a text on her phone opens a console for as long as a word is owed"
	case slices.ContainsFunc(c.HeldOut(), func(o Offer) bool { return c.Bars(o.User) }), c.Preferred != "" && c.Bars(c.Preferred):
		return "I4: nobody is asked who is not for this person"
	case !c.Unfit.IsZero() && c.Live():
		return "whoever has somebody is told of no more"
	case c.Night.On && c.Night.Turns.IsZero(), c.Night != (Night{}) && c.Address.AnswersBack():
		return "I7: a night ends, and is none for whom we can answer"
	case c.Transfer != nil && (!c.Live() || c.Transfer.User == c.Owner):
		return "I2: only an owner hands over, and to somebody else"
	case !soundOffers(c):
		return "I5, I9: each open offer has an epoch of its own, the last the newest, to somebody who was not tried"
	case c.Transfer != nil && (c.Transfer.Epoch != c.Epoch || c.Transfer.Epoch <= c.Grant):
		return "I5: a transfer is newer than its owner's grant"
	case c.Grant > c.Epoch:
		return "I5: a grant comes from an epoch"
	case !c.Rests.IsZero() && (c.State != Waits || len(c.Tried) == 0):
		return "I9: only what waits, and was offered, rests"
	case c.Live() && len(c.Tried) > 0, c.Live() && c.Preferred != "":
		return "I9: who was asked is forgotten when somebody has it"
	case c.State == Dormant && !c.Unanswered.IsZero(), c.State == FollowUp && !c.Unanswered.IsZero():
		return "L1: nothing sleeps while a word is owed"
	case c.Overdue && (c.State == Dormant || c.State == FollowUp || c.State == Closed):
		return "L2: what sleeps or is over is not overdue"
	case (c.State == Closed) != (c.Outcome != "") || (c.State == Closed) == c.ClosedAt.IsZero():
		return "I6: closed means with an outcome, at a time"
	}
	return ""
}

func soundOffers(c Contact) bool {
	last := c.Grant
	for _, o := range c.Offers {
		if o.Epoch <= last || c.HasTried(o.User) {
			return false
		}
		last = o.Epoch
	}
	return last <= c.Epoch
}

// wrongCall: what holds of one call at any time.
func wrongCall(c Contact) string {
	k := c.Call
	waits := c.State == Waits || c.State == Asked
	switch {
	case c.Channel != Voice:
		if c.Call != (Call{}) || c.State == Connecting || c.State == WrapUp {
			return "a text is no call"
		}
	case waits && !k.Alive:
		return "I6: only a caller on the line waits in it; whoever left is work for a human"
	case (c.State == Connecting || c.State == Active) && (!k.Alive || k.Room == 0):
		return "I1: a talk has a caller, and a room"
	case c.State == Active && (!k.CallerIn || !k.OwnerIn || !k.Meet.IsZero()):
		return "I1: a call is active just when both are in the room"
	case (c.State == Connecting) != !k.Meet.IsZero():
		return "I7: whoever is being joined has a time for it"
	case (c.State == WrapUp) != !k.Wrap.IsZero():
		return "I7: whoever wraps up has a time for it"
	case c.State == WrapUp && k.Alive, c.State == Dormant && k.Alive, c.State == Closed && k.Alive:
		return "a call outlives its contact"
	case (k.Held || k.Muted || k.Keys || k.Spoke || !k.Silence.IsZero() || !k.KeysTill.IsZero()) && c.State != Active:
		return "only a talk is held, muted, or by keys"
	case k.Dropped && !waits:
		return "dropped: until somebody takes it"
	case c.Transfer != nil && c.Transfer.Taken && c.State != Active:
		return "I15: a colleague takes over while the owner talks"
	}
	return ""
}

// wrongDue is I7: whoever waits for the clock has a time, and nobody else has.
func wrongDue(r Rules, c Contact) string {
	var timed bool
	switch c.State {
	case Asked, Dormant, Connecting, WrapUp:
		timed = true
	case Waits:
		timed = !c.Overdue || !c.Rests.IsZero() || c.Step < len(r.ladder(c.Channel).widen) || !c.Night.Turns.IsZero()
	case Active:
		timed = c.Channel != Voice && !c.Overdue || c.Transfer != nil || !c.Call.Silence.IsZero() || !c.Call.KeysTill.IsZero()
	}
	if timed == r.Due(c).IsZero() {
		return fmt.Sprintf("I7: Due(%s) is %v", plain(c), r.Due(c))
	}
	if waits := c.State == Waits || c.State == Asked; waits && c.Call.cameClosed() && !c.Overdue && r.Due(c).After(c.Since) {
		return fmt.Sprintf("L2: a caller to a closed line waits until %v for what others get at their limit", r.Due(c))
	}
	return ""
}

// wrongStep names the first promise that e broke in making after of before, or "".
func wrongStep(before, after Contact, e Event) string {
	before.Version, after.Version = 0, 0
	switch {
	case after.Epoch < before.Epoch || after.Lap < before.Lap:
		return "I5: epochs and laps never fall"
	case before.State == Closed && !reflect.DeepEqual(before, after):
		return "I15: closed is final"
	case deadLeg(before, e) && reflect.DeepEqual(before, after):
		return "I5: a dead leg of the current grant is never ignored"
	case stranger(before, e) && !reflect.DeepEqual(before, after):
		return "I5: an answer to no open offer changes nothing"
	case before.Night.On && rings(after) > rings(before):
		return "no phone is rung at night for whom nobody can answer"
	case opened(before, after) && after.Epoch <= before.Epoch:
		return "I5: every offer raises the epoch"
	case before.Owner != "" && after.Owner != "" && before.Owner != after.Owner && !mayPass(before, e):
		return "I15: an owner changes only by an accepted transfer, or a take of what is overdue"
	case before.Owner == "" && after.Owner != "" && !mayOwn(before, after.Owner, e):
		return "I1: an owner accepted an offer that was open to her, or took it"
	case before.Owner != "" && after.Owner == "" && !mayLeave(before, e):
		return "I13: an owner keeps it until she gives it away, closes it, or is gone while somebody waits"
	case after.Owner != before.Owner && before.Bars(after.Owner):
		return "I4: nobody gets a person whom she is not for"
	case before.Overdue && !after.Overdue && !human(e) && after.State != FollowUp:
		return "L2: overdue until a human acts"
	}
	if after.State == Closed && before.State != Closed {
		if end, ok := e.(EndedBy); !ok || end.By != before.Owner && !end.Supervisor {
			return "I14: only its counsellor or a supervisor closes"
		}
	}
	if after.Lap == before.Lap && !after.Live() && after.State != Closed && after.State != FollowUp {
		for _, u := range before.Tried {
			if !after.HasTried(u) {
				return "I9: nobody is forgotten within a lap"
			}
		}
	}
	return ""
}

func heldOutTo(c Contact, user UserID) bool {
	_, open := c.OfferTo(user)
	return open
}

// stranger tells whether e is an answer to an offer that is not open.
func stranger(before Contact, e Event) bool {
	switch e := e.(type) {
	case AcceptedBy:
		return !heldOutTo(before, e.User)
	case DeclinedBy:
		return !heldOutTo(before, e.User)
	case Unreachable:
		return !heldOutTo(before, e.User)
	case OwnerAsleep:
		return before.Owner != e.Owner
	case LegEnded:
		return !known(before, e.User, e.Epoch)
	case LegJoined:
		return !known(before, e.User, e.Epoch)
	}
	return false
}

// known tells whether a leg of this user under this epoch is one that the contact waits for or talks on.
func known(c Contact, user UserID, epoch int64) bool {
	o, open := c.OfferTo(user)
	return open && o.Epoch == epoch || c.Owner == user && c.Grant == epoch ||
		c.Transfer != nil && c.Transfer.User == user && c.Transfer.Epoch == epoch
}

// deadLeg tells whether e is the end of the leg that the owner talks on, or is awaited on.
func deadLeg(before Contact, e Event) bool {
	end, ok := e.(LegEnded)
	return ok && (before.State == Connecting || before.State == Active) && before.Channel == Voice &&
		end.User == before.Owner && end.Epoch == before.Grant
}

func opened(before, after Contact) bool {
	for _, o := range after.HeldOut() {
		if old, open := before.OfferTo(o.User); !open || old.Epoch != o.Epoch {
			return true
		}
	}
	return false
}

func rings(c Contact) (n int) {
	for _, o := range c.HeldOut() {
		n += o.Rings
	}
	return n
}

func mayPass(before Contact, e Event) bool {
	switch e := e.(type) {
	case AcceptedBy:
		return heldOutTo(before, e.User)
	case TakenBy:
		return before.Overdue || heldOutTo(before, e.User)
	case LegJoined:
		return before.Transfer != nil && before.Transfer.Taken && before.Transfer.User == e.User && before.Transfer.Epoch == e.Epoch
	case LegEnded: // the owner's leg was lost while the colleague was on the way
		return before.Transfer != nil && before.Transfer.Taken && before.Owner == e.User && before.Grant == e.Epoch
	}
	return false
}

func mayOwn(before Contact, owner UserID, e Event) bool {
	switch e := e.(type) {
	case AcceptedBy:
		return e.User == owner && before.Asking(owner)
	case TakenBy:
		return e.User == owner && before.State != Closed && (before.Asking(owner) || before.Overdue || allLapsed(before, e.when()))
	}
	return false
}

func allLapsed(c Contact, at time.Time) bool {
	for _, o := range c.Offers {
		if at.Before(o.Expires) {
			return false
		}
	}
	return true
}

func mayLeave(before Contact, e Event) bool {
	switch e := e.(type) {
	case HandedBack, EndedBy:
		return true
	case LegEnded:
		return before.Owner == e.User && before.Grant == e.Epoch
	case CallerLeft:
		return before.State == Connecting
	case HungUp:
		return before.State == Connecting && (e.By == before.Owner || e.Supervisor)
	case Wrapped:
		return before.State == WrapUp && before.Owner == e.By
	case OwnerAsleep:
		return before.State == Active && !before.Unanswered.IsZero()
	case Arrived:
		return before.State == Dormant
	case Ticked:
		return before.State == Dormant || before.State == Connecting || before.State == WrapUp
	}
	return false
}

func human(e Event) bool {
	switch e.(type) {
	case AcceptedBy, TakenBy, Replied, EndedBy, CallerPressed:
		return true
	}
	return false
}
