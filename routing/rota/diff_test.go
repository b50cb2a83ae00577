package rota

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	known := map[string]Person{"ann": {Answers: true}, "bea": {Answers: true}, "chau": {Answers: true}}
	before := planned(t, grid(t, "Europe/Copenhagen", 1, nights("ann")...), Overlay{})
	for _, test := range []struct {
		name  string
		after []string
		over  Overlay
		want  []string
	}{
		{"nothing", nights("ann"), Overlay{}, nil},
		{"another id", append(nights("ann")[1:], "0 1 08:00 20:00 1 duty ann"), Overlay{}, nil},
		{"a shift less", nights("ann")[1:], Overlay{}, []string{
			"this edit opens a gap: Mon 2026-11-23 08:00–20:00 (Europe/Copenhagen)", "ANN no longer has Mon 2026-11-23 08:00–20:00 in tier 1"}},
		{"a cover", nights("ann"), Overlay{Exceptions: []Exception{{ID: "a", Kind: Cover, Shift: seat("0-2-2000-1 2026-11-24 1"), User: "bea", By: "chau"}}}, []string{
			"BEA no longer has Tue 2026-11-24 20:00 to Wed 2026-11-25 08:00 in tier 1", "CHAU gets Tue 2026-11-24 20:00 to Wed 2026-11-25 08:00 in tier 1"}},
		{"a later start", append(nights("ann")[1:], "0 1 10:00 20:00 1 duty ann", "0 1 10:00 12:00 2 shadow chau"), Overlay{}, []string{
			"this edit opens a gap: Mon 2026-11-23 08:00–10:00 (Europe/Copenhagen)", "ANN no longer has Mon 2026-11-23 08:00–10:00 in tier 1",
			"CHAU gets Mon 2026-11-23 10:00–12:00 in tier 2 as a trainee"}},
	} {
		after := planned(t, grid(t, "Europe/Copenhagen", 1, test.after...), test.over)
		d := Diff(before, after, at("2026-11-22T23:00:00Z"), at("2026-11-29T23:00:00Z"), known)
		if got := d.words(before, strings.ToUpper); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		back := Diff(after, before, at("2026-11-22T23:00:00Z"), at("2026-11-29T23:00:00Z"), known)
		if !reflect.DeepEqual(back.Closes, d.Opens) || !reflect.DeepEqual(back.Opens, d.Closes) || len(back.Moves) != len(d.Moves) {
			t.Errorf("%s: back is %+v", test.name, back)
		}
	}
}

// TestDiffByTheMinute: what opens was no gap before and is one after, and nothing else.
func TestDiffByTheMinute(t *testing.T) {
	t.Parallel()
	known := map[string]Person{"ann": {Answers: true}, "bea": {Answers: true}, "freja": {Answers: true}}
	rapid.Check(t, func(t *rapid.T) {
		middle := at(rapid.SampledFrom(days).Draw(t, "day") + "T00:00:00Z")
		a, b := randomPlan(t, middle), randomPlan(t, middle)
		from, to := middle.Add(-24*time.Hour), middle.Add(24*time.Hour)
		d := Diff(a, b, from, to, known)
		in := func(spans []Span, now time.Time) bool {
			return slices.ContainsFunc(spans, func(s Span) bool { return s.meets(Span{now, now.Add(time.Second)}) })
		}
		for now := from; now.Before(to); now = now.Add(13 * time.Minute) {
			was, is := aloneByHand(a, now, known), aloneByHand(b, now, known)
			if in(d.Opens, now) != (is && !was) || in(d.Closes, now) != (was && !is) {
				t.Fatalf("at %s: gap before %v, after %v, and Diff says %+v", now, was, is, d)
			}
			for _, u := range []string{"ann", "bea", "freja"} {
				turns := func(p Plan) string { return turnsByHand(p, now, u) }
				gained := slices.ContainsFunc(d.Moves, func(m Move) bool {
					return m.User == u && (slices.ContainsFunc(m.Gains, func(t Turn) bool { return in([]Span{t.Span}, now) }) || slices.ContainsFunc(m.Loses, func(t Turn) bool { return in([]Span{t.Span}, now) }))
				})
				if gained != (turns(a) != turns(b)) {
					t.Fatalf("at %s: %s has %s before, %s after, and Diff says %+v", now, u, turns(a), turns(b), d.Moves)
				}
			}
		}
	})
}

