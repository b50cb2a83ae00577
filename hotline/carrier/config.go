package carrier

import (
	"net/url"
	"time"
)

// Config says whose account this is and where both sides are.
type Config struct {
	Public     *url.URL      // the address that the carrier calls, with the path that a proxy takes off; host in lower case
	AccountSID string        // of any shape: compatible carriers use UUIDs
	Tokens     []string      // the account's tokens: the one of now, then the next one while they are rotated
	APIURL     string        // base address of the REST API; empty is the carrier's own
	Timeout    time.Duration // of one REST call; 0 is 10 s

	Languages []string // of the line's prompts; the first is key 1; none is en, da
	Prompts   string   // folder of an organisation's own prompts: "da/greeting.mp3", "da/menu.txt"; empty: none
	APIKey    string   // with APISecret signs the tokens of browser phones; empty: there are none
	APISecret string
	Backup    string // number outside, as +45…, that is rung for who waits too long or cannot be queued; empty: there is none

	Now func() time.Time // nil is time.Now
}

const (
	defaultAPI     = "https://api.twilio.com"
	defaultTimeout = 10 * time.Second
)

func (c Config) withDefaults() Config {
	if c.APIURL == "" {
		c.APIURL = defaultAPI
	}
	if c.Timeout <= 0 {
		c.Timeout = defaultTimeout
	}
	if len(c.Languages) == 0 {
		c.Languages = []string{"en", "da"}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}
