package rota

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Person is what coverage has to know of a user: only who can answer is counted.
type Person struct {
	Answers   bool // the account is enabled, and its role answers contacts
	Languages []string
}

// The kinds of finding. Only a gap keeps a rota from being saved without a reason.
const (
	Gap      = "gap"       // tier 1 has nobody, and is not closed
	Short    = "min"       // a slot has fewer people than it needs
	Tongue   = "language"  // nobody in the tier speaks a language that a slot needs
	LastTier = "last_tier" // the last tier has nobody
	Stranger = "user"      // somebody has no account that can answer
	Twice    = "twice"     // somebody is in two tiers at one time, and backs up herself
)

// Finding is something that coverage has to say.
type Finding struct {
	Kind     string
	Tier     int       // 0: none in particular
	Slot     int       // from 1; 0: none in particular
	From, To time.Time // when it is so, for the first time
	Times    int       // how often it is so in the time that was looked at
	Words    string    // for a person to read, in the time of the rota's zone
}

// Gaps tells whether a rota with these findings leaves callers alone.
func Gaps(found []Finding) bool {
	return slices.ContainsFunc(found, func(f Finding) bool { return f.Kind == Gap })
}

// Coverage looks at a time of a rota and says what is missing, gaps first. Known are the users, by the names that the
// rota has for them; who is not among them, or cannot answer, is not counted. A gap is a finding of its own; whatever
// else comes again is one finding with a count.
func Coverage(s Schedule, from, to time.Time, known map[string]Person) []Finding {
	r := s.plan()
	l := look{Plan: r, known: known, at: map[string]int{}, ended: map[string]time.Time{}}
	for _, s := range Resolve(r, from, to) {
		l.gap(s)
		l.lastTier(s)
		l.twice(s)
		for _, t := range s.Tiers {
			l.tier(s, t)
		}
	}
	slices.SortStableFunc(l.found, func(a, b Finding) int { return rank(a) - rank(b) })
	for i := range l.found {
		l.found[i].Words = l.words(l.found[i])
	}
	return l.found
}

func rank(f Finding) int {
	return slices.Index([]string{Gap, Stranger, LastTier, Short, Tongue, Twice}, f.Kind)
}

// look gathers findings.
type look struct {
	Plan
	known map[string]Person
	found []Finding
	at    map[string]int       // where in found stands what may come again
	ended map[string]time.Time // when it was last so
}

// answering are those who count.
func (l *look) answering(users []string) []string {
	var can []string
	for _, u := range users {
		if l.known[u].Answers {
			can = append(can, u)
		}
	}
	return can
}

// add keeps a finding. What is there already under the same key is longer, if it goes on, or counted once more.
func (l *look) add(key string, s Segment, f Finding) {
	i, again := l.at[key]
	goesOn := l.ended[key].Equal(s.Start)
	l.ended[key] = s.End
	switch {
	case !again:
		f.From, f.To, f.Times = s.Start, s.End, 1
		l.at[key] = len(l.found)
		l.found = append(l.found, f)
	case goesOn && l.found[i].Times == 1:
		l.found[i].To = s.End
	case !goesOn:
		l.found[i].Times++
	}
}

func (s Segment) tier(n int) Tier {
	for _, t := range s.Tiers {
		if t.Number == n {
			return t
		}
	}
	return Tier{Number: n}
}

// gap: each is told by itself, since each is a time at which somebody calls and nobody answers.
func (l *look) gap(s Segment) {
	if !l.alone(s.tier(1)) {
		return
	}
	if i, some := l.at["gap"]; some && l.found[i].To.Equal(s.Start) {
		l.found[i].To = s.End
		return
	}
	l.at["gap"] = len(l.found)
	l.found = append(l.found, Finding{Kind: Gap, Tier: 1, From: s.Start, To: s.End, Times: 1, Words: "nobody is on duty"})
}

// alone tells whether t is tier 1 and whoever calls is left alone.
func (l *look) alone(t Tier) bool {
	return t.Number == 1 && !t.Closed && len(l.answering(t.Users)) == 0
}

