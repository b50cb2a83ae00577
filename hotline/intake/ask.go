package intake

import (
	"context"
	"fmt"
	"slices"

	"hopeline/hotline"
	"hopeline/hotline/auth"
	"hopeline/routing/rota"
	"hopeline/storage"
)

// Asks asks people for their wishes by an address of their own, which opens on any phone without a log-in. Whoever has
// one may read and set that one person's wishes for the days that are asked about, and nothing else.
type Asks struct {
	*Duty
	throttle *auth.Throttle
}

// NewAsks makes what asks for wishes. Addresses are throttled as log-ins are.
func NewAsks(d *Duty) *Asks { return &Asks{Duty: d, throttle: auth.NewThrottle()} }

// mostAsked is how many days are asked about at once.
const mostAsked = 92

// Ask begins to ask everybody who can be planned about some days. The addresses of what the line asked before end, and
// those of now end with the last day.
func (a *Asks) Ask(ctx context.Context, v hotline.Viewer, line hotline.LineID, from, to string) (hotline.WishAsk, error) {
	ask := hotline.WishAsk{From: from, To: to, By: v.ID}
	if err := plans(v); err != nil {
		return ask, err
	}
	plan, staff, err := a.planOf(ctx, line, a.now())
	if err != nil {
		return ask, err
	}
	_, days, err := rota.Days(from, to, plan.Zone, mostAsked)
	if err != nil || !days[len(days)-1].End.After(a.now()) {
		return ask, hotline.Say(hotline.ErrInvalid, "the days are to come, and at most three months; nothing was changed")
	}
	ask.Line, ask.Zone, ask.Ends = hotline.LineID(plan.Line), plan.Zone, days[len(days)-1].End
	var links []storage.NewLink
	for _, u := range staff {
		if canAnswer(u) {
			secret, _ := auth.NewToken()
			links = append(links, storage.NewLink{User: u.ID, Secret: secret})
		}
	}
	return a.store.AskWishes(ctx, ask, links)
}

// Asked is what a line asks now, and who has answered; nil: nothing.
func (a *Asks) Asked(ctx context.Context, v hotline.Viewer, line hotline.LineID) (*hotline.WishAsk, error) {
	own, err := a.ownLine(ctx, v, line)
	if err != nil {
		return nil, err
	}
	return a.store.Ask(ctx, own)
}

// Link is the secret of one who is asked, for v to send by her own means.
func (a *Asks) Link(ctx context.Context, v hotline.Viewer, line hotline.LineID, user hotline.UserID) (string, error) {
	own, err := a.ownLine(ctx, v, line)
	if err != nil {
		return "", err
	}
	return a.store.ShowLink(ctx, v.ID, own, user)
}

// Withdraw ends the addresses of what a line asks. What people said stays.
func (a *Asks) Withdraw(ctx context.Context, v hotline.Viewer, line hotline.LineID) error {
	own, err := a.ownLine(ctx, v, line)
	if err != nil {
		return err
	}
	return a.store.EndAsk(ctx, v.ID, own)
}

// ownLine is the line whose plan holds for one, for whoever plans.
func (a *Asks) ownLine(ctx context.Context, v hotline.Viewer, line hotline.LineID) (string, error) {
	if err := plans(v); err != nil {
		return "", err
	}
	plan, _, err := a.planOf(ctx, line, a.now())
	return plan.Line, err
}

// Open is what a secret opens: the days that are not over, and what its person says of each.
func (a *Asks) Open(ctx context.Context, secret, network string) ([]hotline.AskedDay, error) {
	if err := a.allow(secret, network); err != nil {
		return nil, err
	}
	ask, said, err := a.store.OpenLink(ctx, secret, func(ask hotline.WishAsk) (rota.Span, error) {
		_, days, err := daysOf(ask)
		if err != nil {
			return rota.Span{}, err
		}
		return rota.Span{Start: days[0].Start, End: ask.Ends}, nil
	})
	if err != nil {
		return nil, err
	}
	a.throttle.Succeeded(secret, network)
	dates, days, err := daysOf(ask)
	open := []hotline.AskedDay{}
	for i, day := range days {
		if !day.End.After(a.now()) {
			continue
		}
		about := hotline.AskedDay{Date: dates[i]}
		for _, w := range said {
			if w.From.Equal(day.Start) && w.To.Equal(day.End) {
				about.Kind = w.Kind
			}
		}
		open = append(open, about)
	}
	return open, err
}

func daysOf(ask hotline.WishAsk) ([]string, []rota.Span, error) {
	dates, days, err := rota.Days(ask.From, ask.To, ask.Zone, mostAsked)
	if err != nil {
		err = fmt.Errorf("read the days that are asked about: %w", err)
	}
	return dates, days, err
}

// Answer keeps what the person of a secret says of one day; an empty kind takes it back.
func (a *Asks) Answer(ctx context.Context, secret, network, date, kind string) error {
	if err := a.allow(secret, network); err != nil {
		return err
	}
	if _, ok := wills[kind]; !ok && kind != "" {
		return hotline.Say(hotline.ErrInvalid, "kind is can, cannot, like or empty; nothing was changed")
	}
	err := a.store.AnswerLink(ctx, secret, kind, func(ask hotline.WishAsk) (rota.Span, error) {
		dates, days, err := daysOf(ask)
		i := slices.Index(dates, date)
		if err == nil && (i < 0 || !days[i].End.After(a.now())) {
			err = hotline.Say(hotline.ErrInvalid, "that day is not asked about, or is over; nothing was changed")
		}
		if err != nil {
			return rota.Span{}, err
		}
		return days[i], nil
	})
	if err == nil {
		a.throttle.Succeeded(secret, network)
	}
	return err
}

// allow slows down whoever tries secrets.
func (a *Asks) allow(secret, network string) error {
	if after, ok := a.throttle.Allow(secret, network, a.now()); !ok {
		return &Throttled{After: after}
	}
	return nil
}
