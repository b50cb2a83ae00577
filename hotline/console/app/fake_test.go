package app

import (
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

type obj = map[string]any

// house is a server for the page alone: it keeps what a test says and speaks the protocol.
type house struct {
	URL  string
	page http.Handler
	wire *cutter
	phones
	duties

	mu       sync.Mutex
	me       obj
	enrol    bool // the account has no second factor
	signed   bool
	users    []obj
	contacts map[string]obj
	messages map[string][]obj
	notes    map[string][]obj
	triage   map[string]obj
	offers   []obj
	sockets  []*line
	asked    []obj // every command that came, in order
	refuse   map[string]obj
	mute     map[string]bool // commands that are taken and not answered
	count    int
	news     chan struct{} // holds a token when a command came
}

// line is one socket with its own numbers.
type line struct {
	conn *websocket.Conn
	seq  int
}

func newHouse(t *testing.T) *house {
	t.Helper()
	return houseOf(t, page(t))
}

// houseOf is a house with a page that is a phone in its own way.
func houseOf(t *testing.T, page http.Handler) *house {
	t.Helper()
	h := &house{
		page: page, phones: phones{driver: "simulated", changed: make(chan struct{})}, signed: true, me: user("anna", "Anna", "available"), contacts: map[string]obj{}, messages: map[string][]obj{},
		notes: map[string][]obj{}, triage: map[string]obj{}, refuse: map[string]obj{}, mute: map[string]bool{}, news: make(chan struct{}, 1),
	}
	h.users = []obj{h.me, user("bo", "Bo", "available"), user("chau", "Chau", "away"), user("dina", "Dina", "available")}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.wire = &cutter{Listener: l, conns: map[net.Conn]bool{}}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(h.serve))
	srv.Listener.Close()
	srv.Listener = h.wire
	srv.Start()
	t.Cleanup(func() { h.wire.Cut(true); srv.Close() }) // a cut line ends the streams too
	h.URL = srv.URL
	return h
}

func user(id, name, state string) obj {
	return obj{"id": id, "name": name, "email": email(id), "role": "counsellor", "languages": []string{"da", "en"}, "state": state, "voice": "browser"}
}

func stamp(ago time.Duration) string {
	return time.Now().Add(-ago).UTC().Format(time.RFC3339Nano)
}

// person adds a contact; change says how it differs from an SMS that waits.
func (h *house) person(id string, change obj) obj {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := obj{
		"id": id, "version": 1, "channel": "sms", "state": "waiting", "work": "contact", "line": "+4570201550", "address": "", "address_shown": "",
		"withheld": false, "seen_before": false, "language": "", "guess": "", "stop_word": false, "priority": 0, "assignee": "", "preferred": "",
		"transfer_to": "", "opened_at": stamp(4 * time.Minute), "waiting_since": stamp(4 * time.Minute), "last_inbound_at": stamp(4 * time.Minute),
		"reply_by": nil, "unread": 0, "overdue": false, "can_reply": true, "outcome": "", "danger_since": nil, "call": nil,
	}
	maps.Copy(c, change)
	h.contacts[id] = c
	h.triage[id] = obj{}
	for _, f := range []string{"risk", "safe_now", "about", "language", "gender", "age_band", "heard_from", "asks_for", "if_dropped"} {
		h.triage[id][f] = "unknown"
	}
	return c
}

// said adds a message without telling anybody; by is empty for the person in need.
func (h *house) said(contact, by, text string, ago time.Duration, more ...obj) obj {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.count++
	m := obj{
		"id": fmt.Sprintf("m%d", h.count), "direction": "in", "text": text, "media": []obj{}, "at": stamp(ago), "by": by, "status": "", "ref": "", "error": nil,
	}
	if by != "" {
		m["direction"], m["status"] = "out", "delivered"
	}
	for _, x := range more {
		maps.Copy(m, x)
	}
	h.messages[contact] = append(h.messages[contact], m)
	return m
}

// text is a message that comes in now.
func (h *house) text(contact, words string) {
	m := h.said(contact, "", words, 0)
	h.mu.Lock()
	unread := h.contacts[contact]["unread"].(int) + 1
	h.mu.Unlock()
	h.change(contact, obj{"unread": unread, "last_inbound_at": stamp(0)})
	h.tell("message.added", obj{"contact": contact, "message": m})
}

func (h *house) change(contact string, change obj) {
	h.mu.Lock()
	c := h.contacts[contact]
	maps.Copy(c, change)
	c["version"] = c["version"].(int) + 1
	h.mu.Unlock()
	h.tell("contact.changed", obj{"contact": c})
}

func (h *house) offer(contact string, within time.Duration) {
	h.mu.Lock()
	o := obj{"contact": h.contacts[contact], "expires_at": stamp(-within)}
	h.offers = append(h.offers, o)
	h.mu.Unlock()
	h.tell("offer.made", o)
}

