package fallback

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"hopeline/hotline/carrier"
	"hopeline/hotline/carrier/simulator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	account   = "AC0123456789abcdef0123456789abcdef"
	authToken = "a0123456789abcdef0123456789abcdef"
	pushToken = "0123456789abcdef0123456789abcdef"
	line      = "+4570201550"
	ana       = "+4520000001"
	anna      = "+4530000001"
	bea       = "+4530000002"
	partner   = "+4530000009"
)

var midnight = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)

// night is a phone company whose house is dead, and the host that answers instead.
type night struct {
	t       *testing.T
	company *simulator.Carrier
	server  *httptest.Server
	host    *Host
	client  *Client
	config  Config
	log     *bytes.Buffer
	clock   atomic.Int64 // milliseconds
}

func newNight(t *testing.T) *night {
	t.Helper()
	n := &night{t: t, log: &bytes.Buffer{}}
	n.later(midnight.Add(3 * time.Hour))
	n.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { n.host.ServeHTTP(w, r) }))
	own, _ := url.Parse(n.server.URL)
	logTo := zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.Lock(zapcore.AddSync(n.log)), zap.DebugLevel)
	n.config = Config{Own: own, Signer: carrier.Signer{Public: own, Tokens: []string{authToken}}, Token: pushToken,
		File: filepath.Join(t.TempDir(), "plan"), Now: n.now, Log: zap.New(logTo)}
	n.open()
	n.client = NewClient(own, pushToken)
	n.company = simulator.New(simulator.Config{AccountSID: account, AuthToken: authToken, Tempo: 20, Step: time.Millisecond})
	n.company.Number(line, simulator.Webhooks{Voice: "http://127.0.0.1:1/twilio/voice", VoiceFallback: n.server.URL + "/voice",
		Message: "http://127.0.0.1:1/twilio/message", MessageFallback: n.server.URL + "/message"})
	t.Cleanup(n.ends)
	return n
}

func (n *night) now() time.Time { return time.UnixMilli(n.clock.Load()).UTC() }

func (n *night) later(t time.Time) { n.clock.Store(t.UnixMilli()) }

func (n *night) open() {
	n.t.Helper()
	host, err := NewHost(n.config)
	if err != nil {
		n.t.Fatal(err)
	}
	n.host = host
}

func (n *night) ends() {
	n.company.Close()
	n.client.Close()
	n.server.Close()
	for _, f := range n.company.Faults() {
		n.t.Errorf("the carrier did not like: %v", f)
	}
	for _, phone := range []string{ana, anna, bea, partner} {
		if strings.Contains(n.log.String(), phone[1:]) {
			n.t.Error("the log holds a number")
		}
	}
}

func (n *night) pushes(p Plan) {
	n.t.Helper()
	if p.Made.IsZero() {
		p.Made = n.now()
	}
	if err := n.client.Push(n.t.Context(), p); err != nil {
		n.t.Fatal(err)
	}
}

func (n *night) ok(err error) {
	n.t.Helper()
	if err != nil {
		var heard []string
		for _, l := range n.company.Calls() {
			heard = append(heard, l.Direction()+" "+l.State()+":")
			for _, h := range l.Heard() {
				heard = append(heard, h.Text)
			}
		}
		n.t.Fatalf("%v; heard %q; faults %v", err, heard, n.company.Faults())
	}
}

func (n *night) dials() (*simulator.Call, context.Context) {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(n.t.Context(), time.Minute)
	n.t.Cleanup(cancel)
	call, err := n.company.Phone(ana).Call(ctx, line)
	n.ok(err)
	return call, ctx
}

// duty is a plan of people who are on duty all night.
func duty(backup string, phones ...string) Plan {
	l := Line{Languages: []string{"da", "en"}, Backup: backup}
	for i, phone := range phones {
		l.Duty = append(l.Duty, Person{ID: "u_" + string(rune('a'+i)), Phone: phone, Speaks: "en"})
	}
	return Plan{Lines: map[string]Line{line: l}}
}

func TestAVoicemailDoesNotTakeTheCallAndTheSecondIsStillRung(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	n.company.Phone(anna).Voicemail(5 * time.Second)
	second := n.company.Phone(bea)
	n.pushes(duty(partner, anna, bea))
	call, ctx := n.dials()
	n.ok(call.Hear(ctx, "you are not alone"))
	n.ok(call.Hear(ctx, "du er ikke alene"))
	leg, err := second.Ringing(ctx)
	n.ok(err)
	if leg.From() != line {
		t.Error("her phone does not show the line's number")
	}
	leg.Answer()
	n.ok(leg.Hear(ctx, "press 1 to take it"))
	leg.Press("1")
	n.ok(call.Meet(ctx, leg))
	call.Speak("thank you for being there")
	n.ok(leg.Hear(ctx, "thank you for being there"))
	leg.HangUp()
	n.ok(call.Hear(ctx, "call us again"))
	n.ok(call.Wait(ctx, simulator.Completed))
	if first := n.company.Phone(anna).Calls(); len(first) != 1 || first[0].State() != simulator.Completed {
		t.Errorf("the first phone had %d calls, want its one voicemail", len(first))
	}
	if len(n.company.Recordings()) != 0 || len(n.company.Phone(partner).Calls()) != 0 {
		t.Error("something came after the talk")
	}
}

