package console

import (
	"cmp"
	"context"

	"hopeline/hotline"
)

// PageTests ring colleagues' own phones with nobody behind it. Who may not is [hotline.ErrForbidden].
type PageTests interface {
	// PageTest tells how many browsers of hers took a push as well. One that is under way is given instead of another.
	PageTest(ctx context.Context, v hotline.Viewer, user hotline.UserID) (t hotline.Test, pushed int, err error)
	// PageTests tests all who are on duty within the week to come. Skipped are those who have no number.
	PageTests(ctx context.Context, v hotline.Viewer) (rings, skipped int, err error)
}

// PageTest is the last test of somebody's own phone.
type PageTest struct {
	User   hotline.UserID     `json:"user"`
	By     hotline.UserID     `json:"by"` // "system": her duty was about to begin, or an alarm was told to her
	At     Stamp              `json:"at"`
	Result hotline.TestResult `json:"result"`
	Ended  *Stamp             `json:"ended"` // null: not yet
}

func pageTestOf(t *hotline.Test) *PageTest {
	if t == nil {
		return nil
	}
	return &PageTest{t.User, t.By, Stamp(t.Made), t.Result, moment(t.Ended)}
}

// PageTestArgs name whose phone is rung, or with week all who are on duty within the week to come.
type PageTestArgs struct {
	User hotline.UserID `json:"user,omitempty"` // left out: one's own
	Week bool           `json:"week,omitempty"`
}

func (a PageTestArgs) check() error { return maybeID("user", string(a.User)) }

// PageTestResult is what was asked for. The results come as page.tested.
type PageTestResult struct {
	Test    *PageTest `json:"test"`    // of one
	Pushed  int       `json:"pushed"`  // browsers of hers that took a push
	Rings   int       `json:"rings"`   // phones that ring, one after the other
	Skipped int       `json:"skipped"` // people on duty who have no number
}

func (x call) pageTest(a PageTestArgs) (PageTestResult, error) {
	tests := x.console.parts.Tests
	if a.Week {
		rings, skipped, err := tests.PageTests(x, x.v)
		return PageTestResult{Rings: rings, Skipped: skipped}, err
	}
	t, pushed, err := tests.PageTest(x, x.v, cmp.Or(a.User, x.v.ID))
	return PageTestResult{Test: pageTestOf(&t), Pushed: pushed, Rings: 1}, err
}

// PageTested is a test of a phone that was asked for, rings or ended. It goes to her and to supervisors.
type PageTested struct {
	Test PageTest `json:"test"`
}

func (PageTested) event() string { return "page.tested" }

func (t *teller) pageTested(n hotline.TestChanged) {
	f := eventFrame(PageTested{*pageTestOf(&n.Test)})
	for _, c := range t.hub.all() {
		if v := c.viewer.Load(); v.Role == hotline.Supervisor || v.ID == n.Test.User {
			c.put(f)
		}
	}
}

func (absent) PageTest(context.Context, hotline.Viewer, hotline.UserID) (hotline.Test, int, error) {
	return hotline.Test{}, 0, errAbsent
}
func (absent) PageTests(context.Context, hotline.Viewer) (rings, skipped int, err error) {
	return 0, 0, errAbsent
}
