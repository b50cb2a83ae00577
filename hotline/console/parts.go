package console

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"hopeline/hotline"
)

// Parts are what a console asks, and what stands behind its pages. Those from Calls on may be left out, but for the page:
// what needs them is unavailable then.
type Parts struct {
	Offers   Offers
	Words    Words
	Rooms    Rooms
	Rotas    Rotas
	Doors    Doors
	Presence Presence
	Calls    Calls
	Alarms   Alarms
	Bars     Bars
	Phones   Phones
	Files    Files
	Pushes   Pushes
	Absences Absences
	Asks     Asks
	Tests    PageTests
	Watch    Watch
	Duty     Duty
	DryRuns  DryRuns
	Page     http.Handler
}

// Calls steers the calls that people are in. Who may not steer a call is [hotline.ErrNotFound].
type Calls interface {
	// Steer holds and mutes; what is nil keeps its value.
	Steer(ctx context.Context, v hotline.Viewer, c hotline.ContactID, hold, mute *bool) error
	// HangUp ends the call for everybody in it. The contact stays.
	HangUp(ctx context.Context, v hotline.Viewer, c hotline.ContactID) error
	// Keys asks the caller by keys, or stops it. The question may be empty; it passes the gate.
	Keys(ctx context.Context, v hotline.Viewer, c hotline.ContactID, on bool, question string) error
	Guests
	// CallBack calls somebody who asked for it.
	CallBack(ctx context.Context, v hotline.Viewer, c hotline.ContactID) error
}

// Guests brings more people into a call, and lets them go.
type Guests interface {
	// Bring lets user into the call as a Guest; v herself as a Listener or Coach. No part: v's own such leg leaves.
	Bring(ctx context.Context, v hotline.Viewer, c hotline.ContactID, part hotline.Part, user hotline.UserID) error
	// Interpret rings who is on duty as an interpreter, one after the other; no language: the contact's. When nobody is,
	// that is [hotline.ErrNotFound]; when all are in other calls, [hotline.ErrConflict].
	Interpret(ctx context.Context, v hotline.Viewer, c hotline.ContactID, language string) error
	// Release lets a guest go; no user: the interpreter, or whoever is rung as one.
	Release(ctx context.Context, v hotline.Viewer, c hotline.ContactID, user hotline.UserID) error
}

// Alarms keeps who is in immediate danger. It tells supervisors by [hotline.Alarmed].
type Alarms interface {
	Danger(ctx context.Context, v hotline.Viewer, c hotline.ContactID, d hotline.Danger) error
}

// Bars keeps who is for whom.
type Bars interface {
	// ChangeUser says which languages somebody speaks, and whether she is a woman or a man.
	ChangeUser(ctx context.Context, v hotline.Viewer, user hotline.UserID, languages []string, gender hotline.Gender) (hotline.User, error)
	// Bar keeps user from being asked for the person of a contact, or lets her again.
	Bar(ctx context.Context, v hotline.Viewer, c hotline.ContactID, user hotline.UserID, on bool) (hotline.Contact, error)
}

// Watch looks after the rota.
type Watch interface {
	// Standing are the alarms of the rota that stand now, for a supervisor; none for everybody else.
	Standing(ctx context.Context, v hotline.Viewer) ([]hotline.Alarmed, error)
	// Seen keeps that v has seen a bulletin, so that no hello brings it to her again.
	Seen(ctx context.Context, v hotline.Viewer, b hotline.BulletinID) error
}

// Phones lets browsers be phones. The driver is carrier, simulated or none; the token is for identity, until expires.
type Phones interface {
	Voice(ctx context.Context, v hotline.Viewer) (driver, token, identity string, expires time.Time, err error)
}

// Files keeps what came with messages: pictures, voice notes, voicemails.
type Files interface {
	// Media is a file, for who may read the words of its contact, and what it is. One that was not fetched yet is
	// [hotline.ErrNotFound].
	Media(ctx context.Context, v hotline.Viewer, id hotline.MediaID) (body []byte, kind string, err error)
}

