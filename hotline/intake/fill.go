package intake

import (
	"context"
	"slices"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
	"hopeline/storage"
)

// SetWish keeps what somebody says of a time to come, of at most half a year.
func (d *Duty) SetWish(ctx context.Context, v hotline.Viewer, w hotline.Wish) (hotline.Wish, error) {
	if !w.From.Before(w.To) || w.To.Sub(w.From) > widestSheet || !w.To.After(d.now()) {
		return w, hotline.Say(hotline.ErrInvalid, "a wish is for a time to come, of at most half a year; nothing was changed")
	}
	if _, ok := wills[w.Kind]; !ok {
		return w, hotline.Say(hotline.ErrInvalid, "kind is can, cannot or like; nothing was changed")
	}
	w.User, w.From, w.To = v.ID, w.From.UTC(), w.To.UTC()
	return d.store.AddWish(ctx, w)
}

// wills are the words of the wire for what package rota calls otherwise.
var wills = map[string]rota.Will{"can": rota.Can, "cannot": rota.Cannot, "like": rota.Wants}

// DropWish forgets a wish of one's own.
func (d *Duty) DropWish(ctx context.Context, v hotline.Viewer, id hotline.WishID) error {
	return d.store.DropWish(ctx, v.ID, id)
}

// Fill proposes people for the open seats of a time, and says of each seat that stays empty why nobody can have it. Whose
// calendar says that she is away is not proposed, as if she had said that she cannot. It changes nothing.
func (d *Duty) Fill(ctx context.Context, v hotline.Viewer, line hotline.LineID, from, to time.Time) (hotline.Proposal, error) {
	p := hotline.Proposal{Filled: []hotline.Filled{}, Empty: []hotline.Vacant{}}
	if err := plans(v); err != nil {
		return p, err
	}
	if from = latest(from, d.now()).UTC(); !from.Before(to) || to.Sub(from) > widestSheet/2 {
		return p, hotline.Say(hotline.ErrInvalid, "to is after now, and at most three months after from")
	}
	plan, staff, err := d.planOf(ctx, line, from)
	if err != nil {
		return p, err
	}
	wishes, err := d.wishes(ctx, from, to)
	if err != nil {
		return p, err
	}
	people, err := d.people(ctx, v, staff)
	if err == nil {
		people, err = d.elsewhere(ctx, plan.Line, people, from, to)
	}
	if err != nil {
		return p, err
	}
	began := time.Now() // how long a machine works is told by no other clock
	found := rota.Fill(plan.Plan, from, to, people, wishes, plan.Limits)
	p.Took = time.Since(began)
	for _, e := range found.Exceptions {
		p.Filled = append(p.Filled, hotline.Filled{Shift: hotline.ShiftID(e.Shift.String()), User: hotline.UserID(e.By)})
	}
	for _, e := range found.Empty {
		seat := hotline.Vacant{Shift: hotline.ShiftID(e.Shift.String()), Why: []hotline.Because{}}
		for _, o := range e.Why {
			seat.Why = append(seat.Why, hotline.Because{User: hotline.UserID(o.User), Why: o.Words})
		}
		p.Empty = append(p.Empty, seat)
	}
	return p, nil
}

func (d *Duty) wishes(ctx context.Context, from, to time.Time) ([]rota.Wish, error) {
	said, err := d.store.Wishes(ctx, "", from, to)
	all := make([]rota.Wish, len(said))
	for i, w := range said {
		all[i] = rota.Wish{User: string(w.User), From: w.From, To: w.To, Will: wills[w.Kind]}
	}
	return all, err
}

// elsewhere lets people be away while they have duty on other lines.
func (d *Duty) elsewhere(ctx context.Context, line string, people map[string]rota.Person, from, to time.Time) (map[string]rota.Person, error) {
	plans, err := d.store.Plans(ctx, from)
	for _, p := range plans {
		if p.Line == line {
			continue
		}
		for _, s := range rota.Stretches(p, from, to) {
			if who, ok := people[s.User]; ok {
				who.Away = append(who.Away, s.Span)
				people[s.User] = who
			}
		}
	}
	return people, err
}

