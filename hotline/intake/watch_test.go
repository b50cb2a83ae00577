package intake

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/routing/rota"
	"hopeline/storage"
)

// consoles are those that are open, by their users; unknown while nobody could have said so yet.
type consoles struct {
	open    map[hotline.UserID]bool
	unknown bool
}

func (c *consoles) SeenSince(context.Context, time.Time) (map[hotline.UserID]bool, bool) {
	return c.open, !c.unknown
}

// watcher is a watch over a keeper's rota, and what it told.
type watcher struct {
	*keeper
	*Watch
	*consoles
	heard []string
	deaf  []string // kinds of alarm that are not listened to
}

func newWatcher(t *testing.T) *watcher {
	w := &watcher{keeper: newKeeper(t), consoles: &consoles{open: map[hotline.UserID]bool{}}, deaf: []string{hotline.AlarmNobody, hotline.AlarmReport}}
	w.again()
	return w
}

// again starts the watch anew. What is so rings phones at once here, but where a test is about the grace.
func (w *watcher) again() {
	times := DefaultWatching
	times.Grace, times.Shown = 0, time.Minute
	w.Watch = NewWatch(w.keeper.store, []hotline.Address{hotline.AddressOf(aLine), hotline.AddressOf("whatsapp:" + aLine)}, w.consoles,
		NewTester(w.keeper.store, nil, nil, []hotline.Address{hotline.AddressOf(aLine)}, DefaultPace, w.clock, zap.NewNop()),
		func(n hotline.Notice) {
			if a := n.(hotline.Alarmed); !slices.Contains(w.deaf, a.Kind) {
				w.heard = append(w.heard, w.words(a))
			}
		}, times, w.clock, zap.NewNop(), prometheus.NewRegistry())
}

func (w *watcher) words(a hotline.Alarmed) string {
	words := a.Kind
	if a.User != "" {
		u, _ := w.keeper.store.User(w.t.Context(), a.User)
		words += " " + u.Name
	}
	if a.From.After(w.clock()) {
		words += fmt.Sprint(" in ", a.From.Sub(w.clock()))
	}
	if b := a.Bulletin; b != nil && b.Kind == hotline.AlarmReport {
		words += fmt.Sprintf(" %d gaps, %d last, %d short", b.Gaps, b.Last, b.Short)
	} else if b != nil {
		words += " " + b.Words
	}
	if a.Bulletin != nil && a.Quiet {
		words += ", without a push"
	}
	return words
}

// hello is what a supervisor is told who comes now.
func (w *watcher) hello(by hotline.Viewer, what string, want ...string) {
	w.t.Helper()
	all, err := w.Standing(w.t.Context(), by)
	if err != nil {
		w.t.Fatal(err)
	}
	var got []string
	for _, a := range all {
		if !slices.Contains(w.deaf, a.Kind) {
			got = append(got, w.words(a))
		}
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("%s: a supervisor who comes sees %q, want %q", what, got, want)
	}
}

// console opens somebody's, and makes her available.
func (w *watcher) console(u hotline.User) {
	w.t.Helper()
	w.consoles.open[u.ID] = true
	w.sets(u, hotline.Available)
}

func (w *watcher) sets(u hotline.User, state hotline.Presence) {
	w.t.Helper()
	if _, err := w.keeper.store.SetPresence(w.t.Context(), u.ID, state, ""); err != nil {
		w.t.Fatal(err)
	}
}

