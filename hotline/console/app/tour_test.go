//go:build tour

package app

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var (
	tourDir = flag.String("tour", "", "write a picture of every screen into this folder")
	axePath = flag.String("axe", "", "axe.min.js to run on every screen of the tour")
)

// furnish puts people into a house, as on a busy night.
func furnish(h *house) {
	mine := obj{"state": "live", "assignee": "anna", "waiting_since": nil}
	with := func(base obj, more obj) obj {
		all := obj{}
		for _, m := range []obj{base, more} {
			for k, v := range m {
				all[k] = v
			}
		}
		return all
	}
	h.person("c4417", with(mine, obj{"address": "+4551235512", "address_shown": "+45 51 23 55 12", "language": "da", "guess": "da", "seen_before": true,
		"unread": 2, "opened_at": stamp(26 * time.Hour), "last_inbound_at": stamp(time.Minute)}))
	h.person("c4420", with(mine, obj{"channel": "whatsapp", "address": "whatsapp:+2348031234567", "address_shown": "+234 803 123 4567", "language": "pcm",
		"reply_by": stamp(-100 * time.Minute), "opened_at": stamp(23 * time.Hour), "last_inbound_at": stamp(22 * time.Hour)}))
	h.person("c4398", with(mine, obj{"withheld": true, "can_reply": false, "stop_word": true, "opened_at": stamp(30 * time.Minute), "unread": 1}))
	h.person("c4431", obj{"language": "ro", "guess": "ro"})
	h.person("c4432", obj{"channel": "whatsapp", "language": "th", "guess": "th", "seen_before": true, "waiting_since": stamp(2 * time.Minute)})
	h.person("c4433", obj{"priority": 30, "stop_word": true, "waiting_since": stamp(20 * time.Second)})
	h.person("c4402", obj{"state": "live", "assignee": "bo", "overdue": true, "opened_at": stamp(50 * time.Minute), "last_inbound_at": stamp(14 * time.Minute)})

	for i, say := range []struct{ by, text string }{
		{"", "Hej. Må jeg skrive til jer her?"}, {"anna", "Ja, det må du gerne. Jeg er her."},
		{"anna", "Er det sikkert for dig at skrive nu?"}, {"", "Ja. Han er på arbejde til kl. 16."},
		{"", "Jeg bor hos ham der gav mig jobbet. Han har mit pas og siger at jeg skylder for rejsen. Jeg arbejder hver dag men får ingen løn."},
		{"anna", "Tak fordi du fortæller det. Det er ikke din skyld. Du bestemmer, hvad der sker nu."},
	} {
		h.said("c4417", say.by, say.text, 25*time.Hour-time.Duration(i)*3*time.Minute)
	}
	h.said("c4417", "bo", "God morgen. Det er Bo, Annas kollega. Hvordan går det i dag?", 40*time.Minute, obj{"status": "read"})
	h.said("c4417", "anna", "Du kan skrive når som helst.", 12*time.Minute, obj{"status": "failed", "error": obj{"code": 30003, "message": "The phone is off or out of reach. Try again later."}})
	h.said("c4417", "", "", 3*time.Minute, obj{"media": []obj{{"id": "p1", "type": "image/jpeg", "size": 0}, {"id": "p2", "type": "audio/ogg", "size": 0}}})
	h.said("c4417", "", "er du der", time.Minute)
	h.said("c4420", "", "Abeg, I wan know if na you people dey help person wey dem hold passport.", 22*time.Hour)
	h.said("c4420", "anna", "I dey here. You fit just answer yes or no.", 22*time.Hour-time.Minute)
	h.said("c4420", "", "مرحبا، هل تتكلم العربية؟", 22*time.Hour-2*time.Minute)
	h.said("c4398", "", "STOP", 2*time.Minute)
	for i := range 130 {
		h.said("c4402", map[int]string{0: "", 1: "bo"}[i%2], "…", time.Hour-time.Duration(i)*time.Second)
	}
	h.notes["c4417"] = []obj{
		{"id": "n1", "text": "Arbejder i rengøring, passet er taget fra hende. Alene hjemme til kl. 16.", "at": stamp(25 * time.Hour), "by": "anna", "revises": ""},
		{"id": "n2", "text": "Vil ikke ringes op. Kun SMS før kl. 16.", "at": stamp(24 * time.Hour), "by": "bo", "revises": ""},
		{"id": "n3", "text": "Vil ikke ringes op. Kun SMS, og kun før kl. 15.30.", "at": stamp(40 * time.Minute), "by": "bo", "revises": "n2"},
	}
	h.triage["c4417"]["risk"], h.triage["c4417"]["safe_now"], h.triage["c4417"]["about"] = "high", "yes", "self"
	h.triage["c4417"]["age_band"], h.triage["c4417"]["gender"] = "25_49", "woman"
	h.triage["c4398"]["risk"] = "immediate"
}

