package simulator

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// queue holds legs that wait, the longest first. Guarded by the carrier's mu.
type queue struct {
	sid, name string
	most      int
	created   time.Time
	members   []*waiting
}

// waiting is a leg's place in a queue.
type waiting struct {
	queue  *queue
	call   *Call
	since  time.Time
	result string // why it left, "" while it waits
	taker  *Call  // whose Dial takes it
	front  source // what it hears before that
	shift  context.CancelFunc
}

// queueNamed is the queue of this name, made when there is none. The caller holds mu.
func (c *Carrier) queueNamed(name string) *queue {
	for _, q := range c.queues {
		if q.name == name {
			return q
		}
	}
	c.leaks(nil, "the name of a queue", name)
	q := &queue{sid: newSID("QU"), name: name, most: 1000, created: c.cfg.Now().UTC()}
	c.queues = append(c.queues, q)
	return q
}

// drop takes a leg out of its queue. The caller holds mu.
func (w *waiting) drop(result string) {
	if w.result != "" {
		return
	}
	w.result = result
	w.queue.members = slices.DeleteFunc(w.queue.members, func(other *waiting) bool { return other == w })
	if w.call.wait == w {
		w.call.wait = nil
	}
	w.call.c.wake()
}

func (x *script) enqueue(v element) flow {
	name := v.words()
	if len(name) > 64 {
		return x.fail(codeSchema, "the name of a queue is longer than 64 characters")
	}
	w := x.joins(name)
	if w == nil {
		return x.dequeued(v, url.Values{"QueueResult": {"queue-full"}})
	}
	f := x.waits(v, w)
	for f == jumps { // taken, but the taker went before they met
		f = x.waits(v, w)
	}
	with := x.left(w, f)
	if x.ctx.Err() != nil {
		x.lastWords(v, with)
		return ends
	}
	return x.dequeued(v, with)
}

// left takes the leg out of its queue and returns the fields of the action.
func (x *script) left(w *waiting, f flow) url.Values {
	c := x.l.c
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case w.result == "bridged" && x.ctx.Err() != nil && !x.l.over():
		w.result = "redirected-from-bridged"
	case x.ctx.Err() != nil:
		w.drop("redirected")
	case f == leaves:
		w.drop("leave")
	default:
		w.drop("error")
	}
	return url.Values{"QueueResult": {w.result}, "QueueSid": {w.queue.sid}, "QueueTime": {strconv.Itoa(c.seconds(w.since, c.cfg.Now()))}}
}

func (x *script) dequeued(v element, with url.Values) flow {
	if action, given := v.attr("action"); given {
		return x.jump(action, v.value("method"), with)
	}
	return goesOn
}

func (x *script) joins(name string) *waiting {
	c := x.l.c
	c.mu.Lock()
	defer c.mu.Unlock()
	if x.l.over() {
		return &waiting{queue: &queue{}, call: x.l, result: "hangup"}
	}
	q := c.queueNamed(name)
	if len(q.members) >= q.most {
		return nil
	}
	w := &waiting{queue: q, call: x.l, since: c.cfg.Now().UTC()}
	q.members = append(q.members, w)
	x.l.wait = w
	c.wake()
	return w
}

// waits plays the wait document, again and again, until the leg leaves, is taken and bridged, or the document fails. It
// returns jumps when it must wait on.
func (x *script) waits(v element, w *waiting) flow {
	wait := *x
	wait.where, wait.extra, wait.seen = inQueue, w.fields, map[string]bool{}
	c := x.l.c
	c.mu.Lock()
	ctx, shift := context.WithCancel(x.ctx)
	wait.ctx, w.shift = ctx, shift
	if w.result != "" || w.taker != nil {
		shift()
	}
	c.mu.Unlock()
	defer shift()
	f := wait.loop(v)
	c.mu.Lock()
	taken := w.taker != nil && x.ctx.Err() == nil
	c.mu.Unlock()
	if taken {
		return x.taken(w)
	}
	return f
}

// loop runs the wait document until its context is over or it leaves or fails.
func (x *script) loop(v element) flow {
	address := v.value("waitUrl")
	if address == "" { // the carrier's music, or silence
		<-x.ctx.Done()
		return ends
	}
	s := source{url: x.resolve(address), method: v.value("waitUrlMethod")}
	if s.url == "" {
		return x.fail(codeSchema, "a waitUrl that is not absolute, and nothing to resolve it by")
	}
	for {
		if f := x.run(s); f != goesOn {
			return f
		}
		if x.breathe() == ends {
			return ends
		}
	}
}

// fields are those of a wait document. The carrier's mu is held.
func (w *waiting) fields() url.Values {
	return url.Values{
		"QueueSid": {w.queue.sid}, "QueuePosition": {strconv.Itoa(slices.Index(w.queue.members, w) + 1)},
		"QueueTime":    {strconv.Itoa(w.call.c.seconds(w.since, w.call.c.cfg.Now()))},
		"AvgQueueTime": {"0"}, "CurrentQueueSize": {strconv.Itoa(len(w.queue.members))}, "MaxQueueSize": {strconv.Itoa(w.queue.most)},
	}
}

// taken lets the queued leg hear what its taker has for it, and bridges the two until one goes. It returns jumps when
// the taker went before.
func (x *script) taken(w *waiting) flow {
	if w.front.url != "" {
		first := *x
		first.where, first.seen = atFront, map[string]bool{}
		first.extra = func() url.Values {
			f := w.fields()
			return url.Values{"QueueSid": f["QueueSid"], "QueueTime": f["QueueTime"], "DequeingCallSid": {w.taker.sid}}
		}
		if f := first.run(w.front); f == breaks || x.ctx.Err() != nil {
			return f
		}
	}
	c := x.l.c
	c.mu.Lock()
	if x.l.over() || x.ctx.Err() != nil {
		c.mu.Unlock()
		return ends
	}
	taker := w.taker
	if w.taker.over() || w.taker.next != nil {
		w.taker = nil
		c.mu.Unlock()
		return jumps
	}
	w.drop("bridged")
	x.l.peer, taker.peer = taker, x.l
	c.wake()
	c.mu.Unlock()
	x.bridged(taker)
	return goesOn
}

// dequeue takes the front of a queue, waiting for one while its timeout lasts.
func (x *script) dequeue(v, noun element) dialed {
	c := x.l.c
	var w *waiting
	front := source{url: noun.value("url"), method: noun.value("method")}
	if front.url != "" {
		front.url = x.resolve(front.url)
	}
	found := c.within(x.ctx, c.scale(time.Duration(v.count("timeout", 30))*time.Second), func() bool {
		for _, other := range c.queueNamed(noun.words()).members {
			if other.taker == nil {
				w = other
				w.taker, w.front = x.l, front
				if w.shift != nil {
					w.shift()
				}
				return true
			}
		}
		return false
	})
	if !found {
		return dialed{status: NoAnswer}
	}
	c.within(x.ctx, -1, func() bool { return w.result != "" || x.l.peer == w.call })
	d := dialed{status: Completed, child: w.call}
	c.mu.Lock()
	d.bridged = w.result == "bridged"
	c.mu.Unlock()
	if d.bridged {
		x.bridged(w.call)
	}
	return d
}
