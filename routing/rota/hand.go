package rota

import (
	"fmt"
	"slices"
	"time"
)

// hand is what one person has: planned already, and by the proposal.
type hand struct {
	spans       []Span          // sorted
	mine        []int           // openings
	nights      []time.Duration // by day from the filler's base
	weeks       []time.Duration // by week from it
	first, last int             // the days whose nights are compared
	many        int             // of those nights
	hours       time.Duration   // in all
	granted     int64           // worth of the wishes that came true
}

// count adds a span's parts, or with -1 takes them away.
func (h *hand) count(s Span, nights, weeks []part, sign time.Duration) {
	h.hours += sign * s.length()
	for _, w := range weeks {
		h.weeks[w.at] += sign * w.of
	}
	for _, n := range nights {
		was := h.nights[n.at] >= enough
		h.nights[n.at] += sign * n.of
		if is := h.nights[n.at] >= enough; is != was && n.at >= h.first && n.at <= h.last {
			h.many += int(sign)
		}
	}
}

// give and take move a seat.
func (f *filler) give(person, i int) {
	h, o := &f.hands[person], f.openings[i]
	at, _ := slices.BinarySearchFunc(h.spans, o.Span, func(a, b Span) int { return a.Start.Compare(b.Start) })
	h.spans = slices.Insert(h.spans, at, o.Span)
	h.mine = append(h.mine, i)
	h.count(o.Span, o.nights, o.weeks, 1)
	h.granted += worth[f.will[person][i]]
	f.who[i] = person
}

func (f *filler) take(i int) (person int) {
	person = f.who[i]
	if person < 0 {
		return person
	}
	h, o := &f.hands[person], f.openings[i]
	at := slices.Index(h.spans, o.Span)
	h.spans = slices.Delete(h.spans, at, at+1)
	at = slices.Index(h.mine, i)
	h.mine = slices.Delete(h.mine, at, at+1)
	h.count(o.Span, o.nights, o.weeks, -1)
	h.granted -= worth[f.will[person][i]]
	f.who[i] = -1
	return person
}

// worth of a wish that comes true.
var worth = map[Will]int64{Wants: 300, Can: 20}

// obstacle is why somebody cannot have a seat.
type obstacle struct {
	kind string
	free time.Duration
	n    int
}

// The kinds of obstacle; none when there is nothing in the way.
const (
	none       = ""
	notTier    = "tier"
	saidNo     = "cannot"
	isAway     = "away"
	isOnDuty   = "duty"
	noRest     = "rest"
	tooLong    = "long"
	manyNights = "nights"
	manyHours  = "hours"
)

func (o obstacle) words() string {
	switch o.kind {
	case notTier:
		return fmt.Sprintf("is not for tier %d", o.n)
	case saidNo:
		return "said that she cannot"
	case isAway:
		return "is away then, by her calendar"
	case isOnDuty:
		return "has another shift then"
	case noRest:
		return fmt.Sprintf("would have %s of rest", inHours(o.free))
	case tooLong:
		return fmt.Sprintf("would be on duty for %s", inHours(o.free))
	case manyNights:
		return fmt.Sprintf("would have %d nights in a row", o.n)
	case manyHours:
		return fmt.Sprintf("would have %s in a week", inHours(o.free))
	}
	return "could have it"
}

// obstacle finds what is in the way of a person's having a seat that nobody has.
func (f *filler) obstacle(person, i int) obstacle {
	o, p := f.openings[i], f.known[f.people[person]]
	switch {
	case len(p.Tiers) > 0 && !slices.Contains(p.Tiers, o.tier):
		return obstacle{kind: notTier, n: o.tier}
	case f.will[person][i] == Cannot:
		return obstacle{kind: saidNo}
	case f.away[person][i]:
		return obstacle{kind: isAway}
	}
	if x := f.hands[person].tight(o.Span, time.Duration(f.limits.Rest)*time.Hour); x.kind != none {
		return x
	}
	return f.tooMuch(&f.hands[person], o)
}

// tight tells whether a span meets another, or leaves too little rest beside it. Spans that touch are one duty.
func (h *hand) tight(s Span, rest time.Duration) obstacle {
	whole, touches := s, false
	at, _ := slices.BinarySearchFunc(h.spans, s, func(a, b Span) int { return a.Start.Compare(b.Start) })
	for i := at - 1; i >= 0; i-- {
		other := h.spans[i]
		if other.meets(s) {
			return obstacle{kind: isOnDuty}
		}
		free := whole.Start.Sub(other.End)
		if free > 0 && free < rest {
			return obstacle{kind: noRest, free: free}
		}
		if free > 0 {
			break
		}
		whole.Start, touches = other.Start, true
	}
	for _, other := range h.spans[at:] {
		if other.meets(s) {
			return obstacle{kind: isOnDuty}
		}
		free := other.Start.Sub(whole.End)
		if free > 0 && free < rest {
			return obstacle{kind: noRest, free: free}
		}
		if free > 0 {
			break
		}
		whole.End, touches = other.End, true
	}
	if touches && rest > 0 && whole.length() > 24*time.Hour-rest {
		return obstacle{kind: tooLong, free: whole.length()}
	}
	return obstacle{}
}

// tooMuch tells whether a seat makes too many nights in a row, or hours in a week.
func (f *filler) tooMuch(h *hand, o opening) obstacle {
	for _, w := range o.weeks {
		sum := h.weeks[w.at]
		for _, other := range o.weeks {
			if other.at == w.at {
				sum += other.of
			}
		}
		if f.limits.Hours > 0 && sum > time.Duration(f.limits.Hours)*time.Hour {
			return obstacle{kind: manyHours, free: sum}
		}
	}
	if f.limits.Nights == 0 {
		return obstacle{}
	}
	for _, n := range o.nights {
		if run := h.run(n.at, o.nights); run > f.limits.Nights {
			return obstacle{kind: manyNights, n: run}
		}
	}
	return obstacle{}
}

// run is how many nights in a row there would be around one, with more of them; 0: that one is none.
func (h *hand) run(at int, more []part) int {
	night := func(i int) bool {
		sum := h.nights[i]
		for _, n := range more {
			if n.at == i {
				sum += n.of
			}
		}
		return sum >= enough
	}
	if !night(at) {
		return 0
	}
	run := 1
	for i := at - 1; i >= 0 && night(i); i-- {
		run++
	}
	for i := at + 1; i < len(h.nights) && night(i); i++ {
		run++
	}
	return run
}
