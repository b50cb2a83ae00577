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
	m.Tried, m.Offers = append([]UserID(nil), c.Tried...), append([]Offer(nil), c.Offers...)
	if c.State == Closed {
		return m.afterClose(c, e)
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
		return m.offeredTo(e)
	case AcceptedBy:
		return m.acceptedBy(e.User, e.Key)
	case DeclinedBy:
		return m.declinedBy(e.User)
	case TakenBy:
		return m.takenBy(e)
	case HandedTo:
		return m.handedTo(e)
	case HandedBack:
		return m.handedBack(e)
	case Replied:
		return m.replied(e.By)
	case WasGreeted:
		m.Greeted = true
	case WasRead:
		if m.Owner == e.By {
			m.Unread = 0
		}
	case Triaged:
		m.triaged(e)
	case EndedBy:
		return m.endedBy(e)
	case BarredTo:
		m.barredTo(e)
	case InDanger:
		m.inDanger(e)
	default:
		return m.call(e)
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
			m.Rests = m.now.Add(m.rules.ladder(m.Channel).lap)
		}
	case SomebodyCame:
		if m.State == Waits && !m.Rests.IsZero() {
			m.nextLap()
		}
	case OwnerAsleep:
		if m.State == Active && m.Owner == e.Owner && m.Transfer == nil && !m.Unanswered.IsZero() && !m.now.Before(m.OpensBy) {
			m.backToWaiting(m.Owner)
		}
	case Unreachable: // a phone that rings does not hang on a console
		if o, ok := m.OfferTo(e.User); ok && !o.Phone {
			m.endHeld(e.User, Withdrawn, false)
		}
	case NobodyFits:
		if m.State == Waits && m.Unfit.IsZero() {
			m.Unfit = m.now
			m.do(Alarm{Kind: AlarmUnfit})
		}
	case Restarted:
		preferred := m.Preferred // the house failed, not she
		m.withdrawAll()
		m.Preferred = preferred
	}
}

// afterClose: closed is final.
func (m *machine) afterClose(c Contact, e Event) (Contact, []Effect, error) {
	switch e.(type) {
	case AcceptedBy, DeclinedBy:
		return c, nil, Say(ErrExpired, "this contact was closed meanwhile")
	case TakenBy, HandedTo, HandedBack, Replied, WasGreeted, EndedBy, Steered, AskedByKeys, HungUp, CalledBack, InterpreterAsked, GuestReleased:
		return c, nil, Say(ErrConflict, "this contact is closed; nothing was changed")
	}
	return c, nil, nil
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
	m.StopWord, m.DangerWord = m.StopWord || e.Stop, m.DangerWord || e.Danger
	m.Night = Night{}
	if !m.DangerWord && !m.Address.AnswersBack() {
		m.Night = e.Night
	}
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
		m.State, m.Since, m.Lap = Waits, m.now, m.Lap+1
		m.prefer(m.LastOwner)
	}
}

func (m *machine) offeredTo(e OfferedTo) error {
	if !m.Wanted() || m.HasTried(e.User) || m.Asking(e.User) || m.Bars(e.User) || e.Phone && m.Night.On {
		return Say(ErrConflict, "this contact is not to be offered to this user now")
	}
	m.State = Asked
	m.Offers = append(m.Offers, m.holdOut(e.User, e.Phone))
	return nil
}

// holdOut opens an offer.
func (m *machine) holdOut(user UserID, phone bool) Offer {
	m.Epoch++
	o := Offer{User: user, Epoch: m.Epoch, Made: m.now, Expires: m.now.Add(m.stands(phone)), Phone: phone}
	if phone {
		o.Rings = 1
	}
	m.do(HoldSlot{User: user, Epoch: m.Epoch}, OpenOffer{Offer: o})
	if phone {
		m.do(Ring{User: user, Epoch: m.Epoch, Phone: true})
	}
	return o
}

func (m *machine) acceptedBy(user UserID, key bool) error {
	o, open := m.OfferTo(user)
	switch {
	case open && m.now.After(o.Expires):
		return Say(ErrExpired, "the offer is over; the contact is with others now")
	case open && m.Live():
		return m.takesOver(o, key)
	case open:
		m.drop(o)
		m.do(EndOffer{Offer: o, Reason: Accepted})
		if m.Channel != Voice && !key {
			m.silence(o) // she took it in the console while her phone rang
		}
		m.withdrawAll()
		m.Grant = o.Epoch
		m.owned(user, o.Phone, key)
		return nil
	case m.Live() && m.Owner == user, m.Transfer != nil && m.Transfer.User == user:
		return nil // the winner asks again: her answer was lost
	case m.Live():
		return Say(ErrConflict, "somebody else has taken this contact")
	}
	return Say(ErrExpired, "the offer is over")
}

