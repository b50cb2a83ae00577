package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hopeline/hotline"
)

// Traces are what lies at the carrier and is to be deleted there. What came and went through us gets a row once it is
// old enough, see [Store.GatherTraces]; what should never have been there gets one at once.

// trace has something deleted at the carrier as soon as may be.
func (t *tx) trace(what hotline.Trace) error {
	_, err := t.exec(`INSERT INTO traces (kind, sid, due_at, next_at, tries) VALUES ($1, $2, $3, $3, 0)
		ON CONFLICT (kind, sid) DO UPDATE SET due_at = excluded.due_at, next_at = excluded.next_at
		WHERE traces.due_at > excluded.due_at`, string(what.Kind), what.SID, millis(t.now))
	return err
}

// Trace has something deleted at the carrier as soon as may be.
func (s *Store) Trace(ctx context.Context, what hotline.Trace) error {
	return s.write(ctx, func(t *tx) error { return t.trace(what) })
}

// gathering is a table that is walked through in the order in which its rows were made, which is that of their ids.
type gathering struct {
	mark, table string
	inserts     []string // of the rows with ids above $1 up to $2; due at $3
}

// A key that a caller pressed is a message that the carrier never had. What came in on a call is a recording; its file
// was deleted when it was kept, unless it was lost.
var gatherings = []gathering{
	{"traced_messages", "messages", []string{
		`INSERT INTO traces (kind, sid, due_at, next_at, tries)
			SELECT CASE WHEN c.channel = 'voice' THEN 'recording' ELSE 'message' END, m.sid, CAST($3 AS BIGINT), CAST($3 AS BIGINT), 0
			FROM messages m JOIN contacts c ON c.id = m.contact_id
			WHERE m.id > $1 AND m.id <= $2 AND m.sid IS NOT NULL AND m.sid NOT LIKE 'key %'
			AND NOT (c.channel = 'voice' AND EXISTS (SELECT 1 FROM media f WHERE f.message_id = m.id AND f.state = 'done'))
			ON CONFLICT DO NOTHING`,
		`INSERT INTO traces (kind, sid, due_at, next_at, tries)
			SELECT 'message', s.sid, CAST($3 AS BIGINT), CAST($3 AS BIGINT), 0 FROM sends s
			WHERE s.message_id > $1 AND s.message_id <= $2 AND s.sid <> '' ON CONFLICT DO NOTHING`,
	}},
	{"traced_legs", "legs", []string{
		`INSERT INTO traces (kind, sid, due_at, next_at, tries)
			SELECT 'call', l.sid, CAST($3 AS BIGINT), CAST($3 AS BIGINT), 0 FROM legs l
			WHERE l.id > $1 AND l.id <= $2 AND l.sid IS NOT NULL ON CONFLICT DO NOTHING`,
	}},
	{"traced_tests", "tests", []string{
		`INSERT INTO traces (kind, sid, due_at, next_at, tries)
			SELECT 'call', p.sid, CAST($3 AS BIGINT), CAST($3 AS BIGINT), 0 FROM tests p
			WHERE p.id > $1 AND p.id <= $2 AND p.sid IS NOT NULL ON CONFLICT DO NOTHING`,
	}},
}

// GatherTraces notes what was on disk before a moment, and so lies at the carrier for nothing: up to limit rows of each
// table. More: there are others. Each row is noted once; what gets an id of the carrier's later is found in its lists.
func (s *Store) GatherTraces(ctx context.Context, before time.Time, limit int) (more bool, err error) {
	err = s.write(ctx, func(t *tx) error {
		more = false
		for _, g := range gatherings {
			n, err := t.gather(g, before, limit)
			if err != nil {
				return err
			}
			more = more || n == limit
		}
		return nil
	})
	return more, err
}

