package simulator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestLifeOfAMessage(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		setup  func(*stage)
		to     string
		states []string
		code   string
		inbox  int
	}{
		{"a text", func(*stage) {}, ana, []string{"sending", "sent", "delivered"}, "", 1},
		{"WhatsApp", func(s *stage) { s.Phone(ana).WhatsApp(soon(s.t), chat, "x") }, "whatsapp:" + ana, []string{"sending", "sent", "delivered", "read"}, "", 1},
		{"WhatsApp unread", func(s *stage) { s.Phone(ana).WhatsApp(soon(s.t), chat, "x"); s.Phone(ana).Unread() }, "whatsapp:" + ana, []string{"sending", "sent", "delivered"}, "", 1},
		{"WhatsApp to someone who never wrote", func(*stage) {}, "whatsapp:" + ana, []string{"failed"}, "63016", 0},
		{"fails", func(s *stage) { s.Phone(ana).Fails(30007) }, ana, []string{"failed"}, "30007", 0},
		{"not there", func(s *stage) { s.Phone(ana).Undelivered(30005) }, ana, []string{"sending", "sent", "undelivered"}, "30005", 0},
		{"off", func(s *stage) { s.Phone(ana).Off() }, ana, []string{"sending", "sent", "undelivered"}, "30003", 0},
		{"blocks", func(s *stage) { s.Phone(ana).Blocks() }, ana, []string{"sending", "sent", "undelivered"}, "30004", 0},
		{"silent", func(s *stage) { s.Phone(ana).Silent() }, ana, []string{"sending", "sent"}, "", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, Config{})
			s.Phone(ana)
			test.setup(s)
			from := line
			if isWhatsApp(test.to) {
				from = chat
			}
			s.NextSend(CallbackFirst)
			status, answer, err := s.sends("To", test.to, "From", from)
			if status != http.StatusCreated || !strings.Contains(answer, `"status":"queued"`) {
				t.Fatalf("send = %d %s, %v", status, answer, err)
			}
			if got := s.heard(); !slices.Equal(got, test.states) {
				t.Errorf("callbacks = %v, want %v", got, test.states)
			}
			m := s.Sent()[0]
			if m.Body != "hello" || m.Status != test.states[len(test.states)-1] || len(s.Phone(ana).Inbox()) != test.inbox {
				t.Errorf("sent = %+v, inbox %d, want %d", m, len(s.Phone(ana).Inbox()), test.inbox)
			}
			f := s.states[len(s.states)-1]
			want := url.Values{
				"AccountSid": {account}, "ApiVersion": {"2010-04-01"}, "MessageSid": {m.SID}, "SmsSid": {m.SID},
				"MessageStatus": {m.Status}, "SmsStatus": {m.Status}, "From": {from}, "To": {test.to},
			}
			for name := range want {
				if f.Get(name) != want.Get(name) {
					t.Errorf("%s = %q, want %q", name, f.Get(name), want.Get(name))
				}
			}
			if f.Get("ErrorCode") != test.code {
				t.Errorf("ErrorCode = %q, want %q", f.Get("ErrorCode"), test.code)
			}
			if isWhatsApp(test.to) != (f.Get("ChannelPrefix") == "whatsapp") || (m.Status == Read) != (f.Get("EventType") == "READ") {
				t.Errorf("callback = %v", f)
			}
			s.noFaults()
		})
	}
}

func TestHeldUntilThePhoneIsOn(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	p := s.Phone(ana)
	p.WhatsApp(soon(t), chat, "x")
	p.Off()
	s.NextSend(CallbackFirst)
	s.sends("To", "whatsapp:"+ana, "From", chat)
	if got := s.heard(); !slices.Equal(got, []string{"sending", "sent"}) {
		t.Fatalf("callbacks = %v", got)
	}
	p.Delivers()
	if _, err := p.Wait(soon(t), 1); err != nil {
		t.Fatal(err)
	}
	s.until(func() bool { return p.Inbox()[0].Status == Read })
	s.noFaults()
}

