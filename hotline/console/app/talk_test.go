package app

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// talk greets one socket and answers its commands, one after the other.
func (h *house) talk(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{Subprotocols: []string{"hopeline.v1"}}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer conn.Close()
	l := &line{conn: conn}
	h.mu.Lock()
	l.event("hello", h.hello())
	h.sockets = append(h.sockets, l)
	h.mu.Unlock()
	defer func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.sockets = slices.DeleteFunc(h.sockets, func(x *line) bool { return x == l })
	}()
	for {
		var ask obj
		if conn.ReadJSON(&ask) != nil {
			return
		}
		h.answer(l, ask)
	}
}

func (h *house) hello() obj {
	live, others := []obj{}, []obj{}
	for _, id := range slices.Sorted(maps.Keys(h.contacts)) {
		c := h.contacts[id]
		switch {
		case c["state"] == "live" && c["assignee"] == h.me["id"]:
			live = append(live, c)
		case c["state"] == "live" && c["overdue"] == true:
			others = append(others, c)
		}
	}
	offers := h.offers
	if offers == nil {
		offers = []obj{}
	}
	return obj{
		"user": h.me, "users": h.users, "contacts": live, "others": others, "offers": offers, "queue": h.queue(), "now": h.duties.now().Format(time.RFC3339Nano),
		"rota_saved": false, "on_duty_note": "", "degraded": false,
	}
}

func (h *house) line() []obj {
	waiting := []obj{}
	for _, id := range slices.Sorted(maps.Keys(h.contacts)) {
		if s := h.contacts[id]["state"]; s == "waiting" || s == "offered" {
			waiting = append(waiting, h.contacts[id])
		}
	}
	return waiting
}

func (h *house) queue() obj {
	return obj{"waiting": len(h.line()), "longest_wait_s": min(len(h.line()), 1) * 252}
}

