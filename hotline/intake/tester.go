package intake

import (
	"cmp"
	"context"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/routing/rota"
	"hopeline/storage"
)

// Tester rings the phones of colleagues as a page does, with nobody behind it. It stands beside the switchboard and shares
// its rate at the carrier; a leg for somebody in need always goes first. What is wanted is on disk: a house that dies in
// the middle goes on, and a test that was never reported ends by its time.
type Tester struct {
	store    *storage.Store
	exchange Exchange
	bell     *Bell
	lines    []hotline.Address
	pace     Pace
	now      func() time.Time
	log      *zap.Logger
	*crew
}

// NewTester makes one. Tests ring from the line on which somebody has duty, or else from the first of these.
func NewTester(store *storage.Store, exchange Exchange, bell *Bell, lines []hotline.Address, pace Pace, now func() time.Time, log *zap.Logger) *Tester {
	return &Tester{store: store, exchange: exchange, bell: bell, lines: lines, pace: pace, now: now, log: log, crew: newCrew(testsAtOnce, pace.Try)}
}

// testsAtOnce is with how many requests about tests at the carrier no more are begun.
const testsAtOnce = 4

// Tell wakes the tester when a test is asked for, or has to end.
func (x *Tester) Tell(n hotline.Notice) {
	if _, ok := n.(hotline.TestChanged); ok {
		x.Wake()
	}
}

// Run works until ctx ends.
func (x *Tester) Run(ctx context.Context) error {
	x.work(ctx, x.pace.Stop, func() time.Duration { return x.round(ctx) })
	return nil
}

// round asks for what is due, and tells how long to sleep.
func (x *Tester) round(ctx context.Context) time.Duration {
	if x.free() <= 0 {
		return x.pace.Look // a hand that ends wakes us
	}
	next, err := x.store.NextTest(ctx)
	if err != nil || next.After(x.now()) || next.IsZero() {
		return until(next, x.now(), 20*time.Millisecond, x.pace.Look)
	}
	tasks, err := x.store.ClaimTests(ctx, 2*x.pace.Try, x.pace.Dial)
	if err != nil && ctx.Err() == nil {
		x.log.Warn("what is wanted of test pages cannot be read", zap.Error(err))
		return time.Second
	}
	for _, t := range tasks {
		x.begin(func(ctx context.Context) { x.do(ctx, t) },
			func() { x.log.Error("a request about a test page panicked; the test ends by its time") })
	}
	return x.pace.Dial // what is due may have to wait: for the account's rate, or for somebody in need
}

// do makes one request and writes down what became of it.
func (x *Tester) do(ctx context.Context, t storage.TestTask) {
	var got hotline.Handed
	if t.SID != "" {
		got = x.exchange.EndLeg(ctx, t.SID)
	} else {
		got = x.exchange.Dial(ctx, t.Dial)
	}
	if got.Class == hotline.Halt {
		got.After = 10 * time.Second
	}
	if err := x.store.SettleTest(context.WithoutCancel(ctx), t, got); err != nil {
		x.log.Warn("what became of a test page could not be written; it ends by its time", zap.Error(err))
	}
}

// PageTest rings somebody's own phone, and pushes her browsers: anybody may have herself tested, a supervisor everybody.
// It tells how many browsers took the push.
func (x *Tester) PageTest(ctx context.Context, v hotline.Viewer, user hotline.UserID) (hotline.Test, int, error) {
	if user != v.ID && v.Role != hotline.Supervisor {
		return hotline.Test{}, 0, hotline.Say(hotline.ErrForbidden, "supervisors test the phones of others; nothing was done")
	}
	roster, err := x.store.Roster(ctx)
	if err != nil {
		return hotline.Test{}, 0, err
	}
	t, err := x.store.AskTest(ctx, string(v.ID), user, x.lineOf(x.thisWeek(roster)[user]), "")
	if err != nil {
		return t, 0, err
	}
	pushed, err := x.bell.test(ctx, user)
	if err != nil {
		x.log.Warn("a push for a test could not be sent", zap.Error(err))
	}
	return t, pushed, nil
}

// PageTests tests all who are on duty within the week to come: their phones ring one after the other. Skipped are those
// who have no number.
func (x *Tester) PageTests(ctx context.Context, v hotline.Viewer) (rings, skipped int, err error) {
	if v.Role != hotline.Supervisor {
		return 0, 0, hotline.Say(hotline.ErrForbidden, "supervisors test the phones of others; nothing was done")
	}
	roster, err := x.store.Roster(ctx)
	if err != nil {
		return 0, 0, err
	}
	staff, err := x.store.Users(ctx)
	if err != nil {
		return 0, 0, err
	}
	week := x.thisWeek(roster)
	for _, u := range staff {
		line, onDuty := week[u.ID]
		switch {
		case !onDuty || !canAnswer(u):
			continue
		case u.Phone == "":
			skipped++
		default:
			if _, err := x.store.AskTest(ctx, string(v.ID), u.ID, x.lineOf(line), ""); err != nil {
				return rings, skipped, err
			}
			rings++
		}
		x.bell.call(x.bell.testOf(u.ID))
	}
	return rings, skipped, nil
}

// PageHere rings somebody's phone before a shift of hers, once for ever: her key says that she is there.
func (x *Tester) PageHere(ctx context.Context, u hotline.UserID, line string, seat rota.ShiftID) error {
	_, err := x.store.AskTest(ctx, storage.System, u, x.lineOf(line), hotline.ShiftID(seat.String()))
	return err
}

// PageAlarms has the phones of supervisors rung for what is so, one after the other, until one of them knows of it.
func (x *Tester) PageAlarms(ctx context.Context, so []storage.AlarmCall, sure bool, pace storage.AlarmPace) error {
	for i, c := range so {
		so[i].From = x.lineOf(string(c.Line))
	}
	return x.store.RingAlarms(ctx, so, sure, pace)
}

// week is how far ahead somebody's duty counts as this week's.
const week = 7 * 24 * time.Hour

// thisWeek are those who are on duty within the week to come, each with the line of her first duty.
func (x *Tester) thisWeek(roster storage.Roster) map[hotline.UserID]string {
	all, first, now := map[hotline.UserID]string{}, map[hotline.UserID]time.Time{}, x.now().UTC()
	for _, p := range roster.Plans {
		for _, s := range rota.Stretches(p, now, now.Add(week)) {
			u := hotline.UserID(s.User)
			if at, there := first[u]; !s.Shadow && (!there || s.Start.Before(at)) {
				all[u], first[u] = p.Line, s.Start
			}
		}
	}
	return all
}

// lineOf is the line that a phone is rung from for the duty of a rota.
func (x *Tester) lineOf(rotaLine string) hotline.LineID {
	first := hotline.LineID("")
	for _, l := range x.lines {
		if l.Full() != string(l.Line()) { // it is written to, not called
			continue
		}
		if l.Full() == rotaLine {
			return l.Line()
		}
		first = cmp.Or(first, l.Line())
	}
	return first
}

// TestPage is what the leg of a test page is told.
func (d *Desk) TestPage(ctx context.Context, id hotline.TestID, sid string) (hotline.TestPlace, error) {
	return d.store.TestPage(ctx, id, sid)
}

// TestPressed is a key on the leg of a test page.
func (d *Desk) TestPressed(ctx context.Context, id hotline.TestID, sid, digit string) (hotline.TestPlace, error) {
	return d.store.TestPressed(ctx, id, sid, digit)
}

// TestReport merges a fact about the leg of a test page.
func (d *Desk) TestReport(ctx context.Context, r hotline.TestReport) error {
	return d.store.TestReport(ctx, r)
}
