package rota

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// saved is what a database keeps of one line: nothing is ever deleted, only ended.
type saved struct {
	grids      []Held[Rota]
	over       []Held[Overlay]
	exceptions []Held[Exception]
}

// at reads the plan that holds after all that was saved so far; false: none does, or it does not fit.
func (s saved) at(t time.Time) (Plan, bool) {
	var over Overlay
	for _, o := range s.over {
		if o.at(t) {
			over.Templates, over.Days = append(over.Templates, o.What.Templates...), append(over.Days, o.What.Days...)
			over.Temporary = append(over.Temporary, o.What.Temporary...)
		}
	}
	for _, e := range s.exceptions {
		if e.at(t) {
			over.Exceptions = append(over.Exceptions, e.What)
		}
	}
	if len(s.grids) == 0 {
		return Plan{}, false
	}
	p, err := NewPlan(s.grids[len(s.grids)-1].What, over)
	return p, err == nil
}

func (s saved) copy() saved {
	return saved{slices.Clone(s.grids), slices.Clone(s.over), slices.Clone(s.exceptions)}
}

func (s saved) history(t time.Time) History {
	now, _ := s.at(t)
	return NewHistory(now, s.grids, s.over, s.exceptions)
}

// end ends one of those that hold, if there are any, and gives it.
func end[T any](t *rapid.T, all []Held[T], now time.Time) (ended T, some bool) {
	var hold []int
	for i, h := range all {
		if h.at(now) {
			hold = append(hold, i)
		}
	}
	if len(hold) == 0 {
		return ended, false
	}
	i := rapid.SampledFrom(hold).Draw(t, "of those that hold")
	all[i].To = now
	return all[i].What, true
}

// full draws a grid in which somebody is planned at most times.
func full(t *rapid.T, zone string) Rota {
	user := rapid.SampledFrom([]string{"ann", "bea", "chau", "dina"})
	var slots []Slot
	for day := 1; day <= 7; day++ {
		for _, hours := range [][2]Minute{{0, 480}, {480, 1200}, {1200, 480}} {
			s := Slot{ID: fmt.Sprintf("s%d-%d", day, hours[0]), Day: day, Start: hours[0], End: hours[1] + Minute(30*rapid.IntRange(-1, 1).Draw(t, "later")), Tier: 1, Min: 1, Kind: Duty,
				Users: rapid.SliceOfNDistinct(user, rapid.IntRange(0, 1).Draw(t, "some"), 2, rapid.ID).Draw(t, "users")}
			switch rapid.IntRange(0, 9).Draw(t, "slot") {
			case 0:
				s.Tier = 2
			case 1:
				s.Kind, s.Tier, s.Languages = Interpreter, 0, []string{"da"}
			case 2:
				s.Kind = Shadow
			case 3:
				continue
			}
			s.End = min(s.End, minutesADay)
			slots = append(slots, s)
		}
	}
	for {
		r, err := Parse(Format(Rota{Line: "*", Zone: zone, Weeks: 1, Slots: slots}))
		if err == nil {
			return r
		}
		f, ok := err.(*Fault)
		if !ok || f.Slot == 0 {
			t.Fatal(err)
		}
		slots = slices.Delete(slots, f.Slot-1, f.Slot) // somebody stands in it twice at one time
	}
}

// edited does one thing to what is saved, at a time.
func (s saved) edited(t *rapid.T, n int, now time.Time, zone string) saved {
	s = s.copy()
	day := rapid.Custom(func(t *rapid.T) string {
		return now.AddDate(0, 0, rapid.IntRange(-2, 2).Draw(t, "off")).Format(time.DateOnly)
	})
	kind := rapid.SampledFrom([]string{"grid", "grid", "template", "temporary", "exception", "exception", "drop", "drop exception"}).Draw(t, "edit")
	if len(s.grids) == 0 {
		kind = "grid"
	}
	switch kind {
	case "grid":
		if rapid.IntRange(0, 3).Draw(t, "elsewhere") == 0 {
			zone = rapid.SampledFrom(sample).Draw(t, "zone")
		}
		if i := len(s.grids) - 1; i >= 0 {
			s.grids[i].To = now
		}
		s.grids = append(s.grids, Held[Rota]{What: full(t, zone), From: now})
	case "template":
		s.lay(Overlay{Templates: []Template{{ID: fmt.Sprint("t", rapid.IntRange(0, 2).Draw(t, "template")), Holiday: rapid.Bool().Draw(t, "holiday"), Slots: dayOff(t, n, "")}}}, day.Draw(t, "date"), now)
	case "temporary":
		s.over = append(s.over, Held[Overlay]{What: Overlay{Temporary: []Temporary{away(t, n, day.Draw(t, "from"))}}, From: now})
	case "exception":
		if p, ok := s.at(now); ok {
			s.exceptions = append(s.exceptions, Held[Exception]{What: anException(t, p, n, day.Draw(t, "date"), now), From: now})
		}
	case "drop":
		end(t, s.over, now)
	case "drop exception":
		e, some := end(t, s.exceptions, now)
		if some && rapid.Bool().Draw(t, "again") { // as it was: nobody sees a difference
			e.ID = fmt.Sprint("e", n)
			s.exceptions = append(s.exceptions, Held[Exception]{What: e, From: now})
		}
	}
	return s
}

