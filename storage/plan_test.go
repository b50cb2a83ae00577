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

// nextSunday is the shift of sunday("10:00", …) a week after the tests begin, tier 1, of a line.
func nextSunday(line string, seat int) rota.ShiftID {
	return rota.ShiftID{Line: line, Slot: "0-7-1000-1", Day: "2026-03-08", Seat: seat}
}

const aLine = "+4570201550"

func (h *house) edit(by hotline.UserID, do func(Plan) (rota.Plan, error)) (Plan, error) {
	_, after, err := h.EditPlan(h.t.Context(), aLine, Edit{By: string(by), Cause: "change", Reason: "reason-marker", Do: do})
	return after, err
}

func with(e rota.Exception) func(Plan) (rota.Plan, error) {
	return func(p Plan) (rota.Plan, error) { return p.With(e) }
}

func (h *house) saves(r rota.Rota) int64 {
	h.t.Helper()
	version, err := h.SaveRota(h.t.Context(), System, r, 0, "")
	if err != nil {
		h.t.Fatal(err)
	}
	return version
}

func TestWhatLiesOverAGridIsKept(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann, bea, sue := h.user("ann", hotline.Counsellor).ID, h.user("bea", hotline.Counsellor).ID, h.user("sue", hotline.Supervisor).ID
		h.saves(plan(t, aLine, sunday("10:00", "11:00", "1", ann)))
		cover := rota.Exception{ID: "x", Kind: rota.Cover, Shift: nextSunday(aLine, 1), User: string(ann), By: string(bea)}
		p, err := h.edit(sue, with(cover))
		if err != nil || p.Version != 2 || p.Grid != 1 || len(p.Over().Exceptions) != 1 || p.Over().Exceptions[0].ID == "x" {
			t.Fatalf("after the edit: version %d, %+v, %v", p.Version, p.Over(), err)
		}
		if _, err := h.edit(sue, with(cover)); !errors.Is(err, hotline.ErrConflict) {
			t.Errorf("a second exception on the seat = %v, want a conflict", err)
		}
		holiday := `{"line":"` + aLine + `","zone":"Europe/Copenhagen","slots":[{"day":7,"start":"10:00","end":"11:00","tier":1,"users":["` + string(ann) + `"]}],
			"templates":[{"id":"easter","name":"Easter","holiday":true,"slots":[{"start":"08:00","end":"20:00","tier":1,"users":["` + string(bea) + `"]}]}],
			"days":[{"date":"2026-04-05","template":"easter"}],
			"temporary":[{"id":"away","name":"Away","from":"2026-05-01","to":"2026-05-03","grid":true,"slots":[]}]}`
		laid, err := rota.ParsePlan([]byte(holiday))
		if err != nil {
			t.Fatal(err)
		}
		lay := func(p Plan) (rota.Plan, error) {
			over := p.Over()
			over.Templates, over.Days, over.Temporary = laid.Over().Templates, laid.Over().Days, laid.Over().Temporary
			return p.Laid(over)
		}
		if _, err := h.edit(sue, lay); err != nil {
			t.Fatal(err)
		}
		if p, err = h.edit(sue, lay); err != nil {
			t.Fatal("the same again:", err)
		}
		h.Close()
		h.open()
		p, err = h.Plan(t.Context(), aLine, h.clock())
		if err != nil || p.Version != 4 || len(p.Over().Exceptions) != 1 || len(p.Over().Templates) != 1 || len(p.Over().Days) != 1 || len(p.Over().Temporary) != 1 {
			t.Fatalf("Plan = version %d, %+v, %v", p.Version, p.Over(), err)
		}
		x, held := p.Shift(nextSunday(aLine, 1))
		if !held || x.Seats[0].User != string(bea) || x.Seats[0].Was != string(ann) {
			t.Errorf("the shift is %+v", x)
		}
		easter := rota.OnCall(p, time.Date(2026, 4, 5, 8, 0, 0, 0, time.UTC))
		if len(easter[0].Users) != 1 || easter[0].Users[0] != string(bea) {
			t.Errorf("at Easter %v are on duty", easter[0].Users)
		}
		if late, err := h.Plan(t.Context(), aLine, h.clock().AddDate(0, 6, 0)); err != nil || len(late.Over().Exceptions)+len(late.Over().Temporary) != 0 {
			t.Errorf("half a year later: %+v, %v", late.Over(), err)
		}
		var lies int
		if err := h.read.QueryRow(`SELECT count(*) FROM overlays`).Scan(&lies); err != nil || lies != 2 {
			t.Errorf("%d overlays, %v; an edit that changes nothing makes no new ones", lies, err)
		}
		for where, content := range h.everything() {
			if strings.Contains(content, "reason-marker") {
				t.Errorf("%s holds the reason in clear", where)
			}
		}
	})
}

