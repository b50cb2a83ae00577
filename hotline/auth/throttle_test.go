package auth

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	ann    = "ann@example.org"
	home   = "192.0.2.7"
	abroad = "198.51.100.9"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// refused tries until it is refused, at most 1,000 times, and returns how many
// tries went before and the pause asked for.
func refused(throttle *Throttle, account, ip string, now time.Time) (tries int, pause time.Duration) {
	for ; tries < 1000; tries++ {
		if pause, ok := throttle.Allow(account, ip, now); !ok {
			return tries, pause
		}
	}
	return tries, 0
}

func allows(throttle *Throttle, account, ip string, now time.Time) bool {
	_, ok := throttle.Allow(account, ip, now)
	return ok
}

func TestQuickTriesThenGrowingPauses(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	now := noon
	tries, pause := refused(throttle, ann, home, now)
	if tries != quickTries {
		t.Errorf("%d quick tries, want %d", tries, quickTries)
	}
	var pauses []time.Duration
	for range 7 {
		pauses = append(pauses, pause/time.Second)
		if allows(throttle, ann, home, now.Add(pause-time.Second)) {
			t.Errorf("allowed a second before the pause of %v was over", pause)
		}
		now = now.Add(pause)
		if tries, pause = refused(throttle, ann, home, now); tries != 1 {
			t.Errorf("%d tries after a pause, want 1", tries)
		}
	}
	if want := []time.Duration{10, 20, 40, 80, 160, 300, 300}; !slices.Equal(pauses, want) {
		t.Errorf("pauses = %v s, want %v", pauses, want)
	}
	if tries, _ := refused(throttle, ann, home, now.Add(time.Hour)); tries != quickTries {
		t.Errorf("%d quick tries an hour later, want %d", tries, quickTries)
	}
}

func TestPatientGuessingIsSlowedToo(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	taken := 0
	for now := noon; now.Before(noon.Add(24 * time.Hour)); now = now.Add(10 * time.Second) {
		if allows(throttle, ann, home, now) {
			taken++
		}
	}
	if taken > 310 {
		t.Errorf("%d tries in a day at one each 10 s, want about one each 5 min", taken)
	}
}

func TestSuccessForgetsFailures(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	refused(throttle, ann, home, noon)
	throttle.Succeeded("other@example.org", home)
	throttle.Succeeded(ann, abroad)
	if allows(throttle, ann, home, noon) {
		t.Error("success of another account or from elsewhere lifted the pause")
	}
	throttle.Succeeded(ann, home)
	if tries, _ := refused(throttle, ann, home, noon); tries != quickTries {
		t.Errorf("%d quick tries after success, want %d", tries, quickTries)
	}
}

func TestSpellingsOfOneAccountOrNetworkShareTheirTries(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		account, ip string
		same        bool
	}{
		{ann, home, true},
		{" ANN@Example.org ", home, true},
		{ann, home + ":5123", true},
		{ann, "::ffff:" + home, true},
		{ann, "192.0.2.8", false},
		{"bo@example.org", home, false},
		{"", home, false},
		{ann, "", false},
	} {
		throttle := NewThrottle()
		refused(throttle, ann, home, noon)
		if got := !allows(throttle, c.account, c.ip, noon); got != c.same {
			t.Errorf("throttled as %q from %q = %v, want %v", c.account, c.ip, got, c.same)
		}
	}
}

func TestAnIPv6HouseholdIsOneNetwork(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	refused(throttle, ann, "2001:db8:1:2::1", noon)
	if allows(throttle, ann, "2001:db8:1:2:ffff::9", noon) {
		t.Error("another address of the same /64 was allowed")
	}
	if !allows(throttle, ann, "2001:db8:1:3::1", noon) {
		t.Error("another /64 was not allowed")
	}
}

func TestHammeringAnAccountFromOneNetworkKeepsNobodyElseOut(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	now := noon
	for range 10_000 {
		throttle.Allow(ann, abroad, now)
		now = now.Add(100 * time.Millisecond)
	}
	if !allows(throttle, ann, home, now) {
		t.Error("a network that never tried is throttled for another's tries")
	}
}

