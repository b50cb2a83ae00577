package intake

import (
	"fmt"
	"testing"
	"time"

	"hopeline/hotline"
)

// nightsOnly leaves the days of one line open, which ann's nights meet; bea is alone in the second tier, and one is missing.
const nightsOnly = `{"line":"*","zone":"Europe/Copenhagen","slots":[%s,{"day":1,"start":"20:00","end":"08:00","tier":2,"min":2,"users":["bea@example.org"]}]}`

func TestTheNightlyReport(t *testing.T) {
	t.Parallel()
	w := newWatcher(t)
	w.deaf = []string{hotline.AlarmGap, hotline.AlarmNobody, hotline.AlarmNotHere}
	w.phoned("ann")
	w.phoned("bea")
	sue, hal := w.viewer(w.hires("sue", hotline.Supervisor, "")), w.viewer(w.hires("hal", hotline.Supervisor, ""))
	w.imports(fmt.Sprintf(nightsOnly, everyDayAll("ann")))
	const said, next = "report 0 gaps, 6 last, 7 short", "report 0 gaps, 7 last, 6 short" // of six weeks, in bea's shift and after it
	w.later(2*time.Hour + 59*time.Minute)                                                 // 05:59 where they live
	w.sees("a minute before six")
	w.hello(sue, "a minute before six")
	w.later(time.Minute)
	w.sees("at six", said)
	w.sees("told once")
	w.hello(sue, "at six", said)
	other := *w
	other.again()
	other.sees("another process begins")
	w.again()
	w.sees("it starts anew")
	w.hello(sue, "after the start", said)
	id := w.report(sue).ID
	if err := w.Seen(t.Context(), w.viewer(hotline.User{ID: "ann", Role: hotline.Counsellor}), id); err == nil {
		t.Error("a counsellor sees it")
	}
	if err := w.Seen(t.Context(), sue, id); err != nil {
		t.Fatal(err)
	}
	w.hello(sue, "after she saw it")
	w.hello(hal, "who did not see it", said)
	w.later(24 * time.Hour)
	w.sees("the next morning", next)
	other.sees("the other process tells its own consoles", next+", without a push")
	w.hello(sue, "the next morning", next)
	if err := w.Seen(t.Context(), sue, id); err != nil { // yesterday's, from a page that is old
		t.Fatal(err)
	}
	w.hello(sue, "yesterday's was seen", next)
	w.imports(fmt.Sprintf(`{"line":"*","zone":"Europe/Copenhagen","slots":[%s]}`, everyDayAll("ann")))
	w.later(24 * time.Hour)
	w.sees("nothing is left open")
	w.hello(hal, "nothing is left open")
	w.imports(fmt.Sprintf(nightsOnly, everyDayAll("ann")))
	w.later(30 * time.Hour) // 12:00
	w.sees("it was down until noon")
}

// report is what a supervisor was not seen yet.
func (w *watcher) report(by hotline.Viewer) hotline.Bulletin {
	w.t.Helper()
	all, err := w.keeper.store.Bulletins(w.t.Context(), by.ID)
	if err != nil || len(all) != 1 {
		w.t.Fatalf("Bulletins = %+v, %v", all, err)
	}
	return all[0]
}
