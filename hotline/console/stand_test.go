package console

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"hopeline/hotline"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stand is a console on a real socket, with a house behind it.
type stand struct {
	t       testing.TB
	house   *house
	console *Console
	server  *httptest.Server
	end     func() // ends the console, and waits
}

// patient bounds every wait of the tests.
const patient = 30 * time.Second

func newStand(t testing.TB, change ...func(*limits)) *stand {
	s := &stand{t: t, house: newHouse()}
	listener := small{listen(t)}
	public := &url.URL{Scheme: "http", Host: listener.Addr().String()}
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	s.console = New(Config{Public: public, Now: s.house.clock}, s.house.parts(page))
	for _, f := range change {
		f(&s.console.limits)
	}
	s.house.tell = s.console.Tell
	s.server = &httptest.Server{Listener: listener, Config: &http.Server{Handler: s.console.Handler()}}
	s.server.Start()
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = s.console.Run(ctx) })
	s.end = func() {
		cancel()
		running.Wait()
	}
	t.Cleanup(func() {
		s.end()
		s.server.Close()
	})
	return s
}

func listen(t testing.TB) net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// small makes the system keep little for who does not read.
type small struct{ net.Listener }

func (s small) Accept() (net.Conn, error) {
	c, err := s.Listener.Accept()
	if err == nil {
		err = c.(*net.TCPConn).SetWriteBuffer(64 << 10)
	}
	return c, err
}

// logIn opens a session of a user.
func (s *stand) logIn(user hotline.UserID) (token string) {
	s.house.set(func() { token = s.house.begin(s.house.user(user), false) })
	return token
}

// heard is any frame of the server.
type heard struct {
	raw   string
	Re    string
	OK    bool
	Error *Refusal
	Event string
	Seq   int64
	Data  json.RawMessage
}

// client is a page.
type client struct {
	t      testing.TB
	socket *websocket.Conn
	frames chan heard
	err    error // why the socket ended; once frames is closed
}

// dial opens the websocket as a browser would, with changes to its headers.
func (s *stand) dial(token string, change ...func(http.Header)) (*websocket.Conn, *http.Response, error) {
	header := http.Header{"Origin": {s.console.origin}}
	if token != "" {
		header.Set("Cookie", "session="+token)
	}
	for _, f := range change {
		f(header)
	}
	d := websocket.Dialer{Subprotocols: []string{protocol}, HandshakeTimeout: patient}
	return d.Dial("ws"+s.console.origin[len("http"):]+"/ws", header)
}

// open connects with a session and does not read yet.
func (s *stand) open(token string) *client {
	s.t.Helper()
	socket, _, err := s.dial(token)
	if err != nil {
		s.t.Fatal(err)
	}
	c := &client{t: s.t, socket: socket, frames: make(chan heard, 10_000)}
	s.t.Cleanup(func() { socket.Close() })
	return c
}

// listen reads from now on.
func (c *client) listen() *client {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(c.frames)
		for {
			_, raw, err := c.socket.ReadMessage()
			if err != nil {
				c.err = err
				return
			}
			h := heard{raw: string(raw)}
			if err := json.Unmarshal(raw, &h); err != nil {
				c.t.Errorf("the server sent no JSON: %q", raw)
			}
			c.frames <- h
		}
	}()
	c.t.Cleanup(func() {
		c.socket.Close()
		<-done
	})
	return c
}

// page logs a user in, connects, and reads hello.
func (s *stand) page(user hotline.UserID) *client {
	s.t.Helper()
	c := s.open(s.logIn(user)).listen()
	c.event("hello")
	return c
}

// next is the next frame.
func (c *client) next() heard {
	c.t.Helper()
	select {
	case h, ok := <-c.frames:
		if !ok {
			c.t.Fatalf("the socket ended: %v", c.err)
		}
		return h
	case <-time.After(patient):
		c.t.Fatal("no frame came")
	}
	return heard{}
}

// event skips to the next event of a name.
func (c *client) event(name string) heard {
	c.t.Helper()
	for {
		if h := c.next(); h.Event == name {
			return h
		}
	}
}

func (c *client) send(raw string) {
	c.t.Helper()
	if err := c.socket.WriteMessage(websocket.TextMessage, []byte(raw)); err != nil {
		c.t.Fatal(err)
	}
}

// ask does a command, and gives its reply and the frames before it.
func (c *client) ask(id, do, args string) (reply heard, before []heard) {
	c.t.Helper()
	c.send(`{"id":"` + id + `","do":"` + do + `","args":` + args + `}`)
	for {
		h := c.next()
		if h.Re == id {
			return h, before
		}
		before = append(before, h)
	}
}

// closed waits for the end of the socket, and gives its code.
func (c *client) closed() int {
	c.t.Helper()
	deadline := time.After(patient)
	for {
		select {
		case _, ok := <-c.frames:
			if ok {
				continue
			}
			var e *websocket.CloseError
			if errors.As(c.err, &e) {
				return e.Code
			}
			return 0
		case <-deadline:
			c.t.Fatal("the socket stays open")
		}
	}
}

// eventually waits until something is so.
func eventually(t testing.TB, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patient); !so(); {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
		time.Sleep(time.Millisecond) // between two looks
	}
}

// told waits until Presence was told something of a user.
func (s *stand) told(want string) {
	s.t.Helper()
	for deadline := time.After(patient); ; {
		select {
		case got := <-s.house.came:
			if got == want {
				return
			}
		case <-deadline:
			s.t.Fatalf("Presence was never told %q", want)
		}
	}
}

// settler returns a function that returns when all that was told so far stands in the queues of the sockets. It listens
// as a user of its own, whom nobody else sees.
func (s *stand) settler() func() {
	s.t.Helper()
	clerk := &hotline.User{ID: "clerk", Role: hotline.Admin}
	var token string
	s.house.set(func() { token = s.house.begin(clerk, false) })
	c := s.open(token).listen()
	c.event("hello")
	count := 0
	return func() {
		s.t.Helper()
		for {
			count++
			word := strconv.Itoa(count)
			s.console.Tell(hotline.OfferEnded{Contact: hotline.ContactID(word), User: clerk.ID})
			h := c.next()
			for h.Event != "hello" && !(h.Event == "offer.ended" && strings.Contains(h.raw, `"`+word+`"`)) {
				h = c.next()
			}
			if h.Event != "hello" {
				return
			}
			// The word was thrown away with all that was to be told, or comes yet: say another.
		}
	}
}
