package rota

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// The most that a rota holds. A network's fits many times over; a slip of the hand does not.
const (
	maxBytes = 1 << 20
	maxWeeks = 53
	maxSlots = 500
	maxTier  = 9
	maxUsers = 100
	maxName  = 320
)

// wire is the JSON, with what may be left out.
type wire struct {
	Line   string            `json:"line"`
	Zone   string            `json:"zone"`
	Weeks  *int              `json:"weeks"`
	Anchor string            `json:"anchor"`
	Slots  []json.RawMessage `json:"slots"`
}

type wireSlot struct {
	Week      int      `json:"week"`
	Day       int      `json:"day"`
	Start     string   `json:"start"`
	End       string   `json:"end"`
	Tier      int      `json:"tier"`
	Min       *int     `json:"min"`
	Users     []string `json:"users"`
	Languages []string `json:"languages"`
	Kind      Kind     `json:"kind"`
}

// Parse reads a rota from JSON. It is strict: a field that is not known, a wrong value, and a person who stands twice in
// one tier at one time are a [Fault] that names the slot. Weeks is 1, min is 1 and kind is duty when left out; the anchor
// may be left out when there is one week.
func Parse(doc []byte) (Rota, error) {
	if len(doc) > maxBytes {
		return Rota{}, fault(0, "a rota is at most 1 MiB")
	}
	var w wire
	if err := strictly(doc, &w); err != nil {
		return Rota{}, fault(0, "the rota %s", err)
	}
	r := Rota{Line: w.Line, Zone: w.Zone, Weeks: 1, Anchor: w.Anchor}
	if w.Weeks != nil {
		r.Weeks = *w.Weeks
	}
	if err := r.settle(); err != nil {
		return Rota{}, err
	}
	if len(w.Slots) > maxSlots {
		return Rota{}, fault(0, "a rota has at most %d slots", maxSlots)
	}
	r.Slots = make([]Slot, 0, len(w.Slots))
	for i, raw := range w.Slots {
		s, err := r.slot(raw)
		if err != nil {
			return Rota{}, fault(i+1, "%s", err)
		}
		r.Slots = append(r.Slots, s)
	}
	if len(r.Slots) == 0 {
		return Rota{}, fault(0, "slots is empty: a rota has at least one")
	}
	return r, r.overlaps()
}

// Format writes a rota as JSON that Parse reads again.
func Format(r Rota) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		panic("rota: a rota does not encode: " + err.Error())
	}
	return b.Bytes()
}

// strictly decodes one JSON object and nothing else. Its errors go on after the name of the thing.
func strictly(doc []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Errorf("has a %s that is no %s", kind.Field, kindName(kind.Type.String()))
	case errors.As(err, &kind):
		return errors.New("is no JSON object")
	case err != nil && strings.HasPrefix(err.Error(), "json: unknown field "):
		return fmt.Errorf("has a field that is not known: %s", quoted(strings.Trim(strings.TrimPrefix(err.Error(), "json: unknown field "), `"`)))
	case err != nil:
		return errors.New("is no JSON that can be read")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("is followed by something else")
	}
	return nil
}

func kindName(t string) string {
	switch strings.TrimLeft(t, "*") {
	case "int":
		return "whole number"
	case "string", "rota.Kind":
		return "text"
	}
	return "list"
}

// settle checks what is said of the rota as a whole, and finds its zone and its first Monday.
func (r *Rota) settle() error {
	if !lineOK(r.Line) {
		return fault(0, "line is a number of the hotline like +4570201550, or * for every line")
	}
	place, err := time.LoadLocation(r.Zone)
	if err != nil || r.Zone == "" || r.Zone == "Local" {
		return fault(0, "zone %s is not known: give one like Europe/Copenhagen", quoted(r.Zone))
	}
	if r.Weeks < 1 || r.Weeks > maxWeeks {
		return fault(0, "weeks is 1 to %d", maxWeeks)
	}
	first, ok := dateOf(r.Anchor)
	switch {
	case r.Anchor == "" && r.Weeks == 1:
	case !ok:
		return fault(0, "anchor is a date like 2026-11-23")
	case r.Weeks > 1 && first.weekday() != 1:
		return fault(0, "anchor %s is a %s: give the Monday on which week 0 begins", r.Anchor, weekdays[first.weekday()-1])
	}
	r.place, r.first = place, first.monday()
	return nil
}

