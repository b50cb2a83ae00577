package absence

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
)

func copenhagen(t testing.TB) *time.Location {
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func wanted(t testing.TB) hotline.CalendarAsked {
	return hotline.CalendarAsked{Zone: copenhagen(t), From: time.Date(2026, 10, 8, 0, 0, 0, 0, time.UTC), To: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
		Ours: func(uid string) bool { return uid == "0123456789abcdef0123456789abcdef" }}
}

// shown are busy times by the clock of Copenhagen.
func shown(zone *time.Location, all []hotline.Busy) (out []string) {
	const form = "2 Jan 15:04"
	for _, b := range all {
		out = append(out, b.From.In(zone).Format(form)+" to "+b.To.In(zone).Format(form))
	}
	return out
}

func TestReadsWhatProgramsPublish(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"google": { // without the 13th, the 27th is the 28th; the hour stays where the clock changes
			"20 Oct 17:00 to 20 Oct 18:30", "28 Oct 09:00 to 28 Oct 10:00", "3 Nov 17:00 to 3 Nov 18:30", "10 Nov 17:00 to 10 Nov 18:30",
			"17 Nov 17:00 to 17 Nov 18:30", "24 Nov 17:00 to 24 Nov 18:30", "1 Dec 17:00 to 1 Dec 18:30", "24 Dec 00:00 to 27 Dec 00:00",
		},
		"outlook": {"24 Oct 13:00 to 24 Oct 15:00", "25 Oct 13:00 to 25 Oct 15:00", "26 Oct 13:00 to 26 Oct 15:00", "2 Nov 00:00 to 4 Nov 00:00"},
		"apple":   {"9 Oct 00:00 to 10 Oct 00:00", "30 Oct 19:00 to 30 Oct 23:30", "1 Nov 00:00 to 8 Nov 00:00", "11 Dec 00:00 to 12 Dec 00:00"},
	} {
		t.Run(name, func(t *testing.T) {
			file, err := os.Open("testdata/" + name + ".ics")
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			asked := wanted(t)
			got, err := Read(file, asked)
			if err != nil || got.Unclear != 0 {
				t.Fatalf("Read = %d unclear, %v", got.Unclear, err)
			}
			if list := shown(asked.Zone, got.Busy); !slices.Equal(list, want) {
				t.Errorf("busy\n got %s\nwant %s", strings.Join(list, "\n     "), strings.Join(want, "\n     "))
			}
		})
	}
}

// event is a calendar of one entry, or of several that are divided by "--".
func event(lines string) string {
	return "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:a\n" + strings.ReplaceAll(lines, "--", "END:VEVENT\nBEGIN:VEVENT\nUID:a") + "\nEND:VEVENT\nEND:VCALENDAR\n"
}

