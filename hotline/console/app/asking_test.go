package app

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Somebody gives the address of a calendar of hers, sees how it stands, and which shift it warns of.
func TestACalendarOfHerOwn(t *testing.T) {
	h := planned(t)
	s := visit(t, h.URL+"/#mine")
	s.sees("Nothing but busy times is kept")
	s.set("own-calendar", "http://nowhere.example/")
	s.press("Read this calendar")
	s.sees("begins with https:// or webcal://")
	s.set("own-calendar", "webcal://calendar.example/secret.ics")
	s.press("Read this calendar")
	if url := h.await(t, "calendar.follow", 2)[1]["url"]; url != "webcal://calendar.example/secret.ics" {
		t.Errorf("calendar.follow = %v", url)
	}
	s.sees("It is read in a moment.")
	if eval[bool](s, "document.documentElement.outerHTML.includes('secret.ics')") {
		t.Error("the page goes on showing the secret address")
	}
	h.mu.Lock()
	h.duties.calendar = obj{"user": "anna", "host": "calendar.example", "read": "2026-10-23T05:00:00.000Z", "fault": "away", "unclear": 2}
	h.duties.away = []string{"*/s5-0800-1/2026-10-23/0"}
	h.mu.Unlock()
	h.tell("duty.changed", obj{"line": "*"})
	s.sees("The calendar cannot be reached just now. Last read Fri 23 Oct 07:00; what was known then still counts. It is tried again.")
	s.sees("2 entries in it are not understood")
	s.sees("By your own calendar you are away then")
	s.press("Remove it and forget the times")
	s.sees("its times are forgotten")
}

// A supervisor asks for wishes, takes the link of one person, sees who has answered, and takes them all back.
func TestAskingForWishes(t *testing.T) {
	h := planned(t)
	h.me["role"] = "supervisor"
	h.duties.calendars = []obj{{"user": "anna", "host": "", "read": "2026-10-23T05:00:00.000Z", "fault": "", "unclear": 0}, {"user": "bo", "host": "", "read": nil, "fault": "gone", "unclear": 0}}
	s := visit(t, h.URL+"/#fill")
	s.sees("1 of 2 calendars cannot be read")
	s.sees("There is no calendar at this address any more. It was never read yet.")
	s.click("document.querySelector('details.card summary')")
	s.set("ask-from", "2026-12-18")
	s.set("ask-to", "2026-12-31")
	s.press("Make the links")
	if got := h.await(t, "wish.ask", 1)[0]; got["from"] != "2026-12-18" || got["to"] != "2026-12-31" || got["line"] != "*" {
		t.Errorf("wish.ask = %v", got)
	}
	s.sees("Wishes are asked for: Fri 18 Dec to Thu 31 Dec")
	s.sees("0 of 4 have answered.")
	if eval[bool](s, "document.documentElement.outerHTML.includes('"+aLink+"')") {
		t.Error("a link is shown before it is asked for")
	}
	s.click("document.querySelector('[aria-label=\"Copy the link: Bo\"]')")
	if got := h.await(t, "wish.link", 1)[0]; got["user"] != "bo" {
		t.Errorf("wish.link = %v", got)
	}
	s.until("[...document.querySelectorAll('input')].some((i) => i.value.endsWith('/days#" + aLink + "'))")
	h.mu.Lock()
	people := h.duties.ask.(obj)["people"].([]obj)
	people[1]["opened"], people[1]["answered"] = "2026-10-23T05:10:00.000Z", "2026-10-23T05:15:00.000Z"
	people[2]["opened"] = "2026-10-23T05:20:00.000Z"
	h.mu.Unlock()
	h.tell("duty.changed", obj{"line": "*"})
	s.sees("1 of 4 have answered.")
	s.sees("answered Fri 23 Oct 07:15")
	s.sees("opened Fri 23 Oct 07:20, said nothing yet")
	s.press("Take all links back")
	h.await(t, "wish.withdraw", 1)
	s.gone("have answered")
}

// The page behind a link, on a phone: no log-in, one press a day, and a sentence for a link that is over.
func TestDaysByALink(t *testing.T) {
	h := newHouse(t)
	h.sign(false)
	h.days = someDays(14)
	s := visit(t, h.URL+"/days#"+aLink)
	s.size(360, 780)
	s.sees("When can you?")
	s.sees("You have said something about 1 of 14 days.")
	s.until("document.title === 'Notes' && document.documentElement.scrollWidth <= 360")
	pressed := func(day int, kind string) string {
		return "document.querySelectorAll('.wishdays li')[" + string(rune('0'+day)) + "]?.querySelector('.will." + kind + "')"
	}
	s.until(pressed(3, "cannot") + ".getAttribute('aria-pressed') === 'true'")
	s.until("(" + pressed(0, "like") + ".click(), true)")
	s.until(pressed(0, "like") + ".getAttribute('aria-pressed') === 'true'")
	s.sees("You have said something about 2 of 14 days.")
	s.until("(" + pressed(3, "cannot") + ".click(), true)")
	s.until(pressed(3, "cannot") + ".getAttribute('aria-pressed') === 'false'")
	s.do(chromedp.Reload())
	s.until(pressed(0, "like") + "?.getAttribute('aria-pressed') === 'true'")
	h.mu.Lock()
	h.days = nil
	h.mu.Unlock()
	s.until("(" + pressed(1, "can") + ".click(), true)")
	s.sees("This link does not work any more. Ask whoever sent it to you for a new one.")
	if eval[bool](s, "document.cookie !== '' || localStorage.length + sessionStorage.length > 0") {
		t.Error("the page leaves something behind")
	}
}

// Whoever opens a link has no settings here: the page speaks the language of her browser.
func TestDaysSpeakTheBrowsersLanguage(t *testing.T) {
	h := newHouse(t)
	h.sign(false)
	h.days = someDays(4)
	s := visit(t, h.URL+"/days#"+aLink)
	s.sees("When can you?")
	s.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: "Mozilla/5.0", AcceptLanguage: "da-DK"})
		return err
	}))
	s.do(chromedp.Reload())
	s.sees("Hvornår kan du?")
	s.sees("Mandag 21. december")
	s.until("document.documentElement.lang === 'da' && document.title === 'Noter'")
}

// No question holds the secret in its address, and the page says whose it is to nobody.
func TestDaysKeepTheSecret(t *testing.T) {
	h := newHouse(t)
	h.sign(false)
	h.days = someDays(5)
	s := visit(t, h.URL+"/days#"+aLink)
	s.sees("When can you?")
	for _, address := range strings.Fields(eval[string](s, "performance.getEntries().map((e) => e.name).filter((n) => n.startsWith('http')).join(' ')")) {
		if bare, _, _ := strings.Cut(address, "#"); strings.Contains(bare, aLink) {
			t.Errorf("%s holds the secret", address)
		}
	}
	s.do(chromedp.Navigate(h.URL + "/days#something-else"))
	s.do(chromedp.Reload())
	s.sees("This link does not work any more.")
	s.do(chromedp.Navigate(h.URL + "/days"))
	s.sees("This link does not work any more.")
}
