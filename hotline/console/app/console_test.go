package app

import (
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// onShift opens a house with one SMS contact that is Anna's, and her page with it open.
func onShift(t *testing.T) (*house, *screen) {
	t.Helper()
	h := newHouse(t)
	h.person("c1", obj{"state": "live", "assignee": "anna", "address": "+4551235512", "address_shown": "+45 51 23 55 12"})
	h.said("c1", "", "hello, is somebody there", time.Minute)
	s := visit(t, h.URL)
	s.press("SMS …5512")
	s.sees("hello, is somebody there")
	return h, s
}

func TestFromLogInToClose(t *testing.T) {
	h := newHouse(t)
	h.sign(false)
	h.me["state"] = "away"
	h.person("c1", nil)
	h.said("c1", "", "can you help me", time.Minute)
	s := visit(t, h.URL)
	s.write("email", "anna@example.org")
	s.write("password", "wrong"+kb.Enter)
	s.sees("That did not work")
	s.write("password", "a long enough password"+kb.Enter)
	s.press("Start shift")
	s.sees("This page rings")

	h.person("c1", obj{"state": "offered"})
	h.offer("c1", time.Minute)
	s.sees("Someone is waiting for you")
	s.until("/^\\(1\\) /.test(document.title)")
	h.mu.Lock()
	h.contacts["c1"]["address"] = "+4551235512"
	h.mu.Unlock()
	s.key(kb.F2)
	s.sees("can you help me")
	s.gone("Someone is waiting for you")

	s.until("document.activeElement.id === 'reply'")
	s.write("reply", "I am here.")
	s.key(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl))
	sent := h.await(t, "message.send", 1)[0]
	if sent["text"] != "I am here." || sent["ref"] == "" {
		t.Errorf("message.send = %v, want the words and a ref", sent)
	}
	s.sees("Waiting to be sent")
	h.tell("message.status", obj{"contact": "c1", "message": "m2", "status": "delivered", "error": nil})
	s.sees("Delivered")
	h.tell("message.status", obj{"contact": "c1", "message": "m2", "status": "sent", "error": nil})
	h.text("c1", "thank you")
	s.sees("thank you")
	s.sees("Delivered")
	h.await(t, "contact.read", 1)

	eval[bool](s, "(document.querySelector('.risk .high input').click(), true)")
	if set := h.await(t, "triage.set", 1)[0]; set["risk"] != "high" || len(set) > 2 {
		t.Errorf("triage.set = %v, want the risk and nothing else", set)
	}
	s.write("note", "Alone until four.")
	s.press("Save note")
	s.sees("Alone until four.")
	s.press("Close contact")
	s.until("document.querySelector('dialog .main').disabled")
	eval[bool](s, "(document.querySelector('dialog input[value=helped]').click(), true)")
	s.until("!document.querySelector('dialog .main').disabled")
	eval[bool](s, "(document.querySelector('dialog .main').click(), true)")
	if end := h.await(t, "contact.close", 1)[0]; end["outcome"] != "information or support given" {
		t.Errorf("contact.close = %v, want the outcome that was chosen", end)
	}
	s.sees("Closed just now")
	if kept := eval[string](s, "JSON.stringify({...localStorage}) + document.cookie + document.title + location.href"); len(kept) > 200 {
		t.Errorf("the browser keeps %s, want two settings and nothing else", kept)
	}
}

func TestCutLine(t *testing.T) {
	h, s := onShift(t)
	h.mu.Lock()
	h.mute["message.send"] = true
	h.mu.Unlock()
	s.write("reply", "sent into the void")
	s.press("Send")
	first := h.await(t, "message.send", 1)[0]
	h.wire.Cut(true)
	s.sees("The line is cut")
	s.sees("Goes out when the line is back")
	s.write("reply", "written while cut")
	s.press("Send")
	s.write("reply", "a draft")
	h.said("c1", "", "said meanwhile", 0)
	h.mu.Lock()
	delete(h.mute, "message.send")
	h.mu.Unlock()
	h.wire.Cut(false)

	again := h.await(t, "message.send", 3)
	if again[1]["ref"] != first["ref"] || again[2]["text"] != "written while cut" {
		t.Errorf("after the cut came %v, want the first again with its ref, then the second", again[1:])
	}
	s.sees("said meanwhile")
	s.gone("Goes out when the line is back")
	s.until("document.getElementById('reply').value === 'a draft'")
	want := `["hello, is somebody there","said meanwhile","sent into the void","written while cut"]`
	s.until("JSON.stringify([...document.querySelectorAll('.bubble p')].map(p => p.innerText)) === " + strconv.Quote(want))
	s.until("sessionStorage.getItem('anna/outbox') === '[]'")
}

