package rota

import (
	"cmp"
	"slices"
	"time"
)

// start is a slot that starts on a day.
type start struct {
	slot    int // its place in all
	reserve bool
}

// starts are the slots that start on d: those of a temporary plan, with whoever stands in for it, or else the day's.
func (p Plan) starts(d date) []start {
	for _, t := range p.temps {
		if d < t.from || d > t.to {
			continue
		}
		starts := each(t.slots[d], false)
		if t.standIn >= 0 {
			starts = append(starts, start{t.standIn, true})
		}
		if t.grid {
			starts = append(starts, each(p.usual(d), true)...)
		}
		return starts
	}
	return each(p.usual(d), false)
}

func each(slots []int, reserve bool) []start {
	starts := make([]start, len(slots))
	for i, slot := range slots {
		starts[i] = start{slot, reserve}
	}
	return starts
}

// usual are the slots of a day without a temporary plan: its template's, or the grid's.
func (p Plan) usual(d date) []int {
	if slots, some := p.days[d]; some {
		return slots
	}
	week := int(floorMod(int64(d.monday()-p.first)/7, int64(p.Weeks)))
	var slots []int
	for i, s := range p.Slots {
		if s.Day == d.weekday() && s.Week == week {
			slots = append(slots, i)
		}
	}
	return slots
}

// on are the shifts that start on d.
func (p Plan) on(d date) []Shift {
	var shifts []Shift
	day := d.String()
	for _, b := range p.starts(d) {
		s := p.all[b.slot]
		x := Shift{Slot: b.slot + 1, Day: day, Start: instant(d.at(s.Start), p.place), End: instant(d.at(s.until()), p.place), reserve: b.reserve, cell: &p.all[b.slot]}
		x.ID, x.From = ShiftID{Line: p.Line, Slot: p.ids[b.slot], Day: x.Day}, p.source(b.slot)
		if x.Start.Before(x.End) && p.seated(&x) {
			shifts = append(shifts, x)
		}
	}
	return shifts
}

func (p Plan) source(slot int) Source {
	if slot < len(p.from) {
		return p.from[slot]
	}
	return Source{Kind: FromGrid}
}

// Shift finds the shift of an id, of whatever seat; false when there is none on that day, or it is cancelled.
func (p Plan) Shift(id ShiftID) (Shift, bool) {
	d, ok := dateOf(id.Day)
	if !ok || id.Line != p.Line {
		return Shift{}, false
	}
	shifts := p.on(d)
	i := slices.IndexFunc(shifts, func(x Shift) bool { return x.ID == id.Whole() })
	if i < 0 {
		return Shift{}, false
	}
	return shifts[i], true
}

// shifts are those that run at some time from from until to, by their start.
func (p Plan) shifts(from, to time.Time) []Shift {
	// A shift ends on the day after its start at the latest, and a country may leave a day out.
	first, last := shown(from, p.place).date()-3, shown(to, p.place).date()+2
	var shifts []Shift
	for d := first; d <= last; d++ {
		for _, x := range p.on(d) {
			if x.Start.Before(to) && x.End.After(from) {
				shifts = append(shifts, x)
			}
		}
	}
	slices.SortStableFunc(shifts, func(a, b Shift) int { return a.Start.Compare(b.Start) })
	return shifts
}

// lastDate is when the last thing that is laid over the grid is over; zero when nothing is.
func (p Plan) lastDate() time.Time {
	var last date
	for d := range p.days {
		last = max(last, d)
	}
	for _, t := range p.temps {
		last = max(last, t.to)
	}
	for id := range p.apply {
		d, _ := dateOf(id.Day)
		last = max(last, d)
	}
	if last == 0 {
		return time.Time{}
	}
	return instant((last + 2).at(0), p.place)
}

// tiersOf puts running shifts together by tier. Whoever stands in counts only where nobody else is.
func tiersOf(running []Shift) []Tier {
	running = slices.Clone(running)
	slices.SortFunc(running, func(a, b Shift) int {
		return cmp.Or(cmp.Compare(a.cell.Tier, b.cell.Tier), cmp.Compare(a.Slot, b.Slot), a.Start.Compare(b.Start))
	})
	var tiers []Tier
	for len(running) > 0 {
		n := running[0].cell.Tier
		end := slices.IndexFunc(running, func(x Shift) bool { return x.cell.Tier != n })
		if end < 0 {
			end = len(running)
		}
		if t := tierOf(n, running[:end]); len(t.Why) > 0 {
			tiers = append(tiers, t)
		}
		running = running[end:]
	}
	return tiers
}

// tierOf puts the running shifts of one tier together.
func tierOf(n int, running []Shift) Tier {
	t := Tier{Number: n, Users: []string{}, Shadows: []string{}}
	for _, reserve := range []bool{false, true} {
		if reserve && (t.Closed || len(t.Users) > 0) {
			break
		}
		for _, x := range running {
			if x.reserve == reserve {
				t.take(x)
			}
		}
	}
	return t
}

func (t *Tier) take(x Shift) {
	t.Why = append(t.Why, x)
	t.Closed = t.Closed || x.cell.Kind == Closed
	for _, seat := range x.Seats {
		switch {
		case seat.User == "":
		case x.cell.Kind == Shadow:
			t.Shadows = join(t.Shadows, seat.User)
		default:
			t.Users = join(t.Users, seat.User)
		}
	}
}
