package main

import (
	"encoding/json"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hopeline/hotline"
)

func TestACallIsHandedToAColleague(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	anna := s.onPhone("anna", "+4530000001", "en")
	call := s.calls("+4520000001")
	first := s.meets(call, "+4530000001")
	id := anna.live().ID
	bea := s.onPhone("bea", "+4530000002", "en")
	anna.must("contact.transfer", args{"contact": id, "to": bea.id()})
	second := s.rings("+4530000002")
	second.Press("1")
	s.three(call)
	hers := bea.id()
	bea.changed(id, func(c contactJSON) bool { return c.Assignee == hers })
	s.bye(first)
	s.must("go on", call.Meet(s.soon(), second))
	s.bye(call, second)
}

func TestAThirdAndASupervisorJoin(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	anna := s.onPhone("anna", "+4530000001", "en")
	s.company.Phone("+4530000009").Named("interpreter")
	s.hires("thai", hotline.Counsellor, "+4530000009", "th")
	thai := s.logIn("thai")
	thai.must("presence.set", args{"voice": "phone"})
	s.account("freja", hotline.Supervisor, "en")
	freja := s.logIn("freja")
	s.company.Phone("client:" + freja.id()).Answers(0)
	call := s.calls("+4520000001")
	leg := s.meets(call, "+4530000001")
	id := anna.live().ID
	anna.must("call.invite", args{"contact": id, "user": thai.id()})
	third := s.rings("+4530000009")
	third.Press("1")
	s.three(call)
	freja.must("call.listen", args{"contact": id, "coach": false})
	boss := freja.id()
	anna.changed(id, func(c contactJSON) bool {
		for _, l := range c.Call.Legs {
			if l.User == boss && l.Part == "listener" && l.State == "up" {
				return true
			}
		}
		return false
	})
	freja.must("call.leave", args{"contact": id})
	call.HangUp()
	s.over(third)
	s.bye(leg)
}

func TestACallerWhoCannotTalkAnswersByKeys(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	anna := s.onPhone("anna", "+4530000001", "en")
	call := s.calls("+4520000001")
	leg := s.meets(call, "+4530000001")
	id := anna.live().ID
	anna.opens(id)
	anna.must("call.keys", args{"contact": id, "on": true, "question": "Are you alone?"})
	s.must("be asked", call.Hear(s.soon(), "Are you alone?"))
	call.Press("2")
	anna.event("message.added", func(data json.RawMessage) bool {
		var m struct{ Message messageJSON }
		anna.decode(data, &m)
		return m.Message.Direction == "in" && strings.Contains(m.Message.Text, "no")
	})
	anna.must("call.keys", args{"contact": id, "on": false})
	s.must("be back in the talk", call.Meet(s.soon(), leg))
	s.bye(call, leg)
}

// TestASilentCallerIsOfferedKeys: the counsellor speaks, the caller does not. What she presses shows at once; without a
// key she is back in the talk.
func TestASilentCallerIsOfferedKeys(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	s := newStage(t, func(c *config, t *tuning) {
		movable(&ahead)(c, t)
		t.rules.Call.Silence, t.rules.Call.Keys = 300*time.Millisecond, time.Minute
	})
	anna := s.onPhone("anna", "+4530000001", "en")
	s.account("freja", hotline.Supervisor, "en")
	freja := s.logIn("freja")
	call := s.calls("+4520000001")
	leg := s.meets(call, "+4530000001")
	id := anna.live().ID
	anna.opens(id)
	leg.Speak("are you there?")
	anna.changed(id, func(c contactJSON) bool { return c.Call.Keys })
	ahead.Store(int64(time.Minute))
	anna.changed(id, func(c contactJSON) bool { return !c.Call.Keys })
	s.must("be back in the talk", call.Meet(s.soon(), leg))

	silent := s.calls("+4520000002")
	s.bye(call, leg)
	leg = s.meets(silent, "+4530000001")
	leg.Speak("are you there?")
	s.must("be offered keys", s.company.Until(s.soon(), func() bool { return len(silent.With()) == 0 }))
	silent.Press("0")
	freja.event("alarm", nil)
	s.bye(silent, leg)
}

func TestDangerIsToldToTheSupervisor(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	anna := s.counsellor("anna", "en")
	s.account("freja", hotline.Supervisor, "en")
	freja := s.logIn("freja")
	s.text("+4520000001", "he is at the door")
	id := anna.takes().ID
	began := time.Now()
	anna.must("contact.danger", args{"contact": id, "on": true})
	freja.event("alarm", nil)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the supervisor was told after %v, want within 5 s", took)
	}
	anna.refused("invalid", "contact.danger", args{"contact": id, "on": false})
	anna.must("contact.danger", args{"contact": id, "on": false, "ground": "vital interest", "outcome": "police is with her"})
}
