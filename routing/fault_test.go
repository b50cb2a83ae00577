package routing

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hopeline/deploy/testenv"
	"hopeline/hotline"
)

// work lets every user accept whatever she is offered and end it, until the test ends. Progress is told how many
// contacts have ended, after each.
func (h *house) work(progress func(ended int)) {
	stop, done := false, make(chan struct{})
	h.t.Cleanup(func() {
		h.do(func() { stop = true })
		<-done
	})
	next := func() (hotline.ContactID, hotline.UserID, bool) {
		h.mu.Lock()
		defer h.mu.Unlock()
		for {
			for id, c := range h.contacts {
				if len(c.Offers) > 0 {
					return id, c.Offers[0].User, true
				}
			}
			if stop {
				return "", "", false
			}
			h.changed.Wait()
		}
	}
	go func() {
		defer close(done)
		for ended := 1; ; ended++ {
			c, u, ok := next()
			if !ok {
				return
			}
			at := hotline.At(h.clock.now())
			if h.apply(c, hotline.AcceptedBy{At: at, User: u}) != nil {
				ended--
				continue // it was withdrawn meanwhile
			}
			if err := h.apply(c, hotline.EndedBy{At: at, By: u, Outcome: "done"}); err != nil {
				h.t.Errorf("end %s: %v", c, err)
			}
			progress(ended)
		}
	}()
}

// heartbeat says that everybody is there, as the hub does, until the test ends.
func (h *house) heartbeat(users ...hotline.UserID) {
	ctx, cancel := context.WithCancel(context.Background())
	var beating sync.WaitGroup
	beating.Go(func() {
		every := time.NewTicker(100 * time.Millisecond)
		defer every.Stop()
		for {
			for _, u := range users {
				h.router.Seen(u)
			}
			select {
			case <-ctx.Done():
				return
			case <-every.C:
			}
		}
	})
	h.t.Cleanup(func() {
		cancel()
		beating.Wait()
	})
}

// crowd opens n contacts, and waits until all of them have ended, each offered to nobody twice.
func (h *house) crowd(n int) {
	h.t.Helper()
	for i := range n {
		h.arrive(hotline.ContactID(fmt.Sprintf("c%03d", i)), func(c *hotline.Contact) { c.Priority = i % 3 })
	}
	h.until("every contact has ended", func() bool {
		for _, c := range h.contacts {
			if c.State != hotline.Closed {
				return false
			}
		}
		return true
	})
	offers := h.history()
	slices.SortFunc(offers, func(a, b Pair) int { return len(a.Contact) - len(b.Contact) })
	once := make(map[Pair]bool)
	for _, p := range offers {
		if once[p] {
			h.t.Errorf("%s was offered to %s twice in a lap", p.Contact, p.User)
		}
		once[p] = true
	}
}

var crew = []hotline.UserID{"ann", "bob", "cat", "dan"}

// Redis forgets everything, several times in the middle of the work.
func TestRedisFlushed(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t)
	h := open(t, server.URL(), quick("flushed"))
	h.come(crew...)
	h.heartbeat(crew...)
	flush := make(chan bool, 8)
	h.work(func(ended int) {
		if ended%20 == 0 {
			flush <- true
			<-flush
		}
	})
	go func() {
		for range flush {
			h.router.index.rdb.FlushAll(context.Background())
			flush <- true
		}
	}()
	h.crowd(100)
}

// Redis is killed in the middle of the work, and comes back empty: contacts are matched from SQL meanwhile.
func TestRedisKilledAndStarted(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t)
	degraded := make(chan bool, 8)
	opts := quick("killed")
	opts.OnDegraded = func(d bool) { degraded <- d }
	h := open(t, server.URL(), opts)
	h.come(crew...)
	h.heartbeat(crew...)
	h.arrive("before", nil)
	h.until("it is offered", func() bool { return len(h.contacts["before"].Offers) > 0 })
	server.Stop()
	for !h.router.Degraded() { // it may have been so for a moment at the start
		await(t, degraded)
	}
	h.work(func(int) {})
	h.crowd(20)
	server.Start()
	for h.router.Degraded() {
		await(t, degraded)
	}
	h.arrive("after", nil)
	h.until("the work goes on", func() bool { return h.contacts["after"].State == hotline.Closed })
}

