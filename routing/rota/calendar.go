package rota

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Calendar writes the duties of one user that share a moment with a time, as iCalendar (RFC 5545). It is read on phones
// that others see: the title is all that it says, so it is for the house to keep it neutral, and UIDs are hashes of the
// shifts' ids, since those hold the line's number. Times are UTC, and no alarm is set.
//
// An entry's sequence is the plan's Version. Removed are duties that she had and has no longer; they are written as
// cancelled, unless she has them again or had a part of them. Now is when the feed was made; the same arguments give the
// same bytes, so with the time of the last save it does for an ETag.
func Calendar(s Schedule, user string, from, to time.Time, title string, now time.Time, removed []Stretch) []byte {
	c := calendar{title: title, now: now, sequence: s.plan().Version}
	for _, line := range []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//calendar//1//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH", "X-WR-CALNAME:" + escaped(title)} {
		c.line(line)
	}
	there := map[string]bool{}
	for _, d := range duties(s, user, from, to) {
		there[d.uid] = true
		c.event(d, "CONFIRMED")
	}
	for _, x := range removed {
		if d := (duty{x.Span, uidOf(x.ID, 0)}); !there[d.uid] {
			there[d.uid] = true
			c.event(d, "CANCELLED")
		}
	}
	c.line("END:VCALENDAR")
	return c.out.Bytes()
}

// Removed are the duties before an edit that their people do not have after it, in whole or in part; they are for
// [Calendar].
func Removed(before, after Schedule, from, to time.Time) []Stretch {
	has := map[taken]bool{}
	for _, s := range everything(after, from, to) {
		has[taken{s.ID, s.User}] = true
	}
	return slices.DeleteFunc(everything(before, from, to), func(s Stretch) bool { return has[taken{s.ID, s.User}] })
}

// duty is one entry.
type duty struct {
	Span
	uid string
}

// longest is longer than every shift: so far to both sides of the window shifts are looked at, to have them whole.
const longest = 48 * time.Hour

func duties(s Schedule, user string, from, to time.Time) []duty {
	var all []duty
	pieces := map[ShiftID]int{}
	for _, x := range everything(s, from.Add(-longest), to.Add(longest)) {
		if x.User != user {
			continue
		}
		if x.meets(Span{from, to}) {
			all = append(all, duty{x.Span, uidOf(x.ID, pieces[x.ID])})
		}
		pieces[x.ID]++
	}
	return all
}

// UIDs are those of all entries that [Calendar] writes for anybody, cancelled ones included: by them a calendar that our
// entries were copied into is told from one that says something of its own.
func UIDs(s Schedule, from, to time.Time, removed []Stretch) map[string]bool {
	pieces, all := map[taken]int{}, map[string]bool{}
	for _, x := range everything(s, from.Add(-longest), to.Add(longest)) {
		at := taken{x.ID, x.User}
		all[uidOf(x.ID, pieces[at])] = true
		pieces[at]++
	}
	for _, x := range removed {
		all[uidOf(x.ID, 0)] = true
	}
	return all
}

// uidOf names an entry. A shift has several only where somebody stands in more than once in it.
func uidOf(id ShiftID, piece int) string {
	text := id.String()
	if piece > 0 {
		text = fmt.Sprintf("%s/%d", text, piece)
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// calendar is one being written.
type calendar struct {
	out      bytes.Buffer
	title    string
	now      time.Time
	sequence int64
}

func (c *calendar) event(d duty, status string) {
	for _, line := range []string{"BEGIN:VEVENT", "UID:" + d.uid, "DTSTAMP:" + stamp(c.now), "DTSTART:" + stamp(d.Start), "DTEND:" + stamp(d.End),
		fmt.Sprint("SEQUENCE:", c.sequence), "STATUS:" + status, "SUMMARY:" + escaped(c.title), "TRANSP:OPAQUE", "CLASS:PRIVATE", "END:VEVENT"} {
		c.line(line)
	}
}

func stamp(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// widest is the most octets in a line, without its end.
const widest = 75

// line writes a line, folded where it is too long, and never inside a character.
func (c *calendar) line(text string) {
	room := widest
	for len(text) > room {
		cut := room
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		c.out.WriteString(text[:cut] + "\r\n ")
		text, room = text[cut:], widest-1
	}
	c.out.WriteString(text + "\r\n")
}

// escaped is a text as a value. Control characters other than a new line have no form, and are left out.
func escaped(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "�"))
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(text)
}
