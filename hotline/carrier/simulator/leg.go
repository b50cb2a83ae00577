package simulator

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Call dials one of the account's numbers, or an application (AP…) as a browser does, and returns the caller's leg at
// once; ctx bounds the dialling only. [With] and [Without] change the fields of every webhook of the leg. The error is
// for what never went out: a number that is not the account's, a carrier that is closed.
func (p *Phone) Call(ctx context.Context, to string, opts ...Option) (*Call, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	n, err := p.c.number(to)
	if err != nil {
		return nil, err
	}
	l := &Call{direction: inboundCall, from: p.address, to: n.address, phone: p, status: Ringing,
		fallback: callback{url: n.hooks.VoiceFallback}, draft: draft{form: url.Values{}},
		callback: callback{url: n.hooks.VoiceStatus, events: []string{"completed"}}}
	for _, o := range opts {
		o(&l.draft)
	}
	if len(to) > 2 && to[:2] == "AP" {
		l.to, l.app = "", to
	}
	p.c.mu.Lock()
	defer p.c.mu.Unlock()
	if p.c.closed {
		return nil, ErrClosed
	}
	p.c.file(l)
	if n.hooks.Voice == "" {
		l.end(Failed, http.StatusNotFound)
		return l, nil
	}
	p.c.spawned(func(context.Context) { l.perform(source{url: n.hooks.Voice}) })
	return l, nil
}

// perform runs documents on a leg, wherever REST sends it, until it is over.
func (l *Call) perform(s source) {
	asked := false // at the fallback
	for {
		x := l.newScript()
		f := x.run(s)
		next := l.after(x, f, &asked)
		if next == nil {
			return
		}
		s = *next
	}
}

// newScript makes ready to run on the leg; what REST does next cuts it short.
func (l *Call) newScript() *script {
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	ctx, shift := context.WithCancel(l.ctx)
	l.shift = shift
	if l.next != nil {
		shift()
	}
	return &script{l: l, ctx: ctx, seen: map[string]bool{}}
}

// after says where a leg goes when its script stopped, and ends the leg when that is nowhere.
func (l *Call) after(x *script, f flow, asked *bool) *source {
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	l.shift()
	if l.over() {
		return nil
	}
	if next := l.next; next != nil {
		l.next, *asked = nil, false
		return next
	}
	if f == breaks && !x.asked && !*asked && l.fallback.url != "" {
		*asked = true
		return &source{url: l.fallback.url, method: l.fallback.method, with: url.Values{
			"ErrorCode": {strconv.Itoa(x.code)}, "ErrorUrl": {withoutFragment(x.base)}}}
	}
	if f == breaks {
		l.hears(Heard{Verb: "Carrier", Text: "We are sorry, an application error has occurred. Goodbye.", Language: "en-US"})
	}
	l.end(Completed, 0)
	return nil
}

// send lets a live leg go on elsewhere. The caller holds mu.
func (l *Call) send(to source) {
	l.next, l.away = &to, true
	if l.shift != nil {
		l.shift()
	}
	l.c.wake()
}

// pickUp answers a leg that rings; false when it does not ring any more.
func (c *Carrier) pickUp(l *Call, by string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if l.status != Ringing || l.lost {
		return false
	}
	l.past = append(l.past, l.status)
	l.status, l.started = InProgress, c.cfg.Now().UTC()
	if l.detect {
		l.answeredBy = by
	}
	l.tell("answered")
	c.wake()
	return true
}

func (l *Call) ends(status string, sip int) {
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	l.end(status, sip)
}

// end ends the leg, whatever it is doing. The caller holds mu.
func (l *Call) end(status string, sip int) {
	if l.over() {
		return
	}
	unseen := l.status == Queued
	l.past = append(l.past, l.status)
	l.status, l.sip, l.ended = status, sip, l.c.cfg.Now().UTC()
	l.cancel()
	if l.seat != nil {
		l.seat.leave("participant_hung_up")
	}
	if l.peer != nil {
		l.peer.peer, l.peer = nil, nil
	}
	if l.wait != nil {
		l.wait.drop("hangup")
	}
	l.ear, l.next = nil, nil
	if !unseen {
		l.tell("completed")
	}
	l.c.wake()
}

// limit ends the leg after a time of the call.
func (l *Call) limit(d time.Duration) {
	l.c.spawn(func(context.Context) {
		if l.c.pause(l.ctx, l.c.scale(d)) {
			l.ends(Completed, 0)
		}
	})
}

// tell calls the status callback, if this event was asked for. The caller holds mu.
func (l *Call) tell(event string) {
	if l.callback.url == "" || !slices.Contains(l.callback.events, event) {
		return
	}
	f := l.form(url.Values{
		"CallbackSource": {"call-progress-events"}, "SequenceNumber": {strconv.Itoa(l.sequence)},
		"Timestamp": {l.c.cfg.Now().UTC().Format(time.RFC1123Z)},
	})
	l.sequence++
	if l.over() {
		length := l.c.seconds(l.started, l.ended)
		f.Set("CallDuration", strconv.Itoa(length))
		f.Set("Duration", strconv.Itoa((length+59)/60))
	}
	if l.sip != 0 {
		f.Set("SipResponseCode", strconv.Itoa(l.sip))
	}
	h := hook{url: l.callback.url, method: l.callback.method, sid: l.sid, token: newSID(""), form: f, kind: statusHook}
	l.told = l.c.callBack(l.c.chaos.draw(l.serial, "call "+event), h, l.told)
}

// form lists the fields of a webhook of the leg. The caller holds mu.
func (l *Call) form(with url.Values) url.Values {
	f := url.Values{
		"CallSid": {l.sid}, "AccountSid": {l.c.cfg.AccountSID}, "ApiVersion": {apiVersion}, "CallStatus": {l.status},
		"From": {l.from}, "Caller": {l.from}, "To": {l.to}, "Called": {l.to}, "Direction": {l.direction},
	}
	for side, address := range map[string]string{"From": l.from, "Caller": l.from, "To": l.to, "Called": l.to} {
		if e164.MatchString(address) {
			for _, part := range []string{"City", "State", "Zip"} {
				f.Set(side+part, "")
			}
			f.Set(side+"Country", country(address))
		}
	}
	for name, value := range map[string]string{"ApplicationSid": l.app, "AnsweredBy": l.answeredBy} {
		if value != "" {
			f.Set(name, value)
		}
	}
	if l.parent != nil {
		f.Set("ParentCallSid", l.parent.sid)
	}
	maps.Copy(f, l.draft.form)
	maps.Copy(f, with)
	for _, name := range l.draft.without {
		f.Del(name)
	}
	return f
}

// within waits for at most d, or without end when d is negative, until what is true; the function is called with mu
// held. False when ctx or the time ended first.
func (c *Carrier) within(ctx context.Context, d time.Duration, what func() bool) bool {
	var late *lapse
	var step <-chan time.Time
	if d >= 0 {
		late = newLapse(d)
		defer late.Stop()
		step = late.C
	}
	for {
		c.mu.Lock()
		changed, reached := c.changed, what()
		c.mu.Unlock()
		if reached {
			return true
		}
		select {
		case <-changed:
		case <-step:
			if late.over() {
				return false
			}
		case <-ctx.Done():
			return false
		}
	}
}
