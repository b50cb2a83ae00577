package simulator

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// script is what runs on a leg: one document after another.
type script struct {
	l      *Call
	ctx    context.Context // ends with the leg, or when it goes on elsewhere
	where  place
	extra  func() url.Values // fields of a queue or conference; called with mu held
	base   string            // address of the document that runs, "" for one that came with a request
	method string
	seen   map[string]bool // addresses asked so far: a circle must not spin

	next  source // of a jump
	code  int    // of a failure
	asked bool   // the failure was met by the fallback already, in vain
}

// source is where a document comes from.
type source struct {
	url, method string
	twiml       string     // the document itself, instead
	with        url.Values // more fields
}

// flow is how a verb, or a whole document, ended.
type flow int

const (
	goesOn flow = iota // with the next verb
	jumps              // to another document
	leaves             // the queue
	ends               // the leg, or the script was cut short
	breaks             // with a code
)

// run fetches and performs documents until one runs out, leaves, ends or fails.
func (x *script) run(s source) flow {
	for {
		doc, code := x.fetch(s)
		switch {
		case x.ctx.Err() != nil:
			return ends
		case code != 0:
			x.code = code
			return breaks
		}
		f := x.perform(doc)
		if f != jumps {
			return f
		}
		s = x.next
	}
}

func (x *script) perform(doc []element) flow {
	for _, v := range doc {
		f := x.verb(v)
		if x.ctx.Err() != nil {
			return ends
		}
		if f != goesOn {
			return f
		}
	}
	return goesOn
}

func (x *script) verb(v element) flow {
	name := v.name()
	if name != "Redirect" && name != "Reject" && name != "Hangup" && !v.is("answerOnBridge") && x.l.direction == inboundCall {
		x.l.c.pickUp(x.l, "")
	}
	switch name {
	case "Say":
		return x.say(v)
	case "Play":
		return x.play(v)
	case "Pause":
		return x.rest(time.Duration(v.count("length", 1)) * time.Second)
	case "Gather":
		return x.gather(v)
	case "Redirect":
		return x.redirect(v)
	case "Enqueue":
		return x.enqueue(v)
	case "Leave":
		return leaves
	case "Dial":
		return x.dial(v)
	case "Record":
		return x.record(v)
	case "Reject":
		return x.reject(v)
	case "Hangup":
		if x.where == inQueue {
			x.l.ends(Completed, 0)
		}
		return ends
	}
	return goesOn // readVoice let nothing else in
}

// rest lets a time of the call go by.
func (x *script) rest(d time.Duration) flow {
	if x.l.c.pause(x.ctx, x.l.c.scale(d)) {
		return goesOn
	}
	return ends
}

// breathe is the shortest time between two rounds of something that repeats.
func (x *script) breathe() flow {
	if x.l.c.pause(x.ctx, max(x.l.c.scale(time.Second), 5*time.Millisecond)) {
		return goesOn
	}
	return ends
}

func (x *script) redirect(v element) flow {
	to := x.resolve(v.words())
	if x.seen[to] && x.breathe() == ends {
		return ends
	}
	return x.jump(v.words(), v.value("method"), nil)
}

func (x *script) reject(v element) flow {
	if x.l.direction == inboundCall && x.l.State() == Ringing {
		x.l.ends(Busy, map[bool]int{true: 486, false: 603}[v.value("reason") == "busy"])
	}
	return ends
}

// jump goes on at an address, "" for the one that runs.
func (x *script) jump(to, method string, with url.Values) flow {
	x.next = source{url: x.resolve(to), method: method, with: with}
	if to == "" && method == "" {
		x.next.method = x.method
	}
	if x.next.url == "" {
		x.l.c.fault(BadCallback, "an address in a document that is not absolute, and nothing to resolve it by")
		x.code = codeSchema
		return breaks
	}
	return jumps
}