func TestReadsEntries(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, lines string
		want        string
		unclear     int
	}{
		{"in UTC", "DTSTART:20261010T120000Z\nDTEND:20261010T130000Z", "10 Oct 14:00 to 10 Oct 15:00", 0},
		{"a wall clock of nowhere", "DTSTART:20261010T120000\nDTEND:20261010T130000", "10 Oct 12:00 to 10 Oct 13:00", 0},
		{"a name of Windows in quotes", "DTSTART;TZID=\"GMT Standard Time\":20261010T120000\nDTEND;TZID=\"GMT Standard Time\":20261010T130000", "10 Oct 13:00 to 10 Oct 14:00", 0},
		{"something before the name", "DTSTART;TZID=/mozilla.org/20050126_1/Europe/London:20261010T120000\nDURATION:PT1H30M", "10 Oct 13:00 to 10 Oct 14:30", 0},
		{"a zone nobody knows", "DTSTART;TZID=Customized Time Zone:20261010T120000\nDURATION:PT1H", "10 Oct 12:00 to 10 Oct 13:00", 0},
		{"a whole day where it has 25 hours", "DTSTART;VALUE=DATE:20261025", "25 Oct 00:00 to 26 Oct 00:00", 0},
		{"names in small letters", "dtstart;value=DATE:20261012\nDTEND;VALUE=DATE:20261013", "12 Oct 00:00 to 13 Oct 00:00", 0},
		{"no length", "DTSTART:20261010T120000Z", "", 0},
		{"ends before it begins", "DTSTART:20261010T120000Z\nDTEND:20261010T110000Z", "", 0},
		{"long before", "DTSTART:20200101T120000Z\nDTEND:20200101T130000Z", "", 0},
		{"two that touch", "DTSTART:20261010T100000Z\nDURATION:PT1H\n--\nDTSTART:20261010T110000Z\nDURATION:PT1H\n--\nDTSTART:20261010T103000Z\nDURATION:PT5M", "10 Oct 12:00 to 10 Oct 14:00", 0},
		{"a date left out of times", "DTSTART:20261010T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20261011", "10 Oct 12:00 to 10 Oct 13:00, 12 Oct 12:00 to 12 Oct 13:00", 0},
		{"several left out, in another zone", "DTSTART:20261010T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=Europe/Copenhagen:20261010T120000,20261012T120000", "11 Oct 12:00 to 11 Oct 13:00", 0},
		{"one cancelled by itself", "DTSTART:20261010T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2\n--\nRECURRENCE-ID:20261011T100000Z\nSTATUS:CANCELLED", "10 Oct 12:00 to 10 Oct 13:00", 0},
		{"one moved that comes first", "RECURRENCE-ID:20261011T100000Z\nDTSTART:20261011T150000Z\nDURATION:PT1H\n--\nDTSTART:20261010T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2", "10 Oct 12:00 to 10 Oct 13:00, 11 Oct 17:00 to 11 Oct 18:00", 0},
		{"more dates", "DTSTART:20261010T100000Z\nDURATION:PT1H\nRDATE:20261014T100000Z,20261016T100000Z/PT1H", "10 Oct 12:00 to 10 Oct 13:00, 14 Oct 12:00 to 14 Oct 13:00, 16 Oct 12:00 to 16 Oct 13:00", 0},
		{"until a day", "DTSTART;VALUE=DATE:20261010\nRRULE:FREQ=DAILY;UNTIL=20261011;", "10 Oct 00:00 to 12 Oct 00:00", 0},
		{"until an instant, by the clock of the zone", "DTSTART;TZID=Europe/Copenhagen:20261010T003000\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20261010T223000Z", "10 Oct 00:30 to 10 Oct 01:30, 11 Oct 00:30 to 11 Oct 01:30", 0},
		{"for ever", "DTSTART;VALUE=DATE:19700101\nRRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31", "31 Dec 00:00 to 1 Jan 00:00", 0},
		{"every second", "DTSTART:20261010T100000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY", "", 1},
		{"many times a day", "DTSTART:20261010T100000Z\nDURATION:PT1S\nRRULE:FREQ=DAILY;BYHOUR=1,2;BYMINUTE=1,2,3", "", 1},
		{"a rule that is none", "DTSTART:20261010T100000Z\nDURATION:PT1S\nRRULE:now and then", "", 1},
		{"never", "DTSTART:20261010T100000Z\nDURATION:PT1H\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "10 Oct 12:00 to 10 Oct 13:00", 0},
		{"no start", "DTEND:20261010T100000Z", "", 1},
		{"a start that is none", "DTSTART:tomorrow", "", 1},
		{"shown as free", "DTSTART:20261010T100000Z\nDURATION:PT1H\nTRANSP:transparent", "", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			asked := wanted(t)
			got, err := Read(strings.NewReader(event(test.lines)), asked)
			list := strings.Join(shown(asked.Zone, got.Busy), ", ")
			if err != nil || list != test.want || got.Unclear != test.unclear {
				t.Errorf("Read = %q, %d unclear, %v; want %q, %d", list, got.Unclear, err, test.want, test.unclear)
			}
		})
	}
}

