package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"hopeline/hotline"
	"hopeline/storage"
	"hopeline/storage/seal"
)

// locker is a depot in memory, which fails as it is told.
type locker struct {
	mu      sync.Mutex
	changed chan struct{}
	files   map[string][]byte
	fails   map[string][]error // of the next requests, by what and where
	asked   []string
}

func (l *locker) ask(what, where string) error {
	l.asked = append(l.asked, what+" "+where)
	close(l.changed)
	l.changed = make(chan struct{})
	key := what + " " + where
	if next := l.fails[key]; len(next) > 0 {
		l.fails[key] = next[1:]
		if next[0] == errPanic {
			panic("a fault")
		}
		return next[0]
	}
	return nil
}

var errPanic = errors.New("panic")

func (l *locker) FetchMedia(_ context.Context, where string) ([]byte, string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.ask("fetch", where); err != nil {
		return nil, "", err
	}
	body, ok := l.files[where]
	if !ok {
		return nil, "", fmt.Errorf("the carrier does not have it: %w", hotline.ErrNotFound)
	}
	return body, "text/html", nil
}

func (l *locker) DropMedia(_ context.Context, where string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.ask("drop", where); err != nil {
		return err
	}
	delete(l.files, where)
	return nil
}

// depot is a house with a fetcher, whose clock is moved by hand.
type depot struct {
	t     *testing.T
	store *storage.Store
	desk  *Desk
	*locker
	fetcher *Fetcher
	logs    *observer.ObservedLogs

	clockMu sync.Mutex
	at      time.Time
	told    chan hotline.Message // of MessageChanged
}

func newDepot(t *testing.T) *depot {
	t.Helper()
	core, logs := observer.New(zapcore.DebugLevel)
	d := &depot{t: t, logs: logs, at: time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC), told: make(chan hotline.Message, 100),
		locker: &locker{changed: make(chan struct{}), files: map[string][]byte{}, fails: map[string][]error{}}}
	keys, err := seal.GenerateKeys()
	if err != nil {
		t.Fatal(err)
	}
	feed := &Feed{}
	d.store, err = storage.Open(t.Context(), storage.Config{Folder: t.TempDir(), Keys: keys, Rules: hotline.DefaultRules, Room: hotline.DefaultRoom,
		Now: d.clock, Tell: feed.Tell, Log: zap.NewNop()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.store.Close() })
	d.desk = NewDesk(d.store, hotline.DefaultRules, d.clock)
	times := DefaultFetching
	times.Look = time.Hour // it has to be woken
	d.fetcher = NewFetcher(d.store, d.locker, times, d.clock, zap.New(core))
	feed.Listen(d.fetcher.Tell)
	feed.Listen(func(n hotline.Notice) {
		if m, ok := n.(hotline.MessageChanged); ok {
			d.told <- m.Message
		}
	})
	return d
}

func (d *depot) clock() time.Time {
	d.clockMu.Lock()
	defer d.clockMu.Unlock()
	return d.at
}

func (d *depot) later(by time.Duration) {
	d.clockMu.Lock()
	d.at = d.at.Add(by)
	d.clockMu.Unlock()
	d.fetcher.Wake()
}

// runs lets the fetcher work until the test ends, or stop is called.
func (d *depot) runs() (stop func()) {
	ctx, cancel := context.WithCancel(d.t.Context())
	done := make(chan struct{})
	go func() { d.fetcher.Run(ctx); close(done) }()
	stop = func() { cancel(); <-done }
	d.t.Cleanup(stop)
	return stop
}

func (d *depot) arrives(sid string, where ...string) {
	d.t.Helper()
	in := hotline.Inbound{SID: sid, From: hotline.AddressOf("+4520998877"), To: hotline.AddressOf("+4570201550"), Text: "word-marker", At: d.clock()}
	for _, w := range where {
		in.Media = append(in.Media, hotline.InboundMedia{Type: "image/jpeg", Where: w})
	}
	if err := d.desk.Receive(d.t.Context(), in); err != nil {
		d.t.Fatal(err)
	}
}

// until waits for the nth request of a kind.
func (d *depot) until(request string, nth int) {
	d.t.Helper()
	late := time.After(30 * time.Second)
	for {
		d.mu.Lock()
		changed, n := d.changed, 0
		for _, a := range d.asked {
			if a == request {
				n++
			}
		}
		d.mu.Unlock()
		if n >= nth {
			return
		}
		select {
		case <-changed:
		case <-late:
			d.t.Fatalf("the carrier was asked for %q %d times, want %d", request, n, nth)
		}
	}
}

// settled waits until the fetcher has nothing in hand and what it did is on disk.
func (d *depot) settled() {
	d.t.Helper()
	for late := time.Now().Add(30 * time.Second); d.fetcher.busy.Load() > 0; {
		if time.Now().After(late) {
			d.t.Fatal("the fetcher is not done")
		}
		if err := d.store.Ready(d.t.Context()); err != nil { // a commit of ours comes after those that wait
			d.t.Fatal(err)
		}
	}
}

func (d *depot) changedMessage() hotline.Message {
	d.t.Helper()
	select {
	case m := <-d.told:
		return m
	case <-time.After(30 * time.Second):
		d.t.Fatal("nobody was told of a file")
		return hotline.Message{}
	}
}

var sound = append([]byte("ID3\x03body-marker"), make([]byte, 100)...)

var supervisor = hotline.Viewer{User: hotline.User{ID: "sue", Role: hotline.Supervisor}}

