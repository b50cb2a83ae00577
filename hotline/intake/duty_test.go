package intake

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/storage"
	"hopeline/storage/seal"
)

// keeper is a Duty over a store of its own, with a clock that is moved by hand, and all that it told.
type keeper struct {
	*Duty
	t     *testing.T
	store *storage.Store
	was   *shift

	mu   sync.Mutex
	at   time.Time
	told []string
}

func newKeeper(t *testing.T) *keeper {
	k := &keeper{t: t, at: time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)}
	keys, err := seal.GenerateKeys()
	if err != nil {
		t.Fatal(err)
	}
	k.store, err = storage.Open(t.Context(), storage.Config{Folder: t.TempDir(), Keys: keys, Rules: hotline.DefaultRules, Room: hotline.DefaultRoom,
		Now: k.clock, Log: zap.NewNop()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.store.Close() })
	k.Duty = NewDuty(k.store, k.hear, DefaultTitle, k.clock, zap.NewNop())
	return k
}

func (k *keeper) clock() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.at
}

func (k *keeper) later(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.at = k.at.Add(d)
}

func (k *keeper) hear(n hotline.Notice) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch n := n.(type) {
	case hotline.PresenceChanged:
		k.told = append(k.told, n.User.Name)
	case hotline.DutyChanged:
		for _, t := range n.Tiers {
			for _, u := range t.Users {
				k.told = append(k.told, fmt.Sprintf("tier %d %s", t.Tier, u.Name))
			}
		}
		k.told = append(k.told, fmt.Sprint("saved ", n.Saved))
	}
}

func (k *keeper) adds(name string) hotline.User {
	u, err := k.store.AddUser(k.t.Context(), storage.NewUser{User: hotline.User{Email: name + "@example.org", Name: name, Role: hotline.Counsellor}, Password: "x"})
	if err != nil {
		k.t.Fatal(err)
	}
	return u
}

// looks takes one look, and checks what was told.
func (k *keeper) looks(what string, want ...string) {
	k.t.Helper()
	is, err := k.look(k.t.Context(), k.was)
	if err != nil {
		k.t.Fatal(err)
	}
	k.was = is
	k.mu.Lock()
	defer k.mu.Unlock()
	if !slices.Equal(k.told, want) {
		k.t.Errorf("%s: told %q, want %q", what, k.told, want)
	}
	k.told = nil
}

// twoShifts: on Tuesdays ann until 04:00, bea until 06:00, both in UTC.
const twoShifts = `{"line":"*","zone":"UTC","slots":[{"day":2,"start":"00:00","end":"04:00","tier":1,"users":["ann@example.org"]},
	{"day":2,"start":"04:00","end":"06:00","tier":1,"users":["bea@example.org"]}]}`

func (k *keeper) imports(doc string) {
	k.t.Helper()
	if _, _, err := k.Import(k.t.Context(), []byte(doc), "test"); err != nil {
		k.t.Fatal(err)
	}
}

func TestDutyTellsOfThoseWhoseDutyChanges(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	k.adds("ann")
	k.adds("bea")
	k.looks("no rota, at the start")
	k.looks("no rota, again")
	k.imports(twoShifts)
	k.looks("a rota: bea is off duty, and ann's phone may ring", "ann", "bea", "tier 1 ann", "saved true")
	k.looks("nothing new")
	k.later(2*time.Hour - time.Second)
	k.looks("a second before")
	k.later(time.Second)
	k.looks("the boundary", "ann", "bea", "tier 1 bea", "saved true")
	k.imports(strings.Replace(twoShifts, `"tier":1,"users":["bea`, `"tier":2,"users":["bea`, 1))
	k.looks("another tier", "bea", "tier 2 bea", "saved true")
	k.imports(twoShifts)
	k.looks("and back", "bea", "tier 1 bea", "saved true")
	k.imports(twoShifts)
	k.looks("the same rota again")
	k.later(2 * time.Hour)
	k.looks("nobody", "bea", "saved true")
	k.was = nil
	k.looks("a new start tells of everybody", "ann", "bea", "saved true")
}

func TestDutyRunsUntilItsEnd(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	k.adds("ann")
	k.adds("bea")
	k.imports(twoShifts)
	heard := make(chan hotline.Notice, 100)
	k.Duty.tell = func(n hotline.Notice) { heard <- n }
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- k.Run(ctx) }()
	wait := func() hotline.Notice {
		t.Helper()
		select {
		case n := <-heard:
			return n
		case <-time.After(30 * time.Second):
			t.Fatal("nothing was told within 30 s")
			return nil
		}
	}
	for range 3 { // ann, bea, and who is on duty
		wait()
	}
	k.imports(`{"line":"*","zone":"UTC","slots":[{"day":3,"start":"00:00","end":"04:00","tier":1,"users":["ann@example.org"]}]}`)
	if n, ok := wait().(hotline.PresenceChanged); !ok || n.User.Name != "ann" {
		t.Errorf("after saving: %+v", n)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Run = %v", err)
	}
}
