package simulator

import (
	"bufio"
	"bytes"
	"encoding/json"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// onPage serves the page of a stage and returns its address.
func onPage(t *testing.T, s *stage) string {
	server := httptest.NewServer(s.Page())
	t.Cleanup(func() { s.Close(); server.CloseClientConnections(); server.Close() })
	return server.URL
}

func (s *stage) acts(address, body string, headers ...string) int {
	s.t.Helper()
	req, err := http.NewRequest(http.MethodPost, address+"/act", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := s.http.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

func TestPageFilesAndHeaders(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	page := s.Page()
	for path, kind := range map[string]string{"/": "text/html", "/page.css": "text/css", "/page.js": "javascript", "/call.js": "javascript", "/call.css": "text/css", "/icon.svg": "image/svg"} {
		w := httptest.NewRecorder()
		page.ServeHTTP(w, httptest.NewRequest("GET", "http://127.0.0.1:1234"+path, nil))
		h := w.Header()
		if w.Code != 200 || !strings.Contains(h.Get("Content-Type"), kind) || !strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("GET %s = %d %v", path, w.Code, h)
		}
		if strings.Contains(w.Body.String(), "innerHTML") || strings.Contains(w.Body.String(), "<style") {
			t.Errorf("%s holds what the policy forbids", path)
		}
	}
	w := httptest.NewRecorder()
	page.ServeHTTP(w, httptest.NewRequest("GET", "http://127.0.0.1/", nil))
	if !strings.Contains(w.Body.String(), "This is a simulated phone company on your own machine. Nothing leaves it.") {
		t.Error("the page does not say what it is")
	}
}

func TestPageIsForThisMachine(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	for host, want := range map[string]int{
		"127.0.0.1:8081": 200, "localhost": 200, "[::1]:8081": 200, "phones.example.org": 403, "192.0.2.1": 403, "": 403,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		s.Page().ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("GET / at %q = %d, want %d", host, w.Code, want)
		}
	}
	address := onPage(t, s)
	if got := s.acts(address, `{"do":"forget"}`, "Sec-Fetch-Site", "cross-site"); got != 403 {
		t.Errorf("an action from another site = %d, want 403", got)
	}
	if got := s.acts(address, `{"do":"forget"}`, "Content-Type", "text/plain"); got != 400 {
		t.Errorf("an action as plain text = %d, want 400", got)
	}
}

func TestPageActs(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	address := onPage(t, s)
	s.Cast()
	tests := []struct {
		body string
		want int
		then func() bool
	}{
		{`{"do":"text","phone":"+4520000001","to":"+4570201550","body":"hello"}`, 204, func() bool { return s.has("hello", "") }},
		{`{"do":"text","phone":"+4520000001","to":"whatsapp:+4570201550","body":"look","with":"picture"}`, 204, func() bool { return s.has("look", "MediaUrl0") }},
		{`{"do":"text","phone":"anonymous","to":"+4570201550","body":"here","with":"place"}`, 204, func() bool { return s.has("here", "Latitude") }},
		{`{"do":"text","phone":"DK.9f1c22e07b","to":"whatsapp:+4570201550","body":"Yes","with":"button"}`, 204, func() bool { return s.has("Yes", "ButtonPayload") }},
		{`{"do":"text","phone":"+4520000001","to":"+4570201550","body":"burst","times":5}`, 204, func() bool { return s.count("burst") == 5 }},
		{`{"do":"text","phone":"+4520000001","to":"+1","body":"x"}`, 400, nil},
		{`{"do":"text","phone":"+4520000001","to":"+4570201550","body":"x","with":"film"}`, 400, nil},
		{`{"do":"text","phone":"+4520000001","to":"+4570201550","body":"x","times":51}`, 400, nil},
		{`{"do":"fate","phone":"+4520000001","value":"off"}`, 204, func() bool { return s.shown("+4520000001").Fate == "off" }},
		{`{"do":"fate","phone":"+4520000001","value":"lost"}`, 400, nil},
		{`{"do":"optout","phone":"+4520000001","to":"+4570201550","on":true}`, 204, func() bool { return len(s.shown("+4520000001").OptedOut) == 1 }},
		{`{"do":"phone","phone":" +4520000077 ","value":"New"}`, 204, func() bool { return s.shown("+4520000077").Name == "New" }},
		{`{"do":"doubles","on":true}`, 204, func() bool { return s.dial().Duplicate == 1 }},
		{`{"do":"shuffles","on":true}`, 204, func() bool { return s.dial().Reorder > 0 }},
		{`{"do":"next","value":"answer lost"}`, 204, func() bool { return s.mishap(0) == AnswerLost }},
		{`{"do":"next","value":"429"}`, 204, func() bool { return true }},
		{`{"do":"next","value":""}`, 204, func() bool { return s.mishap(0) == 0 }},
		{`{"do":"next","value":"rain"}`, 400, nil},
		{`{"do":"dance"}`, 400, nil},
		{`{"do":"text","surprise":1}`, 400, nil},
		{`[`, 400, nil},
	}
	for _, test := range tests {
		if got := s.acts(address, test.body); got != test.want {
			t.Errorf("act %s = %d, want %d", test.body, got, test.want)
		}
		if test.then != nil {
			s.until(test.then)
		}
	}
	s.noFaults()
}

func (s *stage) count(body string) int {
	n := 0
	for _, f := range s.forms() {
		if f.Get("Body") == body {
			n++
		}
	}
	return n
}

func (s *stage) has(body, field string) bool {
	for _, f := range s.forms() {
		if f.Get("Body") == body && (field == "" || f.Has(field)) {
			return true
		}
	}
	return false
}

func (s *stage) shown(address string) pagePhone {
	state, _ := s.state()
	for _, p := range state.Phones {
		if p.Address == address {
			return p
		}
	}
	return pagePhone{}
}

func TestPageStream(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	address := onPage(t, s)
	req, err := http.NewRequestWithContext(soon(t), "GET", address+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := s.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	next := func() (state pageState) {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				if err := json.Unmarshal([]byte(data), &state); err != nil {
					t.Fatal(err)
				}
				return state
			}
		}
		t.Fatal("the stream ended")
		return state
	}
	if first := next(); len(first.Lines) != 2 || len(first.Messages) != 0 {
		t.Errorf("first state = %+v", first)
	}
	go s.Phone(ana).Text(s.ctx, line, "<b>hi</b>")
	for state := next(); len(state.Messages) == 0 || len(state.Messages[0].Answers) == 0; state = next() {
	}
	s.Close() // ends the stream
	for lines.Scan() {
	}
}

func TestSamplesAreWhatTheyClaim(t *testing.T) {
	t.Parallel()
	if img, err := png.Decode(bytes.NewReader(samplePicture())); err != nil || img.Bounds().Dx() != 160 {
		t.Errorf("samplePicture is no PNG: %v", err)
	}
	voice := sampleVoice()
	pages := bytes.Count(voice, []byte("OggS"))
	if kind := http.DetectContentType(voice); kind != "application/ogg" || pages != 3 || !bytes.Contains(voice, []byte("OpusHead")) {
		t.Errorf("sampleVoice is %s in %d pages", kind, pages)
	}
}
