package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
	"hopeline/storage/seal"
)

// Swap is a seat that somebody gives away.
type Swap struct {
	ID    hotline.SwapID
	Line  string
	Seat  rota.ShiftID
	Giver hotline.UserID
	Asked hotline.UserID // empty: everybody
	Taker hotline.UserID
	State hotline.SwapState
	Note  string
	At    time.Time
	Ends  time.Time // when the shift starts
}

// Able tells whether somebody can have a seat in a plan, or why not.
type Able func(p Plan, seat rota.ShiftID) error

const swapColumns = `id, line, shift, giver, asked, taker, state, note, made_at, ends_at`

// AskSwap offers a seat of one's own: to asked, or to everybody. A seat that is not hers or is offered already is
// hotline.ErrConflict.
func (s *Store) AskSwap(ctx context.Context, giver hotline.UserID, seat rota.ShiftID, asked hotline.UserID, note string) (Swap, error) {
	var w Swap
	err := s.write(ctx, func(t *tx) error {
		p, err := t.plan(seat.Line, t.now.AddDate(0, 0, -recent))
		if err != nil {
			return err
		}
		x, held := p.Shift(seat)
		if !held || !x.Start.After(t.now) || !hasSeat(x, seat.Seat, giver) {
			return hotline.Say(hotline.ErrConflict, "that shift is not yours, or has begun; nothing was changed")
		}
		var there int
		if err := t.row(`SELECT count(*) FROM swaps WHERE shift = $1 AND state IN ('open', 'taken')`, []any{seat.String()}, &there); err != nil {
			return err
		}
		if there > 0 {
			return hotline.Say(hotline.ErrConflict, "you asked for that already; nothing was changed")
		}
		w = Swap{ID: hotline.SwapID(t.newID()), Line: seat.Line, Seat: seat, Giver: giver, Asked: asked, State: hotline.SwapOpen, Note: note, At: t.now, Ends: x.Start}
		sealed, err := s.keys.Seal([]byte(note), swapPlace(w.ID, w.Line))
		if err != nil {
			return fmt.Errorf("seal a swap's note: %w", err)
		}
		if _, err := t.exec(`INSERT INTO swaps (`+swapColumns+`, day, decided_at, decided_by) VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8, $9, $10, 0, '')`,
			string(w.ID), w.Line, seat.String(), string(giver), string(asked), string(w.State), sealed, millis(w.At), millis(w.Ends), seat.Day); err != nil {
			return err
		}
		if err := t.bump(w.Line, p.Version); err != nil {
			return err
		}
		return t.audit(string(giver), "swap.asked", "", "swap="+string(w.ID))
	})
	return w, err
}

func swapPlace(id hotline.SwapID, line string) seal.AD {
	return seal.AD{Table: "swaps", Column: "note", Row: string(id), Owner: line}
}

func hasSeat(x rota.Shift, seat int, user hotline.UserID) bool {
	for _, s := range x.Seats {
		if s.Number == seat && s.User == string(user) {
			return true
		}
	}
	return false
}

// Moved is a swap as it now is, and the plan before and after it; both are the same unless it was approved.
type Moved struct {
	Swap
	Before, After Plan
}

// TakeSwap takes a swap that is open to its taker. Of two who take it at once the second is told hotline.ErrConflict.
// Unless a supervisor has to approve it, the seat is hers at once.
func (s *Store) TakeSwap(ctx context.Context, id hotline.SwapID, by hotline.UserID, able Able) (Moved, error) {
	return s.moveSwap(ctx, id, by, "taken", func(t *tx, m *Moved) error {
		n, err := t.exec(`UPDATE swaps SET state = 'taken', taker = $1 WHERE id = $2 AND state = 'open' AND giver <> $1 AND asked IN ('', $1) AND ends_at > $3`,
			string(by), string(id), millis(t.now))
		if err != nil {
			return err
		}
		if n == 0 {
			return hotline.Say(hotline.ErrConflict, "somebody was quicker, or it is not offered to you, or it is over; nothing was changed")
		}
		if err := able(m.Before, m.Seat); err != nil {
			return err
		}
		m.Taker, m.State = by, hotline.SwapTaken
		if m.Before.Approve {
			return nil
		}
		return t.approve(m, string(by))
	})
}

// DecideSwap approves or refuses a swap that was taken.
func (s *Store) DecideSwap(ctx context.Context, id hotline.SwapID, by hotline.UserID, yes bool, able func(taker hotline.UserID) Able) (Moved, error) {
	return s.moveSwap(ctx, id, by, "decided", func(t *tx, m *Moved) error {
		if m.State != hotline.SwapTaken {
			return hotline.Say(hotline.ErrConflict, "nobody took that swap, or it is decided; nothing was changed")
		}
		if !yes {
			return t.endSwap(m, string(by), hotline.SwapRefused, hotline.SwapTaken)
		}
		if err := able(m.Taker)(m.Before, m.Seat); err != nil {
			return err
		}
		return t.approve(m, string(by))
	})
}

