package console

import "sync"

// outgoing are the frames that wait for a socket's writer. Whoever puts one never waits; the queue says when it is full.
//
// While a hello is being read from the database events are held back, so that none that is newer than what the hello
// says goes out before it: the page replaces all it knows by the hello, and would lose them.
type outgoing struct {
	wake chan struct{} // holds one token while there is something to write
	most int
	size int // bytes

	mu    sync.Mutex
	ready []frame
	held  []frame
	hold  bool
	bytes int
}

func newOutgoing(l limits) *outgoing {
	return &outgoing{wake: make(chan struct{}, 1), most: l.queued, size: l.bytes, hold: true}
}

// put adds a frame. False: there is no room, and nothing was added.
func (o *outgoing) put(f frame) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := len(o.ready) + len(o.held)
	if n >= o.most || n > 0 && o.bytes+len(f.body) > o.size {
		return false
	}
	o.bytes += len(f.body)
	if o.hold && f.event != "" {
		o.held = append(o.held, f)
		return true
	}
	o.ready = append(o.ready, f)
	nudge(o.wake)
	return true
}

// stop holds events back from now on.
func (o *outgoing) stop() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.hold = true
}

// greet puts a hello before all events that were held back, and lets them go.
func (o *outgoing) greet(hello frame) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.bytes += len(hello.body)
	o.ready = append(append(o.ready, hello), o.held...)
	o.hold, o.held = false, nil
	nudge(o.wake)
}

// take gives all that is ready, in order, and forgets it.
func (o *outgoing) take() []frame {
	o.mu.Lock()
	defer o.mu.Unlock()
	taken := o.ready
	o.ready = nil
	for _, f := range taken {
		o.bytes -= len(f.body)
	}
	return taken
}
