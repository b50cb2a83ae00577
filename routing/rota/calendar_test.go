package rota

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestCalendar(t *testing.T) {
	t.Parallel()
	p := planned(t, grid(t, "Europe/Copenhagen", 1, nights("ann")...), Overlay{Exceptions: []Exception{{ID: "c", Kind: Cover, Shift: seat("0-1-2000-1 2026-11-23 1"), User: "bea", By: "ann"}}})
	p.Version = 7
	was := Stretch{Span: span("2026-11-25T19:00:00Z", "2026-11-26T07:00:00Z"), ID: seat("0-3-2000-1 2026-11-25 1"), User: "ann"}
	got := Calendar(p, "ann", at("2026-11-23T20:00:00Z"), at("2026-11-24T12:00:00Z"), "Frivillig, \"køkken\"; uge 48 "+strings.Repeat("æ", 40), at("2026-11-20T10:00:00Z"), []Stretch{was})
	want := strings.ReplaceAll(golden, "\n", "\r\n")
	if string(got) != want {
		t.Errorf("Calendar =\n%s\nwant\n%s", got, want)
	}
}

// golden is a night that she covers, cut by the window and whole all the same, a day, and a night that is gone.
const golden = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//calendar//1//EN
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:Frivillig\, "køkken"\; uge 48 æææææææææææææææ
 æææææææææææææææææææææææææ
BEGIN:VEVENT
UID:d2fa43b2cc665eda6cacb3510a240bcc
DTSTAMP:20261120T100000Z
DTSTART:20261123T190000Z
DTEND:20261124T070000Z
SEQUENCE:7
STATUS:CONFIRMED
SUMMARY:Frivillig\, "køkken"\; uge 48 ææææææææææææææææææ
 ææææææææææææææææææææææ
TRANSP:OPAQUE
CLASS:PRIVATE
END:VEVENT
BEGIN:VEVENT
UID:0b34cb7672cb8c8050a34313bd0e3c8b
DTSTAMP:20261120T100000Z
DTSTART:20261124T070000Z
DTEND:20261124T190000Z
SEQUENCE:7
STATUS:CONFIRMED
SUMMARY:Frivillig\, "køkken"\; uge 48 ææææææææææææææææææ
 ææææææææææææææææææææææ
TRANSP:OPAQUE
CLASS:PRIVATE
END:VEVENT
BEGIN:VEVENT
UID:af5f4ee904cd3c3fb0a05027f6f6ba60
DTSTAMP:20261120T100000Z
DTSTART:20261125T190000Z
DTEND:20261126T070000Z
SEQUENCE:7
STATUS:CANCELLED
SUMMARY:Frivillig\, "køkken"\; uge 48 ææææææææææææææææææ
 ææææææææææææææææææææææ
