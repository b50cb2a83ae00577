package rota

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// christmas is a plan whose seats are all open: three shifts a day, two tiers.
func christmas(t testing.TB) Plan {
	var slots []string
	for day := range 7 {
		for _, hours := range []string{"00:00 08:00", "08:00 16:00", "16:00 24:00"} {
			slots = append(slots, fmt.Sprintf("0 %d %s 1 duty", day+1, hours), fmt.Sprintf("0 %d %s 2 duty", day+1, hours))
		}
	}
	p := planned(t, grid(t, "Europe/Copenhagen", 1, slots...), Overlay{})
	p.Limits = Limits{Rest: 11, Nights: 4, Hours: 40}
	return p
}

// staff are so many people, and so many wishes of theirs, by chance.
func staff(n, wishes int, from time.Time, chance *rand.Rand) (map[string]Person, []Wish) {
	known := map[string]Person{}
	for i := range n {
		known[fmt.Sprintf("p%02d", i)] = Person{Answers: true, Phone: true, Languages: []string{[]string{"da", "en", "uk"}[i%3]}}
	}
	var all []Wish
	for range wishes {
		start := from.Add(time.Duration(chance.IntN(13*24)) * time.Hour)
		w := Wish{User: fmt.Sprintf("p%02d", chance.IntN(n)), From: start, To: start.Add(time.Duration(8+chance.IntN(40)) * time.Hour)}
		w.Will = []Will{Cannot, Cannot, Wants, Can}[chance.IntN(4)]
		all = append(all, w)
	}
	return known, all
}

// TestFillingChristmas is the promise: 14 days, two tiers, 24 people, 60 wishes.
func TestFillingChristmas(t *testing.T) {
	t.Parallel()
	p := christmas(t)
	from := at("2026-12-20T23:00:00Z")
	to := from.AddDate(0, 0, 14)
	quickest := time.Hour // of four that are as long: the others may have had to share the machine
	for seed := range uint64(4) {
		known, wishes := staff(24, 60, from, rand.New(rand.NewPCG(seed, 1)))
		began := time.Now()
		got := Fill(p, from, to, known, wishes, p.Limits)
		quickest = min(quickest, time.Since(began))
		if len(got.Exceptions) != 84 || len(got.Empty) != 0 {
			t.Errorf("seed %d: %d seats filled, %d empty, want all 84", seed, len(got.Exceptions), len(got.Empty))
		}
		filled := kept(t, p, got, from, to, known, wishes)
		nights := map[int]int{}
		shares := Fairness(filled, from, to, nil)
		for _, s := range shares {
			nights[s.Nights]++
		}
		// 28 nights of 24 people: 20 have one, four have two.
		if want := map[int]int{1: 20, 2: 4}; !reflect.DeepEqual(nights, want) || len(shares) != 24 {
			t.Errorf("seed %d: so many people have so many nights: %v, want %v", seed, nights, want)
		}
		if again := Fill(p, from, to, known, wishes, p.Limits); seed == 0 && !reflect.DeepEqual(again, got) {
			t.Error("the same was asked, and another answer came")
		}
	}
	if quickest > 5*time.Second {
		t.Errorf("a proposal took %v, and a supervisor waits for it", quickest)
	}
}

// kept applies a proposal and checks what it promises: no limit broken, no "cannot", no two places.
func kept(t interface{ Fatalf(string, ...any) }, p Plan, got Proposal, from, to time.Time, known map[string]Person, wishes []Wish) Plan {
	filled, err := p.With(got.Exceptions...)
	if err != nil {
		t.Fatalf("With: %v", err)
	}
	for _, f := range Coverage(filled, from, to, known) {
		if slices.Contains([]string{Rest, Nights, Hours, Twice, Stranger, Away}, f.Kind) {
			t.Fatalf("the proposal breaks a rule: %s: %s", f.Kind, f.Words)
		}
	}
	for _, e := range got.Exceptions {
		x, _ := filled.Shift(e.Shift)
		if willOf(wishes, e.By, e.Shift, Span{x.Start, x.End}) == Cannot {
			t.Fatalf("%s cannot, and has %s", e.By, e.Shift)
		}
		if tiers := known[e.By].Tiers; len(tiers) > 0 && !slices.Contains(tiers, p.all[x.Slot-1].Tier) {
			t.Fatalf("%s has %s, in a tier that she is not for", e.By, e.Shift)
		}
	}
	return filled
}

