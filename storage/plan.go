package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

// Plan is a line's grid with what is laid over it, and what the line wants of it. Users are ids.
type Plan struct {
	rota.Plan
	Grid    int64     // the version that its grid was saved as; Version counts what is laid over it too
	Changed time.Time // when that was last
	Approve bool      // a supervisor approves each swap
	Here    bool      // the phone of who is not there is rung before her shift
	Silent  bool      // no supervisor's phone is rung for an alarm
	Needs   hotline.Needs
}

// Settings are what a line wants of its rota.
type Settings struct {
	Approve bool        `json:"approve,omitempty"`
	Here    bool        `json:"here_page,omitempty"`
	Silent  bool        `json:"silent,omitempty"`
	Limits  rota.Limits `json:"limits"`
	// Of a line that said nothing: a language is preferred, whom she asks for is a must up to the last tier but one.
	Needs *hotline.Needs `json:"needs,omitempty"`
}

// needs are those of a plan's line.
func (set Settings) needs(p rota.Plan) hotline.Needs {
	if set.Needs != nil {
		return *set.Needs
	}
	return hotline.Needs{Musts: hotline.Musts{Gender: p.LastTier() - 1}, Returns: hotline.UsualReturns}
}

// recent is for how many days back an exception may still matter to who is on duty.
const recent = 8

var errNoPlan = hotline.Say(hotline.ErrNotFound, "no rota was saved for this line")

// Plan reads a line's plan, with what changed single shifts since a time; hotline.ErrNotFound when no rota of its own
// was saved.
func (s *Store) Plan(ctx context.Context, line string, since time.Time) (Plan, error) {
	var p Plan
	err := s.look(ctx, func(t *tx) (err error) {
		p, err = t.plan(line, since)
		return err
	})
	return p, err
}

func (t *tx) plan(line string, since time.Time) (Plan, error) {
	found, _, err := t.plans(line, since)
	if err != nil {
		return Plan{}, err
	}
	if line == "" || len(found) == 0 {
		return Plan{}, errNoPlan
	}
	return found[0], nil
}

// Plans reads those of all lines.
func (s *Store) Plans(ctx context.Context, since time.Time) ([]Plan, error) {
	var found []Plan
	err := s.look(ctx, func(t *tx) (err error) {
		found, _, err = t.plans("", since)
		return err
	})
	return found, err
}

// written is a plan as it lies in the tables.
type written struct {
	line, body, settings string
	grid, version        int64
	changed              int64
	over                 layers
}

// plans reads the newest plan of each line, or of one. Unread: one could not be read, since its zone is gone from the
// time zone data, and leaves nobody waiting: everybody is on duty then.
func (t *tx) plans(line string, since time.Time) (found []Plan, unread bool, err error) {
	var all []*written
	lines := map[string]*written{}
	err = t.each(`SELECT r.line, r.version, r.body, p.version, p.changed_at, p.settings FROM rotas r JOIN plans p ON p.line = r.line
		WHERE r.version = (SELECT max(m.version) FROM rotas m WHERE m.line = r.line) AND (CAST($1 AS TEXT) = '' OR r.line = $1) ORDER BY r.line`,
		[]any{line}, func(row scanner) error {
			w := &written{}
			err := row.Scan(&w.line, &w.grid, &w.body, &w.version, &w.changed, &w.settings)
			all, lines[w.line] = append(all, w), w
			return err
		})
	if err != nil || len(all) == 0 {
		return nil, false, err
	}
	if err := t.layers(lines, since); err != nil {
		return nil, false, err
	}
	for _, w := range all {
		p, err := w.read()
		var fault *rota.Fault
		if errors.As(err, &fault) && p.Weeks > 0 {
			t.store.log.Error("what is laid over a rota cannot be read, and is left out", zap.Error(err))
			err = nil
		}
		if err != nil {
			t.store.log.Error("a saved rota cannot be read; everybody available is on duty until another is saved", zap.Error(err))
			unread = true
			continue
		}
		found = append(found, p)
	}
	return found, unread, nil
}

// read makes it a plan. When only what is laid over the grid is wrong, the grid is given with the error.
func (w *written) read() (Plan, error) {
	p := Plan{Grid: w.grid, Changed: fromMillis(w.changed)}
	set := Settings{Limits: rota.Usual()}
	if w.settings != "" {
		if err := json.Unmarshal([]byte(w.settings), &set); err != nil {
			return p, fmt.Errorf("read a line's settings: %w", err)
		}
	}
	r, err := rota.Parse([]byte(w.body))
	if err != nil {
		return p, err
	}
	bare, err := rota.NewPlan(r, rota.Overlay{})
	if err != nil {
		return p, err
	}
	whole, err := w.over.on(r)
	if err == nil {
		bare = whole
	}
	p.Plan, p.Approve, p.Here, p.Silent = bare, set.Approve, set.Here, set.Silent
	p.Version, p.Limits, p.Needs = w.version, set.Limits, set.needs(bare)
	return p, err
}

// SetPlan changes what a line wants of its rota. With a reason the grid is kept once more, as a version of its own: who
// looks at the history finds why.
func (s *Store) SetPlan(ctx context.Context, by, line string, set Settings, reason string) error {
	return s.write(ctx, func(t *tx) error {
		text, err := json.Marshal(set)
		if err != nil {
			return fmt.Errorf("write a line's settings: %w", err)
		}
		var version int64
		err = t.row(`UPDATE plans SET settings = $1, version = version + 1, changed_at = $2 WHERE line = $3 RETURNING version`,
			[]any{string(text), millis(t.now), line}, &version)
		if notThere(err) {
			return errNoPlan
		}
		if err == nil && reason != "" {
			err = t.keepGrid(by, line, version, reason)
		}
		if err != nil {
			return err
		}
		return t.audit(by, "rota.set", "", fmt.Sprintf("line=%s approve=%v here_page=%v silent=%v", line, set.Approve, set.Here, set.Silent))
	})
}

// keepGrid writes a line's newest grid as another version.
func (t *tx) keepGrid(by, line string, version int64, reason string) error {
	var body string
	if err := t.row(`SELECT body FROM rotas WHERE line = $1 ORDER BY version DESC LIMIT 1`, []any{line}, &body); err != nil {
		return err
	}
	return t.addGrid(by, line, version, body, reason)
}
