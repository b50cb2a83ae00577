package console

import (
	"encoding/json"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"hopeline/hotline"
)

func TestFifthSocketClosesTheOldest(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	token := s.logIn("ann")
	pages := make([]*client, 5)
	for i := range pages {
		pages[i] = s.open(token).listen()
		pages[i].event("hello")
	}
	if got := pages[0].closed(); got != 4003 {
		t.Errorf("the oldest page was closed with %d, want 4003", got)
	}
	s.house.text("+4520123456", "hi")
	for i, p := range pages[1:] {
		if p.event("contact.changed").Seq < 2 {
			t.Errorf("page %d got no event", i+1)
		}
	}
	s.page("bo").ask("1", "queue.list", "{}") // somebody else's page is no matter
	pages[4].ask("1", "queue.list", "{}")
}

// A page that does not read is closed with 4002, nobody waits for it, and its next hello shows all that it missed.
func TestSlowPageIsClosedAndCatchesUp(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(l *limits) { l.queued, l.write = 32, patient })
	token := s.logIn("ann")
	slow := s.open(token)
	if err := slow.socket.NetConn().(*net.TCPConn).SetReadBuffer(64 << 10); err != nil {
		t.Fatal(err)
	}
	fast := s.page("ann")
	id := s.house.text("+4520123456", "first")
	s.house.offer(id, "ann")
	fast.ask("1", "offer.accept", `{"contact":"`+string(id)+`"}`)

	// What the system keeps for the slow page fills first, then the queue.
	words := strings.Repeat("words ", 40_000)
	sent := 0
	eventually(t, "the slow page is given up", func() bool {
		s.house.text("+4520123456", fmt.Sprint(sent, " ", words))
		sent++
		for read := false; !read; {
			h := fast.next()
			read = h.Event == "message.added" && strings.Contains(h.raw, fmt.Sprintf(`"text":"%d `, sent-1))
		}
		pages := s.console.hub.of("ann") // which of them came first is chance
		return len(pages) == 1 || slices.ContainsFunc(pages, ended)
	})
	if got := slow.listen().closed(); got != 4002 {
		t.Errorf("the slow page was closed with %d, want 4002", got)
	}
	again := s.open(token).listen()
	var h Hello
	if err := json.Unmarshal(again.event("hello").Data, &h); err != nil {
		t.Fatal(err)
	}
	if len(h.Contacts) != 1 || h.Contacts[0].Unread != sent+1 {
		t.Errorf("hello shows %d unread, want %d", h.Contacts[0].Unread, sent+1)
	}
}

func ended(c *connection) bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}

func TestSeqHasNoGap(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	ann := s.page("ann")
	const texts = 300
	go func() {
		for i := range texts {
			s.house.text(fmt.Sprintf("+45%08d", i), "hi")
		}
	}()
	seen, last := 0, int64(1)
	for seen < texts {
		h := ann.next()
		if h.Event != "" && h.Seq != last+1 {
			t.Fatalf("event %q has number %d after %d", h.Event, h.Seq, last)
		}
		last = h.Seq
		if h.Event == "contact.changed" {
			seen++
		}
	}
}

func TestTooManyCommandsAreThrottledAndHarmNobody(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(l *limits) { l.commands, l.burst = 0.001, 5 })
	ann, bo := s.page("ann"), s.page("bo")
	codes := map[string]int{}
	for i := range 100 {
		reply, _ := ann.ask(fmt.Sprint(i), "queue.list", "{}")
		code := "ok"
		if reply.Error != nil {
			code = reply.Error.Code
		}
		codes[code]++
	}
	if codes["ok"] != 5 || codes["throttled"] != 95 {
		t.Errorf("100 commands with room for 5 got %v", codes)
	}
	if reply, _ := bo.ask("1", "queue.list", "{}"); !reply.OK {
		t.Errorf("somebody else's command got %s", reply.raw)
	}
}

// A command that takes long delays the next ones of its own page, but neither pings nor events.
func TestSlowCommandKeepsTheLineAlive(t *testing.T) {
	t.Parallel()
	const pong = 2 * time.Second // a page that is not slow has the time to answer
	s := newStand(t, func(l *limits) { l.ping, l.pong = pong/20, pong })
	ann := s.open(s.logIn("ann"))
	pings := make(chan struct{}, 1000)
	ann.socket.SetPingHandler(func(string) error {
		pings <- struct{}{}
		return ann.socket.WriteControl(websocket.PongMessage, nil, time.Now().Add(patient))
	})
	ann.listen().event("hello")
	stuck := s.house.hold()
	ann.send(`{"id":"1","do":"presence.set","args":{"state":"available"}}`)
	<-stuck.entered
	ann.send(`{"id":"2","do":"queue.list"}`)
	ann.send(`{"id":"3","do":"queue.list"}`)
	for began := time.Now(); time.Since(began) < 2*pong; { // longer than a line lives without a pong
		<-pings
	}
	s.console.Tell(hotline.OfferEnded{Contact: "x", User: "ann", Reason: hotline.Withdrawn})
	ann.event("offer.ended")
	close(stuck.free)
	for _, want := range []string{"1", "2", "3"} {
		h := ann.next()
		for h.Event != "" {
			h = ann.next()
		}
		if h.Re != want {
			t.Errorf("reply to %q came where %q was due", h.Re, want)
		}
	}
}

