package intake

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

// TestLastWeekStaysAsItWas: a grid that is saved, an account that is disabled and somebody who cannot just now change
// nothing of what was.
func TestLastWeekStaysAsItWas(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	ann, bea := k.adds("ann"), k.adds("bea")
	began := k.now() // Tuesday the 24th at 02:00
	k.imports(twoShifts)
	k.later(7*24*time.Hour - time.Hour) // at 01:00, in ann's shift
	k.imports(strings.NewReplacer("ann", "bea", "bea", "ann").Replace(twoShifts))
	k.later(7*24*time.Hour + 4*time.Hour) // at 05:00, in ann's shift again; the next grid has no Tuesdays
	k.imports(strings.NewReplacer(`"day":2`, `"day":4`, "ann", "bea").Replace(twoShifts))
	k.later(2 * time.Hour)
	calendars := map[string]string{}
	for _, u := range []hotline.User{ann, bea} {
		secret, err := k.CalendarSecret(t.Context(), k.viewer(u))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := k.Calendar(t.Context(), secret)
		if err != nil {
			t.Fatal(err)
		}
		c, err := ics.ParseCalendar(bytes.NewReader(doc))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range c.Events() {
			from, _ := e.GetStartAt()
			to, _ := e.GetEndAt()
			if from.Before(k.now()) && e.GetProperty(ics.ComponentPropertyStatus).Value == "CONFIRMED" {
				calendars[u.Name] += fmt.Sprintf("%s–%s; ", from.Format("2 15:04"), to.Format("15:04"))
			}
		}
	}
	want := map[string]string{"ann": "24 02:00–04:00; 1 00:00–01:00; 1 04:00–06:00; 8 04:00–05:00; ",
		"bea": "24 04:00–06:00; 1 01:00–04:00; 8 00:00–04:00; "}
	if !maps.Equal(calendars, want) {
		t.Errorf("the calendars say %q, want %q", calendars, want)
	}

	if err := k.store.DisableUser(t.Context(), "ann@example.org"); err != nil {
		t.Fatal(err)
	}
	if err := k.store.Relieve(t.Context(), bea.ID, k.now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	sheet, err := k.Plan(t.Context(), hotline.Viewer{}, aLine, began.AddDate(0, 0, -10), k.now().AddDate(0, 0, 3))
	if err != nil {
		t.Fatal(err)
	}
	names, got := map[hotline.UserID]string{ann.ID: "ann", bea.ID: "bea"}, ""
	for _, s := range sheet.Shifts {
		for _, seat := range s.Users {
			got += fmt.Sprintf("%s–%s %s %d; ", s.Start.Format("2 15:04"), s.End.Format("15:04"), names[seat.User], s.Empty)
		}
	}
	if want := "24 02:00–04:00 ann 0; 24 04:00–06:00 bea 0; 1 00:00–01:00 ann 0; 1 01:00–04:00 bea 0; 1 04:00–06:00 ann 0; 8 00:00–04:00 bea 0; 8 04:00–05:00 ann 0; 10 00:00–04:00 bea 0; 10 04:00–06:00 bea 0; "; got != want {
		t.Errorf("the plan is %q, want %q", got, want)
	}
	for at, want := range map[time.Time]string{
		began.Add(-time.Hour): noRotaThen, began.Add(time.Hour): "ann", began.Add(3 * time.Hour): "bea",
		began.AddDate(0, 0, 7).Add(-90 * time.Minute): "ann", began.AddDate(0, 0, 7): "bea", began.AddDate(0, 0, 14).Add(150 * time.Minute): "ann",
	} {
		tiers, err := k.OnCall(t.Context(), aLine, at)
		if err != nil || len(tiers) != 1 {
			t.Fatalf("OnCall(%s) = %+v, %v", at, tiers, err)
		}
		got := tiers[0].Why
		if len(tiers[0].Users) == 1 {
			got = tiers[0].Users[0].Name
		}
		if got != want {
			t.Errorf("at %s %s was on duty, want %s", at, got, want)
		}
	}
}

func TestACalendarSaysWhenAndNothingElse(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	ann, bea := k.viewer(k.adds("ann")), k.viewer(k.adds("bea"))
	sue := k.supervisor()
	k.imports(twoShifts)
	secret, err := k.CalendarSecret(t.Context(), ann)
	if again, _ := k.CalendarSecret(t.Context(), ann); err != nil || again != secret {
		t.Fatalf("CalendarSecret = %v, and another one the second time", err)
	}
	read := func(secret string) []*ics.VEvent {
		t.Helper()
		body, err := k.Calendar(t.Context(), secret)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"ann", "@", "4570201550", "hotline", "tier"} {
			if strings.Contains(strings.ToLower(string(body)), word) {
				t.Errorf("the calendar says %q", word)
			}
		}
		c, err := ics.ParseCalendar(strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		return c.Events()
	}
	before := read(secret)
	if len(before) != 26 { // since the rota was saved, until half a year ahead
		t.Errorf("%d entries", len(before))
	}
	shift := k.plans(8).Shifts[2]
	if _, _, err := k.Change(t.Context(), sue, hotline.Change{Shift: shift.ID, Do: "cover", User: ann.ID, By: bea.ID}); err != nil {
		t.Fatal(err)
	}
	after := read(secret)
	var off []*ics.VEvent
	for _, e := range after {
		if e.GetProperty(ics.ComponentPropertyStatus).Value == "CANCELLED" {
			off = append(off, e)
		}
		if got := e.GetProperty(ics.ComponentPropertySummary).Value; got != "Duty" {
			t.Errorf("an entry says %q", got)
		}
	}
	start, err := off[0].GetStartAt()
	if len(off) != 1 || len(after) != 26 || err != nil || !start.Equal(shift.Start) || !slices.ContainsFunc(before, func(e *ics.VEvent) bool { return e.Id() == off[0].Id() }) {
		t.Errorf("of %d entries %d are cancelled, from %v, %v", len(after), len(off), start, err)
	}
	if err := k.RevokeCalendar(t.Context(), ann); err != nil {
		t.Fatal(err)
	}
	_, err = k.Calendar(t.Context(), secret)
	fails(t, "revoked", err, hotline.ErrNotFound)
	if fresh, err := k.CalendarSecret(t.Context(), ann); err != nil || fresh == secret {
		t.Errorf("after it was revoked the secret is the same, or %v", err)
	}
	_, err = k.Calendar(t.Context(), "x")
	fails(t, "no secret", err, hotline.ErrNotFound)
}

// TestWhatWasLaidOverLastWeekStays: what is taken away, changed or made afterwards changes nothing of what was; what is
// changed in the middle of a shift counts from there on.
func TestWhatWasLaidOverLastWeekStays(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	ann, bea := k.adds("ann"), k.adds("bea")
	sue := k.supervisor()
	began := k.now() // Tuesday the 24th at 02:00
	k.imports(twoShifts)
	did := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	lays := func(dates ...string) hotline.DayTemplate {
		return hotline.DayTemplate{Name: "off", Holiday: true, Dates: dates, Slots: []byte(`[{"start":"03:00","end":"06:00","tier":1,"users":["bea@example.org"]}]`)}
	}
	change := func(x hotline.ShiftID, do string, user, by hotline.UserID) {
		t.Helper()
		_, _, err := k.Change(t.Context(), sue, hotline.Change{Shift: x, Do: do, User: user, By: by, Reason: "r"})
		did(do, err)
	}
	first, second := k.plans(1).Shifts[0], k.plans(1).Shifts[1] // ann until 04:00, bea until 06:00
	k.later(time.Hour)
	change(first.ID, "cover", ann.ID, bea.ID) // at 03:00, while it runs
	change(second.ID, "cover", bea.ID, ann.ID)
	_, err := k.SetTemplate(t.Context(), sue, aLine, lays("2026-12-01"), "r")
	did("template", err)
	_, err = k.SetTemporary(t.Context(), sue, aLine, hotline.TemporaryPlan{From: "2026-12-08", To: "2026-12-09", Name: "away", Slots: []byte(`[{"date":"2026-12-08","start":"01:00","end":"05:00","tier":1,"users":["ann@example.org"]}]`)}, "r")
	did("temporary", err)
	k.later(30 * time.Minute)
	change(first.ID, "restore", "", "") // at 03:30
	k.later(7 * 24 * time.Hour)         // Tuesday the 1st at 03:30: bea, by the template
	_, err = k.SetTemplate(t.Context(), sue, aLine, lays("2026-12-02"), "r")
	did("template of another day", err)
	k.later(7 * 24 * time.Hour) // Tuesday the 8th at 03:30: ann, by the temporary plan
	over, err := k.Overlays(t.Context(), sue, aLine)
	did("overlays", err)
	for _, id := range []string{over.Templates[0].ID, over.Temporary[0].ID} {
		_, err = k.DropOverlay(t.Context(), sue, aLine, id, "r")
		did("drop", err)
	}
	k.later(4 * time.Hour)

	sheet, err := k.Plan(t.Context(), hotline.Viewer{}, aLine, began.AddDate(0, 0, -1), k.now())
	did("plan", err)
	names, got := map[hotline.UserID]string{ann.ID: "ann", bea.ID: "bea"}, ""
	for _, s := range sheet.Shifts {
		for _, seat := range s.Users {
			got += fmt.Sprintf("%s–%s %s %s; ", s.Start.Format("2 15:04"), s.End.Format("15:04"), names[seat.User], seat.Why)
			for _, at := range []time.Time{s.Start, s.End.Add(-time.Minute)} {
				tiers, err := k.OnCall(t.Context(), aLine, at)
				if err != nil || len(tiers) != 1 || len(tiers[0].Users) != 1 || tiers[0].Users[0].ID != seat.User || !tiers[0].Until.Equal(s.End) {
					t.Errorf("OnCall(%s) = %+v, %v; want %s until %s", at, tiers, err, names[seat.User], s.End)
				}
			}
		}
	}
	if want := "24 02:00–03:00 ann ; 24 03:00–03:30 bea covers for ann; 24 03:30–04:00 ann ; 24 04:00–06:00 ann covers for bea; " +
		"1 03:00–03:30 bea ; 1 03:30–04:00 ann ; 1 04:00–06:00 bea ; 2 03:00–06:00 bea ; 8 01:00–03:30 ann ; 8 03:30–04:00 ann ; 8 04:00–06:00 bea ; "; got != want {
		t.Errorf("the plan was\n%s, want\n%s", got, want)
	}
	fair, err := k.Fairness(t.Context(), sue, aLine, began.AddDate(0, 0, -1), k.now())
	did("fairness", err)
	got = ""
	for _, f := range fair {
		got += fmt.Sprintf("%s %v h %d nights %d holidays; ", names[f.User], f.Hours.Hours(), f.Nights, f.Holidays)
	}
	if want := "bea 8 h 1 nights 1 holidays; ann 7 h 2 nights 0 holidays; "; got != want {
		t.Errorf("they had to carry %s, want %s", got, want)
	}
}

// TestWhatIsOverIsNotChanged: whoever tries to is told so, and what to do.
func TestWhatIsOverIsNotChanged(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	ann, bea := k.adds("ann"), k.adds("bea")
	sue := k.supervisor()
	k.imports(twoShifts)
	first, second := k.plans(1).Shifts[0], k.plans(1).Shifts[1] // until 04:00, until 06:00 on Tuesday the 24th
	change := func(x hotline.ShiftID, do string, user, by hotline.UserID) func() error {
		return func() error {
			_, _, err := k.Change(t.Context(), sue, hotline.Change{Shift: x, Do: do, User: user, By: by, Reason: "r"})
			return err
		}
	}
	template := func(dates ...string) func() error {
		return func() error {
			_, err := k.SetTemplate(t.Context(), sue, aLine, hotline.DayTemplate{Name: "off", Dates: dates, Slots: []byte(`[{"start":"03:00","end":"06:00","tier":1,"users":["bea@example.org"]}]`)}, "r")
			return err
		}
	}
	temporary := func(from, to string) func() error {
		return func() error {
			_, err := k.SetTemporary(t.Context(), sue, aLine, hotline.TemporaryPlan{From: from, To: to, Name: "away", Fallback: "grid"}, "r")
			return err
		}
	}
	drop := func(which func(rota.Overlay) string) func() error {
		return func() error {
			plan, err := k.store.Plan(t.Context(), "*", k.now())
			if err != nil {
				t.Fatal(err)
			}
			_, err = k.DropOverlay(t.Context(), sue, aLine, which(plan.Over()), "r")
			return err
		}
	}
	tests := []struct {
		what string
		do   func() error
		fits bool
	}{
		{"a shift that runs", change(first.ID, "cover", ann.ID, bea.ID), true},
		{"one to come", change(second.ID, "cancel", "", ""), true},
		{"it is five hours later", func() error { k.later(5 * time.Hour); return nil }, true},
		{"somebody did not come", change(first.ID, "absence", bea.ID, ""), false},
		{"somebody else came", change(first.ID, "cover", bea.ID, ann.ID), false},
		{"another came too", change(first.ID, "extra", "", ann.ID), false},
		{"it was not held", change(first.ID, "cancel", "", ""), false},
		{"as the grid had it", change(first.ID, "restore", "", ""), false},
		{"it was held", change(second.ID, "restore", "", ""), false},
		{"its change is taken away", drop(func(o rota.Overlay) string { return o.Exceptions[0].ID }), false},
		{"its cancelling is taken away", drop(func(o rota.Overlay) string { return o.Exceptions[1].ID }), false},
		{"a template for today and one more day", template("2026-11-24", "2026-12-25"), true},
		{"a plan from today on", temporary("2026-11-24", "2026-11-25"), true},
		{"it is the next day", func() error { k.later(21 * time.Hour); return nil }, true},
		{"a shift that the plan has no more", change(first.ID, "restore", "", ""), false},
		{"a template on another day", template("2026-11-24", "2026-11-23"), false},
		{"a template that keeps its day", template("2026-11-24", "2026-12-26"), true},
		{"a template is taken away", drop(func(o rota.Overlay) string { return o.Templates[0].ID }), true},
		{"a template on the day that it had", template("2026-11-24"), false},
		{"a template for today", template("2026-11-25"), true},
		{"a plan that runs", temporary("2026-11-24", "2026-11-25"), true},
		{"a plan for last week", temporary("2026-11-17", "2026-11-18"), false},
		{"a shift to come", change(hotline.ShiftID(strings.Replace(string(first.ID), "2026-11-24", "2026-12-01", 1)), "cover", ann.ID, bea.ID), true},
	}
	for _, test := range tests {
		err := test.do()
		if test.fits && err != nil {
			t.Errorf("%s: %v", test.what, err)
		}
		if !test.fits && (err == nil || !strings.Contains(err.Error(), "what is over stays as it was") || !strings.Contains(err.Error(), "nothing was changed")) {
			t.Errorf("%s: %v, want it refused", test.what, err)
		}
	}
}
