package simulator

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// voiceRoutes are the resources of calls.
func (c *Carrier) voiceRoutes(handle func(string, handler)) {
	for pattern, h := range map[string]handler{
		"POST /Calls.json":                              c.createCall,
		"GET /Calls.json":                               c.listCalls,
		"GET /Calls/{sid}":                              c.fetchCall,
		"POST /Calls/{sid}":                             c.updateCall,
		"DELETE /Calls/{sid}":                           c.removeCall,
		"GET /Calls/{sid}/Recordings.json":              c.listRecordings,
		"GET /Conferences.json":                         c.listRooms,
		"GET /Conferences/{room}":                       c.fetchRoom,
		"POST /Conferences/{room}":                      c.updateRoom,
		"POST /Conferences/{room}/Participants.json":    c.createMember,
		"GET /Conferences/{room}/Participants.json":     c.listMembers,
		"GET /Conferences/{room}/Participants/{who}":    c.fetchMember,
		"POST /Conferences/{room}/Participants/{who}":   c.updateMember,
		"DELETE /Conferences/{room}/Participants/{who}": c.removeMember,
		"GET /Queues.json":                              c.listQueues,
		"GET /Queues/{queue}":                           c.fetchQueue,
		"DELETE /Queues/{queue}":                        c.removeQueue,
		"GET /Queues/{queue}/Members.json":              c.listWaiting,
		"GET /Queues/{queue}/Members/{who}":             c.fetchWaiting,
		"POST /Queues/{queue}/Members/{who}":            c.updateWaiting,
		"GET /Recordings.json":                          c.listRecordings,
		"GET /Recordings/{sid}":                         c.fetchRecording,
		"DELETE /Recordings/{sid}":                      c.removeRecording,
	} {
		verb, path, _ := strings.Cut(pattern, " ")
		handle(verb+" "+apiRoot+path, h)
	}
	for _, path := range []string{"/Calls.json", "/Calls/{sid}", "/Conferences.json", "/Conferences/{room}", "/Queues.json", "/Recordings.json", "/Recordings/{sid}"} {
		handle(apiRoot+path, c.wrongMethod)
	}
}

// callFields are all that a request to call may have, and lone and unbuilt what they cannot be or do here.
var (
	callFields = []string{
		"To", "From", "Method", "FallbackUrl", "FallbackMethod", "StatusCallback", "StatusCallbackEvent", "StatusCallbackMethod",
		"SendDigits", "Timeout", "Record", "RecordingChannels", "RecordingStatusCallback", "RecordingStatusCallbackMethod",
		"SipAuthUsername", "SipAuthPassword", "MachineDetection", "MachineDetectionTimeout", "RecordingStatusCallbackEvent", "Trim",
		"CallerId", "MachineDetectionSpeechThreshold", "MachineDetectionSpeechEndThreshold", "MachineDetectionSilenceTimeout",
		"AsyncAmd", "AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod", "Byoc", "CallReason", "CallToken", "RecordingTrack",
		"TimeLimit", "ClientNotificationUrl", "Url", "Twiml", "ApplicationSid",
	}
	callChanges = []string{"Url", "Method", "Status", "FallbackUrl", "FallbackMethod", "StatusCallback", "StatusCallbackMethod", "Twiml", "TimeLimit"}
	callUnbuilt = []string{"SendDigits", "SipAuthUsername", "SipAuthPassword", "AsyncAmd", "Byoc", "ApplicationSid"}
	urlFields   = []string{"Url", "FallbackUrl", "StatusCallback", "HoldUrl", "AnnounceUrl", "WaitUrl", "ConferenceStatusCallback"}
	numbers     = []string{"Timeout", "TimeLimit", "MachineDetectionTimeout", "MaxParticipants"}
)

// inspectVoice records what a form holds that the carrier would ignore, that is not simulated, or that gives a caller
// away.
func (c *Carrier) inspectVoice(f url.Values, what string, fields, unbuilt []string) {
	for name, values := range f {
		value := values[0]
		switch {
		case !slices.Contains(fields, name):
			c.fault(UnknownField, "%q in %s", name, what)
		case slices.Contains(unbuilt, name):
			c.fault(Unsimulated, "%s in %s", name, what)
		case (name == "Record" || name == "ConferenceRecord") && value != "false" && value != "do-not-record":
			c.fault(Unsimulated, "the recording of a call")
		case len(values) > 1 && !strings.HasSuffix(name, "Event"), strings.HasSuffix(name, "Method") && value != "GET" && value != "POST",
			slices.Contains(numbers, name) && !isNumber(value), name == "StatusCallbackEvent" && !allIn(values, "initiated", "ringing", "answered", "completed"):
			c.fault(UnknownField, "%s in %s with a value that the carrier does not take", name, what)
		}
		for _, value := range values {
			if name != "To" && name != "From" {
				c.leaking(nil, name+" of "+what, value)
			}
		}
		if slices.Contains(urlFields, name) && value != "" && !callable(value) {
			c.fault(BadCallback, "%s in %s is not an absolute http address", name, what)
		}
	}
}

func allIn(values []string, known ...string) bool {
	return !slices.ContainsFunc(values, func(v string) bool { return !slices.Contains(known, v) })
}

