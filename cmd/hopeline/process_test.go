package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"hopeline/hotline"
)

// binary builds the program once for all tests that run it as a process of its own.
var binary = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "hopeline-test-")
	if err != nil {
		return "", err
	}
	file := filepath.Join(folder, "hopeline")
	out, err := exec.Command("go", "build", "-o", file, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the program: %w: %s", err, out)
	}
	return file, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if built.Load() {
		file, _ := binary()
		os.RemoveAll(filepath.Dir(file))
	}
	os.Exit(code)
}

var built atomic.Bool

// process is the stage's program as a process that can be killed.
type process struct {
	*stage
	file string
	more []string // of the environment
	cmd  *exec.Cmd
}

// newProcess opens a stage whose program runs as a process of its own.
func newProcess(t testing.TB, set func(*config, *tuning)) *process {
	t.Helper()
	file, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	built.Store(true)
	s := emptyStage(t, set)
	p := &process{stage: s, file: file}
	t.Cleanup(func() {
		p.kill()
		s.closeCompany()
	})
	p.run()
	return p
}

// environ is the configuration as an environment.
func (p *process) environ() []string {
	c := p.config
	lines := []string{}
	for _, l := range c.Lines {
		lines = append(lines, l.Full())
	}
	env := []string{"HOPELINE_ADDR=" + c.Addr, "HOPELINE_OPS_ADDR=" + c.OpsAddr, "HOPELINE_PUBLIC_URL=" + c.Public.String(),
		"HOPELINE_DATA=" + c.Data, "TWILIO_ACCOUNT_SID=" + c.AccountSID,
		"TWILIO_AUTH_TOKEN=" + c.Tokens[0], "TWILIO_API_URL=" + c.CarrierURL, "HOPELINE_LINES=" + strings.Join(lines, ","),
		"HOPELINE_MASTER_KEY_FILE=" + c.MasterKeyFile, "HOPELINE_MFA=optional", "HOPELINE_AUTOTEXT=off"}
	if c.DatabaseURL != "" {
		env = append(env, "DATABASE_URL="+c.DatabaseURL)
	}
	if c.RedisURL != "" {
		env = append(env, "REDIS_URL="+c.RedisURL)
	}
	return append(env, p.more...)
}

// run starts the program and waits until it is ready.
func (p *process) run() {
	p.t.Helper()
	p.cmd = exec.Command(p.file, "serve")
	p.cmd.Env, p.cmd.Stderr, p.cmd.Stdout = p.environ(), p.log, p.log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	late := time.Now().Add(time.Minute)
	for time.Now().Before(late) {
		res, err := http.Get(p.config.Public.String() + "/readyz")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(10 * time.Millisecond) // a process tells nobody when it listens
	}
	p.t.Fatal("the program was not ready within a minute\n" + p.log.String())
}

// kill ends the program as a power cut would.
func (p *process) kill() {
	if p.cmd.ProcessState == nil {
		p.cmd.Process.Kill()
		p.cmd.Wait()
	}
}

// again kills the program and starts it anew.
func (p *process) again() {
	p.t.Helper()
	p.kill()
	p.run()
}

// command runs another command of the program beside it.
func (p *process) command(stdin string, arguments ...string) (string, error) {
	var out, bad lockedBuffer
	err := run(context.Background(), arguments, p.environ(), strings.NewReader(stdin), &out, &bad)
	return out.String(), err
}

// adds adds somebody who works here by the command line.
func (p *process) adds(name string, role hotline.Role) {
	p.t.Helper()
	_, err := p.command(stagePassword+"\n", "user", "add", "--email", name+"@example.org", "--name", name, "--role", string(role),
		"--languages", "en", "--password-stdin")
	if err != nil {
		p.t.Fatal("hopeline user add:", err)
	}
}

