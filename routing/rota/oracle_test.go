package rota

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func mustPlan(t *rapid.T, r Rota, over Overlay) Plan {
	p, err := NewPlan(r, over)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// randomPlan draws a rota and something over it, in the days around middle. What does not fit is left out.
func randomPlan(t *rapid.T, middle time.Time) Plan {
	p := mustPlan(t, random(t), Overlay{})
	try := func(change func(*Overlay)) {
		over := p.Over()
		over.Templates, over.Days, over.Temporary = slices.Clone(over.Templates), slices.Clone(over.Days), slices.Clone(over.Temporary)
		change(&over)
		if fresh, err := p.Laid(over); err == nil {
			p = fresh
		}
	}
	day := rapid.Custom(func(t *rapid.T) string {
		return middle.AddDate(0, 0, rapid.IntRange(-2, 2).Draw(t, "off")).Format(time.DateOnly)
	})
	slots := func(date bool) []Slot {
		r := random(t)
		for i := range r.Slots {
			s := &r.Slots[i]
			s.Week, s.Day, s.Languages = 0, 0, nil
			if date {
				s.Date = day.Draw(t, "date")
			}
		}
		return r.Slots[:min(len(r.Slots), 4)]
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "templates") {
		id := fmt.Sprint("t", i)
		try(func(o *Overlay) {
			o.Templates = append(o.Templates, Template{ID: id, Slots: slots(false)})
			o.Days = append(o.Days, Day{day.Draw(t, "date"), id})
		})
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "temporary") {
		try(func(o *Overlay) {
			from := day.Draw(t, "from")
			to := at(from+"T00:00:00Z").AddDate(0, 0, rapid.IntRange(0, 2).Draw(t, "days")).Format(time.DateOnly)
			x := Temporary{ID: fmt.Sprint("x", i), From: from, To: to, Slots: slots(true)}
			switch rapid.IntRange(0, 2).Draw(t, "stands in") {
			case 0:
				x.Grid = true
			case 1:
				x.Users = []string{"eva"}
			}
			o.Temporary = append(o.Temporary, x)
		})
	}
	for i := range rapid.IntRange(0, 8).Draw(t, "exceptions") {
		e := Exception{ID: fmt.Sprint("e", i), Kind: rapid.SampledFrom([]Change{Absence, Cover, Extra, Cancel}).Draw(t, "change")}
		e.Shift = ShiftID{Line: p.Line, Slot: rapid.SampledFrom(p.ids).Draw(t, "slot"), Day: day.Draw(t, "date"), Seat: rapid.IntRange(1, 2).Draw(t, "seat")}
		e.User = rapid.SampledFrom([]string{"ann", "bea", "chau", "dina"}).Draw(t, "user")
		e.By = rapid.SampledFrom([]string{"freja", "gro"}).Draw(t, "by")
		e = ofKind(e)
		if fresh, err := p.With(e); err == nil {
			p = fresh
		}
	}
	return p
}

// TestResolvePlansByTheMinute compares Resolve with a clock that is read once a minute, and a plan that is read by hand.
func TestResolvePlansByTheMinute(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		middle := at(rapid.SampledFrom(days).Draw(t, "day") + "T00:00:00Z")
		p := randomPlan(t, middle)
		from, to := middle.Add(-30*time.Hour), middle.Add(30*time.Hour)
		segments := Resolve(p, from, to)
		highest := reading(0)
		for now := from.Add(-72 * time.Hour); now.Before(to); now = now.Add(time.Minute) {
			highest = max(highest, readByHand(now, p.place))
			if now.Before(from) {
				continue
			}
			for !now.Before(segments[0].End) {
				segments = segments[1:]
			}
			want, got := planByHand(p, highest), map[int][]string{}
			for _, tier := range segments[0].Tiers {
				if len(tier.Users) > 0 {
					got[tier.Number] = slices.Sorted(slices.Values(tier.Users))
				}
			}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("at %s: Resolve says %v, the clock %v, of %s", now.In(p.place), got, want, FormatPlan(p))
			}
		}
	})
}

