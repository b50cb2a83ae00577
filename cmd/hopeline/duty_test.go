package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hopeline/hotline"
)

// shiftJSON is a shift of the plan.
type shiftJSON struct {
	ID, Day    string
	Start, End time.Time
	Tier       int
	Empty      int
	Users      []struct{ User, Why, State string }
}

// now is the running shift of a tier.
func (d *desk) now(tier int) shiftJSON {
	d.t.Helper()
	at := d.stage.tuning.now().UTC()
	for _, s := range d.plan(at, at.Add(time.Minute)) {
		if s.Tier == tier && !s.Start.After(at) {
			return s
		}
	}
	d.t.Fatalf("no shift of tier %d runs", tier)
	return shiftJSON{}
}

func (d *desk) plan(from, to time.Time) []shiftJSON {
	d.t.Helper()
	var plan struct{ Shifts []shiftJSON }
	d.decode(d.must("duty.plan", args{"line": demoLine, "from": from, "to": to}), &plan)
	return plan.Shifts
}

// alarm waits for an alarm of a kind.
func (d *desk) alarm(kind string) (user, line string) {
	d.t.Helper()
	var a struct{ Kind, User, Line string }
	d.event("alarm", func(data json.RawMessage) bool {
		d.decode(data, &a)
		return a.Kind == kind
	})
	return a.User, a.Line
}

// movable lets a test move the program's clock. Whoever was there before it leapt still is.
func movable(ahead *atomic.Int64) func(*config, *tuning) {
	return func(_ *config, t *tuning) {
		t.now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
		t.routing.Reach, t.rules.Asleep = 48*time.Hour, 48*time.Hour
		t.seen = 100 * time.Millisecond
		t.watching.Every = 100 * time.Millisecond
	}
}

func TestNobodyOnDutyIsAnAlarmAndTheWatchdogHearsNothing(t *testing.T) {
	t.Parallel()
	var beats atomic.Int64
	watchdog := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { beats.Add(1) }))
	defer watchdog.Close()
	s := newStage(t, func(c *config, t *tuning) {
		t.watching.Every, t.beat = 300*time.Millisecond, 20*time.Millisecond // a watch that is late for three looks is not well
		c.HeartbeatURL = watchdog.URL
	})
	freja, ann := s.supervisor("freja"), s.counsellor("ann", "en")
	eventually(t, "a heartbeat", func() bool { return beats.Load() > 0 })
	freja.must("rota.save", args{"rota": rotaOf(everyDay("00:00", "24:00", 1)), "reason": "a try"})
	freja.event("alarm", func(data json.RawMessage) bool { // before ann came there was nobody on any line
		var a alarmJSON
		freja.decode(data, &a)
		return a.Kind == "gap" && a.Line == demoLine
	})
	ann.duty("By the rota nobody is on duty now.")
	eventually(t, "the house is not well", func() bool { return !s.house.watch.Well() }) // a moment after the alarm
	quiet := beats.Load()
	s.text("+4520111111", "hello")
	var wall struct {
		Free, Unreachable int
		Waiting           map[string]int
		NextGap           *struct{ Kind string } `json:"next_gap"`
	}
	freja.decode(freja.must("wallboard", nil), &wall)
	if wall.Waiting["sms"] != 1 || wall.Free != 0 || wall.NextGap == nil {
		t.Errorf("the wallboard says %+v", wall)
	}
	if ann.has("offer.made", nil) {
		t.Error("ann is asked while she is off duty")
	}
	if got := beats.Load(); got > quiet+1 {
		t.Errorf("the watchdog heard %d times that all is well", got-quiet)
	}
	freja.must("shift.change", args{"shift": freja.now(1).ID, "do": "extra", "by": ann.id(), "reason": ""})
	ann.takes()
	eventually(t, "a heartbeat again", func() bool { return beats.Load() > quiet+1 })
}

// alarmJSON is an alarm of the rota.
type alarmJSON struct {
	Kind, Line, Bulletin, Words string
	From, To                    time.Time
}

// standing are the alarms that a new page is told of, of some kinds.
func (d *desk) standing(kinds ...string) []alarmJSON {
	d.t.Helper()
	d.connect()
	var h struct{ Alarms []alarmJSON }
	d.decode(d.hello(), &h)
	return slices.DeleteFunc(h.Alarms, func(a alarmJSON) bool { return !slices.Contains(kinds, a.Kind) })
}

