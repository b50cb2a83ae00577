package console

import (
	"context"
	"time"

	"hopeline/hotline"
)

// Wishes are what people say before a time is planned, and how its seats are filled.
type Wishes interface {
	SetWish(ctx context.Context, v hotline.Viewer, w hotline.Wish) (hotline.Wish, error)
	DropWish(ctx context.Context, v hotline.Viewer, id hotline.WishID) error
	// Fill changes nothing.
	Fill(ctx context.Context, v hotline.Viewer, line hotline.LineID, from, to time.Time) (hotline.Proposal, error)
	// ApplyFill gives all seats of a proposal, or none.
	ApplyFill(ctx context.Context, v hotline.Viewer, line hotline.LineID, filled []hotline.Filled) ([]hotline.Finding, error)
}

// Wish is what somebody says of a time.
type Wish struct {
	ID   hotline.WishID `json:"id"`
	From Stamp          `json:"from"`
	To   Stamp          `json:"to"`
	Kind string         `json:"kind" ts:"'can' | 'cannot' | 'like'"`
}

func wishOf(w hotline.Wish) Wish { return Wish{w.ID, Stamp(w.From), Stamp(w.To), w.Kind} }

// WishArgs are what somebody says of a time; of the same time the last word counts.
type WishArgs struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	Kind string    `json:"kind" ts:"'can' | 'cannot' | 'like'"`
}

func (a WishArgs) check() error { return nil }

// WishResult is a wish as it is on disk.
type WishResult struct {
	Wish Wish `json:"wish"`
}

func (x call) setWish(a WishArgs) (WishResult, error) {
	w, err := x.console.parts.Duty.SetWish(x, x.v, hotline.Wish{From: a.From, To: a.To, Kind: a.Kind})
	return WishResult{wishOf(w)}, err
}

// DropWishArgs name a wish.
type DropWishArgs struct {
	Wish hotline.WishID `json:"wish"`
}

func (a DropWishArgs) check() error { return checkID("wish", string(a.Wish)) }

func (x call) dropWish(a DropWishArgs) (Empty, error) {
	return Empty{}, x.console.parts.Duty.DropWish(x, x.v, a.Wish)
}

// Filled is a seat and who is proposed for it.
type Filled struct {
	Shift hotline.ShiftID `json:"shift"`
	User  hotline.UserID  `json:"user"`
}

// Because is why somebody cannot.
type Because struct {
	User hotline.UserID `json:"user"`
	Why  string         `json:"why"`
}

// Vacant is a seat that nobody can have.
type Vacant struct {
	Shift hotline.ShiftID `json:"shift"`
	Why   []Because       `json:"why"`
}

// FillResult is a proposal.
type FillResult struct {
	Proposal []Filled `json:"proposal"`
	Empty    []Vacant `json:"empty"`
	TookMS   int64    `json:"took_ms"`
}

func becauseOf(b hotline.Because) Because { return Because{b.User, b.Why} }

func (x call) fill(a SpanArgs) (FillResult, error) {
	p, err := x.console.parts.Duty.Fill(x, x.v, a.Line, a.From, a.To)
	return FillResult{each(p.Filled, func(f hotline.Filled) Filled { return Filled(f) }),
		each(p.Empty, func(e hotline.Vacant) Vacant { return Vacant{e.Shift, each(e.Why, becauseOf)} }), p.Took.Milliseconds()}, err
}

// ApplyArgs are a proposal as the supervisor left it.
type ApplyArgs struct {
	LineArgs
	Proposal []Filled `json:"proposal"`
}

func (x call) applyFill(a ApplyArgs) (FindingsResult, error) {
	found, err := x.console.parts.Duty.ApplyFill(x, x.v, a.Line, each(a.Proposal, func(f Filled) hotline.Filled { return hotline.Filled(f) }))
	return FindingsResult{each(found, findingOf)}, err
}
