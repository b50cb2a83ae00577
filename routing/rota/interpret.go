package rota

import (
	"fmt"
	"slices"
	"time"
)

// Standby is somebody who is on duty as an interpreter, and the shift that says so.
type Standby struct {
	User      string
	Languages []string // what the slot says she is there for; empty: what she speaks
	Why       Shift
}

// Interpreters tells who is on duty as an interpreter at an instant. They are no tier: they make no gap and fill none.
func Interpreters(s Schedule, at time.Time) (all []Standby) {
	for _, x := range Resolve(s, at, at.Add(time.Second))[0].Standby {
		for _, user := range x.users() {
			all = append(all, Standby{User: user, Languages: x.cell.Languages, Why: x})
		}
	}
	return all
}

// For tells whether she is there for a language; speaks are her own.
func (s Standby) For(language string, speaks []string) bool {
	if len(s.Languages) > 0 {
		return slices.Contains(s.Languages, language)
	}
	return slices.Contains(speaks, language)
}

// apart takes the shifts of interpreters from those of the tiers. Who stands in counts only where nobody else is planned.
func apart(running []Shift) (answer, standby []Shift) {
	var reserve []Shift
	for _, x := range running {
		switch {
		case x.cell.Kind != Interpreter:
			answer = append(answer, x)
		case x.reserve:
			reserve = append(reserve, x)
		default:
			standby = append(standby, x)
		}
	}
	if len(standby) == 0 {
		standby = reserve
	}
	slices.SortStableFunc(standby, func(a, b Shift) int { return a.Slot - b.Slot })
	return answer, standby
}

// Standbys are the times that everybody is on duty as an interpreter, by their start. They are apart from [Stretches]:
// limits of work, fairness and who comes next are about those who answer.
func Standbys(s Schedule, from, to time.Time) []Stretch {
	g := newGather()
	for _, segment := range Resolve(s, from, to) {
		g.standby(segment)
	}
	return sorted(g.all)
}

// everything are the duties of the tiers and those of interpreters.
func everything(s Schedule, from, to time.Time) []Stretch {
	g := newGather()
	for _, segment := range Resolve(s, from, to) {
		g.tiers(segment)
		g.standby(segment)
	}
	return sorted(g.all)
}

// standby looks at the shifts of interpreters: somebody has to be reached in each.
func (l *look) standby(s Segment) {
	for _, x := range s.Standby {
		slot, can := l.all[x.Slot-1], 0
		for _, u := range x.users() {
			if words := l.unreached(u, slot); words != "" {
				l.add("interprets "+u, s.span(), Remark{Finding{Kind: Stranger, Slot: x.Slot, Words: l.name(u) + words}, x.ID, u})
				continue
			}
			can++
		}
		if need := max(1, slot.Min); can < need {
			l.add(fmt.Sprint("interpreter ", x.Slot), s.span(), Remark{Finding: Finding{Kind: NoInterpreter, Slot: x.Slot,
				Words: fmt.Sprintf("it needs %d who can be rung to interpret, and has %d", need, can)}, Shift: x.ID})
		}
	}
}

// unreached says why somebody is no use as an interpreter; empty: she is.
func (l *look) unreached(user string, slot Slot) string {
	p, there := l.known[user]
	switch {
	case !there:
		return " has no account, and is not counted"
	case !p.Interprets:
		return " has an account that is disabled or never interprets, and is not counted"
	case !p.Phone:
		return " has no verified phone to be rung on, and is not counted"
	case len(slot.Languages)+len(p.Languages) == 0:
		return " interprets no language that anybody knows of, and is not counted"
	}
	return ""
}
