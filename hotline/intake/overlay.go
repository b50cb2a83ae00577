package intake

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
	"hopeline/storage"
)

// Overlays lists what lies over a line's grid from today on; users are e-mail addresses.
func (d *Duty) Overlays(ctx context.Context, v hotline.Viewer, line hotline.LineID) (hotline.Overlays, error) {
	all := hotline.Overlays{Templates: []hotline.DayTemplate{}, Temporary: []hotline.TemporaryPlan{}}
	if err := plans(v); err != nil {
		return all, err
	}
	plan, staff, err := d.planOf(ctx, line, d.now())
	if err != nil {
		return all, err
	}
	named, err := plan.Renamed(emailsOf(staff))
	if err != nil {
		return all, fmt.Errorf("name the users of a plan: %w", err)
	}
	over := named.Over()
	for _, t := range over.Templates {
		dates := []string{}
		for _, day := range over.Days {
			if day.Template == t.ID {
				dates = append(dates, day.Date)
			}
		}
		all.Templates = append(all.Templates, hotline.DayTemplate{ID: t.ID, Name: t.Name, Holiday: t.Holiday, Dates: dates, Slots: slotsJSON(t.Slots)})
	}
	for _, t := range over.Temporary {
		fallback := "none"
		switch {
		case t.Grid:
			fallback = "grid"
		case len(t.Users) > 0:
			fallback = t.Users[0]
		}
		all.Temporary = append(all.Temporary, hotline.TemporaryPlan{ID: t.ID, Name: t.Name, From: t.From, To: t.To, Fallback: fallback, Slots: slotsJSON(t.Slots)})
	}
	return all, nil
}

func slotsJSON(slots []rota.Slot) []byte {
	text, err := json.Marshal(slots)
	if err != nil || slots == nil {
		return []byte("[]")
	}
	return text
}

// SetTemplate lays a template on its dates; one of the same name is replaced, and keeps dates that are over. Its slots need
// no day. A gap in tier 1 that it opens needs a reason.
func (d *Duty) SetTemplate(ctx context.Context, v hotline.Viewer, line hotline.LineID, t hotline.DayTemplate, reason string) ([]hotline.Finding, error) {
	return d.lay(ctx, v, line, "template", reason, func(doc *over) error {
		t.Name = strings.TrimSpace(t.Name)
		if t.Name == "" {
			return hotline.Say(hotline.ErrInvalid, "a template has a name; nothing was changed")
		}
		slots, err := undated(t.Slots)
		if err != nil {
			return err
		}
		id := "day-" + strings.ToLower(rand.Text()[:10])
		for i, old := range doc.Templates {
			if old.Name == t.Name {
				id = old.ID
				doc.Templates = slices.Delete(doc.Templates, i, i+1)
				break
			}
		}
		for _, date := range t.Dates {
			if !slices.Contains(doc.Days, rota.Day{Date: date, Template: id}) && doc.isOver(date) {
				return errOver(date)
			}
		}
		doc.Templates = append(doc.Templates, template{id, t.Name, t.Holiday, slots})
		doc.Days = slices.DeleteFunc(doc.Days, func(day rota.Day) bool { return day.Template == id || slices.Contains(t.Dates, day.Date) })
		for _, date := range t.Dates {
			doc.Days = append(doc.Days, rota.Day{Date: date, Template: id})
		}
		return nil
	})
}

// SetTemporary lays a plan over the grid from one date to another, both included. A slot with a date stands on it; one
// with a day of the week stands on every such day. Its last day is not over. A gap needs a reason, as with a template.
func (d *Duty) SetTemporary(ctx context.Context, v hotline.Viewer, line hotline.LineID, t hotline.TemporaryPlan, reason string) ([]hotline.Finding, error) {
	return d.lay(ctx, v, line, "temporary", reason, func(doc *over) error {
		slots, err := datedSlots(t.Slots, t.From, t.To)
		if err != nil {
			return err
		}
		if doc.isOver(t.To) {
			return errOver(t.To)
		}
		fresh := temporary{ID: "plan-" + strings.ToLower(rand.Text()[:10]), Name: strings.TrimSpace(t.Name), From: t.From, To: t.To, Slots: slots}
		switch t.Fallback {
		case "grid":
			fresh.Grid = true
		case "", "none":
		default:
			fresh.Users = []string{t.Fallback}
		}
		for i, old := range doc.Temporary {
			if old.From == t.From && old.To == t.To {
				fresh.ID = old.ID
				doc.Temporary = slices.Delete(doc.Temporary, i, i+1)
				break
			}
		}
		doc.Temporary = append(doc.Temporary, fresh)
		return nil
	})
}

// DropOverlay takes a template, a temporary plan or an exception away; for what is over it held. A gap needs a reason, as with a template.
func (d *Duty) DropOverlay(ctx context.Context, v hotline.Viewer, line hotline.LineID, id, reason string) ([]hotline.Finding, error) {
	return d.lay(ctx, v, line, "drop", reason, func(doc *over) error {
		had := len(doc.Templates) + len(doc.Temporary) + len(doc.Exceptions)
		if i := slices.IndexFunc(doc.Exceptions, func(e rota.Exception) bool { return e.ID == id }); i >= 0 {
			if err := running(doc.plan, doc.Exceptions[i].Shift, d.now()); err != nil {
				return err
			}
		}
		doc.Templates = slices.DeleteFunc(doc.Templates, func(t template) bool { return t.ID == id })
		doc.Days = slices.DeleteFunc(doc.Days, func(day rota.Day) bool { return day.Template == id })
		doc.Temporary = slices.DeleteFunc(doc.Temporary, func(t temporary) bool { return t.ID == id })
		doc.Exceptions = slices.DeleteFunc(doc.Exceptions, func(e rota.Exception) bool { return e.ID == id })
		if had == len(doc.Templates)+len(doc.Temporary)+len(doc.Exceptions) {
			return hotline.Say(hotline.ErrNotFound, "nothing of that id lies over the rota")
		}
		return nil
	})
}

