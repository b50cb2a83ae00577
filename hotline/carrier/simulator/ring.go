package simulator

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// voicemailTakes is how long an answering machine listens.
const voicemailTakes = 2 * time.Minute

// ringing is what happens when a phone is called.
type ringing struct {
	kind  ringKind
	after time.Duration // of the call
	code  int           // of SIP
	keys  string        // pressed when asked
}

type ringKind int

const (
	lets ringKind = iota // rings until somebody answers
	picksUp
	busy
	machine
	unreachable
)

// LetsRing is how a phone begins: it rings until a test, or somebody on the page, answers, and else until the time-out.
func (p *Phone) LetsRing() { p.rings(ringing{kind: lets}) }

// Answers lets a person take every call after a time of the call, and press these keys, if any, when asked for keys.
func (p *Phone) Answers(after time.Duration, keys ...string) {
	r := ringing{kind: picksUp, after: after}
	for _, k := range keys {
		r.keys += k
	}
	p.rings(r)
}

// Busy lets calls end busy at once. So does, by itself, a phone that is in a call.
func (p *Phone) Busy() { p.rings(ringing{kind: busy, code: 486}) }

// Voicemail lets a machine answer after a time of the call: it hears everything, presses nothing, and hangs up after two
// minutes.
func (p *Phone) Voicemail(after time.Duration) { p.rings(ringing{kind: machine, after: after}) }

// Unreachable lets calls end failed with this code of SIP: 480 for a phone that is off, 404 for a number that nobody has.
func (p *Phone) Unreachable(code int) { p.rings(ringing{kind: unreachable, code: code}) }

func (p *Phone) rings(r ringing) {
	p.c.mu.Lock()
	defer p.c.mu.Unlock()
	p.ringing = r
	p.c.wake()
}

// Ringing waits until the phone rings and returns that leg, the oldest that still rings.
func (p *Phone) Ringing(ctx context.Context) (*Call, error) {
	return p.waitsFor(ctx, "ring", func(l *Call) bool { return l.status == Ringing && l.direction != inboundCall })
}

// Talking waits until the phone has a leg that was answered and is not over, and returns the oldest.
func (p *Phone) Talking(ctx context.Context) (*Call, error) {
	return p.waitsFor(ctx, "answer", func(l *Call) bool { return l.status == InProgress })
}

func (p *Phone) waitsFor(ctx context.Context, what string, is func(*Call) bool) (*Call, error) {
	var found *Call
	err := p.c.Until(ctx, func() bool {
		p.c.mu.Lock()
		defer p.c.mu.Unlock()
		for _, l := range p.c.calls {
			if l.phone == p && is(l) {
				found = l
				return true
			}
		}
		return false
	})
	if err != nil {
		return nil, fmt.Errorf("wait for a phone to %s: %w", what, err)
	}
	return found, nil
}

// rings dials an outgoing leg and lets its phone ring for at most so much of the call; true when it was answered.
func (l *Call) rings(timeout time.Duration) bool {
	c := l.c
	if !l.becomes(Initiated) || !c.pause(l.ctx, c.cfg.Step) {
		return false
	}
	r, reached := l.reach()
	if !reached || !l.becomes(Ringing) {
		return false
	}
	takes := r.kind == picksUp || r.kind == machine
	wait := timeout
	if takes {
		wait = min(wait, r.after)
	}
	answered := func() bool { return l.status != Ringing }
	if !c.within(l.ctx, c.scale(wait), answered) {
		switch {
		case takes && r.after < timeout:
			l.picksUp(r)
		default:
			l.ends(NoAnswer, 487)
		}
	}
	return l.State() == InProgress
}

// becomes takes a step of the way to an answer; false when the leg is over already.
func (l *Call) becomes(status string) bool {
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	if l.over() {
		return false
	}
	l.past = append(l.past, l.status)
	l.status = status
	l.tell(status)
	l.c.wake()
	return true
}

// reach finds out how the phone takes a call; a phone that cannot ring ends the leg.
func (l *Call) reach() (ringing, bool) {
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	if l.phone == nil && isClient(l.to) || l.phone != nil && l.phone.away() { // a browser that is not there may happen
		l.end(NoAnswer, 480)
		return ringing{}, false
	}
	if l.phone == nil {
		l.c.faulted(NobodysPhone, "a call to a number that no phone of this carrier has")
		l.end(Failed, 404)
		return ringing{}, false
	}
	r := l.phone.ringing
	if l.phone.talks() && r.kind != unreachable {
		r = ringing{kind: busy, code: 486}
	}
	switch r.kind {
	case busy:
		l.end(Busy, r.code)
	case unreachable:
		l.end(Failed, r.code)
	}
	return r, !l.over()
}

// talks says that the phone has an answered leg; a browser can have several. The caller holds mu.
func (p *Phone) talks() bool {
	return !isClient(p.address) && slices.ContainsFunc(p.c.calls, func(l *Call) bool { return l.phone == p && l.status == InProgress })
}

func (l *Call) picksUp(r ringing) {
	by := "human"
	if r.kind == machine {
		by = "machine_start"
	}
	l.c.mu.Lock()
	l.keys += r.keys
	l.machine = r.kind == machine
	l.silent = l.silent || l.machine
	l.c.mu.Unlock()
	if l.c.pickUp(l, by) && r.kind == machine {
		l.limit(voicemailTakes)
	}
}

// callOut files an outgoing leg; its life begins with rings. The caller holds mu.
func (c *Carrier) callOut(l *Call) *Call {
	l.phone = c.phones[l.to]
	if c.callersNumber(l.from, l.to) {
		c.faulted(Leak, "a caller's number as the caller id of another leg")
	}
	return c.file(l)
}
