package storage

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/storage/seal"
)

// LegTask is one thing that the carrier is asked for.
type LegTask struct {
	Leg     hotline.LegID
	Contact hotline.ContactID
	Part    hotline.Part
	Work    LegWork
	SID     string
	Room    string           // the carrier's id of the room, to hold and mute
	On      bool             // to hold and mute
	Dial    hotline.Dialling // to dial
	Page    string           // to dial a colleague's phone: [PageCall] or [PageText]
	Tries   int
	Made    time.Time // when the leg was made, or came

	place int64
}

// What a phone is rung for.
const (
	PageCall = "call"
	PageText = "text"
)

// Pages counts the phones of colleagues that were rung since a time, by all processes.
func (s *Store) Pages(ctx context.Context, since time.Time) (int, error) {
	var n int
	err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM legs WHERE part = 'counsellor' AND phone AND made_at >= $1`, millis(since)).Scan(&n)
	return n, classify(err)
}

// candidate is a leg that wants something, with what decides who goes first.
type candidate struct {
	*leg
	priority, since int64
	granted         bool
	text            bool // the contact is no call
}

// ClaimLegs takes what the carrier has to be asked for now: endings first, then whoever was taken already, then the
// person who has waited longest. Legs are made at the account's rate: one, and at most one each pace, by all processes
// together. Lease is how long a try may take.
func (s *Store) ClaimLegs(ctx context.Context, limit int, lease, pace time.Duration) ([]LegTask, error) {
	var tasks []LegTask
	err := s.write(ctx, func(t *tx) error {
		tasks = nil
		due, err := t.legsDue()
		if err != nil {
			return err
		}
		last, err := t.lastDial()
		if err != nil {
			return err
		}
		may, looks := last.before(t.now, pace), 0
		for _, c := range due {
			if len(tasks) == limit {
				break
			}
			if c.work() == DialLeg && !may || c.work() == LookLeg && looks == looksMost {
				continue
			}
			task, ok, err := t.claimLeg(c, lease)
			if err != nil {
				return err
			}
			if ok {
				tasks = append(tasks, task)
				switch task.Work {
				case LookLeg:
					looks++
				case DialLeg:
					may = false
					if err := t.dialled(last); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
	return tasks, err
}

func (t *tx) legsDue() ([]candidate, error) {
	if err := t.flush(); err != nil {
		return nil, err
	}
	var due []candidate
	err := t.each(`SELECT `+legColumns+`, c.priority, c.since, c.owner, c.channel <> 'voice' FROM legs l JOIN contacts c ON c.id = l.contact_id
		WHERE l.next_at > 0 AND l.next_at <= $1 ORDER BY l.next_at LIMIT 500`, []any{millis(t.now)}, func(r scanner) error {
		var c candidate
		var owner hotline.UserID
		l, err := scanLeg(r, &c.priority, &c.since, &owner, &c.text)
		c.leg, c.granted = l, owner != "" && l.user == owner || l.part == hotline.Caller
		due = append(due, c)
		return err
	})
	order := map[LegWork]int{EndLeg: 0, MoveLeg: 1, HoldLeg: 2, MuteLeg: 2, DialLeg: 3, LookLeg: 4}
	slices.SortStableFunc(due, func(a, b candidate) int {
		first := 0
		if a.granted != b.granted {
			first = map[bool]int{true: -1, false: 1}[a.granted]
		}
		return cmp.Or(cmp.Compare(order[a.work()], order[b.work()]), first, cmp.Compare(b.priority, a.priority), cmp.Compare(a.since, b.since))
	})
	return due, err
}

// looksMost is how many legs are looked at in one round: a slow carrier must not keep endings and dials waiting.
const looksMost = 4

const lastDialName = "dialled_at"

// lastDial is when a leg was made last, by any process.
type lastDial struct {
	at    int64
	known bool
}

func (l lastDial) before(now time.Time, pace time.Duration) bool {
	return !l.known || millis(now)-l.at >= pace.Milliseconds() || l.at > millis(now)
}

func (t *tx) lastDial() (lastDial, error) {
	var value []byte
	err := t.row(`SELECT value FROM meta WHERE name = $1`, []any{lastDialName}, &value)
	if notThere(err) {
		return lastDial{}, nil
	}
	at, _ := strconv.ParseInt(string(value), 10, 64)
	return lastDial{at, true}, err
}

// dialled notes that a leg is made now. When another process was quicker everything is undone, and done again.
func (t *tx) dialled(last lastDial) error {
	now := []byte(strconv.FormatInt(millis(t.now), 10))
	var n int64
	var err error
	if last.known {
		n, err = t.exec(`UPDATE meta SET value = $1 WHERE name = $2 AND value = $3`, now, lastDialName, []byte(strconv.FormatInt(last.at, 10)))
	} else {
		n, err = t.exec(`INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, lastDialName, now)
	}
	if err == nil && n == 0 {
		return errAgain
	}
	return err
}

