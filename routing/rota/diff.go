package rota

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Difference is what an edit does to those who call, and to those who answer.
type Difference struct {
	Opens, Closes []Span // gaps in tier 1
	Moves         []Move // people whose duty changes, by their names in the plan
}

// Move is how one person's duty changes.
type Move struct {
	User         string
	Gains, Loses []Turn
}

// Turn is a time in a tier; tier 0 is that of interpreters, which is none.
type Turn struct {
	Span
	Tier   int
	Shadow bool
}

// Diff compares a plan with one that would replace it. Who has another shift at the same time in the same tier has the
// same duty.
func Diff(before, after Schedule, from, to time.Time, known map[string]Person) Difference {
	was, is := gaps(before, from, to, known), gaps(after, from, to, known)
	d := Difference{Opens: without(is, was), Closes: without(was, is)}
	had, has := turnsOf(before, from, to), turnsOf(after, from, to)
	places := maps.Clone(had)
	maps.Copy(places, has)
	moves := map[string]*Move{}
	for place := range places {
		m := moves[place.user]
		if m == nil {
			m = &Move{User: place.user}
			moves[place.user] = m
		}
		m.Gains = append(m.Gains, place.turns(without(has[place], had[place]))...)
		m.Loses = append(m.Loses, place.turns(without(had[place], has[place]))...)
	}
	for _, user := range slices.Sorted(maps.Keys(moves)) {
		m := moves[user]
		slices.SortFunc(m.Gains, byTime)
		slices.SortFunc(m.Loses, byTime)
		if len(m.Gains)+len(m.Loses) > 0 {
			d.Moves = append(d.Moves, *m)
		}
	}
	return d
}

func byTime(a, b Turn) int {
	return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Tier, b.Tier))
}

// gaps are the times in which whoever calls is left alone.
func gaps(s Schedule, from, to time.Time, known map[string]Person) []Span {
	l := look{Plan: s.plan(), known: known}
	var all []Span
	for _, s := range Resolve(l.Plan, from, to) {
		if l.alone(s.tier(1)) {
			all = append(all, s.span())
		}
	}
	return merged(all)
}

// place is where somebody can have duty.
type place struct {
	user   string
	tier   int
	shadow bool
}

func (p place) turns(spans []Span) []Turn {
	turns := make([]Turn, len(spans))
	for i, s := range spans {
		turns[i] = Turn{s, p.tier, p.shadow}
	}
	return turns
}

func turnsOf(s Schedule, from, to time.Time) map[place][]Span {
	turns := map[place][]Span{}
	for _, x := range everything(s, from, to) {
		p := place{x.User, x.Tier, x.Shadow}
		turns[p] = append(turns[p], x.Span)
	}
	for p := range turns {
		turns[p] = merged(turns[p])
	}
	return turns
}
