package rota

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Person is what coverage has to know of a user: only who can answer is counted.
type Person struct {
	Answers    bool   // the account is enabled, and its role answers contacts
	Interprets bool   // the account is enabled, and its role may be rung to interpret
	Name       string // for words; empty: the rota's own name for her
	Languages  []string
	Phone      bool      // she has a verified number
	Second     bool      // and another way to be reached
	Tested     time.Time // when she last answered a test page; zero: never
	Tiers      []int     // in which [Fill] may put her; empty: in each
	Away       []Span    // when a calendar says that she is away, or on duty elsewhere
}

// counts tells whether somebody can be reached and asked.
func (p Person) counts(l Limits) bool { return p.Answers && (p.Phone || !l.Phone) }

// name is for a person to read.
func (l *look) name(user string) string {
	if n := l.known[user].Name; n != "" {
		return n
	}
	return user
}

// before is how far to both sides duties are looked at, for rests, weeks and rows of nights that begin or end there.
const before = 8 * 24 * time.Hour

// work looks at everybody's duties together: rest, nights, hours.
func (l *look) work(from, to time.Time) {
	asked := Span{from, to}
	spans := spansOf(Stretches(l.Plan, from.Add(-before), to.Add(before)))
	for _, u := range slices.Sorted(maps.Keys(spans)) {
		for _, t := range restless(spans[u], time.Duration(l.Limits.Rest)*time.Hour) {
			words := fmt.Sprintf("%s has %s without a break", l.name(u), inHours(t.length()))
			if t.free > 0 {
				words = fmt.Sprintf("%s has %s free before it", l.name(u), inHours(t.free))
			}
			l.note(asked, "rest "+u, t.Span, Remark{Finding: Finding{Kind: Rest, Words: words}, User: u})
		}
		l.rows(asked, u, spans[u])
		l.weeks(asked, u, spans[u])
	}
}

func (l *look) rows(asked Span, user string, spans []Span) {
	for _, run := range rows(l.nightsOf(spans)) {
		if n := int(run[1]-run[0]) + 1; l.Limits.Nights > 0 && n > l.Limits.Nights {
			words := fmt.Sprintf("%s has %d nights in a row", l.name(user), n)
			l.note(asked, "nights "+user, Span{l.night(run[0]).Start, l.night(run[1]).End}, Remark{Finding: Finding{Kind: Nights, Words: words}, User: user})
		}
	}
}

func (l *look) weeks(asked Span, user string, spans []Span) {
	hours := l.byDay(spans, date.monday)
	for _, monday := range slices.Sorted(maps.Keys(hours)) {
		week := Span{l.day(monday).Start, l.day(monday + 6).End}
		if h := hours[monday]; l.Limits.Hours > 0 && h > time.Duration(l.Limits.Hours)*time.Hour {
			words := fmt.Sprintf("%s has %s in a week", l.name(user), inHours(h))
			l.note(asked, "hours "+user, week, Remark{Finding: Finding{Kind: Hours, Words: words}, User: user})
		}
	}
}

// note keeps what touches the time that was asked for.
func (l *look) note(asked Span, key string, s Span, r Remark) {
	if s.meets(asked) {
		l.add(key, s, r)
	}
}

// inHours is "9 h" or "9 h 30 min".
func inHours(d time.Duration) string {
	d = d.Round(time.Minute)
	if m := d % time.Hour / time.Minute; m != 0 {
		return fmt.Sprintf("%d h %d min", d/time.Hour, m)
	}
	return fmt.Sprintf("%d h", d/time.Hour)
}

