package app

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"hopeline/routing/rota"
)

// duties is what a house knows of its rota. Shifts, findings and proposals are the real resolver's.
type duties struct {
	grid       obj // as rota.get gives it; nil: none was saved
	version    int
	exceptions []rota.Exception
	at         time.Time // when it is; zero: now
	since      time.Time // the clock goes on since then; zero: it stands
	draft      any       // what rota.draft.get gives

	swaps, wishes              []obj
	templates, temps           []obj
	past                       []obj
	rules                      obj
	handover                   any
	relieved, checkedIn, alone bool
	board                      obj // what wallboard gives, besides its as_of
	boardAge                   time.Duration
	wills                      []rota.Wish
	trial                      obj            // what rota.try gives; nil: nobody is touched
	tests                      map[string]obj // the last test page of each
	limits                     rota.Limits
	asking
}

func (d *duties) now() time.Time {
	if d.at.IsZero() {
		return time.Now().UTC()
	}
	if !d.since.IsZero() {
		return d.at.Add(time.Since(d.since))
	}
	return d.at
}

func email(id string) string { return id + "@example.org" }

func slot(day int, start, end string, tier int, users ...string) obj {
	named := []string{}
	for _, u := range users {
		named = append(named, email(u))
	}
	return obj{"id": fmt.Sprintf("s%d-%s-%d", day, strings.ReplaceAll(start, ":", ""), tier), "week": 0, "day": day, "start": start, "end": end, "tier": tier, "users": named}
}

// plan is the grid with what is laid over it, its people by their ids.
func (d *duties) plan(grid obj) (rota.Plan, error) {
	doc, err := json.Marshal(grid)
	if err != nil {
		return rota.Plan{}, err
	}
	r, err := rota.Parse(doc)
	if err != nil {
		return rota.Plan{}, err
	}
	r, err = r.Renamed(func(user string) (string, error) { id, _, _ := strings.Cut(user, "@"); return id, nil })
	if err != nil {
		return rota.Plan{}, err
	}
	return rota.NewPlan(r, rota.Overlay{Exceptions: d.exceptions})
}

// shiftsOf are the shifts of a plan from one instant to another, once each.
func (h *house) shiftsOf(p rota.Plan, from, to time.Time) []obj {
	shifts, seen := []obj{}, map[rota.ShiftID]bool{}
	for _, s := range rota.Resolve(p, from, to) {
		all := slices.Clone(s.Standby)
		for _, t := range s.Tiers {
			all = append(all, t.Why...)
		}
		for _, x := range all {
			if !seen[x.ID] {
				seen[x.ID] = true
				shifts = append(shifts, h.shift(p, x))
			}
		}
	}
	return shifts
}

func (h *house) shift(p rota.Plan, x rota.Shift) obj {
	s, users := p.Slots[x.Slot-1], []obj{}
	for _, seat := range x.Seats {
		if seat.User != "" {
			users = append(users, obj{"user": seat.User, "why": "", "state": map[bool]string{true: "here", false: "planned"}[h.checkedIn && seat.User == "anna" && !x.Start.After(h.duties.now())]})
		}
	}
	empty := 0
	if s.Kind == rota.Duty || s.Kind == rota.Interpreter {
		empty = max(0, s.Min-len(users))
	}
	return obj{"id": x.ID.String(), "line": p.Line, "slot": x.ID.Slot, "day": x.Day, "start": x.Start.Format(time.RFC3339Nano), "end": x.End.Format(time.RFC3339Nano), "zone": p.Zone,
		"tier": s.Tier, "kind": s.Kind, "min": s.Min, "users": users, "away": []string{}, "empty": empty, "why": p.Words(x.Slot)}
}

func (h *house) known() map[string]rota.Person {
	known := map[string]rota.Person{}
	for _, u := range h.users {
		if u["role"] != "admin" {
			known[u["id"].(string)] = rota.Person{Answers: u["role"] != "interpreter", Interprets: true, Languages: u["languages"].([]string), Name: u["name"].(string), Phone: true, Second: true, Tested: h.duties.now()}
		}
	}
	return known
}

func found(all []rota.Finding) []obj {
	list := []obj{}
	for _, f := range all {
		list = append(list, obj{"kind": f.Kind, "tier": f.Tier, "slot": f.Slot, "from": f.From.UTC().Format(time.RFC3339Nano), "to": f.To.UTC().Format(time.RFC3339Nano), "times": f.Times, "words": f.Words})
	}
	return list
}

func spans(all []rota.Span) []obj {
	list := []rota.Finding{}
	for _, s := range all {
		list = append(list, rota.Finding{Kind: rota.Gap, Tier: 1, From: s.Start, To: s.End, Times: 1})
	}
	return found(list)
}

