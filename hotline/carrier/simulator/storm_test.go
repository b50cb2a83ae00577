package simulator

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestStorm lets callers and counsellors do anything at any moment, with every callback doubled and late, and looks
// whether the carrier still adds up: every leg ends, is told of once (twice here), and is in no queue and no room.
func TestStorm(t *testing.T) {
	t.Parallel()
	const pairs = 12
	d := newDesk(t, Config{Tempo: 200}, "/entry", docMenu, "/language", docHold, "/wait", docWait, "/after", `<Hangup/>`, "/accept", docAccept,
		"/accepted", docJoined, "/meet", docMeet, "/front", `<Dial timeout="5"><Queue>queue-8f1c</Queue></Dial>`, "/hold", `<Pause/>`)
	d.Chaos(func(ch *Chaos) { ch.Duplicate, ch.Reorder, ch.Delay = 1, 3*time.Millisecond, time.Millisecond })
	rest := func(path, name, value string) {
		form := map[string][]string{name: {strings.ReplaceAll(value, "BASE", d.service.URL)}}
		if status, body, err := d.ask(http.MethodPost, root+path, form); err != nil || status >= 500 {
			t.Errorf("POST %s = %d %s %v", path, status, body, err)
		}
	}
	var wg sync.WaitGroup
	for i := range pairs {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(i), 1))
			phone := fmt.Sprintf("+45400000%02d", i)
			d.Phone(phone).Answers(time.Duration(r.IntN(3))*time.Second, "1")
			caller := d.dials(fmt.Sprintf("+45500000%02d", i), line)
			leg := d.calls(phone, "StatusCallback", "BASE/leg", "Timeout", "10")
			for range 12 {
				d.pause(t.Context(), time.Duration(r.IntN(8))*time.Millisecond)
				l := []*Call{caller, leg}[r.IntN(2)]
				switch r.IntN(8) {
				case 0:
					rest("/Calls/"+l.SID()+".json", "Url", "BASE/meet")
				case 1:
					rest("/Calls/"+l.SID()+".json", "Url", "BASE/front")
				case 2:
					rest("/Calls/"+l.SID()+".json", "Url", "BASE/language")
				case 3:
					d.Carrier.mu.Lock()
					path := "/none"
					if l.seat != nil {
						path = "/Conferences/" + l.seat.room.sid + "/Participants/" + l.sid + ".json"
					}
					d.Carrier.mu.Unlock()
					if path != "/none" {
						rest(path, "Hold", []string{"true", "false"}[r.IntN(2)])
					}
				case 4:
					l.Press("1")
				case 5:
					l.Speak("hello")
				case 6:
					rest("/Calls/"+l.SID()+".json", "Twiml", "<Response><Record maxLength='1' action='BASE/after'/></Response>")
				}
			}
			caller.HangUp()
			leg.HangUp()
			rest("/Calls/"+leg.SID()+".json", "Status", "completed")
		})
	}
	wg.Wait()
	d.until(func() bool { return len(d.OpenLegs()) == 0 })
	d.until(func() bool { return len(d.told("/leg")) == 2*pairs })
	d.addsUp()
	d.noFaults()
}

// addsUp looks whether legs that are over are nowhere.
func (d *desk) addsUp() {
	d.t.Helper()
	d.Carrier.mu.Lock()
	defer d.Carrier.mu.Unlock()
	for _, q := range d.queues {
		if len(q.members) != 0 {
			d.t.Errorf("%d legs that are over are in a queue", len(q.members))
		}
	}
	for _, r := range d.rooms {
		if len(r.members) != 0 || r.status != Completed {
			d.t.Errorf("a conference is %s with %d legs that are over", r.status, len(r.members))
		}
	}
	for _, l := range d.Carrier.calls {
		if l.seat != nil || l.wait != nil || l.peer != nil {
			d.t.Errorf("an %s leg that is %s still talks", l.direction, l.status)
		}
	}
}

func FuzzReadVoice(f *testing.F) {
	for _, doc := range []string{docMenu, docHold, docAccept, docJoined, `<Dial><Number url="/x">+45</Number></Dial>`, `<Say>`, `<Gather numDigits="-1"/>`, ""} {
		f.Add("<Response>" + doc + "</Response>")
		f.Add(doc)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for p := inCall; p <= atFront; p++ {
			doc, code, problem := readVoice(Answer{Status: 200, ContentType: "text/xml", Body: body}, p)
			if (code == 0) != (problem == "") || code != 0 && doc != nil {
				t.Errorf("readVoice = %v, %d, %q", doc, code, problem)
			}
			for _, v := range doc {
				if !p.takes(v.name()) || grammar[v.name()].attrs == nil && len(v.Attrs) > 0 {
					t.Errorf("readVoice let <%s> through", v.name())
				}
			}
		}
	})
}
