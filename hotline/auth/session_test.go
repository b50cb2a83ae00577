package auth

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func address(t testing.TB, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestCookie(t *testing.T) {
	t.Parallel()
	const strict = "HttpOnly; Secure; SameSite=Strict"
	for _, c := range []struct {
		public string
		maxAge time.Duration
		want   string
	}{
		{"https://hope.example.org", SessionLife, "__Host-session=tok; Path=/; Max-Age=43200; " + strict},
		{"https://127.0.0.1:8443", SessionLife, "__Host-session=tok; Path=/; Max-Age=43200; " + strict},
		{"http://hope.example.org", SessionLife, "__Host-session=tok; Path=/; Max-Age=43200; " + strict},
		{"http://127.0.0.1:8080", SessionLife, "session=tok; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"},
		{"http://[::1]:8080/", SessionLife, "session=tok; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"},
		{"http://localhost:8080", SessionLife, "session=tok; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"},
		{"http://localhost.example.org", SessionLife, "__Host-session=tok; Path=/; Max-Age=43200; " + strict},
		{"https://hope.example.org", 0, "__Host-session=; Path=/; Max-Age=0; " + strict},
		{"https://hope.example.org", -time.Hour, "__Host-session=; Path=/; Max-Age=0; " + strict},
	} {
		if got := Cookie(address(t, c.public), "tok", c.maxAge).String(); got != c.want {
			t.Errorf("Cookie(%s, %v) = %s, want %s", c.public, c.maxAge, got, c.want)
		}
	}
}

func TestTokenFrom(t *testing.T) {
	t.Parallel()
	token, _ := NewToken()
	for _, c := range []struct{ name, public, header, want string }{
		{"own", "https://hope.example.org", "__Host-session=" + token, token},
		{"own on loopback", "http://localhost:8080", "session=" + token, token},
		{"the loopback name elsewhere", "https://hope.example.org", "session=" + token, ""},
		{"the other name on loopback", "http://localhost:8080", "__Host-session=" + token, ""},
		{"none", "https://hope.example.org", "theme=dark", ""},
		{"empty", "https://hope.example.org", "__Host-session=", ""},
		{"short", "https://hope.example.org", "__Host-session=" + token[:42], ""},
		{"long", "https://hope.example.org", "__Host-session=" + token + token, ""},
		{"odd letters", "https://hope.example.org", "__Host-session=" + strings.Repeat("+", 43), ""},
		{"a planted one first", "https://hope.example.org", "__Host-session=x; __Host-session=" + token, token},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Cookie", c.header)
		if got := TokenFrom(r, address(t, c.public)); got != c.want {
			t.Errorf("%s: TokenFrom = %q, want %q", c.name, got, c.want)
		}
	}
}

func TestWhatTheBrowserSendsBackIsTheToken(t *testing.T) {
	t.Parallel()
	public := address(t, "https://hope.example.org")
	token, hash := NewToken()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(Cookie(public, token, SessionLife))
	if got := HashToken(TokenFrom(r, public)); !bytes.Equal(got, hash) {
		t.Error("the hash of the token that came back differs")
	}
	if strings.Contains(string(hash), token) || len(hash) != 32 || len(token) != 43 {
		t.Errorf("hash of %d bytes for a token of %d, want 32 and 43", len(hash), len(token))
	}
	if other, _ := NewToken(); other == token {
		t.Error("two tokens are the same")
	}
}
