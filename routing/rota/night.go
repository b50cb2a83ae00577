package rota

import "time"

// The hours of the night by the wall clock.
const (
	nightFrom = 22
	nightTill = 8
)

// Night tells whether it is night at a time where the people of a rota live, and when that changes next.
func (r Rota) Night(at time.Time) (on bool, turns time.Time) { return NightIn(r.place, at) }

// NightIn is the same for a zone; nil is UTC.
func NightIn(zone *time.Location, at time.Time) (on bool, turns time.Time) {
	if zone == nil {
		zone = time.UTC
	}
	here := at.In(zone)
	hour := func(days, hour int) time.Time {
		return time.Date(here.Year(), here.Month(), here.Day()+days, hour, 0, 0, 0, zone).UTC()
	}
	morning, evening := hour(0, nightTill), hour(0, nightFrom)
	switch {
	case at.Before(morning):
		return true, morning
	case at.Before(evening):
		return false, evening
	}
	return true, hour(1, nightTill)
}
