package simulator

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

func TestTextBringsTheWholeForm(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	body := "hi \x00 \xff 😔"
	r, err := s.Phone(ana).Text(soon(t), line, body)
	if err != nil || !r.Answer.OK() || r.Answer.Status != 200 {
		t.Fatalf("Text = %+v, %v", r, err)
	}
	f := s.forms()[0]
	want := map[string]string{
		"MessageSid": r.SID, "SmsSid": r.SID, "SmsMessageSid": r.SID, "AccountSid": account, "ApiVersion": "2010-04-01",
		"SmsStatus": "received", "From": ana, "To": line, "Body": body, "NumMedia": "0", "NumSegments": "1",
		"FromCountry": "DK", "ToCity": "",
	}
	for name, value := range want {
		if got := f.Get(name); got != value || !f.Has(name) {
			t.Errorf("%s = %q, want %q", name, got, value)
		}
	}
	if !strings.HasPrefix(r.SID, "SM") || len(r.SID) != 34 {
		t.Errorf("SID = %q", r.SID)
	}
	s.noFaults()
}

func TestWhatsAppAndWhatComesWithIt(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	r, err := s.Phone(ana).WhatsApp(soon(t), line, "", Profile("Ana"), Attach("image/jpeg", []byte("jpg")),
		Attach("audio/ogg", sampleVoice()), With("Forwarded", "true"), With("Novel", "a"), With("Novel", "b"))
	if err != nil {
		t.Fatal(err)
	}
	f := s.forms()[0]
	want := map[string]string{
		"From": "whatsapp:" + ana, "To": chat, "WaId": ana[1:], "ProfileName": "Ana", "MessageType": "image",
		"NumMedia": "2", "MediaContentType1": "audio/ogg", "Forwarded": "true",
	}
	for name, value := range want {
		if got := f.Get(name); got != value {
			t.Errorf("%s = %q, want %q", name, got, value)
		}
	}
	if !slices.Equal(f["Novel"], []string{"a", "b"}) || f.Has("FromCity") || !strings.HasPrefix(r.SID, "MM") {
		t.Errorf("Novel %q, FromCity %v, SID %s", f["Novel"], f.Has("FromCity"), r.SID)
	}
	media := strings.TrimPrefix(f.Get("MediaUrl0"), "https://api.twilio.com")
	if status, got, _ := s.ask(http.MethodGet, media, nil); status != 200 || got != "jpg" {
		t.Errorf("GET of the media = %d, %q", status, got)
	}
	if status, _, err := s.asks(http.MethodGet, media, nil, "wrong"); err != nil || status != 401 {
		t.Errorf("GET of the media with a wrong password = %d, %v; want 401", status, err)
	}
}

func TestOddSenders(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	for _, from := range []string{"anonymous", "", "+266696687", "PARCEL", "384387"} {
		if _, err := s.Phone(from).Text(soon(t), line, "x"); err != nil {
			t.Fatal(err)
		}
		if f := s.forms(); f[len(f)-1].Get("From") != from || !f[len(f)-1].Has("From") {
			t.Errorf("From = %q, want %q", f[len(f)-1]["From"], from)
		}
	}
	s.Phone("anonymous").Text(soon(t), line, "x", Without("From"), Location("55.6", "12.5", "", "here"))
	f := s.forms()
	if last := f[len(f)-1]; last.Has("From") || last.Get("Latitude") != "55.6" || last.Get("Label") != "here" {
		t.Errorf("form = %v", last)
	}
	s.Phone("DK.99").WhatsApp(soon(t), chat, "x", Button("Yes", "y"))
	f = s.forms()
	if last := f[len(f)-1]; last.Has("WaId") || last.Get("ExternalUserId") != "whatsapp:DK.99" || last.Get("ButtonType") != "REPLY" {
		t.Errorf("form = %v", last)
	}
	if _, err := s.Phone(ana).Text(soon(t), "+4570209999", "x"); err == nil {
		t.Error("a text to a number that is not the account's went out")
	}
	s.noFaults()
}

