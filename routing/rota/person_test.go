package rota

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func span(from, to string) Span { return Span{at(from), at(to)} }

func TestCoverageOfAPlan(t *testing.T) {
	t.Parallel()
	well := Person{Answers: true, Phone: true, Second: true, Tested: at("2026-11-20T00:00:00Z"), Name: "Ann"}
	known := map[string]Person{"ann": well, "bea": well, "chau": well, "eva": well}
	week := func(rest ...string) (slots []string) {
		for day := range 7 {
			for _, s := range rest {
				slots = append(slots, fmt.Sprintf("0 %d %s", day+1, s))
			}
		}
		return slots
	}
	whole := week("08:00 20:00 1 duty ann", "20:00 08:00 1 duty bea")
	change := func(change func(*Person)) map[string]Person {
		p := well
		change(&p)
		return map[string]Person{"ann": p, "bea": well, "chau": well, "eva": well}
	}
	for _, test := range []struct {
		name   string
		slots  []string
		over   Overlay
		limits Limits
		known  map[string]Person
		want   []string // "kind: words", their beginnings
	}{
		{"whole", whole, Overlay{}, Limits{Phone: true}, known, nil},
		{"an absence opens a gap", whole, Overlay{Exceptions: []Exception{{ID: "a", Kind: Absence, Shift: seat("0-2-0800-1 2026-11-24 1"), User: "ann"}}}, Limits{}, known,
			[]string{"gap: tier 1: nobody is on duty, Tue 2026-11-24 08:00 to Tue 2026-11-24 20:00"}},
		{"a cover by somebody who has no account", whole, Overlay{Exceptions: []Exception{{ID: "a", Kind: Cover, Shift: seat("0-2-0800-1 2026-11-24 1"), User: "ann", By: "who"}}}, Limits{}, known,
			[]string{"gap: ", "user: slot 3: Tuesday 08:00–20:00 (UTC), tier 1: who has no account"}},
		{"a cancelled shift", whole, Overlay{Exceptions: []Exception{{ID: "a", Kind: Cancel, Shift: seat("0-2-0800-1 2026-11-24 0")}}}, Limits{}, known, []string{"gap: tier 1"}},
		{"a cover that backs herself up", append(week("00:00 24:00 2 duty chau"), whole...), Overlay{Exceptions: []Exception{{ID: "a", Kind: Cover, Shift: seat("0-2-0800-1 2026-11-24 1"), User: "ann", By: "chau"}}}, Limits{}, known,
			[]string{"twice: tier 2: Ann is in tier 1 too"}},
		{"a cover that sits twice", append(week("08:00 20:00 1 duty chau"), whole...), Overlay{Exceptions: []Exception{{ID: "a", Kind: Cover, Shift: seat("0-2-0800-1-2 2026-11-24 1"), User: "ann", By: "chau"}}}, Limits{}, known,
			[]string{"twice: tier 1: Ann has two seats"}},
		{"a cover for one who is gone", whole, Overlay{Exceptions: []Exception{{ID: "a", Kind: Cover, Shift: seat("0-2-0800-1 2026-11-24 1"), User: "eva", By: "chau"}}}, Limits{}, known,
			[]string{"hidden: Ann covers for Ann, who is not in that shift any more, Tue 2026-11-24 00:00"}},
		{"an exception of a slot that is gone", whole, Overlay{Exceptions: []Exception{{ID: "a", Kind: Extra, Shift: seat("gone 2026-11-24 101"), By: "chau"}}}, Limits{}, known,
			[]string{"hidden: Ann was to come to a shift that is not held"}},
		{"an exception of last week", whole, Overlay{Exceptions: []Exception{{ID: "a", Kind: Extra, Shift: seat("gone 2026-11-17 101"), By: "chau"}}}, Limits{}, known, nil},
		{"a template with one tier", append(week("00:00 24:00 2 duty chau"), whole...), Overlay{Templates: []Template{{ID: "h", Slots: []Slot{{End: 24 * 60, Tier: 1, Users: []string{"eva"}, Kind: Duty}}}}, Days: []Day{{"2026-11-25", "h"}}}, Limits{}, known,
			[]string{"gap: tier 1: nobody is on duty, Thu 2026-11-26 00:00 to Thu 2026-11-26 08:00"}},
		{"a temporary plan over a template", whole, Overlay{Templates: []Template{{ID: "h"}}, Days: []Day{{"2026-11-25", "h"}},
			Temporary: []Temporary{{ID: "x", From: "2026-11-25", To: "2026-11-25", Users: []string{"eva"}}}}, Limits{}, known, []string{"gap: ", "hidden: a temporary plan hides"}},
		{"no phone", whole, Overlay{}, Limits{Hours: 200}, change(func(p *Person) { p.Phone = false }), []string{"phone: tier 1: Ann has no verified phone, Mon 2026-11-23 08:00 to Mon 2026-11-23 20:00 (UTC), and 6 more times"}},
		{"no phone, and it counts", whole, Overlay{}, Limits{Phone: true}, change(func(p *Person) { p.Phone = false }),
			append(slices.Repeat([]string{"gap: "}, 7), "user: slot 1: Monday 08:00–20:00 (UTC), tier 1: Ann has no verified phone, and is not counted")},
		{"no test page", whole, Overlay{}, Limits{Test: 30}, change(func(p *Person) { p.Tested = at("2026-10-26T00:00:00Z") }), []string{"test: tier 1: Ann has answered no test page for 30 days, Wed 2026-11-25 08:00"}},
		{"no second way", whole, Overlay{}, Limits{Second: true}, change(func(p *Person) { p.Second = false }), []string{"second: "}},
		{"away by her calendar", whole, Overlay{}, Limits{Second: true}, change(func(p *Person) { p.Away = []Span{span("2026-11-24T19:00:00Z", "2026-11-24T21:00:00Z")} }),
			[]string{"away: tier 1: Ann is away then, by her calendar, Tue 2026-11-24 08:00 to Tue 2026-11-24 20:00 (UTC)"}},
		{"a night after a day", slices.Concat(whole[:3], whole[4:], []string{"0 2 20:00 08:00 1 duty ann"}), Overlay{}, Limits{Rest: 11}, known,
			[]string{"rest: Ann has 36 h without a break, Tue 2026-11-24 08:00 to Wed 2026-11-25 20:00 (UTC)"}},
		{"too little rest", week("08:00 16:00 1 duty ann", "16:00 00:00 1 duty bea", "00:00 08:00 1 duty chau"), Overlay{Exceptions: []Exception{
			{ID: "a", Kind: Cover, Shift: seat("0-2-0000-1 2026-11-24 1"), User: "chau", By: "eva"}, {ID: "b", Kind: Cover, Shift: seat("0-2-1600-1 2026-11-24 1"), User: "bea", By: "eva"}}}, Limits{Rest: 11}, known,
			[]string{"rest: Ann has 8 h free before it, Tue 2026-11-24 16:00 to Wed 2026-11-25 00:00 (UTC)"}},
		{"rest that is just enough", week("08:00 13:00 1 duty ann", "13:00 00:00 1 duty bea", "00:00 08:00 1 duty chau"), Overlay{Exceptions: []Exception{
			{ID: "a", Kind: Cover, Shift: seat("0-3-0000-1 2026-11-25 1"), User: "chau", By: "ann"}}}, Limits{Rest: 11}, known,
			nil},
		{"nights in a row", whole, Overlay{}, Limits{Nights: 4}, known, []string{"nights: Ann has 23 nights in a row, Sun 2026-11-15 00:00 to Mon 2026-12-07 06:00"}},
		{"hours in a week", whole, Overlay{}, Limits{Hours: 83}, known, []string{"hours: Ann has 84 h in a week, Mon 2026-11-23 00:00", "hours: Ann has 84 h in a week, Mon 2026-11-23 00:00"}},
		{"nobody confirmed", whole, Overlay{Confirmed: []Confirmation{{seat("0-1-0800-1 2026-11-23 1"), "ann"}}}, Limits{Confirm: 22}, known,
			[]string{"unconfirmed: tier 1: Ann has not confirmed, Mon 2026-11-23 20:00 to Tue 2026-11-24 08:00"}},
		{"another confirmed", whole, Overlay{Confirmed: []Confirmation{{seat("0-1-0800-1 2026-11-23 1"), "bea"}}}, Limits{Confirm: 12}, known,
			[]string{"unconfirmed: tier 1: Ann has not confirmed, Mon 2026-11-23 08:00"}},
	} {
		p := planned(t, grid(t, "UTC", 1, test.slots...), test.over)
		p.Limits = test.limits
		got := Coverage(p, at("2026-11-23T00:00:00Z"), at("2026-11-30T00:00:00Z"), test.known)
		for i := range max(len(got), len(test.want)) {
			if i >= len(got) || i >= len(test.want) || !strings.HasPrefix(got[i].Kind+": "+got[i].Words, test.want[i]) {
				t.Errorf("%s: %+v, want %q", test.name, got, test.want)
				break
			}
		}
	}
}

