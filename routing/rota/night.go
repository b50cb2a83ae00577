package rota

import "time"

// The hours of the night by the wall clock.
const (
	nightFrom = Minute(22 * 60)
	nightTill = Minute(8 * 60)
)

// Night tells whether it is night at a time where the people of a rota live, and when that changes next.
func (r Rota) Night(at time.Time) (on bool, turns time.Time) { return NightIn(r.place, at) }

// NightIn is the same for a zone; nil is UTC.
func NightIn(zone *time.Location, at time.Time) (on bool, turns time.Time) {
	if zone == nil {
		zone = time.UTC
	}
	today := shown(at, zone).date()
	morning, evening := instant(today.at(nightTill), zone), instant(today.at(nightFrom), zone)
	switch {
	case at.Before(morning):
		return true, morning
	case at.Before(evening):
		return false, evening
	}
	return true, instant((today + 1).at(nightTill), zone)
}