// TestFillKeepsItsPromises draws plans and people, and looks at every rule, and at every reason of an empty seat.
func TestFillKeepsItsPromises(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := at(rapid.SampledFrom(days).Draw(t, "day") + "T00:00:00Z").Add(-48 * time.Hour)
		to := from.Add(time.Duration(rapid.IntRange(1, 6).Draw(t, "days")) * 24 * time.Hour)
		p, known, wishes := openPlan(t, from)
		got := Fill(p, from, to, known, wishes, p.Limits)
		filled := kept(t, p, got, from, to, known, wishes)
		if open := openings(p, from, to, known); open != len(got.Exceptions)+len(got.Empty) {
			t.Fatalf("%d seats are open, %d filled, %d empty", open, len(got.Exceptions), len(got.Empty))
		}
		for _, e := range got.Empty {
			if len(e.Why) != len(known) {
				t.Fatalf("%s says of %d people why, of %d", e.Shift, len(e.Why), len(known))
			}
			for _, o := range e.Why {
				inTheWay(t, filled, e, o, from, to, known, wishes)
			}
		}
	})
}

// openPlan draws a plan with open seats, in which nothing is wrong yet.
func openPlan(t *rapid.T, from time.Time) (Plan, map[string]Person, []Wish) {
	var slots []Slot
	for day := range 7 {
		for _, h := range [][2]Minute{{0, 480}, {480, 960}, {960, 1440}} {
			s := Slot{Day: day + 1, Start: h[0], End: h[1], Tier: rapid.IntRange(1, 2).Draw(t, "tier"), Min: rapid.IntRange(0, 2).Draw(t, "min"), Users: []string{}, Kind: Duty}
			if rapid.IntRange(0, 9).Draw(t, "planned") == 0 {
				s.Users = []string{"ann"}
			}
			if rapid.Bool().Draw(t, "needs") {
				s.Languages = []string{"da"}
			}
			slots = append(slots, s)
		}
	}
	r, err := Parse(Format(Rota{Line: "*", Zone: rapid.SampledFrom(sample).Draw(t, "zone"), Weeks: 1, Slots: slots}))
	if err != nil {
		t.Fatal(err)
	}
	p := mustPlan(t, r, Overlay{})
	p.Limits = Limits{Rest: rapid.SampledFrom([]int{0, 8, 11}).Draw(t, "rest"), Nights: rapid.IntRange(0, 3).Draw(t, "nights"), Hours: rapid.SampledFrom([]int{0, 16, 40}).Draw(t, "hours"), Second: true}
	known := map[string]Person{}
	for _, u := range []string{"ann", "bea", "chau", "dina"}[:rapid.IntRange(1, 4).Draw(t, "people")] {
		known[u] = Person{Answers: rapid.IntRange(0, 5).Draw(t, "answers") > 0, Languages: []string{rapid.SampledFrom([]string{"da", "en"}).Draw(t, "speaks")},
			Tiers: rapid.SampledFrom([][]int{nil, nil, {1}, {2}}).Draw(t, "tiers")}
	}
	known["ann"] = Person{Answers: true}
	if findings := Coverage(p, from, from.AddDate(0, 0, 7), known); slices.ContainsFunc(findings, func(f Finding) bool { return slices.Contains([]string{Rest, Nights, Hours}, f.Kind) }) {
		t.Skip("it was wrong before")
	}
	var wishes []Wish
	for range rapid.IntRange(0, 8).Draw(t, "wishes") {
		start := from.Add(time.Duration(rapid.IntRange(0, 120).Draw(t, "from")) * time.Hour)
		wishes = append(wishes, Wish{User: rapid.SampledFrom([]string{"ann", "bea", "chau"}).Draw(t, "of"), From: start, To: start.Add(12 * time.Hour),
			Will: rapid.SampledFrom([]Will{Cannot, Can, Wants}).Draw(t, "will")})
	}
	return p, known, wishes
}

// openings counts the open seats by hand.
func openings(p Plan, from, to time.Time, known map[string]Person) (n int) {
	for _, x := range p.shifts(from, to) {
		s := p.all[x.Slot-1]
		if s.Kind == Duty && !x.Start.Before(from) {
			there := slices.DeleteFunc(x.users(), func(u string) bool { return !known[u].Answers })
			n += max(0, s.Min-len(there))
		}
	}
	return n
}

