package intake

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/routing/rota"
	"hopeline/storage"
)

// Change changes one shift that runs or is to come, and gives it as it now is with what coverage says of its time. A gap
// in tier 1 that it opens needs a reason.
func (d *Duty) Change(ctx context.Context, v hotline.Viewer, c hotline.Change) (hotline.Shift, []hotline.Finding, error) {
	if err := plans(v); err != nil {
		return hotline.Shift{}, nil, err
	}
	id, err := parseShift(c.Shift)
	if err != nil {
		return hotline.Shift{}, nil, err
	}
	staff, err := d.store.Staff(ctx)
	if err != nil {
		return hotline.Shift{}, nil, err
	}
	reason := strings.TrimSpace(c.Reason)
	now := d.now().UTC()
	after, err := d.edit(ctx, id.Line, storage.Edit{By: string(v.ID), Cause: "change", Reason: reason, Do: func(p storage.Plan) (rota.Plan, error) {
		if err := running(p.Plan, id, now); err != nil {
			return p.Plan, err
		}
		if err := comesTo(p.Plan, id, c.By, staff); err != nil {
			return p.Plan, err
		}
		next, err := changed(p.Plan, id, c)
		if err == nil && reason == "" {
			err = opensNone(p.Plan, next, timeOf(p.Plan, next, id, now), known(staff))
		}
		return next, err
	}})
	if err != nil {
		return hotline.Shift{}, nil, err
	}
	people, err := d.people(ctx, v, staff)
	if err != nil {
		return hotline.Shift{}, nil, err
	}
	return d.shown(ctx, after, id, staff, people)
}

// running refuses a change of a shift that is over, cancelled or not: it would change nothing. One that no plan has any more
// is over with its day.
func running(p rota.Plan, id rota.ShiftID, now time.Time) error {
	x, held := p.Shift(id)
	if !held {
		over := p.Over()
		over.Exceptions = nil
		as, err := p.Laid(over)
		if err != nil {
			return err
		}
		x, held = as.Shift(id)
	}
	if held && !x.End.After(now) || !held && id.Day < p.In(now).Format(time.DateOnly) {
		return hotline.Say(hotline.ErrInvalid, "that shift is over, and what is over stays as it was: change one that runs or is to come, and say in a handover who really came; nothing was changed")
	}
	return nil
}

// comesTo refuses whoever cannot have a seat of a shift.
func comesTo(p rota.Plan, id rota.ShiftID, by hotline.UserID, staff []hotline.User) error {
	x, held := p.Shift(id)
	if by == "" || !held {
		return nil
	}
	slot := p.SlotOf(x)
	if slices.ContainsFunc(staff, func(u hotline.User) bool { return u.ID == by && fits(u, slot) }) {
		return nil
	}
	if slot.Kind == rota.Interpreter {
		return hotline.Say(hotline.ErrInvalid, "whoever interprets has a phone, and speaks a language of that shift; nothing was changed")
	}
	return hotline.Say(hotline.ErrInvalid, "whoever comes has an account that answers; nothing was changed")
}

// shown is one shift of a plan, and what coverage says of its time; a shift that is cancelled has nobody.
func (d *Duty) shown(ctx context.Context, p storage.Plan, id rota.ShiftID, staff []hotline.User, people map[string]rota.Person) (hotline.Shift, []hotline.Finding, error) {
	x, held := p.Shift(id)
	if !held {
		return hotline.Shift{ID: hotline.ShiftID(id.Whole().String()), Line: hotline.LineID(id.Line), Slot: id.Slot, Day: id.Day, Zone: p.Zone,
			Kind: string(rota.Duty), Users: []hotline.Seat{}, Away: []hotline.UserID{}, Why: "it is cancelled"}, []hotline.Finding{}, nil
	}
	said, err := d.store.Attendance(ctx, x.Start, x.End)
	if err != nil {
		return hotline.Shift{}, nil, err
	}
	found := []hotline.Finding{}
	if start := latest(x.Start, d.now().UTC()); start.Before(x.End) {
		found = findings(rota.Coverage(p, start, x.End, people))
	}
	return newLister(p, staff, said).shift(x), found, nil
}

