package carrier

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"hopeline/hotline"
)

func TestReportsOfALeg(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status string
		state  hotline.LegState
		end    hotline.LegEnd
	}{
		{"queued", hotline.LegTried, ""}, {"initiated", hotline.LegTried, ""}, {"ringing", hotline.LegRings, ""},
		{"in-progress", hotline.LegUp, ""}, {"answered", hotline.LegUp, ""}, {"completed", hotline.LegOver, hotline.LegDone},
		{"busy", hotline.LegOver, hotline.LegBusy}, {"no-answer", hotline.LegOver, hotline.LegNoAnswer},
		{"failed", hotline.LegOver, hotline.LegFailed}, {"canceled", hotline.LegOver, hotline.LegCanceled},
		{"Completed", hotline.LegOver, hotline.LegDone}, {"beamed", "", ""}, {"", "", ""},
	} {
		h := newCallHouse(t)
		if status, _ := h.hear(t, pathVoiceStatus+"?l=l1", "CallStatus="+test.status, "AnsweredBy=machine_start"); status != 204 {
			t.Errorf("%q is answered %d", test.status, status)
		}
		var want []hotline.LegReport
		if test.state != "" {
			want = []hotline.LegReport{{Leg: "l1", SID: "CA1", State: test.state, End: test.end, At: noon}}
		}
		if !reflect.DeepEqual(h.board.legs, want) {
			t.Errorf("%q: kept %+v, want %+v", test.status, h.board.legs, want)
		}
	}
	h := newCallHouse(t)
	h.hear(t, pathVoiceStatus, "CallStatus=completed")
	if got := h.board.legs[0]; got.Leg != "" || got.SID != "CA1" {
		t.Errorf("the caller's own leg: kept %+v", got)
	}
}

func TestReportsOfARoom(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		event string
		want  hotline.RoomKind
	}{
		{"participant-join", hotline.RoomJoined}, {"participant-leave", hotline.RoomLeft}, {"conference-end", hotline.RoomEnded},
		{"participant-speech-start", hotline.RoomSpeaks}, {"conference-start", ""}, {"participant-mute", ""}, {"participant-hold", ""},
		{"participant-speech-stop", ""}, {"", ""},
	} {
		h := newCallHouse(t)
		body := form1("ConferenceSid=CF1", "FriendlyName=r7", "CallSid=CA1", "StatusCallbackEvent="+test.event)
		if res := h.ask(signed(pathRoom, body)); res.StatusCode != 204 {
			t.Errorf("%q is answered %d", test.event, res.StatusCode)
		}
		var want []hotline.RoomReport
		if test.want != "" {
			want = []hotline.RoomReport{{Room: "r7", SID: "CF1", Leg: "CA1", Kind: test.want, At: noon}}
		}
		if !reflect.DeepEqual(h.board.rooms, want) {
			t.Errorf("%q: kept %+v, want %+v", test.event, h.board.rooms, want)
		}
	}
}

