package app

import (
	"testing"
	"time"
)

// TestNeeds: what somebody asked for stands on the offer and beside her, is set in one choice, and whoever is not for
// her is ticked off.
func TestNeeds(t *testing.T) {
	h := newHouse(t)
	h.me["gender"] = "man"
	h.person("c1", obj{"state": "live", "assignee": "anna", "language": "en", "address": "+4520005512"})
	h.person("c2", obj{"state": "offered", "asks_for": "woman"})
	h.person("c3", obj{"state": "waiting", "asks_for": "woman", "unfit_since": stamp(time.Minute)})
	s := visit(t, h.URL)
	s.sees("Nobody who may be asked fits")
	h.offer("c2", 50*time.Second)
	s.sees("Asked for a woman: ask first whether they will talk with you")
	s.press("SMS …5512")
	s.until("document.getElementById('triage-asks_for')")
	s.set("triage-asks_for", "woman")
	if set := h.await(t, "triage.set", 1)[0]; set["asks_for"] != "woman" {
		t.Errorf("triage.set = %v, want that she asks for a woman", set)
	}
	eval[bool](s, "(document.querySelector('.barred summary').click(), [...document.querySelectorAll('.barred label')].find(l => l.innerText.includes('Bo')).querySelector('input').click(), true)")
	if set := h.await(t, "contact.bar", 1)[0]; set["user"] != "bo" || set["on"] != true {
		t.Errorf("contact.bar = %v, want Bo", set)
	}
	s.sees("Not for Bo")
}
