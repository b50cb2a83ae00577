package routing

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"hopeline/hotline"
)

// errBusy says that another process builds the index.
var errBusy = errors.New("the index is being built by another process")

// join makes the index good: it is built anew when it is of another generation or another run of the server, and
// compared with SQL otherwise.
func (r *Router) join(ctx context.Context) error {
	r.inbox.take() // all of it is on the board that is read below
	err := r.tryJoin(ctx)
	switch {
	case err == nil:
		r.rejoined()
	case ctx.Err() == nil:
		r.leave(err)
	}
	return err
}

func (r *Router) tryJoin(ctx context.Context) error {
	s, run, err := r.index.state(ctx)
	if err != nil {
		return err
	}
	if s.generation != "" && s.run == run {
		board, err := r.board(ctx)
		if err != nil {
			return err
		}
		if s.generation == board.Generation {
			r.generation, r.built = s.generation, s.built
			if err := r.tellAll(ctx); err != nil {
				return err
			}
			return r.mend(ctx, board)
		}
	}
	return r.rebuild(ctx, run)
}

// rebuild throws the index away and makes it anew from SQL and from who is connected. Nobody is matched meanwhile, by
// any process.
func (r *Router) rebuild(ctx context.Context, run string) error {
	mine, err := r.index.shut(ctx)
	if err != nil {
		return err
	}
	if !mine {
		return errBusy
	}
	board, err := r.board(ctx)
	if err != nil {
		return err
	}
	if err := r.tellAll(ctx); err != nil {
		return err
	}
	if err := r.index.putContacts(ctx, slices.Collect(maps.Values(wanted(board)))); err != nil {
		return err
	}
	now := r.now()
	if err := r.index.putUsers(ctx, now, board.Users); err != nil {
		return err
	}
	if err := r.index.open(ctx, state{generation: board.Generation, run: run, built: now}); err != nil {
		return err
	}
	r.generation, r.built = board.Generation, now
	r.figures.rebuilds.Inc()
	return nil
}

// board reads everything in SQL.
func (r *Router) board(ctx context.Context) (hotline.Board, error) {
	board, err := r.desk.Board(ctx)
	if err != nil {
		return board, fmt.Errorf("read the board: %w", err)
	}
	r.missed = false
	clear(r.owners)
	for _, u := range board.Owners {
		r.owners[u] = true
	}
	return board, nil
}

// tellAll tells Redis again who was reached by this process.
func (r *Router) tellAll(ctx context.Context) error {
	r.presence.take()
	return r.index.putSeen(ctx, r.now(), r.presence.all())
}

// wanted is where every contact on the board stands.
func wanted(b hotline.Board) map[hotline.ContactID]standing {
	all := make(map[hotline.ContactID]standing, len(b.Waiting)+len(b.Timed))
	for _, t := range b.Timed {
		all[t.ID] = standing{id: t.ID, place: elsewhere, due: dueMs(t.Due)}
	}
	for _, w := range b.Waiting {
		all[w.ID] = looked(w, !w.Rests)
	}
	return all
}

// memory is for how long the last sighting of a user is kept.
const memory = time.Hour

// compare reads SQL and puts right what the index has wrong.
func (r *Router) compare(ctx context.Context) error {
	board, err := r.board(ctx)
	if err != nil {
		r.unread(ctx, err)
		return nil
	}
	if board.Generation != r.generation {
		return errStale
	}
	before := r.now().Add(-max(memory, 2*r.rules.Asleep))
	r.presence.forget(before)
	if err := r.index.forgetSeen(ctx, before); err != nil {
		return err
	}
	return r.mend(ctx, board)
}
