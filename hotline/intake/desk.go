package intake

import (
	"context"
	"errors"
	"strings"
	"time"

	"hopeline/hotline"
	"hopeline/hotline/text"
	"hopeline/storage"
)

// Desk is where everything that happens to a contact is done.
type Desk struct {
	store *storage.Store
	rules hotline.Rules
	now   func() time.Time
}

// NewDesk makes a desk over a store.
func NewDesk(store *storage.Store, rules hotline.Rules, now func() time.Time) *Desk {
	return &Desk{store: store, rules: rules, now: now}
}

func (d *Desk) at() hotline.At { return hotline.At(d.now().UTC()) }

// Receive keeps a message that came in. When it returns nil the message is on disk.
func (d *Desk) Receive(ctx context.Context, in hotline.Inbound) error {
	return d.store.Receive(ctx, in, text.GuessLanguage(in.Text))
}

// Report merges what the carrier says about a message of ours.
func (d *Desk) Report(ctx context.Context, r hotline.Report) error { return d.store.Report(ctx, r) }

// answers lets only those in who may hold a contact.
func answers(v hotline.Viewer) error {
	if !v.Role.Answers() {
		return hotline.Say(hotline.ErrForbidden, "your role does not answer contacts")
	}
	return nil
}

// errHidden is the one answer for what does not exist and what is not the viewer's to see.
var errHidden = hotline.Say(hotline.ErrNotFound, "there is no such contact")

// knows lets in who may know of the contact, and who did until a moment ago: she is told why, not that it never was.
func knows(v hotline.Viewer) storage.Allowed {
	return func(c hotline.Contact) error {
		if !v.Sees(c) && c.State != hotline.Closed && !c.HasTried(v.ID) && c.LastOwner != v.ID {
			return errHidden
		}
		return nil
	}
}

// sees lets everybody in who may know of the contact; the words open to fewer.
func sees(v hotline.Viewer) storage.Allowed {
	return func(c hotline.Contact) error {
		if !v.Sees(c) {
			return errHidden
		}
		return nil
	}
}

func reads(v hotline.Viewer) storage.Allowed {
	return func(c hotline.Contact) error {
		if !v.ReadsWords(c) {
			return errHidden
		}
		return nil
	}
}

// holds lets the assignee and supervisors in; somebody who sees the contact is told that it is not hers.
func holds(v hotline.Viewer) storage.Allowed {
	return func(c hotline.Contact) error {
		switch {
		case v.Role == hotline.Supervisor, c.Live() && c.Owner == v.ID:
			return nil
		case v.Sees(c) || c.LastOwner == v.ID:
			return hotline.Say(hotline.ErrConflict, "this contact is not with you; nothing was changed")
		}
		return errHidden
	}
}

// Accept takes what is held out to the user. The winner may ask again.
func (d *Desk) Accept(ctx context.Context, v hotline.Viewer, id hotline.ContactID) (hotline.Contact, error) {
	if err := answers(v); err != nil {
		return hotline.Contact{}, err
	}
	return d.store.Apply(ctx, string(v.ID), id, hotline.AcceptedBy{At: d.at(), User: v.ID}, nil)
}

// Decline lets it go to somebody else. The reason is for colleagues' ears and is not kept.
func (d *Desk) Decline(ctx context.Context, v hotline.Viewer, id hotline.ContactID, reason string) error {
	if err := answers(v); err != nil {
		return err
	}
	_, err := d.store.Apply(ctx, string(v.ID), id, hotline.DeclinedBy{At: d.at(), User: v.ID}, nil)
	return err
}

// Take takes what waits or is overdue.
func (d *Desk) Take(ctx context.Context, v hotline.Viewer, id hotline.ContactID) (hotline.Contact, error) {
	if err := answers(v); err != nil {
		return hotline.Contact{}, err
	}
	phone, err := d.onPhone(ctx, v.ID)
	return d.store.Apply(ctx, string(v.ID), id, hotline.TakenBy{At: d.at(), User: v.ID, Phone: phone}, func(c hotline.Contact) error {
		if c.Channel == hotline.Voice && c.Call.Alive && err != nil {
			return err // she takes no calls
		}
		return takes(v)(c)
	})
}

