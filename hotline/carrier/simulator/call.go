package simulator

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Statuses of a call, as the carrier spells them; with Queued and Failed.
const (
	Initiated  = "initiated"
	Ringing    = "ringing"
	InProgress = "in-progress"
	Completed  = "completed"
	Busy       = "busy"
	NoAnswer   = "no-answer"
	Canceled   = "canceled"
)

// Directions of a leg, with outbound-api.
const (
	inboundCall  = "inbound"
	outboundDial = "outbound-dial"
)

// Call is one leg: a phone and what it is connected to. Safe for concurrent use.
type Call struct {
	c         *Carrier
	serial    int // counts from 1; chaos is drawn by it
	sid       string
	direction string
	from, to  string
	phone     *Phone
	parent    *Call             // of a leg that a Dial made
	app       string            // ApplicationSid
	clientIs  map[string]string // Parameters of a Client noun
	draft     draft             // fields that the caller added or took away

	ctx    context.Context // ends with the leg
	cancel context.CancelFunc

	// Guarded by the carrier's mu.
	status                  string
	past                    []string // statuses before
	sip                     int
	answeredBy              string // human or machine_start, when it was asked for
	detect                  bool
	created, started, ended time.Time
	queued                  time.Duration // how long a leg made by REST had to wait
	fallback                callback      // asked when a document failed
	callback                callback
	sequence, fetches       int
	told                    <-chan struct{} // the last status callback
	first                   hook            // the first voice webhook
	answers                 []Answer
	heard                   []Heard
	keys                    string   // pressed, and taken by nobody yet
	speech                  []string // said, and taken by nobody yet
	ear                     *ear
	silent, lost, machine   bool
	mute                    bool        // the phone's own microphone is off
	ready                   bool        // a dialled leg that may be bridged
	away                    bool        // REST sent it elsewhere: the Dial that made it has no say any more
	invited                 *conference // by REST
	seat                    *member
	wait                    *waiting
	peer                    *Call
	next                    *source // where REST sent it
	shift                   context.CancelFunc
	recordings              []*recording
}

// callback is an address to be told of a life, and of which events.
type callback struct {
	url, method string
	events      []string
}

// Heard is something that a leg was given to hear.
type Heard struct {
	Verb     string // Say, Play, Beep, Voice (what another leg spoke), Tone (a key of another leg), Carrier
	Text     string // the words, the address of the sound, the key
	Language string // of a Say
	Voice    string // of a Say
	At       time.Time
}

// SID is the id of the leg.
func (l *Call) SID() string { return l.sid }

// From is what the called side is shown.
func (l *Call) From() string { return l.from }

// To is who is called.
func (l *Call) To() string { return l.to }

// Direction is inbound, outbound-api or outbound-dial.
func (l *Call) Direction() string { return l.direction }

// Phone is whose leg it is.
func (l *Call) Phone() *Phone { return l.phone }

// Parent is the leg whose Dial made this one, or nil.
func (l *Call) Parent() *Call { return l.parent }

// State is the status of now: queued, initiated, ringing, in-progress, completed, busy, no-answer, canceled, failed.
func (l *Call) State() string { return look(l, func() string { return l.status }) }

// Heard lists what the leg was given to hear, oldest first.
func (l *Call) Heard() []Heard { return look(l, func() []Heard { return slices.Clone(l.heard) }) }

// Answers lists the answers to its voice webhooks, every attempt, oldest first.
func (l *Call) Answers() []Answer { return look(l, func() []Answer { return slices.Clone(l.answers) }) }

// With lists the legs that are in the conference or the bridge with it, held and muted ones included.
func (l *Call) With() []*Call { return look(l, l.with) }

// HeardBy lists the legs that hear it when it speaks, as mute, hold and coaching have it now.
func (l *Call) HeardBy() []*Call { return look(l, l.heardBy) }

// Room is the name of the conference that it is in, or "".
func (l *Call) Room() string {
	return look(l, func() string {
		if l.seat == nil {
			return ""
		}
		return l.seat.room.name
	})
}

// Queue is the name of the queue that it waits in, or "".
func (l *Call) Queue() string {
	return look(l, func() string {
		if l.wait == nil {
			return ""
		}
		return l.wait.queue.name
	})
}

// Held says that a conference has it on hold.
func (l *Call) Held() bool { return look(l, func() bool { return l.seat != nil && l.seat.hold }) }

