package rota

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// planned lays an overlay over a grid.
func planned(t testing.TB, r Rota, over Overlay) Plan {
	t.Helper()
	p, err := NewPlan(r, over)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// seat reads "slot day seat" as a shift of every line.
func seat(text string) ShiftID {
	id, err := ParseShiftID("*/" + strings.ReplaceAll(text, " ", "/"))
	if err != nil {
		panic(err)
	}
	return id
}

// said is who is on duty, tier by tier: "1 ann bea, 2 closed".
func said(s Schedule, when string) string {
	var all []string
	for _, t := range Resolve(s, at(when), at(when).Add(time.Minute))[0].Tiers {
		words := fmt.Sprint(t.Number)
		if t.Closed {
			words += " closed"
		}
		all = append(all, strings.Join(append([]string{words}, t.Users...), " "))
	}
	return strings.Join(all, ", ")
}

func nights(users string) (slots []string) {
	for day := range 7 {
		slots = append(slots, fmt.Sprintf("0 %d 08:00 20:00 1 duty %s", day+1, users), fmt.Sprintf("0 %d 20:00 08:00 1 duty bea", day+1))
	}
	return slots
}

func TestWhatReplacesTheGrid(t *testing.T) {
	t.Parallel()
	r := grid(t, "UTC", 1, append(nights("ann"), "0 3 00:00 24:00 2 duty freja", "0 5 00:00 24:00 2 duty freja")...)
	holiday := Template{ID: "holiday", Slots: []Slot{{Start: 10 * 60, End: 16 * 60, Tier: 1, Users: []string{"chau"}, Kind: Duty}, {Start: 16 * 60, End: 24 * 60, Tier: 1, Kind: Closed}}}
	own := func(date string, start, end Minute, users ...string) Slot {
		return Slot{Date: date, Start: start, End: end, Tier: 1, Users: users, Kind: Duty}
	}
	for _, test := range []struct {
		name string
		over Overlay
		want map[string]string // when, in December 2026: who
	}{
		{"nothing", Overlay{}, map[string]string{"23T09": "1 ann, 2 freja", "23T21": "1 bea, 2 freja", "24T09": "1 ann"}},
		{"a template, for its date alone", Overlay{Templates: []Template{holiday}, Days: []Day{{"2026-12-24", "holiday"}}},
			map[string]string{"24T07": "1 bea", "24T09": "", "24T10": "1 chau", "24T16": "1 closed", "25T00": "2 freja", "25T08": "1 ann, 2 freja"}},
		{"a temporary plan that nobody stands in for", Overlay{Temporary: []Temporary{{ID: "x", From: "2026-12-23", To: "2026-12-24", Slots: []Slot{own("2026-12-24", 9*60, 60, "dina")}}}},
			map[string]string{"23T07": "1 bea", "23T09": "", "24T09": "1 dina", "25T00": "1 dina, 2 freja", "25T01": "2 freja", "25T09": "1 ann, 2 freja"}},
		{"the grid stands in, tier by tier", Overlay{Temporary: []Temporary{{ID: "x", From: "2026-12-23", To: "2026-12-24", Grid: true,
			Slots: []Slot{own("2026-12-23", 9*60, 12*60, "dina"), own("2026-12-23", 12*60, 13*60)}}}},
			map[string]string{"23T08": "1 ann, 2 freja", "23T09": "1 dina, 2 freja", "23T12": "1 ann, 2 freja", "23T14": "1 ann, 2 freja", "24T21": "1 bea"}},
		{"users stand in, in tier 1", Overlay{Temporary: []Temporary{{ID: "x", From: "2026-12-23", To: "2026-12-24", Users: []string{"eva"},
			Slots: []Slot{own("2026-12-23", 9*60, 12*60, "dina"), {Date: "2026-12-24", Start: 9 * 60, End: 10 * 60, Tier: 1, Kind: Closed}}}}},
			map[string]string{"23T07": "1 bea", "23T08": "1 eva", "23T09": "1 dina", "23T12": "1 eva", "24T09": "1 closed", "24T23": "1 eva", "25T00": "2 freja"}},
		{"a temporary plan before a template", Overlay{Templates: []Template{holiday}, Days: []Day{{"2026-12-24", "holiday"}},
			Temporary: []Temporary{{ID: "x", From: "2026-12-24", To: "2026-12-24", Grid: true, Slots: []Slot{own("2026-12-24", 12*60, 18*60, "dina")}}}},
			map[string]string{"24T10": "1 chau", "24T12": "1 dina", "24T18": "1 closed"}},
	} {
		p := planned(t, r, test.over)
		for when, want := range test.want {
			if got := said(p, "2026-12-"+when+":00:00Z"); got != want {
				t.Errorf("%s: on %s: %q, want %q", test.name, when, got, want)
			}
		}
	}
}

func TestExceptions(t *testing.T) {
	t.Parallel()
	r := grid(t, "UTC", 1, append(nights("ann chau"), "0 1 08:00 20:00 2 closed", "0 1 08:00 20:00 3 shadow tim")...)
	for _, test := range []struct {
		exceptions []Exception
		want, why  string // on Monday the 23rd, 9:00
	}{
		{nil, "1 ann chau, 2 closed, 3", "slot 1: Monday 08:00–20:00 (UTC)"},
		{[]Exception{{ID: "a", Kind: Absence, Shift: seat("0-1-0800-1 2026-11-23 1"), User: "ann"}}, "1 chau, 2 closed, 3", "ANN is away (slot 1: Monday 08:00–20:00 (UTC))"},
		{[]Exception{{ID: "a", Kind: Cover, Shift: seat("0-1-0800-1 2026-11-23 1"), User: "ann", By: "bea"}}, "1 bea chau, 2 closed, 3", "BEA covers for ANN (slot 1: Monday 08:00–20:00 (UTC))"},
		{[]Exception{{ID: "a", Kind: Extra, Shift: seat("0-1-0800-1 2026-11-23 101"), By: "bea"}}, "1 ann chau bea, 2 closed, 3", "BEA comes too (slot 1: Monday 08:00–20:00 (UTC))"},
		{[]Exception{{ID: "a", Kind: Cancel, Shift: seat("0-1-0800-1 2026-11-23 0")}}, "2 closed, 3", ""},
		{[]Exception{{ID: "a", Kind: Cancel, Shift: seat("0-1-0800-1 2026-11-30 0")}}, "1 ann chau, 2 closed, 3", ""},
		// The people of the slot changed since: nobody's place is taken, and whoever promised to come comes.
		{[]Exception{{ID: "a", Kind: Absence, Shift: seat("0-1-0800-1 2026-11-23 1"), User: "chau"}}, "1 ann, 2 closed, 3", ""},
		{[]Exception{{ID: "a", Kind: Absence, Shift: seat("0-1-0800-1 2026-11-23 1"), User: "who"}}, "1 ann chau, 2 closed, 3", ""},
		{[]Exception{{ID: "a", Kind: Cover, Shift: seat("0-1-0800-1 2026-11-23 1"), User: "who", By: "bea"}}, "1 ann chau bea, 2 closed, 3", ""},
		{[]Exception{{ID: "a", Kind: Extra, Shift: seat("0-1-0800-2-closed 2026-11-23 101"), By: "bea"}, {ID: "b", Kind: Cover, Shift: seat("0-1-0800-3-shadow 2026-11-23 1"), User: "tim", By: "dina"}},
			"1 ann chau, 2 closed bea, 3", ""},
	} {
		p := planned(t, r, Overlay{Exceptions: test.exceptions})
		if got := said(p, "2026-11-23T09:00:00Z"); got != test.want {
			t.Errorf("%+v: %q, want %q", test.exceptions, got, test.want)
		}
		first := Resolve(p, at("2026-11-23T09:00:00Z"), at("2026-11-23T10:00:00Z"))[0].Tiers[0]
		if got := Why(p, first, strings.ToUpper); test.why != "" && got != test.why {
			t.Errorf("Why(%+v) = %q, want %q", test.exceptions, got, test.why)
		}
	}
}

func TestWhoStandsInIsSaid(t *testing.T) {
	t.Parallel()
	p := planned(t, grid(t, "UTC", 1, nights("ann")...), Overlay{Templates: []Template{{ID: "h", Name: "Public holiday", Slots: []Slot{{Start: 0, End: 24 * 60, Tier: 1, Users: []string{"eva"}, Kind: Duty}}}},
		Days:      []Day{{"2026-12-24", "h"}},
		Temporary: []Temporary{{ID: "x", Name: "Retreat", From: "2026-12-01", To: "2026-12-02", Users: []string{"dina"}}, {ID: "y", Name: "Move", From: "2026-12-03", To: "2026-12-03", Grid: true}}})
	for when, want := range map[string]string{
		"2026-12-01T09:00:00Z": `who stands in by "Retreat" (UTC), which stands in`,
		"2026-12-03T09:00:00Z": "slot 7: Thursday 08:00–20:00 (UTC), which stands in",
		"2026-12-24T09:00:00Z": `"Public holiday": 00:00–24:00 (UTC)`,
	} {
		if got := Why(p, Resolve(p, at(when), at(when).Add(time.Minute))[0].Tiers[0], nil); got != want {
			t.Errorf("Why at %s = %q, want %q", when, got, want)
		}
	}
}

func TestTwoExceptionsOnOneSeatAreRefused(t *testing.T) {
	t.Parallel()
	p := planned(t, grid(t, "UTC", 1, nights("ann chau")...), Overlay{})
	first := Exception{ID: "a", Kind: Absence, Shift: seat("0-1-0800-1 2026-11-23 1"), User: "ann"}
	p, err := p.With(first)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		second Exception
		says   string
	}{
		{Exception{ID: "b", Kind: Cover, Shift: first.Shift, User: "ann", By: "bea"}, "exception 2: seat 1 of that shift has an exception already: see exception 1"},
		{Exception{ID: "a", Kind: Cover, Shift: first.Shift.At(2), User: "chau", By: "bea"}, `exception 2: its id "a" is that of something else too`},
		{Exception{ID: "b", Kind: Cover, Shift: first.Shift.At(2), User: "chau", By: "chau"}, "another who comes by"},
		{Exception{ID: "b", Kind: Cover, Shift: ShiftID{"+4570201550", "0-1-0800-1", "2026-11-23", 2}, User: "chau", By: "bea"}, "exception 2: its shift is one of line"},
		{Exception{ID: "b", Kind: Cover, Shift: first.Shift.At(2), User: "chau", By: "bea"}, ""},
		{Exception{ID: "b", Kind: Cover, Shift: seat("0-1-0800-1 2026-11-30 1"), User: "ann", By: "bea"}, ""},
	} {
		_, err := p.With(test.second)
		var f *Fault
		if (err != nil) != (test.says != "") || err != nil && (!errors.As(err, &f) || !strings.Contains(err.Error(), test.says)) {
			t.Errorf("With(%+v): %v, want %q", test.second, err, test.says)
		}
	}
	extra := Exception{Kind: Extra, Shift: seat("0-1-0800-1 2026-11-23 0"), By: "bea"}
	other := extra
	extra.ID, other.ID, other.By = "x", "y", "dina"
	if p, err = p.With(extra, other); err != nil || p.Over().Exceptions[2].Shift.Seat != 102 || said(p, "2026-11-23T09:00:00Z") != "1 chau bea dina" {
		t.Errorf("two extras: %+v, %v", p.Over().Exceptions, err)
	}
}

