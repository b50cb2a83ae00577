package storage

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hopeline/hotline"
)

// ringPace is how phones are rung for alarms here.
var ringPace = AlarmPace{Next: time.Minute, Shown: time.Minute, Again: 10 * time.Minute, Rounds: 2, Lapse: 45 * time.Second}

// chiefs are supervisors by their phones, in the order in which they are rung.
func (h *house) chiefs(names ...string) (all []hotline.Viewer) {
	h.t.Helper()
	for i, name := range names {
		all = append(all, h.onPhone(name, fmt.Sprint("+453000000", i+1)))
	}
	return all
}

// gapOf is that nobody can answer on a line.
func gapOf(line string, whom ...hotline.Viewer) AlarmCall {
	return callOf(hotline.AlarmGap, line, whom)
}

// lateOf is that somebody did not come.
func lateOf(whom ...hotline.Viewer) AlarmCall { return callOf(hotline.AlarmNotHere, "x", whom) }

func callOf(kind, line string, whom []hotline.Viewer) AlarmCall {
	c := AlarmCall{What: kind + " " + line, Kind: kind, Line: hotline.LineID(line), From: testLine}
	for _, v := range whom {
		c.Whom = append(c.Whom, Callee{User: v.ID})
	}
	return c
}

// looks is one look at what is so.
func (h *house) looks(so ...AlarmCall) {
	h.t.Helper()
	if err := h.RingAlarms(h.t.Context(), so, true, ringPace); err != nil {
		h.t.Fatal("ring alarms:", err)
	}
}

// rung checks which phones were asked to ring for alarms so far: whose, in which round, and what came of it.
func (h *house) rung(what string, want ...string) {
	h.t.Helper()
	rows, err := h.read.Query(`SELECT t.user_id, t.round, t.state, t.result FROM tests t WHERE t.alarm <> '' ORDER BY t.id`)
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var user, state, result string
		var round int
		if err := rows.Scan(&user, &round, &state, &result); err != nil {
			h.t.Fatal(err)
		}
		u, err := h.User(h.t.Context(), hotline.UserID(user))
		if err != nil {
			h.t.Fatal(err)
		}
		got = append(got, strings.TrimSpace(strings.Replace(fmt.Sprint(u.Name, " ", round, " ", state, " ", result), "over ", "", 1)))
	}
	if !slices.Equal(got, want) {
		h.t.Errorf("%s: rung are %q, want %q", what, got, want)
	}
}

// newest is the last phone that was asked to ring for an alarm, dialled.
func (h *house) newest(sid string) hotline.TestID {
	h.t.Helper()
	var id hotline.TestID
	if err := h.read.QueryRow(`SELECT max(id) FROM tests WHERE alarm <> ''`).Scan(&id); err != nil {
		h.t.Fatal(err)
	}
	h.later(time.Second)
	h.dials(id, sid)
	return id
}

// unanswered lets the newest ring out.
func (h *house) unanswered(sid string) {
	h.t.Helper()
	h.reportsTest(h.newest(sid), sid, hotline.LegOver, hotline.LegNoAnswer)
}

// entries are what the audit trail says of alarms: who did what.
func (h *house) alarmEntries() (found []string) {
	h.t.Helper()
	rows, err := h.read.Query(`SELECT actor, action FROM audit WHERE action LIKE 'alarm.%' ORDER BY chain, seq`)
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var actor, action string
		if err := rows.Scan(&actor, &action); err != nil {
			h.t.Fatal(err)
		}
		found = append(found, actor+" "+action)
	}
	return found
}

