package app

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
)

// interprets adds Malee, who interprets Thai every night.
func (h *house) interprets() {
	malee := user("malee", "Malee", "away")
	malee["role"], malee["voice"], malee["languages"] = "interpreter", "phone", []string{"th"}
	h.users = append(h.users, malee)
	for day := 1; day <= 7 && h.grid != nil; day++ {
		h.grid["slots"] = append(h.grid["slots"].([]obj), obj{"id": fmt.Sprintf("i%d", day), "week": 0, "day": day, "start": "20:00", "end": "06:00", "tier": 0, "kind": "interpreter",
			"users": []string{email("malee")}, "languages": []string{"th"}})
	}
}

// weekOfInterpreters opens the week of a planned house with Malee in it, as a supervisor.
func weekOfInterpreters(t *testing.T) (*house, *screen) {
	t.Helper()
	h := planned(t)
	h.me["role"] = "supervisor"
	h.interprets()
	s := visit(t, h.URL+"/#week")
	s.until(piece("i2"))
	return h, s
}

// TestInterpretersInTheWeek: a lane of their own below the tiers, told apart by word and shape, that no key lifts out.
func TestInterpretersInTheWeek(t *testing.T) {
	h, s := weekOfInterpreters(t)
	s.until(piece("i2") + ".innerText.includes('Malee · Interpreter: Thai')")
	if got := eval[[]string](s, "[...document.querySelector('.dayrow').querySelectorAll('.lane')].map(l => l.dataset.tier)"); !reflect.DeepEqual(got, []string{"1", "2", "0"}) {
		t.Errorf("the lanes of a day are %q, want that of interpreters last", got)
	}
	s.until("getComputedStyle(" + piece("i2") + ").borderTopStyle === 'dotted'")
	eval[bool](s, "("+piece("i2")+".focus(), true)")
	s.key(kb.PageUp)
	s.settle()
	s.sees("Nothing changed")
	eval[bool](s, "(document.querySelector('.dayhead button').click(), true)")
	s.sees("New shift")
	s.until("document.querySelector('dialog .crew') && !document.querySelector('dialog .crew').innerText.includes('Malee')")
	s.set("slot-kind", "interpreter")
	s.until("!document.getElementById('slot-tier') && document.querySelector('dialog .crew label').innerText === 'Malee'")
	s.set("slot-start", "06:00")
	s.set("slot-end", "20:00")
	s.set("slot-languages", "th, lo")
	eval[bool](s, "(document.querySelector('dialog .crew input').click(), true)")
	s.submit()
	s.press("Publish…")
	s.settle()
	s.write("why", "as agreed")
	s.submit()
	slots := h.await(t, "rota.save", 1)[0]["rota"].(obj)["slots"].([]any)
	want := obj{"week": 0.0, "day": 1.0, "start": "06:00", "end": "20:00", "tier": 0.0, "kind": "interpreter", "users": []any{"malee@example.org"}, "languages": []any{"th", "lo"}}
	if got := slots[len(slots)-1]; !reflect.DeepEqual(got, want) {
		t.Errorf("the new slot = %v, want %v", got, want)
	}
}

// TestAnInterpreterIsCoveredForOnce: an interpreter comes for another in this shift; in one of duty she cannot.
func TestAnInterpreterIsCoveredForOnce(t *testing.T) {
	h := planned(t)
	h.me["role"] = "supervisor"
	h.interprets()
	nok := user("nok", "Nok", "away")
	nok["role"] = "interpreter"
	h.users = append(h.users, nok)
	s := visit(t, h.URL+"/#week")
	s.until(piece("i2"))
	comes := func(cell string) bool {
		eval[bool](s, "("+piece(cell)+".click(), true)")
		s.until("document.querySelector('dialog .modes')")
		eval[bool](s, "([...document.querySelectorAll('dialog .modes button')][1].click(), true)")
		eval[bool](s, "(document.querySelector('dialog input[value=extra]').click(), true)")
		s.until("document.getElementById('once-by')")
		all := eval[bool](s, "[...document.getElementById('once-by').options].some(o => o.text === 'Bo' || o.text === 'Dina')")
		here := eval[bool](s, "[...document.getElementById('once-by').options].some(o => o.text === 'Nok')")
		if !all {
			t.Errorf("in %s no colleague can come", cell)
		}
		s.key(kb.Escape)
		s.until("!document.querySelector('dialog')")
		return here
	}
	if comes("s6-0800-1") {
		t.Error("an interpreter can be put into a shift of duty")
	}
	if !comes("i6") {
		t.Error("another interpreter cannot come")
	}
}

func TestInterpretersAmongColleagues(t *testing.T) {
	h, s := weekOfInterpreters(t)
	h.mu.Lock()
	h.board = board()
	h.mu.Unlock()
	s.tab("Colleagues", "Interpreter: rung by the week’s plan")
	s.size(360, 740)
	s.press("People")
	h.talking("c1", nil)
	h.change("c1", nil)
	s.press("Call …5512")
	s.press("Add person")
	s.sees("Chau")
	s.gone("Malee")
}

