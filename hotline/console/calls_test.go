package console

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
)

func TestVoice(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	for user, want := range map[hotline.UserID]string{
		"ann":  `{"driver":"simulated","token":"ticket","identity":"ann","expires_at":"2026-11-24T02:10:00.000Z"}`,
		"adam": `{"error":{"code":"forbidden","message":"Your role may not do this."}}`,
	} {
		if _, body := s.plead("GET", "/api/voice", "", cookie(s.logIn(user))); body != want {
			t.Errorf("the phone of %s is %s, want %s", user, body, want)
		}
	}
	s.house.set(func() { s.house.broken = hotline.ErrUnavailable })
	if response, _ := s.plead("GET", "/api/voice", "", cookie(s.logIn("ann"))); response.StatusCode != 503 {
		t.Errorf("without a database: %d, want 503", response.StatusCode)
	}
}

// A house without phones says so, and steers nothing; nothing breaks.
func TestWithoutCalls(t *testing.T) {
	t.Parallel()
	h := newHouse()
	k := New(Config{Public: &url.URL{Scheme: "https", Host: "a.example"}, Now: h.clock},
		Parts{Offers: h, Words: h, Rooms: h, Rotas: h, Doors: h, Presence: h})
	defer k.cancel()
	c := newConnection(k, nil, "", hotline.Viewer{User: hotline.User{ID: "sue", Role: hotline.Supervisor}, Since: start})
	x := call{Context: t.Context(), connection: c, v: *c.viewer.Load()}
	for do, args := range map[string]string{
		"call.hold": `"on":true`, "call.mute": `"on":true`, "call.hangup": `"x":0`, "call.keys": `"on":true`, "call.invite": `"user":"bo"`,
		"call.interpret": `"language":"th"`, "call.release": `"user":"bo"`,
		"call.listen": `"coach":true`, "call.leave": `"x":0`, "call.back": `"x":0`, "contact.danger": `"on":true`,
		"push.key": `"x":0`, "push.subscribe": `"endpoint":"e","p256dh":"k","auth":"a"`, "push.unsubscribe": `"endpoint":"e"`, "push.test": `"x":0`,
	} {
		_, err := commands[do].do(x, []byte(`{"contact":"c",`+args+`}`))
		if code, _, words := answerOf(err); code != "unavailable" || words != "This house cannot do that; nothing was changed." {
			t.Errorf("%s = %s %q, want unavailable", do, code, words)
		}
	}
	if driver, _, _, _, err := k.parts.Phones.Voice(t.Context(), x.v); driver != noPhone || err != nil {
		t.Errorf("the phone is %q, %v, want none", driver, err)
	}
}

func TestMedia(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	s.house.set(func() {
		s.house.files = map[hotline.MediaID]string{"audio/mpeg": "sound", "image/svg+xml": "<svg/>", "text/html": "<p>",
			"image/png": "png", "application/pdf": "%PDF", "image/heic": "heic"}
	})
	token := s.logIn("ann")
	for _, test := range []struct{ id, kind, save string }{
		{"audio/mpeg", "audio/mpeg", ""}, {"image/png", "image/png", ""},
		{"application/pdf", "application/octet-stream", "attachment"}, {"image/heic", "application/octet-stream", "attachment"},
		{"image/svg+xml", "application/octet-stream", "attachment"}, {"text/html", "application/octet-stream", "attachment"},
	} {
		response, _ := s.plead("GET", "/api/media/"+url.PathEscape(test.id), "", cookie(token))
		h := response.Header
		if response.StatusCode != 200 || h.Get("Content-Type") != test.kind || h.Get("Content-Disposition") != test.save {
			t.Errorf("%s = %d %q %q, want 200 %q %q", test.id, response.StatusCode, h.Get("Content-Type"), h.Get("Content-Disposition"), test.kind, test.save)
		}
		if !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s may be run or kept: %v", test.id, h)
		}
	}
	part := with("Range", "bytes=1-2")
	if response, body := s.plead("GET", "/api/media/audio%2Fmpeg", "", cookie(token), part); response.StatusCode != 206 || body != "ou" {
		t.Errorf("a part is %d %q, want 206 ou", response.StatusCode, body)
	}
	for _, id := range []string{"none", "%00", strings.Repeat("x", 200)} {
		if response, _ := s.plead("GET", "/api/media/"+id, "", cookie(token)); response.StatusCode != 404 {
			t.Errorf("media %.10q = %d, want 404", id, response.StatusCode)
		}
	}
	if response, _ := s.plead("GET", "/api/media/audio%2Fmpeg", "", cookie(s.logIn("bo"))); response.StatusCode != 404 {
		t.Errorf("to who may not see it: %d, want 404", response.StatusCode)
	}
}

