package storage

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"hopeline/hotline"
)

// beside opens a second process on the same database.
func (h *house) beside() *Store {
	h.t.Helper()
	other, err := Open(h.t.Context(), h.config)
	if err != nil {
		h.t.Fatal("open the store beside another:", err)
	}
	h.t.Cleanup(func() { other.Close() })
	return other
}

// inTalk is a call that is taken on a phone, and the dial that rang it. Its legs are sid and sid with "ann".
func (h *house) inTalk(sid string, v hotline.Viewer) (hotline.ContactID, LegTask) {
	h.t.Helper()
	id := h.called(sid)
	h.offeredTo(id, v)
	h.later(2 * pace)
	var dial LegTask
	for _, task := range h.tasks() {
		if task.Work == DialLeg && task.Contact == id {
			dial = task
		}
	}
	h.settled(dial, sid+"ann")
	h.reported(hotline.LegReport{SID: sid + "ann", State: hotline.LegUp})
	if where := h.pressed(dial.Leg, sid+"ann", "1"); where != hotline.InRoom {
		h.t.Fatalf("after her key she is at %s", where)
	}
	for _, task := range h.tasks() {
		if task.Work == MoveLeg {
			h.settled(task, "")
		}
	}
	if _, err := h.Caller(h.t.Context(), id, true); err != nil {
		h.t.Fatal(err)
	}
	if c := h.state(id); c.State != hotline.Active {
		h.t.Fatalf("the call is %s, want active", c.State)
	}
	return id, dial
}

func TestTwoProcessesDialOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "postgres")
	other := h.beside()
	for n := range 20 {
		h.offeredTo(h.called(fmt.Sprint("CA", n)), h.onPhone(fmt.Sprint("ann", n), "+4530000001"))
		h.later(2 * pace)
		var both sync.WaitGroup
		var got [2][]LegTask
		for i, s := range []*Store{h.Store, other} {
			both.Go(func() { got[i], _ = s.ClaimLegs(t.Context(), 10, 20*time.Second, pace) })
		}
		both.Wait()
		dials := 0
		for _, task := range append(got[0], got[1]...) {
			if task.Work == DialLeg {
				dials++
			}
		}
		if dials != 1 {
			t.Fatalf("two processes made %d dials in one moment, want one", dials)
		}
	}
}

func TestAWishIsNotLostUnderAReport(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "postgres")
	other := h.beside()
	for n := range 20 {
		sid := fmt.Sprint("CA", n)
		ann := h.onPhone(fmt.Sprint("ann", n), "+4530000001")
		id, _ := h.inTalk(sid, ann)
		var both sync.WaitGroup
		both.Go(func() {
			if _, err := h.Apply(t.Context(), string(ann.ID), id, hotline.HungUp{At: h.nowAt(), By: ann.ID}, nil); err != nil {
				t.Error("hang up:", err)
			}
		})
		both.Go(func() {
			report := hotline.RoomReport{Room: hotline.RoomName(id, 1), SID: "CF" + sid, Leg: sid, Kind: hotline.RoomJoined}
			if err := other.RoomReport(t.Context(), report); err != nil {
				t.Error("report a room:", err)
			}
		})
		both.Wait()
		ended := false
		for _, task := range h.tasks() {
			ended = ended || task.Work == EndLeg && task.SID == sid
		}
		if !ended {
			t.Fatalf("call %d: nobody ends the caller's leg any more", n)
		}
	}
}

func TestADialThatWasCanceledIsNoGhost(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ann := h.onPhone("ann", "+4530000001")
		id := h.called("CA1")
		if _, err := h.Pressed(ctx, hotline.Pressed{Contact: id, Key: hotline.KeyCallback, Step: "x"}); err != nil {
			t.Fatal(err)
		}
		h.reported(hotline.LegReport{SID: "CA1", State: hotline.LegOver, End: hotline.LegDone})
		h.must(h.Apply(ctx, string(ann.ID), id, hotline.TakenBy{At: h.nowAt(), User: ann.ID, Phone: true}, nil))
		if err := h.CallBack(ctx, ann.ID, id, true, anybody); err != nil {
			t.Fatal(err)
		}
		again := hotline.Handed{Class: hotline.Again, After: 3 * time.Second}
		dial := h.only(DialLeg)
		h.must(h.Apply(ctx, string(ann.ID), id, hotline.HungUp{At: h.nowAt(), By: ann.ID}, nil))
		if err := h.SettleLeg(ctx, dial, again); err != nil {
			t.Fatal(err)
		}
		h.later(time.Minute)
		if tasks := h.tasks(); len(tasks) != 0 {
			t.Errorf("what nobody wants any more is asked for: %+v", tasks)
		}
		if err := h.CallBack(ctx, ann.ID, id, true, anybody); err != nil {
			t.Fatal(err)
		}
		for _, leg := range []string{"CBann", "CBher"} {
			h.later(2 * pace)
			dial := h.only(DialLeg)
			h.settled(dial, leg)
			h.reported(hotline.LegReport{SID: leg, State: hotline.LegUp})
			if where := h.pressed(dial.Leg, leg, "1"); where != hotline.InRoom {
				t.Fatalf("%s is at %s after her key, want in the room", leg, where)
			}
		}
		if c := h.state(id); c.State != hotline.Active || c.Call.Choice != "" {
			t.Fatalf("the call back is %s, and asked for again: %q", c.State, c.Call.Choice)
		}
		h.reported(hotline.LegReport{SID: "CBher", State: hotline.LegOver, End: hotline.LegDone})
		if c := h.state(id); c.State != hotline.WrapUp {
			t.Errorf("after she hung up the contact is %s, want to be wrapped up", c.State)
		}
	})
}

