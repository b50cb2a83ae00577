package rota

import (
	"slices"
	"time"
)

// Held is something that was saved, and the time in which it held: until just before To, or for ever when that is zero.
type Held[T any] struct {
	What     T
	From, To time.Time
}

func (h Held[T]) at(t time.Time) bool { return !t.Before(h.From) && t.Before(h.until()) }

func (h Held[T]) until() time.Time {
	if h.To.IsZero() {
		return forever
	}
	return h.To
}

// forever is after every time that anybody asks about: the year 9999.
var forever = time.Unix(253370764800, 0).UTC()

// History is a plan over time: at each moment it is the grid, the templates, the temporary plans and the exceptions that
// held at that moment. So nothing that is saved or taken away changes what was before, and a change in the middle of a
// shift counts from there on: the shift is then two that share an id. What is to come is as the plan of now has it. Before
// the first grid nobody was planned.
type History struct {
	now  Plan
	held []era
	days map[date][]Held[Exception] // by the day of their shifts
}

// NewHistory puts together what was saved, each kind in the order in which it was; of two grids at a time the later one
// holds. An overlay is one template with its days, or one temporary plan. Now is the plan that all of it makes now.
func NewHistory(now Plan, grids []Held[Rota], over []Held[Overlay], exceptions []Held[Exception]) History {
	h := History{now: now, days: map[date][]Held[Exception]{}}
	for _, e := range exceptions {
		d, _ := dateOf(e.What.Shift.Day)
		h.days[d] = append(h.days[d], e)
	}
	edges := moments(append(edgesOf(grids), edgesOf(over)...))
	for i, start := range edges {
		end := forever
		if i+1 < len(edges) {
			end = edges[i+1]
		}
		for _, g := range slices.Backward(grids) {
			if g.at(start) {
				h.held = append(h.held, eraOf(g.What, over, Span{start, end}))
				break
			}
		}
	}
	return h
}

// edgesOf are the moments at which something began to hold, or held no more.
func edgesOf[T any](all []Held[T]) (edges []time.Time) {
	for _, h := range all {
		edges = append(edges, h.From)
		if !h.To.IsZero() {
			edges = append(edges, h.To)
		}
	}
	return edges
}

// moments are sorted, each once.
func moments(all []time.Time) []time.Time {
	slices.SortFunc(all, time.Time.Compare)
	return slices.CompactFunc(all, time.Time.Equal)
}

// forgotten is how long a temporary plan may be over before the house reads it no more, and another may have its dates.
const forgotten = 9 * 24 * time.Hour

// eraOf lays what held over a grid. What does not fit is left out whole, as the house does.
func eraOf(r Rota, over []Held[Overlay], in Span) era {
	var laid Overlay
	oldest := in.Start.UTC().Add(-forgotten).Format(time.DateOnly)
	for _, o := range over {
		if !o.at(in.Start) {
			continue
		}
		laid.Templates, laid.Days = append(laid.Templates, o.What.Templates...), append(laid.Days, o.What.Days...)
		for _, t := range o.What.Temporary {
			if t.To >= oldest {
				laid.Temporary = append(laid.Temporary, t)
			}
		}
	}
	p, err := NewPlan(r, laid)
	if err != nil {
		return era{Plan: r.plan(), Span: in, bare: true}
	}
	return era{Plan: p, Span: in}
}

// Began is when the first grid began to hold; the zero time: none did.
func (h History) Began() time.Time {
	if len(h.held) == 0 {
		return time.Time{}
	}
	return h.held[0].Start
}

// At is the plan that held at a moment, without its exceptions: a shift that began then has its slot there.
func (h History) At(t time.Time) Plan { return planAt(h, t) }

func (h History) plan() Plan { return h.now }

func (h History) eras(from, to time.Time) []era {
	var all []era
	for _, e := range h.held {
		if e.meets(Span{from, to}) {
			e.Span = e.within(Span{from, to})
			all = append(all, e)
		}
	}
	return all
}

// around is longer than every shift, on a day that a country leaves out too.
const around = 3 * 24 * time.Hour

// shifts are those of each day as they were in each of its eras. Where a change changed nothing of a shift it is whole.
func (h History) shifts(from, to time.Time) []Shift {
	var all []Shift
	for _, e := range h.eras(from.Add(-around), to.Add(around)) {
		for d := shown(e.Start, e.place).date() - 3; d <= shown(e.End, e.place).date()+1; d++ {
			all = append(all, h.on(e, d)...)
		}
	}
	slices.SortStableFunc(all, func(a, b Shift) int { return a.Start.Compare(b.Start) })
	return slices.DeleteFunc(joined(all), func(x Shift) bool { return !x.Start.Before(to) || !x.End.After(from) })
}

// on are the shifts that start on a day, as an era had them, cut where an exception to one of them was made or taken
// away. No shift of the day runs before it begins, or after the next is over.
func (h History) on(e era, d date) (all []Shift) {
	in := Span{instant(d.at(0), e.place), instant((d + 2).at(0), e.place)}.within(e.Span)
	if !in.Start.Before(in.End) {
		return nil
	}
	changes := h.days[d]
	if e.bare {
		changes = nil
	}
	edges := []time.Time{in.Start, in.End}
	for _, t := range edgesOf(changes) {
		if t.After(in.Start) && t.Before(in.End) {
			edges = append(edges, t)
		}
	}
	edges = moments(edges)
	p := e.Plan
	for i, start := range edges[:len(edges)-1] {
		p.apply = map[ShiftID][]Exception{}
		for _, c := range changes {
			if c.at(start) {
				p.apply[c.What.Shift.Whole()] = append(p.apply[c.What.Shift.Whole()], c.What)
			}
		}
		for _, x := range p.on(d) {
			if s := (Span{x.Start, x.End}).within(Span{start, edges[i+1]}); s.Start.Before(s.End) {
				x.Start, x.End = s.Start, s.End
				all = append(all, x)
			}
		}
	}
	return all
}

// joined puts the parts of shifts, by their start, together again where nobody sees a difference.
func joined(parts []Shift) []Shift {
	last, all := map[ShiftID]int{}, make([]Shift, 0, len(parts))
	for _, x := range parts {
		if i, some := last[x.ID]; some && all[i].goesOn(x) {
			all[i].End = x.End
			continue
		}
		last[x.ID] = len(all)
		all = append(all, x)
	}
	return all
}

// goesOn tells whether a part of a shift is what the part before it was.
func (x Shift) goesOn(next Shift) bool {
	a, b := x.cell, next.cell
	return x.End.Equal(next.Start) && x.From == next.From && x.reserve == next.reserve &&
		a.Tier == b.Tier && a.Kind == b.Kind && a.Min == b.Min && slices.Equal(a.Languages, b.Languages) &&
		slices.EqualFunc(x.Seats, next.Seats, func(s, o Seat) bool {
			return s.Number == o.Number && s.User == o.User && s.Was == o.Was && (s.Exception == "") == (o.Exception == "")
		})
}
