package storage

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
)

// Board reads all that the router needs to begin anew.
func (s *Store) Board(ctx context.Context) (hotline.Board, error) {
	var b hotline.Board
	generation, err := s.Setting(ctx, "generation", func() ([]byte, error) { return fmt.Appendf(nil, "%x", s.now().UnixNano()), nil })
	if err != nil {
		return b, err
	}
	b.Generation = string(generation)
	err = s.look(ctx, func(t *tx) error {
		if _, err := t.roster(); err != nil { // what each line wants of who is asked
			return err
		}
		open, err := t.contactsWhere(`WHERE c.is_open`)
		if err != nil {
			return err
		}
		owners := map[hotline.UserID]bool{}
		for _, h := range open {
			if h.State == hotline.Waits || h.Wanted() {
				b.Waiting = append(b.Waiting, h.ForRouter(s.rules))
			}
			if due := s.rules.Due(h.Contact); !due.IsZero() {
				b.Timed = append(b.Timed, hotline.Timed{ID: h.ID, Due: due})
			}
			if h.State == hotline.Active && !h.Unanswered.IsZero() && !owners[h.Owner] {
				owners[h.Owner] = true
				b.Owners = append(b.Owners, h.Owner)
			}
		}
		b.Users, err = t.candidates("")
		return err
	})
	return b, err
}

// Look reads one contact as it now is. It is for the house itself and shows nobody anything.
func (s *Store) Look(ctx context.Context, id hotline.ContactID) (hotline.Contact, error) {
	var c hotline.Contact
	err := s.look(ctx, func(t *tx) error {
		h, err := t.contact(id)
		if err == nil {
			c = h.Contact
		}
		return err
	})
	return c, err
}

// look reads without changing, auditing or waiting for the writer.
func (s *Store) look(ctx context.Context, do func(*tx) error) error {
	sqlTx, err := s.read.BeginTx(ctx, s.engine.snapshot())
	if err != nil {
		return classify(err)
	}
	defer sqlTx.Rollback()
	return do(s.newTx(ctx, sqlTx))
}

// Candidate reads one user as the router sees her.
func (s *Store) Candidate(ctx context.Context, id hotline.UserID) (hotline.Candidate, error) {
	var found []hotline.Candidate
	err := s.look(ctx, func(t *tx) (err error) {
		found, err = t.candidates(id)
		return err
	})
	if err == nil && len(found) == 0 {
		return hotline.Candidate{ID: id}, nil // gone, disabled, or of a role that never answers: never asked
	}
	if err != nil {
		return hotline.Candidate{}, err
	}
	return found[0], nil
}

// candidates lists those who may be asked: of one id, or all. See [Roster] for who is on duty.
func (t *tx) candidates(id hotline.UserID) ([]hotline.Candidate, error) {
	var found []hotline.Candidate
	supervisors := map[hotline.UserID]bool{}
	var saved int64
	err := t.each(`SELECT `+userColumns+`, u.asked_at,
		(SELECT count(*) FROM slots s WHERE s.user_id = u.id AND s.kind = 'text'),
		(SELECT count(*) FROM slots s WHERE s.user_id = u.id AND s.kind = 'call'),
		(SELECT count(*) FROM offers o WHERE o.user_id = u.id AND o.ended_at IS NULL),
		`+changes+`
		FROM users u WHERE NOT u.disabled AND u.role IN ('counsellor', 'supervisor') AND (CAST($1 AS TEXT) = '' OR u.id = $1) ORDER BY u.id`, []any{string(id)},
		func(row scanner) error {
			var asked int64
			var texts, calls, offers int
			u, err := t.store.scanUser(row, &asked, &texts, &calls, &offers, &saved)
			if t.store.damagedUser(u, err) {
				return nil
			}
			if err != nil {
				return err
			}
			c := hotline.Candidate{ID: u.ID, Available: u.State == hotline.Available, Languages: u.Languages, Gender: u.Gender,
				FreeTexts: max(0, t.store.room.Texts-texts), Offered: offers > 0, Missed: u.Missed, LastAsked: fromMillis(asked)}
			c.FreeCalls = max(0, t.store.room.Calls-calls)
			if calls > 0 {
				c.FreeTexts = 0 // a call stops new offers of texts
			}
			if c.Takes = u.Voice; u.Voice == hotline.OnPhone && u.Phone == "" {
				c.Takes = hotline.NoCalls
			}
			c.Home = u.Phone != "" && u.State != hotline.Away
			supervisors[u.ID] = u.Role == hotline.Supervisor
			found = append(found, c)
			return nil
		})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	duty, err := t.rosterOf(saved)
	for i, c := range found {
		last := supervisors[c.ID] && duty.standsLast(c.ID)
		found[i].Tiers = duty.Tiers(c.ID)
		if last {
			duty.addLast(found[i].Tiers)
		}
		found[i].Available = c.Available && len(found[i].Tiers) > 0
		found[i].Home = c.Home && (last || duty.Planned(c.ID))
	}
	return found, err
}

