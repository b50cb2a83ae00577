package hotline

import (
	"slices"
	"strings"
	"time"
)

// Ids are opaque strings, each of its own type so that one is never passed for another.
type (
	ContactID string
	MessageID string
	NoteID    string
	MediaID   string
	UserID    string
	LineID    string // a number of ours: "+45…"
)

// Role is what a user may do.
type Role string

// The roles of the contract.
const (
	Counsellor Role = "counsellor"
	Supervisor Role = "supervisor"
	Admin      Role = "admin"
	// Interpreter is rung into a talk by the rota. She has no console, never logs in, and is offered nothing.
	Interpreter Role = "interpreter"
)

// Known tells whether r is a role of the contract.
func (r Role) Known() bool { return r.LogsIn() || r == Interpreter }

// LogsIn tells whether people of this role have a console.
func (r Role) LogsIn() bool { return r == Counsellor || r == Supervisor || r == Admin }

// Interprets tells whether people of this role may be rung into a talk as interpreters.
func (r Role) Interprets() bool { return r.Answers() || r == Interpreter }

// Answers tells whether people of this role are offered contacts.
func (r Role) Answers() bool { return r == Counsellor || r == Supervisor }

// Presence is a user's own switch.
type Presence string

// A user is available or away; the first value is away.
const (
	Available Presence = "available"
	Away      Presence = "away"
)

// Ringing is how a user takes calls.
type Ringing string

// Calls ring in the browser (the first value), on the user's own phone, or not at all.
const (
	InBrowser Ringing = "browser"
	OnPhone   Ringing = "phone"
	NoCalls   Ringing = "none"
)

// User is somebody who works here.
type User struct {
	ID        UserID
	Email     string // for log-in; lower case
	Name      string // the work name that colleagues see
	Role      Role
	Languages []string // ISO 639 codes, best first
	Phone     string   // E.164, verified, or ""
	Gender    Gender   // empty: she did not say
	Disabled  bool

	State  Presence // empty: she never said; outside that is away, but her phone may ring when she is on duty
	Voice  Ringing
	Missed int       // offers missed in a row; 3 means not answering
	Tested time.Time // when she last pressed the key of a test page; zero: never
}

// Languages checks codes like "da", "pcm" and "zh-hant": lower case, the best first, each once. It is never nil.
func Languages(codes []string) ([]string, error) {
	list := []string{}
	for _, code := range codes {
		code = strings.ToLower(strings.TrimSpace(code))
		if code == "" || slices.Contains(list, code) {
			continue
		}
		if !languageCode.MatchString(code) || len(code) > 12 || len(list) == 20 {
			return nil, Say(ErrInvalid, "languages are at most 20 codes like da, en, pcm; nothing was changed")
		}
		list = append(list, code)
	}
	return list, nil
}

// Answering tells whether a user takes what she is offered, as far as her last offers say. She answers again when she
// takes or declines one, or sets herself available.
func (u User) Answering() bool { return u.Missed < MissedLimit }

// MissedLimit is how many offers missed in a row mark a person as not answering.
const MissedLimit = 3

// Room is how much one person may hold at a time.
type Room struct {
	Calls int
	Texts int
}

// DefaultRoom is one call and three texts.
var DefaultRoom = Room{Calls: 1, Texts: 3}

// Waiting is a contact as the router sees it: who waits, since when, for whom.
type Waiting struct {
	ID        ContactID
	Channel   Channel
	Priority  int       // higher first
	Since     time.Time // then the longest waiting first
	Line      LineID    // whose duty counts
	Beside    int       // how many are being asked already, who are among Tried; one more is wanted, of the next tier
	Last      bool      // it climbed the whole ladder: those of LastTier may be asked too
	Language  string    // what she speaks; chooses among counsellors
	AsksFor   Gender    // whom she asked for
	Musts     Musts     // in which tiers these exclude
	Barred    []UserID  // never asked for her
	Preferred UserID    // asked first when free
	Tried     []UserID  // not asked again in this lap
	Quiet     bool      // no phone is rung for it now
	Told      bool      // that nobody fits
	Rests     bool      // the lap is over: wait until somebody becomes available, or until Due
	Due       time.Time // the contact's next step by the clock
}

// LastTier is that of supervisors who are not on duty: they are asked for who climbed the whole ladder.
const LastTier = 99

// Candidate is a user as the router sees her.
type Candidate struct {
	ID        UserID
	Available bool // on duty and available by her own switch
	Languages []string
	Gender    Gender
	Tiers     map[LineID]int // the lowest tier in which she is on duty, by line; "*" is every line
	FreeTexts int            // free slots for texts
	FreeCalls int            // free slots for calls
	Takes     Ringing        // how she takes calls while a console of hers is open; NoCalls also when she has no number to ring
	Home      bool           // on duty by a saved rota, has a number, did not set herself away: her phone rings when no console is open, for a text too
	Offered   bool           // an offer is open to her: one at a time
	Missed    int            // offers missed in a row
	LastAsked time.Time      // when she was last offered something; the longest ago first
}

// Tier is the lowest tier in which a user is on duty on a line; 0: she is not. "*" is every line that has no rota of its
// own.
func (c Candidate) Tier(line LineID) int {
	if tier, own := c.Tiers[line]; own {
		return tier
	}
	return c.Tiers["*"]
}

// Answering is as of [User.Answering].
func (c Candidate) Answering() bool { return c.Missed < MissedLimit }

// Subscription is a browser that may be pushed. All of it is secret: whoever has it may push.
type Subscription struct {
	Endpoint string // where its maker's push service takes pushes for it
	P256dh   string // its public key
	Auth     string
}

// PushState is whether somebody's browsers can be pushed, as far as the last pushes say.
type PushState string

// The states of push.
const (
	PushNone  PushState = "none"
	PushWorks PushState = "works"
	PushFails PushState = "fails" // the last push to each of them could not be sent
)

// PushWord is all that a push says. There are no others.
type PushWord string

// The words of pushes.
const (
	PushNeeded PushWord = "new"  // somebody is needed
	PushTest   PushWord = "test" // a test
)
