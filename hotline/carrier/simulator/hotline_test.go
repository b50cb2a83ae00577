package simulator

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// What a hotline that bridges by queue and conference asks for, in the carrier's words: nothing of it is refused.
const (
	docGreet = `<Gather numDigits="1" timeout="4" action="/chosen?c=ct_1" method="POST"><Say language="da-DK">Tryk 1</Say></Gather><Redirect method="POST">/chosen?c=ct_1</Redirect>`
	docLine  = `<Enqueue waitUrl="/wait?c=ct_1" waitUrlMethod="POST">ct_1</Enqueue><Redirect method="POST">/caller?c=ct_1</Redirect>`
	docKeys  = `<Gather input="dtmf" numDigits="1" timeout="5" finishOnKey="" actionOnEmptyResult="true" action="/key?c=ct_1&amp;n=1"><Say language="en-GB">Press 1 to leave a message</Say><Pause length="1"/></Gather>`
	docLeft  = `<Say>Speak after the tone</Say><Record action="/kept?c=ct_1" method="POST" timeout="10" maxLength="300" finishOnKey="#" playBeep="true" trim="do-not-trim" recordingStatusCallback="/recorded?c=ct_1" recordingStatusCallbackMethod="POST" recordingStatusCallbackEvent="completed absent"/><Redirect>/caller?c=ct_1</Redirect>`
	docRoom  = `<Dial><Conference startConferenceOnEnter="true" endConferenceOnExit="ENDS" muted="MUTED" beep="false" record="do-not-record" jitterBufferSize="small" participantLabel="LABEL" waitUrl="/calm" waitMethod="POST" statusCallback="/room" statusCallbackMethod="POST" statusCallbackEvent="start end join leave mute hold speaker"COACH>r_8f1c_3</Conference></Dial><Redirect method="POST">/after</Redirect>`
	docCalm  = `<Say language="en-GB">One moment</Say><Pause length="5"/>`
)

// seat is the document that lets a leg into the room.
func seat(label, ends, muted, coach string) string {
	if coach != "" {
		coach = ` coach="` + coach + `"`
	}
	return strings.NewReplacer("LABEL", label, "ENDS", ends, "MUTED", muted, "COACH", coach).Replace(docRoom)
}

func TestNothingThatAHotlineUsesIsRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{}, "/entry", docGreet, "/chosen", docLine, "/wait", docKeys, "/key", "", "/calm", docCalm, "/hold", docCalm,
		"/caller", seat("caller", "true", "false", ""), "/leg", seat("leg_1", "false", "false", ""), "/after", `<Hangup/>`)
	ctx := soon(t)
	caller := d.dials(ana, line)
	d.ok(caller.InQueue(ctx))
	if caller.Queue() != "ct_1" {
		t.Errorf("she waits in %q", caller.Queue())
	}
	if f := d.form("/chosen", 1); f.Get("CallSid") != caller.SID() {
		t.Errorf("no key pressed = %v", f)
	}
	d.Phone(browser).Answers(0)
	leg := d.calls(browser, "Url", "BASE/leg?l=leg_1", "StatusCallback", "BASE/status?l=leg_1", "StatusCallbackEvent", "initiated",
		"StatusCallbackEvent", "ringing", "StatusCallbackEvent", "answered", "StatusCallbackEvent", "completed", "Timeout", "25")
	d.post(200, "/Calls/"+caller.SID()+".json", "Url", "BASE/caller?c=ct_1", "Method", "POST")
	sid := d.room(caller, leg)
	coaching(t, d, leg, caller)
	path := "/Conferences/" + sid + "/Participants/" + caller.SID() + ".json"
	d.post(200, path, "Hold", "true", "HoldUrl", "BASE/hold?c=ct_1", "HoldMethod", "POST")
	d.ok(caller.Hear(ctx, "one moment"))
	d.post(200, path, "Hold", "false")
	d.post(200, "/Conferences/"+sid+"/Participants/"+leg.SID()+".json", "Muted", "true")
	d.post(200, "/Calls/"+leg.SID()+".json", "Url", "BASE/leg?l=leg_1", "Method", "POST") // moved: out, and in again
	d.form("/leg", 2)
	d.ok(leg.Meet(ctx, caller))
	caller.HangUp()
	d.ok(leg.Wait(ctx, Completed))
	d.until(func() bool { return strings.Contains(d.list("/room", "StatusCallbackEvent"), "conference-end") })
	if f := d.form("/status", 1); f.Get("CallStatus") != Initiated || len(d.told("/after")) == 0 {
		t.Errorf("first report = %v, after the room %d times", f, len(d.told("/after")))
	}
	d.noFaults()
}

// coaching lets a supervisor in whom the counsellor alone hears.
func coaching(t *testing.T, d *desk, leg, caller *Call) {
	t.Helper()
	d.says("/coach", seat("leg_2", "false", "false", leg.SID()))
	d.Phone(helper).Answers(0)
	coach := d.calls(helper, "Url", "BASE/coach?l=leg_2")
	d.ok(coach.Meet(soon(t), caller))
	if got := coach.HeardBy(); !slices.Equal(got, []*Call{leg}) {
		t.Errorf("the coach is heard by %v", got)
	}
	coach.HangUp()
}

