package console

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"hopeline/hotline"
)

// The commands of the rota. Everybody reads it; supervisors and admins save it, which the house checks.

// OnDuty is one tier of the rota at one moment; a tier without users is one in which nobody can be asked.
type OnDuty struct {
	Tier   int    `json:"tier"`
	Users  []User `json:"users"`
	Closed bool   `json:"closed"` // planned so that nobody is there
	Why    string `json:"why"`    // the slots behind it
	Until  *Stamp `json:"until"`  // null: for good
}

// Standby is somebody who is on duty to be rung as an interpreter.
type Standby struct {
	User      User     `json:"user"`
	Languages []string `json:"languages"` // for which she is there
	Why       string   `json:"why"`       // the slot behind it
	Until     Stamp    `json:"until"`
}

// Slot is one cell of the weekly grid; it belongs to the day on which it starts.
type Slot struct {
	ID        string   `json:"id,omitempty"`   // names its shifts; an edit keeps it
	Date      string   `json:"date,omitempty"` // only in a temporary plan, in the place of week and day
	Week      int      `json:"week"`           // from 0
	Day       int      `json:"day"`            // 1 is Monday
	Start     string   `json:"start"`          // "20:00"
	End       string   `json:"end"`            // at or before start: on the next day; "24:00" is midnight
	Tier      int      `json:"tier"`           // 0: of interpreters, who are in none
	Min       *int     `json:"min,omitempty"`  // 1 when left out
	Users     []string `json:"users"`          // e-mail addresses
	Languages []string `json:"languages,omitempty"`
	Kind      string   `json:"kind,omitempty" ts:"'duty' | 'closed' | 'shadow' | 'interpreter'"`
}

// Rota is one line's weekly grid, as in a file.
type Rota struct {
	Line   string `json:"line"` // "*" is every line
	Zone   string `json:"zone"`
	Weeks  *int   `json:"weeks,omitempty"`  // after so many it repeats; 1 when left out
	Anchor string `json:"anchor,omitempty"` // the Monday of a week 0
	Slots  []Slot `json:"slots"`
}

// Finding is what coverage has to say of a rota; only a gap keeps it from being saved without a reason.
type Finding struct {
	Kind  string `json:"kind"` // gap, user, last_tier, min, language, interpreter, twice; and those of package rota
	Tier  int    `json:"tier"` // 0: none in particular
	Slot  int    `json:"slot"` // from 1; 0: none in particular
	From  Stamp  `json:"from"` // for the first time
	To    Stamp  `json:"to"`
	Times int    `json:"times"`
	Words string `json:"words"`
}

// LineArgs name a line.
type LineArgs struct {
	Line hotline.LineID `json:"line"`
}

func (a LineArgs) check() error { return checkID("line", string(a.Line)) }

// OnCallArgs ask who is on duty for a line: now, or at a time.
type OnCallArgs struct {
	LineArgs
	At *time.Time `json:"at,omitempty"`
}

// OnCallResult are the tiers, the first first, and apart from them who is on duty as an interpreter.
type OnCallResult struct {
	Tiers        []OnDuty  `json:"tiers"`
	Interpreters []Standby `json:"interpreters"`
}

func (x call) onCall(a OnCallArgs) (OnCallResult, error) {
	var at time.Time
	if a.At != nil {
		at = *a.At
	}
	tiers, err := x.console.parts.Rotas.OnCall(x, a.Line, at)
	if err != nil {
		return OnCallResult{}, err
	}
	standby, err := x.console.parts.Rotas.Interpreters(x, a.Line, at)
	return OnCallResult{each(tiers, onDutyOf), each(standby, standbyOf)}, err
}

func standbyOf(s hotline.Standby) Standby {
	return Standby{User: userOf(s.User), Languages: listed(s.Languages), Why: s.Why, Until: Stamp(s.Until)}
}

func onDutyOf(d hotline.OnDuty) OnDuty {
	return OnDuty{Tier: d.Tier, Users: each(d.Users, userOf), Closed: d.Closed, Why: d.Why, Until: moment(d.Until)}
}

// RotaResult is a line's rota: its own, or the one for every line.
type RotaResult struct {
	Rota    Rota  `json:"rota"`
	Version int64 `json:"version"`
}

func (x call) rota(a LineArgs) (RotaResult, error) {
	doc, version, err := x.console.parts.Rotas.Rota(x, a.Line)
	if err != nil {
		return RotaResult{}, err
	}
	r := RotaResult{Version: version}
	if err := json.Unmarshal(doc, &r.Rota); err != nil {
		return r, fmt.Errorf("read a rota: %w", err)
	}
	return r, nil
}

// SaveRotaArgs are a new version of a rota, and why; a gap in tier 1, and an empty last tier, need a reason.
type SaveRotaArgs struct {
	Rota   Rota   `json:"rota"`
	Reason string `json:"reason"`
	Base   int64  `json:"base,omitempty"` // the version that the edit began with
}

func (a SaveRotaArgs) check() error { return checkText("reason", a.Reason, maxReason, false) }

// SaveRotaResult is the version that it became, and what coverage says of it.
type SaveRotaResult struct {
	Version  int64     `json:"version"`
	Findings []Finding `json:"findings"`
}

func (x call) saveRota(a SaveRotaArgs) (SaveRotaResult, error) {
	version, found, err := x.console.parts.Rotas.SaveRota(x, x.v, encode(a.Rota), a.Base, a.Reason)
	return SaveRotaResult{version, each(found, findingOf)}, err
}

func findingOf(f hotline.Finding) Finding {
	return Finding{Kind: f.Kind, Tier: f.Tier, Slot: f.Slot, From: Stamp(f.From), To: Stamp(f.To), Times: f.Times, Words: f.Words}
}

// What a page says of who is on duty.
const (
	nobodyPlanned = "No rota was saved yet: everyone who is available is on duty."
	unreadable    = "The rota cannot be read: everyone who is available is on duty."
	nobodyThere   = "By the rota nobody is on duty now."
	closedNow     = "By the rota the line is closed now."
)

// dutyNote says who is on duty, in words.
func dutyNote(saved bool, tiers []hotline.OnDuty) string {
	switch {
	case !saved:
		return nobodyPlanned
	case len(tiers) == 0:
		return unreadable
	}
	var parts []string
	for _, t := range tiers {
		names := strings.Join(each(t.Users, func(u hotline.User) string { return u.Name }), ", ")
		switch {
		case names != "" && t.Tier == 1:
			parts = append(parts, "On duty now: "+names+".")
		case names != "":
			parts = append(parts, fmt.Sprintf("Tier %d: %s.", t.Tier, names))
		case t.Tier == 1 && t.Closed:
			parts = append(parts, closedNow)
		case t.Tier == 1:
			parts = append(parts, nobodyThere)
		}
	}
	return strings.Join(parts, " ")
}
