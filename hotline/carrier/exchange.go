package carrier

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"

	twilio "github.com/twilio/twilio-go/client"
)

// longestAnswer is far more than a page of the carrier's list.
const longestAnswer = 8 << 20

// errAnswered stands for an answer that is not 2xx; what it means is read from the exchange.
var errAnswered = errors.New("the carrier did not do it")

// exchange is one request to the REST API and what was seen of its answer. It is the [twilio.BaseClient] that twilio-go
// is given for one call, because the library's own client
//
//   - takes no context and no deadline: here each call has its own, which is why one is kept in a struct;
//   - always asks https://api.twilio.com, or an edge from TWILIO_EDGE and TWILIO_REGION: here only the path of what it
//     built counts, under the configured address;
//   - refuses, without sending anything, an account id or token with a dash or an underscore, as compatible carriers
//     have: here the password goes out as it is;
//   - cuts ".1234" out of a query, so that To=whatsapp:US.1234 would list another person: here a query is only encoded;
//   - loses the status of an answer that is not JSON, and Retry-After always: here both are kept;
//   - leaves the body of a refused request open, and follows redirects of a POST as a GET when it is given a client of
//     ours: here bodies are read and closed, and a redirect is an answer like any other.
type exchange struct {
	ctx    context.Context
	to     *Client
	token  string
	accept string        // the type that is wanted
	most   int64         // bytes of an answer
	time   time.Duration // for the whole of it, when that is more than the client's

	began  bool // a connection was had: from here on the carrier may have read it
	status int  // 0 while there is no answer
	header http.Header
	body   []byte // as much as came
	broken error  // why the answer did not come, or not whole; holds no address
}

var _ twilio.BaseClient = (*exchange)(nil)

// AccountSid is what twilio-go puts into the path without escaping it.
func (x *exchange) AccountSid() string { return url.PathEscape(x.to.account) }

// SetTimeout does nothing: the context has the deadline.
func (x *exchange) SetTimeout(time.Duration) {}

// SetOauth does nothing: the account's token is the password.
func (x *exchange) SetOauth(twilio.OAuth) {}

// OAuth is none.
func (x *exchange) OAuth() twilio.OAuth { return nil }

// SendRequest sends what twilio-go built. An answer that is not 2xx is errAnswered.
func (x *exchange) SendRequest(method, rawURL string, data url.Values, _ map[string]any, _ ...byte) (*http.Response, error) {
	req, err := x.request(method, rawURL, data)
	if err != nil {
		x.broken = err
		return nil, err
	}
	res, err := x.to.http.Do(req)
	if err != nil {
		x.broken = withoutAddress(err)
		return nil, x.broken
	}
	x.take(res)
	if !x.done() {
		return nil, errAnswered
	}
	res.Body = io.NopCloser(bytes.NewReader(mend(x.body)))
	return res, nil
}

// take reads an answer and closes it.
func (x *exchange) take(res *http.Response) {
	defer res.Body.Close()
	var err error
	x.status, x.header = res.StatusCode, res.Header
	if x.body, err = io.ReadAll(io.LimitReader(res.Body, x.most)); err != nil {
		x.broken = withoutAddress(err)
	}
}

func (x *exchange) done() bool { return x.status >= 200 && x.status < 300 }

func (x *exchange) request(method, rawURL string, data url.Values) (*http.Request, error) {
	built, err := url.Parse(rawURL)
	if err != nil {
		return nil, errors.New("read the address that was built: it is none")
	}
	address, body := x.to.base+built.EscapedPath(), io.Reader(nil)
	if method == http.MethodPost {
		body = strings.NewReader(data.Encode())
	} else if len(data) > 0 {
		address += "?" + data.Encode()
	}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(x.ctx, x.trace()), method, address, body)
	if err != nil {
		return nil, errors.New("build the request: the address of the carrier's API is none")
	}
	req.SetBasicAuth(x.to.account, x.token)
	req.Header.Set("Accept", x.accept)
	req.Header.Set("User-Agent", "hopeline")
	if body != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return req, nil
}

// trace learns whether anything can have left. A transport that begins anew does so only when nothing was written.
func (x *exchange) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { x.began = false },
		GotConn: func(httptrace.GotConnInfo) { x.began = true },
	}
}

// withoutAddress takes the address off an error of net/http: its query may hold a person's number.
func withoutAddress(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return fmt.Errorf("ask the carrier: %w", err)
}
