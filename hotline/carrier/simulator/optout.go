package simulator

import (
	"slices"
	"strings"
)

// The carrier's default opt-out words: they count when they are the whole text, in any case, by SMS only.
var (
	stopWords  = []string{"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"}
	startWords = []string{"start", "yes", "unstop"}
)

// minds opts a phone out of, or in to, a line that it texted such a word. The caller holds mu.
func (c *Carrier) minds(p *Phone, line, body string) {
	if c.cfg.IgnoreStop || isWhatsApp(line) {
		return
	}
	word := strings.ToLower(strings.TrimSpace(body))
	switch {
	case slices.Contains(stopWords, word):
		c.optedOut[pair{p.address, line}] = true
	case slices.Contains(startWords, word):
		c.optedOut[pair{p.address, line}] = false
	}
}
