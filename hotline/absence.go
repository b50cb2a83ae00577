package hotline

import "time"

// Busy is a time that a calendar of somebody's own says she has no time in. What it is for is not known here.
type Busy struct{ From, To time.Time }

// CalendarAsked is a calendar that is to be read, and what of it.
type CalendarAsked struct {
	Address  string
	Tag      string         // of what is known of it; empty: it is wanted in any case
	Zone     *time.Location // whose days its whole days are
	From, To time.Time
	Ours     func(uid string) bool // an entry that came from our own calendar
}

// CalendarRead is what was read of one.
type CalendarRead struct {
	Same    bool // nothing changed since Tag, and nothing else is set
	Tag     string
	Busy    []Busy // by time, none touches another
	Unclear int    // entries that cannot be understood: when they are is not known
}

// CalendarFault is why a calendar cannot be read.
type CalendarFault string

// The faults of a calendar.
const (
	CalendarAway       CalendarFault = "away"       // its host does not answer
	CalendarGone       CalendarFault = "gone"       // its host says that there is none
	CalendarClosed     CalendarFault = "closed"     // its host wants a log-in
	CalendarTooLarge   CalendarFault = "large"      // it holds more than is read
	CalendarUnreadable CalendarFault = "unreadable" // what is there is no calendar
	CalendarInside     CalendarFault = "inside"     // the address leads where we do not go: into a private network, or away from https
)

// Error is for a log: it says nothing of the address.
func (f CalendarFault) Error() string { return "the calendar cannot be read: " + string(f) }

// Followed is how it stands with the calendar that somebody lets us read.
type Followed struct {
	User    UserID
	Host    string    // of its address; to herself only
	Read    time.Time // when it was last read well; zero: never yet
	Fault   CalendarFault
	Unclear int
}