func (t *tx) gather(g gathering, before time.Time, limit int) (int, error) {
	var mark []byte
	if err := t.row(`SELECT value FROM meta WHERE name = $1`, []any{g.mark}, &mark); err != nil && !notThere(err) {
		return 0, err
	}
	var n int
	var last string
	err := t.row(`SELECT count(*), COALESCE(max(id), '') FROM (SELECT id FROM `+g.table+` WHERE id > $1 AND id < $2 ORDER BY id LIMIT $3) x`,
		[]any{string(mark), idsFrom(before), limit}, &n, &last)
	if err != nil || n == 0 {
		return 0, err
	}
	for _, insert := range g.inserts {
		if _, err := t.exec(insert, string(mark), last, millis(t.now)); err != nil {
			return 0, err
		}
	}
	_, err = t.exec(`INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, g.mark, []byte(last))
	return n, err
}

// idsFrom is below every id that was made at a time or after it. See newID.
func idsFrom(at time.Time) string { return fmt.Sprintf("%011x", millis(at)) }

// TraceDue is a trace that is to be deleted now.
type TraceDue struct {
	hotline.Trace
	Tries int // with this one
}

// ClaimTraces takes what is to be deleted now, the longest due first. Lease is how long a try may take. A message whose
// files are not here yet is left where it is.
func (s *Store) ClaimTraces(ctx context.Context, limit int, lease time.Duration) ([]TraceDue, error) {
	var due []TraceDue
	err := s.write(ctx, func(t *tx) error {
		due = nil
		err := t.each(`SELECT x.kind, x.sid, x.tries FROM traces x WHERE x.next_at <= $1 AND NOT EXISTS
			(SELECT 1 FROM messages m JOIN media f ON f.message_id = m.id WHERE m.sid = x.sid AND f.state = 'waiting')
			ORDER BY x.next_at LIMIT $2`, []any{millis(t.now), limit}, func(r scanner) error {
			var d TraceDue
			err := r.Scan(&d.Kind, &d.SID, &d.Tries)
			due = append(due, d)
			return err
		})
		if err != nil {
			return err
		}
		mine := due[:0]
		for _, d := range due {
			n, err := t.exec(`UPDATE traces SET next_at = $1, tries = tries + 1 WHERE kind = $2 AND sid = $3 AND tries = $4`,
				millis(t.now.Add(lease)), string(d.Kind), d.SID, d.Tries)
			if err != nil {
				return err
			}
			if d.Tries++; n > 0 { // else another process was quicker
				mine = append(mine, d)
			}
		}
		due = mine
		return nil
	})
	return due, err
}

// ErasedTraces writes down that traces are not at the carrier any more.
func (s *Store) ErasedTraces(ctx context.Context, gone []TraceDue) error {
	if len(gone) == 0 {
		return nil
	}
	return s.write(ctx, func(t *tx) error {
		for _, d := range gone {
			if _, err := t.exec(`DELETE FROM traces WHERE kind = $1 AND sid = $2`, string(d.Kind), d.SID); err != nil {
				return err
			}
		}
		return t.audit(System, "traces.erased", "", fmt.Sprintf("traces=%d", len(gone)))
	})
}

// PostponeTrace tries to delete a trace again after a while.
func (s *Store) PostponeTrace(ctx context.Context, d TraceDue, after time.Duration) error {
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE traces SET next_at = $1 WHERE kind = $2 AND sid = $3`, millis(t.now.Add(after)), string(d.Kind), d.SID)
		return err
	})
}

// NextTrace is when the next trace is to be deleted; zero when none is.
func (s *Store) NextTrace(ctx context.Context) (time.Time, error) {
	var at sql.NullInt64
	err := s.read.QueryRowContext(ctx, `SELECT min(next_at) FROM traces`).Scan(&at)
	return fromMillis(at.Int64), classify(err)
}

// OverdueTraces counts what should be gone since before a moment, and is not.
func (s *Store) OverdueTraces(ctx context.Context, before time.Time) (int, error) {
	var n int
	err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM traces WHERE due_at < $1`, millis(before)).Scan(&n)
	return n, classify(err)
}

// Leftovers goes through what the carrier still has although it is old: ours is to be deleted now, and the rest is
// counted. Recordings of calls that are not ours are somebody else's, and are no matter of ours.
func (s *Store) Leftovers(ctx context.Context, listed []hotline.Trace) (ours, strange int, err error) {
	err = s.write(ctx, func(t *tx) error {
		ours, strange = 0, 0
		for _, l := range listed {
			known, err := t.knowsTrace(l)
			switch {
			case err != nil:
				return err
			case known:
				ours++
				err = t.trace(l)
			case l.Kind != hotline.RecordingTrace:
				strange++
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return ours, strange, err
}

func (t *tx) knowsTrace(l hotline.Trace) (bool, error) {
	query := `SELECT 1 FROM (SELECT sid FROM legs WHERE sid = $1 OR sid = $2 UNION ALL SELECT sid FROM tests WHERE sid = $1) x LIMIT 1`
	args := []any{l.SID, emptyIsNull(l.Parent)}
	if l.Kind == hotline.MessageTrace {
		query, args = `SELECT 1 FROM (SELECT sid FROM messages WHERE sid = $1 UNION ALL SELECT sid FROM sends WHERE sid = $1) x LIMIT 1`, args[:1]
	}
	var n int
	err := t.row(query, args, &n)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
