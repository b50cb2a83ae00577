package intake

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

// The keeper's clock stands at Tuesday 2026-11-24 02:00 UTC, in ann's shift by twoShifts.

func (k *keeper) viewer(u hotline.User) hotline.Viewer {
	return hotline.Viewer{User: u, Since: k.clock()}
}

func (k *keeper) supervisor() hotline.Viewer {
	u := k.adds("sue")
	u.Role = hotline.Supervisor
	return k.viewer(u)
}

func (k *keeper) plans(days int) hotline.Sheet {
	k.t.Helper()
	s, err := k.Plan(k.t.Context(), hotline.Viewer{}, aLine, k.clock(), k.clock().AddDate(0, 0, days))
	if err != nil {
		k.t.Fatal(err)
	}
	return s
}

const aLine = "+4570201550"

// fails checks the kind of an error; nil: none.
func fails(t *testing.T, what string, err, want error) {
	t.Helper()
	if want == nil && err != nil || !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func who(s hotline.Shift) string {
	var all []string
	for _, seat := range s.Users {
		all = append(all, string(seat.User))
	}
	return strings.Join(all, " ")
}

func TestASupervisorChangesShifts(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	ann, bea, cem := k.adds("ann"), k.adds("bea"), k.adds("cem")
	sue := k.supervisor()
	k.imports(twoShifts)
	shift := k.plans(8).Shifts[2] // ann's of the next week
	if who(shift) != string(ann.ID) || shift.Day != "2026-12-01" || shift.Empty != 0 {
		t.Fatalf("the shift is %+v", shift)
	}
	for _, step := range []struct {
		do       string
		user, by hotline.UserID
		reason   string
		want     error
		there    string
		empty    int
	}{
		{do: "absence", user: ann.ID, want: hotline.ErrInvalid}, // it leaves callers alone, and nobody said why
		{do: "absence", user: bea.ID, reason: "x", want: hotline.ErrConflict},
		{do: "absence", user: ann.ID, reason: "nobody else", empty: 1},
		{do: "cover", user: ann.ID, by: bea.ID, there: string(bea.ID)},
		{do: "cover", user: ann.ID, by: cem.ID, want: hotline.ErrConflict}, // another supervisor was quicker
		{do: "cover", user: bea.ID, by: "nobody", want: hotline.ErrInvalid},
		{do: "cover", user: bea.ID, by: cem.ID, there: string(cem.ID)},
		{do: "extra", by: cem.ID, want: hotline.ErrInvalid},
		{do: "extra", by: bea.ID, there: string(cem.ID) + " " + string(bea.ID)},
		{do: "absence", user: bea.ID, there: string(cem.ID)},
		{do: "restore", reason: "back again", there: string(ann.ID)},
		{do: "restore", want: hotline.ErrConflict},
		{do: "cancel", reason: "closed", there: ""},
		{do: "restore", there: string(ann.ID)},
		{do: "cover", user: ann.ID, by: bea.ID, there: string(bea.ID)},
		{do: "cover", user: bea.ID, by: ann.ID, there: string(ann.ID)}, // and back: nothing lies over the grid
		{do: "restore", want: hotline.ErrConflict},
		{do: "swap", want: hotline.ErrInvalid},
	} {
		got, _, err := k.Change(t.Context(), sue, hotline.Change{Shift: shift.ID, Do: step.do, User: step.user, By: step.by, Reason: step.reason})
		fails(t, step.do, err, step.want)
		if err == nil && (who(got) != step.there || got.Empty != step.empty) {
			t.Errorf("%s %s by %s: there is %q, %d empty; want %q, %d", step.do, step.user, step.by, who(got), got.Empty, step.there, step.empty)
		}
	}
	_, _, err := k.Change(t.Context(), k.viewer(ann), hotline.Change{Shift: shift.ID, Do: "cancel", Reason: "x"})
	fails(t, "a counsellor", err, hotline.ErrForbidden)
	_, changes, err := k.History(t.Context(), sue, aLine)
	if err != nil || len(changes) != 6 || changes[5].Reason != "nobody else" || changes[5].By != sue.ID || changes[5].Ended.IsZero() || changes[3].Undone != "back again" {
		t.Errorf("History = %d changes, %+v, %v", len(changes), changes, err)
	}
}

func TestOpenSeatsAreClaimedOnce(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	ann, bea := k.viewer(k.adds("ann")), k.viewer(k.adds("bea"))
	k.imports(strings.Replace(twoShifts, `"tier":1,"users":["bea@example.org"]`, `"tier":1,"users":[]`, 1))
	open := k.plans(1).Shifts[1]
	if open.Empty != 1 {
		t.Fatalf("the open shift is %+v", open)
	}
	mine, err := k.Mine(t.Context(), bea)
	if err != nil || len(mine.Open) == 0 || mine.Open[0].ID != open.ID {
		t.Fatalf("bea can claim %+v, %v", mine.Open, err)
	}
	got, warned, err := k.Claim(t.Context(), ann, open.ID)
	if err != nil || who(got) != string(ann.ID) || got.Empty != 0 {
		t.Errorf("Claim = %+v, %v", got, err)
	}
	if slices.ContainsFunc(warned, func(f hotline.Finding) bool { return f.Kind == "rest" }) {
		t.Errorf("a shift right after another is one duty, but %+v", warned)
	}
	_, _, err = k.Claim(t.Context(), bea, open.ID)
	fails(t, "the second", err, hotline.ErrConflict)
}

func TestASwapThroughTheHouse(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	ann, bea, sue := k.viewer(k.adds("ann")), k.viewer(k.adds("bea")), k.supervisor()
	k.imports(twoShifts)
	var told []hotline.SwapState
	k.Duty.tell = func(n hotline.Notice) {
		if s, ok := n.(hotline.SwapChanged); ok {
			told = append(told, s.Swap.State)
		}
	}
	shift := k.plans(8).Shifts[2]
	w, err := k.AskSwap(t.Context(), ann, shift.ID, "", "a wedding")
	if err != nil || w.From != ann.ID || w.Shift.ID != shift.ID || w.State != hotline.SwapOpen {
		t.Fatalf("AskSwap = %+v, %v", w, err)
	}
	if mine, err := k.Mine(t.Context(), bea); err != nil || len(mine.Swaps) != 1 || mine.Swaps[0].Note != "a wedding" {
		t.Errorf("bea sees %+v, %v", mine.Swaps, err)
	}
	_, _, err = k.TakeSwap(t.Context(), ann, w.ID)
	fails(t, "her own", err, hotline.ErrConflict)
	w, _, err = k.TakeSwap(t.Context(), bea, w.ID)
	if err != nil || w.State != hotline.SwapApproved || who(w.Shift) != string(bea.ID) || w.Shift.Users[0].Why != "covers for ann" {
		t.Errorf("TakeSwap = %+v, %v", w, err)
	}
	_, _, err = k.TakeSwap(t.Context(), sue, w.ID)
	fails(t, "the second", err, hotline.ErrConflict)
	busy := k.plans(8).Shifts[3] // bea's own, beside it
	if err := k.SetSettings(t.Context(), sue, aLine, hotline.RotaSettings{Approve: true, Rest: 11}, ""); err != nil {
		t.Fatal(err)
	}
	w, err = k.AskSwap(t.Context(), bea, busy.ID, sue.ID, "")
	fails(t, "ask sue", err, nil)
	_, _, err = k.TakeSwap(t.Context(), ann, w.ID)
	fails(t, "not asked", err, hotline.ErrConflict)
	w, _, err = k.TakeSwap(t.Context(), sue, w.ID)
	if err != nil || w.State != hotline.SwapTaken || who(k.plans(8).Shifts[3]) != string(bea.ID) {
		t.Errorf("TakeSwap where a supervisor approves = %+v, %v", w, err)
	}
	if w, err = k.DecideSwap(t.Context(), sue, w.ID, true); err != nil || w.State != hotline.SwapApproved || who(k.plans(8).Shifts[3]) != string(sue.ID) {
		t.Errorf("DecideSwap = %+v, %v", w, err)
	}
	want := []hotline.SwapState{hotline.SwapOpen, hotline.SwapApproved, hotline.SwapOpen, hotline.SwapTaken, hotline.SwapApproved}
	if !slices.Equal(told, want) {
		t.Errorf("the house was told %v, want %v", told, want)
	}
}

func TestICannotJustNow(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	ann, bea := k.viewer(k.adds("ann")), k.viewer(k.adds("bea"))
	k.imports(twoShifts)
	k.looks("the start", "ann", "bea", "tier 1 ann", "saved true")
	_, _, err := k.Relieve(t.Context(), bea)
	fails(t, "off duty", err, hotline.ErrConflict)
	until, by, err := k.Relieve(t.Context(), ann)
	if err != nil || !until.Equal(k.clock().Add(time.Hour)) {
		t.Fatalf("Relieve = %v, %v", until, err)
	}
	if by != (hotline.Answers{}) {
		t.Errorf("without a second line %+v answers for her", by)
	}
	k.looks("she cannot", "ann", "saved true")
	if mine, err := k.Mine(t.Context(), ann); err != nil || mine.OnDuty || !mine.Relieved.Equal(until) || mine.Answers != by {
		t.Errorf("Mine = on duty %v, relieved until %v, %v", mine.OnDuty, mine.Relieved, err)
	}
	k.later(time.Hour)
	k.looks("an hour later", "ann", "tier 1 ann", "saved true")
	if _, _, err := k.Relieve(t.Context(), ann); err != nil {
		t.Fatal(err)
	}
	k.looks("again", "ann", "saved true")
	if err := k.Back(t.Context(), ann); err != nil {
		t.Fatal(err)
	}
	k.looks("and back", "ann", "tier 1 ann", "saved true")
	k.adds("cem")
	k.imports(strings.Replace(twoShifts, `"slots":[`, `"slots":[{"day":2,"start":"00:00","end":"06:00","tier":2,"users":["bea@example.org","cem@example.org"]},`, 1))
	for _, want := range []hotline.Answers{{Tier: 2, People: 2}, {Tier: 2, People: 1}} {
		if _, by, err := k.Relieve(t.Context(), ann); err != nil || by != want {
			t.Errorf("with a second line %+v answers for her, %v; want %+v", by, err, want)
		}
		if _, _, err := k.Relieve(t.Context(), bea); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCheckInAndHandover(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	ann, bea := k.viewer(k.adds("ann")), k.viewer(k.adds("bea"))
	k.imports(twoShifts)
	var to []hotline.UserID
	k.Duty.tell = func(n hotline.Notice) {
		if h, ok := n.(hotline.HandoverAdded); ok {
			to = h.To
		}
	}
	shifts := k.plans(1).Shifts
	fails(t, "two hours early", k.Here(t.Context(), bea, shifts[1].ID, "token"), hotline.ErrConflict)
	fails(t, "another's", k.Here(t.Context(), bea, shifts[0].ID, "token"), hotline.ErrConflict)
	_, err := k.HandOver(t.Context(), bea, aLine, "quiet night")
	fails(t, "not on duty", err, hotline.ErrForbidden)
	k.later(100 * time.Minute) // 03:40
	h, err := k.HandOver(t.Context(), ann, aLine, "quiet night")
	if err != nil || !slices.Equal(to, []hotline.UserID{bea.ID}) {
		t.Fatalf("HandOver = %+v, %v; it is for %v", h, err, to)
	}
	mine, err := k.Mine(t.Context(), bea)
	if err != nil || mine.Handover == nil || mine.Handover.Note != "quiet night" || mine.CheckIn == nil || mine.CheckIn.ID != shifts[1].ID {
		t.Fatalf("bea's page: handover %+v, check in to %+v, %v", mine.Handover, mine.CheckIn, err)
	}
	fails(t, "in time", k.Here(t.Context(), bea, shifts[1].ID, "token"), nil)
	if read, err := k.ReadHandover(t.Context(), bea, h.ID); err != nil || read.ReadBy != bea.ID {
		t.Errorf("ReadHandover = %+v, %v", read, err)
	}
	mine, err = k.Mine(t.Context(), bea)
	if err != nil || mine.Handover != nil || mine.CheckIn != nil || mine.Shifts[0].Users[0].State != hotline.SeatHere {
		t.Errorf("afterwards: handover %+v, check in to %+v, %v", mine.Handover, mine.CheckIn, err)
	}
	if mine, err = k.Mine(t.Context(), ann); err != nil || !mine.OnDuty || !mine.Until.Equal(time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)) {
		t.Errorf("ann is on duty %v until %v, %v", mine.OnDuty, mine.Until, err)
	}
}

// Shifts that meet are one duty, whatever their lines; one that goes on day after day has no end in sight.
func TestUntilWhenDutyIs(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	ann := k.viewer(k.adds("ann"))
	is := func(what string, want time.Time) {
		t.Helper()
		if mine, err := k.Mine(t.Context(), ann); err != nil || !mine.OnDuty || !mine.Until.Equal(want) {
			t.Errorf("%s: ann is on duty %t until %v, %v, want until %v", what, mine.OnDuty, mine.Until, err, want)
		}
	}
	week := func(line string, slots ...string) {
		k.imports(`{"line":"` + line + `","zone":"Europe/Copenhagen","slots":[` + strings.Join(slots, ",") + `]}`)
	}
	slot := func(day int, start, end, kind string) string {
		return fmt.Sprintf(`{"day":%d,"start":"%s","end":"%s","tier":1,"kind":"%s","users":["ann@example.org"]}`, day, start, end, kind)
	}
	week(aLine, slot(2, "00:00", "06:00", "duty"), slot(2, "12:00", "18:00", "duty")) // it is Tuesday, 03:00 in Copenhagen
	is("of two shifts that do not meet", time.Date(2026, 11, 24, 5, 0, 0, 0, time.UTC))
	week("*", slot(2, "06:00", "12:00", "duty"), slot(2, "18:00", "22:00", "shadow"))
	is("with the gap filled on another line", time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC))
	var days []string
	for day := 1; day <= 7; day++ {
		days = append(days, slot(day, "00:00", "24:00", "duty"))
	}
	week(aLine, days...)
	is("day after day", time.Time{})
}

func TestARotaShowsWhatItWouldDo(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	ann, bea := k.adds("ann"), k.adds("bea")
	sue := k.supervisor()
	first, err := k.Preview(t.Context(), sue, []byte(twoShifts), time.Time{}, time.Time{})
	if err != nil || len(first.Gaps) != 0 || len(first.Opens) == 0 || len(first.People) != 2 {
		t.Errorf("Preview of the first rota = %+v, %v", first, err)
	}
	k.imports(twoShifts)
	other := strings.Replace(twoShifts, "bea@example.org", "ann@example.org", 1)
	p, err := k.Preview(t.Context(), sue, []byte(other), k.now().AddDate(0, 0, 21), k.now().AddDate(0, 0, 28))
	want := []hotline.Moved{{User: ann.ID, Gains: 4 * time.Hour}, {User: bea.ID, Loses: 4 * time.Hour}} // two Tuesdays
	slices.SortFunc(want, func(a, b hotline.Moved) int { return strings.Compare(string(a.User), string(b.User)) })
	slices.SortFunc(p.People, func(a, b hotline.Moved) int { return strings.Compare(string(a.User), string(b.User)) })
	if err != nil || len(p.Opens)+len(p.Closes) != 0 || !slices.Equal(p.People, want) {
		t.Errorf("Preview = opens %v, closes %v, %+v, %v; want %+v", p.Opens, p.Closes, p.People, err, want)
	}
	if len(p.Gaps) == 0 || p.Gaps[0].From.Before(k.now().AddDate(0, 0, 21)) || p.Gaps[0].Kind != rota.Gap {
		t.Errorf("gaps of a week that is shown = %+v; want those of that week", p.Gaps)
	}
	_, err = k.Preview(t.Context(), k.viewer(ann), []byte(other), time.Time{}, time.Time{})
	fails(t, "a counsellor", err, hotline.ErrForbidden)
	if got := k.plans(1).Version; got != 1 {
		t.Errorf("after the previews the version is %d", got)
	}
}

func TestOverlaysAndFilling(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	ann, bea := k.viewer(k.adds("ann")), k.viewer(k.adds("bea"))
	sue := k.supervisor()
	k.imports(twoShifts)
	slots := `[{"day":1,"week":0,"start":"08:00","end":"12:00","tier":1,"users":[]},{"day":2,"week":0,"start":"08:00","end":"12:00","tier":1,"users":["bea@example.org"]}]`
	if _, err := k.SetTemporary(t.Context(), sue, aLine, hotline.TemporaryPlan{From: "2026-12-21", To: "2026-12-22", Fallback: "none", Slots: []byte(slots)}, "open days of our own"); err != nil {
		t.Fatal(err)
	}
	if _, err := k.SetTemplate(t.Context(), sue, aLine, hotline.DayTemplate{Name: "Eve", Holiday: true, Dates: []string{"2026-12-24"},
		Slots: []byte(`[{"start":"10:00","end":"14:00","tier":1,"users":["ann@example.org"]}]`)}, "the rest is closed"); err != nil {
		t.Fatal(err)
	}
	_, err := k.SetTemplate(t.Context(), sue, aLine, hotline.DayTemplate{Name: "Eve", Dates: []string{"2026-12-24"},
		Slots: []byte(`[{"start":"10:00","end":"14:00","tier":1,"users":["nobody@example.org"]}]`)}, "")
	fails(t, "a stranger", err, hotline.ErrInvalid)
	near := hotline.TemporaryPlan{From: "2026-12-01", To: "2026-12-01", Slots: []byte(`[{"day":2,"start":"00:00","end":"01:00","tier":1,"users":[]}]`)}
	_, err = k.SetTemporary(t.Context(), sue, aLine, near, " ")
	fails(t, "a gap within days, and nobody said why", err, hotline.ErrInvalid)
	day := time.Date(2026, 12, 21, 0, 0, 0, 0, time.UTC)
	sheet, err := k.Plan(t.Context(), hotline.Viewer{}, aLine, day, day.AddDate(0, 0, 4))
	if err != nil || len(sheet.Shifts) != 3 || sheet.Shifts[0].Empty != 1 || who(sheet.Shifts[1]) != string(bea.ID) || sheet.Shifts[2].Start.Hour() != 10 {
		t.Fatalf("Christmas is %+v, %v", sheet.Shifts, err)
	}
	over, err := k.Overlays(t.Context(), sue, aLine)
	if err != nil || len(over.Temporary) != 1 || len(over.Templates) != 1 || !strings.Contains(string(over.Templates[0].Slots), "ann@example.org") {
		t.Errorf("Overlays = %+v, %v", over, err)
	}
	if _, err := k.SetWish(t.Context(), ann, hotline.Wish{From: day, To: day.AddDate(0, 0, 1), Kind: "cannot"}); err != nil {
		t.Fatal(err)
	}
	_, err = k.SetWish(t.Context(), ann, hotline.Wish{From: day, To: day, Kind: "can"})
	fails(t, "a wish for no time", err, hotline.ErrInvalid)
	p, err := k.Fill(t.Context(), sue, aLine, day, day.AddDate(0, 0, 4))
	if err != nil || len(p.Filled) != 1 || p.Filled[0].User == ann.ID || len(p.Empty) != 0 {
		t.Fatalf("Fill = %+v, %v", p, err)
	}
	if _, err := k.ApplyFill(t.Context(), sue, aLine, p.Filled); err != nil {
		t.Fatal(err)
	}
	_, err = k.ApplyFill(t.Context(), sue, aLine, p.Filled)
	fails(t, "once more", err, hotline.ErrConflict)
	sheet, err = k.Plan(t.Context(), hotline.Viewer{}, aLine, day, day.AddDate(0, 0, 1))
	if err != nil || who(sheet.Shifts[0]) != string(p.Filled[0].User) || sheet.Shifts[0].Empty != 0 {
		t.Errorf("filled it is %+v, %v", sheet.Shifts, err)
	}
	fair, err := k.Fairness(t.Context(), sue, aLine, day, day.AddDate(0, 0, 4))
	if err != nil || !slices.ContainsFunc(fair, func(f hotline.Fair) bool { return f.User == ann.ID && f.Hours == 4*time.Hour && f.Holidays == 1 }) {
		t.Errorf("Fairness = %+v, %v", fair, err)
	}
	if _, err := k.DropOverlay(t.Context(), sue, aLine, over.Temporary[0].ID, "the grid again"); err != nil {
		t.Fatal(err)
	}
	_, err = k.DropOverlay(t.Context(), sue, aLine, over.Temporary[0].ID, "")
	fails(t, "dropped", err, hotline.ErrNotFound)
	if err := k.SetDraft(t.Context(), sue, aLine, []byte(`{"line":"x"}`)); err != nil {
		t.Fatal(err)
	}
	if draft, err := k.Draft(t.Context(), sue, aLine); err != nil || string(draft.Body) != `{"line":"x"}` || draft.By != sue.ID {
		t.Errorf("Draft = %+v, %v", draft, err)
	}
}

// BenchmarkSettle is what follows each change of a plan of a usual size, beside the writer.
func BenchmarkSettle(b *testing.B) {
	var slots []string
	for day := 1; day <= 7; day++ {
		for tier := 1; tier <= 2; tier++ {
			for hour := 0; hour < 24; hour += 8 {
				slots = append(slots, fmt.Sprintf(`{"day":%d,"start":"%02d:00","end":"%02d:00","tier":%d,"min":2,"users":["a%d","b%d"]}`, day, hour, hour+8, tier, day*hour%12, day*hour%12))
			}
		}
	}
	r, err := rota.Parse([]byte(`{"line":"*","zone":"Europe/Copenhagen","slots":[` + strings.Join(slots, ",") + `]}`))
	if err != nil {
		b.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	for b.Loop() {
		if n := len(rota.Removed(r, r, now, now.Add(calendarAhead))); n != 0 {
			b.Fatal(n)
		}
	}
}