// lay lays a template on a date, in the place of the one of its id.
func (s *saved) lay(over Overlay, date string, now time.Time) {
	id := over.Templates[0].ID
	for i, o := range s.over {
		if o.at(now) && len(o.What.Templates) > 0 && o.What.Templates[0].ID == id {
			s.over[i].To = now
		}
	}
	over.Days = []Day{{date, id}}
	s.over = append(s.over, Held[Overlay]{What: over, From: now})
}

// away draws a temporary plan from a date on.
func away(t *rapid.T, n int, from string) Temporary {
	x := Temporary{ID: fmt.Sprint("x", n), From: from, Slots: dayOff(t, n, from)}
	x.To = at(from+"T00:00:00Z").AddDate(0, 0, rapid.IntRange(0, 2).Draw(t, "days")).Format(time.DateOnly)
	switch rapid.IntRange(0, 2).Draw(t, "stands in") {
	case 0:
		x.Grid = true
	case 1:
		x.Users = []string{"eva"}
	}
	return x
}

// anException draws one to a shift of a date, or to one that runs or soon does.
func anException(t *rapid.T, p Plan, n int, date string, now time.Time) Exception {
	e := Exception{ID: fmt.Sprint("e", n), Kind: rapid.SampledFrom([]Change{Absence, Cover, Extra, Cancel}).Draw(t, "change"), By: "freja"}
	e.User = rapid.SampledFrom([]string{"ann", "bea", "chau", "dina"}).Draw(t, "user")
	e.Shift = ShiftID{Line: p.Line, Slot: rapid.SampledFrom(p.ids).Draw(t, "slot"), Day: date, Seat: rapid.IntRange(1, 2).Draw(t, "seat")}
	if running := p.shifts(now, now.Add(6*time.Hour)); len(running) > 0 && rapid.Bool().Draw(t, "soon") {
		x := rapid.SampledFrom(running).Draw(t, "shift")
		e.Shift.Slot, e.Shift.Day = x.ID.Slot, x.ID.Day
		if users := x.users(); len(users) > 0 {
			e.User = users[0]
		}
	}
	return ofKind(e)
}

// dayOff are the slots of a template or of a temporary plan.
func dayOff(t *rapid.T, n int, date string) []Slot {
	s := Slot{ID: fmt.Sprint("o", n), Date: date, Start: Minute(60 * rapid.IntRange(0, 23).Draw(t, "start")), End: Minute(60 * rapid.IntRange(0, 23).Draw(t, "end")), Tier: rapid.IntRange(1, 2).Draw(t, "tier"), Min: 1, Kind: Duty,
		Users: []string{"gro"}}
	return []Slot{s}
}

// words say who is on duty in a segment, in whatever order.
func (s Segment) words() string {
	var all []string
	for _, t := range s.Tiers {
		all = append(all, fmt.Sprint(t.Number, slices.Sorted(slices.Values(t.Users)), slices.Sorted(slices.Values(t.Shadows)), t.Closed))
	}
	var standby []string
	for _, x := range s.Standby {
		standby = append(standby, fmt.Sprint(x.users(), x.cell.Languages))
	}
	slices.Sort(standby)
	return strings.Join(append(all, standby...), " ")
}

