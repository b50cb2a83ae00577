package storage

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

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
	AsksFor   hotline.Gender   `json:"asks_for,omitempty"`
	Barred    []hotline.UserID `json:"barred,omitempty"`
	StopWord  bool             `json:"stop_word,omitempty"`
	Danger    bool             `json:"danger_word,omitempty"`
	Night     hotline.Night    `json:"night,omitzero"`
	Step      int              `json:"step,omitempty"`
	Greeted   bool             `json:"greeted,omitempty"`
	Preferred hotline.UserID   `json:"preferred,omitempty"`
	Epoch     int64            `json:"epoch,omitempty"`
	Grant     int64            `json:"grant,omitempty"`
	Offers    []hotline.Offer  `json:"offers,omitempty"`
	Transfer  *hotline.Offer   `json:"transfer,omitempty"`
	Tried     []hotline.UserID `json:"tried,omitempty"`
	Lap       int              `json:"lap,omitempty"`
	Unread    int              `json:"unread,omitempty"`
	Times     map[string]int64 `json:"times,omitempty"`

	Call hotline.Call       `json:"call,omitzero"`
	Legs []hotline.LegShown `json:"legs,omitempty"`
}

// times are the contact's times that no query asks for, by name.
func times(c *hotline.Contact) map[string]*time.Time {
	return map[string]*time.Time{"rests": &c.Rests, "opened": &c.Opened, "last_inbound": &c.LastInbound,
		"last_written": &c.LastWritten, "dormant_till": &c.DormantTill, "left": &c.Left, "opens_by": &c.OpensBy, "closed": &c.ClosedAt, "danger": &c.Danger, "unfit": &c.Unfit}
}

func factsOf(c hotline.Contact) (string, error) {
	f := facts{Withheld: c.Withheld, Seen: c.Seen, Work: c.Work, Language: c.Language, Guess: c.Guess, StopWord: c.StopWord,
		Preferred: c.Preferred, Epoch: c.Epoch, Grant: c.Grant, Offers: c.Offers, Transfer: c.Transfer, Tried: c.Tried,
		Lap: c.Lap, Danger: c.DangerWord, Greeted: c.Greeted, Night: c.Night, Step: c.Step, AsksFor: c.AsksFor, Barred: c.Barred, Unread: c.Unread, Times: map[string]int64{}, Call: c.Call, Legs: c.Legs}
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
	c.Preferred, c.Epoch, c.Grant, c.Offers, c.Transfer = f.Preferred, f.Epoch, f.Grant, f.Offers, f.Transfer
	c.DangerWord, c.Greeted, c.Night, c.Step = f.Danger, f.Greeted, f.Night, f.Step
	c.AsksFor, c.Barred = f.AsksFor, f.Barred
	c.Tried, c.Lap, c.Unread, c.Call, c.Legs = f.Tried, f.Lap, f.Unread, f.Call, f.Legs
	for name, t := range times(c) {
		*t = fromMillis(f.Times[name])
	}
}

// held is a contact in a transaction, with the key that opens what is sealed of it.
type held struct {
	hotline.Contact
	key     *seal.DataKey
	wrapped []byte // the key, for a new contact
	sealed  struct{ address, ours, outcome []byte }
	written int64 // the version on disk
	changed bool  // to be written
	fresh   bool  // not on disk yet

	addressIndex, pairIndex []byte // of a new contact
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

// scanContact reads one row of contactColumns, after the columns of before.
func (s *Store) scanContact(row scanner, before ...any) (*held, error) {
	h := &held{}
	var since, unanswered int64
	var text string
	var wrapped []byte
	err := row.Scan(append(before, &h.ID, &h.Channel, &h.Line, &h.sealed.address, &h.sealed.ours, &h.State, &h.Owner, &h.LastOwner,
		&h.Priority, &since, &h.Overdue, &unanswered, &h.sealed.outcome, &text, &h.Version, &wrapped)...)
	if err != nil {
		return nil, err
	}
	h.Since, h.Unanswered, h.written = fromMillis(since), fromMillis(unanswered), h.Version
	if h.key, err = s.keys.OpenDataKey(string(h.ID), wrapped); err != nil {
		return h, fmt.Errorf("open a contact's key: %w", err)
	}
	var address, ours string
	for _, v := range []struct {
		column string
		sealed []byte
		into   *string
	}{{"address", h.sealed.address, &address}, {"ours", h.sealed.ours, &ours}, {"outcome", h.sealed.outcome, &h.Outcome}} {
		plain, err := h.key.Open(v.sealed, place("contacts", v.column, string(h.ID), h.ID))
		if err != nil {
			return h, fmt.Errorf("open a contact's %s: %w", v.column, err)
		}
		*v.into = string(plain)
	}
	h.Address, h.Ours = hotline.AddressOf(address), hotline.AddressOf(ours)
	var f facts
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return nil, fmt.Errorf("read a contact's facts: %w", err)
	}
	f.fill(&h.Contact)
	s.want(&h.Contact)
	return h, nil
}

