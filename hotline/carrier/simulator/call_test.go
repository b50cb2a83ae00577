package simulator

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	bo      = "+4520000002"
	counsel = "+4530000001"
	helper  = "+4530000002"
	root    = "/2010-04-01/Accounts/" + account
)

// desk is a stage whose service answers voice webhooks by a script: what to say at which path.
type desk struct {
	*stage
	mu    sync.Mutex
	docs  map[string]string // path -> verbs; "!500" and its kin are statuses
	asked map[string][]url.Values
}

func newDesk(t *testing.T, cfg Config, docs ...string) *desk {
	t.Helper()
	if cfg.Tempo == 0 {
		cfg.Tempo = 20 // a hand that presses a key has the time for it on a slow machine too
	}
	d := &desk{stage: newStage(t, cfg), docs: map[string]string{}, asked: map[string][]url.Values{}}
	d.answers(d.voice)
	base := d.service.URL
	d.Number(line, Webhooks{Voice: base + "/entry", VoiceFallback: base + "/fallback", VoiceStatus: base + "/ended"})
	d.says(docs...)
	for _, p := range []string{ana, bo, counsel, helper} {
		d.Phone(p)
	}
	return d
}

// says sets what is answered: path, verbs, path, verbs…
func (d *desk) says(docs ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := 0; i < len(docs); i += 2 {
		d.docs[docs[i]] = docs[i+1]
	}
}

func (d *desk) voice(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	doc, known := d.docs[r.URL.Path]
	form := r.PostForm
	if r.Method == http.MethodGet {
		form = r.Form
	}
	d.asked[r.URL.Path] = append(d.asked[r.URL.Path], form)
	d.mu.Unlock()
	d.Carrier.mu.Lock()
	d.Carrier.wake()
	d.Carrier.mu.Unlock()
	switch {
	case doc == "!500":
		w.WriteHeader(500)
	case doc == "!slow":
		<-r.Context().Done()
	case doc == "!sound":
		w.Header().Set("Content-Type", "audio/wav")
		w.Write((&recording{sid: "REab", seconds: 1}).wav())
	case strings.HasPrefix(doc, "!raw "):
		w.Header().Set("Content-Type", "text/xml")
		w.Write([]byte(doc[5:]))
	case known:
		w.Header().Set("Content-Type", "text/xml")
		w.Write([]byte("<Response>" + strings.ReplaceAll(doc, "BASE", d.service.URL) + "</Response>"))
	default:
		w.WriteHeader(204)
	}
}

// told lists the forms that came to a path.
func (d *desk) told(path string) []url.Values {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.asked[path])
}

// list is one field of every form that came to a path.
func (d *desk) list(path, field string) string {
	var all []string
	for _, f := range d.told(path) {
		all = append(all, f.Get(field))
	}
	return strings.Join(all, " ")
}

// form waits for the n-th form at a path, from 1.
func (d *desk) form(path string, n int) url.Values {
	d.t.Helper()
	d.until(func() bool { return len(d.told(path)) >= n })
	return d.told(path)[n-1]
}

func (d *desk) dials(from, to string) *Call {
	d.t.Helper()
	l, err := d.Phone(from).Call(soon(d.t), to)
	d.ok(err)
	return l
}

func (d *desk) ok(err error) {
	d.t.Helper()
	if err != nil {
		var heard []string
		for _, l := range d.Calls() {
			heard = append(heard, l.Direction()+" "+l.State()+":")
			for _, h := range l.Heard() {
				heard = append(heard, h.Verb+" "+h.Text)
			}
		}
		d.t.Fatalf("%v; faults %v; alerts %v; heard %q", err, d.Faults(), d.Alerts(), heard)
	}
}

// post makes a REST request and returns what it was answered; the status must be want.
func (d *desk) post(want int, path string, fields ...string) map[string]any {
	d.t.Helper()
	f := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		f.Add(fields[i], strings.ReplaceAll(fields[i+1], "BASE", d.service.URL))
	}
	return d.does(http.MethodPost, want, path, f)
}

