package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/redis/go-redis/v9"
	"github.com/spf13/cobra"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"hopeline/hotline"
	"hopeline/hotline/absence"
	"hopeline/hotline/auth"
	"hopeline/hotline/carrier"
	"hopeline/hotline/console"
	"hopeline/hotline/console/app"
	"hopeline/hotline/intake"
	"hopeline/hotline/push"
	"hopeline/routing"
	"hopeline/storage"
	"hopeline/storage/seal"
)

// tuning are the times and costs that tests shorten.
type tuning struct {
	rules    hotline.Rules
	patience intake.Patience
	gap      intake.Gap
	fetching intake.Fetching
	erasing  intake.Erasing
	watching intake.Watching
	follow   intake.Following
	beat     time.Duration // between two words to the watchdog outside
	routing  routing.Options
	pace     intake.Pace
	seen     time.Duration // how often a console tells the router that it is there
	cost     auth.Cost
	now      func() time.Time
}

var usual = tuning{rules: hotline.DefaultRules, patience: intake.DefaultPatience, gap: intake.DefaultGap, pace: intake.DefaultPace, fetching: intake.DefaultFetching, erasing: intake.DefaultErasing,
	watching: intake.DefaultWatching, follow: intake.DefaultFollowing, beat: intake.HeartbeatEvery, cost: auth.DefaultCost, now: time.Now}

func (p *program) serve() *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Run the service, configured by the environment",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := readConfig(p.environ, true)
			if err != nil {
				return usage{err}
			}
			log := newLog(p.stderr)
			return serve(cmd.Context(), c, usual, log, nil, func(h *house) {
				log.Info("ready", zap.String("addr", h.public.Addr().String()))
			})
		},
	}
}

// serve builds a house, runs it until ctx ends, and takes it down again. Phones are the browsers of a simulated phone
// company, or nil. Ready is called once it can take a contact.
func serve(ctx context.Context, c *config, t tuning, log *zap.Logger, phones http.Handler, ready func(*house)) error {
	keys, err := c.keys(true)
	if err != nil {
		return err
	}
	h := &house{config: c, tuning: t, log: log, phones: phones}
	defer h.close()
	if err := h.build(ctx, keys); err != nil {
		return err
	}
	return h.run(ctx, ready)
}

// house is the service with all its parts, from the disk upwards.
type house struct {
	config *config
	tuning tuning
	log    *zap.Logger
	phones http.Handler // browsers of a simulated phone company; nil: the carrier's own
	hangUp func()       // ends their streams when the house stops; nil: they end by themselves

	store   *storage.Store
	desk    *intake.Desk
	duty    *intake.Duty
	absence *intake.Absences
	watch   *intake.Watch
	doors   *intake.Doors
	redis   redis.UniversalClient
	router  *routing.Router
	outbox  *intake.Outbox
	bell    *intake.Bell
	greeter *intake.Greeter // nil when no automatic text is wanted
	board   *intake.Switchboard
	tester  *intake.Tester
	fetcher *intake.Fetcher
	filler  *intake.Filler
	eraser  *intake.Eraser
	pusher  *intake.Pusher // nil without a fallback host
	console *console.Console
	public  net.Listener
	ops     net.Listener
	handler http.Handler
	private http.Handler
	undo    []func() // in order of building; close runs them in reverse
}

func (h *house) close() {
	for i := len(h.undo) - 1; i >= 0; i-- {
		h.undo[i]()
	}
	h.undo = nil
}

