package hotline

import (
	"strings"
	"time"
)

// Apply is what event e makes of contact c: the contact as it is then, and what has to be done in the same
// transaction. An error is of a kind above and leaves everything as it was. An event that no longer matters (late,
// doubled) gives c unchanged and no effects.
func (r Rules) Apply(c Contact, e Event) (Contact, []Effect, error) {
	m := &machine{rules: r, Contact: c, now: e.when()}
	m.Tried = append([]UserID(nil), c.Tried...)
	if c.State == Closed {
		return c, nil, afterClose(e)
	}
	err := m.apply(e)
	if err != nil {
		return c, nil, err
	}
	return m.Contact, m.effects, nil
}

// machine is one application of one event.
type machine struct {
	Contact
	rules   Rules
	now     time.Time
	effects []Effect
}

func (m *machine) do(e ...Effect) { m.effects = append(m.effects, e...) }

func (m *machine) apply(e Event) error {
	switch e := e.(type) {
	case Arrived:
		m.arrived(e)
	case OfferedTo:
		return m.offeredTo(e.User)
	case AcceptedBy:
		return m.acceptedBy(e.User)
	case DeclinedBy:
		return m.declinedBy(e.User)
	case TakenBy:
		return m.takenBy(e.User)
	case HandedTo:
		return m.handedTo(e)
	case HandedBack:
		return m.handedBack(e)
	case Replied:
		return m.replied(e.By)
	case WasRead:
		if m.Owner == e.By {
			m.Unread = 0
		}
	case Triaged:
		m.Priority, m.Language = e.Priority, e.Language
	case EndedBy:
		return m.endedBy(e)
	default:
		m.clock(e)
	}
	return nil
}

// clock applies the events that no human makes.
func (m *machine) clock(e Event) {
	switch e := e.(type) {
	case Ticked:
		m.ticked()
	case LapOver:
		if m.State == Waits && m.Rests.IsZero() && len(m.Tried) > 0 {
			m.Rests = m.now.Add(m.rules.Lap)
		}
	case SomebodyCame:
		if m.State == Waits && !m.Rests.IsZero() {
			m.nextLap()
		}
	case OwnerAsleep:
		if m.State == Active && m.Owner == e.Owner && m.Transfer == nil && !m.Unanswered.IsZero() {
			m.backToWaiting(m.Owner)
		}
	case Unreachable:
		if m.State == Asked && m.Offer.User == e.User {
			m.endOffer(Withdrawn, false)
		}
		if m.Transfer != nil && m.Transfer.User == e.User {
			m.endTransfer(Withdrawn, false)
		}
	case Restarted:
		if m.State == Asked {
			preferred := m.Preferred // the house failed, not she
			m.endOffer(Withdrawn, false)
			m.Preferred = preferred
		}
	}
}

func afterClose(e Event) error {
	switch e.(type) {
	case AcceptedBy, DeclinedBy:
		return Say(ErrExpired, "this contact was closed meanwhile")
	case TakenBy, HandedTo, HandedBack, Replied, EndedBy:
		return Say(ErrConflict, "this contact is closed; nothing was changed")
	}
	return nil
}

// arrived: whoever writes, waits for a word.
func (m *machine) arrived(e Arrived) {
	if e.At.when().After(m.LastInbound) {
		m.LastInbound = m.now
	}
	if m.now.After(m.LastWritten) {
		m.LastWritten = m.now
	}
	m.Unread++
	m.StopWord = m.StopWord || e.Stop
	if m.Guess == "" {
		m.Guess = e.Guess
	}
	if m.Unanswered.IsZero() {
		m.Unanswered = m.now
		if m.Live() {
			m.Since = m.now
		}
	}
	switch m.State {
	case Dormant:
		m.backToWaiting(m.Owner)
	case FollowUp:
		m.State, m.Since, m.Preferred, m.Lap = Waits, m.now, m.LastOwner, m.Lap+1
	}
}

