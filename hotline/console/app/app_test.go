package app

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func page(t *testing.T) *App {
	t.Helper()
	a, err := New(Simulated)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func get(h http.Handler, method, path string, header ...string) *http.Response {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestBundle is the one test that every fault of the sources fails: they bundle, without a warning, and stay small.
func TestBundle(t *testing.T) {
	t.Parallel()
	a := page(t)
	for path, f := range a.files {
		t.Logf("%-28s %7d bytes, %6d compressed", path, len(f.plain), len(f.zipped))
		if len(f.zipped) > 60<<10 {
			t.Errorf("%s is %d bytes compressed, want at most 60 KiB", path, len(f.zipped))
		}
	}
}

func TestBundleRefuses(t *testing.T) {
	t.Parallel()
	for name, src := range map[string]string{
		"syntax":          "const = 1",
		"missing file":    "import './gone.ts'",
		"foreign package": "import 'react'",
		"warning":         "const a = {x: 1, x: 2}; console.log(a)",
	} {
		if _, err := bundle(fstest.MapFS{"main.ts": {Data: []byte(src)}}, nil, "main.ts"); err == nil {
			t.Errorf("bundle(%s) = no error, want one", name)
		}
	}
}

func TestPageNamesItsAssets(t *testing.T) {
	t.Parallel()
	a := page(t)
	html := body(t, get(a, "GET", "/"))
	links := regexp.MustCompile(`(?:src|href)="(/[^"]+)"`).FindAllStringSubmatch(html, -1)
	if rest := len(links) - strings.Count(html, `rel="modulepreload"`); rest != 4 {
		t.Fatalf("the page names %d files, want script, style, icon and manifest, and what the script begins with", rest)
	}
	for _, l := range links {
		r := get(a, "GET", l[1])
		if r.StatusCode != 200 {
			t.Errorf("GET %s = %d, want 200", l[1], r.StatusCode)
		}
		if strings.HasPrefix(l[1], "/assets/") && r.Header.Get("Cache-Control") != forever {
			t.Errorf("Cache-Control of %s = %q, want %q", l[1], r.Header.Get("Cache-Control"), forever)
		}
	}
	if strings.Contains(html, "<style") || regexp.MustCompile(`<script[^>]*>[^<]`).MatchString(html) || strings.Contains(html, " on") && regexp.MustCompile(` on\w+=`).MatchString(html) {
		t.Error("the page holds inline script or style")
	}
	if regexp.MustCompile(`(?i)hope|hotline|traffick`).MatchString(html) {
		t.Error("the page tells a bystander what it is")
	}
}

// TestFirstLoad: what a counsellor waits for at night does not grow with the pages that she does not open.
func TestFirstLoad(t *testing.T) {
	t.Parallel()
	a := page(t)
	first, html := 0, body(t, get(a, "GET", "/"))
	for path, f := range a.files {
		if strings.HasSuffix(path, ".js") && strings.Contains(html, path) {
			first += len(f.zipped)
			if strings.Contains(string(f.plain), "duty.plan") {
				t.Errorf("%s is loaded at once and holds the pages of duties", path)
			}
		}
	}
	if first > 56<<10 {
		t.Errorf("the page begins with %d bytes of script, compressed; want at most 56 KiB", first)
	}
	t.Logf("%d bytes of script at first, compressed", first)
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	for voice, open := range map[Voice]struct{ hosts, microphone string }{
		NoVoice:   {"", "microphone=()"},
		Simulated: {"", "microphone=(self)"},
		Carrier:   {" https://*.twilio.com wss://*.twilio.com", "microphone=(self)"},
	} {
		a, err := New(voice)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/", "/icon.svg", "/manifest.webmanifest", "/nothing/here"} {
			h := get(a, "GET", path).Header
			for name, want := range map[string]string{
				"Content-Security-Policy":      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'" + open.hosts + "; img-src 'self'; media-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types worker",
				"Cross-Origin-Opener-Policy":   "same-origin",
				"Cross-Origin-Resource-Policy": "same-origin",
				"Referrer-Policy":              "no-referrer",
				"X-Content-Type-Options":       "nosniff",
			} {
				if got := h.Get(name); got != want {
					t.Errorf("voice %q: %s of %s = %q, want %q", voice, name, path, got, want)
				}
			}
			if !strings.Contains(h.Get("Permissions-Policy"), open.microphone) {
				t.Errorf("voice %q: Permissions-Policy of %s = %q, want %s", voice, path, h.Get("Permissions-Policy"), open.microphone)
			}
		}
		if got := get(a, "GET", "/").Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("Cache-Control of / = %q, want no-store", got)
		}
	}
}

// TestVoiceSDK: the carrier's library is there for who needs it, as it was published, and weighs on nobody else.
func TestVoiceSDK(t *testing.T) {
	t.Parallel()
	sdk, err := voiceSDK()
	if err != nil {
		t.Fatal(err)
	}
	for voice, want := range map[Voice]int{NoVoice: 404, Simulated: 404, Carrier: 200} {
		a, err := New(voice)
		if err != nil {
			t.Fatal(err)
		}
		r := get(a, "GET", assets+sdk.name)
		if r.StatusCode != want {
			t.Errorf("voice %q: the SDK = %d, want %d", voice, r.StatusCode, want)
		}
		if want == 200 && body(t, r) != string(sdk.content) {
			t.Error("the SDK is not served as it was published")
		}
		if strings.Contains(body(t, get(a, "GET", "/")), sdk.name) {
			t.Errorf("voice %q: the page loads the SDK at once", voice)
		}
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	a := page(t)
	for _, c := range []struct {
		method, path string
		want         int
	}{
		{"GET", "/", 200}, {"HEAD", "/", 200}, {"POST", "/", 405}, {"DELETE", "/icon.svg", 405},
		{"GET", "/index.html", 404}, {"GET", "/assets/", 404}, {"GET", "/assets/../app.go", 404}, {"GET", "/src/main.tsx", 404}, {"POST", "/gone", 404},
	} {
		if got := get(a, c.method, c.path).StatusCode; got != c.want {
			t.Errorf("%s %s = %d, want %d", c.method, c.path, got, c.want)
		}
	}
}

func TestCompressed(t *testing.T) {
	t.Parallel()
	a := page(t)
	plain, zipped := get(a, "GET", "/"), get(a, "GET", "/", "Accept-Encoding", "br, gzip")
	if plain.Header.Get("Content-Encoding") != "" || zipped.Header.Get("Content-Encoding") != "gzip" {
		t.Fatal("the page is compressed when it was not asked for, or plain when it was")
	}
	r, err := gzip.NewReader(zipped.Body)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if want := body(t, plain); string(got) != want {
		t.Errorf("the compressed page differs from the plain one")
	}
}

// TestVendored holds the libraries to the sums that were taken from the published packages.
func TestVendored(t *testing.T) {
	t.Parallel()
	sums, err := os.ReadFile("vendor/SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for line := range strings.Lines(string(sums)) {
		f := strings.Fields(line)
		content, err := os.ReadFile(filepath.Join("vendor", f[1]))
		if err != nil {
			t.Error(err)
			continue
		}
		sum := sha256.Sum256(content)
		if got := hex.EncodeToString(sum[:]); got != f[0] {
			t.Errorf("sha256 of %s = %s, want %s", f[1], got, f[0])
		}
		listed["vendor/"+f[1]] = true
	}
	for _, file := range libraries {
		if !listed[file] {
			t.Errorf("%s is bundled and has no sum", file)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := New(NoVoice); err != nil {
			b.Fatal(err)
		}
	}
}
