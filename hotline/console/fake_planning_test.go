package console

import (
	"context"
	"time"

	"hopeline/hotline"
)

// blank is a plan in which there is nothing, and nothing comes of what is done.
type blank struct{}

func (blank) Preview(context.Context, hotline.Viewer, []byte, time.Time, time.Time) (p hotline.Preview, err error) {
	return
}
func (blank) Fairness(context.Context, hotline.Viewer, hotline.LineID, time.Time, time.Time) (f []hotline.Fair, err error) {
	return
}
func (blank) Confirm(context.Context, hotline.Viewer, hotline.ShiftID) error { return nil }
func (blank) Relieve(context.Context, hotline.Viewer) (until time.Time, by hotline.Answers, err error) {
	return
}
func (blank) Back(context.Context, hotline.Viewer) error                             { return nil }
func (blank) RevokeCalendar(context.Context, hotline.Viewer) error                   { return nil }
func (blank) SetDraft(context.Context, hotline.Viewer, hotline.LineID, []byte) error { return nil }
func (blank) DropWish(context.Context, hotline.Viewer, hotline.WishID) error         { return nil }
func (blank) Swaps(context.Context, hotline.Viewer, hotline.LineID) ([]hotline.Swap, error) {
	return nil, nil
}
func (blank) Claim(context.Context, hotline.Viewer, hotline.ShiftID) (s hotline.Shift, f []hotline.Finding, err error) {
	return
}
func (blank) DecideSwap(context.Context, hotline.Viewer, hotline.SwapID, bool) (s hotline.Swap, err error) {
	return
}
func (blank) WithdrawSwap(context.Context, hotline.Viewer, hotline.SwapID) (s hotline.Swap, err error) {
	return
}
func (blank) ReadHandover(context.Context, hotline.Viewer, hotline.HandoverID) (h hotline.Handover, err error) {
	return
}
func (blank) Overlays(context.Context, hotline.Viewer, hotline.LineID) (o hotline.Overlays, err error) {
	return
}
func (blank) SetTemplate(context.Context, hotline.Viewer, hotline.LineID, hotline.DayTemplate, string) (f []hotline.Finding, err error) {
	return
}
func (blank) SetTemporary(context.Context, hotline.Viewer, hotline.LineID, hotline.TemporaryPlan, string) (f []hotline.Finding, err error) {
	return
}
func (blank) DropOverlay(context.Context, hotline.Viewer, hotline.LineID, string, string) (f []hotline.Finding, err error) {
	return
}
func (blank) Draft(context.Context, hotline.Viewer, hotline.LineID) (d hotline.Draft, err error) {
	return
}
func (blank) History(context.Context, hotline.Viewer, hotline.LineID) (versions, changes []hotline.Past, err error) {
	return
}
func (blank) Settings(context.Context, hotline.Viewer, hotline.LineID) (s hotline.RotaSettings, err error) {
	return
}
func (blank) SetSettings(context.Context, hotline.Viewer, hotline.LineID, hotline.RotaSettings, string) error {
	return nil
}
func (blank) Fill(context.Context, hotline.Viewer, hotline.LineID, time.Time, time.Time) (p hotline.Proposal, err error) {
	return
}
func (blank) ApplyFill(context.Context, hotline.Viewer, hotline.LineID, []hotline.Filled) (f []hotline.Finding, err error) {
	return
}
func (blank) Calendar(context.Context, string) ([]byte, error) { return nil, hotline.ErrNotFound }

func (blank) TakeCalendar(context.Context, hotline.Viewer, hotline.UserID) error { return nil }

func (blank) GiveCalendar(_ context.Context, v hotline.Viewer, user hotline.UserID) (string, error) {
	if v.Role != hotline.Supervisor {
		return "", hotline.ErrForbidden
	}
	return "secret-of-" + string(user), nil
}
