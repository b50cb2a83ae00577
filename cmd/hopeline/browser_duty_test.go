package main

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"hopeline/hotline"
)

// TestTheRotaIsMadeInThePage: a supervisor begins a rota, sees what it leaves open, gives a reason, and a counsellor
// finds her shift and takes an open one.
func TestTheRotaIsMadeInThePage(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.account("freja", hotline.Supervisor, "en")
	s.account("ann", hotline.Counsellor, "en")
	ann := s.logIn("ann")
	b := newBrowser(t)
	p := b.newPage(s, wide).enter("freja")
	p.click("My duties")
	p.click("Week")
	p.sees("No rota yet: everyone who is available is on duty.")
	p.click("Begin a rota")
	p.click("Add a shift")
	p.fill("slot-start", "00:00")
	p.fill("slot-end", "00:00")
	p.fill("slot-day", s.weekday())
	p.click("Ann")
	p.click("Put into the plan")
	p.sees("1 change is not published")
	p.sees("What your changes do")
	p.click("Publish…")
	p.sees("Say why that is meant so.")
	p.fill("why", "one day a week is all that we have")
	p.click("Publish")
	p.gone("is not published")
	ann.duty("On duty now: Ann.")

	p.click("Add a shift")
	p.fill("slot-day", s.weekday())
	p.fill("slot-start", "00:00")
	p.fill("slot-end", "00:00")
	p.fill("slot-tier", "2")
	p.click("Put into the plan")
	p.sees("What your changes do")
	p.click("Publish…")
	p.fill("why", "a second line")
	p.click("Publish")
	p.gone("is not published")
	p.click("History")
	p.sees("“a second line”")
	p.click("Fairness")
	p.sees("The line marks the mean")
	p.click("Wallboard")
	p.sees("As of ")
	p.sees("Next gap: Nobody answers")
	p.click("Back")

	q := b.newPage(s, narrow).enter("ann")
	q.click("My duties")
	q.sees("You are on duty until ")
	q.click("I am here")
	q.sees("You said that you are here.")
	q.click("Show my address")
	q.eventually("document.getElementById('calendar')?.value.includes('/calendar/')")
	q.click("Wishes and open shifts")
	q.sees("Second line · 1 seat is open")
	q.click("Take this shift")
	q.sees("you have a shift at that time already")
	q.click("I’d like")
	q.sees("Take back")
	p.click("Colleagues")
	p.sees("no checked number")
}

// TestChristmasByHand: two weeks of two tiers are filled from 24 people's 60 wishes in the page, two seats are changed by
// hand, and it is done within ten minutes at two seconds a press.
func TestChristmasByHand(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	freja := s.supervisor("freja")
	empty := [][]args{everyDay("08:00", "20:00", 1), everyDay("20:00", "08:00", 1), everyDay("08:00", "20:00", 2), everyDay("20:00", "08:00", 2)}
	freja.must("rota.save", args{"rota": rotaOf(empty...), "reason": "to be filled"})
	now := s.tuning.now().UTC()
	monday := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC).AddDate(0, 0, 7-(int(now.Weekday())+6)%7)
	for i := range 24 {
		name := fmt.Sprintf("p%02d", i)
		s.account(name, hotline.Counsellor, "en")
		v := hotline.Viewer{User: hotline.User{ID: hotline.UserID(s.userID(name)), Role: hotline.Counsellor}}
		for n := i; n < 60; n += 24 {
			from := monday.AddDate(0, 0, n%14)
			if _, err := s.house.duty.SetWish(t.Context(), v, hotline.Wish{From: from, To: from.Add(20 * time.Hour), Kind: []string{"cannot", "can", "like"}[n%3]}); err != nil {
				t.Fatal(err)
			}
		}
	}
	p, steps := newBrowser(t).newPage(s, wide).enter("freja"), 0
	click := func(what string) { p.click(what); steps++ }
	click("My duties")
	click("Fill")
	p.eventually(fmt.Sprintf("document.getElementById('fill-from').value === %q", monday.Format(time.DateOnly)))
	click("Propose")
	p.eventually("document.querySelectorAll('.filled select').length === 56 && there.says().includes('56 seats are filled, 0 stay empty.')")
	for _, seat := range []int{0, 17} {
		p.eventually(fmt.Sprintf("(x => (x.value = [...x.options].map(o => o.value).find(v => v && v !== x.value), x.dispatchEvent(new Event('change', {bubbles: true})), true))(document.querySelectorAll('.filled select')[%d])", seat))
		steps += 3 // into the list, to a name, take it
	}
	click("Apply 56 seats")
	p.sees("Applied. The shifts are in the plan.")
	click("Week")
	click("Week after") // the night before its Monday was not to be filled
	click("Week after")
	p.sees("From now on somebody answers at every hour of this week.")
	if took := time.Duration(steps) * 2 * time.Second; took > 10*time.Minute {
		t.Errorf("it takes %d presses, %v, want at most 10 minutes", steps, took)
	}
	for _, x := range freja.plan(monday, monday.AddDate(0, 0, 14)) {
		if x.Empty > 0 && !x.Start.Before(monday) {
			t.Errorf("a seat of tier %d at %s is empty", x.Tier, x.Start)
		}
	}
}

