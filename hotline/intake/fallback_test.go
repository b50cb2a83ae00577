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

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"hopeline/deploy/fallback"
	"hopeline/hotline"
	"hopeline/storage"
)

// host is a fallback host that keeps what it was pushed.
type host struct {
	mu    sync.Mutex
	plans []fallback.Plan
	err   error
	came  chan struct{}
}

func (h *host) Push(_ context.Context, p fallback.Plan) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	defer func() {
		select {
		case h.came <- struct{}{}:
		default:
		}
	}()
	if h.err == nil {
		h.plans = append(h.plans, p)
	}
	return h.err
}

func (h *host) fails(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.err = err
}

func (h *host) last() fallback.Plan {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.plans) == 0 {
		return fallback.Plan{}
	}
	return h.plans[len(h.plans)-1]
}

func (k *keeper) addsWithPhone(name, phone string, languages ...string) hotline.User {
	u, err := k.store.AddUser(k.t.Context(), storage.NewUser{Password: "x", User: hotline.User{
		Email: name + "@example.org", Name: name, Role: hotline.Counsellor, Phone: phone, Languages: languages}})
	if err != nil {
		k.t.Fatal(err)
	}
	return u
}

var fallbackOfTest = Fallback{Lines: []hotline.Address{hotline.AddressOf("+4570201550"), hotline.AddressOf("whatsapp:+4570201550")},
	Languages: []string{"da", "en"}, Backup: hotline.AddressOf("+4530000009")}

// asks is whom a plan rings on the line at a time.
func asks(t *testing.T, p fallback.Plan, names map[string]string, at time.Time) string {
	t.Helper()
	if len(p.Lines) != 1 {
		t.Fatalf("a plan of %d lines, want the one that is called", len(p.Lines))
	}
	var all []string
	for _, person := range p.Lines["+4570201550"].Asked(at) {
		all = append(all, names[person.ID])
	}
	return strings.Join(all, " ")
}

