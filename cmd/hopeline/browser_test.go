package main

import (
	"context"
	_ "embed"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"hopeline/deploy/testenv"
)

// TestInTheBrowser plays each story through the real program and the real page. SHOTS=folder keeps the pictures that
// the stories take on their way.
func TestInTheBrowser(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	for name, play := range stories {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			play(t, b)
		})
	}
}

// stories are what counsellors live through, each told in the file that its lines stand in.
var stories = map[string]func(*testing.T, *browser){
	"from log-in to close by keyboard alone":                                    byKeyboardAlone,
	"two counsellors, one offer: the other's strip goes, and she reads no word": twoCounsellorsOneOffer,
	"an offer expires, is declined, is taken by another":                        offersGo,
	"a cut line loses no word and doubles none":                                 aCutLine,
	"a killed program loses no word and doubles none":                           aKilledProgram,
	"a reload keeps what is unsent, and drafts apart":                           aReload,
	"the 24 hours of WhatsApp are shown before they run out":                    whatsappsClock,
	"parts of an SMS are counted as typed, in the alphabet that they need":      smsIsCounted,
	"odd words are shown for what they are":                                     oddWordsAreShownForWhatTheyAre,
	"signed out elsewhere, the page covers its words and keeps the draft":       signedOutElsewhere,
	"a fifth tab takes the place of the oldest":                                 theFifthTab,
	"a night in Danish": inDanish,
	"after a reload the page says that it is silent":              soundAfterAReload,
	"a hidden screen holds no word":                               theScreenIsHidden,
	"a supervisor reads another's contact, a counsellor does not": whoReadsAnothersContact,
	"a call, taken with a microphone, while a supervisor listens": aCallInTheBrowser,
	"on a phone, from log-in to close, by thumb":                  onAPhone,
	"an interpreter, by a key and by a button":                    anInterpreterByKeyAndButton,
	"axe finds nothing":                                           axeFindsNothing,
}

// browser is the one Chromium of all stories.
type browser struct{ ctx context.Context }

func newBrowser(t *testing.T) *browser {
	t.Helper()
	return &browser{ctx: testenv.Browser(t)}
}

// page is one tab at a stage. Its test fails when the page throws, breaks its policy, or asks for anything elsewhere.
type page struct {
	t      testing.TB
	stage  *stage
	tab    context.Context // lives as long as the tab
	ctx    context.Context // ends a story that hangs
	narrow bool

	mu     sync.Mutex
	faults []string
	sent   []string // the frames of its websockets
	came   []string
}

// A desk and a phone.
var (
	wide   = [2]int64{1440, 900}
	narrow = [2]int64{360, 740}
)

// newPage opens the page as somebody who was never here, with cookies and storage of her own.
func (b *browser) newPage(s *stage, size [2]int64) *page {
	s.t.Helper()
	return (&page{t: s.t, stage: s}).open(b.ctx, size, chromedp.WithNewBrowserContext())
}

// newTab opens the page once more in the same window: another tab with the same cookies.
func (p *page) newTab() *page {
	p.t.Helper()
	return (&page{t: p.t, stage: p.stage}).open(p.tab, wide)
}

//go:embed testdata/helper.js
var helper string

func (p *page) open(parent context.Context, size [2]int64, options ...chromedp.ContextOption) *page {
	p.t.Helper()
	tab, end := chromedp.NewContext(parent, options...)
	p.tab, p.ctx = tab, tab
	p.do(chromedp.Func(p.prepare))
	ctx, cancel := context.WithTimeout(tab, 5*time.Minute)
	p.ctx = ctx
	p.t.Cleanup(func() { p.leave(); cancel(); end() })
	if err := chromedp.Listen(tab, p.listen); err != nil {
		p.t.Fatal(err)
	}
	p.size(size)
	p.do(chromedp.Navigate(p.stage.config.Public.String() + "/"))
	return p
}

// prepare makes a tab act as if it were the one in front, and puts the helper into it.
func (p *page) prepare(ctx context.Context, t *chromedp.Target) error {
	if _, err := cdp.Call(ctx, t, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		return err
	}
	if _, err := cdp.Call(ctx, t, runtime.AddBinding, runtime.AddBindingParams{Name: "breach"}); err != nil {
		return err
	}
	_, err := cdp.Call(ctx, t, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: helper})
	return err
}

func (p *page) listen(ev any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := ev.(type) {
	case *network.EventWebSocketFrameSent:
		p.sent = append(p.sent, string(e.Response.PayloadData))
	case *network.EventWebSocketFrameReceived:
		p.came = append(p.came, string(e.Response.PayloadData))
	case *network.EventWebSocketCreated:
		p.stays(e.URL)
	case *network.EventRequestWillBeSent:
		p.stays(e.Request.URL)
	case *runtime.EventBindingCalled:
		p.faults = append(p.faults, "the policy refused "+e.Payload)
	case *runtime.EventExceptionThrown:
		p.faults = append(p.faults, fmt.Sprint("the script threw ", e.ExceptionDetails.Text, " ", e.ExceptionDetails.Exception))
	case *cdppage.EventJavascriptDialogOpening: // the page asks before unsent words are left behind
		go chromedp.Do(p.ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, cdppage.HandleJavaScriptDialog, cdppage.HandleJavaScriptDialogParams{Accept: true})
			return err
		}))
	}
}

// stays notes a request that leaves the hotline; what a browser draws its own fields with does not. The caller holds mu.
func (p *page) stays(address string) {
	u, err := url.Parse(address)
	if err == nil && u.Scheme == "data" {
		return
	}
	if err != nil || u.Host != p.stage.config.Public.Host {
		p.faults = append(p.faults, "the page asked for "+address)
	}
}

// leave is the end of a page: what went wrong in it, and how it looked when its test failed.
func (p *page) leave() {
	p.mu.Lock()
	for _, f := range p.faults {
		p.t.Error(f)
	}
	p.mu.Unlock()
	if p.t.Failed() {
		p.look()
	}
}

func (p *page) look() {
	says, _ := peek[string](p, "there.says()")
	p.t.Logf("the page says: %s\nits last frames: %s\n%s", strings.Join(strings.Fields(says), " "), tailOf(p.frames(came)), tailOf(p.frames(sent)))
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Log("no picture of it:", err)
		return
	}
	file := filepath.Join(p.t.ArtifactDir(), fmt.Sprintf("page-%p.png", p))
	if err := os.WriteFile(file, png, 0o600); err == nil {
		p.t.Log("a picture of it, with -artifacts:", file)
	}
}

func tailOf(list []string) string {
	return strings.Join(list[max(0, len(list)-6):], "\n")
}

// shot keeps a picture under the size, the theme and a name, if somebody wants pictures.
func (p *page) shot(name string) {
	p.t.Helper()
	folder := os.Getenv("SHOTS")
	if folder == "" {
		return
	}
	where := "desk-"
	if p.narrow {
		where = "phone-"
	}
	where += value[string](p, "matchMedia('(prefers-color-scheme: dark)').matches ? 'dark-' : 'light-'")
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, where+name+".png"), png, 0o600)
	}
	if err != nil {
		p.t.Fatal("take a picture:", err)
	}
}

func (p *page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// peek asks the page for a value; it fails while a document is on its way.
func peek[T any](p *page, js string) (T, error) {
	return chromedp.Run(p.ctx, chromedp.Evaluate[T](js))
}

func value[T any](p *page, js string) T {
	p.t.Helper()
	v, err := peek[T](p, js)
	if err != nil {
		p.t.Fatalf("%s: %v", js, err)
	}
	return v
}
