package hotline

import (
	"slices"
	"time"
)

// call applies the events of a call. A fact about a leg whose epoch is not that of an open offer, of a transfer or of
// the grant is about the past, and changes nothing.
func (m *machine) call(e Event) error {
	switch e := e.(type) {
	case Steered:
		return m.steered(e)
	case AskedByKeys:
		return m.askedByKeys(e)
	case HungUp:
		return m.hungUp(e)
	case CalledBack:
		return m.calledBack(e)
	case LegAnswered:
		m.legAnswered(e)
	case LegJoined:
		m.legJoined(e)
	case LegEnded:
		m.legEnded(e)
	case CallerJoined:
		if e.Room == m.Call.Room && (m.State == Connecting || m.State == Active) {
			m.Call.CallerIn = true
			m.met()
		}
	case CallerLeft:
		m.callerLeft()
	case CallerPressed:
		m.callerPressed(e)
	case VoicemailLeft:
		m.voicemailLeft()
	case Spoke:
		m.spoke(e)
	case Wrapped:
		if m.State == WrapUp && m.Owner == e.By && m.Call.ByPhone {
			m.wrapped(e.Said)
		}
	default:
		m.clock(e)
	}
	return nil
}

// talks tells whether owner and caller are in a room.
func (m *machine) talks() bool { return m.State == Active && m.Channel == Voice }

// stands is how long an offer stands.
func (m *machine) stands(phone bool) time.Duration {
	r := m.rules.Call
	if phone {
		return time.Duration(r.Rings)*r.Ring + r.Slack
	}
	return m.rules.ladder(m.Channel).offer
}

// meetBy is until when a leg that is rung now has to be in the room.
func (m *machine) meetBy(phone bool) time.Time {
	d := m.rules.Call.Meet
	if phone {
		d += m.rules.Call.Ring
	}
	return m.now.Add(d)
}

// connect joins a caller to her new owner. Key: the owner's leg is let in already. A caller who is gone leaves work
// to look at.
func (m *machine) connect(phone, key bool) {
	if !m.Call.Alive {
		m.State, m.Call.Wrap, m.Call.ByPhone = WrapUp, m.now.Add(m.rules.Call.Wrap), false
		return
	}
	m.Work, m.Call.Choice = WorkContact, ""
	m.rejoin(phone, key)
	m.Call.CallerIn = false
	m.Call.Room = m.Grant
	m.do(MoveCaller{})
}

// rejoin waits for the owner's leg.
func (m *machine) rejoin(phone, key bool) {
	c := &m.Call
	m.State = Connecting
	c.hush()
	c.OwnerIn, c.ByPhone, c.Dropped = key, phone, false
	c.Meet = m.meetBy(phone && !key)
	if !key {
		m.do(Ring{User: m.Owner, Epoch: m.Grant, Phone: phone})
	}
}

// hush ends what only a talk has.
func (c *Call) hush() {
	c.Held, c.Muted, c.Keys, c.Spoke, c.Silence, c.KeysTill = false, false, false, false, time.Time{}, time.Time{}
}

// met: both are in the room.
func (m *machine) met() {
	c := &m.Call
	if m.State != Connecting || !c.CallerIn || !c.OwnerIn {
		return
	}
	m.State, c.Meet = Active, time.Time{}
	if c.Outbound {
		c.Outbound, c.Choice, m.Work = false, "", WorkContact // it was done as she asked, once
	}
	if c.Talks.IsZero() {
		c.Talks = m.now
	}
}

// callWaits brings a call back into the line, and tells whether it waits: a caller who is gone leaves work.
func (m *machine) callWaits() bool {
	c := &m.Call
	c.hush()
	c.CallerIn, c.OwnerIn, c.Meet, c.Wrap = false, false, time.Time{}, time.Time{}
	m.do(ClearRoom{})
	if c.Outbound || !c.Alive {
		m.endCaller()
		m.followUp()
		return false
	}
	m.do(MoveCaller{})
	return true
}

func (m *machine) endCaller() {
	if m.Call.Alive {
		m.do(EndCaller{})
	}
	m.Call.Alive, m.Call.Outbound, m.Call.CallerIn = false, false, false
}

// endCall ends all legs.
func (m *machine) endCall() {
	if m.Channel != Voice {
		return
	}
	m.endCaller()
	m.do(ClearRoom{})
	m.Call = Call{Room: m.Call.Room, Talks: m.Call.Talks}
}

