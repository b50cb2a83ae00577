package simulator

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// memberFields are what a request for a participant may have, beside those of a request to call.
var (
	memberFields = append([]string{
		"Label", "Muted", "Beep", "StartConferenceOnEnter", "EndConferenceOnExit", "WaitUrl", "WaitMethod", "EarlyMedia",
		"MaxParticipants", "ConferenceRecord", "ConferenceTrim", "ConferenceStatusCallback", "ConferenceStatusCallbackMethod",
		"ConferenceStatusCallbackEvent", "Region", "ConferenceRecordingStatusCallback", "ConferenceRecordingStatusCallbackMethod",
		"ConferenceRecordingStatusCallbackEvent", "Coaching", "CallSidToCoach", "JitterBufferSize", "AmdStatusCallback",
		"AmdStatusCallbackMethod", "CallerDisplayName",
	}, slices.DeleteFunc(slices.Clone(callFields), func(name string) bool {
		return slices.Contains([]string{"Url", "Twiml", "Method", "ApplicationSid", "FallbackUrl", "FallbackMethod", "SendDigits", "AsyncAmd", "AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod"}, name)
	})...)
	memberChanges = []string{"Muted", "Hold", "HoldUrl", "HoldMethod", "AnnounceUrl", "AnnounceMethod", "WaitUrl", "WaitMethod",
		"BeepOnExit", "EndConferenceOnExit", "Coaching", "CallSidToCoach"}
	roomQuery = []string{"DateCreated", "DateCreated<", "DateCreated>", "DateUpdated", "DateUpdated<", "DateUpdated>", "FriendlyName", "Status"}
)

// createMember calls someone into a conference, named by its id or its name; a name makes one when there is none.
func (c *Carrier) createMember(r *asked) (int, any, *apiError) {
	f := url.Values(r.form)
	c.inspectVoice(f, "a request for a participant", memberFields, callUnbuilt)
	c.mu.Lock()
	room := c.roomBy(r.PathValue("room"))
	name := r.PathValue("room")
	if room == nil && strings.HasPrefix(name, "CF") && len(name) == 34 {
		c.mu.Unlock()
		return 0, nil, errNotFound
	}
	if room == nil {
		room = c.roomNamed(name)
	}
	c.mu.Unlock()
	s := source{twiml: memberDocument(room.name, f)}
	return c.dialing(r, func() (*Call, *apiError) { return c.place(f, s, room) }, func(l *Call) any {
		return c.memberDocument(&member{room: room, call: l, label: f.Get("Label"), muted: f.Get("Muted") == "true",
			starts: f.Get("StartConferenceOnEnter") != "false", ends: f.Get("EndConferenceOnExit") == "true",
			coaching: f.Get("Coaching") == "true", coach: f.Get("CallSidToCoach"), joined: l.created})
	})
}

// memberDocument is the TwiML that takes a participant in.
func memberDocument(name string, f url.Values) string {
	attr := func(n string) xml.Name { return xml.Name{Local: n} }
	noun := element{XMLName: attr("Conference"), Text: name}
	for from, to := range map[string]string{
		"Label": "participantLabel", "Muted": "muted", "Beep": "beep", "StartConferenceOnEnter": "startConferenceOnEnter",
		"EndConferenceOnExit": "endConferenceOnExit", "WaitUrl": "waitUrl", "WaitMethod": "waitMethod", "CallSidToCoach": "coach",
		"ConferenceStatusCallback": "statusCallback", "ConferenceStatusCallbackMethod": "statusCallbackMethod", "JitterBufferSize": "jitterBufferSize",
	} {
		if v := f.Get(from); v != "" {
			noun.Attrs = append(noun.Attrs, xml.Attr{Name: attr(to), Value: v})
		}
	}
	if events := f["ConferenceStatusCallbackEvent"]; len(events) > 0 {
		noun.Attrs = append(noun.Attrs, xml.Attr{Name: attr("statusCallbackEvent"), Value: strings.Join(events, " ")})
	}
	dial := element{XMLName: attr("Dial"), Children: []element{noun}}
	b, _ := xml.Marshal(element{XMLName: attr("Response"), Children: []element{dial}}) // plain fields cannot fail
	return string(b)
}

// roomBy is a conference by its id, or, while it lives, by its name. The caller holds mu.
func (c *Carrier) roomBy(name string) *conference {
	name = strings.TrimSuffix(name, ".json")
	for _, room := range slices.Backward(c.rooms) {
		if room.sid == name || room.name == name && room.status != Completed {
			return room
		}
	}
	return nil
}

// foundRoom is the conference that a path names by its id. The caller holds mu.
func (c *Carrier) foundRoom(r *asked) (*conference, *apiError) {
	sid := strings.TrimSuffix(r.PathValue("room"), ".json")
	for _, room := range c.rooms {
		if room.sid == sid {
			return room, nil
		}
	}
	return nil, errNotFound
}

func (c *Carrier) listRooms(r *asked) (int, any, *apiError) {
	q := url.Values(r.form)
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []map[string]any
	for _, room := range slices.Backward(c.rooms) {
		if wanted(q.Get("FriendlyName"), room.name) && wanted(q.Get("Status"), room.status) {
			all = append(all, c.roomDocument(room))
		}
	}
	return http.StatusOK, c.pageOf(r, "conferences", roomQuery, all), nil
}

func (c *Carrier) fetchRoom(r *asked) (int, any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	room, err := c.foundRoom(r)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, c.roomDocument(room), nil
}

// updateRoom ends a conference, or plays something to all.
func (c *Carrier) updateRoom(r *asked) (int, any, *apiError) {
	f := url.Values(r.form)
	c.inspectVoice(f, "a change of a conference", []string{"Status", "AnnounceUrl", "AnnounceMethod"}, nil)
	c.mu.Lock()
	defer c.mu.Unlock()
	room, err := c.foundRoom(r)
	switch {
	case err != nil:
		return 0, nil, err
	case room.status == Completed:
		return 0, nil, bad(20001, "The conference is over")
	}
	if f.Get("Status") == Completed {
		room.close("conference-ended-via-api", "conference_ended_via_api", nil)
	}
	if to := f.Get("AnnounceUrl"); to != "" {
		for _, m := range room.members {
			m.announce = append(m.announce, source{url: to, method: f.Get("AnnounceMethod")})
			m.turn()
		}
	}
	return http.StatusOK, c.roomDocument(room), nil
}

func (c *Carrier) roomDocument(room *conference) map[string]any {
	path := "/" + apiVersion + "/Accounts/" + c.cfg.AccountSID + "/Conferences/" + room.sid
	d := map[string]any{
		"sid": room.sid, "account_sid": c.cfg.AccountSID, "api_version": apiVersion, "friendly_name": room.name, "region": "ie1",
		"status": room.status, "date_created": date(room.created), "date_updated": date(room.updated), "uri": path + ".json",
		"reason_conference_ended": nil, "call_sid_ending_conference": nil,
		"subresource_uris": map[string]string{"participants": path + "/Participants.json", "recordings": path + "/Recordings.json"},
	}
	if room.reason != "" {
		d["reason_conference_ended"] = room.reason
	}
	if room.endedBy != "" {
		d["call_sid_ending_conference"] = room.endedBy
	}
	return d
}