func TestAFileIsFetchedThenDeleted(t *testing.T) {
	t.Parallel()
	d := newDepot(t)
	d.files["recording:RE1"] = sound
	d.runs()
	d.arrives("RE1", "recording:RE1")
	m := d.changedMessage()
	if len(m.Media) != 1 || m.Media[0].Type != "audio/mpeg" || m.Media[0].Size != int64(len(sound)) || m.Text != "word-marker" {
		t.Errorf("told of %+v", m)
	}
	d.until("drop recording:RE1", 1)
	d.settled()
	d.mu.Lock()
	if want := []string{"fetch recording:RE1", "drop recording:RE1"}; !slices.Equal(d.asked, want) || len(d.files) != 0 {
		t.Errorf("the carrier was asked %v, want %v", d.asked, want)
	}
	d.mu.Unlock()
	body, kind, err := d.desk.Media(t.Context(), supervisor, m.Media[0].ID)
	if !bytes.Equal(body, sound) || kind != "audio/mpeg" || err != nil {
		t.Errorf("Media = %q, %q, %v", body, kind, err)
	}
	stranger := hotline.Viewer{User: hotline.User{ID: "bo", Role: hotline.Counsellor}}
	if body, _, err := d.desk.Media(t.Context(), stranger, m.Media[0].ID); !errors.Is(err, hotline.ErrNotFound) || body != nil {
		t.Errorf("to who may not read it: %q, %v, want ErrNotFound", body, err)
	}
	admin := hotline.Viewer{User: hotline.User{ID: "adam", Role: hotline.Admin}}
	if _, _, err := d.desk.Media(t.Context(), admin, m.Media[0].ID); !errors.Is(err, hotline.ErrForbidden) {
		t.Errorf("to an admin: %v, want ErrForbidden", err)
	}
}

func TestWhatFailsIsDoneAgain(t *testing.T) {
	t.Parallel()
	d := newDepot(t)
	d.files["MM1/ME1"] = sound
	down := fmt.Errorf("answered 500: %w", hotline.ErrUnavailable)
	d.fails["fetch MM1/ME1"] = []error{down, hotline.ErrNotFound, errPanic}
	d.fails["drop MM1/ME1"] = []error{down, down}
	d.runs()
	d.arrives("MM1", "MM1/ME1")
	for n, wait := range []time.Duration{5 * time.Second, 10 * time.Second, 2 * DefaultFetching.Try} { // the panic waits for its lease
		d.until("fetch MM1/ME1", n+1)
		d.settled()
		d.later(wait - time.Millisecond)
		d.settled()
		d.later(time.Millisecond)
	}
	d.until("fetch MM1/ME1", 4)
	if m := d.changedMessage(); m.Media[0].Size == 0 || m.Media[0].Lost {
		t.Errorf("told of %+v", m.Media)
	}
	for n, wait := range []time.Duration{5 * time.Second, 10 * time.Second} {
		d.until("drop MM1/ME1", n+1)
		d.settled()
		d.later(wait)
	}
	d.until("drop MM1/ME1", 3)
	d.settled()
	if next, err := d.store.NextMedia(t.Context()); err != nil || !next.IsZero() {
		t.Errorf("NextMedia = %v, %v, want never", next, err)
	}
	for _, e := range d.logs.All() {
		if text := fmt.Sprint(e.Message, e.ContextMap()); bytes.Contains([]byte(text), []byte("marker")) || bytes.Contains([]byte(text), []byte("4520998877")) || bytes.Contains([]byte(text), []byte("MM1")) {
			t.Errorf("the log tells %s", text)
		}
	}
}

func TestWhatNeverComesIsLost(t *testing.T) {
	t.Parallel()
	d := newDepot(t)
	d.fails["fetch https://elsewhere.example/a"] = []error{fmt.Errorf("not the carrier's: %w", hotline.ErrInvalid)}
	d.runs()
	d.arrives("MM1", "https://elsewhere.example/a", "MM1/ME2")
	if m := d.changedMessage(); !m.Media[0].Lost || m.Media[1].Lost {
		t.Errorf("told of %+v, want the first one lost", m.Media)
	}
	d.until("fetch MM1/ME2", 1)
	d.settled()
	d.later(DefaultFetching.Missing)
	if m := d.changedMessage(); !m.Media[1].Lost {
		t.Errorf("told of %+v, want both lost", m.Media)
	}
	d.settled()
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, a := range d.asked {
		if a[:4] == "drop" {
			t.Errorf("what was not kept was deleted: %s", a)
		}
	}
}

// A house that went down in the middle does the step again, and one that is stopped lets go of what it has in hand.
func TestAFetcherGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	d := newDepot(t)
	d.files["MM1/ME1"] = sound
	d.arrives("MM1", "MM1/ME1")
	if due, err := d.store.ClaimMedia(t.Context(), 1, time.Minute); err != nil || len(due) != 1 {
		t.Fatalf("ClaimMedia = %v, %v", due, err)
	}
	stop := d.runs() // the claim stands for a process that is no more
	d.later(time.Minute)
	d.until("drop MM1/ME1", 1)
	stop()
	if n := d.fetcher.busy.Load(); n != 0 {
		t.Errorf("%d workers outlived the fetcher", n)
	}
}

func TestRest(t *testing.T) {
	t.Parallel()
	f := &Fetcher{times: DefaultFetching}
	for tries, want := range map[int]time.Duration{0: 5 * time.Second, 1: 5 * time.Second, 2: 10 * time.Second, 5: 80 * time.Second, 9: 15 * time.Minute, 1000: 15 * time.Minute} {
		if got := f.rest(tries); got != want {
			t.Errorf("rest(%d) = %v, want %v", tries, got, want)
		}
	}
}
