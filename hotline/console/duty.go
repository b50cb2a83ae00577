package console

import (
	"context"
	"time"

	"hopeline/hotline"
)

// The commands about who comes when. Everybody sees the plan and her own duty; what supervisors may, the house checks.

// Duty is the plan, and all that people do with it. Who may not is [hotline.ErrForbidden].
type Duty interface {
	Sheets
	Shifts
	Swaps
	Handovers
	Overlays
	Trials
	Drafts
	Wishes
	Calendars
}

// Sheets show the plan of a line.
type Sheets interface {
	Plan(ctx context.Context, v hotline.Viewer, line hotline.LineID, from, to time.Time) (hotline.Sheet, error)
	Mine(ctx context.Context, v hotline.Viewer) (hotline.Duties, error)
	Preview(ctx context.Context, v hotline.Viewer, rota []byte, from, to time.Time) (hotline.Preview, error)
	Fairness(ctx context.Context, v hotline.Viewer, line hotline.LineID, from, to time.Time) ([]hotline.Fair, error)
	Wall(ctx context.Context, v hotline.Viewer) (hotline.Wall, error)
}

// Shifts change single shifts.
type Shifts interface {
	// Here keeps the session until an hour after the shift.
	Here(ctx context.Context, v hotline.Viewer, shift hotline.ShiftID, session string) error
	Confirm(ctx context.Context, v hotline.Viewer, shift hotline.ShiftID) error
	Relieve(ctx context.Context, v hotline.Viewer) (until time.Time, by hotline.Answers, err error)
	Back(ctx context.Context, v hotline.Viewer) error
	Change(ctx context.Context, v hotline.Viewer, c hotline.Change) (hotline.Shift, []hotline.Finding, error)
	Claim(ctx context.Context, v hotline.Viewer, shift hotline.ShiftID) (hotline.Shift, []hotline.Finding, error)
}

// Shift is one time that a slot of the rota comes round.
type Shift struct {
	ID    hotline.ShiftID  `json:"id"`
	Line  hotline.LineID   `json:"line"`
	Slot  string           `json:"slot"` // the id of its slot
	Day   string           `json:"day"`  // on which it starts by the rota's clock: "2026-11-23"
	Start Stamp            `json:"start"`
	End   Stamp            `json:"end"`
	Zone  string           `json:"zone"` // of its rota
	Tier  int              `json:"tier"` // 0: of interpreters, who are in none
	Kind  string           `json:"kind" ts:"'duty' | 'closed' | 'shadow' | 'interpreter'"`
	Min   int              `json:"min"`
	Users []Seat           `json:"users"`
	Away  []hotline.UserID `json:"away"`  // whose seats are empty
	Empty int              `json:"empty"` // seats below min
	Why   string           `json:"why"`
}

// Seat is one person in a shift.
type Seat struct {
	User  hotline.UserID    `json:"user"`
	Why   string            `json:"why"` // empty: the slot names her
	State hotline.SeatState `json:"state"`
}

func shiftOf(s hotline.Shift) Shift {
	return Shift{s.ID, s.Line, s.Slot, s.Day, Stamp(s.Start), Stamp(s.End), s.Zone, s.Tier, s.Kind, s.Min,
		each(s.Users, func(x hotline.Seat) Seat { return Seat(x) }), listed(s.Away), s.Empty, s.Why}
}