func TestASwapIsTakenOnce(t *testing.T) {
	t.Parallel()
	p := planned(t, grid(t, "UTC", 1, nights("ann chau")...), Overlay{})
	monday, night := seat("0-1-0800-1 2026-11-23 1"), seat("0-2-2000-1 2026-11-24 1")
	p, err := p.Laid(Overlay{Swaps: []Swap{{ID: "s", Shift: monday, User: "ann", Other: nil, State: Open}, {ID: "both", Shift: monday.At(2), User: "chau", By: "bea", Other: &night, State: Taken},
		{ID: "on", Shift: monday, User: "dina", By: "eva", State: Taken}, {ID: "back", Shift: monday, User: "dina", By: "ann", State: Taken}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Accept("s"); err == nil {
		t.Error("a swap that nobody took was accepted")
	}
	taken, err := p.Take("s", "dina")
	if err != nil || said(taken, "2026-11-23T09:00:00Z") != "1 ann chau" {
		t.Fatalf("Take: %v; it changes nobody's duty before it is accepted", err)
	}
	if _, err := taken.Take("s", "eva"); err == nil {
		t.Error("two people took one swap")
	}
	if _, err := taken.Accept("on"); err == nil {
		t.Error("dina gave a seat that was not hers")
	}
	done, err := taken.Accept("s")
	if err == nil {
		done, err = done.Accept("both")
	}
	if err != nil || said(done, "2026-11-23T09:00:00Z") != "1 dina bea" || said(done, "2026-11-24T21:00:00Z") != "1 chau" {
		t.Errorf("accepted: %q and %q, %v", said(done, "2026-11-23T09:00:00Z"), said(done, "2026-11-24T21:00:00Z"), err)
	}
	if _, err := done.Accept("s"); err == nil {
		t.Error("a swap was accepted twice")
	}
	further, err := done.Accept("on") // whoever covers gives the seat to a third
	if err != nil || said(further, "2026-11-23T09:00:00Z") != "1 eva bea" || len(further.Over().Exceptions) != 3 {
		t.Errorf("a cover's swap: %q, %v", said(further, "2026-11-23T09:00:00Z"), err)
	}
	back, err := done.Accept("back")
	if err != nil || said(back, "2026-11-23T09:00:00Z") != "1 ann bea" || len(back.Over().Exceptions) != 2 {
		t.Errorf("a seat given back: %q, %v", said(back, "2026-11-23T09:00:00Z"), err)
	}
}

// TestASwapOverWhatIsStale: the grid names another since somebody was covered for, or was absent. Whoever swaps then
// gives her own seat, and whoever promised to come for the other comes.
func TestASwapOverWhatIsStale(t *testing.T) {
	t.Parallel()
	monday := seat("0-1-0800-1 2026-11-23 1")
	swap := Swap{ID: "s", Shift: monday, User: "ann", By: "dina", State: Taken}
	for _, test := range []struct {
		name         string
		over         []Exception
		before, want string
		freja        int    // her seat
		left         string // when she leaves it
	}{
		{"a cover", []Exception{{ID: "c", Kind: Cover, Shift: monday, User: "bea", By: "freja"}}, "1 ann freja", "1 dina freja", 501, "1 dina"},
		{"an absence", []Exception{{ID: "c", Kind: Absence, Shift: monday, User: "bea"}}, "1 ann", "1 dina", 0, ""},
		{"an absence of who takes it", []Exception{{ID: "c", Kind: Absence, Shift: monday.At(2), User: "dina"}}, "1 ann", "1 dina", 0, ""},
		{"a cover for who takes it", []Exception{{ID: "c", Kind: Cover, Shift: monday.At(2), User: "dina", By: "freja"}}, "1 ann freja", "1 dina freja", 502, "1 dina"},
		{"an absence of one who has an extra seat", []Exception{{ID: "x", Kind: Extra, Shift: monday.At(101), By: "bea"}, {ID: "c", Kind: Cover, Shift: monday, User: "bea", By: "freja"}},
			"1 ann freja", "1 dina freja", 101, "1 dina"},
	} {
		p := planned(t, grid(t, "UTC", 1, nights("ann")...), Overlay{Exceptions: test.over, Swaps: []Swap{swap}})
		if got := said(p, "2026-11-23T09:00:00Z"); got != test.before {
			t.Fatalf("%s: %q, want %q", test.name, got, test.before)
		}
		done, err := p.Accept("s")
		if got := said(done, "2026-11-23T09:00:00Z"); err != nil || got != test.want {
			t.Errorf("%s: ann swaps with dina: %q, %v, want %q", test.name, got, err, test.want)
			continue
		}
		if test.freja == 0 {
			continue
		}
		gone, err := done.Leave(monday.At(test.freja), "freja", "l")
		if got := said(gone, "2026-11-23T09:00:00Z"); err != nil || got != test.left {
			t.Errorf("%s: freja leaves: %q, %v, want %q", test.name, got, err, test.left)
		}
	}
}

// TestShiftIDsStay: an edit of one slot leaves the shifts of the others what they are.
func TestShiftIDsStay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := mustPlan(t, random(t), Overlay{})
		doc := FormatPlan(p)
		again, err := ParsePlan(doc)
		if err != nil {
			t.Fatal(err)
		}
		gone := rapid.IntRange(0, len(p.Slots)-1).Draw(t, "gone")
		slots := slices.Delete(slices.Clone(again.Slots), gone, gone+1)
		if len(slots) == 0 {
			t.Skip("no other")
		}
		again.Rota.Slots = slots
		edited, err := Parse(Format(again.Rota))
		if want := slices.Delete(slices.Clone(p.ids), gone, gone+1); err != nil || !reflect.DeepEqual(edited.ids, want) {
			t.Fatalf("without slot %d the ids are %q, want %q, %v", gone+1, edited.ids, want, err)
		}
	})
	r := grid(t, "UTC", 1, "0 1 08:00 20:00 1 duty ann", "0 1 08:00 20:00 1 duty bea", "0 1 08:00 20:00 1 closed")
	if want := []string{"0-1-0800-1", "0-1-0800-1-2", "0-1-0800-1-closed"}; !reflect.DeepEqual(r.ids, want) {
		t.Errorf("ids = %q, want %q", r.ids, want)
	}
}

func TestParseShiftID(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{"+4570201550/0-1-2000-1/2026-11-23/1": true, "*/night/2026-11-23/0": true, "*/night/2026-11-23": false, "*/night/2026-11-23/01": false,
		"*/ni ght/2026-11-23/1": false, "x/night/2026-11-23/1": false, "*/night/2026-13-23/1": false, "*/night/2026-11-23/-1": false, "*//2026-11-23/1": false, "": false} {
		id, err := ParseShiftID(text)
		if (err == nil) != ok || ok && id.String() != text {
			t.Errorf("ParseShiftID(%q) = %v, %v", text, id, err)
		}
	}
}
