package storage

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"hopeline/hotline"
)

// traces claims what is to be deleted now, as "kind sid", sorted.
func (h *house) traces() []string {
	h.t.Helper()
	due, err := h.ClaimTraces(h.t.Context(), 100, time.Minute)
	if err != nil {
		h.t.Fatal(err)
	}
	all := []string{}
	for _, d := range due {
		all = append(all, string(d.Kind)+" "+d.SID)
	}
	slices.Sort(all)
	return all
}

func (h *house) wantTraces(what string, want ...string) {
	h.t.Helper()
	if got := h.traces(); !slices.Equal(got, want) {
		h.t.Errorf("%s: to be deleted are %q, want %q", what, got, want)
	}
}

func (h *house) gather(before time.Time, limit int) {
	h.t.Helper()
	for more := true; more; {
		var err error
		if more, err = h.GatherTraces(h.t.Context(), before, limit); err != nil {
			h.t.Fatal(err)
		}
	}
}

// sends replies in two parts, of which the carrier took both.
func (h *house) sends(v hotline.Viewer, id hotline.ContactID, sids ...string) {
	h.t.Helper()
	ctx := h.t.Context()
	h.must(h.Apply(ctx, string(v.ID), id, hotline.TakenBy{At: h.nowAt(), User: v.ID}, nil))
	parts := make([]string, len(sids))
	for n := range sids {
		parts[n] = fmt.Sprint("part ", n)
	}
	if _, err := h.Reply(ctx, Reply{By: v.ID, Contact: id, Parts: parts, Ref: "r" + sids[0], Allowed: anybody}); err != nil {
		h.t.Fatal(err)
	}
	for _, sid := range sids {
		due, err := h.ClaimSends(ctx, 1, time.Minute)
		if err != nil || len(due) != 1 {
			h.t.Fatalf("ClaimSends = %d, %v", len(due), err)
		}
		h.do(h.SettleSend(ctx, due[0], hotline.Handed{Class: hotline.Taken, SID: sid, Status: hotline.Sent}, 0))
	}
}

func TestWhatIsADayOldIsNotedOnceAndDeleted(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		began := h.clock()
		ann := h.user("ann", hotline.Counsellor)
		id := h.pictures("MM1", "MM1/ME1")
		h.text("SM1", "+4520111111", "+4570201550", "please")
		h.sends(ann, id, "SM2", "SM3")
		call := h.called("CA1")
		if _, err := h.Pressed(ctx, hotline.Pressed{Contact: call, Key: hotline.KeyDanger, Step: "1", At: h.clock()}); err != nil {
			t.Fatal(err)
		}
		h.do(h.Recorded(ctx, hotline.Recording{SID: "RE1", CallSID: "CA1", Voicemail: true}))
		h.gather(began, 2)
		h.wantTraces("what is not old yet")
		h.later(24 * time.Hour)
		h.text("SM9", "+4520111111", "+4570201550", "today")
		h.gather(h.clock().Add(-time.Hour), 2)
		h.gather(h.clock().Add(-time.Hour), 2)
		h.wantTraces("while files are not here", "call CA1", "message SM1", "message SM2", "message SM3")
		h.wantTraces("while they are being tried")
		for _, d := range h.claimMedia(2) {
			h.do(h.LoseMedia(ctx, d))
		}
		h.wantTraces("after the files are given up", "message MM1", "recording RE1")
		if n, err := h.OverdueTraces(ctx, h.clock().Add(time.Millisecond)); n != 6 || err != nil {
			t.Errorf("OverdueTraces = %d, %v, want 6", n, err)
		}
		if next, err := h.NextTrace(ctx); err != nil || !next.Equal(h.clock().Add(time.Minute)) {
			t.Errorf("NextTrace = %v, %v, want in a minute", next, err)
		}
		h.later(time.Minute)
		due, err := h.ClaimTraces(ctx, 100, time.Minute)
		if err != nil || len(due) != 6 || due[0].Tries != 2 {
			t.Fatalf("ClaimTraces = %+v, %v, want 6 for the second time", due, err)
		}
		h.do(h.PostponeTrace(ctx, due[0], time.Hour))
		h.do(h.ErasedTraces(ctx, due[1:]))
		h.later(time.Hour)
		h.wantTraces("what was put off", string(due[0].Kind)+" "+due[0].SID)
		h.gather(h.clock().Add(time.Hour), 2)
		h.wantTraces("the next day", "message SM9")
	})
}

func TestAVoicemailThatIsGoneAlreadyLeavesNoTrace(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.called("CA1")
		h.do(h.Recorded(ctx, hotline.Recording{SID: "RE1", CallSID: "CA1", Voicemail: true}))
		h.do(h.KeepMedia(ctx, h.claimMedia(1)[0], []byte("sound"), "audio/mpeg"))
		h.do(h.DroppedMedia(ctx, h.claimMedia(1)[0]))
		h.later(24 * time.Hour)
		h.gather(h.clock(), 100)
		h.wantTraces("after it was deleted", "call CA1")
	})
}

func TestLeftoversAreOursOrStrange(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.user("ann", hotline.Counsellor)
		h.text("SM1", "+4520111111", "+4570201550", "please")
		h.sends(ann, h.waiting(ann)[0].ID, "SM2")
		h.called("CA1")
		ours, strange, err := h.Leftovers(t.Context(), []hotline.Trace{
			{Kind: hotline.MessageTrace, SID: "SM1"}, {Kind: hotline.MessageTrace, SID: "SM2"}, {Kind: hotline.MessageTrace, SID: "SM3"},
			{Kind: hotline.CallTrace, SID: "CA1"}, {Kind: hotline.CallTrace, SID: "CA2", Parent: "CA1"}, {Kind: hotline.CallTrace, SID: "CA3"},
			{Kind: hotline.RecordingTrace, SID: "RE1", Parent: "CA1"}, {Kind: hotline.RecordingTrace, SID: "RE2", Parent: "CA3"},
		})
		if ours != 5 || strange != 2 || err != nil {
			t.Errorf("Leftovers = %d, %d, %v, want 5 of ours and 2 that are strange", ours, strange, err)
		}
		h.wantTraces("what is ours", "call CA1", "call CA2", "message SM1", "message SM2", "recording RE1")
	})
}
