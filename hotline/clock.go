package hotline

import "time"

// Due is the time of the contact's next step by the clock; zero when only a human can move it. A contact that is
// not closed, not overdue and not to be followed up always has one.
func (r Rules) Due(c Contact) time.Time {
	var due time.Time
	sooner := func(t time.Time) {
		if !t.IsZero() && (due.IsZero() || t.Before(due)) {
			due = t
		}
	}
	if c.Transfer != nil {
		sooner(c.Transfer.Expires)
	}
	if i := c.Call.Interpreting; i != nil {
		sooner(i.Next)
	}
	switch c.State {
	case Waits:
		sooner(c.Rests)
		sooner(r.overdueAt(c))
		sooner(r.widensAt(c))
		sooner(c.turnsAt())
	case Asked:
		for _, o := range c.Offers {
			sooner(o.Expires)
		}
		sooner(r.overdueAt(c))
		sooner(r.widensAt(c))
		sooner(c.turnsAt())
	case Connecting:
		sooner(c.Call.Meet)
	case WrapUp:
		sooner(c.Call.Wrap)
	case Active:
		sooner(c.Call.Silence)
		sooner(c.Call.KeysTill)
		sooner(r.overdueAt(c))
		if c.Unanswered.IsZero() && c.Transfer == nil && c.Channel != Voice {
			sooner(c.LastWritten.Add(r.Idle))
		}
	case Dormant:
		if c.Transfer == nil {
			sooner(c.DormantTill)
		}
	}
	return due
}

// overdueAt is when a person has waited too long for a word.
func (r Rules) overdueAt(c Contact) time.Time {
	switch {
	case c.Overdue:
		return time.Time{}
	case c.State == Waits, c.State == Asked:
		return c.Since.Add(r.limit(c))
	case c.Unanswered.IsZero():
		return time.Time{}
	}
	return c.Unanswered.Add(r.Answer)
}

// limit is how long a contact waits before it is overdue and its caller is offered something else. Who came when the line
// was closed need not wait for that; once she talked with somebody she is a caller like any other.
func (r Rules) limit(c Contact) time.Duration {
	if c.Call.cameClosed() {
		return r.Call.Closed
	}
	return r.ladder(c.Channel).limit
}

// cameClosed tells whether the call came when the line was closed, and nobody talked with its caller yet.
func (c Call) cameClosed() bool { return c.Closed && c.Talks.IsZero() }

// ladder is how a contact that waits reaches more and more people.
type ladder struct {
	offer, lap, limit time.Duration
	widen             []time.Duration
}

func (r Rules) ladder(c Channel) ladder {
	if c == Voice {
		return ladder{offer: r.Call.Offer, lap: r.Call.Lap, limit: r.Call.Limit, widen: r.Call.Widen}
	}
	return ladder{offer: r.Offer, lap: r.Lap, limit: r.Answer, widen: r.Widen}
}

// widensAt is when one more is asked, beside those who are.
func (r Rules) widensAt(c Contact) time.Time {
	steps := r.ladder(c.Channel).widen
	if c.State != Waits && c.State != Asked || c.Step >= len(steps) {
		return time.Time{}
	}
	return c.Since.Add(steps[c.Step])
}

// turnsAt is when a night begins or ends for a contact that waits.
func (c Contact) turnsAt() time.Time {
	if c.State != Waits && c.State != Asked {
		return time.Time{}
	}
	return c.Night.Turns
}

// ticked lets everything happen that is due. It is the only place where time alone moves a contact.
func (m *machine) ticked() {
	reached := func(t time.Time) bool { return !t.IsZero() && !m.now.Before(t) }
	m.lapse("")
	m.callTicked(reached)
	if m.State == Waits && reached(m.Rests) {
		m.nextLap()
	}
	for reached(m.turnsAt()) {
		m.Night = m.Night.turn()
	}
	if reached(m.rules.overdueAt(m.Contact)) {
		m.overdue()
	}
	for reached(m.rules.widensAt(m.Contact)) {
		m.widen()
	}
	if m.State == Active && m.Channel != Voice && m.Transfer == nil && m.Unanswered.IsZero() && reached(m.LastWritten.Add(m.rules.Idle)) {
		m.State, m.DormantTill = Dormant, m.now.Add(m.rules.Dormant)
		m.do(FreeSlot{User: m.Owner})
	}
	if m.State == Dormant && m.Transfer == nil && reached(m.DormantTill) {
		m.leave()
		m.State, m.Since, m.DormantTill = FollowUp, m.now, time.Time{}
	}
}

// overdue shows the contact to everybody until a human acts. Of a call the supervisors were told before.
func (m *machine) overdue() {
	m.Overdue = true
	if m.Channel != Voice && !m.Night.On {
		m.do(Alarm{Kind: AlarmWaiting})
	}
}

// widen lets one more be asked beside the others; the last step of a call tells the supervisors.
func (m *machine) widen() {
	m.Step++
	if m.Channel == Voice && m.Step == len(m.rules.Call.Widen) {
		m.do(Alarm{Kind: AlarmWaiting})
	}
}

// lapse ends what is held out past its deadline. It is no miss of the user who is acting on it: the sweep was late, or
// she was by a second.
func (m *machine) lapse(acting UserID) {
	if m.Transfer != nil && !m.now.Before(m.Transfer.Expires) {
		m.endTransfer(Lapsed, m.Transfer.User != acting)
	}
	for _, o := range m.Offers {
		if !m.now.Before(o.Expires) {
			m.endOffer(o, Lapsed, o.User != acting)
		}
	}
}

// nextLap lets everybody be asked again. The person keeps her place in the queue.
func (m *machine) nextLap() {
	m.Lap++
	m.Tried, m.Rests = nil, time.Time{}
}

// OpenCall is a call as it begins.
func OpenCall(id ContactID, in IncomingCall) Contact {
	c := Open(id, in.From, in.To, in.At)
	c.Channel, c.LastInbound, c.Call.Alive, c.Call.Closed = Voice, in.At, true, in.Closed
	return c
}

// Open is a contact as it begins: somebody reached us, and waits.
func Open(id ContactID, from, to Address, at time.Time) Contact {
	return Contact{
		ID: id, Channel: channelOf(from, to), Line: to.Line(), Address: from, Ours: to, Withheld: from.Withheld(),
		State: Waits, Work: WorkContact, Opened: at, Since: at,
	}
}

// channelOf: some accounts give a sender on WhatsApp without its prefix, so the address of ours decides too.
func channelOf(from, to Address) Channel {
	if c := from.Channel(); c != SMS {
		return c
	}
	return to.Channel()
}
