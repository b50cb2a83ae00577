package console

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"hopeline/hotline"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestStories plays the conversations of testdata/*.txt and compares every frame, byte for byte. A line is
//
//	ann> {…}               a frame that Ann's page sends; "ann> " may be any text
//	ann< {…}               a frame that it gets after what stands above, its reply first
//	ann opens              Ann logs in in a new page; ann2, ann3 are her further pages
//	ann closed 4001        her page was closed with that code
//	house text NUMBER …    something happens that no page does; so does house calls NUMBER
//	# …                    is for the reader
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := newStory(t).play(string(want))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if line, g, w := firstDifference(got, string(want)); line > 0 {
				t.Errorf("%s:%d\n got %s\nwant %s", file, line, g, w)
			}
		})
	}
}

func firstDifference(got, want string) (line int, g, w string) {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(a), len(b)) {
		g, w = "(the end)", "(the end)"
		if i < len(a) {
			g = a[i]
		}
		if i < len(b) {
			w = b[i]
		}
		if g != w {
			return i + 1, g, w
		}
	}
	return 0, "", ""
}

type story struct {
	*stand
	settle func()
	pages  map[string]*client
	ended  map[string]bool
	out    strings.Builder
}

func newStory(t *testing.T) *story {
	s := newStand(t, func(l *limits) {
		l.queue = time.Hour // how many wait is counted by a clock of its own, and has its own test
		l.commands, l.burst = 1e6, 1e6
	})
	nudge(s.console.recount)
	return &story{stand: s, settle: s.settler(), pages: map[string]*client{}, ended: map[string]bool{}}
}

// play does what the lines say, and writes them down with what really came of them.
func (s *story) play(script string) string {
	eventually(s.t, "the first count", func() bool { return len(s.console.recount) == 0 })
	for line := range strings.Lines(script) {
		line = strings.TrimSuffix(line, "\n")
		if strings.Contains(line, "< {") && !strings.Contains(line, ">") || strings.Contains(line, " closed ") {
			continue
		}
		fmt.Fprintln(&s.out, line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		s.collect(s.step(line))
	}
	return s.out.String()
}

// step does one line, and tells which page asked for something, if one did.
func (s *story) step(line string) (asked string) {
	who, what, _ := strings.Cut(line, " ")
	switch {
	case strings.HasSuffix(who, ">"):
		asked = strings.TrimSuffix(who, ">")
		s.pages[asked].send(s.expand(what))
	case who == "house":
		s.happen(strings.Fields(what))
	case what == "opens":
		s.pages[who] = s.open(s.logIn(hotline.UserID(strings.TrimRight(who, "0123456789")))).listen()
	default:
		s.t.Fatalf("no such line: %s", line)
	}
	return asked
}

// expand writes out what would make a story too long to read: <words 70000>.
func (s *story) expand(frame string) string {
	before, rest, ok := strings.Cut(frame, "<words ")
	if !ok {
		return frame
	}
	number, after, _ := strings.Cut(rest, ">")
	n, err := strconv.Atoi(number)
	if err != nil {
		s.t.Fatal(err)
	}
	return before + strings.Repeat("w", n) + after
}

func (s *story) happen(what []string) {
	switch what[0] {
	case "text":
		s.house.text(what[1], strings.Join(what[2:], " "))
	case "calls":
		s.house.calls(what[1])
	case "talks":
		s.house.talks(hotline.ContactID(what[1]), hotline.UserID(what[2]))
	case "offers":
		s.house.offer(hotline.ContactID(what[1]), hotline.UserID(what[2]))
	case "waits":
		d, err := time.ParseDuration(what[1])
		if err != nil {
			s.t.Fatal(err)
		}
		s.house.set(func() { s.house.now = s.house.now.Add(d) })
	case "ticks":
		s.house.happens(hotline.ContactID(what[1]), func(at hotline.At) hotline.Event { return hotline.Ticked{At: at} })
	case "reports":
		var why *hotline.Failure
		if what[2] == "failed" {
			why = &hotline.Failure{Code: 30003, Words: "The phone is off. Try again later."}
		}
		s.house.report(hotline.MessageID(what[1]), hotline.Delivery(what[2]), why)
	case "ends":
		s.house.endSessions(hotline.UserID(what[1]))
		s.console.Tell(hotline.SignedOut{User: hotline.UserID(what[1])})
	case "alarms":
		a := hotline.Alarmed{Kind: what[1], At: s.house.clock(), Line: "*", From: s.house.clock(), To: s.house.clock().Add(time.Hour)}
		if len(what) > 2 {
			a.User = hotline.UserID(what[2])
		}
		s.console.Tell(a)
	case "loses":
		s.console.Tell(hotline.Missed{})
	default:
		s.t.Fatalf("nothing such happens: %v", what)
	}
}

// collect writes down what every page got. A page that asked is first asked something more, for commands are done in
// order; then all that was told is waited for; then every page is asked, for frames are written in order.
func (s *story) collect(asked string) {
	got := map[string]*frames{}
	names := make([]string, 0, len(s.pages))
	for name := range s.pages {
		names = append(names, name)
		got[name] = &frames{}
	}
	sort.Strings(names)
	if asked != "" {
		s.drain(asked, got[asked])
	}
	s.settle()
	for _, name := range names {
		s.drain(name, got[name])
		for _, f := range append(got[name].replies, got[name].events...) {
			fmt.Fprintf(&s.out, "%s< %s\n", name, f)
		}
		if code := got[name].closed; code != 0 {
			fmt.Fprintf(&s.out, "%s closed %d\n", name, code)
		}
	}
}

// frames are what a page got: its replies, then its events, each in their order; and the code when it was closed.
type frames struct {
	replies, events []string
	closed          int
}

// drain asks a page something and reads until the answer comes, or the socket ends.
func (s *story) drain(name string, into *frames) {
	if s.ended[name] {
		return
	}
	c := s.pages[name]
	// The write fails on a page that was closed, which the reading then tells.
	_ = c.socket.WriteMessage(websocket.TextMessage, []byte(`{"id":"drain","do":"drain"}`))
	for {
		select {
		case h, ok := <-c.frames:
			switch {
			case !ok:
				s.ended[name], into.closed = true, c.closed()
				return
			case h.Re == "drain":
				return
			case h.Event == "":
				into.replies = append(into.replies, h.raw)
			default:
				into.events = append(into.events, h.raw)
			}
		case <-time.After(patient):
			s.t.Fatal("no answer came")
		}
	}
}
