package rota

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
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

// Parse reads a rota from JSON. It is strict: a field that is not known, a wrong value, and a person who stands twice in
// one tier at one time are a [Fault] that names the slot. Weeks is 1, min is 1 and kind is duty when left out; the anchor
// may be left out when there is one week.
func Parse(doc []byte) (Rota, error) {
	var w wire
	if err := whole(doc, &w); err != nil {
		return Rota{}, err
	}
	r, err := w.rota(doc)
	return r, located(err, doc)
}

// whole reads a text that is one object and not too long.
func whole(doc []byte, into any) error {
	if len(doc) > maxBytes {
		return fault(0, "a rota is at most 1 MiB")
	}
	err := strictly(doc, into)
	if err == nil {
		return nil
	}
	f := &Fault{Words: "the rota " + err.Error()}
	var syntax *unread
	if errors.As(err, &syntax) && bytes.Contains(bytes.TrimSpace(doc), []byte("\n")) {
		f.Line = 1 + bytes.Count(doc[:min(int(syntax.at), len(doc))], []byte("\n"))
	}
	return f
}

// rota makes what was read a rota.
func (w wire) rota(doc []byte) (Rota, error) {
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
		s, err := readSlot(raw, r.fits)
		if err != nil {
			return Rota{}, fault(i+1, "%s", err)
		}
		r.Slots = append(r.Slots, s)
	}
	if len(r.Slots) == 0 {
		return Rota{}, fault(0, "slots is empty: a rota has at least one")
	}
	var double int
	if r.ids, double = identify(r.Slots, "", map[string]bool{}); double >= 0 {
		return Rota{}, fault(double+1, "its id %s is that of another slot too", quoted(r.Slots[double].ID))
	}
	r.lines = slotLines(doc, len(r.Slots))
	return r, r.overlaps()
}

// slotLines are the lines of the slots, for faults that are found later.
func slotLines(doc []byte, n int) []int {
	if !bytes.Contains(bytes.TrimSpace(doc), []byte("\n")) {
		return nil
	}
	lines := linesOf(doc)
	out := make([]int, n)
	for i := range out {
		out[i] = lines[fmt.Sprint("slots/", i)]
	}
	return out
}

// Format writes a rota as JSON that Parse reads again.
func Format(r Rota) []byte {
	var b bytes.Buffer
	encode(&b, r)
	return b.Bytes()
}

func encode(into *bytes.Buffer, what any) {
	e := json.NewEncoder(into)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(what); err != nil {
		panic("rota: it does not encode: " + err.Error())
	}
}

// unread is JSON that ends or breaks at a byte of the text.
type unread struct{ at int64 }

func (*unread) Error() string { return "is no JSON that can be read" }

// strictly decodes one JSON object and nothing else. Its errors go on after the name of the thing.
func strictly(doc []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	var kind *json.UnmarshalTypeError
	var f *Fault
	switch {
	case errors.As(err, &f):
		return fmt.Errorf("is wrong: %s", f.Words)
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Errorf("has a %s that is no %s", kind.Field, kindName(kind.Type.String()))
	case errors.As(err, &kind):
		return errors.New("is no JSON object")
	case err != nil && strings.HasPrefix(err.Error(), "json: unknown field "):
		return fmt.Errorf("has a field that is not known: %s", quoted(strings.Trim(strings.TrimPrefix(err.Error(), "json: unknown field "), `"`)))
	case err != nil:
		return &unread{at: brokenAt(err, int64(len(doc)))}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("is followed by something else")
	}
	return nil
}

// brokenAt is the byte at which JSON could not be read; else is the end.
func brokenAt(err error, end int64) int64 {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return max(0, syntax.Offset-1)
	}
	return end
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
		return faultAt("line", "", "line is a number of the hotline like +4570201550, or * for every line")
	}
	place, err := Zones().Place(r.Zone)
	if err != nil {
		return faultAt("zone", "", "zone %s is not known: give one like Europe/Copenhagen", quoted(r.Zone))
	}
	if r.Weeks < 1 || r.Weeks > maxWeeks {
		return faultAt("weeks", "", "weeks is 1 to %d", maxWeeks)
	}
	first, ok := dateOf(r.Anchor)
	switch {
	case r.Anchor == "" && r.Weeks == 1:
	case !ok:
		return faultAt("anchor", "", "anchor is a date like 2026-11-23")
	case r.Weeks > 1 && first.weekday() != 1:
		return faultAt("anchor", "", "anchor %s is a %s: give the Monday on which week 0 begins", r.Anchor, weekdays[first.weekday()-1])
	}
	r.place, r.first = place, first.monday()
	return nil
}

func lineOK(line string) bool {
	digits := strings.TrimPrefix(line, "+")
	return line == AllLines || len(digits) >= 3 && len(digits) <= 15 && strings.Trim(digits, "0123456789") == ""
}