// TestTour takes pictures of every screen in three widths and two themes, and asks axe about each. It looks; a person
// judges: go test -tags tour -run Tour ./hotline/console/app -args -tour DIR -axe FILE
func TestTour(t *testing.T) {
	if *tourDir == "" && *axePath == "" {
		t.Fatal("say where the pictures go: -tour DIR, and -axe FILE for axe")
	}
	h := newHouse(t)
	furnish(h)
	h.me["state"] = "away"
	h.sign(false)
	s := visit(t, h.URL)
	tour := &tour{screen: s, sizes: []int64{1440, 1000, 360}}

	tour.stop("login", "Log in")
	h.mu.Lock()
	h.enrol = true
	h.mu.Unlock()
	s.write("email", "anna@example.org")
	s.write("password", "a long enough password"+kb.Enter)
	tour.stop("enrol", "One more lock")
	s.write("code", "123456"+kb.Enter)
	s.press("Log in")
	s.write("email", "anna@example.org")
	s.write("password", "wrong"+kb.Enter)
	tour.stop("login-wrong", "That did not work")
	s.write("password", "a long enough password"+kb.Enter)
	tour.stop("shift", "Start shift")
	s.press("Start shift")
	tour.stop("empty", "Nobody is open")
	s.press("SMS …5512")
	s.sees("er du der")
	tour.stop("talk", "er du der")
	tour.pane("Notes", "side", "Arbejder i")
	tour.pane("You", "me", "Colleagues")
	s.write("reply", "Jeg er her. Skriv “ja”, hvis du kan læse det 🙂")
	h.offer("c4433", 50*time.Second)
	tour.stop("offer", "Someone is waiting")
	s.press("Decline")
	tour.stop("decline", "Why not now?")
	s.press("I need a break")
	h.mu.Lock()
	h.refuse["message.send"] = obj{"code": "unsafe", "message": "It has been quiet for 24 minutes.", "retry": "safe"}
	h.mu.Unlock()
	s.press("Send")
	tour.stop("unsafe", "Is it still safe")
	h.mu.Lock()
	h.refuse["message.send"] = obj{"code": "conflict", "message": "", "retry": ""}
	h.mu.Unlock()
	s.press("No, keep it here")
	s.press("Send")
	tour.stop("failed", "Try again")
	h.wire.Cut(true)
	s.press("Take back")
	s.press("Send")
	tour.stop("cut", "The line is cut")
	h.mu.Lock()
	delete(h.refuse, "message.send")
	h.mu.Unlock()
	h.wire.Cut(false)
	s.gone("The line is cut")
	tour.people("WhatsApp …4567", "whatsapp", "WhatsApp closes in")
	for _, d := range []struct{ name, open, sees string }{
		{"phrases", "Phrases", "Their language"}, {"transfer", "Transfer", "Back to the queue"}, {"close", "Close contact", "What came of it"},
	} {
		tour.dialog(d.name, d.open, d.sees)
	}
	s.press("Transfer")
	h.offer("c4433", 50*time.Second)
	tour.stop("offer-over-dialog", "Someone is waiting")
	h.end("c4433", "expired")
	s.sees("That offer ran out")
	s.key(kb.Escape)
	s.key("k", chromedp.KeyModifiers(chromedp.ModifierCtrl))
	tour.stop("finder", "Take the next who waits")
	s.key(kb.Escape)
	s.press("Keys")
	tour.stop("keys", "Ctrl+Shift+H")
	s.key(kb.Escape)
	s.press("Anna")
	tour.stop("me", "Colleagues")
	s.key(kb.Escape)
	tour.people("SMS number withheld", "stop", "They wrote STOP")
	s.do(chromedp.Reload())
	tour.stop("reloaded", "Sound is off")
	s.press("Anna")
	s.press("Dansk")
	s.key(kb.Escape)
	tour.people("SMS …5512", "danish", "Leveret")
	h.offer("c4433", 50*time.Second)
	tour.stop("danish-offer", "Nogen venter")
	s.press("Skjul skærm")
	tour.stop("hidden", "Skærmen er skjult")
}

