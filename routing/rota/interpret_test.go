package rota

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// withInterpreters is a whole week of ann and bea, and malee who interprets from 18:00 to 06:00.
func withInterpreters(t *testing.T, more ...string) Rota {
	t.Helper()
	slots := nights("ann")
	for day := range 7 {
		slots = append(slots, strings.Join([]string{"0", string(rune('1' + day)), "18:00 06:00 0 interpreter malee"}, " "))
	}
	return grid(t, "UTC", 1, append(slots, more...)...)
}

// standing is who interprets, by name.
func standing(s Schedule, when string) string {
	var all []string
	for _, b := range Interpreters(s, at(when)) {
		all = append(all, b.User)
	}
	return strings.Join(all, " ")
}

func TestInterpretersAreNoTier(t *testing.T) {
	t.Parallel()
	r := withInterpreters(t)
	for when, want := range map[string]string{"2026-12-23T17:59:00Z": "", "2026-12-23T18:00:00Z": "malee", "2026-12-24T05:59:00Z": "malee", "2026-12-24T06:00:00Z": ""} {
		if got := standing(r, when); got != want {
			t.Errorf("at %s %q interprets, want %q", when, got, want)
		}
	}
	if got := said(r, "2026-12-23T21:00:00Z"); got != "1 bea" {
		t.Errorf("the tiers are %q, want those without her", got)
	}
	if tiers := OnCall(r, at("2026-12-23T21:00:00Z")); len(tiers) != 1 || !tiers[0].Until.Equal(at("2026-12-24T08:00:00Z")) {
		t.Errorf("the tiers are %+v, want one, until the morning", tiers)
	}
	if next := Next(r, at("2026-12-23T17:00:00Z")); !next.Equal(at("2026-12-23T18:00:00Z")) {
		t.Errorf("who is on duty changes at %s, want when her duty begins", next)
	}
	b := Interpreters(r, at("2026-12-23T21:00:00Z"))[0]
	if why := Why(r, Tier{Why: []Shift{b.Why}}, nil); !strings.HasPrefix(why, "slot 17: Wednesday 18:00–06:00") {
		t.Errorf("she is there because of %q", why)
	}
}

func TestWhatAnInterpreterIsThereFor(t *testing.T) {
	t.Parallel()
	own, slot := Standby{}, Standby{Languages: []string{"th", "lo"}}
	for _, tt := range []struct {
		standby  Standby
		language string
		speaks   []string
		want     bool
	}{
		{own, "th", []string{"th"}, true}, {own, "th", []string{"en"}, false}, {own, "th", nil, false},
		{slot, "lo", nil, true}, {slot, "en", []string{"en"}, false},
	} {
		if got := tt.standby.For(tt.language, tt.speaks); got != tt.want {
			t.Errorf("%v.For(%q, %q) = %v, want %v", tt.standby.Languages, tt.language, tt.speaks, got, tt.want)
		}
	}
}

// Whatever is laid over a grid changes who interprets as it changes who answers.
func TestInterpretersOverTheGrid(t *testing.T) {
	t.Parallel()
	r := withInterpreters(t)
	day := Template{ID: "holiday", Slots: []Slot{{Start: 0, End: 24 * 60, Users: []string{"nok"}, Kind: Interpreter}}}
	retreat := Temporary{ID: "x", From: "2026-12-25", To: "2026-12-25", Grid: true,
		Slots: []Slot{{Date: "2026-12-25", Start: 20 * 60, End: 22 * 60, Users: []string{"nok"}, Kind: Interpreter}}}
	p := planned(t, r, Overlay{Templates: []Template{day}, Days: []Day{{"2026-12-24", "holiday"}}, Temporary: []Temporary{retreat},
		Exceptions: []Exception{{ID: "c", Kind: Cover, Shift: seat("0-3-1800-0-interpreter 2026-12-23 1"), User: "malee", By: "mai"}}})
	for when, want := range map[string]string{"2026-12-23T20:00:00Z": "mai", "2026-12-24T12:00:00Z": "nok", "2026-12-25T19:00:00Z": "malee",
		"2026-12-25T21:00:00Z": "nok", "2026-12-25T23:00:00Z": "malee"} {
		if got := standing(p, when); got != want {
			t.Errorf("at %s %q interprets, want %q", when, got, want)
		}
	}
	feed := string(Calendar(p, "mai", at("2026-12-20T00:00:00Z"), at("2026-12-30T00:00:00Z"), "Duty", at("2026-12-01T00:00:00Z"), nil))
	if !strings.Contains(feed, "DTSTART:20261223T180000Z") || strings.Count(feed, "BEGIN:VEVENT") != 1 {
		t.Errorf("her calendar is %s", feed)
	}
	ours := UIDs(p, at("2026-12-20T00:00:00Z"), at("2026-12-30T00:00:00Z"), nil)
	if _, entries, err := read([]byte(feed)); err != nil || !ours[entries[0]["UID"]] {
		t.Errorf("her entry %v is not told from one of her own, %v", entries, err)
	}
	if gone := Removed(r, p, at("2026-12-23T00:00:00Z"), at("2026-12-24T00:00:00Z")); len(gone) != 1 || gone[0].User != "malee" || !gone[0].Interprets {
		t.Errorf("gone are %+v, want hers of that night", gone)
	}
	moves := Diff(r, p, at("2026-12-23T12:00:00Z"), at("2026-12-24T00:00:00Z"), people).Moves
	if len(moves) != 2 || moves[0].User != "mai" || len(moves[0].Gains) != 1 || moves[1].User != "malee" || len(moves[1].Loses) != 1 {
		t.Errorf("the difference is %+v", moves)
	}
}

