package rota

import (
	"maps"
	"slices"
	"time"
)

// Pages are how often somebody was rung.
type Pages struct{ Answered, Missed int }

// Share is what one person has to carry. A night is from 00:00 to 06:00 by the rota's own clock, a weekend is Saturday
// and Sunday, a holiday is the date of a template that says so; each counts from three hours of duty in it. Hours are
// true hours, on change days too, and count once however many seats she has at a time.
type Share struct {
	User                       string
	Hours                      time.Duration
	Nights, Weekends, Holidays int
	Pages
	Than Than // how far it is from what everybody has on average
}

// Than is a difference from the mean: positive is more.
type Than struct {
	Hours                                        time.Duration
	Nights, Weekends, Holidays, Answered, Missed float64
}

// Fairness tells what each person had or will have to carry from one instant until just before another, by name. Those
// who have duty or stand in pages are in it and make the mean, so a person without duty needs an empty entry in pages.
// Trainees' hours are not counted.
func Fairness(s Schedule, from, to time.Time, pages map[string]Pages) []Share {
	real := slices.DeleteFunc(Stretches(s, from, to), func(s Stretch) bool { return s.Shadow })
	spans := spansOf(real)
	for u := range pages {
		if _, some := spans[u]; !some {
			spans[u] = nil
		}
	}
	var all []Share
	held := s.eras(from, to)
	for _, u := range slices.Sorted(maps.Keys(spans)) {
		all = append(all, share(held, u, spans[u], pages[u]))
	}
	compare(all)
	return all
}

// share is by the clock and the holidays that held when she had her duties.
func share(held []era, user string, spans []Span, pages Pages) Share {
	nights, weekends, holidays := map[date]time.Duration{}, map[date]time.Duration{}, map[date]time.Duration{}
	for _, e := range held {
		mine := cut(spans, e.Span)
		e.addNights(nights, mine)
		for d, h := range e.byDay(mine, func(d date) date { return d }) {
			if d.weekday() >= 6 {
				weekends[d.monday()] += h
			}
			if e.holiday(d) {
				holidays[d] += h
			}
		}
	}
	return Share{User: user, Hours: total(spans), Nights: len(worked(nights)), Weekends: len(worked(weekends)), Holidays: len(worked(holidays)), Pages: pages}
}

// holiday tells whether a template that says so is laid on a date.
func (p Plan) holiday(d date) bool {
	if len(p.over.Days) == 0 {
		return false
	}
	day := d.String()
	i := slices.IndexFunc(p.over.Days, func(on Day) bool { return on.Date == day })
	return i >= 0 && slices.ContainsFunc(p.over.Templates, func(t Template) bool { return t.Holiday && t.ID == p.over.Days[i].Template })
}

// compare sets how far each is from the mean.
func compare(all []Share) {
	n := float64(len(all))
	mean := func(of func(Share) float64) float64 {
		sum := 0.0
		for _, s := range all {
			sum += of(s)
		}
		return sum / n
	}
	hours := mean(func(s Share) float64 { return float64(s.Hours) })
	nights, weekends := mean(func(s Share) float64 { return float64(s.Nights) }), mean(func(s Share) float64 { return float64(s.Weekends) })
	holidays := mean(func(s Share) float64 { return float64(s.Holidays) })
	answered, missed := mean(func(s Share) float64 { return float64(s.Answered) }), mean(func(s Share) float64 { return float64(s.Missed) })
	for i, s := range all {
		all[i].Than = Than{s.Hours - time.Duration(hours), float64(s.Nights) - nights, float64(s.Weekends) - weekends,
			float64(s.Holidays) - holidays, float64(s.Answered) - answered, float64(s.Missed) - missed}
	}
}
