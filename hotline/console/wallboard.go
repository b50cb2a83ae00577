package console

import (
	"context"
	"time"

	"hopeline/hotline"
)

// DryRuns tell who would be asked for a contact now, and why, and asks nobody.
type DryRuns interface {
	DryRun(ctx context.Context, v hotline.Viewer, c hotline.ContactID, console func(hotline.UserID) bool) (picks, excluded []hotline.Because, err error)
}

// Pick is somebody who would be asked.
type Pick struct {
	User hotline.UserID `json:"user"`
	Tier int            `json:"tier"`
	Why  string         `json:"why"`
}

// DryRunResult is who would be asked, in this order, and who would not.
type DryRunResult struct {
	Picks    []Pick    `json:"picks"`
	Excluded []Because `json:"excluded"`
}

func (x call) dryRun(a ContactArgs) (DryRunResult, error) {
	picks, excluded, err := x.console.parts.DryRuns.DryRun(x, x.v, a.Contact, x.console.open)
	return DryRunResult{each(picks, func(b hotline.Because) Pick { return Pick{b.User, b.Tier, b.Why} }), each(excluded, becauseOf)}, err
}

// open tells whether somebody has a console open in this process.
func (k *Console) open(u hotline.UserID) bool { return len(k.hub.of(u)) > 0 }

// Reach is how somebody would be reached now: in a page of hers, on her own phone, or not at all.
type Reach string

// The ways to reach somebody.
const (
	ByPage  Reach = "page"
	ByPhone Reach = "phone"
	ByNone  Reach = "none"
)

// reachOf is how: whoever never said whether she is there is rung at home, as the router does.
func reachOf(u hotline.User, console bool) Reach {
	switch {
	case console && u.State == hotline.Available:
		return ByPage
	case !console && u.Phone != "" && u.State != hotline.Away:
		return ByPhone
	}
	return ByNone
}

// Standing is how one person stands.
type Standing struct {
	User     hotline.UserID   `json:"user"`
	OnDuty   bool             `json:"on_duty"`
	State    hotline.Presence `json:"state"`
	Talking  bool             `json:"talking"`
	Missed   int              `json:"missed"` // offers in a row
	Console  bool             `json:"console"`
	Reach    Reach            `json:"reach"`
	Phone    bool             `json:"phone"`     // she has a verified number
	TestedAt *Stamp           `json:"tested_at"` // when she last pressed the key of a test page; null: never

	Test  *PageTest         `json:"test"`  // her last one
	Sound Sound             `json:"sound"` // of her open pages
	Push  hotline.PushState `json:"push"`  // whether her browsers took the last push
}

// Crowd is how many wait, by channel.
type Crowd struct {
	Voice    int `json:"voice"`
	SMS      int `json:"sms"`
	WhatsApp int `json:"whatsapp"`
	Other    int `json:"other"`
}

// ClosedLine is a line whose rota says that it is closed now.
type ClosedLine struct {
	Line  hotline.LineID `json:"line"`  // "*": every line that has no rota of its own
	Until *Stamp         `json:"until"` // null: no end is in sight
}

// AtHome is an interpreter: she has no console, and only her phone reaches her.
type AtHome struct {
	User       hotline.UserID `json:"user"`
	Phone      bool           `json:"phone"`       // she has a number
	TestedAt   *Stamp         `json:"tested_at"`   // when she last pressed the key of a test page; null: never
	Test       *PageTest      `json:"test"`        // her last one
	CalendarAt *Stamp         `json:"calendar_at"` // when the address of her calendar was made; null: she has none
}

func atHomeOf(a hotline.AtHome) AtHome {
	return AtHome{a.User.ID, a.User.Phone != "", moment(a.User.Tested), pageTestOf(a.Test), moment(a.Calendar)}
}

// WallResult is the house at a glance.
type WallResult struct {
	AsOf         Stamp      `json:"as_of"`
	Waiting      Crowd      `json:"waiting"`
	LongestWaitS int64      `json:"longest_wait_s"`
	Free         int        `json:"free"` // on duty, can be reached, and holds no call
	Talking      int        `json:"talking"`
	Unreachable  int        `json:"unreachable"` // on duty, and can neither be shown nor rung anything
	People       []Standing `json:"people"`
	NextGap      *Finding   `json:"next_gap"`
	MissedOffers int        `json:"missed_offers"` // in the last 24 hours
	Redis        bool       `json:"redis"`         // the router works as it should
	Interpreters []AtHome   `json:"interpreters"`

	Closed []ClosedLine `json:"closed"`
}

func (x call) wall(Nothing) (WallResult, error) {
	w, err := x.console.parts.Duty.Wall(x, x.v)
	r := WallResult{AsOf: Stamp(w.At), People: []Standing{}, MissedOffers: w.MissedOffers, Redis: !x.console.slower.Load(), Interpreters: each(w.Interpreters, atHomeOf),
		Waiting: Crowd{w.Waiting[hotline.Voice], w.Waiting[hotline.SMS], w.Waiting[hotline.WhatsApp], w.Waiting[hotline.Other]},
		Closed:  each(w.Closed, func(l hotline.ClosedLine) ClosedLine { return ClosedLine{l.Line, moment(l.Until)} })}
	if !w.Longest.IsZero() {
		r.LongestWaitS = int64(max(0, w.At.Sub(w.Longest)) / time.Second)
	}
	if w.NextGap != nil {
		gap := findingOf(*w.NextGap)
		r.NextGap = &gap
	}
	for _, p := range w.People {
		r.count(p, x.console.open(p.User.ID), x.console.soundOf(p.User.ID))
	}
	return r, err
}

// count adds one person.
func (r *WallResult) count(p hotline.Standing, console bool, sound Sound) {
	u := p.User
	reach := reachOf(u, console)
	switch {
	case p.Talking:
		r.Talking++
	case p.OnDuty && reach != ByNone:
		r.Free++
	case p.OnDuty:
		r.Unreachable++
	}
	shown := userOf(u)
	r.People = append(r.People, Standing{u.ID, p.OnDuty, shown.State, p.Talking, u.Missed, console, reach, u.Phone != "", moment(u.Tested),
		pageTestOf(p.Test), sound, p.Push})
}

func (absent) DryRun(context.Context, hotline.Viewer, hotline.ContactID, func(hotline.UserID) bool) (picks, excluded []hotline.Because, err error) {
	return nil, nil, errAbsent
}
