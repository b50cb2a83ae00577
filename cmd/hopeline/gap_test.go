package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"hopeline/deploy/fallback"
	"hopeline/hotline"
	"hopeline/hotline/carrier/simulator"
	"hopeline/hotline/intake"
)

// finds waits until the queue holds a contact that waits for some kind of work.
func (d *desk) finds(work string) contactJSON {
	d.t.Helper()
	for {
		for _, c := range d.waiting() {
			if c.Work == work && c.State == "waiting" {
				return c
			}
		}
		d.event("contact.changed", nil)
	}
}

// newDark is a dark stage whose house has stopped, with somebody who looks at the queue once it is back.
func newDark(t *testing.T) *darkStage {
	t.Helper()
	d := newDarkStage(t)
	d.tuning.gap = intake.Gap{Every: time.Minute, Soon: 100 * time.Millisecond}
	d.account("freja", hotline.Supervisor, "en")
	d.halt()
	return d
}

// back starts the house again, until the test ends.
func (d *darkStage) back() *desk {
	d.t.Helper()
	d.start()
	d.t.Cleanup(func() {
		d.legsEnd()
		d.halt()
		d.legsEnd()
	})
	return d.logIn("freja")
}

// deleted waits until the carrier was asked to delete something, and did.
func (s *stage) deleted(what string) {
	s.t.Helper()
	s.must("delete "+what, s.company.Until(s.soon(), func() bool {
		for _, r := range s.company.Requests() {
			if r.Method == "DELETE" && strings.Contains(r.Path, what) && (r.Status == 204 || r.Status == 404) {
				return true
			}
		}
		return false
	}))
}

func TestAVoicemailThatTheFallbackTookIsInTheQueue(t *testing.T) {
	t.Parallel()
	d := newDark(t)
	call, err := d.company.Phone("+4520111111").Call(d.soon(), demoLine)
	d.must("call the hotline", err)
	d.must("hear where to speak", call.Hear(d.soon(), "message"))
	d.must("be recorded", d.company.Until(d.soon(), func() bool { return len(d.company.Recordings()) == 1 }))
	call.HangUp()
	d.over(call)
	freja := d.back()
	c := freja.finds("voicemail")
	files := 0
	for _, m := range freja.opens(c.ID).Messages {
		files += len(m.Media)
	}
	if files != 1 || c.Channel != "voice" || c.Address != "+4520111111" {
		t.Errorf("%+v with %d recordings, want her call with one", c, files)
	}
	d.must("be deleted at the carrier", d.company.Until(d.soon(), func() bool { return len(d.company.Recordings()) == 0 }))
}

func TestACallThatNobodyTookWhileTheHouseWasDownIsShown(t *testing.T) {
	t.Parallel()
	d := newDark(t)
	call, err := d.company.Phone("anonymous").Call(d.soon(), demoLine)
	d.must("call the hotline", err)
	call.Silent() // she may be at the tone already when she hangs up
	d.must("be greeted", call.Hear(d.soon(), "message"))
	call.HangUp()
	d.over(call)
	freja := d.back()
	if c := freja.finds("missed"); !c.Withheld || c.Channel != "voice" {
		t.Errorf("the queue shows %+v, want a withheld call", c)
	}
	if w := freja.waiting(); len(w) != 1 {
		t.Errorf("%d contacts wait, want one", len(w))
	}
}

// ahead dates a test's plan after those that the house pushes by itself.
const ahead = 4 * time.Minute

