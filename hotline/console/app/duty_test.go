package app

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// planned is a house with a rota: Anna by day, Bo by night, Chau behind them; it is Friday morning, 23 October 2026, two
// days before the clock goes back.
func planned(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.duties.at = time.Date(2026, 10, 23, 5, 45, 0, 0, time.UTC) // 07:45 in Copenhagen
	slots := []obj{}
	for day := 1; day <= 7; day++ {
		slots = append(slots, slot(day, "08:00", "20:00", 1, "anna"), slot(day, "20:00", "08:00", 1, "bo"), slot(day, "08:00", "08:00", 2, "chau"))
	}
	slots[5]["users"] = []string{email("dina")} // on Tuesday
	h.grid, h.version = obj{"line": "*", "zone": "Europe/Copenhagen", "weeks": 1, "slots": slots}, 3
	return h
}

// tab opens one of the pages of duties.
func (s *screen) tab(name, sees string) {
	s.Helper()
	s.press(name)
	s.sees(sees)
}

// submit presses the main button of the dialog that is open.
func (s *screen) submit() {
	s.Helper()
	s.until("document.querySelector('dialog .main') && !document.querySelector('dialog .main').disabled")
	eval[bool](s, "(document.querySelector('dialog .main').click(), true)")
}

func TestMyDuties(t *testing.T) {
	h := planned(t)
	h.duties.handover = obj{"id": "h1", "line": "*", "at": stamp(0), "by": "bo", "note": "One waits for a call at ten.", "open": []string{"c1"}, "read_by": "", "read_at": nil}
	h.person("c1", obj{"state": "live", "assignee": "bo", "address": "+4551235512", "overdue": true})
	s := visit(t, h.URL+"/#mine")
	s.sees("Fri 23 Oct 08:00–20:00")
	s.press("I am here")
	if here := h.await(t, "duty.here", 1)[0]; here["shift"] != "*/s5-0800-1/2026-10-23/0" {
		t.Errorf("duty.here = %v, want the shift of this morning", here)
	}
	s.sees("One waits for a call at ten.")
	s.sees("SMS …5512")
	s.press("I have read it")
	if read := h.await(t, "duty.handover.read", 1)[0]; read["handover"] != "h1" {
		t.Errorf("duty.handover.read = %v, want h1", read)
	}

	h.mu.Lock()
	h.duties.at = h.duties.at.Add(2 * time.Hour)
	h.mu.Unlock()
	h.tell("duty.changed", obj{"line": "*"})
	s.sees("You are on duty until 20:00.")
	s.press("I can’t just now")
	h.await(t, "duty.relieve", 1)
	s.sees("Second line: 1 person answers for you until 10:45.")
	s.press("Undo: back on duty")
	h.await(t, "duty.back", 1)
	s.sees("You are on duty until 20:00.")
	h.mu.Lock()
	h.alone = true
	h.mu.Unlock()
	s.key(kb.F6)
	h.await(t, "duty.relieve", 2)
	s.until("document.querySelector('dialog .danger')?.innerText === 'Nobody answers for you until 10:45: the supervisor is told.'")
	s.settle()
	eval[bool](s, "([...document.querySelectorAll('dialog button')].find(b => b.innerText === 'Undo: back on duty').click(), true)")
	h.await(t, "duty.back", 2)
	s.until("!document.querySelector('dialog')")
	s.sees("You are on duty until 20:00.")
	s.write("note-handover", "Quiet so far.")
	s.press("Leave the note")
	if note := h.await(t, "duty.handover", 1)[0]; note["note"] != "Quiet so far." || note["line"] != "*" {
		t.Errorf("duty.handover = %v, want the note of the line", note)
	}
	s.press("Show my address")
	s.until("document.getElementById('calendar')?.value.endsWith('.ics')")
	s.press("Make it invalid")
	h.await(t, "calendar.revoke", 1)
	s.until("!document.getElementById('calendar')")
}

