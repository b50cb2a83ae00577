package console

import (
	"strings"

	"hopeline/hotline"
)

// The commands of a call, and of somebody in danger. Each changes something elsewhere; how the call then stands comes
// as contact.changed.

// SwitchArgs turn something on or off.
type SwitchArgs struct {
	ContactArgs
	On bool `json:"on"`
}

func (x call) hold(a SwitchArgs) (Empty, error) {
	return Empty{}, x.console.parts.Calls.Steer(x, x.v, a.Contact, &a.On, nil)
}

func (x call) mute(a SwitchArgs) (Empty, error) {
	return Empty{}, x.console.parts.Calls.Steer(x, x.v, a.Contact, nil, &a.On)
}

func (x call) hangUp(a ContactArgs) (Empty, error) {
	return Empty{}, x.console.parts.Calls.HangUp(x, x.v, a.Contact)
}

// KeysArgs ask the caller by keys: 1 yes, 2 no, 0 danger. What she is asked is spoken to her; it may be left out.
type KeysArgs struct {
	SwitchArgs
	Question string `json:"question,omitempty"`
}

// maxQuestion is more than anybody listens to before she presses a key.
const maxQuestion = 500

func (a KeysArgs) check() error {
	return first(a.ContactArgs.check(), checkText("question", a.Question, maxQuestion, false))
}

func (x call) keys(a KeysArgs) (Empty, error) {
	return Empty{}, x.console.parts.Calls.Keys(x, x.v, a.Contact, a.On, strings.TrimSpace(a.Question))
}

// InviteArgs bring a colleague into a call.
type InviteArgs struct {
	ContactArgs
	User hotline.UserID `json:"user"`
}

func (a InviteArgs) check() error {
	return first(a.ContactArgs.check(), checkID("user", string(a.User)))
}

func (x call) invite(a InviteArgs) (Empty, error) {
	if a.User == x.v.ID {
		return Empty{}, hotline.Say(hotline.ErrInvalid, "You are in this call already; nothing was changed.")
	}
	return Empty{}, x.console.parts.Calls.Bring(x, x.v, a.Contact, hotline.Guest, a.User)
}

// InterpretArgs ring who is on duty as an interpreter, one after the other, until the first key. No language: the contact's.
type InterpretArgs struct {
	ContactArgs
	Language string `json:"language,omitempty"`
}

func (a InterpretArgs) check() error {
	return first(a.ContactArgs.check(), checkText("language", a.Language, maxLanguage, false))
}

// maxLanguage is longer than every code of a language.
const maxLanguage = 8

func (x call) interpret(a InterpretArgs) (Empty, error) {
	return Empty{}, x.console.parts.Calls.Interpret(x, x.v, a.Contact, a.Language)
}

// ReleaseArgs let a guest go, and the talk goes on. No user: the interpreter, or whoever is rung as one.
type ReleaseArgs struct {
	ContactArgs
	User hotline.UserID `json:"user,omitempty"`
}

func (a ReleaseArgs) check() error {
	return first(a.ContactArgs.check(), maybeID("user", string(a.User)))
}

func (x call) release(a ReleaseArgs) (Empty, error) {
	return Empty{}, x.console.parts.Calls.Release(x, x.v, a.Contact, a.User)
}

// ListenArgs let a supervisor hear a call. Coach: the counsellor hears her, the caller does not.
type ListenArgs struct {
	ContactArgs
	Coach bool `json:"coach,omitempty"`
}

func (x call) listen(a ListenArgs) (Empty, error) {
	part := hotline.Listener
	if a.Coach {
		part = hotline.Coach
	}
	return Empty{}, x.console.parts.Calls.Bring(x, x.v, a.Contact, part, x.v.ID)
}

func (x call) leave(a ContactArgs) (Empty, error) {
	return Empty{}, x.console.parts.Calls.Bring(x, x.v, a.Contact, "", x.v.ID)
}

func (x call) callBack(a ContactArgs) (Empty, error) {
	return Empty{}, x.console.parts.Calls.CallBack(x, x.v, a.Contact)
}

// BulletinArgs name a bulletin.
type BulletinArgs struct {
	Bulletin hotline.BulletinID `json:"bulletin"`
}

func (a BulletinArgs) check() error { return checkID("bulletin", string(a.Bulletin)) }

func (x call) seenBulletin(a BulletinArgs) (Empty, error) {
	return Empty{}, x.console.parts.Watch.Seen(x, x.v, a.Bulletin)
}

// DangerArgs say that somebody is in immediate danger, or is no more. The end says on which legal ground something was
// told to whom, and what came of it.
type DangerArgs struct {
	SwitchArgs
	Ground  string `json:"ground,omitempty"`
	Outcome string `json:"outcome,omitempty"`
}

func (a DangerArgs) check() error {
	return first(a.ContactArgs.check(), checkText("ground", a.Ground, maxReason, !a.On),
		checkText("outcome", a.Outcome, maxOutcome, !a.On))
}

func (x call) danger(a DangerArgs) (Empty, error) {
	d := hotline.Danger{On: a.On}
	if !a.On {
		d.Ground, d.Outcome = strings.TrimSpace(a.Ground), strings.TrimSpace(a.Outcome)
	}
	return Empty{}, x.console.parts.Alarms.Danger(x, x.v, a.Contact, d)
}