// edit changes what is laid over a line's grid, and tells of it.
func (d *Duty) edit(ctx context.Context, line string, e storage.Edit) (storage.Plan, error) {
	if d.trial != nil {
		return d.trial.edit(ctx, d.store, line, e)
	}
	before, after, err := d.store.EditPlan(ctx, line, e)
	if err == nil {
		d.settle(ctx, before, after)
	}
	return after, err
}

// settle is what follows a change of a plan: calendars learn what is gone, and the house who is on duty.
func (d *Duty) settle(ctx context.Context, before, after rota.Schedule) {
	now := d.now().UTC()
	if err := d.store.KeepGone(ctx, rota.Removed(before, after, now, now.Add(calendarAhead))); err != nil {
		d.log.Warn("what is gone from calendars could not be kept; they drop it without a word", zap.Error(err))
	}
	d.Wake()
}

// timeOf is when a shift is held, by either of two plans, as far as that is still to come.
func timeOf(before, after rota.Plan, id rota.ShiftID, now time.Time) rota.Span {
	x, held := before.Shift(id)
	if !held {
		x, _ = after.Shift(id)
	}
	return rota.Span{Start: latest(x.Start, now), End: x.End}
}

// opensNone refuses a change that leaves whoever calls alone at some moment of a time.
func opensNone(before, after rota.Plan, in rota.Span, people map[string]rota.Person) error {
	if !in.Start.Before(in.End) {
		return nil
	}
	if opens := rota.Diff(before, after, in.Start, in.End, people).Opens; len(opens) > 0 {
		return hotline.Say(hotline.ErrInvalid, gapAt(after, opens[0]).Words+"; name somebody who comes, or give a reason; nothing was changed")
	}
	return nil
}

// gapAt is a gap in words, by the plan's own clock.
func gapAt(p rota.Plan, s rota.Span) hotline.Finding {
	const form = "Mon 2006-01-02 15:04"
	words := fmt.Sprintf("tier 1: nobody is on duty, %s to %s (%s)", p.In(s.Start).Format(form), p.In(s.End).Format(form), p.Zone)
	return hotline.Finding{Kind: rota.Gap, Tier: 1, From: s.Start, To: s.End, Times: 1, Words: words}
}

// changed does one thing to one shift. Whoever is named has to be as the supervisor saw it: of two who change one seat at
// the same time, the second is told.
func changed(p rota.Plan, id rota.ShiftID, c hotline.Change) (rota.Plan, error) {
	if c.Do == "restore" {
		return restored(p, id, c.User)
	}
	x, err := shiftOf(p, id)
	if err != nil {
		return p, err
	}
	switch c.Do {
	case "absence", "cover":
		return seated(p, x, c)
	case "extra":
		if _, there := seatOf(x, c.By); there || c.By == "" {
			return p, hotline.Say(hotline.ErrInvalid, "name somebody who comes and is not in that shift; nothing was changed")
		}
		return p.With(rota.Exception{ID: fresh(p), Kind: rota.Extra, Shift: x.ID, By: string(c.By)})
	case "cancel":
		return p.With(rota.Exception{ID: fresh(p), Kind: rota.Cancel, Shift: x.ID})
	}
	return p, hotline.Say(hotline.ErrInvalid, "do is absence, cover, extra, cancel or restore; nothing was changed")
}

// seated empties somebody's seat, or gives it to another.
func seated(p rota.Plan, x rota.Shift, c hotline.Change) (rota.Plan, error) {
	i := slices.IndexFunc(x.Seats, func(s rota.Seat) bool {
		return s.User == string(c.User) || c.Do == "cover" && s.User == "" && s.Was == string(c.User)
	})
	if i < 0 || c.User == "" {
		return p, hotline.Say(hotline.ErrConflict, "she is not in that shift any more; nothing was changed")
	}
	if _, there := seatOf(x, c.By); there && c.Do == "cover" {
		return p, hotline.Say(hotline.ErrInvalid, "whoever comes is in that shift already; nothing was changed")
	}
	seat := x.Seats[i]
	switch {
	case c.Do == "absence":
		return p.Leave(x.ID.At(seat.Number), seat.User, fresh(p))
	case c.By == "":
		return p, hotline.Say(hotline.ErrInvalid, "say who comes; nothing was changed")
	}
	return p.Give(x.ID.At(seat.Number), seat.User, string(c.By), fresh(p))
}

