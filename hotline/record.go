package hotline

import "time"

// Record is what a contact's page shows.
type Record struct {
	Contact  Contact
	Messages []Message // oldest first
	Notes    []Note
	Triage   Triage
}

// HeldOffer is an offer that is open to somebody.
type HeldOffer struct {
	Contact Contact
	Expires time.Time
}

// Queue is how many wait, and since when the longest.
type Queue struct {
	Waiting int
	Longest time.Time // zero when nobody waits
}

// Overview is all that a console shows before anything is opened.
type Overview struct {
	User      User
	Users     []User
	Contacts  []Contact // mine and live
	Offers    []HeldOffer
	Queue     Queue
	Others    []Contact // overdue ones of others, seen by all
	RotaSaved bool
	Duty      []OnDuty // who is on duty now by the rota; empty when none says it
}

// OnDuty is one tier of the rota at one moment.
type OnDuty struct {
	Tier   int
	Users  []User    // who may be asked
	Closed bool      // the rota says that nobody has to be there
	Why    string    // the slots behind it, for a person to read
	Until  time.Time // zero: for good
}

// Standby is somebody who is on duty to be rung as an interpreter.
type Standby struct {
	User      User
	Languages []string  // for which she is there
	Why       string    // the slot behind it, for a person to read
	Until     time.Time // the end of it
}

// Finding is something that a look at a rota has to say before it is saved.
type Finding struct {
	Kind     string    // "gap" in tier 1; or a warning: "min", "language", "last_tier", "user", "twice", "interpreter"
	Tier     int       // 0: none in particular
	Slot     int       // from 1; 0: none in particular
	From, To time.Time // when it is so, for the first time
	Times    int       // how often in the time that was looked at
	Words    string
}

// Board is all that the router needs to begin anew.
type Board struct {
	Generation string // changes when what Redis knows must be thrown away
	Waiting    []Waiting
	Timed      []Timed // every contact with a next step by the clock
	Users      []Candidate
	Owners     []UserID // who owns an active contact with somebody waiting for a word
}

// Timed is a contact and its next step by the clock.
type Timed struct {
	ID  ContactID
	Due time.Time
}

// Held is what hangs on a user being there.
type Held struct {
	Offered  []ContactID // offers and transfers that are open to her
	Awaiting []ContactID // active contacts of hers with somebody waiting for a word
}
