package storage

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"hopeline/hotline"
)

// person is whose calls called makes.
const person = "+4520111111"

// talkedWith lets a contact be taken by v, and be closed.
func (h *house) talkedWith(id hotline.ContactID, v hotline.Viewer) {
	h.t.Helper()
	h.do(h.Offer(h.t.Context(), id, v.ID, true))
	h.must(h.Apply(h.t.Context(), string(v.ID), id, hotline.AcceptedBy{At: h.nowAt(), User: v.ID}, nil))
	h.must(h.Apply(h.t.Context(), string(v.ID), id, hotline.EndedBy{At: h.nowAt(), By: v.ID, Outcome: "talked"}, nil))
}

// TestWhoComesBackIsHersFirst: the counsellor of before is preferred, for as long as the line wants, by text and by call.
func TestWhoComesBackIsHersFirst(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.user("ann", hotline.Counsellor)
		h.saved(ourLine, sunday("10:00", "11:00", "1", ann.ID))
		h.talkedWith(h.texted("SM1", person, "hej"), ann)
		prefers := func(what string, id hotline.ContactID, want hotline.UserID) {
			t.Helper()
			if got := h.state(id).Preferred; got != want {
				t.Errorf("%s: %q is preferred, want %q", what, got, want)
			}
		}
		h.later(29 * 24 * time.Hour)
		prefers("another number", h.texted("SM2", "+4520000002", "hej"), "")
		prefers("the same number", h.texted("SM3", person, "hej"), ann.ID)
		prefers("a call from it", h.called("CA1"), ann.ID)
		h.later(2 * 24 * time.Hour)
		prefers("a month later", h.called("CA2"), "")
		h.do(h.SetPlan(t.Context(), System, ourLine, Settings{Needs: &hotline.Needs{Returns: 365}}, ""))
		prefers("where the line remembers a year", h.called("CA3"), ann.ID)
		h.do(h.SetPlan(t.Context(), System, ourLine, Settings{Needs: &hotline.Needs{}}, ""))
		prefers("where it remembers nobody", h.called("CA4"), "")
	})
}

// TestBarredForAPerson: from this contact, from whatever else is open of hers, and from all that come, until it is lifted.
func TestBarredForAPerson(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann, bea, sue := h.user("ann", hotline.Counsellor), h.user("bea", hotline.Counsellor), h.user("sue", hotline.Supervisor)
		h.talkedWith(h.texted("SM1", person, "hej"), ann)
		one := h.texted("SM2", person, "hej igen")
		h.do(h.Offer(t.Context(), one, ann.ID, true))
		other := h.called("CA1")
		c := h.must(h.Bar(t.Context(), sue.ID, one, ann.ID, true, nil))
		if c.State != hotline.Waits || !c.Bars(ann.ID) {
			t.Errorf("barred while she was asked: %s, %v, want it to wait for others", c.State, c.Barred)
		}
		if c := h.state(other); !c.Bars(ann.ID) || c.Preferred != "" {
			t.Errorf("the call that is open too bars %v and prefers %q, want ann barred and nobody preferred", c.Barred, c.Preferred)
		}
		if err := h.Offer(t.Context(), one, ann.ID, true); !errors.Is(err, hotline.ErrConflict) {
			t.Errorf("offered to who is barred = %v, want a conflict", err)
		}
		h.talkedWith(one, bea)
		h.open() // nothing of it is in memory only
		next := h.called("CA2")
		if c := h.state(next); !slices.Equal(c.Barred, []hotline.UserID{ann.ID}) || c.Preferred != bea.ID {
			t.Errorf("the next contact bars %v and prefers %q, want ann and bea", c.Barred, c.Preferred)
		}
		h.later(time.Second)
		if c := h.state(h.texted("SM4", "+4520000009", "hej")); len(c.Barred) > 0 {
			t.Errorf("somebody else's contact bars %v, want nobody", c.Barred)
		}
		h.must(h.Bar(t.Context(), sue.ID, next, ann.ID, false, nil))
		if c := h.state(h.called("CA3")); len(c.Barred) > 0 {
			t.Errorf("after it was lifted %v are barred, want nobody", c.Barred)
		}
		if _, err := h.Bar(t.Context(), sue.ID, next, "nobody", true, nil); !errors.Is(err, hotline.ErrNotFound) {
			t.Errorf("barring who is not there = %v, want not found", err)
		}
	})
}

// A withheld caller is known by her contact only.
func TestBarringAWithheldCaller(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann, sue := h.user("ann", hotline.Counsellor), h.user("sue", hotline.Supervisor)
		one := h.texted("SM1", "anonymous", "hej")
		if c := h.must(h.Bar(t.Context(), sue.ID, one, ann.ID, true, nil)); !c.Bars(ann.ID) {
			t.Error("her contact bars nobody")
		}
		h.later(time.Second)
		if c := h.state(h.texted("SM2", "anonymous", "hej")); len(c.Barred) > 0 {
			t.Errorf("somebody else who withholds her number bars %v, want nobody", c.Barred)
		}
	})
}

// TestWhatALineWantsOfWhoIsAsked: by its settings, or as usual for its tiers, at once for whoever waits already.
func TestWhatALineWantsOfWhoIsAsked(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.user("ann", hotline.Counsellor)
		id := h.texted("SM1", "+4520000001", "hej")
		musts := func(what, want string) {
			t.Helper()
			b, err := h.Board(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(b.Waiting[0].Musts, h.state(id).Musts); got != want+" "+want {
				t.Errorf("%s: musts are %s, want %s twice", what, got, want)
			}
		}
		musts("no rota", "{0 0}")
		h.saved(ourLine, sunday("10:00", "11:00", "1", ann.ID))
		musts("one tier", "{0 0}")
		h.saved(ourLine, sunday("10:00", "11:00", "1", ann.ID), sunday("10:00", "11:00", "3", ann.ID))
		musts("three tiers", "{0 2}")
		h.do(h.SetPlan(t.Context(), System, ourLine, Settings{Needs: &hotline.Needs{Musts: hotline.Musts{Language: 1}}}, ""))
		musts("as it said", "{1 0}")
	})
}
