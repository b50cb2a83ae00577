package console

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"go.uber.org/zap"
)

// maxBody is more than any question of a page over HTTP needs.
const maxBody = 64 << 10

// Handler answers /ws, everything under /api/, and gives the rest to the page.
func (k *Console) Handler() http.Handler {
	cross := http.NewCrossOriginProtection()
	if err := cross.AddTrustedOrigin(k.origin); err != nil {
		k.log.Error("the public address is no origin; browsers will be refused", zap.Error(err))
	}
	cross.SetDenyHandler(http.HandlerFunc(refuseOrigin))
	api := http.NewServeMux()
	for path, a := range k.api() {
		api.Handle(path, only(a.method, a.serve))
	}
	api.HandleFunc("/api/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusNotFound, "not_found", "There is nothing here.")
	})
	mux := http.NewServeMux()
	mux.Handle("/api/", k.sameOrigin(cross.Handler(api)))
	mux.Handle("/ws", only(http.MethodGet, k.connect))
	mux.HandleFunc("GET /calendar/{file}", k.calendar)
	mux.Handle("/", k.parts.Page)
	return k.secured(mux)
}

// secured sets what every answer carries, unless the page sets its own. Nothing may be kept by a shared computer.
func (k *Console) secured(next http.Handler) http.Handler {
	fixed := map[string]string{
		"Cache-Control":                "no-store",
		"Content-Security-Policy":      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
		"Referrer-Policy":              "no-referrer",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
	}
	if k.cfg.Public.Scheme == "https" {
		fixed["Strict-Transport-Security"] = "max-age=31536000"
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range fixed {
			w.Header().Set(name, value)
		}
		next.ServeHTTP(w, r)
	})
}

// originOf is the origin that a browser at the public address sends.
func originOf(public *url.URL) string {
	host := strings.ToLower(public.Host)
	switch scheme := strings.ToLower(public.Scheme); scheme {
	case "https":
		return scheme + "://" + strings.TrimSuffix(host, ":443")
	default:
		return scheme + "://" + strings.TrimSuffix(host, ":80")
	}
}

// ours tells whether the one Origin of a request is the public address. The Host header is a stranger's word and counts
// for nothing.
func (k *Console) ours(r *http.Request) bool {
	origins := r.Header.Values("Origin")
	return len(origins) == 1 && origins[0] == k.origin
}

// sameOrigin refuses what another site's page sends. A program that is no browser sends no Origin and may go on.
func (k *Console) sameOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.Header.Values("Origin")) > 0 && !k.ours(r) {
			refuseOrigin(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func refuseOrigin(w http.ResponseWriter, _ *http.Request) {
	refuse(w, http.StatusForbidden, "forbidden", "This page belongs to another address. Open the console at its own.")
}

func only(method string, serve http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != method {
			w.Header().Set("Allow", method)
			refuse(w, http.StatusMethodNotAllowed, "invalid", "This address takes another method.")
			return
		}
		serve(w, r)
	})
}

// write answers with JSON. An error of the line is the other side gone.
func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(encode(body))
}

func refuse(w http.ResponseWriter, status int, code, words string) {
	write(w, status, map[string]Refusal{"error": {Code: code, Message: words}})
}

// fail answers with what an error says, by the one table.
func (k *Console) fail(w http.ResponseWriter, err error) {
	code, status, words := answerOf(err)
	if !expected(err) {
		k.log.Error("a request failed", zap.String("cause", cause(err)))
	}
	refuse(w, status, code, words)
}

// read takes the JSON body of a request, and answers itself when there is none that fits.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, "invalid", "Send JSON.")
		return false
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		refuse(w, http.StatusRequestEntityTooLarge, "invalid", "That is too long.")
	case err != nil || json.Unmarshal(raw, into) != nil:
		refuse(w, http.StatusBadRequest, "invalid", "That is not the JSON that is wanted here.")
	default:
		return true
	}
	return false
}
