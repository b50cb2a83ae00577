package simulator

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"
)

// ErrClosed is returned by what is asked of a carrier after Close.
var ErrClosed = errors.New("the simulated carrier is closed")

// Config says whose account this is. The zero value of all but the first two is usable.
type Config struct {
	AccountSID string // AC and 32 hex digits; user name of the REST API
	AuthToken  string // its password, and the key that signs webhooks

	// Now is the carrier's clock: dates, and the 24 hours of WhatsApp. Default time.Now. Delays run on real timers.
	Now func() time.Time
	// Step is the pause between two states of an outgoing message. Default 20 ms.
	Step time.Duration
	// BaseURL stands in front of the addresses of media. Default https://api.twilio.com, so that a service that
	// fetches the address it was given, and not the one it built itself, is found out.
	BaseURL string
	// Transport carries webhooks. Default: one that dials loopback only.
	Transport http.RoundTripper
	// Tempo is how much faster than real the time of calls runs: pauses, time-outs, ringing, speech. Default 1; a test
	// sets 20, at which a key that is asked for has a quarter of a second. Where the machine stalls it runs slower.
	// Durations in webhooks are in the seconds of the call.
	Tempo float64
	// SpeechRate is how many characters a second a Say takes. Zero: none at all, and a Play neither.
	SpeechRate float64
	// Thumb is the least that a Gather waits, by the clock, for a key of a person who was called. At a high Tempo nobody who
	// listens before she presses would be in time. Zero: the time of the call alone.
	Thumb time.Duration
	// CallsPerSecond is how many calls made by REST begin in a second of the call; the rest stay queued. Zero: no limit.
	CallsPerSecond float64
	// Patience is the longest that a voice webhook may take before its fallback is asked. Default the carrier's 15 s.
	Patience time.Duration
	// IgnoreStop turns the carrier's default opt-out words off, as an account may ask for.
	IgnoreStop bool
}

// Carrier is the phone company. It is an http.Handler that serves the REST API. Safe for concurrent use.
type Carrier struct {
	cfg     Config
	api     http.Handler
	client  *http.Client
	idle    func() // closes the client's idle connections
	channel string // id of the WhatsApp channel

	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	wg     sync.WaitGroup // everything that runs, entered under mu

	mu       sync.Mutex // guards all below, and the fields of numbers, phones and messages
	closed   bool
	changed  chan struct{} // closed and replaced at every change
	numbers  map[string]*number
	lines    []string // addresses of numbers, in the order in which they came
	phones   map[string]*Phone
	cast     []*Phone // phones, in the order in which they came
	serial   int      // of the newest message
	messages []*message
	bySID    map[string]*message
	inbound  map[pair]time.Time // last message from a phone to an address: the WhatsApp window
	optedOut map[pair]bool
	chaos    Chaos
	mishaps  []Mishap
	requests []Request
	asks     int // requests so far
	creates  int // requests to send so far
	exchange     // calls
	faults   []Fault
	alerts   []Alert
}

// pair is a phone and one of the account's addresses.
type pair struct{ phone, line string }

// New starts a carrier with no numbers and no phones. Close ends it.
func New(cfg Config) *Carrier {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Step <= 0 {
		cfg.Step = 20 * time.Millisecond
	}
	if cfg.Tempo <= 0 {
		cfg.Tempo = 1
	}
	if cfg.Patience <= 0 {
		cfg.Patience = 15 * time.Second
	}
	if cfg.BaseURL == "" {
		cfg.BaseURL = "https://api.twilio.com"
	}
	c := &Carrier{
		cfg:      cfg,
		channel:  newSID("XE"),
		changed:  make(chan struct{}),
		numbers:  map[string]*number{},
		phones:   map[string]*Phone{},
		bySID:    map[string]*message{},
		inbound:  map[pair]time.Time{},
		optedOut: map[pair]bool{},
		exchange: newExchange(),
	}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	c.client, c.idle = newClient(cfg.Transport)
	c.api = c.routes()
	return c
}

// ServeHTTP serves the REST API under /2010-04-01.
func (c *Carrier) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.api.ServeHTTP(w, r) }

// Close ends every delay, call and request under way and waits for all of them. A leg that is still open is a
// [Fault], so a test looks at Faults after Close. It may be called twice.
func (c *Carrier) Close() {
	c.mu.Lock()
	if !c.closed {
		c.countOpenLegs()
	}
	c.closed = true
	c.mu.Unlock()
	c.cancel()
	c.wg.Wait()
	c.idle()
}

// enter counts one piece of work that Close must wait for; false after Close. Callers leave with wg.Done.
func (c *Carrier) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	c.wg.Add(1)
	return true
}

// spawn runs f until it returns or Close ends its context.
func (c *Carrier) spawn(f func(context.Context)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.spawned(f)
}

// spawned is spawn for who holds mu; false when the carrier is closed and nothing will run.
func (c *Carrier) spawned(f func(context.Context)) bool {
	if c.closed {
		return false
	}
	c.wg.Add(1)
	go func() {
		defer c.wg.Done()
		f(c.ctx)
	}()
	return true
}

// pause waits d; false when ctx or the carrier ended first.
func (c *Carrier) pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil && c.ctx.Err() == nil
	}
	l := newLapse(d)
	defer l.Stop()
	for {
		select {
		case <-l.C:
			if l.over() {
				return true
			}
		case <-ctx.Done():
			return false
		case <-c.ctx.Done():
			return false
		}
	}
}

// wake tells whoever waits that something changed. The caller holds mu.
func (c *Carrier) wake() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// Until waits until what is true, looking again after every change at the carrier. The function is called without
// locks and may use every method of the carrier. The error is the context's, or ErrClosed.
func (c *Carrier) Until(ctx context.Context, what func() bool) error {
	for {
		c.mu.Lock()
		changed := c.changed
		c.mu.Unlock()
		if what() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-c.ctx.Done():
			return ErrClosed
		}
	}
}

// Sent lists what the service sent and the carrier took, oldest first.
func (c *Carrier) Sent() []Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []Message
	for _, m := range c.messages {
		if m.outbound() {
			all = append(all, m.view())
		}
	}
	return all
}

// Message returns one message by its SID, of either direction.
func (c *Carrier) Message(sid string) (Message, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, ok := c.bySID[sid]
	if !ok {
		return Message{}, false
	}
	return m.view(), true
}

// Request is one REST request as the service made it, refused ones included.
type Request struct {
	Method, Path string
	Form         map[string][]string // of the body, or of the query for a GET
	Status       int                 // 0 while it is served, and when its connection was cut
	Code         int                 // the carrier's error code, 0 for none
	At           time.Time
}

// mostRequests bounds what a long demo remembers.
const mostRequests = 10_000

// Requests lists what the service asked of the REST API, oldest first: the last ten thousand.
func (c *Carrier) Requests() []Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.requests)
}