func TestPhonesRingUntilSomebodyKnows(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		all := h.chiefs("sue", "una", "vera")
		gap := gapOf("*", all...)
		h.looks(gap)
		h.rung("at once", "sue 1 new")
		sues := h.newest("CA1")
		h.later(30 * time.Second)
		h.looks(gap)
		h.rung("hers rings", "sue 1 dialled")
		h.reportsTest(sues, "CA1", hotline.LegUp, "") // and she listens
		h.later(30 * time.Second)
		h.looks(gap)
		h.rung("a minute without a key", "sue 1 up", "una 1 new")
		unas := h.newest("CA2")
		if p, err := h.TestPage(t.Context(), unas, "CA2"); err != nil || p.Where != hotline.AtAsk || p.Alarm != hotline.AlarmGap || p.Begins {
			t.Errorf("TestPage = %+v, %v; want her told that nobody can answer", p, err)
		}
		h.pressesTest(unas, "CA2", "2", hotline.AtAsk)
		h.pressesTest(unas, "CA2", "1", hotline.AtThanks)
		h.pressesTest(unas, "CA2", "1", hotline.AtThanks)
		h.pressesTest(sues, "CA1", "1", hotline.Over)
		ends := h.testTasks()
		if len(ends) != 1 || ends[0].SID != "CA1" {
			t.Fatalf("tasks = %+v, want the other phone hung up", ends)
		}
		h.settlesTest(ends[0], hotline.Handed{Class: hotline.Taken, SID: "CA1"})
		h.later(time.Hour)
		h.looks(gap)
		h.rung("somebody knows", "sue 1 needless", "una 1 answered")
		h.looks() // another process saw it so a moment ago
		h.looks(gap)
		h.rung("a look that found nothing", "sue 1 needless", "una 1 answered")
		h.later(ringPace.Lapse)
		h.looks()
		h.looks(gap)
		h.rung("it ended, and comes again", "sue 1 needless", "una 1 answered", "sue 1 new")
		want := []string{"system alarm.began", string(all[1].ID) + " alarm.known", "system alarm.over", "system alarm.began"}
		if got := h.alarmEntries(); !slices.Equal(got, want) {
			t.Errorf("the audit trail says %q, want %q", got, want)
		}
		var by string
		if err := h.read.QueryRow(`SELECT known_by FROM alarms WHERE known_at > 0`).Scan(&by); err != nil || by != string(all[1].ID) {
			t.Errorf("known_by = %s, %v; want her who pressed", by, err)
		}
	})
}

// Nobody presses: each phone rings once in a round, a round begins no sooner than it may, and they come to an end.
func TestRoundsOfPhonesComeToAnEnd(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		all := h.chiefs("sue", "una")
		gap := gapOf("*", all...)
		sue, una := []string{"sue 1 no_answer"}, []string{"una 1 no_answer"}
		h.looks(gap)
		h.unanswered("CA1")
		h.looks(gap)
		h.rung("hers rang out", sue[0], "una 1 new")
		h.unanswered("CA2")
		h.later(5 * time.Minute)
		h.looks(gap)
		h.rung("the round is over", sue[0], una[0])
		h.later(5 * time.Minute)
		h.looks(gap)
		h.rung("the next", sue[0], una[0], "sue 2 new")
		h.unanswered("CA3")
		h.looks(gap)
		h.unanswered("CA4")
		for range 3 {
			h.later(10 * time.Minute)
			h.looks(gap)
		}
		h.rung("all rounds were made", sue[0], una[0], "sue 2 no_answer", "una 2 no_answer")
		h.looks(gap, gapOf("+4570201551", all...))
		h.rung("of another line", sue[0], una[0], "sue 2 no_answer", "una 2 no_answer", "sue 1 new")
	})
}

// What is over within its grace rings no phone, and one that comes again has it anew.
func TestAShortAlarmRingsNobody(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		pace := ringPace
		pace.Grace = time.Minute
		gap := gapOf("*", h.chiefs("sue")...)
		look := func(so ...AlarmCall) {
			t.Helper()
			if err := h.RingAlarms(t.Context(), so, true, pace); err != nil {
				t.Fatal("ring alarms:", err)
			}
		}
		look(gap)
		h.later(30 * time.Second)
		look(gap)
		h.later(pace.Lapse)
		look()
		look(gap)
		h.rung("it was over for a while, and is new again")
		h.later(pace.Grace - time.Second)
		look(gap)
		h.rung("a second before its grace ends")
		h.later(time.Second)
		look(gap)
		h.rung("its grace ended", "sue 1 new")
	})
}

