package simulator

import (
	"encoding/xml"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"
)

// judge returns the carrier's error code for an answer, 0 for a good one, and records as a fault what no service
// should answer. A 5xx is no fault: it is how a service says that it could not store the message.
func (c *Carrier) judge(a Answer, h hook) int {
	switch {
	case a.Status >= 500:
		return codeHTTP
	case a.Status/100 != 2:
		c.fault(BadAnswer, "the %s was answered %d", h.kind, a.Status)
		return codeHTTP
	}
	code, problem := judgeContent(a, h)
	if code != 0 {
		c.fault(BadAnswer, "the %s was answered %d with %s", h.kind, a.Status, problem)
	}
	return code
}

func judgeContent(a Answer, h hook) (code int, problem string) {
	switch h.kind {
	case voiceHook:
		_, code, problem = readVoice(a, h.place)
		return code, problem
	case audioHook:
		return judgeSound(a)
	}
	return judgeDocument(a, h.kind == statusHook)
}

func judgeDocument(a Answer, status bool) (code int, problem string) {
	if a.Status == http.StatusNoContent {
		return 0, ""
	}
	kind, _, err := mime.ParseMediaType(a.ContentType)
	if err != nil || (kind != "text/xml" && kind != "application/xml") {
		return codeType, "a content type that is not XML"
	}
	if len(a.Body) > mostAnswer {
		return codeTooBig, "a document over 64 kB"
	}
	verbs, err := readDocument(a.Body)
	switch {
	case errors.Is(err, errSchema):
		return codeSchema, "a document that is not a Response of known verbs"
	case err != nil:
		return codeNotXML, "a document that is not XML"
	case status && len(verbs) > 0:
		return codeSchema, "verbs, which a status callback cannot carry"
	}
	return 0, ""
}

// errSchema is returned for XML that is well formed and not a document of the carrier's.
var errSchema = errors.New("read document: not a response of known verbs")

// reply is a <Message> in a webhook's answer.
type reply struct {
	to, body, callback string
	media              []string
}

// element is any element of a document.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []element  `xml:",any"`
}

// readVerbs reads the children of a document's Response. Names count by case, as at the carrier.
func readVerbs(body string) ([]element, error) {
	var root element
	d := xml.NewDecoder(strings.NewReader(body))
	if err := d.Decode(&root); err != nil {
		return nil, err
	}
	if err := onlySpace(d); err != nil {
		return nil, err
	}
	if root.XMLName.Local != "Response" || strings.TrimSpace(root.Text) != "" {
		return nil, errSchema
	}
	return root.Children, nil
}

// readDocument reads the answer to a text. Message is its one verb.
func readDocument(body string) ([]reply, error) {
	verbs, err := readVerbs(body)
	if err != nil {
		return nil, err
	}
	var replies []reply
	for _, verb := range verbs {
		r, err := verb.reply()
		if err != nil {
			return nil, err
		}
		replies = append(replies, r)
	}
	return replies, nil
}

// onlySpace insists that nothing but space and comments follow the root.
func onlySpace(d *xml.Decoder) error {
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.Comment, xml.ProcInst:
		case xml.CharData:
			if strings.TrimSpace(string(t)) != "" {
				return errSchema
			}
		default:
			return errSchema
		}
	}
}

func (e element) reply() (reply, error) {
	if e.XMLName.Local != "Message" {
		return reply{}, errSchema
	}
	r := reply{body: strings.TrimSpace(e.Text)}
	for _, a := range e.Attrs {
		switch a.Name.Local {
		case "to":
			r.to = a.Value
		case "statusCallback", "action":
			r.callback = a.Value
		case "from", "method":
		default:
			return reply{}, errSchema
		}
	}
	for _, child := range e.Children {
		switch child.XMLName.Local {
		case "Body":
			r.body += child.Text
		case "Media":
			r.media = append(r.media, child.Text)
		default:
			return reply{}, errSchema
		}
	}
	if r.body == "" && len(r.media) == 0 || utf8.RuneCountInString(r.body) > mostBody {
		return reply{}, errSchema
	}
	return r, nil
}

// replies sends what the answer to an incoming message asked for, from the line that it came to.
func (c *Carrier) replies(m *message, a Answer) {
	all, err := readDocument(a.Body)
	if err != nil {
		return // a 204, or a body that was judged before
	}
	for _, r := range all {
		to := m.from
		if r.to != "" {
			to = r.to
		}
		c.send(&message{
			sid: newSID("SM"), direction: outboundReply, from: m.to, to: to, body: r.body, callback: r.callback, links: r.media,
		})
	}
}
