package hotline

import (
	"time"
)

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
	case KeyWoman:
		m.AsksFor, m.Unfit = Woman, time.Time{}
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
	m.Call.Choice = what
	if m.Work != WorkVoicemail { // the recording may have come first
		m.Work = as
	}
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
