package rota

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// wirePlan is the JSON of a plan: that of its grid, and what is laid over it.
type wirePlan struct {
	wire
	Version    int64             `json:"version"`
	Limits     Limits            `json:"limits"`
	Templates  []wireTemplate    `json:"templates"`
	Days       []Day             `json:"days"`
	Temporary  []wireTemporary   `json:"temporary"`
	Exceptions []json.RawMessage `json:"exceptions"`
	Swaps      []json.RawMessage `json:"swaps"`
	Confirmed  []json.RawMessage `json:"confirmed"`
}

type wireTemplate struct {
	ID      string            `json:"id"`
	Name    string            `json:"name"`
	Holiday bool              `json:"holiday"`
	Slots   []json.RawMessage `json:"slots"`
}

type wireTemporary struct {
	ID    string            `json:"id"`
	Name  string            `json:"name"`
	From  string            `json:"from"`
	To    string            `json:"to"`
	Grid  bool              `json:"grid"`
	Users []string          `json:"users"`
	Slots []json.RawMessage `json:"slots"`
}

// ParsePlan reads a plan from JSON. A rota's JSON is a plan with nothing over it. It is as strict as [Parse], and a
// [Fault] names the line and the part.
func ParsePlan(doc []byte) (Plan, error) {
	var w wirePlan
	if err := whole(doc, &w); err != nil {
		return Plan{}, err
	}
	r, err := w.rota(doc)
	if err != nil {
		return Plan{}, located(err, doc)
	}
	over, err := w.overlay()
	if err != nil {
		return Plan{}, located(err, doc)
	}
	if err := w.Limits.wrong(); err != nil {
		return Plan{}, located(err, doc)
	}
	p, err := NewPlan(r, over)
	p.Version, p.Limits = w.Version, w.Limits
	return p, located(err, doc)
}

// ParseOverlay reads what is laid over a grid from JSON, by itself: whether it fits the grid is for [NewPlan] to say.
func ParseOverlay(doc []byte) (Overlay, error) {
	var w wirePlan
	if err := whole(doc, &w); err != nil {
		return Overlay{}, err
	}
	over, err := w.overlay()
	return over, located(err, doc)
}

func (l Limits) wrong() error {
	for _, n := range []int{l.Rest, l.Nights, l.Hours, l.Confirm, l.Test} {
		if n < 0 || n > 10000 {
			return faultAt("limits", "limits", "a limit is 0 to 10000")
		}
	}
	if l.Rest >= 24 {
		return faultAt("limits/rest_hours", "limits", "rest_hours is below 24")
	}
	return nil
}

func (w wirePlan) overlay() (Overlay, error) {
	over := Overlay{Days: w.Days}
	for i, t := range w.Templates {
		slots, err := overSlots(fmt.Sprint("templates/", i), fmt.Sprint("template ", i+1), t.Slots, undated)
		if err != nil {
			return over, err
		}
		over.Templates = append(over.Templates, Template{ID: t.ID, Name: t.Name, Holiday: t.Holiday, Slots: slots})
	}
	for i, t := range w.Temporary {
		path, part := fmt.Sprint("temporary/", i), fmt.Sprint("temporary plan ", i+1)
		slots, err := overSlots(path, part, t.Slots, noDay)
		if err != nil {
			return over, err
		}
		users, err := names(t.Users)
		if err != nil {
			return over, faultAt(path+"/users", part, "%s", err)
		}
		over.Temporary = append(over.Temporary, Temporary{ID: t.ID, Name: t.Name, From: t.From, To: t.To, Grid: t.Grid, Users: users, Slots: slots})
	}
	var err error
	if over.Exceptions, err = items[Exception]("exceptions", "exception", w.Exceptions); err != nil {
		return over, err
	}
	if over.Swaps, err = items[Swap]("swaps", "swap", w.Swaps); err != nil {
		return over, err
	}
	over.Confirmed, err = items[Confirmation]("confirmed", "confirmation", w.Confirmed)
	return over, err
}

// overSlots reads the slots of a template or a temporary plan.
func overSlots(path, part string, raw []json.RawMessage, fits func(Slot) error) ([]Slot, error) {
	slots := make([]Slot, 0, len(raw))
	for i, one := range raw {
		s, err := readSlot(one, fits)
		if err != nil {
			return nil, faultAt(fmt.Sprint(path, "/slots/", i), part, "slot %d: %s", i+1, err)
		}
		slots = append(slots, s)
	}
	return slots, nil
}

