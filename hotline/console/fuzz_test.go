package console

import (
	"encoding/json"
	"net/url"
	"testing"

	"hopeline/hotline"
)

// FuzzFrame feeds a page's frames to a connection without a line: each is answered once, under its id, or ends the
// connection with 4004; and nothing breaks.
func FuzzFrame(f *testing.F) {
	for do := range commands {
		f.Add([]byte(`{"id":"1","do":"` + do + `","args":{"contact":"contact-1","text":"t","ref":"r","to":"bo","outcome":"o","risk":"high"}}`))
	}
	for _, raw := range []string{``, `null`, `{}`, `[]`, `{"id":""}`, `{"id":"1"}`, `{"id":"1","do":"contact.open","args":{"contact":"contact-1","limit":1e99}}`,
		`{"id":"\ud800","do":"queue.list"}`, "{\"id\":\"\xff\"}", `{"ID":"1","DO":"queue.list"}`, `{"id":"1","do":"queue.list","args":{"limit":-0}}{}`} {
		f.Add([]byte(raw))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > maxFrame {
			return
		}
		h := newHouse()
		k := New(Config{Public: &url.URL{Scheme: "https", Host: "a.example"}, Now: h.clock}, h.parts(nil))
		defer k.cancel()
		id := h.text("+4520123456", "hi")
		h.offer(id, "ann")
		c := newConnection(k, nil, "", hotline.Viewer{User: *h.user("ann"), Since: start})
		c.out.greet(frame{})
		c.out.take()
		c.receive(raw)
		c.in.wait()
		var got []Reply
		for _, f := range c.out.take() {
			var r Reply
			if err := json.Unmarshal(f.number(nil, 0), &r); err != nil {
				t.Fatalf("the answer is no JSON: %s", f.body)
			}
			got = append(got, r)
		}
		a, err := parse(raw)
		if err != nil {
			if c.end == nil || *c.end != endFrame || len(got) != 0 {
				t.Errorf("a bad frame got %v, and the end %v", got, c.end)
			}
			return
		}
		if len(got) != 1 || got[0].Re != a.ID || got[0].OK == (got[0].Error != nil) || c.end != nil {
			t.Fatalf("a good frame got %+v, and the end %v", got, c.end)
		}
		if e := got[0].Error; e != nil && e.Message == kinds[len(kinds)-1].words {
			t.Errorf("%q broke the house", a.Do)
		}
	})
}
