package intake

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"hopeline/hotline"
	"hopeline/storage"
)

// watcher is a watch over a keeper's rota, and what it told.
type watcher struct {
	*keeper
	*Watch
	heard []string
	deaf  string // a kind of alarm that is not listened to
}

func newWatcher(t *testing.T) *watcher {
	w := &watcher{keeper: newKeeper(t)}
	w.Watch = NewWatch(w.keeper.store, func(n hotline.Notice) {
		a := n.(hotline.Alarmed)
		if a.Kind == w.deaf {
			return
		}
		words := a.Kind
		if a.User != "" {
			u, _ := w.keeper.store.User(t.Context(), a.User)
			words += " " + u.Name
		}
		if a.From.After(a.At) {
			words += fmt.Sprint(" in ", a.From.Sub(a.At))
		}
		w.heard = append(w.heard, words)
	}, DefaultWatching, w.clock, zap.NewNop(), prometheus.NewRegistry())
	return w
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
	u, err := w.keeper.store.AddUser(w.t.Context(), storage.NewUser{User: hotline.User{Email: name + "@example.org", Name: name, Role: hotline.Counsellor, Phone: "+4520000001"}, Password: "x"})
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

// aroundTheClock has a gap of four hours on Fridays from 12:00.
const aroundTheClock = `{"line":"*","zone":"UTC","slots":[%s,{"day":5,"start":"16:00","end":"24:00","tier":1,"users":["ann@example.org"]}]}`

func TestTheWatchTellsOfGaps(t *testing.T) {
	t.Parallel()
	w := newWatcher(t)
	w.sees("no rota")
	if !w.Well() {
		t.Error("without a rota everybody is on duty, and the house is not well")
	}
	ann := w.phoned("ann")
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
	if _, err := w.keeper.store.SetPresence(t.Context(), ann.ID, hotline.Away, ""); err != nil {
		t.Fatal(err)
	}
	w.sees("by the rota she is there, but nothing reaches her", "gap")
	if _, err := w.keeper.store.SetPresence(t.Context(), ann.ID, hotline.Available, ""); err != nil {
		t.Fatal(err)
	}
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

func TestTheWatchAsksWhereSomebodyIs(t *testing.T) {
	t.Parallel()
	w := newWatcher(t)
	w.deaf = hotline.AlarmGap
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

func TestTheHeartbeatStopsWithTheHouse(t *testing.T) {
	t.Parallel()
	beats := make(chan string, 100)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { beats <- r.Method + " " + r.URL.Path }))
	defer s.Close()
	var well atomic.Bool
	core, logs := observer.New(zap.InfoLevel)
	asked := make(chan bool, 1000)
	h := NewHeartbeat(s.URL+"/secret", time.Millisecond, func() bool {
		select {
		case asked <- well.Load():
		default:
		}
		return well.Load()
	}, zap.New(core))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	for range 5 {
		<-asked
	}
	if len(beats) > 0 {
		t.Error("it beat while the house was not well")
	}
	well.Store(true)
	if got := <-beats; got != "GET /secret" {
		t.Errorf("the watchdog was asked %s", got)
	}
	s.CloseClientConnections()
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Run = %v", err)
	}
	for _, entry := range logs.All() {
		if strings.Contains(entry.Message+fmt.Sprint(entry.ContextMap()), "secret") {
			t.Errorf("the log holds the address: %s", entry.Message)
		}
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