// ApplyFill gives open seats to the people of a proposal, as the supervisor left it: all of them, or none.
func (d *Duty) ApplyFill(ctx context.Context, v hotline.Viewer, line hotline.LineID, filled []hotline.Filled) ([]hotline.Finding, error) {
	if err := plans(v); err != nil {
		return nil, err
	}
	plan, staff, err := d.planOf(ctx, line, d.now())
	if err != nil {
		return nil, err
	}
	people, err := d.people(ctx, v, staff)
	if err != nil {
		return nil, err
	}
	var first, last time.Time
	after, err := d.edit(ctx, plan.Line, storage.Edit{By: string(v.ID), Cause: "fill", Do: func(p storage.Plan) (rota.Plan, error) {
		first, last = time.Time{}, time.Time{}
		next := p.Plan
		for _, f := range filled {
			x, err := d.given(&next, f, people, newLister(p, staff, nil))
			if err != nil {
				return p.Plan, err
			}
			if first.IsZero() || x.Start.Before(first) {
				first = x.Start
			}
			last = latest(last, x.End)
		}
		return next, nil
	}})
	if err != nil {
		return nil, err
	}
	if start := latest(first, d.now().UTC()); start.Before(last) {
		return findings(rota.Coverage(after, start, last, people)), nil
	}
	return []hotline.Finding{}, nil
}

// given gives one seat of a proposal to its person.
func (d *Duty) given(p *rota.Plan, f hotline.Filled, people map[string]rota.Person, l lister) (rota.Shift, error) {
	id, err := parseShift(f.Shift)
	if err != nil {
		return rota.Shift{}, err
	}
	x, err := shiftOf(*p, id)
	if err != nil {
		return x, err
	}
	l.plan.Plan = *p
	switch _, there := seatOf(x, f.User); {
	case !people[string(f.User)].Answers:
		return x, hotline.Say(hotline.ErrInvalid, "somebody in the proposal has no account that answers; nothing was changed")
	case there || !x.End.After(d.now()):
		return x, hotline.Say(hotline.ErrConflict, "somebody is in that shift already, or it is over; nothing was changed")
	case l.shift(x).Empty == 0:
		return x, hotline.Say(hotline.ErrConflict, "a seat of the proposal was taken meanwhile: ask for another proposal; nothing was changed")
	}
	*p, err = p.With(rota.Exception{ID: fresh(*p), Kind: rota.Extra, Shift: x.ID, By: string(f.User)})
	return x, err
}

// Fairness tells what each had to carry, by what held then, or will have to.
func (d *Duty) Fairness(ctx context.Context, v hotline.Viewer, line hotline.LineID, from, to time.Time) ([]hotline.Fair, error) {
	if err := plans(v); err != nil {
		return nil, err
	}
	if !from.Before(to) || to.Sub(from) > 2*widestSheet {
		return nil, hotline.Say(hotline.ErrInvalid, "from is before to, and to at most a year later")
	}
	plan, staff, err := d.planOf(ctx, line, from)
	if err != nil {
		return nil, err
	}
	pages, err := d.store.Asked(ctx, from, to)
	if err != nil {
		return nil, err
	}
	held, err := history(ctx, d.store, plan, from)
	if err != nil {
		return nil, err
	}
	all := map[hotline.UserID]*hotline.Fair{}
	for _, u := range staff {
		if canAnswer(u) {
			all[u.ID] = &hotline.Fair{User: u.ID, Answered: pages[u.ID].Answered, Missed: pages[u.ID].Missed}
		}
	}
	for _, s := range rota.Fairness(held, from, to, nil) {
		f := all[hotline.UserID(s.User)]
		if f == nil {
			f = &hotline.Fair{User: hotline.UserID(s.User)}
			all[f.User] = f
		}
		f.Hours, f.Nights, f.Weekends, f.Holidays = s.Hours, s.Nights, s.Weekends, s.Holidays
	}
	return compared(all), nil
}

// compared sets how far each is from the mean, the most hours first. Who had nothing at all is left out.
func compared(all map[hotline.UserID]*hotline.Fair) []hotline.Fair {
	found := []hotline.Fair{}
	var sum time.Duration
	for _, f := range all {
		if f.Hours > 0 || f.Answered+f.Missed > 0 {
			found = append(found, *f)
			sum += f.Hours
		}
	}
	for i := range found {
		found[i].FromMean = found[i].Hours - sum/time.Duration(len(found))
	}
	slices.SortFunc(found, func(a, b hotline.Fair) int {
		if a.Hours != b.Hours {
			return int((b.Hours - a.Hours) / time.Second)
		}
		return slices.Compare([]byte(a.User), []byte(b.User))
	})
	return found
}