func takes(v hotline.Viewer) storage.Allowed {
	return func(c hotline.Contact) error {
		switch {
		case v.Sees(c), c.State == hotline.Closed && c.LastOwner == v.ID:
			return nil
		case c.Live():
			// She saw it waiting a moment ago; somebody was quicker.
			return hotline.Say(hotline.ErrConflict, "somebody else has this contact")
		}
		return errHidden
	}
}

// Transfer holds a live contact out to a colleague, or gives it back to the queue ("queue"). The note goes along.
func (d *Desk) Transfer(ctx context.Context, v hotline.Viewer, id hotline.ContactID, to, note string) error {
	if err := answers(v); err != nil {
		return err
	}
	if len(note) > hotline.MaxNote {
		return hotline.Say(hotline.ErrInvalid, "the note is too long; nothing was changed")
	}
	supervisor := v.Role == hotline.Supervisor
	var e hotline.Event = hotline.HandedBack{At: d.at(), By: v.ID, Supervisor: supervisor}
	if to != "queue" {
		target, err := d.store.User(ctx, hotline.UserID(to))
		switch {
		case errors.Is(err, hotline.ErrNotFound), err == nil && !canAnswer(target):
			return hotline.Say(hotline.ErrInvalid, "there is no such counsellor; nothing was changed")
		case err != nil:
			return err
		}
		phone, err := ringsPhone(target)
		if err != nil {
			phone = false // a text needs no phone; a call is offered in her console
		}
		e = hotline.HandedTo{At: d.at(), By: v.ID, To: target.ID, Supervisor: supervisor, Phone: phone}
	}
	_, err := d.store.HandOver(ctx, v.ID, id, e, strings.TrimSpace(note), holds(v))
	return err
}

// Close ends a contact with an outcome.
func (d *Desk) Close(ctx context.Context, v hotline.Viewer, id hotline.ContactID, outcome string) error {
	if err := answers(v); err != nil {
		return err
	}
	outcome = strings.TrimSpace(outcome)
	if outcome == "" || len(outcome) > hotline.MaxNote {
		return hotline.Say(hotline.ErrInvalid, "say in some words how it ended; nothing was changed")
	}
	e := hotline.EndedBy{At: d.at(), By: v.ID, Outcome: outcome, Supervisor: v.Role == hotline.Supervisor}
	_, err := d.store.Apply(ctx, string(v.ID), id, e, holds(v))
	return err
}

// Open reads a contact: whole for who may read its words, and for others who see it all but messages and notes.
func (d *Desk) Open(ctx context.Context, v hotline.Viewer, id hotline.ContactID, before hotline.MessageID, limit int) (hotline.Record, error) {
	if err := answers(v); err != nil {
		return hotline.Record{}, err
	}
	return d.store.Record(ctx, v.ID, id, before, limit, sees(v), v.ReadsWords)
}

// Bar keeps somebody from being asked for the person of a contact, or lets her again.
func (d *Desk) Bar(ctx context.Context, v hotline.Viewer, id hotline.ContactID, user hotline.UserID, on bool) (hotline.Contact, error) {
	if err := answers(v); err != nil {
		return hotline.Contact{}, err
	}
	return d.store.Bar(ctx, v.ID, id, user, on, reads(v))
}

// ChangeUser says what a colleague speaks and who she is: supervisors do.
func (d *Desk) ChangeUser(ctx context.Context, v hotline.Viewer, user hotline.UserID, languages []string, gender hotline.Gender) (hotline.User, error) {
	if v.Role != hotline.Supervisor {
		return hotline.User{}, hotline.Say(hotline.ErrForbidden, "only supervisors change what is said of colleagues")
	}
	if gender != "" && !gender.Chooses() {
		return hotline.User{}, hotline.Say(hotline.ErrInvalid, "gender is woman, man, or empty where neither or not said; nothing was changed")
	}
	spoken, err := hotline.Languages(languages)
	if err != nil {
		return hotline.User{}, err
	}
	return d.store.ChangeUser(ctx, string(v.ID), user, storage.UserChange{Languages: spoken, Gender: &gender})
}