// over is a plan's JSON, in as far as it is laid over the grid.
type over struct {
	Templates  []template
	Days       []rota.Day
	Temporary  []temporary
	Exceptions []rota.Exception

	plan  rota.Plan // before the change
	today string    // by its clock
}

// isOver tells whether a date is one on which nothing can be laid any more.
func (o over) isOver(date string) bool {
	_, err := time.Parse(time.DateOnly, date)
	return err == nil && date < o.today
}

func errOver(date string) error {
	return hotline.Say(hotline.ErrInvalid, date+" is over, and what is over stays as it was: lay it on today or later, or change a shift that still runs by itself; nothing was changed")
}

type template struct {
	ID      string            `json:"id"`
	Name    string            `json:"name"`
	Holiday bool              `json:"holiday"`
	Slots   []json.RawMessage `json:"slots"`
}

type temporary struct {
	ID    string            `json:"id"`
	Name  string            `json:"name"`
	From  string            `json:"from"`
	To    string            `json:"to"`
	Grid  bool              `json:"grid,omitempty"`
	Users []string          `json:"users,omitempty"`
	Slots []json.RawMessage `json:"slots"`
}

// lay changes what is laid over a line's grid, and gives what coverage says then.
func (d *Duty) lay(ctx context.Context, v hotline.Viewer, line hotline.LineID, cause, reason string, change func(*over) error) ([]hotline.Finding, error) {
	if err := plans(v); err != nil {
		return nil, err
	}
	plan, staff, err := d.planOf(ctx, line, d.now())
	if err != nil {
		return nil, err
	}
	now, reason := d.now().UTC(), strings.TrimSpace(reason)
	after, err := d.edit(ctx, plan.Line, storage.Edit{By: string(v.ID), Cause: cause, Reason: reason, Do: func(p storage.Plan) (rota.Plan, error) {
		next, err := laid(p.Plan, staff, now, change)
		if err == nil && reason == "" {
			err = opensNone(p.Plan, next, rota.Span{Start: now, End: reach(now, p.Plan, next)}, known(staff))
		}
		return next, err
	}})
	if err != nil {
		return nil, err
	}
	people, err := d.people(ctx, v, staff)
	return findings(rota.Coverage(after, now, now.Add(promised), people)), err
}

// reach is how far the gaps that a change opens are looked for: as far as plans are promised, and past all that lies over
// them, before the change or after it.
func reach(now time.Time, plans ...rota.Plan) time.Time {
	to := now.Add(promised)
	past := func(date string) {
		if at, err := time.Parse(time.DateOnly, date); err == nil {
			to = latest(to, at.AddDate(0, 0, 3))
		}
	}
	for _, p := range plans {
		for _, day := range p.Over().Days {
			past(day.Date)
		}
		for _, t := range p.Over().Temporary {
			past(t.To)
		}
		for _, e := range p.Over().Exceptions {
			past(e.Shift.Day)
		}
	}
	if most := now.Add(widestSheet); to.After(most) {
		return most
	}
	return to
}

// laid reads a plan's JSON, changes it, and makes it a plan again: what is wrong is told with its part.
func laid(p rota.Plan, staff []hotline.User, now time.Time, change func(*over) error) (rota.Plan, error) {
	var fields map[string]json.RawMessage
	doc := over{plan: p, today: p.In(now).Format(time.DateOnly)}
	text := rota.FormatPlan(p)
	if err := json.Unmarshal(text, &fields); err != nil {
		return p, fmt.Errorf("read a plan: %w", err)
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return p, fmt.Errorf("read a plan: %w", err)
	}
	if err := change(&doc); err != nil {
		return p, err
	}
	whole := map[string]any{"templates": doc.Templates, "days": doc.Days, "temporary": doc.Temporary}
	for _, name := range []string{"line", "zone", "weeks", "anchor", "slots"} {
		whole[name] = fields[name]
	}
	text, err := json.Marshal(whole)
	if err != nil {
		return p, fmt.Errorf("write a plan: %w", err)
	}
	next, err := rota.ParsePlan(text)
	if err == nil {
		next, err = next.Renamed(idsOf(staff))
	}
	if err != nil {
		return p, invalid(err)
	}
	return relaid(p, next.Over(), doc.Exceptions)
}

// relaid gives the plan with other templates and temporary plans, and with these exceptions.
func relaid(p rota.Plan, fresh rota.Overlay, exceptions []rota.Exception) (rota.Plan, error) {
	whole := p.Over()
	whole.Templates, whole.Days, whole.Temporary, whole.Exceptions = fresh.Templates, fresh.Days, fresh.Temporary, exceptions
	next, err := p.Laid(whole)
	return next, invalid(err)
}
