package rota

import (
	"cmp"
	"slices"
	"time"
)

// Span is a time: from Start until just before End.
type Span struct{ Start, End time.Time }

// Stretch is a time that somebody has in one seat of one shift. It is the whole shift, except where she only stands in,
// or where the time that was asked for cuts it.
type Stretch struct {
	Span
	ID     ShiftID
	User   string
	Tier   int
	Shadow bool // a trainee: there, and never asked

	Interprets bool // in no tier
}

// Stretches are the duties of everybody in the tiers from one instant until just before another, by their start.
func Stretches(s Schedule, from, to time.Time) []Stretch {
	g := newGather()
	for _, segment := range Resolve(s, from, to) {
		g.tiers(segment)
	}
	return sorted(g.all)
}

// taken is somebody in a seat.
type taken struct {
	id   ShiftID
	user string
}

// gather puts together what several segments in a row say of one seat.
type gather struct {
	all  []Stretch
	last map[taken]int
}

func newGather() gather { return gather{last: map[taken]int{}} }

func (g *gather) tiers(s Segment) {
	for _, t := range s.Tiers {
		for _, x := range t.Why {
			g.shift(s, x, Stretch{Tier: t.Number, Shadow: x.cell.Kind == Shadow})
		}
	}
}

func (g *gather) standby(s Segment) {
	for _, x := range s.Standby {
		g.shift(s, x, Stretch{Interprets: true})
	}
}

// shift adds who is in a shift in a segment; as is what is the same for all of them.
func (g *gather) shift(s Segment, x Shift, as Stretch) {
	for _, seat := range x.Seats {
		k := taken{x.ID.At(seat.Number), seat.User}
		if i, some := g.last[k]; some && g.all[i].End.Equal(s.Start) {
			g.all[i].End = s.End
			continue
		}
		if seat.User != "" {
			as.Span, as.ID, as.User = s.span(), k.id, seat.User
			g.last[k] = len(g.all)
			g.all = append(g.all, as)
		}
	}
}

func sorted(all []Stretch) []Stretch {
	slices.SortStableFunc(all, func(a, b Stretch) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Tier, b.Tier), cmp.Compare(a.User, b.User))
	})
	return all
}

// spansOf are the times that each person has duty, trainees too, sorted and put together where they meet or overlap.
func spansOf(all []Stretch) map[string][]Span {
	spans := map[string][]Span{}
	for _, s := range all {
		spans[s.User] = append(spans[s.User], s.Span)
	}
	for u := range spans {
		spans[u] = merged(spans[u])
	}
	return spans
}

// merged puts spans together that meet or overlap.
func merged(spans []Span) []Span {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End)) })
	var all []Span
	for _, s := range spans {
		if n := len(all); n > 0 && !s.Start.After(all[n-1].End) {
			if s.End.After(all[n-1].End) {
				all[n-1].End = s.End
			}
			continue
		}
		all = append(all, s)
	}
	return all
}

// without are those times of a that are not in b; both are merged.
func without(a, b []Span) []Span {
	var all []Span
	for _, s := range a {
		for _, other := range b {
			if !other.meets(s) {
				continue
			}
			if s.Start.Before(other.Start) {
				all = append(all, Span{s.Start, other.Start})
			}
			s.Start = other.End
		}
		if s.Start.Before(s.End) {
			all = append(all, s)
		}
	}
	return all
}

// cut are those parts of spans, which are merged, that fall into a time.
func cut(spans []Span, in Span) []Span {
	var all []Span
	first, _ := slices.BinarySearchFunc(spans, in.Start, func(s Span, t time.Time) int { return s.End.Compare(t) })
	for _, s := range spans[first:] {
		if !s.Start.Before(in.End) {
			break
		}
		if s = s.within(in); s.Start.Before(s.End) {
			all = append(all, s)
		}
	}
	return all
}

// within is the part of a span that falls into another; it is empty when none does.
func (s Span) within(in Span) Span {
	if in.Start.After(s.Start) {
		s.Start = in.Start
	}
	if in.End.Before(s.End) {
		s.End = in.End
	}
	return s
}

func (s Span) meets(other Span) bool { return s.Start.Before(other.End) && other.Start.Before(s.End) }

func (s Span) length() time.Duration { return s.End.Sub(s.Start) }

// common is how long two spans share.
func (s Span) common(other Span) time.Duration {
	return max(0, s.within(other).length())
}

func total(spans []Span) (sum time.Duration) {
	for _, s := range spans {
		sum += s.length()
	}
	return sum
}