func TestAGapIsToldToWhoeverComesLater(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.account("freja", hotline.Supervisor)
	ann := s.counsellor("ann", "en")
	begins := s.tuning.now().UTC().Add(90 * time.Minute).Truncate(time.Minute)
	from, to := begins.Format("15:04"), begins.Add(time.Hour).Format("15:04")
	s.mustImport(rotaOf(everyDay(to, from, 1, "ann")), "--reason", "nobody else can") // told while no supervisor is there
	freja := s.logIn("freja")
	got := freja.standing("gap", "nobody")
	if !slices.ContainsFunc(got, func(a alarmJSON) bool {
		return a.Kind == "gap" && a.Line == demoLine && a.From.Equal(begins) && a.To.Equal(begins.Add(time.Hour))
	}) || got[0].From.Before(begins) {
		t.Errorf("a supervisor who comes later is told %+v", got)
	}
	if all := ann.standing("gap", "nobody"); len(all) > 0 {
		t.Errorf("a counsellor is told %+v", all)
	}
	s.mustImport(rotaOf(everyDay("00:00", "24:00", 1, "ann")))
	if all := freja.standing("gap", "nobody"); len(all) > 0 {
		t.Errorf("after it was filled she is told %+v", all)
	}
	ann.must("presence.set", args{"state": "away"})
	if all := freja.standing("gap", "nobody"); len(all) != 2 || all[0].Kind != "gap" || all[1].Kind != "nobody" {
		t.Errorf("when nobody is left she is told %+v", all)
	}
}

// A shift's end, an edit, a break: none of them moves whoever talks.
func TestAShiftEndsInTheMiddleOfACall(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	s := newStage(t, movable(&ahead))
	freja, ann := s.supervisor("freja"), s.onPhone("ann", "+4530000001", "en")
	s.onPhone("bea", "+4530000002", "en")
	boundary := s.tuning.now().UTC().Add(20 * time.Minute).Truncate(time.Minute)
	day, night := boundary.Format("15:04"), boundary.Add(12*time.Hour).Format("15:04")
	freja.must("rota.save", args{"rota": rotaOf(everyDay(night, day, 1, "ann"), everyDay(day, night, 1, "bea")), "reason": "x"})
	ann.duty("On duty now: Ann.")
	call := s.calls("+4520000001")
	leg := s.meets(call, "+4530000001")
	contact := ann.live()
	stays := func(after string) {
		t.Helper()
		ann.decode(ann.must("contact.open", args{"contact": contact.ID}), &struct{}{})
		if isOver(leg) || isOver(call) || ann.opens(contact.ID).Contact.State != "live" {
			t.Errorf("after %s the talk is over", after)
		}
	}
	ann.must("presence.set", args{"state": "away"})
	stays("a break")
	freja.must("shift.change", args{"shift": freja.now(1).ID, "do": "absence", "user": ann.id(), "reason": "she is ill"})
	ann.duty("By the rota nobody is on duty now.")
	stays("an edit")
	freja.must("shift.change", args{"shift": freja.now(1).ID, "do": "restore", "reason": ""})
	ahead.Store(int64(21 * time.Minute))
	ann.duty("On duty now: Bea.")
	stays("the end of her shift")
	ann.refused("conflict", "duty.relieve", nil)
	s.bye(call, leg)
}

func TestASwapIsTakenOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	freja := s.supervisor("freja")
	ann, takers := s.counsellor("ann", "en"), []*desk{s.counsellor("bea", "en"), s.counsellor("cem", "en")}
	freja.must("rota.save", args{"rota": rotaOf(everyDay("00:00", "24:00", 1, "ann")), "reason": "x"})
	next := s.tuning.now().UTC().Add(48 * time.Hour)
	shift := ann.plan(next, next.Add(time.Minute))[0]
	var asked struct{ Swap struct{ ID, State string } }
	ann.decode(ann.must("swap.ask", args{"shift": shift.ID, "note": "a wedding"}), &asked)
	for _, d := range takers {
		d.event("swap.changed", func(data json.RawMessage) bool { return strings.Contains(string(data), asked.Swap.ID) })
	}
	var both sync.WaitGroup
	answers := make([]frame, len(takers))
	for i, d := range takers {
		both.Go(func() { answers[i] = d.do("swap.take", args{"swap": asked.Swap.ID}) })
	}
	both.Wait()
	winner := -1
	for i, f := range answers {
		switch {
		case f.OK && winner < 0:
			winner = i
		case f.OK:
			t.Error("both won")
		case f.Error.Code != "conflict":
			t.Errorf("the loser is told %+v", f.Error)
		}
	}
	if winner < 0 {
		t.Fatalf("nobody won: %+v", answers)
	}
	after := ann.plan(next, next.Add(time.Minute))[0]
	if len(after.Users) != 1 || after.Users[0].User != takers[winner].id() || after.Users[0].Why != "covers for Ann" {
		t.Errorf("the shift is %+v", after)
	}
	var history struct {
		Changes []struct{ Kind, Cause, User, With, By string }
	}
	freja.decode(freja.must("rota.history", args{"line": demoLine}), &history)
	if len(history.Changes) != 1 || history.Changes[0].Cause != "swap" || history.Changes[0].With != takers[winner].id() {
		t.Errorf("rota.history = %+v", history)
	}
	ann.refused("forbidden", "rota.history", args{"line": demoLine})
	ann.refused("forbidden", "shift.change", args{"shift": shift.ID, "do": "cancel", "reason": "x"})
}

