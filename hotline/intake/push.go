package intake

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/storage"
)

// PushService pushes browsers.
type PushService interface {
	// Key is what a browser needs to subscribe.
	Key() string
	// Check refuses a subscription that nothing may be sent to, with hotline.ErrInvalid.
	Check(sub hotline.Subscription) error
	// Send pushes a word once; hotline.ErrNotFound when the browser is not subscribed any more.
	Send(ctx context.Context, sub hotline.Subscription, word hotline.PushWord, life time.Duration) error
}

// Bell calls browsers that are closed: those of whoever is offered a contact, once for each offer, and those of all
// supervisors when there is an alarm. What it cannot deliver is lost: the console and the phone do not hang on it.
type Bell struct {
	store   *storage.Store
	service PushService
	now     func() time.Time
	log     *zap.Logger
	calls   chan bellCall
}

// bellCall is somebody to be called: a user, or all supervisors.
type bellCall struct {
	user hotline.UserID
	till time.Time
	word hotline.PushWord
}

const (
	// bellQueue is how many may wait to be called. More are lost, and said.
	bellQueue = 256
	// bellsAtOnce is how many are called at one time.
	bellsAtOnce = 8
	// alarmLife is how long a supervisor's browser that is off may hear of an alarm later.
	alarmLife = 10 * time.Minute
	// gapLife and bulletinLife are the same for a gap that is to come, at most, and for a bulletin.
	gapLife      = 72 * time.Hour
	bulletinLife = 12 * time.Hour
	// testLife is the same for a test.
	testLife = time.Minute
)

// NewBell makes a bell.
func NewBell(store *storage.Store, service PushService, now func() time.Time, log *zap.Logger) *Bell {
	return &Bell{store: store, service: service, now: now, log: log, calls: make(chan bellCall, bellQueue)}
}

// Tell calls whoever has to know.
func (b *Bell) Tell(n hotline.Notice) {
	var c bellCall
	switch n := n.(type) {
	case hotline.OfferMade:
		c = bellCall{n.User, n.Expires, hotline.PushNeeded}
	case hotline.Alarmed:
		if n.Quiet {
			return
		}
		c = bellCall{"", b.lasts(n), hotline.PushNeeded}
	default:
		return
	}
	b.call(c)
}

func (b *Bell) call(c bellCall) {
	select {
	case b.calls <- c:
	default:
		b.log.Warn("too many pushes at once; one is lost")
	}
}

// lasts is until when an alarm is of use to a browser that is off: a gap that is to come until it begins, a bulletin for
// most of its day.
func (b *Bell) lasts(a hotline.Alarmed) time.Time {
	now := b.now()
	switch {
	case a.Bulletin != nil:
		return now.Add(bulletinLife)
	case a.From.After(now.Add(alarmLife)) && a.From.Before(now.Add(gapLife)):
		return a.From
	case a.From.After(now.Add(alarmLife)):
		return now.Add(gapLife)
	}
	return now.Add(alarmLife)
}

// Run calls until ctx ends.
func (b *Bell) Run(ctx context.Context) error {
	var workers sync.WaitGroup
	for range bellsAtOnce {
		workers.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case c := <-b.calls:
					b.safely(ctx, c)
				}
			}
		})
	}
	workers.Wait()
	return nil
}

func (b *Bell) safely(ctx context.Context, c bellCall) {
	defer func() {
		if recover() != nil {
			b.log.Error("a push panicked; it is lost")
		}
	}()
	if _, err := b.ring(ctx, c); err != nil && ctx.Err() == nil {
		b.log.Warn("a push could not be sent", zap.Error(err))
	}
}

// ring pushes all browsers of a call, and tells how many took it. Those that are gone are forgotten.
func (b *Bell) ring(ctx context.Context, c bellCall) (taken int, err error) {
	browsers, err := b.store.Pushes(ctx, c.user)
	if err != nil {
		return 0, err
	}
	var failed error
	for _, p := range browsers {
		life := c.till.Sub(b.now())
		if life <= 0 {
			break
		}
		err := b.service.Send(ctx, p.Subscription, c.word, life)
		if err == nil {
			taken++
		}
		failed = errors.Join(failed, b.learn(ctx, p, err))
	}
	return taken, failed
}

// learn keeps what a push says of its browser, and gives what went wrong.
func (b *Bell) learn(ctx context.Context, p storage.Push, err error) error {
	gone := errors.Is(err, hotline.ErrNotFound)
	switch {
	case gone:
		return b.store.ForgetPush(ctx, p.ID)
	case (err != nil) != p.Failing && ctx.Err() == nil:
		return errors.Join(err, b.store.PushFailing(ctx, p.ID, err != nil))
	}
	return err
}

// PushKey is what a browser needs to subscribe.
func (b *Bell) PushKey(hotline.Viewer) string { return b.service.Key() }

// Subscribe lets a browser be pushed for its user.
func (b *Bell) Subscribe(ctx context.Context, v hotline.Viewer, sub hotline.Subscription) error {
	if err := answers(v); err != nil {
		return err
	}
	if err := b.service.Check(sub); err != nil {
		return err
	}
	return b.store.Subscribe(ctx, v.ID, sub)
}

// Unsubscribe forgets a browser.
func (b *Bell) Unsubscribe(ctx context.Context, v hotline.Viewer, endpoint string) error {
	return b.store.Unsubscribe(ctx, v.ID, endpoint)
}

// TestPush pushes the user's own browsers, and tells how many took it.
func (b *Bell) TestPush(ctx context.Context, v hotline.Viewer) (int, error) {
	if err := answers(v); err != nil {
		return 0, err
	}
	return b.test(ctx, v.ID)
}

func (b *Bell) test(ctx context.Context, user hotline.UserID) (int, error) {
	taken, err := b.ring(ctx, b.testOf(user))
	if taken > 0 {
		return taken, nil
	}
	return 0, err
}

func (b *Bell) testOf(user hotline.UserID) bellCall {
	return bellCall{user, b.now().Add(testLife), hotline.PushTest}
}
