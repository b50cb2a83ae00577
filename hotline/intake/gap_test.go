package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
)

// book is a carrier's lists in memory, which fail as they are told.
type book struct {
	mu     sync.Mutex
	texts  []hotline.Inbound
	calls  []hotline.ListedCall
	sounds []hotline.ListedRecording
	talks  map[string]bool
	fails  map[string]error // by the list
	since  map[string]time.Time
	asked  []string
}

func newBook() *book {
	return &book{talks: map[string]bool{}, fails: map[string]error{}, since: map[string]time.Time{}}
}

func (b *book) look(list string, since time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked, b.since[list] = append(b.asked, list), since
	if b.fails[list] == errPanic {
		panic("a fault")
	}
	return b.fails[list]
}

func (b *book) Arrived(_ context.Context, _ hotline.Address, since, _ time.Time) ([]hotline.Inbound, error) {
	return b.texts, b.look("texts", since)
}

func (b *book) CallsSince(_ context.Context, line hotline.Address, since time.Time) ([]hotline.ListedCall, error) {
	if line.Channel() != hotline.SMS {
		return nil, errors.New("asked for calls to what is only texted")
	}
	return b.calls, b.look("calls", since)
}

func (b *book) Talks(_ context.Context, sid string) (bool, error) {
	return b.talks[sid], b.look("talks", time.Time{})
}

func (b *book) RecordingsSince(_ context.Context, since time.Time) ([]hotline.ListedRecording, error) {
	return b.sounds, b.look("recordings", since)
}

// call is a call in the list, which began a minute ago.
func (d *depot) call(sid string, state hotline.LegState) hotline.ListedCall {
	return hotline.ListedCall{State: state, IncomingCall: hotline.IncomingCall{SID: sid, From: hotline.AddressOf("+4520998877"),
		To: hotline.AddressOf(ours), At: d.clock().Add(-time.Minute)}}
}

func (d *depot) filler(b *book) *Filler {
	return NewFiller(d.desk, b, []hotline.Address{hotline.AddressOf(ours), hotline.AddressOf("whatsapp:" + ours)}, DefaultGap, zap.NewNop())
}

// looks compares calls once.
func (d *depot) looks(f *Filler, elsewhere bool) {
	d.t.Helper()
	if got, err := f.FillCalls(d.t.Context()); got != elsewhere || err != nil {
		d.t.Errorf("FillCalls = %v, %v, want %v", got, err, elsewhere)
	}
}

// queue is who waits, as "state work", sorted.
func (d *depot) queue() []string {
	d.t.Helper()
	found, _, err := d.store.Waiting(d.t.Context(), supervisor, 100)
	if err != nil {
		d.t.Fatal(err)
	}
	all := []string{}
	for _, c := range found {
		all = append(all, string(c.State)+" "+string(c.Work))
	}
	slices.Sort(all)
	return all
}

func (d *depot) wantQueue(what string, want ...string) {
	d.t.Helper()
	if got := d.queue(); !slices.Equal(got, want) {
		d.t.Errorf("%s: waiting are %q, want %q", what, got, want)
	}
}

func TestCallsThatNobodyKnowsAreKeptAsWhatTheyAre(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		state     hotline.LegState
		age       time.Duration
		talks     bool
		speaks    bool
		elsewhere bool
		want      []string
	}{
		{name: "over", state: hotline.LegOver, want: []string{"follow_up missed"}},
		{name: "in the fallback's documents", state: hotline.LegUp, want: []string{"waiting contact"}},
		{name: "talks there", state: hotline.LegUp, talks: true, elsewhere: true, want: []string{}},
		{name: "leaves a message there", state: hotline.LegUp, speaks: true, elsewhere: true, want: []string{}},
		{name: "her webhook is on its way", state: hotline.LegRings, elsewhere: true, want: []string{}},
		{name: "nobody knows its status, for long", state: "", age: longestRinging, want: []string{"follow_up missed"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d, b := newDepot(t), newBook()
			d.later(time.Hour)
			c := d.call("CA1", test.state)
			c.At = c.At.Add(-test.age)
			b.calls, b.talks["CA1"] = []hotline.ListedCall{c}, test.talks
			if test.speaks {
				b.sounds = []hotline.ListedRecording{{Making: true, Recording: hotline.Recording{SID: "RE1", CallSID: "CA1", Voicemail: true, At: c.At}}}
			}
			f := d.filler(b)
			d.looks(f, test.elsewhere)
			d.looks(f, test.elsewhere) // again changes nothing
			d.wantQueue(test.name, test.want...)
			if b.calls[0].State, b.sounds = hotline.LegOver, nil; test.elsewhere {
				d.looks(f, false)
				d.wantQueue("when it is over", "follow_up missed")
			}
		})
	}
}

