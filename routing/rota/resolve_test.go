package rota

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// sample are zones that change at odd times: at midnight, by half an hour, in the south, twice in Ramadan, and not.
var sample = []string{"Africa/Cairo", "Asia/Beirut", "America/Santiago", "America/Havana", "Australia/Lord_Howe", "Europe/London",
	"Europe/Copenhagen", "America/New_York", "Africa/Casablanca", "Pacific/Apia", "Asia/Gaza", "UTC"}

func TestInstant(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ zone, reads, want string }{
		{"Africa/Cairo", "2026-04-24 08:00", "2026-04-24T05:00:00Z"}, // P1: the clock changed at midnight
		{"Africa/Cairo", "2026-04-24 00:00", "2026-04-23T22:00:00Z"},
		{"Africa/Cairo", "2026-04-24 00:30", "2026-04-23T22:00:00Z"},
		{"Asia/Beirut", "2026-03-29 08:00", "2026-03-29T05:00:00Z"},
		{"America/Santiago", "2026-09-06 08:00", "2026-09-06T11:00:00Z"},
		{"America/Santiago", "2026-09-06 00:00", "2026-09-06T04:00:00Z"},
		{"America/Havana", "2026-03-08 08:00", "2026-03-08T12:00:00Z"},
		{"America/Havana", "2026-03-08 00:00", "2026-03-08T05:00:00Z"},
		{"Europe/London", "2026-03-29 01:30", "2026-03-29T01:00:00Z"}, // P2: left out: the change
		{"America/New_York", "2026-03-08 02:30", "2026-03-08T07:00:00Z"},
		{"Europe/London", "2026-10-25 01:30", "2026-10-25T00:30:00Z"}, // comes twice: the first
		{"America/New_York", "2026-11-01 01:30", "2026-11-01T05:30:00Z"},
		{"Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03T15:30:00Z"},
		{"Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04T14:45:00Z"},
		{"Pacific/Apia", "2011-12-30 12:00", "2011-12-30T10:00:00Z"}, // a day that was left out
		{"Europe/Copenhagen", "2026-11-23 20:00", "2026-11-23T19:00:00Z"},
		{"Europe/Copenhagen", "2028-12-31 20:00", "2028-12-31T19:00:00Z"}, // the last day of a leap year
		{"Australia/Lord_Howe", "2028-12-31 08:00", "2028-12-30T21:00:00Z"},
		{"America/Havana", "2029-01-01 00:00", "2029-01-01T05:00:00Z"},
	} {
		zone, err := Zones().Place(test.zone)
		if err != nil {
			t.Fatal(err)
		}
		reads, err := time.Parse("2006-01-02 15:04", test.reads)
		if err != nil {
			t.Fatal(err)
		}
		if got := instant(reading(reads.Unix()), zone); !got.Equal(at(test.want)) {
			t.Errorf("instant(%s in %s) = %s, want %s", test.reads, test.zone, got.Format(time.RFC3339), test.want)
		}
	}
}

func TestNightsHaveTheirTrueHours(t *testing.T) { // P3
	t.Parallel()
	r := grid(t, "Europe/Copenhagen", 1, "0 6 20:00 08:00 1 duty ann")
	for from, want := range map[string]time.Duration{"2026-03-28T12:00:00Z": 11 * time.Hour, "2026-10-24T12:00:00Z": 13 * time.Hour,
		"2026-11-28T12:00:00Z": 12 * time.Hour} {
		shifts := r.plan().shifts(at(from), at(from).Add(24*time.Hour))
		if len(shifts) != 1 || shifts[0].End.Sub(shifts[0].Start) != want {
			t.Errorf("the night after %s = %+v, want %v", from, shifts, want)
		}
	}
}

func TestAShiftBelongsToTheDayItStarts(t *testing.T) { // P4, P5
	t.Parallel()
	r := grid(t, "Europe/Copenhagen", 1, "0 5 22:00 06:00 1 duty ann", "0 3 00:00 24:00 1 duty bea", "0 4 00:00 00:00 1 duty chau")
	for when, want := range map[string]string{
		"2026-11-27T02:00:00Z": "",    // Friday 03:00
		"2026-11-27T20:59:59Z": "",    // a second before
		"2026-11-27T21:00:00Z": "ann", // on the instant
		"2026-11-28T02:00:00Z": "ann", // Saturday 03:00
		"2026-11-28T04:59:59Z": "ann",
		"2026-11-28T05:00:00Z": "", // the end is not hers any more
		"2026-11-24T22:59:59Z": "",
		"2026-11-24T23:00:00Z": "bea",
		"2026-11-25T22:59:59Z": "bea", // the last second before midnight is hers
		"2026-11-25T23:00:00Z": "chau",
		"2026-11-26T22:59:59Z": "chau",
		"2026-11-26T23:00:00Z": "",
	} {
		if got := strings.Join(OnCall(r, at(when))[0].Users, " "); got != want {
			t.Errorf("OnCall(%s) = %q, want %q", when, got, want)
		}
	}
}

