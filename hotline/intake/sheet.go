package intake

import (
	"context"
	"slices"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
	"hopeline/storage"
)

// promised is how far ahead a plan is promised to its people.
const promised = 6 * 7 * 24 * time.Hour

// widestSheet is the longest time that is looked at in one piece.
const widestSheet = 190 * 24 * time.Hour

// Plan is a line's plan for a time, for everybody: colleagues know each other's names. It tells which lines have one.
// That somebody's calendar says that she is away is told to supervisors and to herself.
func (d *Duty) Plan(ctx context.Context, v hotline.Viewer, line hotline.LineID, from, to time.Time) (hotline.Sheet, error) {
	if !from.Before(to) || to.Sub(from) > widestSheet {
		return hotline.Sheet{}, hotline.Say(hotline.ErrInvalid, "from is before to, and to at most half a year later")
	}
	plans, err := d.store.Plans(ctx, from)
	if err != nil {
		return hotline.Sheet{}, err
	}
	plan, err := shownFirst(plans, line)
	if err != nil {
		return hotline.Sheet{}, err
	}
	staff, err := d.store.Staff(ctx)
	if err != nil {
		return hotline.Sheet{}, err
	}
	said, err := d.store.Attendance(ctx, from, to)
	if err != nil {
		return hotline.Sheet{}, err
	}
	now := d.now().UTC()
	shifts, err := d.record(ctx, newLister(plan, staff, said).at(now), from, to)
	if err != nil {
		return hotline.Sheet{}, err
	}
	sheet := hotline.Sheet{Line: hotline.LineID(plan.Line), Lines: linesOf(plans), Zone: plan.Zone, Version: plan.Version, Approve: plan.Approve,
		Shifts: shifts, Findings: []hotline.Finding{}, Published: now.Add(promised)}
	start := latest(from, now)
	if !start.Before(to) {
		return sheet, nil
	}
	people, err := d.people(ctx, v, staff)
	if err == nil {
		sheet.Findings = findings(rota.Coverage(plan, start, to, people))
	}
	return sheet, err
}

// shownFirst is the plan of a line. Whoever does not know the lines asks for all of them, and is shown the first when no
// plan is for all.
func shownFirst(plans []storage.Plan, line hotline.LineID) (storage.Plan, error) {
	plan, err := of(plans, string(line))
	if err != nil && line == rota.AllLines && len(plans) > 0 {
		return plans[0], nil
	}
	return plan, err
}

func linesOf(plans []storage.Plan) []hotline.LineID {
	lines := make([]hotline.LineID, len(plans))
	for i, p := range plans {
		lines[i] = hotline.LineID(p.Line)
	}
	return lines
}

// planOf reads the plan of a line, its own or that of all lines, and the staff.
func (d *Duty) planOf(ctx context.Context, line hotline.LineID, since time.Time) (storage.Plan, []hotline.User, error) {
	plans, err := d.store.Plans(ctx, since)
	if err != nil {
		return storage.Plan{}, nil, err
	}
	plan, err := of(plans, string(line))
	if err != nil {
		return plan, nil, err
	}
	staff, err := d.store.Staff(ctx)
	return plan, staff, err
}