// tour is a walk: at each stop a picture in every size and theme.
type tour struct {
	*screen
	sizes []int64
	end   string // of a page or dialog that is longer than the screen: what is brought into sight
}

// low is a picture further down; axe was asked about the whole at a stop.
func (r *tour) low(name, end, sees string) {
	r.Helper()
	r.end = end
	r.stop(name, sees)
	r.end = ""
	eval[bool](r.screen, "(document.querySelectorAll('.duties, dialog').forEach(x => { x.scrollTop = 0 }), true)")
}

func (r *tour) stop(name, sees string) {
	r.Helper()
	r.sees(sees)
	for _, w := range r.sizes {
		r.shoot(name, w)
	}
	r.size(1440, 900)
}

func (r *tour) shoot(name string, w int64) {
	r.Helper()
	r.size(w, map[int64]int64{1440: 900, 1000: 760, 360: 740}[w])
	for _, dark := range []bool{false, true} {
		r.dark(dark)
		if r.end != "" {
			eval[bool](r.screen, fmt.Sprintf("(document.querySelector(%q).scrollIntoView({block: 'end'}), true)", r.end))
		}
		where := name + "-" + map[int64]string{1440: "wide", 1000: "middle", 360: "phone"}[w] + map[bool]string{false: "-light", true: "-dark"}[dark]
		if *tourDir != "" {
			png, err := chromedp.Run(r.ctx, chromedp.CaptureScreenshot())
			if err != nil {
				r.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(*tourDir, where+".png"), png, 0o600); err != nil {
				r.Fatal(err)
			}
		}
		if r.end == "" {
			r.axe(where)
		}
	}
	r.dark(false)
}

// pane shows a pane that only a narrow screen has on its own.
func (r *tour) pane(bar, name, sees string) {
	r.Helper()
	r.size(360, 740)
	r.press(bar)
	r.sees(sees)
	r.shoot(name, 360)
	r.press("Talk")
	r.size(1000, 760)
	if name == "side" {
		r.press("Triage and notes")
		r.shoot(name, 1000)
		eval[bool](r.screen, "("+button("Close")+".click(), true)")
	}
	r.size(1440, 900)
}

// people opens somebody from the list.
func (r *tour) people(row, name, sees string) {
	r.Helper()
	r.press(row)
	r.stop(name, sees)
}

func (r *tour) dialog(name, open, sees string) {
	r.Helper()
	r.press(open)
	r.stop(name, sees)
	r.key(kb.Escape)
	r.until("!document.querySelector('dialog')")
}

func (r *tour) axe(where string) {
	r.Helper()
	if *axePath == "" {
		return
	}
	source, err := os.ReadFile(*axePath)
	if err != nil {
		r.Fatal(err)
	}
	if !eval[bool](r.screen, "typeof axe !== 'undefined'") {
		eval[bool](r.screen, string(source)+"; true")
	}
	found, err := chromedp.Run(r.ctx, chromedp.Evaluate[string](`axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']})
		.then(r => JSON.stringify(r.violations.map(v => ({rule: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' | ' + n.failureSummary)}))))`,
		chromedp.EvalAwaitPromise))
	if err != nil {
		r.Fatal(err)
	}
	var list []json.RawMessage
	if err := json.Unmarshal([]byte(found), &list); err != nil {
		r.Fatal(err)
	}
	for _, v := range list {
		r.Errorf("%s: %s", where, v)
	}
}