func TestKilledBetweenAnyTwoStepsNothingIsLost(t *testing.T) {
	t.Parallel()
	p := newProcess(t, nil)
	p.adds("ann", hotline.Counsellor)
	ann := p.logIn("ann")
	ann.must("presence.set", args{"state": "available"})
	back := func() { // the power comes back, and her page connects again
		p.again()
		ann.connect()
	}
	phone := p.company.Phone("+4520111111")
	p.text("+4520111111", "are you there?")
	p.kill() // after the text was taken in
	p.run()
	ann.connect()
	id := ann.offered().ID
	back() // while she is being asked
	if again := ann.offered(); again.ID != id {
		t.Fatalf("after the second start another contact was offered: %s", again.ID)
	}
	ann.must("offer.accept", args{"contact": id})
	back() // after accepting
	if r := ann.opens(id); r.Contact.State != "live" || len(r.Messages) != 1 {
		t.Fatalf("after accepting and a kill: %+v", r)
	}
	ann.sends(id, "I am here", "r1")
	back() // right after sending
	ann.sends(id, "I am here", "r1")
	if got, err := phone.Wait(t.Context(), 1); err != nil || got[0].Body != "I am here" {
		t.Fatalf("the phone got %+v, %v", got, err)
	}
	ann.must("note.add", args{"contact": id, "text": "calm"})
	ann.must("triage.set", args{"contact": id, "risk": "low"})
	back() // after the note
	r := ann.opens(id)
	if len(r.Notes) != 1 || r.Triage["risk"] != "low" || len(r.Messages) != 2 {
		t.Errorf("after the note and a kill: %+v", r)
	}
	ann.must("contact.close", args{"contact": id, "outcome": "safe"})
	back()
	if r := ann.opens(id); r.Contact.State != "closed" || r.Contact.Outcome != "safe" {
		t.Errorf("after closing and a kill: %+v", r.Contact)
	}
	if n := len(phone.Inbox()); n != 1 {
		t.Errorf("the phone got %d messages, want 1", n)
	}
	if out, err := p.command("", "audit", "verify"); err != nil || !strings.Contains(out, "as it was written") {
		t.Errorf("audit verify = %q, %v", out, err)
	}
}

