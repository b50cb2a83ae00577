package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"hopeline/hotline"
)

// cutter is the line between the browsers and the program: it stands on the public address, and can be cut. The phone
// company's webhooks go through it untouched.
type cutter struct {
	front net.Listener
	to    string // where the program listens
	work  sync.WaitGroup

	mu    sync.Mutex
	off   bool
	lines map[net.Conn]*atomic.Bool // those that browsers opened; of a websocket, whether it is deaf
}

// behindCutter opens a hotline whose line can be cut.
func behindCutter(t *testing.T) (*stage, *cutter) {
	t.Helper()
	c := &cutter{lines: map[net.Conn]*atomic.Bool{}}
	s := newStage(t, func(cfg *config, _ *tuning) {
		front, err := net.Listen("tcp", cfg.Public.Host)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Addr = freeAddr(t)
		c.front, c.to = front, cfg.Addr
		c.work.Go(c.accept)
		t.Cleanup(c.close)
	})
	return s, c
}

func (c *cutter) accept() {
	for {
		conn, err := c.front.Accept()
		if err != nil {
			return
		}
		c.work.Go(func() { c.carry(conn) })
	}
}

func (c *cutter) close() {
	c.front.Close()
	c.cut()
	c.work.Wait()
}

// cut ends every line of a browser and lets none be opened until mend.
func (c *cutter) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.off = true
	for conn := range c.lines {
		conn.Close()
	}
}

func (c *cutter) mend() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.off = false
}

// deafen lets nothing come back over the websockets that are open: what a browser says is heard, and it never learns so.
func (c *cutter) deafen() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, deaf := range c.lines {
		if deaf != nil {
			deaf.Store(true)
		}
	}
}

// carry passes on one connection, once its first bytes say whose it is.
func (c *cutter) carry(conn net.Conn) {
	defer c.drop(conn)
	in := bufio.NewReader(conn)
	c.mu.Lock()
	c.lines[conn] = nil
	c.mu.Unlock()
	head, err := in.Peek(len("POST /twilio"))
	deaf := &atomic.Bool{}
	c.mu.Lock()
	webhook := string(head) == "POST /twilio"
	if strings.HasPrefix(string(head), "GET /ws ") {
		c.lines[conn] = deaf
	}
	if webhook {
		delete(c.lines, conn)
	}
	off := c.off
	c.mu.Unlock()
	if err != nil || off && !webhook {
		return
	}
	c.join(conn, in, deaf)
}

func (c *cutter) drop(conn net.Conn) {
	c.mu.Lock()
	delete(c.lines, conn)
	c.mu.Unlock()
	conn.Close()
}

func (c *cutter) join(conn net.Conn, in io.Reader, deaf *atomic.Bool) {
	program, err := net.Dial("tcp", c.to)
	if err != nil {
		return
	}
	defer program.Close()
	c.work.Go(func() {
		io.Copy(program, in)
		program.Close()
	})
	back := make([]byte, 32<<10)
	for {
		n, err := program.Read(back)
		if n > 0 && !deaf.Load() {
			_, err = conn.Write(back[:n])
		}
		if err != nil {
			return
		}
	}
}

// conversation waits until the page shows exactly these words of both, in this order.
func (p *page) conversation(words ...string) {
	p.t.Helper()
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = strconv.Quote(w)
	}
	p.eventually("JSON.stringify(there.bubbles()) === JSON.stringify([" + strings.Join(list, ",") + "])")
}

// sends types an answer and sends it.
func (p *page) sends(words string) {
	p.t.Helper()
	p.typeIn("reply", words)
	p.key(kb.Enter, chromedp.ModifierCtrl)
}

// draft waits until the field holds exactly these words.
func (p *page) draft(words string) {
	p.t.Helper()
	p.eventually("document.getElementById('reply')?.value === " + strconv.Quote(words))
}

// bodies are what a phone got.
func (s *stage) bodies(phone string) string {
	var all []string
	for _, m := range s.company.Phone(phone).Inbox() {
		all = append(all, m.Body)
	}
	return strings.Join(all, "|")
}

