package hotline

import "time"

// Ids of what belongs to the rota.
type (
	ShiftID    string // one shift of one day, or with a number behind it one seat of it
	SwapID     string
	HandoverID string
	WishID     string
	BulletinID string
)

// Shift is one time that a slot of the rota comes round.
type Shift struct {
	ID         ShiftID
	Line       LineID // "*": every line
	Slot       string // its id; it stays when the grid is edited
	Day        string // on which it starts by the rota's clock: "2026-11-23"
	Start, End time.Time
	Zone       string // of its rota: the clock by which it is said
	Tier       int    // 0: of interpreters, who are in none
	Kind       string // duty, closed, shadow or interpreter
	Min        int
	Users      []Seat
	Empty      int // seats below Min
	Away       []UserID
	Why        string // the slot, for a person to read, and what changed
}

// Seat is one person in a shift.
type Seat struct {
	User  UserID
	Why   string // empty: the slot names her; else how she came to it
	State SeatState
}

// SeatState is how sure it is that somebody comes.
type SeatState string

// The states of a seat.
const (
	SeatPlanned   SeatState = "planned"
	SeatConfirmed SeatState = "confirmed" // she said that she will come
	SeatHere      SeatState = "here"      // she said that she is there
)

// Sheet is a line's plan for a time.
type Sheet struct {
	Line      LineID
	Lines     []LineID // that have a rota; "*" is every line
	Zone      string
	Version   int64
	Shifts    []Shift // one that was changed while it ran is two of one id
	Findings  []Finding
	Published time.Time // up to here it is promised to its people
	Approve   bool      // a supervisor approves each swap
}

// Answers is who answers for somebody who cannot just now: the first tier of her line that has anybody. Nobody: zero.
type Answers struct{ Tier, People int }

// Preview is what a rota would do if it were saved.
type Preview struct {
	Findings      []Finding
	Opens, Closes []Finding // gaps in tier 1
	People        []Moved
	Gaps          []Finding // in the time that is shown
}

// Trial is a change to a line's plan that is looked at before it is made. One of its parts is set.
type Trial struct {
	Line      LineID
	Change    *Change
	Template  *DayTemplate
	Temporary *TemporaryPlan
	Drop      string // of something that lies over the plan
	Fill      []Filled
	Settings  *RotaSettings
}

// Moved is how much more or less duty one person would have.
type Moved struct {
	User         UserID
	Gains, Loses time.Duration
}

// Change is what a supervisor does to one shift. User is who does not come, By is who comes.
type Change struct {
	Shift    ShiftID
	Do       string // absence, cover, extra, cancel, restore
	User, By UserID
	Reason   string
}

// Swap is a seat that somebody gives away.
type Swap struct {
	ID    SwapID
	Shift Shift
	From  UserID
	To    UserID // who is asked; empty: everybody
	By    UserID // who took it
	State SwapState
	At    time.Time
	Note  string
}

// SwapState is how far a swap is.
type SwapState string

// The states of a swap. An approved one has changed who is on duty.
const (
	SwapOpen      SwapState = "open"
	SwapTaken     SwapState = "taken" // and waits for a supervisor
	SwapApproved  SwapState = "approved"
	SwapRefused   SwapState = "refused"
	SwapWithdrawn SwapState = "withdrawn"
	SwapPast      SwapState = "past" // nobody took it in time
)

// Handover is what one shift leaves to the next.
type Handover struct {
	ID     HandoverID
	Line   LineID
	At     time.Time
	By     UserID
	Note   string
	Open   []ContactID // contacts of the line that were open then
	ReadBy UserID      // empty: nobody yet
	ReadAt time.Time
}

// Wish is what somebody says of a time, before it is planned.
type Wish struct {
	ID       WishID
	User     UserID
	From, To time.Time
	Kind     string // can, cannot, like
}

// Duties are all that somebody has to know of her own duty.
type Duties struct {
	Shifts   []Shift
	Swaps    []Swap // her own, and those that she can take
	Open     []Shift
	Wishes   []Wish
	Handover *Handover
	OnDuty   bool
	Until    time.Time // zero: no end is in sight, or she is not on duty
	CheckIn  *Shift    // the shift that she can check in to now
	Relieved time.Time // until then she cannot just now; zero: she can
	Away     []ShiftID // of Shifts, in which she is away by her own calendar
	Tested   time.Time // when she last pressed the key of a test page; zero: never
	Test     *Test     // her last one
	Answers  Answers   // for her, while she cannot
}

// Fair is what one person has to carry.
type Fair struct {
	User                       UserID
	Hours                      time.Duration
	Nights, Weekends, Holidays int
	Answered, Missed           int           // offers and pages
	FromMean                   time.Duration // of the hours
}

