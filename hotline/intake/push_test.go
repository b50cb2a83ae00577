package intake

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/storage"
	"hopeline/storage/seal"
)

// fakeMaker is a push service in memory.
type fakeMaker struct {
	mu    sync.Mutex
	sent  map[string]int
	lives []time.Duration
	words []hotline.PushWord
	heard chan string
}

func (m *fakeMaker) Key() string { return "a key" }

func (m *fakeMaker) Check(s hotline.Subscription) error {
	if s.Endpoint == "" {
		return hotline.ErrInvalid
	}
	return nil
}

func (m *fakeMaker) Send(_ context.Context, s hotline.Subscription, word hotline.PushWord, life time.Duration) error {
	m.mu.Lock()
	m.sent[s.Endpoint]++
	m.lives = append(m.lives, life)
	m.words = append(m.words, word)
	m.mu.Unlock()
	m.heard <- s.Endpoint
	switch s.Endpoint {
	case "gone":
		return hotline.ErrNotFound
	case "broken":
		return hotline.ErrUnavailable
	}
	return nil
}

func TestTheBell(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	at := time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)
	now := func() time.Time { return at }
	keys, err := seal.GenerateKeys()
	if err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(ctx, storage.Config{Folder: t.TempDir(), Keys: keys, Rules: hotline.DefaultRules, Room: hotline.DefaultRoom, Now: now, Log: zap.NewNop()})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	hire := func(name string, role hotline.Role) hotline.Viewer {
		u, err := store.AddUser(ctx, storage.NewUser{User: hotline.User{Email: name + "@example.org", Role: role}})
		if err != nil {
			t.Fatal(err)
		}
		return hotline.Viewer{User: u}
	}
	ann, sue, adam := hire("ann", hotline.Counsellor), hire("sue", hotline.Supervisor), hire("adam", hotline.Admin)
	maker := &fakeMaker{sent: map[string]int{}, heard: make(chan string, 100)}
	bell := NewBell(store, maker, now, zap.NewNop())
	for endpoint, v := range map[string]hotline.Viewer{"anns": ann, "gone": ann, "broken": ann, "sues": sue} {
		if err := bell.Subscribe(ctx, v, hotline.Subscription{Endpoint: endpoint}); err != nil {
			t.Fatal(err)
		}
	}
	if err := bell.Subscribe(ctx, adam, hotline.Subscription{Endpoint: "adams"}); !errors.Is(err, hotline.ErrForbidden) {
		t.Errorf("an admin, who is never offered anything, subscribes: %v", err)
	}
	if err := bell.Subscribe(ctx, ann, hotline.Subscription{}); !errors.Is(err, hotline.ErrInvalid) {
		t.Errorf("no subscription is taken: %v", err)
	}
	done := make(chan error, 1)
	go func() { done <- bell.Run(ctx) }()
	hears := func(n int) {
		t.Helper()
		for range n {
			select {
			case <-maker.heard:
			case <-time.After(30 * time.Second):
				t.Fatal("a push is missing")
			}
		}
	}
	if n, err := bell.TestPush(ctx, ann); n != 1 || err != nil {
		t.Errorf("TestPush = %d, %v; want the one that works", n, err)
	}
	hears(3)
	if states, err := store.PushStates(ctx); err != nil || states[ann.ID] != hotline.PushWorks || states[adam.ID] != "" {
		t.Errorf("PushStates = %v, %v; want one of Ann's to work", states, err)
	}
	bell.Tell(hotline.OfferMade{User: ann.ID, Expires: at.Add(20 * time.Second)})
	hears(2)
	bell.Tell(hotline.ContactChanged{})
	bell.Tell(hotline.OfferMade{User: ann.ID, Expires: at}) // it is over already
	bell.Tell(hotline.Alarmed{Kind: hotline.AlarmDanger, At: at})
	hears(1)
	bell.Tell(hotline.Alarmed{Kind: hotline.AlarmNobody, At: at, Quiet: true})
	for _, from := range []time.Time{at, at.Add(90 * time.Minute), at.AddDate(0, 0, 30)} {
		bell.Tell(hotline.Alarmed{Kind: hotline.AlarmGap, At: at.Add(-time.Hour), From: from})
		hears(1)
	}
	if n, err := bell.TestPush(ctx, sue); n != 1 || err != nil {
		t.Errorf("TestPush = %d, %v", n, err)
	}
	if err := bell.Unsubscribe(ctx, sue, "sues"); err != nil {
		t.Fatal(err)
	}
	if n, err := bell.TestPush(ctx, sue); n != 0 || err != nil {
		t.Errorf("TestPush after she unsubscribed = %d, %v", n, err)
	}
	if err := bell.Unsubscribe(ctx, ann, "anns"); err != nil {
		t.Fatal(err)
	}
	if states, err := store.PushStates(ctx); err != nil || states[ann.ID] != hotline.PushFails || states[sue.ID] != "" {
		t.Errorf("PushStates = %v, %v; want that Ann's last one failed, and that Sue has none", states, err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	maker.mu.Lock()
	defer maker.mu.Unlock()
	if maker.sent["anns"] != 2 || maker.sent["gone"] != 1 || maker.sent["broken"] != 2 || maker.sent["sues"] != 5 {
		t.Errorf("sent %v; want what is gone forgotten, and nothing twice for one offer", maker.sent)
	}
	if got := maker.lives[5:9]; !slices.Equal(got, []time.Duration{10 * time.Minute, 10 * time.Minute, 90 * time.Minute, 72 * time.Hour}) {
		t.Errorf("pushes of danger, of a gap now, in 90 min, in a month live %v", got)
	}
	if maker.lives[3] != 20*time.Second {
		t.Errorf("a push of an offer lives %v, want as long as the offer", maker.lives[3])
	}
	if want := []hotline.PushWord{"test", "test", "test", "new", "new", "new", "new", "new", "new", "test"}; !slices.Equal(maker.words, want) {
		t.Errorf("the pushes said %v, want %v: a test says that it is one", maker.words, want)
	}
}