// takesOver gives a live contact to the colleague whom it was held out to. Of a call its owner keeps it until the
// colleague's leg is in the room.
func (m *machine) takesOver(o Offer, key bool) error {
	m.do(EndOffer{Offer: o, Reason: Accepted})
	m.Transfer = nil
	if m.talks() && !key {
		o.Taken, o.Expires = true, m.meetBy(o.Phone)
		m.Transfer = &o
		m.do(Ring{User: o.User, Epoch: o.Epoch, Phone: o.Phone})
		return nil
	}
	m.swap(o)
	return nil
}

// swap makes the colleague the owner.
func (m *machine) swap(o Offer) {
	talked := m.talks()
	m.leave()
	m.Grant, m.Transfer = o.Epoch, nil
	if talked {
		m.Owner, m.Call.ByPhone, m.Call.OwnerIn, m.Call.Muted = o.User, o.Phone, true, false
		return
	}
	m.owned(o.User, o.Phone, false)
}

// owned makes user the owner. Her slot is held already. A call is joined to her first.
func (m *machine) owned(user UserID, phone, key bool) {
	m.State, m.Owner, m.Preferred, m.Unfit = Active, user, "", time.Time{}
	m.Overdue, m.Step, m.Tried, m.Rests, m.DormantTill = false, 0, nil, time.Time{}, time.Time{}
	if !m.Unanswered.IsZero() {
		m.Unanswered = m.now // the new owner has her own time to answer
	}
	if m.now.After(m.LastWritten) {
		m.LastWritten = m.now // an exchange that was just taken is not quiet
	}
	if m.Channel == Voice {
		m.connect(phone, key)
		return
	}
	m.Work = WorkContact
	if key && !m.Unanswered.IsZero() {
		m.OpensBy = m.now.Add(m.rules.Opens)
	}
}

// leave frees the owner's slot if she has one.
func (m *machine) leave() {
	if m.HoldsSlot() {
		m.do(FreeSlot{User: m.Owner})
	}
	m.LastOwner, m.Owner, m.Left, m.OpensBy = m.Owner, "", m.now, time.Time{}
}

// release takes the contact out of everybody's hands: what is held out is withdrawn, and an owner leaves.
func (m *machine) release() {
	m.withdrawAll()
	if m.Transfer != nil {
		m.endTransfer(Withdrawn, false)
	}
	if m.Live() {
		m.leave()
	}
}

func (m *machine) declinedBy(user UserID) error {
	if _, open := m.OfferTo(user); open {
		m.endHeld(user, Refused, false)
		return nil
	}
	if m.HasTried(user) {
		return nil // said already
	}
	return Say(ErrExpired, "the offer is over")
}

// endHeld ends what is held out to user.
func (m *machine) endHeld(user UserID, reason EndReason, missed bool) {
	if m.Transfer != nil && m.Transfer.User == user {
		m.endTransfer(reason, missed)
		return
	}
	for _, o := range m.Offers {
		if o.User == user {
			m.endOffer(o, reason, missed)
			return
		}
	}
}

// withdrawAll ends all offers of a contact that is being asked.
func (m *machine) withdrawAll() {
	for _, o := range m.Offers {
		m.endOffer(o, Withdrawn, false)
	}
}

// drop takes an offer off the list; with the last one the contact waits again.
func (m *machine) drop(o Offer) {
	left := make([]Offer, 0, len(m.Offers))
	for _, other := range m.Offers {
		if other.User != o.User {
			left = append(left, other)
		}
	}
	if m.Offers = left; len(left) == 0 {
		m.Offers = nil
		m.State = Waits
	}
}

// endOffer ends one offer of an asked contact. Whoever did not take it is not asked again in this lap, except when the
// offer was withdrawn: then she may never have seen it.
func (m *machine) endOffer(o Offer, reason EndReason, missed bool) {
	m.drop(o)
	if reason != Withdrawn {
		m.Tried = append(m.Tried, o.User)
	}
	if m.Preferred == o.User {
		m.Preferred = ""
	}
	m.do(FreeSlot{User: o.User}, EndOffer{Offer: o, Reason: reason, Missed: missed})
	m.silence(o)
}

func (m *machine) endTransfer(reason EndReason, missed bool) {
	o := *m.Transfer
	m.Transfer = nil
	m.do(FreeSlot{User: o.User})
	if !o.Taken {
		m.do(EndOffer{Offer: o, Reason: reason, Missed: missed})
	}
	m.silence(o)
}

