package carrier

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"hopeline/hotline"
)

// validity is how long the carrier may keep a text that it cannot deliver, in seconds. An answer that comes at night,
// hours later, can be a danger to who gets it.
const validity = 1800

// Client hands sends to the carrier. Safe for concurrent use.
type Client struct {
	account string
	tokens  []string
	public  *url.URL
	base    string // without a slash at its end; empty when the configured address is none
	timeout time.Duration
	http    *http.Client
	close   func()
	now     func() time.Time
	key     string // of browser phones' tokens
	secret  string

	current atomic.Int64 // which token the carrier took last
}

// NewClient makes the client of cfg's account. An address that is none makes every send Halt.
func NewClient(cfg Config) *Client {
	cfg = cfg.withDefaults()
	dialer := net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}
	transport := &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         dialer.DialContext,
		TLSHandshakeTimeout: 5 * time.Second,
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: 16,
		IdleConnTimeout:     60 * time.Second,
	}
	return &Client{
		account: cfg.AccountSID, tokens: cfg.Tokens, public: cfg.Public, base: baseOf(cfg.APIURL), timeout: cfg.Timeout,
		http: &http.Client{
			Transport:     transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		close: transport.CloseIdleConnections,
		now:   cfg.Now,
		key:   cfg.APIKey, secret: cfg.APISecret,
	}
}

func baseOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return ""
	}
	return u.Scheme + "://" + u.Host + strings.TrimRight(u.EscapedPath(), "/")
}

// Close gives up connections that are not in use. Calls under way go on.
func (c *Client) Close() { c.close() }

// Send hands one send to the carrier, once, within the timeout. It never asks twice when the first may have been taken.
func (c *Client) Send(ctx context.Context, out hotline.Outgoing) hotline.Handed {
	if !c.configured() {
		return unconfigured()
	}
	var sent *api.ApiV2010Message
	x, err := c.ask(ctx, func(service *api.ApiService) (err error) {
		sent, err = service.CreateMessage(c.create(out))
		return err
	})
	if err == nil {
		return accepted(sent, x.body)
	}
	return outcome(x, out.Tries, c.now())
}

// configured tells whether there is a carrier to ask, and an address that it can answer at.
func (c *Client) configured() bool { return c.base != "" && c.public != nil && len(c.tokens) > 0 }

func unconfigured() hotline.Handed {
	return hotline.Handed{Class: hotline.Halt, Failure: FailureFor(codeCredentials)}
}

// create is the form of a send.
func (c *Client) create(out hotline.Outgoing) *api.CreateMessageParams {
	p := &api.CreateMessageParams{}
	return p.SetFrom(out.From.Full()).SetTo(out.To.Full()).SetBody(out.Text).
		SetStatusCallback(callback(c.public, out)).SetValidityPeriod(validity)
}

// ask makes one call of the library's.
func (c *Client) ask(ctx context.Context, call func(*api.ApiService) error) (*exchange, error) {
	return c.rotate(ctx, exchange{accept: "application/json", most: longestAnswer}, func(x *exchange) error {
		return call(api.NewApiServiceWithClient(x))
	})
}

// rotate makes one request like one. While tokens are rotated the carrier refuses one of them with 401, which does
// nothing, so the next is tried; the one that worked is first from then on.
func (c *Client) rotate(ctx context.Context, like exchange, request func(*exchange) error) (*exchange, error) {
	ctx, cancel := context.WithTimeout(ctx, max(c.timeout, like.time))
	defer cancel()
	first := int(c.current.Load())
	for i := 0; ; i++ {
		n := (first + i) % len(c.tokens)
		x := &exchange{ctx: ctx, to: c, token: c.tokens[n], accept: like.accept, most: like.most, time: like.time}
		err := request(x)
		if x.status == http.StatusUnauthorized && i+1 < len(c.tokens) {
			continue
		}
		if x.done() {
			c.current.Store(int64(n))
		}
		return x, failure(x, err)
	}
}

// failure is why an exchange did not succeed, without words of the carrier: they may quote a number.
func failure(x *exchange, err error) error {
	switch {
	case err == nil, x.broken != nil && !x.done():
		return x.broken
	case x.done():
		return fmt.Errorf("read the carrier's answer: %w", hotline.ErrUnavailable)
	}
	return fmt.Errorf("ask the carrier: answered %d with code %d: %w", x.status, errorCode(x.body), hotline.ErrUnavailable)
}
