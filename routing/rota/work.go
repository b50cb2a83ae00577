package rota

import (
	"slices"
	"time"
)

// enough of a night, a weekend or a holiday is how much of it makes it one that somebody worked.
const enough = 3 * time.Hour

// A night is from 00:00 to 06:00 by the rota's own clock.
const nightEnds = Minute(6 * 60)

// nightsOf are the dates whose night somebody with these duties worked, in order.
func (r Rota) nightsOf(spans []Span) []date {
	hours := map[date]time.Duration{}
	r.addNights(hours, spans)
	return worked(hours)
}

// addNights adds how long the duties last in each night.
func (r Rota) addNights(hours map[date]time.Duration, spans []Span) {
	for _, s := range spans {
		for d := shown(s.Start, r.place).date() - 1; d <= shown(s.End, r.place).date(); d++ {
			hours[d] += s.common(r.night(d))
		}
	}
}

func (r Rota) night(d date) Span {
	return Span{instant(d.at(0), r.place), instant(d.at(nightEnds), r.place)}
}

// worked are those days of which it was enough.
func worked(hours map[date]time.Duration) []date {
	var days []date
	for d, h := range hours {
		if h >= enough {
			days = append(days, d)
		}
	}
	slices.Sort(days)
	return days
}

// byDay is how long the duties last on each date, or, by another key, on each week.
func (r Rota) byDay(spans []Span, key func(date) date) map[date]time.Duration {
	hours := map[date]time.Duration{}
	for _, s := range spans {
		for d := shown(s.Start, r.place).date() - 1; d <= shown(s.End, r.place).date(); d++ {
			if h := s.common(r.day(d)); h > 0 {
				hours[key(d)] += h
			}
		}
	}
	return hours
}

func (r Rota) day(d date) Span {
	return Span{instant(d.at(0), r.place), instant(d.at(minutesADay), r.place)}
}

// tired is a time at which duties leave too little rest.
type tired struct {
	Span
	free time.Duration // before the duty that the span is; 0: it is too long by itself
}

// restless are the duties (merged) that begin too soon after the one before, or are so long that no rest is left in 24
// hours.
func restless(spans []Span, rest time.Duration) []tired {
	var all []tired
	for i, s := range spans {
		if rest == 0 {
			break
		}
		if s.length() > 24*time.Hour-rest {
			all = append(all, tired{s, 0})
		}
		if i > 0 {
			if free := s.Start.Sub(spans[i-1].End); free < rest {
				all = append(all, tired{s, free})
			}
		}
	}
	return all
}

// rows are the runs of nights in a row, as first and last; both included.
func rows(nights []date) [][2]date {
	var all [][2]date
	for _, d := range nights {
		if n := len(all); n > 0 && all[n-1][1] == d-1 {
			all[n-1][1] = d
			continue
		}
		all = append(all, [2]date{d, d})
	}
	return all
}
