package intake

import (
	"context"
	"errors"
	"strconv"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
)

// Lister tells what the carrier took in for an address of ours.
type Lister interface {
	Arrived(ctx context.Context, ours hotline.Address, since, before time.Time) ([]hotline.Inbound, error)
}

// Gap are the times of the gap filler.
type Gap struct {
	Every   time.Duration // between two looks
	Settled time.Duration // how old a text must be: younger ones may still be on their way to us
}

// DefaultGap looks each minute for texts whose webhook must have come or failed.
var DefaultGap = Gap{Every: time.Minute, Settled: 30 * time.Second}

// overlap is how far each look goes back over what was looked at before: lists lag.
const overlap = 10 * time.Minute

// Filler closes the gap that is left when webhooks fail, because we or the way to us was down: the carrier does not
// tell twice of a text, so we ask. What we have already changes nothing.
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

// Run looks at once, for what came while we were down, and then again and again until ctx ends.
func (f *Filler) Run(ctx context.Context) error {
	tick := time.NewTicker(f.gap.Every)
	defer tick.Stop()
	for {
		if err := f.safely(ctx); err != nil && !errors.Is(ctx.Err(), context.Canceled) {
			f.log.Warn("the carrier's list could not be compared; it is asked again", zap.Error(err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// safely keeps a fault in one look from ending the house, and with it every other way in.
func (f *Filler) safely(ctx context.Context) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("a fault in the program")
		}
	}()
	return f.Fill(ctx)
}

// looked names the setting that keeps until when all was compared. A new house looks at nothing older than itself.
const looked = "gap_looked"

// Fill compares once. It remembers how far it came only when every line was read to its end.
func (f *Filler) Fill(ctx context.Context) error {
	now := f.desk.now().UTC()
	text, err := f.desk.store.Setting(ctx, looked, func() ([]byte, error) { return []byte(strconv.FormatInt(now.UnixMilli(), 10)), nil })
	if err != nil {
		return err
	}
	ms, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		return err
	}
	since, before := time.UnixMilli(ms).UTC(), now.Add(-f.gap.Settled)
	first, err := f.desk.store.Began(ctx)
	if err != nil {
		return err
	}
	if since = since.Add(-overlap); since.Before(first) {
		since = first // nothing is older than the house
	}
	if !since.Before(before) {
		return nil
	}
	var failed error // one line or text that fails keeps no other back
	for _, line := range f.lines {
		arrived, err := f.from.Arrived(ctx, line, since.Truncate(time.Second), before)
		failed = errors.Join(failed, err)
		for _, in := range arrived {
			failed = errors.Join(failed, f.desk.Receive(ctx, in))
		}
	}
	if failed != nil {
		return failed
	}
	return f.desk.store.Set(ctx, looked, []byte(strconv.FormatInt(before.UnixMilli(), 10)))
}
