package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

// pageTest is a row of tests.
type pageTest struct {
	hotline.Test
	line    string
	alarm   string // of supervisors who are rung for one; empty: none
	round   int
	state   hotline.LegState
	sid     string
	down    bool
	nextAt  int64
	till    int64
	version int64
}

const testColumns = `t.id, t.user_id, t.by_user, t.line, t.shift, t.alarm, t.round, t.made_at, t.state, t.result, t.ended_at, COALESCE(t.sid, ''), t.down, t.next_at, t.till_at, t.version`

func scanTest(r scanner) (*pageTest, error) {
	p := &pageTest{}
	var made, ended int64
	err := r.Scan(&p.ID, &p.User, &p.By, &p.line, &p.Shift, &p.alarm, &p.round, &made, &p.state, &p.Result, &ended, &p.sid, &p.down, &p.nextAt, &p.till, &p.version)
	p.Made, p.Ended = fromMillis(made), fromMillis(ended)
	switch {
	case p.state == hotline.LegOver:
	case p.state == hotline.LegNew:
		p.Result = hotline.TestWaits
	default:
		p.Result = hotline.TestRings
	}
	return p, err
}

// testPatience is how long a test may wait for its turn: later nobody thinks of it any more, and the phone would only
// frighten her.
const testPatience = 15 * time.Minute

// AskTest asks for a test of somebody's phone, which rings from a line; with a shift it asks whether she is there. One that
// is under way already is given instead, and one that was made for that shift, however it ended.
func (s *Store) AskTest(ctx context.Context, by string, user hotline.UserID, line hotline.LineID, shift hotline.ShiftID) (hotline.Test, error) {
	var asked hotline.Test
	err := s.write(ctx, func(t *tx) error {
		u, err := t.user(user)
		switch {
		case err != nil:
			return err
		case u.Disabled || !u.Role.Interprets():
			return hotline.Say(hotline.ErrInvalid, "this account is never rung; nothing was done")
		case u.Phone == "":
			return hotline.Say(hotline.ErrInvalid, "there is no number to ring: an administrator gives one; nothing was done")
		}
		open, err := t.testWhere(`t.user_id = $1 AND (t.till_at > 0 OR t.shift = $2 AND t.shift <> '')`, string(user), string(shift))
		if err != nil {
			return err
		}
		if open != nil {
			asked = open.Test
			return nil
		}
		p := &pageTest{Test: hotline.Test{User: user, By: hotline.UserID(by), Shift: shift}, line: string(line)}
		if err := t.addTest(p); err != nil {
			return err
		}
		asked = p.Test
		return t.audit(by, "page.test", "", "user="+string(user))
	})
	return asked, err
}

// addTest has somebody's phone rung, as soon as it is its turn.
func (t *tx) addTest(p *pageTest) error {
	p.ID, p.Made, p.Result, p.state = hotline.TestID(t.newID()), t.now, hotline.TestWaits, hotline.LegNew
	p.nextAt, p.till = millis(t.now), millis(t.now.Add(testPatience))
	t.tell(hotline.TestChanged{Test: p.Test})
	_, err := t.exec(`INSERT INTO tests (id, user_id, by_user, line, shift, alarm, round, made_at, state, result, ended_at, sid, down, next_at, till_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'new', '', 0, NULL, $9, $8, $10, 0)`, string(p.ID), string(p.User), string(p.By), p.line, string(p.Shift),
		p.alarm, p.round, millis(t.now), false, p.till)
	return err
}

