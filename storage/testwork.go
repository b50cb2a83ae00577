package storage

import (
	"context"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
)

// TestTask is one thing that the carrier is asked for about a test page.
type TestTask struct {
	Test hotline.TestID
	SID  string           // to hang up
	Dial hotline.Dialling // to dial, when there is no SID
}

// ClaimTests ends tests that took too long, and takes what the carrier has to be asked for now. A test is made at the
// account's rate, like every leg, and only while no leg waits to be made and her phone is not in use: whoever is in need
// goes first, and after that an alarm.
func (s *Store) ClaimTests(ctx context.Context, lease, pace time.Duration) ([]TestTask, error) {
	var tasks []TestTask
	err := s.write(ctx, func(t *tx) error {
		tasks = nil
		open, err := t.testsWhere(`t.till_at > 0 AND (t.till_at <= $1 OR t.next_at > 0 AND t.next_at <= $1)
			ORDER BY CASE WHEN t.alarm <> '' THEN 0 ELSE 1 END, t.made_at, t.id LIMIT 500`, millis(t.now))
		if err != nil {
			return err
		}
		for _, p := range open {
			switch {
			case p.till <= millis(t.now):
				err = t.testLate(p, &tasks)
			case p.down:
				err = t.testDown(p, lease, &tasks)
			}
			if err != nil {
				return err
			}
		}
		return t.claimTest(open, pace, &tasks)
	})
	return tasks, err
}

// testLate ends a test whose time is over, on the line as well when we know its leg.
func (t *tx) testLate(p *pageTest, tasks *[]TestTask) error {
	result := hotline.TestNoAnswer
	if p.down || p.state == hotline.LegNew {
		result = hotline.TestGaveWay
	}
	if p.sid != "" {
		*tasks = append(*tasks, TestTask{Test: p.ID, SID: p.sid})
	}
	return t.testOver(p, result)
}

// testDown hangs up, once the leg is known.
func (t *tx) testDown(p *pageTest, lease time.Duration, tasks *[]TestTask) error {
	p.nextAt = millis(t.now.Add(lease))
	if p.sid == "" {
		p.nextAt = millis(t.now.Add(yieldLook))
	} else {
		*tasks = append(*tasks, TestTask{Test: p.ID, SID: p.sid})
	}
	return t.saveTest(p)
}

// claimTest takes the oldest test that may be dialled now, if the account's rate lets one be.
func (t *tx) claimTest(open []*pageTest, pace time.Duration, tasks *[]TestTask) error {
	last, err := t.lastDial()
	if err != nil || !last.before(t.now, pace) {
		return err
	}
	if wait, err := t.legWaits(); err != nil || wait {
		return err
	}
	for _, p := range open {
		if p.state != hotline.LegNew || p.down {
			continue
		}
		busy, err := t.inLeg(p.User)
		if err != nil {
			return err
		}
		if busy {
			continue
		}
		task, ok, err := t.dialTest(p)
		if err != nil || !ok {
			return err
		}
		*tasks = append(*tasks, task)
		return t.dialled(last)
	}
	return nil
}

// legWaits tells whether a leg for somebody in need is to be made now.
func (t *tx) legWaits() (bool, error) {
	if err := t.flush(); err != nil {
		return false, err
	}
	var n int
	err := t.row(`SELECT count(*) FROM legs WHERE state = 'new' AND NOT down AND next_at > 0 AND next_at <= $1`, []any{millis(t.now)}, &n)
	return n > 0, err
}

// inLeg tells whether somebody's phone is rung, or in use, for somebody in need.
func (t *tx) inLeg(user hotline.UserID) (bool, error) {
	var n int
	err := t.row(`SELECT count(*) FROM legs WHERE user_id = $1 AND state <> 'over'`, []any{string(user)}, &n)
	return n > 0, err
}

// dialTest notes that a test is with the carrier from now on: it is never dialled twice, whatever becomes of the answer.
func (t *tx) dialTest(p *pageTest) (task TestTask, ok bool, err error) {
	u, err := t.user(p.User)
	if t.store.damagedUser(u, err) || err == nil && (u.Phone == "" || u.Disabled) {
		return task, false, t.testOver(p, hotline.TestFailed)
	}
	if err != nil {
		return task, false, err
	}
	rules := t.store.rules.Call
	p.state, p.nextAt, p.Result = hotline.LegTried, 0, hotline.TestRings
	p.till = millis(t.now.Add(rules.Ring + testSpeech + rules.Key + rules.Slack))
	t.tell(hotline.TestChanged{Test: p.Test})
	dial := hotline.Dialling{Test: p.ID, Part: hotline.Answerer, From: hotline.AddressOf(p.line), To: hotline.AddressOf(u.Phone), Rings: rules.Ring}
	return TestTask{Test: p.ID, Dial: dial}, true, t.saveTest(p)
}

// testSpeech is how long the question takes, said as often as it is.
const testSpeech = 30 * time.Second

// SettleTest writes down what became of a try. What the carrier did not take for now is dialled later; of an answer that
// was lost the reports tell, or the deadline.
func (s *Store) SettleTest(ctx context.Context, task TestTask, got hotline.Handed) error {
	return s.write(ctx, func(t *tx) error {
		p, err := t.testWhere(`t.id = $1 AND t.till_at > 0`, string(task.Test))
		if err != nil || p == nil {
			return err
		}
		switch {
		case task.SID != "" && got.Class == hotline.Taken:
			return t.testOver(p, hotline.TestGaveWay)
		case task.SID != "" || got.Class == hotline.Unsure:
			return nil // it is asked again after the lease, and ends by its time
		case got.Class == hotline.Taken:
			if p.sid == "" {
				p.sid = got.SID
			}
			return t.saveTest(p)
		case got.Class == hotline.Refuse:
			t.store.log.Warn("the carrier refused to ring for a test", zap.String("test", string(p.ID)))
			return t.testOver(p, hotline.TestFailed)
		case p.state != hotline.LegTried:
			return nil
		case p.down:
			return t.testOver(p, hotline.TestGaveWay)
		}
		after := got.After
		if after <= 0 {
			after = 5 * time.Second
		}
		p.state, p.nextAt, p.till = hotline.LegNew, millis(t.now.Add(after)), millis(p.Made.Add(testPatience))
		return t.saveTest(p)
	})
}

const (
	// yieldMost is how long a page for somebody in need waits for a test of the same phone to end.
	yieldMost = 2 * time.Second
	// yieldLook is how long until it is looked again.
	yieldLook = 200 * time.Millisecond
)

// testYields ends a test that rings the phone of a leg that is to be dialled, and tells whether that has to wait a moment:
// a phone in a test is busy.
func (t *tx) testYields(user hotline.UserID) (bool, error) {
	p, err := t.testWhere(`t.user_id = $1 AND t.till_at > 0 AND t.state <> 'new'`, string(user))
	if err != nil || p == nil {
		return false, err
	}
	if !p.down {
		return true, t.hangUpTest(p)
	}
	return p.till > millis(t.now), nil
}

// hangUpTest wants a test's leg ended.
func (t *tx) hangUpTest(p *pageTest) error {
	p.down, p.nextAt, p.till = true, millis(t.now), millis(t.now.Add(yieldMost))
	t.tell(hotline.TestChanged{Test: p.Test})
	return t.saveTest(p)
}
