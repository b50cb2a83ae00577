package simulator

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestCallsAreRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{}, "/accept", `<Pause length="1000"/>`)
	d.Phone(counsel).Answers(0)
	d.Phone(bo).Answers(0)
	over := d.calls(counsel)
	d.ok(over.Wait(soon(t), InProgress))
	second := d.calls(counsel)
	d.ok(second.Wait(soon(t), Busy)) // she is in a call
	over.HangUp()
	live := d.calls(counsel)
	d.ok(live.Wait(soon(t), InProgress))
	d.Phone(helper).LetsRing()
	rings := d.calls(helper, "Timeout", "600")
	d.ok(rings.Wait(soon(t), Ringing))
	tests := []struct {
		path   string
		fields []string
		status int
		code   float64
		fault  FaultKind // "" for none
	}{
		{"/Calls.json", []string{"To", "", "From", line, "Url", "BASE/x"}, 400, 21201, ""},
		{"/Calls.json", []string{"To", "112", "From", line, "Url", "BASE/x"}, 400, 21211, ""},
		{"/Calls.json", []string{"To", counsel, "From", helper, "Url", "BASE/x"}, 400, 21212, ""},
		{"/Calls.json", []string{"To", counsel, "Url", "BASE/x"}, 400, 21213, ""},
		{"/Calls.json", []string{"To", counsel, "From", line}, 400, 21205, ""},
		{"/Calls.json", []string{"To", counsel, "From", line, "Url", "/x"}, 400, 21205, BadCallback},
		{"/Calls.json", []string{"To", counsel, "From", line, "Url", "BASE/x", "StatusCallback", "x"}, 400, 21609, BadCallback},
		{"/Calls.json", []string{"To", counsel, "From", line, "Twiml", strings.Repeat("x", 4001)}, 400, 32018, ""},
		{"/Calls/" + over.SID() + ".json", []string{"Status", "completed"}, 400, 21220, ""},
		{"/Calls/" + over.SID() + ".json", []string{"Url", "BASE/x"}, 400, 21220, ""},
		{"/Calls/" + live.SID() + ".json", []string{"Status", "canceled"}, 400, 21220, ""},
		{"/Calls/" + rings.SID() + ".json", []string{"Url", "BASE/x"}, 400, 21220, ""},
		{"/Calls/CA0123.json", []string{"Status", "completed"}, 404, 20404, ""},
		{"/Conferences/CF0123456789abcdef0123456789abcdef/Participants.json", []string{"To", counsel, "From", line}, 404, 20404, ""},
		{"/Queues/QU0/Members/Front.json", []string{"Url", "BASE/x"}, 404, 20404, ""},
	}
	for _, test := range tests {
		got := d.post(test.status, test.path, test.fields...)
		if got["code"] != test.code {
			t.Errorf("%s %v = %v, want %v", test.path, test.fields, got["code"], test.code)
		}
		if f := d.ForgetFaults(); len(f) > 0 != (test.fault != "") || len(f) > 0 && f[0].Kind != test.fault {
			t.Errorf("%s %v: faults %v, want %q", test.path, test.fields, f, test.fault)
		}
	}
	for _, odd := range [][]string{{"Callback", "BASE/x"}, {"StatusCallbackEvent", "initiated ringing"}, {"Timeout", "soon"}, {"Record", "true"}, {"AsyncAmd", "true"}} {
		l := d.calls(bo, odd...)
		if f := d.ForgetFaults(); len(f) != 1 {
			t.Errorf("%v: faults %v, want 1", odd, f)
		}
		d.ok(l.Wait(soon(t), InProgress))
		l.HangUp()
	}
	d.post(200, "/Calls/"+live.SID()+".json", "Status", "completed")
	d.post(200, "/Calls/"+rings.SID()+".json", "Status", "canceled")
	d.ok(live.Wait(soon(t), Completed))
	d.ok(rings.Wait(soon(t), Canceled))
	d.until(func() bool { return len(d.OpenLegs()) == 0 })
	d.noFaults()
}

func TestCallsAreListed(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{}, "/entry", docHold, "/wait", docWait, "/after", "", "/accept", `<Say>Hello</Say>`)
	d.Phone(counsel).Answers(0)
	caller := d.dials(ana, line)
	d.ok(caller.InQueue(soon(t)))
	leg := d.calls(counsel)
	d.ok(leg.Wait(soon(t), Completed))
	list := func(query string) (sids []string) {
		for _, v := range d.get(200, "/Calls.json?"+query)["calls"].([]any) {
			sids = append(sids, v.(map[string]any)["sid"].(string))
		}
		return sids
	}
	for query, want := range map[string][]string{
		"": {leg.SID(), caller.SID()}, "Status=in-progress": {caller.SID()}, "To=%2B4530000001": {leg.SID()},
		"From=%2B4520000001": {caller.SID()}, "PageSize=1": {leg.SID()}, "PageSize=1&Page=1": {caller.SID()}, "StartTime%3E=2099-01-01": nil,
	} {
		if got := list(query); !slices.Equal(got, want) {
			t.Errorf("Calls.json?%s = %v, want %v", query, got, want)
		}
	}
	got := d.get(200, "/Calls/"+leg.SID()+".json")
	if got["status"] != "completed" || got["direction"] != "outbound-api" || got["duration"] == nil || got["to"] != counsel {
		t.Errorf("leg = %v", got)
	}
	d.does("DELETE", 409, "/Calls/"+caller.SID()+".json", nil)
	d.does("DELETE", 204, "/Calls/"+leg.SID()+".json", nil)
	d.get(404, "/Calls/"+leg.SID()+".json")
	queues := d.get(200, "/Queues.json")["queues"].([]any)
	sid := queues[0].(map[string]any)["sid"].(string)
	if q := d.get(200, "/Queues/"+sid+".json"); q["current_size"] != 1.0 || q["friendly_name"] != "queue-8f1c" {
		t.Errorf("queue = %v", q)
	}
	d.does("DELETE", 400, "/Queues/"+sid+".json", nil)
	if m := d.get(200, "/Queues/"+sid+"/Members.json")["queue_members"].([]any); len(m) != 1 {
		t.Errorf("members = %v", m)
	}
	caller.HangUp()
	d.does("DELETE", 204, "/Queues/"+sid+".json", nil)
	d.noFaults()
}

