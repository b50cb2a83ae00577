package simulator

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"
)

// Chaos is the dial for what goes wrong on the way. Probabilities are from 0 to 1. What is drawn for a message
// depends on the seed, on how many messages were made before it, and on which of its callbacks it is.
type Chaos struct {
	Seed      uint64
	Duplicate float64       // a webhook or status callback comes twice, at the same instant; of a voice webhook one answer counts
	Lose      float64       // the webhook of an incoming message never comes; the list has it
	Drop      float64       // a status callback never comes
	Delay     time.Duration // before every webhook and callback
	Reorder   time.Duration // each status callback waits up to this long more, and no longer for the one before it
	Slow      time.Duration // before every answer of the REST API
	ListLag   time.Duration // how long a new message is missing from the list
	Mishap    float64       // a request to send or to call meets one of Mishaps, or of all kinds when that is empty
	Mishaps   []Mishap
}

// Mishap is something that happens to one request to send a message.
type Mishap int

// The mishaps. In the first four the message was taken all the same.
const (
	AnswerLost    Mishap = iota + 1 // the connection is reset after the message was taken
	Garbled                         // a 201 that cannot be decoded
	BrokenAfter                     // a 500 after the message was taken
	CallbackFirst                   // all status callbacks were answered before the create is
	NeverTaken                      // the connection is reset, and nothing was taken
	TooMany                         // 429 with 20429, nothing taken
	Broken                          // 500, nothing taken
)

var allMishaps = []Mishap{AnswerLost, Garbled, BrokenAfter, CallbackFirst, NeverTaken, TooMany, Broken}

// Chaos turns the dial: it calls set with the settings of now, which set changes.
func (c *Carrier) Chaos(set func(*Chaos)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	set(&c.chaos)
	c.chaos.Mishaps = slices.Clone(c.chaos.Mishaps)
	c.wake()
}

// NextSend lets the next requests to send a message meet these, one each, before any chaos is drawn.
func (c *Carrier) NextSend(mishaps ...Mishap) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mishaps = append(c.mishaps, mishaps...)
	c.wake()
}

func (c *Carrier) dial() Chaos {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.chaos
}

// mishap takes the next one in line, or draws one; 0 for none. It is drawn by the number of the request.
func (c *Carrier) mishap(request int) Mishap {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.mishaps) > 0 {
		m := c.mishaps[0]
		c.mishaps = c.mishaps[1:]
		c.wake()
		return m
	}
	return c.chaos.mishapOf(request, "create")
}

func (ch Chaos) mishapOf(request int, what string) Mishap {
	r := ch.random(request, what)
	if r.Float64() >= ch.Mishap {
		return 0
	}
	kinds := ch.Mishaps
	if len(kinds) == 0 {
		kinds = allMishaps
	}
	return kinds[r.IntN(len(kinds))]
}

// luck is what was drawn for one callback.
type luck struct {
	twice, lost, dropped bool
	delay                time.Duration
	loose                bool // does not wait for the one before it
}

func (ch Chaos) draw(serial int, event string) luck {
	r := ch.random(serial, event)
	l := luck{
		twice:   r.Float64() < ch.Duplicate,
		lost:    r.Float64() < ch.Lose,
		dropped: r.Float64() < ch.Drop,
		delay:   ch.Delay,
	}
	if ch.Reorder > 0 {
		l.loose = true
		l.delay += time.Duration(r.Int64N(int64(ch.Reorder)))
	}
	return l
}

func (ch Chaos) random(serial int, event string) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %s", serial, event)
	return rand.New(rand.NewPCG(ch.Seed, h.Sum64()))
}