// followUp leaves work for a human.
func (m *machine) followUp() {
	m.State, m.Since, m.Step, m.Overdue = FollowUp, m.now, 0, false
	m.Tried, m.Rests, m.Preferred, m.DormantTill = nil, time.Time{}, "", time.Time{}
	m.Call.Wrap, m.Call.Meet, m.Call.Dropped, m.Call.Keys = time.Time{}, time.Time{}, false, false
}

func (m *machine) legAnswered(e LegAnswered) {
	till := m.now.Add(m.rules.Call.Key)
	for n, o := range m.Offers {
		if o.User == e.User && o.Epoch == e.Epoch && o.Phone && o.Expires.Before(till) {
			m.Offers[n].Expires = till
		}
	}
	if t := m.Transfer; t != nil && t.User == e.User && t.Epoch == e.Epoch && t.Phone && t.Expires.Before(till) {
		later := *t
		later.Expires = till
		m.Transfer = &later
	}
	person := e.User == "" && m.Call.Outbound // whom we call back
	if m.State == Connecting && m.Grant == e.Epoch && (person || m.Owner == e.User && m.Call.ByPhone) && m.Call.Meet.Before(till) {
		m.Call.Meet = till
	}
}

func (m *machine) legJoined(e LegJoined) {
	switch t := m.Transfer; {
	case t != nil && t.Taken && t.User == e.User && t.Epoch == e.Epoch:
		m.swap(*t)
	case m.Owner == e.User && m.Grant == e.Epoch && m.State == Connecting:
		m.Call.OwnerIn = true
		if c := &m.Call; c.Outbound && !c.CallerIn { // nobody is rung into an empty room
			c.Meet = m.meetBy(true).Add(m.rules.Call.Key)
			m.do(RingCaller{})
		}
		m.met()
	}
}

func (m *machine) legEnded(e LegEnded) {
	o, open := m.OfferTo(e.User)
	switch t := m.Transfer; {
	case open && o.Epoch == e.Epoch && o.Phone:
		m.pageEnded(o, e.How)
	case t != nil && t.Taken && t.User == e.User && t.Epoch == e.Epoch:
		m.endTransfer(Withdrawn, false)
	case m.Owner != e.User || m.Grant != e.Epoch:
	case m.State == Connecting:
		m.notMet()
	case m.talks():
		m.dropped()
	case m.State == WrapUp && m.Call.ByPhone:
		m.wrapped(SaidNothing)
	}
}

// pageEnded: a phone that rang out, or where a machine listened, rings once more: phones let a second call through.
func (m *machine) pageEnded(o Offer, how LegEnd) {
	transfer := m.Transfer != nil && m.Transfer.User == o.User
	switch {
	case how == LegBusy:
		m.endHeld(o.User, Refused, false)
	case how == LegFailed || transfer || o.Rings >= m.rules.Call.Rings:
		m.endHeld(o.User, Lapsed, true)
	case m.Night.On: // it came meanwhile
		m.endHeld(o.User, Lapsed, false)
	default:
		n := slices.IndexFunc(m.Offers, func(other Offer) bool { return other.User == o.User })
		m.Offers[n].Rings++
		m.Offers[n].Expires = m.now.Add(m.rules.Call.Ring + m.rules.Call.Slack)
		m.do(Ring{User: o.User, Epoch: o.Epoch, Phone: true})
	}
}

// notMet: whoever took the call did not come into the room.
func (m *machine) notMet() {
	if m.Call.Outbound {
		m.endCaller()
		m.wrapUp()
		return
	}
	m.again()
}

// again puts a caller who was not joined to her owner back where she was in the line, and on the ladder.
func (m *machine) again() {
	owner, since := m.Owner, m.Since
	m.backToWaiting("")
	if m.State != Waits {
		return
	}
	m.Tried = append(m.Tried, owner)
	if m.Since = since; !m.Call.Talks.IsZero() {
		return
	}
	for _, after := range m.rules.ladder(m.Channel).widen {
		if !m.now.Before(since.Add(after)) {
			m.Step++
		}
	}
}

// dropped: the owner's leg was lost in the middle of a talk. Whoever was on the way takes over; else the caller goes
// to the front of the line.
func (m *machine) dropped() {
	if t := m.Transfer; t != nil && t.Taken {
		m.leave()
		m.Owner, m.Grant, m.Transfer = t.User, t.Epoch, nil
		m.State, m.Call.OwnerIn, m.Call.ByPhone, m.Call.Meet = Connecting, false, t.Phone, t.Expires
		if m.Call.Keys {
			m.Call.CallerIn = false
			m.do(MoveCaller{})
		}
		m.Call.hush()
		m.do(SetRoom{})
		return
	}
	m.backToWaiting(m.Owner)
	if m.State == Waits { // she who was lost may be gone with her leg: somebody is asked beside her at once
		m.Call.Dropped, m.Step = true, min(1, len(m.rules.Call.Widen))
	}
}

