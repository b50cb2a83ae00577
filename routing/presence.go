package routing

import (
	"sync"
	"time"

	"hopeline/hotline"
)

// presence is who has a console open on this process, and when each was last reachable. It is memory only: whoever is
// connected is told to Redis again whenever the index is built anew.
type presence struct {
	mu    sync.Mutex // guards all below
	since time.Time  // when it began to listen
	last  map[hotline.UserID]time.Time
	here  map[hotline.UserID]bool
	fresh map[hotline.UserID]bool // to be told to Redis
}

func newPresence() *presence {
	return &presence{last: make(map[hotline.UserID]time.Time), here: make(map[hotline.UserID]bool),
		fresh: make(map[hotline.UserID]bool)}
}

// begin notes that whoever is connected tells from now on.
func (p *presence) begin(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.since = now
}

// listens is since when whoever is connected tells; zero: not yet.
func (p *presence) listens() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.since
}

// seen notes that u is reachable, and tells whether that is news.
func (p *presence) seen(u hotline.UserID, now time.Time) (news bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	news = !p.here[u]
	p.last[u], p.here[u], p.fresh[u] = now, true, true
	return news
}

// gone notes that u's last console closed: as is when she counts as last seen, which is
// earlier than now: who closed it is asked for less long than who fell silent, and only in case that she loads the page
// again.
func (p *presence) gone(u hotline.UserID, as time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.here[u] {
		p.last[u], p.fresh[u] = as, true
		delete(p.here, u)
	}
}

// take gives what Redis was not yet told.
func (p *presence) take() []sighting {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]sighting, 0, len(p.fresh))
	for u := range p.fresh {
		list = append(list, sighting{u, p.last[u]})
	}
	clear(p.fresh)
	return list
}

// all gives everybody this process knows of.
func (p *presence) all() []sighting {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]sighting, 0, len(p.last))
	for u, at := range p.last {
		list = append(list, sighting{u, at})
	}
	return list
}

// lastSeen is when this process last reached u; zero when never.
func (p *presence) lastSeen(u hotline.UserID) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last[u]
}

// forget drops those who went before.
func (p *presence) forget(before time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for u, at := range p.last {
		if !p.here[u] && at.Before(before) {
			delete(p.last, u)
		}
	}
}