// contact loads one, or gives hotline.ErrNotFound.
func (t *tx) contact(id hotline.ContactID) (*held, error) {
	if h, ok := t.contacts[id]; ok {
		return h, nil
	}
	h, err := t.store.scanContact(t.queryRow(`SELECT `+contactColumns+contactTables+`WHERE c.id = $1`, string(id)))
	if notThere(err) {
		return nil, hotline.Say(hotline.ErrNotFound, "there is no such contact")
	}
	if err != nil {
		return nil, classify(err)
	}
	return t.keep(h), nil
}

// open loads a contact for somebody whom allowed lets in.
func (t *tx) open(id hotline.ContactID, allowed Allowed) (*held, error) {
	h, err := t.contact(id)
	if err == nil && allowed != nil {
		err = allowed(h.Contact)
	}
	return h, err
}

// contactsWhere loads those that a condition chooses.
func (t *tx) contactsWhere(where string, args ...any) ([]*held, error) {
	if err := t.flush(); err != nil {
		return nil, err
	}
	found := []*held{}
	err := t.each(`SELECT `+contactColumns+contactTables+where, args, func(r scanner) error {
		h, err := t.store.scanContact(r)
		if errors.Is(err, seal.ErrOpen) {
			t.store.damaged(h)
			return nil // one that is damaged must not hide all others
		}
		if err != nil {
			return err
		}
		if there, ok := t.contacts[h.ID]; ok {
			h = there
		}
		found = append(found, t.keep(h))
		return nil
	})
	return found, err
}

// damaged says that a contact does not open: somebody changed the database, or the disk did.
func (s *Store) damaged(h *held) {
	s.log.Error("a contact does not open and is left out: restore it from a backup", zap.String("contact", string(h.ID)))
}

// newContact makes a contact and its key; both are written with the transaction.
func (t *tx) newContact(c hotline.Contact, address, pair []byte) (*held, error) {
	if err := t.remember(&c, address); err != nil {
		return nil, err
	}
	t.store.want(&c)
	key, wrapped, err := t.store.keys.NewDataKey(string(c.ID))
	if err != nil {
		return nil, fmt.Errorf("make a contact's key: %w", err)
	}
	h := &held{Contact: c, key: key, wrapped: wrapped, fresh: true, addressIndex: address, pairIndex: pair}
	if h.sealed.address, err = h.seal("address", c.Address.Full()); err != nil {
		return nil, err
	}
	if h.sealed.ours, err = h.seal("ours", c.Ours.Full()); err != nil {
		return nil, err
	}
	if h.sealed.outcome, err = h.seal("outcome", ""); err != nil {
		return nil, err
	}
	t.saveContact(h)
	return t.keep(h), nil
}

func (h *held) seal(column, text string) ([]byte, error) {
	sealed, err := h.key.Seal([]byte(text), place("contacts", column, string(h.ID), h.ID))
	if err != nil {
		return nil, fmt.Errorf("seal a contact's %s: %w", column, err)
	}
	return sealed, nil
}

// nullable makes an absent index NULL on both engines.
func nullable(b []byte) any {
	if b == nil {
		return nil
	}
	return b
}