func TestCoverageOfInterpreters(t *testing.T) {
	t.Parallel()
	well := map[string]Person{"ann": {Answers: true}, "bea": {Answers: true}, "malee": {Interprets: true, Phone: true, Languages: []string{"th"}}}
	for _, tt := range []struct {
		name string
		who  Person
		want []string
	}{
		{"reached", well["malee"], nil},
		{"without a phone", Person{Interprets: true, Languages: []string{"th"}}, []string{
			"user: slot 16: Tuesday 18:00–06:00 (UTC), interpreter: malee has no verified phone", "interpreter: slot 16: Tuesday 18:00–06:00 (UTC), interpreter: it needs 1 who can be rung to interpret, and has 0"}},
		{"of no language", Person{Interprets: true, Phone: true}, []string{"user: slot 16", "interpreter: slot 16"}},
		{"disabled", Person{}, []string{"user: slot 16", "interpreter: slot 16"}},
	} {
		known := map[string]Person{"ann": well["ann"], "bea": well["bea"], "malee": tt.who}
		found := Coverage(withInterpreters(t), at("2026-12-22T12:00:00Z"), at("2026-12-23T12:00:00Z"), known)
		for i, f := range found {
			if say := f.Kind + ": " + f.Words; i >= len(tt.want) || !strings.HasPrefix(say, tt.want[i]) {
				t.Errorf("%s: finding %d is %q, want %q", tt.name, i, say, tt.want)
			}
		}
		if len(found) < len(tt.want) || Gaps(found) {
			t.Errorf("%s: %d findings, want %d and no gap", tt.name, len(found), len(tt.want))
		}
	}
}

// An interpreter fills no gap, has no share of the work, and is never proposed.
func TestInterpretersFillNothing(t *testing.T) {
	t.Parallel()
	known := map[string]Person{"malee": {Interprets: true, Phone: true, Languages: []string{"th"}}}
	alone := grid(t, "UTC", 1, "0 1 00:00 24:00 1 duty malee", "0 1 00:00 24:00 0 interpreter malee")
	monday, tuesday := at("2026-12-21T00:00:00Z"), at("2026-12-22T00:00:00Z")
	if found := Coverage(alone, monday, tuesday, known); !Gaps(found) {
		t.Errorf("an interpreter in tier 1 answers, by %+v", found)
	}
	r := withInterpreters(t)
	all := Fairness(r, monday, tuesday, nil)
	if slices.ContainsFunc(all, func(s Share) bool { return s.User == "malee" }) {
		t.Errorf("she has a share: %+v", all)
	}
	if all := Stretches(r, monday, tuesday); slices.ContainsFunc(all, func(s Stretch) bool { return s.User == "malee" }) {
		t.Errorf("she answers: %+v", all)
	}
	if all := Standbys(r, monday, tuesday); len(all) != 2 || all[1].End.Sub(all[1].Start) != 6*time.Hour || !all[0].Interprets {
		t.Errorf("she interprets %+v, want the ends of two nights", all)
	}
}

func TestReadingInterpreters(t *testing.T) {
	t.Parallel()
	const doc = `{"line":"*","zone":"UTC","slots":[{"day":1,"start":"18:00","end":"06:00","kind":"interpreter","users":["malee"],"languages":["TH"]%s}]}`
	for _, tier := range []string{"", `,"tier":0`, `,"tier":2`} {
		r, err := Parse([]byte(strings.Replace(doc, "%s", tier, 1)))
		if err != nil || r.Slots[0].Kind != Interpreter || r.Slots[0].Tier != 0 || r.Slots[0].Languages[0] != "th" {
			t.Errorf("with tier %q it is %+v, %v", tier, r.Slots, err)
			continue
		}
		if again, err := Parse(Format(r)); err != nil || again.Slots[0].Tier != 0 || strings.Contains(string(Format(r)), "tier") {
			t.Errorf("written and read: %+v, %v, %s", again.Slots, err, Format(r))
		}
	}
	if _, err := Parse([]byte(strings.Replace(strings.Replace(doc, "%s", "", 1), "interpreter", "duty", 1))); err == nil {
		t.Error("a slot of duty without a tier is taken")
	}
}