func TestAnswersAreJudged(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status int
		kind   string
		body   string
		code   int
		fault  bool
	}{
		{"no content", 204, "", "", 0, false},
		{"a response", 200, "text/xml", "<Response></Response>", 0, false},
		{"with a header and a charset", 200, "application/xml; charset=utf-8", `<?xml version="1.0"?><Response/><!-- -->`, 0, false},
		{"text", 200, "text/plain; charset=utf-8", "<Response/>", codeType, true},
		{"HTML", 200, "text/html", "<Response/>", codeType, true},
		{"no type", 200, "", "", codeType, true},
		{"nothing in it", 200, "text/xml", "", codeNotXML, true},
		{"not XML", 200, "text/xml", "<Response>", codeNotXML, true},
		{"two roots", 200, "text/xml", "<Response/><Response/>", codeSchema, true},
		{"the wrong case", 200, "text/xml", "<response/>", codeSchema, true},
		{"a verb of calls", 200, "text/xml", "<Response><Say>hi</Say></Response>", codeSchema, true},
		{"stray words", 200, "text/xml", "<Response>hi</Response>", codeSchema, true},
		{"too long", 200, "text/xml", "<Response><!--" + strings.Repeat("x", mostAnswer) + "--></Response>", codeTooBig, true},
		{"forbidden", 403, "text/plain", "no", codeHTTP, true},
		{"elsewhere", 302, "", "", codeHTTP, true},
		{"not stored", 503, "text/plain", "later", codeHTTP, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, Config{})
			s.answers(func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Type"] = nil
				if test.kind != "" {
					w.Header().Set("Content-Type", test.kind)
				}
				w.WriteHeader(test.status)
				w.Write([]byte(test.body))
			})
			r, err := s.Phone(ana).Text(soon(t), line, "x")
			if err != nil || r.Answer.Code != test.code || len(r.Attempts) != 1 {
				t.Errorf("Text = %d in %d attempts, %v; want %d", r.Answer.Code, len(r.Attempts), err, test.code)
			}
			if got := len(s.Faults()) > 0; got != test.fault {
				t.Errorf("faults = %v, want %v", s.Faults(), test.fault)
			}
			if got := len(s.Alerts()) > 0; got != (test.code != 0) {
				t.Errorf("alerts = %v", s.Alerts())
			}
		})
	}
}

func TestAnswerWithMessageIsSent(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	s.answers(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		w.Write([]byte("<Response><Message><Body>we &amp; you</Body></Message></Response>"))
	})
	p := s.Phone(ana)
	p.Text(soon(t), line, "x")
	inbox, err := p.Wait(soon(t), 1)
	if err != nil || inbox[0].Body != "we & you" || inbox[0].From != line || inbox[0].Direction != "outbound-reply" {
		t.Errorf("Wait = %+v, %v", inbox, err)
	}
}

func TestRetriesAndFallback(t *testing.T) {
	t.Parallel()
	tests := []struct {
		fragment string
		status   int
		attempts int
	}{
		{"", 503, 1},
		{"#rc=2&rp=5xx", 503, 3},
		{"#rc=2&rp=ct,rt", 503, 1},
		{"#rc=9&rp=all", 503, 2},
		{"#rc=3&rp=all", 403, 4},
		{"#rc=3&rp=all", 302, 1},
	}
	for _, test := range tests {
		s := newStage(t, Config{})
		s.answers(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/fallback" {
				w.WriteHeader(test.status)
				return
			}
			w.WriteHeader(204)
		})
		hook := s.service.URL + "/message"
		s.Number(line, Webhooks{Message: hook + test.fragment, MessageFallback: s.service.URL + "/fallback"})
		r, err := s.Phone(ana).Text(soon(t), line, "x")
		if err != nil || len(r.Attempts) != test.attempts+1 || !r.Answer.Fallback || !r.Answer.OK() {
			t.Errorf("%s and %d: %+v, %v; want %d attempts and the fallback", test.fragment, test.status, r, err, test.attempts)
		}
		f := s.forms()
		if last := f[len(f)-1]; last.Get("ErrorCode") != "11200" || last.Get("ErrorUrl") != hook || f[0].Has("ErrorCode") {
			t.Errorf("%s: ErrorCode %q, ErrorUrl %q", test.fragment, last.Get("ErrorCode"), last.Get("ErrorUrl"))
		}
	}
}