// sees looks once, and checks what was told.
func (w *watcher) sees(what string, want ...string) {
	w.t.Helper()
	if err := w.Look(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if !slices.Equal(w.heard, want) {
		w.t.Errorf("%s: told %q, want %q", what, w.heard, want)
	}
	w.heard = nil
}

// phoned is somebody who can be rung at home.
func (w *watcher) phoned(name string) hotline.User {
	w.t.Helper()
	return w.hires(name, hotline.Counsellor, "+4520000001")
}

// aroundTheClock has a gap of four hours on Fridays from 12:00.
const aroundTheClock = `{"line":"*","zone":"UTC","slots":[%s,{"day":5,"start":"16:00","end":"24:00","tier":1,"users":["ann@example.org"]}]}`

func TestTheWatchTellsOfGaps(t *testing.T) {
	t.Parallel()
	w := newWatcher(t)
	ann := w.phoned("ann")
	w.console(w.adds("bea"))
	w.sees("no rota")
	if !w.Well() {
		t.Error("without a rota everybody is on duty, and the house is not well")
	}
	var slots []string
	for day := 1; day <= 7; day++ {
		end := "24:00"
		if day == 5 {
			end = "12:00"
		}
		slots = append(slots, fmt.Sprintf(`{"day":%d,"start":"00:00","end":%q,"tier":1,"users":["ann@example.org"]}`, day, end))
	}
	w.imports(fmt.Sprintf(aroundTheClock, strings.Join(slots, ",")))
	w.sees("82 hours before")
	w.later(12 * time.Hour) // Tuesday 14:00
	w.sees("70 hours before", "gap in 70h0m0s")
	w.sees("told once")
	w.later(48 * time.Hour)
	w.sees("22 hours before", "gap in 22h0m0s")
	w.later(20*time.Hour + 30*time.Minute) // Friday 10:30
	w.sees("one and a half before", "gap in 1h30m0s")
	if !w.Well() {
		t.Error("a gap that is to come is no reason to alarm the watchdog")
	}
	w.later(90 * time.Minute)
	w.sees("now", "gap")
	w.later(time.Minute)
	w.sees("told a minute ago")
	if w.Well() {
		t.Error("nobody is on duty, and the house says that it is well")
	}
	w.later(10 * time.Minute)
	w.sees("it still is so", "gap")
	w.later(4 * time.Hour)
	w.sees("over, and she did not check in", "not_here ann")
	w.sets(ann, hotline.Away)
	w.sees("by the rota she is there, but nothing reaches her", "gap")
	w.sets(ann, hotline.Available)
	w.sees("she is back")
	if _, _, err := w.Relieve(t.Context(), w.viewer(ann)); err != nil {
		t.Fatal(err)
	}
	w.sees("she cannot just now", "gap")
	w.later(2 * time.Minute)
	if w.Well() {
		t.Error("the last look is long ago, or found nobody, and the house says that it is well")
	}
}

// reallyThere is what the watch has to know: ann alone is in tier 1 of a line around the clock, and sue is a supervisor at home.
var reallyThere = map[string]struct {
	rota  string // whose rota is saved; empty: none
	phone bool   // ann has one
	is    func(w *watcher, ann, sue hotline.User)
	want  []string
}{
	"she is at her console":       {aLine, false, func(w *watcher, ann, _ hotline.User) { w.console(ann) }, nil},
	"she is at home by her phone": {aLine, true, func(*watcher, hotline.User, hotline.User) {}, nil},
	"the house has just begun": {aLine, false, func(w *watcher, ann, _ hotline.User) {
		w.unknown = true
		w.sets(ann, hotline.Available)
	}, nil},
	"a: she is available, with no phone and no console for three days": {aLine, false, func(w *watcher, ann, _ hotline.User) { w.sets(ann, hotline.Available) }, []string{"gap"}},
	"b: no rota, and nobody is available":                              {"", true, func(w *watcher, ann, _ hotline.User) { w.consoles.open[ann.ID] = true }, []string{"gap"}},
	"no rota, and she is available":                                    {"", true, func(w *watcher, ann, _ hotline.User) { w.console(ann) }, nil},
	"c: the rota is of another line, which is closed": {"", true, func(w *watcher, _, sue hotline.User) {
		w.sets(sue, hotline.Away) // her phone would ring
		w.imports(strings.ReplaceAll(`{"line":"+4570201551","zone":"UTC","slots":[`+everyDayAll("ann")+`]}`, `"users":["ann@example.org"]`, `"kind":"closed"`))
	}, []string{"gap"}},
	"the rota is of another line, and somebody is available": {"+4570201551", true, func(w *watcher, ann, _ hotline.User) { w.console(ann) }, nil},
	"d: she let nine calls pass":                             {aLine, true, func(w *watcher, ann, _ hotline.User) { w.misses(ann, 9) }, []string{"gap"}},
	"she let two calls pass":                                 {aLine, true, func(w *watcher, ann, _ hotline.User) { w.misses(ann, 2) }, nil},
	"e: the rota cannot be read":                             {aLine, true, func(w *watcher, _, _ hotline.User) { w.breaks(aLine) }, []string{"gap"}},
	"another rota cannot be read, and this one is closed": {"", false, func(w *watcher, _, _ hotline.User) {
		w.imports(`{"line":"` + aLine + `","zone":"UTC","slots":[` + strings.ReplaceAll(everyDayAll("ann"), `"users":["ann@example.org"]`, `"kind":"closed"`) + `]}`)
		w.breaks("*")
	}, []string{"gap"}},
	"nobody at all": {aLine, false, func(w *watcher, _, sue hotline.User) {
		w.deaf = nil
		w.sets(sue, hotline.Away)
	}, []string{"gap", "nobody"}},
	"the second tier is left": {"", false, func(w *watcher, _, sue hotline.User) {
		w.deaf = nil
		w.hires("bea", hotline.Counsellor, "+4520000003")
		w.sets(sue, hotline.Away)
		w.imports(`{"line":"*","zone":"UTC","slots":[` + everyDayAll("ann") + `,` + strings.ReplaceAll(everyDayAll("bea"), `"tier":1`, `"tier":2`) + `]}`)
	}, []string{"gap"}},
	"the supervisor at home is left": {aLine, false, func(w *watcher, _, _ hotline.User) { w.deaf = nil }, []string{"gap"}},
}

func TestTheWatchKnowsWhoIsReallyThere(t *testing.T) {
	t.Parallel()
	for what, test := range reallyThere {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := newWatcher(t)
			ann, sue := w.hires("ann", hotline.Counsellor, map[bool]string{true: "+4520000001"}[test.phone]), w.hires("sue", hotline.Supervisor, "+4520000002")
			if test.rota != "" {
				w.imports(fmt.Sprintf(`{"line":%q,"zone":"UTC","slots":[%s]}`, test.rota, everyDayAll("ann")))
			}
			test.is(w, ann, sue)
			w.sees(what, test.want...)
			if w.Well() != (test.want == nil) {
				t.Errorf("Well = %v", w.Well())
			}
			w.hello(w.viewer(sue), what, test.want...)
			w.hello(w.viewer(ann), "a counsellor")
		})
	}
}

