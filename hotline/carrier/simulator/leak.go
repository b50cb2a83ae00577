package simulator

import (
	"strings"
)

// shown is how many of the last digits of a number give it away, and fewest how many it must have to be one.
const (
	shown  = 8
	fewest = 7
)

// leaks records a fault when something that others can see holds the number of a caller: of anyone but the owner of
// the leg, who may be nil. The caller holds mu.
func (c *Carrier) leaks(l *Call, what, where string) {
	own := ""
	if l != nil {
		own = l.phoneAddress()
	}
	if c.callersNumber(where, own) {
		c.faulted(Leak, "a caller's number in %s", what)
	}
}

// leaking is leaks for who does not hold mu.
func (c *Carrier) leaking(l *Call, what, where string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leaks(l, what, where)
}

func (l *Call) phoneAddress() string {
	if l.phone != nil {
		return l.phone.address
	}
	return ""
}

// callersNumber says whether a text holds the number of anyone, but for own, who called or wrote to the account. The
// caller holds mu.
func (c *Carrier) callersNumber(text, own string) bool {
	text = squeeze(text)
	for _, l := range c.calls {
		if l.direction == inboundCall && l.from != own && holds(text, l.from) {
			return true
		}
	}
	for p := range c.inbound {
		if p.phone != own && holds(text, p.phone) {
			return true
		}
	}
	return false
}

func holds(text, number string) bool {
	digits := squeeze(number)
	if len(digits) < fewest || !e164.MatchString("+"+digits) {
		return false
	}
	return strings.Contains(text, digits[max(0, len(digits)-shown):])
}

// squeeze takes away what stands between the digits of a number when it is spoken or encoded.
func squeeze(text string) string {
	return strings.NewReplacer(" ", "", "-", "", ".", "", "+", "", "%2B", "", "%20", "", ",", "", "(", "", ")", "").Replace(text)
}
