package routing

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"hopeline/hotline"
)

// Router decides who is asked next, and when the clock has to look at a contact. Make it with [New], tell it what
// happens, and [Router.Run] it. Tell, Seen, Gone and Degraded may be called from anywhere, before Run as well.
type Router struct {
	desk  Desk
	rules hotline.Rules
	now   func() time.Time
	log   *zap.Logger
	opts  Options

	index    *index
	inbox    *inbox
	presence *presence
	figures  *figures
	direct   atomic.Bool
	probing  atomic.Bool   // Redis did not answer, and is asked whether it is back
	back     chan struct{} // holds one when Redis answered a probe

	// Below belongs to the goroutine of loop.
	generation string                       // of SQL, when the board was last read
	built      time.Time                    // when the index was last built; nobody counts as unseen for longer
	away       time.Time                    // the index cannot be used since; zero while it is good
	missed     bool                         // something could not be read: compare with SQL at the next sweep
	owners     map[hotline.UserID]bool      // of active contacts with somebody waiting for a word
	silent     map[hotline.UserID]time.Time // who is being asked and not seen, and when SQL was last told so
}

// New makes a router. Nothing happens before Run.
func New(rdb redis.UniversalClient, desk Desk, rules hotline.Rules, now func() time.Time, log *zap.Logger,
	reg prometheus.Registerer, opts Options) *Router {
	opts = opts.orDefaults()
	return &Router{
		desk: desk, rules: rules, now: now, log: log, opts: opts,
		index: &index{rdb: rdb, keys: keysUnder(opts.Prefix), scripts: newScripts(), reach: opts.Reach, lease: opts.Lease,
			wait: opts.Wait},
		inbox: newInbox(opts.Inbox), presence: newPresence(), figures: newFigures(reg),
		back: make(chan struct{}, 1), owners: make(map[hotline.UserID]bool),
	}
}

// Tell says what happened and is on disk. It never blocks.
func (r *Router) Tell(n hotline.Notice) { r.inbox.put(n) }

// Seen says that u has a console open. It is called for everybody connected every few seconds, and at connect.
func (r *Router) Seen(u hotline.UserID) {
	if r.presence.seen(u, r.now()) {
		r.inbox.ring()
	}
}

// Gone says that the last console of u closed. She may be back within Reach; nothing happens at once.
func (r *Router) Gone(u hotline.UserID) {
	r.presence.gone(u, r.now().Add(r.opts.Reload-r.opts.Reach))
}

// Degraded tells whether Redis is away, and contacts are matched from SQL among the users of this process.
func (r *Router) Degraded() bool { return r.direct.Load() }

// Run routes until ctx ends, and returns when everything it began has ended. Only one Run at a time.
func (r *Router) Run(ctx context.Context) error {
	r.presence.begin(r.now())
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { r.loop(ctx); return nil })
	g.Go(func() error { r.probe(ctx); return nil })
	return g.Wait()
}

func (r *Router) loop(ctx context.Context) {
	sweep, reconcile := time.NewTicker(r.opts.Sweep), time.NewTicker(r.opts.Reconcile)
	defer sweep.Stop()
	defer reconcile.Stop()
	r.begin(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.inbox.wake:
			r.do(ctx, r.turn)
		case <-sweep.C:
			r.do(ctx, r.sweep)
		case <-reconcile.C:
			r.do(ctx, r.compare)
		case <-r.back:
			if !r.away.IsZero() {
				r.join(ctx)
			}
		}
	}
}

// begin joins the index, or works without it from the first moment on.
func (r *Router) begin(ctx context.Context) {
	if err := r.join(ctx); err != nil && !errors.Is(err, errBusy) {
		r.goDirect(ctx)
	}
}

// do works with the index as long as it is good, and without it when it has been away for too long.
func (r *Router) do(ctx context.Context, work func(context.Context) error) {
	switch {
	case r.away.IsZero():
		r.met(ctx, work(ctx))
	case r.direct.Load() || r.now().Sub(r.away) >= r.opts.Direct:
		r.goDirect(ctx)
	}
}

// met looks at what became of working with the index. A stale index is joined again; one that cannot be used is left
// alone until it answers a probe.
func (r *Router) met(ctx context.Context, err error) {
	switch {
	case err == nil, ctx.Err() != nil:
	case errors.Is(err, errStale):
		r.join(ctx)
	default:
		r.leave(err)
	}
}

// leave stops using the index.
func (r *Router) leave(err error) {
	if r.away.IsZero() {
		r.away = r.now()
		if !errors.Is(err, errBusy) {
			r.log.Warn("routing index is away", zap.Error(err))
		}
	}
	r.probing.Store(true)
}

// probe asks Redis whether it is back while it is away. It has a goroutine of its own, so that a Redis that hangs
// holds up nobody.
func (r *Router) probe(ctx context.Context) {
	every := time.NewTicker(r.opts.Sweep)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
		if !r.probing.Load() {
			continue
		}
		if _, _, err := r.index.state(ctx); err != nil {
			continue
		}
		select {
		case r.back <- struct{}{}:
		default:
		}
	}
}

// rejoined says that the index is good again.
func (r *Router) rejoined() {
	r.probing.Store(false)
	if !r.away.IsZero() {
		r.log.Info("routing index is back", zap.Duration("away", r.now().Sub(r.away)))
	}
	r.away = time.Time{}
	if r.direct.Swap(false) {
		r.figures.degraded.Set(0)
		r.opts.OnDegraded(false)
	}
	r.inbox.ring()
}