// inTheWay checks an obstacle: with the seat given to her all the same, a rule is broken.
func inTheWay(t *rapid.T, filled Plan, e Empty, o Obstacle, from, to time.Time, known map[string]Person, wishes []Wish) {
	tiers := known[o.User].Tiers
	switch {
	case !known[o.User].Answers, willOf(wishes, o.User, e.Shift, e.Span) == Cannot, len(tiers) > 0 && !slices.Contains(tiers, e.Tier):
		return
	}
	forced, err := filled.With(Exception{ID: "forced", Kind: Extra, Shift: e.Shift, By: o.User})
	if err != nil {
		t.Fatal(err)
	}
	broken := slices.ContainsFunc(Coverage(forced, from.AddDate(0, 0, -8), to.AddDate(0, 0, 8), known), func(f Finding) bool {
		return slices.Contains([]string{Rest, Nights, Hours, Twice}, f.Kind) && f.From.Before(e.End.AddDate(0, 0, 8))
	})
	mine := 0
	for _, s := range Stretches(forced, e.Start, e.End) {
		if s.User == o.User {
			mine++
		}
	}
	if !broken && mine < 2 {
		t.Fatalf("%s stays empty since %s, and nothing is in the way", e.Shift, o.Words)
	}
}

// TestFillLeavesNoGapThatItCouldFill compares with every way to fill a few seats.
func TestFillLeavesNoGapThatItCouldFill(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := at("2026-11-23T00:00:00Z")
		n := rapid.IntRange(2, 6).Draw(t, "seats")
		var slots []Slot
		for i := range n {
			start := Minute(rapid.SampledFrom([]int{0, 480, 960}).Draw(t, "start"))
			slots = append(slots, Slot{Day: 1 + i/2, Start: start, End: start + 480, Tier: 1 + rapid.IntRange(0, 1).Draw(t, "tier"), Min: 1, Users: []string{}, Kind: Duty})
		}
		r, err := Parse(Format(Rota{Line: "*", Zone: "UTC", Weeks: 1, Slots: slots}))
		if err != nil {
			t.Fatal(err)
		}
		p := mustPlan(t, r, Overlay{})
		limits := Limits{Rest: 11, Nights: 2, Hours: rapid.SampledFrom([]int{16, 24}).Draw(t, "hours")}
		known := map[string]Person{"ann": {Answers: true}, "bea": {Answers: true}, "chau": {Answers: true, Tiers: []int{2}}}
		var wishes []Wish
		for range rapid.IntRange(0, 4).Draw(t, "wishes") {
			start := from.Add(time.Duration(rapid.IntRange(0, 70).Draw(t, "from")) * time.Hour)
			wishes = append(wishes, Wish{User: rapid.SampledFrom([]string{"ann", "bea", "chau"}).Draw(t, "of"), From: start, To: start.Add(8 * time.Hour), Will: Cannot})
		}
		got := Fill(p, from, from.AddDate(0, 0, 7), known, wishes, limits)
		empty := [3]int{}
		for _, e := range got.Empty {
			empty[e.Tier]++
		}
		f := newFiller(p, Span{from, from.AddDate(0, 0, 7)}, known, wishes, limits)
		if want := f.exhaust(0); empty[1] != want[1] || empty[2] != want[2] {
			t.Fatalf("it leaves %v empty, and it could be %v", empty, want)
		}
	})
}

// exhaust is the least that stays empty, by tier, tier 1 first.
func (f *filler) exhaust(i int) (least [3]int) {
	if i == len(f.openings) {
		return least
	}
	least = f.exhaust(i + 1)
	least[f.openings[i].tier]++
	for u := range f.people {
		if f.obstacle(u, i).kind != none {
			continue
		}
		f.give(u, i)
		if got := f.exhaust(i + 1); got[1] < least[1] || got[1] == least[1] && got[2] < least[2] {
			least = got
		}
		f.take(i)
	}
	return least
}

