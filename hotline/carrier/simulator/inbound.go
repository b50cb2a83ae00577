package simulator

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"sync"
	"unicode/utf8"
)

// mostBody is the longest text of any channel, in code points.
const mostBody = 1600

// Receipt says what became of an incoming message.
type Receipt struct {
	SID      string
	Answer   Answer   // the last attempt's
	Attempts []Answer // all of them, oldest first; empty when the webhook was lost on purpose
}

// Text sends an SMS from the phone to one of the account's addresses and returns when the webhook was answered, or
// its attempts are used up. The error is for what never went out: an address that is not the account's, a carrier
// that is closed.
func (p *Phone) Text(ctx context.Context, to, body string, opts ...Option) (Receipt, error) {
	return p.c.receive(ctx, p.address, to, body, opts)
}

// WhatsApp sends a WhatsApp message; to may be given with or without "whatsapp:".
func (p *Phone) WhatsApp(ctx context.Context, to, body string, opts ...Option) (Receipt, error) {
	return p.c.receive(ctx, whatsapp+p.address, whatsapp+bare(to), body, opts)
}

// Burst texts all bodies at the same instant and returns their receipts in the order of the bodies. An address with
// "whatsapp:" makes it WhatsApp.
func (p *Phone) Burst(ctx context.Context, to string, bodies ...string) ([]Receipt, error) {
	receipts, errs := make([]Receipt, len(bodies)), make([]error, len(bodies))
	send := p.Text
	if isWhatsApp(to) {
		send = p.WhatsApp
	}
	var wg sync.WaitGroup
	for i, body := range bodies {
		wg.Go(func() { receipts[i], errs[i] = send(ctx, to, body) })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return receipts, err
		}
	}
	return receipts, nil
}

// Redeliver calls the webhook of an incoming message again, n copies at the same instant, each the same form with a
// signature of its own. A lost message comes through at last.
func (c *Carrier) Redeliver(ctx context.Context, sid string, n int) ([]Receipt, error) {
	c.mu.Lock()
	m, ok := c.bySID[sid]
	c.mu.Unlock()
	if !ok || m.outbound() {
		return nil, fmt.Errorf("redeliver %s: no such incoming message", sid)
	}
	receipts := make([]Receipt, n)
	var wg sync.WaitGroup
	for i := range receipts {
		wg.Go(func() { receipts[i] = c.notify(ctx, m) })
	}
	wg.Wait()
	return receipts, nil
}

// receive takes a message from a phone: files it, minds STOP and the WhatsApp window, calls the webhook.
func (c *Carrier) receive(ctx context.Context, from, to, body string, opts []Option) (Receipt, error) {
	n, err := c.number(to)
	if err != nil {
		return Receipt{}, err
	}
	if !c.enter() {
		return Receipt{}, ErrClosed
	}
	defer c.wg.Done()
	d := draft{form: url.Values{}}
	for _, o := range opts {
		o(&d)
	}
	m := c.take(n, from, body, &d)
	ch := c.dial().draw(m.serial, "webhook")
	if d.lost || ch.lost {
		return Receipt{SID: m.sid}, nil
	}
	c.pause(ctx, ch.delay)
	if ch.twice {
		c.spawn(func(ctx context.Context) { c.notify(ctx, m) })
	}
	return c.notify(ctx, m), nil
}

// take files an incoming message; from here on the list shows it.
func (c *Carrier) take(n number, from, body string, d *draft) *message {
	m := &message{
		sid: newSID(d.prefix()), direction: inboundMessage, from: from, to: n.address, hook: n,
		body: body, segments: 1, status: Received, media: d.media, token: newSID(""),
	}
	if !isWhatsApp(from) {
		m.segments = segments(body)
	}
	if utf8.RuneCountInString(body) > mostBody {
		m.body, m.status, m.code = string([]rune(body)[:mostBody]), Failed, 21617
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep(m)
	m.sent = m.created
	for _, f := range m.media {
		f.created = m.created
	}
	m.form = c.messageForm(m, d)
	p := c.phone(bare(from))
	c.inbound[pair{p.address, n.address}] = m.created
	c.minds(p, n.address, body)
	return m
}

// notify calls the webhook of an incoming message and files what was answered.
func (c *Carrier) notify(ctx context.Context, m *message) Receipt {
	ctx, stop := c.bound(ctx)
	defer stop()
	attempts := c.call(ctx, hook{
		url: m.hook.hooks.Message, fallback: m.hook.hooks.MessageFallback,
		sid: m.sid, token: m.token, form: m.form,
	})
	c.mu.Lock()
	m.answers = append(m.answers, attempts...)
	c.wake()
	c.mu.Unlock()
	last := attempts[len(attempts)-1]
	if last.OK() {
		c.replies(m, last)
	}
	return Receipt{SID: m.sid, Answer: last, Attempts: attempts}
}

// messageForm lists the fields of the webhook, those of the channel and those the draft brought.
func (c *Carrier) messageForm(m *message, d *draft) url.Values {
	f := url.Values{
		"MessageSid": {m.sid}, "SmsSid": {m.sid}, "SmsMessageSid": {m.sid},
		"AccountSid": {c.cfg.AccountSID}, "ApiVersion": {apiVersion}, "SmsStatus": {Received},
		"From": {m.from}, "To": {m.to}, "Body": {m.body},
		"NumSegments": {strconv.Itoa(m.segments)}, "NumMedia": {strconv.Itoa(len(m.media))},
	}
	for i, file := range m.media {
		f.Set("MediaUrl"+strconv.Itoa(i), c.cfg.BaseURL+c.mediaPath(m.sid, file.sid))
		f.Set("MediaContentType"+strconv.Itoa(i), file.kind)
	}
	if isWhatsApp(m.from) {
		whatsappFields(f, m, d)
	} else {
		placeFields(f, m)
	}
	for name, values := range d.form {
		f[name] = values
	}
	for _, name := range d.without {
		f.Del(name)
	}
	return f
}
