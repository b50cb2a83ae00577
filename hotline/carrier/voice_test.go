package carrier

import (
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"hopeline/hotline"
)

// board is a switchboard and a book that answer what a test set, and keep what they were told.
type board struct {
	mu      sync.Mutex
	caller  hotline.CallerPlace
	leg     hotline.LegPlace
	err     error // of everything
	missing bool  // Caller and Pressed know nobody
	panics  bool

	calls   []hotline.IncomingCall
	presses []hotline.Pressed
	keys    []string // leg, sid, digit
	asked   []string // ids that a document was asked for
	legs    []hotline.LegReport
	rooms   []hotline.RoomReport
	sounds  []hotline.Recording

	test  hotline.TestPlace
	tests []hotline.TestReport
}

func (b *board) enter() (unlock func()) {
	b.mu.Lock()
	if b.panics {
		b.mu.Unlock()
		panic("secret")
	}
	return b.mu.Unlock
}

func (b *board) Called(_ context.Context, in hotline.IncomingCall) (hotline.CallerPlace, error) {
	defer b.enter()()
	if b.err == nil {
		b.calls = append(b.calls, in)
	}
	return b.caller, b.err
}

func (b *board) Caller(_ context.Context, c hotline.ContactID, _ bool) (hotline.CallerPlace, error) {
	defer b.enter()()
	b.asked = append(b.asked, string(c))
	if b.missing {
		return hotline.CallerPlace{}, fmt.Errorf("find: %w", hotline.ErrNotFound)
	}
	return b.caller, b.err
}

func (b *board) Pressed(_ context.Context, p hotline.Pressed) (hotline.CallerPlace, error) {
	defer b.enter()()
	if b.missing {
		return hotline.CallerPlace{}, hotline.ErrNotFound
	}
	b.presses = append(b.presses, p)
	return b.caller, b.err
}

func (b *board) Leg(_ context.Context, id hotline.LegID, _ string, _ bool) (hotline.LegPlace, error) {
	defer b.enter()()
	b.asked = append(b.asked, string(id))
	return b.leg, b.err
}

func (b *board) LegPressed(_ context.Context, id hotline.LegID, sid, digit string) (hotline.LegPlace, error) {
	defer b.enter()()
	b.keys = append(b.keys, string(id)+" "+sid+" "+digit)
	return b.leg, b.err
}

func (b *board) LegReport(_ context.Context, r hotline.LegReport) error {
	defer b.enter()()
	b.legs = append(b.legs, r)
	return b.err
}

func (b *board) RoomReport(_ context.Context, r hotline.RoomReport) error {
	defer b.enter()()
	b.rooms = append(b.rooms, r)
	return b.err
}

func (b *board) Recorded(_ context.Context, r hotline.Recording) error {
	defer b.enter()()
	b.sounds = append(b.sounds, r)
	return b.err
}

// callHouse is a handler for calls with all that it writes to.
type callHouse struct {
	house
	board *board
}

func newCallHouse(t testing.TB, change ...func(*Config)) callHouse {
	t.Helper()
	cfg := Config{
		Public: &url.URL{Scheme: "https", Host: "hotline.example.org"}, AccountSID: account, Tokens: []string{token},
		Now: func() time.Time { return noon },
	}
	for _, f := range change {
		f(&cfg)
	}
	h := callHouse{house{desk: &desk{}, reg: prometheus.NewRegistry(), log: &bytes.Buffer{}}, &board{}}
	core := zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.AddSync(h.log), zap.DebugLevel)
	h.Webhooks = NewWebhooks(cfg, h.desk, h.board, h.board, h.board, zap.New(core), h.reg)
	return h
}

// hear asks a route and returns the status and the outline of its document.
func (h callHouse) hear(t testing.TB, uri string, more ...string) (int, string) {
	t.Helper()
	form := form1(append([]string{"CallSid=CA1", "To=%2B4570201550", "From=%2B4520000001", "Direction=inbound"}, more...)...)
	res := h.ask(signed(uri, form))
	return res.StatusCode, h.read(t, res)
}

