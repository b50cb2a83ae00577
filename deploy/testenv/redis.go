package testenv

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Redis returns the address of a real Redis, such as
// "redis://127.0.0.1:20123/0". The first call starts the server; all tests of
// the test binary share it, so each uses a prefix of its own and flushes
// nothing. It persists nothing.
func Redis(t testing.TB) string {
	t.Helper()
	program := redisPart.path(t)
	url, err := sharedRedis(program)
	if err != nil {
		t.Fatal(err)
	}
	return url
}

var (
	redisOnce sync.Once
	redisURL  string
	redisErr  error
)

func sharedRedis(program string) (string, error) {
	redisOnce.Do(func() {
		r := &RedisServer{program: program}
		redisErr = r.launch()
		redisURL = r.URL()
	})
	return redisURL, redisErr
}

// RedisServer is a Redis of one test's own, to be killed, started again and
// flushed at will. It persists nothing: what a Stop takes, a Start doesn't
// bring back.
type RedisServer struct {
	t       testing.TB
	program string
	folder  string
	port    int
	*process
}

// NewRedis starts a Redis for this test alone. It ends with the test.
func NewRedis(t testing.TB) *RedisServer {
	t.Helper()
	r := &RedisServer{t: t, program: redisPart.path(t)}
	if err := r.launch(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r.Stop()
		_ = os.RemoveAll(r.folder)
	})
	return r
}

// URL is where it listens, also after a Stop and a Start.
func (r *RedisServer) URL() string { return fmt.Sprintf("redis://%s/0", address(r.port)) }

// Stop kills the server, as a power cut would, and returns when it is gone.
func (r *RedisServer) Stop() {
	r.t.Helper()
	if err := r.kill(); err != nil {
		r.t.Errorf("stop redis: %v", err)
	}
}

// Start starts it again after a Stop, on the same port, and returns when it
// answers.
func (r *RedisServer) Start() {
	r.t.Helper()
	p, err := launch(r.spec(r.port))
	if err != nil {
		r.t.Fatal(err)
	}
	r.process = p
}

// Flush removes every key, as FLUSHALL does.
func (r *RedisServer) Flush() {
	r.t.Helper()
	if _, err := askRedis(r.port, "FLUSHALL"); err != nil {
		r.t.Fatal(err)
	}
}

func (r *RedisServer) launch() (err error) {
	defer func() {
		if err != nil && r.folder != "" {
			_ = os.RemoveAll(r.folder)
		}
	}()
	if r.folder, err = newFolder("redis", nil); err != nil {
		return err
	}
	r.process, r.port, err = launchOnFreePort(r.spec)
	return err
}

func (r *RedisServer) spec(port int) spec {
	return spec{
		program: r.program,
		args: []string{"--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--dir", r.folder,
			"--save", "", "--appendonly", "no"},
		folder: r.folder,
		stop:   syscall.SIGKILL,
		ready: func(pid int) error {
			info, err := askRedis(port, "INFO server")
			if err != nil {
				return err
			}
			if !strings.Contains(info, fmt.Sprintf("process_id:%d\r\n", pid)) {
				return fmt.Errorf("port %d is another server's", port)
			}
			return nil
		},
	}
}

// askRedis sends one command in a line and returns the reply, whole.
func askRedis(port int, command string) (string, error) {
	conn, err := net.DialTimeout("tcp", address(port), time.Second)
	if err != nil {
		return "", fmt.Errorf("dial redis: %w", err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	if _, err := fmt.Fprintf(conn, "%s\r\n", command); err != nil {
		return "", fmt.Errorf("ask redis: %w", err)
	}
	return readReply(bufio.NewReader(conn))
}

// readReply reads a status ("+OK"), an error ("-…") or a bulk string ("$5…").
func readReply(from *bufio.Reader) (string, error) {
	line, err := from.ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("read redis's reply: %w", err)
	}
	kind, rest := line[0], strings.TrimSpace(line[1:])
	switch kind {
	case '+':
		return rest, nil
	case '$':
		n, err := strconv.Atoi(rest)
		if err != nil || n < 0 {
			return "", fmt.Errorf("read redis's reply: a length of %q", rest)
		}
		body := make([]byte, n)
		if _, err := io.ReadFull(from, body); err != nil {
			return "", fmt.Errorf("read redis's reply: %w", err)
		}
		return string(body), nil
	}
	return "", fmt.Errorf("redis: %s", rest)
}
