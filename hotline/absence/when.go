package absence

import (
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"hopeline/routing/rota"
)

// when is a moment as an entry says it: what a wall clock shows, and where it hangs.
type when struct {
	wall time.Time // in UTC, whatever the zone
	zone *time.Location
	day  bool // a whole day
}

func (w when) at() time.Time { return rota.Instant(w.wall, w.zone) }

// on is the same clock at another reading.
func (w when) on(wall time.Time) when { return when{wall, w.zone, w.day} }

// readWhens reads the dates and times of a property; of periods it takes where they begin. Not ok: one is none.
func readWhens(p *ics.IANAProperty, z *zones) (all []when, ok bool) {
	zone := z.usual
	if names := p.ICalParameters["TZID"]; len(names) > 0 {
		zone = z.of(names[0])
	}
	for text := range strings.SplitSeq(p.Value, ",") {
		text, _, _ = strings.Cut(strings.TrimSpace(text), "/")
		w, ok := readWhen(text, zone, z.usual)
		if !ok {
			return nil, false
		}
		all = append(all, w)
	}
	return all, true
}

func readWhen(text string, zone, usual *time.Location) (when, bool) {
	for _, form := range []struct {
		layout string
		day    bool
		zone   *time.Location
	}{{"20060102", true, usual}, {"20060102T150405", false, zone}, {"20060102T150405Z", false, time.UTC}, {"20060102T1504", false, zone}} {
		if at, err := time.Parse(form.layout, text); err == nil && at.Year() >= 1900 {
			return when{at, form.zone, form.day}, true
		}
	}
	return when{}, false
}

// longest is more than anything lasts that is worth a hint.
const longest = 366 * 24 * time.Hour

// readLength reads a duration, as "P1DT2H30M"; weeks may stand alone.
func readLength(text string) (time.Duration, bool) {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(strings.ToUpper(text), "+"), "P")
	if !ok {
		return 0, false
	}
	units := map[byte]time.Duration{'W': 7 * 24 * time.Hour, 'D': 24 * time.Hour, 'H': time.Hour, 'M': time.Minute, 'S': time.Second}
	var sum, n time.Duration
	for i := range len(rest) {
		switch c := rest[i]; {
		case c == 'T':
		case c >= '0' && c <= '9':
			n = min(n*10+time.Duration(c-'0'), 1_000_000)
		case units[c] > 0:
			sum, n = min(sum+n*units[c], longest), 0
		default:
			return 0, false
		}
	}
	return sum, true
}