// read gives the outline of an answer's document, or nothing when there is none.
func (h callHouse) read(t testing.TB, res *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if kind := res.Header.Get("Content-Type"); len(body) > 0 && !strings.HasPrefix(kind, "text/xml") || strings.HasPrefix(kind, "text/plain") {
		t.Errorf("an answer is of the type %q", kind)
	}
	if len(body) == 0 {
		return ""
	}
	return h.outline(t, body)
}

// node is an element of a document.
type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []node     `xml:",any"`
	Text     string     `xml:",chardata"`
}

var stepInQuery = regexp.MustCompile(`n=[0-9A-Z]{12}`)

// outline is a document in short: its elements, their attributes by name, prompts by language and name.
func (h callHouse) outline(t testing.TB, body []byte) string {
	t.Helper()
	var doc node
	if err := xml.Unmarshal(body, &doc); err != nil || doc.XMLName.Local != "Response" {
		t.Fatalf("%q is no document: %v", body, err)
	}
	var all []string
	for _, n := range doc.Children {
		all = append(all, h.short(n))
	}
	return strings.ReplaceAll(stepInQuery.ReplaceAllString(strings.Join(all, " "), "n=STEP"), "https://hotline.example.org/twilio/voice", "~")
}

func (h callHouse) short(n node) string {
	text := strings.TrimSpace(n.Text)
	if n.XMLName.Local == "Say" {
		for code, t := range h.prompts.tongues {
			for name, words := range t.Texts {
				if words == text && len(n.Attrs) == 1 && n.Attrs[0].Value == t.Say {
					return code + ":" + name
				}
			}
		}
	}
	slices.SortFunc(n.Attrs, func(a, b xml.Attr) int { return cmp.Compare(a.Name.Local, b.Name.Local) })
	var inside []string
	for _, a := range n.Attrs {
		inside = append(inside, a.Name.Local+"="+a.Value)
	}
	for _, child := range n.Children {
		inside = append(inside, h.short(child))
	}
	if text != "" {
		inside = append(inside, text)
	}
	return n.XMLName.Local + "(" + strings.Join(inside, " ") + ")"
}

// What several documents share.
const (
	inLine = "Enqueue(action=~/caller?c=c1&q=1 method=POST waitUrl=~/wait?c=c1 waitUrlMethod=POST c1)"
	again  = "Redirect(method=POST ~/caller?c=c1)"
)

func roomFor(label, rest, wait string) string {
	return "Dial(Conference(beep=false " + rest + " jitterBufferSize=small muted=false participantLabel=" + label + " record=do-not-record" +
		" startConferenceOnEnter=true statusCallback=~/room statusCallbackEvent=start end join leave mute hold speaker" +
		" statusCallbackMethod=POST waitMethod=POST waitUrl=" + wait + " r7)) Pause(length=1)"
}

func keysFor(m, rest, timeout string) string {
	return "Gather(action=~/key?c=c1&k=" + m + "&n=STEP input=dtmf method=POST numDigits=1 timeout=" + timeout + " " + rest + ")"
}

