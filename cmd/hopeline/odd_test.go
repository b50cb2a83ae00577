package main

import (
	"strings"
	"testing"

	"hopeline/hotline/carrier/simulator"
)

func TestOddButRealInputReachesAHuman(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	ann := s.counsellor("ann", "en")
	long := strings.Repeat("æ", 1600)
	ten := []simulator.Option{}
	for range 10 {
		ten = append(ten, simulator.Attach("image/jpeg", []byte("x")))
	}
	for _, odd := range []struct {
		name, from, words string
		whatsapp          bool
		options           []simulator.Option
		shows             string // what the record must show
		withheld, reply   bool
	}{
		{name: "withheld", from: "anonymous", words: "help", shows: "help", withheld: true},
		{name: "no sender", from: "", words: "help", shows: "help", withheld: true},
		{name: "spelled on a keypad", from: "+266696687", words: "help", shows: "help", withheld: true},
		{name: "a short code", from: "384387", words: "help", shows: "help", reply: true},
		{name: "a name", from: "PARCEL", words: "your parcel", shows: "your parcel"},
		{name: "WhatsApp without a number", from: "US.13491208655302741918", words: "hi", whatsapp: true, shows: "hi", reply: true},
		{name: "an empty body", from: "+4520111101", words: "", reply: true},
		{name: "emoji", from: "+4520111102", words: "👩‍👧 🇩🇰", shows: "👩‍👧 🇩🇰", reply: true},
		{name: "1,600 characters", from: "+4520111103", words: long, shows: long, reply: true},
		{name: "ten pictures", from: "+4520111104", words: "look", options: ten, shows: "look", reply: true},
		{name: "a place", from: "+4520111105", options: []simulator.Option{simulator.Location("55.67", "12.56", "Nørreport", "station")}, whatsapp: true, shows: "55.67", reply: true},
		{name: "a button", from: "+4520111106", words: "Yes", options: []simulator.Option{simulator.Button("Yes", "p1")}, whatsapp: true, shows: "Yes", reply: true},
		{name: "NUL", from: "+4520111107", words: "a\x00b", shows: "a", reply: true},
		{name: "bytes that are no text", from: "+4520111108", words: "a\xffb", shows: "a", reply: true},
		{name: "what nobody knows yet", from: "+4520111109", words: "x", options: []simulator.Option{simulator.With("Novelty", "1"), simulator.With("MessageType", "hologram")}, shows: "x", reply: true},
		{name: "a word that opts out", from: "+4520111110", words: "STOP", shows: "STOP", reply: true},
	} {
		phone := s.company.Phone(odd.from)
		send := phone.Text
		if odd.whatsapp {
			send = phone.WhatsApp
		}
		r, err := send(t.Context(), demoLine, odd.words, odd.options...)
		if err != nil || !r.Answer.OK() {
			t.Errorf("%s: %+v, %v", odd.name, r.Answer, err)
			continue
		}
		c := ann.takes()
		got := ann.opens(c.ID)
		if len(got.Messages) != 1 || !strings.Contains(got.Messages[0].Text, odd.shows) {
			t.Errorf("%s: the record shows %+v", odd.name, got.Messages)
		}
		if c.Withheld != odd.withheld {
			t.Errorf("%s: withheld = %v", odd.name, c.Withheld)
		}
		if c.StopWord != (odd.words == "STOP") {
			t.Errorf("%s: stop_word = %v", odd.name, c.StopWord)
		}
		if odd.options != nil && len(ten) == len(odd.options) && len(got.Messages[0].Media) != 10 {
			t.Errorf("%s: %d media, want 10", odd.name, len(got.Messages[0].Media))
		}
		if !odd.reply {
			ann.refused("unsafe", "message.send", args{"contact": c.ID, "text": "x", "ref": odd.name})
		}
		ann.must("contact.close", args{"contact": c.ID, "outcome": "seen"})
	}
	for _, phone := range s.company.Phones() {
		if n := len(phone.Inbox()); n > 0 {
			t.Errorf("a machine answered: %d messages", n)
		}
	}
}

func TestALongReplyIsSplitAndShownAsOne(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	ann := s.counsellor("ann", "en")
	s.text("+4520111111", "tell me all")
	id := ann.takes().ID
	words := strings.Repeat("There is a place where you can sleep. 👩‍👧 ", 90)
	m := ann.sends(id, words, "r1")
	ann.status(m.ID, "delivered")
	if _, err := s.company.Phone("+4520111111").Wait(s.soon(), 3); err != nil {
		t.Fatal(err)
	}
	joined := ""
	for _, part := range s.company.Sent() { // in which order they arrive is the network's
		joined += part.Body
		if n := len([]rune(part.Body)); n > 1600 {
			t.Errorf("a part has %d characters", n)
		}
	}
	if joined != words {
		t.Error("the parts together are not what was written")
	}
	if r := ann.opens(id); len(r.Messages) != 2 || r.Messages[1].Text != words || r.Messages[1].Status != "delivered" {
		t.Errorf("the record shows %d messages", len(r.Messages))
	}
}

func TestARefusedReplyIsShownWithWhatToDo(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	ann := s.counsellor("ann", "en")
	s.text("+4520111111", "stop")
	c := ann.takes()
	m := ann.sends(c.ID, "I am here", "r1")
	ann.status(m.ID, "failed")
	r := ann.opens(c.ID)
	if e := r.Messages[1].Error; e == nil || e.Code != 21610 || !strings.Contains(e.Message, "STOP") {
		t.Errorf("the failed message shows %+v", r.Messages[1])
	}
}
