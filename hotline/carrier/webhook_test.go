package carrier

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"hopeline/hotline"
)

const (
	account  = "AC0123456789abcdef0123456789abcdef"
	token    = "f00dfacef00dfacef00dfacef00dface"
	formType = "application/x-www-form-urlencoded; charset=UTF-8"
)

// desk keeps what it is given, unless it has an error or a panic ready.
type desk struct {
	err    error
	panics any

	mu      sync.Mutex
	texts   []hotline.Inbound
	reports []hotline.Report
	ctx     context.Context
}

func (d *desk) Receive(ctx context.Context, in hotline.Inbound) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ctx = ctx; d.panics != nil {
		panic(d.panics)
	}
	if d.err == nil {
		d.texts = append(d.texts, in)
	}
	return d.err
}

func (d *desk) Report(_ context.Context, r hotline.Report) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err == nil {
		d.reports = append(d.reports, r)
	}
	return d.err
}

// house is a handler with all that it writes to.
type house struct {
	*Webhooks
	desk *desk
	reg  *prometheus.Registry
	log  *bytes.Buffer
}

func newHouse(t testing.TB) house {
	t.Helper()
	h := house{desk: &desk{}, reg: prometheus.NewRegistry(), log: &bytes.Buffer{}}
	core := zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.AddSync(h.log), zap.DebugLevel)
	h.Webhooks = NewWebhooks(Config{
		Public: &url.URL{Scheme: "https", Host: "hotline.example.org"}, AccountSID: account, Tokens: []string{token, "next"},
		Now: func() time.Time { return noon },
	}, h.desk, nil, nil, nil, zap.New(core), h.reg)
	return h
}

// signed is a request as the carrier makes it.
func signed(uri, body string) *http.Request {
	return request(uri, formType, body, string(sign(token, "https://hotline.example.org"+uri, canonical(parseForm(body)))))
}

func (h house) ask(r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// counted is the value of the counter.
func (h house) counted(t *testing.T, route, result string) float64 {
	t.Helper()
	families, err := h.reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			if f.GetName() == "hotline_webhooks_total" && labels["route"] == route && labels["result"] == result {
				return m.GetCounter().GetValue()
			}
		}
	}
	return 0
}

func form1(more ...string) string {
	return strings.Join(append([]string{"AccountSid=" + account}, more...), "&")
}

func TestWebhooks(t *testing.T) {
	t.Parallel()
	message := form1("MessageSid=SM1", "From=%2B4520000001", "To=%2B4570201550", "Body=secret+words")
	status := form1("MessageSid=SM1", "MessageStatus=sent")
	call := form1("CallSid=CA1", "To=%2B4570201550", "From=anonymous")
	for _, c := range []struct {
		name, uri, body string
		change          func(*http.Request)
		status          int
		route, result   string
	}{
		{"a text", pathMessage, message, nil, 200, "message", "ok"},
		{"a text without sender", pathMessage, form1("SmsSid=SM1", "To="), nil, 200, "message", "ok"},
		{"a text with odd bytes", pathMessage, message + ";%zz&Body=%00%ff&x=%", nil, 200, "message", "ok"},
		{"a text with a query", pathMessage + "?x=%41;y", message, nil, 200, "message", "ok"},
		{"signed by the next token", pathMessage, message, func(r *http.Request) {
			r.Header.Set(signatureHeader, string(sign("next", "https://hotline.example.org"+pathMessage, canonical(parseForm(message)))))
		}, 200, "message", "ok"},
		{"a status", pathMessageStatus + "?m=7&p=1", status, nil, 204, "message_status", "ok"},
		{"a call", pathVoice, call, nil, 503, "voice", "no_calls"},
		{"a call's status", pathVoiceStatus, call, nil, 204, "voice_status", "ok"},
		{"a strange CallSid", pathVoiceStatus, form1("CallSid=%00%ff;", "To="), nil, 204, "voice_status", "ok"},

		{"GET", pathMessage, "", func(r *http.Request) { r.Method = http.MethodGet }, 405, "message", "method"},
		{"HEAD", pathVoice, "", func(r *http.Request) { r.Method = http.MethodHead }, 405, "voice", "method"},
		{"another path", "/twilio/other", message, nil, 404, "none", "path"},
		{"a slash too many", "/twilio/message/", message, nil, 404, "none", "path"},
		{"no signature", pathMessage, message, func(r *http.Request) { r.Header.Del(signatureHeader) }, 403, "message", "signature"},
		{"a wrong signature", pathMessage, message, func(r *http.Request) { r.Header.Set(signatureHeader, "RSOYDt4T1cUTdK1PDd93/VVr8B8=") }, 403, "message", "signature"},
		{"a second signature", pathVoice, call, func(r *http.Request) { r.Header.Add(signatureHeader, "x") }, 403, "voice", "signature"},
		{"signed for another path", pathMessage, message, func(r *http.Request) {
			r.Header.Set(signatureHeader, string(sign(token, "https://hotline.example.org"+pathMessageStatus, canonical(parseForm(message)))))
		}, 403, "message", "signature"},
		{"no form", pathMessage, message, func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }, 403, "message", "kind"},
		{"no type", pathMessage, message, func(r *http.Request) { r.Header.Del("Content-Type") }, 403, "message", "kind"},
		{"another account", pathMessage, "AccountSid=AC9&MessageSid=SM1&To=x", nil, 403, "message", "account"},
		{"an empty account", pathMessage, "AccountSid=&MessageSid=SM1&To=x", nil, 403, "message", "account"},
		{"no account", pathMessage, "MessageSid=SM1&To=x", nil, 403, "message", "fields"},
		{"no id", pathMessage, form1("To=x", "Body=y"), nil, 403, "message", "fields"},
		{"an empty id", pathMessage, form1("MessageSid=", "To=x"), nil, 403, "message", "fields"},
		{"no To", pathMessage, form1("MessageSid=SM1", "From=x"), nil, 403, "message", "fields"},
		{"borders moved", pathMessage, "AccountSid=" + account + "Body" + "secret&MessageSid=SM1&To=x", nil, 403, "message", "account"},
		{"a status without one", pathMessageStatus, form1("MessageSid=SM1"), nil, 403, "message_status", "fields"},
		{"a call without id", pathVoice, form1("To=x"), nil, 403, "voice", "fields"},
		{"a call without To", pathVoiceStatus, form1("CallSid=CA1"), nil, 403, "voice_status", "fields"},
	} {
		h := newHouse(t)
		r := signed(c.uri, c.body)
		if c.change != nil {
			c.change(r)
		}
		res := h.ask(r)
		if res.StatusCode != c.status {
			t.Errorf("%s: answered %d, want %d", c.name, res.StatusCode, c.status)
		}
		if got := h.counted(t, c.route, c.result); got != 1 {
			t.Errorf("%s: counted %v of %s %s, want 1", c.name, got, c.route, c.result)
		}
		if kind := res.Header.Get("Content-Type"); strings.HasPrefix(kind, "text/plain") {
			t.Errorf("%s: answered as %s", c.name, kind)
		}
		if kept := len(h.desk.texts) + len(h.desk.reports); (kept > 0) != (c.status < 300 && c.route != "voice_status") {
			t.Errorf("%s: %d kept after %d", c.name, kept, c.status)
		}
		for _, secret := range []string{"secret", "+4520000001", "%2B45", "SM1", "CA1", account} {
			if strings.Contains(h.log.String(), secret) {
				t.Errorf("%s: the log says %s", c.name, h.log)
			}
		}
	}
}

