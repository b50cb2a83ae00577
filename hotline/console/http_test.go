package console

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"hopeline/hotline"
)

// plead sends a request with a JSON body, and gives the answer and its body.
func (s *stand) plead(method, path, body string, change ...func(*http.Request)) (*http.Response, string) {
	s.t.Helper()
	r, err := http.NewRequest(method, s.console.origin+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for _, f := range change {
		f(r)
	}
	response, err := s.server.Client().Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response, string(raw)
}

func with(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func cookie(token string) func(*http.Request) { return with("Cookie", "session="+token) }

func TestWhoMayConnect(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	token := s.logIn("ann")
	var enrolling string
	s.house.set(func() { enrolling = s.house.begin(s.house.user("bo"), true) })
	ours := s.console.origin
	port := ours[strings.LastIndex(ours, ":"):]
	set := func(name string, values ...string) func(http.Header) {
		return func(h http.Header) { h[name] = values }
	}
	for _, test := range []struct {
		name   string
		token  string
		change func(http.Header)
		want   int
	}{
		{"as it should be", token, set("Origin", ours), 101},
		{"no origin", token, set("Origin"), 403},
		{"an empty origin", token, set("Origin", ""), 403},
		{"the null origin", token, set("Origin", "null"), 403},
		{"two origins", token, set("Origin", ours, ours), 403},
		{"another scheme", token, set("Origin", "https"+ours[4:]), 403},
		{"another port", token, set("Origin", "http://127.0.0.1:1"), 403},
		{"no port", token, set("Origin", "http://127.0.0.1"), 403},
		{"a sub-domain", token, set("Origin", "http://x.127.0.0.1"+port), 403},
		{"a suffix", token, set("Origin", ours+".example.org"), 403},
		{"a prefix", token, set("Origin", strings.TrimSuffix(ours, port[2:])), 403},
		{"a path", token, set("Origin", ours+"/"), 403},
		{"other letters", token, set("Origin", "HTTP"+ours[4:]), 403},
		{"another name for this machine", token, set("Origin", "http://localhost"+port), 403},
		{"a host header that fits the origin", token, func(h http.Header) {
			h["Origin"] = []string{"http://evil.example"}
			h["Host"] = []string{"evil.example"}
		}, 403},
		{"no session", "", set("Origin", ours), 401},
		{"a session of nobody", strings.Repeat("A", 43), set("Origin", ours), 401},
		{"no session form", "short", set("Origin", ours), 401},
		{"a session that may only enrol", enrolling, set("Origin", ours), 403},
	} {
		t.Run(test.name, func(t *testing.T) {
			socket, response, err := s.dial(test.token, test.change)
			if err == nil {
				socket.Close()
			}
			if response == nil || response.StatusCode != test.want {
				t.Errorf("got %v, %v, want %d", response, err, test.want)
			}
		})
	}
}

func TestSubprotocolIsRequired(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	header := http.Header{"Origin": {s.console.origin}, "Cookie": {"session=" + s.logIn("ann")}}
	for _, names := range [][]string{nil, {"hopeline.v2"}, {"HOPELINE.V1"}} {
		d := websocket.Dialer{Subprotocols: names}
		if _, response, err := d.Dial("ws"+s.console.origin[4:]+"/ws", header); err == nil || response.StatusCode != 400 {
			t.Errorf("a page that speaks %q got %v, want 400", names, response)
		}
	}
	if response, _ := s.plead("GET", "/ws", "", with("Origin", s.console.origin), cookie(s.logIn("ann")),
		with("Sec-WebSocket-Protocol", protocol)); response.StatusCode != 400 {
		t.Errorf("no websocket at all got %d, want 400", response.StatusCode)
	}
}

func TestHouseIsFull(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(l *limits) { l.everyone = 1 })
	s.page("ann")
	if _, response, err := s.dial(s.logIn("bo")); err == nil || response.StatusCode != 503 {
		t.Errorf("one too many got %v, want 503", response)
	}
}

func TestLogIn(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	const wrong = `{"error":{"code":"forbidden","message":"E-mail, password or code is wrong."}}`
	for _, test := range []struct {
		name, body string
		status     int
		want       string // of the body
	}{
		{"right", `{"email":"ann","password":"right","code":"1"}`, 200, `"id":"ann"`},
		{"without a second factor", `{"email":"ann","password":"right","code":""}`, 200, `"enrol":true`},
		{"a field more", `{"email":"ann","password":"right","code":"1","x":1}`, 200, `"enrol":false`},
		{"nobody", `{"email":"eve","password":"right","code":"1"}`, 401, wrong},
		{"a wrong password", `{"email":"ann","password":"left","code":"1"}`, 401, wrong},
		{"a wrong code", `{"email":"ann","password":"right","code":"wrong"}`, 401, wrong},
		{"nothing", `{}`, 401, wrong},
		{"too many tries", `{"email":"hammer"}`, 429, `"throttled"`},
		{"no JSON", `email=ann`, 400, `"invalid"`},
		{"other types", `{"email":1}`, 400, `"invalid"`},
		{"too long", `{"email":"` + strings.Repeat("x", maxBody) + `"}`, 413, `"invalid"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			response, body := s.plead("POST", "/api/login", test.body)
			if response.StatusCode != test.status || !strings.Contains(body, test.want) {
				t.Errorf("got %d %s, want %d with %s", response.StatusCode, body, test.status, test.want)
			}
			if test.status == 401 && body != wrong {
				t.Errorf("a wrong part is told from another: %s", body)
			}
			if got := len(response.Cookies()); (got == 1) != (test.status == 200) {
				t.Errorf("%d cookies", got)
			}
			if got := response.Header.Get("Retry-After"); test.status == 429 && got != "7" {
				t.Errorf("Retry-After is %q, want 7", got)
			}
		})
	}
	if response, _ := s.plead("POST", "/api/login", `{}`, with("Content-Type", "text/plain")); response.StatusCode != 415 {
		t.Errorf("plain text got %d, want 415", response.StatusCode)
	}
	s.house.set(func() { s.house.broken = hotline.ErrUnavailable })
	if response, _ := s.plead("POST", "/api/login", `{"email":"ann"}`); response.StatusCode != 503 {
		t.Errorf("without a database got %d, want 503", response.StatusCode)
	}
}

func TestAnotherSiteIsRefused(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	const right = `{"email":"ann","password":"right","code":"1"}`
	for _, test := range []struct {
		name   string
		change []func(*http.Request)
		want   int
	}{
		{"our page", []func(*http.Request){with("Origin", s.console.origin), with("Sec-Fetch-Site", "same-origin")}, 200},
		{"no browser", nil, 200},
		{"another site", []func(*http.Request){with("Origin", "https://evil.example"), with("Sec-Fetch-Site", "cross-site")}, 403},
		{"another site that says less", []func(*http.Request){with("Sec-Fetch-Site", "cross-site")}, 403},
		{"a sister site", []func(*http.Request){with("Sec-Fetch-Site", "same-site")}, 403},
		{"a name that leads here", []func(*http.Request){with("Origin", "http://evil.example"),
			func(r *http.Request) { r.Host = "evil.example" }, with("Sec-Fetch-Site", "same-origin")}, 403},
	} {
		response, body := s.plead("POST", "/api/login", right, test.change...)
		if response.StatusCode != test.want {
			t.Errorf("%s got %d %s, want %d", test.name, response.StatusCode, body, test.want)
		}
	}
}

func TestLogOutEndsTheSessionEverywhere(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	token := s.logIn("ann")
	one, two, other := s.open(token).listen(), s.open(token).listen(), s.page("ann")
	one.event("hello")
	two.event("hello")
	response, _ := s.plead("POST", "/api/logout", "", cookie(token))
	if response.StatusCode != 204 || !strings.Contains(response.Header.Get("Clear-Site-Data"), "storage") ||
		response.Cookies()[0].MaxAge >= 0 {
		t.Errorf("log-out got %d %v", response.StatusCode, response.Header)
	}
	if a, b := one.closed(), two.closed(); a != 4001 || b != 4001 {
		t.Errorf("the session's pages were closed with %d and %d, want 4001", a, b)
	}
	other.ask("1", "queue.list", "{}") // another session of hers goes on
	if response, _ := s.plead("GET", "/api/session", "", cookie(token)); response.StatusCode != 401 {
		t.Errorf("the old session got %d, want 401", response.StatusCode)
	}
	if response, _ := s.plead("POST", "/api/logout", ""); response.StatusCode != 204 {
		t.Errorf("a log-out of nobody got %d, want 204", response.StatusCode)
	}
	token = s.logIn("bo")
	s.house.set(func() { s.house.broken = hotline.ErrUnavailable })
	response, _ = s.plead("POST", "/api/logout", "", cookie(token))
	if response.StatusCode != 503 || len(response.Cookies()) != 1 {
		t.Errorf("a log-out without a database got %d, and %d cookies", response.StatusCode, len(response.Cookies()))
	}
}

// Every address of the api: who may use it, by which method; and what every answer carries.
func TestAddresses(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	enrolling, full := "", s.logIn("ann")
	s.house.set(func() { enrolling = s.house.begin(s.house.user("bo"), true) })
	paths := map[string]struct {
		method, body      string
		out, enrols, full int // status for nobody, for who may only enrol, for who is in
	}{
		"/api/login":        {"POST", `{"email":"eve"}`, 401, 401, 401},
		"/api/logout":       {"POST", ``, 204, 0, 0},
		"/api/session":      {"GET", ``, 401, 200, 200},
		"/api/totp/start":   {"POST", `{}`, 401, 200, 200},
		"/api/totp/confirm": {"POST", `{"code":"123456"}`, 401, 204, 204},
		"/api/media/{id}":   {"GET", ``, 401, 403, 404},
		"/api/voice":        {"GET", ``, 401, 403, 200},
		"/api/days":         {"POST", `{"secret":"right"}`, 200, 200, 200},
		"/api/days/answer":  {"POST", `{"secret":"wrong"}`, 404, 404, 404},
		"/api/nothing":      {"GET", ``, 404, 404, 404},
	}
	for path := range s.console.api() {
		if _, ok := paths[path]; !ok {
			t.Errorf("%s is not in this test", path)
		}
	}
	for path, p := range paths {
		for token, want := range map[string]int{"": p.out, enrolling: p.enrols, full: p.full} {
			if want == 0 {
				continue
			}
			response, body := s.plead(p.method, path, p.body, cookie(token))
			if response.StatusCode != want {
				t.Errorf("%s %s with session %q got %d %s, want %d", p.method, path, token, response.StatusCode, body, want)
			}
			checkHeaders(t, path, response)
		}
		if path == "/api/nothing" {
			continue
		}
		for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
			if response, _ := s.plead(method, path, p.body); method != p.method && response.StatusCode != 405 {
				t.Errorf("%s %s got %d, want 405", method, path, response.StatusCode)
			}
		}
	}
	response, _ := s.plead("GET", "/ws", "")
	checkHeaders(t, "/ws", response)
	if response, _ := s.plead("POST", "/api/totp/confirm", `{"code":"1"}`, cookie(enrolling)); response.StatusCode != 400 {
		t.Errorf("a wrong code got %d, want 400", response.StatusCode)
	}
}

func checkHeaders(t *testing.T, path string, response *http.Response) {
	t.Helper()
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
		"Cross-Origin-Resource-Policy": "same-origin", "Content-Security-Policy": "default-src 'none'",
	} {
		if got := response.Header.Get(name); !strings.Contains(got, want) {
			t.Errorf("%s: %s is %q, want %q", path, name, got, want)
		}
	}
}

func TestSessionAnswersLikeTheLogIn(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	_, in := s.plead("POST", "/api/login", `{"email":"ann","password":"right","code":"1"}`)
	response, again := s.plead("GET", "/api/session", "", cookie(s.logIn("ann")))
	var got Session
	if err := json.Unmarshal([]byte(again), &got); err != nil || got.User.Name != "Ann" || got.Enrol {
		t.Errorf("session is %s", again)
	}
	if in != again || response.Header.Get("Content-Type") != "application/json" {
		t.Errorf("log-in says %s, session %s", in, again)
	}
}

func TestOriginOf(t *testing.T) {
	t.Parallel()
	for public, want := range map[string]string{
		"https://help.example.org":      "https://help.example.org",
		"https://Help.Example.org:443/": "https://help.example.org",
		"https://help.example.org:8443": "https://help.example.org:8443",
		"http://127.0.0.1:80":           "http://127.0.0.1",
		"http://[::1]:8080/x":           "http://[::1]:8080",
	} {
		u, err := url.Parse(public)
		if err != nil {
			t.Fatal(err)
		}
		if got := originOf(u); got != want {
			t.Errorf("originOf(%q) = %q, want %q", public, got, want)
		}
	}
}