// testWhere finds one; nil when there is none.
func (t *tx) testWhere(where string, args ...any) (*pageTest, error) {
	found, err := t.testsWhere(where+` ORDER BY t.id`, args...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

func (t *tx) testsWhere(where string, args ...any) (found []*pageTest, err error) {
	err = t.each(`SELECT `+testColumns+` FROM tests t WHERE `+where, args, func(r scanner) error {
		p, err := scanTest(r)
		found = append(found, p)
		return err
	})
	return found, err
}

// Tests are the last test of each, or of one user.
func (s *Store) Tests(ctx context.Context, user hotline.UserID) (map[hotline.UserID]hotline.Test, error) {
	all := map[hotline.UserID]hotline.Test{}
	err := s.look(ctx, func(t *tx) error {
		found, err := t.testsWhere(`t.id IN (SELECT max(id) FROM tests WHERE CAST($1 AS TEXT) = '' OR user_id = $1 GROUP BY user_id)`, string(user))
		for _, p := range found {
			all[p.User] = p.Test
		}
		return err
	})
	return all, err
}

// saveTest writes what changed of a test. When another process was quicker everything is undone, and done again.
func (t *tx) saveTest(p *pageTest) error {
	result := p.Result
	if p.state != hotline.LegOver {
		result = ""
	}
	n, err := t.exec(`UPDATE tests SET state = $1, result = $2, ended_at = $3, sid = $4, down = $5, next_at = $6, till_at = $7, version = version + 1
		WHERE id = $8 AND version = $9`, string(p.state), string(result), millis(p.Ended), emptyIsNull(p.sid), p.down, p.nextAt, p.till, string(p.ID), p.version)
	if err == nil && n == 0 {
		return errAgain
	}
	p.version++
	return err
}

// testOver ends a test, once. Every process hears of it, since what coverage says of her may be another now.
func (t *tx) testOver(p *pageTest, result hotline.TestResult) error {
	if result == hotline.TestGaveWay && p.alarm != "" {
		rings, err := t.alarmRings(p.alarm)
		if err != nil {
			return err
		}
		if !rings {
			result = hotline.TestNeedless
		}
	}
	p.state, p.Result, p.Ended, p.nextAt, p.till = hotline.LegOver, result, t.now, 0, 0
	if err := t.saveTest(p); err != nil {
		return err
	}
	if result == hotline.TestAnswered {
		if _, err := t.exec(`UPDATE users SET tested_at = $1, version = version + 1 WHERE id = $2`, millis(t.now), string(p.User)); err != nil {
			return err
		}
	}
	if err := t.touch(""); err != nil {
		return err
	}
	t.tell(hotline.TestChanged{Test: p.Test}, hotline.LegWanted{}) // a page may have waited for it
	return t.audit(string(p.User), "page.tested", "", "test="+string(p.ID)+" result="+string(result))
}

// errNoTest is for a test that nobody knows.
var errNoTest = hotline.Say(hotline.ErrNotFound, "there is no such test")

// test finds a test by our id, and notes the carrier's. A test is dialled once, so a second leg of it is none of ours.
func (t *tx) test(id hotline.TestID, sid string) (*pageTest, error) {
	p, err := t.testWhere(`t.id = $1`, string(id))
	if err != nil {
		return nil, err
	}
	if p == nil || p.sid != "" && sid != "" && p.sid != sid {
		return nil, errNoTest
	}
	if p.sid == "" && sid != "" && p.state != hotline.LegOver {
		p.sid = sid
		return p, t.saveTest(p)
	}
	return p, nil
}

// TestPage is what a test's leg is told.
func (s *Store) TestPage(ctx context.Context, id hotline.TestID, sid string) (hotline.TestPlace, error) {
	var place hotline.TestPlace
	err := s.write(ctx, func(t *tx) error {
		p, err := t.test(id, sid)
		if err != nil {
			return err
		}
		place, err = t.testPlace(p)
		return err
	})
	return place, err
}

func (t *tx) testPlace(p *pageTest) (hotline.TestPlace, error) {
	place := hotline.TestPlace{ID: p.ID, Where: hotline.AtAsk, Begins: p.Shift != ""}
	if p.alarm != "" {
		if err := t.row(`SELECT kind FROM alarms WHERE id = $1`, []any{p.alarm}, &place.Alarm); err != nil {
			return place, err
		}
	}
	switch {
	case p.Result == hotline.TestAnswered:
		place.Where = hotline.AtThanks
	case p.state == hotline.LegOver || p.down:
		place.Where = hotline.Over
	}
	u, err := t.user(p.User)
	if err != nil && !errors.Is(err, hotline.ErrNotFound) {
		return place, err
	}
	if len(u.Languages) > 0 {
		place.Speaks = u.Languages[0]
	}
	return place, nil
}

// TestPressed is a key on a test's leg. Only 1 answers, and only one that is still asked.
func (s *Store) TestPressed(ctx context.Context, id hotline.TestID, sid, digit string) (hotline.TestPlace, error) {
	var place hotline.TestPlace
	err := s.write(ctx, func(t *tx) error {
		p, err := t.test(id, sid)
		if err != nil {
			return err
		}
		if digit == "1" && p.state != hotline.LegOver && !p.down {
			if err := t.testAnswered(p); err != nil {
				return err
			}
		}
		place, err = t.testPlace(p)
		return err
	})
	return place, err
}

func (t *tx) testAnswered(p *pageTest) error {
	if seat, err := rota.ParseShiftID(string(p.Shift)); p.Shift != "" && err == nil {
		if err := t.attends(p.User, seat, millis(t.now)); err != nil {
			return err
		}
		if err := t.audit(string(p.User), "duty.here", "", "shift="+seat.String()); err != nil {
			return err
		}
	}
	if p.alarm != "" {
		if err := t.alarmKnown(p); err != nil {
			return err
		}
	}
	return t.testOver(p, hotline.TestAnswered)
}

// TestReport merges a fact about a test's leg: it only ever moves forward. A fact about a test that we do not know, or
// that is over, changes nothing.
func (s *Store) TestReport(ctx context.Context, r hotline.TestReport) error {
	return s.write(ctx, func(t *tx) error {
		p, err := t.test(r.Test, r.SID)
		if errors.Is(err, hotline.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return t.mergeTest(p, r)
	})
}

func (t *tx) mergeTest(p *pageTest, r hotline.TestReport) error {
	switch {
	case r.State.Rank() <= p.state.Rank():
		return nil
	case r.State == hotline.LegOver && p.down:
		return t.testOver(p, hotline.TestGaveWay)
	case r.State == hotline.LegOver:
		return t.testOver(p, hotline.TestEnd(r.End))
	}
	p.state = r.State
	return t.saveTest(p)
}

// NextTest is when something is to be done about a test; zero when never.
func (s *Store) NextTest(ctx context.Context) (time.Time, error) {
	var till, next sql.NullInt64
	err := s.read.QueryRowContext(ctx, `SELECT min(till_at), min(CASE WHEN next_at > 0 THEN next_at END) FROM tests WHERE till_at > 0`).Scan(&till, &next)
	if next.Valid && next.Int64 < till.Int64 {
		till = next
	}
	return fromMillis(till.Int64), classify(err)
}