// lastTier: whoever everybody else passed a call on to has to be there, while the line is open.
func (l *look) lastTier(s Segment) {
	n := l.lastTierOf(s)
	if t := s.tier(n); n == 1 || t.Closed || s.tier(1).Closed || len(l.answering(t.Users)) > 0 {
		return
	}
	l.add("last", s, Finding{Kind: LastTier, Tier: n, Words: "nobody is in the last tier"})
}

// lastTierOf is the last tier of a time: a template or a temporary plan may have fewer or more tiers than the grid.
func (l *look) lastTierOf(s Segment) int {
	sources := map[Source]bool{}
	for _, t := range s.Tiers {
		for _, x := range t.Why {
			sources[x.From] = true
		}
	}
	last := 1
	for i, slot := range l.all {
		if sources[l.source(i)] && slot.Kind == Duty {
			last = max(last, slot.Tier)
		}
	}
	if len(sources) == 0 {
		return l.Plan.lastTier()
	}
	return last
}

func (l *look) twice(s Segment) {
	first := map[string]int{}
	for _, t := range s.Tiers {
		for _, u := range t.Users {
			if n, there := first[u]; there {
				words := fmt.Sprintf("%s is in tier %d too, and would back up herself", u, n)
				l.add(fmt.Sprint("twice ", u, n, t.Number), s, Finding{Kind: Twice, Tier: t.Number, Words: words})
				continue
			}
			first[u] = t.Number
		}
	}
}

// tier looks at the slots that run in one tier.
func (l *look) tier(s Segment, t Tier) {
	speaks := func(language string) bool {
		return slices.ContainsFunc(l.answering(t.Users), func(u string) bool { return slices.Contains(l.known[u].Languages, language) })
	}
	for _, shift := range t.Why {
		slot := l.all[shift.Slot-1]
		for _, u := range slot.Users {
			l.person(s, t, shift.Slot, u)
		}
		if slot.Kind != Duty {
			continue
		}
		if n := len(l.answering(slot.Users)); n < slot.Min && !l.alone(t) {
			l.add(fmt.Sprint("min ", shift.Slot), s, Finding{Kind: Short, Tier: t.Number, Slot: shift.Slot,
				Words: fmt.Sprintf("it needs %d and has %d who can answer", slot.Min, n)})
		}
		for _, language := range slot.Languages {
			if !speaks(language) {
				l.add(fmt.Sprint("language ", shift.Slot, language), s, Finding{Kind: Tongue, Tier: t.Number, Slot: shift.Slot,
					Words: "nobody on duty speaks " + language})
			}
		}
	}
}

func (l *look) person(s Segment, t Tier, slot int, user string) {
	p, there := l.known[user]
	words := user + " has an account that is disabled or never answers, and is not counted"
	switch {
	case there && p.Answers:
		return
	case !there:
		words = user + " has no account, and is not counted"
	}
	l.add("user "+user, s, Finding{Kind: Stranger, Tier: t.Number, Slot: slot, Words: words})
}

// words are what is wrong, where, and when.
func (l *look) words(f Finding) string {
	var b strings.Builder
	switch {
	case f.Slot > 0:
		fmt.Fprintf(&b, "%s, tier %d: ", l.Words(f.Slot), f.Tier)
	default:
		fmt.Fprintf(&b, "tier %d: ", f.Tier)
	}
	b.WriteString(f.Words)
	from, to := f.From.In(l.place), f.To.In(l.place)
	fmt.Fprintf(&b, ", %s to %s", from.Format("Mon 2006-01-02 15:04"), to.Format("Mon 2006-01-02 15:04"))
	if f.Slot == 0 {
		b.WriteString(" (" + l.Zone + ")")
	}
	switch {
	case f.Times == 2:
		b.WriteString(", and once more")
	case f.Times > 2:
		fmt.Fprintf(&b, ", and %d more times", f.Times-1)
	}
	return b.String()
}
