package app

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"hopeline/deploy/testenv"
)

// screen is one tab of a browser, open at a house.
type screen struct {
	*testing.T
	ctx context.Context

	mu     sync.Mutex
	faults []string // what the browser complained about: breaches of the policy, errors of the script
}

// visit opens a house in a browser of its own. The test fails when the page breaks its policy or throws.
func visit(t *testing.T, url string) *screen {
	t.Helper()
	ctx, cancel := context.WithTimeout(testenv.Browser(t), 3*time.Minute)
	t.Cleanup(cancel)
	s := &screen{T: t, ctx: ctx}
	if err := chromedp.Listen(ctx, s.listen); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.complain)
	s.size(1440, 900)
	s.do(chromedp.Navigate(url))
	return s
}

func (s *screen) listen(ev any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch e := ev.(type) {
	case *runtime.EventExceptionThrown:
		s.faults = append(s.faults, e.ExceptionDetails.Text+" "+fmt.Sprint(e.ExceptionDetails.Exception))
	case *cdppage.EventJavascriptDialogOpening: // the page asks before unsent words are left behind; they are kept for a reload
		go func() {
			_ = chromedp.Do(s.ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
				_, err := cdp.Call(ctx, t, cdppage.HandleJavaScriptDialog, cdppage.HandleJavaScriptDialogParams{Accept: true})
				return err
			}))
		}()
	case *log.EventEntryAdded:
		if e.Entry.Source == log.EntrySourceSecurity || strings.Contains(e.Entry.Text, "Content Security Policy") {
			s.faults = append(s.faults, e.Entry.Text)
		}
	}
}

func (s *screen) complain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		s.Error("the browser says:", f)
	}
}

func (s *screen) do(steps ...chromedp.Action[chromedp.Void]) {
	s.Helper()
	if err := chromedp.Do(s.ctx, steps...); err != nil {
		s.Fatal(err)
	}
}

// eval gives the value of an expression in the page.
func eval[T any](s *screen, js string) T {
	s.Helper()
	v, err := chromedp.Run(s.ctx, chromedp.Evaluate[T](js))
	if err != nil {
		s.Fatalf("%s: %v", js, err)
	}
	return v
}

// until waits for an expression to become true.
func (s *screen) until(js string) {
	s.Helper()
	if _, err := chromedp.Run(s.ctx, chromedp.Poll[bool]("!!("+js+")", chromedp.WithPollingTimeout(20*time.Second))); err != nil {
		s.Fatalf("waited for %s: %v\nthe page says: %s", js, err, eval[string](s, "document.body.innerText.replace(/\\n\\s*/g, ' | ').slice(0, 1200)"))
	}
}

// sees waits until the page shows a text.
func (s *screen) sees(text string) {
	s.Helper()
	s.until(fmt.Sprintf("document.body.innerText.includes(%q)", text))
}

// gone waits until the page shows a text no more.
func (s *screen) gone(text string) {
	s.Helper()
	s.until(fmt.Sprintf("!document.body.innerText.includes(%q)", text))
}

// button is an expression for the visible button whose words begin so.
func button(words string) string {
	return fmt.Sprintf("[...document.querySelectorAll('button')].find(b => b.checkVisibility() && b.innerText.trim().startsWith(%q))", words)
}

// press presses a button by its words, as soon as it can be pressed: a moment later it may be drawn anew, or no more.
func (s *screen) press(words string) {
	s.Helper()
	s.click(button(words))
}

// click presses an element once it is there and is not disabled.
func (s *screen) click(element string) {
	s.Helper()
	s.until("(x => x && !x.disabled && (x.click(), true))(" + element + ")")
}

// write puts the cursor into a field and types.
func (s *screen) write(id, text string) {
	s.Helper()
	s.until(fmt.Sprintf("document.getElementById(%q)", id))
	s.until("document.querySelector('dialog')?.contains(document.activeElement) ?? true") // it takes the focus when it is drawn
	eval[bool](s, fmt.Sprintf("(document.getElementById(%q).focus(), true)", id))
	s.do(chromedp.KeyEvent(text)) // SendKeys reads the element while the page may change it
}

// key presses a key, with Ctrl or Shift where the modifiers say so.
func (s *screen) key(key string, opts ...chromedp.KeyOption) {
	s.Helper()
	s.do(chromedp.KeyEvent(key, opts...))
}

// settle waits until the page has drawn what it has to draw: no hand is as quick as a test.
func (s *screen) settle() {
	s.Helper()
	if _, err := chromedp.Run(s.ctx, chromedp.Evaluate[bool]("new Promise(f => requestAnimationFrame(() => requestAnimationFrame(() => f(true))))", chromedp.EvalAwaitPromise)); err != nil {
		s.Fatal(err)
	}
}

func (s *screen) size(w, h int64) {
	s.Helper()
	if w < 760 {
		s.do(chromedp.EmulateViewport(w, h, chromedp.EmulateMobile, chromedp.EmulateTouch))
		return
	}
	s.do(chromedp.EmulateViewport(w, h))
}

// dark switches what the system asks for.
func (s *screen) dark(on bool) {
	s.Helper()
	value := map[bool]string{true: "dark", false: "light"}[on]
	s.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: value}},
		})
		return err
	}))
}