// build puts the parts together, top to bottom as they depend on each other.
func (h *house) build(ctx context.Context, keys *seal.Keys) error {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	feed := &intake.Feed{}
	if err := h.openStore(ctx, keys, feed); err != nil {
		return err
	}
	if err := h.openRedis(ctx); err != nil {
		return err
	}
	c := h.config
	client := c.carrier()
	client.Now = h.tuning.now
	h.desk = intake.NewDesk(h.store, h.tuning.rules, h.tuning.now)
	h.duty = intake.NewDuty(h.store, feed.Tell, c.CalendarTitle, h.tuning.now, h.log)
	h.absence = intake.NewAbsences(h.store, absence.New(c.Public), h.tuning.follow, h.tuning.now, h.log)
	h.doors = intake.NewDoors(h.store, auth.NewHasher(h.tuning.cost), c.SecondFactor, h.tuning.now)
	out := carrier.NewClient(client)
	h.undo = append(h.undo, out.Close)
	h.filler = intake.NewFiller(h.desk, out, c.Lines, h.tuning.gap, h.log)
	h.eraser = intake.NewEraser(h.store, out, c.Lines, h.tuning.erasing, h.tuning.now, h.log, registry)
	if err := h.openFallback(registry); err != nil {
		return err
	}
	h.outbox = intake.NewOutbox(h.store, out, h.tuning.patience, h.tuning.now, h.log)
	if err := h.openBell(ctx); err != nil {
		return err
	}
	if c.AutoText {
		h.greeter = intake.NewGreeter(h.store, c.Languages, h.tuning.now, h.log)
	}
	h.router = routing.New(h.redis, intake.ForRouter{Desk: h.desk}, h.tuning.rules, h.tuning.now, h.log, registry, h.tuning.routing)
	pages := intake.NewPages(h.store, feed.Tell, intake.MostPages, h.tuning.now, h.log, registry)
	h.board = intake.NewSwitchboard(h.store, out, pages, h.tuning.pace, h.tuning.now, h.log)
	h.tester = intake.NewTester(h.store, out, h.bell, c.Lines, h.tuning.pace, h.tuning.now, h.log)
	h.watch = intake.NewWatch(h.store, c.Lines, h.router, h.tester, feed.Tell, h.tuning.watching, h.tuning.now, h.log, registry)
	h.fetcher = intake.NewFetcher(h.store, out, h.tuning.fetching, h.tuning.now, h.log)
	phones := h.browsers(out)
	voice := app.Voice(phones.Driver)
	if phones.Driver == "none" {
		voice = app.NoVoice
	}
	page, err := app.New(voice)
	if err != nil {
		return fmt.Errorf("bundle the console's page: %w", err)
	}
	h.console = console.New(console.Config{Public: c.Public, Now: h.tuning.now, Log: h.log, Registerer: registry, Seen: h.tuning.seen},
		console.Parts{Offers: h.desk, Words: h.desk, Rooms: h.desk, Rotas: h.duty, Duty: h.duty,
			DryRuns: rehearsal{intake.ForRouter{Desk: h.desk}, h.store}, Doors: h.doors, Presence: h.router, Calls: h.desk, Alarms: h.desk, Bars: h.desk,
			Watch:  h.watch,
			Phones: phones, Files: h.desk, Pushes: h.bell, Absences: h.absence, Asks: intake.NewAsks(h.duty), Tests: h.tester, Page: page})
	feed.Listen(h.router.Tell)
	feed.Listen(h.outbox.Tell)
	feed.Listen(h.board.Tell)
	feed.Listen(h.tester.Tell)
	feed.Listen(h.bell.Tell)
	if h.greeter != nil {
		feed.Listen(h.greeter.Tell)
	}
	feed.Listen(h.fetcher.Tell)
	feed.Listen(h.eraser.Tell)
	feed.Listen(h.console.Tell)
	if h.pusher != nil {
		feed.Listen(h.pusher.Tell)
	}
	ready := &readiness{store: h.store}
	h.handler = publicHandler(ready, carrier.NewWebhooks(client, h.desk, h.desk, h.desk, h.desk, h.log, registry), h.phones, h.console.Handler())
	h.private = privateHandler(ready, registry)
	return h.listen()
}

// openBell makes what calls browsers that are closed. A new house makes its keys for push services.
func (h *house) openBell(ctx context.Context) error {
	secret, err := h.store.PushKeys(ctx, push.NewKeys)
	if err != nil {
		return err
	}
	service, err := push.New(secret, h.config.Public)
	if err != nil {
		return err
	}
	h.bell = intake.NewBell(h.store, service, h.tuning.now, h.log)
	return nil
}

// browsers are the counsellors' browsers as phones: of the simulated company when there is one, else of the carrier when
// it gave a key for it.
func (h *house) browsers(out *carrier.Client) intake.Phones {
	p := intake.Phones{Driver: "none", Now: h.tuning.now}
	switch {
	case h.phones != nil:
		p.Driver = "simulated"
	case h.config.APIKey != "":
		p.Driver, p.Token = "carrier", out.AccessToken
	}
	return p
}

func (h *house) openStore(ctx context.Context, keys *seal.Keys, feed *intake.Feed) error {
	wanted := h.config.house(keys)
	wanted.Rules, wanted.Now, wanted.Tell, wanted.Words, wanted.Log = h.tuning.rules, h.tuning.now, feed.Tell, failureWords, h.log
	store, err := storage.Open(ctx, wanted)
	if err != nil {
		return err
	}
	h.store = store
	h.undo = append(h.undo, func() {
		if err := store.Close(); err != nil {
			h.log.Warn("the database did not close cleanly", zap.Error(err))
		}
	})
	if err := store.ReleaseSends(ctx, h.tuning.patience.Crash); err != nil {
		return err
	}
	return store.Restart(ctx)
}

