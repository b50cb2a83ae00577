package main

import (
	"fmt"
	"strings"
	"testing"

	"hopeline/hotline"
)

func onAPhone(t *testing.T, b *browser) {
	s := newStage(t, nil)
	s.account("ann", hotline.Counsellor, "en")
	s.account("freja", hotline.Supervisor, "en")
	freja := s.logIn("freja")
	p := b.newPage(s, narrow)
	p.typeIn("email", "ann@example.org")
	p.typeIn("password", stagePassword)
	p.handy("login")
	p.click("Log in")
	p.sees("Start shift")
	p.handy("shift")
	p.click("Start shift")
	p.sees("This page rings when somebody is offered to you.")
	p.handy("empty")

	s.text("+4520111111", "are you there?")
	p.sees("Accept")
	p.handy("offer")
	p.click("Accept")
	p.sees("are you there?")
	id := p.contact()
	p.typeIn("reply", "I am here")
	p.handy("writing")
	p.click("Send")
	p.sees("Delivered")
	s.text("+4520111111", "thank you")
	p.conversation("are you there?", "I am here", "thank you")
	p.handy("conversation")

	p.click("Notes")
	p.click("High")
	p.typeIn("note", "sounds calm")
	p.handy("notes")
	p.click("Save note")
	p.eventually("document.querySelector('.note')?.innerText.includes('sounds calm')")
	freja.kept(t, id, "live", func(r recordJSON) bool { return r.Triage["risk"] == "high" && len(r.Notes) == 1 })

	p.click("You")
	p.sees("Colleagues")
	p.handy("you")
	p.click("Talk")
	p.conversation("are you there?", "I am here", "thank you")
	p.click("Notes")
	p.click("Close contact")
	p.click("Got information or support")
	p.handy("close")
	p.click("Close contact")
	p.sees("Nobody is with you.")
	freja.kept(t, id, "closed", func(r recordJSON) bool { return r.Contact.Outcome != "" })
	s.got("+4520111111", "I am here")
}

// handy checks that a screen fits the hand: nothing is wider than the window, and what is pressed is large enough.
func (p *page) handy(name string) {
	p.t.Helper()
	p.fits()
	p.shot(name)
	small := value[[]string](p, "there.small(44)")
	if len(small) > 0 {
		p.t.Errorf("%s: too small for a thumb: %s", name, strings.Join(small, ", "))
	}
}

// themes and sizes that every screen is looked at in.
func (p *page) everyWay(look func(where string)) {
	p.t.Helper()
	for _, size := range [][2]int64{narrow, wide} {
		p.size(size)
		for _, dark := range []bool{true, false} {
			p.dark(dark)
			look(fmt.Sprintf("%d px, dark %v", size[0], dark))
		}
	}
}
