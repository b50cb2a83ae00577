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
	p := s.plan()
	real := slices.DeleteFunc(Stretches(p, from, to), func(s Stretch) bool { return s.Shadow })
	spans := spansOf(real)
	for u := range pages {
		if _, some := spans[u]; !some {
			spans[u] = nil
		}
	}
	var all []Share
	for _, u := range slices.Sorted(maps.Keys(spans)) {
		all = append(all, p.share(u, spans[u], pages[u]))
	}
	compare(all)
	return all
}

func (p Plan) share(user string, spans []Span, pages Pages) Share {
	byDate := p.byDay(spans, func(d date) date { return d })
	weekends, holidays := map[date]time.Duration{}, map[date]time.Duration{}
	off := p.holidays()
	for d, h := range byDate {
		if d.weekday() >= 6 {
			weekends[d.monday()] += h
		}
		if off[d] {
			holidays[d] = h
		}
	}
	return Share{User: user, Hours: total(spans), Nights: len(p.nightsOf(spans)), Weekends: len(worked(weekends)), Holidays: len(worked(holidays)), Pages: pages}
}

// holidays are the dates of templates that say that they are.
func (p Plan) holidays() map[date]bool {
	off := map[date]bool{}
	for _, day := range p.over.Days {
		for _, t := range p.over.Templates {
			if d, _ := dateOf(day.Date); t.ID == day.Template && t.Holiday {
				off[d] = true
			}
		}
	}
	return off
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
