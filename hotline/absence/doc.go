// Package absence reads calendars of people's own, for a hint of when they are away: iCalendar (RFC 5545) as Google,
// Outlook and Apple publish it.
//
// A calendar is a stranger's word. Its address is asked by package outside only, hop by hop, over https; at most so many
// bytes, entries and repetitions are looked at, in so much time. Titles, places and people are thrown away line by line
// before anything is parsed, so nothing of them can be kept, logged or told by mistake.
//
// What comes out is when somebody is busy: entries that are cancelled, or shown as free, count for nothing, nor do those
// that came from our own calendar of duties. A whole day is a day of the zone that is asked for. Zones may have the names
// of Windows, or of programs that put something before the usual one; an entry in a zone that nobody knows is taken for
// one in the zone that is asked for: a hint that is some hours off is still one.
//
// Entries that repeat are unfolded as readings of a wall clock and only then become instants, by the one rule of package
// rota: the library that unfolds them is wrong where clocks change. What repeats within a day, or by the hour, is not
// unfolded; it is counted with what cannot be understood, so that whoever looks knows that something is missing.
//
// The package keeps nothing and nothing depends on it: while a host is away, what was known stays.
package absence
