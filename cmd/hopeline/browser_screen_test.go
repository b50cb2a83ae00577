package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"hopeline/hotline"
)

const loggedOut = "You were logged out. Log in again to go on; what you wrote is still here."

// command runs a command of the program beside the stage.
func (s *stage) command(arguments ...string) {
	s.t.Helper()
	if _, err := (&process{stage: s}).command("", arguments...); err != nil {
		s.t.Fatalf("hopeline %s: %v", strings.Join(arguments, " "), err)
	}
}

func signedOutElsewhere(t *testing.T, b *browser) {
	s := newStage(t, nil)
	ann := b.onShift(s, "ann", wide, "en")
	s.text("+4520111111", "words to cover")
	ann.takes("words to cover")
	ann.typeIn("reply", "half a thought")
	other := ann.newTab()
	other.click("Ann")
	other.click("Log out")
	ann.sees(loggedOut)
	ann.covers("words to cover", "half a thought", "1111")
	ann.shot("logged-out")
	ann.typeIn("email", "ann@example.org")
	ann.typeIn("password", stagePassword)
	ann.click("Log in")
	ann.sees("words to cover")
	ann.draft("half a thought")

	s.command("user", "disable", "--email", "ann@example.org")
	ann.sees(loggedOut)
	ann.covers("words to cover")
	ann.typeIn("email", "ann@example.org")
	ann.typeIn("password", stagePassword)
	ann.click("Log in")
	ann.sees("That did not work.")
}

// covers waits until the document holds none of these words, in no attribute and no field.
func (p *page) covers(words ...string) {
	p.t.Helper()
	for _, w := range words {
		p.eventually(fmt.Sprintf("!(document.documentElement.outerHTML + document.title).includes(%q) && ![...document.querySelectorAll('textarea, input')].some(f => f.value.includes(%[1]q))", w))
	}
}

func theFifthTab(t *testing.T, b *browser) {
	s := newStage(t, nil)
	ann := b.onShift(s, "ann", wide, "en")
	s.text("+4520111111", "words to cover")
	ann.takes("words to cover")
	ann.typeIn("reply", "half a thought")
	var others []*desk
	for range 4 {
		others = append(others, s.logIn("ann"))
	}
	ann.sees("This page was opened in too many places")
	ann.covers("words to cover", "1111")
	ann.shot("replaced")
	ann.click("Use it here")
	ann.sees("words to cover")
	ann.draft("half a thought")
	eventually(t, "the oldest of the others makes room", func() bool {
		others[0].mu.Lock()
		defer others[0].mu.Unlock()
		return others[0].closed != nil && strings.Contains(others[0].closed.Error(), "4003")
	})
}

func inDanish(t *testing.T, b *browser) {
	s := newStage(t, nil)
	s.account("ann", hotline.Counsellor, "da")
	ann := b.newPage(s, wide)
	ann.sees("Log in")
	ann.click("Dansk")
	ann.eventually("there.control('Log ind') && document.documentElement.lang === 'da' && document.title === 'Noter'")
	ann.typeIn("email", "ann@example.org")
	ann.typeIn("password", stagePassword)
	ann.click("Log ind")
	ann.click("Begynd vagten")
	ann.sees("Siden ringer, når nogen bliver tilbudt dig.")
	s.text("+4520111111", "hej, er der nogen?")
	ann.sees("Nogen venter på dig")
	ann.click("Tag imod")
	ann.sees("Svar til SMS …1111")
	ann.sends("æøå: jeg er her")
	ann.sees("Leveret")
	ann.shot("danish")
	ann.do(chromedp.Reload())
	ann.sees("Lyden er slået fra. Tryk for at slå den til.") // the setting of the device stays
	ann.click("Ann")
	ann.click("English")
	ann.sees("Taking new contacts")
	ann.eventually("document.documentElement.lang === 'en'")
}

func soundAfterAReload(t *testing.T, b *browser) {
	s := newStage(t, nil)
	ann := b.onShift(s, "ann", wide, "en")
	ann.sees("Sound on")
	ann.do(chromedp.Reload())
	ann.sees("Sound is off. Press to turn it on.")
	ann.gone("Sound on")
	ann.shot("sound-off")
	s.text("+4520111111", "hello")
	ann.sees(ringing)
	ann.sees("Sound is off") // also while somebody is offered
	ann.click("Decline")
	ann.click("Another reason")
	ann.gone(ringing)
	ann.click("Sound is off. Press to turn it on.")
	ann.sees("Sound on")
	ann.gone("Sound is off")
}

func theScreenIsHidden(t *testing.T, b *browser) {
	s := newStage(t, nil)
	ann := b.onShift(s, "ann", wide, "en")
	s.text("+4520111111", "words to cover")
	ann.takes("words to cover")
	ann.typeIn("reply", "half a thought")
	ann.key("H", chromedp.ModifierCtrl, chromedp.ModifierShift)
	ann.sees("The screen is hidden. The line goes on.")
	ann.covers("words to cover", "half a thought", "1111")
	ann.shot("hidden")
	s.text("+4520222222", "a second person")
	ann.sees("Activity")
	s.text("+4520111111", "said meanwhile")
	ann.eventually("document.title.startsWith('(')")
	ann.covers("said meanwhile", "second person", "2222")
	ann.key(kb.Enter)
	ann.conversation("words to cover", "said meanwhile")
	ann.draft("half a thought")
	ann.sees(ringing)
}

func whoReadsAnothersContact(t *testing.T, b *browser) {
	s := newStage(t, func(_ *config, t *tuning) {
		t.rules.Answer, t.routing.Sweep = time.Second, 50*time.Millisecond
	})
	ann := s.counsellor("ann", "en")
	s.text("+4520111111", "said to ann alone")
	id := ann.takes().ID
	s.account("bea", hotline.Counsellor, "en")
	s.account("freja", hotline.Supervisor, "en")
	bea, freja := b.newPage(s, wide).enter("bea"), b.newPage(s, wide).enter("freja")
	for _, p := range []*page{bea, freja} {
		p.click("Go in without taking anybody")
		p.sees("Overdue") // nobody answers
		p.sees("With Ann")
	}
	freja.click("SMS …1111")
	freja.conversation("said to ann alone")
	freja.sees("Ann has this conversation.")
	freja.eventually("!document.getElementById('reply')")
	freja.shot("supervisor")
	bea.eventually("document.querySelectorAll('.people .row').length === 1 && !document.querySelector('.people button.row')")
	ann.sends(id, "I am here", "r1")
	freja.conversation("said to ann alone", "I am here")

	bea.eventually("!there.says().includes('With Ann')") // answered, it is nobody else's matter
	bea.gone("said to ann alone")
	for _, secret := range []string{"said to ann alone", "I am here", "+45201", "…1111"} {
		if told := bea.frames(came, secret); len(told) > 0 {
			t.Errorf("a counsellor's page was told %q: %s", secret, told)
		}
	}
}
