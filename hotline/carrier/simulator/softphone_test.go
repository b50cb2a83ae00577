package simulator

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const browser = "client:ann"

// tab is a page that is a phone.
type tab struct {
	d      *desk
	base   string
	lines  *bufio.Scanner
	closes func()
}

// opens opens a page that is a phone, under a prefix as a console mounts it.
func (d *desk) opens(base, phone string) *tab {
	d.t.Helper()
	ctx, cancel := context.WithCancel(d.t.Context())
	req, err := http.NewRequestWithContext(ctx, "GET", base+"/legs?phone="+phone, nil)
	d.ok(err)
	res, err := d.http.Do(req)
	d.ok(err)
	if res.StatusCode != 200 {
		d.t.Fatalf("legs = %d", res.StatusCode)
	}
	tab := &tab{d: d, base: base, lines: bufio.NewScanner(res.Body), closes: func() { cancel(); res.Body.Close() }}
	tab.lines.Buffer(nil, 1<<20)
	d.t.Cleanup(tab.closes)
	return tab
}

// shows reads on until the legs are as wanted.
func (t *tab) shows(want func([]softLeg) bool) []softLeg {
	t.d.t.Helper()
	for t.lines.Scan() {
		data, ok := strings.CutPrefix(t.lines.Text(), "data: ")
		if !ok {
			continue
		}
		var s softState
		if err := json.Unmarshal([]byte(data), &s); err != nil {
			t.d.t.Fatal(err)
		}
		if want(s.Legs) {
			return s.Legs
		}
	}
	t.d.t.Fatal("the stream ended")
	return nil
}

func (t *tab) does(want int, do, sid, value string) {
	t.d.t.Helper()
	body, _ := json.Marshal(map[string]string{"do": do, "sid": sid, "value": value})
	res, err := t.d.http.Post(t.base+"/act", "application/json", strings.NewReader(string(body)))
	t.d.ok(err)
	res.Body.Close()
	if res.StatusCode != want {
		t.d.t.Errorf("%s %s = %d, want %d", do, value, res.StatusCode, want)
	}
}

func softphones(d *desk) string {
	server := httptest.NewServer(d.Softphones())
	d.t.Cleanup(func() { d.Close(); server.CloseClientConnections(); server.Close() })
	return server.URL + "/api/phone"
}

func none(legs []softLeg) bool { return len(legs) == 0 }

func in(state string) func([]softLeg) bool {
	return func(legs []softLeg) bool { return len(legs) == 1 && legs[0].State == state }
}

func TestABrowserTakesACall(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{}, "/entry", docMeet, "/accept", docJoined)
	page := d.opens(softphones(d), browser)
	page.shows(none)
	caller := d.dials(ana, line)
	leg := d.calls(browser)
	rings := page.shows(in(Ringing))[0]
	if rings.From != line || rings.SID != leg.SID() {
		t.Errorf("the leg that rings = %+v", rings)
	}
	page.does(204, "answer", rings.SID, "")
	d.ok(leg.Meet(soon(t), caller))
	talks := page.shows(func(legs []softLeg) bool { return in(InProgress)(legs) && len(legs[0].With) == 1 })[0]
	if talks.With[0] != "caller" || len(talks.Heard) != 1 || talks.Heard[0].Verb != "Say" {
		t.Errorf("the leg in the talk = %+v", talks)
	}
	if text, _ := json.Marshal(talks); strings.Contains(string(text), "20000001") {
		t.Errorf("the browser is shown the caller's number: %s", text)
	}
	page.does(204, "mute", leg.SID(), "true")
	page.shows(func(legs []softLeg) bool { return legs[0].Muted })
	leg.Speak("nobody hears this")
	page.does(204, "press", leg.SID(), "5")
	page.does(204, "mute", leg.SID(), "false")
	leg.Speak("I am here")
	d.ok(caller.Hear(soon(t), "I am here"))
	if h := caller.Heard(); len(h) != 2 || h[0].Text != "5" {
		t.Errorf("the caller heard %+v, want a tone and words", h)
	}
	room := d.get(200, "/Conferences.json?Status=in-progress")["conferences"].([]any)[0].(map[string]any)["sid"].(string)
	d.post(200, "/Conferences/"+room+"/Participants/"+leg.SID()+".json", "Hold", "true", "Muted", "true")
	page.shows(func(legs []softLeg) bool { return legs[0].Held && legs[0].Muted })
	page.does(204, "hangup", leg.SID(), "")
	page.shows(none)
	d.ok(leg.Wait(soon(t), Completed))
	caller.HangUp()
	d.until(func() bool { return len(d.OpenLegs()) == 0 })
	d.noFaults()
}

