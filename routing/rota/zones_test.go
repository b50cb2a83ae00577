package rota

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestAHolidayOnAChangeDay: what is laid over the grid follows the one rule for the wall clock.
func TestAHolidayOnAChangeDay(t *testing.T) {
	t.Parallel()
	slot := func(start, end Minute, user string) Slot {
		return Slot{Start: start, End: end, Tier: 1, Users: []string{user}, Kind: Duty}
	}
	over := Overlay{Templates: []Template{{ID: "h", Slots: []Slot{slot(0, 480, "x"), slot(480, 960, "y"), slot(960, 1440, "z")}}}}
	for _, test := range []struct{ zone, day, want string }{
		{"Africa/Cairo", "2026-04-24", "23T22:00 24T05:00 24T13:00 24T21:00"},
		{"Asia/Beirut", "2026-03-29", "28T22:00 29T05:00 29T13:00 29T21:00"},
		{"America/Santiago", "2026-09-06", "06T04:00 06T11:00 06T19:00 07T03:00"},
		{"America/Havana", "2026-03-08", "08T05:00 08T12:00 08T20:00 09T04:00"},
		{"Australia/Lord_Howe", "2026-10-04", "03T13:30 03T21:00 04T05:00 04T13:00"},
		{"Europe/London", "2026-03-29", "29T00:00 29T07:00 29T15:00 29T23:00"},
		{"Europe/Copenhagen", "2026-10-25", "24T22:00 25T07:00 25T15:00 25T23:00"},
	} {
		over.Days = []Day{{test.day, "h"}}
		p := planned(t, grid(t, test.zone, 1, nights("ann")...), over)
		middle := at(test.day + "T12:00:00Z")
		var edges []string
		for _, s := range Stretches(p, middle.AddDate(0, 0, -2), middle.AddDate(0, 0, 2)) {
			if strings.Contains("xyz", s.User) {
				edges = append(edges, s.Start.Format("02T15:04"), s.End.Format("02T15:04"))
			}
		}
		if got := strings.Join(slices.Compact(edges), " "); got != test.want {
			t.Errorf("%s on %s: %s, want %s", test.zone, test.day, got, test.want)
		}
	}
}

// TestPlansTile: days with a template, temporary plans and the grid meet without a gap and without an overlap, whatever
// the clocks do, in every zone.
func TestPlansTile(t *testing.T) {
	t.Parallel()
	edges := []Minute{0, 30, 90, 135, 480, 1200, 1439, 1440}
	day := func(date, user string) (slots []Slot) {
		for i, start := range edges[:len(edges)-1] {
			slots = append(slots, Slot{Date: date, Start: start, End: edges[i+1], Tier: 1, Users: []string{user}, Kind: Duty})
		}
		return slots
	}
	laid := func(in Span) Overlay {
		over := Overlay{Templates: []Template{{ID: "t", Slots: day("", "template")}}}
		for i := range int(in.length().Hours()) / 24 {
			switch date := in.Start.AddDate(0, 0, i).Format(time.DateOnly); i % 5 {
			case 1:
				over.Days = append(over.Days, Day{date, "t"})
			case 3:
				if i%25 == 3 {
					over.Temporary = append(over.Temporary, Temporary{ID: fmt.Sprint("x", i), From: date, To: date, Slots: day(date, "temporary")})
				} else if i%25 == 8 {
					over.Temporary = append(over.Temporary, Temporary{ID: fmt.Sprint("x", i), From: date, To: date, Users: []string{"stands in"}})
				}
			}
		}
		return over
	}
	var slots []string
	for d := range 7 {
		slots = append(slots, fmt.Sprintf("0 %d 00:00 02:10 1 duty grid", d+1), fmt.Sprintf("0 %d 02:10 00:00 1 duty grid", d+1))
	}
	tiles := func(t *testing.T, zone string, in Span) (seen map[string]bool) {
		p := planned(t, grid(t, zone, 1, slots...), laid(in))
		seen = map[string]bool{}
		for _, s := range Resolve(p, in.Start, in.End) {
			if len(s.Tiers) != 1 || len(s.Tiers[0].Users) != 1 || len(s.Tiers[0].Why) != 1 {
				t.Fatalf("%s: from %s to %s: %+v, want one person in one shift", zone, s.Start, s.End, s.Tiers)
			}
			seen[s.Tiers[0].Users[0]] = true
		}
		return seen
	}
	for _, zone := range sample {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			for year := allYears.Start; year.Before(allYears.End); year = year.AddDate(1, 0, 0) {
				if seen := tiles(t, zone, Span{year, year.AddDate(1, 0, 0)}); len(seen) != 4 {
					t.Errorf("in %d there were only %v", year.Year(), seen)
				}
			}
		})
	}
	t.Run("every zone", func(t *testing.T) {
		t.Parallel()
		for zone, spans := range everyZone(t) {
			for _, in := range spans {
				tiles(t, zone, in)
			}
		}
	})
}
