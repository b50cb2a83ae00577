package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"hopeline/hotline"
)

// TestWishesByALink: a supervisor asks for wishes, sends each her link, people answer on their phones without a log-in,
// and she sees who has.
func TestWishesByALink(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.account("freja", hotline.Supervisor, "en")
	s.account("ann", hotline.Counsellor, "en")
	s.account("bea", hotline.Counsellor, "en")
	s.mustImport(rotaOf(everyDay("00:00", "24:00", 1, "ann")))
	day := func(n int) string { return s.tuning.now().UTC().AddDate(0, 0, n).Format(time.DateOnly) }
	b := newBrowser(t)
	p := b.newPage(s, wide).enter("freja")
	p.click("My duties")
	p.click("Fill")
	p.click("Ask for wishes")
	p.fill("ask-from", day(20))
	p.fill("ask-to", day(33))
	p.click("Make the links")
	p.sees("0 of 3 have answered.")
	p.click("Copy the link: Ann")
	p.eventually("document.querySelector('input[id^=link-]')?.value.includes('/days#')")
	link := value[string](p, "document.querySelector('input[id^=link-]').value")

	q := b.newPage(s, narrow)
	q.sees("Log in")
	q.do(chromedp.Navigate(link))
	q.sees("You have said something about 0 of 14 days.")
	q.eventually("document.title === 'Notes' && document.querySelectorAll('.wishdays li').length === 14")
	for _, word := range []string{"Freja", "Bea", "Ann", "hotline", "Hopeline", "shift", "duty"} {
		q.eventually(fmt.Sprintf("!document.body.innerText.toLowerCase().includes(%q)", strings.ToLower(word)))
	}
	press := func(n int, kind string) {
		q.eventually(fmt.Sprintf("(document.querySelectorAll('.wishdays li')[%d].querySelector('.will.%s').click(), true)", n, kind))
		q.eventually(fmt.Sprintf("document.querySelectorAll('.wishdays li')[%d].querySelector('.will.%s').getAttribute('aria-pressed') === 'true'", n, kind))
	}
	press(0, "like")
	press(1, "cannot")
	press(2, "can")
	q.sees("You have said something about 3 of 14 days.")
	q.judge("days")
	p.sees("1 of 3 have answered.")
	q.do(chromedp.Reload())
	q.eventually("document.querySelectorAll('.wishdays li')[1]?.querySelector('.will.cannot').getAttribute('aria-pressed') === 'true'")

	ann := s.logIn("ann")
	var mine struct{ Wishes []struct{ Kind string } }
	ann.decode(ann.must("duty.mine", nil), &mine)
	if len(mine.Wishes) != 3 {
		t.Errorf("her wishes are %+v, want three", mine.Wishes)
	}
	p.click("Take all links back")
	p.gone("have answered")
	press3 := "(document.querySelectorAll('.wishdays li')[3].querySelector('.will.can').click(), true)"
	q.eventually(press3)
	q.sees("This link does not work any more. Ask whoever sent it to you for a new one.")
	q.judge("days-over")
	_, secret, _ := strings.Cut(link, "#")
	if strings.Contains(s.log.String(), secret) {
		t.Error("the log holds the secret")
	}
	if status, _ := s.get(s.config.Public.String(), "/days"); status != http.StatusOK {
		t.Errorf("the page itself answers %d", status)
	}
}
