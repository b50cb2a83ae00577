package rota

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Proposal is how the open seats could be filled. Nothing of it holds before [Plan.With] and a save.
type Proposal struct {
	Exceptions []Exception // one extra for each seat that is filled
	Empty      []Empty     // seats that nobody can have
	Unmet      []Wish      // those of whoever wanted a shift, or one in a time, and gets none of them
}

// Empty is a seat that stays empty, and why each of the people known cannot have it.
type Empty struct {
	Span
	Shift ShiftID
	Tier  int
	Why   []Obstacle
}

// Obstacle is why one person cannot have a seat: "ann said that she cannot".
type Obstacle struct {
	User  string
	Words string
}

// Fill proposes people for the seats that are open in shifts of duty that start from one instant until just before
// another: as many as a slot's min lacks of people who count. Whoever is planned stays.
//
// No proposal breaks a limit or a "cannot", or puts somebody in two places. Within that, in this order: no shift of
// tier 1 without anybody, then tier 1 whole, then the other tiers, then languages, then nights as even as they can be,
// with those that are planned already, then wishes, then even hours. A shift that is longer than rest allows by itself is
// the plan's own choice. The same arguments give the same proposal.
func Fill(p Plan, from, to time.Time, known map[string]Person, wishes []Wish, limits Limits) Proposal {
	f := newFiller(p, Span{from.UTC(), to.UTC()}, known, wishes, limits)
	f.greedy()
	f.search()
	return f.proposal()
}

// opening is an open seat.
type opening struct {
	Span
	id     ShiftID
	shift  int // its place among the pools
	tier   int
	first  bool // nobody else is planned for its shift before it
	nights []part
	weeks  []part
}

// part is how much of a seat falls on a night or into a week, by its place in a hand's list.
type part struct {
	at int
	of time.Duration
}

// pool is a shift with open seats.
type pool struct {
	openings []int
	lacks    []string // languages that nobody who is planned speaks
}

// maxOpenings is how many open seats one proposal looks at.
const maxOpenings = 1000

// filler is a proposal in the making.
type filler struct {
	plan     Plan
	limits   Limits
	known    map[string]Person
	wishes   []Wish
	people   []string // who counts, by name
	asked    Span
	base     date // the first day of a hand's list; a Monday
	days     int
	openings []opening
	beyond   []opening // too many to look at
	pools    []pool
	who      []int    // by opening: the place of a person among people; -1: nobody
	will     [][]Will // by person and opening
	away     [][]bool // likewise: a calendar says so
	hands    []hand
}

func newFiller(p Plan, asked Span, known map[string]Person, wishes []Wish, limits Limits) *filler {
	f := &filler{plan: p, limits: limits, known: known, wishes: wishes, asked: asked}
	f.base = (shown(asked.Start.Add(-2*before), p.place).date()).monday()
	f.days = int(shown(asked.End.Add(2*before), p.place).date()-f.base) + 14
	for _, u := range slices.Sorted(maps.Keys(known)) {
		if known[u].counts(limits) {
			f.people = append(f.people, u)
		}
	}
	for _, x := range p.shifts(asked.Start, asked.End) {
		if s := p.all[x.Slot-1]; s.Kind == Duty && !x.reserve && !x.Start.Before(asked.Start) {
			f.open(x, s)
		}
	}
	f.deal()
	return f
}

// open adds the open seats of a shift.
func (f *filler) open(x Shift, s Slot) {
	l := look{Plan: Plan{Limits: f.limits}, known: f.known}
	there := l.answering(x.users())
	if len(there) >= s.Min {
		return
	}
	q := pool{}
	for _, language := range s.Languages {
		if !l.speaks(there, language) && !slices.Contains(q.lacks, language) {
			q.lacks = append(q.lacks, language)
		}
	}
	seat := firstExtra
	for _, e := range f.plan.apply[x.ID] {
		seat = max(seat, e.Shift.Seat+1)
	}
	for i := range s.Min - len(there) {
		o := opening{Span: Span{x.Start, x.End}, id: x.ID.At(seat + i), shift: len(f.pools), tier: s.Tier, first: i == 0 && len(there) == 0}
		o.nights, o.weeks = f.parts(o.Span)
		if len(f.openings) == maxOpenings {
			f.beyond = append(f.beyond, o)
			continue
		}
		q.openings = append(q.openings, len(f.openings))
		f.openings = append(f.openings, o)
	}
	if len(q.openings) > 0 {
		f.pools = append(f.pools, q)
	}
}