func TestNoLookForgetsWhatIsNotDecided(t *testing.T) {
	t.Parallel()
	d, b := newDepot(t), newBook()
	began := d.clock()
	f := d.filler(b)
	d.looks(f, false)
	if !b.since["calls"].Equal(began) || !b.since["recordings"].Equal(began) {
		t.Errorf("the first look of a new house went back to %v and %v, want when it began", b.since["calls"], b.since["recordings"])
	}
	d.later(2 * time.Hour)
	talking := d.call("CA1", hotline.LegUp)
	b.calls, b.talks["CA1"] = []hotline.ListedCall{talking}, true
	for range 2 {
		d.looks(f, true)
		d.later(time.Hour)
	}
	if want := talking.At.Add(-overlap); !b.since["calls"].Equal(want) {
		t.Errorf("while a caller talks elsewhere the look went back to %v, want %v", b.since["calls"], want)
	}
	b.fails["calls"] = hotline.ErrUnavailable
	if _, err := f.FillCalls(t.Context()); !errors.Is(err, hotline.ErrUnavailable) {
		t.Errorf("a list that fails = %v", err)
	}
	d.wantQueue("what was in the list all the same")
	b.fails["calls"], b.calls, b.sounds = nil, nil, []hotline.ListedRecording{{Making: true, Recording: hotline.Recording{SID: "RE1", At: d.clock().Add(-time.Minute)}}}
	d.looks(f, false)
	d.later(time.Minute)
	d.looks(f, false)
	if want := b.sounds[0].At.Add(-overlap); !b.since["recordings"].Equal(want) {
		t.Errorf("while a recording is made the look went back to %v, want %v", b.since["recordings"], want)
	}
	d.later(longestMaking)
	d.looks(f, false) // one that is never done is not waited for
	now := d.clock()
	d.looks(f, false)
	if want := now.Add(-overlap); !b.since["calls"].Equal(want) {
		t.Errorf("the last look went back to %v, want %v", b.since["calls"], want)
	}
}

func TestAHouseThatKnewOnlyTextsLooksForCallsAsFarBack(t *testing.T) {
	t.Parallel()
	d, b := newDepot(t), newBook()
	f := d.filler(b)
	d.later(time.Hour)
	if err := f.Fill(t.Context()); err != nil {
		t.Fatal(err)
	}
	until := d.clock().Add(-DefaultGap.Settled)
	d.later(3 * time.Hour) // it was away
	d.looks(f, false)
	if want := until.Add(-overlap); !b.since["calls"].Equal(want) {
		t.Errorf("the first look for calls went back to %v, want %v", b.since["calls"], want)
	}
}

func TestRecordingsOfTheAccount(t *testing.T) {
	t.Parallel()
	d, b := newDepot(t), newBook()
	d.later(time.Hour)
	b.calls = []hotline.ListedCall{d.call("CA1", hotline.LegOver)}
	f := d.filler(b)
	d.looks(f, false)
	id := d.contact()
	b.sounds = []hotline.ListedRecording{
		{Recording: hotline.Recording{SID: "RE1", CallSID: "CA1", Voicemail: true}},
		{Recording: hotline.Recording{SID: "RE2", CallSID: "CA9", Voicemail: true}},              // of a number that is not ours
		{Recording: hotline.Recording{SID: "RE3", CallSID: "CA1"}},                               // of her leg
		{Recording: hotline.Recording{SID: "RE4", CallSID: "CA9"}, Room: string(id) + "-1"},      // of our room
		{Recording: hotline.Recording{SID: "RE5", CallSID: "CA9"}, Room: "another-1"},            // of a room that is not ours
		{Recording: hotline.Recording{SID: "RE6", CallSID: "CA1", Voicemail: true}, Empty: true}, // nothing was said
		{Recording: hotline.Recording{SID: "RE7", CallSID: "CA1", Voicemail: true}, Making: true},
	}
	for range 2 {
		d.looks(f, false)
	}
	d.wantQueue("her call", "follow_up voicemail")
	due, err := d.store.ClaimTraces(t.Context(), 10, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, x := range due {
		got = append(got, x.SID)
	}
	if slices.Sort(got); !slices.Equal(got, []string{"RE3", "RE4", "RE6"}) {
		t.Errorf("to be deleted at once are %v, want those of ours that nobody asked for, and the empty one", got)
	}
	files, err := d.store.ClaimMedia(t.Context(), 10, time.Minute)
	if err != nil || len(files) != 1 || files[0].Where != "recording:RE1" {
		t.Errorf("to be fetched are %+v, %v, want her voicemail", files, err)
	}
}

// contact is the one that waits.
func (d *depot) contact() hotline.ContactID {
	d.t.Helper()
	found, _, err := d.store.Waiting(d.t.Context(), supervisor, 2)
	if err != nil || len(found) != 1 {
		d.t.Fatalf("%d wait, %v, want one", len(found), err)
	}
	return found[0].ID
}

func TestCallsAreLookedForAtOnceAndAgain(t *testing.T) {
	t.Parallel()
	d, b := newDepot(t), newBook()
	d.later(time.Hour)
	b.calls, b.talks["CA1"] = []hotline.ListedCall{d.call("CA1", hotline.LegUp)}, true
	b.fails["texts"] = errPanic
	f := d.filler(b)
	ctx, cancel := context.WithCancel(t.Context())
	f.gap = Gap{Every: time.Hour, Soon: time.Millisecond}
	ended := make(chan struct{})
	go func() { f.Run(ctx); close(ended) }()
	for looks := 0; looks < 3; {
		b.mu.Lock()
		looks = strings.Count(fmt.Sprint(b.asked), "talks")
		b.mu.Unlock()
		if err := d.store.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	<-ended
	if order := strings.Join(b.asked[:4], " "); order != "recordings calls talks texts" {
		t.Errorf("the first look asked for %q, want calls before texts", order)
	}
	if n := strings.Count(fmt.Sprint(b.asked), "texts"); n != 1 {
		t.Errorf("texts were looked for %d times within the hour, want once", n)
	}
}
