package console

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"hopeline/hotline"
)

func TestQueueIsCountedNotTooOften(t *testing.T) {
	t.Parallel()
	const pace = 100 * time.Millisecond
	s := newStand(t, func(l *limits) { l.queue = pace })
	ann := s.page("ann")
	began := time.Now()
	const texts = 200
	for i := range texts {
		s.house.text(string(rune('a'+i%26))+strings.Repeat("x", i/26+1), "hi")
	}
	counts := 0
	for {
		var q Queue
		if err := json.Unmarshal(ann.event("queue.changed").Data, &q); err != nil {
			t.Fatal(err)
		}
		counts++
		if q.Waiting == texts {
			break
		}
	}
	if most := int(time.Since(began)/pace) + 1; counts > most {
		t.Errorf("the queue was told %d times in %v, want at most %d", counts, time.Since(began), most)
	}
}

// What changes in a contact that is with somebody does not make the queue be counted.
func TestQueueIsNotCountedForNothing(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(l *limits) { l.queue = time.Microsecond })
	settle := s.settler()
	ann := s.page("ann")
	id := s.house.text("+4520123456", "hi")
	s.house.offer(id, "ann")
	ann.ask("1", "offer.accept", `{"contact":"`+string(id)+`"}`)
	settle()
	eventually(t, "it is counted", func() bool { return len(s.console.recount) == 0 })
	s.house.text("+4520123456", "again")
	settle()
	if len(s.console.recount) != 0 {
		t.Error("a message in a live contact makes the queue be counted")
	}
}

func TestCountGoesOnWhenTheDatabaseIsBack(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(l *limits) { l.queue = time.Millisecond })
	ann := s.page("ann")
	s.house.set(func() { s.house.broken = hotline.ErrUnavailable })
	s.house.text("+4520123456", "hi")
	ann.event("contact.changed")
	s.house.set(func() { s.house.broken = nil })
	ann.event("queue.changed")
}

func TestPresence(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(l *limits) { l.seen = 20 * time.Millisecond })
	first, second := s.page("ann"), s.page("ann")
	s.told("seen ann")
	s.told("seen ann") // and again, as long as she is here
	first.socket.Close()
	s.told("seen ann")
	if !s.here("ann") {
		t.Error("ann is gone while a page of hers is open")
	}
	second.socket.Close()
	s.told("gone ann")
}

func TestDegraded(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(l *limits) { l.degraded = 5 * time.Millisecond })
	ann := s.page("ann")
	s.house.set(func() { s.house.slower = true })
	if h := ann.event("system.changed"); !strings.Contains(h.raw, `"degraded":true`) {
		t.Errorf("got %s", h.raw)
	}
	bo := s.open(s.logIn("bo")).listen()
	if h := bo.event("hello"); !strings.Contains(h.raw, `"degraded":true`) {
		t.Error("hello does not say that the house is slower")
	}
	s.house.set(func() { s.house.slower = false })
	if h := ann.event("system.changed"); !strings.Contains(h.raw, `"degraded":false`) {
		t.Errorf("got %s", h.raw)
	}
}

// Sessions that end elsewhere end the sockets; a database that is away ends none.
func TestSessionsAreLookedAt(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(l *limits) { l.session = 5 * time.Millisecond })
	token := s.logIn("ann")
	ann, bo := s.open(token).listen(), s.page("bo")
	ann.event("hello")
	s.house.set(func() { s.house.broken = hotline.ErrUnavailable })
	s.console.Tell(hotline.OfferEnded{User: "ann"})
	ann.event("offer.ended")
	s.house.set(func() { s.house.broken = nil; delete(s.house.sessions, token) })
	if got := ann.closed(); got != 4001 {
		t.Errorf("a session that was ended elsewhere closed with %d, want 4001", got)
	}
	bo.ask("1", "queue.list", "{}")
	s.house.set(func() { s.house.user("bo").Disabled = true })
	if got := bo.closed(); got != 4001 {
		t.Errorf("an account that was disabled closed with %d, want 4001", got)
	}
}

func TestOtherRightsBeginAnew(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	bo := s.page("bo")
	s.console.Tell(hotline.PresenceChanged{User: hotline.User{ID: "bo", Role: hotline.Supervisor}})
	if got := bo.closed(); got != websocket.CloseServiceRestart {
		t.Errorf("closed with %d, want %d", got, websocket.CloseServiceRestart)
	}
}

// News that comes late never takes a contact back.
func TestLateNewsIsNotTold(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	settle := s.settler()
	ann := s.page("ann")
	asked := hotline.Contact{ID: "c", State: hotline.Asked, Offers: []hotline.Offer{{User: "ann", Epoch: 1}}, Version: 5}
	waits := hotline.Contact{ID: "c", State: hotline.Waits, Version: 6}
	s.console.Tell(hotline.ContactChanged{Contact: waits})
	s.console.Tell(hotline.OfferMade{Contact: asked, User: "ann"})
	s.console.Tell(hotline.ContactChanged{Contact: asked})
	settle()
	_, before := ann.ask("1", "drain", "{}")
	var told []string
	for _, h := range before {
		if h.Event != "queue.changed" {
			told = append(told, h.raw)
		}
	}
	if len(told) != 1 || !strings.Contains(told[0], `"version":6`) {
		t.Errorf("told %v, want version 6 alone", told)
	}
}

// More notices than can be told are replaced by a hello for everybody, and whoever was signed out is out.
func TestLostNoticesBecomeAHello(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	ann, bo := s.page("ann"), s.page("bo")
	// Held up, the hub has to let its line grow: the clock that it asks for is not free.
	s.house.mu.Lock()
	told := make(chan struct{})
	go func() {
		defer close(told)
		for range 2 * backlog {
			s.console.Tell(hotline.ContactChanged{Contact: hotline.Contact{ID: "c", State: hotline.Waits}})
		}
	}()
	<-told // it never blocks
	s.house.mu.Unlock()
	ann.event("hello")
	bo.event("hello")
}

// Events that come while a hello is read are told after it.
func TestEventsWaitForHello(t *testing.T) {
	t.Parallel()
	o := newOutgoing(defaults)
	o.put(frame{event: "early"})
	o.put(frame{body: []byte("reply")})
	o.greet(frame{event: "hello"})
	o.put(frame{event: "late"})
	var got []string
	for _, f := range o.take() {
		got = append(got, f.event+string(f.body))
	}
	if want := "reply hello early late"; strings.Join(got, " ") != want {
		t.Errorf("written %v, want %v", got, want)
	}
}

func TestOutgoingIsBounded(t *testing.T) {
	t.Parallel()
	l := defaults
	l.queued, l.bytes = 3, 100
	o := newOutgoing(l)
	if !o.put(frame{body: make([]byte, 200)}) {
		t.Error("one long frame alone has no room")
	}
	if o.put(frame{body: []byte("x")}) {
		t.Error("there is room beside more bytes than there may be")
	}
	o.take()
	for i := range 4 {
		if got, want := o.put(frame{event: "e", body: []byte("x")}), i < 3; got != want {
			t.Errorf("frame %d has room: %v, want %v", i, got, want)
		}
	}
}

func TestOpenedContactsAreBounded(t *testing.T) {
	t.Parallel()
	c := &connection{}
	for i := range maxOpened + 10 {
		c.open(hotline.ContactID(rune(i)))
		c.open("kept")
	}
	if len(c.opened) != maxOpened || c.opened["kept"] == 0 || c.open("kept") {
		t.Errorf("%d are followed, want %d, with the one last opened", len(c.opened), maxOpened)
	}
}
