package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"hopeline/hotline"
)

// args are the arguments of a command.
type args map[string]any

// frame is what the server sends, of whichever kind.
type frame struct {
	Re     string          `json:"re"`
	OK     bool            `json:"ok"`
	Result json.RawMessage `json:"result"`
	Error  *struct{ Code, Message, Retry string }
	Event  string `json:"event"`
	Seq    int    `json:"seq"`
	Data   json.RawMessage
}

type contactJSON struct {
	ID, Channel, State, Work, Line, Address, Language, Guess, Assignee, Outcome string
	Withheld, Overdue                                                           bool
	SeenBefore                                                                  bool `json:"seen_before"`
	CanReply                                                                    bool `json:"can_reply"`
	StopWord                                                                    bool `json:"stop_word"`
	Unread, Priority                                                            int
	Call                                                                        *callJSON
}

type callJSON struct {
	Alive, Held, Muted, Dropped, Silent, Keys bool
	TalkingSince                              string `json:"talking_since"`
	ByPhone                                   bool   `json:"by_phone"`
	Legs                                      []struct {
		User, Part, State string
		Phone             bool
	}
	Interpreter *struct {
		Language, State, User string
		Rung                  []string
	}
}

type messageJSON struct {
	ID, Direction, Text, By, Status, Ref string
	Media                                []struct{ ID, Type string }
	Error                                *struct {
		Code    int
		Message string
	}
}

// desk is a counsellor's console: a real websocket, and everything that came over it.
type desk struct {
	t      testing.TB
	stage  *stage
	name   string
	cookie string
	conn   *websocket.Conn
	n      int

	mu      sync.Mutex
	frames  []frame
	came    chan struct{} // closed and replaced with every frame
	closed  error
	read    int // frames that event has passed
	writing sync.Mutex
}

// logIn opens a session for somebody, and a console on it, and waits until the router saw her: else a contact that comes
// now is offered to whoever came before.
func (s *stage) logIn(name string) *desk {
	s.t.Helper()
	d := &desk{t: s.t, stage: s, name: name, cookie: s.session(name, stagePassword, "")}
	d.connect()
	if s.house != nil {
		eventually(s.t, "the router sees "+name, func() bool {
			seen, _ := s.house.router.SeenSince(s.t.Context(), time.Time{})
			return seen[hotline.UserID(d.id())]
		})
	}
	return d
}

// session logs in over HTTP and gives the cookie.
func (s *stage) session(name, password, code string) string {
	s.t.Helper()
	res := s.post("/api/login", "", args{"email": name + "@example.org", "password": password, "code": code})
	if res.StatusCode != http.StatusOK {
		s.t.Fatalf("log in %s: status %d", name, res.StatusCode)
	}
	for _, c := range res.Cookies() {
		return c.Name + "=" + c.Value
	}
	s.t.Fatal("log in: no cookie")
	return ""
}

func (s *stage) post(path, cookie string, body any) *http.Response {
	s.t.Helper()
	b, _ := json.Marshal(body)
	req, _ := http.NewRequest(http.MethodPost, s.config.Public.String()+path, bytes.NewReader(b))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Origin", s.config.Public.String())
	if cookie != "" {
		req.Header.Set("Cookie", cookie)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	res.Body.Close()
	return res
}

// connect opens the websocket (again); hello is the first frame.
func (d *desk) connect() {
	d.t.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{"hopeline.v1"}, HandshakeTimeout: 20 * time.Second}
	header := http.Header{"Cookie": {d.cookie}, "Origin": {d.stage.config.Public.String()}}
	conn, res, err := dialer.Dial("ws"+d.stage.config.Public.String()[4:]+"/ws", header)
	if err != nil {
		status := 0
		if res != nil {
			status = res.StatusCode
		}
		d.t.Fatalf("open %s's console: %v (status %d)", d.name, err, status)
	}
	conn.SetPingHandler(func(data string) error { // by itself it allows a second, and a line that was late once writes no more
		conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(20*time.Second))
		return nil
	})
	d.mu.Lock()
	d.conn, d.frames, d.read, d.closed, d.came = conn, nil, 0, nil, make(chan struct{})
	d.mu.Unlock()
	go d.pump(conn)
	d.event("hello", nil)
}

// hello is the first frame of the connection.
func (d *desk) hello() json.RawMessage {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.frames[0].Data
}

// id is the user's.
func (d *desk) id() string {
	var h struct{ User struct{ ID string } }
	d.decode(d.hello(), &h)
	return h.User.ID
}

// last is the contact of the newest contact.changed.
func (d *desk) last() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := len(d.frames) - 1; i >= 0; i-- {
		if d.frames[i].Event == "contact.changed" {
			var c struct{ Contact contactJSON }
			json.Unmarshal(d.frames[i].Data, &c)
			return c.Contact.ID
		}
	}
	return ""
}

