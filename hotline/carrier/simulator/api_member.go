package simulator

import (
	"net/http"
	"net/url"
	"strings"
)

// foundMember is the participant that a path names by the id of the leg or by its label. The caller holds mu.
func (c *Carrier) foundMember(r *asked) (*member, *apiError) {
	room, err := c.foundRoom(r)
	if err != nil {
		return nil, err
	}
	who := strings.TrimSuffix(r.PathValue("who"), ".json")
	for _, m := range room.members {
		if m.call.sid == who || m.label != "" && m.label == who {
			return m, nil
		}
	}
	return nil, errNotFound
}

func (c *Carrier) listMembers(r *asked) (int, any, *apiError) {
	q := url.Values(r.form)
	c.mu.Lock()
	defer c.mu.Unlock()
	room, err := c.foundRoom(r)
	if err != nil {
		return 0, nil, err
	}
	var all []map[string]any
	for _, m := range room.members {
		if wantsBool(q.Get("Muted"), m.muted) && wantsBool(q.Get("Hold"), m.hold) && wantsBool(q.Get("Coaching"), m.coaching) {
			all = append(all, c.memberDocument(m))
		}
	}
	return http.StatusOK, c.pageOf(r, "participants", []string{"Muted", "Hold", "Coaching"}, all), nil
}

func wantsBool(filter string, on bool) bool { return filter == "" || (filter == "true") == on }

func (c *Carrier) fetchMember(r *asked) (int, any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, err := c.foundMember(r)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, c.memberDocument(m), nil
}

func (c *Carrier) updateMember(r *asked) (int, any, *apiError) {
	f := url.Values(r.form)
	c.inspectVoice(f, "a change of a participant", memberChanges, nil)
	c.mu.Lock()
	defer c.mu.Unlock()
	m, err := c.foundMember(r)
	if err != nil {
		return 0, nil, err
	}
	if f.Has("Coaching") || f.Has("CallSidToCoach") {
		coach := f.Get("CallSidToCoach")
		if f.Get("Coaching") == "true" && (c.callBy[coach] == nil || c.callBy[coach].seat == nil || c.callBy[coach].seat.room != m.room) {
			return 0, nil, bad(13240, "The call to coach is not in this conference")
		}
	}
	m.changes(f)
	return http.StatusOK, c.memberDocument(m), nil
}

// changes does what a form asks of a participant and tells of it. The caller holds mu.
func (m *member) changes(f url.Values) {
	if on := f.Get("Muted") == "true"; f.Has("Muted") && on != m.muted {
		m.muted = on
		m.room.tell("mute", map[bool]string{true: "participant-mute", false: "participant-unmute"}[on], m, nil)
	}
	if on := f.Get("Hold") == "true"; f.Has("Hold") && on != m.hold {
		m.hold = on
		m.held = source{url: f.Get("HoldUrl"), method: http.MethodGet}
		if f.Get("HoldMethod") != "" {
			m.held.method = f.Get("HoldMethod")
		}
		m.room.tell("hold", map[bool]string{true: "participant-hold", false: "participant-unhold"}[on], m, nil)
		m.turn()
	}
	if f.Has("EndConferenceOnExit") || f.Has("Coaching") || f.Has("CallSidToCoach") {
		if f.Has("EndConferenceOnExit") {
			m.ends = f.Get("EndConferenceOnExit") == "true"
		}
		if f.Has("CallSidToCoach") {
			m.coach = f.Get("CallSidToCoach")
		}
		if f.Has("Coaching") {
			m.coaching = f.Get("Coaching") == "true"
		}
		m.room.tell("modify", "participant-modify", m, nil)
	}
	if to := f.Get("AnnounceUrl"); to != "" {
		m.announce = append(m.announce, source{url: to, method: f.Get("AnnounceMethod")})
		m.turn()
	}
	m.room.c.wake()
}

// removeMember puts a participant out; its leg goes on with the next verb.
func (c *Carrier) removeMember(r *asked) (int, any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, err := c.foundMember(r)
	if err != nil {
		return 0, nil, err
	}
	m.leave("participant_updated_via_api")
	return http.StatusNoContent, nil, nil
}

// memberDocument is a participant as the REST API shows it. The caller holds mu.
func (c *Carrier) memberDocument(m *member) map[string]any {
	var label, coach any
	if m.label != "" {
		label = m.label
	}
	if m.coach != "" {
		coach = m.coach
	}
	status := map[string]string{Queued: Queued, Initiated: Queued, Ringing: Ringing, InProgress: "connected"}[m.call.status]
	if status == "" {
		status = "complete"
	}
	return map[string]any{
		"account_sid": c.cfg.AccountSID, "call_sid": m.call.sid, "conference_sid": m.room.sid, "label": label,
		"muted": m.muted, "hold": m.hold, "coaching": m.coaching, "call_sid_to_coach": coach,
		"start_conference_on_enter": m.starts, "end_conference_on_exit": m.ends, "status": status,
		"date_created": date(m.joined), "date_updated": date(m.joined), "queue_time": "0",
		"uri": "/" + apiVersion + "/Accounts/" + c.cfg.AccountSID + "/Conferences/" + m.room.sid + "/Participants/" + m.call.sid + ".json",
	}
}
