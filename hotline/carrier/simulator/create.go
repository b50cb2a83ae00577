package simulator

import (
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// createFields are all the fields that a request to send may have.
var createFields = []string{
	"To", "StatusCallback", "ApplicationSid", "MaxPrice", "ProvideFeedback", "Attempt", "ValidityPeriod",
	"ForceDelivery", "ContentRetention", "AddressRetention", "SmartEncoded", "PersistentAction", "TrafficType",
	"ShortenUrls", "ScheduleType", "SendAt", "SendAsMms", "ContentVariables", "RiskCheck", "From", "FallbackFrom",
	"MessagingServiceSid", "Body", "MediaUrl", "ContentSid",
}

// Fields that are real and missing here, those that may be repeated, and those that are numbers or yes or no.
var (
	unsimulated = []string{"MessagingServiceSid", "ScheduleType", "SendAt", "ApplicationSid", "FallbackFrom"}
	repeated    = []string{"MediaUrl", "PersistentAction"}
	numeric     = []string{"Attempt", "ValidityPeriod"}
	yesOrNo     = []string{"ProvideFeedback", "ForceDelivery", "SmartEncoded", "ShortenUrls", "SendAsMms"}
)

var (
	e164     = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	scopedID = regexp.MustCompile(`^[A-Z]{2}\.[0-9A-Za-z]{1,128}$`)
	template = regexp.MustCompile(`^HX[0-9a-fA-F]{32}$`)
)

// create is the request to send a message.
func (c *Carrier) create(r *asked) (int, any, *apiError) {
	mishap := c.mishap(r.number)
	switch mishap {
	case NeverTaken:
		reset(r.w)
	case TooMany:
		return 0, nil, errTooMany
	case Broken:
		return 0, nil, errBroken
	}
	f := url.Values(r.form)
	c.inspect(f)
	m, err := c.compose(f)
	if err != nil {
		return 0, nil, err
	}
	first, lived := c.send(m)
	switch mishap {
	case AnswerLost:
		reset(r.w)
	case BrokenAfter:
		return 0, nil, errBroken
	case Garbled:
		return http.StatusCreated, map[string]any{"sid": m.sid, "num_segments": 1, "error_code": "none"}, nil
	case CallbackFirst:
		c.await(r, lived)
	}
	return http.StatusCreated, first, nil
}

// await waits until a message lived its life, the request is over, or the carrier is.
func (c *Carrier) await(r *asked, lived <-chan struct{}) {
	select {
	case <-lived:
	case <-r.Context().Done():
	case <-c.ctx.Done():
	}
}

// inspect records what a form holds that the carrier would silently ignore.
func (c *Carrier) inspect(f url.Values) {
	for name, values := range f {
		switch {
		case !slices.Contains(createFields, name):
			c.fault(UnknownField, "%q in a request to send", name)
		case slices.Contains(unsimulated, name):
			c.fault(Unsimulated, "%s in a request to send", name)
		case len(values) > 1 && !slices.Contains(repeated, name):
			c.fault(UnknownField, "%s given %d times in a request to send", name, len(values))
		case slices.Contains(numeric, name) && !isNumber(values[0]):
			c.fault(UnknownField, "%s is not a number", name)
		case slices.Contains(yesOrNo, name) && values[0] != "true" && values[0] != "false":
			c.fault(UnknownField, "%s is neither true nor false", name)
		}
	}
	if !utf8.ValidString(f.Get("Body")) {
		c.fault(UnknownField, "Body is not UTF-8")
	}
}

func isNumber(s string) bool { _, err := strconv.Atoi(s); return err == nil }

// compose makes the message that a form asks for, or says why the carrier would not.
func (c *Carrier) compose(f url.Values) (*message, *apiError) {
	m := &message{
		direction: outboundAPI, from: f.Get("From"), to: f.Get("To"), body: f.Get("Body"),
		callback: f.Get("StatusCallback"), template: f.Get("ContentSid"), links: f["MediaUrl"],
	}
	m.sid = newSID("SM")
	if len(m.links) > 0 {
		m.sid = newSID("MM")
	}
	for _, check := range []func(*message, url.Values) *apiError{c.checkAddresses, c.checkContent, c.checkCallback} {
		if err := check(m, f); err != nil {
			return nil, err
		}
	}
	if m.template != "" {
		m.body = strings.TrimSpace("[template " + m.template + "] " + f.Get("ContentVariables"))
	}
	return m, nil
}

func bad(code int, message string) *apiError { return refuse(http.StatusBadRequest, code, message) }

func (c *Carrier) checkAddresses(m *message, _ url.Values) *apiError {
	c.mu.Lock()
	defer c.mu.Unlock()
	to := bare(m.to)
	switch {
	case m.to == "":
		return bad(21604, "A 'To' phone number is required.")
	case !e164.MatchString(to) && !(isWhatsApp(m.to) && scopedID.MatchString(to)):
		return bad(21211, "Invalid 'To' Phone Number")
	case m.from == "":
		return bad(21603, "A 'From' phone number is required.")
	case isWhatsApp(m.from) != isWhatsApp(m.to):
		return bad(21910, "Invalid From and To pair. From and To should be of the same channel")
	}
	if _, own := c.numbers[m.from]; !own {
		if isWhatsApp(m.from) {
			return bad(63007, "Could not find a Channel with the specified From address")
		}
		return bad(21606, "The 'From' phone number provided is not a valid message-capable phone number for this account.")
	}
	if m.from == m.to {
		return bad(21266, "To number and From number must be different")
	}
	if c.optedOut[pair{to, m.from}] {
		return bad(21610, "Attempt to send to unsubscribed recipient")
	}
	return nil
}

func (c *Carrier) checkContent(m *message, f url.Values) *apiError {
	switch {
	case utf8.RuneCountInString(m.body) > mostBody:
		return bad(21617, "The concatenated message body exceeds the 1600 character limit")
	case len(m.links) > 10:
		return bad(21623, "Number of media files exceeds allowed limit")
	case m.body == "" && len(m.links) == 0 && m.template == "":
		return bad(21602, "Message body is required.")
	case m.template != "" && !template.MatchString(m.template):
		return bad(21655, "The ContentSid is Invalid")
	case m.template != "" && (m.body != "" || len(m.links) > 0):
		c.fault(UnknownField, "Body or MediaUrl beside ContentSid")
	}
	for _, link := range m.links {
		if !callable(link) {
			return bad(21620, "Invalid media URL(s)")
		}
	}
	if v := f.Get("ContentVariables"); v != "" && json.Unmarshal([]byte(v), &map[string]string{}) != nil {
		return bad(21656, "The ContentVariables Parameter is invalid")
	}
	return nil
}

func (c *Carrier) checkCallback(m *message, _ url.Values) *apiError {
	if m.callback == "" || callable(m.callback) {
		return nil
	}
	c.fault(BadCallback, "a StatusCallback that is not an absolute http address")
	return bad(21609, "The 'StatusCallback' URL is not a valid URL.")
}

// callable says whether the carrier could call an address: absolute, http, and no underscore in the host.
func callable(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && !strings.Contains(u.Host, "_")
}

// reset cuts the connection of a request so that its client sees a reset, and does not return.
func reset(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		if tcp, ok := conn.(*net.TCPConn); ok {
			tcp.SetLinger(0)
		}
		conn.Close()
	}
	panic(http.ErrAbortHandler)
}
