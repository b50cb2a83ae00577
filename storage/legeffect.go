package storage

import "hopeline/hotline"

// legEffect does what the reducer asks of the legs of a call: it writes down what is wanted of each, and the carrier is
// brought to it afterwards, however often that takes.
func (t *tx) legEffect(c hotline.Contact, e hotline.Effect) error {
	switch e := e.(type) {
	case hotline.Ring:
		return t.ring(c, e)
	case hotline.RingInterpreter:
		return t.ringInterpreter(c, e)
	case hotline.DropGuest:
		return t.dropGuest(c, e)
	case hotline.RingCaller:
		return t.newLeg(&leg{contact: c.ID, part: hotline.Caller, epoch: c.Grant, phone: true, state: hotline.LegNew})
	case hotline.DropLeg:
		return t.changeLegs(c.ID, func(l *leg) bool { return l.part == hotline.Answerer && l.user == e.User && l.epoch == e.Epoch }, drop)
	case hotline.ClearRoom:
		return t.changeLegs(c.ID, func(l *leg) bool { return l.part != hotline.Caller && (e.But == "" || l.user != e.But) }, drop)
	case hotline.EndCaller:
		return t.changeLegs(c.ID, callers, drop)
	case hotline.MoveCaller:
		return t.changeLegs(c.ID, callers, func(l *leg) {
			l.place++
			l.held, l.isHeld = false, false // nobody is on hold where she goes
		})
	case hotline.MoveLeg:
		return t.changeLegs(c.ID, func(l *leg) bool { return l.user == e.User && l.epoch == e.Epoch }, func(l *leg) { l.place++ })
	case hotline.SetRoom:
		return t.changeLegs(c.ID, func(l *leg) bool { return true }, func(l *leg) {
			switch {
			case l.part == hotline.Caller:
				l.held = e.Held
			case l.part == hotline.Answerer && l.user == c.Owner && l.epoch == c.Grant:
				l.muted = e.Muted
			}
		})
	}
	return nil
}

func callers(l *leg) bool { return l.part == hotline.Caller }

// drop wants a leg ended. One that was never dialled is over; of one that is just being dialled the answer is awaited.
func drop(l *leg) {
	l.down = true
	if l.state == hotline.LegNew && l.tries == 0 {
		l.state, l.how = hotline.LegOver, hotline.LegCanceled
	}
}

// changeLegs changes those legs of a contact that are not over.
func (t *tx) changeLegs(c hotline.ContactID, which func(*leg) bool, change func(*leg)) error {
	open, err := t.openLegs(c)
	if err != nil {
		return err
	}
	for _, l := range open {
		if !which(l) {
			continue
		}
		was := *l
		if change(l); *l == was {
			continue
		}
		l.schedule(t.now)
		if err := t.saveLeg(l); err != nil {
			return err
		}
	}
	return nil
}

// ring rings a user, unless a leg of hers is up under this epoch. Her browser was chosen by who took the call in the
// console, so it needs no key; a phone always does, since anybody or a machine may pick it up.
func (t *tx) ring(c hotline.Contact, e hotline.Ring) error {
	open, err := t.openLegs(c.ID)
	if err != nil {
		return err
	}
	for _, l := range open {
		if l.part == hotline.Answerer && l.user == e.User && l.epoch == e.Epoch && !l.down {
			return nil
		}
	}
	return t.newLeg(&leg{contact: c.ID, part: hotline.Answerer, user: e.User, epoch: e.Epoch, phone: e.Phone, keyed: !e.Phone, state: hotline.LegNew})
}
