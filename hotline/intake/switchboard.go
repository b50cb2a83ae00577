package intake

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/storage"
)

// Exchange is the carrier's side of calls. Every method asks once.
type Exchange interface {
	Dial(ctx context.Context, d hotline.Dialling) hotline.Handed
	// EndLeg, MoveCaller and MoveLeg count a leg that is over already as done.
	EndLeg(ctx context.Context, sid string) hotline.Handed
	MoveCaller(ctx context.Context, sid string, c hotline.ContactID) hotline.Handed
	MoveLeg(ctx context.Context, sid string, l hotline.LegID) hotline.Handed
	Hold(ctx context.Context, room, sid string, on bool) hotline.Handed
	Mute(ctx context.Context, room, sid string, on bool) hotline.Handed
	// LegNow is how a leg stands; hotline.ErrNotFound when the carrier knows none.
	LegNow(ctx context.Context, sid string) (hotline.LegReport, error)
	// Talks tells whether a caller has somebody on the line whom a document of the fallback's dialled.
	Talks(ctx context.Context, sid string) (bool, error)
}

// Pace are the times of the switchboard.
type Pace struct {
	Dial time.Duration // between two legs that are made: the account's rate at the carrier
	Try  time.Duration // how long one request may take
	Look time.Duration // the longest that it sleeps
	Stop time.Duration // how long what is with the carrier may take when the house stops
}

// DefaultPace: an account makes one call a second unless the carrier raised it.
var DefaultPace = Pace{Dial: time.Second, Try: 10 * time.Second, Look: 10 * time.Second, Stop: 4 * time.Second}

// Switchboard brings the carrier to what is wanted of each leg. What is wanted is on disk, so it may be asked for twice,
// and is never forgotten: a house that dies in the middle goes on where it was.
type Switchboard struct {
	store    *storage.Store
	exchange Exchange
	pages    *Pages
	pace     Pace
	now      func() time.Time
	began    time.Time
	log      *zap.Logger
	*crew
}

// NewSwitchboard makes one.
func NewSwitchboard(store *storage.Store, exchange Exchange, pages *Pages, pace Pace, now func() time.Time, log *zap.Logger) *Switchboard {
	return &Switchboard{store: store, exchange: exchange, pages: pages, pace: pace, now: now, began: now(), log: log,
		crew: newCrew(legsAtOnce, pace.Try)}
}

// Tell wakes the switchboard when something is wanted of a leg.
func (s *Switchboard) Tell(n hotline.Notice) {
	if _, ok := n.(hotline.LegWanted); ok {
		s.Wake()
	}
}

// legsAtOnce is how many requests about legs are with the carrier at one time.
const legsAtOnce = 16

// Run works until ctx ends.
func (s *Switchboard) Run(ctx context.Context) error {
	s.work(ctx, s.pace.Stop, func() time.Duration { return s.round(ctx) })
	return nil
}

// round asks for what is wanted, as far as there are workers free, and tells how long to sleep.
func (s *Switchboard) round(ctx context.Context) time.Duration {
	free := s.free()
	if free <= 0 {
		return s.pace.Look // a hand that ends wakes us
	}
	tasks, err := s.store.ClaimLegs(ctx, free, 2*s.pace.Try, s.pace.Dial)
	if err != nil {
		if ctx.Err() == nil {
			s.log.Warn("what is wanted of calls cannot be read", zap.Error(err))
		}
		return time.Second
	}
	for _, task := range tasks {
		s.begin(func(ctx context.Context) { s.do(ctx, task) },
			func() { s.log.Error("a request about a leg panicked; it is made again") })
	}
	next, err := s.store.NextLeg(ctx, s.pace.Dial)
	if err != nil {
		return s.pace.Look
	}
	return until(next, s.now(), 20*time.Millisecond, s.pace.Look)
}

// do makes one request and writes down what became of it.
func (s *Switchboard) do(ctx context.Context, t storage.LegTask) {
	var got hotline.Handed
	switch t.Work {
	case storage.DialLeg:
		if t.Page != "" {
			s.pages.Rung(ctx, t.Page)
		}
		got = s.exchange.Dial(ctx, t.Dial)
	case storage.EndLeg:
		got = s.exchange.EndLeg(ctx, t.SID)
	case storage.MoveLeg:
		if t.Part == hotline.Caller {
			got = s.moveCaller(ctx, t)
		} else {
			got = s.exchange.MoveLeg(ctx, t.SID, t.Leg)
		}
	case storage.HoldLeg:
		got = s.exchange.Hold(ctx, t.Room, t.SID, t.On)
	case storage.MuteLeg:
		got = s.exchange.Mute(ctx, t.Room, t.SID, t.On)
	case storage.LookLeg:
		s.look(ctx, t)
		return
	}
	if got.Class == hotline.Halt {
		s.log.Error("the carrier refuses the account; nobody can be rung")
		got.After = 10 * time.Second
	}
	if err := s.store.SettleLeg(context.WithoutCancel(ctx), t, got); err != nil {
		s.log.Warn("what became of a leg could not be written; it is asked for again", zap.Error(err))
	}
}

// inTalk is how long it rests when a caller talks through the fallback.
const inTalk = 2 * time.Second

// moveCaller brings a caller's leg to where it belongs. One from before this start may have come to the fallback while we
// were away: nobody is taken out of a talk with who answered there.
func (s *Switchboard) moveCaller(ctx context.Context, t storage.LegTask) hotline.Handed {
	if t.Made.Before(s.began) {
		if talks, err := s.exchange.Talks(ctx, t.SID); err == nil && talks {
			return hotline.Handed{Class: hotline.Again, After: inTalk}
		}
	}
	return s.exchange.MoveCaller(ctx, t.SID, t.Contact)
}

// look asks the carrier how a leg stands: a report may have been lost.
func (s *Switchboard) look(ctx context.Context, t storage.LegTask) {
	r, err := s.exchange.LegNow(ctx, t.SID)
	gone := errors.Is(err, hotline.ErrNotFound)
	if err != nil && !gone {
		return // it is asked again after the lease
	}
	if err := s.store.SettleLook(context.WithoutCancel(ctx), t, r, gone); err != nil {
		s.log.Warn("how a leg stands could not be written; it is asked again", zap.Error(err))
	}
}