// claimLeg puts a leg off by the lease and says what to ask. Not ok: there is nothing to ask.
func (t *tx) claimLeg(c candidate, lease time.Duration) (LegTask, bool, error) {
	l := c.leg
	task := LegTask{Leg: l.id, Contact: l.contact, Part: l.part, Work: l.work(), SID: l.sid, Room: l.room, Tries: l.tries + 1,
		Made: fromMillis(l.madeAt), place: l.place}
	switch task.Work {
	case "":
		if l.state == hotline.LegNew { // nobody wants it, and no report ever came
			return task, false, t.overQuietly(l, hotline.LegCanceled)
		}
		l.nextAt = 0
		return task, false, t.saveLeg(l)
	case HoldLeg:
		task.On = l.held
	case MuteLeg:
		task.On = l.muted
	case DialLeg:
		if ok, err := t.claimDial(c, &task); err != nil || !ok {
			return task, false, err
		}
	}
	l.nextAt = millis(t.now.Add(lease))
	l.tries++
	return task, true, t.saveLeg(l)
}

// claimDial says whom to dial. Not ok: there is nobody, and the leg is over; or her phone rings for a test yet, and the leg
// waits a moment.
func (t *tx) claimDial(c candidate, task *LegTask) (ok bool, err error) {
	l := c.leg
	task.Dial, err = t.dialling(l)
	switch {
	case errors.Is(err, seal.ErrOpen) || errors.Is(err, hotline.ErrNotFound):
		t.store.log.Error("a leg cannot be dialled: what it needs does not open", zap.String("leg", string(l.id)))
		return false, t.overQuietly(l, hotline.LegFailed)
	case err != nil:
		return false, err
	case task.Dial.To == (hotline.Address{}):
		h, err := t.contact(l.contact)
		if err != nil {
			return false, err
		}
		return false, t.legOver(h, l, hotline.LegFailed)
	}
	if l.phone && l.user != "" {
		if wait, err := t.testYields(l.user); err != nil {
			return false, err
		} else if wait {
			l.nextAt = millis(t.now.Add(yieldLook))
			return false, t.saveLeg(l)
		}
	}
	if l.phone && l.part == hotline.Answerer {
		task.Page = PageCall
		if c.text {
			task.Page = PageText
		}
	}
	return true, nil
}

// overQuietly ends a leg, and tells its contact when that opens: one that is damaged must not stop all others.
func (t *tx) overQuietly(l *leg, how hotline.LegEnd) error {
	h, err := t.contact(l.contact)
	if errors.Is(err, seal.ErrOpen) || errors.Is(err, hotline.ErrNotFound) {
		l.state, l.how, l.nextAt = hotline.LegOver, how, 0
		return t.saveLeg(l)
	}
	if err != nil {
		return err
	}
	return t.legOver(h, l, how)
}

// dialling is what is dialled for a leg; without an address there is nobody to ring.
func (t *tx) dialling(l *leg) (hotline.Dialling, error) {
	h, err := t.contact(l.contact)
	if err != nil {
		return hotline.Dialling{}, err
	}
	d := hotline.Dialling{Leg: l.id, Part: l.part, From: hotline.AddressOf(string(h.Line)), Rings: t.store.rules.Call.Ring}
	if l.part == hotline.Caller {
		d.To = h.Address
		return d, nil
	}
	u, err := t.user(l.user)
	if errors.Is(err, hotline.ErrNotFound) || err == nil && u.Disabled {
		return d, nil
	}
	if err != nil {
		return d, err
	}
	if taken, err := t.takenBefore(h, l); err != nil || taken {
		return d, err
	}
	if !l.phone {
		d.To = hotline.AddressOf("client:" + string(u.ID))
	} else if u.Phone != "" {
		d.To = hotline.AddressOf(u.Phone)
	}
	return d, nil
}

// NextLeg is when the carrier has to be asked next, at this pace of dials; zero when never.
func (s *Store) NextLeg(ctx context.Context, pace time.Duration) (time.Time, error) {
	var next time.Time
	err := s.look(ctx, func(t *tx) error {
		var dial, other sql.NullInt64
		err := t.row(`SELECT min(CASE WHEN state = 'new' THEN next_at END), min(CASE WHEN state <> 'new' THEN next_at END)
			FROM legs WHERE next_at > 0`, nil, &dial, &other)
		if err != nil {
			return err
		}
		last, err := t.lastDial()
		if dial.Valid && last.known {
			dial.Int64 = max(dial.Int64, last.at+pace.Milliseconds())
		}
		next = fromMillis(other.Int64)
		if at := fromMillis(dial.Int64); next.IsZero() || !at.IsZero() && at.Before(next) {
			next = at
		}
		return err
	})
	return next, err
}
