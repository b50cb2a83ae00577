package simulator

import (
	"context"
	"slices"
	"strings"
	"time"
)

// mostLegs is how many legs the page is sent, and mostHeard how much of what each heard: the newest.
const (
	mostLegs  = 60
	mostHeard = 40
)

type (
	pageCall struct {
		SID   string      `json:"sid"`
		Phone string      `json:"phone"`
		Other string      `json:"other"` // the number at the other end
		Out   bool        `json:"out"`   // the phone called
		State string      `json:"state"`
		Over  bool        `json:"over"`
		Asked bool        `json:"asked"` // keys are listened to
		Queue bool        `json:"queue"`
		Room  bool        `json:"room"`
		Held  bool        `json:"held"`
		Lost  bool        `json:"lost"`
		Robot bool        `json:"machine"` // an answering machine took it
		With  []string    `json:"with"`    // phones it talks with
		Heard []pageHeard `json:"heard"`
		Count int         `json:"count"` // of all that it heard
		Since time.Time   `json:"since"` // of the state: made, answered or ended
		Took  int         `json:"took"`  // seconds, when it is over
	}
	pageHeard struct {
		Verb     string `json:"verb"`
		Text     string `json:"text"`
		Language string `json:"language"`
	}
)

// pageCalls are the newest legs, oldest first. The caller holds mu.
func (c *Carrier) pageCalls() []pageCall {
	all := []pageCall{}
	for _, l := range c.calls[max(0, len(c.calls)-mostLegs):] {
		if l.phone != nil {
			all = append(all, l.page())
		}
	}
	return all
}

func (l *Call) page() pageCall {
	v := pageCall{
		SID: l.sid, Phone: l.phone.address, Other: l.from, State: l.status, Over: l.over(), Asked: l.ear != nil && !l.ear.closed,
		Queue: l.wait != nil, Room: l.seat != nil, Held: l.seat != nil && l.seat.hold, Lost: l.lost, Robot: l.machine, With: []string{}, Heard: []pageHeard{},
		Count: len(l.heard), Since: l.created,
	}
	if l.direction == inboundCall {
		v.Out, v.Other = true, l.to
	}
	switch {
	case v.Over:
		v.Since, v.Took = l.ended, l.c.seconds(l.started, l.ended)
	case !l.started.IsZero():
		v.Since = l.started
	}
	for _, other := range l.with() {
		if other.phone != nil {
			v.With = append(v.With, other.phone.address)
		}
	}
	for _, h := range l.heard[max(0, len(l.heard)-mostHeard):] {
		v.Heard = append(v.Heard, pageHeard{h.Verb, strings.ToValidUTF8(h.Text, "\ufffd"), h.Language})
	}
	return v
}

var ringNames = map[ringKind]string{lets: "rings", picksUp: "answers", busy: "busy", machine: "voicemail", unreachable: "off"}

// calling says whether a phone of this address could call.
func calling(address string) bool {
	return e164.MatchString(address) || isClient(address) || slices.Contains([]string{"anonymous", "unknown", ""}, address)
}

// performCall does what the page asks of calls.
func (c *Carrier) performCall(a action) error {
	switch a.Do {
	case "call":
		if !calling(bare(a.Phone)) {
			return errAction
		}
		_, err := c.Phone(a.Phone).Call(context.Background(), bare(a.To))
		return err
	case "rings":
		return c.Phone(a.Phone).ringsAs(a.Value)
	}
	c.mu.Lock()
	l := c.callBy[a.SID]
	c.mu.Unlock()
	if l == nil {
		return errAction
	}
	switch a.Do {
	case "answer":
		l.Answer()
	case "press":
		if len(a.Value) != 1 || !strings.Contains("0123456789*#", a.Value) {
			return errAction
		}
		l.Press(a.Value)
	case "speak":
		l.Speak(a.Body)
	case "hangup":
		l.HangUp()
	case "lose":
		l.LoseNetwork()
	default:
		return errAction
	}
	return nil
}

// ringsAs sets how a phone takes calls by the name on the page.
func (p *Phone) ringsAs(name string) error {
	switch name {
	case "rings":
		p.LetsRing()
	case "answers":
		p.Answers(4 * time.Second)
	case "voicemail":
		p.Voicemail(6 * time.Second)
	case "busy":
		p.Busy()
	case "off":
		p.Unreachable(480)
	default:
		return errAction
	}
	return nil
}
