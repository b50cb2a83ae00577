package rota

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var people = map[string]Person{
	"ann": {Answers: true, Languages: []string{"da", "en"}}, "bea": {Answers: true, Languages: []string{"en"}},
	"chau": {Answers: true}, "gone": {},
}

func TestCoverage(t *testing.T) {
	t.Parallel()
	everyDay := func(rest string) (slots []string) {
		for day := range 7 {
			slots = append(slots, "0 "+string(rune('1'+day))+" "+rest)
		}
		return slots
	}
	day := everyDay("08:00 20:00 1 duty ann")
	night := everyDay("20:00 08:00 1 duty bea")
	for _, test := range []struct {
		name  string
		slots []string
		want  []string // beginnings of what is said, "kind: words"
	}{
		{"whole", slices.Concat(day, night), nil},
		{"no nights", day[:1], []string{"gap: tier 1: nobody is on duty, Mon 2026-11-23 01:00 to Mon 2026-11-23 08:00", "gap: tier 1: nobody is on duty, Mon 2026-11-23 20:00"}},
		{"nights are closed", slices.Concat(day, everyDay("20:00 08:00 1 closed")), nil},
		{"whoever is there is gone", slices.Concat(day, night[1:], []string{"0 1 20:00 08:00 1 duty gone"}),
			[]string{"gap: tier 1: nobody is on duty, Mon 2026-11-23 20:00 to Tue 2026-11-24 08:00", "user: slot 14: Monday 20:00–08:00 (Europe/Copenhagen), tier 1: gone has an account that is disabled"}},
		{"nobody knows her", slices.Concat(day, night, []string{"0 1 20:00 08:00 1 shadow who"}), []string{"user: slot 15: Monday 20:00–08:00 (Europe/Copenhagen), tier 1: who has no account"}},
		{"an open seat", slices.Concat(day, night[1:], []string{"0 1 20:00 08:00 1 duty"}), []string{"gap: "}},
		{"an open seat in the second tier", slices.Concat(day, night, everyDay("00:00 24:00 2 duty chau"), []string{"0 1 20:00 08:00 2 duty"}),
			[]string{"min: slot 22: Monday 20:00–08:00 (Europe/Copenhagen), tier 2: it needs 1 and has 0"}},
		{"the second tier sleeps", slices.Concat(day, night, everyDay("08:00 20:00 2 duty chau")), []string{"last_tier: tier 2: nobody is in the last tier, Mon 2026-11-23 01:00 to Mon 2026-11-23 08:00 (Europe/Copenhagen), and 7 more times"}},
		{"she backs up herself", slices.Concat(day, night, everyDay("00:00 24:00 2 duty bea")), []string{"twice: tier 2: bea is in tier 1 too"}},
		{"a shadow is nobody", slices.Concat(day, everyDay("20:00 08:00 1 shadow bea")), slices.Repeat([]string{"gap: "}, 8)},
	} {
		got := Coverage(grid(t, "Europe/Copenhagen", 1, test.slots...), at("2026-11-23T00:00:00Z"), at("2026-11-30T00:00:00Z"), people)
		for i, f := range got {
			say := f.Kind + ": " + f.Words
			if test.name == "no nights" && i >= len(test.want) {
				break
			}
			if i >= len(test.want) || !strings.HasPrefix(say, test.want[i]) {
				t.Errorf("%s: finding %d is %q, want %q", test.name, i, say, test.want)
			}
			if f.Times < 1 || !f.From.Before(f.To) || Gaps(got[i:i+1]) != (f.Kind == Gap) {
				t.Errorf("%s: finding %+v", test.name, f)
			}
		}
		if len(got) < len(test.want) {
			t.Errorf("%s: %d findings, want %d", test.name, len(got), len(test.want))
		}
	}
}

func TestCoverageOfWhatASlotNeeds(t *testing.T) {
	t.Parallel()
	r, err := Parse([]byte(`{"line":"*","zone":"Europe/Copenhagen","slots":[
		{"day":1,"start":"00:00","end":"12:00","tier":1,"min":2,"users":["chau"],"languages":["da"]},
		{"day":1,"start":"06:00","end":"12:00","tier":1,"users":["ann"]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	got := Coverage(r, at("2026-11-22T23:00:00Z"), at("2026-11-23T11:00:00Z"), people)
	want := []string{"slot 1: Monday 00:00–12:00 (Europe/Copenhagen), tier 1: it needs 2 and has 1 who can answer, Mon 2026-11-23 00:00 to Mon 2026-11-23 12:00",
		"slot 1: Monday 00:00–12:00 (Europe/Copenhagen), tier 1: nobody on duty speaks da, Mon 2026-11-23 00:00 to Mon 2026-11-23 06:00"}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i].Words != want[i] {
			t.Fatalf("Coverage says %+v, want %q", got, want)
		}
	}
}

// TestCoverageAgreesWithDuty: there is a gap in the report exactly when tier 1 has nobody who can answer.
func TestCoverageAgreesWithDuty(t *testing.T) {
	t.Parallel()
	known := map[string]Person{"ann": {Answers: true}, "bea": {Answers: true}, "chau": {}}
	rapid.Check(t, func(t *rapid.T) {
		r := random(t)
		from := at(rapid.SampledFrom(days).Draw(t, "day") + "T00:00:00Z")
		to := from.AddDate(0, 0, 3)
		found := Coverage(r, from, to, known)
		for now := from; now.Before(to); now = now.Add(7 * time.Minute) {
			first := OnCall(r, now)[0]
			empty := !first.Closed && !slices.ContainsFunc(first.Users, func(u string) bool { return known[u].Answers })
			said := slices.ContainsFunc(found, func(f Finding) bool { return f.Kind == Gap && !now.Before(f.From) && now.Before(f.To) })
			if empty != said {
				t.Fatalf("at %s tier 1 has %v, closed %v, and the report says a gap: %v", now, first.Users, first.Closed, said)
			}
		}
	})
}
