package rota

import (
	"fmt"
	"slices"
	"time"
)

// Plan is a grid and what is laid over it. Only [NewPlan], [ParsePlan] and a plan's own methods make one.
//
// Temporary plans and days with a template replace the grid for the shifts that start on their dates, a temporary plan
// before a template. Exceptions apply last, in the order in which they were saved, and two on one seat of one shift are
// refused. A swap changes nothing before [Plan.Accept] makes it a cover.
type Plan struct {
	Rota
	Version int64  // a number that rises with each change; it is the calendar's sequence
	Limits  Limits // of work, for coverage

	over  Overlay
	all   []Slot // the grid's, the templates', the temporary plans', and their stand-ins; a shift's slot is its number here
	ids   []string
	from  []Source
	days  map[date][]int // slots that replace the grid, by their place in all
	temps []laid
	apply map[ShiftID][]Exception // by the whole shift
}

// Schedule is what may be resolved: a [Rota] by itself, a [Plan], or the [History] of one.
type Schedule interface {
	plan() Plan // that of now
	shifts(from, to time.Time) []Shift
	eras(from, to time.Time) []era
}

// era is a time in which one grid held, with the same templates and temporary plans over it.
type era struct {
	Plan
	Span
	bare bool // what lay over the grid did not fit, and was left out
}

func (r Rota) plan() Plan { return Plan{Rota: r, all: r.Slots, ids: r.ids} }

func (r Rota) shifts(from, to time.Time) []Shift { return r.plan().shifts(from, to) }

func (r Rota) eras(from, to time.Time) []era { return r.plan().eras(from, to) }

func (p Plan) plan() Plan { return p }

func (p Plan) eras(from, to time.Time) []era { return []era{{Plan: p, Span: Span{from, to}}} }

// planAt is what held at an instant; that of now where nothing did.
func planAt(s Schedule, at time.Time) Plan {
	for _, e := range s.eras(at, at.Add(1)) {
		return e.Plan
	}
	return s.plan()
}

// Overlay is what is laid over a grid.
type Overlay struct {
	Templates  []Template     `json:"templates,omitempty"`
	Days       []Day          `json:"days,omitempty"`
	Temporary  []Temporary    `json:"temporary,omitempty"`
	Exceptions []Exception    `json:"exceptions,omitempty"`
	Swaps      []Swap         `json:"swaps,omitempty"`
	Confirmed  []Confirmation `json:"confirmed,omitempty"`
}

// Confirmation says that somebody will come to a seat. It is hers: whoever has the seat after her said nothing.
type Confirmation struct {
	Shift ShiftID `json:"shift"`
	User  string  `json:"user"`
}

// Template is a day that may replace the grid's: "public holiday". Its slots start on the date that it is laid on.
type Template struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Holiday bool   `json:"holiday,omitempty"` // its dates count as holidays
	Slots   []Slot `json:"slots"`
}

// Day lays a template on a date.
type Day struct {
	Date     string `json:"date"`
	Template string `json:"template"`
}

// Temporary replaces the grid from one date to another, both included. Where nobody of its own is planned, people of the
// grid stand in, tier by tier, or its users do so in tier 1; or neither.
type Temporary struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	From  string   `json:"from"`
	To    string   `json:"to"`
	Grid  bool     `json:"grid,omitempty"`
	Users []string `json:"users,omitempty"`
	Slots []Slot   `json:"slots"` // each with its date
}

// Exception changes one shift. It is bound to a seat, and moves with the shift. When a cover's User is not in the shift
// any more, By comes all the same; coverage says so.
type Exception struct {
	ID    string  `json:"id"`
	Kind  Change  `json:"kind"`
	Shift ShiftID `json:"shift"`
	User  string  `json:"user,omitempty"` // who does not come; of an absence and a cover
	By    string  `json:"by,omitempty"`   // who comes; of a cover and an extra
}

// Change is what an exception does.
type Change string

// The kinds of exception.
const (
	Absence Change = "absence" // User does not come, and the seat is empty
	Cover   Change = "cover"   // By comes for User
	Extra   Change = "extra"   // By comes too; seats from 101
	Cancel  Change = "cancel"  // the shift is not held; seat 0
)

// Source says where a shift comes from.
type Source struct {
	Kind string // FromGrid …
	ID   string // of the template or the temporary plan
}

// The kinds of source.
const (
	FromGrid      = "grid"
	FromTemplate  = "template"
	FromTemporary = "temporary"
	FromStandIn   = "stand_in" // the users of a temporary plan, where nobody else is
)

// laid is a temporary plan, by dates.
type laid struct {
	from, to date
	grid     bool
	slots    map[date][]int
	standIn  int // -1: none
}

// NewPlan lays an overlay over a grid. A fault in it is a [Fault] that names the part.
func NewPlan(r Rota, over Overlay) (Plan, error) {
	p := r.plan()
	p.over = over
	p.all, p.ids = slices.Clone(r.Slots), slices.Clone(r.ids)
	p.from = slices.Repeat([]Source{{Kind: FromGrid}}, len(r.Slots))
	c := check{Plan: &p, taken: map[string]bool{}, parts: map[string]bool{}}
	for _, id := range r.ids {
		c.taken[id] = true
	}
	return p, c.all()
}

// Over gives what is laid over the grid; it is not to be changed.
func (p Plan) Over() Overlay { return p.over }

// Laid gives the plan with something else over the grid.
func (p Plan) Laid(over Overlay) (Plan, error) {
	fresh, err := NewPlan(p.Rota, over)
	fresh.Version, fresh.Limits = p.Version, p.Limits
	return fresh, err
}

// With gives the plan with more exceptions, saved in this order. An extra without a seat gets the next one of its shift.
func (p Plan) With(more ...Exception) (Plan, error) {
	over := p.over
	over.Exceptions = slices.Concat(over.Exceptions, more)
	return p.Laid(over)
}

// Words say which slot number n (from 1) is, for a person to read.
func (p Plan) Words(n int) string {
	if n <= len(p.Rota.Slots) {
		return p.Rota.Words(n)
	}
	s, from := p.all[n-1], p.from[n-1]
	hours := fmt.Sprintf("%s–%s", s.Start, s.End)
	switch from.Kind {
	case FromTemplate:
		return fmt.Sprintf("%s: %s (%s)", quoted(p.named(from)), hours, p.Zone)
	case FromStandIn:
		return fmt.Sprintf("who stands in by %s (%s)", quoted(p.named(from)), p.Zone)
	}
	return fmt.Sprintf("%s: %s %s (%s)", quoted(p.named(from)), s.Date, hours, p.Zone)
}

// named is the name of a template or a temporary plan; its id when it has none.
func (p Plan) named(from Source) string {
	for _, t := range p.over.Templates {
		if t.ID == from.ID && t.Name != "" {
			return t.Name
		}
	}
	for _, t := range p.over.Temporary {
		if t.ID == from.ID && t.Name != "" {
			return t.Name
		}
	}
	return from.ID
}