func TestCallerDocuments(t *testing.T) {
	t.Parallel()
	da := func(where hotline.Where) hotline.CallerPlace {
		return hotline.CallerPlace{Contact: "c1", Where: where, Language: "da-DK", Room: "r7"}
	}
	with := func(p hotline.CallerPlace, f func(*hotline.CallerPlace)) hotline.CallerPlace { f(&p); return p }
	closed := func(p *hotline.CallerPlace) { p.Closed, p.Late = true, true }
	for _, test := range []struct {
		name  string
		uri   string
		place hotline.CallerPlace
		more  []string
		want  string
	}{
		{"the greeting", pathVoice, hotline.CallerPlace{Contact: "c1", Where: hotline.InLine}, nil,
			"Gather(action=~/language?c=c1 input=dtmf method=POST numDigits=1 timeout=4 en:greeting Say(language=en-GB For English, press 1.)" +
				" da:greeting Say(language=da-DK For dansk, tryk 2.)) " + inLine},
		{"the greeting of a closed line", pathVoice, hotline.CallerPlace{Contact: "c1", Where: hotline.InLine, Late: true, Closed: true}, nil,
			"Gather(action=~/language?c=c1 input=dtmf method=POST numDigits=1 timeout=4 en:closed Say(language=en-GB For English, press 1.)" +
				" da:closed Say(language=da-DK For dansk, tryk 2.)) " + inLine},
		{"the entry again, in the room", pathVoice, da(hotline.InRoom), nil, roomFor("caller", "endConferenceOnExit=true", "~/hold?c=c1") + " " + again},
		{"in line", pathCaller + "?c=c1", da(hotline.InLine), nil, inLine},
		{"out of the queue and in line", pathCaller + "?c=c1&q=1", da(hotline.InLine), nil, "Pause(length=2) " + strings.Replace(inLine, "q=1", "q=2", 1)},
		{"in the room", pathCaller + "?c=c1&q=1", da(hotline.InRoom), nil, roomFor("caller", "endConferenceOnExit=true", "~/hold?c=c1") + " " + again},
		{"asked by keys", pathCaller + "?c=c1", with(da(hotline.AtKeys), func(p *hotline.CallerPlace) { p.Question = "Er du <alene>?" }), nil,
			keysFor("k", "Say(language=da-DK Er du <alene>?) da:keys", "10") + " " + again},
		{"keys without a question", pathCaller + "?c=c1", da(hotline.AtKeys), nil, keysFor("k", "da:keys", "10") + " " + again},
		{"voicemail", pathCaller + "?c=c1", da(hotline.AtVoicemail), nil, "da:voicemail Record(action=~/recorded?c=c1 finishOnKey=# maxLength=300 method=POST playBeep=true" +
			" recordingStatusCallback=~/recorded?c=c1 recordingStatusCallbackEvent=completed recordingStatusCallbackMethod=POST timeout=10 trim=do-not-trim) " +
			keysFor("v", "da:unheard", "10") + " " + again},
		{"a promise", pathCaller + "?c=c1", da(hotline.AtPromise), nil, "da:promise Hangup()"},
		{"over", pathCaller + "?c=c1", da(hotline.Over), nil, "da:over Hangup()"},
		{"over, language not known", pathCaller + "?c=c1", hotline.CallerPlace{Where: hotline.Over}, nil, "en:over da:over Hangup()"},
		{"over, in a language without words", pathCaller + "?c=c1", hotline.CallerPlace{Where: hotline.Over, Language: "so"}, nil, "en:over da:over Hangup()"},

		{"waiting", pathWait + "?c=c1", da(hotline.InLine), []string{"QueueTime=0"}, keysFor("w", "da:wait1 da:menu", "20")},
		{"waiting for half a minute", pathWait + "?c=c1", da(hotline.InLine), []string{"QueueTime=31"}, keysFor("w", "da:wait2 da:menu", "20")},
		{"waiting, an odd time", pathWait + "?c=c1", da(hotline.InLine), []string{"QueueTime=-9x"}, keysFor("w", "da:wait1 da:menu", "20")},
		{"waiting, a time that nobody waits", pathWait + "?c=c1", da(hotline.InLine), []string{"QueueTime=9999999999999"}, keysFor("w", "da:wait1 da:menu", "20")},
		{"waiting, language not known", pathWait + "?c=c1", hotline.CallerPlace{Where: hotline.InLine}, []string{"QueueTime=52"},
			keysFor("w", "en:wait3 en:menu da:wait3 da:menu", "12")},
		{"waiting without a number", pathWait + "?c=c1", with(da(hotline.InLine), func(p *hotline.CallerPlace) { p.Withheld = true }), nil,
			keysFor("x", "da:wait1 da:menu_withheld", "20")},
		{"waiting, where a woman may be asked for", pathWait + "?c=c1", with(da(hotline.InLine), func(p *hotline.CallerPlace) { p.Women = true }), nil,
			keysFor("f", "da:wait1 da:menu da:menu_woman", "20")},
		{"the same for long, without a number", pathWait + "?c=c1", with(da(hotline.InLine), func(p *hotline.CallerPlace) { p.Women, p.Withheld, p.Late = true, true, true }), nil,
			keysFor("g", "da:late_withheld da:menu_woman", "20")},
		{"waiting for long", pathWait + "?c=c1", with(da(hotline.InLine), func(p *hotline.CallerPlace) { p.Late = true }), []string{"QueueTime=130"},
			keysFor("w", "da:late", "20")},
		{"waiting for long without a number", pathWait + "?c=c1", with(da(hotline.InLine), func(p *hotline.CallerPlace) { p.Late, p.Withheld = true, true }), nil,
			keysFor("x", "da:late_withheld", "20")},
		{"cannot talk", pathWait + "?c=c1", with(da(hotline.InLine), func(p *hotline.CallerPlace) { p.Silent, p.Late = true, true }), nil,
			keysFor("s", "da:wait1 da:silent", "20")},
		{"the counsellor was lost", pathWait + "?c=c1", with(da(hotline.InLine), func(p *hotline.CallerPlace) { p.Dropped = true }), []string{"QueueTime=2"},
			keysFor("w", "da:dropped da:menu", "20")},
		{"why is said once", pathWait + "?c=c1", with(da(hotline.InLine), func(p *hotline.CallerPlace) { p.Dropped = true }), []string{"QueueTime=26"},
			keysFor("w", "da:wait2 da:menu", "20")},
		{"the line is closed", pathWait + "?c=c1", with(da(hotline.InLine), closed), []string{"QueueTime=0"}, keysFor("w", "da:closed da:menu", "20")},
		{"and closed still", pathWait + "?c=c1", with(da(hotline.InLine), closed), []string{"QueueTime=31"}, keysFor("w", "da:wait2 da:menu", "20")},
		{"and closed for long", pathWait + "?c=c1", with(da(hotline.InLine), closed), []string{"QueueTime=60"}, keysFor("w", "da:closed da:menu", "20")},
		{"the line is closed, language not known", pathWait + "?c=c1", with(hotline.CallerPlace{Where: hotline.InLine}, closed), []string{"QueueTime=3"},
			keysFor("w", "en:menu da:menu", "12")},
		{"and said once more", pathWait + "?c=c1", with(hotline.CallerPlace{Where: hotline.InLine}, closed), []string{"QueueTime=30"},
			keysFor("w", "en:closed en:menu da:closed da:menu", "12")},
		{"the line is closed, without a number, where a woman may be asked for", pathWait + "?c=c1", with(da(hotline.InLine), func(p *hotline.CallerPlace) {
			p.Closed, p.Late, p.Women, p.Withheld = true, true, true, true
		}), nil, keysFor("g", "da:closed da:menu_withheld da:menu_woman", "20")},
		{"the line is closed, and she cannot talk", pathWait + "?c=c1", with(da(hotline.InLine), func(p *hotline.CallerPlace) { p.Closed, p.Late, p.Silent = true, true, true }), nil,
			keysFor("s", "da:closed da:silent", "20")},
		{"waiting and taken", pathWait + "?c=c1", da(hotline.InRoom), nil, "Leave()"},
		{"waiting and closed", pathWait + "?c=c1", da(hotline.Over), nil, "Leave()"},

		{"held, as the caller", pathHold + "?c=c1", da(hotline.InRoom), nil, "da:hold Pause(length=20)"},
		{"held, by the counsellor", pathHold, da(hotline.InRoom), nil, "en:hold da:hold Pause(length=20)"},
	} {
		h := newCallHouse(t)
		h.board.caller = test.place
		if status, got := h.hear(t, test.uri, test.more...); status != 200 || got != test.want {
			t.Errorf("%s: answered %d\n got %s\nwant %s", test.name, status, got, test.want)
		}
	}
}

