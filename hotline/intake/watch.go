package intake

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/routing/rota"
	"hopeline/storage"
)

// Watching are the times of the watch over the rota.
type Watching struct {
	Every  time.Duration   // between two looks
	Ahead  []time.Duration // how long before a gap it is told of, the longest first
	Here   time.Duration   // how long before a shift its people should be there
	Repeat time.Duration   // after which an alarm that still is so is told again
}

// DefaultWatching looks twice a minute, and tells of a gap three days, a day and two hours ahead.
var DefaultWatching = Watching{Every: 30 * time.Second, Ahead: []time.Duration{72 * time.Hour, 24 * time.Hour, 2 * time.Hour},
	Here: 15 * time.Minute, Repeat: 10 * time.Minute}

// Watch tells supervisors when nobody in tier 1 can be reached, when that is to come, and when somebody is not there for
// her shift. It asks the same plan as the router, and it remembers what it told: a house that starts anew tells again.
type Watch struct {
	store *storage.Store
	tell  func(hotline.Notice)
	times Watching
	now   func() time.Time
	log   *zap.Logger

	told   map[string]time.Time // alarms, by what they are about; Run's own
	nights string               // the day of the last report; Run's own
	looked atomic.Int64         // when the last look went well, in milliseconds
	alone  atomic.Bool          // some line has nobody now
	gaps   *prometheus.GaugeVec
	open   *prometheus.GaugeVec
}

// NewWatch makes a watch.
func NewWatch(store *storage.Store, tell func(hotline.Notice), times Watching, now func() time.Time, log *zap.Logger, r prometheus.Registerer) *Watch {
	f := promauto.With(r)
	return &Watch{store: store, tell: tell, times: times, now: now, log: log, told: map[string]time.Time{},
		gaps: f.NewGaugeVec(prometheus.GaugeOpts{Name: "hotline_rota_gaps", Help: "Gaps in tier 1 within the next six weeks."}, []string{"line"}),
		open: f.NewGaugeVec(prometheus.GaugeOpts{Name: "hotline_rota_nobody", Help: "1 while nobody in tier 1 can be reached."}, []string{"line"})}
}

