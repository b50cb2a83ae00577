package intake

import (
	"context"
	"slices"
	"strings"
	"time"

	"hopeline/hotline"
	"hopeline/hotline/auth"
	"hopeline/routing/rota"
	"hopeline/storage"
)

const (
	// early is how long before a shift one can check in to it.
	early = 30 * time.Minute
	// stays is how long a session lasts after the shift that was checked in to.
	stays = time.Hour
	// relief is how long somebody who cannot just now is off duty.
	relief = time.Hour
	// after is how long after a shift its handover can still be written.
	after = time.Hour
)

// Mine is all that somebody has to know of her own duty, on every line.
func (d *Duty) Mine(ctx context.Context, v hotline.Viewer) (hotline.Duties, error) {
	now := d.now().UTC()
	mine := hotline.Duties{Shifts: []hotline.Shift{}, Open: []hotline.Shift{}, Swaps: []hotline.Swap{}}
	roster, err := d.store.Roster(ctx)
	if err != nil {
		return mine, err
	}
	plans, err := d.store.Plans(ctx, now)
	if err != nil {
		return mine, err
	}
	staff, err := d.store.Staff(ctx)
	if err != nil {
		return mine, err
	}
	said, err := d.store.Attendance(ctx, now, now.Add(promised))
	if err != nil {
		return mine, err
	}
	listers := map[string]lister{}
	for _, p := range plans {
		l := newLister(p, staff, said)
		listers[p.Line] = l
		l.into(&mine, v.ID, now)
	}
	byStart := func(a, b hotline.Shift) int { return a.Start.Compare(b.Start) }
	slices.SortStableFunc(mine.Shifts, byStart)
	slices.SortStableFunc(mine.Open, byStart)
	if mine.OnDuty = roster.Planned(v.ID); mine.OnDuty {
		mine.Until = dutyEnds(plans, v.ID, now)
	}
	if roster.Resting(v.ID, now) {
		mine.Relieved, mine.Answers = roster.Relieved[v.ID], answersFor(roster, staff, v.ID, now)
	}
	swaps, err := d.store.Swaps(ctx, "", now)
	if err != nil {
		return mine, err
	}
	mine.Swaps = mySwaps(listers, swaps, v.ID, now)
	if mine.Away, err = d.away(ctx, v.ID, mine.Shifts); err != nil {
		return mine, err
	}
	if mine.Wishes, err = d.store.Wishes(ctx, v.ID, now, now.AddDate(1, 0, 0)); err != nil {
		return mine, err
	}
	tests, err := d.store.Tests(ctx, v.ID)
	if err != nil {
		return mine, err
	}
	mine.Test = testOf(tests, v.ID)
	if i := slices.IndexFunc(staff, func(u hotline.User) bool { return u.ID == v.ID }); i >= 0 {
		mine.Tested = staff[i].Tested
	}
	mine.Handover, err = d.handover(ctx, plans, v, now)
	return mine, err
}

// into adds what a plan has for somebody in the weeks to come: her shifts, the one that she can check in to, and open
// seats that she could have.
func (l lister) into(mine *hotline.Duties, user hotline.UserID, now time.Time) {
	for _, s := range l.all(now, now.Add(promised)) {
		i := slices.IndexFunc(s.Users, func(seat hotline.Seat) bool { return seat.User == user })
		switch {
		case i < 0 && s.Empty > 0 && l.could(s, user):
			mine.Open = append(mine.Open, s)
		case i < 0:
		default:
			mine.Shifts = append(mine.Shifts, s)
			soon := !now.Before(s.Start.Add(-early))
			if soon && s.Kind != string(rota.Interpreter) && // she is rung where she is
				s.Users[i].State != hotline.SeatHere && (mine.CheckIn == nil || s.Start.Before(mine.CheckIn.Start)) {
				mine.CheckIn = &s
			}
		}
	}
}

// could tells whether somebody can have a seat of a shift.
func (l lister) could(s hotline.Shift, user hotline.UserID) bool {
	id, err := parseShift(s.ID)
	if err != nil {
		return false
	}
	x, held := l.plan.Shift(id)
	return held && fits(l.staff[string(user)], l.plan.SlotOf(x))
}

