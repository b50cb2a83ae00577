package main

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/hotline/carrier/simulator"
)

// calls rings the hotline from a phone and waits until its caller is in line.
func (s *stage) calls(from string) *simulator.Call {
	s.t.Helper()
	call, err := s.company.Phone(from).Call(s.soon(), demoLine)
	if err == nil {
		err = call.InQueue(s.soon())
	}
	if err != nil {
		s.t.Fatal("call the hotline: ", err)
	}
	return call
}

// soon ends before a test has waited too long for something.
func (s *stage) soon() context.Context {
	ctx, cancel := context.WithTimeout(s.t.Context(), 40*time.Second)
	s.t.Cleanup(cancel)
	return ctx
}

// must waits for something of the phone company.
func (s *stage) must(what string, err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("%s: %v", what, err)
	}
}

// hungUp is said to her on her phone, before she is asked how the call ended. That a 3 stands in the question proves
// nothing: somebody may have waited 3 seconds.
const hungUp = "The caller has hung up"

// rings waits until a phone rings and answers it.
func (s *stage) rings(number string) *simulator.Call {
	s.t.Helper()
	leg, err := s.company.Phone(number).Ringing(s.soon())
	s.must("ring "+number, err)
	leg.Answer()
	return leg
}

// three waits until a caller talks with two others.
func (s *stage) three(call *simulator.Call) {
	s.t.Helper()
	s.must("be three", s.company.Until(s.soon(), func() bool { return len(call.With()) == 2 }))
}

// onPhone adds a counsellor whose calls ring her own phone, and logs her in.
func (s *stage) onPhone(name, number string, languages ...string) *desk {
	s.t.Helper()
	s.company.Phone(number).Named(name)
	s.hires(name, hotline.Counsellor, number, languages...)
	d := s.logIn(name)
	d.must("presence.set", args{"state": "available", "voice": "phone"})
	return d
}

// changed waits until the contact is as wanted, and gives it.
func (d *desk) changed(contact string, is func(contactJSON) bool) contactJSON {
	d.t.Helper()
	var c struct{ Contact contactJSON }
	d.event("contact.changed", func(data json.RawMessage) bool {
		d.decode(data, &c)
		return c.Contact.ID == contact && is(c.Contact)
	})
	return c.Contact
}

// live waits until her console shows a call as hers.
func (d *desk) live() contactJSON {
	d.t.Helper()
	var c struct{ Contact contactJSON }
	d.event("contact.changed", func(data json.RawMessage) bool {
		d.decode(data, &c)
		return c.Contact.State == "live" && c.Contact.Channel == "voice" && c.Contact.Call != nil && c.Contact.Call.TalkingSince != ""
	})
	return c.Contact
}

// over waits until a leg is over.
func (s *stage) over(leg *simulator.Call) {
	s.t.Helper()
	if err := s.company.Until(s.soon(), func() bool { return isOver(leg) }); err != nil {
		s.t.Fatalf("a leg did not end: it is %s", leg.State())
	}
}

// bye hangs up on all sides and waits until every leg is over.
func (s *stage) bye(legs ...*simulator.Call) {
	s.t.Helper()
	for _, leg := range legs {
		leg.HangUp()
		s.over(leg)
	}
}

func isOver(leg *simulator.Call) bool {
	switch leg.State() {
	case simulator.Queued, simulator.Initiated, simulator.Ringing, simulator.InProgress:
		return false
	}
	return true
}

// meets answers a counsellor's phone, accepts by key 1 and waits until both are in a talk.
func (s *stage) meets(call *simulator.Call, number string) *simulator.Call {
	s.t.Helper()
	leg := s.rings(number)
	leg.Press("1")
	s.must("meet", call.Meet(s.soon(), leg))
	return leg
}

func TestACounsellorTakesACallOnHerPhone(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	anna := s.onPhone("anna", "+4530000001", "da", "en")
	call := s.calls("+4520000001")
	leg := s.rings("+4530000001")
	s.must("hear the prompt", leg.Hear(s.soon(), "1"))
	leg.Press("1")
	s.must("meet", call.Meet(s.soon(), leg))
	contact := anna.live()
	if contact.Address != "+4520000001" || len(contact.Call.Legs) != 1 || !contact.Call.ByPhone {
		t.Errorf("her console shows %+v, want the call with its address and her leg", contact)
	}
	call.HangUp()
	s.must("be asked how it ended", leg.Hear(s.soon(), "har lagt på"))
	leg.Press("1")
	s.over(leg)
	anna.must("contact.close", args{"contact": contact.ID, "outcome": "advice given"})
}