// Filled is a seat and who is proposed for it.
type Filled struct {
	Shift ShiftID
	User  UserID
}

// Vacant is a seat that nobody can have, and why each cannot.
type Vacant struct {
	Shift ShiftID
	Why   []Because
}

// Because is why somebody cannot, or does.
type Because struct {
	User UserID
	Tier int // 0: none in particular
	Why  string
}

// Proposal is how open seats could be filled.
type Proposal struct {
	Filled []Filled
	Empty  []Vacant
	Took   time.Duration
}

// Past is one thing that was done to a rota. Version: a grid was saved.
type Past struct {
	Version int64 // 0: no grid
	Shift   ShiftID
	Kind    string // of a change: absence, cover, extra, cancel, template, temporary
	Cause   string // how it came about: change, swap, claim, fill …
	User    UserID
	With    UserID // who came instead
	By      UserID // who did it; System is "system"
	At      time.Time
	Reason  string
	Ended   time.Time // zero: it still holds
	EndedBy UserID
	Undone  string // why it ended
}

// Overlays are what lies over a line's grid, as JSON of rota slots: see package rota.
type Overlays struct {
	Templates []DayTemplate
	Temporary []TemporaryPlan
}

// DayTemplate replaces the grid on its dates. Slots is a JSON list.
type DayTemplate struct {
	ID, Name string
	Holiday  bool
	Dates    []string
	Slots    []byte
}

// TemporaryPlan replaces the grid from one date to another. Slots is a JSON list.
type TemporaryPlan struct {
	ID, Name string
	From, To string
	Fallback string // grid, none, or the e-mail address of a user who stands in
	Slots    []byte
}

// Draft is a rota that a supervisor works on, as she left it: JSON.
type Draft struct {
	Body []byte // nil: there is none
	At   time.Time
	By   UserID
}

// RotaSettings are what a line wants of its rota; a limit of 0 is none.
type RotaSettings struct {
	Approve                            bool // a supervisor approves each swap
	Rest, Nights, Hours, Confirm, Test int  // hours of rest, nights in a row, hours a week, hours before, days since
	Phone, Second                      bool // only who has a verified number counts; everybody needs a second way
	WomanKey                           bool // callers may ask for a woman by a key
	Here                               bool // the phone of who is not there is rung before her shift
	Silent                             bool // no supervisor's phone is rung for an alarm
	Language, Gender, Returns          int  // see [Needs]
}

// Wall is the house at a glance.
type Wall struct {
	At           time.Time
	Waiting      map[Channel]int
	Longest      time.Time // since when the longest waits; zero: nobody does
	People       []Standing
	NextGap      *Finding
	Closed       []ClosedLine
	MissedOffers int // in the last 24 hours
	Interpreters []AtHome
}

// AtHome is an interpreter: she has no console, and only her phone reaches her.
type AtHome struct {
	User     User
	Test     *Test     // her last test page; nil: none was ever asked for
	Calendar time.Time // when the address of her calendar was made; zero: she has none
}

// ClosedLine is a line whose rota says that it is closed now.
type ClosedLine struct {
	Line  LineID    // "*": every line that has no rota of its own
	Until time.Time // zero: no end is in sight
}

// Standing is how one person on duty stands.
type Standing struct {
	User    User
	OnDuty  bool
	Talking bool
	Test    *Test // her last test page; nil: none was ever asked for
	Push    PushState
}

// Bulletin is what supervisors are told of a line's rota until each has seen it, or the next of its kind comes.
type Bulletin struct {
	ID   BulletinID
	Kind string // AlarmReport, AlarmClocks
	Line LineID
	Day  string // that it is of; there is one of a kind for a line and a day
	At   time.Time

	Gaps, Last, Short int    // of a report: gaps in tier 1, times without the last tier, seats that are missing
	Words             string // of moved clocks, for a person to read: it names no person
}

// Says tells whether there is anything in it to be told.
func (b Bulletin) Says() bool { return b.Gaps+b.Last+b.Short > 0 || b.Words != "" }

// Alarm is the bulletin as supervisors are told of it.
func (b Bulletin) Alarm() Alarmed {
	return Alarmed{Kind: b.Kind, At: b.At, Line: b.Line, Bulletin: &b}
}

// What the house is told of a rota.
type (
	// PlanChanged says that a line's plan, or who takes part in it, is another: ask again.
	PlanChanged struct{ Line LineID }
	// SwapChanged is a swap as it now is.
	SwapChanged struct{ Swap Swap }
	// HandoverAdded is a note for those who come next.
	HandoverAdded struct {
		Handover Handover
		To       []UserID
	}
)

func (PlanChanged) notice()   {}
func (SwapChanged) notice()   {}
func (HandoverAdded) notice() {}
