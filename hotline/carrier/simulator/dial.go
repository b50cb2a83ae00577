package simulator

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// dialed is how a Dial ended.
type dialed struct {
	status  string
	child   *Call
	bridged bool
	code    int    // of a failure of the document
	problem string // what the service did wrong, if it did
}

func (x *script) dial(v element) flow {
	if r := v.value("record"); r != "" && r != "do-not-record" && r != "false" {
		x.l.c.fault(Unsimulated, "the recording of a Dial")
	}
	nouns := v.Children
	if len(nouns) == 0 && strings.TrimSpace(v.Text) != "" {
		number := element{Text: v.Text}
		number.XMLName.Local = "Number"
		nouns = []element{number}
	}
	if len(nouns) == 0 {
		return x.fail(codeSchema, "a Dial of nobody")
	}
	var d dialed
	switch nouns[0].name() {
	case "Conference":
		d = x.confer(nouns[0])
	case "Queue":
		d = x.dequeue(v, nouns[0])
	default:
		d = x.ringAll(v, nouns)
	}
	switch {
	case d.problem != "":
		return x.fail(d.code, d.problem)
	case d.code != 0:
		x.code = d.code
		return breaks
	}
	return x.dialEnds(v, d)
}

func (x *script) dialEnds(v element, d dialed) flow {
	c := x.l.c
	c.mu.Lock()
	with := url.Values{"DialCallStatus": {d.status}}
	if d.child != nil {
		with.Set("DialCallSid", d.child.sid)
		with.Set("DialBridged", strconv.FormatBool(d.bridged))
		with.Set("DialCallDuration", strconv.Itoa(c.seconds(d.child.started, c.cfg.Now())))
	}
	over := x.l.over()
	c.mu.Unlock()
	action, given := v.attr("action")
	switch {
	case over:
		x.lastWords(v, with)
		return ends
	case x.ctx.Err() != nil:
		return ends
	case given:
		return x.jump(action, v.value("method"), with)
	}
	return goesOn
}

// ringAll rings every noun at once and bridges the first that answers and hears its document out.
func (x *script) ringAll(v element, nouns []element) dialed {
	c := x.l.c
	from, problem := x.callerID(v)
	if problem != "" {
		return dialed{code: 13214, problem: problem}
	}
	timeout := time.Duration(v.count("timeout", 30)) * time.Second
	var children []*Call
	for _, n := range nouns {
		if n.name() == "Sip" {
			c.fault(Unsimulated, "a Sip in a Dial")
			continue
		}
		children = append(children, x.dialOut(n, from, timeout))
	}
	defer x.endAll(children, nil)
	var won *Call
	c.within(x.ctx, -1, func() bool {
		won = answered(children)
		return won != nil || !slices.ContainsFunc(children, func(l *Call) bool { return !l.over() })
	})
	if won == nil {
		return x.nobody(children)
	}
	x.endAll(children, won)
	c.within(x.ctx, -1, func() bool { return won.ready || won.away || won.over() })
	d := dialed{status: Completed, child: won, bridged: x.joinsWith(won)}
	if d.bridged {
		if most := v.count("timeLimit", 0); most > 0 {
			won.limit(time.Duration(most) * time.Second)
		}
		x.bridged(won)
	}
	return d
}

// callerID is what the called side is shown: a number of the account, or one of the leg's own two.
func (x *script) callerID(v element) (from, problem string) {
	from = v.value("callerId")
	c := x.l.c
	c.mu.Lock()
	defer c.mu.Unlock()
	if from == "" {
		return x.l.from, ""
	}
	if c.numbers[from] == nil && from != x.l.from && from != x.l.to && !isClient(from) {
		return "", "a callerId that is not the account's"
	}
	return from, ""
}

