package intake

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

func TestTheHeartbeatStopsWithTheHouse(t *testing.T) {
	t.Parallel()
	beats := make(chan string, 100)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case beats <- r.Method + " " + r.URL.Path:
		default: // on a slow machine it beats on before it is stopped, and nobody reads
		}
	}))
	defer s.Close()
	var well atomic.Bool
	core, logs := observer.New(zap.InfoLevel)
	asked := make(chan bool, 1000)
	h := NewHeartbeat(s.URL+"/secret", time.Millisecond, func() bool {
		select {
		case asked <- well.Load():
		default:
		}
		return well.Load()
	}, zap.New(core))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	for range 5 {
		<-asked
	}
	if len(beats) > 0 {
		t.Error("it beat while the house was not well")
	}
	well.Store(true)
	if got := <-beats; got != "GET /secret" {
		t.Errorf("the watchdog was asked %s", got)
	}
	s.CloseClientConnections()
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Run = %v", err)
	}
	for _, entry := range logs.All() {
		if strings.Contains(entry.Message+fmt.Sprint(entry.ContextMap()), "secret") {
			t.Errorf("the log holds the address: %s", entry.Message)
		}
	}
}
