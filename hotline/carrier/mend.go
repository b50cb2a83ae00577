package carrier

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
)

// mend gives the fields of an answer the types that twilio-go insists on. The library fails on a 201 whose
// num_segments is a number or whose error_code is a text, as compatible carriers write them, although the message was
// taken. What is no JSON object stays as it came.
func mend(body []byte) []byte {
	doc, err := decode(body)
	if err != nil {
		return body
	}
	mendMessage(doc)
	for _, name := range []string{"messages", "calls", "recordings"} {
		list, _ := doc[name].([]any)
		for _, m := range list {
			if m, ok := m.(map[string]any); ok {
				mendMessage(m)
			}
		}
	}
	for _, name := range []string{"page", "page_size", "start", "end"} {
		if _, ok := doc[name]; ok {
			doc[name] = integer(doc[name])
		}
	}
	mended, err := json.Marshal(doc)
	if err != nil {
		return body
	}
	return mended
}

// texts are the fields of a message, a call or a recording that the library takes as texts only.
var texts = []string{
	"account_sid", "api_version", "body", "date_created", "date_sent", "date_updated", "direction", "error_message",
	"from", "messaging_service_sid", "num_media", "num_segments", "price", "price_unit", "sid", "status", "to", "uri",
	"first_page_uri", "next_page_uri", "previous_page_uri",
	"answered_by", "caller_name", "duration", "end_time", "forwarded_from", "from_formatted", "group_sid", "parent_call_sid",
	"phone_number_sid", "queue_time", "start_time", "to_formatted", "trunk_sid",
	"call_sid", "conference_sid", "friendly_name", "media_url", "source",
}

func mendMessage(m map[string]any) {
	for _, name := range texts {
		switch v := m[name].(type) {
		case json.Number:
			m[name] = v.String()
		case string, nil:
		default:
			delete(m, name)
		}
	}
	for _, name := range []string{"error_code", "channels"} {
		if _, ok := m[name]; ok {
			m[name] = integer(m[name])
		}
	}
	if _, ok := m["subresource_uris"].(map[string]any); !ok {
		delete(m, "subresource_uris")
	}
}

// integer is a whole number written as one or as text; nil for anything else.
func integer(v any) any {
	var text string
	switch v := v.(type) {
	case json.Number:
		text = v.String()
	case string:
		text = v
	}
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return nil
}

func decode(body []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var doc map[string]any
	err := d.Decode(&doc)
	return doc, err
}

// errorCode is the carrier's code in an error document, number or text; 0 when there is none.
func errorCode(body []byte) int {
	doc, err := decode(body)
	if err != nil {
		return 0
	}
	n, _ := integer(doc["code"]).(int)
	return n
}

// bareSID finds the id in an answer that cannot be decoded, such as one that was cut. Quotes inside a text are escaped,
// so words of a person never look like it.
var bareSID = regexp.MustCompile(`"sid"\s*:\s*"([0-9A-Za-z-]{2,128})"`)

func findSID(body []byte) string {
	if m := bareSID.FindSubmatch(body); m != nil {
		return string(m[1])
	}
	return ""
}
