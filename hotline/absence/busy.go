package absence

import (
	"bytes"
	"io"
	"slices"
	"time"

	ics "github.com/arran4/golang-ical"

	"hopeline/hotline"
)

const (
	// mostSpans is how many spans are kept, the next ones; so many nobody has who has any time.
	mostSpans = 2_000
	// unfolding is how long a machine works at one calendar's entries.
	unfolding = 3 * time.Second
)

// Read finds when a calendar says that somebody is busy. The error is a [hotline.CalendarFault].
func Read(r io.Reader, asked hotline.CalendarAsked) (hotline.CalendarRead, error) {
	var out hotline.CalendarRead
	kept, err := sift(r)
	if err != nil {
		return out, err
	}
	calendar, err := ics.ParseCalendar(bytes.NewReader(kept))
	if err != nil {
		return out, hotline.CalendarUnreadable
	}
	var all []hotline.Busy
	began, entries, unclear := time.Now(), []entry{}, 0 // how long a machine works is told by no other clock
	zones := zonesOf(calendar, asked.Zone)
	for _, e := range calendar.Events() {
		x, ok := readEntry(e, zones)
		switch {
		case asked.Ours(x.uid):
		case ok || x.free:
			entries = append(entries, x)
		default:
			unclear++
		}
	}
	stands := standIns(entries)
	for _, x := range entries {
		if time.Since(began) > unfolding {
			return out, hotline.CalendarTooLarge
		}
		if x.free {
			continue
		}
		some, ok := x.within(asked.From, asked.To, stands[x.uid])
		if !ok {
			unclear++
		}
		all = append(all, some...)
	}
	out.Busy, out.Unclear = joined(all), unclear
	return out, nil
}

// standIns are, by the entry that repeats, the times that entries of their own stand for.
func standIns(entries []entry) map[string]map[int64]bool {
	all := map[string]map[int64]bool{}
	for _, x := range entries {
		if x.of == nil {
			continue
		}
		if all[x.uid] == nil {
			all[x.uid] = map[int64]bool{}
		}
		all[x.uid][x.of.at().Unix()] = true
	}
	return all
}

// within is what an entry takes of a window. Elsewhere are the times that others stand in for.
func (x entry) within(from, to time.Time, elsewhere map[int64]bool) ([]hotline.Busy, bool) {
	if x.of != nil {
		x.rules, x.more, elsewhere = nil, nil, nil
	}
	starts, ok := x.times(from, to)
	var all []hotline.Busy
	for _, w := range starts {
		b := x.busy(w)
		if !elsewhere[w.at().Unix()] && b.From.Before(b.To) && b.From.Before(to) && b.To.After(from) {
			all = append(all, b)
		}
	}
	return all, ok
}

// joined are spans by time, those that touch as one.
func joined(all []hotline.Busy) []hotline.Busy {
	slices.SortFunc(all, func(a, b hotline.Busy) int { return a.From.Compare(b.From) })
	out := []hotline.Busy{}
	for _, b := range all {
		if last := len(out) - 1; last >= 0 && !b.From.After(out[last].To) {
			if b.To.After(out[last].To) {
				out[last].To = b.To
			}
			continue
		}
		out = append(out, b)
	}
	return out[:min(len(out), mostSpans)]
}