// dutyEnds is until when somebody on duty stays so, shifts that meet put together; zero: no end is in sight.
func dutyEnds(plans []storage.Plan, user hotline.UserID, now time.Time) time.Time {
	end, sight := now, now.AddDate(0, 0, 8)
	var all []rota.Stretch
	for _, p := range plans {
		all = append(all, rota.Stretches(p, now, sight)...)
	}
	slices.SortFunc(all, func(a, b rota.Stretch) int { return a.Start.Compare(b.Start) })
	for _, s := range all {
		if s.User == string(user) && !s.Shadow && !s.Start.After(end) && s.End.After(end) {
			end = s.End
		}
	}
	if !end.Before(sight) {
		return time.Time{}
	}
	return end
}

// handover is the newest that somebody has to read.
func (d *Duty) handover(ctx context.Context, plans []storage.Plan, v hotline.Viewer, now time.Time) (*hotline.Handover, error) {
	unread, err := d.store.Handovers(ctx, now.Add(-24*time.Hour))
	if err != nil {
		return nil, err
	}
	for _, h := range unread {
		if h.By != v.ID && comes(plans, string(h.Line), v.ID, now, now.Add(early)) {
			return &h, nil
		}
	}
	return nil, nil
}

// comes tells whether somebody has duty on a line's plan at some time from one instant to another.
func comes(plans []storage.Plan, line string, user hotline.UserID, from, to time.Time) bool {
	return slices.ContainsFunc(plans, func(p storage.Plan) bool {
		return p.Line == line && has(p, user, from, to)
	})
}

// has tells whether somebody has duty, or had, at some time from one instant to another.
func has(s rota.Schedule, user hotline.UserID, from, to time.Time) bool {
	return slices.ContainsFunc(rota.Stretches(s, from, to), func(s rota.Stretch) bool { return s.User == string(user) })
}

// Here keeps that somebody is there for a shift of hers, and her session until an hour after it.
func (d *Duty) Here(ctx context.Context, v hotline.Viewer, shift hotline.ShiftID, session string) error {
	now := d.now().UTC()
	x, seat, err := d.ownShift(ctx, v, shift)
	if err != nil {
		return err
	}
	if now.Before(x.Start.Add(-early)) || !now.Before(x.End) {
		return hotline.Say(hotline.ErrConflict, "you can check in from half an hour before a shift until its end; nothing was changed")
	}
	err = d.store.Arrive(ctx, v.ID, x.ID.At(seat.Number), auth.HashToken(session), x.End.Add(stays))
	d.Wake()
	return err
}

// Confirm keeps that somebody will come to a shift of hers.
func (d *Duty) Confirm(ctx context.Context, v hotline.Viewer, shift hotline.ShiftID) error {
	x, seat, err := d.ownShift(ctx, v, shift)
	if err != nil {
		return err
	}
	err = d.store.Confirm(ctx, v.ID, x.ID.At(seat.Number))
	d.Wake()
	return err
}

// ownShift finds a shift in which somebody has a seat, and the seat.
func (d *Duty) ownShift(ctx context.Context, v hotline.Viewer, shift hotline.ShiftID) (rota.Shift, rota.Seat, error) {
	id, err := parseShift(shift)
	if err != nil {
		return rota.Shift{}, rota.Seat{}, err
	}
	plan, err := d.store.Plan(ctx, id.Line, d.now())
	if err != nil {
		return rota.Shift{}, rota.Seat{}, err
	}
	x, err := shiftOf(plan.Plan, id)
	if err != nil {
		return rota.Shift{}, rota.Seat{}, err
	}
	seat, ok := seatOf(x, v.ID)
	if !ok {
		return x, seat, hotline.Say(hotline.ErrConflict, "that shift is not yours; nothing was changed")
	}
	return x, seat, nil
}

// Relieve takes somebody's duty from her for an hour, without asking why, and tells who answers for her; supervisors
// are told of it. What she is in the middle of stays hers.
func (d *Duty) Relieve(ctx context.Context, v hotline.Viewer) (time.Time, hotline.Answers, error) {
	roster, err := d.store.Roster(ctx)
	if err != nil {
		return time.Time{}, hotline.Answers{}, err
	}
	if !roster.Planned(v.ID) && !roster.Resting(v.ID, d.now()) {
		return time.Time{}, hotline.Answers{}, hotline.Say(hotline.ErrConflict, "you are not on duty by a rota; set yourself away instead")
	}
	until := d.now().UTC().Add(relief)
	if err = d.store.Relieve(ctx, v.ID, until); err != nil {
		return until, hotline.Answers{}, err
	}
	d.Wake()
	if roster, err = d.store.Roster(ctx); err != nil {
		return until, hotline.Answers{}, err
	}
	staff, err := d.store.Staff(ctx)
	return until, answersFor(roster, staff, v.ID, d.now()), err
}