// Who listens is told to everybody who sees the call; what is of the person is not told to who does not.
func TestCallOf(t *testing.T) {
	t.Parallel()
	c := hotline.Contact{ID: "c", Channel: hotline.Voice, State: hotline.Active, Owner: "ann", Danger: start, Legs: []hotline.LegShown{
		{User: "ann", Part: hotline.Answerer, State: hotline.LegUp, Phone: true}, {User: "sue", Part: hotline.Listener, State: hotline.LegRings},
	}}
	c.Call = hotline.Call{Alive: true, Talks: start, ByPhone: true, Wrap: start.Add(time.Minute), Choice: hotline.WorkCallback, Silent: true,
		Interpreting: &hotline.Interpreting{Language: "th", State: hotline.InterpreterHere, Rung: []hotline.UserID{"mai", "malee"}, Came: "malee"}}
	ann := hotline.Viewer{User: hotline.User{ID: "ann", Role: hotline.Counsellor}}
	want := `"danger_since":"2026-11-24T02:00:00.000Z","call":{"alive":true,"talking_since":"2026-11-24T02:00:00.000Z","held":false,"muted":false,` +
		`"dropped":false,"silent":true,"keys":false,"by_phone":true,"wrap_until":"2026-11-24T02:01:00.000Z","choice":"callback",` +
		`"legs":[{"user":"ann","part":"counsellor","state":"up","phone":true},{"user":"sue","part":"listener","state":"ringing","phone":false}],"interpreter":{"language":"th","state":"here","user":"malee","rung":[]}}`
	if got := string(encode(contactFor(ann, c, start))); !strings.Contains(got, want) {
		t.Errorf("to its counsellor the call is %s, want %s", got, want)
	}
	bo := hotline.Viewer{User: hotline.User{ID: "bo", Role: hotline.Counsellor}}
	if got := string(encode(contactFor(bo, c, start))); !strings.Contains(got, `"danger_since":null,"call":null`) {
		t.Errorf("to somebody else it is %s, want nothing of the call", got)
	}
	c.Channel = hotline.SMS
	if got := contactFor(ann, c, start); got.Call != nil {
		t.Errorf("a text has the call %+v", got.Call)
	}
	c.Channel, c.Legs = hotline.Voice, nil
	if got := string(encode(contactFor(ann, c, start))); !strings.Contains(got, `"legs":[]`) {
		t.Errorf("without legs it is %s", got)
	}
}

// That a file came is told to who reads the words, and to nobody else.
func TestMessageChanged(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	ann, bo := s.page("ann"), s.page("bo")
	c := hotline.Contact{ID: "c", State: hotline.Active, Owner: "ann"}
	m := hotline.Message{ID: "m", Direction: hotline.In, At: start, Media: []hotline.Media{{ID: "f", Type: "audio/mpeg", Size: 7}, {ID: "g", Lost: true}}}
	s.console.Tell(hotline.MessageChanged{Contact: c, Message: m})
	want := `"media":[{"id":"f","type":"audio/mpeg","size":7,"lost":false},{"id":"g","type":"","size":0,"lost":true}]`
	if got := ann.event("message.changed"); !strings.Contains(got.raw, want) || !strings.Contains(got.raw, `"contact":"c"`) {
		t.Errorf("her counsellor is told %s, want %s", got.raw, want)
	}
	_, before := bo.ask("1", "drain", "{}")
	for _, h := range before {
		if h.Event == "message.changed" {
			t.Errorf("somebody else is told %s", h.raw)
		}
	}
}

// An alarm goes to supervisors, and is not lost with the other notices.
func TestAlarm(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	ann, sue := s.page("ann"), s.page("sue")
	alarm := hotline.Alarmed{Contact: hotline.Contact{ID: "c", Address: hotline.AddressOf("+4520123456")}, Kind: hotline.AlarmDanger, At: start}
	s.console.Tell(alarm)
	want := `"data":{"contact":"c","kind":"danger","since":"2026-11-24T02:00:00.000Z"}`
	if got := sue.event("alarm"); !strings.Contains(got.raw, want) {
		t.Errorf("the supervisor is told %s, want %s", got.raw, want)
	}
	_, before := ann.ask("1", "drain", "{}")
	for _, h := range before {
		if h.Event == "alarm" {
			t.Errorf("a counsellor is told %s", h.raw)
		}
	}
	k := s.console
	lost := teller{Console: &Console{hub: k.hub, figures: k.figures, cfg: k.cfg, notices: make(chan hotline.Notice, 2)}, known: nil}
	lost.notices <- hotline.ContactChanged{}
	lost.notices <- alarm
	lost.again()
	if got := sue.event("alarm"); !strings.Contains(got.raw, want) {
		t.Errorf("after lost notices the supervisor is told %s, want %s", got.raw, want)
	}
}
