package console

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
)

func (h *house) Interpreters(context.Context, hotline.LineID, time.Time) ([]hotline.Standby, error) {
	return []hotline.Standby{{User: hotline.User{ID: "user-m", Name: "Malee", Role: hotline.Interpreter, Voice: hotline.OnPhone},
		Languages: []string{"th"}, Why: "slot 3: Monday 00:00–24:00 (Europe/Copenhagen)", Until: start.Add(time.Hour)}}, nil
}

func (h *house) OnCall(_ context.Context, _ hotline.LineID, at time.Time) ([]hotline.OnDuty, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	tiers := append([]hotline.OnDuty(nil), h.tiers...)
	for i := range tiers {
		if !at.IsZero() && tiers[i].Until.Before(at) {
			tiers[i].Users = nil
		}
	}
	return tiers, h.broken
}

func (h *house) Rota(_ context.Context, line hotline.LineID) ([]byte, int64, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if doc, ok := h.plans[line]; ok {
		return doc, 7, nil
	}
	return nil, 0, hotline.Say(hotline.ErrNotFound, "no rota was saved for this line")
}

func (h *house) SaveRota(_ context.Context, v hotline.Viewer, rota []byte, base int64, reason string) (int64, []hotline.Finding, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var line struct{ Line hotline.LineID }
	switch err := json.Unmarshal(rota, &line); {
	case err != nil:
		return 0, nil, err
	case v.Role == hotline.Counsellor:
		return 0, nil, hotline.ErrForbidden
	case base == 3:
		return 0, nil, hotline.Say(hotline.ErrConflict, "another was saved")
	case reason == "":
		return 0, nil, hotline.Say(hotline.ErrInvalid, "slot 1: say why")
	}
	h.plans[line.Line] = rota
	h.tell(hotline.DutyChanged{Saved: true, Tiers: h.tiers})
	return int64(len(h.plans)), []hotline.Finding{{Kind: "gap", Tier: 1, From: h.now, To: h.now.Add(time.Hour), Times: 1, Words: "tier 1: nobody"}}, nil
}

const aRota = `{"line":"*","zone":"Europe/Copenhagen","weeks":1,"anchor":"2026-11-23","slots":[{"week":0,"day":1,"start":"20:00","end":"08:00",` +
	`"tier":1,"min":0,"users":["ann@example.org"],"languages":["da"],"kind":"duty"}]}`

