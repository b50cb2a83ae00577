package storage

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hopeline/hotline"
	"hopeline/storage/seal"
)

// facts is the part of a contact's state that no query asks for. Nothing in it is personal.
type facts struct {
	Withheld  bool             `json:"withheld,omitempty"`
	Seen      bool             `json:"seen,omitempty"`
	Work      hotline.Work     `json:"work"`
	Language  string           `json:"language,omitempty"`
	Guess     string           `json:"guess,omitempty"`
	StopWord  bool             `json:"stop_word,omitempty"`
	Preferred hotline.UserID   `json:"preferred,omitempty"`
	Epoch     int64            `json:"epoch,omitempty"`
	Grant     int64            `json:"grant,omitempty"`
	Offer     *hotline.Offer   `json:"offer,omitempty"`
	Transfer  *hotline.Offer   `json:"transfer,omitempty"`
	Tried     []hotline.UserID `json:"tried,omitempty"`
	Lap       int              `json:"lap,omitempty"`
	Unread    int              `json:"unread,omitempty"`
	Times     map[string]int64 `json:"times,omitempty"`
}

// times are the contact's times that no query asks for, by name.
func times(c *hotline.Contact) map[string]*time.Time {
	return map[string]*time.Time{"rests": &c.Rests, "opened": &c.Opened, "last_inbound": &c.LastInbound,
		"last_written": &c.LastWritten, "dormant_till": &c.DormantTill, "left": &c.Left, "closed": &c.ClosedAt}
}

func factsOf(c hotline.Contact) (string, error) {
	f := facts{Withheld: c.Withheld, Seen: c.Seen, Work: c.Work, Language: c.Language, Guess: c.Guess, StopWord: c.StopWord,
		Preferred: c.Preferred, Epoch: c.Epoch, Grant: c.Grant, Offer: c.Offer, Transfer: c.Transfer, Tried: c.Tried,
		Lap: c.Lap, Unread: c.Unread, Times: map[string]int64{}}
	for name, t := range times(&c) {
		if !t.IsZero() {
			f.Times[name] = t.UnixMilli()
		}
	}
	text, err := json.Marshal(f)
	return string(text), err
}

func (f facts) fill(c *hotline.Contact) {
	c.Withheld, c.Seen, c.Work, c.Language, c.Guess, c.StopWord = f.Withheld, f.Seen, f.Work, f.Language, f.Guess, f.StopWord
	c.Preferred, c.Epoch, c.Grant, c.Offer, c.Transfer = f.Preferred, f.Epoch, f.Grant, f.Offer, f.Transfer
	c.Tried, c.Lap, c.Unread = f.Tried, f.Lap, f.Unread
	for name, t := range times(c) {
		*t = fromMillis(f.Times[name])
	}
}

// held is a contact with the key that opens what is sealed of it.
type held struct {
	hotline.Contact
	key *seal.DataKey
}

// contactColumns are read by scanContact, in this order.
const contactColumns = `c.id, c.channel, c.line, c.address, c.ours, c.state, c.owner, c.last_owner, c.priority, c.since,
	c.overdue, c.unanswered, c.outcome, c.facts, c.version, k.wrapped`

const contactTables = ` FROM contacts c JOIN contact_keys k ON k.contact_id = c.id `

// place is where a value of a contact lies, as its seal knows it.
func place(table, column, row string, owner hotline.ContactID) seal.AD {
	return seal.AD{Table: table, Column: column, Row: row, Owner: string(owner)}
}

type scanner interface{ Scan(...any) error }

// scanContact reads one row of contactColumns.
func (s *Store) scanContact(row scanner) (held, error) {
	var h held
	var address, ours, outcome, wrapped []byte
	var since, unanswered int64
	var text string
	err := row.Scan(&h.ID, &h.Channel, &h.Line, &address, &ours, &h.State, &h.Owner, &h.LastOwner, &h.Priority, &since,
		&h.Overdue, &unanswered, &outcome, &text, &h.Version, &wrapped)
	if err != nil {
		return h, err
	}
	h.Since, h.Unanswered = fromMillis(since), fromMillis(unanswered)
	if h.key, err = s.keys.OpenDataKey(string(h.ID), wrapped); err != nil {
		return h, fmt.Errorf("open a contact's key: %w", err)
	}
	for _, v := range []struct {
		column string
		sealed []byte
		into   func(string)
	}{
		{"address", address, func(t string) { h.Address = hotline.AddressOf(t) }},
		{"ours", ours, func(t string) { h.Ours = hotline.AddressOf(t) }},
		{"outcome", outcome, func(t string) { h.Outcome = t }},
	} {
		plain, err := h.key.Open(v.sealed, place("contacts", v.column, string(h.ID), h.ID))
		if err != nil {
			return h, fmt.Errorf("open a contact's %s: %w", v.column, err)
		}
		v.into(string(plain))
	}
	var f facts
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return h, fmt.Errorf("read a contact's facts: %w", err)
	}
	f.fill(&h.Contact)
	return h, nil
}

