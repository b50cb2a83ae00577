package storage

import (
	"errors"
	"testing"
	"time"

	"hopeline/hotline"
)

// incoming is a call as the carrier's list has it.
func (h *house) incoming(sid, from string) hotline.IncomingCall {
	return hotline.IncomingCall{SID: sid, From: hotline.AddressOf(from), To: hotline.AddressOf("+4570201550"), At: h.clock().Add(-time.Hour)}
}

func TestACallThatCameWhileNobodyWasHere(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ann := h.user("ann", hotline.Counsellor)
		in := h.incoming("CA1", "anonymous")
		for range 2 {
			h.do(h.MissedCall(ctx, in))
			h.do(h.FoundCall(ctx, in)) // the same call, seen by a second process
		}
		w := h.waiting(ann)
		if len(w) != 1 || w[0].State != hotline.FollowUp || w[0].Work != hotline.WorkMissed || !w[0].Opened.Equal(in.At) || !w[0].Withheld {
			t.Fatalf("waiting = %+v, want one missed call of an hour ago", w)
		}
		for sid, want := range map[string]bool{"CA1": true, "CA2": false, "": false} {
			if known, err := h.KnowsCall(ctx, sid); known != want || err != nil {
				t.Errorf("KnowsCall(%q) = %v, %v, want %v", sid, known, err, want)
			}
		}
		h.do(h.Recorded(ctx, hotline.Recording{SID: "RE0", CallSID: "CA0", Voicemail: true})) // of a call that nobody knows
		for range 2 {
			h.do(h.Recorded(ctx, hotline.Recording{SID: "RE1", CallSID: "CA1", Voicemail: true}))
		}
		if w = h.waiting(ann); len(w) != 1 || w[0].Work != hotline.WorkVoicemail {
			t.Errorf("waiting = %+v, want her voicemail", w)
		}
		if files := h.shownMedia(w[0].ID); len(files) != 1 {
			t.Errorf("her contact has %d files, want her voicemail", len(files))
		}
		h.wantTraces("what is to be fetched first")
	})
}

func TestACallThatTheFallbackHasIsBroughtHere(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		in := h.incoming("CA1", "+4520111111")
		h.do(h.FoundCall(t.Context(), in))
		move := h.only(MoveLeg)
		if move.SID != "CA1" || move.Part != hotline.Caller {
			t.Errorf("moves %+v, want the caller's leg", move)
		}
		h.settled(move, "CA1")
		p, err := h.Caller(t.Context(), move.Contact, true)
		if err != nil || p.Where != hotline.InLine || p.Waited < time.Hour || !p.Late {
			t.Errorf("she belongs at %+v, %v, want in line, for an hour", p, err)
		}
		if again := h.must(h.Look(t.Context(), move.Contact)); again.State != hotline.Waits {
			t.Errorf("her contact is %s, want waiting", again.State)
		}
	})
}

func TestWhatNobodyAskedToRecordIsDeletedAndNotKept(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ann := h.onPhone("ann", "+4530000001")
		id := h.called("CA1")
		h.offeredTo(id, ann)
		h.settled(h.only(DialLeg), "CA2")
		for range 2 {
			h.do(h.Recorded(ctx, hotline.Recording{SID: "RE1", CallSID: "CA1"}))
			h.do(h.Recorded(ctx, hotline.Recording{SID: "RE2", CallSID: "CA2", Voicemail: true})) // a counsellor leaves none
			h.do(h.RoomRecorded(ctx, id, "RE3"))
		}
		h.do(h.Recorded(ctx, hotline.Recording{SID: "RE4", CallSID: "CA9"})) // told to us, of a leg that nobody knows
		if err := h.RoomRecorded(ctx, "nobody", "RE5"); !errors.Is(err, hotline.ErrNotFound) {
			t.Errorf("RoomRecorded of no contact = %v, want not found", err)
		}
		h.wantTraces("unexpected recordings", "recording RE1", "recording RE2", "recording RE3", "recording RE4")
		h.claimMedia(0)
		r, err := h.Record(ctx, ann.ID, id, "", 10, anybody, everything)
		if err != nil || len(r.Messages) != 3 || len(r.Messages[0].Media) != 0 {
			t.Errorf("the record says %+v, %v, want three lines without a file", r.Messages, err)
		}
		if c := h.state(id); c.Work != hotline.WorkContact {
			t.Errorf("her contact is %s, want no voicemail", c.Work)
		}
		alarms, unexpected := 0, 0
		h.mu.Lock()
		defer h.mu.Unlock()
		for _, n := range h.notices {
			switch n := n.(type) {
			case hotline.Alarmed:
				if n.Kind == "recording" {
					alarms++
				}
			case hotline.Unexpected:
				unexpected++
			}
		}
		if alarms != 3 || unexpected != 4 {
			t.Errorf("told %d alarms and %d unexpected recordings, want 3 and 4", alarms, unexpected)
		}
	})
}
