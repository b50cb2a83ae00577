package simulator

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Statuses of a conference, with InProgress and Completed.
const roomInit = "init"

// conference is a talk of many. Guarded by the carrier's mu.
type conference struct {
	c                *Carrier
	sid, name        string
	serial           int
	status           string
	created, updated time.Time
	members          []*member
	started          bool
	callback         callback // fixed by the first member
	sequence         int
	told             <-chan struct{}
	reason, endedBy  string
}

// member is a leg's seat in a conference. What REST can change is guarded by the carrier's mu.
type member struct {
	room                  *conference
	call                  *Call
	label                 string
	muted, hold, coaching bool
	coach                 string // the leg that alone hears a coach
	starts, ends          bool   // startConferenceOnEnter, endConferenceOnExit
	joined                time.Time
	wait, held            source // "" is music
	announce              []source
	gone                  bool
	speaking              int // of what it says, how much goes on
	failed                int // code of a wait document
	shift                 context.CancelFunc
}

// roomNamed is the conference of this name that is not over, made when there is none. The caller holds mu.
func (c *Carrier) roomNamed(name string) *conference {
	for _, r := range c.rooms {
		if r.name == name && r.status != Completed {
			return r
		}
	}
	c.leaks(nil, "the name of a conference", name)
	now := c.cfg.Now().UTC()
	r := &conference{c: c, sid: newSID("CF"), name: name, serial: len(c.rooms) + 1, status: roomInit, created: now, updated: now}
	c.rooms = append(c.rooms, r)
	return r
}

// enter seats a member. The caller holds mu.
func (r *conference) enter(m *member) {
	m.joined = r.c.cfg.Now().UTC()
	r.members = append(r.members, m)
	m.call.seat = m
	r.tell("join", "participant-join", m, nil)
	if !r.started && len(r.members) > 1 && slices.ContainsFunc(r.members, func(m *member) bool { return m.starts }) {
		r.started, r.status, r.updated = true, InProgress, m.joined
		r.tell("start", "conference-start", nil, nil)
	}
	if r.started {
		for _, other := range r.members {
			other.turn()
		}
	}
	if m.hold {
		r.tell("hold", "participant-hold", m, nil)
	}
	r.c.wake()
}

// leave takes a member out and ends the conference when it was the last, or one that ends it. The caller holds mu.
func (m *member) leave(why string) {
	r := m.room
	if m.gone {
		return
	}
	m.gone = true
	r.members = slices.DeleteFunc(r.members, func(other *member) bool { return other == m })
	if m.call.seat == m {
		m.call.seat = nil
	}
	r.tell("leave", "participant-leave", m, url.Values{"ReasonParticipantLeft": {why}, "ParticipantCallStatus": {m.call.status}})
	m.turn()
	kicked := map[bool]string{true: "kicked", false: "left"}[why == "participant_updated_via_api"]
	switch {
	case r.status == Completed:
	case m.ends:
		r.close("participant-with-end-conference-on-exit-"+kicked, "moderator_ended_conference", m)
	case len(r.members) == 0:
		r.close("last-participant-"+kicked, "", m)
	}
	r.c.wake()
}

// close ends a conference. The caller holds mu.
func (r *conference) close(reason, others string, by *member) {
	if r.status == Completed {
		return
	}
	r.status, r.reason, r.updated = Completed, reason, r.c.cfg.Now().UTC()
	with := url.Values{"ReasonConferenceEnded": {reason}, "Reason": {reason}}
	if by != nil {
		r.endedBy = by.call.sid
		with.Set("CallSidEndingConference", by.call.sid)
		if by.label != "" {
			with.Set("ParticipantLabelEndingConference", by.label)
		}
	}
	for _, m := range slices.Clone(r.members) {
		m.leave(others)
	}
	r.tell("end", "conference-end", nil, with)
	r.c.wake()
}

// turn lets a member look anew at what it should hear. The caller holds mu.
func (m *member) turn() {
	if m.shift != nil {
		m.shift()
	}
}

// reaches says whether other hears m when m speaks. The caller holds mu.
func (m *member) reaches(other *member) bool {
	switch {
	case m.muted || m.hold || other.hold:
		return false
	case m.coaching:
		return other.call.sid == m.coach
	}
	return true
}

// voice tells that a member speaks, and when the words are over that it stopped. Nobody hears a member who is muted or
// held, or a conference that has not begun, so nothing is told then. The caller holds mu.
func (m *member) voice(words string) {
	c := m.room.c
	if m.muted || m.hold || !m.room.started {
		return
	}
	if m.speaking++; m.speaking == 1 {
		m.room.tell("speaker", "participant-speech-start", m, nil)
	}
	takes := c.scale(c.speaks(words))
	if takes == 0 {
		m.silence()
		return
	}
	c.spawned(func(ctx context.Context) {
		c.pause(m.call.ctx, takes)
		c.mu.Lock()
		defer c.mu.Unlock()
		m.silence()
	})
}

// silence is the end of something that a member said. The caller holds mu.
func (m *member) silence() {
	if m.speaking--; m.speaking == 0 && !m.gone {
		m.room.tell("speaker", "participant-speech-stop", m, nil)
	}
}

// tell calls the conference's status callback, if the event was asked for. The caller holds mu.
func (r *conference) tell(asked, event string, m *member, with url.Values) {
	if r.callback.url == "" || !slices.Contains(r.callback.events, asked) {
		return
	}
	f := url.Values{
		"ConferenceSid": {r.sid}, "FriendlyName": {r.name}, "AccountSid": {r.c.cfg.AccountSID},
		"SequenceNumber": {strconv.Itoa(r.sequence)}, "Timestamp": {r.c.cfg.Now().UTC().Format(time.RFC1123Z)},
		"StatusCallbackEvent": {event},
	}
	r.sequence++
	if m != nil {
		f.Set("CallSid", m.call.sid)
		for name, on := range map[string]bool{"Muted": m.muted, "Hold": m.hold, "Coaching": m.coaching,
			"EndConferenceOnExit": m.ends, "StartConferenceOnEnter": m.starts} {
			f.Set(name, strconv.FormatBool(on))
		}
		if m.label != "" {
			f.Set("ParticipantLabel", m.label)
		}
	}
	for name, values := range with {
		f[name] = values
	}
	h := hook{url: r.callback.url, method: r.callback.method, sid: r.sid, token: newSID(""), form: f, kind: statusHook}
	luck := r.c.chaos.draw(r.serial, "conference "+event+" "+strconv.Itoa(r.sequence))
	r.told = r.c.callBack(luck, h, r.told)
}