func (d *desk) get(want int, path string) map[string]any {
	d.t.Helper()
	return d.does(http.MethodGet, want, path, nil)
}

func (d *desk) does(method string, want int, path string, f url.Values) map[string]any {
	d.t.Helper()
	status, body, err := d.ask(method, root+path, f)
	if err != nil || status != want {
		d.t.Fatalf("%s %s = %d %s %v, want %d", method, path, status, body, err, want)
	}
	answer := map[string]any{}
	json.Unmarshal([]byte(body), &answer)
	return answer
}

// calls lets the service call a phone, with the document at /accept unless a Url is among the fields.
func (d *desk) calls(to string, fields ...string) *Call {
	d.t.Helper()
	fields = append([]string{"To", to, "From", line}, fields...)
	if !slices.Contains(fields, "Url") {
		fields = append(fields, "Url", "BASE/accept")
	}
	sid := d.post(201, "/Calls.json", fields...)["sid"].(string)
	d.Carrier.mu.Lock()
	defer d.Carrier.mu.Unlock()
	return d.callBy[sid]
}

const (
	docMenu   = `<Gather numDigits="1" timeout="60" action="/language"><Say language="da-DK">Tryk 1 for dansk</Say><Say language="en-GB">Press 2 for English</Say></Gather><Redirect>/language?none=1</Redirect>`
	docHold   = `<Enqueue waitUrl="/wait" action="/after">queue-8f1c</Enqueue>`
	docWait   = `<Say>Somebody will be with you soon.</Say><Pause length="2"/>`
	docAccept = `<Gather numDigits="1" timeout="30" action="/accepted"><Say>A call waits. Press 1 to take it.</Say></Gather><Hangup/>`
	docJoined = `<Say>You are connected.</Say><Dial><Conference startConferenceOnEnter="true" endConferenceOnExit="false" beep="false" waitUrl="" statusCallback="/room" statusCallbackEvent="start end join leave hold mute">room-77aa</Conference></Dial>`
	docMeet   = `<Dial><Conference endConferenceOnExit="true" beep="false" waitUrl="">room-77aa</Conference></Dial>`
)

func TestACallIsTaken(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{}, "/entry", docMenu, "/language", docHold, "/wait", docWait, "/accept", docAccept, "/accepted", docJoined, "/meet", docMeet, "/after", "")
	ctx := soon(t)
	caller := d.dials(ana, line)
	d.ok(caller.Hear(ctx, "press 2"))
	caller.Press("2")
	d.ok(caller.InQueue(ctx))
	if f := d.form("/language", 1); f.Get("Digits") != "2" || f.Get("CallStatus") != "in-progress" || f.Get("From") != ana {
		t.Errorf("form of the key = %v", f)
	}
	if f := d.form("/wait", 1); f.Get("QueuePosition") != "1" || f.Get("CurrentQueueSize") != "1" || !strings.HasPrefix(f.Get("QueueSid"), "QU") {
		t.Errorf("form of the wait = %v", f)
	}
	d.form("/wait", 2) // it is asked again when it runs out

	leg := d.calls(counsel, "StatusCallback", "BASE/leg", "StatusCallbackEvent", "initiated", "StatusCallbackEvent", "ringing",
		"StatusCallbackEvent", "answered", "StatusCallbackEvent", "completed", "Timeout", "25")
	ringing, err := d.Phone(counsel).Ringing(ctx)
	d.ok(err)
	if ringing != leg || leg.From() != line {
		t.Errorf("the phone rings for %s from %s, want the leg that was made, from the line", ringing.SID(), leg.From())
	}
	ringing.Answer()
	d.ok(leg.Hear(ctx, "press 1"))
	leg.Press("1")
	d.ok(leg.Hear(ctx, "connected"))
	d.post(200, "/Calls/"+caller.SID()+".json", "Url", "BASE/meet")
	d.ok(caller.Meet(ctx, leg))
	if f := d.form("/after", 1); f.Get("QueueResult") != "redirected" {
		t.Errorf("QueueResult = %q, want redirected", f.Get("QueueResult"))
	}
	caller.Speak("can you hear me")
	d.ok(leg.Hear(ctx, "can you hear me"))
	caller.HangUp()
	d.ok(leg.Wait(ctx, Completed))
	d.until(func() bool {
		return len(d.told("/leg")) == 4 && len(d.told("/ended")) == 1 && strings.Contains(d.list("/room", "StatusCallbackEvent"), "end")
	})
	if got := d.list("/leg", "CallStatus"); got != "initiated ringing in-progress completed" {
		t.Errorf("the leg's life = %q", got)
	}
	if got := d.list("/leg", "SequenceNumber"); got != "0 1 2 3" {
		t.Errorf("the leg's numbers = %q", got)
	}
	want := "participant-join participant-join conference-start participant-leave participant-leave conference-end"
	if got := d.list("/room", "StatusCallbackEvent"); got != want {
		t.Errorf("the conference's life = %q, want %q", got, want)
	}
	if f := d.form("/ended", 1); f.Get("CallStatus") != "completed" || f.Get("Direction") != "inbound" || f.Get("CallDuration") == "" {
		t.Errorf("the caller's end = %v", f)
	}
	d.noFaults()
	if open := d.OpenLegs(); len(open) > 0 {
		t.Errorf("%d legs are open", len(open))
	}
}