// spoken is who is on duty in each minute of a time.
func spoken(segments []Segment, from, to time.Time) (all []string) {
	for now := from; now.Before(to); now = now.Add(time.Minute) {
		for len(segments) > 0 && !now.Before(segments[0].End) {
			segments = segments[1:]
		}
		if len(segments) == 0 || now.Before(segments[0].Start) {
			all = append(all, "")
			continue
		}
		all = append(all, segments[0].words())
	}
	return all
}

// TestHistoryIsWhatWasWrittenDown edits a plan at random while time passes, and somebody writes down minute by minute who
// is on duty by the plan of that minute: that is what a history says when all is over. What is to come it says as the
// plan that is left does.
func TestHistoryIsWhatWasWrittenDown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		began := at(rapid.SampledFrom(days).Draw(t, "day") + "T00:00:00Z").Add(-24 * time.Hour)
		zone := rapid.SampledFrom(sample).Draw(t, "zone")
		var s saved
		var record []string
		now := began
		for n := range rapid.IntRange(2, 20).Draw(t, "edits") {
			fresh := s.edited(t, n, now, zone)
			if _, ok := fresh.at(now); ok {
				s = fresh // else the house refuses it
			}
			until := now.Add(time.Duration(rapid.IntRange(1, 500).Draw(t, "minutes")) * time.Minute)
			p, some := s.at(now)
			var segments []Segment
			if some {
				segments = Resolve(p, now, until)
			}
			record = append(record, spoken(segments, now, until)...)
			now = until
		}
		h := s.history(now)
		told := Resolve(h, began, now)
		for i, got := range spoken(told, began, now) {
			if got != record[i] {
				t.Fatalf("at %s the history says %q, and %q was written down", began.Add(time.Duration(i)*time.Minute), got, record[i])
			}
		}
		plan, some := s.at(now)
		if !some {
			return
		}
		ahead := now.Add(72 * time.Hour)
		if got, want := spoken(Resolve(h, now, ahead), now, ahead), spoken(Resolve(plan, now, ahead), now, ahead); !slices.Equal(got, want) {
			t.Fatalf("what is to come is %q, want %q", got, want)
		}
		moment := began.Add(time.Duration(rapid.IntRange(0, len(record)-1).Draw(t, "asked for")) * time.Minute)
		said := Segment{}
		for _, o := range OnCall(h, moment) {
			if len(o.Why) > 0 {
				said.Tiers = append(said.Tiers, o.Tier)
			}
			if !o.Until.IsZero() && !o.Until.After(moment) {
				t.Fatalf("who is on duty at %s is so until %s", moment, o.Until)
			}
		}
		for _, b := range Resolve(h, moment, moment.Add(time.Second))[0].Standby {
			said.Standby = append(said.Standby, b)
		}
		if want := record[int(moment.Sub(began)/time.Minute)]; said.words() != want {
			t.Fatalf("OnCall at %s says %q, and %q was written down", moment, said.words(), want)
		}
	})
}

