package console

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hopeline/hotline"
)

// Overlays are what lies over a line's grid: templates for single days, and temporary plans. A gap in tier 1 that a
// change opens within six weeks, or while something lies over the plan, needs a reason, else it is [hotline.ErrInvalid].
type Overlays interface {
	Overlays(ctx context.Context, v hotline.Viewer, line hotline.LineID) (hotline.Overlays, error)
	SetTemplate(ctx context.Context, v hotline.Viewer, line hotline.LineID, t hotline.DayTemplate, reason string) ([]hotline.Finding, error)
	SetTemporary(ctx context.Context, v hotline.Viewer, line hotline.LineID, t hotline.TemporaryPlan, reason string) ([]hotline.Finding, error)
	DropOverlay(ctx context.Context, v hotline.Viewer, line hotline.LineID, id, reason string) ([]hotline.Finding, error)
}

// Drafts keep rotas that are worked on, and what was done to those that were saved.
type Drafts interface {
	Draft(ctx context.Context, v hotline.Viewer, line hotline.LineID) (hotline.Draft, error)
	SetDraft(ctx context.Context, v hotline.Viewer, line hotline.LineID, body []byte) error // nil drops it
	History(ctx context.Context, v hotline.Viewer, line hotline.LineID) (versions, changes []hotline.Past, err error)
	Settings(ctx context.Context, v hotline.Viewer, line hotline.LineID) (hotline.RotaSettings, error)
	// SetSettings needs a reason where a rule of who counts opens a gap in tier 1.
	SetSettings(ctx context.Context, v hotline.Viewer, line hotline.LineID, s hotline.RotaSettings, reason string) error
}

// PreviewArgs are a rota that nobody saved yet, and the time whose gaps are wanted; without one, none are.
type PreviewArgs struct {
	Rota Rota       `json:"rota"`
	From *time.Time `json:"from,omitempty"`
	To   *time.Time `json:"to,omitempty"`
}

func (a PreviewArgs) check() error { return nil }

// Moved is how much more or less duty somebody would have in the weeks that coverage looks at.
type Moved struct {
	User  hotline.UserID `json:"user"`
	Gains float64        `json:"gains_h"`
	Loses float64        `json:"loses_h"`
}

// Diff is what a rota would change.
type Diff struct {
	Opens  []Finding `json:"opens"` // gaps in tier 1
	Closes []Finding `json:"closes"`
	People []Moved   `json:"people"`
}

// PreviewResult is what coverage would say of a rota, and what it would change.
type PreviewResult struct {
	Findings []Finding `json:"findings"`
	Diff     Diff      `json:"diff"`
	Gaps     []Finding `json:"gaps"` // those that are still to come in the time that was asked for
}

func (x call) preview(a PreviewArgs) (PreviewResult, error) {
	var from, to time.Time
	if a.From != nil && a.To != nil {
		from, to = *a.From, *a.To
	}
	p, err := x.console.parts.Duty.Preview(x, x.v, encode(a.Rota), from, to)
	return previewOf(p), err
}

func previewOf(p hotline.Preview) PreviewResult {
	people := each(p.People, func(m hotline.Moved) Moved { return Moved{m.User, m.Gains.Hours(), m.Loses.Hours()} })
	return PreviewResult{each(p.Findings, findingOf), Diff{each(p.Opens, findingOf), each(p.Closes, findingOf), people}, each(p.Gaps, findingOf)}
}

// DraftArgs are a rota to be; it need not be whole.
type DraftArgs struct {
	LineArgs
	Rota Rota `json:"rota"`
}

// DraftResult is a rota to be, as somebody left it; null when there is none.
type DraftResult struct {
	Rota *Rota          `json:"rota"`
	At   *Stamp         `json:"at"`
	By   hotline.UserID `json:"by"`
}

func (x call) draft(a LineArgs) (DraftResult, error) {
	d, err := x.console.parts.Duty.Draft(x, x.v, a.Line)
	r := DraftResult{At: moment(d.At), By: d.By}
	if err == nil && d.Body != nil {
		if err = json.Unmarshal(d.Body, &r.Rota); err != nil {
			err = fmt.Errorf("read a draft: %w", err)
		}
	}
	return r, err
}

func (x call) setDraft(a DraftArgs) (Empty, error) {
	return Empty{}, x.console.parts.Duty.SetDraft(x, x.v, a.Line, encode(a.Rota))
}

func (x call) dropDraft(a LineArgs) (Empty, error) {
	return Empty{}, x.console.parts.Duty.SetDraft(x, x.v, a.Line, nil)
}

