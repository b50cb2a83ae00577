package app

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// asking is what a house knows of calendars that it follows, and of wishes that it asks for.
type asking struct {
	calendar  any   // as calendar.followed gives it; nil: none
	calendars []obj // as calendar.follows gives them
	ask       any   // as wish.asked gives it; nil: nothing is asked
	away      []string
	days      []obj // of the one address that is open
}

const aLink = "a-long-secret-of-one-person"

// asks does what has to do with calendars of people's own, and with asking for wishes.
func (h *house) asks(do string, args obj) (result obj, refused string) {
	switch do {
	case "calendar.followed":
		return obj{"calendar": h.calendar}, ""
	case "calendar.follows":
		return obj{"calendars": list(h.calendars)}, ""
	case "calendar.follow":
		if args["url"] == "http://nowhere.example/" {
			return nil, "invalid the address of a calendar begins with https:// or webcal://; nothing was changed"
		}
		h.calendar = obj{"user": "anna", "host": "calendar.example", "read": nil, "fault": "", "unclear": 0}
	case "calendar.unfollow":
		h.calendar = nil
	case "wish.asked":
		return obj{"ask": h.ask}, ""
	case "wish.ask":
		people := []obj{}
		for _, u := range []string{"anna", "bo", "chau", "dina"} {
			people = append(people, obj{"user": u, "opened": nil, "answered": nil})
		}
		h.ask = obj{"from": args["from"], "to": args["to"], "ends": h.duties.now().AddDate(0, 0, 28), "at": h.duties.now(), "by": "anna", "people": people}
		return obj{"ask": h.ask}, ""
	case "wish.link":
		return obj{"url": h.URL + "/days#" + aLink}, ""
	case "wish.withdraw":
		h.ask = nil
	default:
		return nil, "unknown_command"
	}
	return obj{}, ""
}

// serveDays answers the page of somebody who is asked.
func (h *house) serveDays(w http.ResponseWriter, r *http.Request) {
	var in struct{ Secret, Date, Kind string }
	h.mu.Lock()
	defer h.mu.Unlock()
	if json.NewDecoder(r.Body).Decode(&in) != nil || in.Secret != aLink || r.Method != http.MethodPost || r.URL.RawQuery != "" || h.days == nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	if r.URL.Path == "/api/days" {
		_ = json.NewEncoder(w).Encode(obj{"days": h.days})
		return
	}
	for _, d := range h.days {
		if d["date"] == in.Date {
			d["kind"] = in.Kind
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

// someDays are days in December, with nothing said of them but for one.
func someDays(n int) (days []obj) {
	for i := range n {
		days = append(days, obj{"date": fmt.Sprintf("2026-12-%02d", 18+i), "kind": ""})
	}
	days[3]["kind"] = "cannot"
	return days
}
