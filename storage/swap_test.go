package storage

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

func canHave(Plan, rota.ShiftID) error { return nil }

// TestOfTwoTakersOneWins lets each of two processes take the same swap at the same moment.
func TestOfTwoTakersOneWins(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.user("ann", hotline.Counsellor).ID
		takers := []hotline.UserID{h.user("bea", hotline.Counsellor).ID, h.user("cem", hotline.Counsellor).ID, h.user("dina", hotline.Counsellor).ID}
		h.saves(plan(t, aLine, sunday("10:00", "11:00", "1", ann)))
		seat := nextSunday(aLine, 1)
		w, err := h.AskSwap(t.Context(), ann, seat, "", "note-marker")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.AskSwap(t.Context(), ann, seat, "", ""); !errors.Is(err, hotline.ErrConflict) {
			t.Errorf("the same seat again = %v, want a conflict", err)
		}
		other, err := Open(t.Context(), h.config)
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		var took sync.WaitGroup
		errs := make([]error, len(takers))
		for i, taker := range takers {
			store := []*Store{h.Store, other}[i%2]
			took.Go(func() { _, errs[i] = store.TakeSwap(t.Context(), w.ID, taker, canHave) })
		}
		took.Wait()
		winner := hotline.UserID("")
		for i, err := range errs {
			switch {
			case err == nil && winner == "":
				winner = takers[i]
			case err == nil:
				t.Errorf("both %s and %s won", winner, takers[i])
			case !errors.Is(err, hotline.ErrConflict):
				t.Errorf("the loser is told %v, want a conflict", err)
			}
		}
		p, err := h.Plan(t.Context(), aLine, h.clock())
		if err != nil {
			t.Fatal(err)
		}
		if x, _ := p.Shift(seat); winner == "" || x.Seats[0].User != string(winner) || x.Seats[0].Was != string(ann) {
			t.Errorf("%q won, and the seat is %+v", winner, x.Seats)
		}
		all, err := h.Swaps(t.Context(), aLine, h.clock())
		if err != nil || len(all) != 1 || all[0].State != hotline.SwapApproved || all[0].Taker != winner || all[0].Note != "note-marker" {
			t.Errorf("Swaps = %+v, %v", all, err)
		}
		for where, content := range h.everything() {
			if strings.Contains(content, "note-marker") {
				t.Errorf("%s holds the note in clear", where)
			}
		}
		if v, err := h.VerifyAudit(t.Context()); err != nil || v.Fault != "" {
			t.Errorf("VerifyAudit = %+v, %v", v, err)
		}
	})
}

func TestASwapGoesItsWay(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ann, bea, sue := h.user("ann", hotline.Counsellor).ID, h.user("bea", hotline.Counsellor).ID, h.user("sue", hotline.Supervisor).ID
		h.saves(plan(t, aLine, sunday("10:00", "11:00", "1", ann)))
		if err := h.SetPlan(ctx, string(sue), aLine, Settings{Approve: true}, ""); err != nil {
			t.Fatal(err)
		}
		seat := nextSunday(aLine, 1)
		holder := func() string {
			p, err := h.Plan(ctx, aLine, h.clock())
			if err != nil {
				t.Fatal(err)
			}
			x, _ := p.Shift(seat)
			return x.Seats[0].User
		}
		anyone := func(hotline.UserID) Able { return canHave }
		ask := func(to hotline.UserID) hotline.SwapID {
			t.Helper()
			w, err := h.AskSwap(ctx, ann, seat, to, "")
			if err != nil {
				t.Fatal(err)
			}
			return w.ID
		}
		wants := func(what string, err, want error, state, is hotline.SwapState) {
			t.Helper()
			if !errors.Is(err, want) || want == nil && err != nil || is != state {
				t.Errorf("%s: %s, %v; want %s, %v", what, is, err, state, want)
			}
		}
		if _, err := h.AskSwap(ctx, bea, seat, "", ""); !errors.Is(err, hotline.ErrConflict) {
			t.Errorf("another's seat is given away: %v", err)
		}
		id := ask(sue)
		_, err := h.TakeSwap(ctx, id, bea, canHave)
		wants("not asked", err, hotline.ErrConflict, "", "")
		_, err = h.WithdrawSwap(ctx, id, bea)
		wants("not hers", err, hotline.ErrNotFound, "", "")
		m, err := h.WithdrawSwap(ctx, id, ann)
		wants("withdrawn", err, nil, hotline.SwapWithdrawn, m.State)
		_, err = h.TakeSwap(ctx, id, sue, canHave)
		wants("too late", err, hotline.ErrConflict, "", "")

		id = ask("")
		_, err = h.DecideSwap(ctx, id, sue, true, anyone)
		wants("nobody took it", err, hotline.ErrConflict, "", "")
		_, err = h.TakeSwap(ctx, id, bea, func(Plan, rota.ShiftID) error { return hotline.Say(hotline.ErrConflict, "busy") })
		wants("not able", err, hotline.ErrConflict, "", "")
		m, err = h.TakeSwap(ctx, id, bea, canHave)
		wants("taken", err, nil, hotline.SwapTaken, m.State)
		if got := holder(); got != string(ann) {
			t.Errorf("before it is approved the seat is %s's", got)
		}
		m, err = h.DecideSwap(ctx, id, sue, false, anyone)
		wants("refused", err, nil, hotline.SwapRefused, m.State)

		id = ask(bea)
		if _, err = h.TakeSwap(ctx, id, bea, canHave); err != nil {
			t.Fatal(err)
		}
		m, err = h.DecideSwap(ctx, id, sue, true, anyone)
		wants("approved", err, nil, hotline.SwapApproved, m.State)
		if got := holder(); got != string(bea) {
			t.Errorf("after it was approved the seat is %s's", got)
		}

		seat.Day = "2026-03-15"
		id = ask("")
		h.later(15 * 24 * time.Hour)
		_, err = h.TakeSwap(ctx, id, bea, canHave)
		wants("after the shift", err, hotline.ErrConflict, "", "")
		all, err := h.Swaps(ctx, aLine, time.Time{})
		if err != nil || all[len(all)-1].State != hotline.SwapPast {
			t.Errorf("Swaps = %+v, %v", all, err)
		}
	})
}