// Past is one thing that was done to a rota: a grid that was saved, which has a version, or a change to one shift.
type Past struct {
	Version int64           `json:"version"`
	At      Stamp           `json:"at"`
	By      hotline.UserID  `json:"by"` // "system": the command line
	Reason  string          `json:"reason"`
	Shift   hotline.ShiftID `json:"shift"`
	Kind    string          `json:"kind"`  // absence, cover, extra, cancel, template, temporary
	Cause   string          `json:"cause"` // change, swap, claim, fill
	User    hotline.UserID  `json:"user"`
	With    hotline.UserID  `json:"with"`  // who came instead
	Ended   *Stamp          `json:"ended"` // null: it holds
	EndedBy hotline.UserID  `json:"ended_by"`
	Undone  string          `json:"undone"` // why it ended
}

func pastOf(p hotline.Past) Past {
	return Past{p.Version, Stamp(p.At), p.By, p.Reason, p.Shift, p.Kind, p.Cause, p.User, p.With, moment(p.Ended), p.EndedBy, p.Undone}
}

// HistoryResult is what was done to a rota, the newest first.
type HistoryResult struct {
	Versions []Past `json:"versions"`
	Changes  []Past `json:"changes"`
}

func (x call) history(a LineArgs) (HistoryResult, error) {
	versions, changes, err := x.console.parts.Duty.History(x, x.v, a.Line)
	return HistoryResult{each(versions, pastOf), each(changes, pastOf)}, err
}

// RotaSettings are what a line wants of its rota; a limit of 0 is none.
type RotaSettings struct {
	Approve  bool `json:"approve"`         // a supervisor approves each swap
	Rest     int  `json:"rest_hours"`      // free in a row within each 24 hours
	Nights   int  `json:"nights_in_a_row"` // at most
	Hours    int  `json:"week_hours"`      // at most
	Confirm  int  `json:"confirm_hours"`   // before a shift its people should have confirmed
	Test     int  `json:"test_days"`       // since a person's last test page, at most
	Phone    bool `json:"phone"`           // only who has a verified number counts
	Second   bool `json:"second"`          // everybody should have a second way to be reached
	WomanKey bool `json:"woman_key"`       // callers may ask for a woman by a key
	Here     bool `json:"here_page"`       // the phone of who is not there is rung a quarter of an hour before her shift
	Silent   bool `json:"silent"`          // no supervisor's phone is rung when nobody can be reached, or somebody did not come
	// Up to which tier whoever is asked has to speak the language, and be whom the person asked for; 0: preferred.
	Language int `json:"language_must"`
	Gender   int `json:"gender_must"`
	Returns  int `json:"returns_days"` // for how long whoever a person talked with is asked first; 0: never
}

// SettingsArgs are a line's settings, all of them.
type SettingsArgs struct {
	LineArgs
	RotaSettings
	Reason string `json:"reason,omitempty"`
}

func (a SettingsArgs) check() error {
	return first(a.LineArgs.check(), checkText("reason", a.Reason, hotline.MaxNote, false))
}

func (x call) settings(a LineArgs) (RotaSettings, error) {
	s, err := x.console.parts.Duty.Settings(x, x.v, a.Line)
	return RotaSettings(s), err
}

func (x call) setSettings(a SettingsArgs) (Empty, error) {
	return Empty{}, x.console.parts.Duty.SetSettings(x, x.v, a.Line, hotline.RotaSettings(a.RotaSettings), a.Reason)
}

// Template replaces the grid on its dates. Its slots need no day.
type Template struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Holiday bool     `json:"holiday"` // its dates count as holidays
	Dates   []string `json:"dates"`
	Slots   []Slot   `json:"slots"`
}

// Temporary replaces the grid from one date to another, both included.
type Temporary struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	From     string `json:"from"`
	To       string `json:"to"`
	Fallback string `json:"fallback"` // grid, none, or the e-mail address of who stands in
	Slots    []Slot `json:"slots"`
}

// OverlaysResult is what lies over a line's grid from today on.
type OverlaysResult struct {
	Templates []Template  `json:"templates"`
	Temporary []Temporary `json:"temporary"`
}

func (x call) overlays(a LineArgs) (OverlaysResult, error) {
	all, err := x.console.parts.Duty.Overlays(x, x.v, a.Line)
	r := OverlaysResult{Templates: []Template{}, Temporary: []Temporary{}}
	for _, t := range all.Templates {
		slots, readErr := slotsOf(t.Slots)
		err = first(err, readErr)
		r.Templates = append(r.Templates, Template{t.ID, t.Name, t.Holiday, listed(t.Dates), slots})
	}
	for _, t := range all.Temporary {
		slots, readErr := slotsOf(t.Slots)
		err = first(err, readErr)
		r.Temporary = append(r.Temporary, Temporary{t.ID, t.Name, t.From, t.To, t.Fallback, slots})
	}
	return r, err
}