// restored takes back what was changed in a shift: of one person, or all of it.
func restored(p rota.Plan, id rota.ShiftID, user hotline.UserID) (rota.Plan, error) {
	over := p.Over()
	before := len(over.Exceptions)
	over.Exceptions = slices.DeleteFunc(slices.Clone(over.Exceptions), func(e rota.Exception) bool {
		return e.Shift.Whole() == id.Whole() && (user == "" || e.User == string(user) || e.By == string(user))
	})
	if len(over.Exceptions) == before {
		return p, hotline.Say(hotline.ErrConflict, "nothing of that shift was changed, or it was taken back already")
	}
	return p.Laid(over)
}

// fresh is an id that no exception of a plan has; storage gives each its own.
func fresh(p rota.Plan) string { return fmt.Sprint("new-", len(p.Over().Exceptions)) }

// Claim takes an open seat for oneself.
func (d *Duty) Claim(ctx context.Context, v hotline.Viewer, shift hotline.ShiftID) (hotline.Shift, []hotline.Finding, error) {
	if err := answers(v); err != nil {
		return hotline.Shift{}, nil, err
	}
	id, err := parseShift(shift)
	if err != nil {
		return hotline.Shift{}, nil, err
	}
	staff, err := d.store.Staff(ctx)
	if err != nil {
		return hotline.Shift{}, nil, err
	}
	now := d.now().UTC()
	after, err := d.edit(ctx, id.Line, storage.Edit{By: string(v.ID), Cause: "claim", Do: func(p storage.Plan) (rota.Plan, error) {
		x, err := shiftOf(p.Plan, id)
		if err != nil {
			return p.Plan, err
		}
		if newLister(p, staff, nil).shift(x).Empty == 0 || !x.End.After(now) {
			return p.Plan, hotline.Say(hotline.ErrConflict, "no seat of that shift is open any more; nothing was changed")
		}
		if err := comesTo(p.Plan, id, v.ID, staff); err != nil {
			return p.Plan, err
		}
		if err := free(p, x, v.ID); err != nil {
			return p.Plan, err
		}
		return p.With(rota.Exception{ID: fresh(p.Plan), Kind: rota.Extra, Shift: x.ID, By: string(v.ID)})
	}})
	if err != nil {
		return hotline.Shift{}, nil, err
	}
	people, err := d.people(ctx, v, staff)
	if err != nil {
		return hotline.Shift{}, nil, err
	}
	x, found, err := d.shown(ctx, after, id, staff, people)
	return x, d.tired(after, id, v.ID, people, found), err
}

// free refuses somebody who has another duty in the time of a shift. Whoever is on duty may be rung as an interpreter
// besides, when she is in no call.
func free(p storage.Plan, x rota.Shift, user hotline.UserID) error {
	have := rota.Stretches
	if p.SlotOf(x).Kind == rota.Interpreter {
		have = rota.Standbys
	}
	for _, s := range have(p, x.Start, x.End) {
		if s.User == string(user) {
			return hotline.Say(hotline.ErrConflict, "you have a shift at that time already; nothing was changed")
		}
	}
	return nil
}

// tired adds what the line's limits, and her own calendar, say of somebody's work around a shift: warnings.
func (d *Duty) tired(p storage.Plan, id rota.ShiftID, user hotline.UserID, people map[string]rota.Person, to []hotline.Finding) []hotline.Finding {
	x, held := p.Shift(id)
	if !held {
		return to
	}
	for _, r := range rota.Examine(p, x.Start.Add(-36*time.Hour), x.End.Add(36*time.Hour), people) {
		work := r.Kind == rota.Rest || r.Kind == rota.Nights || r.Kind == rota.Hours || r.Kind == rota.Away && r.Shift.Whole() == id.Whole()
		if work && r.User == string(user) && !slices.Contains(to, hotline.Finding(r.Finding)) {
			to = append(to, hotline.Finding(r.Finding))
		}
	}
	return to
}
