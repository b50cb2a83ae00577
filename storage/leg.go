package storage

import (
	"time"

	"hopeline/hotline"
)

// leg is a row of legs: what is known of a leg, and what is wanted of it.
type leg struct {
	id      hotline.LegID
	contact hotline.ContactID
	part    hotline.Part
	user    hotline.UserID
	epoch   int64
	phone   bool
	keyed   bool

	sid, room string
	state     hotline.LegState
	how       hotline.LegEnd

	down           bool
	place, placed  int64
	held, isHeld   bool
	muted, isMuted bool
	nextAt         int64
	tries          int
	madeAt         int64
	version        int64
}

// looksEvery is how often the carrier is asked whether a leg that is up still is: a lost report must not leave a person
// in a room with nobody.
const looksEvery = 20 * time.Second

// LegWork is what the carrier is asked to do with a leg.
type LegWork string

// The kinds of work, in the order in which they go first.
const (
	EndLeg  LegWork = "end"
	MoveLeg LegWork = "move"
	HoldLeg LegWork = "hold"
	MuteLeg LegWork = "mute"
	DialLeg LegWork = "dial"
	LookLeg LegWork = "look"
)

// work is what the leg wants next; empty: nothing can be done for it.
func (l *leg) work() LegWork {
	switch {
	case l.state == hotline.LegOver:
		return ""
	case l.state == hotline.LegNew && !l.down:
		return DialLeg
	case l.sid == "":
		return "" // the answer, or a report, will bring it
	case l.down:
		return EndLeg
	case l.place != l.placed && l.state == hotline.LegUp:
		return MoveLeg
	case l.held != l.isHeld && l.room != "":
		return HoldLeg
	case l.muted != l.isMuted && l.room != "":
		return MuteLeg
	}
	return LookLeg
}

// schedule sets when the carrier is asked next: at once when something is wanted.
func (l *leg) schedule(now time.Time) {
	switch l.work() {
	case "":
		l.nextAt = 0
	case LookLeg:
		l.nextAt = millis(now.Add(looksEvery))
	default:
		l.nextAt = millis(now)
	}
}

const legColumns = `l.id, l.contact_id, l.part, l.user_id, l.epoch, l.phone, l.keyed, COALESCE(l.sid, ''), l.room, l.state, l.how, l.down,
	l.place, l.placed, l.held, l.is_held, l.muted, l.is_muted, l.next_at, l.tries, l.made_at, l.version`

func scanLeg(r scanner, more ...any) (*leg, error) {
	l := &leg{}
	err := r.Scan(append([]any{&l.id, &l.contact, &l.part, &l.user, &l.epoch, &l.phone, &l.keyed, &l.sid, &l.room, &l.state, &l.how, &l.down,
		&l.place, &l.placed, &l.held, &l.isHeld, &l.muted, &l.isMuted, &l.nextAt, &l.tries, &l.madeAt, &l.version}, more...)...)
	return l, err
}

// legsWhere loads legs, oldest first.
func (t *tx) legsWhere(where string, args ...any) ([]*leg, error) {
	if err := t.flush(); err != nil {
		return nil, err
	}
	var found []*leg
	err := t.each(`SELECT `+legColumns+` FROM legs l WHERE `+where+` ORDER BY l.id`, args, func(r scanner) error {
		l, err := scanLeg(r)
		if err == nil {
			found = append(found, t.keepLeg(l))
		}
		return err
	})
	return found, err
}

// keepLeg lets a transaction have each leg once: what one part of it changed, all others see.
func (t *tx) keepLeg(l *leg) *leg {
	if had, ok := t.legs[l.id]; ok {
		return had
	}
	t.legs[l.id] = l
	return l
}

// openLegs are a contact's legs that are not over.
func (t *tx) openLegs(c hotline.ContactID) ([]*leg, error) {
	return t.legsWhere(`l.contact_id = $1 AND l.state <> 'over'`, string(c))
}

// legOf finds a leg by our id or the carrier's; nil when there is none.
func (t *tx) legOf(id hotline.LegID, sid string) (*leg, error) {
	if id == "" && sid == "" {
		return nil, nil
	}
	found, err := t.legsWhere(`l.id = $1 OR l.sid = $2`, string(id), emptyIsNull(sid))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	for _, l := range found {
		if l.sid == sid {
			return l, nil
		}
	}
	return found[0], nil
}

// newLeg writes a leg down. It is dialled, unless the carrier has it already.
func (t *tx) newLeg(l *leg) error {
	if err := t.flush(); err != nil {
		return err
	}
	l.id, l.madeAt = hotline.LegID(t.newID()), millis(t.now)
	l.schedule(t.now)
	_, err := t.exec(`INSERT INTO legs (id, contact_id, part, user_id, epoch, phone, keyed, sid, room, state, how, down,
		place, placed, held, is_held, muted, is_muted, next_at, tries, made_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, '', $10, 0, 0, $11, $11, $11, $11, $12, 0, $13, 0)`,
		string(l.id), string(l.contact), string(l.part), string(l.user), l.epoch, l.phone, l.keyed, emptyIsNull(l.sid),
		string(l.state), l.down, false, l.nextAt, l.madeAt)
	if err == nil {
		t.legs[l.id] = l
		t.tell(hotline.LegWanted{})
	}
	return err
}

// saveLeg writes what changed of a leg, and tells when the carrier has to be asked for something. When another process
// was quicker everything is undone, and done again.
func (t *tx) saveLeg(l *leg) error {
	n, err := t.exec(`UPDATE legs SET keyed = $1, sid = $2, room = $3, state = $4, how = $5, down = $6, place = $7, placed = $8, held = $9,
		is_held = $10, muted = $11, is_muted = $12, next_at = $13, tries = $14, version = version + 1 WHERE id = $15 AND version = $16`,
		l.keyed, emptyIsNull(l.sid), l.room, string(l.state), string(l.how), l.down, l.place, l.placed, l.held, l.isHeld, l.muted,
		l.isMuted, l.nextAt, l.tries, string(l.id), l.version)
	if err == nil && n == 0 {
		return errAgain
	}
	l.version++
	if err == nil && l.nextAt > 0 && l.nextAt <= millis(t.now) {
		t.tell(hotline.LegWanted{})
	}
	return err
}

// showLegs lets the contact show its legs as they are now, all but the caller's own.
func (t *tx) showLegs(h *held) error {
	open, err := t.openLegs(h.ID)
	if err != nil {
		return err
	}
	shown := []hotline.LegShown{}
	for _, l := range open {
		if l.part != hotline.Caller && !l.down {
			shown = append(shown, hotline.LegShown{User: l.user, Part: l.part, State: l.state, Phone: l.phone})
		}
	}
	if len(shown) == len(h.Legs) {
		same := true
		for n := range shown {
			same = same && shown[n] == h.Legs[n]
		}
		if same {
			return nil
		}
	}
	h.Legs = shown
	t.saveContact(h)
	t.tell(hotline.ContactChanged{Contact: h.Contact})
	return nil
}
