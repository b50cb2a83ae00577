package carrier

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
)

// triedAt is how addresses hold that the backup was tried so long before noon.
func triedAt(ago time.Duration) string { return strconv.FormatInt(noon.Add(-ago).Unix(), 36) }

func inLineAfter(again int, tried string) string {
	return fmt.Sprintf("Enqueue(action=~/caller?c=c1&q=%d&b=%s method=POST waitUrl=~/wait?c=c1&b=%s waitUrlMethod=POST c1)", again, tried, tried)
}

func offer(tried string) string {
	kept := "~/recorded?c=c1&b=" + tried
	return "da:message Record(action=" + kept + " finishOnKey=# maxLength=300 method=POST playBeep=true recordingStatusCallback=" + kept +
		" recordingStatusCallbackEvent=completed recordingStatusCallbackMethod=POST timeout=10 trim=do-not-trim) Redirect(method=POST ~/caller?c=c1&b=" + tried + ")"
}

func rung(shows string) string {
	return "da:backup Dial(action=~/backup/after?c=c1&b=" + triedAt(0) + " callerId=" + shows +
		" method=POST record=do-not-record timeout=25 Number(method=POST url=~/backup +4530000009))"
}

func withBackup(c *Config) { c.Backup = "+4530000009" }

func TestComingOutOfTheQueue(t *testing.T) {
	t.Parallel()
	now, soon, long := triedAt(0), triedAt(time.Minute), triedAt(4*time.Minute)
	dial, rest := rung("+4570201550"), "da:hold Pause(length=20) "
	for _, test := range []struct {
		name, query, form string
		change            func(*hotline.CallerPlace)
		alone             bool // there is no backup
		want              string
	}{
		{"its document failed", "q=1", "QueueResult=error&QueueTime=1", nil, false, dial},
		{"its document failed after a while", "q=1", "QueueResult=error&QueueTime=90", nil, false, dial},
		{"the queue failed", "q=1", "QueueResult=system-error", nil, false, dial},
		{"the queue was full", "q=1", "QueueResult=queue-full", nil, false, dial},
		{"failed without a backup", "q=1", "QueueResult=error", nil, true, offer(now)},
		{"failed again soon after", "q=1&b=" + soon, "QueueResult=error", nil, false, rest + inLineAfter(2, soon)},
		{"failed again later", "q=1&b=" + long, "QueueResult=error", nil, false, dial},
		{"left at once", "q=1", "QueueResult=leave&QueueTime=1", nil, false, "Pause(length=2) " + strings.Replace(inLine, "q=1", "q=2", 1)},
		{"left at once again", "q=2", "QueueResult=leave&QueueTime=9", nil, false, dial},
		{"left after waiting", "q=2", "QueueResult=leave&QueueTime=10", nil, false, "Pause(length=2) " + inLine},
		{"a carrier that does not say how", "q=2", "", nil, false, dial},
		{"too late", "q=1", "QueueResult=leave&QueueTime=130", func(p *hotline.CallerPlace) { p.Late = true }, false, dial},
		{"too late, and just tried", "q=1&b=" + soon, "QueueResult=leave&QueueTime=130", func(p *hotline.CallerPlace) { p.Late = true }, false,
			"Pause(length=2) " + inLineAfter(1, soon)},
		{"too late without a backup", "q=1", "QueueResult=leave&QueueTime=130", func(p *hotline.CallerPlace) { p.Late = true }, true, "Pause(length=2) " + inLine},
		{"too late, and cannot talk", "q=1", "QueueResult=leave&QueueTime=130", func(p *hotline.CallerPlace) { p.Late, p.Silent = true, true }, false, "Pause(length=2) " + inLine},
		{"called from our own number", "q=1", "QueueResult=error", func(p *hotline.CallerPlace) { p.Line = "+4580000000" }, false, rung("+4580000000")},
		{"a line whose number cannot be shown", "q=1", "QueueResult=error", func(p *hotline.CallerPlace) { p.Line = "1204" }, false, offer(now)},
		{"hung up", "q=1", "QueueResult=hangup", nil, false, again},
		{"taken out of it", "q=1", "QueueResult=redirected", nil, false, again},
		{"taken, and asks itself", "q=1", "QueueResult=leave", func(p *hotline.CallerPlace) { p.Where = hotline.Over }, false, "da:over Hangup()"},
		{"after the message", "b=" + soon, "", nil, false, inLineAfter(1, soon)},
	} {
		h := newCallHouse(t, withBackup)
		if test.alone {
			h = newCallHouse(t)
		}
		h.board.caller = hotline.CallerPlace{Contact: "c1", Where: hotline.InLine, Language: "da"}
		if test.change != nil {
			test.change(&h.board.caller)
		}
		if status, got := h.hear(t, pathCaller+"?c=c1&"+test.query, test.form); status != 200 || got != test.want {
			t.Errorf("%s: answered %d\n got %s\nwant %s", test.name, status, got, test.want)
		}
		if gone := test.want == again; gone != (len(h.board.asked) == 0) {
			t.Errorf("%s: the switchboard was asked for %q", test.name, h.board.asked)
		}
	}
}