// end takes an offer away and says why.
func (h *house) end(contact, reason string) {
	h.mu.Lock()
	h.offers = slices.DeleteFunc(h.offers, func(o obj) bool { return o["contact"].(obj)["id"] == contact })
	h.mu.Unlock()
	h.tell("offer.ended", obj{"contact": contact, "reason": reason})
}

// tell sends an event to every socket.
func (h *house) tell(event string, data obj) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, l := range h.sockets {
		l.event(event, data)
	}
}

func (l *line) event(event string, data any) {
	l.seq++
	_ = l.conn.WriteJSON(obj{"event": event, "seq": l.seq, "data": data}) // a line that is gone is of no interest
}

// skip makes the next event of every socket come with a number too high, as when one was lost.
func (h *house) skip() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, l := range h.sockets {
		l.seq++
	}
}

// hang closes every socket with a code of the protocol.
func (h *house) hang(code int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, l := range h.sockets {
		_ = l.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
	}
}

// await waits until n commands of one name came, and gives their arguments.
func (h *house) await(t *testing.T, do string, n int) []obj {
	t.Helper()
	late := time.After(30 * time.Second)
	for {
		if came := h.heard(do); len(came) >= n {
			return came
		}
		select {
		case <-h.news:
		case <-late:
			t.Fatalf("%d of %s came, want %d", len(h.heard(do)), do, n)
		}
	}
}

// heard gives the arguments of the commands of one name that came so far.
func (h *house) heard(do string) []obj {
	h.mu.Lock()
	defer h.mu.Unlock()
	var found []obj
	for _, a := range h.asked {
		if a["do"] == do {
			found = append(found, a["args"].(obj))
		}
	}
	return found
}

func (h *house) serve(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	signed, enrol, me := h.signed, h.enrol, maps.Clone(h.me)
	h.mu.Unlock()
	answer := func(status int, v any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	switch {
	case r.URL.Path == "/ws" && signed:
		h.talk(w, r)
	case r.URL.Path == "/api/session" && signed:
		answer(200, obj{"user": me, "enrol": false})
	case r.URL.Path == "/ws", r.URL.Path == "/api/session":
		answer(401, obj{"error": obj{"code": "forbidden", "message": "log in"}})
	case r.URL.Path == "/api/voice":
		answer(200, obj{"driver": h.driver, "token": "ticket", "identity": me["id"], "expires_at": stamp(-10 * time.Minute)})
	case strings.HasPrefix(r.URL.Path, "/api/media/"):
		w.Header().Set("Content-Type", "image/svg+xml")
		fmt.Fprint(w, `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`)
	case r.URL.Path == "/api/phone/legs":
		h.stream(w, r)
	case r.URL.Path == "/api/phone/act":
		h.act(w, r)
	case r.URL.Path == "/api/login":
		h.login(r, enrol, answer)
	case strings.HasPrefix(r.URL.Path, "/api/days"):
		h.serveDays(w, r)
	case r.URL.Path == "/api/logout":
		h.sign(false)
		w.WriteHeader(204)
	case r.URL.Path == "/api/totp/start":
		answer(200, obj{"secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "otpauth": "otpauth://totp/Notes:anna?secret=JBSWY3DPEHPK3PXP"})
	case r.URL.Path == "/api/totp/confirm":
		h.mu.Lock()
		h.enrol = false
		h.mu.Unlock()
		w.WriteHeader(204)
	default:
		h.page.ServeHTTP(w, r)
	}
}

func (h *house) sign(in bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.signed = in
}

func (h *house) login(r *http.Request, enrol bool, answer func(int, any)) {
	var in struct{ Email, Password, Code string }
	_ = json.NewDecoder(r.Body).Decode(&in)
	if in.Password != "a long enough password" {
		answer(401, obj{"error": obj{"code": "forbidden", "message": "no"}})
		return
	}
	h.sign(!enrol)
	answer(200, obj{"enrol": enrol})
}

// cutter is a listener whose lines can be cut: the browser's own offline mode does not reach websockets.
type cutter struct {
	net.Listener
	mu    sync.Mutex
	conns map[net.Conn]bool
	off   bool
}

func (c *cutter) Accept() (net.Conn, error) {
	for {
		conn, err := c.Listener.Accept()
		if err != nil {
			return nil, err
		}
		c.mu.Lock()
		off := c.off
		if !off {
			c.conns[conn] = true
		}
		c.mu.Unlock()
		if !off {
			return conn, nil
		}
		conn.Close()
	}
}

// Cut closes every connection and refuses new ones, until it is called with false.
func (c *cutter) Cut(off bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.off = off
	if !off {
		return
	}
	for conn := range c.conns {
		conn.Close()
		delete(c.conns, conn)
	}
}