func TestACallIsTakenInTheBrowser(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	anna := s.counsellor("anna", "da")
	browser := s.company.Phone("client:" + anna.id())
	browser.Answers(0)
	call := s.calls("+4520000001")
	id := anna.takes().ID
	contact := anna.live()
	leg, err := browser.Talking(s.soon())
	s.must("talk in the browser", err)
	s.must("meet", call.Meet(s.soon(), leg))
	if contact.ID != id || contact.Call.ByPhone {
		t.Errorf("her console shows %+v, want the call that she took, in the browser", contact)
	}

	anna.must("call.hold", args{"contact": id, "on": true})
	s.must("be on hold", s.company.Until(s.soon(), call.Held))
	anna.must("call.hold", args{"contact": id, "on": false})
	s.must("be back", s.company.Until(s.soon(), func() bool { return !call.Held() }))
	anna.must("call.mute", args{"contact": id, "on": true})
	anna.changed(id, func(c contactJSON) bool { return c.Call.Muted })
	anna.must("note.add", args{"contact": id, "text": "calm"})
	anna.must("triage.set", args{"contact": id, "risk": "low"})

	anna.must("call.hangup", args{"contact": id})
	s.over(call)
	s.over(leg)
	anna.refused("conflict", "call.hold", args{"contact": id, "on": true})
	anna.must("contact.close", args{"contact": id, "outcome": "advice given"})
}

func TestASleepingCounsellorAnswersTheSecondCall(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(_ *config, t *tuning) { t.rules.Call.Ring = 100 * time.Second })
	anna := s.onPhone("anna", "+4530000001", "en")
	call := s.calls("+4520000001")
	first, err := s.company.Phone("+4530000001").Ringing(s.soon())
	s.must("ring", err)
	s.over(first) // she sleeps
	leg := s.meets(call, "+4530000001")
	anna.live()
	s.bye(call, leg)
}

func TestAVoicemailBoxTakesNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.onPhone("anna", "+4530000001", "en")
	s.company.Phone("+4530000001").Voicemail(2 * time.Second)
	call := s.calls("+4520000001")
	box, err := s.company.Phone("+4530000001").Talking(s.soon())
	s.must("let the machine answer", err)
	bea := s.onPhone("bea", "+4530000002", "en")
	leg := s.meets(call, "+4530000002")
	if len(box.With()) > 0 {
		t.Error("the machine is in the talk")
	}
	bea.live()
	call.HangUp()
	s.must("be asked how it ended", leg.Hear(s.soon(), hungUp))
	leg.Press("3")
	s.over(leg)
	bea.changed(bea.last(), func(c contactJSON) bool { return c.State == "waiting" && c.Priority >= 30 })
}

func TestOfTwoWhoPressOneTheSecondHearsThatItIsTaken(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(_ *config, t *tuning) { t.rules.Call.Widen = []time.Duration{100 * time.Millisecond, time.Minute} })
	s.onPhone("anna", "+4530000001", "en")
	s.onPhone("bea", "+4530000002", "en")
	call := s.calls("+4520000001")
	_, err := s.company.Phone("+4530000002").Ringing(s.soon()) // nobody is asked for a key before both ring
	s.must("ring bea", err)
	first, second := s.rings("+4530000001"), s.rings("+4530000002")
	s.must("be asked", first.Hear(s.soon(), "1"))
	s.must("be asked", second.Hear(s.soon(), "1"))
	first.Press("1")
	second.Press("1")
	s.over(s.loser(call, first, second))
	s.bye(call, first, second)
}

// loser waits until one of two is with the caller, and gives the other, who must be with nobody.
func (s *stage) loser(call, a, b *simulator.Call) *simulator.Call {
	s.t.Helper()
	s.must("meet one of two", s.company.Until(s.soon(), func() bool { return len(call.With()) > 0 }))
	with := call.With()
	if len(with) != 1 || with[0] != a && with[0] != b {
		s.t.Fatalf("the caller is with %d others, want one of the two", len(with))
	}
	if with[0] == a {
		return b
	}
	return a
}

func TestACallerHangsUpWhilePhonesRing(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(_ *config, t *tuning) { t.rules.Call.Widen = []time.Duration{100 * time.Millisecond, time.Minute} })
	anna := s.onPhone("anna", "+4530000001", "en")
	s.onPhone("bea", "+4530000002", "en")
	call := s.calls("+4520000001")
	first, err := s.company.Phone("+4530000001").Ringing(s.soon())
	s.must("ring anna", err)
	second, err := s.company.Phone("+4530000002").Ringing(s.soon())
	s.must("ring bea", err)
	call.HangUp()
	for _, leg := range []*simulator.Call{first, second} {
		if s.over(leg); leg.State() != simulator.Canceled {
			t.Errorf("after she hung up a phone stopped ringing by itself: %s, want %s by the house", leg.State(), simulator.Canceled)
		}
	}
	for {
		w := anna.waiting()
		if len(w) == 1 && w[0].Work == "missed" && w[0].State == "waiting" {
			break
		}
		anna.event("contact.changed", nil)
	}
}

