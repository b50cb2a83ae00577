package carrier_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/hotline/carrier"
	"hopeline/hotline/carrier/simulator"
)

const (
	line    = "+4570201550"
	account = "AC0123456789abcdef0123456789abcdef"
	token   = "f00dfacef00dfacef00dfacef00dface"
)

// desk keeps what the webhooks bring, and tells who waits.
type desk struct {
	mu      sync.Mutex
	changed chan struct{}
	texts   []hotline.Inbound
	reports []hotline.Report
	err     error
}

func (d *desk) Receive(_ context.Context, in hotline.Inbound) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err == nil {
		d.texts = append(d.texts, in)
	}
	return d.err
}

func (d *desk) Report(_ context.Context, r hotline.Report) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.reports = append(d.reports, r)
	close(d.changed)
	d.changed = make(chan struct{})
	return nil
}

// until waits for a report of a status.
func (d *desk) until(t *testing.T, status hotline.Delivery) hotline.Report {
	t.Helper()
	for {
		d.mu.Lock()
		changed := d.changed
		for _, r := range d.reports {
			if r.Status == status {
				d.mu.Unlock()
				return r
			}
		}
		d.mu.Unlock()
		select {
		case <-changed:
		case <-t.Context().Done():
			t.Fatalf("no report of %q", status)
		case <-time.After(30 * time.Second):
			t.Fatalf("no report of %q in 30 s", status)
		}
	}
}

// town is a phone company and our edge to it.
type town struct {
	*simulator.Carrier
	client *carrier.Client
	desk   *desk
	ana    *simulator.Phone
}

func newTown(t *testing.T) town {
	t.Helper()
	company := simulator.New(simulator.Config{AccountSID: account, AuthToken: token, Step: time.Millisecond})
	d := &desk{changed: make(chan struct{})}
	mux := http.NewServeMux()
	hooks, api := httptest.NewServer(mux), httptest.NewServer(company)
	public, err := url.Parse(hooks.URL)
	if err != nil {
		t.Fatal(err)
	}
	cfg := carrier.Config{Public: public, AccountSID: account, Tokens: []string{token}, APIURL: api.URL}
	mux.Handle("/", carrier.NewWebhooks(cfg, d, nil, nil, nil, zap.NewNop(), nil))
	client := carrier.NewClient(cfg)
	t.Cleanup(func() {
		company.Close()
		client.Close()
		hooks.Close()
		api.Close()
		for _, f := range company.Faults() {
			t.Errorf("the carrier minds: %v", f)
		}
	})
	company.Number(line, simulator.Webhooks{Message: hooks.URL + "/twilio/message"})
	company.Number("whatsapp:"+line, simulator.Webhooks{Message: hooks.URL + "/twilio/message"})
	return town{Carrier: company, client: client, desk: d, ana: company.Phone("+4520000001")}
}

func (w town) reply(id, text string) hotline.Outgoing {
	return hotline.Outgoing{
		Message: hotline.MessageID(id), Part: 1, From: hotline.AddressOf(line), To: hotline.AddressOf(w.ana.Address()),
		Text: text, Began: time.Now().UTC(),
	}
}

func TestATextComesInAndAReplyGoesOut(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	receipt, err := w.ana.Text(t.Context(), line, "hjælp mig\x00 👍🏽; 100% & more")
	if err != nil || !receipt.Answer.OK() {
		t.Fatalf("the webhook was answered %+v, %v", receipt.Answer, err)
	}
	in := w.desk.texts[0]
	if in.SID != receipt.SID || in.Text != "hjælp mig␀ 👍🏽; 100% & more" || in.From.Full() != w.ana.Address() || in.To.Full() != line {
		t.Errorf("kept %+v", in)
	}
	got := w.client.Send(t.Context(), w.reply("msg_1", "Are you safe?"))
	if got.Class != hotline.Taken || got.SID == "" || got.Status != hotline.Queued {
		t.Fatalf("Send = %+v, want Taken and queued", got)
	}
	r := w.desk.until(t, hotline.Delivered)
	if r.Message != "msg_1" || r.Part != 1 || r.SID != got.SID {
		t.Errorf("Report = %+v, want msg_1, part 1, %s", r, got.SID)
	}
	inbox, err := w.ana.Wait(t.Context(), 1)
	if err != nil || inbox[0].Body != "Are you safe?" || inbox[0].From != line {
		t.Errorf("her phone shows %+v, %v", inbox, err)
	}
}

func TestWhatsAppComesAndGoes(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	if _, err := w.ana.WhatsApp(t.Context(), line, "hej"); err != nil {
		t.Fatal(err)
	}
	in := w.desk.texts[0]
	if c := hotline.Open("c", in.From, in.To, in.At); c.Channel != hotline.WhatsApp {
		t.Errorf("the channel is %s, want whatsapp", c.Channel)
	}
	out := w.reply("msg_1", "hej")
	out.From, out.To = in.To, in.From
	if got := w.client.Send(t.Context(), out); got.Class != hotline.Taken {
		t.Fatalf("Send = %+v, want Taken", got)
	}
	if r := w.desk.until(t, hotline.Read); r.Message != "msg_1" {
		t.Errorf("Report = %+v", r)
	}
}

