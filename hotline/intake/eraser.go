package intake

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/storage"
)

// Shelf is what the carrier keeps of those who reached us.
type Shelf interface {
	// Erase deletes something there. What is not there is done; hotline.ErrConflict: it still goes on;
	// hotline.ErrInvalid: it never can be named.
	Erase(ctx context.Context, t hotline.Trace) error
	// Traces are what it has of our lines, made since one moment and before another.
	Traces(ctx context.Context, lines []hotline.Address, since, before time.Time) ([]hotline.Trace, error)
}

// Erasing are the times of the eraser.
type Erasing struct {
	After   time.Duration // how long after it is on our disk something is deleted at the carrier
	Pace    time.Duration // between two deletions: people's texts come first
	Try     time.Duration // how long one request may take
	Again   time.Duration // how long what could not be deleted rests; each next time twice as long
	Longest time.Duration // but never longer than this
	Look    time.Duration // the longest that the eraser sleeps
	Late    time.Duration // how long something may be due before it counts as left over
	List    time.Duration // between two looks for what was forgotten
}

// DefaultErasing keeps a day at the carrier: so long the gap filler, or a human at the carrier's own console, can still
// find what a fault here lost.
var DefaultErasing = Erasing{After: 24 * time.Hour, Pace: 100 * time.Millisecond, Try: 10 * time.Second, Again: time.Minute, Longest: 6 * time.Hour,
	Look: time.Minute, Late: time.Hour, List: 24 * time.Hour}

// tracesAtOnce is how many deletions are claimed at one time, and gatherAtOnce how many rows are gone through.
const (
	tracesAtOnce = 20
	gatherAtOnce = 500
)

// Eraser deletes messages, calls and recordings at the carrier, a day after they are on our disk: what lies there can be
// read there. It goes by the disk, so a house that dies in the middle does the step again; and once a day it asks the
// carrier for what is there all the same.
type Eraser struct {
	store *storage.Store
	shelf Shelf
	lines []hotline.Address
	times Erasing
	now   func() time.Time
	log   *zap.Logger
	waker
	strange int // found at the carrier last, of our lines, and unknown here

	left       prometheus.Gauge
	unexpected prometheus.Counter
}

// NewEraser makes an eraser for our lines. Its figures are hotline_leftovers, which should be 0, and
// hotline_unexpected_recordings_total.
func NewEraser(store *storage.Store, shelf Shelf, lines []hotline.Address, times Erasing, now func() time.Time, log *zap.Logger, reg prometheus.Registerer) *Eraser {
	return &Eraser{store: store, shelf: shelf, lines: lines, times: times, now: now, log: log, waker: newWaker(),
		left: promauto.With(reg).NewGauge(prometheus.GaugeOpts{
			Name: "hotline_leftovers",
			Help: "What the carrier has of our lines although it should be deleted there.",
		}),
		unexpected: promauto.With(reg).NewCounter(prometheus.CounterOpts{
			Name: "hotline_unexpected_recordings_total",
			Help: "Recordings that the carrier made and nobody asked for; each is deleted.",
		})}
}

// Tell counts what should never have been recorded, and has it deleted at once.
func (e *Eraser) Tell(n hotline.Notice) {
	if _, ok := n.(hotline.Unexpected); ok {
		e.unexpected.Inc()
		e.Wake()
	}
}

// Run works until ctx ends. A deletion that is under way then is made again after the next start.
func (e *Eraser) Run(ctx context.Context) error {
	e.rounds(ctx, func() time.Duration { return e.safely(ctx) })
	return nil
}

// safely makes a round, and tells how long to sleep.
func (e *Eraser) safely(ctx context.Context) (sleep time.Duration) {
	defer func() {
		if recover() != nil {
			e.log.Error("deleting at the carrier panicked; it is done again")
			sleep = e.times.Look
		}
	}()
	if err := e.Round(ctx); err != nil && ctx.Err() == nil {
		e.log.Warn("what should be deleted at the carrier is still there; it is tried again", zap.Error(err))
		return e.times.Look
	}
	next, err := e.store.NextTrace(ctx)
	if err != nil {
		return e.times.Look
	}
	return until(next, e.now(), 50*time.Millisecond, e.times.Look)
}

// Round deletes all that is due, looks once a day for what was forgotten, and sets the figure.
func (e *Eraser) Round(ctx context.Context) error {
	failed := e.gather(ctx)
	failed = errors.Join(failed, e.nightly(ctx))
	for more := true; more && failed == nil && ctx.Err() == nil; {
		more, failed = e.some(ctx)
	}
	late, err := e.store.OverdueTraces(ctx, e.now().Add(-e.times.Late))
	if err == nil {
		e.left.Set(float64(late + e.strange))
	}
	return errors.Join(failed, err)
}