func TestSwaps(t *testing.T) {
	h := planned(t)
	h.duties.swaps = []obj{{"id": "w1", "shift": h.byID("*/s6-2000-1/2026-10-24/0"), "from": "bo", "to": "", "by": "", "state": "open", "at": stamp(0), "note": "a birthday"}}
	s := visit(t, h.URL+"/#mine")
	s.sees("Bo asks for a swap")
	h.mu.Lock()
	h.refuse["swap.take"] = obj{"code": "conflict", "message": "Dina was quicker; nothing was changed.", "retry": ""}
	h.mu.Unlock()
	s.press("Take this shift")
	s.sees("Dina was quicker")
	h.mu.Lock()
	delete(h.refuse, "swap.take")
	h.mu.Unlock()
	s.press("Take this shift")
	s.sees("Anna takes it")
	s.press("Ask for a swap")
	s.set("swap-to", "dina")
	s.submit()
	if ask := h.await(t, "swap.ask", 1)[0]; ask["to"] != "dina" || ask["shift"] != "*/s5-0800-1/2026-10-23/0" {
		t.Errorf("swap.ask = %v, want the first shift, and Dina asked", ask)
	}
	s.sees("You asked for a swap")
	s.sees("Swap asked")
	s.press("Withdraw")
	h.await(t, "swap.withdraw", 1)
	s.gone("You asked for a swap")
}

func TestWishesAndOpenShifts(t *testing.T) {
	h := planned(t)
	h.grid["slots"] = append(h.grid["slots"].([]obj), slot(6, "10:00", "14:00", 1))
	s := visit(t, h.URL+"/#wishes")
	s.sees("Sat 24 Oct 10:00–14:00")
	s.press("Take this shift")
	if claim := h.await(t, "shift.claim", 1)[0]; claim["shift"] != "*/s6-1000-1/2026-10-24/0" {
		t.Errorf("shift.claim = %v, want the open one", claim)
	}
	day := `[...document.querySelectorAll('.wishdays li')].find(l => l.innerText.includes('25 October'))`
	press := func(will string) {
		s.until(day)
		eval[bool](s, "("+day+".querySelector('.will."+will+"').click(), true)")
	}
	press("cannot")
	want := obj{"from": "2026-10-24T22:00:00.000Z", "to": "2026-10-25T23:00:00.000Z", "kind": "cannot"} // 25 hours
	for k, v := range want {
		if got := h.await(t, "wish.set", 1)[0]; got[k] != v {
			t.Errorf("wish.set %s = %v, want %v", k, got[k], v)
		}
	}
	s.until(day + ".querySelector('.will.cannot').ariaPressed === 'true'")
	press("like")
	h.await(t, "wish.drop", 1)
	s.until(day + ".querySelector('.will.like').ariaPressed === 'true' && " + day + ".querySelector('.will.cannot').ariaPressed === 'false'")
	press("like")
	h.await(t, "wish.drop", 2)
	s.until("!document.querySelector('[aria-pressed=true].will')")
}

// Duties never stand in the way of somebody who waits.
func TestAnOfferOverDuties(t *testing.T) {
	h := planned(t)
	s := visit(t, h.URL+"/#week")
	s.sees("Week 43")
	h.person("c1", obj{"state": "offered"})
	h.said("c1", "", "can you help me", time.Minute)
	h.offer("c1", time.Minute)
	h.mu.Lock()
	h.duties.at = time.Time{}
	h.mu.Unlock()
	s.press("Accept")
	s.sees("can you help me")
	if hash := eval[string](s, "location.hash"); hash != "" {
		t.Errorf("the address still says %s", hash)
	}
	s.do(chromedp.NavigateBack())
	s.sees("Week 43")
}

// A counsellor reads the week and changes nothing.
func TestTheWeekOfACounsellor(t *testing.T) {
	h := planned(t)
	s := visit(t, h.URL+"/#week")
	s.sees("Week 43")
	s.until("document.querySelectorAll('.piece').length > 20")
	if got := eval[string](s, "document.querySelector('.tabs').innerText"); strings.Contains(got, "Fairness") {
		t.Errorf("a counsellor is shown %q", got)
	}
	if eval[bool](s, "!!document.querySelector('.grip')") {
		t.Error("a counsellor can take hold of a shift")
	}
}
