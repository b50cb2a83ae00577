package app

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"hopeline/routing/rota"
)

// christmas is a house with open seats: two tiers of two shifts a day, and 24 people with 60 wishes. It is Monday,
// 14 December 2026.
func christmas(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.me["role"], h.me["state"] = "admin", "away" // who plans it and takes no duty
	h.duties.at = time.Date(2026, 12, 14, 9, 0, 0, 0, time.UTC)
	h.limits = rota.Usual()
	h.users = []obj{h.me}
	for i := range 24 {
		h.users = append(h.users, user(fmt.Sprintf("p%02d", i), fmt.Sprintf("Person %02d", i), "away"))
	}
	slots := []obj{}
	for day := 1; day <= 7; day++ {
		for tier := 1; tier <= 2; tier++ {
			slots = append(slots, slot(day, "08:00", "20:00", tier), slot(day, "20:00", "08:00", tier))
		}
	}
	h.grid, h.version = obj{"line": "*", "zone": "Europe/Copenhagen", "weeks": 1, "slots": slots}, 1
	for i := range 60 {
		from := h.duties.at.AddDate(0, 0, 7+i%14)
		h.wills = append(h.wills, rota.Wish{User: fmt.Sprintf("p%02d", i%24), From: from, To: from.Add(20 * time.Hour), Will: []rota.Will{rota.Cannot, rota.Can, rota.Wants}[i%3]})
	}
	return h
}

// TestFilling: fourteen days are filled by a proposal, one seat is changed by hand, and nothing is left open in tier 1.
func TestFilling(t *testing.T) {
	h := christmas(t)
	s := visit(t, h.URL+"/#fill")
	s.sees("Fill open seats")
	s.until("document.getElementById('fill-from').value === '2026-12-21' && document.getElementById('fill-to').value === '2027-01-03'")
	s.press("Propose")
	s.sees("56 seats are filled, 0 stay empty.")
	s.until("document.querySelectorAll('.filled').length === 14 && document.querySelectorAll('.filled select').length === 56")
	first := "document.querySelector('.filled select')"
	other := eval[string](s, "[..."+first+".options].map(o => o.value).find(v => v && v !== "+first+".value)")
	eval[bool](s, fmt.Sprintf("(%s.value = %q, %[1]s.dispatchEvent(new Event('change', {bubbles: true})), true)", first, other))
	s.press("Apply 56 seats")
	s.sees("Applied. The shifts are in the plan.")
	seats := h.await(t, "rota.fill.apply", 1)[0]["proposal"].([]any)
	if len(seats) != 56 || !reflect.DeepEqual(seats[0].(obj)["user"], other) {
		t.Errorf("rota.fill.apply = %d seats, the first for %v; want 56, and %s", len(seats), seats[0], other)
	}
	s.press("Week")
	for _, sees := range []string{"Mon 21 Dec 00:00–08:00", "From now on somebody answers at every hour of this week."} { // the night before was not to be filled
		s.until("document.querySelector('.weekhead button[aria-label=\"Week after\"]')")
		eval[bool](s, "(document.querySelector('.weekhead button[aria-label=\"Week after\"]').click(), true)")
		s.sees(sees)
		s.until("document.querySelectorAll('.gaplist li').length < 2")
	}
}

// TestWhySeatsStayEmpty: a seat that nobody can have says why, and can be given by hand.
func TestWhySeatsStayEmpty(t *testing.T) {
	h := christmas(t)
	h.users = h.users[:3]
	s := visit(t, h.URL+"/#fill")
	s.press("Propose")
	s.sees("Stays empty. Why nobody of 2 can")
	// Each seat says it of those who cannot take that one.
	s.until("([...document.querySelectorAll('.stays summary')].forEach(x => x.parentElement.open = true), document.body.innerText.includes('Person 00: '))")
	filled := eval[int](s, "[...document.querySelectorAll('.filled select')].filter(x => x.value).length")
	eval[bool](s, "(x => (x.value = 'p01', x.dispatchEvent(new Event('change', {bubbles: true})), true))(document.querySelector('.stays select'))")
	s.press(fmt.Sprintf("Apply %d seats", filled+1))
	if seats := h.await(t, "rota.fill.apply", 1)[0]["proposal"].([]any); len(seats) != filled+1 {
		t.Errorf("rota.fill.apply = %d seats, want %d", len(seats), filled+1)
	}
}

