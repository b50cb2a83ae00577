package storage

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/hotline/safety"
	"hopeline/storage/seal"
)

// The outbox: rows of sends. A send waits, is being tried, is unsure (handed over, answer lost), or is done.
const (
	sendWaiting = "waiting"
	sendTrying  = "trying"
	sendUnsure  = "unsure"
	sendDone    = "done"
)

// queueSends puts a message's parts into the outbox. It takes nothing that the gate did not clear.
func (t *tx) queueSends(h *held, m hotline.Message, parts []string, pass safety.Clearance) error {
	if !pass.For(h.ID, m.By) {
		return hotline.Say(hotline.ErrUnsafe, "this message did not pass the safety gate; nothing was sent")
	}
	for n, text := range parts {
		sealed, err := t.sealBody(h, "sends", sendRow(m.ID, n), body{Text: text})
		if err != nil {
			return err
		}
		_, err = t.exec(`INSERT INTO sends (message_id, part, contact_id, body, state, sid, status, error_code, tries, looked, next_at, began_at)
			VALUES ($1, $2, $3, $4, $5, '', $6, 0, 0, 0, $7, 0)`,
			string(m.ID), n, string(h.ID), sealed, sendWaiting, string(hotline.Queued), millis(t.now))
		if err != nil {
			return err
		}
	}
	return nil
}

func sendRow(m hotline.MessageID, part int) string { return string(m) + "/" + strconv.Itoa(part) }

// Due is one send that wants the carrier. Unsure: look for it there before it is tried again.
type Due struct {
	hotline.Outgoing
	Unsure bool
	Looked int // how often the carrier was asked for it and did not know it
}

// ClaimSends takes the sends whose time has come, oldest first. Each is marked as being tried, durably, before it is
// handed over: a house that dies in the middle finds it unsure, never new. Lease is how long a try may take; after it
// the send counts as unsure.
func (s *Store) ClaimSends(ctx context.Context, limit int, lease time.Duration) ([]Due, error) {
	var due []Due
	err := s.write(ctx, func(t *tx) error {
		due = nil
		rows, err := t.sendsDue(limit)
		if err != nil {
			return err
		}
		for _, r := range rows {
			d, err := t.claim(r, lease)
			if err != nil {
				return err
			}
			if d.Message != "" {
				due = append(due, d)
			}
		}
		return nil
	})
	return due, err
}

// firstInLine is the condition that nothing written before in the same contact still has to be handed over.
const firstInLine = `NOT EXISTS (SELECT 1 FROM sends b WHERE b.contact_id = s.contact_id AND b.state IN ('waiting', 'trying')
	AND (b.message_id < s.message_id OR b.message_id = s.message_id AND b.part < s.part))`

type sendRowOf struct {
	message hotline.MessageID
	part    int
	contact hotline.ContactID
	body    []byte
	state   string
	tries   int
	looked  int
	began   int64
	written int64
}

// sendsDue lists what may go now. What was written later in the same contact waits until what was written before is
// handed over, so that words arrive in order; only an unsure one, which the carrier most likely has, holds nobody up.
func (t *tx) sendsDue(limit int) ([]sendRowOf, error) {
	var found []sendRowOf
	err := t.each(`SELECT s.message_id, s.part, s.contact_id, s.body, s.state, s.tries, s.looked, s.began_at,
		(SELECT m.at FROM messages m WHERE m.id = s.message_id) FROM sends s
		WHERE s.state <> 'done' AND s.next_at <= $1 AND `+firstInLine+`
		ORDER BY s.message_id, s.part LIMIT $2`, []any{millis(t.now), limit}, func(row scanner) error {
		var r sendRowOf
		err := row.Scan(&r.message, &r.part, &r.contact, &r.body, &r.state, &r.tries, &r.looked, &r.began, &r.written)
		found = append(found, r)
		return err
	})
	return found, err
}

