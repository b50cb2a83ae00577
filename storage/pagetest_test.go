package storage

import (
	"errors"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

const testLine = hotline.LineID("+4570201550")

// tests asks for a test of somebody's phone.
func (h *house) tests(v hotline.Viewer) hotline.TestID {
	h.t.Helper()
	asked, err := h.AskTest(h.t.Context(), "boss", v.ID, testLine, "")
	if err != nil || asked.Result != hotline.TestWaits {
		h.t.Fatalf("AskTest = %+v, %v", asked, err)
	}
	return asked.ID
}

func (h *house) testTasks() []TestTask {
	h.t.Helper()
	tasks, err := h.ClaimTests(h.t.Context(), 20*time.Second, pace)
	if err != nil {
		h.t.Fatal("claim tests:", err)
	}
	return tasks
}

// dials takes the one test that is to be dialled, and says that the carrier took it.
func (h *house) dials(id hotline.TestID, sid string) TestTask {
	h.t.Helper()
	tasks := h.testTasks()
	if len(tasks) != 1 || tasks[0].Test != id || tasks[0].SID != "" {
		h.t.Fatalf("tasks = %+v, want %s dialled", tasks, id)
	}
	h.settlesTest(tasks[0], hotline.Handed{Class: hotline.Taken, SID: sid})
	return tasks[0]
}

func (h *house) settlesTest(t TestTask, got hotline.Handed) {
	h.t.Helper()
	if err := h.SettleTest(h.t.Context(), t, got); err != nil {
		h.t.Fatal("settle a test:", err)
	}
}

func (h *house) reportsTest(id hotline.TestID, sid string, state hotline.LegState, end hotline.LegEnd) {
	h.t.Helper()
	if err := h.TestReport(h.t.Context(), hotline.TestReport{Test: id, SID: sid, State: state, End: end}); err != nil {
		h.t.Fatal("report a test:", err)
	}
}

// stands checks what a test came to, and when its person is known to have been tested.
func (h *house) stands(v hotline.Viewer, want hotline.TestResult, tested time.Time) {
	h.t.Helper()
	all, err := h.Tests(h.t.Context(), v.ID)
	if err != nil || all[v.ID].Result != want || len(all) != 1 {
		h.t.Errorf("her last test is %+v, %v; want %s", all, err, want)
	}
	if u, err := h.User(h.t.Context(), v.ID); err != nil || !u.Tested.Equal(tested) {
		h.t.Errorf("she was tested %v, %v; want %v", u.Tested, err, tested)
	}
}

func (h *house) pressesTest(id hotline.TestID, sid, digit string, want hotline.Where) {
	h.t.Helper()
	if p, err := h.TestPressed(h.t.Context(), id, sid, digit); err != nil || p.Where != want {
		h.t.Errorf("after key %s she is told %+v, %v; want %s", digit, p, err, want)
	}
}

func TestAKeyProvesThatAPhoneIsHeard(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.onPhone("ann", "+4530000001")
		id := h.tests(ann)
		if again := h.tests(ann); again != id {
			t.Error("asked twice, her phone would ring twice")
		}
		task := h.dials(id, "CA1")
		if d := task.Dial; d.To.Full() != "+4530000001" || d.From.Full() != "+4570201550" || d.Test != id || d.Rings != h.config.Rules.Call.Ring {
			t.Errorf("dials %+v", d)
		}
		h.stands(ann, hotline.TestRings, time.Time{})
		if p, err := h.TestPage(t.Context(), id, "CA1"); err != nil || p.Where != hotline.AtAsk || p.Speaks != "da" {
			t.Errorf("TestPage = %+v, %v", p, err)
		}
		h.reportsTest(id, "CA1", hotline.LegUp, "")
		h.pressesTest(id, "CA1", "2", hotline.AtAsk)
		h.stands(ann, hotline.TestRings, time.Time{})
		h.later(time.Second)
		at := h.clock()
		h.pressesTest(id, "CA1", "1", hotline.AtThanks)
		h.later(time.Second)
		h.pressesTest(id, "CA1", "1", hotline.AtThanks) // the carrier repeats itself
		h.reportsTest(id, "CA1", hotline.LegOver, hotline.LegDone)
		h.reportsTest(id, "CA1", hotline.LegRings, "")
		h.stands(ann, hotline.TestAnswered, at)
		told := 0
		for _, n := range h.notices {
			if c, ok := n.(hotline.TestChanged); ok && c.Test.Result == hotline.TestAnswered {
				told++
			}
		}
		if told != 1 {
			t.Errorf("the house was told %d times that she answered, want once", told)
		}
	})
}

