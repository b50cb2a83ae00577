package storage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

// pastMost is how many changes a history shows.
const pastMost = 200

// Versions lists the grids that were saved for a line, the newest first, with who and why.
func (s *Store) Versions(ctx context.Context, line string) ([]hotline.Past, error) {
	found := []hotline.Past{}
	err := s.look(ctx, func(t *tx) error {
		return t.each(`SELECT version, saved_at, saved_by, reason FROM rotas WHERE line = $1 ORDER BY version DESC LIMIT $2`, []any{line, pastMost}, func(row scanner) error {
			var p hotline.Past
			var at int64
			var sealed []byte
			if err := row.Scan(&p.Version, &at, &p.By, &sealed); err != nil {
				return err
			}
			p.At = fromMillis(at)
			reason, err := s.keys.Open(sealed, reasonPlace(line, p.Version))
			if err != nil {
				return fmt.Errorf("open a rota's reason: %w", err)
			}
			p.Reason = string(reason)
			found = append(found, p)
			return nil
		})
	})
	return found, err
}

// Changes lists what was laid over a line's grid, the newest first, with who and why, and how it ended.
func (s *Store) Changes(ctx context.Context, line string) ([]hotline.Past, error) {
	found := []hotline.Past{}
	err := s.look(ctx, func(t *tx) error {
		found = []hotline.Past{}
		add := func(table string) func(scanner) error {
			return func(row scanner) error {
				p, err := t.past(row, table, line)
				found = append(found, p)
				return err
			}
		}
		const rest = `reason, made_at, made_by, ended_at, ended_by, undone`
		err := t.each(`SELECT id, shift, kind, user_id, by_user, cause, `+rest+` FROM exceptions WHERE line = $1 ORDER BY made_at DESC, id DESC LIMIT $2`,
			[]any{line, pastMost}, add("exceptions"))
		if err != nil {
			return err
		}
		return t.each(`SELECT id, '', kind, '', '', kind, `+rest+` FROM overlays WHERE line = $1 ORDER BY made_at DESC, n DESC LIMIT $2`,
			[]any{line, pastMost}, add("overlays"))
	})
	slices.SortStableFunc(found, func(a, b hotline.Past) int { return b.At.Compare(a.At) })
	return found[:min(len(found), pastMost)], err
}

// past reads one row of either table.
func (t *tx) past(row scanner, table, line string) (hotline.Past, error) {
	var p hotline.Past
	var id string
	var reason, undone []byte
	var at, ended int64
	if err := row.Scan(&id, &p.Shift, &p.Kind, &p.User, &p.With, &p.Cause, &reason, &at, &p.By, &ended, &p.EndedBy, &undone); err != nil {
		return p, err
	}
	p.At, p.Ended = fromMillis(at), fromMillis(ended)
	var err error
	if p.Reason, err = t.opened(reason, table, "reason", id, line); err != nil {
		return p, err
	}
	p.Undone, err = t.opened(undone, table, "undone", id, line)
	return p, err
}

// Asked counts the offers that each user was made from one time to another, and how many of them she let pass.
func (s *Store) Asked(ctx context.Context, from, to time.Time) (map[hotline.UserID]rota.Pages, error) {
	all := map[hotline.UserID]rota.Pages{}
	err := s.look(ctx, func(t *tx) error {
		return t.each(`SELECT user_id, reason, count(*) FROM offers WHERE made_at >= $1 AND made_at < $2 AND reason IN ('accepted', 'expired') GROUP BY user_id, reason`,
			[]any{millis(from), millis(to)}, func(row scanner) error {
				var u hotline.UserID
				var reason hotline.EndReason
				var n int
				if err := row.Scan(&u, &reason, &n); err != nil {
					return err
				}
				p := all[u]
				if reason == hotline.Accepted {
					p.Answered += n
				} else {
					p.Missed += n
				}
				all[u] = p
				return nil
			})
	})
	return all, err
}

// Crowd counts who waits, by channel, and tells since when the longest does, and who holds a call.
func (s *Store) Crowd(ctx context.Context) (waiting map[hotline.Channel]int, since time.Time, talking map[hotline.UserID]bool, err error) {
	waiting, talking = map[hotline.Channel]int{}, map[hotline.UserID]bool{}
	err = s.look(ctx, func(t *tx) error {
		err := t.each(`SELECT channel, count(*), min(since) FROM contacts c WHERE `+inQueue+` GROUP BY channel`, nil, func(row scanner) error {
			var c hotline.Channel
			var n int
			var first int64
			err := row.Scan(&c, &n, &first)
			waiting[c] = n
			if at := fromMillis(first); since.IsZero() || at.Before(since) {
				since = at
			}
			return err
		})
		if err != nil {
			return err
		}
		return t.each(`SELECT user_id FROM slots WHERE kind = 'call'`, nil, func(row scanner) error {
			var u hotline.UserID
			err := row.Scan(&u)
			talking[u] = true
			return err
		})
	})
	return waiting, since, talking, err
}