// WithdrawSwap takes a swap back that its giver asked for.
func (s *Store) WithdrawSwap(ctx context.Context, id hotline.SwapID, by hotline.UserID) (Moved, error) {
	return s.moveSwap(ctx, id, by, "withdrawn", func(t *tx, m *Moved) error {
		switch {
		case m.Giver != by:
			return errNoSwap
		case m.State != hotline.SwapOpen && m.State != hotline.SwapTaken:
			return hotline.Say(hotline.ErrConflict, "that swap is over; nothing was changed")
		}
		return t.endSwap(m, string(by), hotline.SwapWithdrawn, m.State)
	})
}

var errNoSwap = hotline.Say(hotline.ErrNotFound, "there is no such swap")

// moveSwap does something to a swap and raises the plan's version.
func (s *Store) moveSwap(ctx context.Context, id hotline.SwapID, by hotline.UserID, what string, do func(*tx, *Moved) error) (Moved, error) {
	var m Moved
	err := s.write(ctx, func(t *tx) error {
		m = Moved{}
		found, err := t.swaps(`WHERE id = $1`, string(id))
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return errNoSwap
		}
		m.Swap = found[0]
		if m.Before, err = t.plan(m.Line, t.now.AddDate(0, 0, -recent)); err != nil {
			return err
		}
		m.After = m.Before
		if err := do(t, &m); err != nil {
			return err
		}
		if err := t.audit(string(by), "swap."+what, "", "swap="+string(id)+" state="+string(m.State)); err != nil {
			return err
		}
		if m.After.Version == m.Before.Version {
			return t.bump(m.Line, m.Before.Version)
		}
		return nil
	})
	return m, err
}

// approve gives the seat to the taker.
func (t *tx) approve(m *Moved, by string) error {
	var err error
	m.Before, m.After, err = t.edit(m.Line, Edit{By: by, Cause: "swap", Do: func(p Plan) (rota.Plan, error) {
		if x, held := p.Shift(m.Seat); !held || !x.Start.After(t.now) {
			return p.Plan, hotline.Say(hotline.ErrConflict, "that shift has begun, or is not held any more; nothing was changed")
		}
		return p.Give(m.Seat, string(m.Giver), string(m.Taker), "swap")
	}})
	if err != nil {
		return err
	}
	return t.endSwap(m, by, hotline.SwapApproved, hotline.SwapTaken)
}

func (t *tx) endSwap(m *Moved, by string, to, from hotline.SwapState) error {
	m.State = to
	n, err := t.exec(`UPDATE swaps SET state = $1, decided_at = $2, decided_by = $3 WHERE id = $4 AND state = $5`,
		string(to), millis(t.now), by, string(m.ID), string(from))
	if err == nil && n == 0 {
		err = errAgain
	}
	return err
}

// Swaps lists those of a line, or of all when it is empty, whose shifts begin after a time, by their shifts' start.
func (s *Store) Swaps(ctx context.Context, line string, after time.Time) ([]Swap, error) {
	var found []Swap
	err := s.look(ctx, func(t *tx) (err error) {
		found, err = t.swaps(`WHERE (CAST($1 AS TEXT) = '' OR line = $1) AND ends_at > $2 ORDER BY ends_at, id`, line, millis(after))
		return err
	})
	return found, err
}

// swaps reads some. One that is still open when its shift begins is past.
func (t *tx) swaps(where string, args ...any) ([]Swap, error) {
	var found []Swap
	err := t.each(`SELECT `+swapColumns+` FROM swaps `+where, args, func(row scanner) error {
		var w Swap
		var shift string
		var note []byte
		var at, ends int64
		if err := row.Scan(&w.ID, &w.Line, &shift, &w.Giver, &w.Asked, &w.Taker, &w.State, &note, &at, &ends); err != nil {
			return err
		}
		var err, opening error
		w.Seat, err = rota.ParseShiftID(shift)
		plain, opening := t.store.keys.Open(note, swapPlace(w.ID, w.Line))
		w.Note, w.At, w.Ends = string(plain), fromMillis(at), fromMillis(ends)
		if w.State == hotline.SwapOpen && !w.Ends.After(t.now) {
			w.State = hotline.SwapPast
		}
		found = append(found, w)
		return errors.Join(err, opening)
	})
	return found, err
}
