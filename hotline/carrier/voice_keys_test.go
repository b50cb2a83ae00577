package carrier

import (
	"encoding/xml"
	"fmt"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"hopeline/hotline"
)

func TestACallIsKeptBeforeItIsAnswered(t *testing.T) {
	t.Parallel()
	h := newCallHouse(t)
	h.board.caller = hotline.CallerPlace{Contact: "c1", Where: hotline.InLine}
	h.hear(t, pathVoice)
	if in := h.board.calls[0]; in.SID != "CA1" || in.From.Full() != "+4520000001" || in.To.Full() != "+4570201550" || !in.At.Equal(noon) {
		t.Errorf("kept %+v", in)
	}
	h.hear(t, pathVoice, "CallToken=x", "StirVerstat=TN-Validation-Failed-C")
	h.board.err = fmt.Errorf("insert: %w", hotline.ErrUnavailable)
	if status, got := h.hear(t, pathVoice); status != 503 || got != "" {
		t.Errorf("a call that was not kept is answered %d %s", status, got)
	}
	h.board.err, h.board.panics = nil, true
	if status, _ := h.hear(t, pathVoice); status != 503 {
		t.Errorf("a panic is answered %d", status)
	}
	odd := newCallHouse(t)
	odd.board.caller = h.board.caller
	for _, form := range []string{"CallSid=%00%ff;&To=", "CallSid=CA1&To=&From=", "CallSid=CA1&To=x&Caller=anonymous&CallStatus=%"} {
		if res := odd.ask(signed(pathVoice, form1(form))); res.StatusCode != 200 {
			t.Errorf("%s is answered %d", form, res.StatusCode)
		}
	}
	if got := odd.board.calls[2].From.Full(); got != "anonymous" {
		t.Errorf("the sender is %q", got)
	}
}

// In the middle of a call there is no error: she hears that she is connected, and we are asked again with the same key.
func TestNoErrorInTheMiddleOfACall(t *testing.T) {
	t.Parallel()
	hold := "en:hold da:hold Pause(length=5) "
	tests := []struct{ uri, form, want string }{
		{pathCaller + "?c=c1", "", hold + "Redirect(method=POST ~/caller?c=c1)"},
		{pathCaller + "?c=c1&q=1&evil=1", "", hold + "Redirect(method=POST ~/caller?c=c1&q=1)"},
		{pathLanguage + "?c=c1", "Digits=2", hold + "Redirect(method=POST ~/language?c=c1&d=2)"},
		{pathKey + "?c=c1&k=w&n=ABCDEFGHIJKL", "Digits=3", hold + "Redirect(method=POST ~/key?c=c1&k=w&n=STEP&d=3)"},
		{pathKey + "?c=c1&k=w&n=ABCDEFGHIJKL&d=3", "", hold + "Redirect(method=POST ~/key?c=c1&k=w&n=STEP&d=3)"},
		{pathWait + "?c=c1", "", keysFor("w", "en:hold da:hold", "15")},
		{pathHold + "?c=c1", "", "en:hold da:hold Pause(length=20)"},
		{pathRecorded + "?c=c1", "RecordingSid=RE1&RecordingDuration=4&Digits=hangup", "en:kept da:kept Hangup()"},
		{pathLeg + "?l=l1", "", "en:sorry Hangup()"},
		{pathLegKey + "?l=l1", "Digits=1", "en:sorry Hangup()"},
		{pathLegAfter + "?l=l1", "Digits=1", "en:sorry Hangup()"},
		{pathTest + "?t=t1", "", "en:sorry Hangup()"},
		{pathTestKey + "?t=t1", "Digits=1", "en:sorry Hangup()"},
	}
	for _, test := range tests {
		for name, spoil := range map[string]func(*board){
			"an error": func(b *board) { b.err = fmt.Errorf("select secret: %w", hotline.ErrUnavailable) },
			"a panic":  func(b *board) { b.panics = true },
		} {
			h := newCallHouse(t)
			spoil(h.board)
			if status, got := h.hear(t, test.uri, test.form); status != 200 || got != test.want {
				t.Errorf("%s after %s: answered %d\n got %s\nwant %s", test.uri, name, status, got, test.want)
			}
			if strings.Contains(h.log.String(), "secret") {
				t.Errorf("%s: the log says %s", test.uri, h.log)
			}
		}
		none := house{Webhooks: NewWebhooks(Config{Public: &url.URL{Scheme: "https", Host: "hotline.example.org"}, AccountSID: account, Tokens: []string{token}},
			&desk{}, nil, nil, nil, newCallHouse(t).Webhooks.log, nil)}
		if status, _ := (callHouse{none, nil}).hear(t, test.uri, test.form); status != 200 {
			t.Errorf("%s without a switchboard: answered %d", test.uri, status)
		}
	}
}