func TestWhatIsNotStoredIsNotAnsweredWell(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.desk.err = hotline.ErrUnavailable
	receipt, err := w.ana.Text(t.Context(), line, "help")
	if err != nil || receipt.Answer.Status != http.StatusServiceUnavailable {
		t.Errorf("the webhook was answered %+v, %v, want 503", receipt.Answer, err)
	}
}

func TestFailuresOfTheRoad(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		mishap simulator.Mishap
		want   hotline.Class
		there  bool // the carrier has it
	}{
		{"answer lost", simulator.AnswerLost, hotline.Unsure, true},
		{"garbled", simulator.Garbled, hotline.Taken, true},
		{"500 after it was taken", simulator.BrokenAfter, hotline.Unsure, true},
		{"never taken", simulator.NeverTaken, hotline.Unsure, false},
		{"429", simulator.TooMany, hotline.Again, false},
		{"500", simulator.Broken, hotline.Unsure, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newTown(t)
			out := w.reply("msg_1", "Are you safe?")
			w.NextSend(c.mishap)
			if got := w.client.Send(t.Context(), out); got.Class != c.want {
				t.Errorf("Send = %+v, want class %d", got, c.want)
			}
			sid, _, found, err := w.client.Find(t.Context(), out, func(string) bool { return false })
			if err != nil || found != c.there {
				t.Fatalf("Find = %q %v %v, want %v", sid, found, err, c.there)
			}
			if sent := w.Sent(); c.there && (len(sent) != 1 || sent[0].SID != sid) {
				t.Errorf("Find = %q, the carrier has %+v", sid, sent)
			}
			if !c.there {
				return
			}
			if r := w.desk.until(t, hotline.Delivered); r.Message != "msg_1" || r.SID != sid {
				t.Errorf("Report = %+v, want msg_1 and %s", r, sid)
			}
		})
	}
}

// A report may be here before the answer to the create is.
func TestReportBeforeAnswer(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.NextSend(simulator.CallbackFirst)
	got := w.client.Send(t.Context(), w.reply("msg_1", "hi"))
	w.desk.mu.Lock()
	defer w.desk.mu.Unlock()
	if got.Class != hotline.Taken || len(w.desk.reports) == 0 {
		t.Fatalf("Send = %+v after %d reports", got, len(w.desk.reports))
	}
	for _, r := range w.desk.reports {
		if r.Message != "msg_1" || r.SID != got.SID {
			t.Errorf("Report = %+v, want msg_1 and %s", r, got.SID)
		}
	}
}

func TestRefusedByTheCarrier(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.ana.OptedOut()
	if got := w.client.Send(t.Context(), w.reply("msg_1", "hi")); got.Class != hotline.Refuse || got.Failure.Code != 21610 {
		t.Errorf("Send = %+v, want refused with 21610", got)
	}
	w.ana.OptsIn()
	w.ana.Off()
	w.client.Send(t.Context(), w.reply("msg_2", "hi"))
	if r := w.desk.until(t, hotline.Failed); r.Message != "msg_2" || r.Code != 30003 {
		t.Errorf("Report = %+v, want msg_2 with 30003", r)
	}
}

// The list is longer than a page; what is looked for is the oldest.
func TestFindInALongList(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	out := w.reply("msg_1", "Are you safe?")
	w.NextSend(simulator.AnswerLost)
	w.client.Send(t.Context(), out)
	mine := w.Sent()[0].SID
	for range 120 {
		w.client.Send(t.Context(), w.reply("msg_2", "later"))
	}
	sid, _, found, err := w.client.Find(t.Context(), out, func(string) bool { return false })
	if err != nil || !found || sid != mine {
		t.Errorf("Find = %q %v %v, want %q", sid, found, err, mine)
	}
	known := []string{mine}
	if sid, _, found, err = w.client.Find(t.Context(), out, func(s string) bool { return slices.Contains(known, s) }); err != nil || found {
		t.Errorf("Find = %q %v %v, want nothing that is not known", sid, found, err)
	}
}

func TestAStormOfCopies(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	receipt, err := w.ana.Text(t.Context(), line, "help")
	if err != nil {
		t.Fatal(err)
	}
	copies, err := w.Redeliver(t.Context(), receipt.SID, 8)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range copies {
		if c.Answer.Body != receipt.Answer.Body || !c.Answer.OK() {
			t.Errorf("a copy was answered %+v, the first %+v", c.Answer, receipt.Answer)
		}
	}
	for _, in := range w.desk.texts {
		if in.SID != receipt.SID || in.Text != "help" {
			t.Errorf("kept %+v", in)
		}
	}
}
