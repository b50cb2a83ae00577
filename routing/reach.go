package routing

import (
	"context"
	"time"

	"hopeline/hotline"
)

// SeenSince gives those who had a console open at some moment since then, on any process, and tells whether that is all
// of them. It is not while this process has not listened for that long, and while Redis does not answer and is not given
// up yet. While Redis is away it is what this process knows.
func (r *Router) SeenSince(ctx context.Context, since time.Time) (seen map[hotline.UserID]bool, all bool) {
	seen = map[hotline.UserID]bool{}
	for _, s := range r.presence.all() {
		if !s.at.Before(since) {
			seen[s.user] = true
		}
	}
	listens := r.presence.listens()
	all = !listens.IsZero() && !listens.After(since)
	if r.Degraded() {
		return seen, all
	}
	others, err := r.index.seenSince(ctx, since)
	for u := range others {
		seen[u] = true
	}
	return seen, all && err == nil
}
