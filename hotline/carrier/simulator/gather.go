package simulator

import (
	"context"
	"net/url"
	"strings"
	"time"
)

// ear is who takes the keys and words of a leg at the moment. Guarded by the carrier's mu.
type ear struct {
	most     int    // keys; 0 for no limit
	finish   string // keys that end it
	keys     bool   // listens to keys
	speech   bool   // and to words
	digits   string
	finished string // the key that ended it
	words    string
	closed   bool
	heard    chan struct{}      // a signal after every key
	cut      context.CancelFunc // ends the prompt
}

// listen lets e take keys, those first that were pressed before.
func (l *Call) listen(e *ear) {
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	e.heard = make(chan struct{}, 1)
	l.ear = e
	l.feed()
	l.c.wake()
}

// unlisten takes it off, and returns what it heard.
func (l *Call) unlisten(e *ear) ear {
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	if l.ear == e {
		l.ear = nil
	}
	e.closed = true
	l.c.wake()
	return *e
}

// feed hands what was pressed and said to whoever listens. The caller holds mu.
func (l *Call) feed() {
	e := l.ear
	if e == nil {
		return
	}
	for !e.closed && e.keys && l.keys != "" {
		key := l.keys[:1]
		l.keys = l.keys[1:]
		e.take(key)
	}
	if !e.closed && e.speech && len(l.speech) > 0 && e.digits == "" {
		e.words, l.speech, e.closed = l.speech[0], l.speech[1:], true
		e.signal()
	}
}

func (e *ear) take(key string) {
	if strings.Contains(e.finish, key) {
		e.finished, e.closed = key, true
	} else {
		e.digits += key
		e.closed = e.most > 0 && len(e.digits) >= e.most
	}
	e.signal()
}

func (e *ear) signal() {
	e.cut()
	select {
	case e.heard <- struct{}{}:
	default:
	}
}

func (x *script) gather(v element) flow {
	e := &ear{most: v.count("numDigits", 0), finish: "#", keys: true}
	if finish, given := v.attr("finishOnKey"); given {
		e.finish = finish
	}
	if input, given := v.attr("input"); given {
		e.keys, e.speech = strings.Contains(input, "dtmf"), strings.Contains(input, "speech")
	}
	prompt := *x
	prompt.ctx, e.cut = context.WithCancel(x.ctx)
	defer e.cut()
	x.l.listen(e)
	f := prompt.perform(v.Children)
	x.attendKeys(e, x.keyTime(v))
	got := x.l.unlisten(e)
	switch {
	case x.ctx.Err() != nil:
		return ends
	case f == breaks:
		x.code = prompt.code
		return breaks
	}
	return x.gathered(v, got)
}

// keyTime is how long a Gather waits for the next key, by the clock.
func (x *script) keyTime(v element) time.Duration {
	c := x.l.c
	called := look(x.l, func() bool { return x.l.direction != inboundCall && !x.l.machine })
	timeout := c.scale(time.Duration(v.count("timeout", 5)) * time.Second)
	if called {
		return max(timeout, c.cfg.Thumb)
	}
	return timeout
}

// attendKeys waits until the ear has enough, or nothing came for a time.
func (x *script) attendKeys(e *ear, timeout time.Duration) {
	c := x.l.c
	for {
		c.mu.Lock()
		closed := e.closed
		c.mu.Unlock()
		if closed {
			return
		}
		if !x.hearsKey(e, timeout) {
			return
		}
	}
}

// hearsKey waits for the next key for at most d; false when none came, or the script was cut short.
func (x *script) hearsKey(e *ear, d time.Duration) bool {
	late := newLapse(d)
	defer late.Stop()
	for {
		select {
		case <-e.heard:
			return true
		case <-late.C:
			if late.over() {
				return false
			}
		case <-x.ctx.Done():
			return false
		}
	}
}

func (x *script) gathered(v element, got ear) flow {
	with := url.Values{}
	switch {
	case got.words != "":
		with.Set("SpeechResult", got.words)
		with.Set("Confidence", "0.9")
	case got.digits != "":
		with.Set("Digits", got.digits)
	case !v.is("actionOnEmptyResult"):
		return goesOn
	default:
		with.Set("Digits", "")
	}
	if got.finished != "" {
		with.Set("FinishedOnKey", got.finished)
	}
	return x.jump(v.value("action"), v.value("method"), with)
}
