package console

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"hopeline/hotline"
)

// The commands, one method each, with their arguments above them.

// PresenceArgs are a user's switches; one left out keeps its value.
type PresenceArgs struct {
	State hotline.Presence `json:"state,omitempty"`
	Voice hotline.Ringing  `json:"voice,omitempty"`
}

func (a PresenceArgs) check() error {
	switch a.State {
	case "", hotline.Available, hotline.Away:
	default:
		return hotline.Say(hotline.ErrInvalid, "state is available or away; nothing was changed.")
	}
	switch a.Voice {
	case "", hotline.InBrowser, hotline.OnPhone, hotline.NoCalls:
		return nil
	}
	return hotline.Say(hotline.ErrInvalid, "voice is browser, phone or none; nothing was changed.")
}

// PresenceResult is what the switches now say.
type PresenceResult struct {
	State hotline.Presence `json:"state"`
	Voice hotline.Ringing  `json:"voice"`
}

func (x call) setPresence(a PresenceArgs) (PresenceResult, error) {
	u, err := x.console.parts.Rooms.SetPresence(x, x.v, a.State, a.Voice)
	shown := userOf(u)
	return PresenceResult{State: shown.State, Voice: shown.Voice}, err
}

// ContactArgs name a contact.
type ContactArgs struct {
	Contact hotline.ContactID `json:"contact"`
}

func (a ContactArgs) check() error { return checkID("contact", string(a.Contact)) }

// checkID refuses what can be no id of ours, and would trouble a database.
func checkID(what, id string) error {
	if id == "" || len(id) > maxID || !plain(id) {
		return hotline.Say(hotline.ErrInvalid, what+" is missing or is no id; nothing was changed.")
	}
	return nil
}

func plain(s string) bool { return strings.IndexFunc(s, unicode.IsControl) < 0 }

// checkText refuses what is longer than most bytes, or says nothing where something must be said.
func checkText(what, text string, most int, must bool) error {
	switch {
	case len(text) > most:
		return hotline.Say(hotline.ErrInvalid, "The "+what+" is too long; nothing was changed.")
	case must && strings.TrimSpace(text) == "":
		return hotline.Say(hotline.ErrInvalid, "The "+what+" is empty; nothing was changed.")
	}
	return nil
}

// ContactResult is a contact as it now is.
type ContactResult struct {
	Contact Contact `json:"contact"`
}

func (x call) accept(a ContactArgs) (ContactResult, error) {
	c, err := x.console.parts.Offers.Accept(x, x.v, a.Contact)
	return ContactResult{x.shown(c)}, err
}

func (x call) take(a ContactArgs) (ContactResult, error) {
	c, err := x.console.parts.Offers.Take(x, x.v, a.Contact)
	return ContactResult{x.shown(c)}, err
}

// DeclineArgs say why somebody does not take what is held out to her.
type DeclineArgs struct {
	ContactArgs
	Reason string `json:"reason"`
}

func (a DeclineArgs) check() error {
	return first(a.ContactArgs.check(), checkText("reason", a.Reason, maxReason, false))
}

// first is the first error there is.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (x call) decline(a DeclineArgs) (Empty, error) {
	return Empty{}, x.console.parts.Offers.Decline(x, x.v, a.Contact, a.Reason)
}

// OpenArgs ask for the newest messages, or for those before one. Limit: 50, at most 200.
type OpenArgs struct {
	ContactArgs
	Before hotline.MessageID `json:"before,omitempty"`
	Limit  int               `json:"limit,omitempty"`
}

func (a OpenArgs) check() error {
	var before error
	if a.Before != "" {
		before = checkID("before", string(a.Before))
	}
	return first(a.ContactArgs.check(), before, checkLimit(a.Limit))
}

func checkLimit(n int) error {
	if n < 0 {
		return hotline.Say(hotline.ErrInvalid, "limit is less than nothing.")
	}
	return nil
}