// The same without a pause between: whatever moment it is, nobody is lost.
func TestRedisRestartedUnderLoad(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t)
	h := open(t, server.URL(), quick("restarted"))
	h.come(crew...)
	h.heartbeat(crew...)
	restart, again := make(chan int, 1), make(chan int)
	h.work(func(ended int) {
		if ended == 20 || ended == 60 {
			restart <- ended
		}
	})
	go func() {
		defer close(again)
		for range 2 {
			<-restart
			server.Stop()
			server.Start()
		}
	}()
	h.crowd(100)
	<-again
}

// A house starts while Redis is away: nobody waits for it.
func TestAStartWithoutRedis(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t)
	server.Stop()
	opts := quick("start")
	opts.Direct = time.Hour // not because of the time, but because it is the start
	degraded := make(chan bool, 8)
	opts.OnDegraded = func(d bool) { degraded <- d }
	h := open(t, server.URL(), opts)
	h.come("ann", "bob")
	h.arrive("a", nil)
	h.until("it is offered", func() bool { return len(h.contacts["a"].Offers) > 0 })
	if !await(t, degraded) {
		t.Fatal("the house was not told that Redis is away")
	}
	h.until("a lap, a rest and a clock without Redis", func() bool { return len(h.contacts["a"].Offers) > 0 })
	first := h.history()[0].User
	second := map[hotline.UserID]hotline.UserID{"ann": "bob", "bob": "ann"}[first]
	h.decline("a", first)
	h.offered("a", second)
	h.decline("a", second)
	h.happened("lap.over", "a")
	h.clock.forward(h.rules.Lap)
	h.router.Seen("ann")
	h.router.Seen("bob")
	h.until("the next lap begins", func() bool { return len(h.contacts["a"].Offers) > 0 })
	server.Start()
	if await(t, degraded) {
		t.Fatal("the house was not told that Redis is back")
	}
}

// Without Redis a console that closes is noticed all the same.
func TestAClosedConsoleWithoutRedis(t *testing.T) {
	t.Parallel()
	server := testenv.NewRedis(t)
	server.Stop()
	h := open(t, server.URL(), quick("closed"))
	h.come("ann")
	h.arrive("a", nil)
	h.offered("a", "ann")
	h.accept("a", "ann")
	h.arrive("b", nil)
	h.offered("b", "ann")
	h.router.Gone("ann")
	h.come("bob")
	h.clock.forward(31 * time.Second)
	h.router.Seen("bob")
	h.happened("offer.unreachable", "b")
	h.offered("b", "bob")
	h.accept("b", "bob")
	h.clock.forward(h.rules.Asleep)
	h.router.Seen("bob")
	h.happened("owner.asleep", "a")
	h.offered("a", "bob")
}

// Another generation in SQL, as after a backup was brought back, throws the index away.
func TestAnotherGeneration(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		opts := quick(prefix())
		opts.Reconcile = 200 * time.Millisecond
		h := open(t, url, opts)
		h.user("ann")
		h.arrive("lost", nil)
		h.arrive("a", func(c *hotline.Contact) { c.Version = 9 })
		h.do(func() {
			h.generation = "two"
			delete(h.contacts, "lost")
			c := h.contacts["a"]
			c.Version = 1
			h.contacts["a"] = c
		})
		x := h.router.index
		deadline := time.Now().Add(patience)
		for s := (state{}); s.generation != "two"; {
			var err error
			if s, _, err = x.state(t.Context()); err != nil || time.Now().After(deadline) {
				t.Fatalf("the index is of generation %q (%v), want two", s.generation, err)
			}
		}
		h.router.Seen("ann")
		h.offered("a", "ann")
		if offers := h.history(); len(offers) != 1 {
			t.Errorf("offers were %v, want one of what SQL has", offers)
		}
	})
}

