package fallback

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Times of the carrier's, in seconds.
const (
	rings   = 25 // a phone; less than most voicemail boxes wait
	keyWait = 5  // for a key, after the last sentence
)

// call is a request of the carrier's about a call, with the plan that holds.
type call struct {
	form  url.Values
	query url.Values
	plan  Plan
	at    time.Time
	own   *url.URL
}

// tried and who are in the addresses of the documents: the ids of those who were rung, and of whose phone it is.
const (
	tried = "t"
	who   = "p"
)

// address is one of the host's own, with ids in its query.
func (c call) address(path, name string, ids ...string) string {
	u := *c.own
	u.Path = strings.TrimRight(u.Path, "/") + path
	u.RawQuery = url.Values{name: ids}.Encode()
	return u.String()
}

// line is the line that was called. One that the plan does not know has no people.
func (c call) line() (number string, l Line) {
	number = c.form.Get("To")
	return number, c.plan.Lines[number]
}

// greet is the first document of a call.
func (h *Host) greet(w http.ResponseWriter, c call) {
	_, l := c.line()
	if strings.HasPrefix(c.form.Get("Direction"), "outbound") { // a leg that the house rang before it died
		answer(w, hangup{})
		return
	}
	answer(w, append(l.inEach(func(w words) string { return w.greeting }), c.ring(nil)...)...)
}

// next comes after a phone that was rung, whatever became of it.
func (h *Host) next(w http.ResponseWriter, c call) {
	_, l := c.line()
	if c.form.Get("DialBridged") == "true" {
		answer(w, l.goodbye()...)
		return
	}
	answer(w, c.ring(c.query[tried])...)
}

// ring rings the next who was not rung, or leads to a message.
func (c call) ring(before []string) []any {
	number, l := c.line()
	for _, p := range l.Asked(c.at) {
		if slices.Contains(before, p.ID) {
			continue
		}
		var verbs []any
		if len(before) > 0 {
			verbs = l.inEach(func(w words) string { return w.next })
		}
		after := c.address("/voice/next", tried, append(slices.Clone(before), p.ID)...)
		return append(verbs, dial{CallerID: number, Timeout: rings, Action: after, Method: http.MethodPost,
			Number: newNumber(c.address("/voice/ask", who, p.ID), http.MethodPost, p.Phone)})
	}
	return l.message(c.address("/voice/end", who), http.MethodPost)
}

func newNumber(address, method, phone string) number {
	return number{URL: address, Method: method, Text: phone}
}

// person is whose phone a document is for. On her leg From is the line.
func (c call) person() (id string, w words) {
	id = c.query.Get(who)
	l := c.plan.Lines[c.form.Get("From")]
	for _, p := range l.Asked(c.at) {
		if p.ID == id {
			return id, inLanguage(p.Speaks)
		}
	}
	return id, inLanguage(l.speaks()[0]) // her duty ended while it rang
}

// ask is what a counsellor hears who answered.
func (h *Host) ask(w http.ResponseWriter, c call) {
	id, words := c.person()
	answer(w, askFor(words, c.address("/voice/key", who, id), http.MethodPost)...)
}

// key takes the key: 1 lets the carrier bridge the two, 2 does not, and any other was a slip.
func (h *Host) key(w http.ResponseWriter, c call) {
	id, words := c.person()
	switch c.form.Get("Digits") {
	case "1":
		answer(w, say{Language: words.code, Text: words.joined})
	case "2":
		answer(w, say{Language: words.code, Text: words.passed}, hangup{})
	default:
		answer(w, askFor(words, c.address("/voice/key", who, id), http.MethodPost)...)
	}
}

// end comes after a message.
func (h *Host) end(w http.ResponseWriter, c call) {
	_, l := c.line()
	answer(w, append(l.inEach(func(w words) string { return w.kept }), l.goodbye()...)...)
}

// text leaves a text to the carrier, which keeps it.
func (h *Host) text(w http.ResponseWriter, _ call) { answer(w) }
