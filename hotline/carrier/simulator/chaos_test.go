package simulator

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestMishaps(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		mishap Mishap
		status int // 0: the connection is cut
		holds  string
		taken  bool
	}{
		{"answer lost", AnswerLost, 0, "", true},
		{"never taken", NeverTaken, 0, "", false},
		{"garbled", Garbled, 201, `"num_segments":1`, true},
		{"500 after", BrokenAfter, 500, `"code":20500`, true},
		{"500", Broken, 500, `"code":20500`, false},
		{"429", TooMany, 429, `"code":20429`, false},
		{"callback first", CallbackFirst, 201, `"status":"queued"`, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, Config{})
			p := s.Phone(ana)
			s.NextSend(test.mishap)
			status, body, err := s.sends()
			if (err != nil) != (test.status == 0) || status != test.status || !strings.Contains(body, test.holds) {
				t.Errorf("send = %d %s, %v; want %d", status, body, err, test.status)
			}
			if got := len(s.Sent()) == 1; got != test.taken {
				t.Errorf("taken = %v, want %v", got, test.taken)
			}
			if got := len(s.heard()); test.mishap == CallbackFirst && got != 3 {
				t.Errorf("%d callbacks came before the answer, want 3", got)
			}
			if got := s.Requests()[0].Status; got != test.status {
				t.Errorf("recorded status = %d, want %d", got, test.status)
			}
			n := 1 // the next goes well, and arrives whatever became of the first
			if test.taken {
				n = 2
			}
			if status, _, err := s.sends(); status != 201 || err != nil {
				t.Errorf("the next send = %d, %v", status, err)
			}
			if _, err := p.Wait(soon(t), n); err != nil {
				t.Errorf("Wait(%d) = %v", n, err)
			}
			s.noFaults()
		})
	}
}

func TestDoubles(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	s.Chaos(func(ch *Chaos) { ch.Duplicate = 1 })
	r, err := s.Phone(ana).Text(soon(t), line, "x")
	if err != nil {
		t.Fatal(err)
	}
	s.until(func() bool { m, _ := s.Message(r.SID); return len(m.Answers) == 2 })
	if f := s.forms(); len(f) != 2 || f[0].Encode() != f[1].Encode() {
		t.Errorf("%d webhooks, want two alike", len(f))
	}
	s.NextSend(CallbackFirst)
	s.sends()
	got := s.heard()
	slices.Sort(got)
	if want := []string{"delivered", "delivered", "sending", "sending", "sent", "sent"}; !slices.Equal(got, want) {
		t.Errorf("callbacks = %v, want each twice", got)
	}
}

func TestLostDroppedAndDelayed(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	s.Chaos(func(ch *Chaos) { ch.Lose, ch.Drop = 1, 1 })
	p := s.Phone(ana)
	r, err := p.Text(soon(t), line, "x")
	if err != nil || len(r.Attempts) != 0 || len(s.forms()) != 0 {
		t.Errorf("a lost webhook = %+v, %v", r, err)
	}
	s.NextSend(CallbackFirst)
	s.sends()
	if got := s.heard(); len(got) != 0 || len(p.Inbox()) != 1 {
		t.Errorf("callbacks = %v, inbox %d; want none and one", got, len(p.Inbox()))
	}
	s.Chaos(func(ch *Chaos) { *ch = Chaos{Delay: time.Millisecond, Slow: 20 * time.Millisecond} })
	start := time.Now()
	if r, err := p.Text(soon(t), line, "x"); err != nil || !r.Answer.OK() {
		t.Errorf("a delayed webhook = %+v, %v", r, err)
	}
	if s.sends(); time.Since(start) < 20*time.Millisecond {
		t.Error("a slow answer was quick")
	}
}

// Whatever the window, all states come; and for some seed they come out of order.
func TestReorder(t *testing.T) {
	t.Parallel()
	shuffled := false
	for seed := range uint64(20) {
		s := newStage(t, Config{})
		s.Phone(ana)
		s.Chaos(func(ch *Chaos) { ch.Seed, ch.Reorder = seed, 40*time.Millisecond })
		s.NextSend(CallbackFirst)
		s.sends()
		got := s.heard()
		shuffled = shuffled || !slices.Equal(got, []string{"sending", "sent", "delivered"})
		slices.Sort(got)
		if !slices.Equal(got, []string{"delivered", "sending", "sent"}) {
			t.Fatalf("callbacks = %v", got)
		}
		if shuffled {
			return
		}
	}
	t.Error("twenty seeds shuffled nothing")
}

func TestChaosIsDrawnFromTheSeed(t *testing.T) {
	t.Parallel()
	draws := func(seed uint64) (all []luck) {
		ch := Chaos{Seed: seed, Duplicate: .5, Drop: .5, Lose: .5, Reorder: time.Second}
		for serial := range 50 {
			all = append(all, ch.draw(serial, "sent"))
		}
		return all
	}
	if !slices.Equal(draws(1), draws(1)) {
		t.Error("one seed drew two ways")
	}
	if slices.Equal(draws(1), draws(2)) {
		t.Error("two seeds drew the same")
	}
	s := newStage(t, Config{})
	s.Chaos(func(ch *Chaos) { ch.Mishap, ch.Mishaps = 1, []Mishap{TooMany} })
	if status, _, _ := s.sends(); status != http.StatusTooManyRequests {
		t.Errorf("a drawn mishap = %d, want 429", status)
	}
}

func TestCloseEndsWhatRuns(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{Step: time.Hour})
	s.Phone(ana)
	s.sends()
	waiting := make(chan error)
	go func() { _, err := s.Phone(ana).Wait(t.Context(), 1); waiting <- err }()
	s.Close()
	if err := <-waiting; err != ErrClosed {
		t.Errorf("Wait after Close = %v, want ErrClosed", err)
	}
	if _, err := s.Phone(ana).Text(t.Context(), line, "x"); err != ErrClosed {
		t.Errorf("Text after Close = %v, want ErrClosed", err)
	}
	if status, _, _ := s.sends(); status != http.StatusServiceUnavailable {
		t.Errorf("a send after Close = %d, want 503", status)
	}
}
