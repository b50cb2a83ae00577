package console

import (
	"encoding/json"

	"hopeline/hotline"
)

// said is what the server says on its own; its name is the name of the event.
type said interface{ event() string }

// Hello is the first frame after every connect, and comes again when events were lost: all that a page shows before
// anything is opened. It takes the place of whatever the page knew.
type Hello struct {
	User       User      `json:"user"`
	Users      []User    `json:"users"`
	Contacts   []Contact `json:"contacts"` // mine and live
	Offers     []Offer   `json:"offers"`
	Others     []Contact `json:"others"` // overdue ones that are with somebody else
	Queue      Queue     `json:"queue"`
	Now        Stamp     `json:"now"`
	RotaSaved  bool      `json:"rota_saved"`
	OnDutyNote string    `json:"on_duty_note"` // who is on duty, in words
	Degraded   bool      `json:"degraded"`
	Alarms     []Alarm   `json:"alarms,omitempty"` // of the rota, that stand now: for supervisors
}

// OfferEnded takes an offer away.
type OfferEnded struct {
	Contact hotline.ContactID `json:"contact"`
	Reason  hotline.EndReason `json:"reason"`
}

// ContactChanged carries a contact as it now is.
type ContactChanged struct {
	Contact Contact `json:"contact"`
}

// MessageAdded is a message that came or was written.
type MessageAdded struct {
	Contact hotline.ContactID `json:"contact"`
	Message Message           `json:"message"`
}

// MessageChanged is a message whose files came, or never will.
type MessageChanged struct {
	Contact hotline.ContactID `json:"contact"`
	Message Message           `json:"message"`
}

// MessageStatus is news of a message of ours.
type MessageStatus struct {
	Contact hotline.ContactID `json:"contact"`
	Message hotline.MessageID `json:"message"`
	Status  hotline.Delivery  `json:"status"`
	Error   *Failure          `json:"error"`
}

// NoteAdded is a note that was written.
type NoteAdded struct {
	Contact hotline.ContactID `json:"contact"`
	Note    Note              `json:"note"`
}

// TriageChanged is the triage as it now is.
type TriageChanged struct {
	Contact hotline.ContactID `json:"contact"`
	Triage  Triage            `json:"triage"`
}

// PresenceChanged is a colleague's switches.
type PresenceChanged struct {
	User  hotline.UserID   `json:"user"`
	State hotline.Presence `json:"state"`
	Voice hotline.Ringing  `json:"voice"`

	NotAnswering bool `json:"not_answering,omitempty"`
}

// SystemChanged says whether the house works slower than it should, and what changed of who is on duty.
type SystemChanged struct {
	Degraded   bool    `json:"degraded"`
	RotaSaved  *bool   `json:"rota_saved,omitempty"`
	OnDutyNote *string `json:"on_duty_note,omitempty"`
}

// Alarm is for supervisors: somebody has to look at once. Waiting: a person whom nobody took or answered in time.
// Not_answering: a user who let three offers in a row pass. Pages: so many phones were rung that something is wrong.
// Gap: nobody in tier 1 can answer from a time on, which may still be to come. Nobody: nobody at all can be reached.
// Relieved: a user cannot just now. Not_here: a user's shift begins, and she is not there. Report: what the rota leaves
// open in the weeks to come. Clocks: shifts begin at another time, since a country moved its clocks. These two are
// bulletins: they come with every hello until bulletin.seen, or until the next one.
type Alarm struct {
	Contact hotline.ContactID `json:"contact"`        // empty: it is about no contact
	User    hotline.UserID    `json:"user,omitempty"` // of an alarm about a user
	Kind    string            `json:"kind" ts:"'danger' | 'waiting' | 'urgent' | 'recording' | 'not_answering' | 'pages' | 'gap' | 'relieved' | 'not_here' | 'unfit' | 'nobody' | 'report' | 'clocks'"`
	Since   Stamp             `json:"since"`
	Line    hotline.LineID    `json:"line,omitempty"` // of an alarm about the rota
	From    *Stamp            `json:"from,omitempty"` // when it is so
	To      *Stamp            `json:"to,omitempty"`

	Bulletin hotline.BulletinID `json:"bulletin,omitempty"`
	Open     *Open              `json:"open,omitempty"`  // of a report
	Words    string             `json:"words,omitempty"` // of moved clocks: which shifts, for a person to read
}

// Open is what a rota leaves open in the weeks to come.
type Open struct {
	Gaps     int `json:"gaps"`      // times when nobody is in tier 1
	LastTier int `json:"last_tier"` // times when nobody is in the last tier
	Short    int `json:"short"`     // shifts with fewer people than they need
}

func alarmOf(n hotline.Alarmed) Alarm {
	a := Alarm{Contact: n.Contact.ID, User: n.User, Kind: n.Kind, Since: Stamp(n.At), Line: n.Line, From: moment(n.From), To: moment(n.To)}
	if b := n.Bulletin; b != nil {
		a.Bulletin, a.Words = b.ID, b.Words
		if b.Kind == hotline.AlarmReport {
			a.Open = &Open{b.Gaps, b.Last, b.Short}
		}
	}
	return a
}

// DutyChanged says that a line's plan, or who takes part in it, is another: ask again.
type DutyChanged struct {
	Line hotline.LineID `json:"line"`
}

// SwapChanged is a swap as it now is.
type SwapChanged struct {
	Swap Swap `json:"swap"`
}

// HandoverAdded is a note for those who come next, or one that was read.
type HandoverAdded struct {
	Handover Handover `json:"handover"`
}

func (Hello) event() string           { return "hello" }
func (Offer) event() string           { return "offer.made" }
func (OfferEnded) event() string      { return "offer.ended" }
func (ContactChanged) event() string  { return "contact.changed" }
func (MessageAdded) event() string    { return "message.added" }
func (MessageChanged) event() string  { return "message.changed" }
func (MessageStatus) event() string   { return "message.status" }
func (NoteAdded) event() string       { return "note.added" }
func (TriageChanged) event() string   { return "triage.changed" }
func (Queue) event() string           { return "queue.changed" }
func (PresenceChanged) event() string { return "presence.changed" }
func (Alarm) event() string           { return "alarm" }
func (SystemChanged) event() string   { return "system.changed" }
func (DutyChanged) event() string     { return "duty.changed" }
func (SwapChanged) event() string     { return "swap.changed" }
func (HandoverAdded) event() string   { return "handover.added" }

// frame is one thing to be written. An event gets its number from the writer; a reply is whole already.
type frame struct {
	event string
	body  []byte
}

func eventFrame(s said) frame { return frame{event: s.event(), body: encode(s)} }

// encode writes JSON. The types of this package cannot fail.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("console: a type of the protocol does not encode: " + err.Error())
	}
	return b
}
