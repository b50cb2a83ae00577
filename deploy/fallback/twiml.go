package fallback

import (
	"encoding/xml"
	"net/http"
)

// The verbs that the documents are made of.
type (
	response struct {
		XMLName xml.Name `xml:"Response"`
		Verbs   []any
	}
	say struct {
		XMLName  xml.Name `xml:"Say"`
		Language string   `xml:"language,attr"`
		Text     string   `xml:",chardata"`
	}
	gather struct {
		XMLName xml.Name `xml:"Gather"`
		Digits  int      `xml:"numDigits,attr"`
		Timeout int      `xml:"timeout,attr"`
		Action  string   `xml:"action,attr"`
		Method  string   `xml:"method,attr"`
		Prompt  []say
	}
	dial struct {
		XMLName  xml.Name `xml:"Dial"`
		CallerID string   `xml:"callerId,attr"`
		Timeout  int      `xml:"timeout,attr"`
		Action   string   `xml:"action,attr,omitempty"`
		Method   string   `xml:"method,attr,omitempty"`
		Number   number
	}
	number struct {
		XMLName xml.Name `xml:"Number"`
		URL     string   `xml:"url,attr"`
		Method  string   `xml:"method,attr"`
		Text    string   `xml:",chardata"`
	}
	record struct {
		XMLName xml.Name `xml:"Record"`
		Action  string   `xml:"action,attr"`
		Method  string   `xml:"method,attr"`
		Most    int      `xml:"maxLength,attr"`
		Timeout int      `xml:"timeout,attr"`
		Finish  string   `xml:"finishOnKey,attr"`
		Beep    bool     `xml:"playBeep,attr"`
	}
	hangup struct {
		XMLName xml.Name `xml:"Hangup"`
	}
)

// inEach says a sentence in each language of a line.
func (l Line) inEach(sentence func(words) string) []any {
	var all []any
	for _, code := range l.speaks() {
		w := inLanguage(code)
		all = append(all, say{Language: w.code, Text: sentence(w)})
	}
	return all
}

// document writes a response of verbs.
func document(verbs ...any) string {
	text, err := xml.Marshal(response{Verbs: verbs})
	if err != nil {
		return xml.Header + "<Response/>" // the verbs above cannot fail
	}
	return xml.Header + string(text)
}

// answer sends a document to the carrier.
func answer(w http.ResponseWriter, verbs ...any) {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.Write([]byte(document(verbs...)))
}

// askFor asks a counsellor for a key, three times, and takes it at any moment. No key ends the leg.
func askFor(w words, action, method string) []any {
	sentence := say{Language: w.code, Text: w.ask}
	return []any{gather{Digits: 1, Timeout: keyWait, Action: action, Method: method, Prompt: []say{sentence, sentence, sentence}}, hangup{}}
}

// message lets the caller leave a message, and says goodbye when nothing was said.
func (l Line) message(action, method string) []any {
	verbs := l.inEach(func(w words) string { return w.leave })
	verbs = append(verbs, record{Action: action, Method: method, Most: 300, Timeout: 10, Finish: "#", Beep: true})
	return append(verbs, l.goodbye()...)
}

// goodbye ends the call kindly.
func (l Line) goodbye() []any {
	return append(l.inEach(func(w words) string { return w.bye }), hangup{})
}
