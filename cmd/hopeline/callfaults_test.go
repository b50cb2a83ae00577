package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"hopeline/deploy/testenv"
	"hopeline/hotline"
	"hopeline/hotline/carrier/simulator"
)

// phones adds a counsellor with a phone by the command line, logs her in and lets calls ring it.
func (p *process) phones(name, number string) *desk {
	p.t.Helper()
	p.company.Phone(number).Named(name)
	_, err := p.command(stagePassword+"\n", "user", "add", "--email", name+"@example.org", "--name", name, "--role", string(hotline.Counsellor),
		"--languages", "en", "--phone", number, "--password-stdin")
	if err != nil {
		p.t.Fatal("hopeline user add:", err)
	}
	d := p.logIn(name)
	d.must("presence.set", args{"state": "available", "voice": "phone"})
	return d
}

// fallback gives the line an address on another machine, where whoever meets a house that is down waits and asks again.
func (s *stage) fallback() *atomic.Int64 {
	var asked atomic.Int64
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprintf(w, `<Response><Say>One moment.</Say><Pause length="5"/><Redirect>%s/twilio/voice</Redirect></Response>`, s.config.Public)
	}))
	s.t.Cleanup(host.Close)
	for _, line := range s.config.Lines {
		h := hooks(s.config, line)
		h.VoiceFallback = host.URL
		s.company.Number(line.Full(), h)
	}
	return &asked
}

// TestKilledWhileACallerWaitsRingsAndTalks kills the program at each of the three moments of a call. A caller who waited
// or was rung for is offered anew, and a talk goes on.
func TestKilledWhileACallerWaitsRingsAndTalks(t *testing.T) {
	t.Parallel()
	p := newProcess(t, nil)
	elsewhere := p.fallback()
	ann := p.phones("ann", "+4530000001")
	ann.must("presence.set", args{"state": "away"})
	call := p.calls("+4520000001")
	p.again() // while she waits
	ann.connect()
	ann.must("presence.set", args{"state": "available"})
	began := time.Now()
	first, err := p.company.Phone("+4530000001").Ringing(p.soon())
	p.must("ring after a kill", err)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("her phone rang %v after the start, want within 5 s", took)
	}

	p.kill()                                       // while it rings
	p.company.Phone("+4530000001").Answers(0, "1") // from the next ring on
	p.run()
	ann.connect()
	p.over(first) // the leg from before is ended
	leg, err := p.company.Phone("+4530000001").Talking(p.soon())
	p.must("answer after a kill", err)
	p.must("meet", call.Meet(p.soon(), leg))
	if leg == first {
		t.Error("the leg from before was taken")
	}
	id := ann.live().ID

	p.again() // while they talk
	ann.connect()
	if with := call.With(); len(with) != 1 || with[0] != leg {
		t.Fatal("the talk did not go on")
	}
	var hello struct{ Contacts []contactJSON }
	ann.decode(ann.hello(), &hello)
	if len(hello.Contacts) != 1 || hello.Contacts[0].ID != id || hello.Contacts[0].State != "live" {
		t.Errorf("after the start her console shows %+v, want the call", hello.Contacts)
	}
	call.HangUp()
	p.must("be asked how it ended", leg.Hear(p.soon(), hungUp))
	leg.Press("1")
	p.over(leg)
	t.Logf("the fallback was asked %d times", elsewhere.Load())
}

func TestRedisIsWipedWhileAPhoneRings(t *testing.T) {
	t.Parallel()
	redis := testenv.NewRedis(t)
	s := newStage(t, func(c *config, _ *tuning) { c.RedisURL = redis.URL() })
	anna := s.onPhone("anna", "+4530000001", "en")
	call := s.calls("+4520000001")
	leg, err := s.company.Phone("+4530000001").Ringing(s.soon())
	s.must("ring", err)
	redis.Flush()
	leg.Answer()
	leg.Press("1")
	s.must("meet", call.Meet(s.soon(), leg))
	anna.live()
	redis.Flush()
	s.bye(call, leg)
	again := s.calls("+4520000002")
	s.bye(again, s.meets(again, "+4530000001"))
}

// TestHerBrowserClosesInTheMiddle: the console goes, and her leg with it; the caller is offered to a colleague.
func TestHerBrowserClosesInTheMiddle(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	anna := s.counsellor("anna", "en")
	browser := s.company.Phone("client:" + anna.id())
	browser.Answers(0)
	call := s.calls("+4520000001")
	anna.takes()
	leg, err := browser.Talking(s.soon())
	s.must("talk in the browser", err)
	s.must("meet", call.Meet(s.soon(), leg))
	anna.live()
	s.onPhone("bea", "+4530000002", "en")
	anna.hangUp()
	leg.HangUp() // a browser that closes takes its legs with it
	browser.Unreachable(480)
	s.must("hear why", call.Hear(s.soon(), "lost"))
	s.bye(call, s.meets(call, "+4530000002"))
}

// TestEverythingTwiceAndInAnyOrder plays a whole call while each callback comes twice, late and out of order.
func TestEverythingTwiceAndInAnyOrder(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	anna := s.onPhone("anna", "+4530000001", "en")
	s.company.Chaos(func(c *simulator.Chaos) {
		c.Duplicate, c.Reorder, c.Delay = 1, 100*time.Millisecond, 20*time.Millisecond
	})
	call := s.calls("+4520000001")
	leg := s.meets(call, "+4530000001")
	id := anna.live().ID
	call.HangUp()
	s.must("be asked how it ended", leg.Hear(s.soon(), hungUp))
	leg.Press("2")
	s.over(leg)
	anna.changed(id, func(c contactJSON) bool { return c.State == "waiting" && c.Work == "callback" })
	if w := anna.waiting(); len(w) != 1 {
		t.Errorf("%d contacts, want one", len(w))
	}
}

