package storage

import (
	"context"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
)

// dialUnsure: the answer to a dial was lost. It may be ringing, and then a report brings its id. Else it is dialled again:
// of two that ring one is ended. One that nobody wants any more is awaited for as long as it could ring.
func (t *tx) dialUnsure(l *leg) error {
	switch {
	case l.state != hotline.LegNew:
		l.schedule(t.now)
	case l.down:
		l.nextAt = millis(t.now.Add(t.store.rules.Call.Ring + t.store.rules.Call.Slack))
	default:
		l.nextAt = millis(t.now.Add(unsureDial))
	}
	return t.saveLeg(l)
}

// unsureDial is how long the first report of a leg may take whose dial was not answered.
const unsureDial = 3 * time.Second

// afterMove is when it is checked whether a leg that was moved is still up.
const afterMove = 3 * time.Second

// SettleLeg writes down what became of a try. What was not taken is tried again, for as long as it is wanted; what the
// carrier refuses is over: a leg that cannot be made, or is gone.
func (s *Store) SettleLeg(ctx context.Context, task LegTask, got hotline.Handed) error {
	return s.write(ctx, func(t *tx) error {
		l, err := t.legOf(task.Leg, "")
		if err != nil || l == nil || l.state == hotline.LegOver {
			return err
		}
		switch got.Class {
		case hotline.Taken:
			return t.legTaken(l, task, got)
		case hotline.Refuse:
			return t.legRefused(l, task, got)
		}
		if l.down && l.state == hotline.LegNew && got.Class != hotline.Unsure { // it was not made, and nobody wants it any more
			return t.overQuietly(l, hotline.LegCanceled)
		}
		if task.Work == DialLeg && got.Class == hotline.Unsure {
			return t.dialUnsure(l)
		}
		after := got.After
		if after <= 0 {
			after = min(time.Second<<min(task.Tries, 4), 15*time.Second)
		}
		l.nextAt = millis(t.now.Add(after))
		return t.saveLeg(l)
	})
}

func (t *tx) legTaken(l *leg, task LegTask, got hotline.Handed) error {
	l.tries = 0
	switch task.Work {
	case DialLeg:
		l, err := t.knowSID(l, got.SID)
		if err != nil || l.epoch < 0 {
			return err
		}
		l.schedule(t.now)
		return t.saveLeg(l)
	case EndLeg:
		h, err := t.contact(l.contact)
		if err != nil {
			return err
		}
		return t.legOver(h, l, hotline.LegDone)
	case MoveLeg:
		l.placed = task.place
		l.schedule(t.now)
		if l.work() == LookLeg {
			l.nextAt = millis(t.now.Add(afterMove))
		}
		return t.saveLeg(l)
	case HoldLeg:
		l.isHeld = task.On
	case MuteLeg:
		l.isMuted = task.On
	}
	l.schedule(t.now)
	return t.saveLeg(l)
}

func (t *tx) legRefused(l *leg, task LegTask, got hotline.Handed) error {
	code := 0
	if got.Failure != nil {
		code = got.Failure.Code
	}
	t.store.log.Warn("the carrier refused something about a leg", zap.String("leg", string(l.id)), zap.String("work", string(task.Work)), zap.Int("code", code))
	switch task.Work {
	case DialLeg, EndLeg:
		h, err := t.contact(l.contact)
		if err != nil {
			return err
		}
		return t.legOver(h, l, hotline.LegFailed)
	case MoveLeg:
		l.placed = task.place
	case HoldLeg:
		l.isHeld = task.On
	case MuteLeg:
		l.isMuted = task.On
	}
	l.schedule(t.now)
	if l.work() == LookLeg {
		l.nextAt = millis(t.now) // it may be gone: ask
	}
	return t.saveLeg(l)
}

// SettleLook writes down what the carrier says of a leg; gone: it knows none.
func (s *Store) SettleLook(ctx context.Context, task LegTask, r hotline.LegReport, gone bool) error {
	return s.write(ctx, func(t *tx) error {
		l, err := t.legOf(task.Leg, "")
		if err != nil || l == nil || l.state == hotline.LegOver {
			return err
		}
		l.tries = 0
		l.schedule(t.now)
		if err := t.saveLeg(l); err != nil {
			return err
		}
		if gone {
			r = hotline.LegReport{State: hotline.LegOver, End: hotline.LegDone}
		}
		return t.merge(l, r)
	})
}