func TestSwapsToDecide(t *testing.T) {
	h, s := chiefs(t)
	h.mu.Lock()
	shift := h.byID("*/s6-2000-1/2026-10-24/0")
	h.duties.swaps = []obj{{"id": "w1", "shift": shift, "from": "bo", "to": "", "by": "dina", "state": "taken", "at": stamp(0), "note": ""}}
	h.mu.Unlock()
	s.tab("Swaps", "Bo gives it to Dina")
	s.press("Agree")
	if d := h.await(t, "swap.decide", 1)[0]; d["swap"] != "w1" || d["approve"] != true {
		t.Errorf("swap.decide = %v, want w1 approved", d)
	}
	s.sees("No swap waits for you.")
	s.sees("done")
}

func TestFairness(t *testing.T) {
	_, s := chiefs(t)
	s.tab("Fairness", "The line marks the mean")
	rows := eval[[][]string](s, "[...document.querySelectorAll('tbody tr')].map(r => [...r.children].map(c => c.innerText))")
	if len(rows) != 4 || rows[0][0] != "Chau" || rows[1][0] != "Anna" || !strings.HasPrefix(rows[0][2], "+") {
		t.Errorf("the table says %v; want four people, Chau first and above the mean", rows)
	}
	if label := eval[string](s, "document.querySelector('.bars svg').getAttribute('aria-label')"); !strings.Contains(label, "Anna ") {
		t.Errorf("the picture is called %q, want each with her hours", label)
	}
	s.until("document.querySelectorAll('.bars rect').length === 4")
}

func TestSpecialDays(t *testing.T) {
	h, s := chiefs(t)
	s.tab("Special days", "Days of their own")
	s.press("New day of its own")
	s.write("day-name", "Public holiday")
	s.set("day-date", "2026-12-24")
	s.press("Add date")
	s.set("slot0-start", "09:00")
	s.submit()
	want := obj{"line": "*", "name": "Public holiday", "holiday": true, "dates": []any{"2026-12-24"},
		"slots": []any{obj{"week": 0.0, "day": 0.0, "start": "09:00", "end": "20:00", "tier": 1.0, "users": []any{}}}}
	if got := h.await(t, "rota.template.set", 1)[0]; !reflect.DeepEqual(got, want) {
		t.Errorf("rota.template.set = %v, want %v", got, want)
	}
	s.until("!document.querySelector('dialog')") // the answer shuts whatever dialog is open
	s.press("New temporary plan")
	s.set("time-from", "2026-12-27")
	s.set("time-to", "2026-12-28")
	s.set("time-date0", "2026-12-28")
	s.set("time-fallback", "dina@example.org")
	s.submit()
	got := h.await(t, "rota.temporary.set", 1)[0]
	if got["from"] != "2026-12-27" || got["to"] != "2026-12-28" || got["fallback"] != "dina@example.org" || got["slots"].([]any)[0].(obj)["date"] != "2026-12-28" {
		t.Errorf("rota.temporary.set = %v, want two days, one slot on the second, and Dina who stands in", got)
	}
}

// rules are what a line wants of its rota.
func rules() obj {
	return obj{"approve": false, "rest_hours": 11, "nights_in_a_row": 4, "week_hours": 48, "confirm_hours": 72, "test_days": 30, "phone": false, "second": false, "here_page": false, "silent": false,
		"language_must": 0, "gender_must": 1, "returns_days": 30, "woman_key": false}
}

func TestRules(t *testing.T) {
	h, s := chiefs(t)
	h.mu.Lock()
	h.rules = rules()
	h.mu.Unlock()
	s.tab("Rules", "Hours free in a row")
	eval[bool](s, "(document.querySelector('.card input[type=checkbox]').click(), true)")
	eval[bool](s, "([...document.querySelectorAll('.card label.check')].find((x) => x.innerText.includes('ring supervisors')).click(), true)")
	s.set("rule-week_hours", "40")
	s.set("rule-language_must", "2")
	s.press("Keep the rules")
	if got := h.await(t, "rota.settings.set", 1)[0]; got["approve"] != true || got["week_hours"] != 40.0 || got["rest_hours"] != 11.0 ||
		got["silent"] != true || got["language_must"] != 2.0 || got["gender_must"] != 1.0 || got["returns_days"] != 30.0 {
		t.Errorf("rota.settings.set = %v, want swaps approved, no supervisor rung, 40 hours and a language that is a must up to tier 2", got)
	}
}

// TestSkills: a supervisor says what a colleague speaks and who she is.
func TestSkills(t *testing.T) {
	h, s := chiefs(t)
	h.mu.Lock()
	h.board = board()
	h.mu.Unlock()
	s.tab("Colleagues", "Languages, and who they are")
	s.until("document.querySelector('.skill button').disabled")
	eval[bool](s, "(x => (x.value = 'th, da', x.dispatchEvent(new Event('input', {bubbles: true})), true))(document.querySelector('.skill input'))")
	eval[bool](s, "(x => (x.value = 'woman', x.dispatchEvent(new Event('change', {bubbles: true})), true))(document.querySelector('.skill select'))")
	eval[bool](s, "(document.querySelector('.skill button').click(), true)")
	got := h.await(t, "user.change", 1)[0]
	if fmt.Sprint(got["languages"]) != "[th da]" || got["gender"] != "woman" {
		t.Errorf("user.change = %v, want Thai, Danish, and a woman", got)
	}
	s.sees("Kept for ")
	s.until("document.querySelector('.skill button').disabled")
}

