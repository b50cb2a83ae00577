package intake

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/storage"
)

// Depot is where files lie until they are here: the carrier.
type Depot interface {
	// FetchMedia brings a file, and the type that the carrier says it has. hotline.ErrInvalid: it never can be fetched;
	// hotline.ErrNotFound: it is not there, or not yet.
	FetchMedia(ctx context.Context, where string) (body []byte, kind string, err error)
	// DropMedia deletes a file there. One that is not there is done.
	DropMedia(ctx context.Context, where string) error
}

// Fetching are the times of the fetcher.
type Fetching struct {
	Try     time.Duration // how long one request may take
	Again   time.Duration // how long a first failure rests; each next one rests twice as long
	Longest time.Duration // but never longer than this
	Missing time.Duration // how old a message is when a file that is not there is lost
	Look    time.Duration // the longest that the fetcher sleeps
	Stop    time.Duration // how long what is under way may take when the house stops
}

// DefaultFetching: a voicemail may be a few minutes late at the carrier, and what is lost is lost for ever.
var DefaultFetching = Fetching{Try: 90 * time.Second, Again: 5 * time.Second, Longest: 15 * time.Minute, Missing: time.Hour, Look: 30 * time.Second, Stop: 4 * time.Second}

// filesAtOnce bounds how many files are in memory at one time.
const filesAtOnce = 2

// Fetcher brings the files that came with messages, and voicemails, from the carrier to the disk, and deletes them
// there once they are on it. Where it stands is on disk: a house that dies in the middle does the step again.
type Fetcher struct {
	store *storage.Store
	depot Depot
	times Fetching
	now   func() time.Time
	log   *zap.Logger
	*crew
}

// NewFetcher makes a fetcher.
func NewFetcher(store *storage.Store, depot Depot, times Fetching, now func() time.Time, log *zap.Logger) *Fetcher {
	return &Fetcher{store: store, depot: depot, times: times, now: now, log: log, crew: newCrew(filesAtOnce, times.Try)}
}

// Tell wakes the fetcher when a message came with files.
func (f *Fetcher) Tell(n hotline.Notice) {
	switch n := n.(type) {
	case hotline.MessageAdded:
		if len(n.Message.Media) > 0 {
			f.Wake()
		}
	case hotline.Missed:
		f.Wake()
	}
}

// Run works until ctx ends. What is under way then gets a moment, and is done again after the next start otherwise.
func (f *Fetcher) Run(ctx context.Context) error {
	f.work(ctx, f.times.Stop, func() time.Duration { return f.round(ctx) })
	return nil
}

// round begins what is due, as far as there are workers free, and tells how long to sleep.
func (f *Fetcher) round(ctx context.Context) time.Duration {
	free := f.free()
	if free <= 0 {
		return f.times.Look // a hand that ends wakes us
	}
	next, err := f.store.NextMedia(ctx)
	if err == nil && !next.IsZero() && !next.After(f.now()) {
		next, err = f.deal(ctx, free)
	}
	if err != nil {
		if ctx.Err() == nil {
			f.log.Warn("what is to be fetched cannot be read; it waits", zap.Error(err))
		}
		return f.times.Look
	}
	return until(next, f.now(), 50*time.Millisecond, f.times.Look)
}

// deal gives what is due to the hands that are free, and tells when something is due next.
func (f *Fetcher) deal(ctx context.Context, free int) (time.Time, error) {
	due, err := f.store.ClaimMedia(ctx, free, 2*f.times.Try)
	if err != nil {
		return time.Time{}, err
	}
	for _, d := range due {
		f.begin(func(ctx context.Context) { f.step(ctx, d) },
			func() { f.log.Error("fetching a file panicked; it is done again", zap.String("media", string(d.ID))) })
	}
	return f.store.NextMedia(ctx)
}

// step brings one file a step further. What became of it is written also when the try was given up.
func (f *Fetcher) step(ctx context.Context, d storage.MediaDue) {
	var err error
	if d.Kept {
		err = f.drop(ctx, d)
	} else {
		err = f.fetch(ctx, d)
	}
	if err != nil {
		f.log.Warn("what became of a file could not be written; it is done again", zap.String("media", string(d.ID)), zap.Error(err))
	}
}

func (f *Fetcher) fetch(ctx context.Context, d storage.MediaDue) error {
	body, _, err := f.depot.FetchMedia(ctx, d.Where)
	settle := context.WithoutCancel(ctx)
	switch {
	case err == nil:
		return f.store.KeepMedia(settle, d, body, kindOf(body))
	case errors.Is(err, hotline.ErrInvalid), errors.Is(err, hotline.ErrNotFound) && f.now().Sub(d.Since) >= f.times.Missing:
		f.log.Warn("a file can never be fetched", zap.String("media", string(d.ID)), zap.Error(err))
		return f.store.LoseMedia(settle, d)
	}
	f.log.Info("a file is not to be had; it is fetched later", zap.String("media", string(d.ID)), zap.Int("tries", d.Tries), zap.Error(err))
	return f.store.PostponeMedia(settle, d, f.rest(d.Tries))
}

func (f *Fetcher) drop(ctx context.Context, d storage.MediaDue) error {
	err := f.depot.DropMedia(ctx, d.Where)
	settle := context.WithoutCancel(ctx)
	if err == nil {
		return f.store.DroppedMedia(settle, d)
	}
	f.log.Warn("a file is still at the carrier; it is deleted later", zap.String("media", string(d.ID)), zap.Int("tries", d.Tries), zap.Error(err))
	return f.store.PostponeMedia(settle, d, f.rest(d.Tries))
}

// rest is how long a step rests after it failed for the nth time.
func (f *Fetcher) rest(tries int) time.Duration {
	return min(f.times.Again<<min(max(tries-1, 0), 20), f.times.Longest)
}

// Media gives a file and what it is to who may read the words of its contact. Of a photograph it gives the picture
// alone: where and with what it was taken stays sealed.
func (d *Desk) Media(ctx context.Context, v hotline.Viewer, id hotline.MediaID) (body []byte, kind string, err error) {
	if err := answers(v); err != nil {
		return nil, "", err
	}
	body, kind, err = d.store.Media(ctx, v.ID, id, reads(v))
	if err != nil || kind != jpegKind {
		return body, kind, err
	}
	if picture, ok := pictureAlone(body); ok {
		return picture, kind, nil
	}
	return body, unknownKind, nil
}