func (m *machine) callerLeft() {
	if m.Channel != Voice || !m.Call.Alive {
		return
	}
	outbound := m.Call.Outbound
	m.Call.Alive, m.Call.CallerIn, m.Call.Outbound = false, false, false
	switch {
	case m.State == Connecting && outbound:
		m.wrapUp()
	case m.State == Active:
		m.wrapUp()
	case m.State == Waits, m.State == Asked, m.State == Connecting:
		m.release()
		m.do(ClearRoom{})
		m.followUp()
		m.Work = WorkMissed
	}
}

// wrapUp lets the owner finish: in the console with time to write, on her phone by a key.
func (m *machine) wrapUp() {
	if m.Transfer != nil {
		m.endTransfer(Withdrawn, false)
	}
	c := &m.Call
	c.hush()
	c.Meet, c.CallerIn = time.Time{}, false
	onPhone := c.ByPhone && m.State == Active
	m.State, c.Wrap = WrapUp, m.now.Add(m.rules.Call.Wrap)
	if c.ByPhone = onPhone; onPhone {
		c.Wrap = m.now.Add(m.rules.Call.Outcome)
		m.do(ClearRoom{But: m.Owner}, MoveLeg{User: m.Owner, Epoch: m.Grant})
		return
	}
	c.OwnerIn = false
	m.do(ClearRoom{})
}

// wrapped: she is free, whatever she said. Safe stays with her until she has written her notes; anything else is for
// whoever comes first.
func (m *machine) wrapped(said Said) {
	m.Call.Wrap, m.Call.ByPhone, m.Call.OwnerIn = time.Time{}, false, false
	if m.Transfer != nil {
		m.endTransfer(Withdrawn, false)
	}
	if said == SaidSafe {
		m.sleep()
		return
	}
	m.do(ClearRoom{But: m.Owner}) // hers hears thanks, and ends
	m.leave()
	m.followUp()
	switch m.Work = WorkContact; said {
	case SaidCallback:
		m.Work, m.Call.Choice = WorkCallback, WorkCallback
	case SaidUrgent:
		m.Priority = max(m.Priority, urgent)
		m.do(Alarm{Kind: AlarmUrgent})
	}
}

// sleep frees the owner's slot and leaves the contact with her.
func (m *machine) sleep() {
	m.State, m.DormantTill = Dormant, m.now.Add(m.rules.Dormant)
	m.do(FreeSlot{User: m.Owner})
}

// spoke: a caller who says nothing while the counsellor speaks may not be able to. Without a word of the counsellor's
// nobody knows whether the carrier tells of words at all.
func (m *machine) spoke(e Spoke) {
	c := &m.Call
	switch {
	case !m.talks():
	case e.Caller:
		c.Spoke, c.Silence = true, time.Time{}
	case !c.Spoke && c.Silence.IsZero() && !c.Keys && !c.Silent:
		c.Silence = m.now.Add(m.rules.Call.Silence)
	}
}

// offerKeys does so for a silent caller, once; without one she is back in the talk.
func (m *machine) offerKeys(reached func(time.Time) bool) {
	c := &m.Call
	switch {
	case !m.talks():
	case reached(c.Silence) && !c.Held:
		c.Silence, c.Spoke, c.Keys, c.KeysTill = time.Time{}, true, true, m.now.Add(m.rules.Call.Keys)
		m.do(MoveCaller{})
	case reached(c.Silence):
		c.Silence = time.Time{}
	case reached(c.KeysTill):
		c.Keys, c.KeysTill = false, time.Time{}
		m.do(MoveCaller{})
	}
}

func (m *machine) callTicked(reached func(time.Time) bool) {
	m.offerKeys(reached)
	switch {
	case m.State == Connecting && reached(m.Call.Meet):
		m.notMet()
	case m.State == WrapUp && reached(m.Call.Wrap) && m.Call.ByPhone:
		m.do(DropLeg{User: m.Owner, Epoch: m.Grant})
		m.wrapped(SaidNothing)
	case m.State == WrapUp && reached(m.Call.Wrap):
		m.wrapped(SaidSafe) // written or not, it stays with her
	}
}