func TestDryRun(t *testing.T) {
	h, s := chiefs(t)
	h.person("c1", obj{"language": "da"})
	h.change("c1", nil)
	h.mu.Lock()
	h.board = board()
	h.mu.Unlock()
	s.tab("Colleagues", "Who would get it now, and why")
	s.press("Ask")
	s.sees("Anna · First line · speaks Danish")
	s.sees("Bo: off duty until 20:00")
}

// board is what the wallboard shows.
func board() obj {
	person := func(id string, more obj) obj {
		p := obj{"user": id, "on_duty": true, "state": "available", "talking": false, "missed": 0, "console": true, "reach": "page", "phone": true, "tested_at": stamp(20 * time.Hour), "test": nil, "sound": "on", "push": "works"}
		for k, v := range more {
			p[k] = v
		}
		return p
	}
	return obj{
		"waiting": obj{"voice": 1, "sms": 2, "whatsapp": 0, "other": 0}, "longest_wait_s": 252, "free": 1, "talking": 1, "unreachable": 1, "missed_offers": 2, "redis": true,
		"interpreters": []obj{{"user": "malee", "phone": true, "tested_at": nil, "test": nil, "calendar_at": nil}},
		"closed":       []obj{{"line": "*", "until": "2026-12-30T07:00:00.000Z"}},
		"next_gap":     obj{"kind": "gap", "tier": 1, "slot": 0, "from": "2026-10-29T19:00:00.000Z", "to": "2026-10-30T07:00:00.000Z", "times": 1, "words": ""},
		"people": []obj{person("anna", nil), person("bo", obj{"talking": true, "sound": "blocked", "push": "none"}),
			person("chau", obj{"state": "away", "console": false, "reach": "none", "missed": 3, "sound": "unknown", "push": "fails"}),
			person("dina", obj{"on_duty": false, "console": false, "reach": "none", "phone": false, "tested_at": nil, "sound": "unknown", "push": "none"})},
	}
}

// TestWallboard: figures big enough for a wall, dark without being asked, and red when it no longer knows.
func TestWallboard(t *testing.T) {
	h := planned(t)
	h.me["role"] = "supervisor"
	h.board, h.duties.since = board(), time.Now() // the page's clock goes with the house's
	s := visit(t, h.URL+"/#week")
	s.press("Wallboard")
	s.sees("As of ")
	s.sees("Calls 1 · SMS 2")
	s.sees("4 min")
	s.sees("Next gap: Nobody answers: ")
	s.sees("Closed until Wed 30 Dec 08:00")
	s.until("document.querySelector('.wallpeople .lost').innerText.startsWith('Chau') && document.querySelector('.wallpeople .talks').innerText.startsWith('Bo')")
	if got := eval[string](s, "getComputedStyle(document.querySelector('.wall')).backgroundColor"); got != "rgb(17, 20, 24)" {
		t.Errorf("the board is %s, want it dark", got)
	}
	if small := eval[float64](s, "Math.min(...[...document.querySelectorAll('.figure b, .figure span, .wallpeople b')].map(x => parseFloat(getComputedStyle(x).fontSize)))"); small < 28 {
		t.Errorf("the smallest of the board is %v pixels, want 28", small)
	}
	h.mu.Lock()
	h.boardAge = 16 * time.Second
	h.mu.Unlock()
	s.press("Light")
	s.until("document.querySelector('.asof.old')")
	s.sees("This board does not know what happens now.")
	loud := func(want string) {
		t.Helper()
		if got := eval[string](s, "getComputedStyle(document.querySelector('.asof')).backgroundColor"); got != want {
			t.Errorf("what the board says of its age stands on %s, want %s", got, want)
		}
	}
	loud("rgb(179, 38, 30)")
	h.mu.Lock()
	h.boardAge = 5 * time.Second // with five between two askings it stays young, unless the line is cut
	h.mu.Unlock()
	patiently := func(js string) {
		t.Helper()
		if _, err := chromedp.Run(s.ctx, chromedp.Poll[bool](js, chromedp.WithPollingTimeout(20*time.Second))); err != nil {
			t.Fatalf("waited for %s: %v", js, err)
		}
	}
	patiently("!document.querySelector('.asof.old')")
	loud("rgba(0, 0, 0, 0)")
	h.wire.Cut(true)
	patiently("!!document.querySelector('.asof.old')")
	loud("rgb(179, 38, 30)")
	s.press("Dark")
	s.until("!document.querySelector('.wall.light')")
	loud("rgb(255, 138, 128)")
	h.wire.Cut(false)
	patiently("!document.querySelector('.asof.old')")
}

