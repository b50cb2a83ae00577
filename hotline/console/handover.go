package console

import (
	"context"

	"hopeline/hotline"
)

// Handovers are what one shift leaves to the next.
type Handovers interface {
	HandOver(ctx context.Context, v hotline.Viewer, line hotline.LineID, note string) (hotline.Handover, error)
	ReadHandover(ctx context.Context, v hotline.Viewer, id hotline.HandoverID) (hotline.Handover, error)
}

// Handover is a note for those who come next, with the contacts of the line that were open.
type Handover struct {
	ID     hotline.HandoverID  `json:"id"`
	Line   hotline.LineID      `json:"line"`
	At     Stamp               `json:"at"`
	By     hotline.UserID      `json:"by"`
	Note   string              `json:"note"`
	Open   []hotline.ContactID `json:"open"`
	ReadBy hotline.UserID      `json:"read_by"` // empty: nobody yet
	ReadAt *Stamp              `json:"read_at"`
}

func handoverOf(h hotline.Handover) Handover {
	return Handover{h.ID, h.Line, Stamp(h.At), h.By, h.Note, listed(h.Open), h.ReadBy, moment(h.ReadAt)}
}

// HandOverArgs are a note for those who come next on a line.
type HandOverArgs struct {
	LineArgs
	Note string `json:"note"`
}

func (a HandOverArgs) check() error {
	return first(a.LineArgs.check(), checkText("note", a.Note, hotline.MaxNote, true))
}

// HandoverResult is a handover as it is on disk.
type HandoverResult struct {
	Handover Handover `json:"handover"`
}

func (x call) handOver(a HandOverArgs) (HandoverResult, error) {
	h, err := x.console.parts.Duty.HandOver(x, x.v, a.Line, a.Note)
	return HandoverResult{handoverOf(h)}, err
}

// HandoverArgs name a handover.
type HandoverArgs struct {
	Handover hotline.HandoverID `json:"handover"`
}

func (a HandoverArgs) check() error { return checkID("handover", string(a.Handover)) }

func (x call) readHandover(a HandoverArgs) (HandoverResult, error) {
	h, err := x.console.parts.Duty.ReadHandover(x, x.v, a.Handover)
	return HandoverResult{handoverOf(h)}, err
}
