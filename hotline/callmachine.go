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
	case InterpreterAsked, InterpreterPressed, GuestEnded, GuestReleased:
		return m.guests(e)
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
	c.Interpreting = nil
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
	case m.Owner == e.User && m.Grant == e.Epoch && m.State == Connecting && !m.Call.OwnerIn: // told twice, she is rung once
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
		interpreting := m.Call.Interpreting // whoever interprets is in the room still
		m.Call.hush()
		m.Call.Interpreting = interpreting
		m.do(SetRoom{})
		return
	}
	m.backToWaiting(m.Owner)
	if m.State == Waits { // she who was lost may be gone with her leg: somebody is asked beside her at once
		m.Call.Dropped, m.Step = true, min(1, len(m.rules.Call.Widen))
	}
}

func (m *machine) callTicked(reached func(time.Time) bool) {
	m.offerKeys(reached)
	m.searched(reached)
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
