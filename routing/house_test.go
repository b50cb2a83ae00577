package routing

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"

	"hopeline/deploy/testenv"
	"hopeline/hotline"
)

// servers are the two Redises that every script must be the same on.
var servers = map[string]func(testing.TB) string{
	"embedded": func(t testing.TB) string {
		e, err := Embed()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(e.Close)
		return e.URL()
	},
	"redis": testenv.Redis,
}

// onBoth runs a test on both.
func onBoth(t *testing.T, test func(t *testing.T, url string)) {
	t.Parallel()
	for name, url := range servers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, url(t))
		})
	}
}

func dial(t testing.TB, url string) redis.UniversalClient {
	t.Helper()
	rdb, err := Client(url, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rdb.Close() })
	return rdb
}

// prefix is a hash tag of this test's own.
func prefix() string { return "t-" + rand.Text() }

// quick are options whose times a test can wait for. Nobody is unreachable unless the test moves the clock, and no
// comparison hides what an event should have done.
func quick(prefix string) Options {
	return Options{Prefix: prefix, Reach: 30 * time.Second, Sweep: 20 * time.Millisecond, Reconcile: time.Hour,
		Direct: 100 * time.Millisecond, Lease: 200 * time.Millisecond, Wait: 5 * time.Second}
}

// house is a router over the model of SQL.
type house struct {
	*fakeDesk
	clock  *clock
	router *Router
	stop   func() // ends the router and waits for it
}

// open starts a house on a Redis.
func open(t *testing.T, url string, opts Options) *house {
	t.Helper()
	c := &clock{}
	return newDesk(t, c.now).run(url, opts, c)
}

// run starts a router over the model. Several may run at once.
func (d *fakeDesk) run(url string, opts Options, c *clock) *house {
	d.t.Helper()
	r := New(dial(d.t, url), d, d.rules, c.now, zap.NewNop(), nil, opts)
	d.mu.Lock()
	d.tell = append(d.tell, r.Tell)
	d.mu.Unlock()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		defer close(ended)
		ended <- r.Run(ctx)
	}()
	h := &house{fakeDesk: d, clock: c, router: r}
	h.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			d.t.Errorf("Run() = %v, want nil when its context ends", err)
		}
	}
	d.t.Cleanup(func() {
		cancel()
		select {
		case <-ended:
		case <-time.After(patience):
			d.t.Error("Run goes on after its context ended")
		}
	})
	return h
}

// indexed waits until the index is used. One that is built later, on a slow machine, counts everybody as known since then.
func (h *house) indexed() {
	h.t.Helper()
	h.until("the index is used", func() bool { return !h.router.Degraded() })
}

// come makes users who are available and have a console open.
func (h *house) come(users ...hotline.UserID) {
	for _, u := range users {
		h.user(u)
		h.router.Seen(u)
	}
}