// TestAReaderSeesOneShift: what changed nothing of a shift does not cut it, and what did cuts it in two.
func TestAReaderSeesOneShift(t *testing.T) {
	t.Parallel()
	first := grid(t, "UTC", 1, "0 1 08:00 20:00 1 duty ann", "0 1 08:00 20:00 2 duty bea", "0 1 20:00 08:00 1 duty chau")
	second := grid(t, "UTC", 1, "0 1 07:00 07:30 2 duty dina", "0 1 08:00 22:00 1 duty ann", "0 1 08:00 20:00 2 duty bea", "0 1 22:00 08:00 1 duty chau")
	seat := func(slot string, n int) ShiftID { return ShiftID{Line: "*", Slot: slot, Day: "2026-11-23", Seat: n} }
	day := func(hour int) time.Time { return at("2026-11-23T00:00:00Z").Add(time.Duration(hour) * time.Hour) }
	always := []Held[Rota]{{What: first}}
	gone := Held[Exception]{What: Exception{ID: "e1", Kind: Cover, Shift: seat("0-1-0800-1", 1), User: "ann", By: "dina"}, From: day(10), To: day(12)}
	off := Overlay{Templates: []Template{{ID: "off", Slots: []Slot{{Start: 540, End: 1260, Tier: 1, Min: 1, Kind: Duty, Users: []string{"eva"}}}}}, Days: []Day{{"2026-11-23", "off"}}}
	tests := []struct {
		what string
		h    History
		want string
	}{
		{"nothing changed", NewHistory(first.plan(), always, nil, nil), "8–20 [ann]; 8–20 [bea]; 20–32 [chau]; "},
		{"taken away next day", NewHistory(first.plan(), always, nil, []Held[Exception]{{What: gone.What, From: day(1), To: day(40)}}), "8–20 [dina]; 8–20 [bea]; 20–32 [chau]; "},
		{"made next day", NewHistory(first.plan(), always, nil, []Held[Exception]{{What: gone.What, From: day(40)}}), "8–20 [ann]; 8–20 [bea]; 20–32 [chau]; "},
		{"in the middle", NewHistory(first.plan(), always, nil, []Held[Exception]{gone}), "8–10 [ann]; 8–20 [bea]; 10–12 [dina]; 12–20 [ann]; 20–32 [chau]; "},
		{"made again as it was", NewHistory(first.plan(), always, nil, []Held[Exception]{gone, {What: Exception{ID: "e2", Kind: Cover, Shift: seat("0-1-0800-1", 1), User: "ann", By: "dina"}, From: day(12)}}),
			"8–10 [ann]; 8–20 [bea]; 10–20 [dina]; 20–32 [chau]; "},
		{"a longer day", NewHistory(second.plan(), []Held[Rota]{{first, time.Time{}, day(12)}, {What: second, From: day(12)}}, nil, nil), "8–22 [ann]; 8–20 [bea]; 22–32 [chau]; "},
		{"a grid that came at noon", NewHistory(first.plan(), []Held[Rota]{{What: first, From: day(12)}}, nil, nil), "12–20 [ann]; 12–20 [bea]; 20–32 [chau]; "},
		{"a template that was taken away", NewHistory(first.plan(), always, []Held[Overlay]{{off, day(0), day(50)}}, nil), "9–21 [eva]; "},
		{"and one that was laid in the evening", NewHistory(first.plan(), always, []Held[Overlay]{{What: off, From: day(19)}}, nil), "8–19 [ann]; 8–19 [bea]; 19–21 [eva]; "},
	}
	for _, test := range tests {
		got := ""
		for _, x := range Shifts(test.h, day(0), day(24)) {
			got += fmt.Sprintf("%v–%v %v; ", x.Start.Sub(day(0)).Hours(), x.End.Sub(day(0)).Hours(), x.users())
		}
		if got != test.want {
			t.Errorf("%s: the shifts are %s, want %s", test.what, got, test.want)
		}
	}
}

// TestFairnessOfWhatHeld: a night that a change cuts in two is one night, and a day counts as the holiday that it was.
func TestFairnessOfWhatHeld(t *testing.T) {
	t.Parallel()
	night := grid(t, "UTC", 1, "0 1 22:00 02:00 1 duty ann", "0 1 22:00 04:00 2 duty chau")
	same := grid(t, "UTC", 1, "0 1 22:00 02:00 1 duty ann", "0 1 22:00 04:00 2 duty chau", "0 5 08:00 20:00 1 duty bea")
	holiday := Overlay{Templates: []Template{{ID: "off", Holiday: true, Slots: []Slot{{Start: 480, End: 960, Tier: 1, Min: 1, Kind: Duty, Users: []string{"eva"}}}}}, Days: []Day{{"2026-11-25", "off"}}}
	h := NewHistory(same.plan(), []Held[Rota]{{night, time.Time{}, at("2026-11-24T01:30:00Z")}, {What: same, From: at("2026-11-24T01:30:00Z")}},
		[]Held[Overlay]{{holiday, at("2026-11-20T00:00:00Z"), at("2026-11-26T00:00:00Z")}}, nil)
	got := ""
	for _, s := range Fairness(h, at("2026-11-23T00:00:00Z"), at("2026-11-28T00:00:00Z"), nil) {
		got += fmt.Sprintf("%s %v h %d nights %d holidays; ", s.User, s.Hours.Hours(), s.Nights, s.Holidays)
	}
	if want := "ann 4 h 0 nights 0 holidays; bea 12 h 0 nights 0 holidays; chau 6 h 1 nights 0 holidays; eva 8 h 0 nights 1 holidays; "; got != want {
		t.Errorf("Fairness = %s, want %s", got, want)
	}
}
