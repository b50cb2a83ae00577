package console

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"hopeline/hotline"
)

// crowd opens sockets of as many users. They are bare lines that read only what they are told to, so that they weigh
// next to nothing themselves.
func (s *stand) crowd(n int) []net.Conn {
	s.t.Helper()
	lines := make([]net.Conn, n)
	for i := range lines {
		u := &hotline.User{ID: hotline.UserID(fmt.Sprint("user-", i)), Role: hotline.Counsellor}
		var token string
		s.house.set(func() { token = s.house.begin(u, false) })
		line, err := net.Dial("tcp", s.server.Listener.Addr().String())
		if err != nil {
			s.t.Fatal(err)
		}
		s.t.Cleanup(func() { line.Close() })
		fmt.Fprintf(line, "GET /ws HTTP/1.1\r\nHost: x\r\nOrigin: %s\r\nCookie: session=%s\r\nConnection: Upgrade\r\n"+
			"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"+
			"Sec-WebSocket-Protocol: %s\r\n\r\n", s.console.origin, token, protocol)
		skipHello(s.t, line)
		lines[i] = line
	}
	return lines
}

// skipHello reads the answer to the upgrade and the first frame.
func skipHello(t testing.TB, line net.Conn) {
	r := bufio.NewReader(line)
	response, err := http.ReadResponse(r, nil)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%v, %v", response, err)
	}
	head := make([]byte, 4)
	if _, err := io.ReadFull(r, head); err != nil || head[1] != 126 {
		t.Fatalf("hello begins with %v, %v", head, err)
	}
	if _, err := r.Discard(int(head[2])<<8 | int(head[3])); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkMemory is what one connected page costs while nothing happens, its line's other end included.
func BenchmarkMemory(b *testing.B) {
	const pages, most = 400, 20.0
	s := newStand(b)
	s.crowd(10) // pools and maps have their first size
	for b.Loop() {
		before := inUse()
		lines := s.crowd(pages)
		each := float64(inUse()-before) / pages / 1024
		b.ReportMetric(each, "KiB/page")
		if each > most {
			b.Errorf("a page costs %.1f KiB, want at most %v", each, most)
		}
		for _, line := range lines {
			line.Close()
		}
		eventually(b, "all went", func() bool { return len(s.console.hub.all()) == 10 })
	}
}

func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what finalizers hold goes in the second
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// BenchmarkFanOut tells one event to many pages, and compares it with writing the same bytes to as many bare sockets one
// after another, in the same run. The ratio is that time to ours: more is better.
func BenchmarkFanOut(b *testing.B) {
	const pages = 200
	s := newStand(b)
	got := make(chan struct{}, pages)
	for i := range pages {
		u := &hotline.User{ID: hotline.UserID(fmt.Sprint("user-", i)), Role: hotline.Counsellor}
		var token string
		s.house.set(func() { token = s.house.begin(u, false) })
		go countChanges(s.open(token).socket, got)
	}
	eventually(b, "all are in", func() bool { return len(s.console.hub.all()) == pages })
	bare := bareSockets(b, pages, got)
	c := hotline.Contact{ID: "contact-1", State: hotline.Waits, Opened: start, Since: start}
	raw := eventFrame(ContactChanged{contactFor(hotline.Viewer{User: hotline.User{Role: hotline.Counsellor}}, c, start)}).number(nil, 1000)

	round := func(tell func()) time.Duration {
		began := time.Now()
		tell()
		for range pages {
			<-got
		}
		return time.Since(began)
	}
	var ours, plain time.Duration
	for b.Loop() {
		c.Version++
		ours += round(func() { s.console.Tell(hotline.ContactChanged{Contact: c}) })
		plain += round(func() {
			for _, socket := range bare {
				if err := socket.WriteMessage(websocket.TextMessage, raw); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.ReportMetric(float64(plain)/float64(ours), "x-bare")
	b.ReportMetric(float64(ours.Microseconds())/float64(b.N)/pages, "µs/page")
}

// countChanges reads a page until its end, and tells each contact.changed.
func countChanges(socket *websocket.Conn, got chan<- struct{}) {
	for {
		_, raw, err := socket.ReadMessage()
		if err != nil {
			return
		}
		if bytes.HasPrefix(raw, []byte(`{"event":"contact.changed"`)) {
			got <- struct{}{}
		}
	}
}

// bareSockets are the server's ends of as many websockets, with nothing behind them.
func bareSockets(b *testing.B, n int, got chan<- struct{}) []*websocket.Conn {
	up := websocket.Upgrader{WriteBufferSize: 4096, WriteBufferPool: new(sync.Pool)}
	ends := make(chan *websocket.Conn)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		end, err := up.Upgrade(w, r, nil)
		if err != nil {
			b.Error(err)
		}
		ends <- end
	}))
	b.Cleanup(server.Close)
	bare := make([]*websocket.Conn, n)
	for i := range bare {
		go func() {
			socket, _, err := websocket.DefaultDialer.Dial("ws"+server.URL[len("http"):], nil)
			if err != nil {
				b.Error(err)
				return
			}
			countChanges(socket, got)
		}()
		bare[i] = <-ends
		b.Cleanup(func() { bare[i].Close() })
	}
	return bare
}
