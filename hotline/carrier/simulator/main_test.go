package simulator

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	account = "AC0123456789abcdef0123456789abcdef"
	token   = "12345"
	line    = "+4570201550"
	chat    = "whatsapp:+4570201550"
	ana     = "+4520000001"
)

// stage is a carrier, its REST API on loopback, and a service that keeps what it was told.
type stage struct {
	*Carrier
	t       *testing.T
	rest    *httptest.Server
	service *httptest.Server
	http    *http.Client

	mu     sync.Mutex
	told   []url.Values // forms of message webhooks
	states []url.Values // forms of status callbacks
	answer http.HandlerFunc
}

func newStage(t *testing.T, cfg Config) *stage {
	t.Helper()
	cfg.AccountSID, cfg.AuthToken = account, token
	if cfg.Step == 0 {
		cfg.Step = time.Millisecond
	}
	s := &stage{Carrier: New(cfg), t: t, http: &http.Client{Transport: &http.Transport{}}}
	s.rest = httptest.NewServer(s.Carrier)
	s.service = httptest.NewServer(http.HandlerFunc(s.serve))
	s.Number(line, Webhooks{Message: s.service.URL + "/message?x=1"})
	s.Number(chat, Webhooks{Message: s.service.URL + "/message"})
	t.Cleanup(func() {
		s.Close()
		s.rest.Close()
		s.service.Close()
		s.http.CloseIdleConnections()
	})
	return s
}

// serve is the service: it keeps the form, and answers as a test asked.
func (s *stage) serve(w http.ResponseWriter, r *http.Request) {
	r.ParseForm()
	want := sign(token, s.service.URL+r.URL.RequestURI(), r.PostForm)
	if got := r.Header.Get("X-Twilio-Signature"); got != want {
		s.t.Errorf("signature of %s = %q, want %q", r.URL.Path, got, want)
	}
	s.mu.Lock()
	answer := s.answer
	if r.URL.Path == "/status" {
		s.states = append(s.states, r.PostForm)
	} else {
		s.told = append(s.told, r.PostForm)
	}
	s.mu.Unlock()
	switch {
	case answer != nil:
		answer(w, r)
	case r.URL.Path == "/status":
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		w.Write([]byte(`<?xml version="1.0" encoding="UTF-8"?><Response/>`))
	}
}

func (s *stage) answers(h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = h
}

// heard lists the statuses of the callbacks so far, in the order in which they came.
func (s *stage) heard() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, f := range s.states {
		all = append(all, f.Get("MessageStatus"))
	}
	return all
}

func (s *stage) forms() []url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]url.Values(nil), s.told...)
}

// ask makes a REST request and returns its status, and its body as text.
func (s *stage) ask(method, path string, form url.Values) (int, string, error) {
	return s.asks(method, path, form, token)
}

func (s *stage) asks(method, path string, form url.Values, password string) (int, string, error) {
	req, err := http.NewRequest(method, s.rest.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	req.SetBasicAuth(account, password)
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := s.http.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, string(b), err
}

const messagesPath = "/2010-04-01/Accounts/" + account + "/Messages"

// sends makes the usual request to send, with changes; a change to "" takes a field away.
func (s *stage) sends(changes ...string) (int, string, error) {
	f := url.Values{"To": {ana}, "From": {line}, "Body": {"hello"}, "StatusCallback": {s.service.URL + "/status?id=m1"}}
	for i := 0; i < len(changes); i += 2 {
		f.Set(changes[i], changes[i+1])
		if changes[i+1] == "" {
			f.Del(changes[i])
		}
	}
	return s.ask(http.MethodPost, messagesPath+".json", f)
}

func (s *stage) until(what func() bool) {
	s.t.Helper()
	if err := s.Until(soon(s.t), what); err != nil {
		s.t.Fatalf("waited in vain: %v; faults %v", err, s.Faults())
	}
}

func (s *stage) noFaults() {
	s.t.Helper()
	for _, f := range s.Faults() {
		s.t.Errorf("fault: %v", f)
	}
}

func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}