// A caller whom nobody knows, but who is on the line, is kept now.
func TestACallerNobodyKnows(t *testing.T) {
	t.Parallel()
	h := newCallHouse(t)
	h.board.caller, h.board.missing = hotline.CallerPlace{Contact: "c2", Where: hotline.InLine, Language: "en"}, true
	for _, uri := range []string{pathWait + "?c=c1", pathCaller + "?c=c1", pathKey + "?c=c1&k=w&n=1"} {
		if _, got := h.hear(t, uri, "Digits=1"); !strings.Contains(got, "c=c2") {
			t.Errorf("%s: %s", uri, got)
		}
	}
	if len(h.board.calls) != 3 || h.board.calls[0].SID != "CA1" {
		t.Errorf("kept %+v", h.board.calls)
	}
	res := h.ask(signed(pathCaller+"?c=c1", form1("CallSid=CA1&To=%2B4520000001&From=%2B4570201550&Direction=outbound-api")))
	if res.StatusCode != 200 || len(h.board.calls) != 3 {
		t.Errorf("a leg of ours that nobody knows: answered %d, kept %d", res.StatusCode, len(h.board.calls))
	}
}

func TestKeysOfACaller(t *testing.T) {
	t.Parallel()
	line := "da:wait1 da:menu"
	for _, test := range []struct {
		menu, digit string
		place       hotline.Where
		silent      bool
		key         hotline.Key // "": none is kept
		want        string
	}{
		{"w", "1", hotline.AtVoicemail, false, hotline.KeyVoicemail, "Leave()"},
		{"w", "2", hotline.AtPromise, false, hotline.KeyCallback, "Leave()"},
		{"w", "3", hotline.InLine, true, hotline.KeySilent, keysFor("s", "da:wait1 da:silent", "20")},
		{"w", "0", hotline.InLine, false, hotline.KeyDanger, keysFor("w", "da:danger "+line, "20")},
		{"w", "7", hotline.InLine, false, "", keysFor("w", line, "20")},
		{"w", "", hotline.InLine, false, "", keysFor("w", line, "20")},
		{"x", "1", hotline.AtVoicemail, false, hotline.KeyVoicemail, "Leave()"},
		{"x", "2", hotline.InLine, false, "", keysFor("w", line, "20")},
		{"w", "4", hotline.InLine, false, "", keysFor("w", line, "20")},
		{"f", "4", hotline.InLine, false, hotline.KeyWoman, keysFor("w", "da:seen "+line, "20")},
		{"g", "4", hotline.InLine, false, hotline.KeyWoman, keysFor("w", "da:seen "+line, "20")},
		{"g", "2", hotline.InLine, false, "", keysFor("w", line, "20")},
		{"s", "1", hotline.InLine, true, hotline.KeyYes, keysFor("s", "da:seen da:wait1 da:silent", "20")},
		{"s", "2", hotline.InLine, true, hotline.KeyNo, keysFor("s", "da:seen da:wait1 da:silent", "20")},
		{"s", "0", hotline.InRoom, true, hotline.KeyDanger, "da:danger Leave()"},
		{"k", "1", hotline.AtKeys, true, hotline.KeyYes, "da:seen " + keysFor("k", "da:keys", "10") + " " + again},
		{"k", "3", hotline.AtKeys, true, "", keysFor("k", "da:keys", "10") + " " + again},
		{"k", "2", hotline.InRoom, true, hotline.KeyNo, "da:seen " + roomFor("caller", "endConferenceOnExit=true", "~/hold?c=c1") + " " + again},
		{"v", "2", hotline.InLine, false, hotline.KeyStay, inLine},
		{"v", "5", hotline.InLine, false, "", inLine},
		{"odd", "1", hotline.InLine, false, "", inLine},
	} {
		h := newCallHouse(t)
		h.board.caller = hotline.CallerPlace{Contact: "c1", Where: test.place, Silent: test.silent, Language: "da", Room: "r7"}
		status, got := h.hear(t, pathKey+"?c=c1&k="+test.menu+"&n=7", "Digits="+test.digit)
		if status != 200 || got != test.want {
			t.Errorf("key %q of menu %s: answered %d\n got %s\nwant %s", test.digit, test.menu, status, got, test.want)
		}
		want := []hotline.Pressed{{Contact: "c1", Key: test.key, Step: "CA1:7", At: noon}}
		if test.key == "" {
			want = nil
		}
		if !slices.Equal(h.board.presses, want) {
			t.Errorf("key %q of menu %s: kept %+v, want %+v", test.digit, test.menu, h.board.presses, want)
		}
	}
}

