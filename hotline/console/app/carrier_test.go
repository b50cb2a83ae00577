package app

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// carried opens the log-in of a house whose phone is the carrier.
func carried(t *testing.T) (*house, *screen) {
	t.Helper()
	page, err := New(Carrier)
	if err != nil {
		t.Fatal(err)
	}
	h := houseOf(t, page)
	h.driver = "carrier"
	h.sign(false)
	s := visit(t, h.URL)
	s.sees("Log in")
	return h, s
}

func (s *screen) logIn(sees string) {
	s.Helper()
	s.write("email", "anna@example.org")
	s.write("password", "a long enough password"+kb.Enter)
	s.sees(sees)
}

// stub stands where the carrier's library puts its own device; the library lets it stand.
const stub = `
globalThis.did = [];
class StubCall {
  constructor() { this.parameters = {CallSid: 'CA1'}; this.heard = {}; this.state = 'pending'; }
  on(e, f) { this.heard[e] = f; }
  status() { return this.state; }
  accept(o) { did.push('accept ' + JSON.stringify(o)); this.state = 'open'; }
  reject() { did.push('reject'); this.heard.reject?.(); }
  disconnect() { did.push('disconnect'); this.heard.disconnect?.(); }
  mute(on) { did.push('mute ' + on); }
  sendDigits(d) { did.push('digits ' + d); }
}
class StubDevice {
  constructor(token, o) { did.push('device ' + token + ' ' + typeof o.Sound); this.heard = {}; globalThis.device = this; }
  on(e, f) { this.heard[e] = f; }
  register() { this.heard.registered(); return Promise.resolve(); }
  updateToken(t) { did.push('token ' + t); }
  destroy() { did.push('destroy'); }
  ring() { globalThis.line = new StubCall(); this.heard.incoming(line); }
}
globalThis.Twilio = {Device: StubDevice}; true`

// The driver speaks to the carrier's library as its documents say.
func TestTheCarriersPhone(t *testing.T) {
	h, s := carried(t)
	h.talking("c1", nil)
	eval[bool](s, stub)
	s.logIn("With you")
	s.until("did.includes('device ticket function')")
	eval[bool](s, "(device.ring(), true)")
	s.until(`did.includes('accept {"rtcConstraints":{"audio":true}}')`)
	s.press("Call …5512")
	s.press("Mute")
	s.until("did.includes('mute true')")
	s.press("Keypad")
	s.press("#")
	s.until("did.includes('digits #')")
	eval[bool](s, "(line.disconnect(), device.heard.unregistered(), true)")
	s.sees("Calls do not ring here")
	eval[bool](s, "(device.heard.registered(), true)")
	s.gone("Calls do not ring here")
	h.goes("c1", obj{"alive": false})
	s.sees("They hung up")
	eval[bool](s, "(device.ring(), true)")
	s.press("Not now")
	s.until("did.includes('reject')")
	s.press("Anna")
	eval[bool](s, "(v => (v.value = 'none', v.dispatchEvent(new Event('change', {bubbles: true})), true))(document.getElementById('voice'))")
	s.until("did.includes('destroy')")
}

// The carrier's own library runs under the page's policy, fetches nothing but its line, and says when it gets none.
func TestTheCarriersOwnLibrary(t *testing.T) {
	_, s := carried(t)
	var asked []string
	if err := chromedp.Listen(s.ctx, func(ev any) {
		s.mu.Lock()
		defer s.mu.Unlock()
		switch e := ev.(type) {
		case *network.EventRequestWillBeSent:
			asked = append(asked, e.Request.URL)
		case *network.EventWebSocketCreated:
			asked = append(asked, e.URL)
		}
	}); err != nil {
		t.Fatal(err)
	}
	s.logIn("Nobody is with you")
	s.until("globalThis.Twilio?.Device?.prototype?.register") // the real one
	s.sees("Calls do not ring here")
	s.mu.Lock()
	defer s.mu.Unlock()
	line := false
	for _, url := range asked {
		line = line || strings.HasPrefix(url, "wss://") && strings.Contains(url, ".twilio.com/")
		if !strings.Contains(url, "//127.0.0.1") && !strings.HasPrefix(url, "wss://voice-js.") && !strings.HasPrefix(url, "https://eventgw.") {
			t.Errorf("the page asked for %s", url)
		}
	}
	if !line {
		t.Errorf("the library sought no line; the page asked for %v", asked)
	}
}