// Send answers a person. Safe: the counsellor was asked whether it is still safe to write, and said yes.
func (d *Desk) Send(ctx context.Context, v hotline.Viewer, id hotline.ContactID, words, ref string, safe bool) (hotline.Message, error) {
	if err := answers(v); err != nil {
		return hotline.Message{}, err
	}
	if strings.TrimSpace(words) == "" || len(words) > hotline.MaxText {
		return hotline.Message{}, hotline.Say(hotline.ErrInvalid, "write something, and less than 16,000 characters; nothing was sent")
	}
	if ref == "" || len(ref) > 100 {
		return hotline.Message{}, hotline.Say(hotline.ErrInvalid, "a message needs a ref of at most 100 characters; nothing was sent")
	}
	r := storage.Reply{By: v.ID, Contact: id, Parts: text.Split(words), Ref: ref, StillYes: safe, Allowed: knows(v)}
	return d.store.Reply(ctx, r)
}

// Note writes a note, or a revision of one.
func (d *Desk) Note(ctx context.Context, v hotline.Viewer, id hotline.ContactID, words string, revises hotline.NoteID) (hotline.Note, error) {
	if err := answers(v); err != nil {
		return hotline.Note{}, err
	}
	if strings.TrimSpace(words) == "" || len(words) > hotline.MaxNote {
		return hotline.Note{}, hotline.Say(hotline.ErrInvalid, "a note has some words, and at most 32,000 characters; nothing was saved")
	}
	return d.store.AddNote(ctx, v.ID, id, words, revises, reads(v))
}

// Triage changes what is known of risk and first facts.
func (d *Desk) Triage(ctx context.Context, v hotline.Viewer, id hotline.ContactID, changes map[string]string) (hotline.Triage, error) {
	if err := answers(v); err != nil {
		return hotline.Triage{}, err
	}
	return d.store.SetTriage(ctx, v.ID, id, changes, reads(v))
}

// Read marks all messages as seen by the assignee.
func (d *Desk) Read(ctx context.Context, v hotline.Viewer, id hotline.ContactID) error {
	if err := answers(v); err != nil {
		return err
	}
	_, err := d.store.Apply(ctx, string(v.ID), id, hotline.WasRead{At: d.at(), By: v.ID}, reads(v))
	return err
}

// Overview is what a console shows before anything is opened.
func (d *Desk) Overview(ctx context.Context, v hotline.Viewer) (hotline.Overview, error) {
	o := hotline.Overview{User: v.User, Contacts: []hotline.Contact{}, Offers: []hotline.HeldOffer{}}
	var err error
	if v.Role.Answers() {
		if o, err = d.store.Overview(ctx, v); err != nil {
			return o, err
		}
	}
	if o.Users, err = d.store.Users(ctx); err != nil {
		return o, err
	}
	if o.Queue, err = d.store.Queue(ctx); err != nil {
		return o, err
	}
	roster, err := d.store.Roster(ctx)
	if o.RotaSaved = roster.Saved > 0; !roster.Everyone {
		o.Duty = onDutyNow(roster, roster.Plans, o.Users, d.now())
	}
	return o, err
}

// Waiting lists who waits, in the order in which they are offered, and counts them all.
func (d *Desk) Waiting(ctx context.Context, v hotline.Viewer, limit int) ([]hotline.Contact, int, error) {
	if err := answers(v); err != nil {
		return nil, 0, err
	}
	return d.store.Waiting(ctx, v, limit)
}

// Queue counts who waits.
func (d *Desk) Queue(ctx context.Context) (hotline.Queue, error) { return d.store.Queue(ctx) }

// SetPresence changes the user's own switch; an empty value keeps what was.
func (d *Desk) SetPresence(ctx context.Context, v hotline.Viewer, state hotline.Presence, voice hotline.Ringing) (hotline.User, error) {
	if state != "" && state != hotline.Available && state != hotline.Away {
		return hotline.User{}, hotline.Say(hotline.ErrInvalid, "state is available or away; nothing was changed")
	}
	if voice != "" && voice != hotline.InBrowser && voice != hotline.OnPhone && voice != hotline.NoCalls {
		return hotline.User{}, hotline.Say(hotline.ErrInvalid, "voice is browser, phone or none; nothing was changed")
	}
	return d.store.SetPresence(ctx, v.ID, state, voice)
}