// gather notes what is old enough, as far as the gap filler has come: what it did not compare yet may be needed.
func (e *Eraser) gather(ctx context.Context) error {
	before := e.now().Add(-e.times.After)
	for _, mark := range []string{lookedTexts, lookedCalls} {
		until, err := e.mark(ctx, mark, func() ([]byte, error) { return nil, errNotYet })
		if errors.Is(err, errNotYet) {
			return nil
		}
		if err != nil {
			return err
		}
		before = earlier(before, until)
	}
	for more := true; more && ctx.Err() == nil; {
		var err error
		if more, err = e.store.GatherTraces(ctx, before, gatherAtOnce); err != nil {
			return err
		}
	}
	return nil
}

// errNotYet is a mark that is not there yet.
var errNotYet = errors.New("nothing was compared yet")

// mark reads a time that a part of the house came to, which make gives when it never began.
func (e *Eraser) mark(ctx context.Context, name string, make func() ([]byte, error)) (time.Time, error) {
	text, err := e.store.Setting(ctx, name, make)
	if err != nil {
		return time.Time{}, err
	}
	ms, err := strconv.ParseInt(string(text), 10, 64)
	return time.UnixMilli(ms), err
}

// listed names the setting that keeps when the carrier was asked last for what was forgotten.
const listed = "leftovers_listed"

// nightly asks the carrier for what it still has. What is ours is deleted; what nobody here knows is counted, and left
// to a human.
func (e *Eraser) nightly(ctx context.Context) error {
	now := e.now()
	stamp := []byte(strconv.FormatInt(now.UnixMilli(), 10))
	last, err := e.mark(ctx, listed, func() ([]byte, error) { return stamp, nil })
	if err != nil || now.Sub(last) < e.times.List {
		return err
	}
	began, err := e.store.Began(ctx)
	if err != nil {
		return err
	}
	found, err := e.shelf.Traces(ctx, e.lines, began, now.Add(-e.times.After-e.times.Late))
	if err != nil {
		return err
	}
	ours, strange, err := e.store.Leftovers(ctx, found)
	if err != nil {
		return err
	}
	if e.strange = strange; ours+strange > 0 {
		e.log.Warn("the carrier had what should be deleted", zap.Int("ours", ours), zap.Int("unknown", strange))
	}
	return e.store.Set(ctx, listed, stamp)
}

// failuresMost is how many deletions fail in a row until the carrier counts as away.
const failuresMost = 3

// some deletes what is due, up to a number, and tells whether there may be more. One that fails is put off; when several
// do in a row the carrier is away, and the rest waits too.
func (e *Eraser) some(ctx context.Context) (more bool, err error) {
	due, err := e.store.ClaimTraces(ctx, tracesAtOnce, tracesAtOnce*(e.times.Try+e.times.Pace))
	if err != nil {
		return false, err
	}
	gone, failures, away := []storage.TraceDue{}, 0, error(nil)
	settle := context.WithoutCancel(ctx)
	for _, d := range due {
		bad := away
		if bad == nil {
			bad = e.erase(ctx, d)
		}
		switch {
		case bad == nil:
			gone, failures = append(gone, d), 0
			continue
		case !errors.Is(bad, hotline.ErrConflict):
			failures++
		}
		if failures >= failuresMost || ctx.Err() != nil {
			away = bad
		}
		err = errors.Join(err, e.store.PostponeTrace(settle, d, e.rest(d.Tries)))
	}
	return len(due) == tracesAtOnce, errors.Join(err, away, e.store.ErasedTraces(settle, gone))
}

var errFault = errors.New("a fault in the program")

// erase deletes one at the carrier, in its turn.
func (e *Eraser) erase(ctx context.Context, d storage.TraceDue) (err error) {
	defer func() {
		if v := recover(); v != nil {
			e.log.Error("deleting something at the carrier panicked; it is done again", zap.String("kind", string(d.Kind)), zap.Stack("stack"))
			err = errFault
		}
	}()
	pace := time.NewTimer(e.times.Pace)
	defer pace.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-pace.C:
	}
	try, cancel := context.WithTimeout(ctx, e.times.Try)
	defer cancel()
	err = e.shelf.Erase(try, d.Trace)
	if errors.Is(err, hotline.ErrInvalid) {
		e.log.Warn("an id of the carrier's names nothing; it is not deleted there", zap.String("kind", string(d.Kind)))
		return nil
	}
	return err
}

// rest is how long a trace rests after it failed for the nth time.
func (e *Eraser) rest(tries int) time.Duration {
	return min(e.times.Again<<min(max(tries-1, 0), 20), e.times.Longest)
}