func TestAnAttackFromEverywhereSlowsNewPlacesOnly(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	throttle.Succeeded(ann, home)
	now := noon
	taken := 0
	for i := range 6000 { // ten minutes, ten a second, each from another neighbourhood
		if allows(throttle, ann, fmt.Sprintf("100.%d.%d.1", 64+i/256, i%256), now) {
			taken++
		}
		now = now.Add(100 * time.Millisecond)
	}
	if taken < 30 || taken > 30+10*30+1 {
		t.Errorf("%d tries of 6000 allowed, want 30 and then 30 a minute", taken)
	}
	throttle.Allow(ann, "203.0.113.1", now) // may take what came in since
	if pause, ok := throttle.Allow(ann, abroad, now); ok || pause > 2*time.Second {
		t.Errorf("a new place: Allow = %v, %v, want a short pause", pause, ok)
	}
	if tries, _ := refused(throttle, ann, home, now); tries != quickTries {
		t.Errorf("%d tries from where she has logged in before, want %d", tries, quickTries)
	}
	if !allows(throttle, "bo@example.org", abroad, now) {
		t.Error("another account is throttled for an attack on hers")
	}
}

func TestTryingManyAccountsIsSlowedByNeighbourhood(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	throttle.Succeeded(ann, "198.51.100.200")
	taken := 0
	for i := range 1000 {
		if allows(throttle, fmt.Sprint("user", i), fmt.Sprintf("198.51.100.%d", i%100), noon) {
			taken++
		}
	}
	if taken != neighbourTries {
		t.Errorf("%d tries at once from one /24, want %d", taken, neighbourTries)
	}
	if !allows(throttle, "user", "198.51.101.1", noon) {
		t.Error("the next /24 is throttled too")
	}
	if !allows(throttle, ann, "198.51.100.200", noon) {
		t.Error("a network from which she has logged in is throttled for its neighbours")
	}
	if !allows(throttle, "user", abroad, noon.Add(time.Second)) {
		t.Error("still throttled a second later")
	}
}

func TestLoopbackHasNoNeighbourhood(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	for i := range 500 {
		if !allows(throttle, fmt.Sprint("user", i), "127.0.0.1", noon) {
			t.Fatalf("account %d on loopback is throttled for the others", i)
		}
	}
}

func TestTheThrottleStaysSmall(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	for i := range 3 * remembered {
		ip := fmt.Sprintf("10.%d.%d.1", i>>8, i&255)
		throttle.Allow(fmt.Sprint(i)+strings.Repeat("x", 100), ip, noon)
		throttle.Succeeded(fmt.Sprint(i), ip)
	}
	for name, n := range map[string]int{
		"tries": len(throttle.tries.byKey), "accounts": len(throttle.accounts.byKey), "neighbours": len(throttle.neighbours.byKey),
		"known": len(throttle.known.byKey), "order": throttle.tries.order.Len(),
	} {
		if n > remembered {
			t.Errorf("%d %s kept, want at most %d", n, name, remembered)
		}
	}
}

func TestAFloodFromOneNetworkDoesNotPushOutWhatIsKept(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	refused(throttle, ann, home, noon)
	for i := range 3 * remembered {
		throttle.Allow(fmt.Sprint(i), abroad, noon)
	}
	if allows(throttle, ann, home, noon) {
		t.Error("a flood of other accounts lifted the pause")
	}
}

func TestManyAtOnceGetNoMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	throttle := NewThrottle()
	var group sync.WaitGroup
	var mu sync.Mutex
	taken := 0
	for range 50 {
		group.Go(func() {
			if allows(throttle, ann, home, noon) {
				mu.Lock()
				taken++
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if taken != quickTries {
		t.Errorf("%d of 50 at once were allowed, want %d", taken, quickTries)
	}
}

func TestLatestDropsWhatWasUsedLongestAgo(t *testing.T) {
	t.Parallel()
	l := newLatest[int](2)
	value := func(n int) func() int { return func() int { return n } }
	l.getOr(1, value(10))
	l.getOr(2, value(20))
	l.get(1)
	l.getOr(3, value(30))
	if _, found := l.get(2); found {
		t.Error("2 is kept, want it dropped")
	}
	for key, want := range map[uint64]int{1: 10, 3: 30} {
		if got, found := l.get(key); !found || got != want {
			t.Errorf("get(%d) = %d, %v, want %d", key, got, found, want)
		}
	}
	l.drop(1)
	if got := l.getOr(1, value(11)); got != 11 {
		t.Errorf("getOr after drop = %d, want 11", got)
	}
}

func BenchmarkAllow(b *testing.B) {
	throttle := NewThrottle()
	accounts := make([]string, 1000)
	for i := range accounts {
		accounts[i] = fmt.Sprintf("user%d@example.org", i)
	}
	now, i := noon, 0
	b.ReportAllocs()
	for b.Loop() {
		throttle.Allow(accounts[i%len(accounts)], home, now)
		now = now.Add(time.Second)
		i++
	}
}
