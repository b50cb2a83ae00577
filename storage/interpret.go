package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

// Interpret looks for an interpreter for a talk: who is on duty for the language now is rung on her own phone, one after
// the other, whoever was not rung for the longest first. No language: the contact's. Whom to ring, and when, stands in the
// contact from then on, so that it goes on after a crash.
func (s *Store) Interpret(ctx context.Context, v hotline.Viewer, id hotline.ContactID, language string, allowed Allowed) error {
	return s.write(ctx, func(t *tx) error {
		h, err := t.open(id, allowed)
		if err != nil {
			return err
		}
		if language == "" {
			language = h.SpokenLanguage()
		}
		if language == "" {
			return hotline.Say(hotline.ErrInvalid, "her language is not known: say which; nobody was rung")
		}
		e := hotline.InterpreterAsked{At: hotline.At(t.now), By: v.ID, Supervisor: v.Role == hotline.Supervisor, Language: language}
		if i := h.Call.Interpreting; i == nil || i.State != hotline.InterpreterRings {
			if e.Order, err = t.interpreters(h, language); err != nil {
				return err
			}
		}
		return t.apply(string(v.ID), h, e, fmt.Sprintf("language=%s on_duty=%d", language, len(e.Order)))
	})
}

// interpreters are those who are on duty for a language and can be rung now, in the order of their turns; a woman or a man
// first, when that was asked for. It is an error when there is none, which says why.
func (t *tx) interpreters(h *held, language string) ([]hotline.UserID, error) {
	roster, err := t.roster()
	if err != nil {
		return nil, err
	}
	var turns []turn
	busy := false
	for _, b := range roster.Interpreters(h.Line) {
		x, on, err := t.turnOf(h, b, language)
		if err != nil {
			return nil, err
		}
		busy = busy || on && x.talks
		if on && !x.talks && !slices.ContainsFunc(turns, func(other turn) bool { return other.user == x.user }) {
			turns = append(turns, x)
		}
	}
	slices.SortStableFunc(turns, func(a, b turn) int { return cmp.Or(cmp.Compare(a.odd, b.odd), cmp.Compare(a.last, b.last)) })
	order := make([]hotline.UserID, len(turns))
	for n, x := range turns {
		order[n] = x.user
	}
	switch {
	case len(order) > 0:
		return order, nil
	case busy:
		return nil, hotline.Say(hotline.ErrConflict, "whoever interprets that language is in another call just now: invite a colleague who speaks it, or try again; nobody was rung")
	}
	return nil, hotline.Say(hotline.ErrNotFound, "nobody is on duty now who interprets that language: invite a colleague who speaks it; nobody was rung")
}

// turn is somebody who could be rung.
type turn struct {
	user  hotline.UserID
	odd   int   // 1: a woman or a man was asked for, and she is not known to be one
	last  int64 // when she was rung last
	talks bool  // she is in a call, or rung into one: her phone is not rung into the middle of it
}

// turnOf tells whether a standby is for a language and for this person, and how her turn stands.
func (t *tx) turnOf(h *held, b rota.Standby, language string) (turn, bool, error) {
	x := turn{user: hotline.UserID(b.User)}
	u, err := t.user(x.user)
	if errors.Is(err, hotline.ErrNotFound) {
		return x, false, nil // coverage says so, and of the next ones too
	}
	if err != nil || u.Disabled || !u.Role.Interprets() || u.Phone == "" || !b.For(language, u.Languages) || u.ID == h.Owner || h.Bars(u.ID) {
		return x, false, err
	}
	if h.AsksFor.Chooses() && u.Gender != h.AsksFor {
		x.odd = 1
	}
	err = t.row(`SELECT interpreted_at, (SELECT count(*) FROM slots WHERE user_id = $1 AND kind = 'call') +
		(SELECT count(*) FROM legs WHERE user_id = $1 AND state <> 'over' AND NOT down) > 0 FROM users WHERE id = $1`,
		[]any{string(u.ID)}, &x.last, &x.talks)
	return x, true, err
}

// takenBefore tells whether an interpreter whose phone is to be rung was rung into another call before: of two who want her
// at once one gets her, and the other rings the next.
func (t *tx) takenBefore(h *held, l *leg) (bool, error) {
	if l.part != hotline.Guest || !h.Call.Interpreting.Rings(l.user) {
		return false, nil
	}
	var n int
	err := t.row(`SELECT count(*) FROM legs WHERE user_id = $1 AND state <> 'over' AND NOT down AND id < $2`, []any{string(l.user), string(l.id)}, &n)
	return n > 0, err
}

// Release lets a guest go, or whoever is rung as an interpreter; the talk goes on.
func (s *Store) Release(ctx context.Context, v hotline.Viewer, id hotline.ContactID, user hotline.UserID, allowed Allowed) error {
	return s.write(ctx, func(t *tx) error {
		h, err := t.open(id, allowed)
		if err != nil {
			return err
		}
		e := hotline.GuestReleased{At: hotline.At(t.now), By: v.ID, Supervisor: v.Role == hotline.Supervisor, User: user}
		return t.apply(string(v.ID), h, e, "user="+string(user))
	})
}

// ringInterpreter rings somebody's own phone, and notes that it was her turn.
func (t *tx) ringInterpreter(c hotline.Contact, e hotline.RingInterpreter) error {
	if _, err := t.exec(`UPDATE users SET interpreted_at = $1 WHERE id = $2`, millis(t.now), string(e.User)); err != nil {
		return err
	}
	l := &leg{contact: c.ID, part: hotline.Guest, user: e.User, epoch: e.Epoch, phone: true, state: hotline.LegNew}
	if err := t.newLeg(l); err != nil {
		return err
	}
	return t.audit(System, "interpreter.rung", c.ID, "user="+string(e.User)+" language="+c.Call.Interpreting.Language)
}

// dropGuest ends a guest's leg. One who listens to the question, and is too late, is told so before.
func (t *tx) dropGuest(c hotline.Contact, e hotline.DropGuest) error {
	hers := func(l *leg) bool { return l.part == hotline.Guest && l.user == e.User }
	return t.changeLegs(c.ID, hers, func(l *leg) {
		if e.Late && l.state == hotline.LegUp && !l.keyed && l.sid != "" {
			l.place++
			return
		}
		drop(l)
	})
}

// guestOver tells a contact that a guest is gone, unless another leg of hers is up.
func (t *tx) guestOver(h *held, l *leg) error {
	open, err := t.openLegs(h.ID)
	if err != nil || l.epoch < 0 || slices.ContainsFunc(open, func(o *leg) bool { return o != l && o.part == hotline.Guest && o.user == l.user && !o.down }) {
		return err
	}
	return t.apply(System, h, hotline.GuestEnded{At: hotline.At(t.now), User: l.user}, "user="+string(l.user))
}