func TestCommandsWithoutRoomAreThrottled(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(l *limits) { l.inbox = 2 })
	ann := s.page("ann")
	stuck := s.house.hold()
	ann.send(`{"id":"0","do":"presence.set","args":{}}`)
	<-stuck.entered
	for i := range 9 {
		ann.send(fmt.Sprintf(`{"id":"%d","do":"presence.set","args":{}}`, i))
	}
	for range 7 { // one is being done, two wait
		if h := ann.next(); h.Error == nil || h.Error.Code != "throttled" {
			t.Fatalf("got %s", h.raw)
		}
	}
	close(stuck.free)
	for done := 0; done < 3; {
		if h := ann.next(); h.OK {
			done++
		}
	}
}

func TestDeadLineIsDropped(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(l *limits) { l.ping, l.pong = 10*time.Millisecond, 100*time.Millisecond })
	s.open(s.logIn("ann")) // never reads, so it never answers a ping
	s.told("gone ann")     // that she came may not be seen: on a slow machine she is gone before anybody looks
	if left := len(s.console.hub.of("ann")); left != 0 {
		t.Errorf("%d dead lines are kept", left)
	}
}

// here is what Presence was last told.
func (s *stand) here(u hotline.UserID) (here bool) {
	s.house.set(func() { here = s.house.people[u] })
	return here
}

func TestBinaryFrameIsABadFrame(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	ann := s.page("ann")
	if err := ann.socket.WriteMessage(websocket.BinaryMessage, []byte(`{"id":"1","do":"queue.list"}`)); err != nil {
		t.Fatal(err)
	}
	if got := ann.closed(); got != 4004 {
		t.Errorf("closed with %d, want 4004", got)
	}
}

func TestFrameOfTheLargestSizeIsTaken(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	ann := s.page("ann")
	head, tail := `{"id":"1","do":"queue.list","args":{"x":"`, `"}}`
	ann.send(head + strings.Repeat("x", maxFrame-len(head)-len(tail)) + tail)
	if h := ann.next(); !h.OK {
		t.Errorf("a frame of %d bytes got %s", maxFrame, h.raw)
	}
}

// What was sent before the page went is done.
func TestCommandOfAPageThatWentIsDone(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	for range 50 {
		s.house.set(func() { s.house.user("ann").State = hotline.Away })
		ann := s.page("ann")
		ann.send(`{"id":"1","do":"presence.set","args":{"state":"available"}}`)
		ann.socket.Close()
		eventually(t, "the command is done", func() (done bool) {
			s.house.set(func() { done = s.house.user("ann").State == hotline.Available })
			return done
		})
	}
}

// At the end what is in hand is finished and answered, everybody is told, and nobody comes in any more.
func TestGoodbye(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(l *limits) { l.goodbye, l.linger = patient, patient })
	token := s.logIn("ann")
	ann, bo := s.page("ann"), s.page("bo")
	stuck := s.house.hold()
	ann.send(`{"id":"1","do":"presence.set","args":{"state":"available"}}`)
	<-stuck.entered
	over := make(chan struct{})
	go func() {
		defer close(over)
		s.end()
	}()
	if got := bo.closed(); got != websocket.CloseGoingAway {
		t.Errorf("a page without work was closed with %d, want %d", got, websocket.CloseGoingAway)
	}
	close(stuck.free)
	if h := ann.next(); !h.OK {
		t.Errorf("the command in hand got %s", h.raw)
	}
	if got := ann.closed(); got != websocket.CloseGoingAway {
		t.Errorf("a page with work was closed with %d, want %d", got, websocket.CloseGoingAway)
	}
	<-over
	if _, response, err := s.dial(token); err == nil || response.StatusCode != 503 {
		t.Errorf("after the end a page got %v, want 503", response)
	}
}

// A command that never ends does not hold the end up, and a page that never reads neither.
func TestGoodbyeIsBounded(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(l *limits) { l.goodbye, l.linger = 50*time.Millisecond, 50*time.Millisecond })
	ann := s.page("ann")
	s.open(s.logIn("bo"))
	stuck := s.house.hold()
	ann.send(`{"id":"1","do":"presence.set","args":{"state":"available"}}`)
	<-stuck.entered
	began := time.Now()
	s.end()
	if took := time.Since(began); took > patient/2 {
		t.Errorf("the end took %v", took)
	}
}

func TestPageThatCannotBeGreetedIsSentAway(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	ann := s.page("ann")
	s.house.set(func() { s.house.broken = hotline.ErrUnavailable })
	if reply, _ := ann.ask("1", "offer.accept", `{"contact":"x"}`); reply.Error == nil || reply.Error.Code != "unavailable" {
		t.Errorf("while the database is away a command got %s", reply.raw)
	}
	s.console.Tell(hotline.Missed{})
	if got := ann.closed(); got != websocket.CloseTryAgainLater {
		t.Errorf("closed with %d, want %d", got, websocket.CloseTryAgainLater)
	}
}

// A line that is cut, not closed, is noticed at once and leaves nothing behind.
func TestCutLine(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	ann := s.page("ann")
	if err := ann.socket.NetConn().(*net.TCPConn).SetLinger(0); err != nil {
		t.Fatal(err)
	}
	ann.socket.NetConn().Close()
	eventually(t, "the socket is forgotten", func() bool { return len(s.console.hub.of("ann")) == 0 })
}
