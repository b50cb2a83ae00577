package console

import (
	"context"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"hopeline/hotline"
)

// Offers decides who has a contact.
type Offers interface {
	Accept(ctx context.Context, v hotline.Viewer, c hotline.ContactID) (hotline.Contact, error)
	Decline(ctx context.Context, v hotline.Viewer, c hotline.ContactID, reason string) error
	Take(ctx context.Context, v hotline.Viewer, c hotline.ContactID) (hotline.Contact, error)
	// Transfer holds the contact out to a user, or gives it back when to is "queue". The note may be empty.
	Transfer(ctx context.Context, v hotline.Viewer, c hotline.ContactID, to, note string) error
	Close(ctx context.Context, v hotline.Viewer, c hotline.ContactID, outcome string) error
}

// Words reads and writes what is said about and in a contact.
type Words interface {
	// Open gives at most limit messages, the newest ones, or those before a message when before is not empty.
	Open(ctx context.Context, v hotline.Viewer, c hotline.ContactID, before hotline.MessageID, limit int) (hotline.Record, error)
	// Send writes one message; the same ref again gives the first one. Safe: the counsellor says that it is still safe.
	Send(ctx context.Context, v hotline.Viewer, c hotline.ContactID, text, ref string, safe bool) (hotline.Message, error)
	Note(ctx context.Context, v hotline.Viewer, c hotline.ContactID, text string, revises hotline.NoteID) (hotline.Note, error)
	// Triage changes the named fields and keeps the rest.
	Triage(ctx context.Context, v hotline.Viewer, c hotline.ContactID, changes map[string]string) (hotline.Triage, error)
	Read(ctx context.Context, v hotline.Viewer, c hotline.ContactID) error
}

// Rooms shows who waits and who is there.
type Rooms interface {
	Overview(ctx context.Context, v hotline.Viewer) (hotline.Overview, error)
	// Waiting is the first limit contacts in the order of the queue, and how many there are in all.
	Waiting(ctx context.Context, v hotline.Viewer, limit int) ([]hotline.Contact, int, error)
	Queue(ctx context.Context) (hotline.Queue, error)
	// SetPresence changes a user's switches; an empty one keeps its value.
	SetPresence(ctx context.Context, v hotline.Viewer, state hotline.Presence, voice hotline.Ringing) (hotline.User, error)
}

// Rotas keeps the plan of who is on duty. A rota is JSON in the form of the contract.
type Rotas interface {
	// OnCall is who is on duty for a line at a time, tier by tier; the zero time is now.
	OnCall(ctx context.Context, line hotline.LineID, at time.Time) ([]hotline.OnDuty, error)
	// Interpreters are on duty to be rung for a language, likewise.
	Interpreters(ctx context.Context, line hotline.LineID, at time.Time) ([]hotline.Standby, error)
	// Rota gives a line's rota, and the version of its plan.
	Rota(ctx context.Context, line hotline.LineID) ([]byte, int64, error)
	// SaveRota gives the version, and what coverage says. A gap in tier 1, and an empty last tier, need a reason. When
	// another rota was saved after base, that is [hotline.ErrConflict]; 0: whatever there is.
	SaveRota(ctx context.Context, v hotline.Viewer, rota []byte, base int64, reason string) (int64, []hotline.Finding, error)
}

// Doors lets people in and out.
//
// A session that is over, and a log-in with any wrong part, is [hotline.ErrForbidden] or [hotline.ErrNotFound]; too many
// tries are [hotline.ErrThrottled], from an error that may say how long to wait with RetryAfter() time.Duration.
// Every other error says nothing about the session, and ends none.
type Doors interface {
	// LogIn begins a session. Enrol: it may only set up a second factor.
	LogIn(ctx context.Context, email, password, code, network string) (token string, enrol bool, err error)
	Session(ctx context.Context, token string) (v hotline.Viewer, enrol bool, err error)
	LogOut(ctx context.Context, token string) error
	StartTOTP(ctx context.Context, token string) (secret, otpauth string, err error)
	ConfirmTOTP(ctx context.Context, token, code string) error
}