func TestWebhooksAnswerTwiML(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	res := h.ask(signed(pathMessage, form1("MessageSid=SM1", "To=x", "Body=STOP")))
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		XMLName xml.Name
		Inner   string `xml:",innerxml"`
	}
	if err := xml.Unmarshal(body, &doc); err != nil || doc.XMLName.Local != "Response" || doc.Inner != "" {
		t.Errorf("answered %q, want an empty Response (%v)", body, err)
	}
	if kind := res.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/xml") {
		t.Errorf("answered as %q, want text/xml", kind)
	}
	if res := h.ask(signed(pathMessageStatus, form1("MessageSid=SM1", "SmsStatus="))); res.StatusCode != 204 || res.Header.Get("Content-Type") != "" {
		t.Errorf("a status was answered %d as %q, want 204 without a type", res.StatusCode, res.Header.Get("Content-Type"))
	}
	if res := h.ask(httptest.NewRequest(http.MethodPut, pathMessage, nil)); res.Header.Get("Allow") != http.MethodPost {
		t.Errorf("Allow = %q, want POST", res.Header.Get("Allow"))
	}
}

func TestWebhooksKeepWhatCame(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.ask(signed(pathMessage, form1("MessageSid=SM1", "From=%2B4520000001", "To=%2B4570201550", "Body=hj%C3%A6lp")))
	h.ask(signed(pathMessageStatus+"?m=msg_7&p=2", form1("MessageSid=SM9", "MessageStatus=failed", "ErrorCode=30005")))
	if len(h.desk.texts) != 1 || len(h.desk.reports) != 1 {
		t.Fatalf("kept %d texts and %d reports, want one each", len(h.desk.texts), len(h.desk.reports))
	}
	if in := h.desk.texts[0]; in.SID != "SM1" || in.Text != "hjælp" || in.From.Full() != "+4520000001" || !in.At.Equal(noon) {
		t.Errorf("kept %+v", in)
	}
	want := hotline.Report{Message: "msg_7", Part: 2, SID: "SM9", Status: hotline.Failed, Code: 30005, At: noon}
	if got := h.desk.reports[0]; got != want {
		t.Errorf("kept %+v, want %+v", got, want)
	}
}

