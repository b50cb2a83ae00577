package hotline

import (
	"time"
)

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

// together is within what time two who hang up did so together, whichever is told first.
const together = 10 * time.Second

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
		talked := m.Call.Dropped && m.now.Sub(m.Left) < together
		m.release()
		m.do(ClearRoom{})
		m.followUp()
		switch {
		case talked: // both hung up, and hers was told first
			m.Work = WorkContact
		case m.Work != WorkVoicemail: // she left no message while she waited
			m.Work = WorkMissed
		}
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
