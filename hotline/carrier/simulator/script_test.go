package simulator

import (
	"strings"
	"testing"
	"time"
)

func TestGather(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, attrs string
		hands       func(*Call)
		digits      string // "none" when nothing is posted
		finished    string
	}{
		{"one key", `numDigits="1" timeout="100"`, func(l *Call) { l.Press("5") }, "5", ""},
		{"two of three keys", `numDigits="2" timeout="100"`, func(l *Call) { l.Press("519") }, "51", ""},
		{"until the hash", `timeout="100"`, func(l *Call) { l.Press("51#") }, "51", "#"},
		{"until a star", `finishOnKey="*" timeout="100"`, func(l *Call) { l.Press("5#*") }, "5#", "*"},
		{"until it is quiet", `timeout="20"`, func(l *Call) { l.Press("51") }, "51", ""},
		{"no key", `timeout="1"`, func(*Call) {}, "none", ""},
		{"no key is an answer too", `timeout="1" actionOnEmptyResult="true"`, func(*Call) {}, "", ""},
		{"the hash alone", `timeout="1"`, func(l *Call) { l.Press("#") }, "none", ""},
		{"words where keys are wanted", `timeout="1"`, func(l *Call) { l.Speak("help") }, "none", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, Config{}, "/entry", `<Gather action="/keys" `+test.attrs+`><Say>Keys please</Say></Gather><Redirect>/none</Redirect>`,
				"/keys", `<Hangup/>`, "/none", `<Hangup/>`)
			l := d.dials(ana, line)
			d.ok(l.Hear(soon(t), "keys please"))
			test.hands(l)
			d.ok(l.Wait(soon(t), Completed))
			if test.digits == "none" {
				if n := len(d.told("/keys")); n != 0 || len(d.told("/none")) != 1 {
					t.Errorf("%d forms of keys, want none and the verbs after", n)
				}
				return
			}
			f := d.form("/keys", 1)
			if f.Get("Digits") != test.digits || f.Get("FinishedOnKey") != test.finished {
				t.Errorf("Digits %q by %q, want %q by %q", f.Get("Digits"), f.Get("FinishedOnKey"), test.digits, test.finished)
			}
			d.noFaults()
		})
	}
}

func TestKeysAreTakenDuringTheWholeMessage(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{SpeechRate: 1, Tempo: 1}, // a message of a minute
		"/entry", `<Gather numDigits="1" action="/keys"><Say>One. `+strings.Repeat("Wait. ", 10)+`</Say><Say>Two.</Say></Gather>`, "/keys", `<Hangup/>`)
	l := d.dials(ana, line)
	d.ok(l.Hear(soon(t), "one."))
	if !l.Tap("7") {
		t.Error("Tap = false while a Gather speaks")
	}
	d.ok(l.Wait(soon(t), Completed))
	if got := d.form("/keys", 1).Get("Digits"); got != "7" || len(l.Heard()) != 1 {
		t.Errorf("Digits = %q after %d messages, want 7 after 1", got, len(l.Heard()))
	}
	if l.Tap("7") {
		t.Error("Tap = true on a leg that is over")
	}
	d.noFaults()
}

// However fast the time of calls runs, a person who was called listens first and then presses. A machine is waited for no
// longer.
func TestAPersonHasTimeForAKey(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{Thumb: time.Minute}, "/accept", `<Gather numDigits="1" action="/keys" timeout="1"><Say>Press 1</Say></Gather><Hangup/>`,
		"/keys", `<Hangup/>`)
	d.Phone(counsel).Answers(0)
	person := d.calls(counsel)
	d.ok(person.Hear(soon(t), "press 1"))
	d.Phone(bo).Voicemail(0)
	d.ok(d.calls(bo).Wait(soon(t), Completed))
	if !person.Tap("1") {
		t.Fatal("the Gather gave up the person before the machine")
	}
	d.ok(person.Wait(soon(t), Completed))
	if got := d.form("/keys", 1).Get("Digits"); got != "1" {
		t.Errorf("Digits = %q, want 1", got)
	}
	d.noFaults()
}

