package simulator

import (
	"errors"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// place is where a document runs; the carrier takes other verbs in each.
type place int

const (
	inCall    place = iota // on a leg by itself
	inQueue                // the waitUrl of an Enqueue
	inRoom                 // what a conference plays to who waits, is held or is told something
	inWhisper              // on a dialled leg, before it is bridged
	atFront                // on the queued leg, before a Dial takes it
)

// codeRoomVerb is the error for a verb that a conference cannot play.
const codeRoomVerb = 13238

// places lists the verbs that each place takes; a call takes all but Leave.
var places = map[place][]string{
	inQueue:   {"Say", "Play", "Pause", "Gather", "Redirect", "Leave", "Hangup"},
	inRoom:    {"Say", "Play", "Pause", "Redirect"},
	inWhisper: {"Say", "Play", "Pause", "Gather", "Redirect", "Hangup"},
	atFront:   {"Say", "Play", "Pause", "Redirect"},
}

func (p place) takes(verb string) bool {
	if p == inCall {
		return verb != "Leave"
	}
	return slices.Contains(places[p], verb)
}

// rule is what a verb or noun may hold. An attribute's kind: "" any text, "url", "number", "bool", or words divided by
// bars, of which the value is one; with a leading "*" it may be several, divided by spaces.
type rule struct {
	attrs    map[string]string
	children []string
	text     bool // holds text
	needs    bool // and cannot do without
}

const (
	method     = "GET|POST"
	record     = "do-not-record|record-from-answer|record-from-ringing|record-from-answer-dual|record-from-ringing-dual|true|false|record-from-start"
	recordings = "*in-progress|completed|absent"
	lives      = "*initiated|ringing|answered|completed"
)

var ssml = []string{"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"}

var legNoun = map[string]string{"url": "url", "method": method, "statusCallback": "url", "statusCallbackMethod": method, "statusCallbackEvent": lives}

// grammar is the carrier's schema: verbs, and nouns as "Dial/Number".
var grammar = map[string]rule{
	"Say":      {attrs: map[string]string{"voice": "", "language": "", "loop": "number"}, children: ssml, text: true, needs: true},
	"Play":     {attrs: map[string]string{"loop": "number", "digits": ""}, text: true},
	"Pause":    {attrs: map[string]string{"length": "number"}},
	"Hangup":   {},
	"Leave":    {},
	"Reject":   {attrs: map[string]string{"reason": "rejected|busy"}},
	"Redirect": {attrs: map[string]string{"method": method}, text: true, needs: true},
	"Gather": {children: []string{"Say", "Play", "Pause"}, attrs: map[string]string{
		"input": "*dtmf|speech", "action": "url", "method": method, "timeout": "number", "finishOnKey": "", "numDigits": "number",
		"actionOnEmptyResult": "bool", "language": "", "hints": "", "profanityFilter": "bool", "speechTimeout": "", "bargeIn": "bool",
		"speechModel": "", "enhanced": "bool", "partialResultCallback": "url", "partialResultCallbackMethod": method}},
	"Enqueue": {text: true, needs: true, attrs: map[string]string{
		"action": "url", "method": method, "waitUrl": "url", "waitUrlMethod": method, "maxQueueSize": "number"}},
	"Record": {attrs: map[string]string{
		"action": "url", "method": method, "timeout": "number", "finishOnKey": "", "maxLength": "number", "playBeep": "bool",
		"trim": "trim-silence|do-not-trim", "recordingStatusCallback": "url", "recordingStatusCallbackMethod": method,
		"recordingStatusCallbackEvent": recordings, "transcribe": "bool", "transcribeCallback": "url"}},
	"Dial": {children: []string{"Number", "Client", "Conference", "Queue", "Sip"}, text: true, attrs: map[string]string{
		"action": "url", "method": method, "timeout": "number", "hangupOnStar": "bool", "timeLimit": "number", "callerId": "",
		"callReason": "", "answerOnBridge": "bool", "ringTone": "", "record": record, "trim": "trim-silence|do-not-trim",
		"recordingStatusCallback": "url", "recordingStatusCallbackMethod": method, "recordingStatusCallbackEvent": recordings,
		"sequential": "bool"}},
	"Dial/Number":      {attrs: legNoun, text: true, needs: true},
	"Dial/Client":      {attrs: legNoun, children: []string{"Identity", "Parameter"}, text: true},
	"Dial/Sip":         {attrs: legNoun, text: true, needs: true},
	"Dial/Queue":       {attrs: map[string]string{"url": "url", "method": method, "reservationSid": "", "postWorkActivitySid": ""}, text: true, needs: true},
	"Client/Identity":  {text: true, needs: true},
	"Client/Parameter": {attrs: map[string]string{"name": "", "value": ""}},
	"Dial/Conference": {text: true, needs: true, attrs: map[string]string{
		"muted": "bool", "beep": "true|false|onEnter|onExit", "startConferenceOnEnter": "bool", "endConferenceOnExit": "bool",
		"participantLabel": "", "jitterBufferSize": "small|medium|large|off", "waitUrl": "url", "waitMethod": method,
		"maxParticipants": "number", "record": record, "region": "", "trim": "trim-silence|do-not-trim", "coach": "",
		"statusCallbackEvent": "*start|end|join|leave|mute|hold|modify|speaker|announcement", "statusCallback": "url",
		"statusCallbackMethod": method, "recordingStatusCallback": "url", "recordingStatusCallbackMethod": method,
		"recordingStatusCallbackEvent": recordings, "eventCallbackUrl": "url"}},
}

// readVoice reads the answer of a voice webhook for a place. Code 0 is a document that runs; else problem says, without
// its values, what the carrier has against it.
func readVoice(a Answer, p place) (doc []element, code int, problem string) {
	kind, _, err := mime.ParseMediaType(a.ContentType)
	switch {
	case len(a.Body) > mostAnswer:
		return nil, codeTooBig, "a document over 64 kB"
	case a.Status == http.StatusNoContent || strings.TrimSpace(a.Body) == "":
		return nil, codeEmpty, "no document"
	case strings.HasPrefix(kind, "audio/"):
		return []element{{}}, 0, "" // a sound by itself
	case kind == "text/plain":
		return nil, codeType, "plain text, which the carrier reads aloud to the person"
	case err != nil || (kind != "text/xml" && kind != "application/xml" && kind != "text/html"):
		return nil, codeType, "a content type that is not XML"
	}
	doc, err = readVerbs(a.Body)
	switch {
	case errors.Is(err, errSchema):
		return nil, codeSchema, "a document that is not a Response of verbs"
	case err != nil:
		return nil, codeNotXML, "a document that is not XML"
	}
	for _, v := range doc {
		if code, problem := v.allowed(p); code != 0 {
			return nil, code, problem
		}
	}
	return doc, 0, ""
}

// allowed checks a verb against its place and the grammar.
func (e element) allowed(p place) (code int, problem string) {
	name := e.XMLName.Local
	if _, known := grammar[name]; !known {
		return codeSchema, "an unknown verb"
	}
	if !p.takes(name) {
		if p == inRoom {
			return codeRoomVerb, name + " in a document that a conference plays"
		}
		return codeSchema, name + " where it cannot stand"
	}
	if problem := e.follows(name); problem != "" {
		return codeSchema, problem
	}
	return 0, ""
}

// follows checks an element and all in it against the rule of this key; "" is in order.
func (e element) follows(key string) (problem string) {
	name, r := e.XMLName.Local, grammar[key]
	for _, a := range e.Attrs {
		kind, known := r.attrs[a.Name.Local]
		switch {
		case a.Name.Space != "" || !known:
			return "an unknown attribute of " + name
		case !fits(a.Value, kind):
			return "a bad value of " + name + "'s " + a.Name.Local
		}
	}
	text := strings.TrimSpace(e.Text)
	switch {
	case text != "" && !r.text, text == "" && r.needs && len(e.Children) == 0:
		return "text in " + name + " that is missing or cannot be there"
	case name == "Say" && utf8.RuneCountInString(text) > 4096:
		return "a Say of more than 4096 characters"
	case name == "Dial" && len(e.Children) > 10:
		return "more than ten nouns in a Dial"
	}
	for _, child := range e.Children {
		if !slices.Contains(r.children, child.XMLName.Local) {
			return "an element in " + name + " that cannot be there"
		}
		if name == "Say" {
			continue
		}
		under := child.XMLName.Local
		if _, noun := grammar[name+"/"+under]; noun {
			under = name + "/" + under
		}
		if problem := child.follows(under); problem != "" {
			return problem
		}
	}
	return ""
}

func fits(value, kind string) bool {
	words, several := strings.CutPrefix(kind, "*")
	switch {
	case kind == "" || kind == "url":
		return true
	case kind == "number":
		n, err := strconv.Atoi(value)
		return err == nil && n >= 0
	case kind == "bool":
		return value == "true" || value == "false"
	case several:
		for word := range strings.FieldsSeq(value) {
			if !slices.Contains(strings.Split(words, "|"), word) {
				return false
			}
		}
		return true
	}
	return slices.Contains(strings.Split(kind, "|"), value)
}

// Reading an element.

func (e element) name() string { return e.XMLName.Local }

// attr is the value of an attribute, and whether it was given.
func (e element) attr(name string) (string, bool) {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value, true
		}
	}
	return "", false
}

func (e element) value(name string) string { v, _ := e.attr(name); return v }

func (e element) is(name string) bool { return e.value(name) == "true" }

// count is a number, or usual where it was not given.
func (e element) count(name string, usual int) int {
	if n, err := strconv.Atoi(e.value(name)); err == nil {
		return n
	}
	return usual
}

// words is the text of an element and of what stands in it.
func (e element) words() string {
	said := strings.Join(strings.Fields(e.Text), " ")
	for _, child := range e.Children {
		said = strings.TrimSpace(said + " " + child.words())
	}
	return said
}
