package main

import (
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"hopeline/hotline"
)

const ringing = "Someone is waiting for you"

func byKeyboardAlone(t *testing.T, b *browser) {
	s := newStage(t, nil)
	s.account("ann", hotline.Counsellor, "en")
	s.account("freja", hotline.Supervisor, "en")
	freja := s.logIn("freja") // reads what was kept
	p := b.newPage(s, wide)
	p.eventually("document.activeElement?.id === 'email'")
	p.types("ann@example.org\t" + stagePassword + "\r")
	p.sees("Start shift")
	p.tabTo("Start shift")
	p.key(kb.Enter)
	p.sees("This page rings when somebody is offered to you.")

	asked := time.Now()
	s.text("+4520111111", "are you there?")
	p.sees(ringing)
	p.countsDown(asked)
	p.shot("offer")
	p.key(kb.F2)
	p.sees("are you there?")
	p.gone(ringing)

	p.eventually("document.activeElement?.id === 'reply'")
	p.types("I am here. Are you safe to write?")
	p.key(kb.Enter, chromedp.ModifierCtrl)
	p.sees("Delivered")
	p.shot("conversation")
	if got := s.company.Phone("+4520111111").Inbox(); len(got) != 1 || got[0].Body != "I am here. Are you safe to write?" || got[0].From != demoLine {
		t.Errorf("the phone got %+v, want the reply once", got)
	}

	p.key(kb.F9)
	p.eventually("document.activeElement?.name === 'risk'")
	for range 3 { // from not known, past low and medium
		p.key(kb.ArrowUp)
	}
	p.eventually("document.querySelector('input[name=risk]:checked').value === 'high'")
	p.tabTo("New note")
	p.types("sounds calm")
	p.key(kb.Enter, chromedp.ModifierCtrl)
	p.eventually("document.querySelector('.note')?.innerText.includes('sounds calm') && document.getElementById('note').value === ''")
	id := p.contact()
	freja.kept(t, id, "live", func(r recordJSON) bool {
		return r.Triage["risk"] == "high" && len(r.Notes) == 1 && r.Notes[0].Text == "sounds calm"
	})

	p.tabTo("Close contact")
	p.key(kb.Enter)
	p.sees("What came of it")
	p.shot("close")
	p.eventually("document.activeElement?.name === 'outcome'") // the focus settles after the dialog is drawn
	p.key(" ")
	p.tabTo("In your own words")
	p.types("will write again")
	p.tabTo("Close contact")
	p.key(kb.Enter)
	p.sees("This contact is closed.")
	p.gone("What came of it")
	freja.kept(t, id, "closed", func(r recordJSON) bool { return strings.Contains(r.Contact.Outcome, "will write again") })
	s.got("+4520111111", "I am here. Are you safe to write?")
	p.sees("Closed just now") // where she finds it again for a last note
}

func twoCounsellorsOneOffer(t *testing.T, b *browser) {
	s := newStage(t, nil)
	first, other := b.onShift(s, "ann", wide, "en"), b.onShift(s, "bea", wide, "en")
	s.text("+4520111111", "a word for one alone")
	eventually(t, "somebody is asked", func() bool {
		if len(other.frames(came, `"offer.made"`)) > 0 {
			first, other = other, first
		}
		return len(first.frames(came, `"offer.made"`)) > 0
	})
	first.sees(ringing)
	second := first.newTab()
	second.sees(ringing)
	first.click("Decline")
	first.click("I need a break")
	first.gone(ringing)
	second.gone(ringing)
	other.sees(ringing)

	again := other.newTab()
	again.sees(ringing)
	other.takes("a word for one alone")
	again.gone(ringing)
	again.eventually("document.querySelectorAll('.people .row').length === 1")
	again.gone("a word for one alone")
	for _, p := range []*page{first, second} {
		p.eventually("document.querySelectorAll('.people .row').length === 0")
		if heard := p.frames(came, "a word for one alone"); len(heard) > 0 {
			t.Errorf("a colleague's page was told: %s", heard)
		}
	}
	if again.click("SMS …1111"); len(first.frames(came, "1111"))+len(second.frames(came, "1111")) > 0 {
		t.Error("a colleague's page was told the number")
	}
	again.sees("a word for one alone")
}

