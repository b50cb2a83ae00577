package auth

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

const password = "correct horse battery"

func hashed(t testing.TB, h *Hasher, password string) string {
	t.Helper()
	phc, err := h.Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	return phc
}

func TestAPasswordFitsItsHashOnly(t *testing.T) {
	t.Parallel()
	h := NewHasher(CheapCost)
	phc := hashed(t, h, password)
	danish := hashed(t, h, "rødgrød på gård")
	for _, c := range []struct {
		name, phc, password string
		want                bool
	}{
		{"right", phc, password, true},
		{"wrong", phc, "correct horse batterz", false},
		{"longer", phc, password + " ", false},
		{"empty", phc, "", false},
		{"far too long", phc, strings.Repeat("x", 2000), false},
		{"no account", "", password, false},
		{"no account, no password", "", "", false},
		{"å as two characters", danish, "rødgrød pa\u030a ga\u030ard", true},
		// A published vector of the reference implementation.
		{"hash made elsewhere", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "password", true},
	} {
		if got, err := h.Check(t.Context(), c.phc, c.password); got != c.want || err != nil {
			t.Errorf("%s: Check = %v, %v, want %v", c.name, got, err, c.want)
		}
	}
}

func TestHashSaltsAndWritesItsCost(t *testing.T) {
	t.Parallel()
	h := NewHasher(CheapCost)
	one, two := hashed(t, h, password), hashed(t, h, password)
	if one == two {
		t.Error("two hashes of one password are the same")
	}
	if !strings.HasPrefix(one, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Errorf("Hash = %s, want the prefix of PHC and the cost", one[:28])
	}
	if _, err := h.Hash(t.Context(), "short"); err != ErrShort {
		t.Errorf("Hash(short) = %v, want ErrShort", err)
	}
}

func TestAHashOfAnotherCostIsCheckedAtItsOwn(t *testing.T) {
	t.Parallel()
	phc := hashed(t, NewHasher(Cost{Memory: 128, Time: 2, Threads: 2}), password)
	if ok, err := NewHasher(CheapCost).Check(t.Context(), phc, password); !ok || err != nil {
		t.Errorf("Check = %v, %v, want true", ok, err)
	}
}

func TestADamagedHashIsAnErrorThatShowsNothing(t *testing.T) {
	t.Parallel()
	h := NewHasher(CheapCost)
	phc := hashed(t, h, password)
	parts := strings.Split(phc, "$")
	for name, bad := range map[string]string{
		"cut":            phc[:len(phc)-30],
		"not a hash":     "correct horse battery",
		"other function": strings.Replace(phc, "argon2id", "argon2i", 1),
		"other version":  strings.Replace(phc, "v=19", "v=16", 1),
		"no memory":      strings.Replace(phc, "m=64", "m=0", 1),
		"all memory":     strings.Replace(phc, "m=64", "m=4294967295", 1),
		"too many times": strings.Replace(phc, "t=1", "t=11", 1),
		"no threads":     strings.Replace(phc, "p=1", "p=0", 1),
		"odd number":     strings.Replace(phc, "m=64", "m=064", 1),
		"no salt":        strings.Replace(phc, parts[4], "", 1),
		"not base64":     strings.Replace(phc, parts[4], "!"+parts[4][1:], 1),
		"no sum":         strings.Replace(phc, parts[5], "", 1),
		"trailing":       phc + "$",
	} {
		ok, err := h.Check(t.Context(), bad, password)
		if ok || err == nil {
			t.Errorf("Check(%s) = %v, %v, want an error", name, ok, err)
		}
		if err != nil && strings.Contains(err.Error(), parts[5]) {
			t.Errorf("Check(%s) shows the hash", name)
		}
	}
}

func TestNoMoreThanTwoHashAtOnceAndTheThirdMayGiveUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := NewHasher(CheapCost)
		h.seats <- struct{}{}
		h.seats <- struct{}{}
		ctx, cancel := context.WithCancel(t.Context())
		var waiting, staying sync.WaitGroup
		waiting.Go(func() {
			if _, err := h.Hash(ctx, password); !errors.Is(err, context.Canceled) {
				t.Errorf("Hash while two hash, given up = %v, want canceled", err)
			}
		})
		done := false
		staying.Go(func() {
			_, err := h.Check(t.Context(), "", password)
			done = err == nil
		})
		synctest.Wait()
		if done {
			t.Error("a third was hashed while two were")
		}
		cancel()
		waiting.Wait()
		<-h.seats
		staying.Wait()
		if !done {
			t.Error("the third was not hashed when a seat was free")
		}
		if len(h.seats) != 1 {
			t.Errorf("%d seats taken at the end, want 1", len(h.seats))
		}
	})
}

func TestAnEndedContextHashesNothing(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := NewHasher(CheapCost).Check(ctx, "", password); !errors.Is(err, context.Canceled) {
		t.Errorf("Check = %v, want canceled", err)
	}
}

func FuzzParseDigest(f *testing.F) {
	phc, err := NewHasher(CheapCost).Hash(f.Context(), password)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{phc, "", "$$$$$", phc[:40], strings.Replace(phc, "m=64", "m=99999999999", 1)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, phc string) {
		d, err := parseDigest(phc)
		if err != nil {
			return
		}
		if d.String() != phc {
			t.Errorf("parseDigest(%q).String() = %q", phc, d.String())
		}
		if d.cost.Memory > maxMemory || d.cost.Time > maxTime || d.cost.Threads > maxThreads || d.cost.Time < 1 || d.cost.Threads < 1 {
			t.Errorf("parseDigest(%q) lets %+v pass", phc, d.cost)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	h := NewHasher(DefaultCost)
	phc := hashed(b, h, password)
	for _, c := range []struct{ name, phc string }{{"account", phc}, {"nobody", ""}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if ok, err := h.Check(b.Context(), c.phc, password); ok != (c.phc != "") || err != nil {
					b.Fatal(ok, err)
				}
			}
		})
	}
}