func (m *machine) offeredTo(user UserID) error {
	if m.State != Waits || m.HasTried(user) || !m.Rests.IsZero() {
		return Say(ErrConflict, "this contact is not to be offered to this user now")
	}
	m.Epoch++
	m.State = Asked
	m.Offer = &Offer{User: user, Epoch: m.Epoch, Made: m.now, Expires: m.now.Add(m.rules.Offer)}
	m.do(HoldSlot{User: user, Epoch: m.Epoch}, OpenOffer{Offer: *m.Offer})
	return nil
}

func (m *machine) acceptedBy(user UserID) error {
	switch {
	case m.State == Asked && m.Offer.User == user:
		if m.now.After(m.Offer.Expires) {
			return Say(ErrExpired, "the offer is over; the contact goes to somebody else")
		}
		m.do(EndOffer{Offer: *m.Offer, Reason: Accepted})
		m.Grant, m.Offer = m.Offer.Epoch, nil
		m.owned(user)
		return nil
	case m.Transfer != nil && m.Transfer.User == user:
		if m.now.After(m.Transfer.Expires) {
			return Say(ErrExpired, "the transfer is over; the contact stays with its counsellor")
		}
		m.do(EndOffer{Offer: *m.Transfer, Reason: Accepted})
		m.leave()
		m.Grant, m.Transfer = m.Transfer.Epoch, nil
		m.owned(user)
		return nil
	case m.Live() && m.Owner == user:
		return nil // the winner asks again: her answer was lost
	case m.Live():
		return Say(ErrConflict, "somebody else has taken this contact")
	}
	return Say(ErrExpired, "the offer is over")
}

// owned makes user the owner. Her slot is held already.
func (m *machine) owned(user UserID) {
	m.State, m.Work = Active, WorkContact
	m.Owner, m.Preferred = user, ""
	m.Overdue, m.Tried, m.Rests, m.DormantTill = false, nil, time.Time{}, time.Time{}
	if !m.Unanswered.IsZero() {
		m.Unanswered = m.now // the new owner has her own time to answer
	}
	if m.now.After(m.LastWritten) {
		m.LastWritten = m.now // an exchange that was just taken is not quiet
	}
}

// leave frees the owner's slot if she has one.
func (m *machine) leave() {
	if m.State == Active {
		m.do(FreeSlot{User: m.Owner})
	}
	m.LastOwner, m.Owner, m.Left = m.Owner, "", m.now
}

// release takes the contact out of everybody's hands: what is held out is withdrawn, and an owner leaves.
func (m *machine) release() {
	if m.State == Asked {
		m.endOffer(Withdrawn, false)
	}
	if m.Transfer != nil {
		m.endTransfer(Withdrawn, false)
	}
	if m.Live() {
		m.leave()
	}
}

func (m *machine) declinedBy(user UserID) error {
	switch {
	case m.State == Asked && m.Offer.User == user:
		m.endOffer(Refused, false)
	case m.Transfer != nil && m.Transfer.User == user:
		m.endTransfer(Refused, false)
	case m.HasTried(user):
		return nil // said already
	default:
		return Say(ErrExpired, "the offer is over")
	}
	return nil
}

// endOffer brings an asked contact back to waiting. Whoever did not take it is not asked again in this lap, except
// when the offer was withdrawn: then she may never have seen it.
func (m *machine) endOffer(reason EndReason, missed bool) {
	o := *m.Offer
	m.Offer, m.State = nil, Waits
	if reason != Withdrawn {
		m.Tried = append(m.Tried, o.User)
	}
	if m.Preferred == o.User {
		m.Preferred = ""
	}
	m.do(FreeSlot{User: o.User}, EndOffer{Offer: o, Reason: reason, Missed: missed})
}

func (m *machine) endTransfer(reason EndReason, missed bool) {
	o := *m.Transfer
	m.Transfer = nil
	m.do(FreeSlot{User: o.User}, EndOffer{Offer: o, Reason: reason, Missed: missed})
}

