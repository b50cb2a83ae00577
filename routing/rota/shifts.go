package rota

import "time"

// Shifts are those that run at some time from one instant until just before another, by their start; those without
// anybody too, and not those that are cancelled.
func Shifts(s Schedule, from, to time.Time) []Shift { return s.shifts(from.UTC(), to.UTC()) }

// SlotOf is the slot that a shift comes from, with its id; it may be one that is laid over the grid.
func (p Plan) SlotOf(x Shift) Slot {
	s := p.all[x.Slot-1]
	s.ID = p.ids[x.Slot-1]
	return s
}

// StandsIn tells whether a shift counts only where nobody else is.
func (x Shift) StandsIn() bool { return x.reserve }

// Identified is the rota with an id on every slot, so that an edit by whoever reads it keeps the shifts.
func (r Rota) Identified() Rota {
	slots := make([]Slot, len(r.Slots))
	for i, s := range r.Slots {
		s.ID = r.ids[i]
		slots[i] = s
	}
	r.Slots = slots
	return r
}