func (x *script) dialOut(n element, from string, timeout time.Duration) *Call {
	c := x.l.c
	to := strings.TrimSpace(n.Text)
	given := map[string]string{}
	if n.name() == "Client" {
		for _, child := range n.Children {
			if child.name() == "Identity" {
				to = child.words()
			} else {
				given[child.value("name")] = child.value("value")
			}
		}
		to = "client:" + to
	}
	whisper := source{url: n.value("url"), method: n.value("method")}
	if whisper.url != "" {
		whisper.url = x.resolve(whisper.url)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.callOut(&Call{direction: outboundDial, from: from, to: to, parent: x.l, status: Queued, clientIs: given,
		callback: x.callback(n, "completed")})
	c.leaks(l, "the address of a status callback", l.callback.url)
	for _, value := range given {
		c.leaks(l, "a parameter of a Client", value)
	}
	c.spawned(func(context.Context) { l.dialedOut(whisper, timeout) })
	return l
}

// callback reads the statusCallback attributes of a noun.
func (x *script) callback(n element, usual ...string) callback {
	b := callback{method: n.value("statusCallbackMethod"), events: strings.Fields(n.value("statusCallbackEvent"))}
	if address := n.value("statusCallback"); address != "" {
		b.url = x.resolve(address)
		if !callable(b.url) {
			x.l.c.faulted(BadCallback, "a statusCallback that cannot be called")
			b.url = ""
		}
	}
	if len(b.events) == 0 {
		b.events = usual
	}
	return b
}

// dialedOut is the life of a leg that a Dial made.
func (l *Call) dialedOut(whisper source, timeout time.Duration) {
	if !l.rings(timeout) {
		return
	}
	x := l.newScript()
	x.where = inWhisper
	f := goesOn
	if whisper.url != "" {
		f = x.run(whisper)
	}
	l.c.mu.Lock()
	l.ready = f == goesOn && x.ctx.Err() == nil
	l.c.wake()
	l.c.mu.Unlock()
	if f == goesOn {
		<-x.ctx.Done()
	}
	var asked bool
	if next := l.after(x, ends, &asked); next != nil {
		l.leaveBridge()
		l.perform(*next)
	}
}

func (l *Call) leaveBridge() {
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	if l.peer != nil {
		l.peer.peer, l.peer = nil, nil
	}
	l.c.wake()
}

// answered is the leg that was answered first. The caller holds mu.
func answered(children []*Call) *Call {
	var won *Call
	for _, l := range children {
		if l.status == InProgress && (won == nil || l.started.Before(won.started)) {
			won = l
		}
	}
	return won
}

// endAll ends the legs of a Dial, but for one.
func (x *script) endAll(children []*Call, but *Call) {
	x.l.c.mu.Lock()
	defer x.l.c.mu.Unlock()
	for _, l := range children {
		switch {
		case l == but || l.away:
		case l.status == InProgress:
			l.end(Completed, 0)
		default:
			l.end(Canceled, 487)
		}
	}
}

// nobody is how a Dial ended that nobody answered.
func (x *script) nobody(children []*Call) dialed {
	d := dialed{status: Canceled}
	x.l.c.mu.Lock()
	defer x.l.c.mu.Unlock()
	if x.ctx.Err() == nil {
		d.status = NoAnswer
	}
	if len(children) > 0 {
		d.child = children[len(children)-1]
		if d.child.over() {
			d.status = d.child.status
		}
	}
	return d
}

// joinsWith bridges the leg with one that is ready; false when that one is gone.
func (x *script) joinsWith(other *Call) bool {
	x.l.c.pickUp(x.l, "")
	x.l.c.mu.Lock()
	defer x.l.c.mu.Unlock()
	if !other.ready || other.away || other.over() || x.l.over() || x.ctx.Err() != nil {
		return false
	}
	x.l.peer, other.peer = other, x.l
	x.l.c.wake()
	return true
}

// bridged waits until a talk of two is over, and parts them when it is this side that goes on.
func (x *script) bridged(other *Call) {
	c := x.l.c
	c.within(x.ctx, -1, func() bool { return x.l.peer != other })
	c.mu.Lock()
	defer c.mu.Unlock()
	if x.l.peer == other {
		x.l.peer, other.peer = nil, nil
		c.wake()
	}
}
