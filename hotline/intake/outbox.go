package intake

import (
	"context"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

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
	Second time.Duration // how long after a look in vain the next one is: lists lag
	Crash  time.Duration // how long after a start what was being tried is looked for
	Look   time.Duration // the longest that the outbox sleeps
	Halt   time.Duration // how long everything rests when the account is refused
	Stop   time.Duration // how long what is with the carrier may take when the house stops
}

// DefaultPatience: the carrier's own time limit is 10 s, and a report comes within seconds or hardly at all.
var DefaultPatience = Patience{Try: 30 * time.Second, Unsure: 30 * time.Second, Second: 10 * time.Second, Crash: 5 * time.Second, Look: 30 * time.Second, Halt: 30 * time.Second, Stop: 4 * time.Second}

// looksFirst is how many looks in vain it takes until a send is tried once more, since a second text may frighten. One
// more look in vain after that, and it is given up, in words: a second copy is worse than a counsellor who knows.
const looksFirst = 2

// atOnce is how many sends are with the carrier at one time.
const atOnce = 32

// Outbox carries replies from the disk to the carrier: each is marked before it is handed over, so that after a crash
// it is unsure, never sent blindly again.
type Outbox struct {
	store    *storage.Store
	sender   Sender
	patience Patience
	now      func() time.Time
	log      *zap.Logger
	halted   atomic.Int64 // when the account was refused last, in milliseconds
	*crew
}

// NewOutbox makes an outbox.
func NewOutbox(store *storage.Store, sender Sender, patience Patience, now func() time.Time, log *zap.Logger) *Outbox {
	return &Outbox{store: store, sender: sender, patience: patience, now: now, log: log, crew: newCrew(atOnce, patience.Try)}
}

// Tell wakes the outbox when a message of ours was written.
func (o *Outbox) Tell(n hotline.Notice) {
	if m, ok := n.(hotline.MessageAdded); ok && m.Message.Direction == hotline.Out {
		o.Wake()
	}
}

// Run works until ctx ends. A slow answer holds up nobody else: each send has its own worker. What is with the carrier
// at the end gets a moment to finish, and is unsure otherwise.
func (o *Outbox) Run(ctx context.Context) error {
	o.work(ctx, o.patience.Stop, func() time.Duration { return o.round(ctx) })
	return nil
}

// round hands over what is due, as far as there are workers free, and tells how long to sleep.
func (o *Outbox) round(ctx context.Context) time.Duration {
	if wait := o.now().Sub(time.UnixMilli(o.halted.Load())); wait < o.patience.Halt {
		return o.patience.Halt - wait
	}
	free := o.free()
	if free <= 0 {
		return o.patience.Look // a hand that ends wakes us
	}
	due, err := o.store.ClaimSends(ctx, free, o.patience.Try)
	if err != nil {
		if ctx.Err() == nil {
			o.log.Warn("the outbox cannot be read; replies wait", zap.Error(err))
		}
		return time.Second
	}
	for _, d := range due {
		o.begin(func(ctx context.Context) { o.hand(ctx, d) }, func() { o.log.Error("a send panicked; it is looked for later") })
	}
	next, err := o.store.NextSend(ctx)
	if err != nil {
		return o.patience.Look
	}
	return until(next, o.now(), 50*time.Millisecond, o.patience.Look)
}

// hand brings one send a step further.
func (o *Outbox) hand(ctx context.Context, d storage.Due) {
	if d.Unsure {
		o.look(ctx, d)
		return
	}
	got := o.sender.Send(ctx, d.Outgoing)
	switch got.Class {
	case hotline.Halt:
		got.After = o.patience.Halt
		o.halted.Store(o.now().UnixMilli())
		o.log.Error("the carrier refuses the account; replies wait")
	case hotline.Again:
		if got.After <= 0 {
			got.After = min(time.Second<<min(d.Tries, 5), 30*time.Second)
		}
	}
	// What became of it is written also when the try was given up.
	if err := o.store.SettleSend(context.WithoutCancel(ctx), d, got, o.patience.Unsure); err != nil {
		o.log.Warn("what became of a send could not be written; it will be looked for", zap.Error(err))
	}
}

// look asks the carrier for a send whose answer was lost.
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
	case d.Looked+1 < looksFirst:
		err = o.store.LookAgain(ctx, d, o.patience.Second)
	case d.Looked+1 == looksFirst:
		err = o.store.RetrySend(ctx, d)
	default:
		err = o.store.SettleSend(ctx, d, hotline.Handed{Class: hotline.Refuse, Failure: &hotline.Failure{Code: hotline.LostAnswer}}, 0)
	}
	if err != nil {
		o.log.Warn("what became of a send could not be written; it will be looked for again", zap.Error(err))
	}
}
