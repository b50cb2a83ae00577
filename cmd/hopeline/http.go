package main

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"hopeline/storage"
	"hopeline/storage/seal"
)

type keySet = *seal.Keys

// publicHandler is what the carrier and browsers reach.
func publicHandler(store *storage.Store, webhooks, console http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/twilio/", webhooks)
	mux.Handle("/healthz", healthy(store))
	mux.Handle("/readyz", healthy(store))
	mux.Handle("/", console)
	return mux
}

// privateHandler is what the operator's tools reach.
func privateHandler(store *storage.Store, registry *prometheus.Registry) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/healthz", healthy(store))
	mux.Handle("/readyz", healthy(store))
	mux.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	return mux
}

// healthy answers 200 while a contact could be kept, and 503 otherwise. It says nothing more to strangers.
func healthy(store *storage.Store) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
		defer cancel()
		w.Header().Set("Cache-Control", "no-store")
		if store.Ready(ctx) != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusOK)
	})
}

// newLog writes one JSON line an event. Fields hold ids and codes, never what somebody said.
func newLog(to io.Writer) *zap.Logger {
	encoder := zap.NewProductionEncoderConfig()
	encoder.EncodeTime = zapcore.ISO8601TimeEncoder
	return zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(encoder), zapcore.Lock(zapcore.AddSync(to)), zap.InfoLevel))
}
