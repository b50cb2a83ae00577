// Package rota is the calendar: who is on duty, when, and why. It is pure: no I/O, no clock, no database, and it imports
// nothing of ours. Users are opaque strings: e-mail addresses in a file, ids in the database.
//
// # The grid
//
// A [Rota] is a weekly grid that repeats after so many weeks, counted from the Monday of its anchor, forwards and
// backwards. A [Slot] belongs to the day on which it starts; an end at or before its start is on the next day, and 24:00
// is midnight. Its kind says what it is for: duty; closed, which plans that nobody is there, so that it is no gap; shadow,
// a trainee, who is shown and never counted or asked. Where closed and duty overlap, who is on duty is on duty.
//
// # One rule for the wall clock
//
// A reading of the wall clock, of a start or of an end, is the first instant at which the clock of the rota's zone
// shows that reading or a later one. So a reading that comes once is that instant; of one that comes twice it is the
// first; and one that is left out is the instant of the change. The rule never turns the order of two readings round,
// so shifts that meet on the grid meet in time, in every zone and on every day: no gap, no overlap. In autumn the
// repeated hour belongs to the shift that runs when the clock goes back. Only clock.go knows of it.
//
// # What may be relied on
//
//   - [Resolve] is the only one who decides: [OnCall], [Next] and [Coverage] ask it, or the shifts that it is made of.
//     The same rota and the same time zone data give the same answer.
//   - Segments are half-open, sorted, and cover the whole time asked for, times when nobody is planned included.
//   - [Coverage] reports a gap in tier 1 exactly when tier 1 has nobody who can answer and is not closed.
//   - A rota comes from [Parse] or [Rota.Renamed], and is whole: nobody stands twice in one tier at one time.
//
// Time zone data is embedded, so that a machine without any works. What the machine has, or what ZONEINFO names, goes
// first: a government that moves its clocks needs no new program.
package rota
