package intake

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
)

const (
	// longestMaking is how long a recording may be in the making. One that never ends is not waited for.
	longestMaking = time.Hour
	// longestRinging is how long a call may be neither answered nor over.
	longestRinging = 5 * time.Minute
)

// FillCalls compares calls and recordings once. Elsewhere: the fallback has a caller who cannot be taken out of it yet,
// because she talks there, or leaves a message; look again soon.
func (f *Filler) FillCalls(ctx context.Context) (elsewhere bool, err error) {
	now := f.desk.now().UTC()
	since, err := f.since(ctx, lookedCalls, now)
	if err != nil {
		return false, err
	}
	until := now // of what is not decided the next look has to know again
	recordings, failed := f.from.RecordingsSince(ctx, since)
	speaks := map[string]bool{}
	for _, r := range recordings {
		if r.Making && now.Sub(r.At) < longestMaking {
			speaks[r.CallSID] = true
			until = earlier(until, r.At)
		}
	}
	for _, line := range f.lines {
		if line.Channel() != hotline.SMS {
			continue // it is texted, not called
		}
		calls, err := f.from.CallsSince(ctx, line, since)
		failed = errors.Join(failed, err)
		for _, c := range calls {
			decided, err := f.call(ctx, c, speaks[c.SID], now)
			failed = errors.Join(failed, err)
			if !decided {
				elsewhere, until = true, earlier(until, c.At)
			}
		}
	}
	for _, r := range recordings {
		failed = errors.Join(failed, f.recording(ctx, r))
	}
	if failed != nil {
		return elsewhere, failed
	}
	return elsewhere, f.passed(ctx, lookedCalls, until)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// call keeps a call that nobody here knows: as missed when it is over, else as somebody who waits. Whoever talks with a
// colleague whom the fallback rang, or speaks her message, is left in peace until then: not decided.
func (f *Filler) call(ctx context.Context, c hotline.ListedCall, speaks bool, now time.Time) (decided bool, err error) {
	if known, err := f.desk.store.KnowsCall(ctx, c.SID); err != nil || known {
		return known, err
	}
	switch {
	case c.State == hotline.LegOver, c.State != hotline.LegUp && now.Sub(c.At) > longestRinging:
		return true, f.desk.store.MissedCall(ctx, c.IncomingCall)
	case c.State != hotline.LegUp, speaks:
		return false, nil // her own webhook is on its way
	}
	if talks, err := f.from.Talks(ctx, c.SID); err != nil || talks {
		return false, err
	}
	f.log.Warn("a caller is in the fallback's documents; she is brought here")
	return true, f.desk.store.FoundCall(ctx, c.IncomingCall)
}

// recording keeps a voicemail of a caller of ours. Any other recording of our calls and rooms is an alarm, and is
// deleted. What was made on numbers that are not ours is somebody else's.
func (f *Filler) recording(ctx context.Context, r hotline.ListedRecording) error {
	if r.Making {
		return nil
	}
	if id, _, ok := hotline.RoomOf(r.Room); ok {
		if _, err := f.desk.store.Look(ctx, id); !errors.Is(err, hotline.ErrNotFound) {
			f.log.Error("a talk was recorded, which nobody asked for; the recording is deleted", zap.String("contact", string(id)))
			return errors.Join(err, f.desk.store.RoomRecorded(ctx, id, r.SID))
		}
	}
	known, err := f.desk.store.KnowsCall(ctx, r.CallSID)
	switch {
	case err != nil || !known:
		return err
	case r.Empty:
		return f.desk.store.Trace(ctx, hotline.Trace{Kind: hotline.RecordingTrace, SID: r.SID})
	case !r.Voicemail:
		f.log.Error("a leg was recorded, which nobody asked for; the recording is deleted")
	}
	return f.desk.Recorded(ctx, r.Recording)
}
