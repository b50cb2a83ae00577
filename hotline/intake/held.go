package intake

import (
	"context"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
	"hopeline/storage"
)

// uncut is how much longer ago a history begins than what is asked of it, so that no shift is cut.
const uncut = 6 * 24 * time.Hour

// history is a line's plan over time, right for all that runs from since on.
func history(ctx context.Context, store *storage.Store, plan storage.Plan, since time.Time) (rota.History, error) {
	return store.History(ctx, plan, since.Add(-uncut))
}

// record are the shifts of a time as they were held, and from now on as the plan has them. One that was changed while it
// ran is two.
func (d *Duty) record(ctx context.Context, l lister, from, to time.Time) ([]hotline.Shift, error) {
	if !from.Before(l.now) {
		return l.all(from, to), nil
	}
	held, err := history(ctx, d.store, l.plan, from)
	if err != nil {
		return nil, err
	}
	shifts := []hotline.Shift{}
	for _, x := range rota.Shifts(held, from, to) {
		l.plan.Plan = held.At(x.Start)
		shifts = append(shifts, l.shift(x))
	}
	return shifts, nil
}

// lately is how far back who is on duty is who is on duty now: the clocks of consoles are not the house's.
const lately = time.Minute

// noRotaThen is why nobody is named for a time before the first rota.
const noRotaThen = "No rota was saved yet: everyone who was available was on duty."

// then are the plans that name somebody for a line, over time: its own, then the one for every line, as far as they held
// at an instant.
func (d *Duty) then(ctx context.Context, line string, at time.Time) ([]rota.Schedule, error) {
	plans, err := d.store.Plans(ctx, at)
	if err != nil {
		return nil, err
	}
	var found []rota.Schedule
	for _, plan := range allOf(plans, line) {
		held, err := history(ctx, d.store, plan, at)
		if err != nil {
			return nil, err
		}
		if began := held.Began(); !began.IsZero() && !began.After(at) {
			found = append(found, held)
		}
	}
	return found, nil
}

// everybody counts where it is told who was planned, whatever became of her account.
func everybody(hotline.User) bool { return true }

// wasOnCall tells who was on duty for a line, by what held then.
func (d *Duty) wasOnCall(ctx context.Context, line string, at time.Time) ([]hotline.OnDuty, error) {
	held, err := d.then(ctx, line, at)
	if err != nil {
		return nil, err
	}
	if len(held) == 0 {
		return []hotline.OnDuty{{Tier: 1, Users: []hotline.User{}, Why: noRotaThen}}, nil
	}
	staff, err := d.store.Staff(ctx)
	return onDuty(held[:1], staff, at, everybody), err
}

// interpreted tells who was on duty as an interpreter for a line.
func (d *Duty) interpreted(ctx context.Context, line string, at time.Time) ([]hotline.Standby, error) {
	held, err := d.then(ctx, line, at)
	if err != nil {
		return nil, err
	}
	staff, err := d.store.Staff(ctx)
	found := []hotline.Standby{}
	for _, plan := range held {
		found = append(found, interpreters(plan, staff, at, everybody)...)
	}
	return found, err
}
