package storage

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"hopeline/hotline"
)

// AlarmCall is something that is so, for which phones are rung one after the other until somebody knows of it.
type AlarmCall struct {
	What string         // tells it from every other
	Kind string         // hotline.AlarmGap, hotline.AlarmNotHere
	Line hotline.LineID // whose rota it is about
	From hotline.LineID // that phones are rung from
	Whom []Callee       // in this order
}

// Callee is somebody whose phone may be rung for an alarm.
type Callee struct {
	User  hotline.UserID
	Shown bool // a page of hers is open, and shows it
}

// AlarmPace is how phones are rung for an alarm.
type AlarmPace struct {
	Grace  time.Duration // for how long it has to be so before any phone rings: a page may only have been loaded anew
	Next   time.Duration // until the next phone rings, when the last one still does
	Shown  time.Duration // for how long the phone of who is shown it does not ring
	Again  time.Duration // until a round begins anew
	Rounds int           // at most, for one alarm
	Lapse  time.Duration // after which what nobody found so any more is over: a short break is none
}

// alarm is a row of alarms.
type alarm struct {
	id, what       string
	kind           string
	line           string
	began, roundAt time.Time
	known          bool
	round          int
}

// openAlarms are those that are not over: gaps first, then the oldest.
func (t *tx) openAlarms() (open []*alarm, err error) {
	err = t.each(`SELECT id, what, kind, line, began_at, known_at, round, round_at FROM alarms WHERE ended_at = 0
		ORDER BY CASE WHEN kind = $1 THEN 0 ELSE 1 END, began_at, id`, []any{hotline.AlarmGap}, func(row scanner) error {
		a := &alarm{}
		var began, known, roundAt int64
		err := row.Scan(&a.id, &a.what, &a.kind, &a.line, &began, &known, &a.round, &roundAt)
		a.began, a.known, a.roundAt = fromMillis(began), known > 0, fromMillis(roundAt)
		open = append(open, a)
		return err
	})
	return open, err
}

