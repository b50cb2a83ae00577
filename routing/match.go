package routing

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"hopeline/hotline"
)

// turn works on what the router was told, and then matches. It returns errors of Redis only; what it had in hand then
// is read again from SQL when the index is joined again.
func (r *Router) turn(ctx context.Context) error {
	contacts, users, missed := r.inbox.take()
	if err := r.index.putSeen(ctx, r.now(), r.presence.take()); err != nil {
		return err
	}
	if err := r.index.putContacts(ctx, r.standings(contacts)); err != nil {
		return err
	}
	if err := r.index.putUsers(ctx, r.now(), r.candidates(ctx, users)); err != nil {
		return err
	}
	if missed {
		if err := r.compare(ctx); err != nil {
			return err
		}
	}
	return r.match(ctx)
}

// standings gives where the contacts stand, and notes whose owners have somebody waiting for a word.
func (r *Router) standings(contacts map[hotline.ContactID]hotline.Contact) []standing {
	list := make([]standing, 0, len(contacts))
	for _, c := range contacts {
		list = append(list, stands(c, r.rules))
		if c.State == hotline.Active && !c.Unanswered.IsZero() {
			r.owners[c.Owner] = true
		}
	}
	return list
}

// candidates reads users in SQL. What cannot be read now is found by the next comparison.
func (r *Router) candidates(ctx context.Context, users map[hotline.UserID]bool) []hotline.Candidate {
	list := make([]hotline.Candidate, 0, len(users))
	for u := range users {
		c, err := r.candidate(ctx, u)
		if err != nil {
			r.unread(ctx, err)
			break
		}
		list = append(list, c)
	}
	return list
}

// candidate reads one user; whoever is not there any more is not available.
func (r *Router) candidate(ctx context.Context, u hotline.UserID) (hotline.Candidate, error) {
	c, err := r.desk.Candidate(ctx, u)
	if errors.Is(err, hotline.ErrNotFound) {
		c, err = hotline.Candidate{}, nil
	}
	c.ID = u
	return c, err
}

// look reads where one contact stands; one that is not there is closed.
func (r *Router) look(ctx context.Context, id hotline.ContactID) (standing, hotline.Waiting, error) {
	w, wanted, err := r.desk.Look(ctx, id)
	if errors.Is(err, hotline.ErrNotFound) {
		return standing{id: id, place: closed}, w, nil
	}
	w.ID = id
	return looked(w, wanted), w, err
}

// unread notes that SQL could not be read.
func (r *Router) unread(ctx context.Context, err error) {
	r.missed = true
	if ctx.Err() == nil {
		r.log.Warn("routing could not read the database", zap.Error(err))
	}
}

// match makes offers for as long as there is somebody for somebody. Offers are made side by side, so that they share
// a commit.
func (r *Router) match(ctx context.Context) error {
	var offers errgroup.Group
	offers.SetLimit(r.opts.Offers)
	var halt atomic.Bool // SQL did not answer
	from := front
	var err error
	for more := true; more && err == nil && ctx.Err() == nil && !halt.Load(); {
		var p Pair
		var found bool
		p, from, found, more, err = r.index.match(ctx, r.now(), r.generation, from)
		if err == nil && found {
			offers.Go(func() error { return r.offer(ctx, p, &halt) })
		}
	}
	if failed := offers.Wait(); err == nil {
		err = failed
	}
	return err
}

// offer makes the offer of a pair. The claim on the user ends with the notice of the offer, when the index is told how
// she stands. When SQL does not answer, both claims stay, and bring both back after the lease.
func (r *Router) offer(ctx context.Context, p Pair, halt *atomic.Bool) error {
	err := r.hold(ctx, p)
	switch {
	case err == nil:
		return r.index.settle(ctx, p.Contact)
	case decided(err):
		return r.refresh(ctx, p, halt)
	}
	halt.Store(true)
	return nil
}

// hold lets SQL decide on a pair.
func (r *Router) hold(ctx context.Context, p Pair) error {
	err := error(nil)
	if p.Wakes {
		err = r.desk.Move(ctx, p.Contact, hotline.SomebodyCame{At: hotline.At(r.now())})
	}
	if err == nil {
		err = r.desk.Offer(ctx, p.Contact, p.User, p.Console)
	}
	switch {
	case err == nil:
		r.figures.made.Inc()
	case decided(err):
		r.figures.refused.Inc()
	case ctx.Err() == nil:
		r.figures.failed.Inc()
		r.log.Warn("offer could not be made", zap.Error(err))
	}
	return err
}

// decided tells whether err is SQL's answer, and not the lack of one.
func decided(err error) bool {
	return slices.ContainsFunc([]error{hotline.ErrConflict, hotline.ErrNotFound, hotline.ErrExpired, hotline.ErrForbidden,
		hotline.ErrInvalid}, func(kind error) bool { return errors.Is(err, kind) })
}

// refresh reads a refused pair in SQL and puts both where they are. If both look as before, SQL refuses for a reason
// that the router does not see: then the user stays claimed for a lease, and the contact goes to the next.
func (r *Router) refresh(ctx context.Context, p Pair, halt *atomic.Bool) error {
	s, w, err := r.look(ctx, p.Contact)
	if err == nil {
		var c hotline.Candidate
		if c, err = r.candidate(ctx, p.User); err == nil {
			return r.replace(ctx, s, w, c, p.Console)
		}
	}
	halt.Store(true)
	if ctx.Err() == nil {
		r.log.Warn("routing could not read the database", zap.Error(err))
	}
	return nil
}

func (r *Router) replace(ctx context.Context, s standing, w hotline.Waiting, c hotline.Candidate, console bool) error {
	if err := r.index.putContacts(ctx, []standing{s}); err != nil {
		return err
	}
	if s.queued() && !c.Offered && may(w, c, console) && !slices.Contains(w.Tried, c.ID) {
		r.inbox.ring()
		return r.index.settle(ctx, s.id)
	}
	if err := r.index.putUsers(ctx, r.now(), []hotline.Candidate{c}); err != nil {
		return err
	}
	r.inbox.ring()
	return r.index.settle(ctx, s.id)
}
