// Package routing decides who is asked next.
//
// SQL holds what is true; a [Router] keeps an index of it in Redis that makes the next question quick, and asks the
// house ([Desk]) to make the offer. Every answer of the house is one SQL transaction, so that an old picture costs a
// refused offer and never gives a contact to two people. Nothing in Redis is missed when it is gone: the index is built
// again from SQL and from who has a console open.
//
// # The rule
//
// Contacts go by priority, then calls before texts, since a caller holds the line, then by who has waited longest. For
// each, among the users who are on duty on its line, have room for its kind, can be reached, are not being asked and
// were not asked in this lap: the preferred, then by tier, the lowest first; in each who meets most of what the contact
// needs; the longest idle first. For a text, whoever of the tier sits at a console comes before anybody is rung. Whoever
// missed three offers comes after all others, of every tier. A tier in which nobody can be asked costs no time. [Pick] is
// the rule in plain Go, lua/match.lua the same for one pair at a time, and a test holds them together on both Redises.
//
// A contact may need a language, and whoever it asked for: a woman, a man. The line says up to which tier that is a must,
// and excludes; above it, and of supervisors off duty, it is preferred (hotline.Musts). No need is dropped by time. Where
// somebody could be asked but for a must, the house is told at once (hotline.NobodyFits). Whoever is not for a person is
// never asked for her.
//
// A text reaches who is available and has a console open. A call does too, unless she takes none. While no console of
// hers is open both reach who is at home by the rota, by her phone, but for a text that is quiet at night
// (hotline.Waiting.Quiet). [Desk].Offer is told which it is.
//
// A contact that is asked of somebody may be wanted by one more (hotline.Contact.Wanted). It is looked for from the tier
// after so many as are asked, and then in the lower ones. Such a contact stands in the queue like one that waits.
//
// A lap is over when somebody was asked and nobody is left whose turn could still come (hotline.LapOver). Then the
// contact rests. It goes on resting only as long as nobody can be asked whom its lap did not know: such a user ends
// the rest (hotline.SomebodyCame), and is the one who is asked. This is looked at with every match, so that no news
// of somebody coming can be missed. While somebody is being asked no lap is over.
//
// # The index
//
// All keys share the hash tag {hopeline} and stand in keys.go. Redis knows opaque ids, language codes, times and
// counts, and no name, number or word; a line is a code of its own. Scripts take the time as an argument, check
// everything, then write. They keep to what the embedded Redis has: no cjson, no functions, whole milliseconds; a test
// holds the commands.
//
// Whoever can be asked has seats, in texts and in calls, in a row for each of her lines, tiers and languages, sorted as
// they are asked (lua/person.lua). While nobody has one for texts, all texts of a priority are passed over at once.
//
// A match takes the contact out of the queue and puts both under a claim. That of the user ends when the index is told
// by SQL how she stands; whoever dies before SQL decided leaves claims that any router finds after Lease. What the clock
// has reached is put off by Lease instead of taken away, for the same reason. Notices may come late or in the wrong
// order: a contact carries its version.
//
// The index is built anew when it is not there, when SQL's generation is another, or when the server runs anew and may
// have forgotten its last writes; nobody matches meanwhile. At start, after lost notices and every 30 s it is compared
// with SQL, and what differs is put right. A router that starts beside others therefore stops nobody.
//
// # Who is there
//
// The hub says so every few seconds ([Router.Seen]). Whoever was not seen for Reach is asked by phone or not at all, and
// what is held out to her console is withdrawn; what rings her phone stands. Whoever was not seen for Rules.Asleep while
// somebody waits for her word gives the contact back. A router that just started, and an index that was just built, count
// everybody as seen at that moment, for this only: nobody's console is asked before she was really seen.
//
// # When a part is down
//
// Redis: after 5 s, or at once at start, contacts are matched from SQL among the users of this process and the phones of
// all others, at every notice and every second, and the clock runs from SQL ([Router.Degraded]). A phone may so ring
// though a console is open at another process; it is one offer all the same. When Redis answers again the index is
// joined, and all goes on. Calls to Redis are never repeated by the client library, and each has its time.
//
// SQL: nothing is decided. Claims and the clock come again after Lease.
package routing