// noDay: a slot that is laid over the grid has no place in the grid's weeks.
func noDay(s Slot) error {
	if s.Week != 0 || s.Day != 0 {
		return errors.New("it has a week or a day: only a slot of the grid does")
	}
	return nil
}

func undated(s Slot) error {
	if s.Date != "" {
		return errors.New("it has a date: a template is laid on dates by days")
	}
	return noDay(s)
}

// items reads a list, and names the one that cannot be read.
func items[T any](path, part string, raw []json.RawMessage) ([]T, error) {
	var all []T
	for i, one := range raw {
		var item T
		if err := strictly(one, &item); err != nil {
			return nil, faultAt(fmt.Sprint(path, "/", i), fmt.Sprint(part, " ", i+1), "it %s", err)
		}
		all = append(all, item)
	}
	return all, nil
}

// FormatPlan writes a plan as JSON that [ParsePlan] reads again. Every slot has its id in it, so that an edit by whoever
// reads it keeps the shifts.
func FormatPlan(p Plan) []byte {
	out := struct {
		Rota
		Version int64   `json:"version,omitempty"`
		Limits  *Limits `json:"limits,omitempty"`
		Overlay
	}{Rota: p.Rota, Version: p.Version, Overlay: p.over}
	if p.Limits != (Limits{}) {
		out.Limits = &p.Limits
	}
	next := 0
	named := func(slots []Slot) []Slot {
		all := make([]Slot, len(slots))
		for i, s := range slots {
			s.ID = p.ids[next]
			all[i], next = s, next+1
		}
		return all
	}
	out.Slots = named(p.Slots)
	out.Templates = append([]Template(nil), p.over.Templates...)
	for i, t := range out.Templates {
		out.Templates[i].Slots = named(t.Slots)
	}
	out.Temporary = append([]Temporary(nil), p.over.Temporary...)
	for i, t := range out.Temporary {
		out.Temporary[i].Slots = named(t.Slots)
		if len(t.Users) > 0 {
			next++ // who stands in
		}
	}
	var b bytes.Buffer
	encode(&b, out)
	return b.Bytes()
}

// Renamed is [Rota.Renamed] for everybody in the plan.
func (p Plan) Renamed(name func(user string) (string, error)) (Plan, error) {
	r, err := p.Rota.Renamed(name)
	if err != nil {
		return Plan{}, err
	}
	n := naming{name: name}
	var over Overlay
	over.Days = p.over.Days
	for i, t := range p.over.Templates {
		n.part = fmt.Sprint("template ", i+1)
		t.Slots = n.slots(t.Slots)
		over.Templates = append(over.Templates, t)
	}
	for i, t := range p.over.Temporary {
		n.part = fmt.Sprint("temporary plan ", i+1)
		t.Slots, t.Users = n.slots(t.Slots), n.users(t.Users)
		over.Temporary = append(over.Temporary, t)
	}
	for i, e := range p.over.Exceptions {
		n.part = fmt.Sprint("exception ", i+1)
		e.User, e.By = n.user(e.User), n.user(e.By)
		over.Exceptions = append(over.Exceptions, e)
	}
	for i, s := range p.over.Swaps {
		n.part = fmt.Sprint("swap ", i+1)
		s.User, s.By = n.user(s.User), n.user(s.By)
		over.Swaps = append(over.Swaps, s)
	}
	for i, said := range p.over.Confirmed {
		n.part = fmt.Sprint("confirmation ", i+1)
		said.User = n.user(said.User)
		over.Confirmed = append(over.Confirmed, said)
	}
	if n.err != nil {
		return Plan{}, n.err
	}
	fresh := p
	fresh.Rota = r
	return fresh.Laid(over)
}

// naming gives people other names, and keeps the first error.
type naming struct {
	name func(string) (string, error)
	part string
	err  error
}

func (n *naming) user(user string) string {
	if user == "" || n.err != nil {
		return user
	}
	other, err := n.name(user)
	if err != nil {
		n.err = &Fault{Part: n.part, Words: err.Error()}
	}
	return other
}

func (n *naming) users(users []string) []string {
	all := make([]string, len(users))
	for i, u := range users {
		all[i] = n.user(u)
	}
	return all
}

func (n *naming) slots(slots []Slot) []Slot {
	all := make([]Slot, len(slots))
	for i, s := range slots {
		s.Users = n.users(s.Users)
		all[i] = s
	}
	return all
}