func TestWebhooksWhenNothingCanBeStored(t *testing.T) {
	t.Parallel()
	message, status := form1("MessageSid=SM1", "To=x", "Body=secret"), form1("MessageSid=SM1", "MessageStatus=sent")
	for _, c := range []struct {
		name, uri, body string
		err             error
		panics          any
		status          int
		result          string
	}{
		{"database away", pathMessage, message, fmt.Errorf("insert secret: %w", hotline.ErrUnavailable), nil, 503, "unstored"},
		{"any other error", pathMessage, message, errors.New("secret"), nil, 503, "unstored"},
		{"not found is no answer to a text", pathMessage, message, hotline.ErrNotFound, nil, 503, "unstored"},
		{"a panic", pathMessage, message, nil, "secret", 503, "panic"},
		{"a panic with an error", pathMessage, message, nil, errors.New("secret"), 503, "panic"},
		{"a report", pathMessageStatus, status, hotline.ErrUnavailable, nil, 503, "unstored"},
		{"a report for nobody", pathMessageStatus, status, fmt.Errorf("report: %w", hotline.ErrNotFound), nil, 204, "ok"},
	} {
		h := newHouse(t)
		h.desk.err, h.desk.panics = c.err, c.panics
		res := h.ask(signed(c.uri, c.body))
		body, _ := io.ReadAll(res.Body)
		if res.StatusCode != c.status || len(body) != 0 {
			t.Errorf("%s: answered %d %q, want %d and nothing", c.name, res.StatusCode, body, c.status)
		}
		route := h.routes[c.uri].name
		if h.counted(t, route, c.result) != 1 {
			t.Errorf("%s: not counted as %s %s", c.name, route, c.result)
		}
		if strings.Contains(h.log.String(), "secret") {
			t.Errorf("%s: the log says %s", c.name, h.log)
		}
		if c.status == 503 && h.log.Len() == 0 {
			t.Errorf("%s: nothing was logged", c.name)
		}
	}
}

// A carrier that hangs up has still brought a text.
func TestWebhooksFinishAfterHangUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	h.ask(signed(pathMessage, form1("MessageSid=SM1", "To=x")).WithContext(gone))
	if len(h.desk.texts) != 1 {
		t.Fatalf("kept %d texts, want 1", len(h.desk.texts))
	}
	if _, bounded := h.desk.ctx.Deadline(); !bounded {
		t.Errorf("the desk was given no deadline")
	}
}

func TestWebhooksBodyCap(t *testing.T) {
	t.Parallel()
	fixed := form1("MessageSid=SM1", "To=x", "Body=")
	fits := fixed + strings.Repeat("a", longestBody-len(fixed))
	for _, c := range []struct {
		name, body string
		length     int64
		status     int
	}{
		{"the longest", fits, int64(len(fits)), 200},
		{"the longest, length not said", fits, -1, 200},
		{"one more", fits + "a", int64(len(fits)) + 1, 413},
		{"one more, length not said", fits + "a", -1, 413},
		{"one more, length wrong", fits + "a", 10, 413},
		{"short, a huge length said", fixed, 1 << 40, 413},
	} {
		h := newHouse(t)
		r := signed(pathMessage, c.body)
		r.ContentLength = c.length
		if got := h.ask(r).StatusCode; got != c.status {
			t.Errorf("%s: answered %d, want %d", c.name, got, c.status)
		}
	}
	r := signed(pathMessage, "")
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader(fixed), cutReader{}))
	if got := newHouse(t).ask(r).StatusCode; got != http.StatusBadRequest {
		t.Errorf("a body that is cut: answered %d, want 400", got)
	}
}

// cutReader is a connection that ends before the length that was said.
type cutReader struct{}

func (cutReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestWebhooksShareARegistry(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	other := NewWebhooks(Config{}, h.desk, nil, nil, nil, zap.NewNop(), h.reg)
	if other.seen != h.seen {
		t.Errorf("the second handler does not count into the first's counter")
	}
	silent := NewWebhooks(Config{}, h.desk, nil, nil, nil, zap.NewNop(), nil)
	if got := (house{Webhooks: silent}).ask(signed(pathMessage, "")).StatusCode; got != 403 {
		t.Errorf("a handler without an account answered %d, want 403", got)
	}
}

func BenchmarkSignatureAndParse(b *testing.B) {
	h := newHouse(b)
	body := "ToCountry=DK&ToState=&SmsMessageSid=SM0123456789abcdef0123456789abcdef&NumMedia=0&ToCity=&FromZip=&SmsSid=SM0123456789abcdef0123456789abcdef" +
		"&FromState=&SmsStatus=received&FromCity=&Body=" + url.QueryEscape(strings.Repeat("Jeg har brug for hjælp, ", 8)) +
		"&FromCountry=DK&To=%2B4570201550&ToZip=&NumSegments=2&MessageSid=SM0123456789abcdef0123456789abcdef&AccountSid=" + account +
		"&From=%2B4520000001&ApiVersion=2010-04-01"
	r := signed(pathMessage, body)
	raw := []byte(body)
	b.ReportAllocs()
	for b.Loop() {
		f, bad := h.believe(r, raw, h.routes[pathMessage])
		if bad != nil {
			b.Fatal(bad.result)
		}
		if in := inbound(f, noon); in.SID == "" {
			b.Fatal("no id")
		}
	}
}
