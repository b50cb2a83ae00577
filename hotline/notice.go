package hotline

import "time"

// Notice is something that happened and is on disk: what the router, the outbox and the consoles are told.
// A notice may be lost at any moment; whoever missed one reads SQL again.
type Notice interface{ notice() }

type (
	// ContactChanged carries the contact as it now is.
	ContactChanged struct{ Contact Contact }
	// OfferMade is an offer that opened.
	OfferMade struct {
		Contact Contact
		User    UserID
		Expires time.Time
	}
	// OfferEnded is an offer that closed, with why.
	OfferEnded struct {
		Contact ContactID
		User    UserID
		Reason  EndReason
	}
	// MessageAdded is a message that came or was written. Words go only to who may read them.
	MessageAdded struct {
		Contact Contact
		Message Message
	}
	// MessageChanged is a message whose files came, or never will. Words go only to who may read them.
	MessageChanged struct {
		Contact Contact
		Message Message
	}
	// StatusChanged is news of a message of ours.
	StatusChanged struct {
		Contact Contact
		Message MessageID
		Status  Delivery
		Failure *Failure
	}
	// NoteAdded is a note that was written.
	NoteAdded struct {
		Contact Contact
		Note    Note
	}
	// TriageChanged is a triage that was changed.
	TriageChanged struct {
		Contact Contact
		Triage  Triage
	}
	// PresenceChanged is a user whose switch, room or account changed.
	PresenceChanged struct{ User User }
	// DutyChanged is who is on duty from now on, or that a rota was saved.
	DutyChanged struct {
		Saved bool
		Tiers []OnDuty
	}
	// Alarmed says that somebody must look at once. Kind says why: [AlarmDanger] and those beside it. It is about a
	// contact, a user, or the whole house.
	Alarmed struct {
		Contact  Contact
		User     UserID
		Kind     string
		At       time.Time // with the rest it tells one alarm from the next about the same
		Line     LineID    // of an alarm about the rota
		From, To time.Time // when it is so, of an alarm about the rota
		Bulletin *Bulletin // of what is kept until it is seen
		Quiet    bool      // no browser that is closed is called for it: another alarm or another process does
	}
	// SignedOut is a user whose sessions ended everywhere.
	SignedOut struct{ User UserID }
	// LegWanted says that the carrier has to be asked for something about a leg.
	LegWanted struct{}
	// Missed says that notices were lost on the way: read everything again.
	Missed struct{}
)

func (ContactChanged) notice()  {}
func (OfferMade) notice()       {}
func (OfferEnded) notice()      {}
func (MessageAdded) notice()    {}
func (MessageChanged) notice()  {}
func (StatusChanged) notice()   {}
func (NoteAdded) notice()       {}
func (TriageChanged) notice()   {}
func (PresenceChanged) notice() {}
func (DutyChanged) notice()     {}
func (Alarmed) notice()         {}
func (SignedOut) notice()       {}
func (LegWanted) notice()       {}
func (Missed) notice()          {}

// The kinds of an alarm.
const (
	AlarmDanger       = "danger"        // somebody is in immediate danger
	AlarmWaiting      = "waiting"       // nobody took or answered a person in time
	AlarmUrgent       = "urgent"        // a counsellor said so by a key after a call
	AlarmRecording    = "recording"     // the carrier recorded what it should not
	AlarmNotAnswering = "not_answering" // User let three offers in a row pass
	AlarmPages        = "pages"         // so many phones were rung that something is wrong
	AlarmGap          = "gap"           // nobody in tier 1 can answer From, which may be now or still to come, To
	AlarmRelieved     = "relieved"      // User cannot just now: the second line has her duty
	AlarmUnfit        = "unfit"         // nobody who may be asked speaks the language, or is whom she asked for
	AlarmNotHere      = "not_here"      // User's shift begins, and she neither checked in nor is available
	AlarmNobody       = "nobody"        // nobody at all can be reached for a line, of no tier, and no supervisor
	AlarmReport       = "report"        // what the rota leaves open: a Bulletin
	AlarmClocks       = "clocks"        // shifts begin at another time, since a country moved its clocks: a Bulletin
)
