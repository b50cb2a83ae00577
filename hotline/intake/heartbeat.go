package intake

import (
	"context"
	"io"
	"net/http"
	"time"

	"go.uber.org/zap"
)

// Heartbeat tells a watchdog outside the house that all is well, for as long as it is: when the house is down, or nobody
// is on duty, the watchdog hears nothing, and alarms. It says nothing but that.
type Heartbeat struct {
	url   string
	every time.Duration
	well  func() bool
	log   *zap.Logger

	client http.Client
}

// HeartbeatEvery is how often a watchdog hears of us.
const HeartbeatEvery = time.Minute

// NewHeartbeat makes one that asks for url while well says yes.
func NewHeartbeat(url string, every time.Duration, well func() bool, log *zap.Logger) *Heartbeat {
	return &Heartbeat{url: url, every: every, well: well, log: log, client: http.Client{Timeout: 10 * time.Second}}
}

// Run goes on until ctx ends. The first beat waits for a while: at a start nothing is known yet.
func (h *Heartbeat) Run(ctx context.Context) error {
	tick := time.NewTicker(h.every)
	defer tick.Stop()
	defer h.client.CloseIdleConnections()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if h.well() {
			h.beat(ctx)
		}
	}
}

// beat asks once. The address is a secret, and the errors of the client quote it.
func (h *Heartbeat) beat(ctx context.Context) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.url, nil)
	if err != nil {
		h.log.Error("the heartbeat's address cannot be asked: mend HOPELINE_HEARTBEAT_URL")
		return
	}
	answer, err := h.client.Do(r)
	if err != nil {
		if ctx.Err() == nil {
			h.log.Warn("the watchdog outside does not answer; it is told again in a minute")
		}
		return
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, 1<<10)
	if answer.StatusCode >= http.StatusBadRequest {
		h.log.Warn("the watchdog outside refuses to be told", zap.Int("status", answer.StatusCode))
	}
}
