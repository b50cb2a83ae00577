package intake

import (
	"context"
	"time"

	"hopeline/hotline"
	"hopeline/storage"
)

// trial keeps what a change would make of a plan, and changes nothing.
type trial struct {
	since         time.Time
	before, after storage.Plan
}

// edit is [storage.Store.EditPlan] without the saving.
func (t *trial) edit(ctx context.Context, store *storage.Store, line string, e storage.Edit) (storage.Plan, error) {
	p, err := store.Plan(ctx, line, t.since)
	if err != nil {
		return p, err
	}
	t.before, t.after = p, p
	t.after.Plan, err = e.Do(p)
	return t.after, invalid(err)
}

// whyTrial stands for the reason of a trial: what would need one is shown, and not refused.
const whyTrial = "a trial"

// Try tells what a change would do if it were made, and makes none: the gaps in tier 1 that it opens and closes, whose
// duty changes, and what coverage says then.
func (d *Duty) Try(ctx context.Context, v hotline.Viewer, t hotline.Trial) (hotline.Preview, error) {
	if err := plans(v); err != nil {
		return hotline.Preview{}, err
	}
	tried := &trial{since: d.now().AddDate(0, 0, -ahead)}
	dry := Duty{store: d.store, tell: func(hotline.Notice) {}, now: d.now, log: d.log, trial: tried, waker: newWaker()}
	if err := dry.tries(ctx, v, t); err != nil {
		return hotline.Preview{}, err
	}
	staff, err := d.store.Staff(ctx)
	if err != nil {
		return hotline.Preview{}, err
	}
	people, err := d.people(ctx, v, staff)
	if err != nil {
		return hotline.Preview{}, err
	}
	now := d.now().UTC()
	return previewOf(tried.before, tried.after.Plan, now, reach(now, tried.before.Plan, tried.after.Plan), people), nil
}

// tries makes the one change of a trial.
func (d *Duty) tries(ctx context.Context, v hotline.Viewer, t hotline.Trial) (err error) {
	switch {
	case t.Change != nil:
		c := *t.Change
		c.Reason = whyTrial
		_, _, err = d.Change(ctx, v, c)
	case t.Template != nil:
		_, err = d.SetTemplate(ctx, v, t.Line, *t.Template, whyTrial)
	case t.Temporary != nil:
		_, err = d.SetTemporary(ctx, v, t.Line, *t.Temporary, whyTrial)
	case t.Drop != "":
		_, err = d.DropOverlay(ctx, v, t.Line, t.Drop, whyTrial)
	case t.Settings != nil:
		err = d.SetSettings(ctx, v, t.Line, *t.Settings, whyTrial)
	case len(t.Fill) > 0:
		_, err = d.ApplyFill(ctx, v, t.Line, t.Fill)
	default:
		err = hotline.Say(hotline.ErrInvalid, "say what is to be tried; nothing was changed")
	}
	return err
}
