package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/hotline/auth"
	"hopeline/hotline/carrier/simulator"
	"hopeline/hotline/intake"
)

// stage is a whole hotline under test: the real program, a simulated phone company, and consoles that speak the real
// protocol.
type stage struct {
	t       testing.TB
	config  *config
	tuning  tuning
	company *simulator.Carrier
	api     *httptest.Server
	log     *lockedBuffer

	house *house
	stop  context.CancelFunc
	ended chan error
}

const (
	stageAccount  = "AC0123456789abcdef0123456789abcdef"
	stageToken    = "a0123456789abcdef0123456789abcdef"
	stagePassword = "a lamp at night"
)

// quick shortens what people wait for, and nothing else.
func quick() tuning {
	t := usual
	t.cost = auth.CheapCost
	t.pace.Dial = 50 * time.Millisecond
	t.rules.Call.Ring = 400 * time.Second // at the stage's tempo that is 20 s by the clock: a test has to find the phone ringing
	t.rules.Call.Meet = time.Minute       // a page under test may be slow to take its leg
	t.fetching.Try, t.fetching.Again, t.fetching.Longest = 2*time.Second, 100*time.Millisecond, time.Second
	t.patience = intake.Patience{Try: 5 * time.Second, Unsure: 300 * time.Millisecond, Second: 200 * time.Millisecond, Crash: time.Second, Look: time.Second, Halt: time.Second, Stop: 2 * time.Second}
	return t
}

// newStage opens a hotline whose settings set may change before it starts.
func newStage(t testing.TB, set func(*config, *tuning)) *stage {
	t.Helper()
	s := emptyStage(t, set)
	t.Cleanup(s.strike)
	s.start()
	return s
}

// emptyStage is a stage whose program does not run yet.
func emptyStage(t testing.TB, set func(*config, *tuning)) *stage {
	t.Helper()
	s := &stage{t: t, tuning: quick(), log: &lockedBuffer{}}
	s.company = simulator.New(simulator.Config{AccountSID: stageAccount, AuthToken: stageToken, Tempo: 20, SpeechRate: 200, Thumb: 5 * time.Second})
	s.api = httptest.NewServer(s.company)
	addr := freeAddr(t)
	folder := t.TempDir()
	s.config = &config{Addr: addr, OpsAddr: freeAddr(t), Public: &url.URL{Scheme: "http", Host: addr}, Data: filepath.Join(folder, "data"),
		AccountSID: stageAccount, Tokens: []string{stageToken}, CarrierURL: s.api.URL,
		Languages:     []string{"en", "da"},
		Lines:         []hotline.Address{hotline.AddressOf(demoLine), hotline.AddressOf("whatsapp:" + demoLine)},
		MasterKeyFile: filepath.Join(folder, "hopeline.key")}
	if set != nil {
		set(s.config, &s.tuning)
	}
	for _, line := range s.config.Lines {
		s.company.Number(line.Full(), hooks(s.config, line))
	}
	return s
}

// start runs the program until halt.
func (s *stage) start() {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s.stop, s.ended = cancel, make(chan error, 1)
	ready := make(chan *house, 1)
	ended := s.ended
	phones := s.company.Softphones()
	go func() { ended <- serve(ctx, s.config, s.tuning, newLog(s.log), phones, func(h *house) { ready <- h }) }()
	select {
	case s.house = <-ready:
	case err := <-s.ended:
		s.t.Fatal("the program did not start:", err)
	case <-time.After(time.Minute):
		s.t.Fatal("the program did not start within a minute")
	}
}

// halt stops the program as SIGTERM does.
func (s *stage) halt() {
	s.t.Helper()
	s.stop()
	select {
	case err := <-s.ended:
		if err != nil {
			s.t.Error("the program ended with:", err)
		}
	case <-time.After(30 * time.Second):
		s.t.Fatal("the program did not stop within 30 s")
	}
}

// strike takes the stage down. Anything that the phone company did not expect fails the test.
func (s *stage) strike() {
	s.legsEnd()
	s.halt()
	s.legsEnd() // one that was just dialled ends by itself
	s.closeCompany()
}

// legsEnd gives the house a moment to end what a test left: whatever is open then is a fault.
func (s *stage) legsEnd() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	s.company.Until(ctx, func() bool { return len(s.company.OpenLegs()) == 0 })
}

func (s *stage) closeCompany() {
	s.company.Close()
	s.api.Close()
	for _, fault := range s.company.Faults() {
		s.t.Error("the phone company complains:", fault)
	}
	if s.t.Failed() {
		s.t.Log("log:\n" + s.log.String())
	}
}

// account adds somebody who works here.
func (s *stage) account(name string, role hotline.Role, languages ...string) {
	s.t.Helper()
	s.hires(name, role, "", languages...)
}

// hires adds somebody with a phone of her own.
func (s *stage) hires(name string, role hotline.Role, phone string, languages ...string) {
	s.t.Helper()
	_, _, err := s.house.doors.AddAccount(context.Background(), intake.Account{Email: name + "@example.org", Name: strings.ToUpper(name[:1]) + name[1:],
		Role: role, Languages: languages, Phone: phone, Password: stagePassword})
	if err != nil {
		s.t.Fatal("add an account:", err)
	}
}

// userID is the id of somebody who works here.
func (s *stage) userID(name string) string {
	s.t.Helper()
	users, err := s.house.store.Users(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, u := range users {
		if u.Email == name+"@example.org" {
			return string(u.ID)
		}
	}
	s.t.Fatal("nobody works here as ", name)
	return ""
}

// counsellor adds one, logs her in and makes her available.
func (s *stage) counsellor(name string, languages ...string) *desk {
	s.t.Helper()
	s.account(name, hotline.Counsellor, languages...)
	d := s.logIn(name)
	d.must("presence.set", args{"state": "available"})
	return d
}

func (s *stage) text(from, words string, options ...simulator.Option) simulator.Receipt {
	s.t.Helper()
	r, err := s.company.Phone(from).Text(s.t.Context(), demoLine, words, options...)
	if err != nil || !r.Answer.OK() {
		s.t.Fatalf("text from %s: %+v, %v", from, r, err)
	}
	return r
}

// port is the last one given out: below those that the system gives to whoever connects, so that a program that is
// killed and started again finds its own free.
var port atomic.Int32

func init() { port.Store(int32(10_000 + os.Getpid()%10_000)) }

func freeAddr(t testing.TB) string {
	t.Helper()
	for range 1000 {
		addr := fmt.Sprintf("127.0.0.1:%d", port.Add(1))
		if l, err := net.Listen("tcp", addr); err == nil {
			l.Close()
			return addr
		}
	}
	t.Fatal("no port is free")
	return ""
}

// lockedBuffer collects the program's log.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// get fetches an address of the program.
func (s *stage) get(base, path string) (int, string) {
	s.t.Helper()
	res, err := http.Get(base + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	var b bytes.Buffer
	b.ReadFrom(res.Body)
	return res.StatusCode, b.String()
}
