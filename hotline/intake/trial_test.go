package intake

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
)

// Whatever is tried shows the gaps that it opens, without a reason, and changes nothing.
func TestATrialShowsWhatAChangeDoes(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	ann, bea := k.adds("ann"), k.adds("bea")
	sue := k.supervisor()
	k.imports(twoShifts)
	shift := k.plans(8).Shifts[2] // ann's of the next week
	before := k.plans(60)
	night := func(day int) time.Time { return time.Date(2026, 12, day, 0, 0, 0, 0, time.UTC) }
	for _, test := range []struct {
		name  string
		trial hotline.Trial
		opens []time.Time
		moves []hotline.UserID
	}{
		{"somebody does not come", hotline.Trial{Change: &hotline.Change{Shift: shift.ID, Do: "absence", User: ann.ID}}, []time.Time{night(1)}, []hotline.UserID{ann.ID}},
		{"somebody comes for her", hotline.Trial{Change: &hotline.Change{Shift: shift.ID, Do: "cover", User: ann.ID, By: bea.ID}}, nil, []hotline.UserID{ann.ID, bea.ID}},
		{"it is not held", hotline.Trial{Change: &hotline.Change{Shift: shift.ID, Do: "cancel"}}, []time.Time{night(1)}, []hotline.UserID{ann.ID}},
		{"a day of its own, four weeks ahead", hotline.Trial{Template: &hotline.DayTemplate{Name: "Feast", Dates: []string{"2026-12-22"}, Slots: []byte("[]")}},
			[]time.Time{night(22)}, []hotline.UserID{ann.ID, bea.ID}},
		{"a temporary plan", hotline.Trial{Temporary: &hotline.TemporaryPlan{From: "2026-12-07", To: "2026-12-09", Fallback: "none", Slots: []byte("[]")}},
			[]time.Time{night(8)}, []hotline.UserID{ann.ID, bea.ID}},
		{"one by which the plan goes on", hotline.Trial{Temporary: &hotline.TemporaryPlan{From: "2026-12-07", To: "2026-12-09", Fallback: "grid", Slots: []byte("[]")}}, nil, nil},
		{"only who has a number counts", hotline.Trial{Settings: &hotline.RotaSettings{Phone: true}}, nil, nil},
	} {
		test.trial.Line = aLine
		p, err := k.Try(t.Context(), sue, test.trial)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		var opens []time.Time
		for _, f := range p.Opens {
			opens = append(opens, f.From)
		}
		if test.trial.Settings != nil { // now in ann's shift, and in those of all weeks to come
			if opens = opens[:1]; !opens[0].Equal(k.clock()) {
				t.Errorf("%s: opens %v first, want now", test.name, opens)
			}
			opens = nil
		}
		var moves []hotline.UserID
		for _, m := range p.People {
			moves = append(moves, m.User)
		}
		slices.Sort(moves)
		slices.Sort(test.moves)
		if !slices.EqualFunc(opens, test.opens, time.Time.Equal) || !slices.Equal(moves, test.moves) {
			t.Errorf("%s: opens %v and moves %v; want %v and %v", test.name, opens, moves, test.opens, test.moves)
		}
	}
	if after := k.plans(60); after.Version != before.Version || !slices.EqualFunc(after.Shifts, before.Shifts, func(a, b hotline.Shift) bool { return a.ID == b.ID && who(a) == who(b) }) {
		t.Error("a trial changed the plan")
	}
	if s, err := k.Settings(t.Context(), sue, aLine); err != nil || s.Phone {
		t.Errorf("a trial changed the settings: %+v, %v", s, err)
	}
	_, err := k.Try(t.Context(), k.viewer(ann), hotline.Trial{Line: aLine, Drop: "x"})
	fails(t, "a counsellor tries", err, hotline.ErrForbidden)
	_, err = k.Try(t.Context(), sue, hotline.Trial{Line: aLine})
	fails(t, "nothing is tried", err, hotline.ErrInvalid)
	_, err = k.Try(t.Context(), sue, hotline.Trial{Line: aLine, Drop: "x"})
	fails(t, "what is not there is taken away", err, hotline.ErrNotFound)
}

