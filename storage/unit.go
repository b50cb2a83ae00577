package storage

import (
	"database/sql"
	"errors"

	"hopeline/hotline"
	"hopeline/storage/seal"
)

// A transaction is a unit of work: what its changes do to contacts, messages and the audit trail is gathered and
// written in a few statements of many rows at its end, or before something has to read it. A text taken in costs a
// share of a statement, not five round trips.

// unit is what a transaction has gathered so far.
type unit struct {
	contacts map[hotline.ContactID]*held // loaded or made in this transaction
	legs     map[hotline.LegID]*leg      // likewise
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
func (t *tx) saveContact(h *held) {
	if !h.changed {
		h.changed = true
		t.dirty = append(t.dirty, h)
		h.Version++
	}
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
	e := t.store.engine
	for _, part := range []struct {
		n     int
		write func(from, to int) error
	}{
		{len(fresh), func(from, to int) error { return t.insertContacts(fresh[from:to]) }},
		{len(old), func(from, to int) error { return t.updateContacts(old[from:to]) }},
		{len(t.texts), func(from, to int) error { return t.insertTexts(t.texts[from:to]) }},
		{len(t.entries), func(from, to int) error { return t.insertEntries(t.entries[from:to]) }},
	} {
		if err := e.chunks(part.n, part.write); err != nil {
			return err
		}
	}
	for _, h := range t.dirty {
		h.changed, h.fresh, h.written = false, false, h.Version
	}
	t.dirty, t.texts, t.entries = nil, nil, nil
	return nil
}

// insertRows writes rows of these kinds into a table, whose columns it names.
func (t *tx) insertRows(table string, kinds []columnKind, rows [][]any) error {
	source, args := t.store.engine.rows(kinds, rows)
	_, err := t.exec(`INSERT INTO `+table+` `+source, args...)
	return err
}

func (t *tx) insertContacts(fresh []*held) error {
	var contacts, keys [][]any
	for _, h := range fresh {
		facts, err := factsOf(h.Contact)
		if err != nil {
			return err
		}
		contacts = append(contacts, []any{string(h.ID), string(h.Channel), string(h.Line), h.sealed.address, h.sealed.ours,
			nullable(h.addressIndex), nullable(h.pairIndex), h.State != hotline.Closed, string(h.State), string(h.Owner),
			string(h.LastOwner), h.Priority, millis(h.Since), millis(t.store.rules.Due(h.Contact)), h.Overdue, millis(h.Unanswered),
			h.sealed.outcome, facts, h.Version})
		keys = append(keys, []any{string(h.ID), h.wrapped})
	}
	err := t.insertRows(`contacts (id, channel, line, address, ours, address_index, pair_index, is_open, state, owner,
		last_owner, priority, since, due_at, overdue, unanswered, outcome, facts, version)`,
		[]columnKind{asText, asText, asText, asBytes, asBytes, asBytes, asBytes, asTruth, asText, asText, asText, asNumber, asNumber, asNumber, asTruth, asNumber, asBytes, asText, asNumber},
		contacts)
	if err != nil {
		return err
	}
	return t.insertRows(`contact_keys (contact_id, wrapped)`, []columnKind{asText, asBytes}, keys)
}

// updateContacts writes contacts that were there before. One that another process changed meanwhile undoes everything,
// and the change is done again.
func (t *tx) updateContacts(old []*held) error {
	var rows [][]any
	for _, h := range old {
		facts, err := factsOf(h.Contact)
		if err != nil {
			return err
		}
		rows = append(rows, []any{string(h.ID), h.written, h.State != hotline.Closed, string(h.State), string(h.Owner), string(h.LastOwner),
			h.Priority, millis(h.Since), millis(t.store.rules.Due(h.Contact)), h.Overdue, millis(h.Unanswered), h.sealed.outcome, facts, h.Version})
	}
	source, args := t.store.engine.rows([]columnKind{asText, asNumber, asTruth, asText, asText, asText, asNumber, asNumber, asNumber, asTruth, asNumber, asBytes, asText, asNumber}, rows)
	n, err := t.exec(`WITH v (id, written, is_open, state, owner, last_owner, priority, since, due_at, overdue, unanswered, outcome, facts, version)
		AS (`+source+`)
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

func (t *tx) insertTexts(texts []messageRow) error {
	var rows [][]any
	for _, m := range texts {
		rows = append(rows, []any{m.id, m.contact, emptyIsNull(m.sid), m.direction, m.at, m.body, m.media, m.by, emptyIsNull(m.ref), m.status})
	}
	return t.insertRows(`messages (id, contact_id, sid, direction, at, body, media, by_user, ref, status)`,
		[]columnKind{asText, asText, asText, asText, asNumber, asBytes, asNumber, asText, asText, asText}, rows)
}

func (t *tx) insertEntries(entries []auditRow) error {
	var rows [][]any
	for _, e := range entries {
		rows = append(rows, []any{e.chain, e.seq, e.at, e.actor, e.action, e.contact, e.detail, e.hash})
	}
	return t.insertRows(`audit (chain, seq, at, actor, action, contact, detail, hash)`,
		[]columnKind{asText, asNumber, asNumber, asText, asText, asText, asText, asBytes}, rows)
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

	closed map[string]bool // by pair index: taken by a contact that does not open
}

// lookAhead looks up what a batch of texts needs.
func (t *tx) lookAhead(batch []*arrival) error {
	a := &arrivals{known: map[string]bool{}, pairs: map[string]hotline.ContactID{}, seen: map[string]bool{}, closed: map[string]bool{}}
	t.early = a
	var sids, pairs, addresses []any
	for _, in := range batch {
		sids = append(sids, in.SID)
		if in.pair != nil {
			pairs = append(pairs, in.pair)
		}
	}
	which, args := t.store.engine.among("sid", asText, sids)
	err := t.each(`SELECT sid FROM messages WHERE `+which, args, func(r scanner) error {
		var sid string
		err := r.Scan(&sid)
		a.known[sid] = true
		return err
	})
	if err != nil || len(pairs) == 0 {
		return err
	}
	which, args = t.store.engine.among("c.pair_index", asBytes, pairs)
	err = t.each(`SELECT c.pair_index, `+contactColumns+contactTables+`WHERE c.is_open AND `+which, args,
		func(r scanner) error {
			var pair []byte
			h, err := t.store.scanContact(r, &pair)
			if errors.Is(err, seal.ErrOpen) {
				t.store.damaged(h)
				a.closed[string(pair)] = true
				return nil
			}
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
	which, args = t.store.engine.among("address_index", asBytes, addresses)
	return t.each(`SELECT DISTINCT address_index FROM contacts WHERE `+which, args,
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
