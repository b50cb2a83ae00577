package simulator

import (
	"context"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// window is how long WhatsApp allows free text after the last message of the person.
const window = 24 * time.Hour

// step is one state in the life of an outgoing message.
type step struct {
	status string
	code   int
}

// send files an outgoing message as queued and begins its life. It returns the document of that first moment, which
// is what a create is answered with, however late; the channel is closed when every callback was answered, dropped
// or given up.
func (c *Carrier) send(m *message) (first map[string]any, lived <-chan struct{}) {
	m.status, m.segments, m.token = Queued, 1, newSID("")
	if !isWhatsApp(m.to) {
		m.segments = segments(m.body)
	}
	c.mu.Lock()
	if _, known := c.phones[bare(m.to)]; !known {
		c.faulted(NobodysPhone, "a message to a number that no phone of this carrier has")
	}
	steps := c.plan(m)
	c.keep(m)
	first = c.document(m)
	c.mu.Unlock()
	return first, c.live(m, steps)
}

// plan says what will become of a message. The caller holds mu.
func (c *Carrier) plan(m *message) []step {
	p := c.phone(bare(m.to))
	if isWhatsApp(m.to) && m.template == "" && !c.windowOpen(p, m.from) {
		return []step{{Failed, 63016}}
	}
	onTheWay := []step{{Sending, 0}, {statusSent, 0}}
	switch p.fate.kind {
	case fails:
		return []step{{Failed, p.fate.code}}
	case undelivered:
		return append(onTheWay, step{Undelivered, p.fate.code})
	case off:
		if !isWhatsApp(m.to) {
			return append(onTheWay, step{Undelivered, 30003})
		}
		m.waits = true
		return onTheWay
	case blocks:
		if isWhatsApp(m.to) {
			return []step{{Failed, 63014}}
		}
		return append(onTheWay, step{Undelivered, 30004})
	case silent:
		return onTheWay
	}
	return append(onTheWay, arrival(p.fate, m)...)
}

// arrival is the last part of a good life.
func arrival(f fate, m *message) []step {
	if f.kind == delivers && isWhatsApp(m.to) {
		return []step{{Delivered, 0}, {Read, 0}}
	}
	return []step{{Delivered, 0}}
}

func (c *Carrier) windowOpen(p *Phone, line string) bool {
	last, ok := c.inbound[pair{p.address, line}]
	return ok && c.cfg.Now().Sub(last) < window
}

// live takes a message through its steps, with a callback at each. The states do not wait for the answers; each
// callback waits for the one before it.
func (c *Carrier) live(m *message, steps []step) <-chan struct{} {
	done := make(chan struct{})
	var before <-chan struct{}
	if !c.enter() {
		close(done)
		return done
	}
	go func() {
		defer c.wg.Done()
		defer close(done)
		all := make([]<-chan struct{}, 0, len(steps))
		for _, s := range steps {
			if !c.pause(c.ctx, c.cfg.Step) {
				break
			}
			before = c.report(m, c.advance(m, s), before)
			all = append(all, before)
		}
		for _, answered := range all {
			<-answered
		}
		c.settle(m)
	}()
	return done
}

// settle holds a message for a phone that is off, or lets it arrive when the phone came back in the meantime.
func (c *Carrier) settle(m *message) {
	c.mu.Lock()
	p := c.phone(bare(m.to))
	waits := m.waits
	m.waits = false
	if waits && p.fate.kind == off {
		p.held = append(p.held, m)
		waits = false
	}
	f := p.fate
	c.mu.Unlock()
	if waits {
		c.live(m, arrival(f, m))
	}
}

// advance puts a message into its next state and returns the callback's form.
func (c *Carrier) advance(m *message, s step) url.Values {
	c.mu.Lock()
	defer c.mu.Unlock()
	m.status, m.code, m.updated = s.status, s.code, c.cfg.Now().UTC()
	if m.sent.IsZero() && s.status != Sending {
		m.sent = m.updated
	}
	if s.status == Delivered {
		p := c.phone(bare(m.to))
		p.inbox = append(p.inbox, m)
	}
	c.wake()
	return c.statusForm(m)
}

func (c *Carrier) statusForm(m *message) url.Values {
	f := url.Values{
		"AccountSid": {c.cfg.AccountSID}, "ApiVersion": {apiVersion},
		"MessageSid": {m.sid}, "SmsSid": {m.sid},
		"MessageStatus": {m.status}, "SmsStatus": {m.status},
		"From": {m.from}, "To": {m.to},
	}
	if m.code != 0 {
		f.Set("ErrorCode", strconv.Itoa(m.code))
	}
	switch {
	case isWhatsApp(m.to):
		f.Set("ChannelPrefix", "whatsapp")
		f.Set("ChannelInstallSid", c.channel)
		if m.code != 0 {
			f.Set("ChannelStatusMessage", reason(m.code))
		}
		if event := map[string]string{Delivered: "DELIVERED", Read: "READ"}[m.status]; event != "" {
			f.Set("EventType", event)
		}
	case m.status == Delivered || m.status == Undelivered:
		f.Set("RawDlrDoneDate", m.updated.Format("0601021504"))
	}
	return f
}

func (c *Carrier) report(m *message, form url.Values, before <-chan struct{}) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := hook{url: m.callback, sid: m.sid, token: newSID(""), form: form, kind: statusHook}
	return c.callBack(c.chaos.draw(m.serial, form.Get("MessageStatus")), h, before)
}

// callBack calls a StatusCallback once before has ended, or when chaos says; the channel is closed when it and its
// copy were answered or came to nothing. The caller holds mu.
func (c *Carrier) callBack(l luck, h hook, before <-chan struct{}) <-chan struct{} {
	done := make(chan struct{})
	started := h.url != "" && c.spawned(func(ctx context.Context) {
		defer close(done)
		var copies sync.WaitGroup
		if l.twice {
			copies.Go(func() { c.deliver(ctx, h, l, before) })
		}
		c.deliver(ctx, h, l, before)
		copies.Wait()
	})
	if !started {
		close(done)
	}
	return done
}

func (c *Carrier) deliver(ctx context.Context, h hook, l luck, before <-chan struct{}) {
	if !l.loose && before != nil {
		<-before
	}
	if l.dropped || !c.pause(ctx, l.delay) {
		return
	}
	c.call(ctx, h)
}
