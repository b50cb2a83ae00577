package app

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// inCall opens a house with one call that Anna is in, and her page with it open.
func inCall(t *testing.T, change obj) (*house, *screen) {
	t.Helper()
	h := newHouse(t)
	h.talking("c1", change)
	s := visit(t, h.URL)
	s.press("Call …5512")
	s.sees("You can talk")
	return h, s
}

func TestACallFromItsRingToItsEnd(t *testing.T) {
	h := newHouse(t)
	s := visit(t, h.URL)
	s.sees("Nobody is with you")
	h.calls("c1", obj{"state": "offered", "language": "da", "waiting_since": stamp(41 * time.Second)}, nil)
	h.offer("c1", time.Minute)
	s.until(`/Call · Danish · waits 0:[45]\d/.test(document.body.innerText)`)
	h.mu.Lock()
	h.contacts["c1"]["address"] = "+4551235512"
	h.mu.Unlock()
	s.key(kb.F2)
	s.sees("Connecting you…")
	h.ring("leg1")
	h.did(t, "answer", "leg1") // she accepted: nobody asks her again
	h.goes("c1", obj{"talking_since": stamp(0), "legs": []obj{leg("anna", "counsellor")}})
	s.sees("You can talk")
	s.until(`/^0:(0[1-9]|[1-5]\d)$/.test(document.querySelector('.callline .count')?.innerText)`) // it counts

	s.press("Mute")
	s.sees("they do not hear you")
	if on := h.did(t, "mute", "leg1"); on != "true" {
		t.Errorf("the microphone was told %v, want true", on)
	}
	s.press("Hold")
	s.sees("On hold")
	s.press("Back to them")
	s.press("Keypad")
	s.press("5")
	if tone := h.did(t, "press", "leg1"); tone != "5" {
		t.Errorf("the tone is %v, want 5", tone)
	}
	if held := h.await(t, "call.hold", 2); held[0]["on"] != true || held[1]["on"] != false {
		t.Errorf("call.hold = %v, want on and off", held)
	}
	s.press("Hang up")
	if len(h.heard("call.hangup")) > 0 {
		t.Error("one press ended the call; want it asked first")
	}
	s.press("Yes, hang up")
	h.await(t, "call.hangup", 1)
	h.drop("leg1")
	s.sees("The call is over")
	s.sees(" min for your notes")
	s.press("Close contact")
	s.sees("What came of it")
}

// A leg that she did not ask for is not answered: the microphone stays shut until she says so.
func TestALegThatNobodyAskedFor(t *testing.T) {
	h := newHouse(t)
	s := visit(t, h.URL)
	s.sees("Nobody is with you")
	h.ring("leg1")
	s.sees("A colleague asks you into a call")
	s.press("Not now")
	h.did(t, "hangup", "leg1")
	s.gone("A colleague asks you into a call")
	h.calls("c1", obj{"state": "live", "assignee": "bo"}, obj{"talking_since": stamp(0), "legs": []obj{{"user": "anna", "part": "guest", "state": "ringing", "phone": false}}})
	h.change("c1", nil)
	h.ring("leg2")
	s.sees("Bo asks you into a call")
	s.press("Join")
	h.did(t, "answer", "leg2")
	s.gone("asks you into a call")
	h.ring("leg3")
	h.drop("leg2")
	h.drop("leg3")
	s.sees("Nobody is with you")
}

// A page that was loaded anew in the middle of a call takes its leg again.
func TestACallComesBackToItsPage(t *testing.T) {
	h, s := inCall(t, nil)
	h.ring("leg1")
	h.did(t, "answer", "leg1")
	s.do(chromedp.Reload())
	s.press("Call …5512")
	h.drop("leg1")
	h.ring("leg2")
	h.did(t, "answer", "leg2")
}

func TestAskByKeys(t *testing.T) {
	h, s := inCall(t, obj{"silent": true})
	s.sees("Cannot talk")
	s.press("They cannot talk")
	s.sees("A question is spoken to them in Danish")
	s.press("Are you alone?")
	if ask := h.await(t, "call.keys", 1)[0]; ask["on"] != true || ask["question"] != "Er du alene?" {
		t.Errorf("call.keys = %v, want the question in their language", ask)
	}
	s.sees("Asked: Er du alene?")
	h.text("c1", "[pressed: yes]")
	s.sees("Pressed 1: yes")
	h.text("c1", "[pressed: woman]")
	s.sees("Pressed 4: wants to talk with a woman")
	h.mu.Lock()
	h.refuse["call.keys"] = obj{"code": "unsafe", "message": "", "retry": ""}
	h.mu.Unlock()
	s.write("question", "who is he"+kb.Enter)
	s.sees("may not be safe to speak aloud")
	s.until("document.getElementById('question').value === 'who is he'")
	h.mu.Lock()
	delete(h.refuse, "call.keys")
	h.mu.Unlock()
	s.press("They can talk again")
	if stop := h.await(t, "call.keys", 3)[2]; stop["on"] != false {
		t.Errorf("call.keys = %v, want it off", stop)
	}
}

func TestWhoIsInTheCall(t *testing.T) {
	h, s := inCall(t, nil)
	h.goes("c1", obj{"legs": []obj{leg("anna", "counsellor"), leg("dina", "listener")}})
	s.sees("Dina is listening")
	h.goes("c1", obj{"legs": []obj{leg("anna", "counsellor"), leg("dina", "coach"), {"user": "bo", "part": "guest", "state": "ringing", "phone": true}}})
	s.sees("Dina is listening and speaks to you alone")
	s.sees("Bo is being rung")
	s.press("Add person")
	s.sees("They do not see the number")
	eval[bool](s, "(document.querySelector('dialog input[value=chau]').click(), true)")
	s.press("Ring them")
	if who := h.await(t, "call.invite", 1)[0]; who["user"] != "chau" {
		t.Errorf("call.invite = %v, want chau", who)
	}
	if eval[bool](s, "[...document.querySelectorAll('dialog input')].some(i => i.value === 'bo')") {
		t.Error("Bo can be asked, and is in the call")
	}
}