// answer notes a command, does it, and replies: with what a test wants refused, or not at all.
func (h *house) answer(l *line, ask obj) {
	do, _ := ask["do"].(string)
	args, _ := ask["args"].(obj)
	if do == "ping" {
		args = obj{}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked = append(h.asked, obj{"do": do, "args": args})
	select {
	case h.news <- struct{}{}:
	default:
	}
	if h.mute[do] {
		return
	}
	if why, ok := h.refuse[do]; ok && args["safe"] != true {
		_ = l.conn.WriteJSON(obj{"re": ask["id"], "error": why})
		return
	}
	id, _ := args["contact"].(string)
	result, event, data := h.do(do, id, args)
	if result == nil {
		if done, why := h.duty(do, args); done != nil {
			_ = l.conn.WriteJSON(obj{"re": ask["id"], "ok": true, "result": done})
			return
		} else if why != "unknown_command" {
			code, words, _ := strings.Cut(why, " ")
			_ = l.conn.WriteJSON(obj{"re": ask["id"], "error": obj{"code": code, "message": words}})
			return
		}
		_ = l.conn.WriteJSON(obj{"re": ask["id"], "error": obj{"code": "unknown_command", "message": "no such command"}})
		return
	}
	_ = l.conn.WriteJSON(obj{"re": ask["id"], "ok": true, "result": result})
	if event == "" {
		return
	}
	for _, x := range h.sockets {
		x.event(event, data)
	}
}

// do is what each command does to the house: its result, and the event that follows.
func (h *house) do(do, id string, args obj) (result obj, event string, data obj) {
	c := h.contacts[id]
	switch do {
	case "push.key":
		return obj{"key": "BPjIXIkGTzcZyUUQpLCDxZDbGDBlpGWHWLtpgt1YVfx5dlLZCYmyb8L4bjZRbqG5vPFbmWMEXRwpTL3CzrqYYZg"}, "", nil
	case "push.subscribe", "push.unsubscribe":
		return obj{}, "", nil
	case "push.test":
		return obj{"sent": 1}, "", nil
	case "presence.set":
		delete(args, "contact")
		maps.Copy(h.me, args)
		return obj{"state": h.me["state"], "voice": h.me["voice"]}, "presence.changed", obj{"user": h.me["id"], "state": h.me["state"], "voice": h.me["voice"]}
	case "offer.accept", "contact.take":
		h.offers = slices.DeleteFunc(h.offers, func(o obj) bool { return o["contact"].(obj)["id"] == id })
		h.alter(c, obj{"state": "live", "assignee": h.me["id"], "overdue": false})
		return obj{"contact": c}, "contact.changed", obj{"contact": c}
	case "offer.decline":
		h.offers = slices.DeleteFunc(h.offers, func(o obj) bool { return o["contact"].(obj)["id"] == id })
		return obj{}, "offer.ended", obj{"contact": id, "reason": "declined"}
	case "contact.open":
		return h.open(id, args), "", nil
	case "contact.read":
		h.alter(c, obj{"unread": 0})
		return obj{}, "contact.changed", obj{"contact": c}
	case "message.send":
		m := h.send(id, args)
		return obj{"message": m}, "message.added", obj{"contact": id, "message": m}
	case "note.add":
		h.count++
		n := obj{"id": fmt.Sprintf("n%d", h.count), "text": args["text"], "at": stamp(0), "by": h.me["id"], "revises": args["revises"]}
		h.notes[id] = append(h.notes[id], n)
		return obj{"note": n}, "note.added", obj{"contact": id, "note": n}
	case "triage.set":
		delete(args, "contact")
		maps.Copy(h.triage[id], args)
		return obj{"triage": h.triage[id]}, "triage.changed", obj{"contact": id, "triage": h.triage[id]}
	case "contact.bar":
		barred, _ := c["barred"].([]any)
		barred = slices.DeleteFunc(slices.Clone(barred), func(u any) bool { return u == args["user"] })
		if args["on"] == true {
			barred = append(barred, args["user"])
		}
		h.alter(c, obj{"barred": barred})
		return obj{"contact": c}, "contact.changed", obj{"contact": c}
	case "user.change":
		for _, u := range h.users {
			if u["id"] == args["user"] {
				u["languages"], u["gender"] = args["languages"], args["gender"]
				return obj{"user": u}, "", nil
			}
		}
	case "contact.transfer":
		if args["to"] != "queue" {
			h.alter(c, obj{"transfer_to": args["to"]})
		} else {
			h.alter(c, obj{"state": "waiting", "assignee": ""})
		}
		return obj{}, "contact.changed", obj{"contact": c}
	case "contact.close":
		h.alter(c, obj{"state": "closed", "assignee": "", "outcome": args["outcome"]})
		return obj{}, "contact.changed", obj{"contact": c}
	case "call.hold", "call.mute":
		h.steer(c, obj{map[string]string{"call.hold": "held", "call.mute": "muted"}[do]: args["on"]})
		return obj{}, "contact.changed", obj{"contact": c}
	case "call.keys":
		h.steer(c, obj{"keys": args["on"]})
		return obj{}, "contact.changed", obj{"contact": c}
	case "call.hangup":
		h.steer(c, obj{"alive": false, "wrap_until": stamp(-15 * time.Minute), "legs": []obj{}})
		return obj{}, "contact.changed", obj{"contact": c}
	case "call.invite", "call.interpret", "call.release", "call.listen", "call.leave", "call.back":
		return obj{}, "", nil
	case "contact.danger":
		h.alter(c, obj{"danger_since": map[bool]any{true: stamp(0), false: nil}[args["on"] == true]})
		return obj{}, "contact.changed", obj{"contact": c}
	case "queue.list":
		return obj{"waiting": h.line(), "total": len(h.line())}, "", nil
	}
	return nil, "", nil
}

func (h *house) alter(c, change obj) {
	maps.Copy(c, change)
	c["version"] = c["version"].(int) + 1
}

// steer changes a contact's call.
func (h *house) steer(c, change obj) {
	call := maps.Clone(c["call"].(obj))
	maps.Copy(call, change)
	h.alter(c, obj{"call": call})
}

func (h *house) open(id string, args obj) obj {
	all := h.messages[id]
	if before, ok := args["before"].(string); ok {
		at := slices.IndexFunc(all, func(m obj) bool { return m["id"] == before })
		all = all[:max(at, 0)]
	}
	limit, _ := args["limit"].(float64)
	all = all[max(0, len(all)-int(limit)):]
	messages, notes := append([]obj{}, all...), append([]obj{}, h.notes[id]...)
	return obj{"contact": h.contacts[id], "messages": messages, "notes": notes, "triage": h.triage[id]}
}

// send keeps a message once for each ref.
func (h *house) send(id string, args obj) obj {
	for _, m := range h.messages[id] {
		if m["ref"] == args["ref"] {
			return m
		}
	}
	h.count++
	m := obj{
		"id": fmt.Sprintf("m%d", h.count), "direction": "out", "text": args["text"], "media": []obj{}, "at": time.Now().UTC().Format(time.RFC3339Nano),
		"by": h.me["id"], "status": "queued", "ref": args["ref"], "error": nil,
	}
	h.messages[id] = append(h.messages[id], m)
	return m
}
