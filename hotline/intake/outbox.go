package intake

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"hopeline/hotline"
	"hopeline/storage"
)

// Sender hands a send to the carrier.
type Sender interface {
	// Send tries once.
	Send(ctx context.Context, out hotline.Outgoing) hotline.Handed
	// Find looks at the carrier for a send whose answer was lost. known tells which of the carrier's ids are others'.
	Find(ctx context.Context, out hotline.Outgoing, known func(sid string) bool) (sid string, status hotline.Delivery, found bool, err error)
}

// Patience are the times of the outbox.
type Patience struct {
	Try    time.Duration // how long one try may take before it counts as unsure
	Unsure time.Duration // how long an unsure send waits for its report before anybody looks
	Look   time.Duration // the longest that the outbox sleeps
	Halt   time.Duration // how long everything rests when the account is refused
}

// DefaultPatience: the carrier's own time limit is 10 s, and a report comes within a minute or not at all.
var DefaultPatience = Patience{Try: 30 * time.Second, Unsure: 60 * time.Second, Look: 30 * time.Second, Halt: 30 * time.Second}

// looksMost is how often a send that the carrier does not know is tried again: once, since a second text may frighten.
const looksMost = 1

// atOnce is how many sends are with the carrier at one time.
const atOnce = 8

// Outbox carries replies from the disk to the carrier: each is marked before it is handed over, so that after a crash
// it is unsure, never sent blindly again.
type Outbox struct {
	store    *storage.Store
	sender   Sender
	patience Patience
	now      func() time.Time
	log      *zap.Logger
	wake     chan struct{}
}

// NewOutbox makes an outbox.
func NewOutbox(store *storage.Store, sender Sender, patience Patience, now func() time.Time, log *zap.Logger) *Outbox {
	return &Outbox{store: store, sender: sender, patience: patience, now: now, log: log, wake: make(chan struct{}, 1)}
}

// Tell wakes the outbox when a message of ours was written.
func (o *Outbox) Tell(n hotline.Notice) {
	if m, ok := n.(hotline.MessageAdded); ok && m.Message.Direction == hotline.Out {
		o.Wake()
	}
}

// Wake lets the outbox look at once.
func (o *Outbox) Wake() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// Run works until ctx ends, and finishes what is in hand.
func (o *Outbox) Run(ctx context.Context) error {
	for {
		wait := o.round(ctx)
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-o.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// round hands over all that is due and tells how long to sleep.
func (o *Outbox) round(ctx context.Context) time.Duration {
	for ctx.Err() == nil {
		due, err := o.store.ClaimSends(ctx, atOnce, o.patience.Try)
		if err != nil {
			if !errors.Is(err, context.Canceled) {
				o.log.Warn("the outbox cannot be read; replies wait", zap.Error(err))
			}
			return time.Second
		}
		if len(due) == 0 {
			return o.untilNext(ctx)
		}
		if halted := o.handAll(ctx, due); halted {
			o.log.Error("the carrier refuses the account; replies wait")
			return o.patience.Halt
		}
	}
	return 0
}

// handAll hands due over side by side and tells whether the account was refused.
func (o *Outbox) handAll(ctx context.Context, due []storage.Due) (halted bool) {
	var g errgroup.Group
	halts := make([]bool, len(due))
	for i, d := range due {
		g.Go(func() error {
			// What was begun is finished, also while stopping: half a try is an unsure send.
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), o.patience.Try)
			defer cancel()
			halts[i] = o.hand(ctx, d)
			return nil
		})
	}
	g.Wait()
	for _, h := range halts {
		halted = halted || h
	}
	return halted
}

// hand brings one send a step further.
func (o *Outbox) hand(ctx context.Context, d storage.Due) (halted bool) {
	if d.Unsure {
		o.look(ctx, d)
		return false
	}
	got := o.sender.Send(ctx, d.Outgoing)
	switch got.Class {
	case hotline.Halt:
		got.After = o.patience.Halt
		halted = true
	case hotline.Again:
		if got.After <= 0 {
			got.After = min(time.Second<<min(d.Tries, 5), 30*time.Second)
		}
	}
	if err := o.store.SettleSend(ctx, d, got, o.patience.Unsure); err != nil {
		o.log.Warn("what became of a send could not be written; it will be looked for", zap.Error(err))
	}
	return halted
}

// look asks the carrier for a send whose answer was lost. Found: it is completed. Not found: it is tried once more, and
// then given up in words, because a second copy is worse than a counsellor who knows.
func (o *Outbox) look(ctx context.Context, d storage.Due) {
	var lookErr error
	known := func(sid string) bool {
		ours, err := o.store.KnowsSID(ctx, sid)
		if err != nil {
			lookErr = err
		}
		return ours
	}
	sid, status, found, err := o.sender.Find(ctx, d.Outgoing, known)
	switch {
	case err != nil || lookErr != nil:
		err = o.store.SettleSend(ctx, d, hotline.Handed{Class: hotline.Unsure}, o.patience.Unsure)
	case found:
		err = o.store.SettleSend(ctx, d, hotline.Handed{Class: hotline.Taken, SID: sid, Status: status}, 0)
	case d.Looked >= looksMost:
		err = o.store.SettleSend(ctx, d, hotline.Handed{Class: hotline.Refuse}, 0)
	default:
		err = o.store.RetrySend(ctx, d)
	}
	if err != nil {
		o.log.Warn("what became of a send could not be written; it will be looked for again", zap.Error(err))
	}
}

// untilNext tells how long to sleep when nothing is due.
func (o *Outbox) untilNext(ctx context.Context) time.Duration {
	next, err := o.store.NextSend(ctx)
	if err != nil || next.IsZero() {
		return o.patience.Look
	}
	return max(50*time.Millisecond, min(o.patience.Look, next.Sub(o.now())))
}