func TestOnHerOwnPhone(t *testing.T) {
	h, s := inCall(t, obj{"by_phone": true})
	s.sees("on the counsellor’s own phone")
	s.until(button("Keypad") + ".disabled")
	s.press("Mute")
	h.await(t, "call.mute", 1)
	h.goes("c1", obj{"alive": false, "wrap_until": nil})
	s.sees("They hung up")
}

func TestSupervisorListens(t *testing.T) {
	h := newHouse(t)
	h.me["role"] = "supervisor"
	s := visit(t, h.URL)
	s.sees("Nobody is with you")
	h.calls("c1", obj{"state": "live", "assignee": "bo", "address": "+4551235512"}, obj{"talking_since": stamp(time.Minute), "legs": []obj{leg("bo", "counsellor")}})
	h.change("c1", nil)
	s.press("Call …5512")
	s.press("Listen")
	if l := h.await(t, "call.listen", 1)[0]; l["coach"] == true {
		t.Errorf("call.listen = %v, want no word to anybody", l)
	}
	h.ring("leg1")
	h.did(t, "answer", "leg1")
	h.goes("c1", obj{"legs": []obj{leg("bo", "counsellor"), leg("anna", "listener")}})
	s.sees("You are listening; nobody hears you")
	s.press("Stop listening")
	h.await(t, "call.leave", 1)
	h.goes("c1", obj{"legs": []obj{leg("bo", "counsellor")}})
	s.press("Speak to the counsellor")
	if l := h.await(t, "call.listen", 2)[1]; l["coach"] != true {
		t.Errorf("call.listen = %v, want it to coach", l)
	}
}

func TestWorkThatCallsLeave(t *testing.T) {
	h := newHouse(t)
	mine := obj{"state": "live", "assignee": "anna", "address": "+4551235512"}
	h.calls("c1", mine, obj{"alive": false, "choice": "voicemail"})
	h.contacts["c1"]["work"] = "voicemail"
	h.said("c1", "", "", time.Minute, obj{"media": []obj{{"id": "v/1", "type": "audio/mpeg", "size": 4000, "lost": false}}})
	h.calls("c2", obj{"work": "missed", "waiting_since": stamp(5 * time.Minute)}, obj{"alive": false})
	h.calls("c3", mine, obj{"alive": false, "choice": "callback"})
	h.contacts["c3"]["work"], h.contacts["c3"]["address"] = "callback", "+4560112233"
	s := visit(t, h.URL)
	s.sees("Missed call")
	s.press("Call …5512")
	s.until("document.querySelector('.bubble audio')?.getAttribute('src') === '/api/media/v%2F1' && document.querySelector('.bubble audio').preload === 'none'")
	s.press("Call …2233")
	s.sees("Wants to be called back")
	s.press("Call back")
	h.await(t, "call.back", 1)
	h.ring("leg1")
	h.did(t, "answer", "leg1")
}

// A picture may be of anything: it is asked for when she presses. What is no picture, sound or film can be saved.
func TestFilesThatCame(t *testing.T) {
	h, s := onShift(t)
	h.said("c1", "", "", 0, obj{"media": []obj{
		{"id": "p1", "type": "image/png", "size": 9, "lost": false}, {"id": "f1", "type": "application/octet-stream", "size": 9, "lost": false},
		{"id": "l1", "type": "audio/ogg", "size": 0, "lost": true}, {"id": "n1", "type": "audio/ogg", "size": 0, "lost": false},
	}})
	s.do(chromedp.Reload())
	s.press("SMS …5512")
	s.sees("a voice note that could not be fetched")
	s.sees("a voice note, not fetched yet")
	s.until("document.querySelector('.bubble a[download]')?.getAttribute('href') === '/api/media/f1' && !document.querySelector('.bubble img')")
	s.press("Show a picture")
	s.until("document.querySelector('.bubble img')?.naturalWidth === 9")
}

func TestTheSameNumberElsewhere(t *testing.T) {
	h, s := inCall(t, nil)
	h.person("c2", obj{"state": "live", "assignee": "anna", "channel": "whatsapp", "address": "whatsapp:+4551235512", "last_inbound_at": stamp(210 * time.Second)})
	h.said("c2", "", "written before the call", 3*time.Minute)
	h.person("c3", obj{"state": "live", "assignee": "anna", "address": "+4551235512", "withheld": true})
	h.change("c2", nil)
	h.change("c3", nil)
	s.sees("Also from this number:")
	s.press("WhatsApp, open, 3 min ago")
	s.sees("written before the call")
	if also := eval[int](s, "document.querySelectorAll('.also button').length"); also != 1 {
		t.Errorf("%d contacts stand beside it, want the call alone: a withheld number is nobody's", also)
	}
}

func TestWhereCallsCannotRing(t *testing.T) {
	h := newHouse(t)
	h.driver = "none"
	s := visit(t, h.URL)
	s.press("Calls do not ring here")
	s.sees("no line for browsers is set up here")
	eval[bool](s, "(v => (v.value = 'phone', v.dispatchEvent(new Event('change', {bubbles: true})), true))(document.getElementById('voice'))")
	h.await(t, "presence.set", 1)
	s.sees("key 1 takes the call")
	s.gone("Calls do not ring here")
}
