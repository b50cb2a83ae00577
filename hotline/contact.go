package hotline

import (
	"slices"
	"time"
)

// State is where a contact stands. An edge shows fewer names to the outside: [State.Outside].
type State string

// The states of a contact.
const (
	Waits      State = "waiting"    // persisted, nobody is asked right now
	Asked      State = "offered"    // held out to a user until a deadline, or to several at once
	Connecting State = "connecting" // a call that was taken: the legs are being joined
	Active     State = "active"     // has an owner who answers
	WrapUp     State = "wrap_up"    // a call that is over: its owner finishes her notes, with the slot held
	Dormant    State = "dormant"    // quiet; its owner keeps it without a slot until the next message
	FollowUp   State = "follow_up"  // a person must look at it: quiet too long, or the caller left
	Closed     State = "closed"     // final, with an outcome
)

// Outside is the public name of the state.
func (s State) Outside() string {
	switch s {
	case Connecting, Active, WrapUp, Dormant:
		return "live"
	case FollowUp:
		return "waiting"
	}
	return string(s)
}

// Work is why a contact needs a human.
type Work string

// The kinds of work of the contract.
const (
	WorkContact   Work = "contact"
	WorkMissed    Work = "missed"
	WorkVoicemail Work = "voicemail"
	WorkCallback  Work = "callback"
)

// EndReason is why an offer ended.
type EndReason string

// The reasons of the contract.
const (
	Accepted  EndReason = "accepted"
	Refused   EndReason = "declined"
	Lapsed    EndReason = "expired"
	Withdrawn EndReason = "withdrawn"
)

// Offer is a contact held out to one user until a deadline, under one epoch. Several open at once have one each: an
// answer is to exactly one of them.
type Offer struct {
	User    UserID
	Epoch   int64
	Made    time.Time
	Expires time.Time
	Phone   bool // a page: it rings her own phone
	Rings   int  // how often it rang her
	Taken   bool // a transfer of a call that she took: her leg is being joined
}

// Contact is one episode of somebody reaching the hotline.
type Contact struct {
	ID       ContactID
	Channel  Channel
	Line     LineID
	Address  Address // of the person; zero where the reader may not see it
	Ours     Address // the address of ours that was written to
	Withheld bool
	Seen     bool // this address was seen before

	State      State
	Work       Work
	Priority   int    // higher first
	Language   string // as a human said
	Guess      string // as the words look, when no human said
	AsksFor    Gender // whom the person asked for
	Musts      Musts  // of its line: which needs exclude; not kept with the contact
	WomanKey   bool   // of its line: callers may ask for a woman by a key; not kept either
	Overdue    bool   // nobody answered in time; everybody sees it until a human acts
	StopWord   bool   // words that nobody answered yet may be a cry for help, or an opt-out
	Outcome    string
	Danger     time.Time // a human said that there is immediate danger, since then; zero: nobody did, or it is over
	DangerWord bool      // words of the person spoke of danger
	Greeted    bool      // the automatic text was written, or a human answered before
	Night      Night     // no phone is rung for it then
	Owner      UserID    // the assignee while active or dormant
	LastOwner  UserID    // who had it before: while it has an owner, the one before her
	Preferred  UserID    // asked first
	Barred     []UserID  // not for this person: never asked, and may not take it
	Unfit      time.Time // supervisors were told that nobody who may be asked is what she needs; zero: they were not
	Epoch      int64     // raised with every offer
	Grant      int64     // the epoch under which the owner has it

	Offers   []Offer  // open while asked
	Transfer *Offer   // open while the owner hands it to a colleague
	Tried    []UserID // asked without success in this lap
	Lap      int
	Step     int       // of the ladder: how many are asked beside the first
	Rests    time.Time // the lap is over; the next begins then. Zero: not resting

	Opened      time.Time
	Since       time.Time // waits since; keeps its place through offers, and through owners who did not answer
	LastInbound time.Time
	LastWritten time.Time // the last message in either direction
	Unanswered  time.Time // the person waits for a word since; zero: nothing unanswered
	DormantTill time.Time
	OpensBy     time.Time // its owner took it by a key on her phone, and has until then to open a console; zero: she need not
	Left        time.Time // when the last owner left
	ClosedAt    time.Time
	Unread      int
	Version     int64 // raised with every change

	Call Call       // of the channel voice
	Legs []LegShown // ours, as far as they are not over
}

// Night is when no phone is rung for a contact that nobody can answer. Its zero value is no such time.
type Night struct {
	On    bool      // it is night
	Turns time.Time // when that changes next; zero: never
}

// nightLong is from ten in the evening until eight in the morning, on all days but two of the year.
const nightLong = 10 * time.Hour

// turn is the night after it changed.
func (n Night) turn() Night {
	long := 24*time.Hour - nightLong
	if !n.On {
		long = nightLong
	}
	return Night{On: !n.On, Turns: n.Turns.Add(long)}
}