func TestALateKeyHearsThatItIsTaken(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(_ *config, t *tuning) { t.rules.Call.Widen = []time.Duration{100 * time.Millisecond, time.Minute} })
	s.onPhone("anna", "+4530000001", "en")
	call := s.calls("+4520000001")
	leg := s.rings("+4530000001")
	s.must("be asked", leg.Hear(s.soon(), "1"))
	bea := s.counsellor("bea", "en")
	browser := s.company.Phone("client:" + bea.id())
	browser.Answers(0)
	bea.takes()
	bea.live()
	if !isOver(leg) { // she may press at the very moment in which her leg is ended
		leg.Press("1")
		s.over(leg)
	}
	hers, err := browser.Talking(s.soon())
	s.must("talk in the browser", err)
	s.must("meet", call.Meet(s.soon(), hers))
	if with := call.With(); len(with) != 1 {
		t.Errorf("the caller is with %d, want one", len(with))
	}
	s.bye(call, leg)
}

func TestHerLegDropsAndTheCallerIsOfferedFirst(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	anna := s.onPhone("anna", "+4530000001", "en")
	call := s.calls("+4520000001")
	leg := s.meets(call, "+4530000001")
	id := anna.live().ID
	leg.LoseNetwork()
	s.must("hear why", call.Hear(s.soon(), "lost"))
	again := s.meets(call, "+4530000001")
	if c := anna.live(); c.ID != id {
		t.Errorf("another contact: %s, want %s", c.ID, id)
	}
	s.bye(call, again)
}

func TestACallComesTwice(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	anna := s.counsellor("anna", "en")
	s.company.Chaos(func(c *simulator.Chaos) { c.Duplicate = 1 })
	call := s.calls("+4520000001")
	anna.offered()
	if w := anna.waiting(); len(w) != 1 {
		t.Errorf("%d contacts wait, want one", len(w))
	}
	call.HangUp()
}

func TestACallerLeavesAMessage(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.account("freja", hotline.Supervisor, "en")
	freja := s.logIn("freja")
	call := s.calls("+4520000001")
	call.Press("1")
	s.must("hear where to speak", call.Hear(s.soon(), "speak after the tone"))
	s.must("hear the tone", s.company.Until(s.soon(), func() bool {
		return slices.ContainsFunc(call.Heard(), func(h simulator.Heard) bool { return h.Verb == "Beep" })
	}))
	call.Speak("please help me")
	call.HangUp()
	var id string
	freja.event("contact.changed", func(data json.RawMessage) bool {
		var c struct{ Contact contactJSON }
		freja.decode(data, &c)
		id = c.Contact.ID
		return c.Contact.Work == "voicemail" && c.Contact.State == "waiting"
	})
	r := freja.opens(id)
	media := 0
	for _, m := range r.Messages {
		media += len(m.Media)
	}
	if media != 1 {
		t.Errorf("the record has %d recordings, want one: %+v", media, r.Messages)
	}
	s.must("be deleted at the carrier", s.company.Until(s.soon(), func() bool { return len(s.company.Recordings()) == 0 }))
}

func TestACallerAsksToBeCalledBack(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	anna := s.counsellor("anna", "en")
	s.company.Phone("client:" + anna.id()).Answers(0)
	anna.must("presence.set", args{"state": "away"})
	call := s.calls("+4520000001")
	call.Press("2")
	s.over(call)
	contact := anna.changed(call0(anna), func(c contactJSON) bool { return c.Work == "callback" && c.State == "waiting" })
	anna.must("contact.take", args{"contact": contact.ID})
	anna.must("call.back", args{"contact": contact.ID})
	back, err := s.company.Phone("+4520000001").Ringing(s.soon())
	s.must("ring her", err)
	if back.From() != demoLine {
		t.Errorf("she is called from %s, want the line", back.From())
	}
	back.Answer()
	back.Press("1")
	browser, err := s.company.Phone("client:" + anna.id()).Talking(s.soon())
	s.must("ring the browser", err)
	s.must("meet", back.Meet(s.soon(), browser))
	back.HangUp()
	anna.must("contact.close", args{"contact": contact.ID, "outcome": "spoke"})
}

// call0 is the first contact that waits.
func call0(d *desk) string {
	d.t.Helper()
	return d.waiting()[0].ID
}

func TestWithheldCallersAreEachTheirOwn(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.account("freja", hotline.Supervisor, "en")
	freja := s.logIn("freja")
	var calls []*simulator.Call
	for _, from := range []string{"anonymous", "+266696687", ""} {
		calls = append(calls, s.calls(from))
	}
	w := freja.waiting()
	if len(w) != 3 {
		t.Fatalf("%d contacts, want 3", len(w))
	}
	for _, c := range w {
		if !c.Withheld {
			t.Errorf("%+v is not shown as withheld", c)
		}
	}
	for _, c := range calls {
		c.HangUp()
	}
}
