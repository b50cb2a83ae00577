package carrier

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// vector is one known answer: an address, a form and its signature.
type vector struct {
	Name      string      `json:"name"`
	Token     string      `json:"token"`
	URL       string      `json:"url"`
	Params    [][2]string `json:"params"`
	Signature string      `json:"signature"`
}

type vectors struct {
	Body      string   `json:"body"`
	Published []vector `json:"published"`
	Refused   []vector `json:"refused"`
	Computed  []vector `json:"computed"`
}

func readVectors(t testing.TB) vectors {
	t.Helper()
	var all vectors
	readJSON(t, filepath.Join("testdata", "signatures.json"), &all)
	if len(all.Published) < 15 || len(all.Refused) == 0 || len(all.Computed) == 0 {
		t.Fatalf("testdata/signatures.json holds %d, %d, %d vectors", len(all.Published), len(all.Refused), len(all.Computed))
	}
	return all
}

func readJSON(t testing.TB, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("read %s: %v", path, err)
	}
}

// signedRequest is the request of a vector, and a signer that knows its public address.
func signedRequest(t testing.TB, v vector, json string) (Signer, *http.Request, []byte) {
	t.Helper()
	u, err := url.Parse(v.URL)
	if err != nil {
		t.Fatal(err)
	}
	kind, body := "application/x-www-form-urlencoded; charset=UTF-8", encoded(v.Params)
	if u.Query().Has("bodySHA256") {
		kind, body = "application/json", json
	}
	r := request(u.RequestURI(), kind, body, v.Signature)
	public := &url.URL{Scheme: u.Scheme, User: u.User, Host: u.Host}
	return Signer{Public: public, Tokens: []string{v.Token}}, r, []byte(body)
}

func request(uri, kind, body string, signatures ...string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, uri, strings.NewReader(body))
	r.Host = "proxy.internal:8080"
	r.Header.Set("X-Forwarded-Host", "evil.example.org")
	r.Header.Set("X-Forwarded-Proto", "http")
	r.Header.Set("Content-Type", kind)
	for _, s := range signatures {
		r.Header.Add(signatureHeader, s)
	}
	return r
}

func encoded(params [][2]string) string {
	parts := make([]string, len(params))
	for i, p := range params {
		parts[i] = url.QueryEscape(p[0]) + "=" + url.QueryEscape(p[1])
	}
	return strings.Join(parts, "&")
}

func TestSignerKnownAnswers(t *testing.T) {
	t.Parallel()
	all := readVectors(t)
	for _, v := range append(all.Published, all.Computed...) {
		s, r, body := signedRequest(t, v, all.Body)
		if !s.Valid(r, body) {
			t.Errorf("%s: Valid = false, want true", v.Name)
		}
		s.Tokens = []string{"another", ""}
		if s.Valid(r, body) {
			t.Errorf("%s: Valid with other tokens = true, want false", v.Name)
		}
		s.Tokens = []string{"another", v.Token}
		if !s.Valid(r, body) {
			t.Errorf("%s: Valid with the second token = false, want true", v.Name)
		}
		if s.Valid(r, append(body, "&x=1"...)) {
			t.Errorf("%s: Valid with one more field = true, want false", v.Name)
		}
	}
	for _, v := range all.Refused {
		s, r, body := signedRequest(t, v, all.Body)
		if s.Valid(r, body) {
			t.Errorf("%s: Valid = true, want false", v.Name)
		}
	}
}

