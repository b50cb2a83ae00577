package fallback

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline/carrier/simulator"
)

func TestWhoIsAsked(t *testing.T) {
	t.Parallel()
	at := func(hour int) time.Time { return midnight.Add(time.Duration(hour) * time.Hour) }
	l := Line{Backup: partner, Duty: []Person{
		{ID: "ann", From: at(0), Until: at(8)}, {ID: "bea", From: at(4), Until: at(12)}, {ID: "ann", From: at(8), Until: at(9)},
		{ID: "bea", From: at(5), Until: at(20)}, {ID: "cho"},
	}}
	for _, test := range []struct {
		hour int
		want string
	}{
		{-1, "cho outside"}, {0, "ann cho outside"}, {4, "ann bea cho outside"}, {8, "bea ann cho outside"}, {12, "bea cho outside"}, {20, "cho outside"},
	} {
		var got []string
		for _, p := range l.Asked(at(test.hour)) {
			got = append(got, p.ID)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("Asked(%d h) = %v, want %s", test.hour, got, test.want)
		}
	}
	if got := (Line{}).Asked(at(0)); len(got) != 0 {
		t.Errorf("Asked of nobody = %v", got)
	}
}

func TestADigestIsOfWhomToRing(t *testing.T) {
	t.Parallel()
	p, same := duty(partner, anna, bea), duty(partner, anna, bea)
	same.Made = midnight
	text, err := json.Marshal(same)
	if err != nil {
		t.Fatal(err)
	}
	var read Plan
	if err := json.Unmarshal(text, &read); err != nil || read.Digest() != p.Digest() {
		t.Errorf("a plan that was sent has another digest: %v", err)
	}
	if p.Digest() == duty(partner, bea, anna).Digest() || p.Digest() == duty("", anna, bea).Digest() {
		t.Error("plans of other people have the same digest")
	}
	if printed := fmt.Sprintf("%v %+v %#v", p, p, p); strings.Contains(printed, "4530000") {
		t.Errorf("a plan prints a number: %s", printed)
	}
}

// hosting serves fixed documents, as a bin at the carrier does.
func hosting(t *testing.T, p Plan) (base string, docs map[string]string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		doc, known := docs[strings.TrimPrefix(r.URL.Path, "/bins/")]
		if !known {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "text/xml")
		w.Write([]byte(doc))
	}))
	docs = Documents(p, server.URL+"/bins/")
	t.Cleanup(server.Close)
	return server.URL + "/bins", docs
}

func TestFixedDocuments(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		backup string
		hands  func(*simulator.Phone)
	}{
		{"the number outside takes it", partner, func(p *simulator.Phone) { p.Answers(time.Second, "1") }},
		{"its voicemail answers", partner, func(p *simulator.Phone) { p.Voicemail(time.Second) }},
		{"there is none", "", func(*simulator.Phone) {}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			n := newNight(t)
			test.hands(n.company.Phone(partner))
			base, docs := hosting(t, duty(test.backup, anna, bea))
			for name, doc := range docs {
				if strings.Contains(doc, anna[1:]) || strings.Contains(doc, bea[1:]) {
					t.Errorf("%s holds a counsellor's number, at an open address", name)
				}
			}
			n.company.Number(line, simulator.Webhooks{Voice: "http://127.0.0.1:1/", VoiceFallback: base + "/voice-4570201550.xml"})
			call, ctx := n.dials()
			if test.name == "the number outside takes it" {
				leg, err := n.company.Phone(partner).Talking(ctx)
				n.ok(err)
				n.ok(call.Meet(ctx, leg))
				leg.HangUp()
			}
			n.ok(call.Hear(ctx, "leave a message"))
			call.Press("#")
			n.ok(call.Hear(ctx, "your message is kept"))
			n.ok(call.Wait(ctx, simulator.Completed))
			if got := len(n.company.Recordings()); got != 1 {
				t.Errorf("%d messages, want 1", got)
			}
		})
	}
}

// anyone is a signer that lets everybody in.
type anyone struct{}

func (anyone) Valid(*http.Request, []byte) bool { return true }

func FuzzDocuments(f *testing.F) {
	own, _ := url.Parse("https://fallback.example.org/hope")
	h, err := NewHost(Config{Own: own, Signer: anyone{}, Token: pushToken, File: f.TempDir() + "/plan", Now: func() time.Time { return midnight }, Log: zap.NewNop()})
	if err != nil {
		f.Fatal(err)
	}
	h.plan = duty(partner, anna, bea)
	paths := []string{"/voice", "/voice/next", "/voice/ask", "/voice/key", "/voice/end", "/message"}
	f.Add(uint8(0), "", "To=%2B4570201550&From=%2B4520000001")
	f.Add(uint8(1), "t=u_a&t=u_b&t=outside", "To=%2B4570201550&DialBridged=false")
	f.Add(uint8(3), "p=u_a", "From=%2B4570201550&Digits=1")
	f.Add(uint8(1), "t=%3C%00&t=;", "To=%zz;&DialBridged=true")
	f.Fuzz(func(t *testing.T, which uint8, query, body string) {
		path := paths[int(which)%len(paths)]
		r := httptest.NewRequest("POST", path, strings.NewReader(body))
		r.URL.RawQuery = query
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		var doc struct {
			XMLName xml.Name `xml:"Response"`
		}
		if err := xml.Unmarshal(w.Body.Bytes(), &doc); w.Code != 200 || err != nil {
			t.Fatalf("POST %s?%s = %d %v: %s", path, query, w.Code, err, w.Body)
		}
		form, _ := url.ParseQuery(body)
		if from := form.Get("From"); query == "" && len(from) > 5 && !slices.Contains([]string{line, anna, bea, partner}, from) && strings.Contains(w.Body.String(), from) {
			t.Fatalf("the document holds where the call came from: %s", w.Body)
		}
	})
}
