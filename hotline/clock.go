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
	switch c.State {
	case Waits:
		sooner(c.Rests)
		sooner(r.overdueAt(c))
		sooner(r.widensAt(c))
	case Asked:
		for _, o := range c.Offers {
			sooner(o.Expires)
		}
		sooner(r.overdueAt(c))
		sooner(r.widensAt(c))
	case Connecting:
		sooner(c.Call.Meet)
	case WrapUp:
		sooner(c.Call.Wrap)
	case Active:
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
	case (c.State == Waits || c.State == Asked) && c.Channel == Voice:
		return c.Since.Add(r.Call.Limit)
	case c.State == Waits, c.State == Asked:
		return c.Since.Add(r.Answer)
	case c.Unanswered.IsZero():
		return time.Time{}
	}
	return c.Unanswered.Add(r.Answer)
}

// widensAt is when one more is asked for a call, beside those who are.
func (r Rules) widensAt(c Contact) time.Time {
	if c.Channel != Voice || c.State != Waits && c.State != Asked || c.Call.Step >= len(r.Call.Widen) {
		return time.Time{}
	}
	return c.Since.Add(r.Call.Widen[c.Call.Step])
}

// ticked lets everything happen that is due. It is the only place where time alone moves a contact.
func (m *machine) ticked() {
	reached := func(t time.Time) bool { return !t.IsZero() && !m.now.Before(t) }
	m.lapse("")
	if m.State == Waits && reached(m.Rests) {
		m.nextLap()
	}
	if reached(m.rules.overdueAt(m.Contact)) {
		m.Overdue = true
	}
	for reached(m.rules.widensAt(m.Contact)) {
		m.widen()
	}
	m.callTicked(reached)
	if m.State == Active && m.Channel != Voice && m.Transfer == nil && m.Unanswered.IsZero() && reached(m.LastWritten.Add(m.rules.Idle)) {
		m.State, m.DormantTill = Dormant, m.now.Add(m.rules.Dormant)
		m.do(FreeSlot{User: m.Owner})
	}
	if m.State == Dormant && m.Transfer == nil && reached(m.DormantTill) {
		m.leave()
		m.State, m.Since, m.DormantTill = FollowUp, m.now, time.Time{}
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
	c.Channel, c.LastInbound, c.Call.Alive = Voice, in.At, true
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