func TestReloadKeepsWords(t *testing.T) {
	h, s := onShift(t)
	h.mu.Lock()
	h.refuse["message.send"] = obj{"code": "unavailable", "message": "", "retry": ""}
	h.mu.Unlock()
	s.write("reply", "refused once")
	s.press("Send")
	s.sees("Not sent")
	s.write("reply", "half a thought")
	s.do(chromedp.Reload())
	s.sees("Sound is off. Press to turn it on.")
	s.press("SMS …5512")
	s.sees("refused once")
	s.until("document.getElementById('reply').value === 'half a thought'")
	h.mu.Lock()
	delete(h.refuse, "message.send")
	h.mu.Unlock()
	s.press("Try again")
	s.gone("Not sent")
	if sends := h.heard("message.send"); sends[0]["ref"] != sends[len(sends)-1]["ref"] {
		t.Errorf("the message was sent again as %v, want the ref %v", sends[len(sends)-1], sends[0]["ref"])
	}
}

func TestMissedEventBringsHello(t *testing.T) {
	h, s := onShift(t)
	h.said("c1", "", "the lost one", 0)
	h.skip()
	h.text("c1", "the one after it")
	s.sees("the lost one")
	s.sees("the one after it")
	s.until("document.querySelectorAll('.bubble').length === 3")
}

func TestAsksWhetherItIsSafe(t *testing.T) {
	h, s := onShift(t)
	h.mu.Lock()
	h.refuse["message.send"] = obj{"code": "unsafe", "message": "quiet for long", "retry": "safe"}
	h.mu.Unlock()
	s.write("reply", "are you there")
	s.press("Send")
	s.sees("Is it still safe to write?")
	if h.heard("message.send")[0]["safe"] != nil {
		t.Error("the page said that it is safe before anybody was asked")
	}
	s.press("Yes, it is safe")
	if second := h.await(t, "message.send", 2)[1]; second["safe"] != true {
		t.Errorf("message.send = %v, want it marked safe", second)
	}
	s.gone("Is it still safe to write?")
}

func TestOfferGoes(t *testing.T) {
	for reason, says := range map[string]string{"expired": "That offer ran out", "accepted": "Taken by Bo", "withdrawn": "That offer is over"} {
		t.Run(reason, func(t *testing.T) {
			h, s := onShift(t)
			h.person("c2", obj{"state": "offered"})
			h.offer("c2", time.Minute)
			s.sees("Someone is waiting for you")
			h.end("c2", reason)
			if reason == "accepted" {
				h.change("c2", obj{"state": "live", "assignee": "bo"})
			}
			s.sees(says)
			s.gone("Someone is waiting for you")
		})
	}
}

func TestAcceptAcrossACut(t *testing.T) {
	h, s := onShift(t)
	h.person("c2", obj{"state": "offered"})
	h.said("c2", "", "please", 0)
	h.mu.Lock()
	h.mute["offer.accept"] = true
	h.mu.Unlock()
	h.offer("c2", time.Minute)
	s.sees("Someone is waiting for you")
	s.key(kb.F2)
	h.await(t, "offer.accept", 1)
	h.wire.Cut(true)
	s.sees("Asking again")
	h.mu.Lock()
	delete(h.mute, "offer.accept")
	h.mu.Unlock()
	h.wire.Cut(false)
	s.sees("please")
}

func TestClosed(t *testing.T) {
	h, s := onShift(t)
	s.write("reply", "a draft")
	h.hang(4003)
	s.sees("opened in too many places")
	s.gone("hello, is somebody there")
	s.press("Use it here")
	s.sees("hello, is somebody there")
	h.sign(false)
	h.hang(4001)
	s.sees("You were logged out")
	s.gone("hello, is somebody there")
	s.write("email", "anna@example.org")
	s.write("password", "a long enough password"+kb.Enter)
	s.sees("hello, is somebody there")
	s.until("document.getElementById('reply').value === 'a draft'")
}

