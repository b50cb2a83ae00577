package intake

import (
	"context"
	"errors"
	"slices"
	"sync"
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
	Seen   time.Duration   // how long after her console was last seen somebody still counts as there
	Repeat time.Duration   // after which an alarm that still is so is told again, and a round of phones begins anew
	Grace  time.Duration   // for how long an alarm has to be so before any phone rings for it
	Next   time.Duration   // after which the next supervisor's phone rings for an alarm, when the last one still does
	Shown  time.Duration   // for how long the phone of a supervisor whose page shows it does not ring
	Rounds int             // of phones, at most, for one alarm
	Report rota.Minute     // when the nightly report is told, by the rota's clock
	Late   rota.Minute     // until when, by a house that was down then
}

// DefaultWatching looks twice a minute, tells of a gap three days, a day and two hours ahead, and reports at six in the
// morning.
var DefaultWatching = Watching{Every: 30 * time.Second, Ahead: []time.Duration{72 * time.Hour, 24 * time.Hour, 2 * time.Hour},
	Here: 15 * time.Minute, Seen: 2 * time.Minute, Repeat: 10 * time.Minute, Grace: time.Minute, Next: time.Minute, Shown: 2 * time.Minute, Rounds: 6, Report: 6 * 60, Late: 12 * 60}

// Pager rings the phones of those who have not said that they are there, and those of supervisors.
type Pager interface {
	// PageHere rings somebody's phone for a seat of a line, once for ever. Key 1 says that she is there.
	PageHere(ctx context.Context, u hotline.UserID, line string, seat rota.ShiftID) error
	// PageAlarms is told all that is so now, each time it is looked, and has one phone after the other rung until somebody
	// says by key 1 that she knows of it. Not sure: what is so no more may only not be known.
	PageAlarms(ctx context.Context, so []storage.AlarmCall, sure bool, pace storage.AlarmPace) error
}

// Sightings knows who has a console open.
type Sightings interface {
	// SeenSince gives those who had one open at some moment since then, on any process, and tells whether that is all of
	// them: it is not right after a start.
	SeenSince(ctx context.Context, since time.Time) (seen map[hotline.UserID]bool, all bool)
}

// Watch tells supervisors when nobody in tier 1 can be reached, when that is to come, when somebody is not there for her
// shift, and what the weeks to come leave open. What is so now rings their phones as well. It asks the same plan and the
// same people as the router. Of alarms it remembers what it told, and a house that starts anew tells again; bulletins are
// kept until each supervisor saw them.
type Watch struct {
	store *storage.Store
	lines []hotline.LineID
	seen  Sightings
	pager Pager
	tell  func(hotline.Notice)
	times Watching
	now   func() time.Time
	log   *zap.Logger

	mu   sync.Mutex
	told map[string]time.Time // alarms that stand, and when each was told last; guarded by mu

	kept    map[hotline.BulletinID]bool // bulletins that this process has told of; nil before the first look; Run's own
	counted map[string]string           // days and versions of plans whose gaps are counted, by line; Run's own
	noted   map[string]bool             // zones that were compared; Run's own

	looked atomic.Int64 // when the last look went well, in milliseconds
	alone  atomic.Bool  // some line has nobody now
	gaps   *prometheus.GaugeVec
	open   *prometheus.GaugeVec
}

// NewWatch makes a watch over lines that can be called or texted.
func NewWatch(store *storage.Store, lines []hotline.Address, seen Sightings, pager Pager, tell func(hotline.Notice), times Watching,
	now func() time.Time, log *zap.Logger, r prometheus.Registerer) *Watch {
	f := promauto.With(r)
	w := &Watch{store: store, seen: seen, pager: pager, tell: tell, times: times, now: now, log: log, told: map[string]time.Time{},
		counted: map[string]string{}, noted: map[string]bool{},
		gaps: f.NewGaugeVec(prometheus.GaugeOpts{Name: "hotline_rota_gaps", Help: "Gaps in tier 1 within the next six weeks."}, []string{"line"}),
		open: f.NewGaugeVec(prometheus.GaugeOpts{Name: "hotline_rota_nobody", Help: "1 while nobody in tier 1 can be reached."}, []string{"line"})}
	for _, address := range lines {
		if line := hotline.LineID(address.Line()); !slices.Contains(w.lines, line) {
			w.lines = append(w.lines, line)
		}
	}
	return w
}

// Run watches until ctx ends.
func (w *Watch) Run(ctx context.Context) error {
	waker(nil).rounds(ctx, func() time.Duration {
		if err := w.safely(ctx); err != nil && ctx.Err() == nil {
			w.log.Warn("the rota could not be looked at; it is tried again", zap.Error(err))
		}
		return w.times.Every
	})
	return nil
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
	v, err := w.view(ctx)
	if err != nil {
		return err
	}
	all := w.stand(v)
	for _, s := range all {
		w.alarm(s, v.now)
	}
	w.page(ctx, v)
	w.ring(ctx, v, all)
	w.forget(all)
	w.count(v, all)
	w.alone.Store(slices.ContainsFunc(all, standing.alone))
	w.looked.Store(v.now.UnixMilli())
	return w.bulletins(ctx, v)
}

// Standing are the alarms of the rota that stand now, and the bulletins that a supervisor has not seen: whoever comes
// later sees them too.
func (w *Watch) Standing(ctx context.Context, by hotline.Viewer) ([]hotline.Alarmed, error) {
	if by.Role != hotline.Supervisor {
		return nil, nil
	}
	v, err := w.view(ctx)
	if err != nil {
		return nil, err
	}
	unseen, err := w.store.Bulletins(ctx, by.ID)
	if err != nil {
		return nil, err
	}
	var all []hotline.Alarmed
	for _, s := range append(w.stand(v), resting(v)...) {
		all = append(all, s.at(w.when(s, v.now)))
	}
	for _, b := range unseen {
		if b.Says() {
			all = append(all, b.Alarm())
		}
	}
	return all, nil
}

// Seen keeps that a supervisor has seen a bulletin.
func (w *Watch) Seen(ctx context.Context, by hotline.Viewer, id hotline.BulletinID) error {
	if err := plans(by); err != nil {
		return err
	}
	return w.store.SeeBulletin(ctx, by.ID, id)
}

// standing is something that is so.
type standing struct {
	hotline.Alarmed               // without At: it is so just now
	key             string        // what it is
	again           time.Duration // after which it is told again; 0: it is told once
}

// alone tells whether whoever calls now is left alone: a line has nobody in tier 1.
func (s standing) alone() bool { return s.Kind == hotline.AlarmGap && s.At.IsZero() }

// at is the alarm as it is told at a time.
func (s standing) at(t time.Time) hotline.Alarmed {
	if s.At.IsZero() {
		s.At, s.From = t, t
	}
	return s.Alarmed
}

// when something was told last; now when it was not.
func (w *Watch) when(s standing, now time.Time) time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if last, told := w.told[s.key]; told {
		return last
	}
	return now
}

// alarm tells something, unless it was told less than a while ago.
func (w *Watch) alarm(s standing, now time.Time) {
	w.mu.Lock()
	last, told := w.told[s.key]
	if told && (s.again == 0 || now.Sub(last) < s.again) {
		w.mu.Unlock()
		return
	}
	w.told[s.key] = now
	w.mu.Unlock()
	w.tell(s.at(now))
}

// forget drops what is so no more: when it comes again it is told at once.
func (w *Watch) forget(all []standing) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for key := range w.told {
		if !slices.ContainsFunc(all, func(s standing) bool { return s.key == key }) {
			delete(w.told, key)
		}
	}
}