// Run watches until ctx ends.
func (w *Watch) Run(ctx context.Context) error {
	tick := time.NewTicker(w.times.Every)
	defer tick.Stop()
	for {
		if err := w.safely(ctx); err != nil && ctx.Err() == nil {
			w.log.Warn("the rota could not be looked at; it is tried again", zap.Error(err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// safely keeps a fault in one look from ending the house.
func (w *Watch) safely(ctx context.Context) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("a fault in the program")
		}
	}()
	return w.Look(ctx)
}

// Well tells whether the last look is not long ago, and found somebody in tier 1 of every line. An outside watchdog is
// told only then.
func (w *Watch) Well() bool {
	last := time.UnixMilli(w.looked.Load())
	return !w.alone.Load() && w.now().Sub(last) <= 3*w.times.Every
}

// Look looks once.
func (w *Watch) Look(ctx context.Context) error {
	roster, err := w.store.Roster(ctx)
	if err != nil {
		return err
	}
	staff, err := w.store.Staff(ctx)
	if err != nil {
		return err
	}
	now := w.now().UTC()
	said, err := w.store.Attendance(ctx, now, now.Add(w.times.Here))
	if err != nil {
		return err
	}
	alone := false
	for _, p := range roster.Plans {
		if w.nobody(roster, p, staff, now) {
			alone = true
		}
		w.ahead(p, staff, now)
		w.missing(roster, p, staff, said, now)
	}
	w.nightly(roster, staff, now)
	w.forget(now)
	w.alone.Store(alone)
	w.looked.Store(now.UnixMilli())
	return nil
}

// alarm tells something, unless it was told less than a while ago; 0: ever.
func (w *Watch) alarm(key string, again time.Duration, now time.Time, a hotline.Alarmed) {
	if last, ok := w.told[key]; ok && (again == 0 || now.Sub(last) < again) {
		return
	}
	w.told[key] = now
	a.At = now
	w.tell(a)
}

// forget drops what nobody is told again.
func (w *Watch) forget(now time.Time) {
	for key, at := range w.told {
		if now.Sub(at) > 5*24*time.Hour {
			delete(w.told, key)
		}
	}
}

// reachable tells whether somebody can be shown or rung anything.
func reachable(u hotline.User) bool {
	return u.State == hotline.Available || u.Phone != "" && u.State != hotline.Away
}

// nobody looks whether whoever calls now is left alone.
func (w *Watch) nobody(roster storage.Roster, p storage.Plan, staff []hotline.User, now time.Time) bool {
	for _, t := range onDutyNow(roster, []storage.Plan{p}, staff, now) {
		if t.Tier != 1 {
			continue
		}
		key := "now " + p.Line
		if t.Closed || slices.ContainsFunc(t.Users, reachable) {
			delete(w.told, key)
			w.open.WithLabelValues(p.Line).Set(0)
			return false
		}
		w.open.WithLabelValues(p.Line).Set(1)
		w.alarm(key, w.times.Repeat, now, hotline.Alarmed{Kind: hotline.AlarmGap, Line: hotline.LineID(p.Line), From: now, To: t.Until})
		return true
	}
	return false
}

// ahead tells of gaps that are to come, each once at every distance.
func (w *Watch) ahead(p storage.Plan, staff []hotline.User, now time.Time) {
	if len(w.times.Ahead) == 0 {
		return
	}
	bare := p.Plan
	bare.Limits = rota.Limits{Phone: p.Limits.Phone}
	for _, f := range rota.Coverage(bare, now, now.Add(w.times.Ahead[0]), known(staff)) {
		if f.Kind != rota.Gap || !f.From.After(now) {
			continue
		}
		nearest := 0
		for i, d := range w.times.Ahead {
			if f.From.Sub(now) <= d {
				nearest = i
			}
		}
		key := "ahead " + p.Line + " " + f.From.Format(time.RFC3339) + " " + w.times.Ahead[nearest].String()
		w.alarm(key, 0, now, hotline.Alarmed{Kind: hotline.AlarmGap, Line: hotline.LineID(p.Line), From: f.From, To: f.To})
	}
}

// missing tells of people whose shift begins, and who neither checked in nor are available. Whoever goes on from another
// shift is there already; whoever cannot just now said so.
func (w *Watch) missing(roster storage.Roster, p storage.Plan, staff []hotline.User, said storage.Attendance, now time.Time) {
	near := rota.Stretches(p, now.Add(-24*time.Hour), now.Add(w.times.Here+time.Second))
	for _, s := range near {
		u := hotline.UserID(s.User)
		begins := !s.Shadow && s.Start.Sub(now) <= w.times.Here && now.Sub(s.Start) <= w.times.Here && s.End.After(now)
		goesOn := slices.ContainsFunc(near, func(other rota.Stretch) bool { return other.User == s.User && other.End.Equal(s.Start) })
		i := slices.IndexFunc(staff, func(x hotline.User) bool { return x.ID == u })
		if !begins || goesOn || i < 0 || !canAnswer(staff[i]) || roster.Resting(u, now) {
			continue
		}
		if staff[i].State != hotline.Available && said.Of(s.ID, u) != hotline.SeatHere {
			w.alarm("here "+s.ID.String()+" "+s.User, 0, now, hotline.Alarmed{Kind: hotline.AlarmNotHere, User: u, Line: hotline.LineID(p.Line), From: s.Start, To: s.End})
		}
	}
}

// nightly counts, once a day and at the start, what the weeks to come leave open.
func (w *Watch) nightly(roster storage.Roster, staff []hotline.User, now time.Time) {
	today := now.Format(time.DateOnly)
	if w.nights == today {
		return
	}
	w.nights = today
	for _, p := range roster.Plans {
		gaps, warnings := 0, 0
		for _, f := range rota.Coverage(p, now, now.Add(promised), known(staff)) {
			if f.Kind == rota.Gap {
				gaps++
			} else {
				warnings++
			}
		}
		w.gaps.WithLabelValues(p.Line).Set(float64(gaps))
		w.log.Info("what the rota leaves open in six weeks", zap.String("line", p.Line), zap.Int("gaps", gaps), zap.Int("warnings", warnings))
	}
}