func TestWindowOfADay(t *testing.T) {
	t.Parallel()
	var hours atomic.Int64
	start := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	s := newStage(t, Config{Now: func() time.Time { return start.Add(time.Duration(hours.Load()) * time.Hour) }})
	p := s.Phone(ana)
	p.WhatsApp(soon(t), chat, "x")
	to := []string{"To", "whatsapp:" + ana, "From", chat}
	hours.Store(23)
	s.sends(to...)
	if _, err := p.Wait(soon(t), 1); err != nil {
		t.Errorf("inside the window: %v", err)
	}
	hours.Store(24)
	s.sends(to...)
	s.until(func() bool { return s.Sent()[1].Status == Failed && s.Sent()[1].ErrorCode == 63016 })
	s.sends(append(to, "Body", "", "ContentSid", "HX"+strings.Repeat("a", 32), "ContentVariables", `{"1":"x"}`)...)
	if inbox, err := p.Wait(soon(t), 2); err != nil || inbox[1].ContentSID == "" {
		t.Errorf("a template outside the window: %+v, %v", inbox, err)
	}
	s.noFaults()
}

func TestOptingOut(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	p := s.Phone(ana)
	for _, step := range []struct {
		text string
		want int
	}{{"please stop", 201}, {" Stop ", 400}, {"hello?", 400}, {"START", 201}, {"END", 400}, {"unstop", 201}, {"OptOut", 400}} {
		p.Text(soon(t), line, step.text)
		if status, answer, _ := s.sends(); status != step.want || (status == 400) != strings.Contains(answer, `"code":21610`) {
			t.Errorf("a send after %q = %d %s, want %d", step.text, status, answer, step.want)
		}
	}
	p.OptsIn()
	p.WhatsApp(soon(t), chat, "STOP")
	if status, _, _ := s.sends("To", "whatsapp:"+ana, "From", chat); status != 201 {
		t.Errorf("a send on WhatsApp after STOP = %d, want 201", status)
	}
	p.OptedOut(line)
	if status, _, _ := s.sends(); status != 400 {
		t.Errorf("a send after OptedOut = %d, want 400", status)
	}
	deaf := newStage(t, Config{IgnoreStop: true})
	deaf.Phone(ana).Text(soon(t), line, "STOP")
	if status, _, _ := deaf.sends(); status != 201 {
		t.Errorf("a send after STOP with the words turned off = %d, want 201", status)
	}
}

func TestCallbacksWaitForEachOther(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	s.Phone(ana)
	var under, most atomic.Int32
	s.answers(func(w http.ResponseWriter, _ *http.Request) {
		most.Store(max(most.Load(), under.Add(1)))
		defer under.Add(-1)
		w.WriteHeader(204)
	})
	s.NextSend(CallbackFirst)
	s.sends()
	if got := s.heard(); !slices.Equal(got, []string{"sending", "sent", "delivered"}) || most.Load() != 1 {
		t.Errorf("callbacks = %v, %d at once", got, most.Load())
	}
}

func TestSendToNobodyIsAFault(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	s.sends("To", "+4599999999")
	if f := s.ForgetFaults(); len(f) != 1 || f[0].Kind != NobodysPhone || len(s.Faults()) != 0 {
		t.Errorf("faults = %v", f)
	}
}

func TestSegments(t *testing.T) {
	t.Parallel()
	tests := []struct {
		body string
		want int
	}{
		{"", 1}, {strings.Repeat("a", 160), 1}, {strings.Repeat("a", 161), 2}, {strings.Repeat("€", 80), 1},
		{strings.Repeat("€", 81), 2}, {strings.Repeat("ж", 70), 1}, {strings.Repeat("ж", 71), 2},
		{strings.Repeat("😔", 35), 1}, {strings.Repeat("😔", 36), 2}, {strings.Repeat("a", 306), 2}, {strings.Repeat("a", 307), 3},
	}
	for _, test := range tests {
		if got := segments(test.body); got != test.want {
			t.Errorf("segments(%d bytes of %.4q) = %d, want %d", len(test.body), test.body, got, test.want)
		}
	}
}