// silence ends the leg that an offer may have.
func (m *machine) silence(o Offer) {
	if o.Phone || o.Taken {
		m.do(DropLeg{User: o.User, Epoch: o.Epoch})
	}
}

func (m *machine) takenBy(e TakenBy) error {
	user := e.User
	if m.Bars(user) && m.Owner != user {
		return errBarred
	}
	m.lapse(user)
	_, open := m.OfferTo(user)
	switch {
	case m.Live() && m.Owner == user:
		return m.wake(user)
	case open:
		return m.acceptedBy(user, false)
	case m.State == Asked && !m.Overdue:
		return Say(ErrConflict, "this contact is being offered to a colleague")
	case m.Live() && !m.Overdue:
		return Say(ErrConflict, "somebody else has this contact")
	}
	m.release()
	m.Epoch++
	m.Grant = m.Epoch
	m.do(HoldSlot{User: user, Epoch: m.Epoch})
	m.owned(user, e.Phone, false)
	return nil
}

// wake brings a sleeping contact back to its owner's desk.
func (m *machine) wake(user UserID) error {
	if m.State == Dormant {
		m.State, m.DormantTill = Active, time.Time{}
		m.LastWritten = m.now
		if m.Channel == Voice {
			m.State, m.Call.Wrap = WrapUp, m.now.Add(m.rules.Call.Wrap)
		}
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
	if m.Bars(e.To) {
		return Say(ErrConflict, "that counsellor is not for this person; nothing was changed")
	}
	m.lapse("")
	if m.Transfer != nil {
		if m.Transfer.User == e.To {
			return nil
		}
		m.endTransfer(Withdrawn, false)
	}
	if m.State == Connecting {
		return Say(ErrConflict, "the call is being connected: try again in a moment")
	}
	o := m.holdOut(e.To, e.Phone && m.talks())
	m.Transfer = &o
	return nil
}

func (m *machine) handedBack(e HandedBack) error {
	if err := m.mayHand(e.By, e.Supervisor); err != nil {
		return err
	}
	owner := m.Owner
	m.backToWaiting("")
	if m.State == Waits {
		m.Tried = append(m.Tried, owner)
	}
	return nil
}

// backToWaiting puts a contact with an owner back into the queue.
func (m *machine) backToWaiting(preferred UserID) {
	if m.Transfer != nil {
		m.endTransfer(Withdrawn, false)
	}
	m.leave()
	m.DormantTill = time.Time{}
	if m.Channel == Voice && !m.callWaits() {
		return
	}
	m.State = Waits
	if m.Unanswered.IsZero() {
		m.Since = m.now // else she keeps the place that she had before anybody took her and did not answer
	}
	m.Tried, m.Rests, m.DormantTill, m.Lap = nil, time.Time{}, time.Time{}, m.Lap+1
	m.prefer(preferred)
}

func (m *machine) replied(by UserID) error {
	if !m.Live() || m.Owner != by {
		return Say(ErrConflict, "this contact is not yours any more; nothing was sent")
	}
	if err := m.wake(by); err != nil {
		return err
	}
	m.Unanswered, m.Overdue, m.LastWritten, m.OpensBy = time.Time{}, false, m.now, time.Time{}
	m.Unread, m.StopWord, m.Greeted = 0, false, true
	return nil
}

func (m *machine) endedBy(e EndedBy) error {
	if strings.TrimSpace(e.Outcome) == "" {
		return Say(ErrInvalid, "say how it ended: a contact is closed with an outcome")
	}
	if m.State == FollowUp && m.Call.Alive && m.Call.Choice == WorkVoicemail {
		return Say(ErrConflict, "she is speaking a message right now: wait until it is here; nothing was changed")
	}
	mine := m.Live() && m.Owner == e.By
	if !mine && !e.Supervisor {
		return Say(ErrConflict, "only its counsellor or a supervisor closes a contact; take it first")
	}
	m.release()
	m.endCall()
	m.State, m.Outcome, m.ClosedAt = Closed, e.Outcome, m.now
	m.Overdue, m.Unread, m.StopWord, m.Unanswered = false, 0, false, time.Time{}
	m.Step, m.Night = 0, Night{}
	m.Tried, m.Rests, m.Preferred, m.DormantTill = nil, time.Time{}, "", time.Time{}
	return nil
}

// inDanger: priority is left to triage, which is set with it.
func (m *machine) inDanger(e InDanger) {
	switch {
	case e.On && m.Danger.IsZero():
		m.Danger = m.now
		m.do(Alarm{Kind: AlarmDanger})
	case !e.On:
		m.Danger = time.Time{}
	}
}
