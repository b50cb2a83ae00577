package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"hopeline/hotline"
)

// What a person does at a page, and what she sees there.

// enter logs somebody in without typing, and waits for the page before the shift.
func (p *page) enter(name string) *page {
	p.t.Helper()
	cookie, token, _ := strings.Cut(p.stage.session(name, stagePassword, ""), "=")
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: cookie, Value: token, URL: p.stage.config.Public.String()})
		return err
	}), chromedp.Reload())
	p.sees("Start shift")
	return p
}

// onShift opens the page of a new counsellor who is available.
func (b *browser) onShift(s *stage, name string, size [2]int64, languages ...string) *page {
	s.t.Helper()
	s.account(name, hotline.Counsellor, languages...)
	p := b.newPage(s, size).enter(name)
	p.click("Start shift")
	p.sees("This page rings when somebody is offered to you.")
	return p
}

// takes waits for the offer of a text and accepts it.
func (p *page) takes(words string) {
	p.t.Helper()
	p.sees("Accept")
	p.click("Accept")
	p.sees(words)
}

// patience is how long a story waits for anything.
const patience = 30 * time.Second

// eventually waits until ok, asking again and again, though less often than a console may ask.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	late, tick := time.After(patience), time.NewTicker(40*time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-late:
			t.Fatalf("waited %v in vain: %s", patience, what)
		case <-tick.C:
		}
	}
}

// eventually waits for an expression to become true in the page.
func (p *page) eventually(js string) {
	p.t.Helper()
	eventually(p.t, js, func() bool {
		ok, err := peek[bool](p, "!!("+js+")")
		return ok && err == nil
	})
}

// sees waits until the page shows words, gone until it shows them no more.
func (p *page) sees(words string) {
	p.t.Helper()
	p.eventually(fmt.Sprintf("there.says().includes(%q)", words))
}

func (p *page) gone(words string) {
	p.t.Helper()
	p.eventually(fmt.Sprintf("!there.says().includes(%q)", words))
}

// text is what an element shows.
func (p *page) text(selector string) string {
	p.t.Helper()
	return value[string](p, fmt.Sprintf("document.querySelector(%q)?.innerText ?? ''", selector))
}

// click presses a button, row or choice by its name, with a mouse or a finger, once nothing lies over it.
func (p *page) click(words string) {
	p.t.Helper()
	p.clickOn(fmt.Sprintf("there.control(%q)", words))
}

func (p *page) clickOn(element string) {
	p.t.Helper()
	var spot, before []float64
	eventually(p.t, "press "+element, func() bool { // where it stands still: while a page is drawn things move away under the finger
		var err error
		before = spot
		spot, err = peek[[]float64](p, "there.spot("+element+")")
		return err == nil && len(spot) == 2 && slices.Equal(spot, before)
	})
	if p.narrow {
		p.do(chromedp.TapXY(spot[0], spot[1]))
		return
	}
	p.do(chromedp.MouseClickXY(spot[0], spot[1]))
}

// typeIn presses a field and types, key by key. What no keyboard has, or is long, is put in at once.
func (p *page) typeIn(id, words string) {
	p.t.Helper()
	p.clickOn(fmt.Sprintf("document.getElementById(%q)", id))
	p.eventually(fmt.Sprintf("document.activeElement?.id === %q", id))
	p.types(words)
}

func (p *page) types(words string) {
	p.t.Helper()
	if len(words) <= 80 && strings.IndexFunc(words, func(r rune) bool { return r > '~' }) < 0 {
		p.do(chromedp.KeyEvent(words))
		return
	}
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: words})
		return err
	}))
}

// key presses one key, held together with others.
func (p *page) key(key string, with ...chromedp.Modifier) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(key, chromedp.KeyModifiers(with...)))
}

// tabTo presses Tab until the focus stands on a control of that name.
func (p *page) tabTo(words string) {
	p.t.Helper()
	for range 80 {
		if value[bool](p, fmt.Sprintf("there.holds(%q)", words)) {
			return
		}
		p.key("\t")
	}
	p.t.Fatalf("no Tab leads to %q", words)
}

// direction is that of a frame.
type direction bool

const (
	sent direction = true
	came direction = false
)

// frames lists the page's frames that hold all of these words.
func (p *page) frames(d direction, holding ...string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := p.came
	if d == sent {
		list = p.sent
	}
	var found []string
	for _, f := range list {
		if holdsAll(f, holding) {
			found = append(found, f)
		}
	}
	return found
}

func holdsAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

func (p *page) size(size [2]int64) {
	p.t.Helper()
	p.narrow = size == narrow
	if p.narrow {
		p.do(chromedp.EmulateViewport(size[0], size[1], chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulatePortrait))
		return
	}
	p.do(chromedp.EmulateViewport(size[0], size[1]))
}

// dark is what the system asks for.
func (p *page) dark(on bool) {
	p.t.Helper()
	theme := map[bool]string{true: "dark", false: "light"}[on]
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}})
		return err
	}))
}
