package routing

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// figures are for the operator. No id is a label.
type figures struct {
	waiting, longest, degraded prometheus.Gauge
	made, refused, failed      prometheus.Counter
	laps, rebuilds, repairs    prometheus.Counter
}

func newFigures(reg prometheus.Registerer) *figures {
	f := promauto.With(reg)
	gauge := func(name, help string) prometheus.Gauge {
		return f.NewGauge(prometheus.GaugeOpts{Namespace: "hopeline", Subsystem: "routing", Name: name, Help: help})
	}
	counter := func(name, help string) prometheus.Counter {
		return f.NewCounter(prometheus.CounterOpts{Namespace: "hopeline", Subsystem: "routing", Name: name, Help: help})
	}
	offers := f.NewCounterVec(prometheus.CounterOpts{Namespace: "hopeline", Subsystem: "routing", Name: "offers_total",
		Help: "Offers by what SQL said: made, refused (the picture was old), failed (SQL did not answer)."}, []string{"result"})
	return &figures{
		waiting:  gauge("waiting", "Contacts for which somebody is to be asked, or that rest."),
		longest:  gauge("longest_wait_seconds", "How long the longest of them has waited."),
		degraded: gauge("degraded", "1 while Redis is away and contacts are matched from SQL."),
		made:     offers.WithLabelValues("made"), refused: offers.WithLabelValues("refused"), failed: offers.WithLabelValues("failed"),
		laps:     counter("laps_total", "Times that everybody who could be asked for a contact had been asked."),
		rebuilds: counter("rebuilds_total", "Times that the index was built anew from SQL."),
		repairs:  counter("repairs_total", "Contacts and users that the comparison with SQL put right."),
	}
}

func (f *figures) queue(waiting int64, oldest time.Time, now time.Time) {
	f.waiting.Set(float64(waiting))
	if waiting == 0 {
		oldest = now
	}
	f.longest.Set(max(now.Sub(oldest).Seconds(), 0))
}
