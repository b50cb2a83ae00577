package intake

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/hotline/carrier"
	"hopeline/hotline/carrier/simulator"
)

const (
	ours      = "+4570201550"
	accountID = "AC0123456789abcdef0123456789abcdef"
	password  = "f00dfacef00dfacef00dfacef00dface"
)

// company is a phone company beside a house, whose fetcher fetches there.
func company(t *testing.T, d *depot, voice string) *simulator.Carrier {
	t.Helper()
	c := simulator.New(simulator.Config{AccountSID: accountID, AuthToken: password, Step: time.Millisecond})
	mux := http.NewServeMux()
	hooks, api := httptest.NewServer(mux), httptest.NewServer(c)
	public, err := url.Parse(hooks.URL)
	if err != nil {
		t.Fatal(err)
	}
	cfg := carrier.Config{Public: public, AccountSID: accountID, Tokens: []string{password}, APIURL: api.URL, Now: d.clock}
	mux.Handle("/twilio/", carrier.NewWebhooks(cfg, d.desk, nil, nil, nil, zap.NewNop(), nil))
	mux.HandleFunc("/voicemail", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprint(w, voice)
	})
	client := carrier.NewClient(cfg)
	d.fetcher.depot = client
	t.Cleanup(func() {
		c.Close()
		client.Close()
		hooks.Close()
		api.Close()
		for _, f := range c.Faults() {
			t.Errorf("the carrier minds: %v", f)
		}
	})
	c.Number(ours, simulator.Webhooks{Message: hooks.URL + "/twilio/message", Voice: hooks.URL + "/voicemail"})
	return c
}

func TestPicturesOfATextComeHere(t *testing.T) {
	t.Parallel()
	d := newDepot(t)
	c := company(t, d, "")
	picture := aJPEG(t)
	told := append([]byte("\xff\xd8"+segment(jpegExif, "Exif\x00\x00gps-marker")), picture[2:]...)
	receipt, err := c.Phone("+4520998877").Text(t.Context(), ours, "see", simulator.Attach("image/jpeg", told), simulator.Attach("text/plain", []byte("<script>")))
	if err != nil || !receipt.Answer.OK() {
		t.Fatalf("the webhook was answered %+v, %v", receipt.Answer, err)
	}
	d.runs()
	d.changedMessage()
	m := d.changedMessage()
	if m.Media[0].Type != "image/jpeg" || m.Media[0].Size != int64(len(told)) || m.Media[1].Type != unknownKind {
		t.Errorf("told of %+v", m.Media)
	}
	if body, kind, err := d.desk.Media(t.Context(), supervisor, m.Media[0].ID); !bytes.Equal(body, picture) || kind != "image/jpeg" || err != nil {
		t.Errorf("Media = %d bytes, %q, %v; want the picture alone", len(body), kind, err)
	}
	d.emptied(c, func() bool { left, _ := c.Message(receipt.SID); return len(left.Media) == 0 })
}

func TestAVoicemailComesHere(t *testing.T) {
	t.Parallel()
	d := newDepot(t)
	c := company(t, d, `<Response><Record action="/voicemail" maxLength="5" timeout="2" trim="do-not-trim"/><Hangup/></Response>`)
	call, err := c.Phone("+4520998877").Call(t.Context(), ours)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Until(t.Context(), func() bool { return len(c.Recordings()) > 0 }); err != nil {
		t.Fatal(err)
	}
	call.HangUp()
	sid := c.Recordings()[0]
	d.arrives(sid, "recording:"+sid)
	d.runs()
	m := d.changedMessage()
	body, kind, err := d.desk.Media(t.Context(), supervisor, m.Media[0].ID)
	if kind != "audio/mpeg" || !strings.Contains(string(body), sid[:10]) || err != nil {
		t.Errorf("Media = %d bytes, %q, %v; want the voicemail", len(body), kind, err)
	}
	d.emptied(c, func() bool { return !slices.Contains(c.Recordings(), sid) })
}

// emptied waits until the carrier has nothing of ours any more, and our disk knows.
func (d *depot) emptied(c *simulator.Carrier, is func() bool) {
	d.t.Helper()
	if err := c.Until(d.t.Context(), is); err != nil {
		d.t.Fatal("it still lies at the carrier: ", err)
	}
	d.settled()
	if next, err := d.store.NextMedia(d.t.Context()); err != nil || !next.IsZero() {
		d.t.Errorf("NextMedia = %v, %v, want never", next, err)
	}
	if strings.Contains(fmt.Sprint(d.logs.All()), hotline.AddressOf("+4520998877").Full()) {
		d.t.Error("the log holds a number")
	}
}