func TestThePlanFollowsTheRota(t *testing.T) {
	t.Parallel()
	k := newKeeper(t) // Tuesday 2026-11-24, 02:00 UTC
	ann, bea := k.addsWithPhone("ann", "+4530000001", "da", "en"), k.addsWithPhone("bea", "+4530000002")
	cho := k.adds("cho") // has no phone
	names := map[string]string{string(ann.ID): "ann", string(bea.ID): "bea", string(cho.ID): "cho", "outside": "outside"}
	plan := func() fallback.Plan {
		t.Helper()
		p, err := fallbackOfTest.Plan(t.Context(), k.store, k.clock())
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if got := asks(t, plan(), names, k.clock()); got != "outside" {
		t.Errorf("without a rota, nobody available, %q are rung", got)
	}
	for _, u := range []hotline.User{bea, cho} {
		if _, err := k.store.SetPresence(t.Context(), u.ID, hotline.Available, hotline.InBrowser); err != nil {
			t.Fatal(err)
		}
	}
	if got := asks(t, plan(), names, k.clock()); got != "bea outside" {
		t.Errorf("without a rota, bea available, %q are rung", got)
	}
	before := plan().Digest()
	doc := `{"line":"*","zone":"UTC","slots":[
		{"day":2,"start":"00:00","end":"08:00","tier":1,"users":["ann@example.org"]},
		{"day":2,"start":"06:00","end":"20:00","tier":2,"users":["bea@example.org","cho@example.org"]},
		{"day":2,"start":"08:00","end":"20:00","tier":1,"users":["bea@example.org"]},
		{"day":2,"start":"20:00","end":"24:00","tier":1,"kind":"shadow","users":["ann@example.org"]}]}`
	if _, _, err := k.Import(t.Context(), []byte(doc), "a test"); err != nil {
		t.Fatal(err)
	}
	p := plan()
	if p.Digest() == before {
		t.Error("a new rota changes nothing")
	}
	for hour, want := range map[int]string{0: "ann outside", 7: "ann bea outside", 9: "bea outside", 21: "outside", 24: "outside", 7*24 + 7: "ann bea outside", 9*24 + 7: "outside"} {
		at := k.clock().Add(time.Duration(hour-2) * time.Hour)
		if got := asks(t, p, names, at); got != want {
			t.Errorf("after %d h %q are rung, want %q", hour, got, want)
		}
	}
	if first := p.Lines["+4570201550"].Duty[0]; first.Speaks != "da" || first.Phone != "+4530000001" {
		t.Errorf("ann is rung in %q", first.Speaks)
	}
	k.later(3 * time.Hour)
	if plan().Digest() != p.Digest() {
		t.Error("the plan changes with every look")
	}
	if err := k.store.DisableUser(t.Context(), "ann@example.org"); err != nil {
		t.Fatal(err)
	}
	if got := asks(t, plan(), names, k.clock()); got != "outside" {
		t.Errorf("with ann gone %q are rung", got)
	}
}

func TestThePlanIsPushed(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	k.addsWithPhone("ann", "+4530000001")
	core, logged := observer.New(zapcore.DebugLevel)
	h := &host{came: make(chan struct{}, 1)}
	reg := prometheus.NewRegistry()
	p := NewPusher(fallbackOfTest, k.store, h, k.clock, zap.New(core), reg)
	held := p.step(t.Context(), pushedPlan{})
	if held.failed || h.last().Digest() != held.digest || gauge(t, reg) != float64(k.clock().Unix()) {
		t.Fatalf("the first step = %+v", held)
	}
	steps := func(what string, want int) {
		t.Helper()
		before := len(h.plans)
		held = p.step(t.Context(), held)
		if got := len(h.plans) - before; got != want {
			t.Errorf("%s: pushed %d times, want %d", what, got, want)
		}
	}
	steps("nothing changed", 0)
	k.later(10 * time.Minute)
	steps("ten minutes later", 1)
	if _, err := k.store.SetPresence(t.Context(), userNamed(k, "ann").ID, hotline.Available, hotline.OnPhone); err != nil {
		t.Fatal(err)
	}
	steps("somebody is available", 1)
	k.later(10 * time.Minute)
	h.fails(errors.New("away"))
	steps("the host is away", 0)
	if !held.failed {
		t.Error("a push that failed counts as one")
	}
	h.fails(nil)
	steps("it is back", 1)
	steps("nothing changed since", 0)

	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	p.look = time.Millisecond
	h.fails(errors.New("away again"))
	<-h.came // of the steps above
	go func() { done <- p.Run(ctx) }()
	<-h.came
	h.fails(nil)
	for len(logged.FilterMessage("the fallback host takes the plan again").All()) == 0 {
		<-h.came
		k.later(10 * time.Minute)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Run = %v", err)
	}
	for range 3 { // nobody listens any more, and nobody waits for it
		p.Tell(hotline.DutyChanged{})
	}
	if warned := logged.FilterLevelExact(zapcore.WarnLevel).Len(); warned != 1 {
		t.Errorf("a host that is away is warned of %d times, want once", warned)
	}
	for _, entry := range logged.All() {
		if strings.Contains(fmt.Sprint(entry.Message, entry.Context), "4530000") {
			t.Error("the log holds a number")
		}
	}
}

func userNamed(k *keeper, name string) hotline.User {
	staff, err := k.store.Staff(k.t.Context())
	if err != nil {
		k.t.Fatal(err)
	}
	return staff[slices.IndexFunc(staff, func(u hotline.User) bool { return u.Name == name })]
}

// gauge is when the host last took a plan, by the figures.
func gauge(t *testing.T, reg *prometheus.Registry) float64 {
	families, err := reg.Gather()
	if err != nil || len(families) != 1 || families[0].GetName() != "hotline_fallback_pushed_at" {
		t.Fatalf("figures = %v, %v", families, err)
	}
	return families[0].GetMetric()[0].GetGauge().GetValue()
}
