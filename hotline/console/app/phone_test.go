package app

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"
)

// phones is the simulated phone company of a house, for the page's own phone.
type phones struct {
	driver string

	legMu   sync.Mutex
	legs    []obj
	acts    []obj         // what the page did with its legs, in order
	changed chan struct{} // closed at the next change
}

// stream tells the legs of the page's phone, at once and after each change.
func (p *phones) stream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	for {
		p.legMu.Lock()
		legs, changed := append([]obj{}, p.legs...), p.changed
		document, _ := json.Marshal(obj{"legs": legs}) // maps of strings cannot fail
		p.legMu.Unlock()
		fmt.Fprintf(w, "data: %s\n\n", document)
		w.(http.Flusher).Flush()
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		}
	}
}

func (p *phones) act(w http.ResponseWriter, r *http.Request) {
	var a obj
	_ = json.NewDecoder(r.Body).Decode(&a)
	p.alterLegs(func() {
		p.acts = append(p.acts, a)
		for _, l := range p.legs {
			if l["sid"] == a["sid"] && a["do"] == "answer" {
				l["state"] = "in-progress"
			}
		}
		if a["do"] == "hangup" {
			p.legs = slices.DeleteFunc(p.legs, func(l obj) bool { return l["sid"] == a["sid"] })
		}
	})
	w.WriteHeader(http.StatusNoContent)
}

func (p *phones) alterLegs(how func()) {
	p.legMu.Lock()
	defer p.legMu.Unlock()
	how()
	close(p.changed)
	p.changed = make(chan struct{})
}

// ring lets a leg ring in the page.
func (p *phones) ring(sid string) {
	p.alterLegs(func() { p.legs = append(p.legs, obj{"sid": sid, "state": "ringing", "from": "+4570201550"}) })
}

// drop ends a leg from outside.
func (p *phones) drop(sid string) {
	p.alterLegs(func() { p.legs = slices.DeleteFunc(p.legs, func(l obj) bool { return l["sid"] == sid }) })
}

// did waits until the page did something with a leg, and gives its value.
func (p *phones) did(t *testing.T, what, sid string) (value any) {
	t.Helper()
	late := time.After(30 * time.Second)
	for {
		p.legMu.Lock()
		at := slices.IndexFunc(p.acts, func(a obj) bool { return a["do"] == what && a["sid"] == sid })
		changed, acts := p.changed, append([]obj{}, p.acts...)
		p.legMu.Unlock()
		if at >= 0 {
			return acts[at]["value"]
		}
		select {
		case <-changed:
		case <-late:
			t.Fatalf("the page did not %s the leg %s; it did %v", what, sid, acts)
		}
	}
}

// calls adds a call; change says how it differs from one that waits in the line, as says how its contact does.
func (h *house) calls(id string, as, change obj) obj {
	call := obj{
		"alive": true, "talking_since": nil, "held": false, "muted": false, "dropped": false, "silent": false, "keys": false,
		"by_phone": false, "wrap_until": nil, "choice": "", "legs": []obj{},
	}
	maps.Copy(call, change)
	all := obj{"channel": "voice", "can_reply": false, "last_inbound_at": nil, "call": call}
	maps.Copy(all, as)
	return h.person(id, all)
}

// talking is a call of Anna's, as it was for two minutes.
func (h *house) talking(id string, change obj) obj {
	all := obj{"talking_since": stamp(127 * time.Second), "legs": []obj{leg("anna", "counsellor")}}
	maps.Copy(all, change)
	return h.calls(id, obj{"state": "live", "assignee": "anna", "address": "+4551235512", "address_shown": "+45 51 23 55 12", "language": "da"}, all)
}

// goes changes a call and tells.
func (h *house) goes(id string, change obj) {
	h.mu.Lock()
	c := h.contacts[id]
	h.steer(c, change)
	h.mu.Unlock()
	h.tell("contact.changed", obj{"contact": c})
}

func leg(user, part string) obj {
	return obj{"user": user, "part": part, "state": "up", "phone": false}
}