// Presence is told who has a console open. Its methods return at once.
type Presence interface {
	Seen(u hotline.UserID)
	Gone(u hotline.UserID)
	// Degraded tells whether the router works without Redis.
	Degraded() bool
}

// Config is what a console needs to know. Nil Log and Registerer are allowed.
type Config struct {
	Public     *url.URL         // the address that browsers use; origins are checked against it
	Now        func() time.Time // UTC
	Log        *zap.Logger
	Registerer prometheus.Registerer
	Seen       time.Duration // between two words to Presence; 0 is 5 s
}

// Console is the edge to counsellors. [Console.Run] owns all its goroutines.
type Console struct {
	cfg     Config
	origin  string
	limits  limits
	parts   Parts
	log     *zap.Logger
	figures *figures

	hub     *hub
	sockets *websocket.Upgrader
	notices chan hotline.Notice
	missed  chan struct{} // holds one token while notices were lost
	recount chan struct{} // holds one token while the queue may have changed

	feeds *feeds // calendars of duties
	links *feeds // addresses that people are asked by

	resession chan struct{} // holds one token while sessions may have ended
	slower    atomic.Bool   // the last word of Presence.Degraded

	work    context.Context // of commands; ends some time after Run was told to end
	cancel  context.CancelFunc
	buffers sync.Pool // for building frames; an idle connection holds none
}

// New makes a console. It does nothing until [Console.Run].
func New(cfg Config, parts Parts) *Console {
	if cfg.Log == nil {
		cfg.Log = zap.NewNop()
	}
	if cfg.Registerer == nil {
		cfg.Registerer = prometheus.NewRegistry()
	}
	limits := defaults
	if cfg.Seen > 0 {
		limits.seen = cfg.Seen
	}
	work, cancel := context.WithCancel(context.Background())
	k := &Console{
		cfg: cfg, origin: originOf(cfg.Public), limits: limits, log: cfg.Log, figures: newFigures(cfg.Registerer),
		parts: parts.whole(), hub: newHub(), feeds: newFeeds(), links: newFeeds(),
		notices: make(chan hotline.Notice, backlog),
		missed:  make(chan struct{}, 1), recount: make(chan struct{}, 1), resession: make(chan struct{}, 1),
		work: work, cancel: cancel,
	}
	k.sockets = k.upgrader()
	k.buffers.New = func() any { return new([]byte) }
	return k
}

// backlog is how many notices may wait for the hub; a longer line is cheaper to replace by what SQL says.
const backlog = 4096

// Tell passes on what happened. It never blocks; when notices come faster than they can be told, everybody gets a hello.
func (k *Console) Tell(n hotline.Notice) {
	select {
	case k.notices <- n:
	default:
		nudge(k.missed)
	}
}

// nudge leaves a token in a channel that holds one.
func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Run tells, counts and looks after the sockets until ctx ends, then lets the commands in hand end, says goodbye on
// every socket, and waits for all of it. It gives no error.
func (k *Console) Run(ctx context.Context) error {
	var loops sync.WaitGroup
	for _, loop := range []func(context.Context){k.route, k.count, k.attend, k.checkSessions} {
		loops.Go(func() { loop(ctx) })
	}
	<-ctx.Done()
	k.goodbye()
	loops.Wait()
	return nil
}

// goodbye ends all connections: each after the command it has in hand, within the limits.
func (k *Console) goodbye() {
	defer k.cancel()
	for _, c := range k.hub.close() {
		c.leave(endAway)
	}
	gone := make(chan struct{})
	go func() {
		k.hub.served.Wait()
		close(gone)
	}()
	patience := time.NewTimer(k.limits.goodbye)
	defer patience.Stop()
	select {
	case <-gone:
		return
	case <-patience.C:
	}
	k.cancel()
	for _, c := range k.hub.all() {
		c.cut()
	}
	<-gone
}
