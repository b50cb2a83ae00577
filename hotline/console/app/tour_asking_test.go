//go:build tour

package app

import "testing"

// TestTourOfAsking: calendars of people's own, and asking for wishes.
func TestTourOfAsking(t *testing.T) {
	h := planned(t)
	h.me["role"] = "supervisor"
	h.duties.calendar = obj{"user": "anna", "host": "calendar.google.com", "read": "2026-10-23T05:00:00.000Z", "fault": "", "unclear": 0}
	h.duties.away = []string{"*/s6-0800-1/2026-10-24/0"}
	h.duties.calendars = []obj{{"user": "anna", "host": "", "read": "2026-10-23T05:00:00.000Z", "fault": "", "unclear": 0}, {"user": "bo", "host": "", "read": "2026-10-20T05:00:00.000Z", "fault": "closed", "unclear": 1}}
	h.days = someDays(14)
	s := visit(t, h.URL+"/#mine")
	tour := &tour{screen: s, sizes: []int64{1440, 360}}
	tour.stop("own-calendar", "you are away then")
	h.mu.Lock()
	h.duties.calendar = nil
	all := h.grid["slots"]
	h.grid["slots"] = []obj{slot(1, "08:00", "20:00", 1, "anna")} // few, so that the form is in the picture
	h.mu.Unlock()
	h.tell("duty.changed", obj{"line": "*"})
	s.sees("Read this calendar")
	tour.stop("own-calendar-none", "Read this calendar")
	h.mu.Lock()
	h.grid["slots"] = all
	h.mu.Unlock()
	tour.tab("Fill", "asking-before", "Ask for wishes")
	s.until("document.querySelector('details.card summary').click() ?? true")
	tour.stop("asking-dates", "Make the links")
	s.press("Make the links")
	h.await(t, "wish.ask", 1)
	h.mu.Lock()
	people := h.duties.ask.(obj)["people"].([]obj)
	people[1]["opened"], people[1]["answered"] = "2026-10-23T05:10:00.000Z", "2026-10-23T05:15:00.000Z"
	people[2]["opened"] = "2026-10-23T05:20:00.000Z"
	h.mu.Unlock()
	h.tell("duty.changed", obj{"line": "*"})
	s.sees("1 of 4 have answered")
	s.until("document.querySelector('[aria-label=\"Copy the link: Bo\"]')?.click() ?? true")
	tour.stop("asking", "have answered")
}

// TestTourOfDays: the page behind a link.
func TestTourOfDays(t *testing.T) {
	h := newHouse(t)
	h.sign(false)
	h.days = someDays(14)
	s := visit(t, h.URL+"/days#"+aLink)
	tour := &tour{screen: s, sizes: []int64{1440, 360}}
	s.sees("When can you?")
	s.until("document.querySelector('.will.like').click() ?? true")
	tour.stop("days", "You have said something about 2 of 14 days")
	h.mu.Lock()
	h.days = nil
	h.mu.Unlock()
	s.until("document.querySelector('.will.can').click() ?? true")
	tour.stop("days-over", "does not work any more")
}