func aloneByHand(p Plan, now time.Time, known map[string]Person) bool {
	first := OnCall(p, now)[0]
	return !first.Closed && !slices.ContainsFunc(first.Users, func(u string) bool { return known[u].Answers })
}

func turnsByHand(p Plan, now time.Time, user string) string {
	var all []string
	for _, o := range OnCall(p, now) {
		if is, shadow := slices.Contains(o.Users, user), slices.Contains(o.Shadows, user); is || shadow {
			all = append(all, fmt.Sprint(o.Number, is, shadow))
		}
	}
	return strings.Join(all, " ")
}

func TestFairness(t *testing.T) {
	t.Parallel()
	p := planned(t, grid(t, "Europe/Copenhagen", 1, append(nights("ann"), "0 6 20:00 08:00 2 duty ann", "0 1 08:00 20:00 2 shadow tim", "0 1 16:00 02:30 2 duty chau")...),
		Overlay{Templates: []Template{{ID: "h", Holiday: true, Slots: []Slot{{End: 24 * 60, Tier: 1, Users: []string{"eva"}, Kind: Duty}}}}, Days: []Day{{"2026-12-24", "h"}}})
	from, to := at("2026-12-20T23:00:00Z"), at("2026-12-27T23:00:00Z") // a week from Monday
	got := Fairness(p, from, to, map[string]Pages{"ann": {3, 1}, "zoe": {}})
	// Monday's first eight hours, of the night before, are bea's; on the 24th she works until 08:00.
	want := []Share{{User: "ann", Hours: 6*12*time.Hour + 4*time.Hour + 8*time.Hour, Nights: 1, Weekends: 1, Pages: Pages{3, 1}},
		{User: "bea", Hours: 8*time.Hour + 5*12*time.Hour + 4*time.Hour, Nights: 6, Weekends: 1, Holidays: 1},
		{User: "chau", Hours: 10*time.Hour + 30*time.Minute}, {User: "eva", Hours: 24 * time.Hour, Nights: 1, Holidays: 1}, {User: "zoe"}}
	for i, s := range got {
		if i >= len(want) {
			break
		}
		if s.Than = (Than{}); s != want[i] {
			t.Errorf("share of %s = %+v, want %+v", s.User, s, want[i])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d shares, want %d", len(got), len(want))
	}
}

func TestFairnessAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		middle := at(rapid.SampledFrom(days).Draw(t, "day") + "T00:00:00Z")
		p := randomPlan(t, middle)
		from, to := middle.Add(-40*time.Hour), middle.Add(40*time.Hour)
		shares := Fairness(p, from, to, map[string]Pages{"ann": {2, 1}, "zoe": {}})
		minutes := map[string]time.Duration{}
		for now := from; now.Before(to); now = now.Add(time.Minute) {
			on := map[string]bool{}
			for _, tier := range Resolve(p, now, now.Add(time.Second))[0].Tiers {
				for _, u := range tier.Users {
					on[u] = true
				}
			}
			for u := range maps.Keys(on) {
				minutes[u] += time.Minute
			}
		}
		sum := 0.0
		for _, s := range shares {
			if s.Hours != minutes[s.User] {
				t.Fatalf("%s has %v, by the minute %v", s.User, s.Hours, minutes[s.User])
			}
			sum += s.Than.Nights + s.Than.Answered
		}
		if math.Abs(sum) > 1e-9 {
			t.Fatalf("the differences add up to %f", sum)
		}
	})
}
