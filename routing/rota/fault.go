package rota

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Fault says what is wrong with a rota or a plan. It never comes from the program itself.
type Fault struct {
	Line  int    // of the text, from 1; 0: none in particular, or the text has one line
	Slot  int    // of the grid, from 1; 0: it is not about one
	Part  string // what it is about, "slot 3" or "exception 1"; empty: the rota as a whole
	Words string // what is wrong, with the right form

	path string // of the value in the text
}

func (f *Fault) Error() string {
	place := f.Part
	if f.Line > 0 {
		place = strings.TrimSuffix(fmt.Sprintf("line %d, %s", f.Line, f.Part), ", ")
	}
	if place == "" {
		return f.Words
	}
	return place + ": " + f.Words
}

// fault is about a slot of the grid, or the rota as a whole.
func fault(slot int, format string, args ...any) error {
	f := &Fault{Slot: slot, Words: fmt.Sprintf(format, args...)}
	if slot > 0 {
		f.Part, f.path = fmt.Sprint("slot ", slot), fmt.Sprint("slots/", slot-1)
	}
	return f
}

// faultAt is about the value at a path, which people know as a part; they need not see the path.
func faultAt(path, part, format string, args ...any) error {
	return &Fault{Part: part, path: path, Words: fmt.Sprintf(format, args...)}
}

// located finds the line that a fault is about.
func located(err error, doc []byte) error {
	var f *Fault
	if errors.As(err, &f) && f.Line == 0 && bytes.Contains(bytes.TrimSpace(doc), []byte("\n")) {
		f.Line = linesOf(doc)[f.path]
	}
	return err
}

// quoted is a text of the file, cut and quoted.
func quoted(text string) string {
	if len(text) > 60 {
		text = strings.ToValidUTF8(text[:60], "") + "…"
	}
	return fmt.Sprintf("%q", text)
}

// linesOf tells on which line each value of a JSON text stands, by paths like "slots/3". It stops where the text cannot
// be read.
func linesOf(doc []byte) map[string]int {
	w := walk{doc: doc, read: json.NewDecoder(bytes.NewReader(doc)), line: 1, lines: map[string]int{}}
	w.value("", 0)
	return w.lines
}

type walk struct {
	doc   []byte
	read  *json.Decoder
	seen  int64 // up to here lines are counted
	line  int
	lines map[string]int
}

// deepest is below every value that a fault can be about.
const deepest = 6

func (w *walk) value(path string, depth int) bool {
	if depth > deepest {
		var rest json.RawMessage
		return w.read.Decode(&rest) == nil
	}
	token, err := w.read.Token()
	if err != nil {
		return false
	}
	now := w.read.InputOffset()
	w.line += bytes.Count(w.doc[w.seen:now], []byte("\n"))
	w.seen = now
	w.lines[strings.TrimPrefix(path, "/")] = w.line
	if delim, some := token.(json.Delim); some {
		return w.inside(path, depth, delim == '{')
	}
	return true
}

func (w *walk) inside(path string, depth int, object bool) bool {
	for i := 0; w.read.More(); i++ {
		key := any(i)
		if object {
			var err error
			if key, err = w.read.Token(); err != nil {
				return false
			}
		}
		if !w.value(fmt.Sprintf("%s/%v", path, key), depth+1) {
			return false
		}
	}
	_, err := w.read.Token()
	return err == nil
}
