package intake

import (
	"cmp"
	"context"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

// Wall is the house at a glance: who waits, who is on duty and how they are, which lines are closed, and the next gap of
// any line within the days that coverage looks at.
func (d *Duty) Wall(ctx context.Context, v hotline.Viewer) (hotline.Wall, error) {
	now := d.now().UTC()
	w := hotline.Wall{At: now, People: []hotline.Standing{}}
	if v.Role != hotline.Supervisor {
		return w, hotline.Say(hotline.ErrForbidden, "the wallboard is for supervisors")
	}
	roster, err := d.store.Roster(ctx)
	if err != nil {
		return w, err
	}
	staff, err := d.store.Staff(ctx)
	if err != nil {
		return w, err
	}
	waiting, since, talking, err := d.store.Crowd(ctx)
	if err != nil {
		return w, err
	}
	w.Waiting, w.Longest = waiting, since
	tests, err := d.store.Tests(ctx, "")
	if err != nil {
		return w, err
	}
	pushes, err := d.store.PushStates(ctx)
	if err != nil {
		return w, err
	}
	calendars, err := d.store.CalendarsMade(ctx)
	if err != nil {
		return w, err
	}
	for _, u := range staff {
		if u.Role == hotline.Interpreter && !u.Disabled {
			w.Interpreters = append(w.Interpreters, hotline.AtHome{User: u, Test: testOf(tests, u.ID), Calendar: calendars[u.ID]})
		}
		if canAnswer(u) {
			w.People = append(w.People, hotline.Standing{User: u, OnDuty: roster.Planned(u.ID) || roster.Everyone, Talking: talking[u.ID],
				Test: testOf(tests, u.ID), Push: cmp.Or(pushes[u.ID], hotline.PushNone)})
		}
	}
	pages, err := d.store.Asked(ctx, now.Add(-24*time.Hour), now)
	for _, p := range pages {
		w.MissedOffers += p.Missed
	}
	people := known(staff)
	for _, p := range roster.Plans {
		if line := hotline.LineID(p.Line); roster.Closed(line, now) {
			w.Closed = append(w.Closed, hotline.ClosedLine{Line: line, Until: rota.Opens(p, now)})
		}
		found := rota.Coverage(p, now, now.AddDate(0, 0, ahead), people)
		if rota.Gaps(found) && (w.NextGap == nil || found[0].From.Before(w.NextGap.From)) {
			gap := hotline.Finding(found[0])
			w.NextGap = &gap
		}
	}
	return w, err
}

// testOf is somebody's test page; nil: she has none.
func testOf(tests map[hotline.UserID]hotline.Test, u hotline.UserID) *hotline.Test {
	if t, there := tests[u]; there {
		return &t
	}
	return nil
}
