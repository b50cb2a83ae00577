package routing

import (
	"context"

	"hopeline/hotline"
)

// Desk is what the router asks of the house. Every call is one SQL transaction that decides: the router's picture may
// be old, and then the answer is hotline.ErrConflict, hotline.ErrNotFound, or nothing happens.
type Desk interface {
	// Offer holds c out to u. Console: one of hers is open; else her phone is to ring.
	Offer(ctx context.Context, c hotline.ContactID, u hotline.UserID, console bool) error
	// Move applies an event of the clock: Ticked, LapOver, SomebodyCame, OwnerAsleep or Unreachable.
	Move(ctx context.Context, c hotline.ContactID, e hotline.Event) error
	Books
}

// Books are what the router reads in SQL.
type Books interface {
	// Board is everything.
	Board(ctx context.Context) (hotline.Board, error)
	// Look is one contact, with its Due also when nobody is to be asked for it. Wanted: hotline.Contact.Wanted.
	Look(ctx context.Context, c hotline.ContactID) (w hotline.Waiting, wanted bool, err error)
	// Candidate is one user.
	Candidate(ctx context.Context, u hotline.UserID) (hotline.Candidate, error)
	// Held is what hangs on u being there.
	Held(ctx context.Context, u hotline.UserID) (hotline.Held, error)
}
