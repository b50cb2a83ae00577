package rota

import (
	"fmt"
	"slices"
	"time"
)

// Give gives the plan in which a seat is another's. When an exception put the giver there, it changes; else there is a
// new cover by the name of id. It is refused with a [Fault] when the seat is not the giver's.
func (p Plan) Give(seat ShiftID, from, to, id string) (Plan, error) {
	if err := p.holds(seat, from); err != nil {
		return p, err
	}
	return p.changed(seat, func(e *Exception) bool {
		switch {
		case e.ID == "":
			*e = Exception{ID: id, Kind: Cover, Shift: seat, User: from, By: to}
		case e.User == to:
			return false // back to whose it was
		default:
			e.By = to
		}
		return true
	})
}

// Leave gives the plan in which somebody does not have her seat, and nobody has it instead. It is refused with a [Fault]
// when the seat is not hers.
func (p Plan) Leave(seat ShiftID, user, id string) (Plan, error) {
	if err := p.holds(seat, user); err != nil {
		return p, err
	}
	return p.changed(seat, func(e *Exception) bool {
		switch e.Kind {
		case Extra:
			return false
		case Cover:
			e.Kind, e.By = Absence, ""
		default:
			*e = Exception{ID: id, Kind: Absence, Shift: seat, User: user}
		}
		return true
	})
}

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
	return p.changed(seat, func(e *Exception) bool {
		if e.User == by {
			return false // she comes after all
		}
		e.Kind, e.By = Cover, by
		return true
	})
}

// holds refuses when a seat is not somebody's.
func (p Plan) holds(seat ShiftID, user string) error {
	x, held := p.Shift(seat)
	if !held || !slices.ContainsFunc(x.Seats, func(s Seat) bool { return s.Number == seat.Seat && s.User == user }) {
		return fault(0, "that seat is not hers any more")
	}
	return nil
}

// changed gives the plan with the exception of a seat changed, or an empty one made one; change tells whether it stays.
func (p Plan) changed(seat ShiftID, change func(*Exception) bool) (Plan, error) {
	over := p.over
	over.Exceptions = slices.Clone(over.Exceptions)
	at := slices.IndexFunc(over.Exceptions, func(e Exception) bool { return e.Shift == seat })
	if at < 0 {
		at = len(over.Exceptions)
		over.Exceptions = append(over.Exceptions, Exception{})
	}
	if !change(&over.Exceptions[at]) {
		over.Exceptions = slices.Delete(over.Exceptions, at, at+1)
	}
	return p.Laid(over)
}
