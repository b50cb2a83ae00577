package routing

import (
	"context"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"hopeline/hotline"
)

// sweep looks at everything that nobody tells: the clock, claims of whoever died, laps that are over, users who fell
// silent; and repeats what may have been lost.
func (r *Router) sweep(ctx context.Context) error {
	if err := r.check(ctx); err != nil {
		return err
	}
	if err := r.clock(ctx); err != nil {
		return err
	}
	if err := r.silence(ctx); err != nil {
		return err
	}
	if r.missed {
		if err := r.compare(ctx); err != nil {
			return err
		}
	}
	return r.turn(ctx)
}

// check compares the index with what it was built for: another generation, or another run of the server, which may
// have forgotten the last writes.
func (r *Router) check(ctx context.Context) error {
	s, run, err := r.index.state(ctx)
	if err != nil {
		return err
	}
	if s.generation != r.generation || s.run != run {
		return errStale
	}
	r.built = s.built
	return nil
}

// clockRounds bounds how long one sweep works on the clock: offers have to go on.
const clockRounds = 50

// clock lets happen what is due.
func (r *Router) clock(ctx context.Context) error {
	for range clockRounds {
		now := r.now()
		got, err := r.index.due(ctx, now, r.generation)
		if err != nil {
			return err
		}
		r.figures.queue(got.waiting, time.UnixMilli(got.oldest), now)
		if err := r.tick(ctx, got.contacts); err != nil {
			return err
		}
		if err := r.recover(ctx, got); err != nil {
			return err
		}
		if len(got.contacts) < batch {
			break
		}
	}
	return nil
}

// tick lets each contact do what is due. Its next time comes with the notice of the change; where SQL says that there
// is no such contact, the clock is put right here.
func (r *Router) tick(ctx context.Context, contacts []hotline.ContactID) error {
	return r.each(contacts, func(id hotline.ContactID) error {
		err := r.move(ctx, id, hotline.Ticked{At: hotline.At(r.now())})
		if err == nil || !decided(err) {
			return nil
		}
		s, _, err := r.look(ctx, id)
		if err != nil {
			return nil
		}
		return r.index.putContacts(ctx, []standing{s})
	})
}

// recover puts back what was matched by a process that died before SQL decided.
func (r *Router) recover(ctx context.Context, got reached) error {
	err := r.each(got.lost, func(id hotline.ContactID) error {
		s, _, err := r.look(ctx, id)
		if err != nil {
			return nil // the claim comes again
		}
		if err := r.index.putContacts(ctx, []standing{s}); err != nil {
			return err
		}
		return r.index.settle(ctx, id)
	})
	if err != nil {
		return err
	}
	for _, u := range got.free {
		c, err := r.candidate(ctx, u)
		if err != nil {
			continue
		}
		if err := r.index.putUsers(ctx, r.now(), []hotline.Candidate{c}); err != nil {
			return err
		}
	}
	return nil
}

// each works on several contacts side by side, so that they share a commit.
func (r *Router) each(contacts []hotline.ContactID, do func(hotline.ContactID) error) error {
	var g errgroup.Group
	g.SetLimit(r.opts.Offers)
	for _, id := range contacts {
		g.Go(func() error { return do(id) })
	}
	return g.Wait()
}

// move lets SQL decide on an event. An error that is no answer is logged, and the sweep repeats the event.
func (r *Router) move(ctx context.Context, id hotline.ContactID, e hotline.Event) error {
	err := r.desk.Move(ctx, id, e)
	if err != nil && !decided(err) && ctx.Err() == nil {
		r.log.Warn("contact could not be moved", zap.String("event", e.Name()), zap.Error(err))
	}
	return err
}

// known is since when somebody who was not seen may be missed.
func (r *Router) known() time.Time { return latest(r.presence.listens(), r.built) }

// asleep is how long ago somebody was seen who sleeps: who closed her console counts as seen earlier.
func (r *Router) asleep() time.Duration { return r.rules.Asleep + r.opts.Reach - r.opts.Reload }

