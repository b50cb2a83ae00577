package storage

import (
	"context"
	"errors"

	"hopeline/hotline"
)

// errNoLeg is for a leg that nobody knows.
var errNoLeg = hotline.Say(hotline.ErrNotFound, "there is no such leg")

// Leg is where a leg of ours belongs now. Enters: the answer is its document, so in a room it counts as let in.
func (s *Store) Leg(ctx context.Context, id hotline.LegID, sid string, enters bool) (hotline.LegPlace, error) {
	var p hotline.LegPlace
	err := s.write(ctx, func(t *tx) error {
		h, l, err := t.legAndContact(id, sid)
		if err != nil {
			return err
		}
		if !enters {
			p, err = t.legPlace(h, l)
			return err
		}
		p, err = t.letIn(h, l)
		return err
	})
	return p, err
}

func (t *tx) legAndContact(id hotline.LegID, sid string) (*held, *leg, error) {
	l, err := t.legOf(id, sid)
	if err != nil {
		return nil, nil, err
	}
	if l == nil {
		return nil, nil, errNoLeg
	}
	if l, err = t.knowSID(l, sid); err != nil {
		return nil, nil, err
	}
	h, err := t.contact(l.contact)
	return h, l, err
}

// knowSID notes the carrier's id of a leg. A second one is a second leg by mistake: a dial whose answer was lost and
// that was made again. It is wanted by nobody.
func (t *tx) knowSID(l *leg, sid string) (*leg, error) {
	if sid == "" || l.sid == sid {
		return l, nil
	}
	if l.sid != "" {
		stray := &leg{contact: l.contact, part: l.part, user: l.user, epoch: -1, phone: l.phone, sid: sid, state: hotline.LegTried, down: true}
		return stray, t.newLeg(stray)
	}
	l.sid = sid
	if l.state == hotline.LegNew {
		l.state = hotline.LegTried
	}
	l.schedule(t.now)
	return l, t.saveLeg(l)
}

// letIn says where a leg belongs, and counts it as joined when that is a room.
func (t *tx) letIn(h *held, l *leg) (hotline.LegPlace, error) {
	p, err := t.legPlace(h, l)
	if err != nil || p.Where != hotline.InRoom {
		return p, err
	}
	switch l.part {
	case hotline.Caller:
		err = t.apply(System, h, hotline.CallerJoined{At: hotline.At(t.now), Room: h.Call.Room}, "")
	case hotline.Answerer:
		err = t.apply(System, h, hotline.LegJoined{At: hotline.At(t.now), User: l.user, Epoch: l.epoch}, "")
	default: // who heard a talk, and since when
		err = t.audit(string(l.user), "call.joined", h.ID, "part="+string(l.part))
	}
	return p, err
}

func (t *tx) legPlace(h *held, l *leg) (hotline.LegPlace, error) {
	p := hotline.LegPlace{Leg: l.id, Part: l.part, Where: whereLeg(h.Contact, l), Line: h.Line, Language: h.SpokenLanguage(),
		Waited: max(0, t.now.Sub(h.Since)), Text: h.Channel != hotline.Voice, Muted: l.muted || l.part == hotline.Listener}
	if p.Where == hotline.InRoom {
		p.Room = hotline.RoomName(h.ID, h.Call.Room)
	}
	if l.part == hotline.Caller {
		p.Speaks, p.Language = h.SpokenLanguage(), ""
		return p, nil
	}
	u, err := t.user(l.user)
	if err != nil && !errors.Is(err, hotline.ErrNotFound) {
		return p, err
	}
	if len(u.Languages) > 0 {
		p.Speaks = u.Languages[0]
	}
	if i := h.Call.Interpreting; l.part == hotline.Guest && i.Rings(l.user) {
		p.Tongue, p.Language = true, i.Language
	}
	if l.part == hotline.Coach {
		p.Coached, err = t.ownersSID(h)
		p.Muted = p.Coached == "" // without somebody to coach she would be heard by all
	}
	return p, err
}

func (t *tx) ownersSID(h *held) (string, error) {
	open, err := t.openLegs(h.ID)
	for _, l := range open {
		if l.part == hotline.Answerer && l.user == h.Owner && l.epoch == h.Grant {
			return l.sid, nil
		}
	}
	return "", err
}

