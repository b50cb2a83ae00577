package carrier_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/hotline/carrier"
	"hopeline/hotline/carrier/simulator"
)

const (
	counsel = "+4530000001"
	second  = "+4530000002"
	backup  = "+4530000009"
)

// exchange is a small switchboard: one caller, some legs, and where each belongs.
type exchange struct {
	mu      sync.Mutex
	changed chan struct{}
	caller  hotline.CallerPlace
	sid     string // of the caller's leg
	legs    map[hotline.LegID]hotline.LegPlace
	owner   hotline.LegID
	presses []hotline.Pressed
	said    []string // digits after the call
	leg     []hotline.LegReport
	room    []hotline.RoomReport
	sounds  []hotline.Recording
	away    bool // the database
}

func (x *exchange) do(f func()) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.away {
		return hotline.ErrUnavailable
	}
	f()
	close(x.changed)
	x.changed = make(chan struct{})
	return nil
}

func (x *exchange) Called(_ context.Context, in hotline.IncomingCall) (p hotline.CallerPlace, err error) {
	err = x.do(func() {
		if x.sid == "" {
			x.sid, x.caller = in.SID, hotline.CallerPlace{Contact: "contact-1", Where: hotline.InLine, Room: "room-1", Withheld: in.From.Withheld()}
		}
		p = x.caller
	})
	return p, err
}

func (x *exchange) Caller(context.Context, hotline.ContactID, bool) (p hotline.CallerPlace, err error) {
	err = x.do(func() { p = x.caller })
	return p, err
}

func (x *exchange) Pressed(_ context.Context, press hotline.Pressed) (p hotline.CallerPlace, err error) {
	err = x.do(func() {
		known := slices.ContainsFunc(x.presses, func(o hotline.Pressed) bool { return o.Step == press.Step })
		if !known {
			x.presses = append(x.presses, press)
		}
		switch press.Key {
		case hotline.KeyVoicemail:
			x.caller.Where = hotline.AtVoicemail
		case hotline.KeyCallback:
			x.caller.Where = hotline.AtPromise
		case hotline.KeyStay:
			x.caller.Where = hotline.InLine
		case hotline.KeySilent:
			x.caller.Silent = true
		}
		if press.Language != "" {
			x.caller.Language = press.Language
		}
		p = x.caller
	})
	return p, err
}

func (x *exchange) Leg(_ context.Context, id hotline.LegID, _ string, _ bool) (p hotline.LegPlace, err error) {
	err = x.do(func() { p = x.legs[id] })
	return p, err
}

func (x *exchange) LegPressed(_ context.Context, id hotline.LegID, _, digit string) (p hotline.LegPlace, err error) {
	err = x.do(func() {
		p = x.legs[id]
		switch {
		case p.Where == hotline.AtOutcome:
			x.said, p.Where = append(x.said, digit), hotline.AtThanks
		case p.Where == hotline.AtAsk && digit == "2":
			p.Where = hotline.AtPassed
		case p.Where == hotline.AtAsk && digit == "1" && x.owner != "":
			p.Where = hotline.AtTaken
		case p.Where == hotline.AtAsk && digit == "1":
			x.owner, p.Where, x.caller.Where = id, hotline.InRoom, hotline.InRoom
		}
		x.legs[id] = p
	})
	return p, err
}

func (x *exchange) LegReport(_ context.Context, r hotline.LegReport) error {
	return x.do(func() {
		x.leg = append(x.leg, r)
		if p := x.legs[x.owner]; r.Leg == "" && r.State == hotline.LegOver && p.Where == hotline.InRoom {
			p.Where = hotline.AtOutcome
			x.legs[x.owner] = p
		}
	})
}

func (x *exchange) RoomReport(_ context.Context, r hotline.RoomReport) error {
	return x.do(func() {
		x.room = append(x.room, r)
		if p := x.legs[x.owner]; r.Kind == hotline.RoomEnded && p.Where == hotline.InRoom {
			p.Where = hotline.AtOutcome
			x.legs[x.owner] = p
		}
	})
}

func (x *exchange) Recorded(_ context.Context, r hotline.Recording) error {
	return x.do(func() { x.sounds = append(x.sounds, r) })
}

// until waits until what is true of the switchboard.
func (x *exchange) until(t *testing.T, what string, is func() bool) {
	t.Helper()
	late := time.After(30 * time.Second)
	for {
		x.mu.Lock()
		changed, reached := x.changed, is()
		x.mu.Unlock()
		if reached {
			return
		}
		select {
		case <-changed:
		case <-late:
			t.Fatalf("not in 30 s: %s", what)
		}
	}
}