func TestCallsArePaced(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{CallsPerSecond: 1, Tempo: 1}, "/accept", `<Hangup/>`) // a second a call
	d.Phone(counsel).Answers(0)
	start := time.Now()
	first, second, third := d.calls(counsel), d.calls(counsel), d.calls(counsel, "StatusCallback", "BASE/leg")
	if second.State() != Queued && first.State() == Queued { // in this order: the first may go any moment
		t.Error("the second did not wait for the first")
	}
	d.post(200, "/Calls/"+third.SID()+".json", "Status", "canceled")
	fourth := d.calls(counsel)
	d.ok(fourth.Wait(soon(t), Completed))
	if took := time.Since(start); took < 3*time.Second {
		t.Errorf("the fourth began after %v, want 3 s", took)
	}
	if third.State() != Canceled || len(d.told("/leg")) != 0 {
		t.Errorf("the third is %s with %d callbacks; one canceled while queued fires nothing", third.State(), len(d.told("/leg")))
	}
	d.until(func() bool { return len(d.OpenLegs()) == 0 })
	d.noFaults()
}

func TestDialsMeetMishaps(t *testing.T) {
	t.Parallel()
	tests := []struct {
		mishap Mishap
		status int // 0 for a cut connection
		taken  bool
	}{
		{AnswerLost, 0, true}, {Garbled, 201, true}, {BrokenAfter, 500, true}, {CallbackFirst, 201, true},
		{NeverTaken, 0, false}, {TooMany, 429, false}, {Broken, 500, false},
	}
	for _, test := range tests {
		d := newDesk(t, Config{}, "/accept", `<Hangup/>`)
		d.Phone(counsel).Answers(0)
		d.NextDial(test.mishap)
		form := map[string][]string{"To": {counsel}, "From": {line}, "Url": {d.service.URL + "/accept"}}
		status, _, err := d.ask(http.MethodPost, root+"/Calls.json", form)
		if status != test.status || (err != nil) != (test.status == 0) {
			t.Errorf("mishap %d = %d %v, want %d", test.mishap, status, err, test.status)
		}
		if got := len(d.Calls()) == 1; got != test.taken {
			t.Errorf("mishap %d: taken = %v", test.mishap, got)
		}
		d.until(func() bool { return len(d.OpenLegs()) == 0 })
	}
}

func TestCallbacksMeetChaos(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{}, "/entry", docMenu, "/language", docHold, "/wait", docWait, "/after", "", "/accept", docAccept, "/accepted", docJoined)
	d.Chaos(func(ch *Chaos) { ch.Seed, ch.Duplicate, ch.Reorder = 7, 1, 20*time.Millisecond })
	d.Phone(counsel).Answers(0)
	l := d.dials(ana, line)
	d.form("/entry", 2)
	leg := d.calls(counsel, "StatusCallback", "BASE/leg", "StatusCallbackEvent", "initiated", "StatusCallbackEvent", "ringing",
		"StatusCallbackEvent", "answered", "StatusCallbackEvent", "completed")
	d.ok(leg.Hear(soon(t), "press 1"))
	leg.HangUp()
	d.form("/leg", 8)
	l.HangUp()
	d.form("/ended", 2)
	answers, err := l.Repeat(soon(t), 3)
	if err != nil || len(answers) != 3 || !answers[2].OK() || len(d.told("/entry")) != 5 {
		t.Errorf("Repeat = %v %v", answers, err)
	}
	a, err := d.Tell(soon(t), d.service.URL+"/leg", d.told("/leg")[0])
	if err != nil || a.Status != 204 || len(d.told("/leg")) != 9 {
		t.Errorf("Tell = %v %v", a, err)
	}
	d.noFaults()
}

func TestLegsLeftOpen(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{}, "/entry", docHold, "/wait", docWait)
	d.ok(d.dials(ana, line).InQueue(soon(t)))
	stranger := d.calls("+4599999998")
	d.ok(stranger.Wait(soon(t), Failed))
	d.Close()
	var kinds []string
	for _, f := range d.Faults() {
		kinds = append(kinds, string(f.Kind))
	}
	if got := strings.Join(kinds, ", "); got != "nobody's phone, open leg" {
		t.Errorf("faults = %s", got)
	}
	if _, err := d.Phone(ana).Call(t.Context(), line); err != ErrClosed {
		t.Errorf("Call after Close = %v, want %v", err, ErrClosed)
	}
}

func TestABrowserCalls(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{}, "/app", `<Say>Hello</Say>`)
	const app = "AP0123456789abcdef0123456789abcdef"
	d.Number(app, Webhooks{Voice: d.service.URL + "/app"})
	l, err := d.Phone("client:ann").Call(soon(t), app, With("contact", "c1"), Without("Called"))
	d.ok(err)
	d.ok(l.Wait(soon(t), Completed))
	f := d.form("/app", 1)
	if f.Get("ApplicationSid") != app || f.Get("From") != "client:ann" || f.Get("To") != "" || f.Get("contact") != "c1" || f.Has("Called") {
		t.Errorf("form = %v", f)
	}
	d.noFaults()
}
