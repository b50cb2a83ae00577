package app

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestDangerByOneKey(t *testing.T) {
	h, s := onShift(t)
	h.mu.Lock()
	h.users[3]["role"] = "supervisor" // Dina; known after the next hello
	h.mu.Unlock()
	s.write("reply", "wow!")
	if len(h.heard("contact.danger")) > 0 {
		t.Fatal("a ! in a reply raised the alarm")
	}
	eval[bool](s, "(document.activeElement.blur(), true)")
	h.wire.Cut(true)
	s.sees("The line is cut")
	s.key("!", chromedp.KeyModifiers(chromedp.ModifierShift))
	s.sees("Telling the supervisor")
	s.sees("Where are you?")
	h.wire.Cut(false)
	if d := h.await(t, "contact.danger", 1)[0]; d["on"] != true {
		t.Errorf("contact.danger = %v, want it on", d)
	}
	s.until(`/^\d+:\d\d$/.test(document.querySelector('.emergency .count')?.innerText)`)
	for _, say := range []string{"Immediate danger", "Where are you?", "Can you leave?", "Call 112 from your own phone.",
		"This service cannot call emergency numbers", "Told at once: Dina", "Not sure means: as for a child"} {
		s.sees(say)
	}
	if eval[bool](s, "!!document.querySelector('a[href^=tel]')") {
		t.Error("the page offers to dial a number")
	}
	s.press("Under 18")
	if age := h.await(t, "triage.set", 1)[0]; age["age_band"] != "under_18" {
		t.Errorf("triage.set = %v, want under_18", age)
	}
	s.sees("Under 18: a child.")

	s.press("It is over")
	s.until("document.querySelector('dialog .main').disabled")
	eval[bool](s, "(document.querySelector('dialog input[value=help]').click(), document.querySelector('dialog input[value=vital]').click(), true)")
	s.write("who", "the police, the address")
	s.press("Keep this")
	end := h.await(t, "contact.danger", 2)[1]
	if end["on"] != false || end["outcome"] != "help is with the person" || end["ground"] != "vital interests: told to emergency services: the police, the address" {
		t.Errorf("contact.danger = %v, want its end with a ground and an outcome", end)
	}
	s.gone("Call 112 from your own phone.")
}

func TestDangerInACallByItsButton(t *testing.T) {
	h, s := inCall(t, nil)
	s.press("Danger")
	h.await(t, "contact.danger", 1)
	s.sees("There is no supervisor to tell")
	s.sees("Hang up") // the call is still to be steered
}

func TestAlarmAtTheSupervisor(t *testing.T) {
	h := newHouse(t)
	h.me["role"] = "supervisor"
	s := visit(t, h.URL)
	s.sees("Nobody is with you")
	h.person("c1", obj{"state": "live", "assignee": "bo", "address": "+4551235512"})
	h.said("c1", "", "he is at the door", time.Minute)
	h.tell("alarm", obj{"contact": "c1", "kind": "danger", "since": stamp(0)})
	h.change("c1", obj{"danger_since": stamp(0)})
	s.sees("Somebody is in danger")
	s.sees("With Bo")
	s.until("/^\\(1\\) /.test(document.title)")
	s.press("I see it")
	s.until("!/^\\(1\\) /.test(document.title)")
	s.sees("Somebody is in danger")
	s.press("Go there")
	s.sees("he is at the door")
	s.gone("Somebody is in danger") // what it was about stands open
	s.sees("Call 112 from your own phone.")
	h.change("c1", obj{"danger_since": nil})
	s.gone("Call 112 from your own phone.")
	h.tell("alarm", obj{"contact": "c2", "kind": "waiting", "since": stamp(0)})
	s.sees("Somebody waits too long")
	h.calls("c2", obj{"state": "live", "assignee": "bo"}, nil)
	h.change("c2", nil)
	s.gone("Somebody waits too long")
}

// An alarm that came while the page was away is there when it is back.
func TestAlarmAfterACut(t *testing.T) {
	h := newHouse(t)
	h.me["role"] = "supervisor"
	h.person("c1", obj{"state": "live", "assignee": "bo", "overdue": true, "danger_since": stamp(time.Minute)})
	s := visit(t, h.URL)
	s.sees("Somebody is in danger")
	s.press("I see it")
	h.wire.Cut(true)
	s.sees("The line is cut")
	h.wire.Cut(false)
	s.gone("The line is cut")
	s.sees("Somebody is in danger")
	if eval[bool](s, "!!document.querySelector('.alarms.loud')") {
		t.Error("an alarm that was seen sounds again")
	}
	s.key(kb.Escape)
}