func TestWhatIsNoCalendar(t *testing.T) {
	t.Parallel()
	whole := event("DTSTART:20261010T120000Z")
	for name, test := range map[string]struct {
		body string
		want error
	}{
		"nothing":           {"", hotline.CalendarUnreadable},
		"a page":            {"<!doctype html>\n<title>Log in</title>\n", hotline.CalendarUnreadable},
		"cut off":           {whole[:len(whole)-20], hotline.CalendarUnreadable},
		"ends too often":    {whole + "END:VCALENDAR\n", hotline.CalendarUnreadable},
		"deep":              {"BEGIN:VCALENDAR\n" + strings.Repeat("BEGIN:X\n", 1_000_000), hotline.CalendarUnreadable},
		"endless":           {"BEGIN:VCALENDAR\n" + strings.Repeat("X-A:"+strings.Repeat("a", 1000)+"\n", 17_000), hotline.CalendarTooLarge},
		"many entries":      {"BEGIN:VCALENDAR\n" + strings.Repeat("BEGIN:VEVENT\nEND:VEVENT\n", mostEntries+1) + "END:VCALENDAR\n", hotline.CalendarTooLarge},
		"one endless list":  {event("DTSTART:20261010T120000Z\nEXDATE:" + strings.Repeat("20261010T120000Z,\n ", 60_000)), hotline.CalendarTooLarge},
		"a byte order mark": {"\ufeff" + whole, nil},
		"one line of 1 MB":  {event("DTSTART:20261010T120000Z\nDESCRIPTION:" + strings.Repeat("x", 1<<20) + "\n folded"), nil},
	} {
		if _, err := Read(strings.NewReader(test.body), wanted(t)); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
}

// What an entry is about never comes near the parser.
func TestTitlesAreThrownAwayFirst(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"google", "outlook", "apple"} {
		file, err := os.Open("testdata/" + name + ".ics")
		if err != nil {
			t.Fatal(err)
		}
		kept, err := sift(file)
		file.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"arker", "SUMMARY", "DESCRIPTION", "\nLOCATION", "Teams", "URL"} {
			if strings.Contains(string(kept), word) {
				t.Errorf("of %s %q is kept:\n%s", name, word, kept)
			}
		}
	}
}

// A calendar that was made to keep a machine busy is given up in time.
func TestRulesThatNeverComeTrueEnd(t *testing.T) {
	t.Parallel()
	began := time.Now()
	body := "BEGIN:VCALENDAR\n" + strings.Repeat("BEGIN:VEVENT\nDTSTART:20000101T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\nEND:VEVENT\n", 2000) + "END:VCALENDAR\n"
	_, err := Read(strings.NewReader(body), wanted(t))
	if took := time.Since(began); !errors.Is(err, hotline.CalendarTooLarge) || took > 5*unfolding {
		t.Errorf("after %s: %v", took, err)
	}
}

func TestEveryZoneOfWindowsIsKnown(t *testing.T) {
	t.Parallel()
	for name, usual := range windows {
		if zone := located(name); zone == nil || zone.String() != usual {
			t.Errorf("located(%s) = %v, want %s", name, zone, usual)
		}
	}
	if len(windows) < 130 {
		t.Errorf("only %d zones", len(windows))
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"google", "outlook", "apple"} {
		body, err := os.ReadFile("testdata/" + name + ".ics")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(body))
	}
	f.Add(event("DTSTART:20261010T100000Z\nDURATION:P1DT1H\nRRULE:FREQ=YEARLY;BYWEEKNO=53;BYDAY=-1MO;BYSETPOS=1\nRDATE:20261014/20261015"))
	f.Add(event("DTSTART;TZID=/x/../Local:00010101T000000\nDTEND:99991231T235959Z\nRRULE:FREQ=MONTHLY;BYMONTHDAY=-31;INTERVAL=999999999;WKST=SU"))
	asked := wanted(f)
	f.Fuzz(func(t *testing.T, body string) {
		got, err := Read(strings.NewReader(body), asked)
		var fault hotline.CalendarFault
		if err != nil && !errors.As(err, &fault) {
			t.Fatalf("Read = %v, which is no fault of a calendar", err)
		}
		for i, b := range got.Busy {
			if !b.From.Before(b.To) || !b.To.After(asked.From) || !b.From.Before(asked.To) || i > 0 && !b.From.After(got.Busy[i-1].To) {
				t.Fatal("a time that is none:", fmt.Sprint(got.Busy))
			}
		}
	})
}
