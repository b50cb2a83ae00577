package intake

import (
	"slices"
	"strings"
	"testing"

	"hopeline/hotline"
	"hopeline/storage"
)

// joins adds somebody with a role, a phone and languages.
func (k *keeper) joins(name string, role hotline.Role, phone string, languages ...string) hotline.User {
	k.t.Helper()
	u, err := k.store.AddUser(k.t.Context(), storage.NewUser{User: hotline.User{Email: name + "@example.org", Name: name, Role: role, Phone: phone, Languages: languages}})
	if err != nil {
		k.t.Fatal(err)
	}
	return u
}

// withInterpreter is twoShifts, and on Tuesdays an interpreter of Thai all day.
var withInterpreter = strings.Replace(twoShifts, `"slots":[`,
	`"slots":[{"day":2,"start":"00:00","end":"24:00","kind":"interpreter","users":["mai@example.org"],"languages":["th"]},`, 1)

func TestShiftsOfInterpreters(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	k.adds("ann")
	bea := k.adds("bea")
	mai := k.joins("mai", hotline.Interpreter, "+4531000001", "th")
	nok := k.joins("nok", hotline.Interpreter, "+4531000002", "lo")
	chau := k.joins("chau", hotline.Counsellor, "+4531000003", "en", "th")
	mute := k.joins("mute", hotline.Interpreter, "", "th")
	sue := k.supervisor()
	k.imports(withInterpreter)
	sheet := k.plans(8)
	i := slices.IndexFunc(sheet.Shifts, func(s hotline.Shift) bool { return s.Kind == "interpreter" && s.Day == "2026-12-01" })
	if i < 0 {
		t.Fatalf("the plan has %+v", sheet.Shifts)
	}
	shift := sheet.Shifts[i]
	if shift.Tier != 0 || who(shift) != string(mai.ID) || shift.Empty != 0 {
		t.Errorf("her shift is %+v", shift)
	}
	for _, step := range []struct {
		do       string
		user, by hotline.UserID
		want     error
		there    string
		empty    int
	}{
		{do: "cover", user: mai.ID, by: bea.ID, want: hotline.ErrInvalid}, // she speaks no Thai
		{do: "cover", user: mai.ID, by: mute.ID, want: hotline.ErrInvalid},
		{do: "cover", user: mai.ID, by: chau.ID, there: string(chau.ID)}, // a counsellor who speaks it
		{do: "cover", user: chau.ID, by: nok.ID, there: string(nok.ID)},  // an interpreter is there for what the slot says
		{do: "absence", user: nok.ID, empty: 1},                          // no caller is left alone: it needs no reason
	} {
		got, _, err := k.Change(t.Context(), sue, hotline.Change{Shift: shift.ID, Do: step.do, User: step.user, By: step.by})
		fails(t, step.do+" by "+string(step.by), err, step.want)
		if err == nil && (who(got) != step.there || got.Empty != step.empty) {
			t.Errorf("%s: there is %q, %d empty; want %q, %d", step.do, who(got), got.Empty, step.there, step.empty)
		}
	}
	for u, want := range map[hotline.UserID]int{chau.ID: 1, bea.ID: 0} {
		mine, err := k.Mine(t.Context(), k.viewer(hotline.User{ID: u, Role: hotline.Counsellor}))
		if err != nil || len(mine.Open) != want {
			t.Errorf("%s could claim %+v, %v; want %d", u, mine.Open, err, want)
		}
	}
	_, _, err := k.Claim(t.Context(), k.viewer(bea), shift.ID)
	fails(t, "a claim by who does not speak it", err, hotline.ErrInvalid)
	got, _, err := k.Claim(t.Context(), k.viewer(chau), shift.ID)
	fails(t, "a claim by who speaks it", err, nil)
	if who(got) != string(chau.ID) {
		t.Errorf("claimed, there is %q", who(got))
	}
	shiftOfBea := sheet.Shifts[slices.IndexFunc(sheet.Shifts, func(s hotline.Shift) bool { return who(s) == string(bea.ID) })]
	_, _, err = k.Change(t.Context(), sue, hotline.Change{Shift: shiftOfBea.ID, Do: "cover", User: bea.ID, By: mai.ID})
	fails(t, "an interpreter in a shift of duty", err, hotline.ErrInvalid)
}