// cellByHand is a slot by hand: with the day that it starts on, and whether it only stands in.
type cellByHand struct {
	Slot
	id      string
	reserve bool
}

// planByHand tells who is on duty in each tier while the highest reading is w.
func planByHand(p Plan, w reading) map[int][]string {
	own, reserve, filled := map[int][]string{}, map[int][]string{}, map[int]bool{}
	today := time.Unix(int64(w), 0).UTC().Truncate(24 * time.Hour)
	for back := range 2 {
		d := today.AddDate(0, 0, -back)
		for _, s := range slotsByHand(p, d) {
			end := int64(s.End)
			if s.End <= s.Start {
				end += 24 * 60
			}
			if minute := (int64(w) - d.Unix()) / 60; minute < int64(s.Start) || minute >= end {
				continue
			}
			users, held := usersByHand(p, s, d)
			into := own
			if s.reserve {
				into = reserve
			}
			if held && s.Kind == Closed && !s.reserve {
				filled[s.Tier] = true
			}
			if !held || s.Kind == Shadow {
				continue
			}
			for _, u := range users {
				into[s.Tier] = join(into[s.Tier], u)
			}
		}
	}
	for tier, users := range reserve {
		if len(own[tier]) == 0 && !filled[tier] {
			own[tier] = users
		}
	}
	for _, users := range own {
		slices.Sort(users)
	}
	return own
}

// slotsByHand are the slots that start on d.
func slotsByHand(p Plan, d time.Time) (all []cellByHand) {
	date, at := d.Format(time.DateOnly), 0
	next := func() string { at++; return p.ids[at-1] }
	var grid, template, own, users []cellByHand
	week := int(d.Sub(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)).Hours())/24 + 7*53*10*p.Weeks
	for _, s := range p.Slots {
		id := next()
		if s.Week == week/7%p.Weeks && s.Day == week%7+1 {
			grid = append(grid, cellByHand{s, id, false})
		}
	}
	isDay, isTemporary, gridToo := false, false, false
	for _, t := range p.Over().Templates {
		on := slices.Contains(p.Over().Days, Day{date, t.ID})
		isDay = isDay || on
		for _, s := range t.Slots {
			id := next()
			if on {
				template = append(template, cellByHand{s, id, false})
			}
		}
	}
	for _, t := range p.Over().Temporary {
		on := t.From <= date && date <= t.To
		isTemporary, gridToo = isTemporary || on, gridToo || on && t.Grid
		for _, s := range t.Slots {
			if id := next(); s.Date == date {
				own = append(own, cellByHand{s, id, false})
			}
		}
		if len(t.Users) > 0 {
			if id := next(); on {
				users = append(users, cellByHand{Slot{End: 24 * 60, Tier: 1, Users: t.Users, Kind: Duty}, id, true})
			}
		}
	}
	usual := grid
	if isDay {
		usual = template
	}
	if !isTemporary {
		return usual
	}
	all = append(own, users...)
	if gridToo {
		for _, s := range usual {
			s.reserve = true
			all = append(all, s)
		}
	}
	return all
}

// usersByHand are those who come to a slot on d; false when it is cancelled.
func usersByHand(p Plan, s cellByHand, d time.Time) ([]string, bool) {
	users := slices.Clone(s.Users)
	for _, e := range p.Over().Exceptions {
		if e.Shift.Slot != s.id || e.Shift.Day != d.Format(time.DateOnly) {
			continue
		}
		if e.Kind == Cancel {
			return nil, false
		}
		users = slices.DeleteFunc(users, func(u string) bool { return u == e.User })
		if e.By != "" {
			users = join(users, e.By)
		}
	}
	return users, true
}

// ofKind leaves an exception that was drawn only what one of its kind may say.
func ofKind(e Exception) Exception {
	switch e.Kind {
	case Absence:
		e.By = ""
	case Extra:
		e.User, e.Shift.Seat = "", e.Shift.Seat+firstExtra
	case Cancel:
		e.User, e.By, e.Shift.Seat = "", "", 0
	}
	return e
}