// A phone that is in use, or waits behind somebody in need, holds up nobody else; whose page shows it has a minute.
func TestAPhoneThatCannotRingIsLeftOut(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		all := h.chiefs("sue", "una", "vera", "wera")
		gap := gapOf("*", all...)
		gap.Whom[1].Shown, gap.Whom[3].Shown = true, true
		h.offeredTo(h.called("CA1"), all[0])
		h.looks(gap)
		h.rung("sue talks, and una sees it", "vera 1 new")
		if tasks := h.testTasks(); len(tasks) != 0 {
			t.Errorf("an alarm goes before a page: %+v", tasks)
		}
		h.later(time.Minute)
		h.looks(gap)
		h.rung("it could not be rung for a minute", "vera 1 gave_way", "una 1 new")
		h.settled(h.only(DialLeg), "CA2")
		h.later(pace)
		h.unanswered("CA3")
		h.tests(all[3])
		h.looks(gap)
		h.rung("wera's phone is tested", "vera 1 gave_way", "una 1 no_answer")
		h.later(10 * time.Minute)
		h.testTasks() // of wera
		h.later(10 * time.Minute)
		h.testTasks()
		h.looks(gap)
		h.rung("whoever was left out is the first of the next round", "vera 1 gave_way", "una 1 no_answer", "wera 2 new")
	})
}

// What may only not be known is not over, and a house that died goes on.
func TestAnAlarmOutlivesTheHouse(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		all := h.chiefs("sue", "una")
		gap := gapOf("*", all...)
		h.looks(gap)
		h.unanswered("CA1")
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
		h.open()
		h.later(5 * time.Minute)
		if err := h.RingAlarms(t.Context(), nil, false, ringPace); err != nil {
			t.Fatal(err)
		}
		h.looks(gap)
		h.rung("after a start", "sue 1 no_answer", "una 1 new")
		h.later(50 * time.Second)
		h.looks()
		h.rung("over while it waits", "sue 1 no_answer", "una 1 needless")
		if tasks := h.testTasks(); len(tasks) != 0 {
			t.Errorf("a phone rings for what is over: %+v", tasks)
		}
	})
}

// Processes that look at one instant ring one phone.
func TestProcessesRingOnePhone(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		all := h.chiefs("sue", "una", "vera")
		second := h.beside()
		for line := range 8 {
			h.looks(gapOf(fmt.Sprint(line))) // nobody may be rung yet
			var g sync.WaitGroup
			for i, s := range []*Store{h.Store, second} {
				gap := gapOf(fmt.Sprint(line), all[i:]...) // each knows other consoles
				g.Go(func() {
					if err := s.RingAlarms(t.Context(), []AlarmCall{gap}, true, ringPace); err != nil {
						t.Error(err)
					}
				})
			}
			g.Wait()
			var n int
			if err := h.read.QueryRow(`SELECT count(*) FROM tests WHERE alarm <> '' AND till_at > 0`).Scan(&n); err != nil || n != 1 {
				t.Errorf("%d phones ring, %v; want one", n, err)
			}
			h.later(time.Minute)
			h.looks()
		}
	})
}

// The words name no line and nobody: who knows that nobody can answer knows the rest, but not the other way round.
func TestWhoKnowsOfOneAlarmKnowsOfTheRest(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		sue := h.chiefs("sue")[0]
		late, one, two := lateOf(sue), gapOf("+4570201550", sue), gapOf("+4570201551", sue)
		knows := func(what, kind, sid string, meanwhile ...AlarmCall) {
			t.Helper()
			id := h.newest(sid)
			h.looks(meanwhile...)
			if p, err := h.TestPage(t.Context(), id, sid); err != nil || p.Alarm != kind {
				t.Errorf("%s: TestPage = %+v, %v; want her told of %s", what, p, err, kind)
			}
			h.pressesTest(id, sid, "1", hotline.AtThanks)
		}
		h.looks(late)
		knows("somebody did not come", hotline.AlarmNotHere, "CA1", late, one, two)
		h.looks(late, one, two)
		knows("and nobody can answer, on two lines", hotline.AlarmGap, "CA2", late, one, two)
		h.later(time.Minute)
		h.looks()
		h.looks(late, one, two)
		knows("again, and the gap goes first", hotline.AlarmGap, "CA3", late, one, two)
		h.later(time.Minute)
		h.looks(late, one, two)
		h.rung("all is known", "sue 1 answered", "sue 1 answered", "sue 1 answered")
		if u, err := h.User(t.Context(), sue.ID); err != nil || u.Tested.IsZero() {
			t.Errorf("a key proves her phone: %v, %v", u.Tested, err)
		}
	})
}

// An alarm goes before tests that somebody asked for.
func TestAnAlarmGoesBeforeTests(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		all := h.chiefs("sue", "una", "vera")
		h.tests(all[1])
		h.tests(all[2])
		h.later(time.Second)
		h.looks(gapOf("*", all[0]))
		h.newest("CA1")
		h.rung("before the tests", "sue 1 dialled")
	})
}
