package absence

import (
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
	rrule "github.com/teambition/rrule-go"

	"hopeline/hotline"
)

// entry is one of a calendar's, as far as it says when.
type entry struct {
	uid    string
	start  when
	length time.Duration // of a whole day, in days of 24 hours
	rules  []string
	more   []when // beside those of the rules
	not    []when // left out of them
	of     *when  // which of another entry's it stands for
	free   bool   // it takes no time: cancelled, or shown as free
}

// readEntry takes what an event says of when. Not ok: it cannot be understood.
func readEntry(e *ics.VEvent, z *zones) (x entry, ok bool) {
	text := func(name string) string {
		if p := e.GetProperty(ics.ComponentProperty(name)); p != nil {
			return strings.TrimSpace(p.Value)
		}
		return ""
	}
	x.uid = text("UID")
	x.free = strings.EqualFold(text("STATUS"), "CANCELLED") || strings.EqualFold(text("TRANSP"), "TRANSPARENT") || strings.EqualFold(text("X-MICROSOFT-CDO-BUSYSTATUS"), "FREE")
	if of, ok := first(e, "RECURRENCE-ID", z); ok {
		x.of = &of
	}
	if x.start, ok = first(e, "DTSTART", z); !ok {
		return x, false
	}
	end, ends := first(e, "DTEND", z)
	switch length := text("DURATION"); {
	case ends && x.start.day && end.day:
		x.length = end.wall.Sub(x.start.wall)
	case ends:
		x.length = end.at().Sub(x.start.at())
	case length != "":
		if x.length, ok = readLength(length); !ok {
			return x, false
		}
	case x.start.day:
		x.length = 24 * time.Hour
	}
	x.length = min(x.length, longest)
	for _, p := range e.GetProperties(ics.ComponentPropertyRrule) {
		x.rules = append(x.rules, p.Value)
	}
	more, okMore := each(e, "RDATE", z)
	not, okNot := each(e, "EXDATE", z)
	x.more, x.not = more, not
	return x, okMore && okNot
}

func first(e *ics.VEvent, name string, z *zones) (when, bool) {
	p := e.GetProperty(ics.ComponentProperty(name))
	if p == nil {
		return when{}, false
	}
	all, ok := readWhens(p, z)
	if !ok {
		return when{}, false
	}
	return all[0], true
}

func each(e *ics.VEvent, name string, z *zones) (all []when, ok bool) {
	for _, p := range e.GetProperties(ics.ComponentProperty(name)) {
		some, ok := readWhens(p, z)
		if !ok {
			return nil, false
		}
		all = append(all, some...)
	}
	return all, true
}

// mostTimes is how often one entry may come round from its first time on, until the end of what is looked at.
const mostTimes = 20_000

// times are when an entry begins within a window, that it reaches into. Not ok: it repeats in a way that is not unfolded.
func (x entry) times(from, to time.Time) (all []when, ok bool) {
	all = append([]when{x.start}, x.more...)
	for _, rule := range x.rules {
		some, ok := unfolded(rule, x.start, from.Add(-x.length-48*time.Hour), to.Add(48*time.Hour))
		if !ok {
			return nil, false
		}
		all = append(all, some...)
	}
	out := map[int64]bool{}
	days := map[string]bool{}
	for _, n := range x.not {
		if n.day && !x.start.day {
			days[n.wall.Format(time.DateOnly)] = true
		} else {
			out[n.at().Unix()] = true
		}
	}
	all = slices.DeleteFunc(all, func(w when) bool { return out[w.at().Unix()] || days[w.wall.Format(time.DateOnly)] })
	return all, true
}

// longestRule is how long a rule may be, in bytes: a longer one is there to keep a machine busy.
const longestRule = 300

// unfolded are the times of a rule by the clock of its first, from one time to another. They are unfolded as if that clock
// never changed. A fault of the library, which strangers can cause, is no reason to stop.
func unfolded(rule string, start when, from, to time.Time) (all []when, ok bool) {
	defer func() {
		if recover() != nil {
			all, ok = nil, false
		}
	}()
	if len(rule) > longestRule {
		return nil, false
	}
	option, err := rrule.StrToROption(strings.ToUpper(strings.Trim(rule, "; ")))
	if err != nil || option.Freq > rrule.DAILY || len(option.Byhour)+len(option.Byminute)+len(option.Bysecond) > 0 || option.Interval < 0 || option.Count < 0 {
		return nil, false
	}
	option.Dtstart = start.wall
	if !option.Until.IsZero() {
		option.Until = until(rule, option.Until, start)
	}
	r, err := rrule.NewRRule(*option)
	if err != nil {
		return nil, false
	}
	next := r.Iterator()
	for n := 0; ; n++ {
		wall, more := next()
		if !more || wall.After(to) {
			return all, true
		}
		if n > mostTimes {
			return nil, false
		}
		if !wall.Before(from) {
			all = append(all, start.on(wall))
		}
	}
}

// until is the end of a rule as the clock of its first time shows it: rules of times in a zone end in UTC. A day is meant
// to its end.
func until(rule string, end time.Time, start when) time.Time {
	_, text, _ := strings.Cut(strings.ToUpper(rule), "UNTIL=")
	text, _, _ = strings.Cut(text, ";")
	switch {
	case start.day || !strings.Contains(text, "T"):
		return end.Truncate(24 * time.Hour).Add(24*time.Hour - time.Second)
	case strings.HasSuffix(text, "Z"):
		_, offset := end.In(start.zone).Zone()
		return end.Add(time.Duration(offset) * time.Second)
	}
	return end
}

// busy is the time that an entry takes when it begins at w.
func (x entry) busy(w when) hotline.Busy {
	if x.start.day {
		return hotline.Busy{From: w.at(), To: w.on(w.wall.Add(x.length)).at()}
	}
	return hotline.Busy{From: w.at(), To: w.at().Add(x.length)}
}
