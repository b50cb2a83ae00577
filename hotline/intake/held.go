package intake

import (
	"context"
	"slices"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
	"hopeline/storage"
)

// heldPlan is a line's plan as it held for a time; that of now holds until the zero time.
type heldPlan struct {
	storage.Plan
	From, To time.Time
}

// within is the part of a time in which it held.
func (h heldPlan) within(from, to time.Time) rota.Span {
	if !h.To.IsZero() && h.To.Before(to) {
		to = h.To
	}
	return rota.Span{Start: latest(from, h.From), End: to}
}

// held are the plans that held for a line at some time since an instant, the oldest first and that of now last: a grid
// that is saved changes nothing of what was. Before the first grid nobody was planned.
func (d *Duty) held(ctx context.Context, plan storage.Plan, since time.Time) ([]heldPlan, error) {
	if !since.Before(d.now()) {
		return []heldPlan{{Plan: plan}}, nil
	}
	grids, err := d.store.Grids(ctx, plan.Line, since)
	if err != nil {
		return nil, err
	}
	if len(grids) == 0 {
		return []heldPlan{{Plan: plan}}, nil
	}
	all := make([]heldPlan, len(grids))
	for i, g := range grids {
		all[i] = heldPlan{plan, g.From, g.To}
		if g.To.IsZero() {
			continue
		}
		before, err := rota.NewPlan(g.Rota, plan.Over())
		if err != nil { // what lies over the grid of now does not fit that one
			before, err = rota.NewPlan(g.Rota, rota.Overlay{})
		}
		if err != nil {
			return nil, err
		}
		before.Version, before.Limits = plan.Version, plan.Limits
		all[i].Plan.Plan = before
	}
	return all, nil
}

// record are the shifts of a time, each as the last plan that held before its end has it. One that a later plan does not
// have ended when that began to hold.
func record(held []heldPlan, from, to time.Time, list func(storage.Plan) lister) []hotline.Shift {
	shifts, seen := []hotline.Shift{}, map[rota.ShiftID]bool{}
	for _, h := range slices.Backward(held) {
		in, l := h.within(from, to), list(h.Plan)
		if !in.Start.Before(in.End) {
			continue
		}
		for _, x := range rota.Shifts(h.Plan, in.Start, in.End) {
			if seen[x.ID] {
				continue
			}
			seen[x.ID] = true
			if !h.To.IsZero() && x.End.After(h.To) {
				x.End = h.To
			}
			shifts = append(shifts, l.shift(x))
		}
	}
	slices.SortStableFunc(shifts, func(a, b hotline.Shift) int { return a.Start.Compare(b.Start) })
	return shifts
}

// had are the duties that somebody had by plans that hold no more, as far as they end after a time.
func had(held []heldPlan, user hotline.UserID, since time.Time) []rota.Stretch {
	var all []rota.Stretch
	for _, h := range held {
		if h.To.IsZero() {
			continue
		}
		in := h.within(since.AddDate(0, 0, -2), h.To) // so that no shift is cut
		for _, s := range rota.Stretches(h.Plan, in.Start, in.End) {
			if s.User != string(user) || !s.End.After(since) {
				continue
			}
			goesOn := slices.IndexFunc(all, func(o rota.Stretch) bool { return o.ID == s.ID && o.End.Equal(s.Start) })
			if goesOn >= 0 {
				all[goesOn].End = s.End
				continue
			}
			all = append(all, s)
		}
	}
	return all
}

// lately is how far back who is on duty is who is on duty now: the clocks of consoles are not the house's.
const lately = time.Minute

// noRotaThen is why nobody is named for a time before the first rota.
const noRotaThen = "No rota was saved yet: everyone who was available was on duty."

// wasOnCall tells who was on duty for a line, by the rota that held then; whoever has no account any more too.
func (d *Duty) wasOnCall(ctx context.Context, line string, at time.Time) ([]hotline.OnDuty, error) {
	plans, err := d.store.Plans(ctx, at)
	if err != nil {
		return nil, err
	}
	staff, err := d.store.Staff(ctx)
	if err != nil {
		return nil, err
	}
	for _, plan := range allOf(plans, line) {
		held, err := d.held(ctx, plan, at)
		if err != nil {
			return nil, err
		}
		if !held[0].From.After(at) {
			return onDuty([]storage.Plan{held[0].Plan}, staff, at, func(u hotline.User) bool { return true }), nil
		}
	}
	return []hotline.OnDuty{{Tier: 1, Users: []hotline.User{}, Why: noRotaThen}}, nil
}