func offersGo(t *testing.T, b *browser) {
	t.Run("expired", func(t *testing.T) {
		var ahead atomic.Int64
		s := newStage(t, movable(&ahead))
		ann := b.onShift(s, "ann", wide, "en")
		s.text("+4520111111", "hello")
		ann.sees(ringing)
		ahead.Store(int64(s.tuning.rules.Offer))
		ann.sees("That offer ran out. It goes on to the next person.")
		ann.gone(ringing)
		ann.click("Take next") // it waits, and is not lost
		ann.sees("hello")
	})
	t.Run("declined", func(t *testing.T) {
		s := newStage(t, nil)
		ann := b.onShift(s, "ann", wide, "en")
		s.text("+4520111111", "hello")
		ann.sees(ringing)
		ann.click("Decline")
		ann.sees("Why not now?")
		ann.click("I do not speak the language")
		ann.gone(ringing)
		bea := s.counsellor("bea", "en")
		bea.takes()
		ann.eventually("document.querySelectorAll('.people .row').length === 0")
		if n := len(ann.frames(came, `"offer.made"`)); n != 1 {
			t.Errorf("she who declined was asked %d times, want once", n)
		}
		if said := ann.frames(sent, `"offer.decline"`); len(said) != 1 || !strings.Contains(said[0], "does not speak the language") {
			t.Errorf("her reason was sent as %s", said)
		}
	})
	t.Run("taken by another", func(t *testing.T) {
		var ahead atomic.Int64
		s := newStage(t, func(c *config, t *tuning) {
			movable(&ahead)(c, t)
			t.rules.Offer = time.Hour
		})
		ann := b.onShift(s, "ann", wide, "en")
		s.account("bea", hotline.Counsellor, "en")
		bea := s.logIn("bea")
		s.text("+4520111111", "hello")
		ann.sees(ringing)
		ahead.Store(int64(s.tuning.rules.Answer))
		ann.sees("Overdue") // by now anybody may take it
		bea.must("contact.take", args{"contact": bea.waiting()[0].ID})
		ann.sees("That offer is over.")
		ann.gone(ringing)
		ann.eventually("document.querySelectorAll('.people .row').length === 0")
	})
}

// contact is the id of the last contact that the page opened.
func (p *page) contact() string {
	p.t.Helper()
	asked := p.frames(sent, `"contact.open"`)
	if len(asked) == 0 {
		p.t.Fatal("the page opened nobody")
	}
	_, after, _ := strings.Cut(asked[len(asked)-1], `"contact":"`)
	id, _, _ := strings.Cut(after, `"`)
	return id
}

// kept waits until the record of a contact is as it should be.
func (d *desk) kept(t *testing.T, contact, state string, fits func(recordJSON) bool) {
	t.Helper()
	eventually(t, "the record of a contact that is "+state, func() bool {
		r := d.opens(contact)
		return r.Contact.State == state && fits(r)
	})
}

// countsDown looks twice at the seconds of an offer that was made after a moment.
func (p *page) countsDown(asked time.Time) {
	p.t.Helper()
	left := func() int {
		n, _ := strconv.Atoi(strings.TrimSuffix(p.text(".ringing .left"), " s left"))
		return n
	}
	first := left()
	if gone := int(time.Since(asked).Seconds()) + 1; first < 60-gone || first > 60 {
		p.t.Errorf("an offer of at most %d s ago shows %d seconds, want the rest of 60", gone, first)
	}
	eventually(p.t, fmt.Sprintf("less than %d s left", first), func() bool { return left() < first })
}
