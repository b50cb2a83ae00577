package storage

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"hopeline/hotline"
)

// A transaction is a unit of work: what its changes do to contacts, messages and the audit trail is gathered and
// written in a few statements of many rows at its end, or before something has to read it. A text taken in costs a
// share of a statement, not five round trips.

// unit is what a transaction has gathered so far.
type unit struct {
	contacts map[hotline.ContactID]*held // loaded or made in this transaction
	dirty    []*held                     // to be written, in the order of their first change
	texts    []messageRow
	entries  []auditRow
	early    *arrivals // what was looked up for all texts of the batch at once
}

type messageRow struct {
	id, contact, sid, direction string
	at                          int64
	body                        []byte
	media                       int
	by, ref, status             string
}

type auditRow struct {
	entry
	hash []byte
}

// keep puts a contact into the unit.
func (t *tx) keep(h *held) *held {
	t.contacts[h.ID] = h
	return h
}

// saveContact lets the contact be written at the end of the transaction, if nobody else did so meanwhile.
func (t *tx) saveContact(h *held) error {
	if !h.changed {
		h.changed = true
		t.dirty = append(t.dirty, h)
		h.Version++
	}
	return nil
}

// flush writes all that was gathered.
func (t *tx) flush() error {
	fresh, old := []*held{}, []*held{}
	for _, h := range t.dirty {
		if h.fresh {
			fresh = append(fresh, h)
		} else {
			old = append(old, h)
		}
	}
	for _, write := range []func() error{
		func() error {
			return chunks(len(fresh), func(from, to int) error { return t.insertContacts(fresh[from:to]) })
		},
		func() error {
			return chunks(len(old), func(from, to int) error { return t.updateContacts(old[from:to]) })
		},
		t.insertMessages,
		t.insertEntries,
	} {
		if err := write(); err != nil {
			return err
		}
	}
	for _, h := range t.dirty {
		h.changed, h.fresh, h.written = false, false, h.Version
	}
	t.dirty, t.texts, t.entries = nil, nil, nil
	return nil
}

// chunks cuts n rows into pieces of few different sizes, so that few different statements have to be prepared.
func chunks(n int, each func(from, to int) error) error {
	for from := 0; from < n; {
		size := 64
		for size > n-from {
			size /= 2
		}
		if err := each(from, from+size); err != nil {
			return err
		}
		from += size
	}
	return nil
}

// rowsOf writes "(…), (…)" with numbered placeholders for n rows of so many columns; cast, when given, is the type of
// each column in the first row, which PostgreSQL needs where nothing else tells it.
func rowsOf(n, columns int, cast []string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('(')
		for j := range columns {
			if j > 0 {
				b.WriteString(", ")
			}
			if cast != nil {
				fmt.Fprintf(&b, "CAST($%d AS %s)", i*columns+j+1, cast[j])
			} else {
				fmt.Fprintf(&b, "$%d", i*columns+j+1)
			}
		}
		b.WriteByte(')')
	}
	return b.String()
}

