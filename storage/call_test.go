package storage

import (
	"errors"
	"slices"
	"testing"
	"time"

	"hopeline/hotline"
)

// pace is the account's rate in these tests.
const pace = time.Second

// called opens a call and gives its contact.
func (h *house) called(sid string) hotline.ContactID {
	h.t.Helper()
	p, err := h.Called(h.t.Context(), hotline.IncomingCall{SID: sid, From: hotline.AddressOf("+4520111111"), To: hotline.AddressOf("+4570201550"), At: h.clock()})
	if err != nil || p.Where != hotline.InLine {
		h.t.Fatalf("Called(%s) = %+v, %v, want a place in line", sid, p, err)
	}
	return p.Contact
}

// onPhone adds somebody who takes calls on her own phone.
func (h *house) onPhone(name, number string) hotline.Viewer {
	h.t.Helper()
	u, err := h.AddUser(h.t.Context(), NewUser{User: hotline.User{Email: name + "@example.org", Name: name, Phone: number, Role: hotline.Counsellor, Languages: []string{"da"}}, Password: "x"})
	if err == nil {
		u, err = h.SetPresence(h.t.Context(), u.ID, hotline.Available, hotline.OnPhone)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return hotline.Viewer{User: u, Since: h.clock()}
}

// tasks are what the carrier has to be asked for now.
func (h *house) tasks() []LegTask {
	h.t.Helper()
	tasks, err := h.ClaimLegs(h.t.Context(), 10, 20*time.Second, pace)
	if err != nil {
		h.t.Fatal("claim legs:", err)
	}
	return tasks
}

// only gives the one task there is.
func (h *house) only(work LegWork) LegTask {
	h.t.Helper()
	tasks := slices.DeleteFunc(h.tasks(), func(t LegTask) bool { return t.Work == LookLeg })
	if len(tasks) != 1 || tasks[0].Work != work {
		h.t.Fatalf("tasks = %+v, want one: %s", tasks, work)
	}
	return tasks[0]
}

func (h *house) settled(t LegTask, sid string) {
	h.t.Helper()
	if err := h.SettleLeg(h.t.Context(), t, hotline.Handed{Class: hotline.Taken, SID: sid}); err != nil {
		h.t.Fatal("settle a leg:", err)
	}
}

func (h *house) reported(r hotline.LegReport) {
	h.t.Helper()
	if err := h.LegReport(h.t.Context(), r); err != nil {
		h.t.Fatal("report a leg:", err)
	}
}

func (h *house) state(id hotline.ContactID) hotline.Contact {
	h.t.Helper()
	return h.must(h.Look(h.t.Context(), id))
}

func (h *house) offeredTo(id hotline.ContactID, v hotline.Viewer) {
	h.t.Helper()
	if err := h.Offer(h.t.Context(), id, v.ID, false); err != nil {
		h.t.Fatal("offer:", err)
	}
}

// pressed presses a key on a leg and gives where it belongs then.
func (h *house) pressed(leg hotline.LegID, sid, digit string) hotline.Where {
	h.t.Helper()
	p, err := h.LegPressed(h.t.Context(), leg, sid, digit)
	if err != nil {
		h.t.Fatal("press:", err)
	}
	return p.Where
}

func TestACallIsTakenOnAPhone(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ann := h.onPhone("ann", "+4530000001")
		id := h.called("CA1")
		if again := h.called("CA1"); again != id {
			t.Fatal("the same call made a second contact")
		}
		h.offeredTo(id, ann)
		dial := h.only(DialLeg)
		if dial.Dial.To.Full() != "+4530000001" || dial.Dial.From.Full() != "+4570201550" {
			t.Fatalf("dials %s from %s", dial.Dial.To.Full(), dial.Dial.From.Full())
		}
		// Reports overtake the answer to the request, and each other.
		h.reported(hotline.LegReport{Leg: dial.Leg, SID: "CA2", State: hotline.LegUp})
		h.reported(hotline.LegReport{Leg: dial.Leg, SID: "CA2", State: hotline.LegRings})
		h.settled(dial, "CA2")
		if p, err := h.Leg(ctx, dial.Leg, "CA2", true); err != nil || p.Where != hotline.AtAsk || p.Speaks != "da" {
			t.Fatalf("Leg = %+v, %v, want to be asked", p, err)
		}
		if w := h.pressed(dial.Leg, "CA2", "1"); w != hotline.InRoom {
			t.Fatalf("after key 1 she is at %s, want in the room", w)
		}
		move := h.only(MoveLeg)
		if move.SID != "CA1" || h.state(id).State != hotline.Connecting {
			t.Fatalf("moves %s while %s, want the caller's leg while connecting", move.SID, h.state(id).State)
		}
		h.settled(move, "")
		if p, err := h.Caller(ctx, id, true); err != nil || p.Where != hotline.InRoom || p.Room != hotline.RoomName(id, h.state(id).Grant) {
			t.Fatalf("Caller = %+v, %v, want in the room of the grant", p, err)
		}
		if c := h.state(id); c.State != hotline.Active || c.Owner != ann.ID || len(c.Legs) != 1 {
			t.Fatalf("the contact is %s with %q, legs %v; want active with ann", c.State, c.Owner, c.Legs)
		}
		h.reported(hotline.LegReport{SID: "CA1", State: hotline.LegOver, End: hotline.LegDone})
		if move = h.only(MoveLeg); move.SID != "CA2" {
			t.Fatalf("moves %s, want her leg, to be asked how it ended", move.SID)
		}
		if w := h.pressed(dial.Leg, "CA2", "2"); w != hotline.AtThanks {
			t.Errorf("after key 2 she is at %s, want thanked", w)
		}
		if c := h.state(id); c.State != hotline.FollowUp || c.Work != hotline.WorkCallback {
			t.Errorf("the contact is %s, %s; want to be followed up, with a call back", c.State, c.Work)
		}
	})
}

