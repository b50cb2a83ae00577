package hotline

import (
	"slices"
	"time"
)

// Gender is what somebody who works here is, or whom a person asks for. Empty: nobody said.
type Gender string

// The genders that somebody can ask for, and that it is no matter.
const (
	Woman   Gender = "woman"
	Man     Gender = "man"
	Anybody Gender = "anybody"
)

// Chooses tells whether g is one that not everybody is.
func (g Gender) Chooses() bool { return g == Woman || g == Man }

// Musts are up to which tier, that one too, who is asked has to be what the contact needs; above it, and for
// supervisors who are off duty, it is preferred. 0: preferred in every tier. A need may be dropped by a human only.
type Musts struct {
	Language int // speaks its language
	Gender   int // is whom she asks for
}

// Needs are what a line wants of who is asked for whom.
type Needs struct {
	Musts
	WomanKey bool // callers may ask for a woman by a key
	Returns  int  // for how many days whoever a person talked with is asked first when she comes back; 0: never
}

// UsualReturns are the days of a line that set none.
const UsualReturns = 30

// Unmet are the needs of a contact that a user does not meet.
type Unmet struct{ Language, Gender bool }

// Count is how many there are.
func (u Unmet) Count() (n int) {
	if u.Language {
		n++
	}
	if u.Gender {
		n++
	}
	return n
}

// Unmet tells what of a contact's needs somebody with these languages and this gender does not meet.
func (w Waiting) Unmet(languages []string, gender Gender) Unmet {
	return Unmet{Language: w.Language != "" && !slices.Contains(languages, w.Language),
		Gender: w.AsksFor.Chooses() && w.AsksFor != gender}
}

// Bars tells whether somebody in a tier may not be asked, for what she does not meet.
func (m Musts) Bars(u Unmet, tier int) bool {
	return tier != LastTier && (u.Language && tier <= m.Language || u.Gender && tier <= m.Gender)
}

// triaged: a language that nobody says any more stays what it was said to be, whom she asked for too, and who is in danger stays urgent.
func (m *machine) triaged(e Triaged) {
	m.Priority = e.Priority
	if !m.Danger.IsZero() {
		m.Priority = max(m.Priority, urgent)
	}
	language, asks := m.SpokenLanguage(), m.AsksFor
	if e.Language != "" || m.Channel != Voice {
		m.Language = e.Language
	}
	if e.AsksFor != "" {
		m.AsksFor = e.AsksFor
	}
	if m.AsksFor != asks || m.SpokenLanguage() != language {
		m.Unfit = time.Time{} // another need
	}
}

var errBarred = Say(ErrConflict, "this person is for others to talk with: leave it to a colleague; nothing was changed")

// barredTo takes what is held out to her back. A contact that she has stays hers until she hands it over.
func (m *machine) barredTo(e BarredTo) {
	if e.On == m.Bars(e.User) {
		return
	}
	if !e.On {
		m.Barred = slices.DeleteFunc(slices.Clone(m.Barred), func(u UserID) bool { return u == e.User })
		return
	}
	m.Barred = append(slices.Clone(m.Barred), e.User)
	if m.Preferred == e.User {
		m.Preferred = ""
	}
	m.endHeld(e.User, Withdrawn, false)
}

// prefer lets somebody be asked first, unless she is not for this person.
func (m *machine) prefer(user UserID) {
	if m.Preferred = user; m.Bars(user) {
		m.Preferred = ""
	}
}