// TestAGapIsAGapInThePageToo: the page has no opinion of its own on who answers. Whoever is disabled, or does not count
// by the line's rules, leaves a gap in the week as it leaves one for those who call.
func TestAGapIsAGapInThePageToo(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	freja := s.supervisor("freja")
	s.account("ann", hotline.Counsellor, "en")
	freja.must("rota.save", args{"rota": rotaOf(everyDay("00:00", "24:00", 1, "ann")), "reason": "x"})
	rules := func(phone bool) {
		freja.must("rota.settings.set", args{"line": demoLine, "approve": false, "rest_hours": 0, "nights_in_a_row": 0, "week_hours": 0,
			"confirm_hours": 0, "test_days": 0, "phone": phone, "second": false, "reason": "a try"})
	}
	rules(false)
	p := newBrowser(t).newPage(s, wide).enter("freja")
	p.click("My duties")
	p.click("Week")
	const well, gap = "From now on somebody answers at every hour of this week.", "1 time in this week nobody answers:"
	p.sees(well)

	rules(true)
	p.sees(gap)
	p.gone(well)
	p.eventually("document.querySelectorAll('.hole').length > 0")
	p.click("Add a shift")
	p.fill("slot-day", s.weekday())
	p.fill("slot-tier", "2")
	p.click("Put into the plan")
	p.sees("What your changes do")
	p.sees(gap)
	p.click("Drop the changes")
	rules(false)
	p.sees(well)
	p.gone("Nobody answers")

	if out, err := s.beside("user", "disable", "--email", "ann@example.org"); err != nil {
		t.Fatalf("hopeline user disable: %v\n%s", err, out)
	}
	p.sees(gap)
	p.gone(well)
	p.sees("1 seat is open")
}

// TestWhoseClock: every page of duties names the clock that it goes by; whoever's own clock shows another time is told
// hers beside it.
func TestWhoseClock(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	freja := s.supervisor("freja")
	s.account("ann", hotline.Counsellor, "en")
	rota := rotaOf(everyDay("08:00", "20:00", 1, "freja", "ann"), everyDay("20:00", "08:00", 1, "freja", "ann"))
	rota["zone"] = "Europe/Copenhagen"
	freja.must("rota.save", args{"rota": rota, "reason": "x"})
	b := newBrowser(t)
	at := func(name, zone string, size [2]int64) *page {
		p := b.newPage(s, size).enter(name)
		p.zone(zone)
		p.click("My duties")
		p.sees("Copenhagen time")
		return p
	}
	p := at("freja", "America/New_York", wide)
	p.sees("By your clock: ")
	p.eventually("[...document.querySelectorAll('.rows li')].filter(l => /08:00–20:00/.test(l.innerText) && /By your clock: .* 02:00–14:00/.test(l.innerText)).length > 30")
	for _, tab := range []string{"Wishes and open shifts", "Fill", "Swaps", "Fairness", "Colleagues", "Special days", "Rules", "History", "Week", "Wallboard"} {
		p.click(tab)
		p.eventually("there.says().includes('Copenhagen time') && " + map[bool]string{true: "document.querySelector('.wall')", false: "document.querySelector('.tabs [aria-current=page]')?.innerText === '" + tab + "'"}[tab == "Wallboard"])
	}
	q := at("ann", "America/New_York", narrow)
	q.click("Week")
	q.sees("By your clock: ")
	same := at("ann", "Europe/Paris", narrow)
	same.sees("08:00–20:00")
	same.gone("By your clock")
}

// zone lets a page be somewhere else on the earth.
func (p *page) zone(name string) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: name})
		return err
	}), chromedp.Reload())
}

// weekday is today, as the field of a slot has it.
func (s *stage) weekday() string {
	day := int(s.tuning.now().UTC().Weekday())
	return string(rune('0' + (day+6)%7 + 1))
}

// fill gives a field a value, as choosing it would.
func (p *page) fill(id, value string) {
	p.t.Helper()
	field := fmt.Sprintf("document.getElementById(%q)", id)
	p.eventually(field)
	// The focus of a dialog settles after it is drawn; no hand is as quick as a test.
	p.eventually("document.querySelector('dialog')?.contains(document.activeElement) ?? true")
	choose := fmt.Sprintf("(%s.value = %q, %[1]s.dispatchEvent(new Event('input', {bubbles: true})), %[1]s.dispatchEvent(new Event('change', {bubbles: true})), true)", field, value)
	p.eventually(choose)
	p.eventually(fmt.Sprintf("%s.value === %q", field, value))
}
