package main

import (
	"testing"

	"github.com/chromedp/chromedp/kb"

	"hopeline/hotline"
)

// anInterpreterByKeyAndButton: nobody knows the language yet, so one key asks which, and shows who is on duty; when it is
// known the key and the button ring at once.
func anInterpreterByKeyAndButton(t *testing.T, b *browser) {
	s := newStage(t, nil)
	s.account("anna", hotline.Counsellor, "en")
	s.account("bea", hotline.Counsellor, "en", "ti")
	s.account("freja", hotline.Supervisor, "en")
	s.company.Phone(maleesPhone).Named("malee")
	s.hires("malee", hotline.Interpreter, maleesPhone, "th")
	s.logIn("freja").must("rota.save", args{"rota": always("anna", standby("th", "malee")), "reason": "test"})
	anna := b.newPage(s, wide).enter("anna")
	anna.click("Start shift")
	anna.sees("This page rings")
	call := s.calls("+4520123456")
	anna.clickOn("document.querySelector('.ringing .yes')")
	anna.sees("You can talk")

	anna.key(kb.F7)
	anna.sees("Ring an interpreter")
	anna.sees("Malee, until")
	anna.judge("interpreter-which")
	anna.clickOn("document.querySelector('dialog input[value=th]')")
	anna.clickOn("document.querySelector('dialog .main')")
	anna.sees("Malee: rung to interpret Thai")
	anna.gone("Ring an interpreter")
	anna.shot("interpreter-rings")
	leg := s.rings(maleesPhone)
	leg.Press("1")
	anna.sees("Malee is in the call and interprets Thai")
	s.three(call)
	anna.judge("interpreter-here")
	anna.click("Let Malee go")
	s.over(leg)
	anna.gone("Malee is in the call")

	anna.speaks("th")
	anna.click("Interpreter: Thai")
	anna.sees("Malee: rung to interpret Thai")
	anna.key(kb.F7) // pressed twice: nothing more is rung, and nobody is let go
	leg = s.rings(maleesPhone)
	leg.Press("1")
	anna.sees("Malee is in the call and interprets Thai")
	leg.HangUp()
	anna.sees("The interpreter of Thai has left")

	anna.speaks("ti")
	anna.sees("Interpreter: Tigrinya")
	anna.key(kb.F7)
	anna.sees("Nobody is on duty now who interprets Tigrinya")
	anna.sees("These colleagues speak Tigrinya: Bea")
	anna.judge("interpreter-nobody")
	anna.clickOn("[...document.querySelectorAll('dialog button')].find(b => b.innerText === 'Add person')")
	anna.sees("Add a person to the call")
	anna.gone("Malee") // she is rung by the rota, not by hand
	anna.key(kb.Escape)
	call.HangUp()
	anna.sees("for your notes")
}

// speaks says in triage which language the caller speaks.
func (p *page) speaks(language string) {
	p.t.Helper()
	p.eventually("document.getElementById('triage-language')")
	value[bool](p, `(s => (s.value = '`+language+`', s.dispatchEvent(new Event('change', {bubbles: true})), true))(document.getElementById('triage-language'))`)
}