// createCall is the request to call someone.
func (c *Carrier) createCall(r *asked) (int, any, *apiError) {
	f := url.Values(r.form)
	c.inspectVoice(f, "a request to call", callFields, callUnbuilt)
	s := source{url: f.Get("Url"), method: f.Get("Method"), twiml: f.Get("Twiml")}
	return c.dialing(r, func() (*Call, *apiError) {
		switch {
		case utf8.RuneCountInString(s.twiml) > 4000:
			return nil, bad(32018, "Twiml is too long")
		case s.url == "" && s.twiml == "", s.url != "" && !callable(s.url):
			return nil, bad(21205, "Url is not a valid URL")
		case s.url != "":
			s.twiml = ""
		}
		return c.place(f, s, nil)
	}, func(l *Call) any { return c.callDocument(l) })
}

// dialing serves a request that makes a leg, and lets it meet its mishap.
func (c *Carrier) dialing(r *asked, place func() (*Call, *apiError), document func(*Call) any) (int, any, *apiError) {
	mishap := c.dialMishap()
	switch mishap {
	case NeverTaken:
		reset(r.w)
	case TooMany:
		return 0, nil, errTooMany
	case Broken:
		return 0, nil, errBroken
	}
	l, err := place()
	if err != nil {
		return 0, nil, err
	}
	switch mishap {
	case AnswerLost:
		reset(r.w)
	case BrokenAfter:
		return 0, nil, errBroken
	case Garbled:
		return http.StatusCreated, map[string]any{"sid": l.sid, "duration": map[string]int{}}, nil
	case CallbackFirst:
		c.firstTold(r, l)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return http.StatusCreated, document(l), nil
}

// place makes the leg that a form asks for and lets it run s when it is answered; room is the conference it is invited
// to, or nil.
func (c *Carrier) place(f url.Values, s source, room *conference) (*Call, *apiError) {
	if err := c.checkLeg(f); err != nil {
		return nil, err
	}
	timeout := 60
	if n, err := strconv.Atoi(f.Get("Timeout")); err == nil {
		timeout = n
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.callOut(&Call{direction: outboundAPI, from: f.Get("From"), to: f.Get("To"), status: Queued, invited: room,
		detect:   f.Get("MachineDetection") != "",
		fallback: callback{url: f.Get("FallbackUrl"), method: f.Get("FallbackMethod")},
		callback: callback{url: f.Get("StatusCallback"), method: f.Get("StatusCallbackMethod"), events: f["StatusCallbackEvent"]}})
	if len(l.callback.events) == 0 {
		l.callback.events = []string{"completed"}
	}
	l.queued = c.pace()
	l.run(s, time.Duration(timeout)*time.Second, f.Get("TimeLimit"))
	return l, nil
}

func (c *Carrier) checkLeg(f url.Values) *apiError {
	to, from := f.Get("To"), f.Get("From")
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case to == "":
		return bad(21201, "No 'To' number specified")
	case !e164.MatchString(to) && !isClient(to):
		return bad(21211, "Invalid 'To' Phone Number")
	case from == "":
		return bad(21213, "'From' phone number is required")
	case c.numbers[from] == nil && !isClient(from):
		return bad(21212, "The 'From' number is not a valid phone number or shortcode of this account")
	}
	for _, name := range []string{"StatusCallback", "FallbackUrl"} {
		if v := f.Get(name); v != "" && !callable(v) {
			return bad(21609, "The '"+name+"' URL is not a valid URL.")
		}
	}
	return nil
}

// pace is how long a new leg stays queued. The caller holds mu.
func (c *Carrier) pace() time.Duration {
	if c.cfg.CallsPerSecond <= 0 {
		return 0
	}
	now := time.Now()
	if c.paced.Before(now) {
		c.paced = now
	}
	wait := c.paced.Sub(now)
	c.paced = c.paced.Add(c.scale(time.Duration(float64(time.Second) / c.cfg.CallsPerSecond)))
	return wait
}

// updateCall sends a live leg elsewhere, or ends it.
func (c *Carrier) updateCall(r *asked) (int, any, *apiError) {
	f := url.Values(r.form)
	c.inspectVoice(f, "a change of a call", callChanges, nil)
	c.mu.Lock()
	defer c.mu.Unlock()
	l, err := c.foundCall(r)
	if err != nil {
		return 0, nil, err
	}
	status, to := f.Get("Status"), source{url: f.Get("Url"), method: f.Get("Method"), twiml: f.Get("Twiml")}
	switch {
	case utf8.RuneCountInString(to.twiml) > 4000:
		return 0, nil, bad(32018, "Twiml is too long")
	case l.over(), status == Canceled && l.status == InProgress:
		return 0, nil, bad(21220, "Call is not in-progress. Cannot redirect.")
	case status == Completed && l.status == InProgress:
		l.end(Completed, 0)
	case status == Completed || status == Canceled:
		l.end(Canceled, 487)
	case status != "":
		return 0, nil, bad(20001, "Invalid Status")
	case to.url != "" && !callable(to.url):
		return 0, nil, bad(21205, "Url is not a valid URL")
	case (to.url != "" || to.twiml != "") && l.status != InProgress:
		return 0, nil, bad(21220, "Call is not in-progress. Cannot redirect.")
	case to.url != "" || to.twiml != "":
		l.send(to)
	}
	l.changes(f)
	return http.StatusOK, c.callDocument(l), nil
}

// changes sets what else a form brings. The caller holds mu.
func (l *Call) changes(f url.Values) {
	if v := f.Get("FallbackUrl"); v != "" {
		l.fallback = callback{url: v, method: f.Get("FallbackMethod")}
	}
	if v := f.Get("StatusCallback"); v != "" {
		l.callback = callback{url: v, method: f.Get("StatusCallbackMethod"), events: l.callback.events}
	}
}
