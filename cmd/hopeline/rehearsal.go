package main

import (
	"context"

	"hopeline/hotline"
	"hopeline/hotline/intake"
	"hopeline/routing"
	"hopeline/storage"
)

// rehearsal tells who would be asked for a contact now: the router's rule, over what the router would read.
type rehearsal struct {
	desk  intake.ForRouter
	store *storage.Store
}

// DryRun asks nobody. Console tells who has one open.
func (r rehearsal) DryRun(ctx context.Context, v hotline.Viewer, c hotline.ContactID, console func(hotline.UserID) bool) (picks, excluded []hotline.Because, err error) {
	if v.Role != hotline.Supervisor {
		return nil, nil, hotline.ErrForbidden
	}
	w, _, err := r.desk.Look(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	board, err := r.store.Board(ctx)
	if err != nil {
		return nil, nil, err
	}
	picks, excluded = routing.Rehearse(w, board.Users, console)
	return picks, excluded, nil
}