func lineOK(line string) bool {
	digits := strings.TrimPrefix(line, "+")
	return line == AllLines || len(digits) >= 3 && len(digits) <= 15 && strings.Trim(digits, "0123456789") == ""
}

// slot reads one slot.
func (r Rota) slot(raw []byte) (Slot, error) {
	var w wireSlot
	if err := strictly(raw, &w); err != nil {
		return Slot{}, fmt.Errorf("it %w", err)
	}
	s := Slot{Week: w.Week, Day: w.Day, Tier: w.Tier, Min: 1, Users: []string{}, Kind: w.Kind}
	if w.Min != nil {
		s.Min = *w.Min
	}
	if s.Kind == "" {
		s.Kind = Duty
	}
	var startOK, endOK bool
	s.Start, startOK = minuteOf(w.Start)
	s.End, endOK = minuteOf(w.End)
	switch {
	case !startOK || s.Start == minutesADay:
		return s, fmt.Errorf("start %s is not a time from 00:00 to 23:59", quoted(w.Start))
	case !endOK:
		return s, fmt.Errorf("end %s is not a time from 00:00 to 24:00", quoted(w.End))
	}
	if err := r.fits(s); err != nil {
		return s, err
	}
	var err error
	if s.Users, err = names(w.Users); err != nil {
		return s, err
	}
	if s.Kind == Closed && len(s.Users) > 0 {
		return s, errors.New("it is closed and names users: a closed slot has none")
	}
	s.Languages, err = languages(w.Languages)
	return s, err
}

// fits checks a slot's numbers against the rota.
func (r Rota) fits(s Slot) error {
	switch {
	case s.Week < 0 || s.Week >= r.Weeks:
		return fmt.Errorf("week is 0 to %d", r.Weeks-1)
	case s.Day < 1 || s.Day > 7:
		return errors.New("day is 1 (Monday) to 7 (Sunday)")
	case s.Tier < 1 || s.Tier > maxTier:
		return fmt.Errorf("tier is 1 to %d", maxTier)
	case s.Min < 0 || s.Min > maxUsers:
		return fmt.Errorf("min is 0 to %d", maxUsers)
	case s.Kind != Duty && s.Kind != Closed && s.Kind != Shadow:
		return fmt.Errorf("kind %s is not known: duty, closed or shadow", quoted(string(s.Kind)))
	}
	return nil
}

func names(users []string) ([]string, error) {
	if len(users) > maxUsers {
		return nil, fmt.Errorf("it names more than %d users", maxUsers)
	}
	out := make([]string, 0, len(users))
	for _, u := range users {
		u = strings.TrimSpace(u)
		if u == "" || len(u) > maxName {
			return nil, errors.New("a user is an e-mail address, and one is empty or too long")
		}
		out = append(out, u)
	}
	return out, nil
}

func languages(codes []string) ([]string, error) {
	var out []string
	for _, code := range codes {
		l := strings.ToLower(strings.TrimSpace(code))
		if len(l) < 2 || len(l) > 8 || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz-") != "" {
			return nil, fmt.Errorf("language %s is not a code like en or da", quoted(code))
		}
		out = append(out, l)
	}
	return out, nil
}

// overlaps finds somebody who stands twice in one tier at one time. Looking at the grid is enough: readings that are in
// order stay in order as instants.
func (r Rota) overlaps() error {
	cycle := r.Weeks * minutesAWeek
	for i, s := range r.Slots {
		for j, other := range r.Slots[:i+1] {
			if s.Kind != other.Kind || s.Tier != other.Tier {
				continue
			}
			user, both := shared(s.Users, other.Users, i == j)
			if both && (i == j || meet(s, other, cycle)) {
				return fault(i+1, "it has %s twice at one time: see slot %d", user, j+1)
			}
		}
	}
	return nil
}

// shared finds somebody who is in both lists, or twice in one.
func shared(a, b []string, same bool) (string, bool) {
	for i, x := range a {
		for j, y := range b {
			if x == y && (!same || i != j) {
				return x, true
			}
		}
	}
	return "", false
}

// meet tells whether two slots share a minute of the cycle.
func meet(a, b Slot, cycle int) bool {
	begin := func(s Slot) int { return s.Week*minutesAWeek + (s.Day-1)*minutesADay + int(s.Start) }
	apart := int(floorMod(int64(begin(b)-begin(a)), int64(cycle))) // from a's start to b's next one
	return apart < int(a.until()-a.Start) || cycle-apart < int(b.until()-b.Start)
}
