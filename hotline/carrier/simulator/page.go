package simulator

import (
	"embed"
	"encoding/json"
	"io/fs"
	"net"
	"net/http"
	"time"
)

//go:embed page/index.html page/page.css page/page.js page/icon.svg page/call.js page/call.css
var pageFiles embed.FS

// pagePolicy lets the page load its own files and nothing else; it writes text nodes only.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// pageRate is the shortest time between two states that the page is sent.
const pageRate = 100 * time.Millisecond

// Page is the page to text from: phones, what they write, what comes back, what the webhooks answered. Whoever
// mounts it gives it a loopback address of its own; it refuses a Host that is not loopback, and requests that other
// sites make. Its event stream ends with Close, which must come before the server's Shutdown.
func (c *Carrier) Page() http.Handler {
	files, err := fs.Sub(pageFiles, "page")
	if err != nil {
		panic(err) // the name is a constant
	}
	mux := http.NewServeMux()
	mux.Handle("GET /", http.FileServerFS(files))
	mux.HandleFunc("GET /events", c.stream)
	mux.HandleFunc("POST /act", c.act)
	return guard(http.NewCrossOriginProtection().Handler(mux))
}

// guard refuses a host name that a stranger pointed here, and sets the headers of every answer.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !loopbackHost(r.Host) {
			http.Error(w, "this page is for this machine only", http.StatusForbidden)
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

func loopbackHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// stream sends the whole state at once and after every change, as server-sent events.
func (c *Carrier) stream(w http.ResponseWriter, r *http.Request) {
	if !c.enter() {
		http.Error(w, "closed", http.StatusServiceUnavailable)
		return
	}
	defer c.wg.Done()
	c.events(w, r, func() (string, <-chan struct{}) {
		state, changed := c.state()
		document, err := json.Marshal(state)
		if err != nil {
			return "", changed // plain values cannot fail
		}
		return string(document), changed
	})
}

// events sends what next returns, at once and after every change, until the reader or the carrier goes; "" is nothing
// new.
func (c *Carrier) events(w http.ResponseWriter, r *http.Request, next func() (string, <-chan struct{})) {
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	out.SetWriteDeadline(time.Time{}) // not every server has one
	for {
		document, changed := next()
		if document != "" {
			if _, err := w.Write([]byte("data: " + document + "\n\n")); err != nil {
				return
			}
			if out.Flush() != nil || !c.pause(r.Context(), pageRate) {
				return
			}
		}
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		case <-c.ctx.Done():
			return
		}
	}
}
