package main

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/hotline/carrier/simulator"
)

// whatsapp lets somebody write on that channel.
func (s *stage) whatsapp(from, words string, options ...simulator.Option) {
	s.t.Helper()
	r, err := s.company.Phone(from).WhatsApp(s.t.Context(), demoLine, words, options...)
	if err != nil || !r.Answer.OK() {
		s.t.Fatalf("WhatsApp from %s: %+v, %v", from, r, err)
	}
}

func whatsappsClock(t *testing.T, b *browser) {
	var behind atomic.Int64 // the house's clock, in nanoseconds
	s := newStage(t, func(_ *config, t *tuning) {
		t.now = func() time.Time { return time.Now().Add(-time.Duration(behind.Load())) }
	})
	s.account("ann", hotline.Counsellor, "en")
	behind.Store(int64(25 * time.Hour))
	s.whatsapp("+4520111111", "the day before")
	behind.Store(int64(22*time.Hour + 30*time.Minute))
	began := time.Now()
	s.whatsapp("+4520222222", "many hours ago")
	behind.Store(0)
	ann := b.newPage(s, wide).enter("ann")
	closes := func(in time.Duration) { // less the minutes that the story took so far
		t.Helper()
		var said []string
		for gone := time.Duration(0); gone <= time.Since(began)+patience; gone += time.Minute {
			left := int((in - gone).Minutes()) - 1
			said = append(said, fmt.Sprintf("there.says().includes('WhatsApp closes in %d h %d min')", left/60, left%60))
		}
		ann.eventually(strings.Join(said, " || "))
	}
	ann.click("Start shift")
	ann.takes("the day before")
	ann.sees("The 24 hours of WhatsApp are over. You can write again when they write.")
	ann.eventually("!document.getElementById('reply')")
	ann.takes("many hours ago")
	closes(90 * time.Minute)
	ann.eventually("document.getElementById('reply')")
	s.whatsapp("+4520333333", "just now")
	ann.takes("just now")
	closes(24 * time.Hour)
	ann.shot("whatsapp")
	s.whatsapp("+4520111111", "here again") // opens the window anew
	ann.click("WhatsApp …1111")
	closes(24 * time.Hour)
	ann.sends("I am here")
	ann.sees("Read")
}

func smsIsCounted(t *testing.T, b *browser) {
	s := newStage(t, nil)
	ann := b.onShift(s, "ann", wide, "en")
	s.text("+4520111111", "hello")
	ann.takes("hello")
	room := func(want string) {
		t.Helper()
		ann.eventually(fmt.Sprintf("document.getElementById('room').innerText.trim() === %q", want))
	}
	room("")
	ann.typeIn("reply", "æøå")
	room("1 SMS, 3 of 160")
	ann.types("🕯")
	room("special letters, shorter parts · 1 SMS, 5 of 70")
	ann.types(strings.Repeat("x", 66))
	room("special letters, shorter parts · 2 SMS, 71 of 134")
	for range 67 {
		ann.key("\b")
	}
	room("1 SMS, 3 of 160")
	ann.types(strings.Repeat("æ", 158))
	room("2 SMS, 161 of 306")
}

func oddWordsAreShownForWhatTheyAre(t *testing.T, b *browser) {
	s := newStage(t, nil)
	ann := b.onShift(s, "ann", wide, "en")
	strangeWords(t, s, ann)

	s.text("+4520111111", "STOP")
	ann.takes("STOP")
	ann.sees("They wrote STOP. It may be a cry for help; no machine answered.")
	ann.shot("stop")
	if n := len(s.company.Phone("+4520111111").Inbox()); n != 0 {
		t.Errorf("a machine answered STOP with %d messages", n)
	}
	ann.sends("I am here")
	ann.sees("Not delivered") // the carrier takes nothing for who wrote STOP
	ann.sees("STOP")

	s.text("anonymous", "nobody may know")
	ann.takes("nobody may know")
	ann.sees("SMS number withheld")
	ann.sees("This person cannot be written to: the message came without a number to answer.")
	ann.eventually("!document.getElementById('reply')")
	ann.shot("withheld")
	ann.gone("anonymous")
	ann.gone("Show number")
}

// strangeWords are all of one person.
func strangeWords(t *testing.T, s *stage, ann *page) {
	const script = `<img src=x onerror="globalThis.hit=1"><script>globalThis.hit=1</script><b>bold</b> &amp; javascript:hit`
	s.text("+4520333333", script)
	ann.takes("<b>bold</b> &amp;")
	ann.eventually(fmt.Sprintf("there.bubbles().includes(%q)", script))
	ann.eventually("document.querySelectorAll('.log img, .log script, .log b, .log a').length === 0 && typeof hit === 'undefined'")

	const arabic = "مرحبا، هل تتكلم العربية؟"
	s.text("+4520333333", arabic)
	ann.eventually(fmt.Sprintf("there.bubbles().includes(%q)", arabic))
	direction := func(words string) string {
		return value[string](ann, fmt.Sprintf(`getComputedStyle([...document.querySelectorAll('.bubble p[dir=auto]')].find(p => p.innerText === %q)).direction`, words))
	}
	if got := direction(arabic); got != "rtl" {
		t.Errorf("Arabic words run %s, want rtl", got)
	}
	if got := direction(script); got != "ltr" {
		t.Errorf("Latin words run %s, want ltr", got)
	}

	s.text("+4520333333", "", simulator.Attach("audio/ogg", []byte("x")), simulator.Attach("image/jpeg", []byte("x")))
	ann.sees("Save a file")

	long := strings.Repeat("æ", 1600) // one word, which has to be broken somewhere
	s.text("+4520333333", long)
	ann.eventually(fmt.Sprintf("there.bubbles().at(-1) === %q", long))
	for _, size := range [][2]int64{wide, narrow} {
		ann.size(size)
		ann.fits()
		ann.shot("strange")
	}
	ann.size(wide)
}

// fits waits until nothing is wider than the window or the pane that it stands in.
func (p *page) fits() {
	p.t.Helper()
	p.eventually("document.documentElement.scrollWidth <= innerWidth && [...document.querySelectorAll('.log, .people, .side, .mepane, dialog')].every(e => e.scrollWidth <= e.clientWidth)")
}
