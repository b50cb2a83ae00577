package hotline

import (
	"errors"
	"testing"
)

func TestUnmetAndBars(t *testing.T) {
	t.Parallel()
	w := Waiting{Language: "th", AsksFor: Woman}
	tests := []struct {
		languages []string
		gender    Gender
		want      Unmet
	}{
		{[]string{"da", "th"}, Woman, Unmet{}},
		{[]string{"th"}, Man, Unmet{Gender: true}},
		{[]string{"da"}, Woman, Unmet{Language: true}},
		{nil, "", Unmet{Language: true, Gender: true}}, // who did not say what she is, is no woman that was asked for
	}
	for _, test := range tests {
		if got := w.Unmet(test.languages, test.gender); got != test.want {
			t.Errorf("Unmet(%v, %q) = %v, want %v", test.languages, test.gender, got, test.want)
		}
	}
	if got := (Waiting{}).Unmet(nil, Man); got != (Unmet{}) {
		t.Errorf("whoever needs nothing lacks %v, want nothing", got)
	}
	m := Musts{Language: 1, Gender: 2}
	for tier, want := range map[int][2]bool{1: {true, true}, 2: {false, true}, 3: {false, false}, LastTier: {false, false}} {
		got := [2]bool{m.Bars(Unmet{Language: true}, tier), m.Bars(Unmet{Gender: true}, tier)}
		if got != want {
			t.Errorf("in tier %d language and gender bar %v, want %v", tier, got, want)
		}
	}
	if all := (Musts{Language: 9, Gender: 9}); all.Bars(Unmet{Language: true, Gender: true}, LastTier) {
		t.Error("a must keeps supervisors who are off duty out, want them to be the last who can help")
	}
}

func TestWhoIsBarredIsNotAsked(t *testing.T) {
	t.Parallel()
	c := texted(t, toAnn(0))
	c, effects, err := DefaultRules.Apply(c, BarredTo{at(1), ann, true})
	if err != nil || c.State != Waits || len(c.Offers) > 0 || !c.Bars(ann) {
		t.Fatalf("after barring who is asked: %v %s, want it to wait for others", err, plain(c))
	}
	if say := effectsInWords(effects); len(effects) != 2 {
		t.Errorf("barring does %q, want her slot freed and the offer withdrawn", say)
	}
	for _, e := range []Event{toAnn(2), TakenBy{at(3), ann, false}} {
		if _, _, err := DefaultRules.Apply(c, e); !errors.Is(err, ErrConflict) {
			t.Errorf("%s by who is barred gives %v, want a conflict", e.Name(), err)
		}
	}
	c = play(t, c, OfferedTo{at(4), bea, false}, AcceptedBy{at(5), bea, false})
	if _, _, err := DefaultRules.Apply(c, HandedTo{at(6), bea, ann, false, false}); !errors.Is(err, ErrConflict) {
		t.Errorf("handing it to who is barred gives %v, want a conflict", err)
	}
	// Who is barred while she has it keeps it until she hands it over, and is not preferred afterwards.
	c = play(t, c, BarredTo{at(7), bea, true})
	if c.Owner != bea {
		t.Fatalf("barring took it from its owner: %s", plain(c))
	}
	if c = play(t, c, Arrived{At: at(8)}, OwnerAsleep{at(hour), bea}); c.State != Waits || c.Preferred != "" {
		t.Errorf("%s, want it to wait and prefer nobody", plain(c))
	}
	if c = play(t, c, BarredTo{at(hour), ann, false}, toAnn(hour)); !c.Asking(ann) {
		t.Errorf("%s, want ann asked again", plain(c))
	}
}

func TestNobodyFitsIsToldOnce(t *testing.T) {
	t.Parallel()
	c := texted(t, Triaged{at(0), 0, "th", ""})
	told := func(e Event) (n int) {
		next, effects, err := DefaultRules.Apply(c, e)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range effects {
			if a, ok := e.(Alarm); ok && a.Kind == AlarmUnfit {
				n++
			}
		}
		c = next
		return n
	}
	for i, want := range []struct {
		e Event
		n int
	}{{NobodyFits{at(1)}, 1}, {NobodyFits{at(2)}, 0}, {Triaged{at(3), 0, "th", Woman}, 0}, {NobodyFits{at(4)}, 1}, {toAnn(5), 0}, {NobodyFits{at(6)}, 0}} {
		if got := told(want.e); got != want.n {
			t.Errorf("step %d, %s: told %d times, want %d", i, want.e.Name(), got, want.n)
		}
	}
}