func TestSpeechIsGathered(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{}, "/entry", `<Gather input="dtmf speech" action="/words" timeout="60"/>`, "/words", `<Hangup/>`)
	l := d.dials("anonymous", line)
	l.Speak("I cannot talk")
	if f := d.form("/words", 1); f.Get("SpeechResult") != "I cannot talk" || f.Get("Confidence") == "" || f.Get("From") != "anonymous" {
		t.Errorf("form = %v", f)
	}
	d.ok(l.Wait(soon(t), Completed))
	d.noFaults()
}

func TestWhatTheCarrierRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		doc  string
		code int
	}{
		{`<Shout>hi</Shout>`, 12200},
		{`<Say volume="9">hi</Say>`, 12200},
		{`<say>hi</say>`, 12200},
		{`<Say/>`, 12200},
		{`<Say>` + strings.Repeat("a", 4097) + `</Say>`, 12200},
		{`<Gather numDigits="one"/>`, 12200},
		{`<Gather><Dial>+4530000001</Dial></Gather>`, 12200},
		{`<Leave/>`, 12200},
		{`<Dial><Room>x</Room></Dial>`, 12200},
		{`<Dial timeout="soon">+4530000001</Dial>`, 12200},
		{`<Dial callerId="+4599999999">+4530000001</Dial>`, 13214},
		{`<Dial><Conference statusCallbackEvent="start stop">x</Conference></Dial>`, 12200},
		{`<Redirect/>`, 12200},
		{`<Enqueue>` + strings.Repeat("q", 65) + `</Enqueue>`, 12200},
		{`<Dial><Conference waitUrl="/badwait">x</Conference></Dial>`, 13238},
		{`words`, 12200},
		{`<Say>hi`, 12100},
		{`<Say>` + strings.Repeat("a", 70_000) + `</Say>`, 11750},
		{`!raw <Answer/>`, 12200},
		{`!raw `, 11770},
		{`!500`, 11200},
		{`!slow`, 11205},
	}
	for _, test := range tests {
		name := test.doc[:min(len(test.doc), 40)]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var cfg Config
			if test.doc == "!slow" {
				cfg.Patience = 2 * time.Second
			}
			d := newDesk(t, cfg, "/entry", test.doc, "/fallback", `<Say>Please hold on.</Say>`,
				"/badwait", `<Gather/>`)
			l := d.dials(ana, line)
			d.ok(l.Wait(soon(t), Completed))
			f := d.form("/fallback", 1)
			want := d.service.URL + "/entry"
			if f.Get("ErrorUrl") != want || f.Get("ErrorCode") == "" {
				t.Errorf("the fallback was asked with %q %q, want %q", f.Get("ErrorCode"), f.Get("ErrorUrl"), want)
			}
			if h := l.Heard(); len(h) != 1 || h[0].Text != "Please hold on." {
				t.Errorf("heard %v, want the fallback", h)
			}
			alerts := d.Alerts()
			if len(alerts) == 0 || alerts[0].Code != test.code || alerts[0].SID != l.SID() {
				t.Errorf("alerts = %v, want %d", alerts, test.code)
			}
			down := test.code == 11200 || test.code == 11205
			if faults := d.ForgetFaults(); len(faults) > 0 == down {
				t.Errorf("faults = %v; a service may be down, and may not be wrong", faults)
			}
		})
	}
}

func TestNothingAnswers(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{}, "/entry", "!500", "/fallback", "!500")
	l := d.dials(ana, line)
	d.ok(l.Hear(soon(t), "application error"))
	d.ok(l.Wait(soon(t), Completed))
	if len(l.Answers()) != 2 || !l.Answers()[1].Fallback {
		t.Errorf("answers = %v, want the entry's and the fallback's", l.Answers())
	}
	d.noFaults()
}