func TestWeeksCountFromTheAnchorBothWays(t *testing.T) {
	t.Parallel()
	r := grid(t, "Europe/Copenhagen", 3, "0 1 08:00 16:00 1 duty ann", "1 1 08:00 16:00 1 duty bea", "2 1 08:00 16:00 1 duty chau")
	for when, want := range map[string]string{"2026-11-23": "ann", "2026-11-30": "bea", "2026-12-07": "chau", "2026-12-14": "ann",
		"2026-11-16": "chau", "2026-11-09": "bea", "2026-11-02": "ann", "2015-01-05": "bea"} {
		if got := strings.Join(OnCall(r, at(when+"T10:00:00Z"))[0].Users, " "); got != want {
			t.Errorf("the Monday %s has %q, want %q", when, got, want)
		}
	}
}

func TestOnCallSaysWhyAndUntil(t *testing.T) {
	t.Parallel()
	r := grid(t, "Europe/Copenhagen", 1, "0 1 08:00 16:00 1 duty ann bea", "0 1 12:00 20:00 1 duty bea2 ann2", "0 1 08:00 20:00 3 duty freja",
		"0 1 09:00 15:00 1 shadow tim", "0 2 00:00 24:00 1 closed")
	got := OnCall(r, at("2026-11-23T12:30:00Z"))
	if len(got) != 3 {
		t.Fatalf("OnCall gives %d tiers, want 3: %+v", len(got), got)
	}
	first, second, third := got[0], got[1], got[2]
	if !reflect.DeepEqual(first.Users, []string{"ann", "bea", "bea2", "ann2"}) || !reflect.DeepEqual(first.Shadows, []string{"tim"}) ||
		len(first.Why) != 3 || !first.Until.Equal(at("2026-11-23T14:00:00Z")) {
		t.Errorf("tier 1 = %+v", first)
	}
	if len(second.Users) != 0 || !second.Until.IsZero() {
		t.Errorf("tier 2, which nobody is ever in = %+v", second)
	}
	if !reflect.DeepEqual(third.Users, []string{"freja"}) || !third.Until.Equal(at("2026-11-23T19:00:00Z")) ||
		r.Words(third.Why[0].Slot) != "slot 3: Monday 08:00–20:00 (Europe/Copenhagen)" || third.Why[0].Day != "2026-11-23" {
		t.Errorf("tier 3 = %+v", third)
	}
	if empty := OnCall(r, at("2026-11-25T12:00:00Z")); len(empty[0].Users) != 0 || !empty[0].Until.Equal(at("2026-11-30T07:00:00Z")) {
		t.Errorf("with nobody there = %+v, want until the next shift", empty[0])
	}
	if closed := OnCall(r, at("2026-11-24T12:00:00Z")); !closed[0].Closed || !closed[0].Until.Equal(at("2026-11-24T23:00:00Z")) {
		t.Errorf("closed = %+v", closed[0])
	}
	if next := Next(r, at("2026-11-23T12:30:00Z")); !next.Equal(at("2026-11-23T14:00:00Z")) {
		t.Errorf("Next = %s", next)
	}
}

