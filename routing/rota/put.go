package rota

import (
	"cmp"
	"slices"
)

// put gives the plan in which one seat of a shift is somebody's, or nobody's. What lies over that shift is written anew
// as what it does, so that no exception that lost what it was for is in the way, or turns against the change. One that is
// new goes by the name of id.
func (p Plan) put(x Shift, at int, to, id string) (Plan, error) {
	seats, landed, _ := p.seats(x.ID, x.Slot)
	seats[at].User, seats[at].Exception = to, cmp.Or(seats[at].Exception, id)
	want := p.waiting(x, seats, landed, at)
	for _, s := range seats {
		if e, some := p.written(x, s); some {
			want = append(want, e)
		}
	}
	over := p.over
	over.Exceptions = slices.DeleteFunc(slices.Clone(over.Exceptions), func(e Exception) bool {
		return e.Shift.Whole() == x.ID && !slices.Contains(want, e)
	})
	for _, e := range want {
		if !slices.Contains(over.Exceptions, e) {
			over.Exceptions = append(over.Exceptions, e)
		}
	}
	return p.Laid(over)
}

// waiting are the exceptions to a shift that are bound to somebody who is not in it, and can stay as they are: she may be
// again. Those whose seat or person the shift has now cannot. Whoever comes by one has her seat by it, not by another.
func (p Plan) waiting(x Shift, seats []Seat, landed []int, at int) (stay []Exception) {
	people := slices.Clone(p.all[x.Slot-1].Users)
	for _, s := range seats {
		people = append(people, s.User)
	}
	taken := func(number int) bool {
		return slices.ContainsFunc(seats, func(s Seat) bool { _, some := p.written(x, s); return some && s.Number == number })
	}
	for k, e := range p.apply[x.ID] {
		i := landed[k]
		comes := i >= 0 && i != at && e.Kind == Cover && seats[i].Exception == e.ID && seats[i].Was == ""
		if i >= 0 && !comes || slices.Contains(people, e.User) || taken(e.Shift.Seat) {
			continue
		}
		stay = append(stay, e)
		if comes {
			seats[i].Exception = ""
		}
	}
	return stay
}

// written is the exception that makes a seat what it is; false when it needs none.
func (p Plan) written(x Shift, s Seat) (Exception, bool) {
	e := Exception{ID: s.Exception, Shift: x.ID.At(s.Number), By: s.User}
	if s.Number >= firstExtra {
		e.Kind = Extra
		return e, s.Exception != "" && s.User != ""
	}
	e.User, e.Kind = p.all[x.Slot-1].Users[s.Number-1], Cover
	if s.User == "" {
		e.Kind = Absence
	}
	return e, s.User != e.User
}