func TestOfTwoWhoPressOneGetsIt(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann, bea := h.onPhone("ann", "+4530000001"), h.onPhone("bea", "+4530000002")
		id := h.called("CA1")
		h.offeredTo(id, ann)
		first := h.only(DialLeg)
		h.settled(first, "CA2")
		h.later(widens())
		h.must(h.Apply(t.Context(), System, id, hotline.Ticked{At: h.nowAt()}, nil))
		h.offeredTo(id, bea)
		second := h.only(DialLeg)
		h.settled(second, "CA3")
		h.reported(hotline.LegReport{SID: "CA2", State: hotline.LegUp})
		h.reported(hotline.LegReport{SID: "CA3", State: hotline.LegUp})
		if w := h.pressed(second.Leg, "CA3", "1"); w != hotline.InRoom {
			t.Fatalf("bea is at %s, want in the room", w)
		}
		if w := h.pressed(first.Leg, "CA2", "1"); w != hotline.AtTaken {
			t.Errorf("ann is at %s, want to hear that it is taken", w)
		}
		if w := h.pressed(second.Leg, "CA3", "1"); w != hotline.InRoom {
			t.Errorf("bea's key again: %s, want in the room", w)
		}
		var ended, moved []string
		for _, task := range h.tasks() {
			switch task.Work {
			case EndLeg:
				ended = append(ended, task.SID)
			case MoveLeg:
				moved = append(moved, task.SID)
			}
		}
		if len(ended) != 1 || ended[0] != "CA2" || len(moved) != 1 || moved[0] != "CA1" {
			t.Errorf("ends %v and moves %v, want ann's and the caller's", ended, moved)
		}
	})
}

// widens is after how long one more is asked.
func widens() time.Duration { return hotline.DefaultCallRules.Widen[0] }

func TestACallerWhoHangsUpStopsThePhones(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.onPhone("ann", "+4530000001")
		id := h.called("CA1")
		h.offeredTo(id, ann)
		dial := h.only(DialLeg)
		h.reported(hotline.LegReport{SID: "CA1", State: hotline.LegOver, End: hotline.LegDone})
		if c := h.state(id); c.State != hotline.FollowUp || c.Work != hotline.WorkMissed || len(c.Offers) != 0 {
			t.Fatalf("the contact is %s, %s; want missed", c.State, c.Work)
		}
		// The answer to the dial comes after that: its leg is ended as soon as it is known.
		h.settled(dial, "CA2")
		if end := h.only(EndLeg); end.SID != "CA2" {
			t.Errorf("ends %s, want CA2", end.SID)
		}
		if w := h.pressed(dial.Leg, "CA2", "1"); w != hotline.AtTaken && w != hotline.AtGone {
			t.Errorf("a late key leads to %s, want that it is over", w)
		}
	})
}