// TestShiftsTile: shifts that meet on the grid meet in time: in the zones that change at odd times in all years, and in
// every zone around each change of its clock.
func TestShiftsTile(t *testing.T) {
	t.Parallel()
	// Edges at midnight, in the hours that are left out or come twice, and at odd minutes.
	edges := []string{"00:00", "00:30", "01:30", "02:00", "02:15", "03:00", "08:00", "20:00", "23:59"}
	var slots []string
	for day := range 7 {
		for i, start := range edges {
			user := string(rune('a' + i))
			slots = append(slots, strings.Join([]string{"0", string(rune('1' + day)), start, edges[(i+1)%len(edges)], "1 duty", user}, " "))
		}
	}
	tiles := func(t *testing.T, zone string, spans ...Span) {
		r := grid(t, zone, 1, slots...)
		for _, in := range spans {
			count, last := 0, in.Start
			for _, s := range Resolve(r, in.Start, in.End) {
				count++
				if !s.Start.Equal(last) || !s.Start.Before(s.End) || len(s.Tiers) != 1 || len(s.Tiers[0].Users) != 1 {
					t.Fatalf("%s: after %s: %+v, want one person from then on", zone, last, s)
				}
				last = s.End
			}
			if days := int(in.length().Hours()) / 24; !last.Equal(in.End) || count < (days-1)*(len(edges)-1) {
				t.Errorf("%s: %d segments, to %s", zone, count, last)
			}
		}
	}
	for _, zone := range sample {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			tiles(t, zone, allYears)
		})
	}
	t.Run("every zone", func(t *testing.T) {
		t.Parallel()
		for zone, spans := range everyZone(t) {
			tiles(t, zone, spans...)
		}
	})
}

// allYears are those that are looked at.
var allYears = Span{at("2015-01-01T00:00:00Z"), at("2038-01-01T00:00:00Z")}

// everyZone are the zones that Go knows, with the days around each change of their clocks. Of those whose clocks show the
// same in all these years one stands for the others.
func everyZone(t *testing.T) map[string][]Span {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	names, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer names.Close()
	zones, seen, count := map[string][]Span{}, map[string]bool{}, 0
	for _, f := range names.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		count++
		spans, clock := changesOf(t, f.Name)
		if !seen[clock] {
			seen[clock], zones[f.Name] = true, spans
		}
	}
	if count < 500 || len(zones) < 100 {
		t.Fatalf("there are %d zones, and %d that differ", count, len(zones))
	}
	return zones
}

// changesOf are the days around each change of a zone's clock, the first days of all too; and what its clock does, in a
// text.
func changesOf(t *testing.T, zone string) (spans []Span, clock string) {
	t.Helper()
	place, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	for change := allYears.Start.In(place); !change.IsZero() && change.Before(allYears.End); _, change = change.ZoneBounds() {
		_, offset := change.Zone()
		day := change.UTC().Truncate(24 * time.Hour)
		spans = append(spans, Span{day.AddDate(0, 0, -2), day.AddDate(0, 0, 3)})
		clock += fmt.Sprint(change.Unix(), " ", offset, " ")
	}
	return merged(spans), clock
}

// random draws a rota in which nobody stands twice in a tier.
func random(t *rapid.T) Rota {
	type doc = map[string]any
	weeks := rapid.IntRange(1, 3).Draw(t, "weeks")
	edge := rapid.SampledFrom([]string{"00:00", "00:30", "01:00", "01:30", "02:00", "02:10", "02:30", "03:00", "08:00", "15:45", "20:00", "23:00", "23:59"})
	slots := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) doc {
		kind := rapid.SampledFrom([]string{"duty", "duty", "duty", "closed", "shadow"}).Draw(t, "kind")
		end := edge.Draw(t, "end")
		if end == "00:00" && rapid.Bool().Draw(t, "24") {
			end = "24:00"
		}
		s := doc{"week": rapid.IntRange(0, weeks-1).Draw(t, "week"), "day": rapid.IntRange(1, 7).Draw(t, "day"), "start": edge.Draw(t, "start"),
			"end": end, "tier": rapid.IntRange(1, 3).Draw(t, "tier"), "min": rapid.IntRange(0, 2).Draw(t, "min"), "kind": kind, "users": []string{}}
		if kind != "closed" {
			s["users"] = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"ann", "bea", "chau", "dina"}), 0, 2, rapid.ID).Draw(t, "users")
		}
		if rapid.Bool().Draw(t, "needs") {
			s["languages"] = []string{rapid.SampledFrom([]string{"da", "en"}).Draw(t, "language")}
		}
		return s
	}), 1, 12).Draw(t, "slots")
	zone := rapid.SampledFrom(sample).Draw(t, "zone")
	for len(slots) > 0 {
		b, _ := json.Marshal(doc{"line": "*", "zone": zone, "weeks": weeks, "anchor": "2026-11-23", "slots": slots})
		r, err := Parse(b)
		if err == nil {
			return r
		}
		if f, ok := err.(*Fault); ok && f.Slot > 0 && strings.Contains(f.Words, "twice") {
			slots = slices.Delete(slots, f.Slot-1, f.Slot)
			continue
		}
		t.Fatalf("Parse(%s) = %v", b, err)
	}
	t.Skip("nothing left")
	return Rota{}
}

