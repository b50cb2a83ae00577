package carrier

import (
	"bytes"
	"encoding/xml"
	"net/http"
)

// verb is an element of a document. The types below are those that are sent; attributes that are empty are left out.
type verb any

// response is a document.
type response struct {
	XMLName xml.Name `xml:"Response"`
	Verbs   []verb
}

type say struct {
	XMLName  xml.Name `xml:"Say"`
	Language string   `xml:"language,attr,omitempty"`
	Words    string   `xml:",chardata"`
}

type play struct {
	XMLName xml.Name `xml:"Play"`
	Address string   `xml:",chardata"`
}

type pause struct {
	XMLName xml.Name `xml:"Pause"`
	Seconds int      `xml:"length,attr"`
}

type redirect struct {
	XMLName xml.Name `xml:"Redirect"`
	Method  string   `xml:"method,attr"`
	To      string   `xml:",chardata"`
}

// gather takes one key while what is in it is played, and for some seconds after.
type gather struct {
	XMLName xml.Name `xml:"Gather"`
	Input   string   `xml:"input,attr"`
	Keys    int      `xml:"numDigits,attr"`
	Timeout int      `xml:"timeout,attr"`
	Action  string   `xml:"action,attr"`
	Method  string   `xml:"method,attr"`
	Verbs   []verb
}

type enqueue struct {
	XMLName xml.Name `xml:"Enqueue"`
	Action  string   `xml:"action,attr"`
	Post    string   `xml:"method,attr"`
	Wait    string   `xml:"waitUrl,attr"`
	Method  string   `xml:"waitUrlMethod,attr"`
	Name    string   `xml:",chardata"`
}

type leave struct {
	XMLName xml.Name `xml:"Leave"`
}

type hangup struct {
	XMLName xml.Name `xml:"Hangup"`
}

// record is the one recording that there is: a voicemail.
type record struct {
	XMLName  xml.Name `xml:"Record"`
	Action   string   `xml:"action,attr"`
	Method   string   `xml:"method,attr"`
	Timeout  int      `xml:"timeout,attr"`
	Finish   string   `xml:"finishOnKey,attr"`
	Longest  int      `xml:"maxLength,attr"`
	Beep     bool     `xml:"playBeep,attr"`
	Trim     string   `xml:"trim,attr"`
	Callback string   `xml:"recordingStatusCallback,attr"`
	Told     string   `xml:"recordingStatusCallbackMethod,attr"`
	Events   string   `xml:"recordingStatusCallbackEvent,attr"`
}

type dial struct {
	XMLName xml.Name `xml:"Dial"`
	Room    conference
}

// bridge dials one phone that is not a leg of ours.
type bridge struct {
	XMLName xml.Name `xml:"Dial"`
	Shows   string   `xml:"callerId,attr"`
	Timeout int      `xml:"timeout,attr"`
	Record  string   `xml:"record,attr"`
	Action  string   `xml:"action,attr"`
	Method  string   `xml:"method,attr"`
	Phone   phone
}

// phone is a number, and the document that it hears before the two are joined.
type phone struct {
	XMLName xml.Name `xml:"Number"`
	Screen  string   `xml:"url,attr"`
	Method  string   `xml:"method,attr"`
	Number  string   `xml:",chardata"`
}

type conference struct {
	XMLName  xml.Name `xml:"Conference"`
	Label    string   `xml:"participantLabel,attr"`
	Starts   bool     `xml:"startConferenceOnEnter,attr"`
	Ends     bool     `xml:"endConferenceOnExit,attr"`
	Muted    bool     `xml:"muted,attr"`
	Coach    string   `xml:"coach,attr,omitempty"`
	Beep     string   `xml:"beep,attr"`
	Record   string   `xml:"record,attr"`
	Jitter   string   `xml:"jitterBufferSize,attr"`
	Wait     string   `xml:"waitUrl,attr"`
	Waits    string   `xml:"waitMethod,attr"`
	Callback string   `xml:"statusCallback,attr"`
	Told     string   `xml:"statusCallbackMethod,attr"`
	Events   string   `xml:"statusCallbackEvent,attr"`
	Name     string   `xml:",chardata"`
}

func redirectTo(address string) redirect { return redirect{Method: http.MethodPost, To: address} }

// asks takes one key.
func asks(action string, seconds int, verbs ...verb) gather {
	return gather{Input: "dtmf", Keys: 1, Timeout: seconds, Action: action, Method: http.MethodPost, Verbs: verbs}
}

// document is the answer that a carrier runs on a leg.
func document(verbs ...verb) answer {
	return answer{status: http.StatusOK, result: "ok", body: encode(response{Verbs: verbs})}
}

func encode(r response) []byte {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(r); err != nil {
		panic(err) // the types above always encode
	}
	return b.Bytes()
}
