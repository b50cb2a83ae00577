package intake

import (
	"context"
	"strings"

	"hopeline/hotline"
	"hopeline/routing/rota"
	"hopeline/storage"
)

// Draft is what a supervisor left of a line's rota to be, as JSON; nil when there is none.
func (d *Duty) Draft(ctx context.Context, v hotline.Viewer, line hotline.LineID) (hotline.Draft, error) {
	if err := plans(v); err != nil {
		return hotline.Draft{}, err
	}
	return d.store.Draft(ctx, lineOf(string(line)))
}

// SetDraft keeps a draft, which need not be whole; nil drops it.
func (d *Duty) SetDraft(ctx context.Context, v hotline.Viewer, line hotline.LineID, body []byte) error {
	if err := plans(v); err != nil {
		return err
	}
	return d.store.SetDraft(ctx, v.ID, lineOf(string(line)), body)
}

// History lists the grids of a line and what was done to single shifts, the newest first, with who and why.
func (d *Duty) History(ctx context.Context, v hotline.Viewer, line hotline.LineID) (versions, changes []hotline.Past, err error) {
	if err := plans(v); err != nil {
		return nil, nil, err
	}
	plan, _, err := d.planOf(ctx, line, d.now())
	if err != nil {
		return nil, nil, err
	}
	if versions, err = d.store.Versions(ctx, plan.Line); err != nil {
		return nil, nil, err
	}
	changes, err = d.store.Changes(ctx, plan.Line)
	return versions, changes, err
}

// Settings are what a line wants of its rota.
func (d *Duty) Settings(ctx context.Context, v hotline.Viewer, line hotline.LineID) (hotline.RotaSettings, error) {
	if err := plans(v); err != nil {
		return hotline.RotaSettings{}, err
	}
	p, _, err := d.planOf(ctx, line, d.now())
	l := p.Limits
	return hotline.RotaSettings{Approve: p.Approve, Rest: l.Rest, Nights: l.Nights, Hours: l.Hours, Confirm: l.Confirm, Test: l.Test, Phone: l.Phone, Second: l.Second, WomanKey: p.Needs.WomanKey, Here: p.Here, Silent: p.Silent,
		Language: p.Needs.Language, Gender: p.Needs.Gender, Returns: p.Needs.Returns}, err
}

// The most that a line may want of who is asked.
const (
	maxTier    = 9
	maxReturns = 365 // days
)

// SetSettings changes them. A gap in tier 1 that a rule of who counts opens needs a reason.
func (d *Duty) SetSettings(ctx context.Context, v hotline.Viewer, line hotline.LineID, s hotline.RotaSettings, reason string) error {
	if err := plans(v); err != nil {
		return err
	}
	for _, n := range []int{s.Rest, s.Nights, s.Hours, s.Confirm, s.Test} {
		if n < 0 || n > 10000 || s.Rest > 23 {
			return hotline.Say(hotline.ErrInvalid, "a limit is 0 (none) to 10000, and rest at most 23 hours; nothing was changed")
		}
	}
	if min(s.Language, s.Gender, s.Returns) < 0 || max(s.Language, s.Gender) > maxTier || s.Returns > maxReturns {
		return hotline.Say(hotline.ErrInvalid, "a must reaches from tier 0 (none) to 9, and a person comes back within 0 to 365 days; nothing was changed")
	}
	plan, staff, err := d.planOf(ctx, line, d.now())
	if err != nil {
		return err
	}
	limits := rota.Limits{Rest: s.Rest, Nights: s.Nights, Hours: s.Hours, Confirm: s.Confirm, Test: s.Test, Phone: s.Phone, Second: s.Second}
	if d.trial != nil {
		d.trial.before, d.trial.after = plan, plan
		d.trial.after.Limits = limits
		return nil
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		now, next := d.now().UTC(), plan.Plan
		next.Limits = limits
		if err := opensNone(plan.Plan, next, rota.Span{Start: now, End: reach(now, plan.Plan)}, known(staff)); err != nil {
			return err
		}
	}
	err = d.store.SetPlan(ctx, string(v.ID), plan.Line, storage.Settings{Approve: s.Approve, Here: s.Here, Silent: s.Silent, Limits: limits,
		Needs: &hotline.Needs{Musts: hotline.Musts{Language: s.Language, Gender: s.Gender}, Returns: s.Returns, WomanKey: s.WomanKey}}, reason)
	d.Wake()
	return err
}
