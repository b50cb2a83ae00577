package simulator

import (
	"fmt"
	"strings"
)

// Webhooks are the addresses that a number of the account calls. A fragment such as #rc=2&rp=5xx,ct sets the
// attempts.
type Webhooks struct {
	Message         string // an incoming text
	MessageFallback string // asked once, with ErrorCode and ErrorUrl, when Message failed; may be empty

	Voice         string // an incoming call; without it a call is not answered
	VoiceFallback string // asked once, with ErrorCode and ErrorUrl, when a document of a call failed; may be empty
	VoiceStatus   string // told when an incoming call is over; may be empty
}

type number struct {
	address string
	hooks   Webhooks
}

// whatsapp stands before an address of that channel.
const whatsapp = "whatsapp:"

// Number gives the account an address of its own: "+4570201550" for texts, "whatsapp:+4570201550" for WhatsApp.
// A second call for the same address changes its webhooks.
func (c *Carrier) Number(address string, hooks Webhooks) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.numbers[address]; !ok {
		c.lines = append(c.lines, address)
	}
	c.numbers[address] = &number{address: address, hooks: hooks}
	c.wake()
}

// Numbers lists the account's addresses in the order in which they came.
func (c *Carrier) Numbers() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.lines...)
}

func (c *Carrier) number(address string) (number, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, ok := c.numbers[address]
	if !ok {
		return number{}, fmt.Errorf("find the number that was texted or called: not one of the account's %d addresses", len(c.numbers))
	}
	return *n, nil
}

func isWhatsApp(address string) bool { return strings.HasPrefix(address, whatsapp) }

// bare is an address without its channel: what a phone is known by.
func bare(address string) string { return strings.TrimPrefix(address, whatsapp) }