// days are those on which some zone of the sample changes its clock, and others.
var days = []string{"2026-04-24", "2026-10-30", "2026-03-29", "2026-10-25", "2026-09-06", "2026-04-05", "2026-03-08", "2026-11-01", "2026-10-04",
	"2026-02-15", "2026-03-22", "2026-06-17", "2027-01-01"}

// TestResolveByTheMinute compares Resolve with a clock that is read once a minute. Whoever runs the shift is known by
// the highest reading so far: a clock that goes back starts nothing anew.
func TestResolveByTheMinute(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := random(t)
		middle := at(rapid.SampledFrom(days).Draw(t, "day") + "T00:00:00Z")
		from := middle.Add(-time.Duration(rapid.IntRange(600, 1800).Draw(t, "before")) * time.Minute)
		to := middle.Add(time.Duration(rapid.IntRange(600, 1800).Draw(t, "after")) * time.Minute)
		segments := Resolve(r, from, to)
		highest := reading(0)
		for now := from.Add(-72 * time.Hour); now.Before(to); now = now.Add(time.Minute) {
			highest = max(highest, readByHand(now, r.place))
			if now.Before(from) {
				continue
			}
			for !now.Before(segments[0].End) {
				if !segments[1].Start.Equal(segments[0].End) {
					t.Fatalf("a hole after %s", segments[0].End)
				}
				segments = segments[1:]
			}
			want := byHand(r, highest)
			got := map[int][]string{}
			for _, tier := range segments[0].Tiers {
				if len(tier.Users) > 0 {
					got[tier.Number] = slices.Sorted(slices.Values(tier.Users))
				}
			}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("at %s: Resolve says %v, the clock %v", now.In(r.place), got, want)
			}
		}
	})
}

// readByHand is what the clock shows, by the library's own calendar.
func readByHand(now time.Time, place *time.Location) reading {
	l := now.In(place)
	return reading(time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), 0, time.UTC).Unix())
}

// byHand tells who is on duty in each tier while the highest reading is w.
func byHand(r Rota, w reading) map[int][]string {
	on := map[int][]string{}
	for _, s := range r.Slots {
		if s.Kind != Duty {
			continue
		}
		length := int64(s.End - s.Start)
		if length <= 0 {
			length += 24 * 60
		}
		cycle := int64(r.Weeks) * 7 * 24 * 60
		anchor := at("2026-11-23T00:00:00Z").Unix() / 60
		begin := anchor + int64(s.Week)*7*24*60 + int64(s.Day-1)*24*60 + int64(s.Start)
		since := ((int64(w)/60-begin)%cycle + cycle) % cycle
		if since < length {
			for _, u := range s.Users {
				on[s.Tier] = join(on[s.Tier], u)
			}
			slices.Sort(on[s.Tier])
		}
	}
	for tier, users := range on {
		if len(users) == 0 {
			delete(on, tier)
		}
	}
	return on
}

// TestNextMissesNothing: between an instant and Next of it nothing changes, and at Next something may.
func TestNextMissesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := random(t)
		now := at(rapid.SampledFrom(days).Draw(t, "day") + "T00:00:00Z").Add(time.Duration(rapid.IntRange(-1500, 1500).Draw(t, "minutes")) * time.Minute)
		next := Next(r, now)
		if next.IsZero() {
			next = now.AddDate(0, 0, 60)
		}
		if n := len(Resolve(r, now, next)); n != 1 {
			t.Fatalf("from %s to its Next %s there are %d segments", now, next, n)
		}
		if n := len(Resolve(r, now, next.Add(time.Second))); n != 2 && len(r.plan().shifts(now, next.Add(time.Second))) > 0 {
			t.Fatalf("nothing changes at %s, the Next of %s", next, now)
		}
	})
}

func BenchmarkOnCall(b *testing.B) {
	var slots []string
	for day := range 7 {
		for _, hours := range []string{"00:00 08:00", "08:00 16:00", "16:00 24:00"} {
			for _, rest := range []string{"1 duty ann bea", "2 duty freja"} {
				slots = append(slots, strings.Join([]string{"0", string(rune('1' + day)), hours, rest}, " "))
			}
		}
	}
	r := grid(b, "Europe/Copenhagen", 1, slots...)
	now := at("2026-11-24T02:00:00Z")
	for b.Loop() {
		OnCall(r, now)
	}
}
