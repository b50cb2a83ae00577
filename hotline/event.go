package hotline

import "time"

// Event is something that happens to a contact. Every one says when.
type Event interface {
	when() time.Time
	// Name is the event's short name, for the audit trail.
	Name() string
}

// At is the time of an event.
type At time.Time

func (a At) when() time.Time { return time.Time(a) }

type (
	// Arrived is a message that came in. Stop: it is nothing but a stop word. Danger: its words speak of danger. Guess:
	// the language that it looks like. Night: that of its line.
	Arrived struct {
		At
		Stop, Danger bool
		Guess        string
		Night        Night
	}
	// OfferedTo opens an offer to User. Phone: by ringing her own.
	OfferedTo struct {
		At
		User  UserID
		Phone bool
	}
	// AcceptedBy is User taking what is held out to her. Key: by the key of her phone, whose leg is let in by it.
	AcceptedBy struct {
		At
		User UserID
		Key  bool
	}
	// DeclinedBy is User not taking it.
	DeclinedBy struct {
		At
		User UserID
	}
	// TakenBy is User taking what waits or is overdue. Phone: a call, on her own.
	TakenBy struct {
		At
		User  UserID
		Phone bool
	}
	// HandedTo is the owner (or a supervisor) holding the contact out to a colleague.
	HandedTo struct {
		At
		By, To     UserID
		Supervisor bool
		Phone      bool // a call, on the colleague's own phone
	}
	// HandedBack is the owner (or a supervisor) giving it back to the queue.
	HandedBack struct {
		At
		By         UserID
		Supervisor bool
	}
	// Replied is a message from the owner that passed the gate.
	Replied struct {
		At
		By UserID
	}
	// WasGreeted is the automatic text that was written.
	WasGreeted struct{ At }
	// WasRead is the owner having seen all messages.
	WasRead struct {
		At
		By UserID
	}
	// Triaged sets what triage says about the order and about whom she needs.
	Triaged struct {
		At
		Priority int
		Language string
		AsksFor  Gender
	}
	// BarredTo says that User is not for this person, or is again.
	BarredTo struct {
		At
		User UserID
		On   bool
	}
	// NobodyFits says that of all who could be asked nobody is what the contact needs.
	NobodyFits struct{ At }
	// EndedBy closes the contact with an outcome.
	EndedBy struct {
		At
		By         UserID
		Outcome    string
		Supervisor bool
	}
	// Ticked lets happen whatever is due by the clock.
	Ticked struct{ At }
	// LapOver says that everybody who could be asked was asked.
	LapOver struct{ At }
	// SomebodyCame ends the rest of a lap: there is somebody new to ask.
	SomebodyCame struct{ At }
	// OwnerAsleep says that the owner has had no console for too long.
	OwnerAsleep struct {
		At
		Owner UserID
	}
	// Unreachable says that the user whom the contact is held out to has no console any more.
	Unreachable struct {
		At
		User UserID
	}
	// InDanger is a human saying that the person is in immediate danger, or not any more.
	InDanger struct {
		At
		By UserID
		On bool
	}
	// Restarted says that the house was down: whoever was being asked may never have seen it.
	Restarted struct{ At }
)

func (Arrived) Name() string      { return "message.in" }
func (OfferedTo) Name() string    { return "offer.made" }
func (AcceptedBy) Name() string   { return "offer.accepted" }
func (DeclinedBy) Name() string   { return "offer.declined" }
func (TakenBy) Name() string      { return "contact.taken" }
func (HandedTo) Name() string     { return "transfer.asked" }
func (HandedBack) Name() string   { return "transfer.queue" }
func (Replied) Name() string      { return "message.out" }
func (WasGreeted) Name() string   { return "contact.greeted" }
func (WasRead) Name() string      { return "contact.read" }
func (Triaged) Name() string      { return "triage.set" }
func (BarredTo) Name() string     { return "contact.barred" }
func (NobodyFits) Name() string   { return "contact.unfit" }
func (EndedBy) Name() string      { return "contact.closed" }
func (Ticked) Name() string       { return "clock" }
func (LapOver) Name() string      { return "lap.over" }
func (SomebodyCame) Name() string { return "lap.next" }
func (OwnerAsleep) Name() string  { return "owner.asleep" }
func (Unreachable) Name() string  { return "offer.unreachable" }
func (InDanger) Name() string     { return "contact.danger" }
func (Restarted) Name() string    { return "offer.restarted" }

// Effect is what storage does, and tells, in the transaction of an event.
type Effect interface{ effect() }

type (
	// HoldSlot takes a free slot of User for the contact; when she has none the whole event is a conflict.
	HoldSlot struct {
		User  UserID
		Epoch int64
	}
	// FreeSlot gives it back.
	FreeSlot struct{ User UserID }
	// OpenOffer writes an offer down and shows it.
	OpenOffer struct{ Offer Offer }
	// EndOffer ends it and says why. Missed: it counts as an offer that the user missed.
	EndOffer struct {
		Offer  Offer
		Reason EndReason
		Missed bool
	}
)

// Alarm tells every supervisor. Kind is "urgent" for what a counsellor said by a key on her phone, [AlarmDanger], or
// [AlarmWaiting] for a person whom nobody took or answered in time.
type Alarm struct{ Kind string }

func (Alarm) effect()     {}
func (HoldSlot) effect()  {}
func (FreeSlot) effect()  {}
func (OpenOffer) effect() {}
func (EndOffer) effect()  {}
