package rota

import (
	"slices"
	"sync"
	"time"
)

// Shift is one time that a slot comes round.
type Shift struct {
	ID         ShiftID // of the shift as a whole
	Slot       int     // its number, from 1; those that are laid over the grid come after the grid's
	Day        string  // on which it starts, by the rota's own clock: "2026-11-23"
	Start, End time.Time
	From       Source
	Seats      []Seat

	reserve bool  // it stands in where nobody else is
	cell    *Slot // that Slot is the number of
}

// Segment is a time in which nothing changes: from Start until just before End.
type Segment struct {
	Start, End time.Time
	Tiers      []Tier // those that a slot says something of, lowest number first

	Standby []Shift // of interpreters: apart from the tiers, in the order of the slots
}

// Tier is who is on duty in one tier, and why.
type Tier struct {
	Number  int
	Users   []string // each once, in the order of the slots
	Shadows []string // trainees
	Closed  bool     // nobody has to be there
	Why     []Shift
}

// Resolve decides who is on duty from one instant until just before another. The segments cover all of that time.
func Resolve(s Schedule, from, to time.Time) []Segment {
	from, to = from.UTC(), to.UTC()
	if !from.Before(to) {
		return nil
	}
	shifts := s.shifts(from, to)
	edges := []time.Time{from, to}
	for _, s := range shifts {
		for _, t := range []time.Time{s.Start, s.End} {
			if t.After(from) && t.Before(to) {
				edges = append(edges, t)
			}
		}
	}
	slices.SortFunc(edges, time.Time.Compare)
	edges = slices.CompactFunc(edges, time.Time.Equal)
	segments := make([]Segment, 0, len(edges)-1)
	var running []Shift
	for i, start := range edges[:len(edges)-1] {
		running = slices.DeleteFunc(running, func(s Shift) bool { return !s.End.After(start) })
		for len(shifts) > 0 && !shifts[0].Start.After(start) {
			running, shifts = append(running, shifts[0]), shifts[1:]
		}
		answer, standby := apart(running)
		segments = append(segments, Segment{Start: start, End: edges[i+1], Tiers: tiersOf(answer), Standby: standby})
	}
	return segments
}

// join adds somebody who is not there yet.
func join(to []string, user string) []string {
	if slices.Contains(to, user) {
		return to
	}
	return append(to, user)
}

// OnDuty is one tier at one instant, and until when it stays so; zero when it never changes.
type OnDuty struct {
	Tier
	Until time.Time
}

// OnCall tells who is on duty at an instant: every tier of the rota, also those that nobody is in.
func OnCall(s Schedule, at time.Time) []OnDuty {
	now := Resolve(s, at, at.Add(time.Second))[0].Tiers
	p := planAt(s, at)
	ahead := aheadOf(s, p, at)
	var all []OnDuty
	for n := 1; n <= max(p.LastTier(), highest(now)); n++ {
		o := OnDuty{Tier: Tier{Number: n, Users: []string{}, Shadows: []string{}}}
		if i := slices.IndexFunc(now, func(t Tier) bool { return t.Number == n }); i >= 0 {
			o.Tier = now[i]
		}
		o.Until = ahead.next(func(s Shift) bool { return s.cell.Tier == n })
		all = append(all, o)
	}
	return all
}

func highest(tiers []Tier) int {
	if len(tiers) == 0 {
		return 0
	}
	return tiers[len(tiers)-1].Number
}

// Next is the first instant after at when a shift starts or ends; zero when none ever does.
func Next(s Schedule, at time.Time) time.Time {
	return aheadOf(s, s.plan(), at).next(func(Shift) bool { return true })
}

// ahead are the shifts from an instant on. Once round the cycle is far enough to look, unless something is laid over the
// grid for longer.
type ahead struct {
	at   time.Time
	near []Shift
	far  func() []Shift
}

func aheadOf(s Schedule, p Plan, at time.Time) ahead {
	cycle := func(t time.Time) time.Time { return t.AddDate(0, 0, 7*p.Weeks+3) }
	return ahead{at: at, near: s.shifts(at, cycle(at)), far: sync.OnceValue(func() []Shift {
		if last := p.lastDate(); last.After(at) {
			return s.shifts(cycle(at), cycle(last))
		}
		return nil
	})}
}

// next is the first start or end among those shifts that fit.
func (a ahead) next(fits func(Shift) bool) time.Time {
	found := first(a.at, a.near, fits)
	if found.IsZero() {
		found = first(a.at, a.far(), fits)
	}
	return found
}

func first(after time.Time, shifts []Shift, fits func(Shift) bool) time.Time {
	var first time.Time
	for _, s := range shifts {
		for _, t := range []time.Time{s.Start, s.End} {
			if t.After(after) && (first.IsZero() || t.Before(first)) && fits(s) {
				first = t
			}
		}
	}
	return first
}
