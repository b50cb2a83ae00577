package routing

import (
	"fmt"
	"strings"
	"testing"

	"hopeline/hotline"
)

func TestRehearse(t *testing.T) {
	t.Parallel()
	on := func(tier int) map[hotline.LineID]int { return map[hotline.LineID]int{"*": tier} }
	users := []hotline.Candidate{
		{ID: "second", Available: true, Tiers: on(2), FreeTexts: 1, FreeCalls: 1, Languages: []string{"th"}},
		{ID: "first", Available: true, Tiers: on(1), FreeTexts: 1, FreeCalls: 1, Languages: []string{"en"}},
		{ID: "speaks", Available: true, Tiers: on(1), FreeTexts: 1, FreeCalls: 1, Languages: []string{"th"}},
		{ID: "home", Tiers: on(1), FreeTexts: 1, FreeCalls: 1, Home: true},
		{ID: "missed", Available: true, Tiers: on(1), FreeTexts: 1, FreeCalls: 1, Missed: 3},
		{ID: "off", Available: true, FreeTexts: 1, FreeCalls: 1},
		{ID: "full", Available: true, Tiers: on(1)},
		{ID: "tried", Available: true, Tiers: on(1), FreeTexts: 1, FreeCalls: 1},
		{ID: "asked", Available: true, Tiers: on(1), FreeTexts: 1, FreeCalls: 1, Offered: true},
		{ID: "away", Tiers: on(1), FreeTexts: 1, FreeCalls: 1},
		{ID: "gone", Available: true, Tiers: on(1), FreeTexts: 1, FreeCalls: 1},
	}
	w := hotline.Waiting{ID: "c", Channel: hotline.SMS, Line: "+45", Language: "th", Tried: []hotline.UserID{"tried"}}
	fresh := func(u hotline.UserID) bool { return u != "home" && u != "gone" }
	picks, excluded := Rehearse(w, users, fresh)
	want := "[{speaks 1 tier 1, speaks th} {first 1 tier 1} {home 1 tier 1, on her phone} {second 2 tier 2, speaks th} " +
		"{missed 1 nobody else is left: she let the last offers pass}]"
	if got := fmt.Sprint(picks); got != want {
		t.Errorf("Rehearse picks\n%s, want\n%s", got, want)
	}
	want = "[{off 0 is off duty on this line} {full 1 is full} {tried 1 was asked in this round} {asked 1 is being asked for another contact} " +
		"{away 1 is set away} {gone 1 has no console open, and no phone that may ring}]"
	if got := fmt.Sprint(excluded); got != want {
		t.Errorf("Rehearse excludes\n%s, want\n%s", got, want)
	}
	w.AsksFor, w.Musts, w.Barred = hotline.Woman, hotline.Musts{Language: 1, Gender: 1}, []hotline.UserID{"second"}
	users = append(users, hotline.Candidate{ID: "woman", Available: true, Tiers: on(1), FreeTexts: 1, Languages: []string{"th"}, Gender: hotline.Woman},
		hotline.Candidate{ID: "later", Available: true, Tiers: on(2), FreeTexts: 1})
	picks, excluded = Rehearse(w, users, fresh)
	want = "[{woman 1 tier 1, speaks th, is the woman she asked for} {later 2 tier 2, is not the woman she asked for: ask again}]"
	if got := fmt.Sprint(picks); got != want {
		t.Errorf("with musts Rehearse picks\n%s, want\n%s", got, want)
	}
	want = "[{second 2 is not for this person} {first 1 does not meet what is a must in tier 1: does not speak th: is not the woman she asked for} " +
		"{speaks 1 does not meet what is a must in tier 1: is not the woman she asked for}"
	if got := fmt.Sprint(excluded); !strings.HasPrefix(got, want) {
		t.Errorf("with musts Rehearse excludes\n%s, want first\n%s", got, want)
	}
	if len(w.Tried) != 1 || users[1].Offered {
		t.Error("the rehearsal changed what it was given")
	}
}