func TestTheCommandLine(t *testing.T) {
	t.Parallel()
	p := newProcess(t, nil)
	p.adds("ann", hotline.Counsellor)
	if _, err := p.command(stagePassword, "user", "add", "--email", "ANN@example.org", "--name", "A", "--role", "counsellor", "--password-stdin"); err == nil ||
		!strings.Contains(err.Error(), "already") {
		t.Errorf("the same address again = %v", err)
	}
	out, err := p.command(stagePassword, "user", "add", "--email", "tom@example.org", "--name", "T", "--role", "admin", "--password-stdin", "--totp")
	if err != nil || !strings.HasPrefix(out, "otpauth://totp/") || strings.Count(out, "\n") != 1 {
		t.Errorf("user add --totp printed %q, %v", out, err)
	}
	for _, x := range []struct {
		what, says string
		line       []string
	}{
		{"without a password", "a counsellor needs a password", []string{"--role", "counsellor"}},
		{"without a phone", "give --phone", []string{"--role", "interpreter"}},
		{"with a password", "never logs in", []string{"--role", "interpreter", "--phone", "+4531000001", "--password-stdin"}},
		{"an interpreter", "", []string{"--role", "interpreter", "--phone", "+4531000001", "--languages", "th"}},
	} {
		_, err := p.command("", append([]string{"user", "add", "--email", "malee@example.org", "--name", "Malee"}, x.line...)...)
		if (err == nil) != (x.says == "") || err != nil && !strings.Contains(err.Error(), x.says) {
			t.Errorf("user add %s = %v, want %q", x.what, err, x.says)
		}
	}
	if _, err := p.command("", "user", "change", "--email", "malee@example.org", "--languages", "th,lo"); err != nil {
		t.Errorf("user change of an interpreter = %v", err)
	}
	if _, err := p.command("", "user", "change", "--email", "malee@example.org", "--phone", ""); err == nil {
		t.Error("user change took an interpreter's phone away")
	}
	if res := p.post("/api/login", "", args{"email": "malee@example.org", "password": ""}); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("log-in of an interpreter = %d, want 401", res.StatusCode)
	}
	ann := p.logIn("ann")
	if _, err := p.command("", "user", "change", "--email", "ann@example.org", "--languages", "th,da", "--gender", "woman"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.command("", "user", "change", "--email", "nobody@example.org", "--name", "N"); err == nil || !strings.Contains(err.Error(), "no such account") {
		t.Errorf("a change of nobody = %v", err)
	}
	if hello := p.logIn("ann").hello(); !strings.Contains(string(hello), `"languages":["th","da"],"gender":"woman"`) || !strings.Contains(string(hello), `"name":"ann"`) {
		t.Errorf("after user change the house knows %s", hello)
	}
	if _, err := p.command("", "user", "disable", "--email", "ann@example.org"); err != nil {
		t.Fatal(err)
	}
	late := time.After(20 * time.Second)
	for {
		ann.mu.Lock()
		closed, came := ann.closed, ann.came
		ann.mu.Unlock()
		if closed != nil {
			if !strings.Contains(closed.Error(), "4001") {
				t.Errorf("a disabled account's console was closed with %v, want 4001", closed)
			}
			break
		}
		select {
		case <-came:
		case <-late:
			t.Fatal("a disabled account's console was open for 20 s")
		}
	}
	if res := p.post("/api/login", "", args{"email": "ann@example.org", "password": stagePassword}); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("log-in of a disabled account = %d, want 401", res.StatusCode)
	}
	for _, wrong := range [][]string{{}, {"nonsense"}, {"user"}, {"user", "add"}, {"serve", "x"}, {"user", "add", "--nonsense"}, {"user", "change", "--email", "a@example.org"},
		{"user", "change", "--email", "a@example.org", "--gender", "x"}, {"audit"}} {
		_, err := p.command("", wrong...)
		if code := exitCode(err, &lockedBuffer{}); code != 2 {
			t.Errorf("hopeline %v exits with %d (%v), want 2", wrong, code, err)
		}
	}
	for _, command := range []string{"demo", "serve", "user", "doctor", "audit"} {
		if out, err := p.command("", command, "--help"); err != nil || !strings.Contains(out, "Usage:") {
			t.Errorf("hopeline %s --help = %q, %v", command, out, err)
		}
	}
	out, err = p.command("", "doctor")
	if err == nil || !strings.Contains(out, "FAIL  accounts") || !strings.Contains(out, "ok    carrier") || !strings.Contains(out, "warn  second factor") {
		t.Errorf("doctor, when nobody can answer = %v\n%s", err, out)
	}
	if !strings.Contains(out, "warn  interpreters: the rota has none of them") {
		t.Errorf("doctor, of an interpreter whom nothing rings:\n%s", out)
	}
	if !strings.Contains(out, "ok    spoken words") {
		t.Errorf("doctor, of the built-in words:\n%s", out)
	}
	if !strings.Contains(out, "FAIL  last resort") || !strings.Contains(out, "ok    time zones: the program's own, 20") {
		t.Errorf("doctor, when nobody is left to ring:\n%s", out)
	}
	p.more = []string{"HOPELINE_BACKUP=+4570999999"}
	if out, _ := p.command("", "doctor"); !strings.Contains(out, "ok    last resort") {
		t.Errorf("doctor, with a number outside:\n%s", out)
	}
	p.more = nil
	p.adds("sue", hotline.Supervisor)
	if out, _ := p.command("", "doctor"); !strings.Contains(out, "FAIL  last resort") {
		t.Errorf("doctor, with a supervisor who has no phone:\n%s", out)
	}
	if _, err := p.command(stagePassword, "user", "add", "--email", "hal@example.org", "--name", "H", "--role", "supervisor", "--phone", "+4530000009", "--password-stdin"); err != nil {
		t.Fatal(err)
	}
	if out, _ := p.command("", "doctor"); !strings.Contains(out, "ok    last resort") {
		t.Errorf("doctor, with a supervisor who has a phone:\n%s", out)
	}
	var says lockedBuffer
	run(t.Context(), []string{"doctor"}, append(p.environ(), "HOPELINE_LANGUAGES=en,th"), strings.NewReader(""), &says, &says)
	if out := says.String(); !strings.Contains(out, "FAIL  spoken words: the language th has no words for greeting") {
		t.Errorf("doctor, of a language that nobody recorded:\n%s", out)
	}
	began := time.Now()
	p.cmd.Process.Signal(syscall.SIGTERM)
	if err := p.cmd.Wait(); err != nil || time.Since(began) > 10*time.Second {
		t.Errorf("SIGTERM = %v after %v, want exit 0 within 10 s", err, time.Since(began))
	}
}
