package simulator

import (
	"crypto/rand"
	"encoding/hex"
	"net/url"
	"time"
)

// Statuses of a message, as the carrier spells them.
const (
	Queued      = "queued"
	Sending     = "sending"
	Delivered   = "delivered"
	Undelivered = "undelivered"
	Failed      = "failed"
	Read        = "read"
	Received    = "received"
	statusSent  = "sent" // Sent is the list
)

// Directions of a message.
const (
	inboundMessage = "inbound"
	outboundAPI    = "outbound-api"
	outboundReply  = "outbound-reply" // a <Message> in a webhook's answer
)

// message is the carrier's record. Fields are guarded by the carrier's mu, but for those set once.
type message struct {
	serial    int // counts from 1; chaos is drawn by it
	sid       string
	direction string
	from, to  string
	callback  string // StatusCallback as given, fragment and all
	template  string // ContentSid
	hook      number // inbound: whose webhooks
	form      url.Values
	token     string // I-Twilio-Idempotency-Token of its webhook
	created   time.Time

	body     string
	segments int
	status   string
	code     int // error code
	sent     time.Time
	updated  time.Time
	waits    bool // for a phone that was off when it was sent
	media    []*media
	links    []string // MediaUrl of an outgoing message, never fetched
	answers  []Answer // of the incoming webhook, all attempts
}

// media is one file of an incoming message.
type media struct {
	sid     string
	kind    string
	bytes   []byte
	created time.Time
}

// Message is what a phone or a test sees of a message.
type Message struct {
	SID            string
	Direction      string // inbound, outbound-api, outbound-reply
	From, To       string // as on the wire, "whatsapp:" included
	Body           string
	Media          []string // content types of an incoming message, addresses of an outgoing one
	Status         string
	ErrorCode      int // 0 for none
	StatusCallback string
	ContentSID     string // the template, when it was one
	At             time.Time
	Answers        []Answer // of an incoming message's webhook: every attempt, oldest first
}

func (m *message) outbound() bool { return m.direction != inboundMessage }

func (m *message) view() Message {
	v := Message{
		SID: m.sid, Direction: m.direction, From: m.from, To: m.to, Body: m.body,
		Status: m.status, ErrorCode: m.code, StatusCallback: m.callback, ContentSID: m.template, At: m.created,
		Media:   append([]string(nil), m.links...),
		Answers: append([]Answer(nil), m.answers...),
	}
	for _, f := range m.media {
		v.Media = append(v.Media, f.kind)
	}
	return v
}

// final says whether no further status can come; only then may a message be redacted or deleted.
func (m *message) final() bool {
	switch m.status {
	case Delivered, Undelivered, Failed, Read, Received, statusSent:
		return true
	}
	return false
}

// newSID makes an id of the carrier: two letters and 32 hex digits.
func newSID(prefix string) string {
	var b [16]byte
	rand.Read(b[:])
	return prefix + hex.EncodeToString(b[:])
}

// keep files a new message. The caller holds mu.
func (c *Carrier) keep(m *message) {
	m.created = c.cfg.Now().UTC()
	m.updated = m.created
	c.serial++
	m.serial = c.serial
	c.messages = append(c.messages, m)
	c.bySID[m.sid] = m
	c.wake()
}
