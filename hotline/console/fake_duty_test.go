package console

import (
	"context"
	"time"

	"hopeline/hotline"
)

// board is a plan of one shift: Ann's, tonight, that she may give away.
type board struct {
	blank
	*house
	swap hotline.Swap
	test hotline.Test
}

func newBoard(h *house) *board { return &board{house: h} }

const aShift = hotline.ShiftID("*/night/2026-11-24/0")

func (b *board) shift(user hotline.UserID, why string) hotline.Shift {
	return hotline.Shift{ID: aShift, Line: "*", Slot: "night", Day: "2026-11-24", Start: start.Add(18 * time.Hour), End: start.Add(30 * time.Hour), Zone: "UTC", Tier: 1, Kind: "duty", Min: 1,
		Users: []hotline.Seat{{User: user, Why: why, State: hotline.SeatPlanned}}, Why: "slot 1: Tuesday 20:00–08:00 (UTC)"}
}

func (b *board) Plan(_ context.Context, _ hotline.Viewer, line hotline.LineID, from, _ time.Time) (hotline.Sheet, error) {
	return hotline.Sheet{Line: "*", Zone: "UTC", Version: 3, Shifts: []hotline.Shift{b.shift("ann", "")}, Published: from.AddDate(0, 0, 42)}, nil
}

func (b *board) Mine(_ context.Context, v hotline.Viewer) (hotline.Duties, error) {
	if v.ID != "ann" {
		return hotline.Duties{}, nil
	}
	s := b.shift("ann", "")
	h := hotline.Handover{ID: "handover-1", Line: "*", At: start, By: "bo", Note: "quiet", Open: []hotline.ContactID{"contact-9"}}
	return hotline.Duties{Shifts: []hotline.Shift{s}, Handover: &h, OnDuty: true, Until: s.End, CheckIn: &s}, nil
}

func (b *board) Here(_ context.Context, _ hotline.Viewer, shift hotline.ShiftID, session string) error {
	if shift != aShift || session == "" {
		return hotline.Say(hotline.ErrNotFound, "there is no such shift; nothing was changed")
	}
	b.tell(hotline.PlanChanged{Line: "*"})
	return nil
}

func (b *board) Change(_ context.Context, v hotline.Viewer, c hotline.Change) (hotline.Shift, []hotline.Finding, error) {
	switch {
	case v.Role != hotline.Supervisor:
		return hotline.Shift{}, nil, hotline.Say(hotline.ErrForbidden, "supervisors and admins change the rota; nothing was changed")
	case c.Reason == "":
		return hotline.Shift{}, nil, hotline.Say(hotline.ErrInvalid, "tier 1: nobody is on duty; give a reason; nothing was changed")
	}
	s := b.shift(c.User, "")
	s.Users, s.Away, s.Empty = nil, []hotline.UserID{c.User}, 1
	b.tell(hotline.PlanChanged{Line: "*"})
	return s, []hotline.Finding{{Kind: "gap", Tier: 1, From: s.Start, To: s.End, Times: 1, Words: "tier 1: nobody is on duty"}}, nil
}

func (b *board) AskSwap(_ context.Context, v hotline.Viewer, _ hotline.ShiftID, to hotline.UserID, note string) (hotline.Swap, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.swap = hotline.Swap{ID: "swap-1", Shift: b.shift(v.ID, ""), From: v.ID, To: to, State: hotline.SwapOpen, At: b.now, Note: note}
	b.tell(hotline.SwapChanged{Swap: b.swap})
	return b.swap, nil
}

func (b *board) TakeSwap(_ context.Context, v hotline.Viewer, _ hotline.SwapID) (hotline.Swap, []hotline.Finding, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.swap.State != hotline.SwapOpen {
		return hotline.Swap{}, nil, hotline.Say(hotline.ErrConflict, "somebody was quicker; nothing was changed")
	}
	b.swap.By, b.swap.State, b.swap.Shift = v.ID, hotline.SwapApproved, b.shift(v.ID, "covers for Ann")
	b.tell(hotline.SwapChanged{Swap: b.swap})
	return b.swap, nil, nil
}

func (b *board) HandOver(_ context.Context, v hotline.Viewer, line hotline.LineID, note string) (hotline.Handover, error) {
	h := hotline.Handover{ID: "handover-2", Line: line, At: start, By: v.ID, Note: note}
	b.tell(hotline.HandoverAdded{Handover: h, To: []hotline.UserID{"bo"}})
	return h, nil
}

func (b *board) SetWish(_ context.Context, v hotline.Viewer, w hotline.Wish) (hotline.Wish, error) {
	w.ID, w.User = "wish-1", v.ID
	return w, nil
}

func (b *board) Wall(_ context.Context, v hotline.Viewer) (hotline.Wall, error) {
	if v.Role != hotline.Supervisor {
		return hotline.Wall{}, hotline.ErrForbidden
	}
	w := hotline.Wall{At: start, Waiting: map[hotline.Channel]int{hotline.Voice: 2}, Longest: start.Add(-time.Minute), MissedOffers: 4,
		Closed: []hotline.ClosedLine{{Line: "+4570201550", Until: start.Add(5 * time.Hour)}, {Line: "*"}}}
	for i, u := range b.users[:3] {
		w.People = append(w.People, hotline.Standing{User: *u, OnDuty: i < 2, Talking: i == 0, Push: hotline.PushNone})
	}
	w.Interpreters = []hotline.AtHome{{User: hotline.User{ID: "malee", Role: hotline.Interpreter, Phone: "+4530000005"}, Calendar: start}}
	if b.test.User == "ann" {
		w.People[0].Test, w.People[0].Push = &b.test, hotline.PushWorks
	}
	return w, nil
}

// PageTest rings a phone that is answered at once.
func (b *board) PageTest(_ context.Context, v hotline.Viewer, user hotline.UserID) (hotline.Test, int, error) {
	if user != v.ID && v.Role != hotline.Supervisor {
		return hotline.Test{}, 0, hotline.Say(hotline.ErrForbidden, "supervisors test the phones of others; nothing was done")
	}
	asked := hotline.Test{ID: "test-1", User: user, By: v.ID, Made: start, Result: hotline.TestWaits}
	b.tell(hotline.TestChanged{Test: asked})
	b.mu.Lock()
	defer b.mu.Unlock()
	b.test = asked
	b.test.Result, b.test.Ended = hotline.TestAnswered, start.Add(20*time.Second)
	b.tell(hotline.TestChanged{Test: b.test})
	return asked, 1, nil
}

func (b *board) PageTests(_ context.Context, v hotline.Viewer) (rings, skipped int, err error) {
	if v.Role != hotline.Supervisor {
		return 0, 0, hotline.Say(hotline.ErrForbidden, "supervisors test the phones of others; nothing was done")
	}
	return 2, 1, nil
}

// Try says that whatever is tried leaves tonight empty.
func (b *board) Try(_ context.Context, _ hotline.Viewer, t hotline.Trial) (hotline.Preview, error) {
	if t.Template == nil {
		return hotline.Preview{}, hotline.Say(hotline.ErrInvalid, "say what is to be tried; nothing was changed")
	}
	gap := hotline.Finding{Kind: "gap", Tier: 1, From: start, To: start.Add(time.Hour), Times: 1, Words: "tier 1: nobody is on duty"}
	return hotline.Preview{Findings: []hotline.Finding{gap}, Opens: []hotline.Finding{gap}, Closes: []hotline.Finding{}, People: []hotline.Moved{{User: "ann", Loses: time.Hour}}}, nil
}

func (b *board) CalendarSecret(context.Context, hotline.Viewer) (string, error) { return "secret", nil }
