package rota

import (
	"fmt"
	"slices"
)

// Swap is a request: By takes User's seat, and User takes By's Other in return when there is one.
type Swap struct {
	ID    string    `json:"id"`
	Shift ShiftID   `json:"shift"`
	User  string    `json:"user"`
	By    string    `json:"by,omitempty"` // empty: nobody took it yet
	Other *ShiftID  `json:"other,omitempty"`
	State SwapState `json:"state"`
}

// SwapState is how far a swap is.
type SwapState string

// The states of a swap. Only an accepted one changes who is on duty.
const (
	Open      SwapState = "open"
	Taken     SwapState = "taken" // waits for approval
	Accepted  SwapState = "accepted"
	Refused   SwapState = "refused"
	Withdrawn SwapState = "withdrawn"
	Past      SwapState = "past"
)

// Take gives the plan in which by takes a swap that is open; whoever comes second is refused with a [Fault].
func (p Plan) Take(swap, by string) (Plan, error) {
	return p.swapped(swap, func(s *Swap) error {
		if s.State != Open || s.By != "" && s.By != by {
			return fault(0, "somebody took that swap already, or it was meant for another, or it is over")
		}
		s.By, s.State = by, Taken
		return nil
	})
}

// Accept gives the plan in which a swap that was taken is a cover, and two when it goes both ways. It is refused with a
// [Fault] when one of the two does not have the seat any more.
func (p Plan) Accept(swap string) (Plan, error) {
	var done Swap
	p, err := p.swapped(swap, func(s *Swap) error {
		if s.State != Taken {
			return fault(0, "nobody took that swap, or it is over")
		}
		s.State, done = Accepted, *s
		return nil
	})
	if err == nil {
		p, err = p.Give(done.Shift, done.User, done.By, done.ID)
	}
	if err == nil && done.Other != nil {
		p, err = p.Give(*done.Other, done.By, done.User, done.ID+"-back")
	}
	return p, err
}

// swapped gives the plan with one swap changed.
func (p Plan) swapped(id string, change func(*Swap) error) (Plan, error) {
	over := p.over
	over.Swaps = slices.Clone(over.Swaps)
	i := slices.IndexFunc(over.Swaps, func(s Swap) bool { return s.ID == id })
	if i < 0 {
		return p, fault(0, "there is no such swap")
	}
	if err := change(&over.Swaps[i]); err != nil {
		return p, err
	}
	return p.Laid(over)
}

func (c check) swaps() error {
	if len(c.over.Swaps) > maxExceptions {
		return faultAt("swaps", "swaps", "a plan has at most %d", maxExceptions)
	}
	for i, s := range c.over.Swaps {
		path, part := fmt.Sprint("swaps/", i), fmt.Sprint("swap ", i+1)
		if err := c.part(path, part, s.ID); err != nil {
			return err
		}
		if words := s.wrong(); words != "" {
			return faultAt(path, part, "%s", words)
		}
		if s.Shift.Line != c.Line || s.Other != nil && s.Other.Line != c.Line {
			return faultAt(path, part, "its shift is not one of line %s", c.Line)
		}
	}
	return nil
}

func (s Swap) wrong() string {
	seat := func(id ShiftID) bool { return id.Seat >= 1 }
	switch {
	case len(s.User) > maxName || len(s.By) > maxName:
		return "a user's name is too long"
	case !slices.Contains([]SwapState{Open, Taken, Accepted, Refused, Withdrawn, Past}, s.State):
		return fmt.Sprintf("state %s is not known: open, taken, accepted, refused, withdrawn or past", quoted(string(s.State)))
	case s.User == "" || !seat(s.Shift):
		return "it has no user, or no seat"
	case s.By == "" && (s.State == Taken || s.State == Accepted):
		return "it was taken by nobody"
	case s.User == s.By || s.Other != nil && (s.By == "" || !seat(*s.Other) || *s.Other == s.Shift):
		return "it is between two people, and two seats when there is another"
	}
	return ""
}
