package console

import "hopeline/hotline"

// State is where a contact stands, by its outside name: waiting, offered, live, closed.
type State string

// User is a colleague.
type User struct {
	ID        hotline.UserID   `json:"id"`
	Name      string           `json:"name"`
	Role      hotline.Role     `json:"role"`
	Languages []string         `json:"languages"`
	Gender    hotline.Gender   `json:"gender,omitempty"` // woman, man; left out: she did not say
	State     hotline.Presence `json:"state"`
	Voice     hotline.Ringing  `json:"voice"`

	NotAnswering bool   `json:"not_answering,omitempty"` // she let three offers in a row pass
	Email        string `json:"email,omitempty"`         // by which a rota names her
}

// Contact is one episode of somebody reaching the hotline, as one viewer may see it.
type Contact struct {
	ID            hotline.ContactID `json:"id"`
	Version       int64             `json:"version"` // rises with every change; of two the higher is true
	Channel       hotline.Channel   `json:"channel"`
	State         State             `json:"state"`
	Work          hotline.Work      `json:"work"`
	Line          hotline.LineID    `json:"line"`
	Address       string            `json:"address"`       // as it was received; empty for who may not see it
	AddressShown  string            `json:"address_shown"` // the same, spaced for reading
	Withheld      bool              `json:"withheld"`
	SeenBefore    bool              `json:"seen_before"`
	Language      string            `json:"language"`              // as a human said, or else as guessed
	Guess         string            `json:"guess"`                 // as guessed, when no human said
	AsksFor       hotline.Gender    `json:"asks_for,omitempty"`    // woman, man, anybody; left out: she did not say
	UnfitSince    *Stamp            `json:"unfit_since,omitempty"` // nobody who may be asked is what she needs
	Barred        []hotline.UserID  `json:"barred,omitempty"`      // not for this person; to who reads its words
	StopWord      bool              `json:"stop_word"`
	Priority      int               `json:"priority"` // higher first
	Assignee      hotline.UserID    `json:"assignee"`
	Preferred     hotline.UserID    `json:"preferred"`   // asked first
	TransferTo    hotline.UserID    `json:"transfer_to"` // is asked whether she takes it over
	OpenedAt      Stamp             `json:"opened_at"`
	WaitingSince  *Stamp            `json:"waiting_since"`
	LastInboundAt *Stamp            `json:"last_inbound_at"`
	ReplyBy       *Stamp            `json:"reply_by"` // when the channel stops taking free text
	Unread        int               `json:"unread"`
	Overdue       bool              `json:"overdue"`
	CanReply      bool              `json:"can_reply"`
	Outcome       string            `json:"outcome"`
	DangerSince   *Stamp            `json:"danger_since"` // a human said that there is immediate danger
	Call          *Call             `json:"call"`         // null: it is no call
}

// Call is what a contact that is a call has besides.
type Call struct {
	Alive        bool         `json:"alive"`                 // the caller is on the line
	TalkingSince *Stamp       `json:"talking_since"`         // of the talk that is, or was the last
	Held         bool         `json:"held"`                  // the caller hears that she has to wait
	Muted        bool         `json:"muted"`                 // the counsellor is not heard
	Dropped      bool         `json:"dropped"`               // the counsellor's line was lost; the caller waits at the front
	Silent       bool         `json:"silent"`                // the caller pressed that she cannot talk
	Keys         bool         `json:"keys"`                  // the caller is asked by keys
	ByPhone      bool         `json:"by_phone"`              // the counsellor talks on her own phone
	WrapUntil    *Stamp       `json:"wrap_until"`            // until then the call counts as hers, for the notes
	Choice       hotline.Work `json:"choice" ts:"Work | ''"` // what the caller chose instead of waiting
	Legs         []Leg        `json:"legs"`                  // of colleagues
	Interpreter  *Interpreter `json:"interpreter"`           // null: nobody asked for one in this talk
}

// Interpreter is the search for an interpreter in a call, and what came of it.
type Interpreter struct {
	Language string                 `json:"language"`
	State    hotline.InterpretState `json:"state"`
	User     hotline.UserID         `json:"user"` // who came; empty: nobody yet
	Rung     []hotline.UserID       `json:"rung"` // whose phones ring for it
}

// Leg is a colleague's part in a call, as long as it is not over.
type Leg struct {
	User  hotline.UserID   `json:"user"`
	Part  hotline.Part     `json:"part"`
	State hotline.LegState `json:"state"`
	Phone bool             `json:"phone"` // her own phone; else the browser
}

// Media is a picture, voice note or file; a size of 0 is one that was not fetched yet.
type Media struct {
	ID   hotline.MediaID `json:"id"`
	Type string          `json:"type"`
	Size int64           `json:"size"`
	Lost bool            `json:"lost"` // it never will be: the carrier does not have it, or it is too large
}

// Failure says why a message did not arrive: the carrier's code, 0 if none, and what to do.
type Failure struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// Message is one piece of an exchange. An incoming one has no status.
type Message struct {
	ID        hotline.MessageID `json:"id"`
	Direction hotline.Direction `json:"direction"`
	Text      string            `json:"text"`
	Media     []Media           `json:"media"`
	At        Stamp             `json:"at"`
	By        hotline.UserID    `json:"by"`
	Status    hotline.Delivery  `json:"status" ts:"Delivery | ''"`
	Ref       string            `json:"ref"`
	Error     *Failure          `json:"error"`
}

// Note is a counsellor's words; Revises is the note that it takes the place of, or empty.
type Note struct {
	ID      hotline.NoteID `json:"id"`
	Text    string         `json:"text"`
	At      Stamp          `json:"at"`
	By      hotline.UserID `json:"by"`
	Revises hotline.NoteID `json:"revises"`
}

// Triage is risk and first facts; what was never set is unknown.
type Triage struct {
	Risk      string `json:"risk"`
	SafeNow   string `json:"safe_now"`
	About     string `json:"about"`
	Language  string `json:"language"`
	Gender    string `json:"gender"`
	AgeBand   string `json:"age_band"`
	HeardFrom string `json:"heard_from"`
	AsksFor   string `json:"asks_for"`   // whom the person wants to talk with: woman, man, anybody
	IfDropped string `json:"if_dropped"` // when the line is lost: we_call, they_call, we_text, nothing
}

// Offer is a contact held out to the reader until a deadline.
type Offer struct {
	Contact   Contact `json:"contact"`
	ExpiresAt Stamp   `json:"expires_at"`
}

// Queue is how many wait, and how long the longest has.
type Queue struct {
	Waiting      int   `json:"waiting"`
	LongestWaitS int64 `json:"longest_wait_s"`
}
