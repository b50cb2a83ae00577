package rota

import "time"

// IsClosed tells whether a line is closed at an instant: its rota plans for tier 1 that nobody is there, and nobody is on
// duty in any tier. A time of which the rota says nothing is a gap, and not closed.
func IsClosed(s Schedule, at time.Time) bool {
	return Resolve(s, at, at.Add(time.Second))[0].closed()
}

// closedFor is for how long ahead is looked for the end of a time in which a line is closed.
const closedFor = 31 * 24 * time.Hour

// Opens is when a line that is closed at an instant no longer is; zero when that is not to be seen.
func Opens(s Schedule, at time.Time) time.Time {
	for _, segment := range Resolve(s, at, at.Add(closedFor)) {
		if !segment.closed() {
			return segment.Start
		}
	}
	return time.Time{}
}

func (s Segment) closed() bool {
	closed := false
	for _, tier := range s.Tiers {
		if len(tier.Users) > 0 {
			return false
		}
		closed = closed || tier.Number == 1 && tier.Closed
	}
	return closed
}