// everyDayAll is slots around the clock.
func everyDayAll(name string) string {
	var slots []string
	for day := 1; day <= 7; day++ {
		slots = append(slots, fmt.Sprintf(`{"day":%d,"start":"00:00","end":"24:00","tier":1,"users":["%s@example.org"]}`, day, name))
	}
	return strings.Join(slots, ",")
}

func (w *watcher) hires(name string, role hotline.Role, phone string) hotline.User {
	w.t.Helper()
	u, err := w.keeper.store.AddUser(w.t.Context(), storage.NewUser{User: hotline.User{Email: name + "@example.org", Name: name, Role: role, Phone: phone}, Password: "x"})
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

// misses lets somebody be offered contacts, and let so many pass.
func (w *watcher) misses(u hotline.User, n int) {
	w.t.Helper()
	desk := ForRouter{NewDesk(w.keeper.store, hotline.DefaultRules, w.clock)}
	for i := range n {
		in := hotline.Inbound{SID: fmt.Sprint("SM", i), From: hotline.AddressOf(fmt.Sprint("+452011110", i)), To: hotline.AddressOf(aLine), Text: "hello", At: w.clock()}
		if err := desk.Receive(w.t.Context(), in); err != nil {
			w.t.Fatal(err)
		}
		board, err := desk.Board(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		contact := board.Waiting[slices.IndexFunc(board.Waiting, func(x hotline.Waiting) bool { return len(x.Tried) == 0 })].ID
		if err := desk.Offer(w.t.Context(), contact, u.ID, true); err != nil {
			w.t.Fatal(err)
		}
		w.later(hotline.DefaultRules.Offer)
		if err := desk.Move(w.t.Context(), contact, hotline.Ticked{At: hotline.At(w.clock())}); err != nil {
			w.t.Fatal(err)
		}
	}
}

// breaks lets the saved rota be one that cannot be read: its zone is gone.
func (w *watcher) breaks(line string) {
	w.t.Helper()
	r, err := rota.Parse([]byte(`{"line":"` + line + `","zone":"UTC","slots":[` + everyDayAll("ann") + `]}`))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Zone = "Mars/Olympus"
	if _, err := w.keeper.store.SaveRota(w.t.Context(), storage.System, r, 0, "x"); err != nil {
		w.t.Fatal(err)
	}
}

func TestTheWatchAsksWhereSomebodyIs(t *testing.T) {
	t.Parallel()
	w := newWatcher(t)
	w.deaf = append(w.deaf, hotline.AlarmGap)
	w.phoned("ann")
	bea := w.phoned("bea")
	w.imports(twoShifts)
	w.sees("two hours before")
	w.later(104 * time.Minute)
	w.sees("16 minutes before")
	w.later(2 * time.Minute)
	w.sees("14 minutes before", "not_here bea in 14m0s")
	w.sees("told once")
	w.later(7 * 24 * time.Hour)
	shift := w.plans(1).Shifts[1]
	if err := w.Here(t.Context(), w.viewer(bea), shift.ID, "token"); err != nil {
		t.Fatal(err)
	}
	w.sees("a week later she checked in")
	w.imports(strings.ReplaceAll(twoShifts, "bea@", "ann@"))
	w.later(7 * 24 * time.Hour)
	w.sees("who goes on from another shift is there")
}

// rung are those whose phone was asked to ring before a shift.
func (w *watcher) rung() (shifts []string) {
	w.t.Helper()
	tests, err := w.keeper.store.Tests(w.t.Context(), "")
	if err != nil {
		w.t.Fatal(err)
	}
	for _, t := range tests {
		u, _ := w.keeper.store.User(w.t.Context(), t.User)
		shifts = append(shifts, fmt.Sprint(u.Name, " ", t.Shift, " by ", t.By))
	}
	return shifts
}

func TestTheWatchRingsWhoIsNotThere(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		before func(w *watcher, bea hotline.User)
		want   []string
	}{
		{"as the line wants it", func(w *watcher, _ hotline.User) { w.wants(hotline.RotaSettings{Here: true}) }, []string{"bea */0-2-0400-1/2026-11-24/1 by system"}},
		{"unless it does not", func(w *watcher, _ hotline.User) { w.wants(hotline.RotaSettings{}) }, nil},
		{"not who is available", func(w *watcher, bea hotline.User) {
			w.wants(hotline.RotaSettings{Here: true})
			if _, err := w.keeper.store.SetPresence(w.t.Context(), bea.ID, hotline.Available, ""); err != nil {
				w.t.Fatal(err)
			}
		}, nil},
		{"not who said that she is there", func(w *watcher, bea hotline.User) {
			w.wants(hotline.RotaSettings{Here: true})
			if err := w.Here(w.t.Context(), w.viewer(bea), w.plans(1).Shifts[1].ID, "token"); err != nil {
				w.t.Fatal(err)
			}
		}, nil},
	} {
		w := newWatcher(t)
		w.phoned("ann")
		bea := w.phoned("bea")
		w.imports(twoShifts)
		w.later(106 * time.Minute)
		test.before(w, bea)
		for range 2 {
			if err := w.Look(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if got := w.rung(); !slices.Equal(got, test.want) {
			t.Errorf("%s: rung are %q, want %q", test.name, got, test.want)
		}
		w.later(15 * time.Minute)
		w.wants(hotline.RotaSettings{Here: true})
		if err := w.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := w.rung(); len(got) != len(test.want) {
			t.Errorf("%s: once it has begun rung are %q", test.name, got)
		}
	}
}

func (w *watcher) wants(s hotline.RotaSettings) {
	w.t.Helper()
	if err := w.SetSettings(w.t.Context(), hotline.Viewer{User: hotline.User{ID: "boss", Role: hotline.Supervisor}}, aLine, s, ""); err != nil {
		w.t.Fatal(err)
	}
}

func TestTheFallbackRingsNobodyWhoCannotJustNow(t *testing.T) {
	t.Parallel()
	w := newWatcher(t)
	ann := w.phoned("ann")
	w.imports(twoShifts[:strings.LastIndex(twoShifts, ",\n")] + "]}") // ann's shift alone
	until, _, err := w.Relieve(t.Context(), w.viewer(ann))
	if err != nil {
		t.Fatal(err)
	}
	plan, err := Fallback{Lines: []hotline.Address{hotline.AddressOf(aLine)}}.Plan(t.Context(), w.keeper.store, w.clock())
	if err != nil {
		t.Fatal(err)
	}
	duty := plan.Lines[aLine].Duty
	if len(duty) != 2 || !duty[0].From.Equal(until) || duty[0].Until.Hour() != 4 || duty[1].From.Day() != 1 {
		t.Errorf("the fallback rings %+v", duty)
	}
}
