//go:build tour

package app

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestTourOfDuties takes pictures of everybody's pages of duties, as [TestTour] does.
func TestTourOfDuties(t *testing.T) {
	h := planned(t)
	h.person("c1", obj{"state": "live", "assignee": "bo", "address": "+4551235512", "overdue": true})
	h.duties.handover = obj{"id": "h1", "line": "*", "at": h.duties.at.Add(-20 * time.Minute).Format(time.RFC3339Nano), "by": "bo", "note": "One waits for a call at ten. The other wrote STOP, which may be a cry for help: look at it first.", "open": []string{"c1"}, "read_by": "", "read_at": nil}
	h.duties.swaps = []obj{{"id": "w1", "shift": h.byID("*/s6-2000-1/2026-10-24/0"), "from": "bo", "to": "anna", "by": "", "state": "open", "at": stamp(0), "note": "my sister’s birthday"}}
	h.grid["slots"] = append(h.grid["slots"].([]obj), slot(6, "10:00", "14:00", 1), slot(2, "18:00", "22:00", 2))
	h.duties.wishes = []obj{{"id": "x1", "from": "2026-10-24T22:00:00.000Z", "to": "2026-10-25T23:00:00.000Z", "kind": "cannot"}, {"id": "x2", "from": "2026-10-25T23:00:00.000Z", "to": "2026-10-26T23:00:00.000Z", "kind": "like"}}
	s := visit(t, h.URL+"/#mine")
	tour := &tour{screen: s, sizes: []int64{1440, 360}}
	s.press("Ring my phone as a test")
	h.await(t, "page.test", 1)
	h.comes("anna", "no_answer")
	tour.stop("duty-mine", "Not proved: nobody answered")
	tour.low("duty-phone", ".card[aria-label='Your phone for duty']", "Not proved: nobody answered")
	s.press("Ask for a swap")
	tour.stop("duty-ask", "Until somebody has taken it")
	s.key(kb.Escape)
	s.press("I am here")
	h.mu.Lock()
	h.duties.at = h.duties.at.Add(2 * time.Hour)
	h.mu.Unlock()
	h.tell("duty.changed", obj{"line": "*"})
	s.press("I can’t just now")
	s.press("Show my address")
	tour.stop("duty-relieved", "Second line: 1 person answers for you until")
	tour.tab("Wishes", "duty-wishes", "Sat 24 Oct 10:00–14:00")
	tour.tab("Week", "duty-week", "25 hours")
	s.press("Anna")
	s.press("Dansk")
	s.key(kb.Escape)
	tour.tab("Mine vagter", "duty-mine-danish", "svarer for dig til")
	tour.tab("Ønsker", "duty-wishes-danish", "Hvornår du kan")
}

func (r *tour) tab(tab, name, sees string) {
	r.Helper()
	r.press(tab)
	r.stop(name, sees)
}

