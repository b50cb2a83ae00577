package rota

import (
	"fmt"
	"time"
)

// Rota is one line's grid. Only [Parse] and [Rota.Renamed] make one that may be used.
type Rota struct {
	Line   string `json:"line"`   // a number of the hotline's own, or "*" for every line
	Zone   string `json:"zone"`   // IANA, like "Europe/Copenhagen"
	Weeks  int    `json:"weeks"`  // after so many it repeats
	Anchor string `json:"anchor"` // a day in week 0; a Monday when there are several weeks
	Slots  []Slot `json:"slots"`

	place *time.Location
	first date     // the Monday of week 0
	ids   []string // of the slots
	lines []int    // of the slots in the text that they were read from; nil when it has one line
}

// Slot is one cell of the grid.
type Slot struct {
	ID        string   `json:"id,omitempty"`   // names its shifts for ever; empty: one is made of its cell
	Date      string   `json:"date,omitempty"` // only in a temporary plan: the day on which it starts
	Week      int      `json:"week"`           // from 0
	Day       int      `json:"day"`            // on which it starts; 1 is Monday
	Start     Minute   `json:"start"`
	End       Minute   `json:"end"`            // at or before Start: on the next day
	Tier      int      `json:"tier,omitempty"` // 1 is asked first; an interpreter has none
	Min       int      `json:"min"`            // how many people it needs
	Users     []string `json:"users"`
	Languages []string `json:"languages,omitempty"` // somebody of the tier has to speak each; of an interpreter what she is there for
	Kind      Kind     `json:"kind"`
}

// Kind is what a slot is for.
type Kind string

// The kinds of the contract.
const (
	Duty   Kind = "duty"
	Closed Kind = "closed" // nobody has to be there
	Shadow Kind = "shadow" // a trainee, who is never counted and never asked
	// Interpreter is somebody who is rung into a talk for a language, and never asked to take a contact.
	Interpreter Kind = "interpreter"
)

// AllLines is the line of a rota for every line that has none of its own.
const AllLines = "*"

// Minute is a time of day in minutes, "20:00" in JSON; 24:00 is the end of the day.
type Minute int

// String is "20:00".
func (m Minute) String() string { return fmt.Sprintf("%02d:%02d", int(m)/60, int(m)%60) }

// MarshalText is for JSON.
func (m Minute) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// minuteOf reads "20:00".
func minuteOf(text string) (Minute, bool) {
	if text == "24:00" {
		return minutesADay, true
	}
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return 0, false
	}
	return Minute(t.Hour()*60 + t.Minute()), true
}

// until is the slot's end in minutes after the midnight before its start; it may be on the next day.
func (s Slot) until() Minute {
	if s.End <= s.Start {
		return s.End + minutesADay
	}
	return s.End
}

// weekdays names the days, Monday first.
var weekdays = [...]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

// Words say which slot number n (from 1) is, for a person to read.
func (r Rota) Words(n int) string { return fmt.Sprintf("slot %d: %s", n, r.cell(r.Slots[n-1])) }

// cell says when a slot of the grid is.
func (r Rota) cell(s Slot) string {
	words := fmt.Sprintf("%s %s–%s", weekdays[s.Day-1], s.Start, s.End)
	if r.Weeks > 1 {
		words += fmt.Sprintf(" of week %d", s.Week)
	}
	return words + " (" + r.Zone + ")"
}

// LastTier is the highest tier that anybody has duty in; 1 when nobody has.
func (r Rota) LastTier() int {
	last := 1
	for _, s := range r.Slots {
		if s.Kind == Duty {
			last = max(last, s.Tier)
		}
	}
	return last
}

// fault is about a slot, with the line that it was read from.
func (r Rota) fault(slot int, format string, args ...any) error {
	f := fault(slot, format, args...).(*Fault)
	if slot <= len(r.lines) {
		f.Line = r.lines[slot-1]
	}
	return f
}

// Renamed gives the rota with other names for its users: e-mail addresses become ids, or the other way round. An error
// of name is given as a [Fault] of its slot, with the error's text.
func (r Rota) Renamed(name func(user string) (string, error)) (Rota, error) {
	slots := make([]Slot, len(r.Slots))
	for i, s := range r.Slots {
		users := make([]string, len(s.Users))
		for j, user := range s.Users {
			var err error
			if users[j], err = name(user); err != nil {
				return Rota{}, r.fault(i+1, "%s", err)
			}
		}
		s.Users = users
		slots[i] = s
	}
	r.Slots = slots
	return r, r.overlaps()
}