// Whatever is no key proves nothing, and says why in a word.
func TestWhatProvesNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.onPhone("ann", "+4530000001")
		for end, want := range map[hotline.LegEnd]hotline.TestResult{hotline.LegDone: hotline.TestNoKey, hotline.LegNoAnswer: hotline.TestNoAnswer,
			hotline.LegBusy: hotline.TestBusy, hotline.LegFailed: hotline.TestFailed, hotline.LegCanceled: hotline.TestNoAnswer} {
			h.later(time.Minute)
			id := h.tests(ann)
			h.dials(id, "CA"+string(end))
			h.reportsTest("unknown", "CA9", hotline.LegOver, hotline.LegDone)
			h.reportsTest(id, "CA of another", hotline.LegOver, hotline.LegFailed)
			h.stands(ann, hotline.TestRings, time.Time{})
			h.reportsTest(id, "CA"+string(end), hotline.LegOver, end)
			h.stands(ann, want, time.Time{})
			h.pressesTest(id, "CA"+string(end), "1", hotline.Over) // too late
			h.stands(ann, want, time.Time{})
		}
		h.later(time.Minute)
		id := h.tests(ann)
		h.settlesTest(h.testTasks()[0], hotline.Handed{Class: hotline.Refuse})
		h.stands(ann, hotline.TestFailed, time.Time{})
		if p, err := h.TestPage(t.Context(), id, ""); err != nil || p.Where != hotline.Over {
			t.Errorf("TestPage = %+v, %v", p, err)
		}
		if _, err := h.TestPage(t.Context(), "unknown", "CA9"); !errors.Is(err, hotline.ErrNotFound) {
			t.Errorf("TestPage of what nobody knows: %v", err)
		}
		sue := h.user("sue", hotline.Supervisor) // has no number
		if _, err := h.AskTest(t.Context(), "boss", sue.ID, testLine, ""); !errors.Is(err, hotline.ErrInvalid) {
			t.Errorf("AskTest without a number: %v", err)
		}
	})
}

// A house that dies between the dial and its report forgets nothing, and dials nobody twice.
func TestATestSurvivesACrash(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.onPhone("ann", "+4530000001")
		h.tests(ann)
		h.testTasks()
		if err := h.Close(); err != nil {
			t.Fatal(err)
		}
		h.open()
		h.later(time.Minute)
		if tasks := h.testTasks(); len(tasks) != 0 {
			t.Errorf("it is asked of the carrier again: %+v", tasks)
		}
		next, err := h.NextTest(t.Context())
		if err != nil || next.IsZero() || next.Sub(h.clock()) > time.Minute {
			t.Fatalf("NextTest = %v, %v; want it over within two minutes of the dial", next, err)
		}
		h.later(next.Sub(h.clock()))
		h.testTasks()
		h.stands(ann, hotline.TestNoAnswer, time.Time{})
		if next, err := h.NextTest(t.Context()); err != nil || !next.IsZero() {
			t.Errorf("NextTest = %v, %v; want nothing to do", next, err)
		}
	})
}

// A page before a shift is a check-in by its key, and is made once for the seat.
func TestAKeySaysThatSheIsThere(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.onPhone("ann", "+4530000001")
		seat, err := rota.ParseShiftID("*/night/2026-03-01/0")
		if err != nil {
			t.Fatal(err)
		}
		ask := func() hotline.TestID {
			asked, err := h.AskTest(t.Context(), System, ann.ID, testLine, hotline.ShiftID(seat.String()))
			if err != nil {
				t.Fatal(err)
			}
			return asked.ID
		}
		id := ask()
		h.dials(id, "CA1")
		if p, err := h.TestPage(t.Context(), id, "CA1"); err != nil || !p.Begins {
			t.Errorf("TestPage = %+v, %v; want her asked whether she is there", p, err)
		}
		says := func() hotline.SeatState {
			said, err := h.Attendance(t.Context(), h.clock(), h.clock())
			if err != nil {
				t.Fatal(err)
			}
			return said.Of(seat, ann.ID)
		}
		if s := says(); s != hotline.SeatPlanned {
			t.Errorf("before the key she is %s", s)
		}
		h.pressesTest(id, "CA1", "1", hotline.AtThanks)
		if s := says(); s != hotline.SeatHere {
			t.Errorf("after the key she is %s, want there", s)
		}
		h.later(time.Minute)
		if again := ask(); again != id {
			t.Error("her phone rings twice for one shift")
		}
	})
}

