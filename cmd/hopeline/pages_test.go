package main

import (
	"bytes"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hopeline/hotline"
)

// atHome hires somebody who is on duty by the rota, with a phone and no console open. Freja made the rota, and is off
// duty.
func (s *stage) atHome(freja *desk, name, number string) {
	s.t.Helper()
	s.company.Phone(number).Named(name)
	s.hires(name, hotline.Counsellor, number, "en")
	freja.must("rota.save", args{"rota": rotaOf(everyDay("00:00", "24:00", 1, name)), "reason": "a test"})
}

func (s *stage) supervisor(name string) *desk {
	s.t.Helper()
	s.account(name, hotline.Supervisor)
	return s.logIn(name)
}

// At 3 a.m. nobody looks at a screen: a text rings the phone of whoever is on duty, she takes it by a key, logs in, and
// it is hers.
func TestATextRingsThePhoneOfWhoeverIsAtHome(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	freja := s.supervisor("freja")
	s.atHome(freja, "anna", "+4530000001")
	began := time.Now()
	s.text("+4520000001", "are you there?")
	leg := s.rings("+4530000001")
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("her phone rang after %v", took)
	}
	s.must("be asked", leg.Hear(s.soon(), "text for the hotline"))
	leg.Press("1")
	s.must("be told where it is", leg.Hear(s.soon(), "console"))
	s.over(leg)
	for _, heard := range leg.Heard() {
		if strings.Contains(heard.Text, "are you there") || strings.Contains(heard.Text, "20000001") {
			t.Errorf("her phone was told %q", heard)
		}
	}
	anna := s.logIn("anna")
	var hello struct{ Contacts []contactJSON }
	anna.decode(anna.hello(), &hello)
	if len(hello.Contacts) != 1 || hello.Contacts[0].State != "live" || hello.Contacts[0].Assignee != anna.id() {
		t.Fatalf("her console begins with %+v, want the text as hers", hello.Contacts)
	}
	if r := anna.opens(hello.Contacts[0].ID); len(r.Messages) != 1 || r.Messages[0].Text != "are you there?" {
		t.Errorf("she reads %+v", r.Messages)
	}
	m := anna.sends(hello.Contacts[0].ID, "Yes, I am here.", "r1")
	anna.status(m.ID, "sent")
}

// Her page is open and she sleeps: after the first offer that she lets pass there, her phone rings. The page shows it
// too, and takes it there while the phone rings.
func TestAnOfferThatNobodySawRingsHerPhone(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	s := newStage(t, func(c *config, t *tuning) {
		movable(&ahead)(c, t)
		t.rules.Call.Lap = 100 * time.Millisecond
	})
	freja := s.supervisor("freja")
	anna := s.onPhone("anna", "+4530000001", "en")
	anna.must("presence.set", args{"state": "available", "voice": "browser"})
	freja.must("rota.save", args{"rota": rotaOf(everyDay("00:00", "24:00", 1, "anna"))})
	call := s.calls("+4520000001")
	first := anna.offered()
	if n := len(s.company.OpenLegs()); n != 1 {
		t.Errorf("%d legs are open while the page rings, want the caller's alone", n)
	}
	ahead.Store(int64(s.tuning.rules.Call.Offer))
	leg := s.rings("+4530000001")
	if again := anna.offered(); again.ID != first.ID {
		t.Errorf("her page shows %s, want %s", again.ID, first.ID)
	}
	leg.Press("1")
	s.must("meet", call.Meet(s.soon(), leg))
	s.bye(call, leg)
}

// Whoever does not press a key takes nothing, and three such pages are told to the supervisor.
func TestThreePagesThatNobodyAnswersAreTold(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(_ *config, t *tuning) {
		t.rules.Call.Ring, t.rules.Call.Rings, t.rules.Call.Slack, t.rules.Call.Key = 400*time.Millisecond, 1, 400*time.Millisecond, 400*time.Millisecond
		t.rules.Lap, t.routing.Sweep = 100*time.Millisecond, 50*time.Millisecond
	})
	freja := s.supervisor("freja")
	s.atHome(freja, "anna", "+4530000001")
	s.text("+4520000001", "are you there?")
	freja.event("alarm", func(data json.RawMessage) bool {
		return strings.Contains(string(data), `"not_answering"`) && strings.Contains(string(data), s.userID("anna"))
	})
	w := freja.waiting()
	if len(w) != 1 || w[0].State == "live" {
		t.Errorf("the text is %+v, want it to wait", w)
	}
	for freja.do("contact.take", args{"contact": w[0].ID}).Error != nil { // while the next page rings it is held out to her
		freja.event("contact.changed", nil)
	}
}

// An offer calls the browser of whoever is asked, once, and says nothing of the person who waits.
func TestAnOfferCallsABrowserThatIsClosed(t *testing.T) {
	t.Parallel()
	pushed := make(chan *http.Request, 10)
	maker := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		pushed <- r
		w.WriteHeader(http.StatusCreated)
	}))
	defer maker.Close()
	s := newStage(t, nil)
	anna := s.counsellor("anna", "en")
	var key struct{ Key string }
	anna.decode(anna.must("push.key", args{}), &key)
	if len(key.Key) < 80 {
		t.Errorf("push.key = %q, want a public key", key.Key)
	}
	hers, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	subscription := args{"endpoint": maker.URL + "/for-anna", "p256dh": base64.RawURLEncoding.EncodeToString(hers.PublicKey().Bytes()),
		"auth": base64.RawURLEncoding.EncodeToString([]byte("0123456789abcdef"))}
	anna.must("push.subscribe", subscription)
	anna.refused("invalid", "push.subscribe", args{"endpoint": "http://192.168.1.1/x", "p256dh": subscription["p256dh"], "auth": subscription["auth"]})
	s.text("+4520000001", "are you there?")
	anna.offered()
	var r *http.Request
	select {
	case r = <-pushed:
	case <-s.soon().Done():
		t.Fatal("her browser was not called")
	}
	said, _ := io.ReadAll(r.Body)
	for name, values := range r.Header {
		said = append(said, fmt.Sprint(name, values)...)
	}
	if strings.Contains(string(said), "are you there") || strings.Contains(string(said), "20000001") || strings.Contains(string(said), "Anna") {
		t.Error("the push tells of the person")
	}
	var tested struct{ Sent int }
	if anna.decode(anna.must("push.test", args{}), &tested); tested.Sent != 1 || len(pushed) != 1 {
		t.Errorf("push.test called %d, and %d pushes came besides; want one of each", tested.Sent, len(pushed)-1)
	}
	anna.must("push.unsubscribe", args{"endpoint": subscription["endpoint"]})
	if anna.decode(anna.must("push.test", args{}), &tested); tested.Sent != 0 {
		t.Errorf("after she unsubscribed push.test called %d", tested.Sent)
	}
}