func TestRemarksNameTheShift(t *testing.T) {
	t.Parallel()
	p := planned(t, grid(t, "UTC", 1, "0 1 00:00 24:00 1 duty ann", "0 2 00:00 24:00 1 duty who"), Overlay{})
	p.Limits.Confirm = 24
	got := Examine(p, at("2026-11-23T00:00:00Z"), at("2026-11-24T00:00:00Z"), people)
	if len(got) < 1 || got[0].Kind != Unconfirmed || got[0].Shift != seat("0-1-0000-1 2026-11-23 1") || got[0].User != "ann" {
		t.Errorf("Examine = %+v", got)
	}
}

func TestClockChangesAreNoted(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ zone, from, lasts string }{
		{"Europe/Copenhagen", "2026-03-28T00:00:00Z", "11 h"}, {"Europe/Copenhagen", "2026-10-24T00:00:00Z", "13 h"}, {"Australia/Lord_Howe", "2026-10-03T00:00:00Z", "11 h 30 min"},
		{"Europe/London", "2026-10-24T00:00:00Z", "13 h"}, {"Africa/Cairo", "2026-04-23T00:00:00Z", "11 h"}, {"Asia/Beirut", "2026-03-28T00:00:00Z", "11 h"},
		{"America/Santiago", "2026-09-05T12:00:00Z", "11 h"}, {"America/Havana", "2026-03-07T12:00:00Z", "11 h"}, {"Europe/Copenhagen", "2026-11-23T00:00:00Z", ""},
	} {
		p := planned(t, grid(t, test.zone, 1, nights("ann")...), Overlay{})
		p.Limits = Limits{Phone: true}
		got := Coverage(p, at(test.from), at(test.from).Add(36*time.Hour), map[string]Person{"ann": {Answers: true, Phone: true}, "bea": {Answers: true, Phone: true}})
		if test.lasts == "" && len(got) == 0 {
			continue
		}
		if len(got) != 1 || got[0].Kind != Clock || !strings.Contains(got[0].Words, "the clock changes, and it lasts "+test.lasts+",") {
			t.Errorf("%s: %+v, want a note of %s", test.zone, got, test.lasts)
		}
	}
}