func TestTheLanguageIsChosen(t *testing.T) {
	t.Parallel()
	h := newCallHouse(t, func(c *Config) { c.Languages = []string{"da", "en", "es"} })
	h.board.caller = hotline.CallerPlace{Contact: "c1", Where: hotline.InLine}
	for _, test := range []struct{ digit, want string }{{"1", "da"}, {"3", "es"}, {"4", ""}, {"0", ""}, {"*", ""}, {"", ""}} {
		h.board.presses = nil
		if _, got := h.hear(t, pathLanguage+"?c=c1", "Digits="+test.digit); got != inLine {
			t.Errorf("key %q: %s", test.digit, got)
		}
		switch {
		case test.want == "" && len(h.board.presses) != 0:
			t.Errorf("key %q: kept %+v", test.digit, h.board.presses)
		case test.want != "" && (len(h.board.presses) != 1 || h.board.presses[0].Language != test.want || h.board.presses[0].Key != "" || h.board.presses[0].Step != "CA1:language"):
			t.Errorf("key %q: kept %+v, want %s", test.digit, h.board.presses, test.want)
		}
	}
	one := newCallHouse(t, func(c *Config) { c.Languages = []string{"da"} })
	one.board.caller = h.board.caller
	if _, got := one.hear(t, pathVoice); got != "da:greeting "+inLine {
		t.Errorf("a line with one language: %s", got)
	}
}

// Each document has a step of its own, so that a second press is another; the carrier's repetition is the same.
func TestStepsAreTheirOwn(t *testing.T) {
	t.Parallel()
	h := newCallHouse(t)
	seen := map[string]bool{}
	for range 100 {
		address := h.links.keys("c1", menuLine, "")
		if seen[address] || !stepInQuery.MatchString(address) {
			t.Fatalf("the step of %s is not its own", address)
		}
		seen[address] = true
	}
}

func TestKeysOfALeg(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		uri, digit string
		want       []string
	}{
		{pathLegKey, "1", []string{"l1 CA1 1"}},
		{pathLegKey, "2", []string{"l1 CA1 2"}},
		{pathLegKey, "3", nil},
		{pathLegKey, "", nil},
		{pathLegKey, "11", nil},
		{pathLegAfter, "1", []string{"l1 CA1 1"}},
		{pathLegAfter, "3", []string{"l1 CA1 3"}},
		{pathLegAfter, "", []string{"l1 CA1 "}},
		{pathLegAfter, "9", nil},
		{pathLeg, "1", nil},
	} {
		h := newCallHouse(t)
		h.board.leg = hotline.LegPlace{Leg: "l1", Where: hotline.AtAsk}
		if status, got := h.hear(t, test.uri+"?l=l1", "Digits="+test.digit); status != 200 || !strings.Contains(got, "leg/key?l=l1") {
			t.Errorf("%s %q: answered %d %s", test.uri, test.digit, status, got)
		}
		if !slices.Equal(h.board.keys, test.want) {
			t.Errorf("%s %q: pressed %q, want %q", test.uri, test.digit, h.board.keys, test.want)
		}
		if (len(h.board.asked) == 1) != (test.want == nil) {
			t.Errorf("%s %q: asked for %q", test.uri, test.digit, h.board.asked)
		}
	}
}

// FuzzVoice: whatever a signed form and query hold, a call under way is answered with a document that can be read, and
// nothing is answered as plain text.
func FuzzVoice(f *testing.F) {
	for _, s := range []string{"c=c1&k=w&n=1", "l=l1&d=%ff", "c=%00&q", "c=c1&q=2&b=zz", "k=s&c=&n=%zz"} {
		f.Add(s, "Digits=1&QueueTime=99999999999999999999")
		f.Add(s, "QueueTime=9999999999999&QueueResult=error&DialBridged=true")
		f.Add(s, "RecordingSid=RE1&ConferenceSid=CF1&StatusCallbackEvent=participant-join")
		f.Add(s, "CallStatus=completed&Digits=%00%ff&RecordingStatus=absent;")
	}
	f.Fuzz(func(t *testing.T, query, more string) {
		h := newCallHouse(t)
		h.board.caller = hotline.CallerPlace{Contact: "c1", Where: hotline.InLine}
		h.board.leg = hotline.LegPlace{Leg: "l1", Where: hotline.AtAsk}
		for path, to := range h.routes {
			if strings.Contains(path, "message") {
				continue
			}
			body := []byte(form1("CallSid=CA1", "To=", "RecordingSid=RE1", "ConferenceSid=CF1", more))
			r := httptest.NewRequest("POST", path, nil)
			r.URL.RawQuery = query
			fields := parseForm(string(body))
			a := to.act(t.Context(), r, fields)
			if a.status != 200 && a.status != 204 {
				t.Fatalf("%s?%s with %q is answered %d", path, query, more, a.status)
			}
			if a.status == 200 && xml.Unmarshal(a.body, &node{}) != nil {
				t.Fatalf("%s?%s with %q is answered %q", path, query, more, a.body)
			}
			if to.calm == nil {
				continue
			}
			if a := to.calm(r, fields); a.status == 200 && xml.Unmarshal(a.body, &node{}) != nil {
				t.Fatalf("%s?%s with %q is calmed by %q", path, query, more, a.body)
			}
		}
	})
}