// A user who is seen only by another process is not judged by this one: it says when it was built.
func TestANewIndexJudgesNobody(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		h := open(t, url, quick(prefix()))
		h.come("ann")
		h.arrive("a", nil)
		h.offered("a", "ann")
		h.stop()
		h.clock.forward(25 * time.Second)
		opts := quick(prefix())
		opts.Reconcile = 200 * time.Millisecond
		next := h.run(url, opts, h.clock) // an index of its own, that has never seen ann
		next.come("bob")
		next.arrive("b", nil)
		next.offered("b", "bob") // it works
		h.clock.forward(10 * time.Second)
		next.router.Seen("bob")
		var before int
		h.do(func() { before = h.boards })
		h.until("it has compared and swept, 35 s after ann was seen", func() bool { return h.boards >= before+2 })
		h.do(func() {
			if len(h.contacts["a"].Offers) == 0 {
				t.Error("the offer was withdrawn by a router that could not know")
			}
		})
		h.clock.forward(22 * time.Second)
		next.router.Seen("bob")
		h.happened("offer.unreachable", "a")
	})
}

func await[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatalf("nothing came in %v", patience)
		panic("not reached")
	}
}

// A server that runs anew with what it had saved may have forgotten its last writes: the index is built again.
func TestAServerThatRunsAnew(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		h := open(t, url, quick(prefix()))
		h.user("ann")
		h.arrive("first", nil)
		h.router.Seen("ann")
		h.offered("first", "ann")
		h.accept("first", "ann")
		x, ctx := h.router.index, t.Context()
		h.do(func() { h.muted = true })
		h.arrive("a", nil) // what the server forgot
		if err := x.rdb.HSet(ctx, x.keys.state, "run", "an earlier one").Err(); err != nil {
			t.Fatal(err)
		}
		h.offered("a", "ann")
	})
}

// The figures say how many wait and since when, over all priorities.
func TestFigures(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		x, ctx := testIndex(t, url), t.Context()
		b := hotline.Board{Generation: "g", Waiting: []hotline.Waiting{waits("a", 50), waits("b", 20), waits("c", 90)}}
		b.Waiting[0].Priority, b.Waiting[2].Priority = 3, -2
		if err := fill(ctx, x, b, at(100), nil); err != nil {
			t.Fatal(err)
		}
		got, err := x.due(ctx, at(100), "g")
		if err != nil || got.waiting != 3 || got.oldest != at(20).UnixMilli() {
			t.Errorf("due() = %d waiting since %d (%v), want 3 since %d", got.waiting, got.oldest, err, at(20).UnixMilli())
		}
		reg := prometheus.NewPedanticRegistry()
		f := newFigures(reg)
		f.queue(got.waiting, time.UnixMilli(got.oldest), at(100))
		f.made.Inc()
		families, err := reg.Gather()
		if err != nil {
			t.Fatal(err)
		}
		said := make(map[string]float64)
		for _, family := range families {
			for _, m := range family.GetMetric() {
				said[family.GetName()] += m.GetGauge().GetValue() + m.GetCounter().GetValue()
			}
		}
		for name, want := range map[string]float64{"hopeline_routing_waiting": 3, "hopeline_routing_longest_wait_seconds": 80,
			"hopeline_routing_offers_total": 1, "hopeline_routing_degraded": 0, "hopeline_routing_rebuilds_total": 0} {
			if got, ok := said[name]; !ok || got != want {
				t.Errorf("%s = %v (%v), want %v", name, got, ok, want)
			}
		}
	})
}

// What the clock has reached comes again when whoever was given it does nothing.
func TestTheClockAsksAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		x, ctx := testIndex(t, url), t.Context()
		b := hotline.Board{Generation: "g", Timed: []hotline.Timed{{ID: "a", Due: at(10)}, {ID: "b", Due: at(20)}}}
		if err := fill(ctx, x, b, at(0), nil); err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			now  int
			want string
		}{{9, "[]"}, {10, "[a]"}, {14, "[]"}, {15, "[a]"}, {20, "[a b]"}} {
			got, err := x.due(ctx, at(test.now), "g")
			if slices.Sort(got.contacts); err != nil || fmt.Sprint(got.contacts) != test.want {
				t.Errorf("due(%d s) = %v (%v), want %s", test.now, got.contacts, err, test.want)
			}
		}
	})
}
