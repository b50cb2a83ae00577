package main

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/hotline/carrier/simulator"
)

// The phones of interpreters.
const maisPhone, maleesPhone = "+4530000011", "+4530000012"

// withInterpreters is anna in a call, and interpreters of Thai who are on duty as the command line would say it.
func (s *stage) withInterpreters(names ...string) (anna *desk, call, leg *simulator.Call) {
	s.t.Helper()
	anna = s.onPhone("anna", "+4530000001", "en")
	s.account("freja", hotline.Supervisor, "en")
	for n, name := range names {
		number := []string{maisPhone, maleesPhone}[n]
		s.company.Phone(number).Named(name)
		s.hires(name, hotline.Interpreter, number, "th")
	}
	s.logIn("freja").must("rota.save", args{"rota": always("anna", standby("th", names...)), "reason": "test"})
	call = s.calls("+4520000001")
	return anna, call, s.meets(call, "+4530000001")
}

// search waits until the search for an interpreter stands as wanted.
func (d *desk) search(contact, state string) contactJSON {
	d.t.Helper()
	return d.changed(contact, func(c contactJSON) bool {
		return c.Call != nil && c.Call.Interpreter != nil && c.Call.Interpreter.State == state
	})
}

// TestOneKeyRingsTheInterpreterOnDuty: the first does not answer, the second is rung beside her, and all three are in one
// conference. She sees the line's number and hears the language, and nothing of the caller.
func TestOneKeyRingsTheInterpreterOnDuty(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(_ *config, t *tuning) { t.rules.Call.Interpret = 700 * time.Millisecond })
	anna, call, leg := s.withInterpreters("mai", "malee")
	id := anna.live().ID
	began := time.Now()
	anna.must("call.interpret", args{"contact": id, "language": "th"})
	if c := anna.search(id, "ringing"); len(c.Call.Interpreter.Rung) != 1 || c.Call.Interpreter.Language != "th" {
		t.Errorf("her page is told %+v, want whom it rings and for what", c.Call.Interpreter)
	}
	mai, err := s.company.Phone(maisPhone).Ringing(s.soon())
	s.must("ring mai", err)
	malee := s.rings(maleesPhone)
	s.must("be asked for Thai", malee.Hear(s.soon(), "interpret Thai"))
	if mai.From() != demoLine || malee.From() != demoLine {
		t.Errorf("they see %s and %s, want the line's number", mai.From(), malee.From())
	}
	malee.Press("1")
	s.three(call)
	if took := time.Since(began); took > time.Minute {
		t.Errorf("they were three after %v, want within a minute", took)
	}
	if call.Room() == "" || leg.Room() != call.Room() || malee.Room() != call.Room() {
		t.Errorf("they are in the rooms %q, %q and %q, want one", call.Room(), leg.Room(), malee.Room())
	}
	if with := malee.With(); len(with) != 2 || !slices.Contains(with, call) || !slices.Contains(with, leg) {
		t.Errorf("she is with %d others, want the caller and her counsellor", len(with))
	}
	s.over(mai)
	c := anna.search(id, "here")
	if c.Call.Interpreter.User != s.userID("malee") || len(c.Call.Legs) == 0 {
		t.Errorf("her page is told %+v with %+v, want malee", c.Call.Interpreter, c.Call.Legs)
	}
	for _, heard := range malee.Heard() {
		if strings.Contains(heard.Text, "0000001") {
			t.Errorf("she heard %q", heard.Text)
		}
	}
	anna.must("call.release", args{"contact": id}) // she is let go alone
	s.over(malee)
	s.must("go on", call.Meet(s.soon(), leg))
	call.HangUp()
	s.bye(leg)
}

// TestAnInterpreterWhoDeclinesOrIsLate: key 2 rings the next at once; whoever listens when another came hears so.
func TestAnInterpreterWhoDeclinesOrIsLate(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(_ *config, t *tuning) { t.rules.Call.Interpret = 100 * time.Millisecond })
	anna, call, leg := s.withInterpreters("mai", "malee")
	id := anna.live().ID
	anna.must("call.interpret", args{"contact": id, "language": "th"})
	mai, err := s.company.Phone(maisPhone).Ringing(s.soon())
	s.must("ring mai", err)
	malee := s.rings(maleesPhone)
	mai.Answer() // so late that both listen
	s.must("be asked", mai.Hear(s.soon(), "interpret Thai"))
	malee.Press("1")
	s.must("hear that it is taken", mai.Hear(s.soon(), "Already taken"))
	s.over(mai)
	malee.HangUp()
	anna.search(id, "left")
	anna.must("call.interpret", args{"contact": id, "language": "th"}) // mai's turn: malee was rung later
	mai = s.rings(maisPhone)
	mai.Press("2")
	malee = s.rings(maleesPhone)
	malee.Press("1")
	s.three(call)
	call.HangUp()
	s.over(malee)
	s.bye(leg)
}

