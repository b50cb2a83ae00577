package intake

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
)

// Lister tells what the carrier took in.
type Lister interface {
	// Arrived are the texts to an address of ours.
	Arrived(ctx context.Context, ours hotline.Address, since, before time.Time) ([]hotline.Inbound, error)
	// CallsSince are the calls to a line of ours that began since a moment.
	CallsSince(ctx context.Context, line hotline.Address, since time.Time) ([]hotline.ListedCall, error)
	// Talks tells whether a caller has somebody on the line whom a document of the fallback's dialled.
	Talks(ctx context.Context, sid string) (bool, error)
	// RecordingsSince are all recordings of the account that began since a moment.
	RecordingsSince(ctx context.Context, since time.Time) ([]hotline.ListedRecording, error)
}

// Gap are the times of the gap filler.
type Gap struct {
	Every   time.Duration // between two looks
	Soon    time.Duration // between two looks at calls while the fallback has a caller; zero: as every
	Settled time.Duration // how old a text must be: younger ones may still be on their way to us
}

// DefaultGap looks each minute for what has no webhook, or one that failed.
var DefaultGap = Gap{Every: time.Minute, Soon: 3 * time.Second, Settled: 30 * time.Second}

// overlap is how far each look goes back over what was looked at before: lists lag.
const overlap = 10 * time.Minute

// Filler closes the gap that is left when webhooks fail, because we or the way to us was down: the carrier does not
// tell twice of a text, a call or a voicemail, so we ask. What we have already changes nothing.
type Filler struct {
	desk  *Desk
	from  Lister
	lines []hotline.Address
	gap   Gap
	log   *zap.Logger
}

// NewFiller makes a gap filler for our lines.
func NewFiller(desk *Desk, from Lister, lines []hotline.Address, gap Gap, log *zap.Logger) *Filler {
	return &Filler{desk: desk, from: from, lines: lines, gap: gap, log: log}
}

// Run looks at once, for what came while we were down, and then again and again until ctx ends. Calls go first:
// somebody may be waiting in the fallback's documents.
func (f *Filler) Run(ctx context.Context) error {
	var texts time.Time // when they are looked for next
	waker(nil).rounds(ctx, func() time.Duration {
		elsewhere := false
		f.safely(ctx, func() (err error) { elsewhere, err = f.FillCalls(ctx); return err })
		if now := time.Now(); !now.Before(texts) {
			f.safely(ctx, func() error { return f.Fill(ctx) })
			texts = now.Add(f.gap.Every)
		}
		wait := f.gap.Every
		if elsewhere && f.gap.Soon > 0 {
			wait = f.gap.Soon
		}
		return wait
	})
	return nil
}

// safely keeps a fault in one look from ending the house, and with it every other way in.
func (f *Filler) safely(ctx context.Context, look func() error) {
	defer func() {
		if v := recover(); v != nil {
			f.log.Error("comparing with the carrier's list panicked; it is asked again", zap.String("type", fmt.Sprintf("%T", v)), zap.Stack("stack"))
		}
	}()
	if err := look(); err != nil && ctx.Err() == nil {
		f.log.Warn("the carrier's list could not be compared; it is asked again", zap.Error(err))
	}
}

// The settings that keep until when all was compared. A new house looks at nothing older than itself.
const (
	lookedTexts = "gap_looked"
	lookedCalls = "gap_called"
)

// Fill compares texts once. It remembers how far it came only when every line was read to its end.
func (f *Filler) Fill(ctx context.Context) error {
	now := f.desk.now().UTC()
	since, err := f.since(ctx, lookedTexts, now)
	if err != nil {
		return err
	}
	before := now.Add(-f.gap.Settled)
	if !since.Before(before) {
		return nil
	}
	var failed error // one line or text that fails keeps no other back
	for _, line := range f.lines {
		arrived, err := f.from.Arrived(ctx, line, since, before)
		failed = errors.Join(failed, err)
		for _, in := range arrived {
			failed = errors.Join(failed, f.desk.Receive(ctx, in))
		}
	}
	if failed != nil {
		return failed
	}
	return f.passed(ctx, lookedTexts, before)
}

// since is from when a look begins; the carrier counts in whole seconds.
func (f *Filler) since(ctx context.Context, mark string, now time.Time) (time.Time, error) {
	until, err := f.until(ctx, mark, now)
	if err != nil {
		return time.Time{}, err
	}
	first, err := f.desk.store.Began(ctx)
	if err != nil {
		return time.Time{}, err
	}
	since := until.Add(-overlap)
	if since.Before(first) {
		since = first // nothing is older than the house
	}
	return since.Truncate(time.Second), nil
}

// until is how far a mark came; a new one begins where texts are, or else now.
func (f *Filler) until(ctx context.Context, mark string, now time.Time) (time.Time, error) {
	first := now
	if mark != lookedTexts {
		var err error
		if first, err = f.until(ctx, lookedTexts, now); err != nil {
			return time.Time{}, err
		}
	}
	text, err := f.desk.store.Setting(ctx, mark, func() ([]byte, error) { return []byte(strconv.FormatInt(first.UnixMilli(), 10)), nil })
	if err != nil {
		return time.Time{}, err
	}
	ms, err := strconv.ParseInt(string(text), 10, 64)
	return time.UnixMilli(ms).UTC(), err
}

func (f *Filler) passed(ctx context.Context, mark string, until time.Time) error {
	return f.desk.store.Set(ctx, mark, []byte(strconv.FormatInt(until.UnixMilli(), 10)))
}
