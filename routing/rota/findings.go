package rota

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// The kinds of finding. A gap, and a last tier without anybody, keep a rota from being saved without a reason.
const (
	Gap      = "gap"       // tier 1 has nobody, and is not closed
	Short    = "min"       // a slot has fewer people than it needs
	Tongue   = "language"  // nobody in the tier speaks a language that a slot needs
	LastTier = "last_tier" // the last tier has nobody
	Stranger = "user"      // somebody has no account that can answer
	// NoInterpreter is a slot of interpreters without anybody who can be rung.
	NoInterpreter = "interpreter"
	Twice         = "twice" // somebody is in two places at one time, and backs up herself

	// Of a plan that has limits:
	Hidden      = "hidden"      // something over the grid has lost what it was for
	Away        = "away"        // a calendar says that somebody on duty is away
	Rest        = "rest"        // too little between two duties
	Nights      = "nights"      // too many in a row
	Hours       = "hours"       // too many in a week
	Unconfirmed = "unconfirmed" // a shift is near, and nobody said that she will come
	NoPhone     = "phone"       // somebody has no verified number
	Untested    = "test"        // a test page is too long ago
	NoSecond    = "second"      // there is one way to reach somebody
	Clock       = "clock"       // the clock changes within a shift; a note
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

// Remark is a finding with the shift and the person that it is about, the first of several; either may be none.
type Remark struct {
	Finding
	Shift ShiftID
	User  string
}

// Gaps tells whether a rota with these findings leaves callers alone.
func Gaps(found []Finding) bool {
	return slices.ContainsFunc(found, func(f Finding) bool { return f.Kind == Gap })
}

// Grave gives the first finding with which a rota is saved only for a reason: that callers are left alone, or that nobody
// can come to a shift of the last tier, to whom everybody else passed a call on.
func Grave(found []Finding) (Finding, bool) {
	for _, kind := range []string{Gap, LastTier} {
		if i := slices.IndexFunc(found, func(f Finding) bool { return f.Kind == kind && (kind == Gap || f.Slot > 0) }); i >= 0 {
			return found[i], true
		}
	}
	return Finding{}, false
}

// Coverage looks at a time of a plan and says what is missing, gaps first. Known are the users, by the names that the
// plan has for them; who is not among them, or cannot answer, is not counted. A gap is a finding of its own; whatever
// else comes again is one finding with a count.
//
// A plan with [Limits] is looked at for its people's work and reach too; from is now then. A bare rota has none.
func Coverage(s Schedule, from, to time.Time, known map[string]Person) []Finding {
	var found []Finding
	for _, r := range Examine(s, from, to, known) {
		found = append(found, r.Finding)
	}
	return found
}

// Examine is Coverage with the shifts and the people.
func Examine(s Schedule, from, to time.Time, known map[string]Person) []Remark {
	from, to = from.UTC(), to.UTC()
	l := look{Plan: s.plan(), known: known, at: map[string]int{}, ended: map[string]time.Time{}}
	for _, s := range Resolve(l.Plan, from, to) {
		l.gap(s)
		l.lastTier(s)
		l.twice(s)
		for _, t := range s.Tiers {
			l.tier(s, t)
		}
		l.standby(s)
	}
	l.hidden(from, to)
	if l.Limits != (Limits{}) {
		l.work(from, to)
		l.stretches(from, to)
		l.clocks(from, to)
	}
	slices.SortStableFunc(l.found, func(a, b Remark) int { return rank(a.Finding) - rank(b.Finding) })
	for i := range l.found {
		l.found[i].Words = l.words(l.found[i].Finding)
	}
	return l.found
}

func rank(f Finding) int {
	return slices.Index([]string{Gap, Stranger, LastTier, Short, Tongue, NoInterpreter, Twice, Hidden, Away, Rest, Nights, Hours, Unconfirmed, NoPhone, Untested, NoSecond, Clock}, f.Kind)
}

// look gathers findings.
type look struct {
	Plan
	known map[string]Person
	found []Remark
	at    map[string]int       // where in found stands what may come again
	ended map[string]time.Time // when it was last so
}

// answering are those who count.
func (l *look) answering(users []string) []string {
	var can []string
	for _, u := range users {
		if l.known[u].counts(l.Limits) {
			can = append(can, u)
		}
	}
	return can
}

// add keeps a finding. What is there already under the same key is longer, if it goes on, or counted once more.
func (l *look) add(key string, s Span, f Remark) {
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
	l.found = append(l.found, Remark{Finding: Finding{Kind: Gap, Tier: 1, From: s.Start, To: s.End, Times: 1, Words: "nobody is on duty"}})
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
	slot := 0 // where none is planned then, the tier before it is the last for that time
	if i := slices.IndexFunc(s.tier(n).Why, func(x Shift) bool { return l.all[x.Slot-1].Kind == Duty }); i >= 0 {
		slot = s.tier(n).Why[i].Slot
	}
	l.add(fmt.Sprint("last ", slot > 0), s.span(), Remark{Finding: Finding{Kind: LastTier, Tier: n, Slot: slot, Words: "nobody is in the last tier"}})
}

// lastTierOf is the last tier of the day that a time is on: a template or a temporary plan may have fewer or more tiers
// than the grid.
func (l *look) lastTierOf(s Segment) int {
	d := shown(s.Start, l.place).date()
	_, template := l.days[d]
	temporary := slices.ContainsFunc(l.temps, func(t laid) bool { return t.from <= d && d <= t.to })
	if !template && !temporary {
		return l.Plan.LastTier()
	}
	last := 1
	for _, x := range l.starts(d) {
		if slot := l.all[x.slot]; slot.Kind == Duty {
			last = max(last, slot.Tier)
		}
	}
	return last
}

func (s Segment) span() Span { return Span{s.Start, s.End} }

// twice finds who is in two tiers, or in two shifts of one tier.
func (l *look) twice(s Segment) {
	first := map[string]int{}
	say := func(u string, tier int, words string) {
		l.add(fmt.Sprint("twice ", u, first[u], tier), s.span(), Remark{Finding: Finding{Kind: Twice, Tier: tier, Words: l.name(u) + words}, User: u})
	}
	for _, t := range s.Tiers {
		for _, u := range t.Users {
			n, there := first[u]
			if !there {
				first[u] = t.Number
			}
			switch {
			case there:
				say(u, t.Number, fmt.Sprintf(" is in tier %d too, and would back up herself", n))
			case l.seatsOf(t, u) > 1:
				say(u, t.Number, " has two seats at one time")
			}
		}
	}
}

// seatsOf counts the seats that somebody has in a tier, where she is asked.
func (l *look) seatsOf(t Tier, user string) (n int) {
	for _, x := range t.Why {
		for _, seat := range x.Seats {
			if seat.User == user && l.all[x.Slot-1].Kind != Shadow {
				n++
			}
		}
	}
	return n
}

// tier looks at the shifts that run in one tier.
func (l *look) tier(s Segment, t Tier) {
	for _, shift := range t.Why {
		slot, users := l.all[shift.Slot-1], shift.users()
		for _, u := range users {
			l.person(s, t, shift, u)
		}
		if slot.Kind != Duty {
			continue
		}
		if n := len(l.answering(users)); n < slot.Min && !l.alone(t) {
			l.add(fmt.Sprint("min ", shift.Slot), s.span(), Remark{Finding: Finding{Kind: Short, Tier: t.Number, Slot: shift.Slot,
				Words: fmt.Sprintf("it needs %d and has %d who can answer", slot.Min, n)}, Shift: shift.ID})
		}
		for _, language := range slot.Languages {
			if !l.speaks(t.Users, language) {
				l.add(fmt.Sprint("language ", shift.Slot, language), s.span(), Remark{Finding: Finding{Kind: Tongue, Tier: t.Number, Slot: shift.Slot,
					Words: "nobody on duty speaks " + language}, Shift: shift.ID})
			}
		}
	}
}

// users are the people of a shift, each once.
func (x Shift) users() (users []string) {
	for _, seat := range x.Seats {
		if seat.User != "" {
			users = join(users, seat.User)
		}
	}
	return users
}

func (l *look) speaks(users []string, language string) bool {
	return slices.ContainsFunc(l.answering(users), func(u string) bool { return slices.Contains(l.known[u].Languages, language) })
}

func (l *look) person(s Segment, t Tier, x Shift, user string) {
	p, there := l.known[user]
	words := " has an account that is disabled or never answers, and is not counted"
	switch {
	case there && p.counts(l.Limits):
		return
	case there && p.Answers:
		words = " has no verified phone, and is not counted"
	case !there:
		words = " has no account, and is not counted"
	}
	l.add("user "+user, s.span(), Remark{Finding{Kind: Stranger, Tier: t.Number, Slot: x.Slot, Words: l.name(user) + words}, x.ID, user})
}

// words are what is wrong, where, and when.
func (l *look) words(f Finding) string {
	var b strings.Builder
	switch {
	case f.Slot > 0 && f.Tier == 0:
		fmt.Fprintf(&b, "%s, interpreter: ", l.Words(f.Slot))
	case f.Slot > 0:
		fmt.Fprintf(&b, "%s, tier %d: ", l.Words(f.Slot), f.Tier)
	case f.Tier > 0:
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
