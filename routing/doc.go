// Package routing decides who is asked next.
//
// SQL holds what is true; a [Router] keeps an index of it in Redis that makes the next question quick, and asks the
// house ([Desk]) to make the offer. Every answer of the house is one SQL transaction, so that an old picture costs a
// refused offer and never gives a contact to two people. Nothing in Redis is missed when it is gone: the index is built
// again from SQL and from who has a console open.
//
// # The rule
//
// Contacts go by priority, then by who has waited longest. For each, among the users who are available, were seen
// within Reach, have room, are not being asked and were not asked in this lap: the preferred, then who speaks the
// language, then anybody; the longest idle first. Whoever missed three offers comes after all others. Language
// excludes nobody. [Pick] is the rule in plain Go, lua/match.lua the same for one pair at a time, and a test holds
// them together on both Redises.
//
// A lap is over when somebody was asked and nobody is left whose turn could still come (hotline.LapOver). Then the
// contact rests. It goes on resting only as long as nobody can be asked whom its lap did not know: such a user ends
// the rest (hotline.SomebodyCame), and is the one who is asked. This is looked at with every match, so that no news
// of somebody coming can be missed.
//
// # The index
//
// All keys share the hash tag {hopeline} and stand in keys.go. Redis knows opaque ids, language codes, times and
// counts, and no name, number or word. Scripts take the time as an argument, check everything, then write. They keep
// to what the embedded Redis has: no cjson, no functions, whole milliseconds; a test holds the commands.
//
// A match takes both out of the index under a claim; whoever dies before SQL decided leaves a claim that any router
// finds after Lease. What the clock has reached is put off by Lease instead of taken away, for the same reason.
// Notices may come late or in the wrong order: a contact carries its version.
//
// The index is built anew when it is not there, when SQL's generation is another, or when the server runs anew and may
// have forgotten its last writes; nobody matches meanwhile. At start, after lost notices and every 30 s it is compared
// with SQL, and what differs is put right. A router that starts beside others therefore stops nobody.
//
// # Who is there
//
// The hub says so every few seconds ([Router.Seen]). Whoever was not seen for Reach is not asked, and what is held out
// to her is withdrawn; whoever was not seen for Rules.Asleep while somebody waits for her word gives the contact back.
// A router that just started, and an index that was just built, count everybody as seen at that moment, for this
// only: nobody is asked before she was really seen.
//
// # When a part is down
//
// Redis: after 5 s, or at once at start, contacts are matched from SQL among the users of this process, at every notice
// and every second, and the clock runs from SQL ([Router.Degraded]). When Redis answers again the index is joined, and
// all goes on. Calls to Redis are never repeated by the client library, and each has its time.
//
// SQL: nothing is decided. Claims and the clock come again after Lease.
package routing
