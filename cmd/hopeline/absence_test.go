package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hopeline/hotline/intake"
)

// often reads calendars as often as a test can wait for.
func often(_ *config, t *tuning) {
	t.follow = intake.Following{Every: 300 * time.Millisecond, Again: 300 * time.Millisecond, Whole: time.Hour, Look: 100 * time.Millisecond}
}

type followedJSON struct {
	Calendar *struct {
		Host, Fault string
		Read        *time.Time
	}
}

func (d *desk) followed() (f followedJSON) {
	d.decode(d.must("calendar.followed", nil), &f)
	return f
}

// away tells whether what coverage says of the coming days names somebody's calendar.
func (d *desk) away(line string) bool {
	var plan struct {
		Findings []struct{ Kind, Words string }
	}
	now := time.Now().UTC()
	d.decode(d.must("duty.plan", args{"line": line, "from": now, "to": now.AddDate(0, 0, 5)}), &plan)
	for _, f := range plan.Findings {
		if f.Kind == "away" {
			return true
		}
	}
	return false
}

// TestACalendarOfOnesOwnWarns: somebody gives the address of a calendar, she and her supervisor are warned of a shift,
// and nothing of what is in it is anywhere but that she is busy.
func TestACalendarOfOnesOwnWarns(t *testing.T) {
	t.Parallel()
	s := newStage(t, often)
	freja, ann, bea := s.supervisor("freja"), s.counsellor("ann", "en"), s.counsellor("bea", "en")
	freja.must("rota.save", args{"rota": rotaOf(everyDay("00:00", "24:00", 1, "ann")), "reason": "x"})
	day := time.Now().UTC().AddDate(0, 0, 2)
	var gone atomic.Bool
	var tags atomic.Int32
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case gone.Load():
			w.WriteHeader(http.StatusNotFound)
		case r.Header.Get("If-None-Match") == `"one"`:
			tags.Add(1)
			w.WriteHeader(http.StatusNotModified)
		default:
			w.Header().Set("ETag", `"one"`)
			fmt.Fprintf(w, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:x\r\nSUMMARY:clinic-marker\r\nLOCATION:street-marker\r\nDTSTART:%s\r\nDURATION:PT2H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
				day.Format("20060102T150405Z"))
		}
	}))
	defer host.Close()
	ann.refused("invalid", "calendar.follow", args{"url": s.config.Public.String() + "/calendar/x.ics"})
	ann.refused("invalid", "calendar.follow", args{"url": "http://192.168.0.1/a.ics"})
	ann.must("calendar.follow", args{"url": host.URL + "/secret-marker.ics"})
	eventually(t, "the calendar is read", func() bool { f := ann.followed(); return f.Calendar != nil && f.Calendar.Read != nil })
	eventually(t, "only what changed is asked for", func() bool { return tags.Load() > 0 })
	if f := ann.followed(); f.Calendar.Host != "127.0.0.1" || f.Calendar.Fault != "" {
		t.Errorf("it stands so: %+v", *f.Calendar)
	}
	if !freja.away("*") || !ann.away("*") || bea.away("*") {
		t.Errorf("her supervisor is told %v, she %v, a colleague %v", freja.away("*"), ann.away("*"), bea.away("*"))
	}
	var mine struct{ Away []string }
	ann.decode(ann.must("duty.mine", nil), &mine)
	if len(mine.Away) == 0 {
		t.Error("her own page says nothing of it")
	}
	if on := ann.now(1); len(on.Users) != 1 {
		t.Errorf("the calendar took her duty: %+v", on)
	}
	bea.refused("forbidden", "calendar.follows", nil)

	gone.Store(true)
	eventually(t, "the fault is said", func() bool { return ann.followed().Calendar.Fault == "gone" })
	if !freja.away("*") {
		t.Error("with the fault went what was known")
	}
	var all struct {
		Calendars []struct{ User, Host, Fault string }
	}
	freja.decode(freja.must("calendar.follows", nil), &all)
	if len(all.Calendars) != 1 || all.Calendars[0].Fault != "gone" || all.Calendars[0].Host != "" {
		t.Errorf("the supervisor sees %+v", all.Calendars)
	}
	ann.must("calendar.unfollow", nil)
	if freja.away("*") || ann.followed().Calendar != nil {
		t.Error("a calendar that was removed still counts")
	}
	for _, word := range []string{"marker", host.URL} {
		if strings.Contains(s.log.String(), word) {
			t.Errorf("the log holds %q", word)
		}
	}
}