func TestABrowserIsThereWhileItReads(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{}, "/entry", docMeet, "/accept", docJoined)
	base := softphones(d)
	d.ok(d.calls(browser).Wait(soon(t), NoAnswer)) // never there
	first := d.opens(base, browser)
	first.shows(none)
	leg := d.calls(browser, "Timeout", "600")
	first.shows(in(Ringing))
	second := d.opens(base, browser) // another tab
	second.shows(in(Ringing))
	first.closes()
	second.does(204, "answer", leg.SID(), "")
	second.shows(in(InProgress))
	if leg.State() != InProgress {
		t.Errorf("with one tab of two gone the leg is %s", leg.State())
	}
	rings := d.calls(browser, "Timeout", "600") // a browser can have several
	d.ok(rings.Wait(soon(t), Ringing))
	second.closes()
	d.ok(leg.Wait(soon(t), Completed))
	d.ok(rings.Wait(soon(t), NoAnswer))
	d.ok(d.calls(browser).Wait(soon(t), NoAnswer)) // not there any more
	d.noFaults()
}

func TestAPageThatIsLoadedAnewKeepsItsLeg(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{Tempo: 2}, "/entry", docMeet, "/accept", docJoined)
	base := softphones(d)
	page := d.opens(base, browser)
	page.shows(none)
	leg := d.calls(browser)
	page.shows(in(Ringing))
	leg.Answer()
	page.closes()
	d.until(func() bool { return look(leg, leg.phone.away) })
	d.opens(base, browser).shows(in(InProgress))
	leg.HangUp()
}

func TestSoftphonesRefuse(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{}, "/entry", docHold, "/wait", docWait, "/after", "", "/accept", docAccept)
	base := softphones(d)
	caller := d.dials(ana, line)
	d.ok(caller.InQueue(soon(t)))
	page := d.opens(base, browser)
	page.shows(none)
	leg := d.calls(browser, "Timeout", "600")
	page.shows(in(Ringing))
	for _, test := range []struct{ do, sid, value string }{
		{"hangup", caller.SID(), ""}, {"answer", "CA0", ""}, {"dance", leg.SID(), ""}, {"press", leg.SID(), ""},
		{"press", leg.SID(), "1a"}, {"press", leg.SID(), strings.Repeat("1", 33)}, {"mute", leg.SID(), "yes"},
	} {
		page.does(400, test.do, test.sid, test.value)
	}
	ask := func(method, path, host, body, kind string) int {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Host = host
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Sec-Fetch-Site", kind)
		w := httptest.NewRecorder()
		d.Softphones().ServeHTTP(w, r)
		return w.Code
	}
	good := fmt.Sprintf(`{"do":"hangup","sid":%q}`, leg.SID())
	for _, test := range []struct {
		method, path, host, body, site string
		want                           int
	}{
		{"POST", "/act", "127.0.0.1:1", good, "cross-site", 403},
		{"POST", "/act", "phones.example.org", good, "same-origin", 403},
		{"POST", "/act", "127.0.0.1:1", `{"do":`, "same-origin", 400},
		{"POST", "/act", "127.0.0.1:1", `{"do":"hangup","sid":"x","more":1}`, "same-origin", 400},
		{"GET", "/legs?phone=%2B4520000001", "127.0.0.1:1", "", "same-origin", 400},
		{"GET", "/legs", "127.0.0.1:1", "", "same-origin", 400},
		{"GET", "/act", "127.0.0.1:1", "", "same-origin", 404},
		{"GET", "/", "127.0.0.1:1", "", "same-origin", 404},
	} {
		if got := ask(test.method, test.path, test.host, test.body, test.site); got != test.want {
			t.Errorf("%s %s at %s from %s = %d, want %d", test.method, test.path, test.host, test.site, got, test.want)
		}
	}
	if leg.State() != Ringing || caller.State() != InProgress {
		t.Errorf("the legs are %s and %s after refusals", leg.State(), caller.State())
	}
	leg.HangUp()
	caller.HangUp()
	d.until(func() bool { return len(d.OpenLegs()) == 0 })
	d.noFaults()
}
