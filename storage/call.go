package storage

import (
	"context"
	"errors"

	"hopeline/hotline"
	"hopeline/hotline/safety"
)

// Called keeps a call that came in, once for its carrier's id, and says where the caller belongs.
func (s *Store) Called(ctx context.Context, in hotline.IncomingCall) (hotline.CallerPlace, error) {
	var p hotline.CallerPlace
	err := s.write(ctx, func(t *tx) error {
		known, err := t.legOf("", in.SID)
		if err != nil {
			return err
		}
		if known != nil {
			h, err := t.contact(known.contact)
			if err == nil {
				p = s.rules.CallerPlace(h.Contact, t.now)
			}
			return err
		}
		h, err := t.openCall(in)
		if err == nil {
			p = s.rules.CallerPlace(h.Contact, t.now)
		}
		return err
	})
	return p, err
}

func (t *tx) openCall(in hotline.IncomingCall) (*held, error) {
	if age := t.now.Sub(in.At); age >= 0 && age < justNow {
		in.At = t.now
	}
	c := hotline.OpenCall(hotline.ContactID(t.newID()), in)
	var address []byte
	if !in.From.Withheld() {
		address = t.store.index.Of("address", in.From.Key())
		var seen int
		if err := t.row(`SELECT count(*) FROM (SELECT 1 FROM contacts WHERE address_index = $1 LIMIT 1) x`, []any{address}, &seen); err != nil {
			return nil, err
		}
		c.Seen = seen > 0
	}
	h, err := t.newContact(c, address, nil)
	if err != nil {
		return nil, err
	}
	if err := t.audit(System, "contact.opened", c.ID, string(c.Channel)); err != nil {
		return nil, err
	}
	t.tell(hotline.ContactChanged{Contact: h.Contact})
	return h, t.newLeg(&leg{contact: c.ID, part: hotline.Caller, keyed: true, sid: in.SID, state: hotline.LegUp})
}

// Caller is where a caller belongs now. Enters: the answer is her document, so in a room she counts as let in.
func (s *Store) Caller(ctx context.Context, id hotline.ContactID, enters bool) (hotline.CallerPlace, error) {
	c, err := s.Look(ctx, id)
	if err != nil {
		return hotline.CallerPlace{}, err
	}
	p := s.rules.CallerPlace(c, s.now())
	switch {
	case enters && p.Where == hotline.InRoom && !c.Call.CallerIn:
		c, err = s.Apply(ctx, System, id, hotline.CallerJoined{At: hotline.At(s.now()), Room: c.Call.Room}, nil)
		p = s.rules.CallerPlace(c, s.now())
	case p.Where == hotline.AtKeys:
		p.Question, err = s.question(ctx, id)
	}
	return p, err
}

// question is what the counsellor asked last.
func (s *Store) question(ctx context.Context, id hotline.ContactID) (string, error) {
	var text string
	err := s.look(ctx, func(t *tx) error {
		h, err := t.contact(id)
		if err != nil {
			return err
		}
		m, _, err := t.store.scanMessage(t.queryRow(`SELECT `+messageColumns+` FROM messages WHERE contact_id = $1 AND direction = 'out'
			ORDER BY id DESC LIMIT 1`, string(id)), h)
		if notThere(err) {
			return nil
		}
		text = m.Text
		return classify(err)
	})
	return text, err
}

// Pressed keeps a caller's key, once for its step, and says where she belongs then.
func (s *Store) Pressed(ctx context.Context, p hotline.Pressed) (hotline.CallerPlace, error) {
	var place hotline.CallerPlace
	err := s.write(ctx, func(t *tx) error {
		h, err := t.contact(p.Contact)
		if err != nil {
			return err
		}
		if p.Key != "" && p.Key != hotline.KeyStay {
			if err := t.keepKey(h, p); err != nil {
				return err
			}
		}
		e := hotline.CallerPressed{At: hotline.At(t.now), Key: p.Key, Language: p.Language}
		if err := t.apply(System, h, e, "key="+string(p.Key)); err != nil {
			return err
		}
		place = s.rules.CallerPlace(h.Contact, t.now)
		return nil
	})
	return place, err
}

// keepKey writes a key into the exchange, where a counsellor reads it as it comes.
func (t *tx) keepKey(h *held, p hotline.Pressed) error {
	if err := t.flush(); err != nil {
		return err
	}
	sid := "key " + p.Step
	var had int
	if err := t.row(`SELECT count(*) FROM messages WHERE sid = $1`, []any{sid}, &had); err != nil || had > 0 {
		return err
	}
	m, err := t.keepInbound(h, hotline.Inbound{SID: sid, From: h.Address, To: h.Ours, Extra: "pressed: " + string(p.Key), At: t.now})
	if err == nil {
		t.tell(hotline.MessageAdded{Contact: h.Contact, Message: m})
	}
	return err
}