func TestFillSaysWhy(t *testing.T) {
	t.Parallel()
	r := grid(t, "UTC", 1, "0 1 08:00 16:00 1 duty ann", "0 1 22:00 06:00 1 duty", "0 3 08:00 16:00 1 duty", "0 3 12:00 20:00 2 duty", "0 5 08:00 16:00 1 duty")
	p := planned(t, r, Overlay{Exceptions: []Exception{{ID: "away", Kind: Absence, Shift: seat("0-1-0800-1 2026-11-23 1"), User: "ann"}}})
	day := func(text string) (Span, Wish) {
		s := span("2026-11-"+text+"T00:00:00Z", "2026-11-"+text+"T23:00:00Z")
		return s, Wish{User: "ann", From: s.Start, To: s.End, Will: Cannot}
	}
	_, no := day("23")
	away, _ := day("27")
	got := Fill(p, at("2026-11-23T00:00:00Z"), at("2026-11-30T00:00:00Z"), map[string]Person{"ann": {Answers: true, Away: []Span{away}, Name: "Ann"}, "gone": {}}, []Wish{no,
		{User: "ann", From: at("2026-11-25T00:00:00Z"), To: at("2026-11-26T00:00:00Z"), Will: Wants}, {User: "ann", From: at("2026-11-27T00:00:00Z"), To: at("2026-11-28T00:00:00Z"), Will: Wants}}, Limits{Rest: 11})
	var said []string
	for _, e := range got.Empty {
		said = append(said, e.Shift.String()+": "+e.Why[0].Words+"; "+e.Why[1].Words)
	}
	want := []string{"*/0-1-0800-1/2026-11-23/101: Ann said that she cannot; gone cannot be reached or asked",
		"*/0-1-2200-1/2026-11-23/101: Ann said that she cannot; gone cannot be reached or asked",
		"*/0-5-0800-1/2026-11-27/101: Ann is away then, by her calendar; gone cannot be reached or asked",
		"*/0-3-1200-2/2026-11-25/101: Ann has another shift then; gone cannot be reached or asked"}
	if !reflect.DeepEqual(said, want) {
		t.Errorf("Empty = %q, want %q", said, want)
	}
	if len(got.Exceptions) != 1 || got.Exceptions[0].Shift != seat("0-3-0800-1 2026-11-25 101") || len(got.Unmet) != 1 || got.Unmet[0].From.Day() != 27 {
		t.Errorf("Fill = %+v", got)
	}
}

func TestFillFindsWhoSpeaks(t *testing.T) {
	t.Parallel()
	r, err := Parse([]byte(`{"line":"*","zone":"UTC","slots":[{"day":1,"start":"08:00","end":"16:00","tier":1,"min":2,"languages":["da","uk"],"users":[]},
		{"day":2,"start":"08:00","end":"16:00","tier":1,"languages":["da"],"users":[]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]Person{"ann": {Answers: true, Languages: []string{"en"}}, "bea": {Answers: true, Languages: []string{"da"}}, "olha": {Answers: true, Languages: []string{"uk"}}}
	p := planned(t, r, Overlay{})
	from, to := at("2026-11-23T00:00:00Z"), at("2026-11-30T00:00:00Z")
	got := Fill(p, from, to, known, []Wish{{User: "ann", From: from, To: to, Will: Wants}}, Usual())
	filled, err := p.With(got.Exceptions...)
	if err != nil {
		t.Fatal(err)
	}
	if monday, tuesday := said(filled, "2026-11-23T09:00:00Z"), said(filled, "2026-11-24T09:00:00Z"); !strings.Contains(monday, "bea") || !strings.Contains(monday, "olha") || tuesday != "1 bea" {
		t.Errorf("Monday has %q, Tuesday %q", monday, tuesday)
	}
	if len(got.Unmet) != 1 {
		t.Errorf("Unmet = %+v, want the one of ann", got.Unmet)
	}
}

func TestWhatAWishSays(t *testing.T) {
	t.Parallel()
	id := seat("0-1-0800-1 2026-11-23 1")
	on, other := id.At(101), seat("0-1-1600-1 2026-11-23 1")
	s := span("2026-11-23T08:00:00Z", "2026-11-23T16:00:00Z")
	during := func(will Will) Wish { return Wish{User: "ann", From: s.End.Add(-time.Hour), To: s.End, Will: will} }
	for _, test := range []struct {
		wishes []Wish
		want   Will
	}{
		{nil, ""},
		{[]Wish{during(Cannot)}, Cannot},
		{[]Wish{{User: "bea", From: s.Start, To: s.End, Will: Cannot}, {User: "ann", From: s.End, To: s.End.Add(time.Hour), Will: Cannot}}, ""},
		{[]Wish{during(Wants), during(Cannot), during(Can)}, Cannot},
		{[]Wish{during(Cannot), {User: "ann", Shift: &on, Will: Can}}, Can},
		{[]Wish{{User: "ann", Shift: &other, Will: Cannot}, during(Wants)}, Wants},
	} {
		if got := willOf(test.wishes, "ann", id, s); got != test.want {
			t.Errorf("willOf(%+v) = %q, want %q", test.wishes, got, test.want)
		}
	}
}

func BenchmarkFill(b *testing.B) {
	p := christmas(b)
	from := at("2026-12-20T23:00:00Z")
	known, wishes := staff(24, 60, from, rand.New(rand.NewPCG(1, 1)))
	for b.Loop() {
		Fill(p, from, from.AddDate(0, 0, 14), known, wishes, p.Limits)
	}
}