// RingAlarms keeps which alarms are so, and has the next phone rung for the first of them that nobody said she knows of.
// What is so no more is over, unless it may only not be known: then sure is false. An alarm that comes again rings anew.
func (s *Store) RingAlarms(ctx context.Context, so []AlarmCall, sure bool, pace AlarmPace) error {
	if len(so) == 0 {
		var open int
		err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM alarms WHERE ended_at = 0`).Scan(&open)
		if err != nil || open == 0 {
			return classify(err)
		}
	}
	return s.write(ctx, func(t *tx) error {
		if err := t.keepAlarms(so, sure, pace.Lapse); err != nil {
			return err
		}
		if waits, err := t.alarmWaits(pace.Next); err != nil || waits {
			return err
		}
		open, err := t.openAlarms()
		if err != nil {
			return err
		}
		for _, a := range open {
			i := slices.IndexFunc(so, func(c AlarmCall) bool { return c.What == a.what })
			if a.known || i < 0 {
				continue
			}
			if turn, err := t.alarmTurn(a, so[i], pace); err != nil || turn {
				return err // one phone after the other, for whatever is so
			}
		}
		return nil
	})
}

// keepAlarms begins those that are new, and ends those that nobody found so for a while. Of several processes that look at
// one instant the others wait here, and find the phone that the first has rung.
func (t *tx) keepAlarms(so []AlarmCall, sure bool, lapse time.Duration) error {
	for _, c := range so {
		n, err := t.exec(`UPDATE alarms SET so_at = $1 WHERE what = $2 AND ended_at = 0`, millis(t.now), c.What)
		if err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		id := t.newID()
		if _, err := t.exec(`INSERT INTO alarms (id, what, kind, line, began_at, so_at, ended_at, known_by, known_at, round, round_at)
			VALUES ($1, $2, $3, $4, $5, $5, 0, '', 0, 0, 0)`, id, c.What, c.Kind, string(c.Line), millis(t.now)); err != nil {
			return err
		}
		if err := t.audit(System, "alarm.began", "", fmt.Sprintf("alarm=%s kind=%s line=%s", id, c.Kind, c.Line)); err != nil {
			return err
		}
	}
	open, err := t.openAlarms()
	if err != nil || !sure {
		return err
	}
	for _, a := range open {
		n, err := t.exec(`UPDATE alarms SET ended_at = $1 WHERE id = $2 AND ended_at = 0 AND so_at <= $3`, millis(t.now), a.id, millis(t.now.Add(-lapse)))
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if err := t.hush(a, ""); err != nil {
			return err
		}
		if err := t.audit(System, "alarm.over", "", "alarm="+a.id); err != nil {
			return err
		}
	}
	return nil
}

// alarmWaits tells whether the phone that was asked to ring last for any alarm has its time still. One that could not be
// rung in its time is not any more.
func (t *tx) alarmWaits(patience time.Duration) (bool, error) {
	last, err := t.testWhere(`t.till_at > 0 AND t.id = (SELECT max(id) FROM tests WHERE alarm <> '')`)
	switch {
	case err != nil || last == nil:
		return false, err
	case t.now.Before(last.Made.Add(patience)):
		return true, nil
	case last.state == hotline.LegNew:
		return false, t.testOver(last, hotline.TestGaveWay)
	}
	return false, nil
}

// alarmTurn has the next phone rung for an alarm, if one may ring now, and tells whether it is this alarm's turn: it is
// not while it is new, when nobody is ever rung for it, and once all its rounds were made.
func (t *tx) alarmTurn(a *alarm, c AlarmCall, pace AlarmPace) (bool, error) {
	if len(c.Whom) == 0 || t.now.Before(a.began.Add(pace.Grace)) {
		return false, nil
	}
	if a.round == 0 || !t.now.Before(a.roundAt.Add(pace.Again)) {
		if a.round, a.roundAt = a.round+1, t.now; a.round > pace.Rounds {
			return false, nil
		}
	}
	left, err := t.alarmLeft(a, c.Whom)
	if err != nil {
		return true, err
	}
	for _, who := range left {
		if who.Shown && t.now.Before(a.began.Add(pace.Shown)) {
			continue
		}
		busy, err := t.phoneBusy(who.User)
		if err != nil {
			return true, err
		}
		if !busy {
			return true, t.ringAlarm(a, c.From, who.User)
		}
	}
	return true, nil
}

// alarmLeft are those whom this round did not ring yet: first whoever was rung for this alarm least often.
func (t *tx) alarmLeft(a *alarm, whom []Callee) ([]Callee, error) {
	rung, last := map[hotline.UserID]int{}, map[hotline.UserID]int{}
	err := t.each(`SELECT user_id, count(*), max(round) FROM tests WHERE alarm = $1 GROUP BY user_id`, []any{a.id}, func(row scanner) error {
		var u hotline.UserID
		var n, round int
		err := row.Scan(&u, &n, &round)
		rung[u], last[u] = n, round
		return err
	})
	left := slices.DeleteFunc(slices.Clone(whom), func(c Callee) bool { return last[c.User] == a.round })
	slices.SortStableFunc(left, func(x, y Callee) int { return cmp.Compare(rung[x.User], rung[y.User]) })
	return left, err
}

// phoneBusy tells whether somebody's phone is rung, or in use, for whatever else.
func (t *tx) phoneBusy(user hotline.UserID) (bool, error) {
	p, err := t.testWhere(`t.user_id = $1 AND t.till_at > 0`, string(user))
	if err != nil || p != nil {
		return true, err
	}
	return t.inLeg(user)
}

// ringAlarm has one phone rung.
func (t *tx) ringAlarm(a *alarm, from hotline.LineID, user hotline.UserID) error {
	if _, err := t.exec(`UPDATE alarms SET round = $1, round_at = $2 WHERE id = $3`, a.round, millis(a.roundAt), a.id); err != nil {
		return err
	}
	p := &pageTest{Test: hotline.Test{User: user, By: System}, line: string(from), alarm: a.id, round: a.round}
	if err := t.addTest(p); err != nil {
		return err
	}
	return t.audit(System, "page.alarm", "", fmt.Sprintf("user=%s alarm=%s round=%d", user, a.id, a.round))
}

// alarmRings tells whether phones are rung for an alarm still: it is so, and nobody said that she knows.
func (t *tx) alarmRings(id string) (bool, error) {
	var n int
	err := t.row(`SELECT count(*) FROM alarms WHERE id = $1 AND ended_at = 0 AND known_at = 0`, []any{id}, &n)
	return n > 0, err
}

// alarmKnown keeps that somebody knows of what her phone told her. The words name no line and nobody: so she knows of all
// that stand of its kind, and whoever knows that nobody can answer looks, and sees the rest.
func (t *tx) alarmKnown(p *pageTest) error {
	open, err := t.openAlarms()
	if err != nil {
		return err
	}
	heard := slices.IndexFunc(open, func(a *alarm) bool { return a.id == p.alarm })
	for _, a := range open {
		if heard < 0 || open[heard].kind != hotline.AlarmGap && a.kind != open[heard].kind {
			continue
		}
		n, err := t.exec(`UPDATE alarms SET known_by = $1, known_at = $2 WHERE id = $3 AND known_at = 0`, string(p.User), millis(t.now), a.id)
		if err != nil {
			return err
		}
		if n == 0 {
			continue // somebody was quicker
		}
		if err := t.hush(a, p.ID); err != nil {
			return err
		}
		if err := t.audit(string(p.User), "alarm.known", "", "alarm="+a.id); err != nil {
			return err
		}
	}
	return nil
}

// hush ends what still rings for an alarm, but for one.
func (t *tx) hush(a *alarm, but hotline.TestID) error {
	rings, err := t.testsWhere(`t.till_at > 0 AND NOT t.down AND t.alarm = $1 AND t.id <> $2`, a.id, string(but))
	for _, p := range rings {
		if err != nil {
			return err
		}
		if p.state == hotline.LegNew {
			err = t.testOver(p, hotline.TestGaveWay)
		} else {
			err = t.hangUpTest(p)
		}
	}
	return err
}