func TestTheRotaIsReadByAllAndSavedByFew(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	until := start.Add(time.Hour)
	s.house.set(func() {
		s.house.tiers = []hotline.OnDuty{{Tier: 1, Users: []hotline.User{*s.house.user("ann"), *s.house.user("bo")}, Why: "slot 1: Monday 20:00–08:00", Until: until},
			{Tier: 2, Why: "nobody is planned"}}
	})
	ann, sue, adam := s.page("ann"), s.page("sue"), s.page("adam")
	for _, step := range []struct {
		who            *client
		do, args, want string // what the reply holds
	}{
		{ann, "rota.get", `{"line":"*"}`, `"code":"not_found"`},
		{ann, "rota.get", `{}`, `"code":"invalid"`},
		{ann, "rota.save", `{"rota":` + aRota + `,"reason":"x"}`, `"code":"forbidden"`},
		{sue, "rota.save", `{"rota":` + aRota + `,"reason":""}`, `slot 1: say why`},
		{sue, "rota.save", `{"rota":` + aRota + `,"reason":"x","base":3}`, `another was saved`},
		{sue, "rota.save", `{"rota":7,"reason":"x"}`, `"code":"invalid"`},
		{adam, "rota.save", `{"rota":` + strings.Replace(aRota, `"week":0`, `"note":"","week":0`, 1) + `,"reason":"nobody else"}`, `"result":{"version":1,"findings":[{"kind":"gap","tier":1,` +
			`"slot":0,"from":"2026-11-24T02:00:00.000Z","to":"2026-11-24T03:00:00.000Z","times":1,"words":"tier 1: nobody"}]}`},
		{ann, "rota.get", `{"line":"*"}`, `"result":{"rota":` + aRota + `,"version":7}`},
		{adam, "rota.get", `{"line":"*"}`, `"result":{"rota":` + aRota + `,"version":7}`},
		{ann, "rota.on_call", `{"line":"+4570201550"}`, `"result":{"tiers":[{"tier":1,"users":[{"id":"ann","name":"Ann","role":"counsellor","languages":["en","da"],` +
			`"state":"away","voice":"browser"},{"id":"bo","name":"Bo","role":"counsellor","languages":[],"state":"away","voice":"browser"}],"closed":false,` +
			`"why":"slot 1: Monday 20:00–08:00","until":"2026-11-24T03:00:00.000Z"},{"tier":2,"users":[],"closed":false,"why":"nobody is planned","until":null}],` +
			`"interpreters":[{"user":{"id":"user-m","name":"Malee","role":"interpreter","languages":[],"state":"away","voice":"phone"},"languages":["th"],` +
			`"why":"slot 3: Monday 00:00–24:00 (Europe/Copenhagen)","until":"2026-11-24T03:00:00.000Z"}]}`},
		{adam, "rota.on_call", `{"line":"*","at":"2026-11-24T05:00:00+01:00"}`, `"users":[]`},
		{ann, "rota.on_call", `{"line":"*","at":"tomorrow"}`, `"code":"invalid"`},
		{ann, "rota.on_call", `{"line":""}`, `"code":"invalid"`},
	} {
		reply, _ := step.who.ask("1", step.do, step.args)
		if !strings.Contains(reply.raw, step.want) {
			t.Errorf("%s %s = %s, want %s", step.do, step.args, reply.raw, step.want)
		}
	}
}

func TestEveryPageIsToldWhoIsOnDuty(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	ann, sue := s.page("ann"), s.page("sue")
	s.house.set(func() { s.house.tiers = []hotline.OnDuty{{Tier: 1, Users: []hotline.User{*s.house.user("bo")}}} })
	sue.ask("1", "rota.save", `{"rota":`+aRota+`,"reason":"x"}`)
	const want = `"degraded":false,"rota_saved":true,"on_duty_note":"On duty now: Bo."}`
	if got := ann.event("system.changed").raw; !strings.Contains(got, want) {
		t.Errorf("ann hears %s, want %s", got, want)
	}
	if got := s.open(s.logIn("ann")).listen().event("hello").raw; !strings.Contains(got, `"rota_saved":true,"on_duty_note":"On duty now: Bo."`) {
		t.Errorf("hello says %s", got)
	}
}

func TestDutyNote(t *testing.T) {
	t.Parallel()
	ann, bo := hotline.User{Name: "Ann"}, hotline.User{Name: "Bo"}
	for _, test := range []struct {
		saved bool
		tiers []hotline.OnDuty
		want  string
	}{
		{false, nil, nobodyPlanned},
		{true, nil, unreadable},
		{true, []hotline.OnDuty{{Tier: 1}}, nobodyThere},
		{true, []hotline.OnDuty{{Tier: 1, Closed: true}, {Tier: 2}}, closedNow},
		{true, []hotline.OnDuty{{Tier: 1, Users: []hotline.User{ann, bo}}, {Tier: 2}, {Tier: 3, Users: []hotline.User{ann}}}, "On duty now: Ann, Bo. Tier 3: Ann."},
		{true, []hotline.OnDuty{{Tier: 1}, {Tier: 2, Users: []hotline.User{bo}}}, nobodyThere + " Tier 2: Bo."},
	} {
		if got := dutyNote(test.saved, test.tiers); got != test.want {
			t.Errorf("dutyNote(%v, %v) = %q, want %q", test.saved, test.tiers, got, test.want)
		}
	}
}