// Asked says that a Gather or a Record listens to its keys now.
func (l *Call) Asked() bool { return look(l, func() bool { return l.ear != nil && !l.ear.closed }) }

// look reads something of a leg under the carrier's mu.
func look[T any](l *Call, what func() T) T {
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	return what()
}

func (l *Call) with() []*Call {
	switch {
	case l.peer != nil:
		return []*Call{l.peer}
	case l.seat != nil:
		var others []*Call
		for _, m := range l.seat.room.members {
			if m.call != l {
				others = append(others, m.call)
			}
		}
		return others
	}
	return nil
}

func (l *Call) heardBy() []*Call {
	if l.mute {
		return nil
	}
	return l.listeners()
}

// listeners are the legs that hear a sound of this one, if it makes any.
func (l *Call) listeners() []*Call {
	switch {
	case l.lost:
		return nil
	case l.peer != nil:
		return []*Call{l.peer}
	case l.seat == nil || !l.seat.room.started:
		return nil
	}
	var all []*Call
	for _, m := range l.seat.room.members {
		if m != l.seat && l.seat.reaches(m) {
			all = append(all, m.call)
		}
	}
	return all
}

func (l *Call) over() bool {
	switch l.status {
	case Completed, Busy, NoAnswer, Canceled, Failed:
		return true
	}
	return false
}

// Calls lists all legs, oldest first.
func (c *Carrier) Calls() []*Call {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.calls)
}

// OpenLegs lists the legs that are not over.
func (c *Carrier) OpenLegs() []*Call {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.calls), (*Call).over)
}

// Calls lists the legs of the phone, oldest first.
func (p *Phone) Calls() []*Call {
	return slices.DeleteFunc(p.c.Calls(), func(l *Call) bool { return l.phone != p })
}

// exchange is what a carrier keeps of calls, guarded by its mu.
type exchange struct {
	calls    []*Call
	callBy   map[string]*Call // by SID
	queues   []*queue
	rooms    []*conference
	sounds   []*recording
	dialNext []Mishap  // for the next requests to call
	dials    int       // requests to call so far
	paced    time.Time // when the last call made by REST may begin
}

func newExchange() exchange { return exchange{callBy: map[string]*Call{}} }

// file adds a leg. The caller holds mu.
func (c *Carrier) file(l *Call) *Call {
	l.c, l.sid, l.serial, l.created = c, newSID("CA"), len(c.calls)+1, c.cfg.Now().UTC()
	l.ctx, l.cancel = context.WithCancel(c.ctx)
	c.calls = append(c.calls, l)
	c.callBy[l.sid] = l
	c.wake()
	return l
}

// countOpenLegs records a fault for each. The caller holds mu.
func (c *Carrier) countOpenLegs() {
	for _, l := range c.calls {
		if !l.over() {
			c.faulted(OpenLeg, "an %s leg was left %s", l.direction, l.status)
		}
	}
}

// scale is how long a time of the call takes here.
func (c *Carrier) scale(d time.Duration) time.Duration {
	return time.Duration(float64(d) / c.cfg.Tempo)
}

// seconds is how many seconds of the call lie between two moments of the clock.
func (c *Carrier) seconds(from, to time.Time) int {
	if from.IsZero() || to.Before(from) {
		return 0
	}
	return int(float64(to.Sub(from)) * c.cfg.Tempo / float64(time.Second))
}

// Tell calls an address with a signed form, as a status callback: for facts that are late, doubled or made up.
func (c *Carrier) Tell(ctx context.Context, address string, form url.Values) (Answer, error) {
	if !c.enter() {
		return Answer{}, ErrClosed
	}
	defer c.wg.Done()
	ctx, stop := c.bound(ctx)
	defer stop()
	attempts := c.call(ctx, hook{url: address, token: newSID(""), form: form, kind: statusHook})
	return attempts[len(attempts)-1], nil
}

// Repeat calls the first voice webhook of a leg again, n copies at the same instant; nothing comes of the answers.
func (l *Call) Repeat(ctx context.Context, n int) ([]Answer, error) {
	if !l.c.enter() {
		return nil, ErrClosed
	}
	defer l.c.wg.Done()
	ctx, stop := l.c.bound(ctx)
	defer stop()
	h := look(l, func() hook { return l.first })
	return l.c.copies(ctx, h, n), nil
}

func isClient(address string) bool { return strings.HasPrefix(address, "client:") }