// The copy in testdata is the same as the study's file, where that is at hand.
func TestVectorsAreComplete(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "carrier", "signature_vectors.json"))
	if err != nil {
		t.Log("the study's vectors are not at hand; those in testdata are checked")
		return
	}
	type entry struct {
		Name, Signature string
		Token           string      `json:"auth_token"`
		URL             string      `json:"signed_url"`
		Params          [][2]string `json:"params"`
	}
	var study struct {
		Published []entry `json:"published"`
		Refused   []entry `json:"must_be_refused"`
		Computed  []entry `json:"computed"`
		Body      struct {
			Body string `json:"body"`
		} `json:"body_sha256"`
	}
	if err := json.Unmarshal(text, &study); err != nil {
		t.Fatal(err)
	}
	ours := readVectors(t)
	if len(ours.Published) != len(study.Published) || len(ours.Refused) != len(study.Refused) {
		t.Errorf("testdata has %d+%d vectors, the study %d+%d", len(ours.Published), len(ours.Refused), len(study.Published), len(study.Refused))
	}
	check := func(entries []entry, want bool) {
		for _, e := range entries {
			v := vector{Name: e.Name, Token: e.Token, URL: e.URL, Params: e.Params, Signature: e.Signature}
			if s, r, body := signedRequest(t, v, study.Body.Body); s.Valid(r, body) != want {
				t.Errorf("%s: Valid = %v, want %v", e.Name, !want, want)
			}
		}
	}
	check(study.Published, true)
	check(study.Computed, true)
	check(study.Refused, false)
}

func TestSignerAddresses(t *testing.T) {
	t.Parallel()
	const token, form = "tok", "application/x-www-form-urlencoded"
	for _, c := range []struct {
		name, public, uri, signed string
		want                      bool
	}{
		{"as configured", "https://h.example.org", "/m", "https://h.example.org/m", true},
		{"standard port added", "https://h.example.org", "/m", "https://h.example.org:443/m", true},
		{"standard port configured, not signed", "https://h.example.org:443", "/m", "https://h.example.org/m", true},
		{"http has 80", "http://h.example.org", "/m", "http://h.example.org:80/m", true},
		{"another port", "https://h.example.org", "/m", "https://h.example.org:8443/m", false},
		{"own port kept", "https://h.example.org:8443", "/m", "https://h.example.org:8443/m", true},
		{"own port dropped", "https://h.example.org:8443", "/m", "https://h.example.org/m", true},
		{"path of the public address", "https://h.example.org/hope/", "/m?a=%41", "https://h.example.org/hope/m?a=%41", true},
		{"query kept as it was written", "https://h.example.org", "/m?b=2&a=%7e;%zz", "https://h.example.org/m?b=2&a=%7e;%zz", true},
		{"another query", "https://h.example.org", "/m?m=2", "https://h.example.org/m?m=1", false},
		{"the Host header does not count", "https://h.example.org", "/m", "https://proxy.internal:8080/m", false},
		{"nor does what a proxy adds", "https://h.example.org", "/m", "http://evil.example.org/m", false},
		{"another scheme", "https://h.example.org", "/m", "http://h.example.org/m", false},
		{"IPv6", "http://[::1]:8080", "/m", "http://[::1]:8080/m", true},
		{"IPv6 without port", "http://[::1]", "/m", "http://[::1]:80/m", true},
		{"a whole address in the request line", "https://h.example.org", "http://evil.example.org/m", "https://h.example.org/m", true},
	} {
		public, err := url.Parse(c.public)
		if err != nil {
			t.Fatal(err)
		}
		s := Signer{Public: public, Tokens: []string{token}}
		r := request("/", form, "", string(sign(token, c.signed, nil)))
		r.RequestURI = c.uri
		if r.URL, err = url.Parse(c.uri); err != nil && !strings.Contains(c.uri, "%zz") {
			t.Fatal(err)
		}
		if got := s.Valid(r, nil); got != c.want {
			t.Errorf("%s: Valid = %v, want %v", c.name, got, c.want)
		}
	}
}

