package fallback

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"go.uber.org/zap"
)

// Signer tells whether the carrier made a request, whose body was read into body.
type Signer interface {
	Valid(r *http.Request, body []byte) bool
}

// Config is what a host needs.
type Config struct {
	Own    *url.URL // its address as the carrier knows it, which stands in the documents
	Signer Signer
	Token  string // lets the house push, and opens the file; at least 32 characters
	File   string // where the plan is kept
	Now    func() time.Time
	Log    *zap.Logger
}

// TokenLength is the least length of a token.
const TokenLength = 32

const (
	mostForm = 256 << 10
	mostPlan = 4 << 20
)

// Host answers the carrier in place of the house. It is an http.Handler, safe for concurrent use.
//
//	POST /voice …   a call, and its further documents; signed by the carrier, else 403
//	POST /message   a text: an empty document, since the carrier keeps it; signed likewise
//	PUT  /plan      a new plan; "Authorization: Bearer TOKEN", else 401; 204, 400 with what is wrong, 409 when it is older
//	GET  /plan/digest   the digest of the plan that holds; with the token; 404 before the first
//	GET  /healthz   200
type Host struct {
	cfg   Config
	vault vault
	mux   *http.ServeMux

	mu   sync.Mutex // guards plan, and the file
	plan Plan
}

// NewHost opens a host with the plan of its file. A file that does not open, or is damaged, is no reason to stay away
// from the telephone: the log says so, and the host goes without a plan until the next push. The error is about the
// configuration.
func NewHost(cfg Config) (*Host, error) {
	if len(cfg.Token) < TokenLength {
		return nil, errors.New("the token has less than 32 characters: make a long random one, and give it to both sides")
	}
	h := &Host{cfg: cfg, vault: vault{path: cfg.File, token: cfg.Token}, mux: http.NewServeMux()}
	text, err := h.vault.read()
	if err == nil && text != nil {
		err = json.Unmarshal(text, &h.plan)
	}
	if err != nil {
		cfg.Log.Error("the plan cannot be read; until the next push calls are led to a message", zap.Error(err))
	}
	h.mux.HandleFunc("PUT /plan", h.push)
	h.mux.HandleFunc("GET /plan/digest", h.digest)
	h.mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	for path, serve := range map[string]func(http.ResponseWriter, call){
		"/voice": h.greet, "/voice/next": h.next, "/voice/ask": h.ask, "/voice/key": h.key, "/voice/end": h.end, "/message": h.text,
	} {
		h.mux.HandleFunc("POST "+path, h.signed(serve))
	}
	return h, nil
}

// ServeHTTP serves the carrier and the house.
func (h *Host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	h.mux.ServeHTTP(w, r)
}

// now is the plan that holds.
func (h *Host) now() Plan {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.plan
}

// signed lets only the carrier in.
func (h *Host) signed(serve func(http.ResponseWriter, call)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostForm))
		if err != nil {
			refuse(w, http.StatusRequestEntityTooLarge)
			return
		}
		if !h.cfg.Signer.Valid(r, body) {
			refuse(w, http.StatusForbidden)
			return
		}
		form, _ := url.ParseQuery(string(body)) // what can be read of it; nobody is turned away for the rest
		serve(w, call{form: form, query: r.URL.Query(), plan: h.now(), at: h.cfg.Now().UTC(), own: h.cfg.Own})
	}
}

// refuse answers without a word: a text would be read aloud to a caller.
func refuse(w http.ResponseWriter, status int) { w.WriteHeader(status) }

// allowed tells whether the house asks.
func (h *Host) allowed(r *http.Request) bool {
	given, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	got, want := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(h.cfg.Token))
	return subtle.ConstantTimeCompare(got[:], want[:]) == 1 && bearer
}

func (h *Host) push(w http.ResponseWriter, r *http.Request) {
	if !h.allowed(r) {
		refuse(w, http.StatusUnauthorized)
		return
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostPlan))
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge)
		return
	}
	var p Plan
	d := json.NewDecoder(bytes.NewReader(text))
	if d.Decode(&p) != nil || p.Made.IsZero() {
		http.Error(w, "this is not a plan", http.StatusBadRequest)
		return
	}
	if err := p.Check(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	h.keep(w, p, text)
}

// fastClock is how far the house's clock may be ahead of ours.
const fastClock = 5 * time.Minute

// keep writes a plan and lets it hold. A plan that cannot be written holds all the same, and the house is told to push
// it again.
func (h *Host) keep(w http.ResponseWriter, p Plan, text []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	latest := h.cfg.Now().Add(fastClock)
	if p.Made.After(latest) {
		http.Error(w, "this plan was made in the future: a clock is wrong", http.StatusBadRequest)
		return
	}
	if p.Made.Before(h.plan.Made) && !h.plan.Made.After(latest) {
		http.Error(w, "this plan is older than the one that holds", http.StatusConflict)
		return
	}
	fresh := p.Digest() != h.plan.Digest()
	h.plan = p
	if err := h.vault.write(text); err != nil {
		h.cfg.Log.Error("the plan holds, but not over a restart", zap.Error(err))
		http.Error(w, "the plan holds, but could not be written", http.StatusInternalServerError)
		return
	}
	if fresh {
		h.cfg.Log.Info("a new plan holds", zap.Int("lines", len(p.Lines)), zap.Int("duties", p.people()))
	}
	w.WriteHeader(http.StatusNoContent)
}

func (h *Host) digest(w http.ResponseWriter, r *http.Request) {
	p := h.now()
	switch {
	case !h.allowed(r):
		refuse(w, http.StatusUnauthorized)
	case p.Made.IsZero():
		refuse(w, http.StatusNotFound)
	default:
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]any{"digest": p.Digest(), "made": p.Made.UTC()})
	}
}
