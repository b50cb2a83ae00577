package intake

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"hopeline/hotline"
	"hopeline/hotline/carrier/simulator"
)

// shelf is what a carrier keeps, in memory.
type shelf struct {
	mu     sync.Mutex
	fails  map[string]error // by id, or "*" for all
	erased []string
	listed []hotline.Trace
	lists  int
	since  time.Time
}

func (s *shelf) Erase(_ context.Context, t hotline.Trace) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range []string{t.SID, "*"} {
		if s.fails[id] == errPanic {
			panic("a fault")
		}
		if err := s.fails[id]; err != nil {
			return err
		}
	}
	s.erased = append(s.erased, t.SID)
	return nil
}

func (s *shelf) Traces(_ context.Context, _ []hotline.Address, since, before time.Time) ([]hotline.Trace, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lists, s.since = s.lists+1, since
	return s.listed, s.fails["list"]
}

// eraser is one of a depot's house, with its log.
func (d *depot) eraser(s Shelf) (*Eraser, *observer.ObservedLogs) {
	core, logs := observer.New(zapcore.DebugLevel)
	times := DefaultErasing
	times.Pace = 0
	return NewEraser(d.store, s, []hotline.Address{hotline.AddressOf(ours)}, times, d.clock, zap.New(core), prometheus.NewRegistry()), logs
}

// figure is what a gauge or a counter shows.
func figure(t *testing.T, c prometheus.Collector) float64 {
	t.Helper()
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(c)
	all, err := reg.Gather()
	if err != nil || len(all) != 1 {
		t.Fatalf("gather a figure: %d, %v", len(all), err)
	}
	m := all[0].GetMetric()[0]
	return m.GetGauge().GetValue() + m.GetCounter().GetValue()
}