func TestTheDatabaseItselfRefusesTwoExceptionsOnOneSeat(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		const insert = `INSERT INTO exceptions (id, line, shift, day, kind, user_id, by_user, cause, reason, made_at, made_by, ended_at, ended_by)
			VALUES ($1, '*', '*/a/2026-03-08/1', '2026-03-08', 'absence', 'ann', '', 'change', $2, 0, '', $3, '')`
		for _, test := range []struct {
			id    string
			ended int
			fits  bool
		}{{"1", 0, true}, {"2", 0, false}, {"3", 7, true}} {
			if _, err := h.db.Exec(insert, test.id, []byte{}, test.ended); (err == nil) != test.fits {
				t.Errorf("exception %s: %v", test.id, err)
			}
		}
	})
}

func TestARotaIsSavedOnWhatWasSeen(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann, sue := h.user("ann", hotline.Counsellor).ID, h.user("sue", hotline.Supervisor).ID
		grid := plan(t, aLine, sunday("10:00", "11:00", "1", ann))
		h.saves(grid)
		if _, err := h.edit(sue, with(rota.Exception{ID: "x", Kind: rota.Cancel, Shift: nextSunday(aLine, 0)})); err != nil {
			t.Fatal(err)
		}
		if v, err := h.SaveRota(t.Context(), string(sue), grid, 1, ""); err != nil || v != 3 {
			t.Errorf("on version 1, with an exception since = %d, %v; want version 3", v, err)
		}
		if _, err := h.SaveRota(t.Context(), string(sue), grid, 2, ""); !errors.Is(err, hotline.ErrConflict) {
			t.Errorf("on version 2, with another grid since = %v, want a conflict", err)
		}
		p, err := h.Plan(t.Context(), aLine, h.clock())
		if _, held := p.Shift(nextSunday(aLine, 0)); held || err != nil {
			t.Errorf("the shift that was cancelled is held again: %v", err)
		}
	})
}

func TestAnExceptionChangesWhoIsAsked(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann, bea := h.user("ann", hotline.Counsellor).ID, h.user("bea", hotline.Counsellor).ID
		for _, u := range []hotline.UserID{ann, bea} {
			if _, err := h.SetPresence(t.Context(), u, hotline.Available, ""); err != nil {
				t.Fatal(err)
			}
		}
		h.saves(plan(t, aLine, sunday("02:00", "04:00", "1", ann)))
		now := rota.ShiftID{Line: aLine, Slot: "0-7-0200-1", Day: "2026-03-01", Seat: 1}
		if !h.onDuty(ann) {
			t.Fatal("ann is not on duty")
		}
		if _, err := h.edit(ann, func(p Plan) (rota.Plan, error) { return p.Give(now, string(ann), string(bea), "x") }); err != nil {
			t.Fatal(err)
		}
		roster, err := h.Roster(t.Context())
		if err != nil || roster.Planned(ann) || !roster.Planned(bea) {
			t.Errorf("after the cover ann is planned: %v, bea: %v; %v", roster.Planned(ann), roster.Planned(bea), err)
		}
		if _, err := h.edit(bea, func(p Plan) (rota.Plan, error) { return p.Give(now, string(bea), string(ann), "x") }); err != nil {
			t.Fatal(err)
		}
		if roster, err = h.Roster(t.Context()); err != nil || !roster.Planned(ann) || roster.Planned(bea) {
			t.Errorf("and back, ann is planned: %v, bea: %v; %v", roster.Planned(ann), roster.Planned(bea), err)
		}
	})
}

// TestOfTwoWhoClaimOneWins: of two who take one open seat at once the second is told, on either engine.
func TestOfTwoWhoClaimOneWins(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		takers := []hotline.UserID{h.user("bea", hotline.Counsellor).ID, h.user("cem", hotline.Counsellor).ID, h.user("dina", hotline.Counsellor).ID}
		h.saves(plan(t, aLine, `{"day":7,"start":"10:00","end":"11:00","tier":1,"users":[]}`))
		shift := nextSunday(aLine, 0)
		other, err := Open(t.Context(), h.config)
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		var took sync.WaitGroup
		errs := make([]error, len(takers))
		for i, taker := range takers {
			store := []*Store{h.Store, other}[i%2]
			took.Go(func() {
				_, _, errs[i] = store.EditPlan(t.Context(), aLine, Edit{By: string(taker), Cause: "claim", Do: func(p Plan) (rota.Plan, error) {
					return p.Claim(shift, string(taker), "claim")
				}})
			})
		}
		took.Wait()
		var winner hotline.UserID
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
		if x, _ := p.Shift(shift); winner == "" || len(x.Seats) != 1 || x.Seats[0].User != string(winner) {
			t.Errorf("%q won, and the seats are %+v", winner, x.Seats)
		}
	})
}
