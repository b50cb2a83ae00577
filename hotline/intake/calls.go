package intake

import (
	"context"
	"strings"

	"hopeline/hotline"
	"hopeline/storage"
)

// Called keeps an incoming call. When it returns nil the call is on disk.
func (d *Desk) Called(ctx context.Context, in hotline.IncomingCall) (hotline.CallerPlace, error) {
	return d.store.Called(ctx, in)
}

// Caller is where a caller belongs now. Enters: the answer is her document.
func (d *Desk) Caller(ctx context.Context, c hotline.ContactID, enters bool) (hotline.CallerPlace, error) {
	return d.store.Caller(ctx, c, enters)
}

// Pressed keeps a caller's key and says where she belongs then.
func (d *Desk) Pressed(ctx context.Context, p hotline.Pressed) (hotline.CallerPlace, error) {
	return d.store.Pressed(ctx, p)
}

// Leg is where a leg of ours belongs now. Enters: the answer is its document.
func (d *Desk) Leg(ctx context.Context, id hotline.LegID, sid string, enters bool) (hotline.LegPlace, error) {
	return d.store.Leg(ctx, id, sid, enters)
}

// LegPressed is a key on a leg of ours.
func (d *Desk) LegPressed(ctx context.Context, id hotline.LegID, sid, digit string) (hotline.LegPlace, error) {
	return d.store.LegPressed(ctx, id, sid, digit)
}

// LegReport merges a fact about a leg.
func (d *Desk) LegReport(ctx context.Context, r hotline.LegReport) error {
	return d.store.LegReport(ctx, r)
}

// RoomReport merges a fact about a room.
func (d *Desk) RoomReport(ctx context.Context, r hotline.RoomReport) error {
	return d.store.RoomReport(ctx, r)
}

// Recorded keeps a voicemail that lies at the carrier.
func (d *Desk) Recorded(ctx context.Context, r hotline.Recording) error {
	return d.store.Recorded(ctx, r)
}

// Steer holds and mutes; nil keeps what is.
func (d *Desk) Steer(ctx context.Context, v hotline.Viewer, c hotline.ContactID, hold, mute *bool) error {
	return d.does(ctx, v, c, hotline.Steered{At: d.at(), By: v.ID, Hold: hold, Mute: mute}, sees(v))
}

// HangUp ends the call for both.
func (d *Desk) HangUp(ctx context.Context, v hotline.Viewer, c hotline.ContactID) error {
	return d.does(ctx, v, c, hotline.HungUp{At: d.at(), By: v.ID, Supervisor: v.Role == hotline.Supervisor}, holds(v))
}

// does lets something happen to a contact by somebody who answers.
func (d *Desk) does(ctx context.Context, v hotline.Viewer, c hotline.ContactID, e hotline.Event, allowed storage.Allowed) error {
	if err := answers(v); err != nil {
		return err
	}
	_, err := d.store.Apply(ctx, string(v.ID), c, e, allowed)
	return err
}

// maxQuestion is the longest question that is spoken, in bytes.
const maxQuestion = 500

// Keys asks a caller who cannot talk by keys, or lets her talk again.
func (d *Desk) Keys(ctx context.Context, v hotline.Viewer, c hotline.ContactID, on bool, question string) error {
	if err := answers(v); err != nil {
		return err
	}
	if question = strings.TrimSpace(question); len(question) > maxQuestion {
		return hotline.Say(hotline.ErrInvalid, "ask in fewer words; nothing was said")
	}
	return d.store.AskByKeys(ctx, v.ID, c, on, question, sees(v))
}

// Bring adds a leg to a talk: a guest whom the owner asks, or a supervisor who listens or coaches. No part: the user's
// own leg of that kind leaves.
func (d *Desk) Bring(ctx context.Context, v hotline.Viewer, c hotline.ContactID, part hotline.Part, user hotline.UserID) error {
	if err := answers(v); err != nil {
		return err
	}
	switch part {
	case "":
		return d.store.LeaveCall(ctx, v.ID, c, sees(v))
	case hotline.Listener, hotline.Coach:
		if v.Role != hotline.Supervisor {
			return hotline.Say(hotline.ErrForbidden, "only a supervisor listens in")
		}
		user = v.ID
	case hotline.Guest:
	default:
		return hotline.Say(hotline.ErrInvalid, "there is no such part in a call; nothing was changed")
	}
	u, err := d.store.User(ctx, user)
	if err != nil || !canAnswer(u) {
		return hotline.Say(hotline.ErrInvalid, "there is no such colleague; nothing was changed")
	}
	phone, err := ringsPhone(u)
	if err != nil {
		return err
	}
	return d.store.Bring(ctx, v.ID, c, part, user, phone, holds(v))
}

// Interpret rings whoever is on duty as an interpreter for a language, one after the other, until one comes into the talk.
// No language: the contact's.
func (d *Desk) Interpret(ctx context.Context, v hotline.Viewer, c hotline.ContactID, language string) error {
	if err := answers(v); err != nil {
		return err
	}
	return d.store.Interpret(ctx, v, c, strings.ToLower(strings.TrimSpace(language)), holds(v))
}

// Release lets a guest go, or without one the interpreter and whoever is rung as one.
func (d *Desk) Release(ctx context.Context, v hotline.Viewer, c hotline.ContactID, user hotline.UserID) error {
	if err := answers(v); err != nil {
		return err
	}
	return d.store.Release(ctx, v, c, user, holds(v))
}

// ringsPhone tells whether a user is reached on her own phone; an error when she takes no calls at all.
func ringsPhone(u hotline.User) (bool, error) {
	switch {
	case u.Voice == hotline.NoCalls:
		return false, hotline.Say(hotline.ErrConflict, "she takes no calls: that is set in her console; nothing was changed")
	case u.Voice == hotline.OnPhone && u.Phone == "":
		return false, hotline.Say(hotline.ErrConflict, "her calls go to her phone, and no number is known; nothing was changed")
	}
	return u.Voice == hotline.OnPhone, nil
}

// CallBack calls a person who asked for it, from the line's number.
func (d *Desk) CallBack(ctx context.Context, v hotline.Viewer, c hotline.ContactID) error {
	if err := answers(v); err != nil {
		return err
	}
	phone, err := d.onPhone(ctx, v.ID)
	if err != nil {
		return err
	}
	return d.store.CallBack(ctx, v.ID, c, phone, sees(v))
}

// onPhone tells whether a user takes calls on her own phone.
func (d *Desk) onPhone(ctx context.Context, id hotline.UserID) (bool, error) {
	u, err := d.store.User(ctx, id)
	if err != nil {
		return false, err
	}
	return ringsPhone(u)
}

// Danger says that the person is in immediate danger, or how that ended.
func (d *Desk) Danger(ctx context.Context, v hotline.Viewer, c hotline.ContactID, danger hotline.Danger) error {
	if err := answers(v); err != nil {
		return err
	}
	if len(danger.Ground)+len(danger.Outcome) > hotline.MaxNote {
		return hotline.Say(hotline.ErrInvalid, "say it in fewer words; nothing was changed")
	}
	if !danger.On && (strings.TrimSpace(danger.Ground) == "" || strings.TrimSpace(danger.Outcome) == "") {
		return hotline.Say(hotline.ErrInvalid, "say on what ground, and how it ended; nothing was changed")
	}
	return d.store.Danger(ctx, v.ID, c, danger, reads(v))
}
