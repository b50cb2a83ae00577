//go:build tour

package app

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
)

// TestTourOfCalls takes pictures of a call in each of its states, and of danger, as [TestTour] does.
func TestTourOfCalls(t *testing.T) {
	h := newHouse(t)
	h.users[3]["role"] = "supervisor"
	h.interprets()
	h.me["state"] = "away"
	s := visit(t, h.URL)
	tour := &tour{screen: s, sizes: []int64{1440, 360}}
	s.press("Try the microphone")
	tour.stop("call-shift", "The microphone works")
	s.press("Start shift")
	h.calls("c5", obj{"waiting_since": stamp(3 * time.Minute)}, obj{"dropped": true, "silent": true})
	h.calls("c6", obj{"work": "missed", "waiting_since": stamp(18 * time.Minute)}, obj{"alive": false})
	h.calls("c7", obj{"work": "voicemail", "waiting_since": stamp(7 * time.Minute), "language": "ro"}, obj{"alive": false})
	h.calls("c8", obj{"work": "callback", "waiting_since": stamp(9 * time.Minute)}, obj{"alive": false})
	for _, id := range []string{"c5", "c6", "c7", "c8"} {
		h.change(id, nil)
	}
	h.calls("c1", obj{"state": "offered", "language": "da", "seen_before": true, "waiting_since": stamp(41 * time.Second)}, nil)
	h.offer("c1", 20*time.Second)
	tour.stop("call-offer", "Call · Danish")
	h.mu.Lock()
	h.contacts["c1"]["address"], h.contacts["c1"]["address_shown"] = "+4551235512", "+45 51 23 55 12"
	h.mu.Unlock()
	s.key(kb.F2)
	tour.stop("call-connecting", "Connecting you")
	h.ring("leg1")
	h.did(t, "answer", "leg1")
	h.person("c2", obj{"state": "live", "assignee": "anna", "channel": "whatsapp", "address": "whatsapp:+4551235512", "last_inbound_at": stamp(3 * time.Minute)})
	h.change("c2", nil)
	h.goes("c1", obj{"talking_since": stamp(127 * time.Second), "legs": []obj{leg("anna", "counsellor")}})
	h.mu.Lock()
	h.triage["c1"]["if_dropped"] = "they_call"
	h.mu.Unlock()
	tour.stop("call-talking", "You can talk")
	h.goes("c1", obj{"held": true, "muted": true, "legs": []obj{leg("anna", "counsellor"), leg("dina", "listener"), {"user": "bo", "part": "guest", "state": "ringing", "phone": true}}})
	tour.stop("call-held", "Dina is listening")
	h.goes("c1", obj{"held": false, "muted": false})
	s.press("Keypad")
	tour.stop("call-pad", "Tones go to the other end")
	s.press("They cannot talk")
	s.press("Are you alone?")
	h.text("c1", "[pressed: yes]")
	h.text("c1", "[pressed: danger]")
	tour.stop("call-asking", "Pressed 0: danger")
	s.press("They can talk again")
	s.press("Hang up")
	tour.stop("call-sure", "End the call for both of you?")
	s.press("No, stay")
	tour.dialog("call-invite", "Add person", "They do not see the number")
	h.goes("c1", obj{"interpreter": obj{"language": "th", "state": "ringing", "user": "", "rung": []string{"malee"}}})
	tour.stop("call-interpreter-rings", "Malee: rung to interpret Thai")
	h.goes("c1", obj{"interpreter": obj{"language": "th", "state": "nobody", "user": "", "rung": []string{}}})
	tour.stop("call-interpreter-nobody", "Nobody came to interpret Thai")
	h.goes("c1", obj{"interpreter": nil})
	s.press("Danger")
	tour.stop("danger-call", "Where are you?")
	tour.dialog("danger-end", "It is over", "What was told to others")
	s.press("Show less")
	tour.stop("danger-short", "Call 112 from your own phone")
	tour.pane("Notes", "call-side", "If the line drops")
	s.press("Hang up")
	s.press("Yes, hang up")
	h.drop("leg1")
	h.change("c1", obj{"danger_since": nil})
	tour.stop("call-over", "The call is over")
	h.ring("leg9")
	tour.stop("call-asked-in", "A colleague asks you into a call")
	s.press("Not now")
	h.said("c7", "", "", 7*time.Minute, obj{"media": []obj{{"id": "v1", "type": "audio/mpeg", "size": 4000, "lost": false}}})
	h.change("c7", obj{"state": "live", "assignee": "anna", "address": "+40722123456"})
	s.press("Call …3456")
	tour.stop("call-voicemail", "Left a voicemail")
	h.change("c8", obj{"state": "live", "assignee": "anna", "address": "+4560112233"})
	s.press("Call …2233")
	tour.stop("call-back", "Wants to be called back")
	s.press("Anna")
	tour.stop("call-me", "Calls ring in this page")
	s.press("Dansk")
	s.key(kb.Escape)
	tour.stop("call-danish", "Vil gerne ringes op")
	s.press("Fare")
	tour.stop("danger-danish", "Hvor er du?")
}

// TestTourOfSupervisor: what a supervisor sees of others' calls and dangers.
func TestTourOfSupervisor(t *testing.T) {
	h := newHouse(t)
	h.me["role"] = "supervisor"
	s := visit(t, h.URL)
	tour := &tour{screen: s, sizes: []int64{1440, 1000, 360}}
	s.sees("Nobody is with you")
	h.calls("c1", obj{"state": "live", "assignee": "bo", "address": "+4551235512", "language": "en"}, obj{"talking_since": stamp(11 * time.Minute), "legs": []obj{leg("bo", "counsellor")}})
	h.change("c1", nil)
	h.person("c2", obj{"state": "live", "assignee": "chau", "address": "+4551239988", "danger_since": stamp(2 * time.Minute)})
	h.said("c2", "", "he is at the door", time.Minute)
	h.tell("alarm", obj{"contact": "c2", "kind": "danger", "since": stamp(2 * time.Minute)})
	h.change("c2", nil)
	s.press("Call …5512")
	tour.stop("chief-alarm", "Somebody is in danger")
	s.press("I see it")
	h.goes("c1", obj{"legs": []obj{leg("bo", "counsellor"), leg("anna", "listener")}})
	tour.stop("chief-listens", "You are listening")
	s.press("Go there")
	tour.stop("chief-danger", "he is at the door")
}