func TestNoConnectionIsTriedOnceMore(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	s.Number(line, Webhooks{Message: "http://127.0.0.1:1/message"}) // a port that a server left may be another's by now
	r, err := s.Phone(ana).Text(soon(t), line, "x")
	if err != nil || len(r.Attempts) != 2 || r.Answer.Status != 0 || r.Answer.Code != codeConnect {
		t.Errorf("Text = %+v, %v; want two attempts without an answer", r, err)
	}
	if _, known := s.Message(r.SID); !known {
		t.Error("a message whose webhook failed is not in the list")
	}
}

func TestNothingLeavesTheMachine(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	for _, address := range []string{"https://example.org/m", "http://192.0.2.1/m", "http://[2001:db8::1]/m"} {
		s.Number(line, Webhooks{Message: address})
		r, err := s.Phone(ana).Text(soon(t), line, "x")
		if err != nil || r.Answer.Code != codeConnect {
			t.Errorf("Text with a webhook at %s = %+v, %v", address, r.Answer, err)
		}
	}
}

func TestRedeliverAndBurst(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	p := s.Phone(ana)
	lost, _ := p.Text(soon(t), line, "lost", Lost())
	if len(s.forms()) != 0 || len(lost.Attempts) != 0 {
		t.Fatalf("a lost webhook was called: %+v", lost)
	}
	copies, err := s.Redeliver(soon(t), lost.SID, 8)
	if err != nil || len(copies) != 8 || len(s.forms()) != 8 {
		t.Fatalf("Redeliver = %d copies, %d came, %v", len(copies), len(s.forms()), err)
	}
	for _, f := range s.forms() {
		if f.Encode() != s.forms()[0].Encode() {
			t.Error("a copy differs")
		}
	}
	if _, err := s.Redeliver(soon(t), "SM00", 1); err == nil {
		t.Error("Redeliver of an unknown message = nil, want an error")
	}
	receipts, err := p.Burst(soon(t), chat, "a", "b", "c")
	if err != nil || len(receipts) != 3 || receipts[0].SID == receipts[1].SID {
		t.Errorf("Burst = %+v, %v", receipts, err)
	}
	if m, _ := s.Message(receipts[2].SID); m.Body != "c" || m.From != "whatsapp:"+ana {
		t.Errorf("the third of the burst = %+v", m)
	}
}

func TestTooLongIsCut(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	r, _ := s.Phone(ana).Text(soon(t), line, strings.Repeat("ä", 1601))
	m, _ := s.Message(r.SID)
	if len(m.Body) != 3200 || m.ErrorCode != 21617 || s.forms()[0].Get("Body") != m.Body {
		t.Errorf("message = %d bytes, code %d", len(m.Body), m.ErrorCode)
	}
}

func TestSilentServiceIsGivenUp(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	var calls atomic.Int32
	hold := make(chan struct{})
	s.answers(func(http.ResponseWriter, *http.Request) { calls.Add(1); <-hold })
	defer close(hold)
	s.Number(line, Webhooks{Message: s.service.URL + "/message#ct=1000&rt=1000&rc=1&rp=rt"})
	r, err := s.Phone(ana).Text(soon(t), line, "x")
	if err != nil || len(r.Attempts) != 2 || r.Answer.Code != codeConnect || calls.Load() != 2 {
		t.Errorf("Text = %+v, %v after %d calls", r, err, calls.Load())
	}
}

func FuzzReadDocument(f *testing.F) {
	for _, seed := range []string{"<Response/>", "<Response><Message>hi</Message></Response>", "<a", "<?xml?>", "<Response>]]></Response>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		replies, err := readDocument(body)
		if err == nil && !strings.Contains(body, "Response") {
			t.Errorf("readDocument took a document without a Response: %q", body)
		}
		for _, r := range replies {
			if r.body == "" && len(r.media) == 0 {
				t.Errorf("readDocument made an empty reply of %q", body)
			}
		}
	})
}
