package simulator

import (
	"context"
	"encoding/json"
	"net/http"
	"path"
	"strings"
	"time"
)

// goneAfter is how long a browser may be away before the carrier lets go of its legs, in the time of the call: a page
// that is loaded anew is back by then.
const goneAfter = 3 * time.Second

// Softphones lets pages be phones, as the carrier's own library in a browser is: the phone "client:ann" is there while
// somebody reads its stream, and nobody else can answer it. When the last reader of a phone goes away its legs end.
//
//	GET  …/legs?phone=client:ann   server-sent events: {"legs":[…]} at once and after every change
//	POST …/act                     {"do":"answer","sid":"CA…"}, hangup, press (value: keys), mute (value: true or false)
//
// A leg is in the list until it is over: {"sid","state","from","held","muted","with","heard"}. State is that of
// [Call.State], from what the leg was shown, with says what the others are (caller, phone, browser) and never their
// numbers, heard is the newest of what it heard, each {"verb","text","language"}. Muted is by the browser or by REST.
//
// Whoever mounts it does so under a prefix of their own; only the last part of the path counts. It knows nobody: it is
// for loopback, refuses other hosts and what other sites ask for. Its streams end with Close, which must come before
// the server's Shutdown.
func (c *Carrier) Softphones() http.Handler {
	return guard(http.NewCrossOriginProtection().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method + " " + path.Base(r.URL.Path) {
		case "GET legs":
			c.softLegs(w, r)
		case "POST act":
			c.softAct(w, r)
		default:
			http.Error(w, "there is legs to read and act to post to", http.StatusNotFound)
		}
	})))
}

// softLeg is a leg as its own browser sees it.
type softLeg struct {
	SID   string      `json:"sid"`
	State string      `json:"state"`
	From  string      `json:"from"`
	Held  bool        `json:"held"`
	Muted bool        `json:"muted"`
	With  []string    `json:"with"`
	Heard []pageHeard `json:"heard"`
}

type softState struct {
	Legs []softLeg `json:"legs"`
}

func (c *Carrier) softLegs(w http.ResponseWriter, r *http.Request) {
	address := r.URL.Query().Get("phone")
	if !isClient(address) || len(address) > 140 {
		http.Error(w, "phone is client: and an identity", http.StatusBadRequest)
		return
	}
	if !c.enter() {
		http.Error(w, "closed", http.StatusServiceUnavailable)
		return
	}
	defer c.wg.Done()
	p := c.Phone(address)
	p.registers()
	defer p.unregisters()
	last := ""
	c.events(w, r, func() (string, <-chan struct{}) {
		document, changed := p.softState()
		if document == last {
			return "", changed
		}
		last = document
		return document, changed
	})
}

func (p *Phone) registers() {
	p.c.mu.Lock()
	defer p.c.mu.Unlock()
	p.browser = true
	p.readers++
	p.c.wake()
}

// unregisters takes a reader away. Without any, the legs end soon.
func (p *Phone) unregisters() {
	c := p.c
	c.mu.Lock()
	defer c.mu.Unlock()
	p.readers--
	c.wake()
	if p.readers > 0 {
		return
	}
	c.spawned(func(ctx context.Context) {
		if !c.pause(ctx, c.scale(goneAfter)) {
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, l := range c.calls {
			if l.phone == p && p.away() {
				l.vanish()
			}
		}
	})
}

// away says that the phone is a browser that is not there. The carrier's mu is held.
func (p *Phone) away() bool { return p.browser && p.readers == 0 }

// vanish ends a leg whose phone is gone. The caller holds mu.
func (l *Call) vanish() {
	if l.status == InProgress {
		l.end(Completed, 0)
		return
	}
	l.end(NoAnswer, 480)
}

// softState is what a browser is sent, and the channel that closes at the next change.
func (p *Phone) softState() (string, <-chan struct{}) {
	c := p.c
	c.mu.Lock()
	defer c.mu.Unlock()
	s := softState{Legs: []softLeg{}}
	for _, l := range c.calls {
		if l.phone == p && !l.over() && l.status != Queued && l.status != Initiated {
			s.Legs = append(s.Legs, l.soft())
		}
	}
	document, err := json.Marshal(s)
	if err != nil {
		return "", c.changed // strings and bools cannot fail
	}
	return string(document), c.changed
}

func (l *Call) soft() softLeg {
	v := softLeg{SID: l.sid, State: l.status, From: l.from, Held: l.seat != nil && l.seat.hold,
		Muted: l.mute || l.seat != nil && l.seat.muted, With: []string{}, Heard: []pageHeard{}}
	for _, other := range l.with() {
		v.With = append(v.With, other.kind())
	}
	for _, h := range l.heard[max(0, len(l.heard)-mostHeard):] {
		v.Heard = append(v.Heard, pageHeard{h.Verb, strings.ToValidUTF8(h.Text, "\ufffd"), h.Language})
	}
	return v
}

// kind is what a leg is to the others.
func (l *Call) kind() string {
	switch {
	case l.direction == inboundCall:
		return "caller"
	case isClient(l.to):
		return "browser"
	}
	return "phone"
}

func (c *Carrier) softAct(w http.ResponseWriter, r *http.Request) {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4<<10))
	d.DisallowUnknownFields()
	var a struct{ Do, SID, Value string }
	if err := d.Decode(&a); err != nil || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		http.Error(w, "a JSON action is wanted", http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	l := c.callBy[a.SID]
	c.mu.Unlock()
	if l == nil || l.phone == nil || !isClient(l.phone.address) || !l.softly(a.Do, a.Value) {
		http.Error(w, "no such leg of a browser, or no such action", http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// softly does what a browser asks of its leg; false for what it cannot.
func (l *Call) softly(do, value string) bool {
	switch do {
	case "answer":
		l.Answer()
	case "hangup":
		l.HangUp()
	case "press":
		if value == "" || len(value) > 32 || strings.Trim(value, "0123456789*#") != "" {
			return false
		}
		l.Press(value)
	case "mute":
		if value != "true" && value != "false" {
			return false
		}
		l.Mute(value == "true")
	default:
		return false
	}
	return true
}
