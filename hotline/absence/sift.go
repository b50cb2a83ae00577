package absence

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"hopeline/hotline"
)

// What is looked at of one calendar, at most.
const (
	mostBytes   = 16 << 20 // as it comes; pictures and minutes of meetings may be in it
	mostKept    = 4 << 20  // of what says when
	mostEntries = 20_000
	longestLine = 64 << 10
)

// told are the properties that say when something is, by the component that they are read in.
var told = map[string]map[string]bool{
	"VEVENT": {"UID": true, "DTSTART": true, "DTEND": true, "DURATION": true, "RRULE": true, "RDATE": true, "EXDATE": true,
		"RECURRENCE-ID": true, "STATUS": true, "TRANSP": true, "X-MICROSOFT-CDO-BUSYSTATUS": true},
	"VTIMEZONE": {"TZID": true, "X-LIC-LOCATION": true},
}

// sifter keeps of a calendar what says when.
type sifter struct {
	kept    bytes.Buffer
	depth   int    // of components within components
	inside  string // the component whose properties are kept; empty: none
	keeping bool   // the line before is kept, so its continuation is
	begun   bool
	ended   bool
	entries int
	line    int // how long the line that is kept has become
}

// sift gives a calendar without all that says what, where and with whom.
func sift(r io.Reader) ([]byte, error) {
	s, lines := &sifter{}, bufio.NewReaderSize(io.LimitReader(r, mostBytes+1), longestLine)
	read, cut := 0, false
	for {
		line, err := lines.ReadSlice('\n')
		if read += len(line); read > mostBytes {
			return nil, hotline.CalendarTooLarge
		}
		full := errors.Is(err, bufio.ErrBufferFull)
		switch {
		case full:
			s.keeping = false // a line that is too long says nothing of when
		case !cut && len(line) > 0:
			if fault := s.take(bytes.TrimRight(line, "\r\n")); fault != nil {
				return nil, fault
			}
		}
		if cut = full; errors.Is(err, io.EOF) {
			return s.done()
		}
		if err != nil && !full {
			return nil, hotline.CalendarAway
		}
	}
}

func (s *sifter) done() ([]byte, error) {
	if !s.begun || !s.ended || s.depth != 0 {
		return nil, hotline.CalendarUnreadable // also one that was cut off on its way
	}
	return s.kept.Bytes(), nil
}

// take looks at one line.
func (s *sifter) take(line []byte) error {
	if len(line) > 0 && (line[0] == ' ' || line[0] == '\t') {
		if s.keeping {
			return s.put(line)
		}
		return nil
	}
	if !s.begun {
		line = bytes.TrimPrefix(line, []byte("\ufeff"))
	}
	before, rest, _ := strings.Cut(string(line), ":")
	before, _, _ = strings.Cut(before, ";")
	name := strings.ToUpper(before)
	s.keeping, s.line = false, 0
	switch name {
	case "":
		return nil
	case "BEGIN":
		return s.begin(strings.ToUpper(strings.TrimSpace(rest)))
	case "END":
		return s.end()
	}
	if !s.begun {
		return hotline.CalendarUnreadable
	}
	if s.depth == 2 && told[s.inside][name] {
		s.keeping = true
		return s.put(append([]byte(name), line[len(before):]...))
	}
	return nil
}

// begin goes into a component. Those of a calendar that say when are kept; what is in them, alarms, is not.
func (s *sifter) begin(what string) error {
	if s.depth == 0 && what != "VCALENDAR" {
		return hotline.CalendarUnreadable
	}
	s.depth++
	switch {
	case s.depth == 1:
		if s.begun {
			return nil // several calendars in one file are read as one
		}
		s.begun = true
		s.kept.WriteString("BEGIN:VCALENDAR\r\n")
	case s.depth == 2 && told[what] != nil:
		s.inside = what
		if what == "VEVENT" {
			s.entries++
		}
		if s.entries > mostEntries {
			return hotline.CalendarTooLarge
		}
		s.kept.WriteString("BEGIN:" + what + "\r\n")
	}
	return nil
}

func (s *sifter) end() error {
	if s.depth--; s.depth < 0 {
		return hotline.CalendarUnreadable
	}
	if s.depth == 1 && s.inside != "" {
		s.kept.WriteString("END:" + s.inside + "\r\n")
		s.inside = ""
	}
	s.ended = s.ended || s.depth == 0
	return nil
}

func (s *sifter) put(line []byte) error {
	if s.line += len(line); s.line > longestLine || s.kept.Len()+len(line) > mostKept {
		return hotline.CalendarTooLarge
	}
	s.kept.Write(line)
	s.kept.WriteString("\r\n")
	return nil
}