TRANSP:OPAQUE
CLASS:PRIVATE
END:VEVENT
END:VCALENDAR
`

// entry is one that was read.
type entry map[string]string

// read reads a calendar strictly: what it is not sure of is a fault.
func read(doc []byte) (calendar entry, events []entry, err error) {
	text := string(doc)
	if !utf8.ValidString(text) || !strings.HasSuffix(text, "\r\n") || strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\n") || strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\r") {
		return nil, nil, fmt.Errorf("it is no UTF-8 text whose lines all end in CRLF")
	}
	for _, l := range strings.Split(text, "\r\n") {
		if len(l) > 75 {
			return nil, nil, fmt.Errorf("a line has %d octets", len(l))
		}
	}
	calendar = entry{}
	var open []string
	for _, l := range strings.Split(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n ", ""), "\r\n"), "\r\n") {
		name, value, some := strings.Cut(l, ":")
		into := calendar
		if n := len(events); len(open) == 2 {
			into = events[n-1]
		}
		switch {
		case !some || name == "" || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") != "":
			return nil, nil, fmt.Errorf("%q is no property", l)
		case strings.ContainsFunc(value, unicode.IsControl):
			return nil, nil, fmt.Errorf("%q has a control character", l)
		case name == "BEGIN":
			if want := []string{"VCALENDAR", "VEVENT"}; len(open) > 1 || value != want[len(open)] {
				return nil, nil, fmt.Errorf("%q stands in %q", l, open)
			}
			if open = append(open, value); len(open) == 2 {
				events = append(events, entry{})
			}
			continue
		case name == "END":
			if len(open) == 0 || open[len(open)-1] != value {
				return nil, nil, fmt.Errorf("%q ends %q", l, open)
			}
			open = open[:len(open)-1]
			continue
		case len(open) == 0:
			return nil, nil, fmt.Errorf("%q stands outside", l)
		case into[name] != "":
			return nil, nil, fmt.Errorf("%q comes twice", name)
		}
		into[name] = value
	}
	if len(open) > 0 || calendar["VERSION"] != "2.0" || calendar["PRODID"] == "" {
		return nil, nil, fmt.Errorf("it is not whole: %q, %q", open, calendar)
	}
	for _, e := range events {
		for _, name := range []string{"DTSTAMP", "DTSTART", "DTEND"} {
			if _, err := time.Parse("20060102T150405Z", e[name]); err != nil {
				return nil, nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		if e["UID"] == "" || e["DTEND"] <= e["DTSTART"] {
			return nil, nil, fmt.Errorf("an event without an id, or that ends before it starts")
		}
	}
	return calendar, events, nil
}

// plain is the text of a value.
func plain(value string) string {
	return strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n").Replace(value)
}

func FuzzCalendarTitle(f *testing.F) {
	f.Add("Duty; a, b\\n\nc")
	f.Add(strings.Repeat("æ", 200))
	f.Add("\r\nBEGIN:VEVENT\x00")
	f.Fuzz(func(t *testing.T, title string) {
		p := planned(t, grid(t, "UTC", 1, nights("ann")...), Overlay{})
		calendar, events, err := read(Calendar(p, "ann", at("2026-11-23T00:00:00Z"), at("2026-11-25T00:00:00Z"), title, at("2026-11-20T00:00:00Z"), nil))
		if err != nil || len(events) != 2 {
			t.Fatalf("with title %q: %v, %v", title, events, err)
		}
		want := strings.Map(func(r rune) rune {
			if unicode.IsControl(r) && r != '\n' {
				return -1
			}
			return r
		}, strings.ToValidUTF8(title, "�"))
		if got := plain(events[0]["SUMMARY"]); got != want || plain(calendar["X-WR-CALNAME"]) != want {
			t.Fatalf("title %q comes out as %q", title, got)
		}
	})
}

// TestCalendarSaysWhatResolveSays: the entries are the times in which Resolve gives a person duty, no more and no less.
func TestCalendarSaysWhatResolveSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		middle := at(rapid.SampledFrom(days).Draw(t, "day") + "T00:00:00Z")
		p := randomPlan(t, middle)
		user := rapid.SampledFrom([]string{"ann", "bea", "eva", "freja"}).Draw(t, "user")
		from, to := middle.Add(-24*time.Hour), middle.Add(24*time.Hour)
		_, events, err := read(Calendar(p, user, from, to, "Duty", from, nil))
		if err != nil {
			t.Fatal(err)
		}
		uids := map[string]bool{}
		var spans []Span
		for _, e := range events {
			start, _ := time.Parse("20060102T150405Z", e["DTSTART"])
			end, _ := time.Parse("20060102T150405Z", e["DTEND"])
			if uids[e["UID"]] {
				t.Fatalf("two entries are %s", e["UID"])
			}
			uids[e["UID"]] = true
			spans = append(spans, Span{start, end})
		}
		for now := from; now.Before(to); now = now.Add(11 * time.Minute) {
			on := slices.ContainsFunc(OnCall(p, now), func(o OnDuty) bool { return slices.Contains(o.Users, user) || slices.Contains(o.Shadows, user) })
			said := slices.ContainsFunc(spans, func(s Span) bool { return s.meets(Span{now, now.Add(time.Second)}) })
			if on != said {
				t.Fatalf("at %s %s is on duty: %v, and by her calendar: %v", now, user, on, said)
			}
		}
	})
}

func TestAnEntryStaysAndIsCancelled(t *testing.T) {
	t.Parallel()
	before := planned(t, grid(t, "Europe/Copenhagen", 1, nights("ann")...), Overlay{})
	from, to := at("2026-11-22T23:00:00Z"), at("2026-11-29T23:00:00Z")
	after, err := before.With(Exception{ID: "c", Kind: Cover, Shift: seat("0-2-0800-1 2026-11-24 1"), User: "ann", By: "chau"})
	if err != nil {
		t.Fatal(err)
	}
	after.Version = 8
	gone := Removed(before, after, from, to)
	if len(gone) != 1 || gone[0].ID.Day != "2026-11-24" {
		t.Fatalf("Removed = %+v", gone)
	}
	_, was, err1 := read(Calendar(before, "ann", from, to, "Duty", from, nil))
	_, is, err2 := read(Calendar(after, "ann", from, to, "Duty", from, gone))
	if err1 != nil || err2 != nil || len(was) != 7 || len(is) != 7 {
		t.Fatalf("%d and %d entries, %v, %v", len(was), len(is), err1, err2)
	}
	status := func(events []entry, uid string) string {
		i := slices.IndexFunc(events, func(e entry) bool { return e["UID"] == uid })
		if i < 0 {
			return ""
		}
		return events[i]["STATUS"] + " " + events[i]["SEQUENCE"]
	}
	var got []string
	for _, e := range was {
		got = append(got, status(is, e["UID"]))
	}
	if want := append([]string{"CONFIRMED 8", "CANCELLED 8"}, slices.Repeat([]string{"CONFIRMED 8"}, 5)...); !reflect.DeepEqual(got, want) {
		t.Errorf("the entries of before are %q, want %q", got, want)
	}
	_, again, _ := read(Calendar(before, "ann", from, to, "Duty", from, gone))
	if len(again) != 7 || slices.ContainsFunc(again, func(e entry) bool { return e["STATUS"] == "CANCELLED" }) {
		t.Errorf("what she has again is %+v", again)
	}
}

// TestACalendarTellsNothing: neither the line's number, nor a name, a slot or a tier.
func TestACalendarTellsNothing(t *testing.T) {
	t.Parallel()
	r, err := Parse([]byte(`{"line":"+4570201550","zone":"Europe/Copenhagen","slots":[{"id":"secret-night","day":1,"start":"20:00","end":"08:00","tier":1,"users":["ann@example.org","bea@example.org"]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	got := string(Calendar(r, "ann@example.org", at("2026-11-23T00:00:00Z"), at("2026-12-23T00:00:00Z"), "Busy", at("2026-11-20T00:00:00Z"), nil))
	for _, word := range []string{"70201550", "ann", "bea", "example", "secret", "tier", "Copenhagen", "VALARM", "hotline", "hopeline"} {
		if strings.Contains(strings.ToLower(got), strings.ToLower(word)) {
			t.Errorf("it says %q:\n%s", word, got)
		}
	}
	if n := strings.Count(got, "BEGIN:VEVENT"); n != 5 {
		t.Errorf("%d entries, want 5", n)
	}
}