// TestTourOfTheDesk: what a supervisor plans with.
func TestTourOfTheDesk(t *testing.T) {
	h := planned(t)
	h.me["role"] = "supervisor"
	h.interprets()
	h.grid["slots"] = append(h.grid["slots"].([]obj), slot(6, "10:00", "14:00", 1), slot(2, "18:00", "22:00", 2))
	h.duties.swaps = []obj{
		{"id": "w1", "shift": h.byID("*/s6-2000-1/2026-10-24/0"), "from": "bo", "to": "", "by": "dina", "state": "taken", "at": stamp(0), "note": "my sister’s birthday"},
		{"id": "w2", "shift": h.byID("*/s7-0800-1/2026-10-25/0"), "from": "anna", "to": "bo", "by": "", "state": "open", "at": stamp(0), "note": ""},
	}
	h.templates = []obj{{"id": "t1", "name": "Public holiday", "holiday": true, "dates": []string{"2026-12-24", "2026-12-25"}, "slots": []obj{slot(0, "10:00", "18:00", 1, "anna")}}}
	h.temps = []obj{{"id": "t2", "name": "Staff days", "from": "2026-11-02", "to": "2026-11-03", "fallback": "grid", "slots": []obj{}}}
	h.past = []obj{{"version": 3, "at": stamp(time.Hour), "by": "dina", "reason": "autumn", "shift": "", "kind": "", "cause": "", "user": "", "with": "", "ended": nil},
		{"version": 0, "at": stamp(2 * time.Hour), "by": "anna", "reason": "ill", "shift": "*/s6-2000-1/2026-10-24/1", "kind": "cover", "cause": "change", "user": "bo", "with": "dina", "ended": nil}}
	h.rules = rules()
	h.rules["approve"] = true
	h.board = board()
	h.trial = opening()
	h.tests = map[string]obj{"bo": {"user": "bo", "by": "anna", "at": stamp(0), "result": "no_key", "ended": stamp(0)}, "anna": {"user": "anna", "by": "anna", "at": stamp(0), "result": "answered", "ended": stamp(0)}}
	s := visit(t, h.URL+"/#week")
	s.until("document.querySelectorAll('.piece').length > 20")
	tour := &tour{screen: s, sizes: []int64{1440, 1000, 360}}
	tour.stop("desk-week", "25 hours")
	s.until(piece("s4-2000-1"))
	eval[bool](s, "("+piece("s4-2000-1")+".focus(), true)")
	s.key(kb.Delete)
	s.sees("What your changes do")
	eval[bool](s, "("+piece("s2-0800-1")+".focus(), true)")
	s.key(kb.ArrowRight, chromedp.KeyModifiers(chromedp.ModifierShift))
	s.sees("Opens: ")
	tour.stop("desk-changed", "2 changes are not published")
	s.press("Publish…")
	tour.stop("desk-publish", "The first line is empty at times")
	s.key(kb.Escape)
	h.tell("alarm", obj{"contact": "", "kind": "clocks", "since": stamp(time.Second), "line": "*", "bulletin": "b1", "words": "Mon 2027-03-29 08:00–20:00 (Europe/Copenhagen), tier 1: 05:00–17:00 UTC, before 06:00–18:00 UTC; and 544 more shifts within a year"})
	h.tell("alarm", obj{"contact": "", "kind": "report", "since": stamp(0), "line": "*", "bulletin": "b2", "open": obj{"gaps": 2, "last_tier": 0, "short": 5}})
	tour.stop("desk-clocks", "Shifts begin at another time")
	s.press("I see it")
	tour.stop("desk-report", "In six weeks the plan leaves open")
	s.press("I see it")
	h.tell("alarm", obj{"contact": "", "kind": "nobody", "since": stamp(0), "line": "*", "from": stamp(0), "to": stamp(-time.Hour)})
	tour.stop("desk-nobody", "Nobody at all can answer")
	s.press("I see it")
	s.press("Drop the changes")
	s.until(piece("s6-2000-1"))
	eval[bool](s, "("+piece("s6-2000-1")+".click(), true)")
	s.press("Only Saturday 24 October")
	eval[bool](s, "(document.querySelector('dialog input[value=cover]').click(), true)")
	s.do(chromedp.SetValue(chromedp.CSS("#once-who"), "bo"), chromedp.SetValue(chromedp.CSS("#once-by"), "dina"))
	eval[bool](s, "(['once-who', 'once-by'].forEach(x => document.getElementById(x).dispatchEvent(new Event('change', {bubbles: true}))), true)")
	tour.stop("desk-shift", "Opens: ")
	s.key(kb.Escape)
	s.until(piece("i3"))
	eval[bool](s, "("+piece("i3")+".click(), true)")
	tour.stop("desk-interpreter", "They are rung on their own phone")
	s.key(kb.Escape)
	h.person("c1", obj{"language": "da"})
	h.change("c1", nil)
	s.press("Fill")
	s.press("Propose")
	tour.stop("desk-fill", "seats are filled")
	tour.tab("Swaps", "desk-swaps", "Bo gives it to Dina")
	tour.tab("Fairness", "desk-fairness", "The line marks the mean")
	s.press("Colleagues")
	s.press("Ask")
	s.press("Test all who")
	tour.stop("desk-team", "off duty until")
	s.press("Not now")
	s.until(`document.querySelector('button[aria-label="Calendar address: Malee"]')?.click() ?? true`)
	tour.low("desk-team-interpreter", ".handed", "it is not shown again")
	s.until(`document.querySelector('button[aria-label="New calendar address: Malee"]')?.click() ?? true`)
	tour.low("desk-team-sure", ".handed", "does not work any more then")
	tour.tab("Special days", "desk-days", "Public holiday")
	s.press("New temporary plan")
	tour.stop("desk-temporary-top", "Opens: ")
	tour.low("desk-temporary", "dialog form > .right", "Opens: ")
	s.key(kb.Escape)
	s.press("Rules")
	s.sees("Hours free in a row")
	eval[bool](s, "(document.querySelectorAll('.card .check input')[1].click(), true)")
	tour.stop("desk-rules", "Keep the rules, and the gap")
	tour.tab("History", "desk-history", "Version 3 of the plan")
	s.press("Wallboard")
	tour.stop("desk-wall", "Next gap")
	h.mu.Lock()
	h.boardAge = time.Minute
	h.mu.Unlock()
	s.until("document.querySelector('.asof.old')")
	tour.stop("desk-wall-old", "This board does not know")
	s.press("Back")
	s.press("Anna")
	s.press("Dansk")
	s.key(kb.Escape)
	s.press("Uge")
	tour.stop("desk-week-danish", "uret stilles tilbage")
	tour.tab("Kolleger", "desk-team-danish", "Sidste prøve")
	tour.tab("Tavle", "desk-wall-danish", "Denne tavle")
}

// TestTourOfABeginning: a house without a rota.
func TestTourOfABeginning(t *testing.T) {
	h := newHouse(t)
	h.me["role"] = "supervisor"
	s := visit(t, h.URL+"/#week")
	tour := &tour{screen: s, sizes: []int64{1440, 360}}
	tour.stop("desk-begin", "No rota yet")
	s.press("Begin a rota")
	tour.stop("desk-begun", "Nothing changed")
}
