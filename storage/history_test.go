package storage

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

// everyDay is a rota of three shifts a day.
func everyDay(t *testing.T, users ...hotline.UserID) rota.Rota {
	t.Helper()
	var slots []string
	for day := 1; day <= 7; day++ {
		for i, hours := range []string{`"start":"00:00","end":"08:00"`, `"start":"08:00","end":"16:00"`, `"start":"16:00","end":"24:00"`} {
			slots = append(slots, fmt.Sprintf(`{"id":"d%d-%d","day":%d,%s,"tier":1,"users":["%s"]}`, day, i, day, hours, users[i%len(users)]))
		}
	}
	return plan(t, aLine, slots...)
}

// onCall is who is on duty at an instant, and why.
func onCall(s rota.Schedule, at time.Time) string {
	var all []string
	for _, tier := range rota.OnCall(s, at) {
		all = append(all, fmt.Sprint(tier.Number, tier.Users, rota.Why(s, tier.Tier, nil)))
	}
	return strings.Join(all, " ")
}

// TestHistoryIsWhatThePlanSaid edits a plan while time passes, and writes down every half hour who is on duty by it. That
// is what its history says when all is over, from whatever time on it is asked for.
func TestHistoryIsWhatThePlanSaid(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann, bea, sue := h.user("ann", hotline.Counsellor).ID, h.user("bea", hotline.Counsellor).ID, h.user("sue", hotline.Supervisor).ID
		seat := func(day, slot string) rota.ShiftID { return rota.ShiftID{Line: aLine, Day: day, Slot: slot, Seat: 1} }
		cover := func(id rota.ShiftID) func(Plan) (rota.Plan, error) {
			return with(rota.Exception{ID: "x", Kind: rota.Cover, Shift: id, User: string(ann), By: string(bea)})
		}
		lays := func(hours, temporary string) func(Plan) (rota.Plan, error) {
			over, err := rota.ParseOverlay([]byte(`{"templates":[{"id":"off","slots":[{"start":` + hours + `,"tier":1,"users":["` + string(sue) + `"]}]}],"days":[{"date":"2026-03-02","template":"off"}],"temporary":[` + temporary + `]}`))
			if err != nil {
				t.Fatal(err)
			}
			return func(p Plan) (rota.Plan, error) {
				over.Exceptions = p.Over().Exceptions
				return p.Laid(over)
			}
		}
		without := func(over func(rota.Overlay) rota.Overlay) func(Plan) (rota.Plan, error) {
			return func(p Plan) (rota.Plan, error) { return p.Laid(over(p.Over())) }
		}
		edits := func(do func(Plan) (rota.Plan, error)) func() error {
			return func() error { _, err := h.edit(sue, do); return err }
		}
		saves := func(users ...hotline.UserID) func() error {
			return func() error { h.saves(everyDay(t, users...)); return nil }
		}
		const away = `{"id":"away","from":"2026-03-03","to":"2026-03-04","grid":true,"slots":[{"date":"2026-03-03","start":"07:00","end":"22:00","tier":1,"users":["s"]}]}`
		steps := []func() error{ // one every five hours and a half, from Sunday at 03:00 in Copenhagen
			saves(ann),
			edits(cover(seat("2026-03-01", "d7-1"))), // while it runs
			edits(lays(`"10:00","end":"20:00"`, away)),
			edits(without(func(o rota.Overlay) rota.Overlay { o.Exceptions = nil; return o })), // when it is over
			edits(cover(seat("2026-03-01", "d7-2"))),                                           // likewise
			edits(lays(`"14:00","end":"23:00"`, away)),                                         // on its day
			edits(lays(`"14:00","end":"23:00"`, strings.Replace(away, "22:00", "12:00", 1))),
			edits(without(func(o rota.Overlay) rota.Overlay { o.Templates, o.Days = nil, nil; return o })),
			func() error { return h.SetPlan(t.Context(), string(sue), aLine, Settings{}, "written down again") },
			edits(without(func(o rota.Overlay) rota.Overlay { o.Temporary = nil; return o })), // on its first day
			saves(bea, ann),
			edits(cover(seat("2026-03-03", "d2-1"))),
			saves(ann, bea, sue),
		}
		var times []time.Time
		var record []string
		for i, step := range steps {
			if err := step(); err != nil {
				t.Fatalf("step %d: %v", i, err)
			}
			for range 11 {
				p, err := h.Plan(t.Context(), aLine, h.clock())
				if err != nil {
					t.Fatal(err)
				}
				times, record = append(times, h.clock()), append(record, onCall(p, h.clock()))
				h.later(30 * time.Minute)
			}
		}
		for _, since := range []int{0, 40, 100} {
			p, err := h.Plan(t.Context(), aLine, times[since])
			if err != nil {
				t.Fatal(err)
			}
			told, err := h.History(t.Context(), p, times[since])
			if err != nil {
				t.Fatal(err)
			}
			for i, at := range times[since:] {
				if got, want := onCall(told, at), record[since+i]; got != want {
					t.Errorf("since %s: at %s the history says %s, and it was %s", times[since], at, got, want)
				}
			}
			for ahead := range 200 {
				if at := h.clock().Add(time.Duration(ahead) * time.Hour); onCall(told, at) != onCall(p, at) {
					t.Errorf("at %s there will be %s, want %s", at, onCall(told, at), onCall(p, at))
				}
			}
		}
	})
}

// TestClocksOfTwoHousesDiffer: what one house took away a moment after another had put something in its place was taken
// away then.
func TestClocksOfTwoHousesDiffer(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.user("ann", hotline.Counsellor).ID
		h.saves(everyDay(t, ann))
		began := h.clock()
		for _, row := range []struct {
			id          string
			by          string
			made, ended time.Duration
		}{{"1", "bea", 0, 60 * time.Second}, {"2", "chau", 60 * time.Second, 59 * time.Second}, {"3", "dina", 59 * time.Second, 0}} {
			ended := int64(0)
			if row.ended > 0 {
				ended = millis(began.Add(row.ended))
			}
			if _, err := h.db.Exec(`INSERT INTO exceptions (id, line, shift, day, kind, user_id, by_user, cause, reason, made_at, made_by, ended_at, ended_by)
				VALUES ($1, $2, $3, '2026-03-01', 'cover', $4, $5, 'change', $6, $7, '', $8, '')`, row.id, aLine, aLine+"/d7-0/2026-03-01/1", string(ann), row.by,
				[]byte{}, millis(began.Add(row.made)), ended); err != nil {
				t.Fatal(err)
			}
		}
		p, err := h.Plan(t.Context(), aLine, began)
		if err != nil {
			t.Fatal(err)
		}
		told, err := h.History(t.Context(), p, began)
		got := ""
		for _, s := range rota.Stretches(told, began, began.Add(4*time.Hour)) {
			got += fmt.Sprintf("%s %s; ", s.User, s.End.Sub(s.Start))
		}
		if want := "bea 59s; dina 3h59m1s; "; got != want || err != nil {
			t.Errorf("they had %s, %v; want %s", got, err, want)
		}
	})
}
