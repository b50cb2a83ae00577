package fallback

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"time"
)

// Plan is what the house pushes: whom to ring on which line.
type Plan struct {
	Made  time.Time       `json:"made"`  // by the house's clock; an older plan does not replace a newer
	Lines map[string]Line `json:"lines"` // by the line's number, "+4570201550"
}

// Line is a number of the hotline's own.
type Line struct {
	Languages []string `json:"languages"`        // codes like "da", in the order in which they are spoken
	Duty      []Person `json:"duty"`             // in the order of asking; somebody with several times stands there once for each
	Backup    string   `json:"backup,omitempty"` // a number outside, rung last: a person's, who presses 1 as the others do
}

// Person is somebody on duty from one time until another.
type Person struct {
	ID     string    `json:"id"` // opaque; it is in addresses
	Phone  string    `json:"phone"`
	Speaks string    `json:"speaks"`         // the language that she is spoken to in
	From   time.Time `json:"from,omitzero"`  // zero: always
	Until  time.Time `json:"until,omitzero"` // zero: always
}

// String names no number.
func (p Person) String() string { return p.ID }

// GoString names no number.
func (p Person) GoString() string { return p.ID }

// String names no number.
func (l Line) String() string { return "(a line)" }

// GoString names no number.
func (l Line) GoString() string { return l.String() }

// outside is the id of a line's number outside.
const outside = "outside"

// Asked are those to be rung at a time, in order, each once, the number outside last.
func (l Line) Asked(now time.Time) []Person {
	var all []Person
	for _, p := range l.Duty {
		on := !now.Before(p.From) && (p.Until.IsZero() || now.Before(p.Until))
		if on && !slices.ContainsFunc(all, func(o Person) bool { return o.ID == p.ID }) {
			all = append(all, p)
		}
	}
	if l.Backup != "" {
		all = append(all, Person{ID: outside, Phone: l.Backup, Speaks: l.speaks()[0]})
	}
	return all
}

// Digest is the same for plans that ring the same people at the same times: SHA-256 in hex.
func (p Plan) Digest() string {
	text, err := json.Marshal(p.Lines)
	if err != nil {
		return "" // strings and times from 0 to 9999 cannot fail; check lets nothing else in
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

var international = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// International tells whether a number can be dialled from everywhere, as "+4520000001": no short one, no emergency's.
func International(number string) bool { return international.MatchString(number) }

// Check says what is wrong with a plan; it names no number.
func (p Plan) Check() error {
	for number, l := range p.Lines {
		switch {
		case !International(number):
			return errors.New("a line is not a number like +4570201550")
		case l.Backup != "" && !International(l.Backup):
			return errors.New("a backup is not a number like +4520000001")
		}
		for _, d := range l.Duty {
			switch {
			case d.ID == "" || d.ID == outside || len(d.ID) > 100:
				return errors.New("a person's id is missing, too long, or not free to use")
			case !International(d.Phone):
				return errors.New("a person's phone is not a number like +4520000001")
			}
		}
	}
	return nil
}

// people counts the numbers of a plan's lines.
func (p Plan) people() int {
	n := 0
	for _, l := range p.Lines {
		n += len(l.Duty)
	}
	return n
}