func (t *tx) claim(r sendRowOf, lease time.Duration) (Due, error) {
	h, err := t.contact(r.contact)
	var b body
	if err == nil {
		b, err = h.openBody("sends", sendRow(r.message, r.part), r.body)
	}
	if errors.Is(err, seal.ErrOpen) {
		t.store.log.Error("a send does not open; it was given up", zap.String("message", string(r.message)))
		return Due{}, t.giveUp(r, hotline.Damaged)
	}
	if err != nil {
		return Due{}, err
	}
	if r.state == sendWaiting && t.tooLate(h, r) {
		if err := t.giveUp(r, hotline.TooLate); err != nil {
			return Due{}, err
		}
		return Due{}, t.mergeMessage(r.contact, r.message)
	}
	// Being tried and due again means that the answer never came back to us.
	unsure := r.state == sendUnsure || r.state == sendTrying
	state, began := sendTrying, r.began
	if began == 0 {
		began = millis(t.now)
	}
	if unsure {
		state = sendUnsure
	}
	n, err := t.exec(`UPDATE sends SET state = $1, began_at = $2, next_at = $3, tries = tries + 1
		WHERE message_id = $4 AND part = $5 AND state = $6 AND tries = $7`,
		state, began, millis(t.now.Add(lease)), string(r.message), r.part, r.state, r.tries)
	if err != nil {
		return Due{}, err
	}
	if n == 0 {
		return Due{}, errAgain
	}
	out := hotline.Outgoing{Message: r.message, Part: r.part, From: h.Ours, To: h.Address, Text: b.Text, Began: fromMillis(began), Tries: r.tries + 1}
	return Due{Outgoing: out, Unsure: unsure, Looked: r.looked}, nil
}