// parts are the nights and the weeks that a span has a part of.
func (f *filler) parts(s Span) (nights, weeks []part) {
	for d := shown(s.Start, f.plan.place).date() - 1; d <= shown(s.End, f.plan.place).date(); d++ {
		if h := s.common(f.plan.night(d)); h > 0 {
			nights = append(nights, part{int(d - f.base), h})
		}
		if h := s.common(f.plan.day(d)); h > 0 {
			weeks = append(weeks, part{int(d-f.base) / 7, h})
		}
	}
	return nights, weeks
}

// deal gives everybody what she has already, and finds what she wishes.
func (f *filler) deal() {
	planned := spansOf(Stretches(f.plan, f.asked.Start.Add(-before), f.asked.End.Add(before)))
	for _, u := range f.people {
		h := hand{nights: make([]time.Duration, f.days), weeks: make([]time.Duration, f.days/7+1)}
		h.first = int(shown(f.asked.Start, f.plan.place).date() - f.base)
		h.last = int(shown(f.asked.End, f.plan.place).date() - f.base)
		for _, s := range planned[u] {
			nights, weeks := f.parts(s)
			h.count(s, nights, weeks, 1)
			h.spans = append(h.spans, s)
		}
		f.hands = append(f.hands, h)
		will, away := make([]Will, len(f.openings)), make([]bool, len(f.openings))
		for i, o := range f.openings {
			will[i] = willOf(f.wishes, u, o.id, o.Span)
			away[i] = slices.ContainsFunc(f.known[u].Away, o.meets)
		}
		f.will, f.away = append(f.will, will), append(f.away, away)
	}
	f.who = slices.Repeat([]int{-1}, len(f.openings))
}

// proposal is what was found.
func (f *filler) proposal() Proposal {
	out := Proposal{}
	taken := map[string]bool{}
	for _, e := range f.plan.over.Exceptions {
		taken[e.ID] = true
	}
	day := strings.ReplaceAll(shown(f.asked.Start, f.plan.place).date().String(), "-", "")
	for i, o := range f.openings {
		if f.who[i] < 0 {
			out.Empty = append(out.Empty, f.empty(i))
			continue
		}
		id := unlike(fmt.Sprintf("fill-%s-%d", day, i+1), taken)
		taken[id] = true
		out.Exceptions = append(out.Exceptions, Exception{ID: id, Kind: Extra, Shift: o.id, By: f.people[f.who[i]]})
	}
	slices.SortStableFunc(out.Empty, func(a, b Empty) int { return cmp.Or(cmp.Compare(a.Tier, b.Tier), a.Start.Compare(b.Start)) })
	for _, o := range f.beyond {
		out.Empty = append(out.Empty, Empty{Span: o.Span, Shift: o.id, Tier: o.tier, Why: []Obstacle{{Words: fmt.Sprintf("more than %d seats are open: ask for fewer days", maxOpenings)}}})
	}
	out.Unmet = f.unmet(out.Exceptions)
	return out
}

// unmet are the wants that did not come true.
func (f *filler) unmet(given []Exception) (unmet []Wish) {
	var all []Stretch
	if p, err := f.plan.With(given...); err == nil {
		all = Stretches(p, f.asked.Start, f.asked.End)
	}
	for _, w := range f.wishes {
		met := func(s Stretch) bool { return s.User == w.User && w.about(s.ID, s.Span) }
		if w.Will == Wants && !slices.ContainsFunc(all, met) {
			unmet = append(unmet, w)
		}
	}
	return unmet
}

// empty explains a seat that nobody has.
func (f *filler) empty(i int) Empty {
	o := f.openings[i]
	e := Empty{Span: o.Span, Shift: o.id, Tier: o.tier}
	for _, u := range slices.Sorted(maps.Keys(f.known)) {
		if p := f.known[u]; p.Interprets && !p.Answers {
			continue // she is never asked
		}
		at, counts := slices.BinarySearch(f.people, u)
		words := "cannot be reached or asked"
		if counts {
			words = f.obstacle(at, i).words()
		}
		name := u
		if n := f.known[u].Name; n != "" {
			name = n
		}
		e.Why = append(e.Why, Obstacle{u, name + " " + words})
	}
	return e
}
