package app

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// App is the bundled page, ready to be served. It is safe for use by many goroutines.
type App struct {
	files  map[string]asset // by path
	secure func(http.Header)
}

// Voice is how the page is a phone.
type Voice string

// The ways of being a phone. Only what a way needs is open to the page: the microphone, and the carrier's hosts.
const (
	NoVoice   Voice = ""
	Carrier   Voice = "carrier"
	Simulated Voice = "simulated" // at /api/phone/, beside the page
)

// asset is one answer: ready bytes, plain and compressed.
type asset struct {
	kind    string // content type
	keep    string // Cache-Control
	plain   []byte
	zipped  []byte
	varying bool // zipped is smaller and may be chosen
}

// The Cache-Control of a page that a shared computer must not keep, and of a file whose name holds its hash.
const (
	never   = "no-store"
	forever = "public, max-age=31536000, immutable"
)

var kinds = map[string]string{
	".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8",
	".svg": "image/svg+xml", ".webmanifest": "application/manifest+json",
}

// New bundles the page. An error names the source and line that does not bundle.
func New(voice Voice) (*App, error) {
	a := &App{files: map[string]asset{}, secure: securer(voice)}
	sdk, err := voiceSDK()
	if err != nil {
		return nil, err
	}
	built, err := bundle(sources, links{"voice-sdk": assets + sdk.name}, "src/main.tsx", "src/days.tsx", "css/app.css", "css/duty.css")
	if err != nil {
		return nil, err
	}
	var names names
	for _, f := range built {
		names.put(f, a.add(f))
	}
	if voice == Carrier {
		a.add(sdk)
	}
	for _, name := range []string{"icon.svg", "manifest.webmanifest"} {
		content, err := sources.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		a.files["/"+name] = pack(name, "public, max-age=3600", content)
	}
	worker, err := sources.ReadFile("sw.js")
	if err != nil {
		return nil, fmt.Errorf("read the worker: %w", err)
	}
	a.files["/sw.js"] = pack("sw.js", "no-cache", worker)
	for at, begins := range map[string]start{"/": names.main, "/days": names.days} {
		var page bytes.Buffer
		if err := index.Execute(&page, first{start: begins, names: names, Console: at == "/"}); err != nil {
			return nil, fmt.Errorf("write a page: %w", err)
		}
		a.files[at] = pack("index.html", never, page.Bytes())
	}
	return a, nil
}

// names are the addresses that the pages begin with, and that of the style of duties, which the console fetches when it is
// wanted.
type names struct {
	main, days  start
	Style, Duty string
}

// start is a script, and what it imports at once.
type start struct {
	Script string
	First  []string
}

// first is what stands in a page before its script runs.
type first struct {
	start
	names
	Console bool // else the page of somebody who is asked for her wishes
}

func startOf(f file, where string) start {
	s := start{Script: where}
	for _, name := range f.needs {
		s.First = append(s.First, assets+name)
	}
	return s
}

func (n *names) put(f file, where string) {
	switch entry, _, _ := strings.Cut(f.name, "-"); entry + path.Ext(f.name) {
	case "main.js":
		n.main = startOf(f, where)
	case "days.js":
		n.days = startOf(f, where)
	case "app.css":
		n.Style = where
	case "duty.css":
		n.Duty = where
	}
}

// assets is where files stand whose names hold their hash.
const assets = "/assets/"

func (a *App) add(f file) (where string) {
	where = assets + f.name
	a.files[where] = pack(f.name, forever, f.content)
	return where
}

// voiceSDK is the carrier's library for browsers, as it was published.
func voiceSDK() (file, error) {
	content, err := sources.ReadFile("vendor/voice-sdk/dist/twilio.min.js")
	if err != nil {
		return file{}, fmt.Errorf("read the voice SDK: %w", err)
	}
	sum := sha256.Sum256(content)
	return file{name: "voice-" + hex.EncodeToString(sum[:6]) + ".js", content: content}, nil
}

// index is a page before its script runs. Its title and names tell a bystander nothing.
var index = template.Must(template.New("index").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#f6f5f2" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#111418" media="(prefers-color-scheme: dark)">
<meta name="robots" content="noindex, nofollow">
<meta name="format-detection" content="telephone=no, address=no, email=no, date=no">
{{if .Console}}<meta name="duty-style" content="{{.Duty}}">
{{end}}<title>Notes</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
{{if .Console}}<link rel="manifest" href="/manifest.webmanifest">
{{end}}<link rel="stylesheet" href="{{.Style}}">
{{if not .Console}}<link rel="stylesheet" href="{{.Duty}}">
{{end}}{{range .First}}<link rel="modulepreload" href="{{.}}">
{{end}}<script type="module" src="{{.Script}}"></script>
</head>
<body>
<div id="app"></div>
<noscript><main class="sheet"><h1>Notes</h1><p>This page needs JavaScript. Turn it on in the browser's settings, then load the page again.</p></main></noscript>
</body>
</html>
`))

func pack(name, keep string, content []byte) asset {
	zipped := squeeze(content)
	return asset{kinds[path.Ext(name)], keep, content, zipped, len(zipped) < len(content)}
}

func squeeze(content []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is a constant that is valid
	w.Write(content)                                      // a bytes.Buffer takes everything
	w.Close()
	return b.Bytes()
}

// ServeHTTP answers the paths in the package comment, and 404 for all else.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.secure(w.Header())
	f, ok := a.files[r.URL.Path]
	if !ok {
		w.Header().Set("Cache-Control", never)
		http.Error(w, "There is nothing here.", http.StatusNotFound)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "This address is only for reading.", http.StatusMethodNotAllowed)
		return
	}
	f.write(w, r)
}

func (f asset) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", f.keep)
	body := f.plain
	if f.varying {
		h.Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = f.zipped
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		w.Write(body) // an error here is a browser that went away
	}
}