// TestNoInterpreterComes: nobody on duty is said at once, and that nobody came within the minute.
func TestNoInterpreterComes(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	s := newStage(t, func(c *config, t *tuning) {
		movable(&ahead)(c, t)
		t.rules.Call.Interpret = 300 * time.Millisecond
	})
	anna, call, leg := s.withInterpreters("mai")
	id := anna.live().ID
	anna.refused("invalid", "call.interpret", args{"contact": id})
	anna.refused("not_found", "call.interpret", args{"contact": id, "language": "ti"})
	anna.must("call.interpret", args{"contact": id, "language": "th"})
	mai, err := s.company.Phone(maisPhone).Ringing(s.soon())
	s.must("ring mai", err)
	ahead.Store(int64(time.Minute))
	anna.search(id, "nobody")
	s.over(mai)
	anna.refused("not_found", "call.release", args{"contact": "no such"})
	s.bye(call, leg)
}

// TestTheHouseStopsWhileAnInterpreterRings: the search goes on where it was.
func TestTheHouseStopsWhileAnInterpreterRings(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(_ *config, t *tuning) { t.rules.Call.Interpret = 1500 * time.Millisecond })
	anna, call, leg := s.withInterpreters("mai", "malee")
	id := anna.live().ID
	anna.must("call.interpret", args{"contact": id, "language": "th"})
	_, err := s.company.Phone(maisPhone).Ringing(s.soon())
	s.must("ring mai", err)
	s.halt()
	s.start()
	malee := s.rings(maleesPhone)
	malee.Press("1")
	s.three(call)
	call.HangUp()
	s.over(malee)
	s.bye(leg)
}

// TestAnInterpreterHasNoConsole: no log-in, no contact, no seat among those who answer.
func TestAnInterpreterHasNoConsole(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	anna, call, leg := s.withInterpreters("mai")
	answer := s.post("/api/login", "", args{"email": "mai@example.org", "password": stagePassword, "code": ""})
	answer.Body.Close()
	if answer.StatusCode != http.StatusUnauthorized {
		t.Errorf("her log-in = %d, want 401", answer.StatusCode)
	}
	id := anna.live().ID
	anna.refused("invalid", "contact.transfer", args{"contact": id, "to": s.userID("mai"), "note": ""})
	anna.refused("invalid", "call.invite", args{"contact": id, "user": s.userID("mai")})
	var now struct {
		Tiers        []struct{ Users []struct{ Name string } }
		Interpreters []struct {
			User      struct{ Name, Role string }
			Languages []string
			Why       string
		}
	}
	anna.decode(anna.must("rota.on_call", args{"line": demoLine}), &now)
	if len(now.Tiers) != 1 || len(now.Tiers[0].Users) != 1 || len(now.Interpreters) != 1 || now.Interpreters[0].User.Name != "Mai" ||
		!slices.Equal(now.Interpreters[0].Languages, []string{"th"}) || now.Interpreters[0].Why == "" {
		t.Errorf("on duty are %+v, want anna in the tier and mai apart", now)
	}
	s.bye(call, leg)
}

// TestAnInterpreterHasNoPage: so a supervisor tests her phone, and hands her the address of her calendar; the next address
// ends the one before.
func TestAnInterpreterHasNoPage(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	freja, anna := s.supervisor("freja"), s.counsellor("anna", "en")
	s.company.Phone(maisPhone).Named("mai")
	s.hires("mai", hotline.Interpreter, maisPhone, "th")
	mai := s.userID("mai")
	freja.must("rota.save", args{"rota": always("anna", standby("th", "mai")), "reason": "test"})
	freja.must("page.test", args{"user": mai})
	leg := s.rings(maisPhone)
	s.must("be told that it is a test", leg.Hear(s.soon(), "This is a test"))
	leg.Press("1")
	s.over(leg)
	freja.tested(mai, "answered")

	anna.refused("forbidden", "calendar.give", args{"user": mai})
	freja.refused("invalid", "calendar.give", args{"user": anna.id()}) // she has a page of her own
	gives := func() string {
		var address struct{ URL string }
		freja.decode(freja.must("calendar.give", args{"user": mai}), &address)
		return strings.TrimPrefix(address.URL, s.config.Public.String())
	}
	first, second := gives(), gives()
	opens := func(path string, want int) string {
		status, body := s.get(s.config.Public.String(), path)
		if status != want {
			t.Errorf("the calendar is answered %d, want %d", status, want)
		}
		return body
	}
	opens(first, http.StatusNotFound)
	if body := opens(second, http.StatusOK); strings.Count(body, "BEGIN:VEVENT") < 175 || strings.Contains(body, "mai") {
		t.Errorf("the calendar is\n%.300s", body)
	}
	var wall struct {
		Interpreters []struct {
			User       string
			Phone      bool
			TestedAt   *string `json:"tested_at"`
			CalendarAt *string `json:"calendar_at"`
		}
	}
	freja.decode(freja.must("wallboard", nil), &wall)
	if p := wall.Interpreters; len(p) != 1 || p[0].User != mai || !p[0].Phone || p[0].TestedAt == nil || p[0].CalendarAt == nil {
		t.Errorf("the page of colleagues has %+v", p)
	}
	freja.must("calendar.take", args{"user": mai})
	opens(second, http.StatusNotFound)
}
