package main

import (
	_ "embed"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"hopeline/hotline"
)

// axe is axe-core 4.14.1 under the Mozilla Public License 2.0 (testdata/axe.LICENSE.txt), as published.
//
//go:embed testdata/axe.min.js
var axe string

const askAxe = `axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
	.then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.html.slice(0, 200) + ': ' + n.failureSummary)))`

func axeFindsNothing(t *testing.T, b *browser) {
	s := newStage(t, func(_ *config, t *tuning) { t.rules.Offer = time.Hour }) // it is looked at in every size and theme meanwhile
	s.account("ann", hotline.Counsellor, "en")
	p := b.newPage(s, wide)
	p.sees("Log in")
	p.judge("login")
	p.enter("ann")
	p.judge("shift")
	p.click("Start shift")
	p.sees("Nobody is open")
	p.judge("empty")
	s.text("+4520111111", "are you there?")
	p.sees(ringing)
	p.judge("offer")
	p.takes("are you there?")
	p.sends("I am here")
	p.sees("Delivered")
	s.whatsapp("+4520222222", "a second person")
	p.sees(ringing)
	p.click("Decline")
	p.click("I need a break")
	p.gone(ringing)
	p.judge("conversation")
	p.click("Close contact")
	p.sees("What came of it")
	p.judge("close")
	p.key(kb.Escape)
	p.gone("What came of it")
}

// judge asks axe about a screen in every size and theme.
func (p *page) judge(name string) {
	p.t.Helper()
	if !value[bool](p, "typeof axe !== 'undefined'") {
		value[bool](p, axe+"; true")
	}
	p.everyWay(func(where string) {
		p.fits()
		p.shot(name)
		found, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]string](askAxe, chromedp.EvalAwaitPromise))
		if err != nil {
			p.t.Fatal("ask axe:", err)
		}
		for _, f := range found {
			p.t.Errorf("%s, %s: %s", name, where, f)
		}
	})
}