// TestNoBoardForACounsellor: the board is the supervisors'.
func TestNoBoardForACounsellor(t *testing.T) {
	h := planned(t)
	s := visit(t, h.URL+"/#wall")
	s.sees("Your shift")
	if len(h.heard("wallboard")) > 0 {
		t.Error("a counsellor's page asked for the board")
	}
}

// TestDutyAlarms: a gap, and somebody who is not here, come to the supervisor in words, with the way to the week.
func TestDutyAlarms(t *testing.T) {
	h := planned(t)
	h.me["role"] = "supervisor"
	s := visit(t, h.URL)
	s.sees("Nobody is with you")
	h.tell("alarm", obj{"contact": "", "kind": "not_here", "since": stamp(0), "user": "bo", "line": "*"})
	s.sees("Has not said “I am here”")
	s.sees("Bo")
	h.tell("alarm", obj{"contact": "", "kind": "gap", "since": stamp(0), "line": "*", "from": stamp(-2 * time.Hour), "to": stamp(-4 * time.Hour)})
	s.press("I see it")
	s.sees("Nobody in the first line can answer")
	h.tell("alarm", obj{"contact": "", "kind": "gap", "since": stamp(-time.Second), "line": "*", "from": stamp(0), "to": stamp(-time.Hour)})
	h.tell("alarm", obj{"contact": "", "kind": "nobody", "since": stamp(-time.Second), "line": "*", "from": stamp(0), "to": stamp(-time.Hour)})
	s.sees("Nobody at all can answer") // goes before the rest
	s.press("I see it")
	s.sees("Nobody in the first line can answer")
	s.gone("under a minute") // it is to come
	s.press("I see it")
	s.sees("under a minute") // it is so
	s.press("Look at the week")
	s.sees("Week 43")
	s.gone("Nobody in the first line can answer")
}

// TestBulletins: what the plan leaves open waits without a sound, in every hello, until she has seen it.
func TestBulletins(t *testing.T) {
	h := planned(t)
	h.me["role"] = "supervisor"
	s := visit(t, h.URL)
	s.sees("Nobody is with you")
	h.tell("alarm", obj{"contact": "", "kind": "clocks", "since": stamp(time.Second), "line": "*", "bulletin": "b1", "words": "Mon 2027-03-29 08:00–20:00 (Europe/Copenhagen), tier 1: 05:00–17:00 UTC, before 06:00–18:00 UTC"})
	h.tell("alarm", obj{"contact": "", "kind": "report", "since": stamp(0), "line": "*", "bulletin": "b2", "open": obj{"gaps": 2, "last_tier": 0, "short": 5}})
	s.sees("Shifts begin at another time Mon 2027-03-29 08:00–20:00")
	s.press("I see it")
	s.sees("In six weeks the plan leaves open: 2 × nobody in the first line, 5 × too few people")
	if eval[bool](s, "!!document.querySelector('.alarms.loud')") {
		t.Error("a bulletin is loud")
	}
	s.press("I see it")
	s.gone("In six weeks the plan leaves open")
	if got := h.await(t, "bulletin.seen", 2); got[0]["bulletin"] != "b1" || got[1]["bulletin"] != "b2" {
		t.Errorf("bulletin.seen = %v", got)
	}
}

// TestDeskKnowsItsLine: what she may press on the desk's pages is of a line, so nothing is shown before it is known which.
func TestDeskKnowsItsLine(t *testing.T) {
	h := christmas(t)
	h.grid["line"] = "+4570201550"
	h.mute["duty.plan"] = true
	s := visit(t, h.URL+"/#fill")
	h.await(t, "duty.plan", 1)
	s.sees("Getting it…")
	if eval[bool](s, "document.getElementById('fill-from') !== null") {
		t.Error("she may propose for a line that the page does not know")
	}
	h.mu.Lock()
	delete(h.mute, "duty.plan")
	h.mu.Unlock()
	h.tell("duty.changed", obj{"line": "*"})
	s.press("Propose")
	if asked := h.await(t, "rota.fill", 1)[0]; asked["line"] != "+4570201550" {
		t.Errorf("rota.fill of line %v, want the only one that has a rota", asked["line"])
	}
	for _, asked := range h.heard("wish.asked") {
		if asked["line"] != "+4570201550" {
			t.Errorf("wish.asked of line %v, want the only one that has a rota", asked["line"])
		}
	}
}
