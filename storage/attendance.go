package storage

import (
	"context"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

// Attendance is what people said of their seats.
type Attendance map[rota.ShiftID]map[hotline.UserID]hotline.SeatState

// Of is what somebody said of a seat; planned: nothing.
func (a Attendance) Of(seat rota.ShiftID, user hotline.UserID) hotline.SeatState {
	if s, ok := a[seat][user]; ok {
		return s
	}
	return hotline.SeatPlanned
}

// Attendance reads what was said of shifts that start from one time to another.
func (s *Store) Attendance(ctx context.Context, from, to time.Time) (Attendance, error) {
	all := Attendance{}
	day := func(t time.Time, days int) string { return t.UTC().AddDate(0, 0, days).Format(time.DateOnly) }
	err := s.look(ctx, func(t *tx) error {
		return t.each(`SELECT shift, user_id, here_at FROM attendance WHERE day >= $1 AND day <= $2`, []any{day(from, -2), day(to, 1)}, func(row scanner) error {
			var shift string
			var u hotline.UserID
			var here int64
			if err := row.Scan(&shift, &u, &here); err != nil {
				return err
			}
			id, err := rota.ParseShiftID(shift)
			if all[id] == nil {
				all[id] = map[hotline.UserID]hotline.SeatState{}
			}
			all[id][u] = hotline.SeatConfirmed
			if here > 0 {
				all[id][u] = hotline.SeatHere
			}
			return err
		})
	})
	return all, err
}

// Confirm keeps that somebody will come to a seat of hers.
func (s *Store) Confirm(ctx context.Context, user hotline.UserID, seat rota.ShiftID) error {
	return s.write(ctx, func(t *tx) error {
		if err := t.attends(user, seat, 0); err != nil {
			return err
		}
		return t.audit(string(user), "shift.confirmed", "", "shift="+seat.String())
	})
}

// Arrive keeps that somebody is there, and her session until a time, when it would end before.
func (s *Store) Arrive(ctx context.Context, user hotline.UserID, seat rota.ShiftID, session []byte, until time.Time) error {
	return s.write(ctx, func(t *tx) error {
		if err := t.attends(user, seat, millis(t.now)); err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE sessions SET ends_at = $1 WHERE token_hash = $2 AND user_id = $3 AND ends_at < $1 AND ends_at > $4 AND NOT enrol`,
			millis(until), session, string(user), millis(t.now)); err != nil {
			return err
		}
		return t.audit(string(user), "duty.here", "", "shift="+seat.String())
	})
}

func (t *tx) attends(user hotline.UserID, seat rota.ShiftID, here int64) error {
	if _, err := t.exec(`INSERT INTO attendance (shift, user_id, day, confirmed_at, here_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (shift, user_id) DO UPDATE SET here_at = CASE WHEN attendance.here_at > 0 THEN attendance.here_at ELSE excluded.here_at END`,
		seat.String(), string(user), seat.Day, millis(t.now), here); err != nil {
		return err
	}
	return t.touch(seat.Line)
}

// touch raises a plan's version, whatever it is; an empty line raises all.
func (t *tx) touch(line string) error {
	_, err := t.exec(`UPDATE plans SET version = version + 1, changed_at = $1 WHERE CAST($2 AS TEXT) = '' OR line = $2`, millis(t.now), line)
	return err
}

// Relieve takes somebody off every duty until a time, and tells supervisors; the zero time puts her back.
func (s *Store) Relieve(ctx context.Context, user hotline.UserID, until time.Time) error {
	return s.write(ctx, func(t *tx) error {
		if _, err := t.exec(`INSERT INTO reliefs (user_id, began_at, until_at) VALUES ($1, $2, $3)
			ON CONFLICT (user_id) DO UPDATE SET began_at = excluded.began_at, until_at = excluded.until_at`, string(user), millis(t.now), millis(until)); err != nil {
			return err
		}
		if err := t.touch(""); err != nil {
			return err
		}
		what := "duty.back"
		if until.After(t.now) {
			what = "duty.relieved"
			t.tell(hotline.Alarmed{User: user, Kind: hotline.AlarmRelieved, At: t.now, To: until})
		}
		return t.audit(string(user), what, "", "")
	})
}

// reliefs are those who cannot just now.
func (t *tx) reliefs() (map[hotline.UserID]time.Time, error) {
	all := map[hotline.UserID]time.Time{}
	err := t.each(`SELECT user_id, until_at FROM reliefs WHERE until_at > $1`, []any{millis(t.now)}, func(row scanner) error {
		var u hotline.UserID
		var until int64
		err := row.Scan(&u, &until)
		all[u] = fromMillis(until)
		return err
	})
	return all, err
}
