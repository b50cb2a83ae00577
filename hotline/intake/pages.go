package intake

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/storage"
)

// Pages counts the phones of colleagues that are rung. Nothing ever keeps a page back, since somebody waits behind each
// of them; when there are more in an hour than there should be, supervisors are told.
type Pages struct {
	store *storage.Store
	tell  func(hotline.Notice)
	now   func() time.Time
	log   *zap.Logger
	most  int
	rung  *prometheus.CounterVec

	mu   sync.Mutex
	told time.Time // when supervisors were told last; guarded by mu
}

// MostPages is how many phones an hour are no reason for an alarm.
const MostPages = 60

// NewPages makes the counter. Most is how many pages an hour are no reason for an alarm.
func NewPages(store *storage.Store, tell func(hotline.Notice), most int, now func() time.Time, log *zap.Logger, reg prometheus.Registerer) *Pages {
	rung := promauto.With(reg).NewCounterVec(prometheus.CounterOpts{Namespace: "hopeline", Name: "pages_total",
		Help: "Phones of colleagues that the carrier was asked to ring, by what for: call, text."}, []string{"kind"})
	rung.WithLabelValues(storage.PageCall)
	rung.WithLabelValues(storage.PageText)
	return &Pages{store: store, tell: tell, now: now, log: log, most: most, rung: rung}
}

// Rung counts one page, and tells supervisors, at most once an hour, when it is one too many. It counts those of all
// processes.
func (p *Pages) Rung(ctx context.Context, kind string) {
	p.rung.WithLabelValues(kind).Inc()
	now := p.now().UTC()
	p.mu.Lock()
	lately := !p.told.IsZero() && now.Sub(p.told) < time.Hour
	p.mu.Unlock()
	if lately {
		return
	}
	n, err := p.store.Pages(ctx, now.Add(-time.Hour))
	if err != nil || n <= p.most {
		return // the next page counts again
	}
	p.mu.Lock()
	p.told = now
	p.mu.Unlock()
	p.log.Error("phones ring far too often: look at who waits, and at the rota", zap.Int("last_hour", n))
	p.tell(hotline.Alarmed{Kind: hotline.AlarmPages, At: now})
}
