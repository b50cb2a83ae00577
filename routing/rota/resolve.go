package rota

import (
	"cmp"
	"slices"
	"time"
)

// Shift is one time that a slot comes round.
type Shift struct {
	Slot       int    // its number, from 1
	Day        string // on which it starts, by the rota's own clock: "2026-11-23"
	Start, End time.Time
}

// Segment is a time in which nothing changes: from Start until just before End.
type Segment struct {
	Start, End time.Time
	Tiers      []Tier // those that a slot says something of, lowest number first
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
func Resolve(r Rota, from, to time.Time) []Segment {
	from, to = from.UTC(), to.UTC()
	if !from.Before(to) {
		return nil
	}
	shifts := r.shifts(from, to)
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
		segments = append(segments, Segment{Start: start, End: edges[i+1], Tiers: r.tiers(running)})
	}
	return segments
}

// shifts are those that run at some time from from until to, by their start.
func (r Rota) shifts(from, to time.Time) []Shift {
	// A shift ends on the day after its start at the latest, and a country may leave a day out.
	first, last := shown(from, r.place).date()-3, shown(to, r.place).date()+2
	var shifts []Shift
	for d := first; d <= last; d++ {
		week := int(floorMod(int64(d.monday()-r.first)/7, int64(r.Weeks)))
		for i, s := range r.Slots {
			if s.Day != d.weekday() || s.Week != week {
				continue
			}
			x := Shift{Slot: i + 1, Day: d.String(), Start: instant(d.at(s.Start), r.place), End: instant(d.at(s.until()), r.place)}
			if x.Start.Before(x.End) && x.Start.Before(to) && x.End.After(from) {
				shifts = append(shifts, x)
			}
		}
	}
	slices.SortStableFunc(shifts, func(a, b Shift) int { return a.Start.Compare(b.Start) })
	return shifts
}

// tiers puts running shifts together by tier.
func (r Rota) tiers(running []Shift) []Tier {
	running = slices.Clone(running)
	slices.SortFunc(running, func(a, b Shift) int {
		return cmp.Or(cmp.Compare(r.Slots[a.Slot-1].Tier, r.Slots[b.Slot-1].Tier), cmp.Compare(a.Slot, b.Slot), a.Start.Compare(b.Start))
	})
	var tiers []Tier
	for _, x := range running {
		s := r.Slots[x.Slot-1]
		if len(tiers) == 0 || tiers[len(tiers)-1].Number != s.Tier {
			tiers = append(tiers, Tier{Number: s.Tier, Users: []string{}, Shadows: []string{}})
		}
		t := &tiers[len(tiers)-1]
		t.Why = append(t.Why, x)
		switch s.Kind {
		case Closed:
			t.Closed = true
		case Shadow:
			t.Shadows = join(t.Shadows, s.Users)
		default:
			t.Users = join(t.Users, s.Users)
		}
	}
	return tiers
}

// join adds those who are not there yet.
func join(to, users []string) []string {
	for _, u := range users {
		if !slices.Contains(to, u) {
			to = append(to, u)
		}
	}
	return to
}

// OnDuty is one tier at one instant, and until when it stays so; zero when it never changes.
type OnDuty struct {
	Tier
	Until time.Time
}

// OnCall tells who is on duty at an instant: every tier of the rota, also those that nobody is in.
func OnCall(r Rota, at time.Time) []OnDuty {
	now := Resolve(r, at, at.Add(time.Second))[0].Tiers
	shifts := r.shifts(at, r.horizon(at))
	var all []OnDuty
	for n := 1; n <= max(r.lastTier(), highest(now)); n++ {
		o := OnDuty{Tier: Tier{Number: n, Users: []string{}, Shadows: []string{}}}
		if i := slices.IndexFunc(now, func(t Tier) bool { return t.Number == n }); i >= 0 {
			o.Tier = now[i]
		}
		o.Until = next(at, shifts, func(s Shift) bool { return r.Slots[s.Slot-1].Tier == n })
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
func Next(r Rota, at time.Time) time.Time {
	return next(at, r.shifts(at, r.horizon(at)), func(Shift) bool { return true })
}

// horizon is when every slot has come round once more.
func (r Rota) horizon(at time.Time) time.Time { return at.AddDate(0, 0, 7*r.Weeks+3) }

// next is the first start or end after at among those shifts that fit.
func next(at time.Time, shifts []Shift, fits func(Shift) bool) time.Time {
	var first time.Time
	for _, s := range shifts {
		for _, t := range []time.Time{s.Start, s.End} {
			if fits(s) && t.After(at) && (first.IsZero() || t.Before(first)) {
				first = t
			}
		}
	}
	return first
}
