package intake

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// waker lets something that sleeps between its rounds look at once. It holds one wish: many are one.
type waker chan struct{}

func newWaker() waker { return make(waker, 1) }

// Wake lets it look at once.
func (w waker) Wake() {
	select {
	case w <- struct{}{}:
	default:
	}
}

// rest sleeps, and tells whether it was woken; it ends with ctx, too.
func (w waker) rest(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-w:
		return true
	case <-timer.C:
	}
	return false
}

// rounds makes one round after another until ctx ends; each tells how long to sleep if nobody wakes it.
func (w waker) rounds(ctx context.Context, round func() time.Duration) {
	for ctx.Err() == nil {
		w.rest(ctx, round())
	}
}

// until is how long to sleep until the next thing is due, within bounds; longest when nothing is.
func until(next, now time.Time, shortest, longest time.Duration) time.Duration {
	if next.IsZero() {
		return longest
	}
	return max(shortest, min(longest, next.Sub(now)))
}

// crew does what is due by several hands at once: one that waits for the carrier holds up nobody else.
type crew struct {
	waker
	most  int                // hands at one time
	try   time.Duration      // how long one piece of work may take
	busy  atomic.Int32       // hands with something in them
	hands sync.WaitGroup     // all of them
	ctx   context.Context    // of their work: it outlives Run's for a moment
	letGo context.CancelFunc // ends it
}

func newCrew(most int, try time.Duration) *crew {
	return &crew{waker: newWaker(), most: most, try: try}
}

// free is how many hands have nothing to do.
func (c *crew) free() int { return c.most - int(c.busy.Load()) }

// work makes rounds until ctx ends. What is in hand then gets a moment, and is let go of.
func (c *crew) work(ctx context.Context, patience time.Duration, round func() time.Duration) {
	c.ctx, c.letGo = context.WithCancel(context.WithoutCancel(ctx))
	defer c.letGo()
	c.rounds(ctx, round)
	finished := make(chan struct{})
	go func() { c.hands.Wait(); close(finished) }()
	select {
	case <-finished:
	case <-time.After(patience):
		c.letGo()
		<-finished
	}
}

// begin gives one piece of work to a hand; broke tells that it panicked. When it is done the next round comes at once.
func (c *crew) begin(do func(ctx context.Context), broke func()) {
	c.busy.Add(1)
	c.hands.Go(func() {
		defer func() {
			if recover() != nil {
				broke()
			}
			c.busy.Add(-1)
			c.Wake()
		}()
		try, cancel := context.WithTimeout(c.ctx, c.try)
		defer cancel()
		do(try)
	})
}
