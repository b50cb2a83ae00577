package simulator

import (
	"strings"
	"time"
)

// mostShown is how many messages the page is sent, the newest.
const mostShown = 300

// The page's view of everything, sent whole.
type (
	pageState struct {
		Lines    []pageLine    `json:"lines"`
		Phones   []pagePhone   `json:"phones"`
		Messages []pageMessage `json:"messages"` // oldest first
		Calls    []pageCall    `json:"calls"`    // oldest first
		Faults   []string      `json:"faults"`
		Alerts   int           `json:"alerts"`
		Doubles  bool          `json:"doubles"`
		Shuffles bool          `json:"shuffles"`
		Next     []string      `json:"next"` // mishaps that wait for the next sends
	}
	pageLine struct {
		Address  string `json:"address"`
		WhatsApp bool   `json:"whatsapp"`
		Hook     bool   `json:"hook"`  // someone is there to be told of a text
		Voice    bool   `json:"voice"` // and of a call
	}
	pagePhone struct {
		Address  string   `json:"address"`
		Name     string   `json:"name"`
		Fate     string   `json:"fate"`
		OptedOut []string `json:"optedOut"` // addresses of the account
		Text     bool     `json:"text"`     // may send an SMS
		WhatsApp bool     `json:"whatsapp"`
		Voice    bool     `json:"voice"` // may call
		Rings    string   `json:"rings"` // what happens when it is called
		Staff    bool     `json:"staff"` // a counsellor's
	}
	pageMessage struct {
		SID     string       `json:"sid"`
		Phone   string       `json:"phone"`
		Line    string       `json:"line"`
		Out     bool         `json:"out"` // written by the phone
		Body    string       `json:"body"`
		Media   []string     `json:"media"`
		Place   string       `json:"place"`
		Button  bool         `json:"button"`
		Status  string       `json:"status"`
		Code    int          `json:"code"`
		Reason  string       `json:"reason"`
		At      time.Time    `json:"at"`
		Answers []pageAnswer `json:"answers"`
	}
	pageAnswer struct {
		Status   int   `json:"status"`
		Code     int   `json:"code"`
		Took     int64 `json:"ms"`
		Fallback bool  `json:"fallback"`
	}
)

// state is everything the page shows, and the channel that closes at the next change.
func (c *Carrier) state() (pageState, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := pageState{
		Lines: []pageLine{}, Phones: []pagePhone{}, Messages: []pageMessage{}, Faults: []string{}, Next: []string{},
		Calls: c.pageCalls(), Alerts: len(c.alerts), Doubles: c.chaos.Duplicate > 0, Shuffles: c.chaos.Reorder > 0,
	}
	for _, line := range c.lines {
		s.Lines = append(s.Lines, pageLine{line, isWhatsApp(line), c.numbers[line].hooks.Message != "", c.voiceAt(line)})
	}
	for _, p := range c.cast {
		s.Phones = append(s.Phones, c.pagePhone(p))
	}
	for _, m := range c.messages[max(0, len(c.messages)-mostShown):] {
		s.Messages = append(s.Messages, pageMessageOf(m))
	}
	for _, f := range c.faults[max(0, len(c.faults)-20):] {
		s.Faults = append(s.Faults, f.String())
	}
	for _, m := range c.mishaps {
		s.Next = append(s.Next, mishapNames[m])
	}
	return s, c.changed
}

// voiceAt says whether the number behind an address takes calls. The caller holds mu.
func (c *Carrier) voiceAt(line string) bool {
	n := c.numbers[bare(line)]
	return n != nil && n.hooks.Voice != ""
}

func (c *Carrier) pagePhone(p *Phone) pagePhone {
	v := pagePhone{
		Address: p.address, Name: p.name, Fate: fateNames[p.fate.kind], OptedOut: []string{},
		Voice: calling(p.address), Rings: ringNames[p.ringing.kind], Staff: p.staff,
		Text: !scopedID.MatchString(p.address) && !isClient(p.address), WhatsApp: e164.MatchString(p.address) || scopedID.MatchString(p.address),
	}
	for _, line := range c.lines {
		if c.optedOut[pair{p.address, line}] {
			v.OptedOut = append(v.OptedOut, line)
		}
	}
	return v
}

func pageMessageOf(m *message) pageMessage {
	v := pageMessage{
		SID: m.sid, Phone: bare(m.from), Line: m.to, Out: true, Body: strings.ToValidUTF8(m.body, "\ufffd"),
		Media: append([]string{}, m.links...), Status: m.status, Code: m.code, At: m.created, Answers: []pageAnswer{},
	}
	if m.outbound() {
		v.Phone, v.Line, v.Out = bare(m.to), m.from, false
	}
	if m.code != 0 {
		v.Reason = reason(m.code)
	}
	for _, f := range m.media {
		v.Media = append(v.Media, f.kind)
	}
	if m.form.Has("Latitude") {
		v.Place = m.form.Get("Latitude") + ", " + m.form.Get("Longitude")
	}
	v.Button = m.form.Has("ButtonPayload")
	for _, a := range m.answers {
		v.Answers = append(v.Answers, pageAnswer{a.Status, a.Code, a.Took.Milliseconds(), a.Fallback})
	}
	return v
}

var fateNames = map[fateKind]string{
	delivers: "delivers", unread: "unread", off: "off", blocks: "blocks", silent: "silent", fails: "fails", undelivered: "nobody",
}

var mishapNames = map[Mishap]string{
	AnswerLost: "answer lost", Garbled: "garbled", BrokenAfter: "500 after", CallbackFirst: "callback first",
	NeverTaken: "never taken", TooMany: "429", Broken: "500",
}
