// Package rota is the calendar: who is on duty, when, and why. It is pure: no I/O but for time zone data, no clock,
// no database, and it imports nothing of ours. Users are opaque strings: e-mail addresses in a file, ids in the database.
//
// # The grid
//
// A [Rota] is a weekly grid that repeats after so many weeks, counted from the Monday of its anchor, forwards and
// backwards. A [Slot] belongs to the day on which it starts; an end at or before its start is on the next day, and 24:00
// is midnight. Its kind says what it is for: duty; closed, which plans that nobody is there, so that it is no gap, and
// whoever calls or writes is told; shadow, a trainee, who is shown and never counted or asked; interpreter, somebody who is
// rung into a talk for a language. Where closed and duty overlap, who is on duty is on duty.
//
// Interpreters are no tier. They stand in the same grid, templates, temporary plans and exceptions, but [Resolve] gives them
// apart: they make no gap and fill none, and neither limits of work nor fairness nor [Fill] know of them. A slot's
// languages say what they are there for; without any it is what each speaks.
//
// # What is laid over it
//
// A [Plan] is a grid with an [Overlay]: templates on dates, temporary plans, exceptions bound to seats of shifts, and
// swaps. In one sentence: a temporary plan replaces the grid, a template replaces it for its dates, exceptions apply
// last, by the order in which they were saved, and two on one seat of one shift are refused. Where both a temporary plan
// and a template are on a date, the temporary plan is, and the grid that stands in for it is that of the template.
// A shift belongs to the day on which it starts here too, so a night that began before a holiday ends as it was planned.
//
// A [ShiftID] names a shift for ever; it does not depend on the rest of the plan. Whoever is bound to a shift that has
// gone, or to somebody who is not in it any more, takes nobody's seat and is told by coverage; who comes for somebody who
// is gone has a seat of her own. [Plan.Give] and its kin move one seat and no other, whatever lies over the shift.
//
// Why somebody is absent is not in a plan: that is a person's own affair, and stays where it is sealed.
//
// # What is over
//
// A [History] is a plan over time. At any moment the grid, the templates, the temporary plans and the exceptions hold that
// were made by then and not taken away yet, so that nothing that is saved later changes what was; what is to come is as
// the plan of now has it. A change in the middle of a shift counts from that moment on, and makes two of the shift. What
// changed nothing of a shift does not cut it.
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
//   - [Resolve] is the only one who decides: [OnCall], [IsClosed], [Opens], [Next], [Coverage], [Diff], [Fairness] and
//     [Calendar] ask it, or the shifts that it is made of. Of a [History] it says at each moment what it said then of the
//     plan that held.
//     The same rota and the same time zone data give the same answer.
//   - Segments are half-open, sorted, and cover the whole time asked for, times when nobody is planned included.
//   - [Coverage] reports a gap in tier 1 exactly when tier 1 has nobody who can answer and is not closed.
//   - A rota comes from [Parse] or [Rota.Renamed], and is whole: nobody stands twice in one tier at one time. A plan comes
//     from [ParsePlan], [NewPlan] or a method of another; exceptions may put somebody in two places, which coverage tells.
//   - [Fill] proposes and changes nothing; it breaks no limit, and says of every seat that stays empty why each cannot.
//
// Time zone data travels with the program, so that a machine without any, or with an old copy, works: see [Data]. What
// ZONEINFO names goes first: a government that moves its clocks needs no new program.
package rota
