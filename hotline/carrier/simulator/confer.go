package simulator

import (
	"context"
	"net/url"
	"strings"
)

// mostLabel is the longest label of a participant.
const mostLabel = 128

// confer takes the leg into a conference until it leaves.
func (x *script) confer(n element) dialed {
	if r := n.value("record"); r != "" && r != "do-not-record" {
		x.l.c.fault(Unsimulated, "the recording of a conference")
	}
	m, d := x.seats(n)
	if d.code != 0 || m == nil {
		return d
	}
	x.attend(m)
	x.l.c.mu.Lock()
	defer x.l.c.mu.Unlock()
	if m.failed != 0 {
		m.leave("participant_add_failed")
		return dialed{code: m.failed}
	}
	m.leave("participant_hung_up")
	return dialed{status: "answered"}
}

// seats lets the leg in. No member and no code: it goes on with the next verb, as after a label that is taken.
func (x *script) seats(n element) (*member, dialed) {
	c := x.l.c
	c.mu.Lock()
	defer c.mu.Unlock()
	if x.ctx.Err() != nil {
		return nil, dialed{status: "answered"}
	}
	if over := x.l.invited; over != nil && over.status == Completed && over.name == n.words() {
		return nil, dialed{status: Failed}
	}
	r := c.roomNamed(n.words())
	m := &member{room: r, call: x.l, label: n.value("participantLabel"), muted: n.is("muted"),
		starts: n.value("startConferenceOnEnter") != "false", ends: n.is("endConferenceOnExit"),
		coach: n.value("coach"), wait: source{url: n.value("waitUrl"), method: n.value("waitMethod")}}
	m.coaching = m.coach != ""
	if m.wait.url != "" {
		m.wait.url = x.resolve(m.wait.url)
	}
	c.leaks(nil, "the label of a participant", m.label)
	if problem := r.refuses(m); problem != "" {
		c.faulted(BadAnswer, "%s", problem)
		return nil, dialed{status: Failed}
	}
	if len(r.members) == 0 && r.callback.url == "" {
		r.callback = x.callback(n, "start", "end")
		c.leaks(nil, "the address of a status callback", r.callback.url)
	}
	r.enter(m)
	return m, dialed{}
}

// refuses says why a member cannot come in. The carrier's mu is held.
func (r *conference) refuses(m *member) string {
	if len(m.label) > mostLabel {
		return "the label of a participant is longer than 128 characters"
	}
	coached := m.coach == ""
	for _, other := range r.members {
		if m.label != "" && other.label == m.label {
			return "a participant's label that another has" // 16025
		}
		coached = coached || other.call.sid == m.coach
	}
	if !coached {
		return "a coach for a leg that is not in the conference" // 13240
	}
	return ""
}

// attend lets a member hear what its place is: music before the start, the talk, hold, announcements.
func (x *script) attend(m *member) {
	c := x.l.c
	for {
		c.mu.Lock()
		ctx, shift := context.WithCancel(x.ctx)
		m.shift = shift
		gone, talks := m.gone, m.room.started && !m.hold
		play, once := m.wait, false
		switch {
		case len(m.announce) > 0:
			play, once = m.announce[0], true
			m.announce = m.announce[1:]
		case m.hold:
			play = m.held
		case talks:
			play = source{}
		}
		c.mu.Unlock()
		if gone || x.ctx.Err() != nil {
			shift()
			return
		}
		code := x.plays(ctx, m, play, once)
		switch {
		case code == 0 || once:
		case m.heldNow():
			<-ctx.Done()
		default: // a wait that cannot be played breaks the join
			m.failed = code
		}
		shift()
		if m.failed != 0 {
			return
		}
	}
}

func (m *member) heldNow() bool { return look(m.call, func() bool { return m.hold }) }

// plays runs a document of the conference's on the leg until ctx ends, or once; a code when it failed.
func (x *script) plays(ctx context.Context, m *member, s source, once bool) int {
	if strings.TrimSpace(s.url) == "" {
		<-ctx.Done()
		return 0
	}
	room := *x
	room.ctx, room.where, room.seen = ctx, inRoom, map[string]bool{}
	room.extra = func() url.Values {
		return url.Values{"ConferenceSid": {m.room.sid}, "FriendlyName": {m.room.name}}
	}
	for {
		switch f := room.run(s); {
		case f == breaks:
			return room.code
		case once || f == ends || room.breathe() == ends:
			return 0
		}
	}
}
