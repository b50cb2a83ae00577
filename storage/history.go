package storage

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	"hopeline/routing/rota"
)

// History is a line's plan as it held at each moment from since on, and as it holds now. No row of a plan is ever
// deleted or changed but for its end, so nobody rewrites what was.
func (s *Store) History(ctx context.Context, plan Plan, since time.Time) (rota.History, error) {
	var r record
	err := s.look(ctx, func(t *tx) error {
		r = record{line: plan.Line, since: millis(since), store: s, laid: map[string]int{}, seats: map[string]int{}}
		if err := t.each(`SELECT body, saved_at FROM rotas WHERE line = $1
			AND version >= (SELECT coalesce(max(b.version), 0) FROM rotas b WHERE b.line = $1 AND b.saved_at <= $2) ORDER BY version`, []any{r.line, r.since}, r.grid); err != nil {
			return err
		}
		// A row that ended before it was made held never: the clocks of two houses differed.
		const held = `line = $1 AND (ended_at = 0 OR ended_at > made_at AND ended_at > $2)`
		if err := t.each(`SELECT id, kind, body, made_at, ended_at FROM overlays WHERE `+held+` ORDER BY n`, []any{r.line, r.since}, r.overlay); err != nil {
			return err
		}
		day := since.UTC().AddDate(0, 0, -4).Format(time.DateOnly) // a shift is over two days after its own, by whatever clock
		return t.each(`SELECT id, kind, shift, user_id, by_user, made_at, ended_at FROM exceptions WHERE `+held+` AND day >= $3 ORDER BY id`, []any{r.line, r.since, day}, r.exception)
	})
	return rota.NewHistory(plan.Plan, r.grids, r.over, r.exceptions), err
}

// record is what the tables hold of a line, as it is read.
type record struct {
	line       string
	since      int64
	store      *Store
	body       string // of the newest grid so far
	grids      []rota.Held[rota.Rota]
	over       []rota.Held[rota.Overlay]
	exceptions []rota.Held[rota.Exception]
	laid       map[string]int // by id, the last one among over
	seats      map[string]int // by seat, the last one among exceptions
}

// grid reads one; where its zone is gone nothing can be told of it, and the one before it stands.
func (r *record) grid(row scanner) error {
	var body string
	var at int64
	if err := row.Scan(&body, &at); err != nil || len(r.grids) > 0 && body == r.body {
		return err
	}
	g, err := rota.Parse([]byte(body))
	if err != nil {
		r.store.log.Warn("a rota of long ago cannot be read; the one before it stands for it", zap.Error(err))
		return nil
	}
	if n := len(r.grids); n > 0 {
		r.grids[n-1].To = fromMillis(at)
	}
	r.body, r.grids = body, append(r.grids, rota.Held[rota.Rota]{What: g, From: fromMillis(at)})
	return nil
}

func (r *record) overlay(row scanner) error {
	var id, kind, body string
	var made, ended int64
	if err := row.Scan(&id, &kind, &body, &made, &ended); err != nil {
		return err
	}
	var l layers
	if err := l.add(id, kind, body, ""); err != nil {
		return err
	}
	over, err := l.overlay()
	if err != nil {
		return fmt.Errorf("read what was laid over a rota: %w", err)
	}
	follow(r.over, r.laid, id, fromMillis(made))
	r.over = append(r.over, rota.Held[rota.Overlay]{What: over, From: fromMillis(made), To: fromMillis(ended)})
	return nil
}

func (r *record) exception(row scanner) error {
	var e rota.Exception
	var shift string
	var made, ended int64
	err := row.Scan(&e.ID, &e.Kind, &shift, &e.User, &e.By, &made, &ended)
	if err == nil {
		e.Shift, err = rota.ParseShiftID(shift)
	}
	follow(r.exceptions, r.seats, shift, fromMillis(made))
	r.exceptions = append(r.exceptions, rota.Held[rota.Exception]{What: e, From: fromMillis(made), To: fromMillis(ended)})
	return err
}

// follow ends what a row took the place of where that row begins: by the clocks of two houses it may have ended later.
func follow[T any](all []rota.Held[T], last map[string]int, key string, made time.Time) {
	if i, some := last[key]; some && all[i].To.After(made) {
		all[i].To = made
	}
	last[key] = len(all)
}
