package hotline

import "time"

// Outgoing is one send that passed the gate: a message of ours, or a part of one.
type Outgoing struct {
	Message  MessageID
	Part     int // from 0
	From, To Address
	Text     string
	Began    time.Time // when it was first handed to the carrier
	Tries    int
}

// Class is what became of handing a send to the carrier.
type Class int

// The classes of the outcome table.
const (
	Taken  Class = iota + 1 // the carrier has it, under SID
	Refuse                  // the carrier will never take it; Failure says why
	Again                   // it was certainly not taken: try again after After
	Unsure                  // it may have been taken: wait for its report, then look, and only then try again
	Halt                    // the account or its password is wrong: stop everything and alarm
)

// Error codes of a send that are not the carrier's.
const (
	LostAnswer = -1 // the answer was lost, and the carrier does not know it
	TooLate    = -2 // it could not be handed over in time, and may not be safe any more
	Damaged    = -3 // it does not open
)

// Handed is what became of one try.
type Handed struct {
	Class   Class
	SID     string
	Status  Delivery
	Failure *Failure
	After   time.Duration // for Again: not before
}
