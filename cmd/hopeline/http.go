package main

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"hopeline/storage"
)

// publicHandler is what the carrier and browsers reach.
func publicHandler(ready, webhooks, phones, console http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/twilio/", webhooks)
	if phones != nil {
		mux.Handle("/api/phone/", phones)
	}
	mux.HandleFunc("/healthz", alive)
	mux.Handle("/readyz", ready)
	mux.Handle("/", console)
	return mux
}

// privateHandler is what the operator's tools reach.
func privateHandler(ready http.Handler, registry *prometheus.Registry) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", alive)
	mux.Handle("/readyz", ready)
	mux.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	return mux
}

// alive answers 200 as long as the process answers at all: a database that is away is no reason to end it, consoles and
// all.
func alive(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
}

// readiness answers 200 while a contact could be kept, and 503 otherwise. It says nothing more, and writes at most once a
// second however often strangers ask.
type readiness struct {
	store *storage.Store

	mu   sync.Mutex // guards all below
	at   time.Time
	last error
}

func (r *readiness) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if r.ask() != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}

func (r *readiness) ask() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.at) < time.Second && !r.at.IsZero() {
		return r.last
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	r.last = r.store.Ready(ctx)
	r.at = time.Now()
	return r.last
}

// newLog writes one JSON line an event. Fields hold ids and codes, never what somebody said.
func newLog(to io.Writer) *zap.Logger {
	encoder := zap.NewProductionEncoderConfig()
	encoder.EncodeTime = zapcore.ISO8601TimeEncoder
	return zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(encoder), zapcore.Lock(zapcore.AddSync(to)), zap.InfoLevel))
}