// dark puts the database away, or back.
func (x *exchange) dark(on bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.away = on
}

func (x *exchange) set(f func()) {
	x.mu.Lock()
	defer x.mu.Unlock()
	f()
}

// night is a phone company, our edge to it, and a switchboard.
type night struct {
	*simulator.Carrier
	t      *testing.T
	client *carrier.Client
	board  *exchange
	ana    *simulator.Phone
	public string
	broken *atomic.Bool // the address of the wait document
}

func newNight(t *testing.T, change ...func(*carrier.Config)) night {
	t.Helper()
	company := simulator.New(simulator.Config{AccountSID: account, AuthToken: token, Step: time.Millisecond, Tempo: 20})
	x := &exchange{changed: make(chan struct{}), legs: map[hotline.LegID]hotline.LegPlace{}}
	mux, broken := http.NewServeMux(), &atomic.Bool{}
	hooks, api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if broken.Load() && r.URL.Path == "/twilio/voice/wait" {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		mux.ServeHTTP(w, r)
	})), httptest.NewServer(company)
	public, err := url.Parse(hooks.URL)
	if err != nil {
		t.Fatal(err)
	}
	cfg := carrier.Config{Public: public, AccountSID: account, Tokens: []string{token}, APIURL: api.URL}
	for _, f := range change {
		f(&cfg)
	}
	mux.Handle("/", carrier.NewWebhooks(cfg, &desk{changed: make(chan struct{})}, x, x, nil, zap.NewNop(), nil))
	client := carrier.NewClient(cfg)
	t.Cleanup(func() {
		company.Close()
		client.Close()
		hooks.Close()
		api.Close()
		for _, f := range company.Faults() {
			t.Errorf("the carrier minds: %v", f)
		}
	})
	company.Number(line, simulator.Webhooks{Voice: hooks.URL + "/twilio/voice", VoiceStatus: hooks.URL + "/twilio/voice/status"})
	for _, number := range []string{counsel, second, backup} {
		company.Phone(number)
	}
	return night{company, t, client, x, company.Phone("+4520000001"), hooks.URL, broken}
}

func (n night) ok(err error) {
	n.t.Helper()
	if err != nil {
		n.t.Fatal(err)
	}
}

func (n night) soon() context.Context {
	ctx, cancel := context.WithTimeout(n.t.Context(), time.Minute)
	n.t.Cleanup(cancel)
	return ctx
}

// calls lets her call and wait in line, in Danish.
func (n night) calls() *simulator.Call {
	n.t.Helper()
	call, err := n.ana.Call(n.soon(), line)
	n.ok(err)
	n.ok(call.Hear(n.soon(), "For dansk, tryk 2"))
	call.Press("2")
	n.ok(call.InQueue(n.soon()))
	n.ok(call.Hear(n.soon(), "Vi finder en"))
	return call
}

// rings asks somebody by phone and returns her leg, which was answered.
func (n night) rings(id hotline.LegID, number string) *simulator.Call {
	n.t.Helper()
	n.board.set(func() {
		n.board.legs[id] = hotline.LegPlace{Leg: id, Part: hotline.Answerer, Where: hotline.AtAsk, Room: "room-1", Speaks: "en", Language: "da", Waited: 7 * time.Second}
	})
	got := n.client.Dial(n.soon(), hotline.Dialling{Leg: id, Part: hotline.Answerer, From: hotline.AddressOf(line), To: hotline.AddressOf(number)})
	if got.Class != hotline.Taken {
		n.t.Fatalf("Dial = %+v", got)
	}
	leg, err := n.Phone(number).Ringing(n.soon())
	n.ok(err)
	leg.Answer()
	if leg.SID() != got.SID || leg.From() != line {
		n.t.Errorf("leg %s rings from %s, want %s from the line", leg.SID(), leg.From(), got.SID)
	}
	return leg
}

// meet is a caller and a counsellor who talk.
func (n night) meet() (call, leg *simulator.Call) {
	n.t.Helper()
	call = n.calls()
	leg = n.rings("leg-1", counsel)
	n.ok(leg.Hear(n.soon(), "A call for the hotline, in Danish, waiting 7 seconds."))
	leg.Press("1")
	n.ok(leg.Hear(n.soon(), "Connecting"))
	if got := n.client.MoveCaller(n.soon(), call.SID(), "contact-1"); got.Class != hotline.Taken {
		n.t.Fatalf("MoveCaller = %+v", got)
	}
	n.ok(call.Meet(n.soon(), leg))
	return call, leg
}
