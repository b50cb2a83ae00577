package hotline

import "time"

// A call is legs: the caller's own, and those of the people whom we ring. Each is known by our own id, which is all
// that its addresses hold, and by the carrier's once it has one.
type LegID string

// Part is what a leg is there for.
type Part string

// The parts of a call.
const (
	Caller   Part = "caller"     // the person in need
	Answerer Part = "counsellor" // whoever is asked to take the call, or has it
	Guest    Part = "guest"      // somebody whom the counsellor added: an interpreter
	Listener Part = "listener"   // a supervisor who hears both and is heard by nobody
	Coach    Part = "coach"      // a supervisor whom the counsellor alone hears
)

// LegState is how far a leg came. Reports come in any order and any number of times; the order of [LegState.Rank] is
// the order of a leg's life, and it never goes back.
type LegState string

// The states of a leg.
const (
	LegNew   LegState = "new"     // to be dialled
	LegTried LegState = "dialled" // handed to the carrier
	LegRings LegState = "ringing"
	LegUp    LegState = "up"   // answered, by a person or a machine
	LegOver  LegState = "over" // final
)

// Rank orders the states of a leg.
func (s LegState) Rank() int {
	switch s {
	case LegTried:
		return 1
	case LegRings:
		return 2
	case LegUp:
		return 3
	case LegOver:
		return 4
	}
	return 0
}

// LegEnd is how a leg ended.
type LegEnd string

// The ends of a leg.
const (
	LegDone     LegEnd = "completed" // it was up, and one side hung up
	LegNoAnswer LegEnd = "no_answer"
	LegBusy     LegEnd = "busy"     // in a call, or refused on the phone itself
	LegFailed   LegEnd = "failed"   // no such number, no network, or the carrier would not
	LegCanceled LegEnd = "canceled" // stopped before it was answered
)

// LegReport is a fact about one leg, as the carrier tells it. Leg is from our own address; of the caller's leg it is
// empty, and SID says which.
type LegReport struct {
	Leg   LegID
	SID   string
	State LegState
	End   LegEnd // of LegOver
	At    time.Time
}

// RoomReport is a fact about a room: who came into it or left it.
type RoomReport struct {
	Room string // our name for it
	SID  string // the carrier's id of the room
	Leg  string // the carrier's id of the leg; empty when it is about the whole room
	Kind RoomKind
	At   time.Time
}

// RoomKind is what happened in a room.
type RoomKind string

// What may happen in a room.
const (
	RoomJoined RoomKind = "joined"
	RoomLeft   RoomKind = "left"
	RoomEnded  RoomKind = "ended"
	RoomSpeaks RoomKind = "speaks" // began to speak
)

// IncomingCall is a call as it came in.
type IncomingCall struct {
	SID      string // the carrier's id: one contact for each, for ever
	From, To Address
	At       time.Time
	Closed   bool // the rota says that its line is closed; for the house to look up, not the carrier
}

// Recording is a voicemail that lies at the carrier. CallSID is the caller's leg.
type Recording struct {
	SID, CallSID string
	Seconds      int
	Voicemail    bool // made by a Record verb of ours; anything else is an alarm
	At           time.Time
}

// Where is where a leg belongs right now. The carrier's documents are made of it, and nothing else: a document that
// is fetched late, or twice, is right for the moment of its fetching.
type Where string

// Where a caller belongs.
const (
	InLine      Where = "line"      // waiting to be taken
	InRoom      Where = "room"      // with a counsellor
	AtKeys      Where = "keys"      // with a counsellor, cannot talk, and answers by keys
	AtVoicemail Where = "voicemail" // speaks a message
	AtPromise   Where = "promise"   // was promised a call back
	Over        Where = "over"      // the contact is closed; or nobody knows it
)

// Where a counsellor's leg belongs, besides InRoom and Over.
const (
	AtAsk     Where = "ask"     // rings her phone: is asked for a key
	AtTaken   Where = "taken"   // somebody else was quicker
	AtGone    Where = "gone"    // the caller is gone
	AtPassed  Where = "passed"  // she declined
	AtOutcome Where = "outcome" // the caller hung up: is asked how it ended
	AtDesk    Where = "desk"    // took a text: its words wait in her console
	AtThanks  Where = "thanks"  // said how it ended
)

// CallerPlace is where a caller belongs, with all that the document for it may say.
type CallerPlace struct {
	Contact  ContactID
	Where    Where
	Room     string // opaque; names the grant
	Line     LineID
	Language string        // the caller's choice, or a human's; empty: unknown
	Waited   time.Duration // in line
	Late     bool          // waited longer than her limit: voicemail and a call back are offered first
	Closed   bool          // came when the line was closed, which it is still, and talked with nobody yet
	Dropped  bool          // the counsellor's leg was lost: say why she waits again
	Withheld bool          // no number: a call back cannot be promised
	Women    bool          // may ask by a key to talk with a woman, and did not yet
	Silent   bool          // pressed that she cannot talk: keys mean yes, no, danger
	Question string        // for AtKeys: what the counsellor asks, passed by the gate; empty: only the keys
}