// ReleaseSends lets go of what was being tried when the house went down. Whether the carrier has it is unsure: it is
// looked for after wait, and holds nothing up meanwhile.
func (s *Store) ReleaseSends(ctx context.Context, wait time.Duration) error {
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE sends SET state = 'unsure', next_at = $1 WHERE state = 'trying'`, millis(t.now.Add(wait)))
		return err
	})
}

// tooLate tells whether a reply waited so long that it would come into a silence, or after the channel closed: what was
// safe to write then may be a danger now.
func (t *tx) tooLate(h *held, r sendRowOf) bool {
	by := h.ReplyBy()
	return t.now.Sub(fromMillis(r.written)) > t.store.rules.Quiet || !by.IsZero() && !t.now.Before(by)
}

// giveUp ends a send that is never handed over.
func (t *tx) giveUp(r sendRowOf, code int) error {
	_, err := t.exec(`UPDATE sends SET state = 'done', status = 'failed', error_code = $1 WHERE message_id = $2 AND part = $3`,
		code, string(r.message), r.part)
	return err
}

// SettleSend writes down what became of a try. Wait is how long an unsure send waits for its report before anybody looks.
func (s *Store) SettleSend(ctx context.Context, d Due, got hotline.Handed, wait time.Duration) error {
	return s.write(ctx, func(t *tx) error {
		switch got.Class {
		case hotline.Taken:
			return t.settle(d, got.SID, got.Status, 0)
		case hotline.Refuse:
			code := 0
			var state string
			err := t.row(`SELECT state FROM sends WHERE message_id = $1 AND part = $2`, []any{string(d.Message), d.Part}, &state)
			if err != nil || state == sendDone { // a report completed it meanwhile
				return err
			}
			if got.Failure != nil {
				code = got.Failure.Code
			}
			return t.settle(d, "", hotline.Failed, code)
		case hotline.Unsure:
			return t.postpone(d, sendUnsure, wait, 0)
		}
		return t.postpone(d, sendWaiting, got.After, 0)
	})
}

// RetrySend lets an unsure send that the carrier does not know be tried once more.
func (s *Store) RetrySend(ctx context.Context, d Due) error {
	return s.write(ctx, func(t *tx) error { return t.postpone(d, sendWaiting, 0, 1) })
}

// LookAgain lets an unsure send that the carrier does not know be looked for once more.
func (s *Store) LookAgain(ctx context.Context, d Due, after time.Duration) error {
	return s.write(ctx, func(t *tx) error { return t.postpone(d, sendUnsure, after, 1) })
}

// postpone moves a send to another time, unless a report completed it meanwhile, and counts looks in vain.
func (t *tx) postpone(d Due, state string, after time.Duration, looks int) error {
	_, err := t.exec(`UPDATE sends SET state = $1, next_at = $2, looked = looked + CAST($3 AS BIGINT)
		WHERE message_id = $4 AND part = $5 AND state <> 'done'`,
		state, millis(t.now.Add(after)), looks, string(d.Message), d.Part)
	return err
}

// NextSend is when the next send wants the carrier; zero when none does.
func (s *Store) NextSend(ctx context.Context) (time.Time, error) {
	var at sql.NullInt64
	err := s.read.QueryRowContext(ctx, `SELECT min(next_at) FROM sends s WHERE s.state <> 'done' AND `+firstInLine).Scan(&at)
	if err != nil {
		return time.Time{}, classify(err)
	}
	return fromMillis(at.Int64), nil
}

// KnowsSID tells whether a send of ours has this id of the carrier's.
func (s *Store) KnowsSID(ctx context.Context, sid string) (bool, error) {
	var n int
	err := s.read.QueryRowContext(ctx, `SELECT 1 FROM sends WHERE sid = $1`, sid).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, classify(err)
}

// Report merges what the carrier says about a send: it only ever moves forward, and it completes a send whose answer
// was lost. A report for what we do not know changes nothing.
func (s *Store) Report(ctx context.Context, r hotline.Report) error {
	return s.write(ctx, func(t *tx) error {
		if r.Message == "" {
			err := t.row(`SELECT message_id, part FROM sends WHERE sid = $1`, []any{r.SID}, &r.Message, &r.Part)
			if errors.Is(err, sql.ErrNoRows) {
				return nil
			}
			if err != nil {
				return err
			}
		}
		return t.settle(Due{Outgoing: hotline.Outgoing{Message: r.Message, Part: r.Part}}, r.SID, r.Status, r.Code)
	})
}

// settle merges news of one part and, from all parts, of its message.
func (t *tx) settle(d Due, sid string, status hotline.Delivery, code int) error {
	var contact hotline.ContactID
	var had hotline.Delivery
	var hadSID, state string
	var hadCode int
	err := t.row(`SELECT contact_id, status, sid, state, error_code FROM sends WHERE message_id = $1 AND part = $2`,
		[]any{string(d.Message), d.Part}, &contact, &had, &hadSID, &state, &hadCode)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	if hadSID != "" {
		sid = hadSID // the first id stays
	}
	if hadCode == hotline.LostAnswer && status.Rank() > 0 {
		had = hotline.Queued // that was our guess; this is news
	}
	merged := had.Merge(status)
	if merged != hotline.Failed {
		code = 0
	} else if had == hotline.Failed {
		code = hadCode
	}
	if merged == had && sid == hadSID && state == sendDone {
		return nil
	}
	_, err = t.exec(`UPDATE sends SET status = $1, sid = $2, error_code = $3, state = 'done' WHERE message_id = $4 AND part = $5`,
		string(merged), sid, code, string(d.Message), d.Part)
	if err != nil {
		return err
	}
	return t.mergeMessage(contact, d.Message)
}

// mergeMessage gives a message the state of its lowest part and tells it when it changed.
func (t *tx) mergeMessage(contact hotline.ContactID, id hotline.MessageID) error {
	var parts []hotline.Delivery
	code := 0
	err := t.each(`SELECT status, error_code FROM sends WHERE message_id = $1 ORDER BY part`, []any{string(id)}, func(r scanner) error {
		var part hotline.Delivery
		var c int
		err := r.Scan(&part, &c)
		parts = append(parts, part)
		if part == hotline.Failed && code == 0 {
			code = c
		}
		return err
	})
	if err != nil {
		return err
	}
	lowest := hotline.Lowest(parts)
	n, err := t.exec(`UPDATE messages SET status = $1, error_code = $2 WHERE id = $3 AND (status <> $1 OR error_code <> $2)`,
		string(lowest), code, string(id))
	if err != nil || n == 0 {
		return err
	}
	h, err := t.contact(contact)
	if err != nil {
		return err
	}
	var failure *hotline.Failure
	if lowest == hotline.Failed {
		failure = t.store.failure(code)
	}
	t.tell(hotline.StatusChanged{Contact: h.Contact, Message: id, Status: lowest, Failure: failure})
	return t.audit(System, "message.status", contact, "message="+string(id)+" status="+string(lowest))
}