// answersFor is who answers while somebody cannot: on her line, or on that of hers which has the fewest people.
func answersFor(roster storage.Roster, staff []hotline.User, user hotline.UserID, now time.Time) hotline.Answers {
	var least hotline.Answers
	first := true
	for _, p := range roster.Plans {
		hers := slices.ContainsFunc(rota.OnCall(p, now), func(t rota.OnDuty) bool { return slices.Contains(t.Users, string(user)) })
		if !hers {
			continue
		}
		a := firstThere(onDutyNow(roster, []storage.Plan{p}, staff, now))
		if first || a.People < least.People {
			least, first = a, false
		}
	}
	return least
}

func firstThere(tiers []hotline.OnDuty) hotline.Answers {
	for _, t := range tiers {
		if len(t.Users) > 0 {
			return hotline.Answers{Tier: t.Tier, People: len(t.Users)}
		}
	}
	return hotline.Answers{}
}

// Back puts somebody back who could not.
func (d *Duty) Back(ctx context.Context, v hotline.Viewer) error {
	err := d.store.Relieve(ctx, v.ID, time.Time{})
	d.Wake()
	return err
}

// HandOver keeps a note for those who come next on a line, with its open contacts. Whoever is or was just on duty there
// writes one, and supervisors.
func (d *Duty) HandOver(ctx context.Context, v hotline.Viewer, line hotline.LineID, note string) (hotline.Handover, error) {
	note = strings.TrimSpace(note)
	if note == "" || len(note) > hotline.MaxNote {
		return hotline.Handover{}, hotline.Say(hotline.ErrInvalid, "a handover has some words, and at most 32,000 characters; nothing was saved")
	}
	now := d.now().UTC()
	plans, err := d.store.Plans(ctx, now)
	if err != nil {
		return hotline.Handover{}, err
	}
	plan, err := of(plans, string(line))
	if err != nil {
		return hotline.Handover{}, err
	}
	held, err := history(ctx, d.store, plan, now.Add(-after))
	if err != nil {
		return hotline.Handover{}, err
	}
	if v.Role != hotline.Supervisor && !has(held, v.ID, now.Add(-after), now.Add(time.Second)) {
		return hotline.Handover{}, hotline.Say(hotline.ErrForbidden, "whoever is on duty there, or was within the hour, hands over; nothing was saved")
	}
	h, err := d.store.AddHandover(ctx, v.ID, plan.Line, note)
	if err != nil {
		return h, err
	}
	d.tell(hotline.HandoverAdded{Handover: h, To: next(plan, v.ID, now)})
	return h, nil
}

// next are those on duty now and within the half hour, but for one.
func next(p storage.Plan, but hotline.UserID, now time.Time) []hotline.UserID {
	all := []hotline.UserID{}
	for _, s := range rota.Stretches(p, now, now.Add(early)) {
		if u := hotline.UserID(s.User); u != but && !slices.Contains(all, u) {
			all = append(all, u)
		}
	}
	return all
}

// ReadHandover keeps who read a handover first: somebody on duty there, now or within the half hour, or a supervisor.
func (d *Duty) ReadHandover(ctx context.Context, v hotline.Viewer, id hotline.HandoverID) (hotline.Handover, error) {
	now := d.now().UTC()
	plans, err := d.store.Plans(ctx, now)
	if err != nil {
		return hotline.Handover{}, err
	}
	h, err := d.store.ReadHandover(ctx, v.ID, id, func(h hotline.Handover) error {
		if v.Role != hotline.Supervisor && !comes(plans, string(h.Line), v.ID, now.Add(-early), now.Add(early)) {
			return hotline.Say(hotline.ErrNotFound, "there is no such handover")
		}
		return nil
	})
	if err == nil {
		d.tell(hotline.HandoverAdded{Handover: h, To: []hotline.UserID{h.By, v.ID}})
	}
	return h, err
}