// TestCoverageAgreesWithPlans: there is a gap in the report exactly when Resolve gives tier 1 nobody who can answer.
func TestCoverageAgreesWithPlans(t *testing.T) {
	t.Parallel()
	known := map[string]Person{"ann": {Answers: true}, "bea": {Answers: true}, "chau": {}, "freja": {Answers: true}, "gro": {}}
	rapid.Check(t, func(t *rapid.T) {
		from := at(rapid.SampledFrom(days).Draw(t, "day") + "T00:00:00Z").Add(-24 * time.Hour)
		p := randomPlan(t, from.Add(24*time.Hour))
		found := Coverage(p, from, from.Add(72*time.Hour), known)
		for now := from; now.Before(from.Add(72 * time.Hour)); now = now.Add(17 * time.Minute) {
			first := OnCall(p, now)[0]
			empty := !first.Closed && !slices.ContainsFunc(first.Users, func(u string) bool { return known[u].Answers })
			said := slices.ContainsFunc(found, func(f Finding) bool { return f.Kind == Gap && !now.Before(f.From) && now.Before(f.To) })
			if empty != said {
				t.Fatalf("at %s tier 1 has %v, closed %v, and the report says a gap: %v", now, first.Users, first.Closed, said)
			}
		}
	})
}

// TestNextOfPlansMissesNothing: between an instant and Next of it nothing changes.
func TestNextOfPlansMissesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		middle := at(rapid.SampledFrom(days).Draw(t, "day") + "T00:00:00Z")
		p := randomPlan(t, middle)
		now := middle.Add(time.Duration(rapid.IntRange(-90*24*60, 3000).Draw(t, "minutes")) * time.Minute)
		next := Next(p, now)
		if next.IsZero() {
			next = now.AddDate(0, 0, 200)
		}
		if n := len(Resolve(p, now, next)); n != 1 {
			t.Fatalf("from %s to its Next %s there are %d segments", now, next, n)
		}
	})
}

func TestNextLooksAsFarAsThePlanGoes(t *testing.T) {
	t.Parallel()
	p := planned(t, grid(t, "UTC", 1, nights("ann")...), Overlay{Temporary: []Temporary{{ID: "x", From: "2026-11-24", To: "2027-02-28"}}})
	if got := Next(p, at("2026-11-25T12:00:00Z")); !got.Equal(at("2027-03-01T08:00:00Z")) {
		t.Errorf("Next in a plan without anybody = %s", got)
	}
}