// LegPlace is where a counsellor's, guest's or supervisor's leg belongs. It holds nothing of the caller but the
// language and the wait.
type LegPlace struct {
	Leg      LegID
	Part     Part
	Where    Where
	Room     string
	Line     LineID
	Speaks   string        // the language that she is spoken to in
	Language string        // the caller's; empty: unknown
	Waited   time.Duration // how long the caller has waited
	Text     bool          // a text waits, not a call
	Tongue   bool          // she is rung as an interpreter for Language
	Coached  string        // for Coach: the carrier's id of the counsellor's leg
	Muted    bool          // for Listener
}

// Key is what a caller pressed, by what it means where she was.
type Key string

// The keys of a caller.
const (
	KeyVoicemail Key = "voicemail"
	KeyCallback  Key = "callback"
	KeySilent    Key = "silent"
	KeyYes       Key = "yes"
	KeyNo        Key = "no"
	KeyDanger    Key = "danger"
	KeyWoman     Key = "woman" // would talk with a woman
	KeyStay      Key = "stay"  // goes on waiting
)

// Pressed is one key of a caller. Step tells one press from its repetition by the carrier.
type Pressed struct {
	Contact  ContactID
	Key      Key
	Language string // chosen in the greeting, instead of a key
	Step     string
	At       time.Time
}

// Said is how a counsellor says by a key on her phone how a call ended.
type Said string

// The keys after a call.
const (
	SaidSafe     Said = "safe"
	SaidCallback Said = "callback"
	SaidUrgent   Said = "urgent"
	SaidNothing  Said = ""
)

// Dialling is a leg to be made.
type Dialling struct {
	Leg      LegID
	Test     TestID // instead of a leg: a test page
	Part     Part
	From, To Address       // From is always a line of ours; To a number, or "client:" and the user's id for a browser
	Rings    time.Duration // how long it may ring
}

// Call is what a contact that is a call has besides. Its zero value is that of a text.
type Call struct {
	Alive    bool      // the caller's leg is up
	Room     int64     // the epoch that names the room; 0: there was none yet
	CallerIn bool      // the caller was let into the room
	OwnerIn  bool      // so was the owner's leg
	ByPhone  bool      // the owner talks on her own phone, not in the browser
	Meet     time.Time // until then the legs have to meet; zero: they met, or need not
	Talks    time.Time // since when they talk, or talked
	Wrap     time.Time // until then the owner may finish her notes with the slot held
	Choice   Work      // what the caller chose instead of waiting: voicemail or callback
	Held     bool      // the caller hears the hold document
	Muted    bool      // the counsellor is not heard
	Dropped  bool      // the owner's leg was lost in the middle, and the caller waits at the front
	Silent   bool      // the caller pressed that she cannot talk
	Keys     bool      // the caller is asked by keys
	Outbound bool      // we call the person back, as she asked
	Spoke    bool      // the caller was heard in the room
	Silence  time.Time // the counsellor was heard, and the caller not yet: then keys are offered. Zero: no silence
	KeysTill time.Time // keys were offered to a silent caller: without one she is back in the talk then
	Closed   bool      // the line was closed when it came

	Interpreting *Interpreting `json:",omitempty"` // nil: nobody asked for an interpreter in this talk
}

// CallRules are the times of a line's calls.
type CallRules struct {
	Offer   time.Duration   // how long an offer in the console stands
	Ring    time.Duration   // how long a phone rings
	Rings   int             // how often a page rings
	Key     time.Duration   // how long whoever answered has for the key
	Slack   time.Duration   // what dialling and the carrier's reports may take, on top of the ringing
	Lap     time.Duration   // how long a call rests when everybody was asked
	Widen   []time.Duration // after how long one more is asked beside those who are
	Limit   time.Duration   // after how long voicemail and a call back are offered, and the call is overdue
	Closed  time.Duration   // the same for who came when the line was closed
	Meet    time.Duration   // how long the legs may take to meet
	Wrap    time.Duration   // how long the owner may write with her slot held
	Silence time.Duration   // how long a caller says nothing before keys are offered
	Keys    time.Duration   // how long a silent caller has for one
	Outcome time.Duration   // how long she has on her phone to say by a key how it ended

	Interpret time.Duration // after how long the next interpreter is rung beside the first
	Search    time.Duration // after how long it is told that no interpreter came
}

// DefaultCallRules are the times of a line that set none of its own.
var DefaultCallRules = CallRules{
	Offer:   20 * time.Second,
	Ring:    25 * time.Second,
	Rings:   2,
	Key:     25 * time.Second,
	Slack:   10 * time.Second,
	Lap:     5 * time.Second,
	Widen:   []time.Duration{25 * time.Second, 60 * time.Second},
	Limit:   120 * time.Second,
	Meet:    20 * time.Second,
	Wrap:    15 * time.Minute,
	Silence: 10 * time.Second,
	Keys:    15 * time.Second,
	Outcome: 60 * time.Second,

	Interpret: 15 * time.Second,
	Search:    58 * time.Second, // the clock may be two seconds late, and she is told within the minute
}

// LegShown is one leg as the consoles show it; never the caller's own.
type LegShown struct {
	User  UserID
	Part  Part
	State LegState
	Phone bool // her own phone; else the browser
}

// Danger is what a human says about somebody in immediate danger.
type Danger struct {
	On      bool
	Ground  string // why something was told to whom, when it ends: the legal ground
	Outcome string
}
