package testenv

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a server may take to start or to stop. It is long
// because the machine may be busy; a healthy one takes a tenth of a second.
const patience = 60 * time.Second

// watch waits until its standard input ends, which is when the test binary
// has ended, in whatever way. Then it stops the server and removes its folder.
// Its arguments: signal, process id, folder.
const watch = `
read -r _
kill -s "$1" "$2" 2>/dev/null
n=0
while kill -0 "$2" 2>/dev/null && [ $n -lt 50 ]; do sleep 0.1; n=$((n+1)); done
kill -s KILL "$2" 2>/dev/null
rm -rf "$3"`

// process is one running server, a child of the test binary.
//
// It is reaped with wait4 instead of exec.Cmd's Wait, so that asking whether
// it still runs needs no goroutine. There is no parent-death signal either:
// that one is sent when the thread that started the child ends, not the
// process, and it exists on Linux only.
type process struct {
	pid     int
	began   int // the pid that it began with: never changed, so that anybody may read it
	stop    syscall.Signal
	log     string // path of what it printed
	watcher *exec.Cmd
	life    io.Closer // our end of the watcher's pipe
}

// spec says how to start a server.
type spec struct {
	program string
	args    []string
	folder  string // holds all that it writes; removed when the test binary ends
	user    *syscall.Credential
	stop    syscall.Signal // ends it at once, with nothing saved in good order

	// ready is nil once the server answers, and it is this server: by bad luck
	// another test binary's may have come to the port first.
	ready func(pid int) error
}

// launchOnFreePort starts a server on a port that nobody uses. When somebody
// takes the port in the moment before the server does, it draws another.
func launchOnFreePort(on func(port int) spec) (*process, int, error) {
	var failed error
	for range 3 {
		port, err := freePort()
		if err != nil {
			return nil, 0, err
		}
		p, err := launch(on(port))
		if err == nil {
			return p, port, nil
		}
		failed = err
	}
	return nil, 0, failed
}

// launch starts a server and returns when it is ready.
func launch(s spec) (*process, error) {
	log, err := os.OpenFile(filepath.Join(s.folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the server's log: %w", err)
	}
	defer log.Close()
	cmd := exec.Command(s.program, s.args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = "/", log, log
	// A group of its own: Ctrl-C at the terminal is for the test, which then
	// ends, and the watcher does the rest.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: s.user}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", filepath.Base(s.program), err)
	}
	defer cmd.Process.Release()
	p := &process{pid: cmd.Process.Pid, began: cmd.Process.Pid, stop: s.stop, log: log.Name()}
	if err := p.guard(s.folder); err != nil {
		return nil, errors.Join(err, p.kill())
	}
	if err := p.await(s.ready); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w\n%s", filepath.Base(s.program), err, p.tail()), p.kill())
	}
	return p, nil
}

// guarded holds each process that has a watcher. One that nobody else holds,
// such as a shared server of which only the address is wanted, would have its
// end of the pipe closed by the garbage collector, and its watcher would kill it.
var guarded sync.Map // *process → nothing

// guard starts the watcher.
func (p *process) guard(folder string) error {
	cmd := exec.Command("/bin/sh", "-c", watch, "watch", strconv.Itoa(int(p.stop)), strconv.Itoa(p.pid), folder)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	life, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("make the watcher's pipe: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the watcher: %w", err)
	}
	p.watcher, p.life = cmd, life
	guarded.Store(p, nil)
	return nil
}

// await asks until the server answers. A server that has not opened its port
// yet has no event to wait for, so it is asked again and again.
func (p *process) await(ready func(pid int) error) error {
	deadline := time.Now().Add(patience)
	for {
		err := ready(p.pid)
		if err == nil {
			return nil
		}
		if p.reap(syscall.WNOHANG) {
			return errors.New("ended while starting")
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("not ready after %v: %w", patience, err)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// kill ends the server and its watcher, and returns when both are gone. The
// folder stays.
func (p *process) kill() error {
	if p.watcher != nil {
		// Before the server, so that it never signals a pid that is another's by now.
		_ = p.watcher.Process.Kill()
		_ = p.watcher.Wait()
		_ = p.life.Close()
		p.watcher = nil
		guarded.Delete(p)
	}
	if p.pid == 0 {
		return nil
	}
	_ = syscall.Kill(p.pid, p.stop)
	for deadline := time.Now().Add(patience); !p.reap(syscall.WNOHANG); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			_ = syscall.Kill(p.pid, syscall.SIGKILL)
			p.reap(0)
			return fmt.Errorf("server did not stop within %v", patience)
		}
	}
	return nil
}

// reap reports whether the server has ended, and collects it if so.
func (p *process) reap(options int) bool {
	if p.pid == 0 {
		return true
	}
	for {
		pid, err := syscall.Wait4(p.pid, nil, options, nil)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if pid == p.pid || err != nil {
			p.pid = 0
			return true
		}
		return false
	}
}

// tail is the end of what the server printed.
func (p *process) tail() string {
	b, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(b[max(0, len(b)-2000):])
}

// FreePort returns a TCP port of 127.0.0.1 that nothing listens on. It lies
// below the range from which outgoing connections take theirs, so it stays
// free unless another caller of FreePort draws it too.
func FreePort(t testing.TB) int {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func freePort() (int, error) {
	var err error
	for range 100 {
		port := 12000 + rand.IntN(20000)
		l, lerr := net.Listen("tcp", address(port))
		if lerr != nil {
			err = lerr
			continue
		}
		return port, l.Close()
	}
	return 0, fmt.Errorf("find a free port: %w", err)
}

func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