func TestWaitingForTheBackup(t *testing.T) {
	t.Parallel()
	soon, long := triedAt(time.Minute), triedAt(4*time.Minute)
	marked := func(keys, tried string) string { return strings.Replace(keys, "n=STEP", "n=STEP&b="+tried, 1) }
	for _, test := range []struct {
		name, uri string
		silent    bool
		want      string
	}{
		{"the first time", pathWait + "?c=c1", false, keysFor("w", "da:late", "5") + " Leave()"},
		{"just tried", pathWait + "?c=c1&b=" + soon, false, marked(keysFor("w", "da:late", "20"), soon)},
		{"tried long ago", pathWait + "?c=c1&b=" + long, false, marked(keysFor("w", "da:late", "5"), long) + " Leave()"},
		{"a mark that is none", pathWait + "?c=c1&b=%2a", false, marked(keysFor("w", "da:late", "5"), "%2A") + " Leave()"},
		{"a key meanwhile", pathKey + "?c=c1&k=w&n=7&b=" + soon, false, marked(keysFor("w", "da:danger da:late", "20"), soon)},
		{"cannot talk", pathWait + "?c=c1", true, keysFor("s", "da:wait1 da:silent", "20")},
	} {
		h := newCallHouse(t, withBackup)
		h.board.caller = hotline.CallerPlace{Contact: "c1", Where: hotline.InLine, Language: "da", Late: true, Silent: test.silent}
		if status, got := h.hear(t, test.uri, "Digits=0"); status != 200 || got != test.want {
			t.Errorf("%s: answered %d\n got %s\nwant %s", test.name, status, got, test.want)
		}
	}
}

// While nothing can be read the backup is tried after a queue that failed, and after two minutes of a queue.
func TestTheBackupBlindly(t *testing.T) {
	t.Parallel()
	soon := triedAt(time.Minute)
	dial := "en:backup " + rung("+4570201550")
	for _, test := range []struct{ uri, form, want string }{
		{pathWait + "?c=c1", "QueueTime=119", keysFor("w", "en:hold da:hold", "15")},
		{pathWait + "?c=c1", "QueueTime=120", keysFor("w", "en:hold da:hold", "5") + " Leave()"},
		{pathWait + "?c=c1&b=" + soon, "QueueTime=120", strings.Replace(keysFor("w", "en:hold da:hold", "15"), "n=STEP", "n=STEP&b="+soon, 1)},
		{pathCaller + "?c=c1&q=1", "QueueResult=leave&QueueTime=120", dial},
		{pathCaller + "?c=c1&q=1", "QueueResult=error", dial},
		{pathCaller + "?c=c1&q=1", "QueueResult=leave&QueueTime=3", "en:hold da:hold Pause(length=5) Redirect(method=POST ~/caller?c=c1&q=1)"},
		{pathCaller + "?c=c1&q=1&b=" + soon, "QueueResult=error", "en:hold da:hold Pause(length=5) Redirect(method=POST ~/caller?c=c1&q=1&b=" + soon + ")"},
		{pathBackupAfter + "?c=c1&b=" + soon, "DialCallStatus=completed&DialBridged=true", "en:over da:over Hangup()"},
		{pathBackupAfter + "?c=c1&b=" + soon, "DialCallStatus=completed&DialBridged=false", "en:message " + offer(soon)},
		{pathRecorded + "?c=c1&b=" + soon, "RecordingSid=RE1&Digits=", "en:message_kept da:message_kept Redirect(method=POST ~/caller?c=c1&b=" + soon + ")"},
		{pathRecorded + "?c=c1&b=" + soon, "RecordingSid=RE1&Digits=%23", "en:kept da:kept Hangup()"},
	} {
		for name, spoil := range map[string]func(*board){
			"an error": func(b *board) { b.err = fmt.Errorf("select secret: %w", hotline.ErrUnavailable) },
			"a panic":  func(b *board) { b.panics = true },
		} {
			if name == "a panic" && strings.HasPrefix(test.want, "en:backup") {
				continue // a fault of ours may be in that very document
			}
			h := newCallHouse(t, withBackup)
			spoil(h.board)
			if status, got := h.hear(t, test.uri, test.form); status != 200 || got != test.want {
				t.Errorf("%s with %s after %s: answered %d\n got %s\nwant %s", test.uri, test.form, name, status, got, test.want)
			}
		}
	}
	h := newCallHouse(t, withBackup)
	h.board.err = hotline.ErrUnavailable
	for direction, want := range map[string]string{"outbound-api": "callerId=+4570201550", "": "Record(", "odd": "Record("} {
		body := form1("CallSid=CA1&To=%2B4520000001&From=%2B4570201550&QueueResult=error&Direction=" + direction)
		w := h.ask(signed(pathCaller+"?c=c1&q=1", body))
		if got := h.read(t, w); !strings.Contains(got, want) || strings.Contains(got, "20000001") {
			t.Errorf("direction %q: %s, want %s", direction, got, want)
		}
	}
}