func TestLegDocuments(t *testing.T) {
	t.Parallel()
	leg := func(where hotline.Where) hotline.LegPlace {
		return hotline.LegPlace{Leg: "l1", Part: hotline.Answerer, Where: where, Speaks: "da", Language: "en", Waited: 43 * time.Second, Room: "r7"}
	}
	with := func(p hotline.LegPlace, f func(*hotline.LegPlace)) hotline.LegPlace { f(&p); return p }
	asks := func(words string) string {
		return "Gather(action=~/leg/key?l=l1 input=dtmf method=POST numDigits=1 timeout=3 " + words + " Pause(length=1) " + words +
			" Pause(length=1) " + words + ") Hangup()"
	}
	again := " Redirect(method=POST ~/leg?l=l1)"
	for _, test := range []struct {
		name  string
		place hotline.LegPlace
		want  string
	}{
		{"asked", leg(hotline.AtAsk), asks("Say(language=da-DK Et opkald til linjen, på engelsk, har ventet 43 sekunder. Tryk 1 for at tage det, 2 hvis du ikke kan.)")},
		{"asked in English", with(leg(hotline.AtAsk), func(p *hotline.LegPlace) { p.Speaks, p.Language, p.Waited = "", "da", 0 }),
			asks("Say(language=en-GB A call for the hotline, in Danish, waiting 1 second. Press 1 to take it, 2 if you cannot.)")},
		{"asked, the language not known", with(leg(hotline.AtAsk), func(p *hotline.LegPlace) { p.Speaks, p.Language = "en", "" }),
			asks("Say(language=en-GB A call for the hotline, waiting 43 seconds. Press 1 to take it, 2 if you cannot.)")},
		{"asked in a language with words for callers only", with(leg(hotline.AtAsk), func(p *hotline.LegPlace) { p.Speaks, p.Language = "es", "qq" }),
			asks("Say(language=en-GB A call for the hotline, waiting 43 seconds. Press 1 to take it, 2 if you cannot.)")},
		{"asked about a text", with(leg(hotline.AtAsk), func(p *hotline.LegPlace) { p.Text = true }), asks("da:ask_text")},
		{"a guest", with(leg(hotline.AtAsk), func(p *hotline.LegPlace) { p.Part = hotline.Guest }), asks("da:ask_guest")},
		{"an interpreter", with(leg(hotline.AtAsk), func(p *hotline.LegPlace) { p.Part, p.Tongue, p.Language, p.Speaks = hotline.Guest, true, "th", "th" }),
			asks("Say(language=en-GB You are asked to interpret Thai in a call. Press 1 to join, 2 if you cannot.)")},
		{"an interpreter of a language without a name", with(leg(hotline.AtAsk), func(p *hotline.LegPlace) { p.Part, p.Tongue, p.Language = hotline.Guest, true, "qq" }),
			asks("da:ask_guest")},
		{"called back", with(leg(hotline.AtAsk), func(p *hotline.LegPlace) { p.Part = hotline.Caller }), asks("da:ask_person")},
		{"in the room", leg(hotline.InRoom), roomFor("l1", "endConferenceOnExit=false", "~/hold?l=l1") + again},
		{"called back and in the room", with(leg(hotline.InRoom), func(p *hotline.LegPlace) { p.Part = hotline.Caller }),
			roomFor("caller", "endConferenceOnExit=true", "~/hold?l=l1") + again},
		{"a listener", with(leg(hotline.InRoom), func(p *hotline.LegPlace) { p.Part = hotline.Listener }),
			strings.NewReplacer("muted=false", "muted=true", "startConferenceOnEnter=true", "startConferenceOnEnter=false").Replace(roomFor("l1", "endConferenceOnExit=false", "~/hold?l=l1")) + again},
		{"a coach", with(leg(hotline.InRoom), func(p *hotline.LegPlace) { p.Part, p.Coached = hotline.Coach, "CA9" }),
			strings.NewReplacer("startConferenceOnEnter=true", "startConferenceOnEnter=false").Replace(roomFor("l1", "coach=CA9 endConferenceOnExit=false", "~/hold?l=l1")) + again},
		{"too late", leg(hotline.AtTaken), "da:taken Hangup()"},
		{"the caller is gone", leg(hotline.AtGone), "da:gone Hangup()"},
		{"declined", leg(hotline.AtPassed), "da:passed Hangup()"},
		{"after the call", leg(hotline.AtOutcome), "Gather(action=~/leg/after?l=l1 input=dtmf method=POST numDigits=1 timeout=55 da:outcome) Redirect(method=POST ~/leg/after?l=l1)"},
		{"said how it ended", leg(hotline.AtThanks), "da:thanks Hangup()"},
		{"took a text", with(leg(hotline.AtDesk), func(p *hotline.LegPlace) { p.Text = true }), "da:desk Hangup()"},
		{"over", leg(hotline.Over), "da:bye Hangup()"},
		{"nowhere", leg(""), "da:bye Hangup()"},
	} {
		h := newCallHouse(t)
		h.board.leg = test.place
		if status, got := h.hear(t, pathLeg+"?l=l1"); status != 200 || got != test.want {
			t.Errorf("%s: answered %d\n got %s\nwant %s", test.name, status, got, test.want)
		}
	}
	h := newCallHouse(t)
	h.board.leg = leg(hotline.InRoom)
	if _, got := h.hear(t, pathLegKey+"?l=l1", "Digits=1"); got != "da:connecting "+roomFor("l1", "endConferenceOnExit=false", "~/hold?l=l1")+again {
		t.Errorf("after key 1: %s", got)
	}
	if _, got := h.hear(t, pathHold+"?l=l1"); got != "da:hold Pause(length=20)" {
		t.Errorf("held, as a counsellor: %s", got)
	}
}

