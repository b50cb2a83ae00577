package storage

import (
	"encoding/json"
	"fmt"
	"time"

	"hopeline/routing/rota"
)

// layers is what lies over one grid, as it lies in the tables.
type layers struct {
	templates, temporary []json.RawMessage
	days                 []rota.Day
	exceptions           []rota.Exception
	confirmed            []rota.Confirmation
}

// dated is the body of a template.
type dated struct {
	Template json.RawMessage `json:"template"`
	Dates    []string        `json:"dates"`
}

// The kinds of overlay.
const (
	ofTemplate  = "template"
	ofTemporary = "temporary"
)

// layers reads what lies over the grids of some lines since a time. Templates always do.
func (t *tx) layers(lines map[string]*written, since time.Time) error {
	day := since.UTC().AddDate(0, 0, -1).Format(time.DateOnly) // one more: a rota's own day may be another
	err := t.each(`SELECT line, id, kind, body FROM overlays WHERE ended_at = 0 ORDER BY n`, nil, func(row scanner) error {
		var line, id, kind, body string
		if err := row.Scan(&line, &id, &kind, &body); err != nil || lines[line] == nil {
			return err
		}
		return lines[line].over.add(id, kind, body, day)
	})
	if err != nil {
		return err
	}
	err = t.each(`SELECT line, id, kind, shift, user_id, by_user FROM exceptions WHERE ended_at = 0 AND day >= $1 ORDER BY id`, []any{day}, func(row scanner) error {
		var e rota.Exception
		var line, shift string
		if err := row.Scan(&line, &e.ID, &e.Kind, &shift, &e.User, &e.By); err != nil || lines[line] == nil {
			return err
		}
		var err error
		e.Shift, err = rota.ParseShiftID(shift)
		lines[line].over.exceptions = append(lines[line].over.exceptions, e)
		return err
	})
	if err != nil {
		return err
	}
	return t.each(`SELECT shift, user_id FROM attendance WHERE day >= $1 ORDER BY shift, user_id`, []any{day}, func(row scanner) error {
		var shift, user string
		if err := row.Scan(&shift, &user); err != nil {
			return err
		}
		id, err := rota.ParseShiftID(shift)
		if w := lines[id.Line]; w != nil && err == nil {
			w.over.confirmed = append(w.over.confirmed, rota.Confirmation{Shift: id, User: user})
		}
		return err
	})
}

func (l *layers) add(id, kind, body, since string) error {
	if kind == ofTemporary {
		var t struct{ To string }
		err := json.Unmarshal([]byte(body), &t)
		if err == nil && t.To >= since {
			l.temporary = append(l.temporary, json.RawMessage(body))
		}
		return err
	}
	var d dated
	if err := json.Unmarshal([]byte(body), &d); err != nil {
		return fmt.Errorf("read a template: %w", err)
	}
	l.templates = append(l.templates, d.Template)
	for _, date := range d.Dates {
		l.days = append(l.days, rota.Day{Date: date, Template: id})
	}
	return nil
}

// on lays it over a grid.
func (l layers) on(grid rota.Rota) (rota.Plan, error) {
	over, err := l.overlay()
	if err != nil {
		return rota.Plan{}, err
	}
	over.Exceptions, over.Confirmed = l.exceptions, l.confirmed
	return rota.NewPlan(grid, over)
}

// overlay is what replaces a grid.
func (l layers) overlay() (rota.Overlay, error) {
	text, err := json.Marshal(map[string]any{"templates": l.templates, "days": l.days, "temporary": l.temporary})
	if err != nil {
		return rota.Overlay{}, err
	}
	return rota.ParseOverlay(text)
}

// overlay is one thing that lies over a grid.
type overlay struct{ id, kind, body string }

// overlaysOf are a plan's, in the form of the table.
func overlaysOf(p rota.Plan) ([]overlay, error) {
	var doc struct {
		Templates, Temporary []json.RawMessage
		Days                 []rota.Day
	}
	if err := json.Unmarshal(rota.FormatPlan(p), &doc); err != nil {
		return nil, fmt.Errorf("read a plan: %w", err)
	}
	var all []overlay
	for i, raw := range doc.Templates {
		d := dated{Template: raw, Dates: []string{}}
		id := p.Over().Templates[i].ID
		for _, day := range doc.Days {
			if day.Template == id {
				d.Dates = append(d.Dates, day.Date)
			}
		}
		body, err := json.Marshal(d)
		if err != nil {
			return nil, fmt.Errorf("write a template: %w", err)
		}
		all = append(all, overlay{id, ofTemplate, string(body)})
	}
	for i, raw := range doc.Temporary {
		compact, err := json.Marshal(raw)
		if err != nil {
			return nil, fmt.Errorf("write a temporary plan: %w", err)
		}
		all = append(all, overlay{p.Over().Temporary[i].ID, ofTemporary, string(compact)})
	}
	return all, nil
}