// The carrier keeps the number of a colleague no longer than that of anybody else.
func TestWhatATestLeavesAtTheCarrierIsDeleted(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		id := h.tests(h.onPhone("ann", "+4530000001"))
		h.dials(id, "CA1")
		if ours, strange, err := h.Leftovers(t.Context(), []hotline.Trace{{Kind: hotline.CallTrace, SID: "CA9"}}); err != nil || ours != 0 || strange != 1 {
			t.Errorf("Leftovers of a call that nobody knows = %d, %d, %v", ours, strange, err)
		}
		h.later(time.Minute)
		if _, err := h.GatherTraces(t.Context(), h.clock(), 10); err != nil {
			t.Fatal(err)
		}
		due, err := h.ClaimTraces(t.Context(), 10, time.Minute)
		if err != nil || len(due) != 1 || due[0].SID != "CA1" || due[0].Kind != hotline.CallTrace {
			t.Fatalf("to be deleted at the carrier: %+v, %v", due, err)
		}
		if err := h.ErasedTraces(t.Context(), due); err != nil {
			t.Fatal(err)
		}
		if ours, strange, err := h.Leftovers(t.Context(), []hotline.Trace{{Kind: hotline.CallTrace, SID: "CA1"}}); err != nil || ours != 1 || strange != 0 {
			t.Errorf("Leftovers of a test = %d, %d, %v", ours, strange, err)
		}
	})
}

// Tests share the account's rate with pages, and every page goes first.
func TestARealPageGoesFirst(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann, bea := h.onPhone("ann", "+4530000001"), h.onPhone("bea", "+4530000002")
		h.tests(ann)
		h.later(time.Millisecond)
		beas := h.tests(bea)
		h.offeredTo(h.called("CA1"), ann)
		if tasks := h.testTasks(); len(tasks) != 0 {
			t.Fatalf("a test goes before a page: %+v", tasks)
		}
		h.settled(h.only(DialLeg), "CA2")
		if tasks := h.testTasks(); len(tasks) != 0 {
			t.Errorf("a test is dialled within the second of a page: %+v", tasks)
		}
		h.later(pace)
		h.dials(beas, "CA3") // Ann's own waits: her phone is in use
		h.later(pace)
		if tasks := h.testTasks(); len(tasks) != 0 {
			t.Errorf("her phone rings for a page, and is tested: %+v", tasks)
		}
		h.later(testPatience)
		h.testTasks()
		h.stands(ann, hotline.TestGaveWay, time.Time{})
	})
}

// Somebody in need calls while a phone is in a test: the test ends, and then it rings.
func TestATestGivesWayToAPage(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.onPhone("ann", "+4530000001")
		id := h.tests(ann)
		h.dials(id, "CA1")
		h.later(pace)
		h.offeredTo(h.called("CA2"), ann)
		if tasks := h.tasks(); len(tasks) != 0 {
			t.Fatalf("her phone is busy, and rung: %+v", tasks)
		}
		h.pressesTest(id, "CA1", "1", hotline.Over)
		ends := h.testTasks()
		if len(ends) != 1 || ends[0].SID != "CA1" {
			t.Fatalf("tasks = %+v, want the test hung up", ends)
		}
		h.settlesTest(ends[0], hotline.Handed{Class: hotline.Taken, SID: "CA1"})
		h.stands(ann, hotline.TestGaveWay, time.Time{})
		h.later(yieldLook)
		h.settled(h.only(DialLeg), "CA3")

		// The carrier does not say that it hung up: the page waits no longer than a moment.
		bea := h.onPhone("bea", "+4530000002")
		h.later(pace)
		h.dials(h.tests(bea), "CA4")
		h.later(pace)
		h.offeredTo(h.called("CA5"), bea)
		h.tasks()
		h.testTasks()
		h.later(yieldMost)
		h.only(DialLeg)
	})
}