func slotsOf(raw []byte) ([]Slot, error) {
	slots := []Slot{}
	if err := json.Unmarshal(raw, &slots); err != nil {
		return slots, fmt.Errorf("read slots: %w", err)
	}
	return slots, nil
}

// TemplateArgs lay a template on dates; one of the same name is replaced. Holiday is true when it is left out.
type TemplateArgs struct {
	LineArgs
	Name    string   `json:"name"`
	Holiday *bool    `json:"holiday,omitempty"`
	Dates   []string `json:"dates"`
	Slots   []Slot   `json:"slots"`
	Reason  string   `json:"reason,omitempty"` // needed when it opens a gap
}

func (a TemplateArgs) check() error {
	return first(a.LineArgs.check(), checkText("name", a.Name, maxReason, true), checkText("reason", a.Reason, maxReason, false))
}

// FindingsResult is what coverage says now.
type FindingsResult struct {
	Findings []Finding `json:"findings"`
}

func (x call) setTemplate(a TemplateArgs) (FindingsResult, error) {
	found, err := x.console.parts.Duty.SetTemplate(x, x.v, a.Line, a.template(), a.Reason)
	return FindingsResult{each(found, findingOf)}, err
}

func (a TemplateArgs) template() hotline.DayTemplate {
	return hotline.DayTemplate{Name: a.Name, Holiday: a.Holiday == nil || *a.Holiday, Dates: a.Dates, Slots: encode(listed(a.Slots))}
}

// TemporaryArgs lay a plan over some dates; one over the same dates is replaced. A slot has a date, or a day of the week
// on each of which it stands.
type TemporaryArgs struct {
	LineArgs
	Name     string `json:"name,omitempty"`
	From     string `json:"from"`
	To       string `json:"to"`
	Slots    []Slot `json:"slots"`
	Fallback string `json:"fallback"`
	Reason   string `json:"reason,omitempty"` // needed when it opens a gap
}

func (a TemporaryArgs) check() error {
	return first(a.LineArgs.check(), checkText("name", a.Name, maxReason, false), checkText("reason", a.Reason, maxReason, false))
}

func (x call) setTemporary(a TemporaryArgs) (FindingsResult, error) {
	found, err := x.console.parts.Duty.SetTemporary(x, x.v, a.Line, a.plan(), a.Reason)
	return FindingsResult{each(found, findingOf)}, err
}

func (a TemporaryArgs) plan() hotline.TemporaryPlan {
	return hotline.TemporaryPlan{Name: a.Name, From: a.From, To: a.To, Fallback: a.Fallback, Slots: encode(listed(a.Slots))}
}

// OverlayArgs name a template, a temporary plan or a change to a shift.
type OverlayArgs struct {
	LineArgs
	ID     string `json:"id"`
	Reason string `json:"reason,omitempty"` // needed when it opens a gap
}

func (a OverlayArgs) check() error {
	return first(a.LineArgs.check(), checkID("id", a.ID), checkText("reason", a.Reason, maxReason, false))
}

func (x call) dropOverlay(a OverlayArgs) (FindingsResult, error) {
	found, err := x.console.parts.Duty.DropOverlay(x, x.v, a.Line, a.ID, a.Reason)
	return FindingsResult{each(found, findingOf)}, err
}

// Share is what one person has to carry.
type Share struct {
	User     hotline.UserID `json:"user"`
	Hours    float64        `json:"hours"`
	Nights   int            `json:"nights"`
	Weekends int            `json:"weekends"`
	Holidays int            `json:"holidays"`
	Pages    int            `json:"pages"`  // offers that she took
	Missed   int            `json:"missed"` // offers that she let pass
	FromMean float64        `json:"from_mean_h"`
}

// FairnessResult is what each has to carry, the most first.
type FairnessResult struct {
	People []Share `json:"people"`
}

func (x call) fairness(a SpanArgs) (FairnessResult, error) {
	all, err := x.console.parts.Duty.Fairness(x, x.v, a.Line, a.From, a.To)
	return FairnessResult{each(all, func(f hotline.Fair) Share {
		return Share{f.User, tenths(f.Hours), f.Nights, f.Weekends, f.Holidays, f.Answered, f.Missed, tenths(f.FromMean)}
	})}, err
}

// tenths is a time in hours, to the tenth.
func tenths(d time.Duration) float64 { return float64(d.Round(6*time.Minute)/(6*time.Minute)) / 10 }