// coming is the time that coverage looks at.
func (h *house) coming() (from, to time.Time) {
	return h.duties.now(), h.duties.now().AddDate(0, 0, 14)
}

// duty does the commands of duties; a refusal is its second result.
func (h *house) duty(do string, args obj) (result obj, refused string) {
	switch do {
	case "duty.plan":
		if h.grid == nil {
			return nil, "not_found"
		}
		p, err := h.duties.plan(h.grid)
		if err != nil {
			return nil, "invalid " + err.Error()
		}
		from, to := timeOf(args["from"]), timeOf(args["to"])
		if now := h.duties.now(); from.Before(now) {
			from = now
		}
		return obj{"line": p.Line, "lines": []string{p.Line}, "zone": p.Zone, "version": h.version, "shifts": h.shiftsOf(p, timeOf(args["from"]), timeOf(args["to"])), "findings": found(rota.Coverage(p, from, to, h.known())), "published_to": nil}, ""
	case "duty.mine":
		return h.mine(), ""
	case "duty.here":
		h.checkedIn = true
	case "duty.relieve", "duty.back":
		if h.relieved = do == "duty.relieve"; h.relieved {
			return obj{"until": h.duties.now().Add(time.Hour).Format(time.RFC3339Nano), "answers": h.answers()}, ""
		}
	case "duty.handover":
	case "duty.handover.read":
		h.handover.(obj)["read_at"], h.handover.(obj)["read_by"] = stamp(0), "anna"
	case "sound.set":
	case "page.test":
		return h.pageTest(args), ""
	case "calendar.address":
		return obj{"url": h.URL + "/calendar/a-long-secret.ics"}, ""
	case "wallboard":
		board := obj{"as_of": h.duties.now().Add(-h.boardAge).Format(time.RFC3339Nano)}
		maps.Copy(board, h.board)
		people, _ := board["people"].([]obj)
		guests, _ := board["interpreters"].([]obj)
		for _, p := range slices.Concat(people, guests) {
			p["test"] = h.testOf(p["user"].(string))
		}
		return board, ""
	case "calendar.give", "calendar.take":
		guest := h.board["interpreters"].([]obj)[0]
		if guest["calendar_at"] = nil; do == "calendar.give" {
			guest["calendar_at"] = h.duties.now().Format(time.RFC3339Nano)
			return obj{"url": h.URL + "/calendar/" + args["user"].(string) + "-secret.ics"}, ""
		}
	default:
		return h.plans(do, args)
	}
	return obj{}, ""
}

// plans does the commands of supervisors, and swaps and wishes.
func (h *house) plans(do string, args obj) (result obj, refused string) {
	switch do {
	case "rota.get":
		return obj{"rota": h.grid, "version": h.version}, ""
	case "rota.preview":
		return h.preview(args)
	case "rota.save":
		h.grid = args["rota"].(obj)
		h.version++
		return obj{"version": h.version, "findings": []obj{}}, ""
	case "rota.draft.get":
		if d, ok := h.draft.(obj); ok {
			return d, ""
		}
		return obj{"rota": nil, "at": nil, "by": ""}, ""
	case "rota.draft.set":
		h.draft = obj{"rota": args["rota"], "at": stamp(0), "by": h.me["id"]}
	case "rota.draft.drop":
		h.draft = nil
	case "rota.try":
		if h.trial != nil {
			return h.trial, ""
		}
		return obj{"findings": []obj{}, "diff": obj{"opens": []obj{}, "closes": []obj{}, "people": []obj{}}}, ""
	case "shift.change":
		return obj{"shift": h.byID(args["shift"]), "findings": []obj{}}, ""
	case "rota.overlays":
		return obj{"templates": list(h.templates), "temporary": list(h.temps)}, ""
	case "rota.template.set", "rota.temporary.set", "rota.overlay.drop":
		return obj{"findings": []obj{}}, ""
	case "shift.claim":
		return obj{"shift": h.byID(args["shift"]), "findings": []obj{}}, ""
	case "calendar.revoke", "shift.confirm":
	case "rota.history":
		return obj{"versions": list(h.past), "changes": []obj{}}, ""
	case "rota.settings.get":
		return h.rules, ""
	case "rota.settings.set":
		h.rules = args
	case "duty.dry_run":
		return obj{"picks": []obj{{"user": "anna", "tier": 1, "why": "speaks Danish"}, {"user": "chau", "tier": 2, "why": ""}}, "excluded": []obj{{"user": "bo", "why": "off duty until 20:00"}}}, ""
	case "rota.fairness":
		return h.fairness(args), ""
	case "rota.fill":
		return h.fill(args)
	case "rota.fill.apply":
		return h.applied(args)
	default:
		return h.wished(do, args)
	}
	return obj{}, ""
}