func (t *tx) insertContacts(fresh []*held) error {
	var args, keys []any
	for _, h := range fresh {
		text, err := factsOf(h.Contact)
		if err != nil {
			return err
		}
		args = append(args, string(h.ID), string(h.Channel), string(h.Line), h.sealed.address, h.sealed.ours, nullable(h.addressIndex),
			nullable(h.pairIndex), h.State != hotline.Closed, string(h.State), string(h.Owner), string(h.LastOwner), h.Priority,
			millis(h.Since), millis(t.store.rules.Due(h.Contact)), h.Overdue, millis(h.Unanswered), h.sealed.outcome, text, h.Version)
		keys = append(keys, string(h.ID), h.wrapped)
	}
	_, err := t.exec(`INSERT INTO contacts (id, channel, line, address, ours, address_index, pair_index, is_open, state, owner,
		last_owner, priority, since, due_at, overdue, unanswered, outcome, facts, version) VALUES `+rowsOf(len(fresh), 19, nil), args...)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO contact_keys (contact_id, wrapped) VALUES `+rowsOf(len(fresh), 2, nil), keys...)
	return err
}

var updateTypes = []string{"TEXT", "BIGINT", "BOOLEAN", "TEXT", "TEXT", "TEXT", "BIGINT", "BIGINT", "BIGINT", "BOOLEAN", "BIGINT",
	"BYTEA", "TEXT", "BIGINT"}

// updateContacts writes contacts that were there before. One that another process changed meanwhile undoes everything,
// and the change is done again.
func (t *tx) updateContacts(old []*held) error {
	var args []any
	for _, h := range old {
		text, err := factsOf(h.Contact)
		if err != nil {
			return err
		}
		args = append(args, string(h.ID), h.written, h.State != hotline.Closed, string(h.State), string(h.Owner), string(h.LastOwner),
			h.Priority, millis(h.Since), millis(t.store.rules.Due(h.Contact)), h.Overdue, millis(h.Unanswered), h.sealed.outcome, text, h.Version)
	}
	n, err := t.exec(`WITH v (id, written, is_open, state, owner, last_owner, priority, since, due_at, overdue, unanswered, outcome, facts, version)
		AS (VALUES `+rowsOf(len(old), len(updateTypes), t.store.engine.types(updateTypes))+`)
		UPDATE contacts SET is_open = v.is_open, state = v.state, owner = v.owner, last_owner = v.last_owner, priority = v.priority,
			since = v.since, due_at = v.due_at, overdue = v.overdue, unanswered = v.unanswered, outcome = v.outcome,
			facts = v.facts, version = v.version
		FROM v WHERE contacts.id = v.id AND contacts.version = v.written`, args...)
	if err != nil {
		return err
	}
	if n != int64(len(old)) {
		return errAgain
	}
	return nil
}

func (t *tx) insertMessages() error {
	return chunks(len(t.texts), func(from, to int) error { return t.insertTexts(t.texts[from:to]) })
}

func (t *tx) insertTexts(texts []messageRow) error {
	var args []any
	for _, m := range texts {
		args = append(args, m.id, m.contact, emptyIsNull(m.sid), m.direction, m.at, m.body, m.media, m.by, emptyIsNull(m.ref), m.status)
	}
	_, err := t.exec(`INSERT INTO messages (id, contact_id, sid, direction, at, body, media, by_user, ref, status)
		VALUES `+rowsOf(len(texts), 10, nil), args...)
	return err
}

func (t *tx) insertEntries() error {
	return chunks(len(t.entries), func(from, to int) error { return t.insertRows(t.entries[from:to]) })
}

func (t *tx) insertRows(entries []auditRow) error {
	var args []any
	for _, e := range entries {
		args = append(args, e.chain, e.seq, e.at, e.actor, e.action, e.contact, e.detail, e.hash)
	}
	_, err := t.exec(`INSERT INTO audit (chain, seq, at, actor, action, contact, detail, hash) VALUES `+rowsOf(len(entries), 8, nil), args...)
	return err
}

func emptyIsNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// arrivals is what the texts of a batch need to know, looked up for all of them at once.
type arrivals struct {
	known map[string]bool              // by the carrier's id: on disk already
	pairs map[string]hotline.ContactID // open contacts by their pair index
	seen  map[string]bool              // by address index: written before
}

// lookAhead looks up what a batch of texts needs.
func (t *tx) lookAhead(batch []*arrival) error {
	a := &arrivals{known: map[string]bool{}, pairs: map[string]hotline.ContactID{}, seen: map[string]bool{}}
	t.early = a
	var sids, pairs, addresses []any
	for _, in := range batch {
		sids = append(sids, in.SID)
		if in.pair != nil {
			pairs = append(pairs, in.pair)
		}
	}
	err := t.each(`SELECT sid FROM messages WHERE sid IN `+rowsOf(1, len(sids), nil), sids, func(r scanner) error {
		var sid string
		err := r.Scan(&sid)
		a.known[sid] = true
		return err
	})
	if err != nil || len(pairs) == 0 {
		return err
	}
	err = t.each(`SELECT c.pair_index, `+contactColumns+contactTables+`WHERE c.is_open AND c.pair_index IN `+rowsOf(1, len(pairs), nil), pairs,
		func(r scanner) error {
			var pair []byte
			h, err := t.store.scanContact(r, &pair)
			if err == nil {
				a.pairs[string(pair)] = t.keep(h).ID
			}
			return err
		})
	if err != nil {
		return err
	}
	for _, in := range batch { // only who has no open contact may be new
		if _, open := a.pairs[string(in.pair)]; in.pair != nil && !open {
			addresses = append(addresses, in.address)
		}
	}
	if len(addresses) == 0 {
		return nil
	}
	return t.each(`SELECT DISTINCT address_index FROM contacts WHERE address_index IN `+rowsOf(1, len(addresses), nil), addresses,
		func(r scanner) error {
			var address []byte
			err := r.Scan(&address)
			a.seen[string(address)] = true
			return err
		})
}

// each runs a query and gives its rows one by one.
func (t *tx) each(query string, args []any, row func(scanner) error) error {
	rows, err := t.query(query, args...)
	if err != nil {
		return classify(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return classify(err)
		}
	}
	return classify(rows.Err())
}

// notThere tells whether a query found no row.
func notThere(err error) bool { return errors.Is(err, sql.ErrNoRows) }
