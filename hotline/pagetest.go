package hotline

import "time"

// TestID names a test page.
type TestID string

// Test is a page with nobody behind it: a colleague's own phone rings as it does for a contact, and she presses a key. The
// house asks that way, too, whether somebody is there for her duty, and rings supervisors for an alarm.
type Test struct {
	ID     TestID
	User   UserID
	By     UserID  // who asked for it; System is "system"
	Shift  ShiftID // its duty begins, and she is asked whether she is there; empty: only a test
	Made   time.Time
	Result TestResult
	Ended  time.Time // zero: not yet
}

// TestResult is how far a test page is, or what it proved. Only an answered one proves anything.
type TestResult string

// The results of a test page.
const (
	TestWaits    TestResult = "waits"     // for its turn
	TestRings    TestResult = "rings"     // or she is asked for the key
	TestAnswered TestResult = "answered"  // she pressed the key
	TestNoKey    TestResult = "no_key"    // a machine picked up, or she did not press
	TestNoAnswer TestResult = "no_answer" // nobody picked up, or nothing was ever reported
	TestBusy     TestResult = "busy"
	TestFailed   TestResult = "failed"   // no such number, no network, or the carrier would not
	TestGaveWay  TestResult = "gave_way" // somebody in need came first
	TestNeedless TestResult = "needless" // somebody else knew first of what she was rung for, or it was over
)

// TestEnd is what a leg that ended without a key says of a test.
func TestEnd(how LegEnd) TestResult {
	switch how {
	case LegDone:
		return TestNoKey
	case LegBusy:
		return TestBusy
	case LegFailed:
		return TestFailed
	}
	return TestNoAnswer
}

// TestPlace is what a test's leg is told next: [AtAsk], [AtThanks], or [Over] when it is too late.
type TestPlace struct {
	ID     TestID
	Where  Where
	Begins bool   // she is asked whether she is there for her duty
	Alarm  string // the kind of what she is told is so: AlarmGap, AlarmNotHere; empty: nothing
	Speaks string // the language that she is spoken to in
}

// TestReport is a fact about a test's leg, as the carrier tells it.
type TestReport struct {
	Test  TestID
	SID   string
	State LegState
	End   LegEnd // of LegOver
}

// TestChanged says that a test page was asked for, rings or ended: the result is on disk.
type TestChanged struct{ Test Test }

func (TestChanged) notice() {}
