package hotline

import (
	"slices"
	"time"
)

// Interpreting is the search for an interpreter in a talk, and what came of it. One is never changed in place.
type Interpreting struct {
	Language string
	State    InterpretState
	Ahead    []UserID  // who is on duty and was not rung yet, in the order of their turns
	Rung     []UserID  // who was rung, as far as their phones were not heard of since
	Came     UserID    // whose key was the first
	Next     time.Time // when one more is rung, or the search is over; zero: nothing is left to the clock
	Ends     time.Time // when nobody came in time
}

// InterpretState is how far the search for an interpreter is.
type InterpretState string

// The states of a search. The last two are told until the talk ends, or somebody is looked for anew.
const (
	InterpreterRings InterpretState = "ringing"
	InterpreterHere  InterpretState = "here"
	InterpreterNone  InterpretState = "nobody" // all were tried, or the time was over
	InterpreterLeft  InterpretState = "left"
)

// Lost tells whether a user was rung as an interpreter and is too late.
func (i *Interpreting) Lost(user UserID) bool {
	return i != nil && i.State != InterpreterRings && i.Came != user && slices.Contains(i.Rung, user)
}

// Rings tells whether a user is rung as an interpreter, or came as one.
func (i *Interpreting) Rings(user UserID) bool { return i != nil && slices.Contains(i.Rung, user) }

// The events of a search. Whoever comes is a guest of the talk.
type (
	// InterpreterAsked looks for an interpreter among those in Order, who are on duty for the language.
	InterpreterAsked struct {
		At
		By         UserID
		Supervisor bool
		Language   string
		Order      []UserID
	}
	// InterpreterPressed is the key of somebody who was rung.
	InterpreterPressed struct {
		At
		User UserID
	}
	// GuestEnded is a guest who declined, was not reached, or hung up.
	GuestEnded struct {
		At
		User UserID
	}
	// GuestReleased is the owner (or a supervisor) letting a guest go. No user: the interpreter, or whoever is rung as one.
	GuestReleased struct {
		At
		By         UserID
		Supervisor bool
		User       UserID
	}
)

func (InterpreterAsked) Name() string   { return "interpreter.asked" }
func (InterpreterPressed) Name() string { return "interpreter.came" }
func (GuestEnded) Name() string         { return "guest.ended" }
func (GuestReleased) Name() string      { return "guest.released" }

// What the carrier has to do for guests.
type (
	// RingInterpreter rings somebody's own phone for a language.
	RingInterpreter struct {
		User  UserID
		Epoch int64
	}
	// DropGuest ends a guest's leg. Late: one who listens is told that somebody else was quicker.
	DropGuest struct {
		User UserID
		Late bool
	}
)

func (RingInterpreter) effect() {}
func (DropGuest) effect()       {}

// guests applies the events of a search.
func (m *machine) guests(e Event) error {
	switch e := e.(type) {
	case InterpreterAsked:
		return m.interpreterAsked(e)
	case GuestReleased:
		return m.guestReleased(e)
	case InterpreterPressed:
		m.interpreterPressed(e.User)
	case GuestEnded:
		m.guestEnded(e.User)
	}
	return nil
}

// inTalk is the right to have guests in a talk.
func (m *machine) inTalk(by UserID, supervisor bool) error {
	if !m.talks() || m.Owner != by && !supervisor {
		return Say(ErrConflict, "you are not in this call; nothing was changed")
	}
	return nil
}

func (m *machine) interpreterAsked(e InterpreterAsked) error {
	if err := m.inTalk(e.By, e.Supervisor); err != nil {
		return err
	}
	i := m.Call.Interpreting
	switch {
	case i != nil && i.State == InterpreterRings && i.Language == e.Language:
		return nil // asked twice
	case i != nil && i.State == InterpreterRings:
		return Say(ErrConflict, "an interpreter for another language is being rung: end that first; nothing was changed")
	case i != nil && i.State == InterpreterHere:
		return Say(ErrConflict, "an interpreter is in the call: let her go first; nothing was changed")
	case len(e.Order) == 0:
		return Say(ErrNotFound, "nobody is on duty who interprets that language; nobody was rung")
	}
	m.Call.Interpreting = &Interpreting{Language: e.Language, State: InterpreterRings, Ahead: slices.Clone(e.Order),
		Ends: m.now.Add(m.rules.Call.Search)}
	m.ringNext()
	return nil
}

// ringNext rings one more, beside those who ring. The time is shared so that everybody's turn comes before it is over.
func (m *machine) ringNext() {
	i := *m.Call.Interpreting
	switch left := len(i.Ahead); {
	case left > 0:
		user := i.Ahead[0]
		i.Ahead, i.Rung, i.Next = i.Ahead[1:], append(slices.Clone(i.Rung), user), i.Ends
		if left > 1 {
			i.Next = m.now.Add(min(m.rules.Call.Interpret, i.Ends.Sub(m.now)/time.Duration(left)))
		}
		m.do(RingInterpreter{User: user, Epoch: m.Grant})
	case len(i.Rung) == 0:
		i.State, i.Next = InterpreterNone, time.Time{}
	}
	m.Call.Interpreting = &i
}

// interpreterPressed: the first key wins, and all others are late.
func (m *machine) interpreterPressed(user UserID) {
	if !m.Call.Interpreting.Rings(user) || m.Call.Interpreting.State != InterpreterRings {
		return
	}
	i := *m.Call.Interpreting
	i.State, i.Came, i.Ahead, i.Next = InterpreterHere, user, nil, time.Time{}
	m.dropRung(i, true)
	m.Call.Interpreting = &i
}

// dropRung ends the legs of all who were rung and are not there.
func (m *machine) dropRung(i Interpreting, late bool) {
	for _, u := range i.Rung {
		if u != i.Came {
			m.do(DropGuest{User: u, Late: late})
		}
	}
}

func (m *machine) guestEnded(user UserID) {
	if !m.Call.Interpreting.Rings(user) {
		return
	}
	i := *m.Call.Interpreting
	i.Rung = slices.DeleteFunc(slices.Clone(i.Rung), func(u UserID) bool { return u == user })
	if i.State == InterpreterHere && i.Came == user {
		i.State = InterpreterLeft
	}
	m.Call.Interpreting = &i
	if i.State == InterpreterRings {
		m.ringNext()
	}
}

func (m *machine) guestReleased(e GuestReleased) error {
	if err := m.inTalk(e.By, e.Supervisor); err != nil {
		return err
	}
	i := m.Call.Interpreting
	switch {
	case e.User != "" && !i.Rings(e.User):
		m.do(DropGuest{User: e.User})
	case i == nil:
		return Say(ErrConflict, "no interpreter is in this call, or being rung; nothing was changed")
	default:
		for _, u := range i.Rung {
			m.do(DropGuest{User: u})
		}
		m.Call.Interpreting = nil
	}
	return nil
}

// searched lets the next one be rung when it is time, or tells that nobody came.
func (m *machine) searched(reached func(time.Time) bool) {
	if m.Call.Interpreting == nil || !reached(m.Call.Interpreting.Next) {
		return
	}
	if i := *m.Call.Interpreting; reached(i.Ends) {
		i.State, i.Ahead, i.Next = InterpreterNone, nil, time.Time{}
		m.dropRung(i, false)
		m.Call.Interpreting = &i
		return
	}
	m.ringNext()
}