// resolve makes an address absolute; "" is the document's own.
func (x *script) resolve(to string) string {
	to = strings.TrimSpace(to)
	if to == "" {
		return x.base
	}
	ref, err := url.Parse(to)
	if err != nil {
		return ""
	}
	if base, err := url.Parse(x.base); err == nil && x.base != "" {
		ref = base.ResolveReference(ref)
	}
	if !ref.IsAbs() {
		return ""
	}
	return ref.String()
}

// fetch gets a document, and a code when the carrier cannot run what it got. The request goes on when the leg is over.
func (x *script) fetch(s source) ([]element, int) {
	if s.url == "" {
		return x.given(s.twiml)
	}
	h, luck := x.hook(s)
	result := make(chan []Answer, 1)
	c := x.l.c
	c.spawn(func(ctx context.Context) {
		if !c.pause(ctx, luck.delay) {
			return
		}
		if luck.twice {
			c.spawn(func(ctx context.Context) { c.call(ctx, h) })
		}
		result <- c.call(ctx, h)
	})
	select {
	case attempts := <-result:
		return x.received(h, attempts)
	case <-x.ctx.Done():
		return nil, 0
	}
}

// given reads a document that came with a request.
func (x *script) given(twiml string) ([]element, int) {
	x.base = ""
	a := Answer{At: x.l.c.cfg.Now().UTC(), Status: http.StatusOK, ContentType: "text/xml", Body: twiml}
	doc, code, problem := readVoice(a, x.where)
	if code != 0 {
		a.Code = code
		x.l.c.alert(x.l.sid, a)
		x.l.c.fault(BadAnswer, "a request brought %s", problem)
	}
	return doc, code
}

func (x *script) hook(s source) (hook, luck) {
	l := x.l
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	with := url.Values{}
	if x.extra != nil {
		with = x.extra()
	}
	for name, values := range s.with {
		with[name] = values
	}
	h := hook{url: s.url, method: s.method, sid: l.sid, token: newSID(""), form: l.form(with), kind: voiceHook, place: x.where}
	if x.where == inCall && s.with.Get("ErrorCode") == "" {
		h.fallback, h.fallbackMethod = l.fallback.url, l.fallback.method
	}
	if l.fetches == 0 {
		l.first = h
	}
	l.fetches++
	l.c.leaks(nil, "the address of a document", s.url)
	x.seen[s.url] = true
	return h, l.c.chaos.draw(l.serial, "voice "+strconv.Itoa(l.fetches))
}

func (x *script) received(h hook, attempts []Answer) ([]element, int) {
	x.l.c.mu.Lock()
	x.l.answers = append(x.l.answers, attempts...)
	x.l.c.wake()
	x.l.c.mu.Unlock()
	last := attempts[len(attempts)-1]
	x.base, x.method = withoutFragment(h.url), h.method
	if last.Fallback {
		x.base, x.method = withoutFragment(h.fallback), h.fallbackMethod
	}
	if !last.OK() {
		x.asked = true
		return nil, last.Code
	}
	doc, _, _ := readVoice(last, x.where)
	if len(doc) == 1 && doc[0].name() == "" { // a sound by itself
		doc[0].XMLName.Local, doc[0].Text = "Play", x.base
	}
	return doc, 0
}

// lastWords tells an action how its verb ended when the person hung up; nothing comes of the answer.
func (x *script) lastWords(v element, with url.Values) {
	action, given := v.attr("action")
	if !given || x.resolve(action) == "" {
		return
	}
	l := x.l
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	h := hook{url: x.resolve(action), method: v.value("method"), sid: l.sid, token: newSID(""), form: l.form(with), kind: voiceHook}
	l.c.spawned(func(ctx context.Context) { l.c.call(ctx, h) })
}

// fail ends a document with a code that the service should never see.
func (x *script) fail(code int, problem string) flow {
	x.l.c.fault(BadAnswer, "%s", problem)
	x.l.c.alert(x.l.sid, Answer{Code: code})
	x.code = code
	return breaks
}
