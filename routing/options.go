package routing

import "time"

// Options are the router's times and sizes. The zero value of each means its default.
type Options struct {
	Prefix    string        // the hash tag of all keys ("hopeline"); an organisation or a test has its own
	Reach     time.Duration // how long after a console was last seen its user is still asked (30 s)
	Reload    time.Duration // how long after her last console closed, since she may only load the page again (5 s)
	Sweep     time.Duration // how often the clock is looked at (1 s)
	Reconcile time.Duration // how often SQL is compared with the index (30 s)
	Direct    time.Duration // how long Redis may be away before contacts are matched from SQL (5 s)
	Lease     time.Duration // after what time somebody else does what a process left undone (5 s)
	Wait      time.Duration // how long one call to Redis may take (1 s)
	Offers    int           // how many offers are made at once, so that they share a commit (16)
	Inbox     int           // how many contacts or users may have changed unread before everything is read anew (8192)

	// OnDegraded is told when Redis is given up (true) and when it is back (false). It must not block.
	OnDegraded func(degraded bool)
}

func (o Options) orDefaults() Options {
	if o.Prefix == "" {
		o.Prefix = "hopeline"
	}
	for _, d := range []struct {
		set   *time.Duration
		usual time.Duration
	}{
		{&o.Reach, 30 * time.Second}, {&o.Reload, 5 * time.Second}, {&o.Sweep, time.Second}, {&o.Reconcile, 30 * time.Second},
		{&o.Direct, 5 * time.Second}, {&o.Lease, 5 * time.Second}, {&o.Wait, time.Second},
	} {
		if *d.set <= 0 {
			*d.set = d.usual
		}
	}
	o.Reload = min(o.Reload, o.Reach)
	if o.Offers <= 0 {
		o.Offers = 16
	}
	if o.Inbox <= 0 {
		o.Inbox = 8192
	}
	if o.OnDegraded == nil {
		o.OnDegraded = func(bool) {}
	}
	return o
}
