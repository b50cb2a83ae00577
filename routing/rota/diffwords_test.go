package rota

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// words say what the edit does, in the time of the plan's zone: gaps first, then one line a person.
func (d Difference) words(s Schedule, names func(user string) string) []string {
	r := s.plan().Rota
	if names == nil {
		names = func(user string) string { return user }
	}
	var all []string
	say := func(what string, spans []Span) {
		if len(spans) > 0 {
			all = append(all, fmt.Sprintf("%s: %s (%s)", counted(len(spans), what), strings.Join(wordsOf(spans, r.when), "; "), r.Zone))
		}
	}
	say("this edit opens", d.Opens)
	say("this edit closes", d.Closes)
	for _, m := range d.Moves {
		var parts []string
		for what, turns := range map[string][]Turn{"gets ": m.Gains, "no longer has ": m.Loses} {
			if len(turns) > 0 {
				parts = append(parts, what+strings.Join(wordsOf(turns, r.turn), "; "))
			}
		}
		slices.Sort(parts)
		all = append(all, names(m.User)+" "+strings.Join(parts, "; and "))
	}
	return all
}

func counted(n int, what string) string {
	if n == 1 {
		return what + " a gap"
	}
	return fmt.Sprintf("%s %d gaps", what, n)
}

func wordsOf[T any](all []T, words func(T) string) []string {
	out := make([]string, len(all))
	for i, x := range all {
		out[i] = words(x)
	}
	return out
}

// when says a time by the rota's own clock.
func (r Rota) when(s Span) string {
	start, end := s.Start.In(r.place), s.End.In(r.place)
	form := "Mon 2006-01-02 15:04"
	if start.Format(time.DateOnly) == end.Format(time.DateOnly) {
		return start.Format(form) + "–" + end.Format("15:04")
	}
	return start.Format(form) + " to " + end.Format(form)
}

func (r Rota) turn(t Turn) string {
	words := fmt.Sprintf("%s in tier %d", r.when(t.Span), t.Tier)
	if t.Shadow {
		words += " as a trainee"
	}
	return words
}
