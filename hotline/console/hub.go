package console

import (
	"sync"

	"hopeline/hotline"
)

// hub knows every open socket.
type hub struct {
	served  sync.WaitGroup // connections; counted under mu, so that nobody comes after close
	changed chan struct{}  // holds one token while touched is not empty

	mu      sync.RWMutex
	byUser  map[hotline.UserID][]*connection // oldest first
	count   int
	touched map[hotline.UserID]bool // users whose sockets came or went since Presence was told
	closing bool
}

func newHub() *hub {
	return &hub{
		byUser: map[hotline.UserID][]*connection{}, touched: map[hotline.UserID]bool{}, changed: make(chan struct{}, 1),
	}
}

// add takes a connection in. Too many of one user: the oldest one makes place. False: the house is full, or closing.
func (h *hub) add(c *connection) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	l := c.console.limits
	if h.closing || h.count >= l.everyone {
		return false
	}
	h.served.Add(1)
	h.count++
	c.console.figures.sockets.Inc()
	user := c.user()
	all := append(h.byUser[user], c)
	h.byUser[user] = all
	for _, old := range all[:max(0, len(all)-l.sockets)] {
		old.finish(endReplaced)
	}
	h.touch(user)
	return true
}

// full tells whether nobody more can be let in, before anything is done for them.
func (h *hub) full(l limits) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.closing || h.count >= l.everyone
}

// remove forgets a connection, as its last act.
func (h *hub) remove(c *connection) {
	h.mu.Lock()
	defer h.mu.Unlock()
	user := c.user()
	left := make([]*connection, 0, len(h.byUser[user]))
	for _, other := range h.byUser[user] {
		if other != c {
			left = append(left, other)
		}
	}
	h.byUser[user] = left
	if len(left) == 0 {
		delete(h.byUser, user)
	}
	h.count--
	c.console.figures.sockets.Dec()
	h.touch(user)
	h.served.Done()
}

// touch needs the lock.
func (h *hub) touch(user hotline.UserID) {
	h.touched[user] = true
	nudge(h.changed)
}

// close lets nobody in any more, and gives who is in.
func (h *hub) close() []*connection {
	h.mu.Lock()
	h.closing = true
	h.mu.Unlock()
	return h.all()
}

func (h *hub) all() []*connection {
	h.mu.RLock()
	defer h.mu.RUnlock()
	all := make([]*connection, 0, h.count)
	for _, some := range h.byUser {
		all = append(all, some...)
	}
	return all
}

// of are a user's connections.
func (h *hub) of(user hotline.UserID) []*connection {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return append([]*connection(nil), h.byUser[user]...)
}

// users are all who have a socket.
func (h *hub) users() []hotline.UserID {
	h.mu.RLock()
	defer h.mu.RUnlock()
	users := make([]hotline.UserID, 0, len(h.byUser))
	for u := range h.byUser {
		users = append(users, u)
	}
	return users
}

// moved gives each user whose sockets came or went since it was last asked, and whether one is open now.
func (h *hub) moved() map[hotline.UserID]bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	moved := make(map[hotline.UserID]bool, len(h.touched))
	for u := range h.touched {
		moved[u] = len(h.byUser[u]) > 0
	}
	clear(h.touched)
	return moved
}

// endSession ends every socket of one session.
func (h *hub) endSession(token string) {
	for _, c := range h.all() {
		if c.session == token {
			c.finish(endSignedOut)
		}
	}
}