// Held tells what hangs on a user being there.
func (s *Store) Held(ctx context.Context, id hotline.UserID) (hotline.Held, error) {
	var found hotline.Held
	err := s.look(ctx, func(t *tx) error {
		list := func(into *[]hotline.ContactID, query string) error {
			return t.each(query, []any{string(id)}, func(r scanner) error {
				var c hotline.ContactID
				err := r.Scan(&c)
				*into = append(*into, c)
				return err
			})
		}
		if err := list(&found.Offered, `SELECT contact_id FROM offers WHERE user_id = $1 AND ended_at IS NULL`); err != nil {
			return err
		}
		return list(&found.Awaiting, `SELECT id FROM contacts WHERE owner = $1 AND is_open AND state = 'active' AND unanswered > 0`)
	})
	return found, err
}

// Restart brings back whoever was being asked when the house went down: nobody may have seen the offer, and nobody told
// us of the legs that rang. While another process serves the same database nothing went down.
func (s *Store) Restart(ctx context.Context) error {
	conn, err := s.read.Conn(ctx)
	if err != nil {
		return classify(err)
	}
	alone, err := s.engine.alone(ctx, conn)
	s.living = conn
	if err != nil || !alone {
		return classify(err)
	}
	var asked []*held
	err = s.look(ctx, func(t *tx) (err error) {
		asked, err = t.contactsWhere(`WHERE c.is_open AND c.state = $1`, string(hotline.Asked))
		return err
	})
	if err != nil {
		return err
	}
	for _, h := range asked {
		if _, err := s.Apply(ctx, System, h.ID, hotline.Restarted{At: hotline.At(s.now())}, nil); err != nil {
			s.log.Error("a contact could not be taken back from who was being asked; its offer runs out", zap.String("contact", string(h.ID)), zap.Error(err))
		}
	}
	return nil
}

// Overview reads what a console shows before anything is opened. One audit entry counts the contacts shown.
func (s *Store) Overview(ctx context.Context, v hotline.Viewer) (hotline.Overview, error) {
	o := hotline.Overview{}
	err := s.write(ctx, func(t *tx) error {
		user, err := t.user(v.ID)
		if err != nil {
			return err
		}
		o = hotline.Overview{User: user, Contacts: []hotline.Contact{}, Offers: []hotline.HeldOffer{}}
		mine, err := t.contactsWhere(`WHERE c.is_open AND (c.owner = $1 OR c.overdue AND c.state IN ('active', 'dormant')
			OR CAST($2 AS BOOLEAN) AND c.state IN ('active', 'dormant', 'connecting', 'wrap_up')
			OR c.id IN (SELECT contact_id FROM offers WHERE user_id = $1 AND ended_at IS NULL)
			OR c.id IN (SELECT contact_id FROM legs WHERE user_id = $1 AND state <> 'over')) ORDER BY c.since`,
			string(v.ID), v.Role == hotline.Supervisor)
		if err != nil {
			return err
		}
		for _, h := range mine {
			intoOverview(&o, v, h.Contact)
		}
		shown := len(o.Contacts) + len(o.Offers) + len(o.Others)
		if shown == 0 {
			return nil
		}
		return t.audit(string(v.ID), "console.read", "", fmt.Sprintf("contacts=%d", shown))
	})
	return o, err
}

func intoOverview(o *hotline.Overview, v hotline.Viewer, c hotline.Contact) {
	offer, open := c.OfferTo(v.ID)
	switch {
	case c.Live() && c.Owner == v.ID:
		o.Contacts = append(o.Contacts, c)
	case open:
		o.Offers = append(o.Offers, hotline.HeldOffer{Contact: c, Expires: offer.Expires})
	case v.Sees(c):
		o.Others = append(o.Others, c)
	}
}

// inQueue is the condition that a contact waits for somebody: to be asked, being asked, or to be followed up.
const inQueue = `c.is_open AND c.state IN ('waiting', 'offered', 'follow_up')`

// queueOrder is the order in which contacts are offered: a caller holds the line, and goes before texts of the same
// priority; those to follow up are not offered, and come last.
const queueOrder = ` ORDER BY CASE WHEN c.state = 'follow_up' THEN 1 ELSE 0 END, c.priority DESC,
	CASE WHEN c.channel = 'voice' THEN 0 ELSE 1 END, c.since, c.id`

// Waiting lists who waits or is being asked, in the order in which they are offered, and counts them all. One audit
// entry counts those shown.
func (s *Store) Waiting(ctx context.Context, v hotline.Viewer, limit int) ([]hotline.Contact, int, error) {
	shown, total := []hotline.Contact{}, 0
	err := s.write(ctx, func(t *tx) error {
		shown, total = []hotline.Contact{}, 0
		found, err := t.contactsWhere(`WHERE `+inQueue+queueOrder+` LIMIT $1`, limit)
		if err != nil {
			return err
		}
		for _, h := range found {
			shown = append(shown, h.Contact)
		}
		if err = t.row(`SELECT count(*) FROM contacts c WHERE `+inQueue, nil, &total); err != nil {
			return err
		}
		if len(shown) == 0 {
			return nil
		}
		return t.audit(string(v.ID), "queue.read", "", fmt.Sprintf("contacts=%d", len(shown)))
	})
	return shown, total, err
}

// Queue counts who waits, and tells since when the longest.
func (s *Store) Queue(ctx context.Context) (hotline.Queue, error) {
	var q hotline.Queue
	var since *int64
	err := s.read.QueryRowContext(ctx, `SELECT count(*), min(since) FROM contacts c WHERE `+inQueue).Scan(&q.Waiting, &since)
	if err != nil {
		return q, classify(err)
	}
	if since != nil {
		q.Longest = time.UnixMilli(*since).UTC()
	}
	return q, nil
}