// within is n, or usual when it was left out, and never more than most.
func within(n, usual, most int) int {
	if n == 0 {
		return usual
	}
	return min(n, most)
}

// Opened is what was said in a contact, oldest first, and all that was noted.
type Opened struct {
	Contact  Contact   `json:"contact"`
	Messages []Message `json:"messages"`
	Notes    []Note    `json:"notes"`
	Triage   Triage    `json:"triage"`
}

// openContact begins to follow the contact before it is read, so that nothing falls between. What cannot be opened is
// not followed: each reading is audited.
func (x call) openContact(a OpenArgs) (Opened, error) {
	first := x.open(a.Contact)
	r, err := x.console.parts.Words.Open(x, x.v, a.Contact, a.Before, within(a.Limit, openDefault, openMost))
	if err != nil && first {
		x.forget(a.Contact)
	}
	return Opened{
		Contact: x.shown(r.Contact), Messages: each(r.Messages, messageOf), Notes: each(r.Notes, noteOf),
		Triage: triageOf(r.Triage),
	}, err
}

func (x call) readContact(a ContactArgs) (Empty, error) {
	return Empty{}, x.console.parts.Words.Read(x, x.v, a.Contact)
}

// TransferArgs hold a contact out to a colleague, or give it back: to is a user's id or "queue".
type TransferArgs struct {
	ContactArgs
	To   string `json:"to"`
	Note string `json:"note,omitempty"`
}

func (a TransferArgs) check() error {
	return first(a.ContactArgs.check(), checkID("to", a.To), checkText("note", a.Note, hotline.MaxNote, false))
}

func (x call) transfer(a TransferArgs) (Empty, error) {
	return Empty{}, x.console.parts.Offers.Transfer(x, x.v, a.Contact, a.To, a.Note)
}

// CloseArgs say how a contact ended.
type CloseArgs struct {
	ContactArgs
	Outcome string `json:"outcome"`
}

func (a CloseArgs) check() error {
	return first(a.ContactArgs.check(), checkText("outcome", a.Outcome, maxOutcome, true))
}

func (x call) closeContact(a CloseArgs) (Empty, error) {
	return Empty{}, x.console.parts.Offers.Close(x, x.v, a.Contact, a.Outcome)
}

// BarArgs say that somebody is not for the person of a contact, or is again.
type BarArgs struct {
	ContactArgs
	User hotline.UserID `json:"user"`
	On   bool           `json:"on"`
}

func (a BarArgs) check() error { return first(a.ContactArgs.check(), checkID("user", string(a.User))) }

func (x call) bar(a BarArgs) (ContactResult, error) {
	c, err := x.console.parts.Bars.Bar(x, x.v, a.Contact, a.User, a.On)
	return ContactResult{x.shown(c)}, err
}

// ChangeUserArgs say what the router is to know of a colleague. A list takes the place of the one before.
type ChangeUserArgs struct {
	User      hotline.UserID `json:"user"`
	Languages []string       `json:"languages"`
	Gender    hotline.Gender `json:"gender"` // woman, man; empty: not said
}

func (a ChangeUserArgs) check() error { return checkID("user", string(a.User)) }

// ChangeUserResult is a colleague as she now is.
type ChangeUserResult struct {
	User User `json:"user"`
}

func (x call) changeUser(a ChangeUserArgs) (ChangeUserResult, error) {
	u, err := x.console.parts.Bars.ChangeUser(x, x.v, a.User, a.Languages, a.Gender)
	return ChangeUserResult{userOf(u)}, err
}

// SendArgs are a message. Ref is the page's own id for it: the same one again sends nothing. Safe: a human says that it
// is still safe to write.
type SendArgs struct {
	ContactArgs
	Text string `json:"text"`
	Ref  string `json:"ref"`
	Safe bool   `json:"safe,omitempty"`
}

