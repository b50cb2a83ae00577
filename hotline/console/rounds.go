package console

import (
	"context"
	"errors"
	"time"

	"hopeline/hotline"
)

// count tells how many wait, when that may have changed, and not too often.
func (k *Console) count(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-k.recount:
		}
		k.tellQueue(ctx)
		rest := time.NewTimer(k.limits.queue)
		select {
		case <-ctx.Done():
			rest.Stop()
			return
		case <-rest.C:
		}
	}
}

func (k *Console) tellQueue(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, k.limits.command)
	defer cancel()
	q, err := k.parts.Rooms.Queue(ctx)
	if err != nil {
		nudge(k.recount) // the database is away: ask again at the next turn
		return
	}
	k.toAll(eventFrame(queueOf(q, k.cfg.Now())))
}

func (k *Console) toAll(f frame) {
	for _, c := range k.hub.all() {
		c.put(f)
	}
}

// attend tells Presence who is here, at once when somebody comes or goes, and listens whether Redis is away. One
// goroutine does it, so that a page that is reloaded is never told as gone after it came back.
func (k *Console) attend(ctx context.Context) {
	seen, look := time.NewTicker(k.limits.seen), time.NewTicker(k.limits.degraded)
	defer seen.Stop()
	defer look.Stop()
	k.lookAtSystem()
	for {
		select {
		case <-ctx.Done():
			return
		case <-k.hub.changed:
			k.tellMoved()
		case <-seen.C:
			for _, u := range k.hub.users() {
				k.parts.Presence.Seen(u)
			}
		case <-look.C:
			k.lookAtSystem()
		}
	}
}

func (k *Console) tellMoved() {
	for u, here := range k.hub.moved() {
		if here {
			k.parts.Presence.Seen(u)
		} else {
			k.parts.Presence.Gone(u)
		}
	}
}

func (k *Console) lookAtSystem() {
	if slower := k.parts.Presence.Degraded(); k.slower.Swap(slower) != slower {
		k.toAll(eventFrame(SystemChanged{Degraded: slower}))
	}
}

// checkSessions ends the sockets whose session was ended elsewhere: by a log-out in another process, or by the command
// line.
func (k *Console) checkSessions(ctx context.Context) {
	tick := time.NewTicker(k.limits.session)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-k.resession:
		case <-tick.C:
		}
		k.sweepSessions(ctx)
	}
}

func (k *Console) sweepSessions(ctx context.Context) {
	sessions := map[string][]*connection{}
	for _, c := range k.hub.all() {
		sessions[c.session] = append(sessions[c.session], c)
	}
	for token, sockets := range sessions {
		if ctx.Err() != nil {
			return
		}
		v, err := k.enter(ctx, token)
		for _, c := range sockets {
			switch {
			case err == nil:
				c.changed(v.User)
			case over(err):
				c.finish(endSignedOut)
			}
		}
	}
}

// over tells whether an error says that a session is no more, and not just that nobody could look.
func over(err error) bool {
	return errors.Is(err, hotline.ErrForbidden) || errors.Is(err, hotline.ErrNotFound)
}

// errEnrol: the session may only set up a second factor.
var errEnrol = hotline.Say(hotline.ErrForbidden, "Set up the second factor first.")

// enter is the viewer of a session that may use the console.
func (k *Console) enter(ctx context.Context, token string) (hotline.Viewer, error) {
	ctx, cancel := context.WithTimeout(ctx, k.limits.command)
	defer cancel()
	v, enrol, err := k.parts.Doors.Session(ctx, token)
	if err == nil && enrol {
		return v, errEnrol
	}
	return v, err
}