// AskByKeys lets the owner ask a caller who cannot talk. The question passes the gate, is kept as a message of hers,
// and is spoken.
func (s *Store) AskByKeys(ctx context.Context, by hotline.UserID, id hotline.ContactID, on bool, question string, allowed Allowed) error {
	return s.write(ctx, func(t *tx) error {
		h, err := t.open(id, allowed)
		if err != nil {
			return err
		}
		if on {
			if err := t.ask(h, by, question); err != nil {
				return err
			}
		}
		return t.apply(string(by), h, hotline.AskedByKeys{At: hotline.At(t.now), By: by, On: on}, "")
	})
}

// Danger is a human saying that somebody is in immediate danger, or how that ended. Its ground and outcome are kept as
// a note.
func (s *Store) Danger(ctx context.Context, by hotline.UserID, id hotline.ContactID, d hotline.Danger, allowed Allowed) error {
	return s.write(ctx, func(t *tx) error {
		h, err := t.open(id, allowed)
		if err != nil {
			return err
		}
		was := h.Contact.Danger
		if err := t.apply(string(by), h, hotline.InDanger{At: hotline.At(t.now), By: by, On: d.On}, ""); err != nil {
			return err
		}
		if d.On {
			triage, err := t.triage(h)
			if err != nil || triage.Risk == "immediate" {
				return err
			}
			triage.Risk = "immediate"
			return t.saveTriage(h, by, triage)
		}
		if was.IsZero() {
			return hotline.Say(hotline.ErrConflict, "no danger was reported in this contact; nothing was changed")
		}
		_, err = t.addNote(h, by, "Danger over. Ground: "+d.Ground+". Outcome: "+d.Outcome+".", "")
		return err
	})
}

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
	if u, err := t.user(l.user); l.part != hotline.Caller && (err != nil || u.Disabled || !u.Role.Answers()) {
		p, _ := t.legPlace(h, l)
		p.Where = hotline.AtTaken // she does not work here any more
		return p, nil
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
		err = t.saveLeg(l)
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

// CallBack calls a person who asked for it. It does nothing that the gate did not clear.
func (s *Store) CallBack(ctx context.Context, by hotline.UserID, id hotline.ContactID, phone bool, allowed Allowed) error {
	return s.write(ctx, func(t *tx) error {
		h, err := t.open(id, allowed)
		if err != nil {
			return err
		}
		pass, err := safety.Check(safety.Ask{Contact: h.Contact, By: by, At: t.now, Called: true})
		if err != nil {
			return err
		}
		if !pass.For(id, by) {
			return hotline.Say(hotline.ErrUnsafe, "this call did not pass the safety gate; nobody was called")
		}
		return t.apply(string(by), h, hotline.CalledBack{At: hotline.At(t.now), By: by, Phone: phone}, "")
	})
}

// Bring rings somebody who is added to a talk.
func (s *Store) Bring(ctx context.Context, by hotline.UserID, id hotline.ContactID, part hotline.Part, user hotline.UserID, phone bool, allowed Allowed) error {
	return s.write(ctx, func(t *tx) error {
		h, err := t.open(id, allowed)
		if err != nil {
			return err
		}
		if h.Channel != hotline.Voice || h.State != hotline.Active || h.Owner == user {
			return hotline.Say(hotline.ErrConflict, "nobody can be added to this call now; nothing was changed")
		}
		open, err := t.openLegs(id)
		if err != nil {
			return err
		}
		for _, l := range open {
			switch {
			case l.user != user || l.down:
			case l.part == part:
				return nil // she is on her way
			default: // from listening to coaching, and back
				drop(l)
				l.schedule(t.now)
				if err := t.saveLeg(l); err != nil {
					return err
				}
			}
		}
		l := &leg{contact: id, part: part, user: user, epoch: h.Grant, phone: phone, keyed: !phone, state: hotline.LegNew}
		if err := t.newLeg(l); err != nil {
			return err
		}
		if err := t.audit(string(by), "call.brought", id, "user="+string(user)+" part="+string(part)); err != nil {
			return err
		}
		return t.showLegs(h)
	})
}

// LeaveCall ends a user's own leg in a talk that is not hers.
func (s *Store) LeaveCall(ctx context.Context, by hotline.UserID, id hotline.ContactID, allowed Allowed) error {
	return s.write(ctx, func(t *tx) error {
		h, err := t.open(id, allowed)
		if err != nil {
			return err
		}
		mine := func(l *leg) bool { return l.user == by && (l.part != hotline.Answerer || l.epoch != h.Grant) }
		if err := t.changeLegs(id, mine, drop); err != nil {
			return err
		}
		if err := t.audit(string(by), "call.left", id, ""); err != nil {
			return err
		}
		return t.showLegs(h)
	})
}