// A counsellor may stand there too, and gives it away to who speaks the language.
func TestACounsellorSwapsAShiftOfInterpreting(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	ann := k.viewer(k.adds("ann"))
	k.adds("bea")
	mai := k.viewer(k.joins("mai", hotline.Counsellor, "+4531000001", "th"))
	chau := k.viewer(k.joins("chau", hotline.Counsellor, "+4531000003", "th"))
	k.imports(withInterpreter)
	mine, err := k.Mine(t.Context(), mai)
	if err != nil || len(mine.Shifts) == 0 || mine.Shifts[0].Kind != "interpreter" || mine.CheckIn != nil || mine.OnDuty {
		t.Fatalf("her duties are %+v, %v, want to be rung, and nothing to check in to", mine, err)
	}
	w, err := k.AskSwap(t.Context(), mai, mine.Shifts[1].ID, "", "")
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = k.TakeSwap(t.Context(), ann, w.ID)
	fails(t, "who does not speak it", err, hotline.ErrInvalid)
	_, _, err = k.TakeSwap(t.Context(), chau, w.ID)
	fails(t, "who speaks it", err, nil)
}

func TestWhoInterpretsNow(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	k.adds("ann")
	k.adds("bea")
	mai := k.joins("mai", hotline.Interpreter, "+4531000001", "th", "en")
	if found, err := k.Interpreters(t.Context(), aLine, k.clock()); err != nil || len(found) != 0 {
		t.Errorf("without a rota %+v, %v interpret, want nobody", found, err)
	}
	k.imports(withInterpreter)
	found, err := k.Interpreters(t.Context(), aLine, k.clock())
	if err != nil || len(found) != 1 || found[0].User.ID != mai.ID || !slices.Equal(found[0].Languages, []string{"th"}) ||
		!strings.HasPrefix(found[0].Why, "slot 1: Tuesday 00:00–24:00") {
		t.Errorf("%+v, %v interpret, want mai for what the slot says", found, err)
	}
	tiers, err := k.OnCall(t.Context(), aLine, k.clock())
	if err != nil || len(tiers) != 1 || slices.ContainsFunc(tiers[0].Users, func(u hotline.User) bool { return u.ID == mai.ID }) {
		t.Errorf("the tiers are %+v, %v, want her in none", tiers, err)
	}
	if err := k.store.DisableUser(t.Context(), mai.Email); err != nil {
		t.Fatal(err)
	}
	if found, _ := k.Interpreters(t.Context(), aLine, k.clock()); len(found) != 0 {
		t.Errorf("disabled, %+v interpret", found)
	}
	findings := k.plans(8).Findings
	if !slices.ContainsFunc(findings, func(f hotline.Finding) bool { return f.Kind == "interpreter" }) {
		t.Errorf("coverage says %+v, want that nobody interprets", findings)
	}
}

// A supervisor sees an interpreter among the people, and hands her the address of her calendar.
func TestAnInterpretersOwnCalendar(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	ann := k.adds("ann")
	k.adds("bea")
	mai := k.joins("mai", hotline.Interpreter, "+4531000001", "th")
	sue := k.supervisor()
	k.imports(withInterpreter)
	_, err := k.GiveCalendar(t.Context(), k.viewer(ann), mai.ID)
	fails(t, "a counsellor makes it", err, hotline.ErrForbidden)
	fails(t, "a counsellor ends it", k.TakeCalendar(t.Context(), k.viewer(ann), mai.ID), hotline.ErrForbidden)
	secret, err := k.GiveCalendar(t.Context(), sue, mai.ID)
	fails(t, "a supervisor makes it", err, nil)
	body, err := k.Calendar(t.Context(), secret)
	if n := strings.Count(string(body), "BEGIN:VEVENT"); err != nil || n != 26 { // each Tuesday, half a year ahead
		t.Errorf("it has %d shifts, %v; want hers", n, err)
	}
	if _, err := k.store.AskTest(t.Context(), string(sue.ID), mai.ID, aLine, ""); err != nil {
		t.Fatal(err)
	}
	wall, err := k.Wall(t.Context(), sue)
	if err != nil || len(wall.Interpreters) != 1 || wall.Interpreters[0].User.ID != mai.ID || !wall.Interpreters[0].Calendar.Equal(k.clock()) ||
		wall.Interpreters[0].Test == nil || slices.ContainsFunc(wall.People, func(p hotline.Standing) bool { return p.User.ID == mai.ID }) {
		t.Errorf("the wallboard has %+v, %v; want her beside those who answer", wall.Interpreters, err)
	}
	fails(t, "it is ended", k.TakeCalendar(t.Context(), sue, mai.ID), nil)
	_, err = k.Calendar(t.Context(), secret)
	fails(t, "it leads nowhere", err, hotline.ErrNotFound)
}
