package intake

import (
	"context"

	"hopeline/hotline"
	"hopeline/storage"
)

// ForRouter is the desk as the router needs it.
type ForRouter struct{ *Desk }

// Offer holds a contact out to a user, who has a console open or not; a conflict when the router's picture was old.
func (d ForRouter) Offer(ctx context.Context, c hotline.ContactID, u hotline.UserID, console bool) error {
	return d.store.Offer(ctx, c, u, console)
}

// Move lets something happen to a contact that no human does.
func (d ForRouter) Move(ctx context.Context, c hotline.ContactID, e hotline.Event) error {
	_, err := d.store.Apply(ctx, storage.System, c, e, nil)
	return err
}

// Board reads all that the router needs to begin anew.
func (d ForRouter) Board(ctx context.Context) (hotline.Board, error) { return d.store.Board(ctx) }

// Look reads one contact; the bool tells whether somebody is to be asked for it.
func (d ForRouter) Look(ctx context.Context, id hotline.ContactID) (hotline.Waiting, bool, error) {
	c, err := d.store.Look(ctx, id)
	if err != nil {
		return hotline.Waiting{ID: id}, false, err
	}
	w := c.ForRouter(d.rules)
	return w, c.Wanted(), nil
}

// Candidate reads one user as the router sees her.
func (d ForRouter) Candidate(ctx context.Context, u hotline.UserID) (hotline.Candidate, error) {
	return d.store.Candidate(ctx, u)
}

// Held tells what hangs on a user being there.
func (d ForRouter) Held(ctx context.Context, u hotline.UserID) (hotline.Held, error) {
	return d.store.Held(ctx, u)
}