func TestSignerHeader(t *testing.T) {
	t.Parallel()
	public := &url.URL{Scheme: "https", Host: "h.example.org"}
	good := string(sign("tok", "https://h.example.org/m", nil))
	for _, c := range []struct {
		name   string
		values []string
		want   bool
	}{
		{"one", []string{good}, true},
		{"none", nil, false},
		{"empty", []string{""}, false},
		{"twice the same", []string{good, good}, false},
		{"a second, wrong one", []string{good, "x"}, false},
		{"both in one line", []string{good + "," + good}, false},
		{"cut", []string{good[:len(good)-1]}, false},
	} {
		r := request("/m", "application/x-www-form-urlencoded", "", c.values...)
		if got := (Signer{Public: public, Tokens: []string{"tok"}}).Valid(r, nil); got != c.want {
			t.Errorf("%s: Valid = %v, want %v", c.name, got, c.want)
		}
		if (Signer{Public: public}).Valid(r, nil) || (Signer{Tokens: []string{"tok"}}).Valid(r, nil) {
			t.Errorf("%s: Valid without token or address = true, want false", c.name)
		}
	}
}

// Bytes that are no text, and forms that net/url refuses, are signed as they are.
func TestSignerOddBytes(t *testing.T) {
	t.Parallel()
	public := &url.URL{Scheme: "https", Host: "h.example.org"}
	for _, c := range []struct{ body, params string }{
		{"Body=a%00b", "Bodya\x00b"},
		{"Body=%FF%fe", "Body\xff\xfe"},
		{"Body=a;b", "Bodya;b"},
		{"Body=100%", "Body100%"},
		{"Body=100%2", "Body100%2"},
		{"Body=%zz", "Body%zz"},
		{"Body=1+1", "Body1 1"},
		{"b=1&a=2&b=0&b=1", "a2b0b1"},
		{"&&a=&=b&c", "bac"},
	} {
		r := request("/m", "Application/X-WWW-Form-Urlencoded ; charset=utf-8", c.body,
			string(sign("tok", "https://h.example.org/m", []byte(c.params))))
		if !(Signer{Public: public, Tokens: []string{"tok"}}).Valid(r, []byte(c.body)) {
			t.Errorf("Valid(%q) = false, want true", c.body)
		}
	}
}

func TestSignerOtherBodies(t *testing.T) {
	t.Parallel()
	public := &url.URL{Scheme: "https", Host: "h.example.org"}
	const sum = "0A1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
	body := readVectors(t).Body
	for _, c := range []struct {
		name, uri, body string
		want            bool
	}{
		{"digest fits", "/m?bodySHA256=" + sum, body, true},
		{"another body", "/m?bodySHA256=" + sum, body + " ", false},
		{"no digest", "/m", body, false},
		{"no digest, no body", "/m", "", true},
		{"empty digest", "/m?bodySHA256=", "", false},
	} {
		r := request(c.uri, "application/json", c.body, string(sign("tok", "https://h.example.org"+c.uri, nil)))
		if got := (Signer{Public: public, Tokens: []string{"tok"}}).Valid(r, []byte(c.body)); got != c.want {
			t.Errorf("%s: Valid = %v, want %v", c.name, got, c.want)
		}
	}
}

// FuzzSigner: whatever is signed fits, and a changed byte of the signature does not.
func FuzzSigner(f *testing.F) {
	f.Add("/twilio/message?m=1", "Body=hi&From=%2B45&Body=%00%ff;%", "tok")
	f.Add("/", "", "a")
	public := &url.URL{Scheme: "https", Host: "h.example.org:8443"}
	f.Fuzz(func(t *testing.T, uri, body, token string) {
		if !strings.HasPrefix(uri, "/") || token == "" {
			return
		}
		r := request("/", "application/x-www-form-urlencoded", body)
		r.RequestURI = uri
		good := sign(token, "https://h.example.org:8443"+uri, canonical(parseForm(body)))
		r.Header.Set(signatureHeader, string(good))
		s := Signer{Public: public, Tokens: []string{token}}
		if !s.Valid(r, []byte(body)) {
			t.Fatalf("Valid(%q, %q) = false, want true", uri, body)
		}
		good[0] ^= 1
		r.Header.Set(signatureHeader, string(good))
		if s.Valid(r, []byte(body)) {
			t.Fatalf("Valid(%q, %q) with another signature = true, want false", uri, body)
		}
	})
}
