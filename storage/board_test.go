package storage

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
)

const ourLine = "+4570201550"

func (h *house) candidate(u hotline.UserID) hotline.Candidate {
	h.t.Helper()
	c, err := h.Candidate(h.t.Context(), u)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

func (h *house) saved(line string, slots ...string) {
	h.t.Helper()
	if _, err := h.SaveRota(h.t.Context(), System, plan(h.t, line, slots...), 0, ""); err != nil {
		h.t.Fatal(err)
	}
}

// shadow is a slot of the same time, of somebody who only looks on.
func shadow(slot string) string { return strings.Replace(slot, `"tier"`, `"kind":"shadow","tier"`, 1) }

func TestTiersGoByLine(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ids := map[string]hotline.UserID{}
		for _, name := range []string{"ann", "bea", "cat", "dan"} {
			ids[name] = h.user(name, hotline.Counsellor).ID
		}
		ids["sue"] = h.user("sue", hotline.Supervisor).ID
		want := func(what string, each map[string]string) {
			t.Helper()
			for name, tiers := range each {
				if got := fmt.Sprint(h.candidate(ids[name]).Tiers); got != "map["+tiers+"]" {
					t.Errorf("%s: %s has tiers %s, want %s", what, name, got, tiers)
				}
			}
		}
		want("no rota", map[string]string{"ann": "*:1", "bea": "*:1", "cat": "*:1", "dan": "*:1", "sue": "*:1"})
		now := func(tier, name string) string { return sunday("02:00", "04:00", tier, ids[name]) }
		h.saved(ourLine, now("1", "ann"), now("3", "bea"), now("2", "bea"), shadow(now("1", "cat")))
		want("a rota of one line", map[string]string{"ann": "*:1 +4570201550:1", "bea": "*:1 +4570201550:2",
			"cat": "*:1 +4570201550:0", "dan": "*:1 +4570201550:0", "sue": "*:1 +4570201550:99"})
		h.saved("*", now("1", "dan"), now("3", "ann"))
		want("a rota of all others too", map[string]string{"ann": "*:3 +4570201550:1", "bea": "+4570201550:2", "cat": "",
			"dan": "*:1 +4570201550:0", "sue": "*:99 +4570201550:99"})
		h.later(time.Hour)
		want("after the shift", map[string]string{"ann": "", "bea": "", "cat": "", "dan": "", "sue": "*:99 +4570201550:99"})
		if err := h.Relieve(t.Context(), ids["sue"], h.now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		want("who cannot just now", map[string]string{"sue": ""})
	})
}

// Whose phone rings at home, and how a call finds whoever is at her console.
func TestCandidatesForCalls(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		for i, test := range []struct {
			phone   string
			state   hotline.Presence
			voice   hotline.Ringing
			planned bool
			want    string
		}{
			{"+4520111111", "", "", true, "away browser home"},
			{"+4520111111", "", "", false, "away browser"},
			{"+4520111111", hotline.Available, "", true, "available browser home"},
			{"+4520111111", hotline.Available, hotline.OnPhone, true, "available phone home"},
			{"+4520111111", hotline.Away, "", true, "away browser"},
			{"+4520111111", hotline.Available, hotline.NoCalls, true, "available none home"},
			{"", hotline.Available, hotline.OnPhone, true, "available none"},
			{"", hotline.Available, hotline.InBrowser, true, "available browser"},
			{"+4520111111", hotline.Available, "", false, "away browser"},
		} {
			name := fmt.Sprint("user", i)
			u, err := h.AddUser(t.Context(), NewUser{User: hotline.User{Email: name + "@example.org", Name: name, Phone: test.phone, Role: hotline.Counsellor}})
			if err == nil && test.state+hotline.Presence(test.voice) != "" {
				_, err = h.SetPresence(t.Context(), u.ID, test.state, test.voice)
			}
			if err != nil {
				t.Fatal(err)
			}
			if c := h.candidate(u.ID); c.Home {
				t.Errorf("%v: her phone would ring while there is no rota", test)
			}
			planned := u.ID
			if !test.planned {
				planned = "nobody"
			}
			if got, err := h.underRota(planned, u.ID); err != nil || spelled(got) != test.want {
				t.Errorf("%+v: she is %q (%v), want %q", test, spelled(got), err, test.want)
			}
		}
	})
}

// underRota reads a user while one rota puts another, or her, on duty everywhere; then there is none again.
func (h *house) underRota(planned, u hotline.UserID) (hotline.Candidate, error) {
	h.saved("*", sunday("02:00", "04:00", "1", planned))
	c, err := h.Candidate(h.t.Context(), u)
	if err == nil {
		_, err = h.db.Exec(`DELETE FROM rotas`)
	}
	return c, err
}

func spelled(c hotline.Candidate) string {
	words := []string{"away", string(c.Takes)}
	if c.Available {
		words[0] = "available"
	}
	if c.Home {
		words = append(words, "home")
	}
	return strings.Join(words, " ")
}

// A call takes the one slot for calls and all room for texts; a text takes one of three.
func TestRoomOfACandidate(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.onPhone("ann", "+4520111112")
		want := func(what string, texts, calls int, offered bool) {
			t.Helper()
			if c := h.candidate(ann.ID); c.FreeTexts != texts || c.FreeCalls != calls || c.Offered != offered {
				t.Errorf("%s: %d texts, %d calls, offered %v; want %d, %d, %v", what, c.FreeTexts, c.FreeCalls, c.Offered, texts, calls, offered)
			}
		}
		want("at first", 3, 1, false)
		h.text("SM1", "+4520111111", ourLine, "hello")
		text := h.waiting(ann)[0].ID
		h.must(h.Apply(t.Context(), System, text, hotline.OfferedTo{At: h.nowAt(), User: ann.ID}, nil))
		want("asked for a text", 2, 1, true)
		h.must(h.Apply(t.Context(), System, text, hotline.AcceptedBy{At: h.nowAt(), User: ann.ID}, nil))
		want("with a text", 2, 1, false)
		call := h.called("CA1")
		h.do(h.Offer(t.Context(), call, ann.ID, true))
		want("asked for a call", 0, 0, true)
	})
}

// A call that is asked of one is on the board for one more when its time has come, and the callers go before the texts.
func TestTheBoardHasCalls(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.onPhone("ann", "+4520111112")
		h.text("SM1", "+4520111113", ourLine, "hello")
		h.later(time.Second)
		call := h.called("CA1")
		if list := h.waiting(ann); len(list) != 2 || list[0].ID != call {
			t.Errorf("who waits is %+v, want the caller before the text that came first", list)
		}
		onBoard := func() (w hotline.Waiting, found bool) {
			t.Helper()
			b, err := h.Board(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range b.Waiting {
				if w.ID == call {
					return w, true
				}
			}
			return w, false
		}
		if w, found := onBoard(); !found || w.Line != ourLine || w.Channel != hotline.Voice || w.Beside != 0 {
			t.Errorf("a call that came is on the board as %+v, %v", w, found)
		}
		h.do(h.Offer(t.Context(), call, ann.ID, true))
		if w, found := onBoard(); found {
			t.Errorf("a call that one is asked for is on the board as %+v", w)
		}
		h.later(hotline.DefaultCallRules.Widen[0])
		h.must(h.Apply(t.Context(), System, call, hotline.Ticked{At: h.nowAt()}, nil))
		if w, found := onBoard(); !found || w.Beside != 1 || len(w.Tried) != 1 || w.Tried[0] != ann.ID {
			t.Errorf("a call that one more is to be asked for is on the board as %+v, %v", w, found)
		}
	})
}