func TestNobodyTakesIt(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		first func(*simulator.Phone)
	}{
		{"nobody answers", (*simulator.Phone).LetsRing},
		{"all are busy", (*simulator.Phone).Busy},
		{"all are off", func(p *simulator.Phone) { p.Unreachable(480) }},
		{"they answer and press nothing", func(p *simulator.Phone) { p.Answers(time.Second) }},
		{"they decline", func(p *simulator.Phone) { p.Answers(time.Second, "2") }},
		{"only voicemails", func(p *simulator.Phone) { p.Voicemail(time.Second) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			n := newNight(t)
			for _, phone := range []string{anna, bea, partner} {
				test.first(n.company.Phone(phone))
			}
			n.pushes(duty(partner, anna, bea))
			call, ctx := n.dials()
			n.ok(call.Hear(ctx, "leave a message"))
			call.Press("#")
			n.ok(call.Hear(ctx, "your message is kept"))
			n.ok(call.Wait(ctx, simulator.Completed))
			if got := len(n.company.Recordings()); got != 1 {
				t.Errorf("%d messages at the carrier, want 1", got)
			}
			for _, phone := range []string{anna, bea, partner} {
				if got := len(n.company.Phone(phone).Calls()); got != 1 {
					t.Errorf("a phone was rung %d times, want once", got)
				}
			}
		})
	}
}

func TestTheNumberOutsideIsRungLast(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	n.company.Phone(anna).Busy()
	n.company.Phone(partner).Answers(time.Second, "7", "1") // a slip first
	n.pushes(duty(partner, anna))
	call, ctx := n.dials()
	leg, err := n.company.Phone(partner).Talking(ctx)
	n.ok(err)
	n.ok(call.Meet(ctx, leg))
	call.HangUp()
	n.ok(leg.Wait(ctx, simulator.Completed))
}

func TestACallerIsNeverTurnedAway(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		plan *Plan
	}{
		{"no plan", nil},
		{"a plan without the line", &Plan{Lines: map[string]Line{"+4570000000": {}}}},
		{"a line without people, in no known language", &Plan{Lines: map[string]Line{line: {Languages: []string{"tlh"}}}}},
		{"duty that has run out", &Plan{Lines: map[string]Line{line: {Duty: []Person{{ID: "u_a", Phone: anna, Until: midnight}}}}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			n := newNight(t)
			n.company.Phone(anna)
			if test.plan != nil {
				n.pushes(*test.plan)
			}
			call, ctx := n.dials()
			call.Silent()
			n.ok(call.Hear(ctx, "leave a message"))
			n.ok(call.Hear(ctx, "emergency number"))
			n.ok(call.Wait(ctx, simulator.Completed))
			if len(n.company.Phone(anna).Calls()) != 0 {
				t.Error("somebody was rung")
			}
		})
	}
}

func TestAPlanThatChangesTriesNobodyTwice(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	n.company.Phone(bea)
	n.pushes(duty("", anna))
	first := n.company.Phone(anna)
	call, ctx := n.dials()
	leg, err := first.Ringing(ctx)
	n.ok(err)
	n.later(n.now().Add(time.Minute))
	p := duty("", bea, anna)
	p.Lines[line].Duty[0].ID, p.Lines[line].Duty[1].ID = "u_b", "u_a" // before her in the order now
	n.pushes(p)
	leg.HangUp()
	second, err := n.company.Phone(bea).Ringing(ctx)
	n.ok(err)
	second.HangUp()
	n.ok(call.Hear(ctx, "leave a message"))
	call.HangUp()
	if len(first.Calls()) != 1 {
		t.Errorf("the first was rung %d times, want once", len(first.Calls()))
	}
}

func TestATextIsLeftToTheCarrier(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	receipt, err := n.company.Phone(ana).Text(t.Context(), line, "are you there")
	n.ok(err)
	if last := receipt.Answer; !last.Fallback || last.Status != 200 || last.Code != 0 {
		t.Errorf("the answer to a text = %+v", last)
	}
}