// stretches looks at each duty by itself.
func (l *look) stretches(from, to time.Time) {
	soon := from.Add(time.Duration(l.Limits.Confirm) * time.Hour)
	for _, s := range Stretches(l.Plan, from.Add(-48*time.Hour), to) {
		if !s.End.After(from) {
			continue // no shift that runs at from began so long before
		}
		p, there := l.known[s.User]
		say := func(kind, words string) {
			l.add(fmt.Sprint(kind, " ", s.User), s.Span, Remark{Finding{Kind: kind, Tier: s.Tier, Words: l.name(s.User) + " " + words}, s.ID, s.User})
		}
		if slices.ContainsFunc(p.Away, s.meets) {
			say(Away, "is away then, by her calendar")
		}
		if s.Shadow || !there || !p.Answers {
			continue
		}
		if s.Start.Before(soon) && !s.Start.Before(from) && !slices.Contains(l.over.Confirmed, Confirmation{s.ID, s.User}) {
			l.add("confirm "+s.ID.String(), s.Span, Remark{Finding{Kind: Unconfirmed, Tier: s.Tier, Words: l.name(s.User) + " has not confirmed"}, s.ID, s.User})
		}
		l.reach(p, s, say)
	}
}

// reach looks at whether a person will be reached.
func (l *look) reach(p Person, s Stretch, say func(kind, words string)) {
	if !p.Phone && !l.Limits.Phone { // else she is not counted, which is said
		say(NoPhone, "has no verified phone")
	}
	if l.Limits.Second && !p.Second {
		say(NoSecond, "has no second way to be reached")
	}
	if old := time.Duration(l.Limits.Test) * 24 * time.Hour; old > 0 && s.Start.Sub(p.Tested) > old {
		say(Untested, fmt.Sprintf("has answered no test page for %d days", l.Limits.Test))
	}
}

// clocks notes the shifts of duty that are longer or shorter than they look.
func (l *look) clocks(from, to time.Time) {
	for _, x := range l.shifts(from, to) {
		slot := l.all[x.Slot-1]
		reads := time.Duration(slot.until()-slot.Start) * time.Minute
		if lasts := x.End.Sub(x.Start); slot.Kind == Duty && lasts != reads {
			l.add("clock "+x.ID.String(), Span{x.Start, x.End}, Remark{Finding: Finding{Kind: Clock, Tier: slot.Tier, Slot: x.Slot,
				Words: fmt.Sprintf("the clock changes, and it lasts %s", inHours(lasts))}, Shift: x.ID})
		}
	}
}

// hidden finds what is laid over the grid and changes nothing, since what it was for is not there.
func (l *look) hidden(from, to time.Time) {
	for _, e := range l.over.Exceptions {
		d, _ := dateOf(e.Shift.Day)
		if day := l.day(d); !day.meets(Span{from, to}) {
			continue
		}
		if words := l.lost(e); words != "" {
			l.add("hidden "+e.ID, l.day(d), Remark{Finding{Kind: Hidden, Words: words}, e.Shift, e.User})
		}
	}
	for _, day := range l.over.Days {
		d, _ := dateOf(day.Date)
		under := slices.ContainsFunc(l.temps, func(t laid) bool { return t.from <= d && d <= t.to && !t.grid })
		if under && l.day(d).meets(Span{from, to}) {
			l.add("hidden "+day.Date, l.day(d), Remark{Finding: Finding{Kind: Hidden, Words: "a temporary plan hides the template of that day"}})
		}
	}
}

// lost says why an exception does not do what it was made for; empty: it does.
func (l *look) lost(e Exception) string {
	x, held := l.Shift(e.Shift)
	done := slices.ContainsFunc(x.Seats, func(s Seat) bool { return s.Exception == e.ID && (s.Was == e.User || e.Kind == Extra) })
	switch {
	case e.Kind == Cancel || done:
		return ""
	case !held && e.By != "":
		return l.name(e.By) + " was to come to a shift that is not held any more"
	case !held:
		return l.name(e.User) + " is away from a shift that is not held any more"
	case e.Kind == Cover:
		return fmt.Sprintf("%s covers for %s, who is not in that shift any more", l.name(e.By), l.name(e.User))
	}
	return l.name(e.User) + " is away from a shift that she is not in any more"
}