func (a SendArgs) check() error {
	err := first(a.ContactArgs.check(), checkText("text", a.Text, hotline.MaxText, true))
	if err == nil && (a.Ref == "" || utf8.RuneCountInString(a.Ref) > maxRef || !plain(a.Ref)) {
		err = hotline.Say(hotline.ErrInvalid, "ref is missing, too long, or holds control characters; nothing was sent.")
	}
	return err
}

// SendResult is the message as it is on disk.
type SendResult struct {
	Message Message `json:"message"`
}

func (x call) send(a SendArgs) (SendResult, error) {
	m, err := x.console.parts.Words.Send(x, x.v, a.Contact, a.Text, a.Ref, a.Safe)
	return SendResult{messageOf(m)}, err
}

// NoteArgs are a note, or one that takes the place of another.
type NoteArgs struct {
	ContactArgs
	Text    string         `json:"text"`
	Revises hotline.NoteID `json:"revises,omitempty"`
}

func (a NoteArgs) check() error {
	var revises error
	if a.Revises != "" {
		revises = checkID("revises", string(a.Revises))
	}
	return first(a.ContactArgs.check(), revises, checkText("note", a.Text, hotline.MaxNote, true))
}

// NoteResult is the note as it is on disk.
type NoteResult struct {
	Note Note `json:"note"`
}

func (x call) addNote(a NoteArgs) (NoteResult, error) {
	n, err := x.console.parts.Words.Note(x, x.v, a.Contact, a.Text, a.Revises)
	return NoteResult{noteOf(n)}, err
}

// TriageArgs are what changes; the rest keeps its value.
type TriageArgs struct {
	ContactArgs
	Risk      *string `json:"risk,omitempty"`
	SafeNow   *string `json:"safe_now,omitempty"`
	About     *string `json:"about,omitempty"`
	Language  *string `json:"language,omitempty"`
	Gender    *string `json:"gender,omitempty"`
	AgeBand   *string `json:"age_band,omitempty"`
	HeardFrom *string `json:"heard_from,omitempty"`
	AsksFor   *string `json:"asks_for,omitempty"`
	IfDropped *string `json:"if_dropped,omitempty"`
}

// check leaves the values to the triage itself.
func (a TriageArgs) check() error {
	err := a.ContactArgs.check()
	if err == nil && len(a.changes()) == 0 {
		err = hotline.Say(hotline.ErrInvalid, "Say what changes in the triage; nothing was changed.")
	}
	if err == nil {
		err = new(hotline.Triage).Set(a.changes())
	}
	return err
}

func (a TriageArgs) changes() map[string]string {
	changes := map[string]string{}
	for name, value := range map[string]*string{
		"risk": a.Risk, "safe_now": a.SafeNow, "about": a.About, "language": a.Language, "gender": a.Gender,
		"age_band": a.AgeBand, "heard_from": a.HeardFrom, "asks_for": a.AsksFor, "if_dropped": a.IfDropped,
	} {
		if value != nil {
			changes[name] = *value
		}
	}
	return changes
}

// TriageResult is the whole triage as it now is.
type TriageResult struct {
	Triage Triage `json:"triage"`
}

func (x call) setTriage(a TriageArgs) (TriageResult, error) {
	t, err := x.console.parts.Words.Triage(x, x.v, a.Contact, a.changes())
	return TriageResult{triageOf(t)}, err
}

// ListArgs ask for the queue. Limit: 200, at most 10,000.
type ListArgs struct {
	Limit int `json:"limit,omitempty"`
}

func (a ListArgs) check() error { return checkLimit(a.Limit) }

// ListResult are the first of those who wait, in the order in which they will be offered, and how many there are.
type ListResult struct {
	Waiting []Contact `json:"waiting"`
	Total   int       `json:"total"`
}

func (x call) list(a ListArgs) (ListResult, error) {
	all, total, err := x.console.parts.Rooms.Waiting(x, x.v, within(a.Limit, listDefault, listMost))
	return ListResult{each(all, x.shown), total}, err
}
