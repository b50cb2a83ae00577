package main

import (
	"fmt"
	"testing"

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