// ringsMany lets the fallback ring many who do not answer, or who answer and press a key, and gives a caller who hears
// that.
func (d *darkStage) ringsMany(n int, keys ...string) *simulator.Call {
	d.t.Helper()
	duty := []fallback.Person{}
	for i := range n {
		number := fmt.Sprintf("+4530333%03d", i)
		if d.company.Phone(number).LetsRing(); len(keys) > 0 {
			d.company.Phone(number).Answers(0, keys...)
		}
		duty = append(duty, fallback.Person{ID: fmt.Sprint("u_", i), Phone: number, Speaks: "en"})
	}
	plan := fallback.Plan{Made: time.Now().Add(ahead), Lines: map[string]fallback.Line{demoLine: {Languages: []string{"en"}, Duty: duty}}}
	d.must("push a plan", d.client.Push(d.t.Context(), plan))
	call, err := d.company.Phone("+4520111111").Call(d.soon(), demoLine)
	d.must("call the hotline", err)
	d.must("ring who is on duty", d.company.Until(d.soon(), func() bool { return len(d.company.Phone(duty[0].Phone).Calls()) > 0 }))
	return call
}

func TestACallerInTheFallbackMeetsACounsellorWhenTheHouseIsBack(t *testing.T) {
	t.Parallel()
	d := newDarkStage(t)
	anna := d.counsellor("ann", "en")
	d.company.Phone("client:" + anna.id()).Answers(0)
	d.halt()
	call := d.ringsMany(100) // two minutes: she waits there until the house is back
	d.start()
	t.Cleanup(func() {
		d.legsEnd()
		d.halt()
		d.legsEnd()
	})
	began := time.Now()
	anna.connect()
	c := anna.offered()
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("she was offered after %v, want within 5 s", took)
	}
	anna.must("offer.accept", args{"contact": c.ID})
	browser, err := d.company.Phone("client:" + anna.id()).Talking(d.soon())
	d.must("talk in the browser", err)
	d.must("meet", call.Meet(d.soon(), browser))
	if c := anna.live(); c.Address != "+4520111111" {
		t.Errorf("her console shows %+v, want the caller", c)
	}
	d.bye(call, browser)
}

func TestWhoTalksThroughTheFallbackIsLeftInPeace(t *testing.T) {
	t.Parallel()
	d := newDark(t)
	call := d.ringsMany(1, "1")
	leg, err := d.company.Phone("+4530333000").Talking(d.soon())
	d.must("ring", err)
	d.must("meet", call.Meet(d.soon(), leg))
	freja := d.back()
	d.askedWhetherSheTalks(2)
	if w := freja.waiting(); len(w) != 0 {
		t.Errorf("while she talks %d wait, want none", len(w))
	}
	if with := call.With(); len(with) != 1 {
		t.Errorf("she is with %d, want one still", len(with))
	}
	d.bye(leg, call)
	freja.finds("missed")
}

// askedWhetherSheTalks waits until the house asked the carrier so often whether a caller talks through the fallback.
func (s *stage) askedWhetherSheTalks(times int) {
	s.t.Helper()
	s.must("be looked for", s.company.Until(s.soon(), func() bool {
		looks := 0
		for _, r := range s.company.Requests() {
			if r.Form["ParentCallSid"] != nil && r.Status == 200 {
				looks++
			}
		}
		return looks >= times
	}))
}

func TestACallerOfBeforeIsNotTakenOutOfATalkThroughTheFallback(t *testing.T) {
	t.Parallel()
	d := newDarkStage(t)
	ann := d.counsellor("ann", "en")
	d.company.Phone("client:" + ann.id()).Answers(0)
	ann.must("presence.set", args{"state": "away"})
	plan := fallback.Plan{Made: time.Now().Add(ahead), Lines: map[string]fallback.Line{demoLine: {Languages: []string{"en"},
		Duty: []fallback.Person{{ID: "u_b", Phone: beaPhone, Speaks: "en"}}}}}
	d.must("push a plan", d.client.Push(t.Context(), plan))
	call := d.calls("+4520111111")
	d.company.Phone(beaPhone).Answers(0, "1") // whenever the fallback rings her: the house may take long to end
	d.halt()
	leg, err := d.company.Phone(beaPhone).Talking(d.soon())
	d.must("ring bea", err)
	d.must("meet through the fallback", call.Meet(d.soon(), leg))
	d.start()
	t.Cleanup(func() {
		d.legsEnd()
		d.halt()
		d.legsEnd()
	})
	ann.connect()
	ann.must("presence.set", args{"state": "available"})
	ann.takes()
	d.askedWhetherSheTalks(1)
	if with := call.With(); len(with) != 1 || with[0] != leg {
		t.Errorf("she is with %d, want with whom the fallback rang", len(with))
	}
	d.bye(leg, call)
}

