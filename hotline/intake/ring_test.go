package intake

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
)

// night is a line that ann has alone, on tier 1 around the clock, and whose last tier una has.
const night = `{"line":"*","zone":"UTC","slots":[%s,%s]}`

// closesDown are a counsellor who went away, and two supervisors at home: una is on duty in the last tier.
func closesDown(t *testing.T, s hotline.RotaSettings) (w *watcher, ann, sue, una hotline.User) {
	w = newWatcher(t)
	ann, sue, una = w.phoned("ann"), w.hires("sue", hotline.Supervisor, "+4520000002"), w.hires("una", hotline.Supervisor, "+4520000003")
	w.imports(fmt.Sprintf(night, everyDayAll("ann"), strings.ReplaceAll(everyDayAll("una"), `"tier":1`, `"tier":3`)))
	w.wants(s)
	w.sets(ann, hotline.Away)
	return w, ann, sue, una
}

// looks is one look of the watch.
func (w *watcher) looks() {
	w.t.Helper()
	if err := w.Look(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// calls checks whose phones were asked to ring for an alarm, and whether they still are; by name.
func (w *watcher) calls(what string, want ...string) {
	w.t.Helper()
	tests, err := w.keeper.store.Tests(w.t.Context(), "")
	if err != nil {
		w.t.Fatal(err)
	}
	var got []string
	for _, t := range tests {
		u, err := w.keeper.store.User(w.t.Context(), t.User)
		if err != nil {
			w.t.Fatal(err)
		}
		got = append(got, fmt.Sprint(u.Name, " ", t.Result))
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		w.t.Errorf("%s: rung are %q, want %q", what, got, want)
	}
}

// says is somebody's key 1.
func (w *watcher) says(u hotline.User) {
	w.t.Helper()
	tests, err := w.keeper.store.Tests(w.t.Context(), u.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	if p, err := w.keeper.store.TestPressed(w.t.Context(), tests[u.ID].ID, "CA "+u.Name, "1"); err != nil || p.Where != hotline.AtThanks {
		w.t.Errorf("her key is answered %+v, %v", p, err)
	}
}

func TestTheWatchRingsSupervisors(t *testing.T) {
	t.Parallel()
	w, ann, sue, una := closesDown(t, hotline.RotaSettings{})
	w.looks()
	w.calls("the last tier first", "una waits")
	w.later(30 * time.Second)
	w.looks()
	w.calls("one at a time", "una waits")
	w.later(30 * time.Second)
	w.looks()
	w.calls("a minute without a key", "sue waits", "una gave_way")
	w.says(sue)
	w.later(30 * time.Minute)
	w.looks()
	w.calls("somebody knows", "sue answered", "una gave_way")
	w.sets(ann, "")
	w.console(ann)
	w.looks()
	w.later(time.Minute)
	w.looks()
	w.sets(ann, hotline.Away)
	w.again() // the house is started anew, and knows what was
	w.looks()
	w.calls("it was over, and comes again", "sue answered", "una waits")
	tasks, err := w.keeper.store.ClaimTests(t.Context(), time.Minute, 0)
	if err != nil || len(tasks) != 1 || tasks[0].Dial.From.Full() != aLine || tasks[0].Dial.To.Full() != "+4520000003" {
		t.Errorf("the carrier is asked for %+v, %v; want her phone, from a line that can be called", tasks, err)
	}
	w.says(una)
	w.calls("she knows", "sue answered", "una answered")
}

// Whether a phone rings, and whose, is for the rota and for the supervisors themselves to say.
func TestWhomAnAlarmRings(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		is   func(w *watcher, ann, sue, una hotline.User)
		want []string
	}{
		{"not where the line does not want it", func(w *watcher, _, _, _ hotline.User) { w.wants(hotline.RotaSettings{Silent: true}) }, nil},
		{"not who is away", func(w *watcher, _, _, una hotline.User) { w.sets(una, hotline.Away) }, []string{"sue waits"}},
		{"not who cannot just now", func(w *watcher, _, sue, una hotline.User) {
			w.sets(sue, hotline.Away)
			if _, _, err := w.Relieve(w.t.Context(), w.viewer(una)); err != nil {
				w.t.Fatal(err)
			}
		}, nil},
		{"at home also who takes no calls in her page", func(w *watcher, _, _, una hotline.User) {
			if _, err := w.keeper.store.SetPresence(w.t.Context(), una.ID, hotline.Available, hotline.NoCalls); err != nil {
				w.t.Fatal(err)
			}
		}, []string{"una waits"}},
		{"not for a minute who is shown it", func(w *watcher, _, _, una hotline.User) { w.console(una) }, []string{"sue waits"}},
		{"not while somebody in tier 1 can be reached", func(w *watcher, ann, _, _ hotline.User) { w.console(ann) }, nil},
		{"not for what is to come", func(w *watcher, ann, _, _ hotline.User) {
			w.console(ann)
			w.imports(fmt.Sprintf(aroundTheClock, strings.ReplaceAll(everyDayAll("ann"), `"end":"24:00"`, `"end":"04:00"`)))
		}, nil},
		{"not in closed hours", func(w *watcher, _, _, _ hotline.User) {
			w.imports(`{"line":"*","zone":"UTC","slots":[` + strings.ReplaceAll(everyDayAll("ann"), `"users":["ann@example.org"]`, `"kind":"closed"`) + `]}`)
		}, nil},
		{"also when the rota cannot be read", func(w *watcher, _, _, _ hotline.User) { w.breaks("*") }, []string{"sue waits"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w, ann, sue, una := closesDown(t, hotline.RotaSettings{})
			test.is(w, ann, sue, una)
			w.looks()
			w.calls(test.name, test.want...)
		})
	}
	w := newWatcher(t)
	w.hires("sue", hotline.Supervisor, "+4520000002")
	w.looks()
	w.calls("not before a rota was ever saved")
}

// A counsellor who was away for a moment wakes nobody.
func TestAShortAlarmRingsNoPhone(t *testing.T) {
	t.Parallel()
	w, ann, _, _ := closesDown(t, hotline.RotaSettings{})
	w.times.Grace = DefaultWatching.Grace
	w.looks()
	w.console(ann)
	w.sets(ann, hotline.Available)
	w.later(DefaultWatching.Grace)
	w.looks()
	w.calls("she is back")
	w.sets(ann, hotline.Away)
	w.looks()
	w.later(DefaultWatching.Grace)
	w.looks()
	w.calls("she is away for a minute", "una waits")
}

// Whoever is shown it has a minute, and then her phone rings after all.
func TestAPageThatIsOpenHoldsAPhoneForAMinute(t *testing.T) {
	t.Parallel()
	w, _, sue, una := closesDown(t, hotline.RotaSettings{})
	w.console(una)
	w.sets(sue, hotline.Away)
	w.looks()
	w.later(30 * time.Second)
	w.looks()
	w.calls("she is shown it")
	w.later(30 * time.Second)
	w.looks()
	w.calls("a minute later", "una waits")
}

// After a start it is not known who has a console: a switch is believed then, but ends no alarm that somebody knows of.
func TestWhatIsNotKnownEndsNoAlarm(t *testing.T) {
	t.Parallel()
	w := newWatcher(t)
	ann, una := w.adds("ann"), w.hires("una", hotline.Supervisor, "+4520000003")
	w.imports(fmt.Sprintf(night, everyDayAll("ann"), strings.ReplaceAll(everyDayAll("una"), `"tier":1`, `"tier":3`)))
	w.sets(ann, hotline.Available) // and her page is closed
	w.looks()
	w.calls("nothing reaches her", "una waits")
	w.says(una)
	w.unknown = true
	for range 3 {
		w.later(time.Minute)
		w.looks()
	}
	w.unknown = false
	w.looks()
	w.calls("it was so all the time", "una answered")
}

// Somebody did not come: her supervisor's phone rings once the shift has begun, where the line asks her before.
func TestTheWatchRingsForWhoDidNotCome(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		s    hotline.RotaSettings
		want []string
	}{
		{hotline.RotaSettings{Here: true}, []string{"bea gave_way", "sue waits"}},
		{hotline.RotaSettings{Here: true, Silent: true}, []string{"bea gave_way"}},
		{hotline.RotaSettings{}, nil},
	} {
		w := newWatcher(t)
		w.phoned("ann")
		w.phoned("bea")
		sue := w.hires("sue", hotline.Supervisor, "+4520000002")
		w.imports(twoShifts)
		w.wants(test.s)
		w.later(106 * time.Minute) // 14 minutes before bea's
		w.looks()
		if test.want != nil {
			w.calls("before", "bea waits")
		}
		w.later(14*time.Minute - time.Second)
		w.looks()
		if test.want != nil {
			w.calls("a moment before", "bea waits")
		}
		w.later(2 * time.Minute)
		if _, err := w.keeper.store.ClaimTests(t.Context(), time.Minute, 0); err != nil { // bea's is too late
			t.Fatal(err)
		}
		w.looks()
		w.calls(fmt.Sprintf("with %+v", test.s), test.want...)
		if len(test.want) > 1 {
			w.says(sue)
			w.later(2 * time.Minute)
			w.looks()
			w.calls("she knows", "bea gave_way", "sue answered")
		}
	}
}
