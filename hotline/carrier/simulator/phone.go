package simulator

import (
	"context"
	"slices"
)

// Phone is someone's phone, an actor: it texts and calls, and things happen to it. "client:ann" is a browser.
type Phone struct {
	c       *Carrier
	address string

	// Guarded by the carrier's mu.
	name    string
	fate    fate
	ringing ringing    // what happens when it is called
	staff   bool       // a counsellor's: the page shows it beside the others
	browser bool       // a page that says when it is there
	readers int        // of its stream
	inbox   []*message // in the order in which they arrived
	held    []*message // waiting for a WhatsApp phone to come back
}

// fate is what becomes of a message to a phone.
type fate struct {
	kind fateKind
	code int
}

type fateKind int

const (
	delivers    fateKind = iota // delivered, and read on WhatsApp
	unread                      // delivered, never read
	silent                      // sent, and no word ever after
	off                         // undelivered 30003; on WhatsApp held until it is on again
	blocks                      // undelivered 30004; on WhatsApp failed 63014
	fails                       // failed with a code
	undelivered                 // sent, then undelivered with a code
)

// Phone returns the phone with this address, a new one at first: "+4520000001", a word such as "anonymous" or "DSB",
// a short code, "" for a sender that is empty, "DK.1234" for a WhatsApp user without a number.
func (c *Carrier) Phone(address string) *Phone {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.phone(bare(address))
}

func (c *Carrier) phone(address string) *Phone {
	if p, ok := c.phones[address]; ok {
		return p
	}
	p := &Phone{c: c, address: address}
	c.phones[address] = p
	c.cast = append(c.cast, p)
	c.wake()
	return p
}

// Address is the phone's address without a channel.
func (p *Phone) Address() string { return p.address }

// Named gives the phone the name that the page shows, and returns it.
func (p *Phone) Named(name string) *Phone {
	p.c.mu.Lock()
	defer p.c.mu.Unlock()
	p.name = name
	p.c.wake()
	return p
}

// OnDuty makes it a counsellor's phone, which the page shows beside those of the people who call, and returns it.
func (p *Phone) OnDuty() *Phone {
	p.c.mu.Lock()
	defer p.c.mu.Unlock()
	p.staff = true
	p.c.wake()
	return p
}

// Delivers is how a phone begins: messages arrive, and on WhatsApp are read. What was held for it arrives now.
func (p *Phone) Delivers() { p.become(fate{kind: delivers}) }

// Unread lets messages arrive and nobody read them.
func (p *Phone) Unread() { p.become(fate{kind: unread}) }

// Silent lets messages to it stop at "sent": no report ever comes, and nothing arrives.
func (p *Phone) Silent() { p.become(fate{kind: silent}) }

// Off is a phone without power or network: a text ends undelivered with 30003, a WhatsApp message waits at "sent"
// until the phone Delivers again.
func (p *Phone) Off() { p.become(fate{kind: off}) }

// Blocks is a person who blocked the account's addresses: 30004, or 63014 on WhatsApp.
func (p *Phone) Blocks() { p.become(fate{kind: blocks}) }

// Fails lets messages to it end failed with this code before they were sent, such as 63016.
func (p *Phone) Fails(code int) { p.become(fate{fails, code}) }

// Undelivered lets messages to it be sent and then end undelivered with this code, such as 30005.
func (p *Phone) Undelivered(code int) { p.become(fate{undelivered, code}) }

// OptedOut opts the phone out of these addresses of the account, or of all: the next send is refused with 21610.
func (p *Phone) OptedOut(lines ...string) { p.setOptOut(true, lines) }

// OptsIn undoes OptedOut.
func (p *Phone) OptsIn(lines ...string) { p.setOptOut(false, lines) }

func (p *Phone) become(f fate) {
	p.c.mu.Lock()
	p.fate = f
	var held []*message
	if f.kind == delivers || f.kind == unread {
		held, p.held = p.held, nil
	}
	p.c.wake()
	p.c.mu.Unlock()
	for _, m := range held {
		p.c.live(m, arrival(f, m))
	}
}

func (p *Phone) setOptOut(out bool, lines []string) {
	p.c.mu.Lock()
	defer p.c.mu.Unlock()
	if len(lines) == 0 {
		lines = p.c.lines
	}
	for _, line := range lines {
		p.c.optedOut[pair{p.address, line}] = out
	}
	p.c.wake()
}

// Inbox lists what arrived at the phone, in the order of arrival, with the statuses of now.
func (p *Phone) Inbox() []Message {
	p.c.mu.Lock()
	defer p.c.mu.Unlock()
	var all []Message
	for _, m := range p.inbox {
		all = append(all, m.view())
	}
	return all
}

// Wait waits until at least n messages have arrived since the phone was new, and returns the inbox. When ctx ends
// first it returns what there is, and the context's error.
func (p *Phone) Wait(ctx context.Context, n int) ([]Message, error) {
	err := p.c.Until(ctx, func() bool {
		p.c.mu.Lock()
		defer p.c.mu.Unlock()
		return len(p.inbox) >= n
	})
	return p.Inbox(), err
}

// Phones lists all phones in the order in which they came.
func (c *Carrier) Phones() []*Phone {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.cast)
}