// TestAnInterpretersPhoneAndCalendar: she has no page, so a supervisor tests her phone, and makes the address of her
// calendar to hand it over: it is shown once, and what ends another is said before.
func TestAnInterpretersPhoneAndCalendar(t *testing.T) {
	h, s := weekOfInterpreters(t)
	h.mu.Lock()
	h.board = board()
	h.mu.Unlock()
	s.tab("Colleagues", "Interpreter: rung by the week’s plan")
	eval[bool](s, `(document.querySelector('button[aria-label="Test: Malee"]').click(), true)`)
	if got := h.await(t, "page.test", 1)[0]; got["user"] != "malee" {
		t.Errorf("page.test = %v, want Malee", got)
	}
	h.comes("malee", "no_answer")
	s.sees("Not proved: nobody answered")
	asks := func(n int, name string) {
		t.Helper()
		s.until(`document.querySelector('button[aria-label="` + name + `: Malee"]')?.click() ?? true`)
		if n > 0 {
			if got := h.await(t, "calendar.give", n)[n-1]; got["user"] != "malee" {
				t.Errorf("calendar.give = %v, want Malee", got)
			}
		}
	}
	const shown = "document.getElementById('calendar-malee')?.value.endsWith('/calendar/malee-secret.ics')"
	asks(1, "Calendar address")
	s.until(shown)
	s.sees("it is not shown again")
	s.tab("Special days", "A day of its own replaces")
	s.tab("Colleagues", "Has a calendar address, made ")
	if eval[bool](s, "document.documentElement.outerHTML.includes('malee-secret')") {
		t.Error("the address is shown again")
	}
	asks(0, "New calendar address")
	s.sees("does not work any more then")
	if n := len(h.heard("calendar.give")); n != 1 {
		t.Errorf("%d addresses were made before she was sure", n)
	}
	s.press("Make a new one")
	h.await(t, "calendar.give", 2)
	s.until(shown)
	asks(0, "Make it invalid")
	if got := h.await(t, "calendar.take", 1)[0]; got["user"] != "malee" {
		t.Errorf("calendar.take = %v, want Malee", got)
	}
	s.sees("The old address does not work any more.")
	s.until("!document.getElementById('calendar-malee')")
}

// TestAnInterpreterFromTheCall: the states that the house tells are said in words, and one button does what comes next.
func TestAnInterpreterFromTheCall(t *testing.T) {
	h := newHouse(t)
	h.interprets()
	h.talking("c1", obj{"interpreter": nil})
	h.contacts["c1"]["language"] = "th"
	s := visit(t, h.URL)
	s.press("Call …5512")
	s.press("Interpreter: Thai")
	if got := h.await(t, "call.interpret", 1)[0]; got["contact"] != "c1" || got["language"] != "th" {
		t.Errorf("call.interpret = %v, want Thai", got)
	}
	rung := obj{"user": "malee", "part": "guest", "state": "up", "phone": true}
	says := func(state, user string, rung []string, legs ...obj) {
		h.goes("c1", obj{"interpreter": obj{"language": "th", "state": state, "user": user, "rung": rung}, "legs": append([]obj{leg("anna", "counsellor")}, legs...)})
	}
	says("ringing", "", []string{"malee"}, rung)
	s.sees("Malee: rung to interpret Thai") // though her phone was picked up: only a key brings her in
	s.gone("Malee is in the call")
	s.key(kb.F7)
	s.press("Stop ringing (Thai)")
	h.await(t, "call.release", 1)
	says("here", "malee", []string{}, rung)
	s.sees("Malee is in the call and interprets Thai")
	s.press("Let Malee go")
	h.await(t, "call.release", 2)
	says("nobody", "", []string{})
	s.sees("Nobody came to interpret Thai: ring again, or add a colleague")
	s.key(kb.F7)
	h.await(t, "call.interpret", 2)
	says("left", "malee", []string{})
	s.sees("The interpreter of Thai has left")
	h.mu.Lock()
	h.refuse["call.interpret"] = obj{"code": "conflict", "message": "", "retry": ""}
	h.mu.Unlock()
	s.press("Interpreter: Thai")
	s.sees("is in another call just now; nobody was rung")
	if n := len(h.heard("call.interpret")); n != 3 {
		t.Errorf("%d were asked for, want three: F7 while one rings does nothing", n)
	}
	s.key(kb.Escape)
	h.goes("c1", obj{"talking_since": nil, "interpreter": nil})
	s.until("[...document.querySelectorAll('.controls button')].find(b => b.innerText.startsWith('Interpreter')).disabled")
}

// TestASupervisorRingsAnInterpreter: into a call that is a counsellor's.
func TestASupervisorRingsAnInterpreter(t *testing.T) {
	h := newHouse(t)
	h.me["role"] = "supervisor"
	h.interprets()
	s := visit(t, h.URL)
	s.sees("Nobody is with you")
	h.calls("c1", obj{"state": "live", "assignee": "bo", "address": "+4551235512", "language": "th"}, obj{"talking_since": stamp(time.Minute), "legs": []obj{leg("bo", "counsellor")}, "interpreter": nil})
	h.change("c1", nil)
	s.press("Call …5512")
	s.press("Interpreter: Thai")
	h.await(t, "call.interpret", 1)
}
