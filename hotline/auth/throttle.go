package auth

import (
	"hash/maphash"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// The limits; what each is for stands in the package comment.
const (
	quickTries  = 10
	firstPause  = 10 * time.Second
	longPause   = 5 * time.Minute
	forgetAfter = time.Hour

	accountTries = 30
	accountPause = 2 * time.Second

	neighbourTries = 60
	neighbourPause = time.Second
)

// remembered is how many of each kind the throttle keeps, the latest; a few MB if
// all are in use.
const remembered = 8192

// Throttle limits how often a log-in may be tried. Its zero value is of no use.
type Throttle struct {
	seed maphash.Seed

	mu         sync.Mutex // guards what follows
	tries      *latest[*tries]
	accounts   *latest[*rate.Limiter]
	neighbours *latest[*rate.Limiter]
	known      *latest[struct{}] // where an account has logged in from; only success adds
}

// tries are those of one account from one network.
type tries struct {
	limit *rate.Limiter
	count int
	last  time.Time
}

// NewThrottle returns a Throttle that has seen nothing.
func NewThrottle() *Throttle {
	return &Throttle{
		seed:       maphash.MakeSeed(),
		tries:      newLatest[*tries](remembered),
		accounts:   newLatest[*rate.Limiter](remembered),
		neighbours: newLatest[*rate.Limiter](remembered),
		known:      newLatest[struct{}](remembered),
	}
}

// Allow says whether account may be tried from ip now, and counts the try if so.
// Else retryAfter says, in whole seconds, when to come again. account is what
// was typed, whether it exists or not, in any case of letters; ip is an address
// with or without a port.
func (t *Throttle) Allow(account, ip string, now time.Time) (retryAfter time.Duration, ok bool) {
	addr := parseIP(ip)
	key := t.key(account, network(addr))
	t.mu.Lock()
	defer t.mu.Unlock()
	var loose []*rate.Limiter
	if _, found := t.known.get(key); !found {
		// The neighbourhood first: who is stopped there fills no memory.
		if loose, retryAfter = t.neighbour(addr, now); retryAfter > 0 {
			return retryAfter, false
		}
		loose = append(loose, t.accounts.getOr(t.key(account, netip.Prefix{}), newLimiter(accountTries, accountPause)))
	}
	own := t.tries.getOr(key, newTries)
	own.forget(now)
	for _, limit := range append(loose, own.limit) {
		retryAfter = max(retryAfter, pause(limit, now))
	}
	if retryAfter > 0 {
		return retryAfter, false
	}
	for _, limit := range loose {
		limit.AllowN(now, 1)
	}
	own.add(now)
	return 0, true
}

// Succeeded forgets the failures of account from ip and remembers that it has
// logged in from there. It is called after the whole log-in, second factor
// included.
func (t *Throttle) Succeeded(account, ip string) {
	key := t.key(account, network(parseIP(ip)))
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tries.drop(key)
	t.known.getOr(key, func() struct{} { return struct{}{} })
}

// neighbour returns the limit of addr's neighbourhood, if it has one, and the
// pause it asks for. t.mu is held.
func (t *Throttle) neighbour(addr netip.Addr, now time.Time) ([]*rate.Limiter, time.Duration) {
	if addr.IsLoopback() {
		return nil, 0
	}
	limit := t.neighbours.getOr(t.key("", neighbourhood(addr)), newLimiter(neighbourTries, neighbourPause))
	return []*rate.Limiter{limit}, pause(limit, now)
}

// key keeps no account's name, and is as short for a long one.
func (t *Throttle) key(account string, from netip.Prefix) uint64 {
	type pair struct {
		account string
		from    netip.Prefix
	}
	return maphash.Comparable(t.seed, pair{strings.ToLower(strings.TrimSpace(account)), from})
}

func newLimiter(burst int, each time.Duration) func() *rate.Limiter {
	return func() *rate.Limiter { return rate.NewLimiter(rate.Every(each), burst) }
}

func newTries() *tries { return &tries{limit: newLimiter(quickTries, firstPause)()} }

// forget begins anew when the last try is long ago.
func (t *tries) forget(now time.Time) {
	if t.count > 0 && now.Sub(t.last) >= forgetAfter {
		*t = *newTries()
	}
}

// add counts a try; each after the quick ones doubles the pause before the next.
func (t *tries) add(now time.Time) {
	t.limit.AllowN(now, 1)
	t.count++
	t.last = now
	if over := t.count - quickTries; over > 0 {
		each := min(firstPause<<min(over, 10), longPause)
		t.limit.SetLimitAt(now, rate.Every(each))
	}
}

// pause is how long until limit has a token, rounded up to seconds: 0 is now.
func pause(limit *rate.Limiter, now time.Time) time.Duration {
	missing := (1 - limit.TokensAt(now)) / float64(limit.Limit())
	exact := time.Duration(missing * float64(time.Second))
	return max(0, (exact + time.Second - 1).Truncate(time.Second))
}
