package rota

import "time"

// Wish is what somebody said about a shift, or about every shift that shares a moment with a time. What is said of a
// shift goes before what is said of a time, and among equals the most careful.
type Wish struct {
	User  string    `json:"user"`
	Shift *ShiftID  `json:"shift,omitempty"` // whatever its seat
	From  time.Time `json:"from,omitzero"`
	To    time.Time `json:"to,omitzero"`
	Will  Will      `json:"will"`
}

// Will is what a wish says.
type Will string

// The wills. Who said nothing can, and is asked after those who said so.
const (
	Cannot Will = "cannot" // never broken
	Can    Will = "can"
	Wants  Will = "wants"
)

func (w Wish) about(id ShiftID, s Span) bool {
	if w.Shift != nil {
		return w.Shift.Whole() == id.Whole()
	}
	return s.meets(Span{w.From, w.To})
}

// careful ranks wills: lower goes first.
func (w Wish) careful() int {
	rank := map[Will]int{Cannot: 0, Wants: 1, Can: 2}[w.Will]
	if w.Shift == nil {
		rank += 3
	}
	return rank
}

// willOf is what a person said of a shift; empty: nothing.
func willOf(wishes []Wish, user string, id ShiftID, s Span) Will {
	best, rank := Will(""), 9
	for _, w := range wishes {
		if r := w.careful(); w.User == user && r < rank && w.about(id, s) {
			best, rank = w.Will, r
		}
	}
	return best
}