// TestOneInvalidNumberStopsNobody: the first has a number that nobody has; the second is rung.
func TestOneInvalidNumberStopsNobody(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.onPhone("anna", "+4530000001", "en")
	s.company.Phone("+4530000001").Unreachable(404)
	call := s.calls("+4520000001")
	s.onPhone("bea", "+4530000002", "en")
	s.bye(call, s.meets(call, "+4530000002"))
}

// TestABusyPhoneAndADialThatIsRefusedForAWhile: 429 is tried again, busy goes to the next.
func TestABusyPhoneAndADialThatIsRefusedForAWhile(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.onPhone("anna", "+4530000001", "en")
	s.company.Phone("+4530000001").Busy()
	s.company.NextDial(simulator.TooMany)
	call := s.calls("+4520000001")
	s.onPhone("bea", "+4530000002", "en")
	s.bye(call, s.meets(call, "+4530000002"))
}

// TestTheAnswerToADialIsLost: nobody is rung twice for nothing, and what rings is known by its first report.
func TestTheAnswerToADialIsLost(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.onPhone("anna", "+4530000001", "en")
	for _, mishap := range []simulator.Mishap{simulator.AnswerLost, simulator.Garbled, simulator.BrokenAfter, simulator.CallbackFirst, simulator.NeverTaken, simulator.Broken} {
		s.company.NextDial(mishap)
		call := s.calls("+4520000001")
		s.bye(call, s.meets(call, "+4530000001"))
	}
}

// TestThreeCallersAndThreePeople: each gets one.
func TestThreeCallersAndThreePeople(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	numbers := []string{"+4530000001", "+4530000002", "+4530000003"}
	for n, name := range []string{"anna", "bea", "chau"} {
		s.company.Phone(numbers[n]).Answers(time.Second, "1")
		s.onPhone(name, numbers[n], "en")
	}
	var calls []*simulator.Call
	for _, from := range []string{"+4520000001", "+4520000002", "+4520000003"} {
		call, err := s.company.Phone(from).Call(s.soon(), demoLine)
		s.must("call the hotline", err)
		calls = append(calls, call)
	}
	with := map[*simulator.Call]bool{}
	for _, call := range calls {
		s.must("meet somebody", s.company.Until(s.soon(), func() bool { return len(call.With()) == 1 }))
		for _, other := range call.With() {
			with[other] = true
		}
	}
	if len(with) != 3 {
		t.Errorf("three callers are with %d people, want three", len(with))
	}
	for _, call := range calls {
		call.HangUp()
	}
	for leg := range with {
		s.bye(leg)
	}
}

// TestWhoIsOnDutyAtHomeIsRung: nobody has a console open; the rota says whose phone rings.
func TestWhoIsOnDutyAtHomeIsRung(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.company.Phone("+4530000001").Named("anna")
	s.hires("anna", hotline.Counsellor, "+4530000001", "en")
	s.account("freja", hotline.Supervisor, "en")
	freja := s.logIn("freja")
	freja.must("rota.save", args{"rota": always("anna"), "reason": "test"})
	began := time.Now()
	call := s.calls("+4520000001")
	leg := s.rings("+4530000001")
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("her phone rang %v after the call came", took)
	}
	leg.Press("1")
	s.must("meet", call.Meet(s.soon(), leg))
	s.bye(call, leg)
}

// TestASupervisorOffDutyIsRungWhenNobodyTakesIt: at the end of the ladder, and not before, whichever lines the rota is
// for, at her desk or at home.
func TestASupervisorOffDutyIsRungWhenNobodyTakesIt(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"*", "+4570201550"} {
		for _, desk := range []bool{true, false} {
			t.Run(fmt.Sprint(line, " ", map[bool]string{true: "at her desk", false: "at home"}[desk]), func(t *testing.T) {
				t.Parallel()
				offDutyIsRung(t, line, desk)
			})
		}
	}
}

func offDutyIsRung(t *testing.T, line string, desk bool) {
	s := newStage(t, func(_ *config, t *tuning) { t.rules.Call.Widen = []time.Duration{500 * time.Millisecond, time.Second} })
	s.company.Phone("+4530000001").Named("anna")
	s.company.Phone("+4530000004").Named("freja")
	s.hires("anna", hotline.Counsellor, "+4530000001", "en")
	s.hires("freja", hotline.Supervisor, "+4530000004", "en")
	s.hires("sue", hotline.Supervisor, "", "en")
	plan := always("anna")
	plan["line"] = line
	sue := s.logIn("sue")
	sue.must("rota.save", args{"rota": plan, "reason": "test"})
	sue.duty("On duty now: Anna.") // before that everybody who is available was
	if desk {
		s.logIn("freja").must("presence.set", args{"state": "available", "voice": "phone"})
	}
	began := time.Now()
	call := s.calls("+4520000001")
	leg := s.meets(call, "+4530000004")
	if took := time.Since(began); took < time.Second {
		t.Errorf("her phone rang %v after the call came, want after the whole ladder", took)
	}
	s.bye(call, leg)
}