func TestPhonesTakeCalls(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		phone   func(*Phone)
		hands   func(*Call)
		want    string
		sip     string
		answers string
	}{
		{"answers", func(p *Phone) { p.Answers(time.Second) }, nil, Completed, "", "human"},
		{"answers and presses", func(p *Phone) { p.Answers(time.Second, "1") }, nil, Completed, "", "human"},
		{"a machine", func(p *Phone) { p.Voicemail(4 * time.Second) }, nil, Completed, "", "machine_start"},
		{"busy", (*Phone).Busy, nil, Busy, "486", ""},
		{"rings for ever", (*Phone).LetsRing, nil, NoAnswer, "487", ""},
		{"off", func(p *Phone) { p.Unreachable(480) }, nil, Failed, "480", ""},
		{"answers too late", func(p *Phone) { p.Answers(40 * time.Second) }, nil, NoAnswer, "487", ""},
		{"declines", (*Phone).LetsRing, (*Call).HangUp, Busy, "603", ""},
		{"answered by hand", (*Phone).LetsRing, (*Call).Answer, Completed, "", "human"},
		{"loses its network", (*Phone).LetsRing, func(l *Call) { l.Answer(); l.LoseNetwork() }, Completed, "", "human"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, Config{}, "/accept", docAccept, "/accepted", `<Say>Thank you.</Say>`)
			test.phone(d.Phone(counsel))
			leg := d.calls(counsel, "StatusCallback", "BASE/leg", "Timeout", "20", "MachineDetection", "Enable")
			if test.hands != nil {
				ringing, err := d.Phone(counsel).Ringing(soon(t))
				d.ok(err)
				test.hands(ringing)
			}
			d.ok(leg.Wait(soon(t), test.want))
			f := d.form("/leg", 1)
			if f.Get("CallStatus") != test.want || f.Get("SipResponseCode") != test.sip || f.Get("AnsweredBy") != test.answers {
				t.Errorf("the end = %s %s %s, want %s %s %s", f.Get("CallStatus"), f.Get("SipResponseCode"), f.Get("AnsweredBy"), test.want, test.sip, test.answers)
			}
			if pressed := len(d.told("/accepted")); pressed > 0 != (test.name == "answers and presses") {
				t.Errorf("%d keys arrived", pressed)
			}
			d.noFaults()
		})
	}
}