func (d *desk) pump(conn *websocket.Conn) {
	for {
		var f frame
		err := conn.ReadJSON(&f)
		d.mu.Lock()
		if d.conn != conn {
			d.mu.Unlock()
			return
		}
		if err != nil {
			d.closed = err
		} else {
			d.frames = append(d.frames, f)
		}
		close(d.came)
		d.came = make(chan struct{})
		d.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// wait waits until found says yes, and gives up after a while.
func (d *desk) wait(what string, found func() bool) {
	d.t.Helper()
	late := time.After(30 * time.Second)
	for {
		d.mu.Lock()
		ok, came, closed := found(), d.came, d.closed
		d.mu.Unlock()
		if ok {
			return
		}
		if closed != nil {
			d.t.Fatalf("%s waits for %s, but the console was closed: %v", d.name, what, closed)
		}
		select {
		case <-came:
		case <-late:
			d.t.Fatalf("%s waited 30 s for %s in vain; frames: %s", d.name, what, d.tail())
		}
	}
}

func (d *desk) tail() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	b, _ := json.Marshal(d.frames[max(0, len(d.frames)-12):])
	return string(b)
}

// event waits for the next event of a name that fits, after those that were waited for before.
func (d *desk) event(name string, fits func(json.RawMessage) bool) json.RawMessage {
	d.t.Helper()
	var data json.RawMessage
	d.wait("the event "+name, func() bool {
		for i := d.read; i < len(d.frames); i++ {
			if f := d.frames[i]; f.Event == name && (fits == nil || fits(f.Data)) {
				data, d.read = f.Data, i+1
				return true
			}
		}
		return false
	})
	return data
}

// none tells that no such event came so far since the last one waited for.
func (d *desk) has(name string, fits func(json.RawMessage) bool) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, f := range d.frames[d.read:] {
		if f.Event == name && (fits == nil || fits(f.Data)) {
			return true
		}
	}
	return false
}

// do sends a command and gives its answer.
func (d *desk) do(command string, a args) frame {
	d.t.Helper()
	d.writing.Lock()
	d.n++
	id := fmt.Sprint("c", d.n)
	err := d.conn.WriteJSON(map[string]any{"id": id, "do": command, "args": a})
	d.writing.Unlock()
	if err != nil {
		d.t.Fatalf("%s does %s: %v", d.name, command, err)
	}
	var answer frame
	d.wait("the answer to "+command, func() bool {
		for _, f := range d.frames {
			if f.Re == id {
				answer = f
				return true
			}
		}
		return false
	})
	return answer
}

// must does a command that has to succeed, and gives its result.
func (d *desk) must(command string, a args) json.RawMessage {
	d.t.Helper()
	f := d.do(command, a)
	if f.Error != nil {
		d.t.Fatalf("%s does %s: %s: %s", d.name, command, f.Error.Code, f.Error.Message)
	}
	return f.Result
}

// refused does a command that has to fail with a code.
func (d *desk) refused(code, command string, a args) {
	d.t.Helper()
	f := d.do(command, a)
	if f.Error == nil || f.Error.Code != code {
		d.t.Errorf("%s does %s: got %+v, want the error %s", d.name, command, f, code)
	}
}

// offered waits for an offer and gives its contact.
func (d *desk) offered() contactJSON {
	d.t.Helper()
	var offer struct{ Contact contactJSON }
	d.decode(d.event("offer.made", nil), &offer)
	return offer.Contact
}

// takes waits for an offer and accepts it.
func (d *desk) takes() contactJSON {
	d.t.Helper()
	var result struct{ Contact contactJSON }
	d.decode(d.must("offer.accept", args{"contact": d.offered().ID}), &result)
	return result.Contact
}

func (d *desk) decode(from json.RawMessage, into any) {
	d.t.Helper()
	if err := json.Unmarshal(from, into); err != nil {
		d.t.Fatalf("read %s: %v", from, err)
	}
}

type recordJSON struct {
	Contact  contactJSON
	Messages []messageJSON
	Notes    []struct{ ID, Text, By, Revises string }
	Triage   map[string]string
}

// opens reads a contact whole.
func (d *desk) opens(contact string) recordJSON {
	d.t.Helper()
	var r recordJSON
	d.decode(d.must("contact.open", args{"contact": contact}), &r)
	return r
}

// status waits until a message of ours has a state.
func (d *desk) status(message, want string) {
	d.t.Helper()
	d.event("message.status", func(data json.RawMessage) bool {
		var s struct{ Message, Status string }
		json.Unmarshal(data, &s)
		return s.Message == message && s.Status == want
	})
}

// sends answers a person and gives the message.
func (d *desk) sends(contact, words, ref string) messageJSON {
	d.t.Helper()
	var r struct{ Message messageJSON }
	d.decode(d.must("message.send", args{"contact": contact, "text": words, "ref": ref}), &r)
	return r.Message
}

// hangUp cuts the console's line without a word.
func (d *desk) hangUp() {
	d.mu.Lock()
	conn := d.conn
	d.mu.Unlock()
	conn.UnderlyingConn().Close()
}
