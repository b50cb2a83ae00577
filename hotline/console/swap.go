package console

import (
	"context"

	"hopeline/hotline"
)

// Swaps let people give shifts away. Of two who take one, the second is told [hotline.ErrConflict].
type Swaps interface {
	// AskSwap asks one colleague, or everybody when to is empty.
	AskSwap(ctx context.Context, v hotline.Viewer, shift hotline.ShiftID, to hotline.UserID, note string) (hotline.Swap, error)
	// TakeSwap gives warnings: too little rest is no reason to refuse.
	TakeSwap(ctx context.Context, v hotline.Viewer, swap hotline.SwapID) (hotline.Swap, []hotline.Finding, error)
	DecideSwap(ctx context.Context, v hotline.Viewer, swap hotline.SwapID, approve bool) (hotline.Swap, error)
	WithdrawSwap(ctx context.Context, v hotline.Viewer, swap hotline.SwapID) (hotline.Swap, error)
	Swaps(ctx context.Context, v hotline.Viewer, line hotline.LineID) ([]hotline.Swap, error)
}

// Swap is a shift that somebody gives away.
type Swap struct {
	ID    hotline.SwapID    `json:"id"`
	Shift Shift             `json:"shift"`
	From  hotline.UserID    `json:"from"`
	To    hotline.UserID    `json:"to"` // who is asked; empty: everybody
	By    hotline.UserID    `json:"by"` // who took it
	State hotline.SwapState `json:"state"`
	At    Stamp             `json:"at"`
	Note  string            `json:"note"`
}

func swapOf(s hotline.Swap) Swap {
	return Swap{s.ID, shiftOf(s.Shift), s.From, s.To, s.By, s.State, Stamp(s.At), s.Note}
}

// AskSwapArgs give a shift away.
type AskSwapArgs struct {
	ShiftArgs
	To   hotline.UserID `json:"to,omitempty"`
	Note string         `json:"note,omitempty"`
}

func (a AskSwapArgs) check() error {
	return first(a.ShiftArgs.check(), maybeID("to", string(a.To)), checkText("note", a.Note, maxReason, false))
}

// SwapResult is a swap as it now is.
type SwapResult struct {
	Swap Swap `json:"swap"`
}

func (x call) askSwap(a AskSwapArgs) (SwapResult, error) {
	s, err := x.console.parts.Duty.AskSwap(x, x.v, a.Shift, a.To, a.Note)
	return SwapResult{swapOf(s)}, err
}

// SwapArgs name a swap.
type SwapArgs struct {
	Swap hotline.SwapID `json:"swap"`
}

func (a SwapArgs) check() error { return checkID("swap", string(a.Swap)) }

// TakenResult is a swap as it now is, and warnings about who took it.
type TakenResult struct {
	Swap     Swap      `json:"swap"`
	Findings []Finding `json:"findings"`
}

func (x call) takeSwap(a SwapArgs) (TakenResult, error) {
	s, found, err := x.console.parts.Duty.TakeSwap(x, x.v, a.Swap)
	return TakenResult{swapOf(s), each(found, findingOf)}, err
}

func (x call) withdrawSwap(a SwapArgs) (SwapResult, error) {
	s, err := x.console.parts.Duty.WithdrawSwap(x, x.v, a.Swap)
	return SwapResult{swapOf(s)}, err
}

// DecideArgs approve a swap, or do not.
type DecideArgs struct {
	SwapArgs
	Approve bool `json:"approve"`
}

func (x call) decideSwap(a DecideArgs) (SwapResult, error) {
	s, err := x.console.parts.Duty.DecideSwap(x, x.v, a.Swap, a.Approve)
	return SwapResult{swapOf(s)}, err
}

// SwapsResult are the swaps of a line, of the week that was and of all that is to come.
type SwapsResult struct {
	Swaps []Swap `json:"swaps"`
}

func (x call) swaps(a LineArgs) (SwapsResult, error) {
	all, err := x.console.parts.Duty.Swaps(x, x.v, a.Line)
	return SwapsResult{each(all, swapOf)}, err
}