func TestMuteIsMadeAgainInANewRoom(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ann := h.onPhone("ann", "+4530000001")
		id, dial := h.inTalk("CA1", ann)
		room := hotline.RoomName(id, 1)
		join := func(sid string) {
			for _, leg := range []string{"CA1", "CA1ann"} {
				if err := h.RoomReport(ctx, hotline.RoomReport{Room: room, SID: sid, Leg: leg, Kind: hotline.RoomJoined}); err != nil {
					t.Fatal(err)
				}
			}
		}
		join("CF1")
		on := true
		h.must(h.Apply(ctx, string(ann.ID), id, hotline.Steered{At: h.nowAt(), By: ann.ID, Mute: &on}, nil))
		h.settled(h.only(MuteLeg), "")
		join("CF2")
		late := hotline.RoomReport{Room: room, SID: "CF1", Leg: "CA1ann", Kind: hotline.RoomLeft}
		if err := h.RoomReport(ctx, late); err != nil {
			t.Fatal(err)
		}
		if task := h.only(MuteLeg); task.Room != "CF2" || !task.On {
			t.Errorf("mutes %t in %s, want her muted in the new room", task.On, task.Room)
		}
		if p, err := h.Leg(ctx, dial.Leg, "CA1ann", false); err != nil || !p.Muted {
			t.Errorf("her document lets her be heard: %+v, %v", p, err)
		}
	})
}

func TestAStartBesideALivingProcessTakesNothingBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "postgres")
	ctx := t.Context()
	if err := h.Restart(ctx); err != nil {
		t.Fatal(err)
	}
	ann := h.onPhone("ann", "+4530000001")
	id := h.called("CA1")
	h.offeredTo(id, ann)
	other := h.beside()
	if err := other.Restart(ctx); err != nil {
		t.Fatal(err)
	}
	if c := h.state(id); !c.Asking(ann.ID) {
		t.Errorf("a second process took the offer back: %s", c.State)
	}
	other.Close()
	h.Close()
	h.open()
	if err := h.Restart(ctx); err != nil {
		t.Fatal(err)
	}
	if c := h.state(id); c.State != hotline.Waits {
		t.Errorf("after everything was down the contact is %s, want waiting", c.State)
	}
}

func TestAVoicemailAfterTheCloseIsWorkOfItsOwn(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		sue := h.user("sue", hotline.Supervisor)
		id := h.called("CA1")
		end := hotline.EndedBy{At: h.nowAt(), By: sue.ID, Outcome: "nobody there", Supervisor: true}
		if _, err := h.Pressed(ctx, hotline.Pressed{Contact: id, Key: hotline.KeyVoicemail, Step: "x"}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Apply(ctx, string(sue.ID), id, end, nil); err == nil {
			t.Error("a contact was closed while she spoke her message")
		}
		h.reported(hotline.LegReport{SID: "CA1", State: hotline.LegOver, End: hotline.LegDone})
		h.must(h.Apply(ctx, string(sue.ID), id, end, nil))
		if err := h.Recorded(ctx, hotline.Recording{SID: "RE1", CallSID: "CA1", Voicemail: true}); err != nil {
			t.Fatal(err)
		}
		w := h.waiting(sue)
		if len(w) != 1 || w[0].ID == id || w[0].Work != hotline.WorkVoicemail {
			t.Errorf("%d contacts wait, want one, new, with a voicemail: %+v", len(w), w)
		}
	})
}

func TestWhoWorksHereNoMoreTakesNoCall(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann, bea := h.onPhone("ann", "+4530000001"), h.onPhone("bea", "+4530000002")
		talks, _ := h.inTalk("CA1", bea)
		id := h.called("CA2")
		h.offeredTo(id, ann)
		h.later(2 * pace)
		var dial LegTask
		for _, task := range h.tasks() {
			if task.Work == DialLeg {
				dial = task
			}
		}
		h.settled(dial, "CA2ann")
		for _, email := range []string{"ann@example.org", "bea@example.org"} {
			if err := h.DisableUser(t.Context(), email); err != nil {
				t.Fatal(err)
			}
		}
		if where := h.pressed(dial.Leg, "CA2ann", "1"); where != hotline.AtTaken {
			t.Errorf("she is at %s after her key, want turned away", where)
		}
		for _, c := range []hotline.Contact{h.state(id), h.state(talks)} {
			if c.State != hotline.Waits {
				t.Errorf("a call is %s, want waiting for others", c.State)
			}
		}
	})
}
