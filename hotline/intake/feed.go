package intake

import (
	"sync"

	"hopeline/hotline"
)

// Feed passes what happened on to everybody who has to know, in the order in which it was committed. A listener must
// not block: it takes the notice into a bounded queue of its own, and reads everything anew when that overflows.
type Feed struct {
	mu        sync.Mutex
	listeners []func(hotline.Notice)
}

// Listen adds a listener.
func (f *Feed) Listen(to func(hotline.Notice)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.listeners = append(f.listeners, to)
}

// Tell passes a notice on.
func (f *Feed) Tell(n hotline.Notice) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, to := range f.listeners {
		to(n)
	}
}