func TestKeys(t *testing.T) {
	h, s := onShift(t)
	s.key("H", chromedp.KeyModifiers(chromedp.ModifierCtrl|chromedp.ModifierShift))
	s.sees("The screen is hidden")
	s.gone("hello, is somebody there")
	s.press("Show again")
	s.sees("hello, is somebody there")
	s.settle() // it listens to keys once it is drawn
	h.person("c2", obj{"state": "live", "assignee": "anna", "channel": "whatsapp", "address": "whatsapp:+2348031234567"})
	h.said("c2", "", "second person", 0)
	h.change("c2", obj{"unread": 1})
	s.sees("1 new")
	s.key(kb.F8)
	s.sees("second person")
	s.settle() // it takes the focus to the reply first
	s.key(kb.F9)
	s.until("document.querySelector('.side').contains(document.activeElement)")
	s.key(kb.F9)
	s.until("document.activeElement.id === 'reply'")
	s.key(kb.F4)
	s.sees("not yet checked by a speaker")
	s.key(kb.Enter)
	s.until("document.getElementById('reply').value === 'I am here.'")
	s.key("k", chromedp.KeyModifiers(chromedp.ModifierCtrl))
	s.write("find", "5512"+kb.Enter)
	s.sees("hello, is somebody there")
	s.settle()
	// The driver sends the letter of Enter apart from its key, so that it lands in the field that has the focus by then.
	if got := eval[string](s, "document.getElementById('reply').value.trim()"); got != "" {
		t.Errorf("the field of the first person holds %q, want the second's draft to have stayed there", got)
	}
}

func TestTransfer(t *testing.T) {
	h, s := onShift(t)
	s.press("Transfer")
	eval[bool](s, "(document.querySelector('dialog input[value=bo]').click(), true)")
	s.write("handover", "speaks little Danish")
	eval[bool](s, "(document.querySelector('dialog .main').click(), true)")
	if to := h.await(t, "contact.transfer", 1)[0]; to["to"] != "bo" || to["note"] != "speaks little Danish" {
		t.Errorf("contact.transfer = %v, want it to go to bo with the note", to)
	}
	s.sees("Bo is asked to take over")
	h.change("c1", obj{"assignee": "bo", "transfer_to": ""})
	s.sees("Bo has this conversation.")
	s.until("!document.getElementById('reply')")
}

func TestWhereNoAnswerGoes(t *testing.T) {
	h, s := onShift(t)
	h.change("c1", obj{"channel": "whatsapp", "reply_by": stamp(-90 * time.Minute)})
	s.sees("WhatsApp closes in 1 h")
	h.change("c1", obj{"reply_by": stamp(time.Minute), "can_reply": false})
	s.sees("The 24 hours of WhatsApp are over.")
	h.change("c1", obj{"channel": "sms", "withheld": true, "reply_by": nil})
	s.sees("This person cannot be written to")
	h.change("c1", obj{"stop_word": true})
	s.sees("It may be a cry for help; no machine answered.")
}

func TestScroll(t *testing.T) {
	h, s := onShift(t)
	for range 120 {
		h.said("c1", "", "many words to fill the page with", 0)
	}
	h.person("c2", obj{"state": "live", "assignee": "anna", "withheld": true})
	s.do(chromedp.Reload())
	s.press("SMS …5512")
	const end = "(l => l.scrollHeight - l.scrollTop - l.clientHeight < 4)(document.querySelector('.log'))"
	s.until("document.querySelectorAll('.bubble').length === 50 && " + end)
	h.text("c1", "at the end")
	s.sees("at the end")
	s.until(end)
	s.write("reply", "one\ntwo\nthree\nfour") // the field grows
	s.until("document.getElementById('reply').clientHeight > 90 && " + end)
	s.settle()
	eval[bool](s, "(document.querySelector('.log').scrollTop = 300, true)")
	s.until("!(" + end + ")")
	h.text("c1", "further down")
	s.sees("1 new message below")
	s.until("document.querySelector('.log').scrollTop === 300")
	s.press("1 new message below")
	s.until(end)
	s.press("Earlier messages")
	s.until("document.querySelectorAll('.bubble').length === 102")
}