// silence finds users who fell silent, contacts of which everybody was asked, and those for whom nobody fits.
func (r *Router) silence(ctx context.Context) error {
	now := r.now()
	asked, lapping, err := r.index.asked(ctx)
	if err != nil || len(asked)+len(lapping)+len(r.owners) == 0 {
		return err
	}
	seen, err := r.index.seenSince(ctx, now.Add(-max(r.opts.Reach, r.asleep())))
	if err != nil {
		return err
	}
	last := func(u hotline.UserID) time.Time { return latest(seen[u], r.presence.lastSeen(u)) }
	// A router that just started, or an index that was just built, may not know yet who is there.
	r.fallSilent(ctx, now, asked, func(u hotline.UserID) time.Time { return latest(last(u), r.known()) })
	if len(lapping) == 0 {
		return nil
	}
	users, err := r.index.onDuty(ctx)
	if err != nil {
		return err
	}
	fresh := func(u hotline.UserID) bool { return !last(u).Before(now.Add(-r.opts.Reach)) }
	var over []hotline.ContactID
	for _, w := range lapping {
		if lapOver(w, users, fresh) {
			over = append(over, w.ID)
		}
	}
	r.rest(ctx, over)
	r.tellUnfit(ctx, lapping, users, fresh)
	return nil
}

// tellUnfit lets supervisors know of contacts for whom nobody fits.
func (r *Router) tellUnfit(ctx context.Context, waiting []hotline.Waiting, users []hotline.Candidate, fresh func(hotline.UserID) bool) {
	var unfit []hotline.ContactID
	for _, w := range waiting {
		if nobodyFits(w, users, fresh) {
			unfit = append(unfit, w.ID)
		}
	}
	r.each(unfit, func(id hotline.ContactID) error {
		r.move(ctx, id, hotline.NobodyFits{At: hotline.At(r.now())}) // what went wrong is logged, and comes again
		return nil
	})
}

// rest ends the laps of contacts of which everybody was asked.
func (r *Router) rest(ctx context.Context, over []hotline.ContactID) {
	r.each(over, func(id hotline.ContactID) error {
		if r.move(ctx, id, hotline.LapOver{At: hotline.At(r.now())}) == nil {
			r.figures.laps.Inc()
		}
		return nil
	})
}

// fallSilent withdraws what is held out to users whom nobody can reach, and gives back what sleeping owners left
// unanswered. Last tells when a user was last reachable.
func (r *Router) fallSilent(ctx context.Context, now time.Time, asked []hotline.UserID, last func(hotline.UserID) time.Time) {
	silent := make(map[hotline.UserID]time.Time)
	for _, u := range asked {
		if now.Sub(last(u)) <= r.opts.Reach {
			continue
		}
		// What rings her phone stands, and she stays silent: that is no reason to ask SQL with every sweep.
		at, was := r.silent[u]
		if !was || now.Sub(at) >= r.opts.Reach {
			at, was = now, r.withdraw(ctx, now, u)
		}
		if was {
			silent[u] = at
		}
	}
	r.silent = silent
	for u := range r.owners {
		if at := last(u); now.Sub(at) <= r.rules.Asleep || now.Sub(at) <= r.asleep() && at != r.known() {
			continue
		}
		held, _ := r.held(ctx, u)
		for _, id := range held.Awaiting {
			r.move(ctx, id, hotline.OwnerAsleep{At: hotline.At(now), Owner: u})
		}
		delete(r.owners, u) // the next word to her, or the next comparison, brings her back
	}
}

// withdraw takes back what is held out to a user whom nobody can reach, and tells whether SQL answered. What rings her
// phone does not hang on her console, and SQL lets it be.
func (r *Router) withdraw(ctx context.Context, now time.Time, u hotline.UserID) bool {
	held, ok := r.held(ctx, u)
	for _, id := range held.Offered {
		if err := r.move(ctx, id, hotline.Unreachable{At: hotline.At(now), User: u}); err != nil && !decided(err) {
			ok = false
		}
	}
	if ok && len(held.Offered) == 0 {
		r.Tell(hotline.OfferEnded{User: u}) // the index was wrong: read her again
	}
	return ok
}

func (r *Router) held(ctx context.Context, u hotline.UserID) (hotline.Held, bool) {
	held, err := r.desk.Held(ctx, u)
	if err != nil {
		r.unread(ctx, err)
	}
	return held, err == nil
}

func latest(times ...time.Time) time.Time {
	var last time.Time
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}
