package rota

import (
	"fmt"
	"slices"
)

func (c check) exceptions() error {
	if len(c.over.Exceptions) > maxExceptions {
		return faultAt("exceptions", "exceptions", "a plan has at most %d", maxExceptions)
	}
	c.over.Exceptions = slices.Clone(c.over.Exceptions)
	for i := range c.over.Exceptions {
		path, part := fmt.Sprint("exceptions/", i), fmt.Sprint("exception ", i+1)
		e := &c.over.Exceptions[i]
		if err := c.part(path, part, e.ID); err != nil {
			return err
		}
		if e.Kind == Extra && e.Shift.Seat == 0 {
			e.Shift.Seat = c.freeSeat(e.Shift)
		}
		if words := e.wrong(); words != "" {
			return faultAt(path, part, "%s", words)
		}
		if e.Shift.Line != c.Line {
			return faultAt(path, part, "its shift is one of line %s, not of %s", quoted(e.Shift.Line), c.Line)
		}
	}
	return nil
}

// freeSeat is the first seat for extras of a shift that no exception has.
func (c check) freeSeat(id ShiftID) int {
	for seat := firstExtra; ; seat++ {
		if !slices.ContainsFunc(c.over.Exceptions, func(e Exception) bool { return e.Shift == id.At(seat) }) {
			return seat
		}
	}
}

// wrong says what an exception lacks; empty: nothing.
func (e Exception) wrong() string {
	own := e.Shift.Seat >= 1 && e.Shift.Seat < firstExtra
	switch {
	case len(e.User) > maxName || len(e.By) > maxName:
		return "a user's name is too long"
	case e.Kind == Absence && (!own || e.User == "" || e.By != ""):
		return "an absence has the seat of its user, and nobody who comes"
	case e.Kind == Cover && (!own || e.User == "" || e.By == "" || e.User == e.By):
		return "a cover has a seat, a user, and another who comes by"
	case e.Kind == Extra && (e.Shift.Seat < firstExtra || e.By == "" || e.User != ""):
		return fmt.Sprintf("an extra has a seat from %d, and only who comes by", firstExtra)
	case e.Kind == Cancel && (e.Shift.Seat != 0 || e.User != "" || e.By != ""):
		return "a shift is cancelled as a whole: seat 0, and nobody named"
	case !slices.Contains([]Change{Absence, Cover, Extra, Cancel}, e.Kind):
		return fmt.Sprintf("kind %s is not known: absence, cover, extra or cancel", quoted(string(e.Kind)))
	}
	return ""
}

// seats refuses two exceptions on one seat of one shift, and puts them by their shifts.
func (c check) seats() error {
	first := map[ShiftID]int{}
	c.apply = map[ShiftID][]Exception{}
	for i, e := range c.over.Exceptions {
		if other, there := first[e.Shift]; there {
			return faultAt(fmt.Sprint("exceptions/", i), fmt.Sprint("exception ", i+1),
				"seat %d of that shift has an exception already: see exception %d", e.Shift.Seat, other+1)
		}
		first[e.Shift] = i
		c.apply[e.Shift.Whole()] = append(c.apply[e.Shift.Whole()], e)
	}
	return nil
}

func (c check) confirmed() error {
	if len(c.over.Confirmed) > maxExceptions {
		return faultAt("confirmed", "confirmed", "a plan has at most %d", maxExceptions)
	}
	for i, said := range c.over.Confirmed {
		if said.Shift.Seat < 1 || said.Shift.Line != c.Line || said.User == "" || len(said.User) > maxName {
			return faultAt(fmt.Sprint("confirmed/", i), fmt.Sprint("confirmation ", i+1), "it is of no seat of line %s, or nobody's", c.Line)
		}
	}
	return nil
}

// Seat is one person's place in a shift.
type Seat struct {
	Number    int
	User      string // empty: nobody
	Was       string // whose seat it is by the slot, when that changed
	Exception string // the id of what changed it
}

// seated gives a shift its people, with the exceptions to it in order; false when it is cancelled.
func (p Plan) seated(x *Shift) (held bool) {
	x.Seats, _, held = p.seats(x.ID, x.Slot)
	return held
}

// seats are those of a shift, and for each exception to it the one that it changed; -1: none. Held is false when the
// shift is cancelled.
func (p Plan) seats(id ShiftID, slot int) (seats []Seat, landed []int, held bool) {
	changes := p.apply[id]
	users := p.all[slot-1].Users
	seats = make([]Seat, len(users), len(users)+len(changes))
	for i, u := range users {
		seats[i] = Seat{Number: i + 1, User: u}
	}
	for _, e := range changes {
		i := whose(seats, e)
		switch {
		case e.Kind == Cancel:
			return nil, nil, false
		case e.Kind == Extra:
			i, seats = len(seats), append(seats, Seat{Number: e.Shift.Seat, User: e.By, Exception: e.ID})
		case i >= 0:
			seats[i].User, seats[i].Was, seats[i].Exception = e.By, e.User, e.ID
		case e.By != "":
			i, seats = len(seats), append(seats, Seat{Number: late(seats, changes, e), User: e.By, Exception: e.ID})
		}
		landed = append(landed, i)
	}
	return seats, landed, true
}

// whose is the seat that an absence or a cover changes; -1: none. Whoever comes for somebody who is not in the shift
// comes all the same; an absence of one who is not there changes nothing, and never takes the seat of another.
func whose(seats []Seat, e Exception) int {
	if e.User == "" {
		return -1
	}
	i := slices.IndexFunc(seats, func(s Seat) bool { return s.Number == e.Shift.Seat && s.User == e.User && s.Exception == "" })
	if i < 0 {
		i = slices.IndexFunc(seats, func(s Seat) bool { return s.User == e.User })
	}
	return i
}

// firstLate is the first seat of people who come for somebody who is not in the shift any more.
const firstLate = 500

// late is the seat of whoever comes for somebody who is not there: one of her own, since the other is somebody else's now.
// It stays the same while nothing else is made of the cover.
func late(seats []Seat, changes []Exception, e Exception) int {
	number := firstLate + e.Shift.Seat
	for slices.ContainsFunc(seats, func(s Seat) bool { return s.Number == number }) ||
		slices.ContainsFunc(changes, func(c Exception) bool { return c.Shift.Seat == number }) {
		number++
	}
	return number
}
