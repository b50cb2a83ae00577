package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
	"hopeline/storage"
)

// onDutyNow puts the tiers of several plans together, with those users who can answer. Whoever cannot just now is not
// there, for as long as that lasts.
func onDutyNow(roster storage.Roster, plans []storage.Plan, staff []hotline.User, at time.Time) []hotline.OnDuty {
	schedules := make([]rota.Schedule, len(plans))
	for i, p := range plans {
		schedules[i] = p
	}
	return onDuty(schedules, staff, at, func(u hotline.User) bool { return canAnswer(u) && !roster.Resting(u.ID, at) })
}

// onDuty puts the tiers of several plans together, with those users who count.
func onDuty(plans []rota.Schedule, staff []hotline.User, at time.Time, counts func(hotline.User) bool) []hotline.OnDuty {
	tiers := []hotline.OnDuty{}
	names := namesOf(staff)
	for _, plan := range plans {
		for _, t := range rota.OnCall(plan, at) {
			i := slices.IndexFunc(tiers, func(o hotline.OnDuty) bool { return o.Tier == t.Number })
			if i < 0 {
				i = len(tiers)
				tiers = append(tiers, hotline.OnDuty{Tier: t.Number, Users: []hotline.User{}})
			}
			o := &tiers[i]
			for _, u := range staff {
				there := slices.ContainsFunc(o.Users, func(other hotline.User) bool { return other.ID == u.ID })
				if counts(u) && slices.Contains(t.Users, string(u.ID)) && !there {
					o.Users = append(o.Users, u)
				}
			}
			o.Closed = o.Closed || t.Closed
			o.Why = strings.TrimPrefix(o.Why+"; "+rota.Why(plan, t.Tier, names), "; ")
			if o.Until.IsZero() || !t.Until.IsZero() && t.Until.Before(o.Until) {
				o.Until = t.Until
			}
		}
	}
	slices.SortFunc(tiers, func(a, b hotline.OnDuty) int { return a.Tier - b.Tier })
	return tiers
}

func canAnswer(u hotline.User) bool { return !u.Disabled && u.Role.Answers() }

// canInterpret tells whether somebody may be rung into a talk.
func canInterpret(u hotline.User) bool { return !u.Disabled && u.Role.Interprets() && u.Phone != "" }

// namesOf gives users their work names, for words.
func namesOf(staff []hotline.User) func(id string) string {
	return func(id string) string {
		for _, u := range staff {
			if string(u.ID) == id {
				return u.Name
			}
		}
		return "somebody"
	}
}

// lineOf takes "whatsapp:+45…" for the line that it belongs to.
func lineOf(line string) string { return string(hotline.AddressOf(line).Line()) }

var errNoRota = hotline.Say(hotline.ErrNotFound, "no rota was saved for this line")

// of finds the plan of a line: its own, or the one for every line.
func of(plans []storage.Plan, line string) (storage.Plan, error) {
	if all := allOf(plans, line); len(all) > 0 {
		return all[0], nil
	}
	return storage.Plan{}, errNoRota
}

// allOf are the plans that name somebody for a line: its own, then the one for every line.
func allOf(plans []storage.Plan, line string) (found []storage.Plan) {
	for _, want := range slices.Compact([]string{lineOf(line), rota.AllLines}) {
		for _, plan := range plans {
			if plan.Line == want {
				found = append(found, plan)
			}
		}
	}
	return found
}

// noRota says why everybody is on duty.
const noRota = "No rota was saved yet: everyone who is available is on duty."

