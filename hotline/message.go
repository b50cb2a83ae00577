package hotline

import "time"

// Direction of a message.
type Direction string

// In is from a person in need, Out is from us.
const (
	In  Direction = "in"
	Out Direction = "out"
)

// MaxText is the longest text a counsellor may send in one go, in bytes; it is split before it leaves.
const MaxText = 16 << 10

// Delivery is how far a message of ours came. The order of [Delivery.Rank] is the order of its life.
type Delivery string

// The states that a console shows.
const (
	Queued    Delivery = "queued"
	Sent      Delivery = "sent"
	Delivered Delivery = "delivered"
	Read      Delivery = "read"
	Failed    Delivery = "failed"
)

// Rank orders deliveries so that a late or repeated report never takes a message back.
// A delivery that is proved beats a failure that was reported.
func (d Delivery) Rank() int {
	switch d {
	case Queued:
		return 1
	case Sent:
		return 3
	case Failed:
		return 5
	case Delivered:
		return 6
	case Read:
		return 7
	}
	return 0
}

// Merge is the higher of d and next.
func (d Delivery) Merge(next Delivery) Delivery {
	if next.Rank() > d.Rank() {
		return next
	}
	return d
}

// Lowest is the delivery of a message sent in parts: failed when any part failed, else the part that is furthest behind.
func Lowest(parts []Delivery) Delivery {
	low := Delivery("")
	for n, p := range parts {
		if p == Failed {
			return Failed
		}
		if n == 0 || p.Rank() < low.Rank() {
			low = p
		}
	}
	return low
}

// Media is a reference to a picture, voice note or file that came with a message.
type Media struct {
	ID   MediaID
	Type string // as the carrier said, e.g. "image/jpeg"; once it was fetched, what it is
	Size int64  // bytes; 0 while it was not fetched
	Lost bool   // it never will be: the carrier does not have it, or it is too large
}

// Failure says why a message did not arrive.
type Failure struct {
	Code  int    // the carrier's error code, 0 if there is none
	Words string // what to do, for the counsellor
}

// Message is one piece of an exchange.
type Message struct {
	ID        MessageID
	Contact   ContactID
	Direction Direction
	Text      string
	Media     []Media
	At        time.Time // when it came, or when the counsellor sent it
	By        UserID    // who sent it; empty for a person in need
	Ref       string    // the console's own id for it
	Status    Delivery  // of ours only
	Failure   *Failure  // of ours, when it failed
}

// Inbound is a message as it came in from the carrier.
type Inbound struct {
	SID      string // the carrier's id: one row for each, for ever
	From, To Address
	Text     string
	Media    []InboundMedia
	At       time.Time
	Extra    string // facts that came with it and that a human may need, in words
}

// InboundMedia is a file that lies at the carrier. Where is sealed and rebuilt from ids before it is fetched.
type InboundMedia struct {
	Type  string
	Where string
}

// Report is what the carrier says about one send of ours.
type Report struct {
	Message MessageID // from our own address for reports; may be empty
	Part    int
	SID     string
	Status  Delivery
	Code    int // the carrier's error code
	At      time.Time
}
