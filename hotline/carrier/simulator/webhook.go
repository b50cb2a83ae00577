package simulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Answer is one attempt at a webhook.
type Answer struct {
	At          time.Time
	Took        time.Duration
	Fallback    bool   // asked at the fallback address
	Status      int    // of HTTP; 0 when no answer came
	ContentType string // as it was sent
	Body        string
	Code        int // the carrier's error code; 0 when the answer was in order
}

// OK says that the carrier is content with the answer.
func (a Answer) OK() bool { return a.Code == 0 }

// Codes of webhooks that failed.
const (
	codeHTTP    = 11200 // a status that is not 2xx
	codeConnect = 11205 // no connection, or none in time
	codeTooBig  = 11750
	codeEmpty   = 11770
	codeNotXML  = 12100
	codeSchema  = 12200
	codeType    = 12300
)

// mostAnswer is the longest document that the carrier reads.
const mostAnswer = 64 << 10

// hook is one webhook to call.
type hook struct {
	url, fallback string
	sid, token    string
	form          url.Values
	kind          hookKind
	place         place // of a voice webhook: which verbs its answer may hold

	method, fallbackMethod string // "GET" puts the form into the query; anything else is a POST
}

// hookKind says what is asked for, and so what may be answered.
type hookKind int

const (
	messageHook hookKind = iota // an incoming text: messaging verbs, or nothing
	statusHook                  // a status callback: its answer may be empty, and carries no verbs
	voiceHook                   // what to do on a leg: voice verbs
	audioHook                   // a sound to play
)

func (k hookKind) String() string {
	return [...]string{"message webhook", "status callback", "voice webhook", "address of a Play"}[k]
}

// call asks a webhook until it answers well, its retries are used up, and its fallback was asked; at least one
// answer is returned.
func (c *Carrier) call(ctx context.Context, h hook) []Answer {
	attempts := c.try(ctx, h, h.url)
	last := attempts[len(attempts)-1]
	if last.OK() || h.fallback == "" {
		return attempts
	}
	form := url.Values{"ErrorCode": {strconv.Itoa(last.Code)}, "ErrorUrl": {withoutFragment(h.url)}}
	for name, values := range h.form {
		form[name] = values
	}
	h.form, h.method = form, h.fallbackMethod
	for _, a := range c.try(ctx, h, h.fallback) {
		a.Fallback = true
		attempts = append(attempts, a)
	}
	return attempts
}

// try asks one address as often as its fragment allows.
func (c *Carrier) try(ctx context.Context, h hook, address string) []Answer {
	policy := readPolicy(address)
	if h.kind == voiceHook {
		policy.read, policy.total = min(policy.read, c.cfg.Patience), min(policy.total, c.cfg.Patience)
	}
	ctx, cancel := context.WithTimeout(ctx, policy.total)
	defer cancel()
	var attempts []Answer
	for {
		a, why := c.ask(ctx, h, address, policy)
		attempts = append(attempts, a)
		if !a.OK() {
			c.alert(h.sid, a)
		}
		if a.OK() || len(attempts) > policy.retries || !policy.again(why) || ctx.Err() != nil {
			return attempts
		}
	}
}

// ask makes one attempt. The second result is why it failed, in the words of the rp setting.
func (c *Carrier) ask(ctx context.Context, h hook, address string, policy policy) (Answer, string) {
	start := time.Now()
	a := Answer{At: c.cfg.Now().UTC()}
	ctx = context.WithValue(ctx, connectTime{}, policy.connect)
	ctx, cancel := context.WithTimeout(ctx, policy.connect+policy.read)
	defer cancel()
	stale := false // on a connection that had been idle, and may have been closed at the other end
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(i httptrace.GotConnInfo) { stale = i.Reused },
	})
	req, err := c.request(ctx, h, address)
	if err != nil {
		c.fault(BadCallback, "an address that cannot be called")
		a.Code = codeConnect
		return a, "ct"
	}
	res, err := c.client.Do(req)
	if err != nil {
		a.Took, a.Code = time.Since(start), codeConnect
		return a, missed(err, stale)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, mostAnswer+1))
	a.Took, a.Status, a.ContentType, a.Body = time.Since(start), res.StatusCode, res.Header.Get("Content-Type"), string(body)
	if err != nil {
		a.Code = codeConnect
		return a, "rt"
	}
	a.Code = c.judge(a, h)
	return a, strconv.Itoa(a.Status/100) + "xx"
}

func (c *Carrier) request(ctx context.Context, h hook, address string) (*http.Request, error) {
	method, body, form := http.MethodPost, h.form.Encode(), h.form
	address = withoutFragment(address)
	if h.method == http.MethodGet {
		method, address, body, form = http.MethodGet, withQuery(address, body), "", nil
	}
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	}
	req.Header.Set("User-Agent", "TwilioProxy/1.1")
	req.Header.Set("X-Twilio-Signature", sign(c.cfg.AuthToken, address, form))
	req.Header.Set("I-Twilio-Idempotency-Token", h.token)
	return req, nil
}

// bound ends a request with the caller's context or with the carrier.
func (c *Carrier) bound(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(c.ctx, cancel)
	return ctx, func() { stop(); cancel() }
}

// missed says whether an answer failed to come for want of a connection (ct) or in the reading (rt). A kept
// connection that turned out to be closed counts as none.
func missed(err error, stale bool) string {
	var op *net.OpError
	if stale && (errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)) {
		return "ct"
	}
	if errors.As(err, &op) && op.Op == "dial" {
		return "ct"
	}
	return "rt"
}

func withoutFragment(address string) string {
	before, _, _ := strings.Cut(address, "#")
	return before
}

// withQuery adds to the query of an address.
func withQuery(address, query string) string {
	switch {
	case query == "":
		return address
	case strings.Contains(address, "?"):
		return address + "&" + query
	}
	return address + "?" + query
}

// connectTime is the context's key for the time that a connection may take.
type connectTime struct{}

// newClient makes the client for webhooks: no redirects, and loopback only unless a transport is given.
func newClient(t http.RoundTripper) (*http.Client, func()) {
	idle := func() {}
	if t == nil {
		own := &http.Transport{DialContext: dialLoopback, MaxIdleConnsPerHost: 64, IdleConnTimeout: 30 * time.Second}
		t, idle = own, own.CloseIdleConnections
	}
	return &http.Client{
		Transport:     t,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, idle
}

func dialLoopback(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, &net.OpError{Op: "dial", Net: network, Err: fmt.Errorf("refused: the simulated carrier calls loopback only")}
	}
	d := net.Dialer{}
	if limit, ok := ctx.Value(connectTime{}).(time.Duration); ok {
		d.Timeout = limit
	}
	return d.DialContext(ctx, network, net.JoinHostPort(host, port))
}