func TestWhatALegHears(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{}, "/entry",
		`<Say language="da-DK" voice="Polly.Naja">Hej<break time="1s"/></Say><Play loop="2">/hello.wav</Play><Redirect method="GET">/next?a=1</Redirect>`,
		"/hello.wav", "!sound", "/next", `<Play>/gone.wav</Play><Reject/>`, "/gone.wav", "")
	l := d.dials(ana, line)
	d.ok(l.Wait(soon(t), Completed))
	h := l.Heard()
	if len(h) != 4 || h[0].Language != "da-DK" || h[0].Voice != "Polly.Naja" || h[1] != (Heard{"Play", d.service.URL + "/hello.wav", "", "", h[1].At}) {
		t.Errorf("heard %v", h)
	}
	if f := d.form("/next", 1); f.Get("a") != "1" || f.Get("CallSid") != l.SID() {
		t.Errorf("form of a GET = %v", f)
	}
	if faults := d.ForgetFaults(); len(faults) != 1 || faults[0].Kind != BadAnswer {
		t.Errorf("faults = %v, want one for what is no sound", faults)
	}
}

func TestRejectIsBusy(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{}, "/entry", `<Reject reason="busy"/>`)
	l := d.dials(ana, line)
	d.ok(l.Wait(soon(t), Busy))
	if f := d.form("/ended", 1); f.Get("CallStatus") != Busy || f.Get("CallDuration") != "0" {
		t.Errorf("the end = %v", f)
	}
	d.noFaults()
}

func TestACircleDoesNotSpin(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{Tempo: 20}, "/entry", `<Say>Again.</Say><Redirect>/entry</Redirect>`)
	l := d.dials(ana, line)
	start := time.Now()
	d.form("/entry", 5)
	if took := time.Since(start); took < 3*50*time.Millisecond {
		t.Errorf("five rounds took %v, want a second of the call each", took)
	}
	l.HangUp()
	d.ok(l.Wait(soon(t), Completed))
}

func TestRecord(t *testing.T) {
	t.Parallel()
	verb := `<Record action="/kept" maxLength="100" finishOnKey="#" recordingStatusCallback="/sound" recordingStatusCallbackEvent="completed absent"/><Say>Nothing was left.</Say>`
	tests := []struct {
		name   string
		hands  func(*Call)
		digits string // "none" when the action is not asked
		status string
	}{
		{"a key", func(l *Call) { l.Press("#") }, "#", "completed"},
		{"hangs up", (*Call).HangUp, "hangup", "completed"},
		{"the longest length", func(*Call) {}, "", "completed"},
		{"silence", (*Call).Silent, "none", "absent"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, Config{Tempo: 50}, "/entry", verb, "/kept", `<Hangup/>`)
			l := d.dials(ana, line)
			d.until(func() bool { return len(l.Heard()) == 1 && l.Asked() })
			test.hands(l)
			d.ok(l.Wait(soon(t), Completed))
			sound := d.form("/sound", 1)
			if sound.Get("RecordingStatus") != test.status || sound.Get("RecordingSource") != "RecordVerb" || sound.Get("CallSid") != l.SID() {
				t.Errorf("callback = %v, want %s", sound, test.status)
			}
			if test.digits == "none" {
				d.ok(l.Hear(soon(t), "nothing was left"))
				return
			}
			f := d.form("/kept", 1)
			if f.Get("Digits") != test.digits || f.Get("RecordingSid") != sound.Get("RecordingSid") {
				t.Errorf("action = %v, want %q", f, test.digits)
			}
			path := strings.TrimPrefix(f.Get("RecordingUrl"), "https://api.twilio.com")
			for ending, head := range map[string]string{".wav": "RIFF", ".mp3": "\xff\xfb", "": "RIFF", ".json": `{"account_sid"`} {
				if status, body, err := d.ask("GET", path+ending, nil); status != 200 || err != nil || !strings.HasPrefix(body, head) {
					t.Errorf("GET recording%s = %d %.20q %v", ending, status, body, err)
				}
			}
			if status, _, _ := d.asks("GET", path, nil, "wrong"); status != 401 {
				t.Errorf("GET recording without the password = %d, want 401", status)
			}
			if list := d.get(200, "/Recordings.json?CallSid="+l.SID()); len(list["recordings"].([]any)) != 1 {
				t.Errorf("list = %v", list)
			}
			d.does("DELETE", 204, "/Recordings/"+f.Get("RecordingSid")+".json", nil)
			d.get(404, "/Recordings/"+f.Get("RecordingSid")+".json")
			if left := d.Recordings(); len(left) != 0 {
				t.Errorf("recordings left = %v", left)
			}
			d.noFaults()
		})
	}
}