// listed is a list that is never null.
func listed[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

// SpanArgs name a time of a line.
type SpanArgs struct {
	LineArgs
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

func (a SpanArgs) check() error {
	if !a.From.Before(a.To) {
		return hotline.Say(hotline.ErrInvalid, "from is before to; nothing was changed.")
	}
	return a.LineArgs.check()
}

// PlanResult is a line's plan for a time.
type PlanResult struct {
	Line        hotline.LineID   `json:"line"`  // "*": the rota of all lines
	Lines       []hotline.LineID `json:"lines"` // that have a rota
	Zone        string           `json:"zone"`
	Version     int64            `json:"version"`
	Shifts      []Shift          `json:"shifts"` // one that was changed while it ran is two of one id
	Findings    []Finding        `json:"findings"`
	PublishedTo Stamp            `json:"published_to"`
	Approve     bool             `json:"approve"` // a supervisor approves each swap
}

func (x call) plan(a SpanArgs) (PlanResult, error) {
	s, err := x.console.parts.Duty.Plan(x, x.v, a.Line, a.From, a.To)
	return PlanResult{s.Line, listed(s.Lines), s.Zone, s.Version, each(s.Shifts, shiftOf), each(s.Findings, findingOf), Stamp(s.Published), s.Approve}, err
}

// MineResult is all that somebody has to know of her own duty.
type MineResult struct {
	Shifts   []Shift           `json:"shifts"` // of the next six weeks
	Open     []Shift           `json:"open"`   // with seats that she could claim
	Swaps    []Swap            `json:"swaps"`  // hers, and those that she could take
	Wishes   []Wish            `json:"wishes"`
	Handover *Handover         `json:"handover"` // that she has to read
	OnDuty   bool              `json:"on_duty"`
	Until    *Stamp            `json:"until"`
	CheckIn  *Shift            `json:"check_in"`  // the shift that she can check in to now
	Relieved *Stamp            `json:"relieved"`  // until then she cannot just now
	Answers  *Answers          `json:"answers"`   // for her, while she cannot
	TestedAt *Stamp            `json:"tested_at"` // when she last pressed the key of a test page; null: never
	Test     *PageTest         `json:"test"`      // her last one
	Away     []hotline.ShiftID `json:"away"`      // of shifts, in which she is away by her own calendar
}

func (x call) mine(Nothing) (MineResult, error) {
	m, err := x.console.parts.Duty.Mine(x, x.v)
	r := MineResult{Shifts: each(m.Shifts, shiftOf), Open: each(m.Open, shiftOf), Swaps: each(m.Swaps, swapOf), Wishes: each(m.Wishes, wishOf),
		OnDuty: m.OnDuty, Until: moment(m.Until), Relieved: moment(m.Relieved), TestedAt: moment(m.Tested), Test: pageTestOf(m.Test), Away: listed(m.Away)}
	if r.Relieved != nil {
		r.Answers = (*Answers)(&m.Answers)
	}
	if m.Handover != nil {
		h := handoverOf(*m.Handover)
		r.Handover = &h
	}
	if m.CheckIn != nil {
		s := shiftOf(*m.CheckIn)
		r.CheckIn = &s
	}
	return r, err
}

// Nothing are the arguments of a command that has none.
type Nothing struct{}

func (Nothing) check() error { return nil }

// ShiftArgs name a shift.
type ShiftArgs struct {
	Shift hotline.ShiftID `json:"shift"`
}

func (a ShiftArgs) check() error { return checkID("shift", string(a.Shift)) }

func (x call) here(a ShiftArgs) (Empty, error) {
	return Empty{}, x.console.parts.Duty.Here(x, x.v, a.Shift, x.session)
}

func (x call) confirm(a ShiftArgs) (Empty, error) {
	return Empty{}, x.console.parts.Duty.Confirm(x, x.v, a.Shift)
}

// Answers is who answers for somebody who cannot just now: so many people of the first tier that has any; 0: nobody.
type Answers struct {
	Tier   int `json:"tier"`
	People int `json:"people"`
}

// RelieveResult is until when somebody cannot just now, and who answers for her.
type RelieveResult struct {
	Until   Stamp   `json:"until"`
	Answers Answers `json:"answers"`
}

func (x call) relieve(Nothing) (RelieveResult, error) {
	until, by, err := x.console.parts.Duty.Relieve(x, x.v)
	return RelieveResult{Stamp(until), Answers(by)}, err
}

func (x call) backOnDuty(Nothing) (Empty, error) {
	return Empty{}, x.console.parts.Duty.Back(x, x.v)
}

// ShiftResult is a shift as it now is, and what coverage says of its time.
type ShiftResult struct {
	Shift    Shift     `json:"shift"`
	Findings []Finding `json:"findings"`
}

func (x call) claim(a ShiftArgs) (ShiftResult, error) {
	s, found, err := x.console.parts.Duty.Claim(x, x.v, a.Shift)
	return ShiftResult{shiftOf(s), each(found, findingOf)}, err
}

// ChangeArgs say what changes in a shift: user does not come, by comes.
type ChangeArgs struct {
	ShiftArgs
	Do     string         `json:"do" ts:"'absence' | 'cover' | 'extra' | 'cancel' | 'restore'"`
	User   hotline.UserID `json:"user,omitempty"`
	By     hotline.UserID `json:"by,omitempty"`
	Reason string         `json:"reason"`
}

func (a ChangeArgs) check() error {
	return first(a.ShiftArgs.check(), maybeID("user", string(a.User)), maybeID("by", string(a.By)), checkText("reason", a.Reason, maxReason, false))
}

// maybeID is checkID for what may be left out.
func maybeID(what, id string) error {
	if id == "" {
		return nil
	}
	return checkID(what, id)
}

func (x call) changeShift(a ChangeArgs) (ShiftResult, error) {
	s, found, err := x.console.parts.Duty.Change(x, x.v, a.change())
	return ShiftResult{shiftOf(s), each(found, findingOf)}, err
}

func (a ChangeArgs) change() hotline.Change {
	return hotline.Change{Shift: a.Shift, Do: a.Do, User: a.User, By: a.By, Reason: a.Reason}
}
