package rota

import "time"

// reading is what a wall clock shows, as seconds since it showed 1970-01-01 00:00. It belongs to no zone.
type reading int64

// date is a day of the calendar, as days since 1970-01-01.
type date int64

const (
	secondsADay  = 24 * 60 * 60
	minutesADay  = 24 * 60
	minutesAWeek = 7 * minutesADay
)

// instant is the first moment at which the clock of zone shows w or a later reading. It is the one way from a wall
// clock to an instant.
func instant(w reading, zone *time.Location) time.Time {
	t := time.Unix(int64(w)-2*secondsADay, 0).In(zone) // no clock is two days from UTC
	for {
		_, offset := t.Zone()
		_, end := t.ZoneBounds()
		if !end.IsZero() && !end.After(t) {
			end = t.Add(24 * time.Hour) // package time ends a leap year a day too soon, where the data hold a rule for all years
		}
		at := time.Unix(int64(w)-int64(offset), 0)
		if at.Before(t) {
			return t.UTC() // the change jumped over w
		}
		if end.IsZero() || at.Before(end) {
			return at.UTC()
		}
		t = end
	}
}

// shown is what the clock of zone shows at t.
func shown(t time.Time, zone *time.Location) reading {
	_, offset := t.In(zone).Zone()
	return reading(t.Unix() + int64(offset))
}

func (w reading) date() date { return date(floorDiv(int64(w), secondsADay)) }

// at is what a clock shows on day d after so many minutes of it; more than a day of minutes is the next day.
func (d date) at(m Minute) reading { return reading(int64(d)*secondsADay + int64(m)*60) }

// weekday is 1 on Mondays and 7 on Sundays.
func (d date) weekday() int { return int(floorMod(int64(d)+3, 7)) + 1 }

func (d date) monday() date { return d - date(d.weekday()-1) }

func (d date) String() string { return time.Unix(int64(d)*secondsADay, 0).UTC().Format(time.DateOnly) }

func dateOf(text string) (date, bool) {
	t, err := time.Parse(time.DateOnly, text)
	return reading(t.Unix()).date(), err == nil
}

func floorDiv(a, b int64) int64 { return (a - floorMod(a, b)) / b }

func floorMod(a, b int64) int64 { return (a%b + b) % b }
