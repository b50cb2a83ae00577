package rota

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestLeavingAndClaiming(t *testing.T) {
	t.Parallel()
	const morning = "2026-11-23T09:00:00Z"
	p := planned(t, grid(t, "UTC", 1, nights("ann")...), Overlay{})
	monday := seat("0-1-0800-1 2026-11-23 1")
	step := func(name string, fresh Plan, err error, want string) Plan {
		t.Helper()
		if got := said(fresh, morning); err != nil || got != want {
			t.Fatalf("%s: %q, %v, want %q", name, got, err, want)
		}
		return fresh
	}
	refused := func(name string, err error) {
		t.Helper()
		if err == nil {
			t.Errorf("%s: it was not refused", name)
		}
	}
	_, err := p.Claim(monday, "chau", "c")
	refused("a shift that is full", err)
	_, err = p.Leave(monday, "bea", "l")
	refused("a seat of another", err)
	fresh, err := p.Leave(monday, "ann", "l")
	away := step("ann leaves", fresh, err, "1")
	fresh, err = away.Claim(monday, "chau", "c")
	claimed := step("chau claims", fresh, err, "1 chau")
	_, err = claimed.Claim(monday, "dina", "d")
	refused("the second who claims", err)
	fresh, err = claimed.Leave(monday, "chau", "l2")
	step("chau leaves", fresh, err, "1")
	fresh, err = away.Claim(monday, "ann", "c")
	step("ann comes after all", fresh, err, "1 ann")

	open, err := p.With(Exception{ID: "x", Kind: Extra, Shift: monday.At(101), By: "eva"})
	if err != nil {
		t.Fatal(err)
	}
	fresh, err = open.Give(monday.At(101), "eva", "dina", "g")
	step("an extra is given on", fresh, err, "1 ann dina")
	fresh, err = open.Leave(monday.At(101), "eva", "g")
	step("an extra leaves", fresh, err, "1 ann")

	lacking, err := Parse([]byte(`{"line":"*","zone":"UTC","slots":[{"day":1,"start":"08:00","end":"20:00","tier":1,"min":2,"users":["ann"]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	fresh, err = planned(t, lacking, Overlay{}).Claim(monday.Whole(), "bea", "c")
	fresh = step("an open seat", fresh, err, "1 ann bea")
	_, err = fresh.Claim(monday.Whole(), "dina", "d")
	refused("no further seat", err)
	_, err = planned(t, lacking, Overlay{}).Claim(monday.Whole(), "ann", "c")
	refused("somebody twice", err)
	_, err = p.Claim(seat("gone 2026-11-23 1"), "dina", "d")
	refused("no such shift", err)
}

// TestAbsentLeavesNothing: whoever is absent has no shift that starts then, and everybody else has what she had.
func TestAbsentLeavesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		middle := at(rapid.SampledFrom(days).Draw(t, "day") + "T00:00:00Z")
		p := randomPlan(t, middle)
		from, to := middle.AddDate(0, 0, -1), middle.AddDate(0, 0, 2)
		user := rapid.SampledFrom([]string{"ann", "bea", "freja"}).Draw(t, "user")
		absent, left, err := p.Absent(user, from, to, "off")
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range absent.shifts(from, to) {
			for _, s := range x.Seats {
				if s.User == user && !x.Start.Before(from) {
					t.Fatalf("%s has %s still", user, x.ID.At(s.Number))
				}
			}
		}
		for _, m := range Diff(p, absent, from, to, nil).Moves {
			if m.User != user && len(m.Loses) > 0 {
				t.Fatalf("%s loses %v when %s is absent", m.User, m.Loses, user)
			}
			if m.User == user && len(m.Loses) > 0 && len(left) == 0 {
				t.Fatalf("%s loses %v, and left nothing", user, m.Loses)
			}
		}
	})
}

// TestGiveMovesExactlyOnePerson: whatever lies over a shift, a seat that is given or left changes hands, and every other
// seat stays whose it is.
func TestGiveMovesExactlyOnePerson(t *testing.T) {
	t.Parallel()
	type place struct {
		seat ShiftID
		user string
	}
	rapid.Check(t, func(t *rapid.T) {
		middle := at(rapid.SampledFrom(days).Draw(t, "day") + "T00:00:00Z")
		from, to := middle.AddDate(0, 0, -3), middle.AddDate(0, 0, 3)
		taken := func(p Plan) (all []place) {
			for _, x := range p.shifts(from, to) {
				for _, s := range x.Seats {
					all = append(all, place{x.ID.At(s.Number), s.User})
				}
			}
			return all
		}
		sorted := func(all []place) []place {
			all = slices.DeleteFunc(all, func(x place) bool { return x.user == "" })
			slices.SortFunc(all, func(a, b place) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
			return all
		}
		p := randomPlan(t, middle)
		for i := range 3 {
			was := taken(p)
			if len(was) == 0 {
				t.Skip("there are no seats")
			}
			given := rapid.SampledFrom(was).Draw(t, "seat")
			by := rapid.SampledFrom([]string{"", "ann", "bea", "chau", "dina", "freja", "eva"}).Draw(t, "to")
			fresh, err := p.Give(given.seat, given.user, by, fmt.Sprint("g", i))
			if err != nil {
				t.Fatalf("%q gives %s to %q: %v", given.user, given.seat, by, err)
			}
			want := append(slices.DeleteFunc(slices.Clone(was), func(x place) bool { return x == given }), place{given.seat, by})
			if got, want := sorted(taken(fresh)), sorted(want); !slices.Equal(got, want) {
				t.Fatalf("%q gives %s to %q:\n%v, want\n%v, over %s", given.user, given.seat, by, got, want, FormatPlan(p))
			}
			p = fresh
		}
	})
}