func TestAKeyLeadsToVoicemail(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{Tempo: 100}, "/entry", docLine, "/wait", docKeys, "/key", `<Leave/>`, "/caller", docLeft, "/kept", `<Hangup/>`)
	l := d.dials(ana, line)
	d.ok(l.Hear(soon(t), "press 1"))
	l.Press("1")
	d.ok(l.Wait(soon(t), Completed))
	f := d.form("/recorded", 1)
	if f.Get("RecordingSource") != "RecordVerb" || f.Get("RecordingStatus") != Completed || f.Get("CallSid") != l.SID() || f.Get("RecordingDuration") == "0" {
		t.Errorf("the recording's report = %v", f)
	}
	d.does("GET", 200, "/Recordings/"+f.Get("RecordingSid")+".mp3", nil)
	d.does("DELETE", 204, "/Recordings/"+f.Get("RecordingSid")+".json", nil)
	d.does("DELETE", 404, "/Recordings/"+f.Get("RecordingSid")+".json", nil)
	d.noFaults()
}

func TestWhoSpeaksIsTold(t *testing.T) {
	t.Parallel()
	docs := []string{"/entry", seat("caller", "true", "false", ""), "/leg", seat("leg_1", "false", "false", ""), "/calm", docCalm, "/after", `<Hangup/>`}
	for _, test := range []struct {
		name string
		rate float64
		does func(d *desk, caller, leg *Call, sid string)
		want string
	}{
		{"in no time", 0, func(_ *desk, caller, _ *Call, _ string) { caller.Speak("hello") }, "participant-speech-start participant-speech-stop"},
		{"for a while, twice at once", 20, func(_ *desk, caller, _ *Call, _ string) {
			caller.Speak(strings.Repeat("hello ", 100))
			caller.Speak("more")
		},
			"participant-speech-start participant-speech-stop"},
		{"muted on the phone, then not", 0, func(_ *desk, caller, _ *Call, _ string) {
			caller.Mute(true)
			caller.Speak("nobody")
			caller.Mute(false)
			caller.Speak("everybody")
		}, "participant-speech-start participant-speech-stop"},
		{"muted by REST", 0, func(d *desk, caller, leg *Call, sid string) {
			d.post(200, "/Conferences/"+sid+"/Participants/"+leg.SID()+".json", "Muted", "true")
			leg.Speak("nobody")
			caller.Speak("everybody")
		}, "participant-mute participant-speech-start participant-speech-stop"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, Config{SpeechRate: test.rate}, docs...)
			d.Phone(counsel).Answers(0)
			caller := d.dials(ana, line)
			d.until(func() bool { return caller.Room() != "" })
			caller.Speak("there is nobody yet")
			leg := d.calls(counsel, "Url", "BASE/leg")
			sid := d.room(caller, leg)
			test.does(d, caller, leg, sid)
			d.until(func() bool { return strings.Contains(d.list("/room", "StatusCallbackEvent"), "stop") })
			_, got, _ := strings.Cut(d.list("/room", "StatusCallbackEvent"), "conference-start ")
			if got != test.want {
				t.Errorf("told %q, want %q", got, test.want)
			}
			if f := d.told("/room")[len(d.told("/room"))-1]; f.Get("CallSid") != caller.SID() || f.Get("ParticipantLabel") != "caller" {
				t.Errorf("who stopped = %v", f)
			}
			caller.HangUp()
			d.ok(leg.Wait(soon(t), Completed))
			d.noFaults()
		})
	}
}

func TestACallThatNobodyAnsweredIsListedByItsTime(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{CallsPerSecond: 1, Tempo: .1}, "/entry", `!slow`, "/accept", docAccept)
	caller := d.dials(ana, line)
	caller.HangUp()
	first, second := d.calls(counsel), d.calls(counsel) // the second is queued, and canceled before it was dialled
	d.post(200, "/Calls/"+second.SID()+".json", "Status", "canceled")
	d.ok(first.Wait(soon(t), Ringing))
	first.HangUp()
	since := time.Now().Add(-time.Minute).UTC().Format(time.RFC3339)
	var got []string
	for _, v := range d.get(200, "/Calls.json?StartTime%3E="+since)["calls"].([]any) {
		got = append(got, v.(map[string]any)["sid"].(string))
	}
	if want := []string{first.SID(), caller.SID()}; !slices.Equal(got, want) {
		t.Errorf("calls since = %v, want %v", got, want)
	}
	if v := d.get(200, "/Calls.json?To="+strings.Replace(line, "+", "%2B", 1)+"&StartTime%3E="+since)["calls"].([]any); len(v) != 1 {
		t.Errorf("calls to the line = %v, want the caller's", v)
	}
}