// swift deletes at the carrier as soon as may be.
func swift(_ *config, t *tuning) {
	t.gap = intake.Gap{Every: 50 * time.Millisecond}
	t.erasing = intake.Erasing{Try: 2 * time.Second, Again: 50 * time.Millisecond, Longest: 200 * time.Millisecond, Look: 50 * time.Millisecond,
		Late: time.Hour, List: time.Hour}
}

func TestWhatIsOldIsNotLeftAtTheCarrier(t *testing.T) {
	t.Parallel()
	s := newStage(t, swift)
	ann := s.counsellor("ann", "en")
	s.company.Phone("client:" + ann.id()).Answers(0)
	r := s.text("+4520000001", "are you there")
	c := ann.takes()
	m := ann.sends(c.ID, "yes", "r1")
	ann.status(m.ID, "delivered")
	s.must("delete both texts", s.company.Until(s.soon(), func() bool {
		_, there := s.company.Message(r.SID)
		return !there && len(s.company.Sent()) == 0
	}))
	if got := ann.opens(c.ID).Messages; len(got) != 2 || got[0].Text != "are you there" || got[1].Text != "yes" {
		t.Errorf("here there is %+v, want both texts", got)
	}
	ann.must("contact.close", args{"contact": c.ID, "outcome": "done"})

	call := s.calls("+4520000002")
	id := ann.takes().ID
	ann.live()
	browser, err := s.company.Phone("client:" + ann.id()).Talking(s.soon())
	s.must("talk", err)
	call.HangUp()
	s.over(call)
	s.over(browser) // the house ends it
	s.deleted("/Calls/" + call.SID())
	s.deleted("/Calls/" + browser.SID())
	ann.must("contact.close", args{"contact": id, "outcome": "done"})
	s.figure("hotline_leftovers 0")
}

// figure waits until the private listener shows a figure.
func (s *stage) figure(line string) {
	s.t.Helper()
	ctx := s.soon()
	for {
		_, all := s.get("http://"+s.config.OpsAddr, "/metrics")
		if strings.Contains(all, "\n"+line+"\n") {
			return
		}
		select {
		case <-time.After(20 * time.Millisecond): // figures tell nobody when they change
		case <-ctx.Done():
			s.t.Fatalf("there is no figure %q", line)
		}
	}
}

func TestARecordingThatNobodyAskedForIsAnAlarmAndDeleted(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.account("freja", hotline.Supervisor, "en")
	freja := s.logIn("freja")
	call := s.calls("+4520000001")
	sid := "RE0123456789abcdef0123456789abcdef"
	a, err := s.company.Tell(s.soon(), s.config.Public.String()+"/twilio/voice/recorded", url.Values{"AccountSid": {stageAccount}, "CallSid": {call.SID()},
		"RecordingSid": {sid}, "RecordingStatus": {"completed"}, "RecordingSource": {"Conference"}, "RecordingDuration": {"7"}})
	if err != nil || a.Status/100 != 2 {
		t.Fatalf("the callback was answered %+v, %v", a, err)
	}
	freja.event("alarm", func(data json.RawMessage) bool { return strings.Contains(string(data), `"recording"`) })
	s.deleted("/Recordings/" + sid)
	s.figure("hotline_unexpected_recordings_total 1")
	if w := freja.waiting(); len(w) != 1 || w[0].Work != "contact" {
		t.Errorf("the queue shows %+v, want a call without a voicemail", w)
	}
	for _, m := range freja.opens(freja.waiting()[0].ID).Messages {
		if len(m.Media) != 0 {
			t.Errorf("the recording was kept: %+v", m)
		}
	}
	call.HangUp()
}