func TestTheBackupsPhone(t *testing.T) {
	t.Parallel()
	h := newCallHouse(t, withBackup)
	h.board.panics = true // nobody is asked
	words := "en:ask_backup"
	ask := "Gather(action=~/backup/key input=dtmf method=POST numDigits=1 timeout=3 " + strings.Join([]string{words, words, words}, " Pause(length=1) ") + ") Hangup()"
	for _, test := range []struct{ uri, digit, want string }{
		{pathBackup, "", ask}, {pathBackupKey, "1", ""}, {pathBackupKey, "2", "Hangup()"}, {pathBackupKey, "", "Hangup()"}, {pathBackupKey, "11", "Hangup()"},
	} {
		if status, got := h.hear(t, test.uri, "Digits="+test.digit, "ParentCallSid=CA9"); status != 200 || got != test.want {
			t.Errorf("%s %q: answered %d %s, want %s", test.uri, test.digit, status, got, test.want)
		}
	}
	h = newCallHouse(t, withBackup)
	soon := triedAt(time.Minute)
	for _, test := range []struct {
		where hotline.Where
		form  string
		want  string
	}{
		{hotline.InLine, "DialBridged=true", "da:over Hangup()"},
		{hotline.InLine, "DialBridged=false&DialCallStatus=completed", offer(soon)},
		{hotline.InLine, "DialCallStatus=completed", offer(soon)},
		{hotline.InLine, "DialCallStatus=busy", offer(soon)},
		{hotline.InRoom, "DialCallStatus=canceled", roomFor("caller", "endConferenceOnExit=true", "~/hold?c=c1") + " " + again},
	} {
		h.board.caller = hotline.CallerPlace{Contact: "c1", Where: test.where, Language: "da", Room: "r7"}
		if status, got := h.hear(t, pathBackupAfter+"?c=c1&b="+soon, test.form); status != 200 || got != test.want {
			t.Errorf("at %s after %s: answered %d\n got %s\nwant %s", test.where, test.form, status, got, test.want)
		}
	}
}

// The choice is kept before the message, once for a recording, and only when she ended it herself.
func TestAMessageOfWhoWaits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		query, form, want string
		chosen            bool
	}{
		{"&b=x", "Digits=%23", "da:kept Hangup()", true},
		{"&b=x", "Digits=hangup", "da:kept Hangup()", true},
		{"&b=x", "Digits=", "da:message_kept Redirect(method=POST ~/caller?c=c1&b=x)", false},
		{"", "Digits=", "da:kept Hangup()", false},
		{"&b=x", "RecordingStatus=completed", "", false},
	} {
		h := newCallHouse(t)
		h.board.caller = hotline.CallerPlace{Contact: "c1", Where: hotline.InLine, Language: "da"}
		if _, got := h.hear(t, pathRecorded+"?c=c1"+test.query, "RecordingSid=RE1", test.form); got != test.want {
			t.Errorf("%s: %s, want %s", test.form, got, test.want)
		}
		var want []hotline.Pressed
		if test.chosen {
			want = []hotline.Pressed{{Contact: "c1", Key: hotline.KeyVoicemail, Step: "CA1:RE1", At: noon}}
		}
		if fmt.Sprint(h.board.presses) != fmt.Sprint(want) || len(h.board.sounds) != 1 {
			t.Errorf("%s: kept %+v and %d recordings, want %+v and one", test.form, h.board.presses, len(h.board.sounds), want)
		}
	}
}

func TestABackupThatIsNoNumber(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{"": "", "+4530000009": "+4530000009", "112": "", "+112": "", "30000009": "", "+45 30000009": "", "client:ann": ""} {
		h := newCallHouse(t, func(c *Config) { c.Backup = number })
		if h.backup != want || (h.log.Len() > 0) != (number != want) || number != "" && strings.Contains(h.log.String(), number) {
			t.Errorf("the backup %q is %q, want %q; the log says %s", number, h.backup, want, h.log)
		}
	}
}