func (m *machine) callerPressed(e CallerPressed) {
	if m.Channel != Voice {
		return
	}
	if e.Language != "" && m.Language == "" {
		m.Language = e.Language
	}
	if e.Key != "" && e.Key != KeyStay && !m.Call.KeysTill.IsZero() { // she answers: keys it is
		m.Call.Silent, m.Call.KeysTill = true, time.Time{}
	}
	switch e.Key {
	case KeySilent:
		m.Call.Silent = true
	case KeyDanger:
		m.inDanger(InDanger{On: true})
		m.Priority = max(m.Priority, urgent)
	case KeyVoicemail:
		m.chose(WorkVoicemail, WorkMissed)
	case KeyCallback:
		m.chose(WorkCallback, WorkCallback)
	case KeyStay:
		if m.State == FollowUp && m.Call.Alive { // she would rather wait
			m.State, m.Work, m.Call.Choice, m.Since, m.Lap = Waits, WorkContact, "", m.now, m.Lap+1
		}
	}
}

// chose lets a caller who waits have something else instead. As is what it is until more is known: who wanted to
// leave a message and hung up was missed.
func (m *machine) chose(what, as Work) {
	if !m.Call.Alive || m.State != Waits && m.State != Asked || what == WorkCallback && m.Withheld {
		return
	}
	m.release()
	m.do(ClearRoom{})
	m.followUp()
	m.Call.Choice, m.Work = what, as
}

func (m *machine) voicemailLeft() {
	m.Call.Choice = WorkVoicemail
	if m.State == FollowUp || m.State == Waits || m.State == Asked {
		m.Work = WorkVoicemail
	}
}

// mine is the owner's right to steer her call.
func (m *machine) mine(by UserID) error {
	if !m.talks() || m.Owner != by {
		return Say(ErrConflict, "you are not in this call; nothing was changed")
	}
	return nil
}

func (m *machine) steered(e Steered) error {
	if err := m.mine(e.By); err != nil {
		return err
	}
	held, muted := m.Call.Held, m.Call.Muted
	if e.Hold != nil {
		held = *e.Hold
	}
	if e.Mute != nil {
		muted = *e.Mute
	}
	if held && m.Call.Keys {
		return Say(ErrConflict, "she is answering by keys: end that first; nothing was changed")
	}
	if held == m.Call.Held && muted == m.Call.Muted {
		return nil
	}
	m.Call.Held, m.Call.Muted = held, muted
	m.do(SetRoom{Held: held, Muted: muted})
	return nil
}

func (m *machine) askedByKeys(e AskedByKeys) error {
	if err := m.mine(e.By); err != nil {
		return err
	}
	if e.On || m.Call.Keys { // another question is another document
		m.do(MoveCaller{})
	}
	m.Call.Keys, m.Call.KeysTill, m.Call.Silence = e.On, time.Time{}, time.Time{}
	if e.On {
		m.Call.Held, m.Call.Silent = false, true
	}
	return nil
}

func (m *machine) hungUp(e HungUp) error {
	switch {
	case m.Channel != Voice || !m.Live() || m.Owner != e.By && !e.Supervisor:
		return Say(ErrConflict, "you are not in this call; nothing was changed")
	case m.State == Connecting && m.Call.Outbound:
		m.notMet()
	case m.State == Connecting:
		m.again()
	case m.State == Active:
		m.endCaller()
		m.wrapUp()
	}
	return nil
}

func (m *machine) calledBack(e CalledBack) error {
	switch {
	case m.Channel != Voice || !m.Live() || m.Owner != e.By:
		return Say(ErrConflict, "this contact is not with you; take it first")
	case m.Call.Alive:
		return Say(ErrConflict, "she is in a call with us already")
	case m.Withheld || !m.Address.Answerable():
		return Say(ErrUnsafe, "there is no number to call: wait for the person to reach out again; nobody was called")
	case m.Call.Choice != WorkCallback:
		return Say(ErrUnsafe, "she did not ask to be called back: a call could put her in danger; nobody was called")
	}
	if m.Transfer != nil {
		m.endTransfer(Withdrawn, false)
	}
	slot := m.HoldsSlot()
	m.Epoch++
	m.Grant = m.Epoch
	if slot {
		m.do(FreeSlot{User: e.By})
	}
	m.DormantTill, m.Call.Wrap = time.Time{}, time.Time{}
	m.do(HoldSlot{User: e.By, Epoch: m.Epoch})
	c := &m.Call
	c.Alive, c.Outbound, c.CallerIn, c.Room = true, true, false, m.Grant
	m.rejoin(e.Phone, false)
	return nil
}