// failureWords is what the carrier's error code means for a counsellor.
func failureWords(code int) string {
	switch code {
	case hotline.TooLate:
		return "It could not be sent in time, and was not sent: the phone may be in other hands by now. Write again if it is still safe."
	case hotline.Damaged:
		return "It could not be read again, and was not sent. Tell your supervisor, and write it once more."
	case hotline.LostAnswer:
		return "The carrier's answer was lost, and it does not know the message. It may have arrived. Ask before you send it again."
	}
	return carrier.FailureFor(code).Words
}

func (h *house) openRedis(ctx context.Context) error {
	url := h.config.RedisURL
	if url == "" {
		embedded, err := routing.Embed()
		if err != nil {
			return err
		}
		h.undo = append(h.undo, embedded.Close)
		url = embedded.URL()
	}
	client, err := routing.Client(url, h.log)
	if err != nil {
		return err
	}
	h.redis = client
	h.undo = append(h.undo, func() { client.Close() })
	return nil
}

func (h *house) listen() error {
	var err error
	if h.public, err = net.Listen("tcp", h.config.Addr); err != nil {
		return fmt.Errorf("listen on HOPELINE_ADDR %s: it is taken or not ours", h.config.Addr)
	}
	h.undo = append(h.undo, func() { h.public.Close() })
	if h.config.OpsAddr == "" {
		return nil
	}
	if h.ops, err = net.Listen("tcp", h.config.OpsAddr); err != nil {
		return fmt.Errorf("listen on HOPELINE_OPS_ADDR %s: it is taken or not ours", h.config.OpsAddr)
	}
	h.undo = append(h.undo, func() { h.ops.Close() })
	return nil
}

// stopPatience is how long requests in hand may take when the house stops.
const stopPatience = 4 * time.Second

// run works until ctx ends. It stops in the order of the way in: no new webhooks, consoles closed, what is in the
// outbox's hands finished.
func (h *house) run(ctx context.Context, ready func(*house)) error {
	group, inside := errgroup.WithContext(context.WithoutCancel(ctx))
	work, stopWork := context.WithCancel(inside)
	defer stopWork()
	group.Go(func() error { return h.router.Run(work) })
	group.Go(func() error { return h.outbox.Run(work) })
	group.Go(func() error { return h.board.Run(work) })
	group.Go(func() error { return h.tester.Run(work) })
	group.Go(func() error { return h.bell.Run(work) })
	if h.greeter != nil {
		group.Go(func() error { return h.greeter.Run(work) })
	}
	group.Go(func() error { return h.fetcher.Run(work) })
	group.Go(func() error { return h.duty.Run(work) })
	group.Go(func() error { return h.absence.Run(work) })
	group.Go(func() error { return h.watch.Run(work) })
	if url := h.config.HeartbeatURL; url != "" {
		well := func() bool { return h.watch.Well() && !h.router.Degraded() }
		group.Go(func() error { return intake.NewHeartbeat(url, h.tuning.beat, well, h.log).Run(work) })
	}
	group.Go(func() error { return h.filler.Run(work) })
	group.Go(func() error { return h.eraser.Run(work) })
	if h.pusher != nil {
		group.Go(func() error { return h.pusher.Run(work) })
	}
	group.Go(func() error { return h.console.Run(work) })
	servers := []*http.Server{server(h.handler), server(h.private)}
	if h.hangUp != nil {
		servers[0].RegisterOnShutdown(h.hangUp)
	}
	group.Go(func() error { return serveOn(servers[0], h.public) })
	if h.ops != nil {
		group.Go(func() error { return serveOn(servers[1], h.ops) })
	}
	group.Go(func() error {
		select {
		case <-ctx.Done():
		case <-work.Done():
		}
		h.log.Info("stopping")
		patience, cancel := context.WithTimeout(context.Background(), stopPatience)
		defer cancel()
		for _, s := range servers {
			s.Shutdown(patience)
		}
		stopWork()
		return nil
	})
	debug.FreeOSMemory() // bundling the page took far more than answering will
	ready(h)
	return group.Wait()
}

func serveOn(s *http.Server, l net.Listener) error {
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

func server(h http.Handler) *http.Server {
	quiet, _ := zap.NewStdLogAt(zap.NewNop(), zap.WarnLevel) // its lines quote addresses and requests
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 20 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 32 << 10, ErrorLog: quiet}
}