// OnCall tells who is on duty for a line at an instant, or was; the zero time is now. Users who cannot answer are left
// out.
func (d *Duty) OnCall(ctx context.Context, line hotline.LineID, at time.Time) ([]hotline.OnDuty, error) {
	now := d.now()
	if at.IsZero() {
		at = now
	}
	if at.Before(now.Add(-lately)) {
		return d.wasOnCall(ctx, string(line), at)
	}
	roster, err := d.store.Roster(ctx)
	if err != nil {
		return nil, err
	}
	staff, err := d.store.Staff(ctx)
	if err != nil {
		return nil, err
	}
	if roster.Everyone {
		available := slices.DeleteFunc(staff, func(u hotline.User) bool { return !canAnswer(u) || u.State != hotline.Available })
		return []hotline.OnDuty{{Tier: 1, Users: available, Why: noRota}}, nil
	}
	plan, err := of(roster.Plans, string(line))
	if err != nil {
		return nil, err
	}
	return onDutyNow(roster, []storage.Plan{plan}, staff, at), nil
}

// Interpreters tells who is on duty as an interpreter for a line at an instant, or was, with why; the zero time is now.
// Who cannot be rung is left out.
func (d *Duty) Interpreters(ctx context.Context, line hotline.LineID, at time.Time) ([]hotline.Standby, error) {
	now := d.now()
	if at.IsZero() {
		at = now
	}
	if at.Before(now.Add(-lately)) {
		return d.interpreted(ctx, string(line), at)
	}
	roster, err := d.store.Roster(ctx)
	if err != nil {
		return nil, err
	}
	staff, err := d.store.Staff(ctx)
	if err != nil {
		return nil, err
	}
	found := []hotline.Standby{}
	for _, plan := range allOf(roster.Plans, string(line)) {
		found = append(found, interpreters(plan, staff, at, func(u hotline.User) bool { return canInterpret(u) && !roster.Resting(u.ID, at) })...)
	}
	return found, nil
}

func interpreters(plan rota.Schedule, staff []hotline.User, at time.Time, counts func(hotline.User) bool) (found []hotline.Standby) {
	for _, b := range rota.Interpreters(plan, at) {
		i := slices.IndexFunc(staff, func(u hotline.User) bool { return string(u.ID) == b.User })
		if i < 0 || !counts(staff[i]) {
			continue
		}
		languages := b.Languages
		if len(languages) == 0 {
			languages = staff[i].Languages
		}
		found = append(found, hotline.Standby{User: staff[i], Languages: languages, Until: b.Why.End,
			Why: rota.Why(plan, rota.Tier{Why: []rota.Shift{b.Why}}, namesOf(staff))})
	}
	return found
}

// Rota gives a line's rota as JSON, in the form of the contract with an id on every slot, and the version of its plan:
// its own, or the one for every line. An edit that keeps the ids keeps the shifts.
func (d *Duty) Rota(ctx context.Context, line hotline.LineID) ([]byte, int64, error) {
	plan, named, err := d.named(ctx, line)
	if err != nil {
		return nil, 0, err
	}
	return rota.Format(named.Identified()), plan.Version, nil
}

// Export gives a line's rota as JSON, as it was saved. An empty line is the only one there is; where there are several,
// that is hotline.ErrInvalid.
func (d *Duty) Export(ctx context.Context, line hotline.LineID) ([]byte, error) {
	if line == "" {
		roster, err := d.store.Roster(ctx)
		if err != nil {
			return nil, err
		}
		var lines []string
		for _, p := range roster.Plans {
			lines = append(lines, p.Line)
		}
		if len(lines) > 1 {
			return nil, hotline.Say(hotline.ErrInvalid, "there are several rotas: say of which line, "+strings.Join(lines, " or "))
		}
		line = hotline.LineID(strings.Join(lines, ""))
	}
	_, named, err := d.named(ctx, line)
	if err != nil {
		return nil, err
	}
	return rota.Format(named), nil
}

// named is a line's plan, and its grid with e-mail addresses.
func (d *Duty) named(ctx context.Context, line hotline.LineID) (storage.Plan, rota.Rota, error) {
	plan, staff, err := d.planOf(ctx, line, d.now())
	if err != nil {
		return plan, rota.Rota{}, err
	}
	named, err := plan.Rota.Renamed(emailsOf(staff))
	if err != nil {
		return plan, named, fmt.Errorf("name the users of a rota: %w", err)
	}
	return plan, named, nil
}

