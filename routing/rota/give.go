package rota

import (
	"fmt"
	"slices"
	"time"
)

// Give gives the plan in which a seat is another's; nobody's seat is given with an empty from. It is refused with a
// [Fault] when the seat is not the giver's. Nobody else gains or loses a seat by it.
func (p Plan) Give(seat ShiftID, from, to, id string) (Plan, error) {
	x, held := p.Shift(seat)
	i := slices.IndexFunc(x.Seats, func(s Seat) bool { return s.Number == seat.Seat && s.User == from })
	if !held || i < 0 {
		return p, fault(0, "that seat is not hers any more")
	}
	return p.put(x, i, to, id)
}

// Leave gives the plan in which somebody does not have her seat, and nobody has it instead. It is refused with a [Fault]
// when the seat is not hers.
func (p Plan) Leave(seat ShiftID, user, id string) (Plan, error) { return p.Give(seat, user, "", id) }

// Absent gives the plan in which somebody has no seat in shifts that start from one instant until just before another,
// and the seats that she left. IDs are made of id.
func (p Plan) Absent(user string, from, to time.Time, id string) (Plan, []ShiftID, error) {
	var left []ShiftID
	for _, x := range p.shifts(from.UTC(), to.UTC()) {
		for _, s := range x.Seats {
			if s.User != user || x.Start.Before(from) {
				continue
			}
			seat := x.ID.At(s.Number)
			left = append(left, seat)
			var err error
			if p, err = p.Leave(seat, user, fmt.Sprintf("%s-%d", id, len(left))); err != nil {
				return p, nil, err
			}
		}
	}
	return p, left, nil
}

// Claim gives the plan in which somebody takes an open seat of a shift: that one, if its person is away; else a further
// one, if the shift has fewer people than it needs. It is refused with a [Fault] when nothing is open, or she is there
// already; so of two who claim one seat, the second is.
func (p Plan) Claim(seat ShiftID, by, id string) (Plan, error) {
	x, held := p.Shift(seat)
	users := x.users()
	away := slices.ContainsFunc(x.Seats, func(s Seat) bool { return s.Number == seat.Seat && s.User == "" })
	switch {
	case !held:
		return p, fault(0, "that shift is not held")
	case slices.Contains(users, by):
		return p, fault(0, "she is in that shift already")
	case !away && len(users) >= p.all[x.Slot-1].Min:
		return p, fault(0, "that shift has no open seat")
	case !away:
		return p.With(Exception{ID: id, Kind: Extra, Shift: seat.Whole(), By: by})
	}
	return p.Give(seat, "", by, id)
}
