package console

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"hopeline/hotline"
)

// ending is why a connection is closed: a code of the protocol and a word for whoever looks at the wire.
type ending struct {
	code int
	word string
	rest bool // what waits to be written and done is written and done first
}

// The endings of the protocol, and three of the websocket's own after which a page simply connects again.
var (
	endSignedOut = ending{4001, "signed out", false}
	endSlow      = ending{4002, "too slow", false}
	endReplaced  = ending{4003, "replaced", false}
	endFrame     = ending{4004, "bad frame", false}
	endAway      = ending{websocket.CloseGoingAway, "going away", true}
	endRights    = ending{websocket.CloseServiceRestart, "other rights", false}
	endLater     = ending{websocket.CloseTryAgainLater, "try again later", false}
	endGone      = ending{0, "gone", false} // the line is dead; nothing is said
)

// connection is one socket of one user. Three goroutines at most know it: the reader, the writer, and its inbox's worker
// while there is work. Only the writer writes data.
type connection struct {
	console *Console
	socket  *websocket.Conn
	session string // the token of the session
	viewer  atomic.Pointer[hotline.Viewer]
	out     *outgoing
	in      inbox
	pace    *rate.Limiter
	asked   atomic.Bool           // a hello is asked for and not yet begun
	sound   atomic.Pointer[Sound] // nil: the page has not said

	ended chan struct{} // closed once end is set

	mu     sync.Mutex
	end    *ending
	closed bool                      // a goodbye was written; only the other side's is awaited
	opened map[hotline.ContactID]int // when each was opened last, counted by opens
	opens  int
}

func newConnection(k *Console, socket *websocket.Conn, session string, v hotline.Viewer) *connection {
	c := &connection{
		console: k, socket: socket, session: session, out: newOutgoing(k.limits), in: inbox{most: k.limits.inbox},
		pace: rate.NewLimiter(rate.Limit(k.limits.commands), k.limits.burst), ended: make(chan struct{}),
	}
	c.viewer.Store(&v)
	return c
}

// user is the user whose socket it is; it never changes.
func (c *connection) user() hotline.UserID { return c.viewer.Load().ID }

// serve reads until the connection ends, and waits for all that belongs to it.
func (c *connection) serve() {
	var writer sync.WaitGroup
	writer.Go(c.write)
	c.refresh()
	c.read()
	c.finish(endGone)
	c.in.wait()
	writer.Wait()
	c.console.hub.remove(c)
}

// finish ends the connection, once; the first reason stands.
func (c *connection) finish(e ending) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.end != nil {
		return
	}
	c.end = &e
	if e.code >= 4000 {
		c.in.empty()
	}
	close(c.ended)
	c.console.figures.closed(e)
}

// leave ends the connection after the commands it has in hand.
func (c *connection) leave(e ending) { c.in.last(func() { c.finish(e) }) }

// cut ends the connection's line at once.
func (c *connection) cut() {
	c.finish(endGone)
	c.socket.Close()
}

// put queues a frame. A page that does not keep up is closed: it connects again and sees everything in a hello.
func (c *connection) put(f frame) {
	if !c.out.put(f) {
		c.finish(endSlow)
	}
}

// open remembers that this page shows the contact's words, so that it is told what is new in them. It tells whether
// that was not so before.
func (c *connection) open(id hotline.ContactID) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := c.opened[id]
	if c.opened == nil {
		c.opened = map[hotline.ContactID]int{}
	}
	c.opens++
	c.opened[id] = c.opens
	if len(c.opened) > maxOpened {
		c.forgetOldest()
	}
	return before == 0
}

// maxOpened bounds the memory of a page that opens one contact after another.
const maxOpened = 1000

// forgetOldest needs the lock.
func (c *connection) forgetOldest() {
	var oldest hotline.ContactID
	least := c.opens
	for id, when := range c.opened {
		if when < least {
			oldest, least = id, when
		}
	}
	delete(c.opened, oldest)
}

// forget: the contact could not be opened after all.
func (c *connection) forget(id hotline.ContactID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.opened, id)
}