func TestRecordings(t *testing.T) {
	t.Parallel()
	const sound = "RecordingSid=RE1&RecordingDuration=12&"
	for _, test := range []struct {
		name, uri, form string
		status          int
		want            []hotline.Recording
		alarm           bool
	}{
		{"a voicemail", pathRecorded + "?c=c1", sound + "CallSid=CA1&RecordingStatus=completed&RecordingSource=RecordVerb", 204,
			[]hotline.Recording{{SID: "RE1", CallSID: "CA1", Seconds: 12, Voicemail: true, At: noon}}, false},
		{"a voicemail of a carrier that names no source", pathRecorded + "?c=c1", sound + "CallSid=CA1&RecordingStatus=completed", 204,
			[]hotline.Recording{{SID: "RE1", CallSID: "CA1", Seconds: 12, Voicemail: true, At: noon}}, false},
		{"its action", pathRecorded + "?c=c1", sound + "CallSid=CA1&To=x&Digits=%23", 200,
			[]hotline.Recording{{SID: "RE1", CallSID: "CA1", Seconds: 12, Voicemail: true, At: noon}}, false},
		{"nothing was said", pathRecorded + "?c=c1", sound + "CallSid=CA1&RecordingStatus=absent&RecordingSource=RecordVerb", 204, nil, false},
		{"still being made", pathRecorded + "?c=c1", sound + "CallSid=CA1&RecordingStatus=in-progress", 204, nil, false},
		{"a talk", pathRecorded + "?c=c1", sound + "CallSid=CA1&RecordingStatus=completed&RecordingSource=StartCallRecordingAPI", 204,
			[]hotline.Recording{{SID: "RE1", CallSID: "CA1", Seconds: 12, At: noon}}, true},
		{"a room", pathRecorded, sound + "ConferenceSid=CF1&RecordingStatus=in-progress&RecordingSource=Conference", 204,
			[]hotline.Recording{{SID: "RE1", Seconds: 12, At: noon}}, true},
		{"a call that was recorded whole", pathVoiceStatus + "?l=l1", sound + "CallSid=CA1&To=x&CallStatus=completed&RecordingUrl=x", 204,
			[]hotline.Recording{{SID: "RE1", CallSID: "CA1", Seconds: 12, At: noon}}, true},
		{"no id", pathRecorded + "?c=c1", "CallSid=CA1&RecordingStatus=completed", 403, nil, false},
	} {
		h := newCallHouse(t)
		res := h.ask(signed(test.uri, form1(test.form)))
		if res.StatusCode != test.status || !reflect.DeepEqual(h.board.sounds, test.want) {
			t.Errorf("%s: answered %d and kept %+v, want %d and %+v", test.name, res.StatusCode, h.board.sounds, test.status, test.want)
		}
		if alarmed := strings.Contains(h.log.String(), `"level":"error"`); alarmed != test.alarm || strings.Contains(h.log.String(), "RE1") {
			t.Errorf("%s: the log says %s", test.name, h.log)
		}
	}
	h := newCallHouse(t)
	h.board.caller = hotline.CallerPlace{Language: "da"}
	if _, got := h.hear(t, pathRecorded+"?c=c1", "RecordingSid=RE1&Digits=hangup"); got != "da:kept Hangup()" {
		t.Errorf("after a voicemail she hears %s", got)
	}
}

// A fact that could not be kept comes again; one about nobody does not.
func TestReportsWhenNothingCanBeStored(t *testing.T) {
	t.Parallel()
	for uri, form := range map[string]string{
		pathVoiceStatus: "CallSid=CA1&To=x&CallStatus=ringing",
		pathRoom:        "ConferenceSid=CF1&FriendlyName=r&StatusCallbackEvent=conference-end",
		pathRecorded:    "RecordingSid=RE1&CallSid=CA1&RecordingStatus=completed",
	} {
		for err, want := range map[error]int{hotline.ErrUnavailable: 503, hotline.ErrNotFound: 204, nil: 204} {
			h := newCallHouse(t)
			if h.board.err = err; err != nil {
				h.board.err = fmt.Errorf("keep secret: %w", err)
			}
			if res := h.ask(signed(uri+"?c=c1", form1(form))); res.StatusCode != want {
				t.Errorf("%s with %v: answered %d, want %d", uri, err, res.StatusCode, want)
			}
			if strings.Contains(h.log.String(), "secret") {
				t.Errorf("%s: the log says %s", uri, h.log)
			}
		}
		h := newCallHouse(t)
		if h.board.panics = true; h.ask(signed(uri+"?c=c1", form1(form))).StatusCode != 503 {
			t.Errorf("%s: a panic is not answered 503", uri)
		}
	}
}

func TestVoiceRoutesAreGuarded(t *testing.T) {
	t.Parallel()
	h := newCallHouse(t)
	for path := range h.routes {
		full := form1("CallSid=CA1&To=x&RecordingSid=RE1&ConferenceSid=CF1&MessageSid=SM1&MessageStatus=sent")
		forged := signed(path, full)
		forged.Header.Set(signatureHeader, "x")
		get := signed(path, full)
		get.Method = "GET"
		for name, want := range map[string]int{"forged": 403, "another account": 403, "no fields": 403, "GET": 405} {
			got := 0
			switch name {
			case "forged":
				got = h.ask(forged).StatusCode
			case "another account":
				got = h.ask(signed(path, "AccountSid=AC9&CallSid=CA1&To=x&RecordingSid=RE1&ConferenceSid=CF1")).StatusCode
			case "no fields":
				got = h.ask(signed(path, form1("From=x"))).StatusCode
			case "GET":
				got = h.ask(get).StatusCode
			}
			if got != want {
				t.Errorf("%s, %s: answered %d, want %d", path, name, got, want)
			}
		}
	}
}