// whereLeg is where a leg belongs by the contact and by what is wanted of it.
func whereLeg(c hotline.Contact, l *leg) hotline.Where {
	switch {
	case l.part == hotline.Caller && (l.epoch < 0 || l.down):
		return hotline.Over // what is said to colleagues is not for her
	case l.epoch < 0:
		return hotline.AtTaken
	case l.part == hotline.Answerer:
		return c.AnswererWhere(l.user, l.epoch, l.keyed)
	case l.part == hotline.Caller && !c.Call.Outbound && !c.Call.CallerIn:
		return hotline.Over
	case l.part == hotline.Guest && !l.keyed && c.Call.Interpreting.Lost(l.user):
		return hotline.AtTaken
	case l.down || c.State != hotline.Active && c.State != hotline.Connecting:
		return hotline.AtGone
	case !l.keyed:
		return hotline.AtAsk
	}
	return hotline.InRoom
}

// LegPressed is a key on a leg of ours.
func (s *Store) LegPressed(ctx context.Context, id hotline.LegID, sid, digit string) (hotline.LegPlace, error) {
	var p hotline.LegPlace
	err := s.write(ctx, func(t *tx) error {
		h, l, err := t.legAndContact(id, sid)
		if err != nil {
			return err
		}
		where := whereLeg(h.Contact, l)
		switch {
		case where == hotline.AtOutcome:
			p, err = t.outcome(h, l, digit)
		case where == hotline.AtAsk && digit == "1":
			p, err = t.accepts(h, l)
		case where == hotline.AtAsk && digit == "2":
			p, err = t.passes(h, l)
		default:
			p, err = t.letIn(h, l)
		}
		return err
	})
	return p, err
}

// accepts lets a leg in by its key. Whoever is too late is told so.
func (t *tx) accepts(h *held, l *leg) (hotline.LegPlace, error) {
	if u, err := t.user(l.user); l.part != hotline.Caller && (err != nil || u.Disabled || !mayJoin(u, l.part)) {
		p, _ := t.legPlace(h, l)
		p.Where = hotline.AtTaken // she does not work here any more
		return p, nil
	}
	if l.part == hotline.Guest && h.Call.Interpreting.Rings(l.user) {
		if err := t.apply(string(l.user), h, hotline.InterpreterPressed{At: hotline.At(t.now), User: l.user}, ""); err != nil {
			return hotline.LegPlace{}, err
		}
	}
	if l.part == hotline.Answerer && h.Owner != l.user {
		err := t.apply(string(l.user), h, hotline.AcceptedBy{At: hotline.At(t.now), User: l.user, Key: true}, "")
		if late := errors.Is(err, hotline.ErrExpired) || errors.Is(err, hotline.ErrConflict); late {
			p, err := t.legPlace(h, l)
			p.Where = hotline.AtTaken
			return p, err
		}
		if err != nil {
			return hotline.LegPlace{}, err
		}
	}
	l.keyed = true
	if err := t.saveLeg(l); err != nil {
		return hotline.LegPlace{}, err
	}
	return t.letIn(h, l)
}

// mayJoin tells whether a key of hers lets somebody in: an interpreter joins as a guest, and takes nothing.
func mayJoin(u hotline.User, part hotline.Part) bool {
	return u.Role.Answers() || part == hotline.Guest && u.Role.Interprets()
}

// passes ends what is held out to her by a key.
func (t *tx) passes(h *held, l *leg) (hotline.LegPlace, error) {
	var err error
	switch _, open := h.OfferTo(l.user); {
	case l.part == hotline.Answerer && open:
		err = t.apply(string(l.user), h, hotline.DeclinedBy{At: hotline.At(t.now), User: l.user}, "")
	case l.part == hotline.Answerer:
		err = t.apply(string(l.user), h, hotline.LegEnded{At: hotline.At(t.now), User: l.user, Epoch: l.epoch, How: hotline.LegBusy}, "")
	default:
		drop(l)
		l.schedule(t.now)
		if err = t.saveLeg(l); err == nil && l.part == hotline.Guest {
			err = t.guestOver(h, l)
		}
	}
	if err != nil {
		return hotline.LegPlace{}, err
	}
	p, err := t.legPlace(h, l)
	if p.Where = hotline.AtPassed; l.part == hotline.Caller {
		p.Where = hotline.Over
	}
	return p, err
}

// outcome is how she says the call ended.
func (t *tx) outcome(h *held, l *leg, digit string) (hotline.LegPlace, error) {
	said, known := map[string]hotline.Said{"1": hotline.SaidSafe, "2": hotline.SaidCallback, "3": hotline.SaidUrgent}[digit]
	if known {
		if err := t.apply(string(l.user), h, hotline.Wrapped{At: hotline.At(t.now), By: l.user, Said: said}, "said="+string(said)); err != nil {
			return hotline.LegPlace{}, err
		}
	}
	p, err := t.legPlace(h, l)
	if p.Where = hotline.AtOutcome; known {
		p.Where = hotline.AtThanks
	}
	return p, err
}
