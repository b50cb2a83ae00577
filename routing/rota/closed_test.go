package rota

import (
	"fmt"
	"testing"
)

func TestIsClosed(t *testing.T) {
	t.Parallel()
	var nights []string // ann by day, and nobody by night
	for day := range 7 {
		nights = append(nights, fmt.Sprintf("0 %d 08:00 20:00 1 duty ann", day+1), fmt.Sprintf("0 %d 20:00 08:00 1 closed", day+1))
	}
	r := grid(t, "Europe/Copenhagen", 1, nights...)
	holiday := Overlay{Templates: []Template{{ID: "holiday", Slots: []Slot{{Start: 0, End: 24 * 60, Tier: 1, Kind: Closed}}}}, Days: []Day{{"2026-12-24", "holiday"}}}
	night := seat("0-1-2000-1-closed 2026-11-23 101")
	for _, test := range []struct {
		name string
		plan Schedule
		want map[string]bool
	}{
		{"a night over midnight", r, map[string]bool{"2026-11-23T18:59:59Z": false, "2026-11-23T19:00:00Z": true, "2026-11-23T23:00:00Z": true,
			"2026-11-24T06:59:59Z": true, "2026-11-24T07:00:00Z": false}},
		{"the clock goes back in it", r, map[string]bool{"2026-10-24T17:59:59Z": false, "2026-10-24T18:00:00Z": true, "2026-10-25T00:30:00Z": true,
			"2026-10-25T01:30:00Z": true, "2026-10-25T06:59:59Z": true, "2026-10-25T07:00:00Z": false}},
		{"the clock goes on in it", r, map[string]bool{"2026-03-28T19:00:00Z": true, "2026-03-29T05:59:59Z": true, "2026-03-29T06:00:00Z": false}},
		{"somebody comes all the same", planned(t, r, Overlay{Exceptions: []Exception{{ID: "a", Kind: Extra, Shift: night, By: "bea"}}}),
			map[string]bool{"2026-11-23T22:00:00Z": false, "2026-11-24T22:00:00Z": true}},
		{"it is not closed after all", planned(t, r, Overlay{Exceptions: []Exception{{ID: "a", Kind: Cancel, Shift: night.Whole()}}}),
			map[string]bool{"2026-11-23T22:00:00Z": false, "2026-11-24T22:00:00Z": true}},
		{"a date that is closed", planned(t, r, holiday), map[string]bool{"2026-12-24T12:00:00Z": true, "2026-12-25T12:00:00Z": false}},
		{"duty lies over it", grid(t, "UTC", 1, "0 1 00:00 24:00 1 closed", "0 1 02:00 03:00 1 duty bea"),
			map[string]bool{"2026-11-23T01:59:59Z": true, "2026-11-23T02:00:00Z": false, "2026-11-23T03:00:00Z": true}},
		{"a second tier is there", grid(t, "UTC", 1, "0 1 00:00 24:00 1 closed", "0 1 02:00 03:00 2 duty bea"),
			map[string]bool{"2026-11-23T01:00:00Z": true, "2026-11-23T02:30:00Z": false}},
		{"a trainee and an interpreter answer nobody", grid(t, "UTC", 1, "0 1 00:00 24:00 1 closed", "0 1 00:00 24:00 1 shadow tim", "0 1 00:00 24:00 0 interpreter ida"),
			map[string]bool{"2026-11-23T02:30:00Z": true}},
		{"only the second tier is closed", grid(t, "UTC", 1, "0 1 00:00 24:00 2 closed", "0 1 00:00 12:00 1 duty"),
			map[string]bool{"2026-11-23T02:30:00Z": false, "2026-11-23T13:00:00Z": false}},
		{"nothing is planned", grid(t, "UTC", 1, "0 1 00:00 24:00 1 closed"), map[string]bool{"2026-11-24T12:00:00Z": false}},
	} {
		for when, want := range test.want {
			if got := IsClosed(test.plan, at(when)); got != want {
				t.Errorf("%s: IsClosed(%s) = %t, want %t", test.name, when, got, want)
			}
		}
	}
}

func TestOpens(t *testing.T) {
	t.Parallel()
	always := make([]string, 7)
	for day := range always {
		always[day] = fmt.Sprintf("0 %d 00:00 24:00 1 closed", day+1)
	}
	for _, test := range []struct {
		name       string
		slots      []string
		when, want string // empty: never
	}{
		{"a night", []string{"0 1 20:00 08:00 1 closed"}, "2026-11-23T23:30:00Z", "2026-11-24T08:00:00Z"},
		{"two slots that meet", []string{"0 1 20:00 24:00 1 closed", "0 2 00:00 08:00 1 closed"}, "2026-11-23T23:30:00Z", "2026-11-24T08:00:00Z"},
		{"somebody comes before its end", []string{"0 1 20:00 08:00 1 closed", "0 2 06:00 09:00 1 duty ann"}, "2026-11-23T23:30:00Z", "2026-11-24T06:00:00Z"},
		{"it is not closed", []string{"0 1 20:00 08:00 1 closed"}, "2026-11-23T12:00:00Z", "2026-11-23T12:00:00Z"},
		{"it is closed for good", always, "2026-11-23T12:00:00Z", ""},
	} {
		got := Opens(grid(t, "UTC", 1, test.slots...), at(test.when))
		if test.want == "" && !got.IsZero() || test.want != "" && !got.Equal(at(test.want)) {
			t.Errorf("%s: Opens(%s) = %s, want %q", test.name, test.when, got, test.want)
		}
	}
}
