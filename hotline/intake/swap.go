package intake

import (
	"context"
	"errors"
	"slices"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
	"hopeline/storage"
)

// AskSwap offers a shift of one's own: to a colleague, or to everybody when to is empty.
func (d *Duty) AskSwap(ctx context.Context, v hotline.Viewer, shift hotline.ShiftID, to hotline.UserID, note string) (hotline.Swap, error) {
	id, err := parseShift(shift)
	if err != nil {
		return hotline.Swap{}, err
	}
	if to != "" {
		u, err := d.store.User(ctx, to)
		if errors.Is(err, hotline.ErrNotFound) || err == nil && (!canAnswer(u) || to == v.ID) {
			return hotline.Swap{}, hotline.Say(hotline.ErrInvalid, "there is no such colleague to ask; nothing was changed")
		}
		if err != nil {
			return hotline.Swap{}, err
		}
	}
	plan, err := d.store.Plan(ctx, id.Line, d.now())
	if err != nil {
		return hotline.Swap{}, err
	}
	if id.Seat == 0 {
		x, err := shiftOf(plan.Plan, id)
		if err != nil {
			return hotline.Swap{}, err
		}
		seat, _ := seatOf(x, v.ID)
		id = id.At(seat.Number)
	}
	w, err := d.store.AskSwap(ctx, v.ID, id, to, note)
	if err != nil {
		return hotline.Swap{}, err
	}
	staff, err := d.store.Staff(ctx)
	if err != nil {
		return hotline.Swap{}, err
	}
	return d.tellSwap(plan, w, staff), nil
}

// TakeSwap takes a colleague's shift over. Of two who do, the second is told hotline.ErrConflict. The findings are
// warnings of the line's limits: too little rest is no reason to refuse.
func (d *Duty) TakeSwap(ctx context.Context, v hotline.Viewer, id hotline.SwapID) (hotline.Swap, []hotline.Finding, error) {
	if err := answers(v); err != nil {
		return hotline.Swap{}, nil, err
	}
	staff, err := d.store.Staff(ctx)
	if err != nil {
		return hotline.Swap{}, nil, err
	}
	m, err := d.store.TakeSwap(ctx, id, v.ID, able(staff)(v.ID))
	if err != nil {
		return hotline.Swap{}, nil, err
	}
	return d.moved(ctx, m, v.ID, staff)
}

// able refuses whoever has another shift then, or cannot have that one.
func able(staff []hotline.User) func(user hotline.UserID) storage.Able {
	return func(user hotline.UserID) storage.Able {
		return func(p storage.Plan, seat rota.ShiftID) error {
			x, err := shiftOf(p.Plan, seat)
			if err == nil {
				err = comesTo(p.Plan, seat, user, staff)
			}
			if err != nil {
				return err
			}
			return free(p, x, user)
		}
	}
}

// DecideSwap approves or refuses a swap that was taken.
func (d *Duty) DecideSwap(ctx context.Context, v hotline.Viewer, id hotline.SwapID, yes bool) (hotline.Swap, error) {
	if err := plans(v); err != nil {
		return hotline.Swap{}, err
	}
	staff, err := d.store.Staff(ctx)
	if err != nil {
		return hotline.Swap{}, err
	}
	m, err := d.store.DecideSwap(ctx, id, v.ID, yes, able(staff))
	if err != nil {
		return hotline.Swap{}, err
	}
	w, _, err := d.moved(ctx, m, m.Taker, staff)
	return w, err
}

// WithdrawSwap takes a swap back that one asked for.
func (d *Duty) WithdrawSwap(ctx context.Context, v hotline.Viewer, id hotline.SwapID) (hotline.Swap, error) {
	m, err := d.store.WithdrawSwap(ctx, id, v.ID)
	if err != nil {
		return hotline.Swap{}, err
	}
	staff, err := d.store.Staff(ctx)
	if err != nil {
		return hotline.Swap{}, err
	}
	w, _, err := d.moved(ctx, m, "", staff)
	return w, err
}

// moved tells of a swap, and gives the warnings about its taker.
func (d *Duty) moved(ctx context.Context, m storage.Moved, taker hotline.UserID, staff []hotline.User) (hotline.Swap, []hotline.Finding, error) {
	if m.State == hotline.SwapApproved {
		d.settle(ctx, m.Before, m.After)
	}
	w := d.tellSwap(m.After, m.Swap, staff)
	if taker == "" {
		return w, []hotline.Finding{}, nil
	}
	people, err := d.busy(ctx, taker, known(staff))
	if err != nil {
		return w, nil, err
	}
	after := m.After
	if m.State == hotline.SwapTaken { // as it would be
		if p, err := after.Give(m.Seat, string(m.Giver), string(taker), fresh(after.Plan)); err == nil {
			after.Plan = p
		}
	}
	return w, d.tired(after, m.Seat, taker, people, []hotline.Finding{}), nil
}

// tellSwap tells everybody of a swap as it now is.
func (d *Duty) tellSwap(plan storage.Plan, w storage.Swap, staff []hotline.User) hotline.Swap {
	shown := swapOf(newLister(plan, staff, nil), w)
	d.tell(hotline.SwapChanged{Swap: shown})
	d.Wake()
	return shown
}

// swapOf is a swap as people see it.
func swapOf(l lister, w storage.Swap) hotline.Swap {
	s := hotline.Swap{ID: w.ID, From: w.Giver, To: w.Asked, By: w.Taker, State: w.State, At: w.At, Note: w.Note}
	if x, held := l.plan.Shift(w.Seat); held {
		s.Shift = l.shift(x)
		return s
	}
	s.Shift = hotline.Shift{ID: hotline.ShiftID(w.Seat.Whole().String()), Line: hotline.LineID(w.Line), Slot: w.Seat.Slot, Day: w.Seat.Day, Start: w.Ends, End: w.Ends, Zone: l.plan.Zone,
		Kind: string(rota.Duty), Users: []hotline.Seat{}, Away: []hotline.UserID{}, Why: "it is not held any more"}
	return s
}

// Swaps lists those of a line, for a supervisor to decide: of the weeks to come, and of the last.
func (d *Duty) Swaps(ctx context.Context, v hotline.Viewer, line hotline.LineID) ([]hotline.Swap, error) {
	if err := plans(v); err != nil {
		return nil, err
	}
	since := d.now().AddDate(0, 0, -7)
	plan, staff, err := d.planOf(ctx, line, since)
	if err != nil {
		return nil, err
	}
	found, err := d.store.Swaps(ctx, plan.Line, since)
	if err != nil {
		return nil, err
	}
	l := newLister(plan, staff, nil)
	all := make([]hotline.Swap, len(found))
	for i, w := range found {
		all[i] = swapOf(l, w)
	}
	return all, nil
}

// concerns tells whether a swap is somebody's to see on her own page: her own, one that she took, or one she can take.
func concerns(w storage.Swap, user hotline.UserID, now time.Time) bool {
	mine := w.Giver == user || w.Taker == user
	open := w.State == hotline.SwapOpen && (w.Asked == "" || w.Asked == user)
	return w.Ends.After(now) && (mine || open)
}

// mySwaps are those that concern somebody.
func mySwaps(listers map[string]lister, all []storage.Swap, user hotline.UserID, now time.Time) []hotline.Swap {
	mine := []hotline.Swap{}
	for _, w := range all {
		if l, ok := listers[w.Line]; ok && concerns(w, user, now) {
			mine = append(mine, swapOf(l, w))
		}
	}
	slices.SortStableFunc(mine, func(a, b hotline.Swap) int { return a.Shift.Start.Compare(b.Shift.Start) })
	return mine
}