func (m *machine) takenBy(user UserID) error {
	m.lapse(user)
	switch {
	case m.Live() && m.Owner == user:
		return m.wake(user)
	case m.State == Asked && m.Offer.User == user, m.Transfer != nil && m.Transfer.User == user:
		return m.acceptedBy(user)
	case m.State == Asked && !m.Overdue:
		return Say(ErrConflict, "this contact is being offered to a colleague")
	case m.Live() && !m.Overdue:
		return Say(ErrConflict, "somebody else has this contact")
	}
	m.release()
	m.Epoch++
	m.Grant = m.Epoch
	m.do(HoldSlot{User: user, Epoch: m.Epoch})
	m.owned(user)
	return nil
}

// wake brings a sleeping contact back to its owner's desk.
func (m *machine) wake(user UserID) error {
	if m.State == Dormant {
		m.State, m.DormantTill = Active, time.Time{}
		m.LastWritten = m.now
		m.do(HoldSlot{User: user, Epoch: m.Grant})
	}
	return nil
}

func (m *machine) mayHand(by UserID, supervisor bool) error {
	if !m.Live() {
		return Say(ErrConflict, "this contact is not with anybody; nothing was changed")
	}
	if m.Owner != by && !supervisor {
		return Say(ErrConflict, "this contact is not yours; nothing was changed")
	}
	return nil
}

func (m *machine) handedTo(e HandedTo) error {
	if err := m.mayHand(e.By, e.Supervisor); err != nil {
		return err
	}
	if e.To == m.Owner {
		return Say(ErrInvalid, "it is with that counsellor already")
	}
	m.lapse("")
	if m.Transfer != nil {
		if m.Transfer.User == e.To {
			return nil
		}
		m.endTransfer(Withdrawn, false)
	}
	m.Epoch++
	m.Transfer = &Offer{User: e.To, Epoch: m.Epoch, Made: m.now, Expires: m.now.Add(m.rules.Offer)}
	m.do(HoldSlot{User: e.To, Epoch: m.Epoch}, OpenOffer{Offer: *m.Transfer})
	return nil
}

func (m *machine) handedBack(e HandedBack) error {
	if err := m.mayHand(e.By, e.Supervisor); err != nil {
		return err
	}
	owner := m.Owner
	m.backToWaiting("")
	m.Tried = append(m.Tried, owner)
	return nil
}

// backToWaiting puts a contact with an owner back into the queue.
func (m *machine) backToWaiting(preferred UserID) {
	if m.Transfer != nil {
		m.endTransfer(Withdrawn, false)
	}
	m.leave()
	m.State = Waits
	if m.Unanswered.IsZero() {
		m.Since = m.now // else she keeps the place that she had before anybody took her and did not answer
	}
	m.Tried, m.Rests, m.DormantTill, m.Lap = nil, time.Time{}, time.Time{}, m.Lap+1
	m.Preferred = preferred
}

func (m *machine) replied(by UserID) error {
	if !m.Live() || m.Owner != by {
		return Say(ErrConflict, "this contact is not yours any more; nothing was sent")
	}
	if err := m.wake(by); err != nil {
		return err
	}
	m.Unanswered, m.Overdue, m.LastWritten = time.Time{}, false, m.now
	m.Unread, m.StopWord = 0, false
	return nil
}

func (m *machine) endedBy(e EndedBy) error {
	if strings.TrimSpace(e.Outcome) == "" {
		return Say(ErrInvalid, "say how it ended: a contact is closed with an outcome")
	}
	mine := m.Live() && m.Owner == e.By
	if !mine && !e.Supervisor {
		return Say(ErrConflict, "only its counsellor or a supervisor closes a contact; take it first")
	}
	m.release()
	m.State, m.Outcome, m.ClosedAt = Closed, e.Outcome, m.now
	m.Overdue, m.Unread, m.StopWord, m.Unanswered = false, 0, false, time.Time{}
	m.Tried, m.Rests, m.Preferred, m.DormantTill = nil, time.Time{}, "", time.Time{}
	return nil
}