// Nothing but a voicemail is ever recorded, and what a person said, or her number, is in no document.
func TestDocumentsTellAndRecordNothing(t *testing.T) {
	t.Parallel()
	h := newCallHouse(t)
	wheres := []hotline.Where{hotline.InLine, hotline.InRoom, hotline.AtKeys, hotline.AtVoicemail, hotline.AtPromise, hotline.Over,
		hotline.AtAsk, hotline.AtTaken, hotline.AtGone, hotline.AtPassed, hotline.AtOutcome, hotline.AtThanks, hotline.AtDesk}
	for uri := range h.routes {
		if strings.Contains(uri, "message") {
			continue
		}
		for _, where := range wheres {
			for _, part := range []hotline.Part{hotline.Answerer, hotline.Guest, hotline.Listener, hotline.Coach, hotline.Caller} {
				h.board.caller = hotline.CallerPlace{Contact: "c1", Where: where, Room: "r7"}
				h.board.leg = hotline.LegPlace{Leg: "l1", Part: part, Where: where, Room: "r7", Language: "th", Coached: "CA9"}
				_, got := h.hear(t, uri+"?c=c1&l=l1&k=w&n=1", "Digits=7", "FromCity=Secretville", "CallerName=Secret+Name")
				for _, secret := range []string{"20000001", "Secret", "CA1 ", "70201550"} {
					if strings.Contains(got, secret) {
						t.Errorf("%s at %s tells %s: %s", uri, where, secret, got)
					}
				}
				voicemail := where == hotline.AtVoicemail && !strings.Contains(uri, "/leg") || where == hotline.InLine && uri == pathBackupAfter
				if strings.Contains(got, "Record(") && !voicemail || strings.Contains(got, "record=") != strings.Contains(got, "record=do-not-record") {
					t.Errorf("%s at %s records: %s", uri, where, got)
				}
			}
		}
	}
	if text := h.log.String(); strings.Contains(text, "20000001") || strings.Contains(text, "Secret") {
		t.Errorf("the log says %s", text)
	}
}