func TestReportsInAnyOrderEndTheSame(t *testing.T) {
	t.Parallel()
	reports := []hotline.LegReport{
		{SID: "CA2", State: hotline.LegRings}, {SID: "CA2", State: hotline.LegUp}, {SID: "CA2", State: hotline.LegOver, End: hotline.LegNoAnswer},
		{SID: "CA1", State: hotline.LegOver, End: hotline.LegDone}, {SID: "CA9", State: hotline.LegOver},
	}
	orders := [][]int{{0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {2, 0, 3, 1, 2, 3, 4, 0}, {3, 3, 1, 2, 0}}
	onBoth(t, func(t *testing.T, h *house) {
		for n, order := range orders {
			sid := string(rune('a' + n))
			ann := h.onPhone("ann"+sid, "+4530000001")
			id := h.called("CA1" + sid)
			h.offeredTo(id, ann)
			h.later(2 * pace)
			var dial LegTask
			for _, task := range h.tasks() {
				if task.Work == DialLeg && task.Contact == id {
					dial = task
				}
			}
			h.settled(dial, "CA2"+sid)
			for _, k := range order {
				r := reports[k]
				r.SID += sid
				h.reported(r)
			}
			c := h.state(id)
			if c.State != hotline.FollowUp || c.Work != hotline.WorkMissed || len(c.Legs) != 0 {
				t.Errorf("in the order %v the contact ends %s, %s, legs %v; want missed, without legs", order, c.State, c.Work, c.Legs)
			}
		}
	})
}

func TestPhonesAreDialledOneASecondAndInOrder(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		var ids []hotline.ContactID
		for n := range 3 {
			ids = append(ids, h.called("CA"+string(rune('a'+n))))
			h.later(time.Millisecond)
		}
		for n := range 3 { // the last who called is offered first
			h.offeredTo(ids[2-n], h.onPhone("u"+string(rune('a'+n)), "+4530000001"))
		}
		for n := range 3 {
			if dial := h.only(DialLeg); dial.Contact != ids[n] {
				t.Errorf("dial %d is for another than who waited longest", n)
			}
			if more := h.tasks(); len(more) != 0 {
				t.Errorf("within a second also %+v", more)
			}
			h.later(pace)
		}
	})
}

func TestAPhoneThatCannotBeRungDoesNotStopTheRound(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.onPhone("ann", "+4530000001")
		id := h.called("CA1")
		h.offeredTo(id, ann)
		refused := hotline.Handed{Class: hotline.Refuse, Failure: &hotline.Failure{Code: 21211}}
		if err := h.SettleLeg(t.Context(), h.only(DialLeg), refused); err != nil {
			t.Fatal(err)
		}
		if c := h.state(id); c.State != hotline.Waits || !c.HasTried(ann.ID) {
			t.Errorf("the contact is %s, want waiting with ann tried", c.State)
		}
	})
}

func TestAVoicemailIsKeptOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		sue := h.user("sue", hotline.Supervisor)
		id := h.called("CA1")
		press := hotline.Pressed{Contact: id, Key: hotline.KeyVoicemail, Step: "CA1 1"}
		for range 2 {
			if _, err := h.Pressed(ctx, press); err != nil {
				t.Fatal(err)
			}
			if err := h.Recorded(ctx, hotline.Recording{SID: "RE1", CallSID: "CA1", Voicemail: true}); err != nil {
				t.Fatal(err)
			}
		}
		h.reported(hotline.LegReport{SID: "CA1", State: hotline.LegOver, End: hotline.LegDone})
		r, err := h.Record(ctx, sue.ID, id, "", 50, anybody, everything)
		if err != nil || len(r.Messages) != 2 || len(r.Messages[1].Media) != 1 || r.Contact.Work != hotline.WorkVoicemail {
			t.Errorf("the record has work %s and %d messages, %v; want a key and a voicemail", r.Contact.Work, len(r.Messages), err)
		}
		if err := h.Recorded(ctx, hotline.Recording{SID: "RE2", CallSID: "CAx", Voicemail: true}); err != nil {
			t.Errorf("a recording of an unknown call: %v, want no error", err)
		}
	})
}

func TestDangerIsToldAndItsEndNeedsAGround(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ann := h.user("ann", hotline.Counsellor)
		h.text("SM1", "+4520111111", "+4570201550", "are you there")
		id := h.waiting(ann)[0].ID
		h.must(h.Apply(ctx, string(ann.ID), id, hotline.TakenBy{At: h.nowAt(), User: ann.ID}, nil))
		if err := h.Danger(ctx, ann.ID, id, hotline.Danger{}, anybody); !errors.Is(err, hotline.ErrConflict) {
			t.Errorf("ending a danger that nobody told = %v, want a conflict", err)
		}
		if err := h.Danger(ctx, ann.ID, id, hotline.Danger{On: true}, anybody); err != nil {
			t.Fatal(err)
		}
		alarms := 0
		h.mu.Lock()
		for _, n := range h.notices {
			if a, ok := n.(hotline.Alarmed); ok && a.Kind == "danger" && a.Contact.ID == id {
				alarms++
			}
		}
		h.mu.Unlock()
		if c := h.state(id); alarms != 1 || c.Danger.IsZero() || c.Priority != 30 {
			t.Errorf("alarms %d, danger since %v, priority %d; want one, now, 30", alarms, c.Danger, c.Priority)
		}
		if err := h.Danger(ctx, ann.ID, id, hotline.Danger{Ground: "vital interest", Outcome: "she is safe"}, anybody); err != nil {
			t.Fatal(err)
		}
		r, err := h.Record(ctx, ann.ID, id, "", 50, anybody, everything)
		if err != nil || len(r.Notes) != 1 || !r.Contact.Danger.IsZero() {
			t.Errorf("after it: %d notes, danger since %v, %v; want one note, no danger", len(r.Notes), r.Contact.Danger, err)
		}
	})
}
