package rota

import (
	"testing"
	"time"
)

func TestNight(t *testing.T) {
	t.Parallel()
	copenhagen, err := Zones().Place("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	greenland, err := time.LoadLocation("America/Godthab")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		zone  *time.Location
		at    string
		on    bool
		turns string
	}{
		{nil, "2026-11-23T12:00:00Z", false, "2026-11-23T22:00:00Z"},
		{nil, "2026-11-23T22:00:00Z", true, "2026-11-24T08:00:00Z"},
		{nil, "2026-11-23T07:59:59Z", true, "2026-11-23T08:00:00Z"},
		{nil, "2026-11-23T08:00:00Z", false, "2026-11-23T22:00:00Z"},
		{copenhagen, "2026-11-23T21:00:00Z", true, "2026-11-24T07:00:00Z"},
		{copenhagen, "2026-11-23T20:59:00Z", false, "2026-11-23T21:00:00Z"},
		{copenhagen, "2026-12-31T23:30:00Z", true, "2027-01-01T07:00:00Z"},
		{copenhagen, "2027-03-27T22:00:00Z", true, "2027-03-28T06:00:00Z"}, // an hour is left out
		{copenhagen, "2026-10-24T20:30:00Z", true, "2026-10-25T07:00:00Z"}, // an hour comes twice
		{greenland, "2022-03-26T20:00:00Z", false, "2022-03-27T01:00:00Z"}, // 22:00 itself is left out
		{greenland, "2022-03-27T00:30:00Z", false, "2022-03-27T01:00:00Z"},
		{greenland, "2026-03-28T23:30:00Z", false, "2026-03-29T00:00:00Z"},
	}
	for _, test := range tests {
		at, _ := time.Parse(time.RFC3339, test.at)
		on, turns := NightIn(test.zone, at)
		if on != test.on || turns.Format(time.RFC3339) != test.turns {
			t.Errorf("NightIn(%v, %s) = %t, %s; want %t, %s", test.zone, test.at, on, turns.Format(time.RFC3339), test.on, test.turns)
		}
	}
}