// known is what a plan whose users are ids has to know of them.
func known(staff []hotline.User) map[string]rota.Person {
	all := map[string]rota.Person{}
	for _, u := range staff {
		all[string(u.ID)] = rota.Person{Answers: canAnswer(u), Interprets: !u.Disabled && u.Role.Interprets(), Name: u.Name, Languages: u.Languages,
			Phone: u.Phone != "", Tested: u.Tested}
	}
	return all
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// lister makes shifts of a plan what people see.
type lister struct {
	plan  storage.Plan
	staff map[string]hotline.User
	names func(string) string
	said  storage.Attendance
	now   time.Time // what was over by then is not judged by who can answer now; zero: nothing was
}

func newLister(plan storage.Plan, staff []hotline.User, said storage.Attendance) lister {
	l := lister{plan: plan, staff: map[string]hotline.User{}, names: namesOf(staff), said: said}
	for _, u := range staff {
		l.staff[string(u.ID)] = u
	}
	return l
}

func (l lister) at(now time.Time) lister {
	l.now = now
	return l
}

// all are the shifts that run at some time from one instant until just before another.
func (l lister) all(from, to time.Time) []hotline.Shift {
	shifts := []hotline.Shift{}
	for _, x := range rota.Shifts(l.plan, from, to) {
		shifts = append(shifts, l.shift(x))
	}
	return shifts
}

func (l lister) shift(x rota.Shift) hotline.Shift {
	slot := l.plan.SlotOf(x)
	s := hotline.Shift{ID: hotline.ShiftID(x.ID.String()), Line: hotline.LineID(l.plan.Line), Slot: slot.ID, Day: x.Day, Start: x.Start, End: x.End, Zone: l.plan.Zone,
		Tier: slot.Tier, Kind: string(slot.Kind), Min: slot.Min, Users: []hotline.Seat{}, Away: []hotline.UserID{},
		Why: rota.Why(l.plan, rota.Tier{Why: []rota.Shift{x}}, l.names)}
	there := 0
	for _, seat := range x.Seats {
		if seat.User == "" {
			s.Away = append(s.Away, hotline.UserID(seat.Was))
			continue
		}
		s.Users = append(s.Users, hotline.Seat{User: hotline.UserID(seat.User), Why: l.why(seat), State: l.said.Of(x.ID.At(seat.Number), hotline.UserID(seat.User))})
		if fits(l.staff[seat.User], slot) || !x.End.After(l.now) {
			there++
		}
	}
	if (slot.Kind == rota.Duty || slot.Kind == rota.Interpreter) && !x.StandsIn() {
		s.Empty = max(0, slot.Min-there)
	}
	return s
}

// fits tells whether somebody can have a seat of a slot: an interpreter is rung on her phone for a language that she
// speaks, and takes no other seat.
func fits(u hotline.User, slot rota.Slot) bool {
	if slot.Kind != rota.Interpreter {
		return canAnswer(u)
	}
	speaks := func(language string) bool { return slices.Contains(u.Languages, language) }
	return canInterpret(u) && (len(slot.Languages) == 0 || u.Role == hotline.Interpreter || slices.ContainsFunc(slot.Languages, speaks))
}

// why is how somebody came to a seat that is not hers by the slot.
func (l lister) why(s rota.Seat) string {
	switch {
	case s.Exception == "":
		return ""
	case s.Was != "":
		return "covers for " + l.names(s.Was)
	}
	return "comes too"
}

// shiftOf finds a shift by its id, or that of a seat of it.
func shiftOf(p rota.Plan, id rota.ShiftID) (rota.Shift, error) {
	x, held := p.Shift(id)
	if !held {
		return x, hotline.Say(hotline.ErrNotFound, "there is no such shift; nothing was changed")
	}
	return x, nil
}

// parseShift reads an id that came from outside.
func parseShift(id hotline.ShiftID) (rota.ShiftID, error) {
	read, err := rota.ParseShiftID(string(id))
	if err != nil {
		return read, hotline.Say(hotline.ErrInvalid, "that is no shift; nothing was changed")
	}
	return read, nil
}

// seatOf is the seat that somebody has in a shift.
func seatOf(x rota.Shift, user hotline.UserID) (rota.Seat, bool) {
	i := slices.IndexFunc(x.Seats, func(s rota.Seat) bool { return s.User == string(user) })
	if i < 0 {
		return rota.Seat{}, false
	}
	return x.Seats[i], true
}

// plans lets supervisors and admins in.
func plans(v hotline.Viewer) error {
	if v.Role != hotline.Supervisor && v.Role != hotline.Admin {
		return hotline.Say(hotline.ErrForbidden, "supervisors and admins change the rota; nothing was changed")
	}
	return nil
}