func TestWhoeverIsTakenOffDutyIsAskedNoMore(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	freja, ann, bea := s.supervisor("freja"), s.counsellor("ann", "en"), s.counsellor("bea", "en")
	freja.must("rota.save", args{"rota": rotaOf(everyDay("00:00", "24:00", 1, "ann"), everyDay("00:00", "24:00", 2, "bea")), "reason": "x"})
	ann.duty("On duty now: Ann. Tier 2: Bea.")
	s.text("+4520111111", "hello")
	first := ann.takes()
	var dry struct {
		Picks    []struct{ User, Why string }
		Excluded []struct{ User, Why string }
	}
	freja.decode(freja.must("duty.dry_run", args{"contact": first.ID}), &dry)
	if len(dry.Picks) != 2 || dry.Picks[0].User != ann.id() || dry.Picks[1].User != bea.id() || len(dry.Excluded) != 1 || !strings.HasPrefix(dry.Excluded[0].Why, "is off duty on this line") {
		t.Errorf("duty.dry_run = %+v", dry)
	}
	ann.refused("forbidden", "duty.dry_run", args{"contact": first.ID})
	ann.must("duty.relieve", nil)
	if user, _ := freja.alarm("relieved"); user != ann.id() {
		t.Errorf("the alarm is about %s", user)
	}
	bea.duty("By the rota nobody is on duty now. Tier 2: Bea.")
	s.text("+4520222222", "hello")
	bea.takes()
	ann.must("duty.back", nil)
	ann.duty("On duty now: Ann. Tier 2: Bea.")
	freja.refused("invalid", "shift.change", args{"shift": freja.now(1).ID, "do": "absence", "user": ann.id(), "reason": " "})
	freja.must("shift.change", args{"shift": freja.now(1).ID, "do": "absence", "user": ann.id(), "reason": "she is ill"})
	bea.duty("By the rota nobody is on duty now. Tier 2: Bea.")
	s.text("+4520333333", "hello")
	bea.takes()
	if ann.has("offer.made", nil) {
		t.Error("ann was asked after she was taken off duty")
	}
	if r := ann.opens(first.ID); r.Contact.State != "live" {
		t.Errorf("her contact is %+v", r.Contact)
	}
}

func TestCheckingInKeepsTheSession(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	s := newStage(t, movable(&ahead))
	freja, ann := s.supervisor("freja"), s.counsellor("ann", "en")
	begins := s.tuning.now().UTC().Add(20 * time.Minute).Truncate(time.Minute)
	from, to := begins.Format("15:04"), begins.Add(14*time.Hour).Format("15:04")
	freja.must("rota.save", args{"rota": rotaOf(everyDay(from, to, 1, "ann"), everyDay(to, from, 1, "freja")), "reason": "x"})
	var mine struct {
		CheckIn *shiftJSON `json:"check_in"`
	}
	ann.decode(ann.must("duty.mine", nil), &mine)
	if mine.CheckIn == nil {
		t.Fatal("ann cannot check in")
	}
	ann.must("duty.here", args{"shift": mine.CheckIn.ID})
	if got := freja.plan(begins, begins.Add(time.Minute))[0]; len(got.Users) != 1 || got.Users[0].State != "here" {
		t.Errorf("the shift is %+v", got)
	}
	ahead.Store(int64(13 * time.Hour))
	freja.wait("the end of a session that nobody kept", func() bool { return freja.closed != nil })
	ann.must("duty.mine", nil)
	ann.connect()
	ahead.Store(int64(16 * time.Hour))
	ann.wait("the end of hers", func() bool { return ann.closed != nil })
}