// got waits until a phone has its messages, and checks that they are these and no more.
func (s *stage) got(phone, want string) {
	s.t.Helper()
	eventually(s.t, fmt.Sprintf("%s gets %q", phone, want), func() bool { return len(s.bodies(phone)) >= len(want) })
	if got := s.bodies(phone); got != want {
		s.t.Errorf("%s got %q, want %q", phone, got, want)
	}
}

const cutWords = "The line is cut. What you write is kept and goes out by itself when the line is back."

func aCutLine(t *testing.T, b *browser) {
	s, line := behindCutter(t)
	ann := b.onShift(s, "ann", wide, "en")
	s.text("+4520111111", "before the cut")
	ann.takes("before the cut")
	line.deafen() // the house hears the next word, and its answer is lost
	ann.sends("into the void")
	s.got("+4520111111", "into the void")
	line.cut()
	ann.sees(cutWords)
	ann.sees("No connection, trying again")
	ann.sends("written while cut")
	ann.sees("Goes out when the line is back")
	ann.typeIn("reply", "half a thought")
	ann.shot("cut")
	for _, words := range []string{"one", "two", "three"} {
		s.text("+4520111111", words)
	}
	if said := ann.frames(came, `"two"`); len(said) > 0 {
		t.Fatal("the line was not cut:", said)
	}
	line.mend()
	ann.conversation("before the cut", "into the void", "one", "two", "three", "written while cut")
	ann.gone(cutWords)
	ann.draft("half a thought")
	ann.eventually("document.querySelectorAll('.state.delivered').length === 2")
	s.text("+4520111111", "four")
	ann.conversation("before the cut", "into the void", "one", "two", "three", "written while cut", "four")
	s.got("+4520111111", "into the void|written while cut")
}

func aKilledProgram(t *testing.T, b *browser) {
	p := newProcess(t, nil)
	p.adds("ann", hotline.Counsellor)
	ann := b.newPage(p.stage, wide).enter("ann")
	ann.click("Start shift")
	p.text("+4520111111", "before the power went")
	ann.takes("before the power went")
	ann.sends("first answer")
	ann.sees("Delivered")
	p.kill()
	ann.sees(cutWords)
	ann.sends("written in the dark")
	ann.sees("Goes out when the line is back")
	ann.typeIn("reply", "half a thought")
	p.run()
	p.text("+4520111111", "still there?")
	ann.gone(cutWords)
	ann.gone("Goes out when the line is back")
	ann.eventually("JSON.stringify(there.bubbles().sort()) === JSON.stringify(['before the power went', 'first answer', 'still there?', 'written in the dark'])")
	ann.draft("half a thought")
	p.got("+4520111111", "first answer|written in the dark")
	p.again() // once more, with nothing on its way
	p.text("+4520111111", "and now?")
	ann.sees("and now?")
	ann.eventually("there.bubbles().length === 5")
	ann.draft("half a thought")
	p.got("+4520111111", "first answer|written in the dark")
}

func aReload(t *testing.T, b *browser) {
	s, line := behindCutter(t)
	ann := b.onShift(s, "ann", wide, "en")
	s.text("+4520111111", "the first person")
	ann.takes("the first person")
	s.text("+4520222222", "the second person")
	ann.takes("the second person")
	ann.typeIn("reply", "for the second")
	ann.click("SMS …1111")
	ann.sees("the first person")
	ann.draft("")
	ann.typeIn("note", "a note on the first")
	line.deafen()
	ann.sends("unsent at the reload")
	ann.sees("Sending…")
	ann.typeIn("reply", "for the first")
	ann.do(chromedp.Reload())
	ann.click("SMS …1111")
	ann.conversation("the first person", "unsent at the reload")
	ann.sees("Delivered")
	ann.gone("Sending…")
	ann.draft("for the first")
	ann.eventually("document.getElementById('note').value === 'a note on the first'")
	ann.click("SMS …2222")
	ann.conversation("the second person")
	ann.draft("for the second")
	ann.eventually("document.getElementById('note').value === ''")
	s.got("+4520111111", "unsent at the reload")
	s.got("+4520222222", "")
}