// answers is who answers for whoever cannot just now.
func (h *house) answers() obj {
	if h.alone {
		return obj{"tier": 0, "people": 0}
	}
	return obj{"tier": 2, "people": 1}
}

func (h *house) mine() obj {
	now, shifts, open := h.duties.now(), []obj{}, []obj{}
	var until, check, relieved, answers any
	if h.relieved {
		answers, relieved = h.answers(), now.Add(time.Hour).Format(time.RFC3339Nano)
	}
	if p, err := h.duties.plan(h.grid); h.grid != nil && err == nil {
		for _, s := range h.shiftsOf(p, now, now.AddDate(0, 0, 42)) {
			if s["empty"].(int) > 0 {
				open = append(open, s)
			}
			if !slices.ContainsFunc(s["users"].([]obj), func(u obj) bool { return u["user"] == "anna" }) {
				continue
			}
			shifts = append(shifts, s)
			start, end := timeOf(s["start"]), timeOf(s["end"])
			if !start.After(now) {
				until = s["end"]
			}
			if check == nil && !h.checkedIn && !start.After(now.Add(30*time.Minute)) && end.After(now) {
				check = s
			}
		}
	}
	return obj{"shifts": shifts, "open": open, "relieved": relieved, "answers": answers, "swaps": list(h.swaps), "wishes": list(h.wishes), "handover": h.handover, "on_duty": until != nil && !h.relieved, "until": until, "check_in": check,
		"tested_at": nil, "test": h.testOf("anna"), "away": h.duties.away}
}

func (h *house) testOf(user string) any {
	if t, there := h.tests[user]; there {
		return t
	}
	return nil
}

// pageTest rings a phone; what comes of it the test says.
func (h *house) pageTest(args obj) obj {
	if args["week"] == true {
		return obj{"test": nil, "pushed": 0, "rings": 3, "skipped": 1}
	}
	user, _ := args["user"].(string)
	if user == "" {
		user = h.me["id"].(string)
	}
	if h.tests == nil {
		h.tests = map[string]obj{}
	}
	h.tests[user] = obj{"user": user, "by": h.me["id"], "at": stamp(0), "result": "rings", "ended": nil}
	return obj{"test": h.tests[user], "pushed": 1, "rings": 1, "skipped": 0}
}

// opening is a trial that leaves the morning of the clock change to nobody.
func opening() obj {
	gap := obj{"kind": "gap", "tier": 1, "slot": 0, "from": "2026-10-25T07:00:00.000Z", "to": "2026-10-25T19:00:00.000Z", "times": 1, "words": "tier 1: nobody is on duty"}
	return obj{"findings": []obj{gap}, "diff": obj{"opens": []obj{gap}, "closes": []obj{}, "people": []obj{{"user": "anna", "gains_h": 0, "loses_h": 12}}}}
}

// wished does swaps and wishes.
func (h *house) wished(do string, args obj) (result obj, refused string) {
	find := func(list []obj, id any) obj {
		i := slices.IndexFunc(list, func(x obj) bool { return x["id"] == id })
		if i < 0 {
			return obj{}
		}
		return list[i]
	}
	h.count++
	id := fmt.Sprint("x", h.count)
	switch do {
	case "swap.list":
		return obj{"swaps": list(h.swaps)}, ""
	case "swap.ask":
		s := obj{"id": id, "shift": h.byID(args["shift"]), "from": "anna", "to": or(args["to"]), "by": "", "state": "open", "at": stamp(0), "note": or(args["note"])}
		h.swaps = append(h.swaps, s)
		return obj{"swap": s}, ""
	case "swap.take", "swap.withdraw", "swap.decide":
		s := find(h.swaps, args["swap"])
		s["state"] = map[string]string{"swap.take": "taken", "swap.withdraw": "withdrawn", "swap.decide": map[bool]string{true: "approved", false: "refused"}[args["approve"] == true]}[do]
		if do == "swap.take" {
			s["by"] = h.me["id"]
		}
		return obj{"swap": s, "findings": []obj{}}, ""
	case "wish.set":
		w := obj{"id": id, "from": args["from"], "to": args["to"], "kind": args["kind"]}
		h.wishes = append(h.wishes, w)
		return obj{"wish": w}, ""
	case "wish.drop":
		h.wishes = slices.DeleteFunc(h.wishes, func(w obj) bool { return w["id"] == args["wish"] })
		return obj{}, ""
	}
	return h.asks(do, args)
}

// list is never null.
func list(all []obj) []obj { return append([]obj{}, all...) }

func or(v any) any {
	if v == nil {
		return ""
	}
	return v
}

func timeOf(v any) time.Time {
	t, _ := time.Parse(time.RFC3339Nano, v.(string)) // a stamp of the page's own
	return t
}