// Pushes calls browsers while their pages are closed.
type Pushes interface {
	// PushKey is what a browser needs to subscribe; empty: there are no pushes here.
	PushKey(v hotline.Viewer) string
	// Subscribe refuses what is no subscription with [hotline.ErrInvalid].
	Subscribe(ctx context.Context, v hotline.Viewer, s hotline.Subscription) error
	Unsubscribe(ctx context.Context, v hotline.Viewer, endpoint string) error
	// TestPush pushes v's own browsers, and tells how many took it.
	TestPush(ctx context.Context, v hotline.Viewer) (int, error)
}

// whole puts something in the place of what was left out.
func (p Parts) whole() Parts {
	p.Calls = cmp.Or[Calls](p.Calls, absent{})
	p.Alarms = cmp.Or[Alarms](p.Alarms, absent{})
	p.Bars = cmp.Or[Bars](p.Bars, absent{})
	p.Phones = cmp.Or[Phones](p.Phones, absent{})
	p.Files = cmp.Or[Files](p.Files, absent{})
	p.Pushes = cmp.Or[Pushes](p.Pushes, absent{})
	p.Absences = cmp.Or[Absences](p.Absences, absent{})
	p.Asks = cmp.Or[Asks](p.Asks, absent{})
	p.Tests = cmp.Or[PageTests](p.Tests, absent{})
	p.Watch = cmp.Or[Watch](p.Watch, absent{})
	p.DryRuns = cmp.Or[DryRuns](p.DryRuns, absent{})
	return p
}

// absent is a part that this house does not have.
type absent struct{}

var errAbsent = hotline.Say(hotline.ErrUnavailable, "This house cannot do that; nothing was changed.")

func (absent) Steer(context.Context, hotline.Viewer, hotline.ContactID, *bool, *bool) error {
	return errAbsent
}
func (absent) HangUp(context.Context, hotline.Viewer, hotline.ContactID) error { return errAbsent }
func (absent) Keys(context.Context, hotline.Viewer, hotline.ContactID, bool, string) error {
	return errAbsent
}
func (absent) Bring(context.Context, hotline.Viewer, hotline.ContactID, hotline.Part, hotline.UserID) error {
	return errAbsent
}
func (absent) Interpret(context.Context, hotline.Viewer, hotline.ContactID, string) error {
	return errAbsent
}
func (absent) Release(context.Context, hotline.Viewer, hotline.ContactID, hotline.UserID) error {
	return errAbsent
}
func (absent) CallBack(context.Context, hotline.Viewer, hotline.ContactID) error { return errAbsent }
func (absent) Danger(context.Context, hotline.Viewer, hotline.ContactID, hotline.Danger) error {
	return errAbsent
}
func (absent) Bar(context.Context, hotline.Viewer, hotline.ContactID, hotline.UserID, bool) (hotline.Contact, error) {
	return hotline.Contact{}, errAbsent
}
func (absent) ChangeUser(context.Context, hotline.Viewer, hotline.UserID, []string, hotline.Gender) (hotline.User, error) {
	return hotline.User{}, errAbsent
}
func (absent) Voice(context.Context, hotline.Viewer) (driver, token, identity string, expires time.Time, err error) {
	return noPhone, "", "", time.Time{}, nil
}
func (absent) Standing(context.Context, hotline.Viewer) ([]hotline.Alarmed, error) {
	return nil, nil
}
func (absent) Seen(context.Context, hotline.Viewer, hotline.BulletinID) error { return errAbsent }
func (absent) PushKey(hotline.Viewer) string                                  { return "" }
func (absent) Subscribe(context.Context, hotline.Viewer, hotline.Subscription) error {
	return errAbsent
}
func (absent) Unsubscribe(context.Context, hotline.Viewer, string) error { return errAbsent }
func (absent) TestPush(context.Context, hotline.Viewer) (int, error)     { return 0, errAbsent }
func (absent) Media(context.Context, hotline.Viewer, hotline.MediaID) ([]byte, string, error) {
	return nil, "", hotline.ErrNotFound
}