// What coverage says of somebody whose test page is old ends with the key that she presses.
func TestATestPageEndsWhatCoverageSays(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	ann := k.addsWithPhone("ann", "+4530000001", "en")
	k.adds("bea")
	sue := k.supervisor()
	k.imports(twoShifts)
	fails(t, "want test pages", k.SetSettings(t.Context(), sue, aLine, hotline.RotaSettings{Test: 30}, ""), nil)
	says := func() bool {
		return slices.ContainsFunc(k.plans(8).Findings, func(f hotline.Finding) bool { return strings.Contains(f.Words, "ann has answered no test page") })
	}
	if !says() {
		t.Fatalf("coverage says %+v, want that Ann was never tested", k.plans(8).Findings)
	}
	asked, err := k.store.AskTest(t.Context(), string(sue.ID), ann.ID, "+4570201550", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.store.TestPressed(t.Context(), asked.ID, "CA1", "1"); err != nil {
		t.Fatal(err)
	}
	if says() {
		t.Errorf("coverage says %+v, though she pressed the key", k.plans(8).Findings)
	}
}

// TestEveryEditThatOpensAGapIsAskedWhy: whatever is edited, and however far ahead the gap lies.
func TestEveryEditThatOpensAGapIsAskedWhy(t *testing.T) {
	t.Parallel()
	for _, ahead := range []int{1, 20, 40, 100} {
		k := newKeeper(t)
		k.adds("ann")
		k.imports(`{"line":"*","zone":"UTC","slots":[` + everyDayOf("ann@example.org") + `]}`)
		sue := k.supervisor()
		date := k.clock().AddDate(0, 0, ahead).Format(time.DateOnly)
		none := []byte(`[]`)
		for what, edit := range map[string]func(reason string) error{
			"a template": func(reason string) error {
				_, err := k.SetTemplate(t.Context(), sue, aLine, hotline.DayTemplate{Name: "n " + reason, Dates: []string{date}, Slots: none}, reason)
				return err
			},
			"a temporary plan": func(reason string) error {
				_, err := k.SetTemporary(t.Context(), sue, aLine, hotline.TemporaryPlan{Name: "n", From: date, To: date, Fallback: "none", Slots: none}, reason)
				return err
			},
		} {
			if err := edit(""); !errors.Is(err, hotline.ErrInvalid) || !strings.Contains(fmt.Sprint(err), "nobody is on duty") {
				t.Errorf("%s in %d days that leaves a gap, without a reason = %v, want it refused with the gap", what, ahead, err)
			}
		}
	}
	k := newKeeper(t)
	k.adds("ann")
	k.imports(`{"line":"*","zone":"UTC","slots":[` + everyDayOf("ann@example.org") + `]}`)
	sue := k.supervisor()
	if err := k.SetSettings(t.Context(), sue, aLine, hotline.RotaSettings{Phone: true}, " "); !errors.Is(err, hotline.ErrInvalid) {
		t.Errorf("a rule that leaves everybody out, without a reason = %v, want it refused", err)
	}
	if err := k.SetSettings(t.Context(), sue, aLine, hotline.RotaSettings{Phone: true}, "they get phones today"); err != nil {
		t.Fatal(err)
	}
	versions, _, err := k.History(t.Context(), sue, aLine)
	if err != nil || len(versions) != 2 || versions[0].Reason != "they get phones today" {
		t.Errorf("the history says %+v, %v; want the reason", versions, err)
	}
	// The rule holds for whoever saves a grid after that, too.
	if _, _, err := k.Import(t.Context(), []byte(`{"line":"*","zone":"UTC","slots":[`+everyDayOf("ann@example.org")+`]}`), ""); !errors.Is(err, hotline.ErrInvalid) {
		t.Errorf("a grid of people without phones = %v, want it refused", err)
	}
}

func everyDayOf(email string) string {
	slots := make([]string, 7)
	for i := range slots {
		slots[i] = fmt.Sprintf(`{"day":%d,"start":"00:00","end":"24:00","tier":1,"users":[%q]}`, i+1, email)
	}
	return strings.Join(slots, ",")
}

// TestATrialLooksAsFarAsSaving: what would be refused without a reason is shown before, however far ahead it lies.
func TestATrialLooksAsFarAsSaving(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	k.adds("ann")
	sue := k.supervisor()
	empty := strings.ReplaceAll(everyDayOf("ann@example.org"), `"ann@example.org"`, "")
	if _, _, err := k.Import(t.Context(), []byte(`{"line":"*","zone":"UTC","slots":[`+empty+`]}`), "nobody but on that day"); err != nil {
		t.Fatal(err)
	}
	date := k.clock().AddDate(0, 0, 100).Format(time.DateOnly)
	slots := []byte(`[` + everyDayOf("ann@example.org") + `]`)
	if _, err := k.SetTemporary(t.Context(), sue, aLine, hotline.TemporaryPlan{From: date, To: date, Fallback: "none", Slots: slots}, ""); err != nil {
		t.Fatal(err)
	}
	over, err := k.Overlays(t.Context(), sue, aLine)
	if err != nil || len(over.Temporary) != 1 {
		t.Fatalf("Overlays = %+v, %v", over, err)
	}
	id := over.Temporary[0].ID
	for what, test := range map[string]struct {
		trial hotline.Trial
		saves func() error
	}{
		"it is taken away": {hotline.Trial{Drop: id}, func() error {
			_, err := k.DropOverlay(t.Context(), sue, aLine, id, "")
			return err
		}},
		"only who has a phone counts": {hotline.Trial{Settings: &hotline.RotaSettings{Phone: true}}, func() error {
			return k.SetSettings(t.Context(), sue, aLine, hotline.RotaSettings{Phone: true}, "")
		}},
	} {
		test.trial.Line = aLine
		p, err := k.Try(t.Context(), sue, test.trial)
		if err != nil || len(p.Opens) != 1 || p.Opens[0].From.Format(time.DateOnly) != date {
			t.Errorf("%s: opens %+v, %v; want %s", what, p.Opens, err, date)
		}
		fails(t, what+", without a reason", test.saves(), hotline.ErrInvalid)
	}
}
