package routing

import (
	"context"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
)

// goDirect matches without Redis: everything is read from SQL, and only users who are connected to this process are
// asked, and those whose phones ring at home. Several processes may do so at once; SQL lets one offer win.
//
// Of a user whom this process never saw it cannot tell whether she fell silent: another may hold her console. What is
// held out to her runs to its deadline, and hers becomes overdue to all.
func (r *Router) goDirect(ctx context.Context) {
	if !r.direct.Swap(true) {
		r.log.Warn("routing goes on without its index")
		r.figures.degraded.Set(1)
		r.opts.OnDegraded(true)
	}
	r.inbox.take()
	r.presence.take()
	board, err := r.board(ctx)
	if err != nil {
		if ctx.Err() == nil {
			r.log.Warn("routing could not read the database", zap.Error(err))
		}
		return
	}
	r.serve(ctx, board)
}

func (r *Router) serve(ctx context.Context, board hotline.Board) {
	now := r.now()
	oldest := now
	for _, w := range board.Waiting {
		if w.Since.Before(oldest) {
			oldest = w.Since
		}
	}
	r.figures.queue(int64(len(board.Waiting)), oldest, now)
	fresh := func(u hotline.UserID) bool { return now.Sub(r.presence.lastSeen(u)) <= r.opts.Reach }
	pairs, laps := Pick(board.Waiting, board.Users, fresh)
	whom := make(map[hotline.ContactID]Pair, len(pairs))
	contacts := make([]hotline.ContactID, 0, len(pairs))
	for _, p := range pairs {
		whom[p.Contact] = p
		contacts = append(contacts, p.Contact)
	}
	r.each(contacts, func(id hotline.ContactID) error {
		r.hold(ctx, whom[id]) // it logs what is no answer; what was refused is on the next board as it is
		return nil
	})
	r.rest(ctx, laps)
	r.tellUnfit(ctx, board.Waiting, board.Users, fresh)
	r.each(dueOn(board, now), func(id hotline.ContactID) error {
		r.move(ctx, id, hotline.Ticked{At: hotline.At(now)})
		return nil
	})
	r.fallSilent(ctx, now, askedOn(board), func(u hotline.UserID) time.Time {
		if at := r.presence.lastSeen(u); !at.IsZero() {
			return at
		}
		return now
	})
}

func dueOn(b hotline.Board, now time.Time) []hotline.ContactID {
	var due []hotline.ContactID
	for _, t := range b.Timed {
		if !t.Due.After(now) {
			due = append(due, t.ID)
		}
	}
	return due
}

func askedOn(b hotline.Board) []hotline.UserID {
	var asked []hotline.UserID
	for _, c := range b.Users {
		if c.Offered {
			asked = append(asked, c.ID)
		}
	}
	return asked
}
