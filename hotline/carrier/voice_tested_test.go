package carrier

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hopeline/hotline"
)

func (b *board) TestPage(_ context.Context, id hotline.TestID, _ string) (hotline.TestPlace, error) {
	defer b.enter()()
	b.asked = append(b.asked, string(id))
	return b.test, b.err
}

func (b *board) TestPressed(_ context.Context, id hotline.TestID, sid, digit string) (hotline.TestPlace, error) {
	defer b.enter()()
	b.keys = append(b.keys, string(id)+" "+sid+" "+digit)
	return b.test, b.err
}

func (b *board) TestReport(_ context.Context, r hotline.TestReport) error {
	defer b.enter()()
	b.tests = append(b.tests, r)
	return b.err
}

func TestTestPageDocuments(t *testing.T) {
	t.Parallel()
	asks := func(words string) string {
		return "Gather(action=~/test/key?t=t1 input=dtmf method=POST numDigits=1 timeout=3 " + words + " Pause(length=1) " + words +
			" Pause(length=1) " + words + ") Hangup()"
	}
	place := func(where hotline.Where) hotline.TestPlace {
		return hotline.TestPlace{ID: "t1", Where: where, Speaks: "da"}
	}
	begins := place(hotline.AtAsk)
	begins.Begins = true
	alarm := func(where hotline.Where, kind string) hotline.TestPlace {
		p := place(where)
		p.Alarm = kind
		return p
	}
	stranger := place(hotline.AtAsk)
	stranger.Speaks = "so"
	for _, test := range []struct {
		name, uri, form string
		place           hotline.TestPlace
		want            string
		keys            []string
	}{
		{"asked", pathTest, "", place(hotline.AtAsk), asks("da:ask_test"), nil},
		{"asked in a language without words", pathTest, "", stranger, asks("en:ask_test"), nil},
		{"her duty begins", pathTest, "", begins, asks("da:ask_here"), nil},
		{"nobody can answer", pathTest, "", alarm(hotline.AtAsk, hotline.AlarmGap), asks("da:ask_alarm"), nil},
		{"somebody did not come", pathTest, "", alarm(hotline.AtAsk, hotline.AlarmNotHere), asks("da:ask_absent"), nil},
		{"she knows", pathTestKey, "Digits=1", alarm(hotline.AtThanks, hotline.AlarmGap), "da:known Hangup()", []string{"t1 CA1 1"}},
		{"another key to an alarm", pathTestKey, "Digits=2", alarm(hotline.AtAsk, hotline.AlarmGap), asks("da:ask_alarm"), nil},
		{"somebody else knew first", pathTest, "", alarm(hotline.Over, hotline.AlarmGap), "da:bye Hangup()", nil},
		{"pressed, and asked for again", pathTest, "", place(hotline.AtThanks), "da:tested Hangup()", nil},
		{"too late", pathTest, "", place(hotline.Over), "da:bye Hangup()", nil},
		{"key 1", pathTestKey, "Digits=1", place(hotline.AtThanks), "da:tested Hangup()", []string{"t1 CA1 1"}},
		{"another key", pathTestKey, "Digits=2", place(hotline.AtAsk), asks("da:ask_test"), nil},
		{"no key", pathTestKey, "", place(hotline.AtAsk), asks("da:ask_test"), nil},
	} {
		h := newCallHouse(t)
		h.board.test = test.place
		if status, got := h.hear(t, test.uri+"?t=t1", test.form); status != 200 || got != test.want || !slices.Equal(h.board.keys, test.keys) {
			t.Errorf("%s: answered %d, keys %v\n got %s\nwant %s", test.name, status, h.board.keys, got, test.want)
		}
	}
}

// Nobody whom the carrier did not send presses a key, and what is reported of a test is told of no leg.
func TestTestPagesAreSignedAndReported(t *testing.T) {
	t.Parallel()
	h := newCallHouse(t)
	h.board.test = hotline.TestPlace{ID: "t1", Where: hotline.AtThanks}
	form := form1("CallSid=CA1", "To=%2B4530000001", "Digits=1")
	for _, uri := range []string{pathTest + "?t=t1", pathTestKey + "?t=t1"} {
		forged := request(uri, formType, form, string(sign("wrong", "https://hotline.example.org"+uri, canonical(parseForm(form)))))
		if res := h.ask(forged); res.StatusCode != http.StatusForbidden {
			t.Errorf("%s with a wrong signature is answered %d", uri, res.StatusCode)
		}
	}
	if res := h.ask(signed(pathTestKey+"?t=t1", form)); res.StatusCode != http.StatusOK {
		t.Errorf("the carrier's own key is answered %d", res.StatusCode)
	}
	if len(h.board.keys) != 1 {
		t.Errorf("keys %v, want only that of the carrier", h.board.keys)
	}
	for _, status := range []string{"initiated", "no-answer", "nonsense"} {
		if res := h.ask(signed(pathVoiceStatus+"?t=t1", form1("CallSid=CA1", "To=%2B4530000001", "CallStatus="+status))); res.StatusCode != http.StatusNoContent {
			t.Errorf("the status %s is answered %d", status, res.StatusCode)
		}
	}
	want := []hotline.TestReport{{Test: "t1", SID: "CA1", State: hotline.LegTried}, {Test: "t1", SID: "CA1", State: hotline.LegOver, End: hotline.LegNoAnswer}}
	if !slices.Equal(h.board.tests, want) || len(h.board.legs) != 0 {
		t.Errorf("told %+v, and of legs %+v; want %+v and nothing", h.board.tests, h.board.legs, want)
	}
	h.board.err = hotline.ErrNotFound
	if res := h.ask(signed(pathVoiceStatus+"?t=t9", form1("CallSid=CA1", "To=%2B4530000001", "CallStatus=completed"))); res.StatusCode != http.StatusNoContent {
		t.Errorf("a report of a test that nobody knows is answered %d", res.StatusCode)
	}
	h.board.err = hotline.ErrUnavailable
	if res := h.ask(signed(pathVoiceStatus+"?t=t1", form1("CallSid=CA1", "To=%2B4530000001", "CallStatus=completed"))); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a report that could not be kept is answered %d", res.StatusCode)
	}
	if strings.Contains(h.log.String(), "30000001") {
		t.Errorf("the log says %s", h.log)
	}
}
