package main

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/hotline/carrier/simulator"
)

// TestACallerWhenNobodyIsOnDuty: the first line of her line is empty, for a reason. The second line's phone rings at
// once; when she sleeps through it, supervisors are told, and the caller is offered the voicemail and never hung up on.
func TestACallerWhenNobodyIsOnDuty(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	s := newStage(t, func(c *config, t *tuning) {
		movable(&ahead)(c, t)
		t.rules.Call.Ring, t.rules.Call.Rings, t.routing.Sweep = 100*time.Second, 1, 50*time.Millisecond
	})
	ladder := s.tuning.rules.Call
	sue := s.supervisor("sue")
	s.company.Phone("+4530000001").Named("freja")
	s.hires("freja", hotline.Counsellor, "+4530000001", "en")
	empty := everyDay("00:00", "24:00", 1)
	sue.refused("invalid", "rota.save", args{"rota": rotaOf(empty, everyDay("00:00", "24:00", 2, "freja")), "reason": ""})
	sue.must("rota.save", args{"rota": rotaOf(empty, everyDay("00:00", "24:00", 2, "freja")), "reason": "nobody can this week"})
	sue.duty("By the rota nobody is on duty now. Tier 2: Freja.")

	call := s.calls("+4520000001")
	began := time.Now()
	leg, err := s.company.Phone("+4530000001").Ringing(s.soon())
	s.must("ring the second line", err)
	if took := time.Since(began); took > ladder.Widen[0] {
		t.Errorf("the second line's phone rang after %v, want at once and not as one more", took)
	}
	s.over(leg) // she sleeps
	if isOver(call) {
		t.Fatal("the caller was hung up on")
	}
	ahead.Store(int64(ladder.Widen[1]))
	sue.alarm("waiting")
	if late := func(h simulator.Heard) bool { return strings.Contains(h.Text, lateMenu) }; slices.ContainsFunc(call.Heard(), late) {
		t.Error("the menu came before the limit")
	}
	ahead.Store(int64(ladder.Limit))
	s.must("hear the late menu", call.Hear(s.soon(), lateMenu))
	if c := sue.waiting(); len(c) != 1 || c[0].Work == "voicemail" || isOver(call) {
		t.Errorf("when the alarm came %+v waited", c)
	}
	call.Press("1")
	s.must("hear where to speak", call.Hear(s.soon(), "speak after the tone"))
	call.Speak("nobody answers, please come")
	call.Press("#")
	s.must("hear that it is kept", call.Hear(s.soon(), "Your message is with us"))
	sue.finds("voicemail")
}

// lateMenu is said to whoever waits longer than the line's limit.
const lateMenu = "sorry that this takes so long"

// TestTheNightTheClockGoesBack: the hour that comes twice belongs to the shift that runs, and its phone rings in both; in
// spring the night is an hour shorter. Nobody has a console open.
func TestTheNightTheClockGoesBack(t *testing.T) {
	t.Parallel()
	for _, night := range []struct {
		name, begins string   // 19:50 in Copenhagen
		bea          []string // when her phone rings
		ann          string   // from then on ann's does
		hours        time.Duration
	}{
		{"autumn", "2026-10-24T17:50:00Z", []string{"2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T06:59:00Z"}, "2026-10-25T07:00:00Z", 13 * time.Hour},
		{"spring", "2026-03-28T18:50:00Z", []string{"2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", "2026-03-29T05:59:00Z"}, "2026-03-29T06:00:00Z", 11 * time.Hour},
	} {
		t.Run(night.name, func(t *testing.T) {
			t.Parallel()
			overTheChange(t, night.begins, night.bea, night.ann, night.hours)
		})
	}
}

func overTheChange(t *testing.T, begins string, bea []string, ann string, hours time.Duration) {
	at := func(text string) time.Time {
		when, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	var ahead atomic.Int64
	set := func(text string) { ahead.Store(int64(time.Until(at(text)))) }
	set(begins)
	s := newStage(t, movable(&ahead))
	freja := s.supervisor("freja")
	phones := map[string]string{"ann": "+4530000001", "bea": "+4530000002"}
	for name, phone := range phones {
		s.company.Phone(phone).Named(name)
		s.hires(name, hotline.Counsellor, phone, "en")
	}
	rota := rotaOf(everyDay("08:00", "20:00", 1, "ann"), everyDay("20:00", "08:00", 1, "bea"))
	rota["zone"] = "Europe/Copenhagen"
	freja.must("rota.save", args{"rota": rota, "reason": "x"})
	for _, shift := range freja.plan(at(begins).Add(time.Hour), at(begins).Add(2*time.Hour)) {
		if got := shift.End.Sub(shift.Start); got != hours || shift.Users[0].User != s.userID("bea") {
			t.Errorf("the night lasts %v and is %s's, want %v and bea", got, shift.Users[0].User, hours)
		}
	}
	freja.duty("On duty now: Ann.")
	last := "ann"
	rings := func(n int, when, name string) {
		t.Helper()
		watcher := s.logIn("freja")
		set(when)
		if name != last { // the house sleeps until the shift begins, and does not know that the clock leapt
			watcher.duty("On duty now: " + strings.ToUpper(name[:1]) + name[1:] + ".")
			last = name
		}
		call := s.calls(fmt.Sprint("+452000000", n))
		leg, err := s.company.Phone(phones[name]).Ringing(s.soon())
		s.must("ring "+name+" at "+when, err)
		s.bye(call, leg)
	}
	for n, when := range bea {
		rings(n, when, "bea")
	}
	rings(len(bea), ann, "ann")
}