// emailsOf gives users' ids their e-mail addresses.
func emailsOf(staff []hotline.User) func(id string) (string, error) {
	return func(id string) (string, error) {
		for _, u := range staff {
			if string(u.ID) == id {
				return u.Email, nil
			}
		}
		return "", errors.New("its user is gone")
	}
}

// idsOf finds users by their e-mail addresses, or by their ids.
func idsOf(staff []hotline.User) func(name string) (string, error) {
	return func(name string) (string, error) {
		for _, u := range staff {
			if strings.EqualFold(u.Email, name) || string(u.ID) == name {
				return string(u.ID), nil
			}
		}
		return "", fmt.Errorf("nobody here has the e-mail address %q: hopeline user add makes an account", name)
	}
}

// SaveRota is Import by a supervisor or an admin. Base is the version that the edit began with: when another rota was
// saved after it, that is hotline.ErrConflict; 0: whatever there is.
func (d *Duty) SaveRota(ctx context.Context, v hotline.Viewer, doc []byte, base int64, reason string) (int64, []hotline.Finding, error) {
	if err := plans(v); err != nil {
		return 0, nil, err
	}
	return d.save(ctx, string(v.ID), doc, base, reason)
}

// Import saves a rota that the command line brought, and gives its version and what coverage says of the next 14 days,
// or of a whole cycle when that is longer. A fault in it, and a gap in tier 1 or an empty last tier without a reason, are
// hotline.ErrInvalid; the findings are given then too.
func (d *Duty) Import(ctx context.Context, doc []byte, reason string) (int64, []hotline.Finding, error) {
	return d.save(ctx, storage.System, doc, 0, reason)
}

func (d *Duty) save(ctx context.Context, by string, doc []byte, base int64, reason string) (int64, []hotline.Finding, error) {
	reason = strings.TrimSpace(reason)
	if len(reason) > hotline.MaxNote {
		return 0, nil, hotline.Say(hotline.ErrInvalid, "the reason is too long; nothing was changed")
	}
	e, err := d.drafted(ctx, doc)
	if err != nil {
		return 0, nil, err
	}
	people, err := d.busy(ctx, "", byEmail(e.staff)) // whoever saves a rota plans
	if err != nil {
		return 0, nil, err
	}
	now := d.now().UTC()
	found := append(rota.Coverage(bare(e.after), now, e.until(now), people), e.later(now, people)...)
	if f, grave := rota.Grave(found); grave && reason == "" {
		what := "the rota has a gap: "
		if f.Kind == rota.LastTier {
			what = "the last tier is empty: "
		}
		return 0, findings(found), hotline.Say(hotline.ErrInvalid, what+f.Words+"; fill it, plan it as closed, or give a reason; nothing was changed")
	}
	version, err := d.store.SaveRota(ctx, by, e.after.Rota, base, reason)
	if err == nil {
		d.settle(ctx, e.before, e.after)
	}
	return version, findings(found), err
}

// later are the gaps that a rota opens after all that coverage looks at.
func (e edited) later(now time.Time, people map[string]rota.Person) (found []rota.Finding) {
	from, to := e.until(now), reach(now, e.after)
	if !from.Before(to) {
		return nil
	}
	for _, s := range rota.Diff(e.before, e.after, from, to, people).Opens {
		found = append(found, rota.Finding(gapAt(e.after, s)))
	}
	return found
}

// byEmail is known, with the names that a file has for people.
func byEmail(staff []hotline.User) map[string]rota.Person {
	people := known(staff)
	for _, u := range staff {
		p := people[string(u.ID)]
		p.Name = u.Email
		people[string(u.ID)] = p
	}
	return people
}

func findings(found []rota.Finding) []hotline.Finding {
	out := make([]hotline.Finding, len(found))
	for i, f := range found {
		out[i] = hotline.Finding(f)
	}
	return out
}
