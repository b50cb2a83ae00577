package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"hopeline/hotline"
	"hopeline/routing/rota"
	"hopeline/storage/seal"
)

// Edit is a change to what is laid over a line's grid.
type Edit struct {
	By     string // a user's id, or System
	Cause  string // for history: change, swap, claim, fill, template …
	Reason string // in words; may be empty
	// Do gives the plan that is to be. It may run more than once, and not for long: everybody who writes waits for it. A
	// [rota.Fault] of it is told as hotline.ErrConflict, since what it does was right when it was asked for.
	Do func(Plan) (rota.Plan, error)
}

// EditPlan changes what is laid over a line's grid, and gives the plan before and after. Ids of exceptions that are new
// are the house's; those that Do gives them are not kept. Two edits of one line never miss each other.
func (s *Store) EditPlan(ctx context.Context, line string, e Edit) (before, after Plan, err error) {
	err = s.write(ctx, func(t *tx) (err error) {
		before, after, err = t.edit(line, e)
		return err
	})
	return before, after, err
}

func (t *tx) edit(line string, e Edit) (before, after Plan, err error) {
	since := t.now.AddDate(0, 0, -recent)
	if before, err = t.plan(line, since); err != nil {
		return before, after, err
	}
	wanted, err := e.Do(before)
	var fault *rota.Fault
	if errors.As(err, &fault) {
		err = hotline.Say(hotline.ErrConflict, fault.Error()+"; nothing was changed")
	}
	if err != nil {
		return before, after, err
	}
	if err := t.bump(line, before.Version); err != nil {
		return before, after, err
	}
	made, ended, err := t.writeExceptions(line, e, before.Over().Exceptions, wanted.Over().Exceptions)
	if err != nil {
		return before, after, err
	}
	if err := t.writeOverlays(line, e, before.Plan, wanted); err != nil {
		return before, after, err
	}
	if after, err = t.plan(line, since); err != nil {
		return before, after, err
	}
	return before, after, t.audit(e.By, "rota.changed", "", fmt.Sprintf("line=%s version=%d cause=%s made=%d ended=%d", line, after.Version, e.Cause, made, ended))
}

// bump raises a plan's version, unless another process did so meanwhile.
func (t *tx) bump(line string, version int64) error {
	n, err := t.exec(`UPDATE plans SET version = version + 1, changed_at = $1 WHERE line = $2 AND version = $3`, millis(t.now), line, version)
	if err == nil && n == 0 {
		err = errAgain
	}
	return err
}

// writeExceptions ends those that are no more or others now, and makes those that are new.
func (t *tx) writeExceptions(line string, e Edit, was, is []rota.Exception) (made, ended int, err error) {
	for _, old := range was {
		if slices.Contains(is, old) {
			continue
		}
		ended++
		undone, err := t.sealed(e.Reason, "exceptions", "undone", old.ID, line)
		if err != nil {
			return made, ended, err
		}
		n, err := t.exec(`UPDATE exceptions SET ended_at = $1, ended_by = $2, undone = $3 WHERE id = $4 AND ended_at = 0`, millis(t.now), e.By, undone, old.ID)
		if err == nil && n == 0 {
			err = errAgain
		}
		if err != nil {
			return made, ended, err
		}
	}
	for _, fresh := range is {
		if slices.Contains(was, fresh) {
			continue
		}
		made++
		fresh.ID = t.newID()
		sealed, err := t.sealed(e.Reason, "exceptions", "reason", fresh.ID, line)
		if err != nil {
			return made, ended, err
		}
		if _, err := t.exec(`INSERT INTO exceptions (id, line, shift, day, kind, user_id, by_user, cause, reason, made_at, made_by, ended_at, ended_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, '')`, fresh.ID, line, fresh.Shift.String(), fresh.Shift.Day, string(fresh.Kind),
			fresh.User, fresh.By, e.Cause, sealed, millis(t.now), e.By); err != nil {
			return made, ended, err
		}
	}
	return made, ended, nil
}

// sealed seals why something was done.
func (t *tx) sealed(reason, table, column, row, line string) ([]byte, error) {
	sealed, err := t.store.keys.Seal([]byte(reason), seal.AD{Table: table, Column: column, Row: row, Owner: line})
	if err != nil {
		return nil, fmt.Errorf("seal a reason: %w", err)
	}
	return sealed, nil
}

// opened opens what sealed sealed; nothing is no words.
func (t *tx) opened(reason []byte, table, column, row, line string) (string, error) {
	if len(reason) == 0 {
		return "", nil
	}
	plain, err := t.store.keys.Open(reason, seal.AD{Table: table, Column: column, Row: row, Owner: line})
	if err != nil {
		return "", fmt.Errorf("open a reason: %w", err)
	}
	return string(plain), nil
}

// writeOverlays does the same for templates and temporary plans.
func (t *tx) writeOverlays(line string, e Edit, was, is rota.Plan) error {
	before, err := overlaysOf(was)
	if err != nil {
		return err
	}
	after, err := overlaysOf(is)
	if err != nil {
		return err
	}
	for _, old := range before {
		if slices.Contains(after, old) {
			continue
		}
		undone, err := t.sealed(e.Reason, "overlays", "undone", old.id, line)
		if err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE overlays SET ended_at = $1, ended_by = $2, undone = $3 WHERE line = $4 AND id = $5 AND ended_at = 0`,
			millis(t.now), e.By, undone, line, old.id); err != nil {
			return err
		}
	}
	for _, fresh := range after {
		if slices.Contains(before, fresh) {
			continue
		}
		reason, err := t.sealed(e.Reason, "overlays", "reason", fresh.id, line)
		if err != nil {
			return err
		}
		if _, err := t.exec(`INSERT INTO overlays (n, id, line, kind, body, reason, made_at, made_by, ended_at, ended_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '')`,
			t.newID(), fresh.id, line, fresh.kind, fresh.body, reason, millis(t.now), e.By); err != nil {
			return err
		}
	}
	return nil
}