// contact loads one, or hotline.ErrNotFound.
func (t *tx) contact(id hotline.ContactID) (held, error) {
	h, err := t.store.scanContact(t.QueryRowContext(t.ctx, `SELECT `+contactColumns+contactTables+`WHERE c.id = $1`, string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return h, hotline.Say(hotline.ErrNotFound, "there is no such contact")
	}
	return h, classify(err)
}

// contacts loads those that where and args choose.
func (t *tx) contacts(where string, args ...any) ([]held, error) {
	rows, err := t.QueryContext(t.ctx, `SELECT `+contactColumns+contactTables+where, args...)
	if err != nil {
		return nil, classify(err)
	}
	defer rows.Close()
	found := []held{}
	for rows.Next() {
		h, err := t.store.scanContact(rows)
		if err != nil {
			return nil, classify(err)
		}
		found = append(found, h)
	}
	return found, classify(rows.Err())
}

// insertContact writes a new contact and its key.
func (t *tx) insertContact(c hotline.Contact, address, pair []byte) (held, error) {
	key, wrapped, err := t.store.keys.NewDataKey(string(c.ID))
	if err != nil {
		return held{}, fmt.Errorf("make a contact's key: %w", err)
	}
	h := held{Contact: c, key: key}
	sealed := map[string][]byte{}
	for column, text := range map[string]string{"address": c.Address.Full(), "ours": c.Ours.Full(), "outcome": ""} {
		if sealed[column], err = key.Seal([]byte(text), place("contacts", column, string(c.ID), c.ID)); err != nil {
			return held{}, fmt.Errorf("seal a contact's %s: %w", column, err)
		}
	}
	text, err := factsOf(c)
	if err != nil {
		return held{}, err
	}
	_, err = t.exec(`INSERT INTO contacts (id, channel, line, address, ours, address_index, pair_index, is_open, state, owner,
		last_owner, priority, since, due_at, overdue, unanswered, outcome, facts, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 1)`,
		string(c.ID), string(c.Channel), string(c.Line), sealed["address"], sealed["ours"], nullable(address), nullable(pair), true, string(c.State),
		"", "", c.Priority, millis(c.Since), millis(t.store.rules.Due(c)), c.Overdue, millis(c.Unanswered), sealed["outcome"], text)
	if err != nil {
		return held{}, err
	}
	_, err = t.exec(`INSERT INTO contact_keys (contact_id, wrapped) VALUES ($1, $2)`, string(c.ID), wrapped)
	h.Version = 1
	return h, err
}

// nullable makes an absent index NULL on both engines.
func nullable(b []byte) any {
	if b == nil {
		return nil
	}
	return b
}

// saveContact writes what changed, if nobody else did meanwhile.
func (t *tx) saveContact(h *held) error {
	c := h.Contact
	text, err := factsOf(c)
	if err != nil {
		return err
	}
	outcome, err := h.key.Seal([]byte(c.Outcome), place("contacts", "outcome", string(c.ID), c.ID))
	if err != nil {
		return fmt.Errorf("seal an outcome: %w", err)
	}
	n, err := t.exec(`UPDATE contacts SET is_open = $1, state = $2, owner = $3, last_owner = $4, priority = $5, since = $6,
		due_at = $7, overdue = $8, unanswered = $9, outcome = $10, facts = $11, version = version + 1
		WHERE id = $12 AND version = $13`,
		c.State != hotline.Closed, string(c.State), string(c.Owner), string(c.LastOwner), c.Priority, millis(c.Since),
		millis(t.store.rules.Due(c)), c.Overdue, millis(c.Unanswered), outcome, text, string(c.ID), c.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		return errAgain
	}
	h.Version++
	return nil
}
