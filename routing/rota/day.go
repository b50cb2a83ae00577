package rota

import (
	"fmt"
	"time"
)

// Instant is when the clock of a zone first shows what wall shows, or a later reading. The zone that wall is in counts
// for nothing.
func Instant(wall time.Time, zone *time.Location) time.Time {
	return instant(shown(wall, wall.Location()), zone)
}

// Days are the dates from one to another, both included, each with its time by the clock of a zone: most have 24 hours.
// More than so many are an error, and so is what is no date.
func Days(from, to, zone string, most int) ([]string, []Span, error) {
	where, err := Zones().Place(zone)
	if err != nil {
		return nil, nil, fmt.Errorf("read a zone: %w", err)
	}
	first, is := dateOf(from)
	last, too := dateOf(to)
	if !is || !too || last < first || last-first >= date(most) {
		return nil, nil, fmt.Errorf("from is a date, and to is one at most %d days later", most-1)
	}
	var dates []string
	var days []Span
	for d := first; d <= last; d++ {
		dates = append(dates, d.String())
		days = append(days, Span{instant(d.at(0), where), instant(d.at(minutesADay), where)})
	}
	return dates, days, nil
}