// compared lets the gap filler pass everything until now.
func (d *depot) compared() {
	d.t.Helper()
	f := d.filler(newBook())
	f.gap.Settled = 0
	d.looks(f, false)
	if err := f.Fill(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

func (d *depot) rounds(e *Eraser) {
	d.t.Helper()
	if err := e.Round(d.t.Context()); err != nil {
		d.t.Error("Round:", err)
	}
}

func (s *shelf) want(t *testing.T, what string, want ...string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.Sort(s.erased); !slices.Equal(s.erased, want) {
		t.Errorf("%s: deleted are %q, want %q", what, s.erased, want)
	}
	s.erased = nil
}

func TestWhatIsADayOldIsDeletedAtTheCarrier(t *testing.T) {
	t.Parallel()
	d, s := newDepot(t), &shelf{fails: map[string]error{}}
	e, logs := d.eraser(s)
	d.rounds(e) // nothing was compared yet
	d.compared()
	d.later(time.Second)
	d.arrives("SM1")
	d.arrives("bad id")
	d.later(23 * time.Hour)
	d.arrives("SM2")
	d.compared()
	d.rounds(e)
	s.want(t, "before a day is over")
	d.later(time.Hour + time.Minute)
	s.fails["SM1"], s.fails["bad id"] = hotline.ErrConflict, hotline.ErrInvalid
	d.rounds(e)
	s.want(t, "while it goes on")
	d.rounds(e)
	delete(s.fails, "SM1")
	d.rounds(e)
	s.want(t, "while it rests")
	d.later(DefaultErasing.Again)
	d.rounds(e)
	s.want(t, "when it is over", "SM1")
	if logs.FilterMessageSnippet("names nothing").Len() != 1 {
		t.Error("an id that names nothing was not said once")
	}
	d.later(48 * time.Hour) // the carrier's list could not be read for two days: only what was compared is deleted
	d.arrives("SM3")
	d.later(48 * time.Hour)
	d.rounds(e)
	s.want(t, "what was not compared yet")
	d.compared()
	d.rounds(e)
	s.want(t, "what was compared", "SM2", "SM3")
}

func TestOneThatFailsHoldsNoOtherAndACarrierThatIsAwayIsLeftAlone(t *testing.T) {
	t.Parallel()
	d, s := newDepot(t), &shelf{fails: map[string]error{"SM2": hotline.ErrUnavailable}}
	e, _ := d.eraser(s)
	for _, sid := range []string{"SM1", "SM2", "SM3", "SM4", "SM5", "SM6"} {
		d.arrives(sid)
	}
	d.later(25 * time.Hour)
	d.compared()
	s.fails["*"] = hotline.ErrUnavailable
	if err := e.Round(t.Context()); !errors.Is(err, hotline.ErrUnavailable) {
		t.Errorf("Round while the carrier is away = %v", err)
	}
	delete(s.fails, "*")
	d.later(DefaultErasing.Again)
	if err := e.Round(t.Context()); err != nil {
		t.Errorf("Round with one that fails = %v", err)
	}
	s.want(t, "all but one", "SM1", "SM3", "SM4", "SM5", "SM6")
	d.later(DefaultErasing.Late)
	d.rounds(e)
	if n := figure(t, e.left); n != 1 {
		t.Errorf("hotline_leftovers = %v, want 1", n)
	}
	delete(s.fails, "SM2")
	d.later(DefaultErasing.Longest)
	d.rounds(e)
	s.want(t, "the last", "SM2")
	if n := figure(t, e.left); n != 0 {
		t.Errorf("hotline_leftovers = %v, want 0", n)
	}
}

func TestOnceADayTheCarrierIsAskedForWhatWasForgotten(t *testing.T) {
	t.Parallel()
	d, s := newDepot(t), &shelf{fails: map[string]error{}}
	began := d.clock()
	e, logs := d.eraser(s)
	d.rounds(e)
	d.arrives("SM1")
	d.later(23 * time.Hour)
	d.compared()
	d.rounds(e)
	s.listed = []hotline.Trace{{Kind: hotline.MessageTrace, SID: "SM1"}, {Kind: hotline.MessageTrace, SID: "SM9"}}
	d.later(time.Hour)
	d.rounds(e)
	d.rounds(e)
	if s.lists != 1 || !s.since.Equal(began) {
		t.Errorf("asked %d times, back to %v, want once, back to when the house began", s.lists, s.since)
	}
	s.want(t, "what is ours", "SM1")
	if n := figure(t, e.left); n != 1 || logs.FilterMessageSnippet("should be deleted").Len() != 1 {
		t.Errorf("hotline_leftovers = %v, want the one that nobody knows", n)
	}
	s.listed, s.fails["list"] = nil, hotline.ErrUnavailable
	d.later(24 * time.Hour)
	if err := e.Round(t.Context()); !errors.Is(err, hotline.ErrUnavailable) {
		t.Errorf("Round while the list fails = %v", err)
	}
	delete(s.fails, "list")
	d.rounds(e)
	if n := figure(t, e.left); n != 0 || s.lists != 3 {
		t.Errorf("hotline_leftovers = %v after %d looks, want 0 after 3", n, s.lists)
	}
}

func TestAnUnexpectedRecordingWakesTheEraser(t *testing.T) {
	t.Parallel()
	d, s := newDepot(t), &shelf{fails: map[string]error{"RE1": errPanic}}
	e, logs := d.eraser(s)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { e.Run(ctx); close(ended) }()
	for _, sid := range []string{"RE1", "RE2"} { // the first meets a fault in the program
		if err := d.desk.Recorded(t.Context(), hotline.Recording{SID: sid, CallSID: "CA1"}); err != nil {
			t.Fatal(err)
		}
		e.Tell(hotline.Unexpected{})
	}
	for late := time.Now().Add(30 * time.Second); ; {
		s.mu.Lock()
		done := slices.Contains(s.erased, "RE2")
		s.mu.Unlock()
		if done || time.Now().After(late) {
			break
		}
		e.Wake()
		if err := d.store.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	<-ended
	s.want(t, "the other", "RE2")
	if n := figure(t, e.unexpected); n != 2 || logs.FilterMessageSnippet("panicked").Len() == 0 {
		t.Errorf("hotline_unexpected_recordings_total = %v, want 2, and a word in the log", n)
	}
}

func TestNothingIsLeftAtTheCompany(t *testing.T) {
	t.Parallel()
	d := newDepot(t)
	c := company(t, d, `<Response><Hangup/></Response>`)
	receipt, err := c.Phone("+4520998877").Text(t.Context(), ours, "see", simulator.Attach("text/plain", []byte("x")))
	if err != nil || !receipt.Answer.OK() {
		t.Fatalf("the webhook was answered %+v, %v", receipt.Answer, err)
	}
	e, _ := d.eraser(d.fetcher.depot.(Shelf))
	d.later(25 * time.Hour)
	d.compared()
	d.rounds(e)
	if _, there := c.Message(receipt.SID); !there {
		t.Fatal("a message was deleted before its file was here")
	}
	d.runs()
	d.changedMessage()
	d.settled()
	d.rounds(e)
	if _, there := c.Message(receipt.SID); there {
		t.Error("a message is left at the carrier")
	}
	deletions := 0
	for _, r := range c.Requests() {
		if r.Method == "DELETE" && strings.HasSuffix(r.Path, "/Messages/"+receipt.SID+".json") && r.Status == 204 {
			deletions++
		}
	}
	if deletions != 1 {
		t.Errorf("it was deleted %d times", deletions)
	}
}
