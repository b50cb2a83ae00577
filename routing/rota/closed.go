package rota

import "time"

// IsClosed tells whether a line is closed at an instant: its rota plans for tier 1 that nobody is there, and nobody is on
// duty in any tier. A time of which the rota says nothing is a gap, and not closed.
func IsClosed(s Schedule, at time.Time) bool {
	closed := false
	for _, tier := range Resolve(s, at, at.Add(time.Second))[0].Tiers {
		if len(tier.Users) > 0 {
			return false
		}
		closed = closed || tier.Number == 1 && tier.Closed
	}
	return closed
}