// Rules are the times of a line.
type Rules struct {
	Call    CallRules
	Offer   time.Duration   // how long an offer of a text in the console stands
	Lap     time.Duration   // how long a text rests when everybody was asked
	Widen   []time.Duration // after how long one more is asked for a text beside those who are
	Answer  time.Duration   // how long a person waits before the contact is overdue
	Opens   time.Duration   // how long who took a text on her phone has to open a console
	Idle    time.Duration   // how long an exchange is quiet before it sleeps
	Dormant time.Duration   // how long it sleeps before it is work to follow up
	Asleep  time.Duration   // how long an owner may be without a console while somebody waits for her
	Quiet   time.Duration   // how long after the person's last word a reply needs no question whether it is still safe
}

// DefaultRules are the times of a line that set none of its own.
var DefaultRules = Rules{
	Call:    DefaultCallRules,
	Offer:   60 * time.Second,
	Lap:     60 * time.Second,
	Widen:   []time.Duration{3 * time.Minute, 8 * time.Minute},
	Opens:   5 * time.Minute,
	Answer:  10 * time.Minute,
	Idle:    30 * time.Minute,
	Dormant: 24 * time.Hour,
	Asleep:  2 * time.Minute,
	Quiet:   20 * time.Minute,
}

// WhatsAppWindow is how long after the person's last message WhatsApp takes free text. Source: the carrier.
const WhatsAppWindow = 24 * time.Hour

// Live tells whether somebody owns the contact.
func (c Contact) Live() bool {
	return c.State == Active || c.State == Dormant || c.State == Connecting || c.State == WrapUp
}

// HoldsSlot tells whether the owner holds a slot for it.
func (c Contact) HoldsSlot() bool { return c.Live() && c.State != Dormant }

// HeldOut are the offers that are open, that of a transfer too.
func (c Contact) HeldOut() []Offer {
	if c.Transfer == nil || c.Transfer.Taken {
		return c.Offers
	}
	return append(slices.Clone(c.Offers), *c.Transfer)
}

// OfferTo is what is held out to user.
func (c Contact) OfferTo(user UserID) (Offer, bool) {
	for _, o := range c.HeldOut() {
		if o.User == user {
			return o, true
		}
	}
	return Offer{}, false
}

// HasLeg tells whether user is in the call, or on her way into it.
func (c Contact) HasLeg(user UserID) bool {
	return slices.ContainsFunc(c.Legs, func(l LegShown) bool { return l.User == user })
}

// Asking tells whether the contact, while asked, is held out to user.
func (c Contact) Asking(user UserID) bool {
	return slices.ContainsFunc(c.Offers, func(o Offer) bool { return o.User == user })
}

// Wanted tells whether somebody is to be asked for it now: it waits, or it is asked of too few.
func (c Contact) Wanted() bool {
	return c.State == Waits && c.Rests.IsZero() || c.State == Asked && len(c.Offers) <= c.Step
}

// SpokenLanguage is what a human said, or else the guess.
func (c Contact) SpokenLanguage() string {
	if c.Language != "" {
		return c.Language
	}
	return c.Guess
}

// ReplyBy is when the channel stops taking free text; zero when it never does.
func (c Contact) ReplyBy() time.Time {
	if c.Channel != WhatsApp {
		return time.Time{}
	}
	return c.LastInbound.Add(WhatsAppWindow)
}

// CanReply tells whether a reply could reach the person at all.
func (c Contact) CanReply(at time.Time) bool {
	if c.Withheld || !c.Address.Answerable() || !c.Live() || c.Channel == Voice {
		return false
	}
	by := c.ReplyBy()
	return by.IsZero() || at.Before(by)
}

// Bars tells whether user is not for this person.
func (c Contact) Bars(user UserID) bool { return slices.Contains(c.Barred, user) }

// HasTried tells whether user was asked in this lap.
func (c Contact) HasTried(user UserID) bool {
	for _, u := range c.Tried {
		if u == user {
			return true
		}
	}
	return false
}

// ForRouter is the contact as the router sees it.
func (c Contact) ForRouter(r Rules) Waiting {
	w := Waiting{ID: c.ID, Channel: c.Channel, Line: c.Line, Priority: c.Priority, Since: c.Since, Language: c.SpokenLanguage(),
		AsksFor: c.AsksFor, Musts: c.Musts, Barred: slices.Clone(c.Barred), Told: !c.Unfit.IsZero(),
		Preferred: c.Preferred, Tried: slices.Clone(c.Tried), Beside: len(c.Offers), Last: c.Step > 0 && c.Step >= len(r.ladder(c.Channel).widen), Rests: !c.Rests.IsZero(), Quiet: c.Night.On, Due: r.Due(c)}
	if c.Call.Dropped {
		w.Priority += frontPriority
	}
	for _, o := range c.Offers {
		w.Tried = append(w.Tried, o.User)
	}
	return w
}

// frontPriority puts a caller whose counsellor was lost before everybody else.
const frontPriority = 100