// follows tells whether this page shows the contact's words: all that are the user's own, and what was opened in it.
func (c *connection) follows(contact hotline.Contact) bool {
	v := c.viewer.Load()
	if !v.ReadsWords(contact) {
		return false
	}
	if contact.Live() && contact.Owner == v.ID {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.opened[contact.ID] > 0
}

// deadline lets the line be quiet until d from now, unless a goodbye was written.
func (c *connection) deadline(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.socket.SetReadDeadline(time.Now().Add(d)) // fails only on a line that is dead, which the next read tells
	}
}

// read takes frames until the line ends.
func (c *connection) read() {
	defer c.socket.Close()
	wait := c.console.limits.pong
	c.deadline(wait)
	c.socket.SetPongHandler(func(string) error {
		c.deadline(wait)
		return nil
	})
	for {
		kind, r, err := c.socket.NextReader()
		if err != nil {
			return
		}
		raw, err := readFrame(r)
		if err != nil && err != errFrame {
			return
		}
		c.deadline(wait)
		if err != nil || kind != websocket.TextMessage {
			c.finish(endFrame)
			continue
		}
		c.receive(raw)
	}
}

// receive gives a frame to the worker, or refuses it.
func (c *connection) receive(raw []byte) {
	select {
	case <-c.ended:
		return
	default:
	}
	a, err := parse(raw)
	switch {
	case err != nil:
		c.finish(endFrame)
	case !c.pace.Allow(), !c.in.put(func() { c.answer(a) }, false):
		c.put(c.console.refused(a, errTooFast))
	}
}

// write puts frames on the line until the connection ends, and pings it.
func (c *connection) write() {
	ping := time.NewTicker(c.console.limits.ping)
	defer ping.Stop()
	w := writer{c: c}
	for {
		ok := true
		select {
		case <-c.ended:
			w.goodbye()
			return
		case <-c.out.wake:
			ok = w.flush()
		case <-ping.C:
			ok = c.socket.WriteControl(websocket.PingMessage, nil, time.Now().Add(c.console.limits.write)) == nil
		}
		if !ok {
			c.cut()
			return
		}
	}
}

// writer counts the events of one connection.
type writer struct {
	c   *connection
	seq int64
}

// flush writes what is ready. It stops early, without a fault, when the connection ends.
func (w *writer) flush() bool {
	for _, f := range w.c.out.take() {
		select {
		case <-w.c.ended:
			if !w.c.end.rest {
				return true
			}
		default:
		}
		if !w.frame(f) {
			return false
		}
	}
	return true
}

func (w *writer) frame(f frame) bool {
	buf := w.c.console.buffers.Get().(*[]byte)
	defer w.c.console.buffers.Put(buf)
	if f.event != "" {
		w.seq++
	}
	*buf = f.number((*buf)[:0], w.seq)
	// A list of thousands may take longer on a thin line than a message does.
	patience := w.c.console.limits.write + time.Duration(len(*buf)>>16)*time.Second
	w.c.socket.SetWriteDeadline(time.Now().Add(patience)) // fails only on a dead line, which the write tells
	err := w.c.socket.WriteMessage(websocket.TextMessage, *buf)
	if cap(*buf) > maxFrame {
		*buf = nil // a rare long list is not worth keeping
	}
	return err == nil
}

// goodbye says why, and gives the other side a moment to say the same, so that the word is not lost with the line.
func (w *writer) goodbye() {
	e := *w.c.end
	if e.code == 0 || e.rest && !w.flush() {
		w.c.socket.Close()
		return
	}
	l := w.c.console.limits
	message := websocket.FormatCloseMessage(e.code, e.word)
	err := w.c.socket.WriteControl(websocket.CloseMessage, message, time.Now().Add(l.write))
	if err != nil {
		w.c.socket.Close()
		return
	}
	w.c.mu.Lock()
	defer w.c.mu.Unlock()
	w.c.closed = true
	w.c.socket.SetReadDeadline(time.Now().Add(l.linger))
}
