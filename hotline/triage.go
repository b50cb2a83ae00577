package hotline

import (
	"regexp"
	"strings"
	"time"
)

// Values that every triage field may have besides its own.
const (
	Unknown  = "unknown"
	NotAsked = "not_asked"
	Declined = "declined"
)

// Triage is risk and first facts. An empty field was never set and reads as unknown.
type Triage struct {
	Risk      string // immediate, high, medium, low
	SafeNow   string
	About     string // self, other, authority, tip, out_of_scope
	Language  string
	Gender    string
	AgeBand   string
	HeardFrom string
	AsksFor   string // woman, man, anybody
	IfDropped string // what the person wants when the line is lost: we_call, they_call, we_text, nothing
}

// maxTriage is the longest free value, in bytes.
const maxTriage = 200

// Fields gives pointers to the fields by their public names.
func (t *Triage) Fields() map[string]*string {
	return map[string]*string{
		"risk": &t.Risk, "safe_now": &t.SafeNow, "about": &t.About, "language": &t.Language,
		"gender": &t.Gender, "age_band": &t.AgeBand, "heard_from": &t.HeardFrom,
		"if_dropped": &t.IfDropped, "asks_for": &t.AsksFor,
	}
}

var triageValues = map[string][]string{
	"risk":       {"immediate", "high", "medium", "low"},
	"safe_now":   {"yes", "no"},
	"about":      {"self", "other", "authority", "tip", "out_of_scope"},
	"asks_for":   {string(Woman), string(Man), string(Anybody)},
	"if_dropped": {"we_call", "they_call", "we_text", "nothing"},
}

// Set changes the named fields and keeps the rest; after an error it has changed nothing.
func (t *Triage) Set(changes map[string]string) error {
	next := *t
	fields := next.Fields()
	for name, value := range changes {
		field, ok := fields[name]
		if !ok {
			return Say(ErrInvalid, "there is no triage field of that name; nothing was changed")
		}
		if len(value) > maxTriage || !allowed(name, value) {
			return Say(ErrInvalid, name+" cannot have that value; nothing was changed")
		}
		*field = value
	}
	*t = next
	return nil
}

var languageCode = regexp.MustCompile(`^[a-z]{2,3}(-[a-z0-9]{2,8})*$`)

func allowed(name, value string) bool {
	if value == Unknown || value == NotAsked || value == Declined {
		return true
	}
	if name == "language" {
		return languageCode.MatchString(value) // it chooses counsellors, and lies in clear: a code and nothing else
	}
	values, fixed := triageValues[name]
	if !fixed {
		return strings.TrimSpace(value) != ""
	}
	for _, v := range values {
		if v == value {
			return true
		}
	}
	return false
}

// Asks is whom she asked for; empty when that is not known.
func (t Triage) Asks() Gender {
	if g := Gender(t.AsksFor); g.Chooses() || g == Anybody {
		return g
	}
	return ""
}

// urgent is the priority of immediate danger.
const urgent = 30

// Priority is how far the risk moves a contact forward in the queue.
func (t Triage) Priority() int {
	switch t.Risk {
	case "immediate":
		return urgent
	case "high":
		return 20
	case "medium":
		return 10
	}
	return 0
}

// Note is a counsellor's words. It is never edited, only followed by a revision.
type Note struct {
	ID      NoteID
	Contact ContactID
	Text    string
	At      time.Time
	By      UserID
	Revises NoteID
}

// MaxNote is the longest note, in bytes.
const MaxNote = 32 << 10
