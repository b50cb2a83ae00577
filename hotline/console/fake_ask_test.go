package console

import (
	"context"
	"sync"

	"hopeline/hotline"
)

// asker asks Ann about two days, by the secret "right".
type asker struct {
	mu   sync.Mutex
	said map[string]string
}

func newAsker() *asker { return &asker{said: map[string]string{}} }

func (a *asker) Ask(_ context.Context, v hotline.Viewer, line hotline.LineID, from, to string) (hotline.WishAsk, error) {
	if v.Role != hotline.Supervisor {
		return hotline.WishAsk{}, hotline.Say(hotline.ErrForbidden, "supervisors and admins change the rota; nothing was changed")
	}
	return hotline.WishAsk{ID: "ask-1", Line: line, From: from, To: to, Ends: start, Made: start, By: v.ID, People: []hotline.AskedPerson{{User: "ann"}}}, nil
}

func (a *asker) Asked(context.Context, hotline.Viewer, hotline.LineID) (*hotline.WishAsk, error) {
	return nil, nil
}

func (a *asker) Link(context.Context, hotline.Viewer, hotline.LineID, hotline.UserID) (string, error) {
	return "right", nil
}

func (a *asker) Withdraw(context.Context, hotline.Viewer, hotline.LineID) error { return nil }

func (a *asker) Open(_ context.Context, secret, network string) ([]hotline.AskedDay, error) {
	if secret != "right" || network == "" {
		return nil, hotline.Say(hotline.ErrNotFound, "This link does not work any more. Ask whoever sent it to you for a new one.")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return []hotline.AskedDay{{Date: "2026-12-24", Kind: a.said["2026-12-24"]}, {Date: "2026-12-25", Kind: a.said["2026-12-25"]}}, nil
}

func (a *asker) Answer(ctx context.Context, secret, network, date, kind string) error {
	if _, err := a.Open(ctx, secret, network); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.said[date] = kind
	return nil
}
