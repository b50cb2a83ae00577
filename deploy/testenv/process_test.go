package testenv

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// orphan is what the dying test binary tells of its servers.
type orphan struct {
	Port   int
	Pid    int
	Folder string
}

// TestServersDieWithTheTest kills a test binary that runs a server of each kind.
func TestServersDieWithTheTest(t *testing.T) {
	t.Parallel()
	redisPart.path(t)
	postgresPart.path(t)
	cmd := exec.Command(os.Args[0], "-test.run=^TestHelperStartsServers$", "-test.v")
	cmd.Env = append(os.Environ(), "TESTENV_HELPER=1")
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	orphans := readOrphans(t, bufio.NewScanner(out))
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	for _, o := range orphans {
		eventually(t, "the folder to go", func() bool {
			_, err := os.Stat(o.Folder)
			return errors.Is(err, fs.ErrNotExist)
		})
		if conn, err := net.Dial("tcp", address(o.Port)); err == nil {
			conn.Close()
			t.Errorf("server %d still listens after its test binary was killed", o.Pid)
		}
	}
}

func readOrphans(t *testing.T, lines *bufio.Scanner) []orphan {
	t.Helper()
	for lines.Scan() {
		if text, ok := strings.CutPrefix(lines.Text(), "servers "); ok {
			var orphans []orphan
			if err := json.Unmarshal([]byte(text), &orphans); err != nil || len(orphans) != 2 {
				t.Fatalf("the helper told of %v, %v, want two servers", orphans, err)
			}
			return orphans
		}
	}
	t.Fatal("the helper told of no servers")
	return nil
}

// TestHelperStartsServers is the test binary that gets killed.
func TestHelperStartsServers(t *testing.T) {
	if os.Getenv("TESTENV_HELPER") == "" {
		return
	}
	r, p := NewRedis(t), NewPostgres(t)
	line, err := json.Marshal([]orphan{{r.port, r.pid, r.folder}, {p.port, p.pid, p.folder}})
	if err != nil {
		t.Fatal(err)
	}
	os.Stdout.WriteString("servers " + string(line) + "\n")
	_, _ = os.Stdin.Read(make([]byte, 1)) // until killed
}

// TestServerOutlivesItsHandle forgets all but the address of a server, and
// lets the garbage collector close what nobody holds any more.
func TestServerOutlivesItsHandle(t *testing.T) {
	t.Parallel()
	r := &RedisServer{program: redisPart.path(t)}
	if err := r.launch(); err != nil {
		t.Fatal(err)
	}
	pid, port, folder := r.pid, r.port, r.folder
	collected := make(chan struct{})
	runtime.AddCleanup(r, func(c chan struct{}) { close(c) }, collected)
	r = nil
	conn, err := net.Dial("tcp", address(port))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	runtime.GC()
	<-collected
	runtime.GC() // a file is closed by a cleanup of its own, queued by now
	// The end of the server would end the connection; this is how long its
	// watcher is given to bring that about.
	_ = conn.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("reading from a server that nobody holds: %v, want it to be there still", err)
	}
	guarded.Range(func(p, _ any) bool {
		if held := p.(*process); held.began == pid {
			if err := held.kill(); err != nil {
				t.Error(err)
			}
			_ = os.RemoveAll(folder)
		}
		return true
	})
}

func TestLaunchTellsWhyItFailed(t *testing.T) {
	t.Parallel()
	folder, err := newFolder("failing", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(folder)
	_, err = launch(spec{
		program: "/bin/sh", args: []string{"-c", "echo no room left >&2; exit 3"}, folder: folder, stop: syscall.SIGKILL,
		ready: func(int) error { return errors.New("no answer") },
	})
	if err == nil || !strings.Contains(err.Error(), "ended while starting") || !strings.Contains(err.Error(), "no room left") {
		t.Errorf("launch of a failing server: %v, want that it ended and what it printed", err)
	}
}

func TestFreePort(t *testing.T) {
	t.Parallel()
	port := FreePort(t)
	if port < 12000 || port >= 32000 {
		t.Errorf("FreePort = %d, want one below those of outgoing connections", port)
	}
	l, err := net.Listen("tcp", address(port))
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
}

func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
