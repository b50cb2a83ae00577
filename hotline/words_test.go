package hotline

import (
	"errors"
	"strings"
	"testing"
)

func TestStopWords(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		"stop": true, "STOP": true, "Stop.": true, "stop!": true, " stop \n": true, "«stop»": true, "stop 🛑": true, "stop❗️": true, "\u200bstop\ufe0f": true,
		"...stop...": true, "STOPALL": true, "stop all": false, "unsubscribe": true, "Cancel": true, "END": true, "quit": true, "revoke": true,
		"OptOut": true, "opt out": true, "opt-out": true, "Opt  Out!": true, "slut": true, "SLUT.": true, "Stop alle": true, "afmeld": true,
		"stop it please": false, "please stop": false, "stop stop": false, "don't stop": false, "stopp": false, "the end": false,
		"slutter": false, "help": false, "start": false, "s t o p": false, "stop 1": false, "1": false, "": false, "!!!": false, "🛑": false, "\xff\x00": false,
	}
	for text, want := range tests {
		if got := StopWord(text); got != want {
			t.Errorf("StopWord(%q) = %t, want %t", text, got, want)
		}
	}
}

func TestTriageSet(t *testing.T) {
	t.Parallel()
	before := Triage{Risk: "low", Gender: "woman"}
	tests := []struct {
		name    string
		changes map[string]string
		want    Triage
		ok      bool
	}{
		{"nothing", nil, before, true},
		{"one, the rest stays", map[string]string{"risk": "immediate"}, Triage{Risk: "immediate", Gender: "woman"}, true},
		{"every field", map[string]string{"risk": "high", "safe_now": "no", "about": "tip", "language": "pcm", "gender": "man", "age_band": "15-17", "heard_from": "a poster", "asks_for": "woman", "if_dropped": "we_text"},
			Triage{"high", "no", "tip", "pcm", "man", "15-17", "a poster", "woman", "we_text"}, true},
		{"any may be unknown, not asked, declined", map[string]string{"risk": Unknown, "safe_now": NotAsked, "age_band": Declined},
			Triage{Risk: Unknown, SafeNow: NotAsked, Gender: "woman", AgeBand: Declined}, true},
		{"whom she asks for, by another word", map[string]string{"asks_for": "female"}, before, false},
		{"a risk of no such name", map[string]string{"risk": "urgent"}, before, false},
		{"a risk in capitals", map[string]string{"risk": "HIGH"}, before, false},
		{"an empty risk", map[string]string{"risk": ""}, before, false},
		{"a blank language", map[string]string{"language": " \t"}, before, false},
		{"safe_now of another field", map[string]string{"safe_now": "self"}, before, false},
		{"the longest", map[string]string{"heard_from": strings.Repeat("x", 200)}, Triage{Risk: "low", Gender: "woman", HeardFrom: strings.Repeat("x", 200)}, true},
		{"too long", map[string]string{"heard_from": strings.Repeat("x", 201)}, before, false},
		{"no such field", map[string]string{"Risk": "high"}, before, false},
		{"one of many is wrong: none is set", map[string]string{"risk": "high", "about": "self", "language": "da", "gender": "x", "age_band": "y", "safe_now": "maybe"}, before, false},
	}
	for _, tt := range tests {
		got := before
		err := got.Set(tt.changes)
		if got != tt.want || (err == nil) != tt.ok || err != nil && !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: Set(%v) = %+v, %v, want %+v, ok %t", tt.name, tt.changes, got, err, tt.want, tt.ok)
		}
	}
}

func TestRiskMovesForward(t *testing.T) {
	t.Parallel()
	last := 1000
	for _, risk := range []string{"immediate", "high", "medium", "low"} {
		p := Triage{Risk: risk}.Priority()
		if p >= last {
			t.Errorf("Priority of risk %q = %d, want less than %d", risk, p, last)
		}
		last = p
	}
	for _, risk := range []string{"", Unknown, NotAsked, Declined} {
		if p := (Triage{Risk: risk}).Priority(); p != 0 {
			t.Errorf("Priority of risk %q = %d, want 0", risk, p)
		}
	}
}

var deliveries = []Delivery{"", Queued, Sent, Failed, Delivered, Read}

func TestDeliveriesMergeUpwardsInAnyOrder(t *testing.T) {
	t.Parallel()
	for n, a := range deliveries {
		for m, b := range deliveries {
			want := deliveries[max(n, m)]
			if got := a.Merge(b); got != want {
				t.Errorf("%q.Merge(%q) = %q, want %q", a, b, got, want)
			}
			for _, c := range deliveries {
				if x, y := a.Merge(b).Merge(c), a.Merge(c).Merge(b); x != y || x.Merge(b) != x {
					t.Errorf("%q then %q, %q in any order = %q and %q, want one", a, b, c, x, y)
				}
			}
		}
	}
	if got := Delivered.Merge("lost"); got != Delivered {
		t.Errorf("Delivered.Merge(an unknown report) = %q, want delivered", got)
	}
}

func TestLowest(t *testing.T) {
	t.Parallel()
	tests := []struct {
		parts []Delivery
		want  Delivery
	}{
		{nil, ""}, {[]Delivery{Sent}, Sent}, {[]Delivery{Read, Delivered, Read}, Delivered}, {[]Delivery{Delivered, Queued, Sent}, Queued},
		{[]Delivery{Read, Failed, Read}, Failed}, {[]Delivery{Queued, Failed}, Failed}, {[]Delivery{Failed}, Failed},
		{[]Delivery{"", Sent}, ""}, {[]Delivery{Sent, ""}, ""},
	}
	for _, tt := range tests {
		if got := Lowest(tt.parts); got != tt.want {
			t.Errorf("Lowest(%q) = %q, want %q", tt.parts, got, tt.want)
		}
	}
}
