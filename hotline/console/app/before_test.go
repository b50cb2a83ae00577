package app

import "testing"

// saves tells whether the main button of the dialog that is open may be pressed.
const saves = "(b => !!b && !b.disabled)(document.querySelector('dialog .main, dialog .once .buttons button'))"

// TestAGapIsShownAndNeedsAReason: whatever opens a gap says so before it is saved, and is not saved without a reason.
func TestAGapIsShownAndNeedsAReason(t *testing.T) {
	h, s := chiefs(t)
	h.mu.Lock()
	h.trial = opening()
	h.temps = []obj{{"id": "t2", "name": "Staff days", "from": "2026-11-02", "to": "2026-11-03", "fallback": "grid", "slots": []obj{}}}
	h.mu.Unlock()
	gap := "Opens: Sun 25 Oct 08:00–20:00"

	s.tab("Special days", "Days of their own")
	s.press("New day of its own")
	s.write("day-name", "Feast")
	s.press("Add date")
	s.sees(gap)
	if eval[bool](s, saves) {
		t.Error("a day of its own that leaves callers alone may be kept without a reason")
	}
	s.write("day-why", "the hall is closed")
	s.submit()
	if got := h.await(t, "rota.template.set", 1)[0]; got["reason"] != "the hall is closed" || got["name"] != "Feast" {
		t.Errorf("rota.template.set = %v, want the reason with it", got)
	}
	if tried := h.heard("rota.try"); len(tried) == 0 || tried[len(tried)-1]["template"].(obj)["name"] != "Feast" {
		t.Errorf("rota.try = %v, want the day as it would be saved", tried)
	}

	s.until("!document.querySelector('dialog')")
	s.press("New temporary plan")
	s.sees(gap)
	s.write("time-why", "all are away")
	s.submit()
	if got := h.await(t, "rota.temporary.set", 1)[0]; got["reason"] != "all are away" {
		t.Errorf("rota.temporary.set = %v, want the reason with it", got)
	}

	s.until("!document.querySelector('dialog')")
	s.press("Take it away")
	s.sees(gap)
	s.until("document.querySelector('.rows .bad').disabled")
	s.write("drop-why-t2", "nobody came")
	s.press("Yes, take it away")
	if got := h.await(t, "rota.overlay.drop", 1)[0]; got["id"] != "t2" || got["reason"] != "nobody came" {
		t.Errorf("rota.overlay.drop = %v, want the reason with it", got)
	}

	s.press("Week")
	s.until(piece("s6-2000-1"))
	eval[bool](s, "("+piece("s6-2000-1")+".click(), true)")
	s.press("Only Saturday 24 October")
	eval[bool](s, "(document.querySelector('dialog input[value=cancel]').click(), true)")
	s.sees(gap)
	if eval[bool](s, saves) {
		t.Error("a shift may be cancelled without a reason, though nobody is there then")
	}
	s.write("once-why", "the hall is closed")
	s.press("Change this one")
	if got := h.await(t, "shift.change", 1)[0]; got["do"] != "cancel" || got["reason"] != "the hall is closed" {
		t.Errorf("shift.change = %v, want the reason with it", got)
	}
}

// TestRulesThatOpenAGap: a rule by which somebody does not count any more shows what that leaves open.
func TestRulesThatOpenAGap(t *testing.T) {
	h, s := chiefs(t)
	h.mu.Lock()
	h.rules = rules()
	h.trial = opening()
	h.mu.Unlock()
	s.tab("Rules", "Hours free in a row")
	if len(h.heard("rota.try")) > 0 {
		t.Error("rules that nobody changed were tried")
	}
	eval[bool](s, "(document.querySelectorAll('.card .check input')[1].click(), true)")
	s.sees("Opens: Sun 25 Oct 08:00–20:00")
	s.sees("Say why that is meant so.")
	s.write("rules-why", "they get phones today")
	s.press("Keep the rules, and the gap")
	if got := h.await(t, "rota.settings.set", 1)[0]; got["phone"] != true || got["reason"] != "they get phones today" {
		t.Errorf("rota.settings.set = %v", got)
	}
}

// TestMyPhoneIsTested: one press rings her own phone, and what came of it stands on her page.
func TestMyPhoneIsTested(t *testing.T) {
	h := planned(t)
	s := visit(t, h.URL+"/#mine")
	s.sees("Last test page: Never")
	s.press("Ring my phone as a test")
	if got := h.await(t, "page.test", 1)[0]; len(got) != 0 {
		t.Errorf("page.test = %v, want her own", got)
	}
	s.sees("A test also went to 1 browser of yours")
	h.comes("anna", "no_key")
	s.sees("Not proved: no key was pressed")
	h.comes("anna", "answered")
	s.sees("✓ Heard: the key was pressed")
}

// comes tells what came of somebody's test.
func (h *house) comes(user, result string) {
	h.mu.Lock()
	h.tests[user] = obj{"user": user, "by": "anna", "at": stamp(0), "result": result, "ended": stamp(0)}
	test := h.tests[user]
	h.mu.Unlock()
	h.tell("page.tested", obj{"test": test})
}

// TestColleaguesAreTested: a supervisor rings one phone, or all of this week once she was told what that does.
func TestColleaguesAreTested(t *testing.T) {
	h, s := chiefs(t)
	h.mu.Lock()
	h.board = board()
	h.mu.Unlock()
	s.tab("Colleagues", "Last test page")
	s.sees("Sound blocked until a press")
	s.sees("Push fails")
	eval[bool](s, `(document.querySelector('button[aria-label="Test: Bo"]').click(), true)`)
	if got := h.await(t, "page.test", 1)[0]; got["user"] != "bo" {
		t.Errorf("page.test = %v, want Bo", got)
	}
	s.sees("The phone of Bo rings in a moment")
	h.comes("bo", "busy")
	s.sees("Not proved: busy")
	s.press("Test all who are on duty this week")
	s.sees("one after the other. Somebody who really calls goes first.")
	if n := len(h.heard("page.test")); n != 1 {
		t.Errorf("%d tests were asked for before she was sure", n)
	}
	s.press("Ring them now")
	if got := h.await(t, "page.test", 2)[1]; got["week"] != true {
		t.Errorf("page.test = %v, want the week", got)
	}
	s.sees("3 phones ring, one after the other. 1 person has no number.")
	s.until(`!document.querySelector('button[aria-label="Test: Dina"]')`) // there is nothing to ring
}

// TestWhetherAPageIsHeard: a page says at once that its browser keeps it silent, and again when it does no longer.
func TestWhetherAPageIsHeard(t *testing.T) {
	h, s := chiefs(t)
	h.mu.Lock()
	h.board = board()
	h.mu.Unlock()
	if got := h.await(t, "sound.set", 1)[0]; got["state"] != "blocked" {
		t.Fatalf("sound.set = %v, want blocked: nobody pressed anything yet", got)
	}
	s.press("Wallboard")
	s.sees("This board: ▲Sound blocked until a press")
	s.sees("Push works")
	s.press("Turn the sound on")
	s.sees("This board: ●Sound on")
	if got := h.await(t, "sound.set", 2)[1]; got["state"] != "on" {
		t.Errorf("sound.set = %v, want it on", got)
	}
}