func TestACalendarIsReadWithoutASession(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(c *config, _ *tuning) { c.CalendarTitle = "Choir" })
	freja, ann := s.supervisor("freja"), s.counsellor("ann", "en")
	freja.must("rota.save", args{"rota": rotaOf(everyDay("08:00", "20:00", 1, "ann"), everyDay("20:00", "08:00", 1, "freja")), "reason": "x"})
	var address struct{ URL string }
	ann.decode(ann.must("calendar.address", nil), &address)
	if !strings.HasPrefix(address.URL, s.config.Public.String()+"/calendar/") || !strings.HasSuffix(address.URL, ".ics") {
		t.Fatalf("the address is %q", address.URL)
	}
	u, err := url.Parse(address.URL)
	if err != nil {
		t.Fatal(err)
	}
	base := s.config.Public.String()
	status, body := s.get(base, u.Path)
	if status != http.StatusOK || !strings.Contains(body, "SUMMARY:Choir\r\n") || strings.Contains(body, "ann") || strings.Contains(body, demoLine[1:]) {
		t.Errorf("the calendar: %d\n%.300s", status, body)
	}
	if n := strings.Count(body, "BEGIN:VEVENT"); n < 175 || n > 190 {
		t.Errorf("it has %d entries", n)
	}
	r, _ := http.NewRequest(http.MethodGet, address.URL, nil)
	first, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	first.Body.Close()
	r.Header.Set("If-None-Match", first.Header.Get("ETag"))
	again, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	again.Body.Close()
	if again.StatusCode != http.StatusNotModified || first.Header.Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Errorf("asked again: %d; it is %s", again.StatusCode, first.Header.Get("Content-Type"))
	}
	for _, path := range []string{"/calendar/x.ics", "/calendar/" + strings.Repeat("A", 43) + ".ics", strings.TrimSuffix(u.Path, ".ics"), u.Path + "x"} {
		if status, _ := s.get(base, path); status != http.StatusNotFound {
			t.Errorf("GET %s = %d", path, status)
		}
	}
	ann.must("calendar.revoke", nil)
	if status, _ := s.get(base, u.Path); status != http.StatusNotFound {
		t.Errorf("after it was revoked: %d", status)
	}
	throttled := 0
	for range 60 {
		if status, _ := s.get(base, "/calendar/x.ics"); status == http.StatusTooManyRequests {
			throttled++
		}
	}
	if throttled == 0 {
		t.Error("nobody who guesses is slowed down")
	}
	if strings.Contains(s.log.String(), u.Path) {
		t.Error("the log holds the address")
	}
}

func TestADraftIsSavedOnWhatWasSeen(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	freja, hal := s.supervisor("freja"), s.supervisor("hal")
	s.account("ann", hotline.Counsellor, "en")
	freja.must("rota.save", args{"rota": rotaOf(everyDay("00:00", "24:00", 1, "ann")), "reason": "x"})
	var seen struct {
		Rota    map[string]any
		Version int
	}
	freja.decode(freja.must("rota.get", args{"line": demoLine}), &seen)
	freja.must("rota.draft.set", args{"line": demoLine, "rota": seen.Rota})
	if got := string(hal.must("rota.draft.get", args{"line": demoLine})); !strings.Contains(got, `"id":"0-1-0000-1"`) || !strings.Contains(got, freja.id()) {
		t.Errorf("rota.draft.get = %s", got)
	}
	other := rotaOf(everyDay("00:00", "24:00", 1, "ann", "hal"))
	hal.must("rota.save", args{"rota": other, "reason": "x", "base": seen.Version})
	freja.event("duty.changed", nil)
	freja.refused("conflict", "rota.save", args{"rota": seen.Rota, "reason": "x", "base": seen.Version})
	var preview struct {
		Diff struct {
			People []struct {
				User  string
				Loses float64 `json:"loses_h"`
			}
		}
	}
	freja.decode(freja.must("rota.preview", args{"rota": seen.Rota}), &preview)
	if p := preview.Diff.People; len(p) != 1 || p[0].User != hal.id() || p[0].Loses < 330 || p[0].Loses > 340 {
		t.Errorf("rota.preview = %+v", preview)
	}
	freja.must("rota.draft.drop", args{"line": demoLine})
	if got := string(freja.must("rota.draft.get", args{"line": demoLine})); !strings.HasPrefix(got, `{"rota":null`) {
		t.Errorf("after it was dropped: %s", got)
	}
	if fmt.Sprint(seen.Rota["line"]) != demoLine {
		t.Errorf("the rota is of %v", seen.Rota["line"])
	}
}
