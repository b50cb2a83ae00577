// Package intake is what the house does: one method of [Desk] for each thing that happens to a contact, the outbox
// that carries replies to the carrier, and [Duty], which keeps the rota and tells the house whose duty begins or ends.
//
// A change of duty moves no contact: whoever has one keeps it, and whoever is being asked may still accept. It only says
// who is asked next, within 5 s, also when another process or the command line saved the rota.
//
// What is laid over a rota (absence, cover, holidays, swaps) is changed by single edits, each in one transaction that no
// other edit of the line misses, and is first shown by [Duty.Try], which saves nothing; [Watch] says when nobody can be
// reached, or will be, and what the weeks to come leave open; [Heartbeat] lets somebody outside notice when we cannot say
// so.
//
// A method checks who asks, lets storage do it in one transaction, and returns. Whoever has to know (router, consoles,
// outbox) is told by storage after the commit through [Feed]; a method never tells anybody itself.
//
// [Fetcher] brings pictures, voice notes and voicemails from the carrier to the disk, and deletes them there once they are
// on it. What they are is found by their bytes alone. Of a photograph only the picture is shown: the place where it was
// taken stays sealed with it.
//
// An interpreter is looked for by the contact's own clock: [Desk.Interpret] writes down who is on duty and in which order,
// and the rest follows from SQL, in whichever process.
//
// [Switchboard] brings the carrier to what is wanted of each leg of a call: dials, ends, moves, holds. What is wanted
// stands in SQL, so it is asked for at least once, also after a crash; one dial a second for the account, endings first,
// then whoever was taken already, then the person who has waited longest.
//
// [Tester] rings a colleague's own phone as a page does, with nobody behind it, and only key 1 proves anything. It shares the
// rate of the switchboard, whose dials go first; a test that rings the phone of somebody who is needed is hung up, and her
// page waits for that two seconds at most. [Watch] has it ring who has not said that she is there, where the line wants
// it. A test is dialled once: one that is never reported ends by its time.
//
// What the watch finds to be so now has supervisors rung in that way, one after the other, until one says by a key that she
// knows. Which alarms are so, who was rung for each and who knows of it is on disk: it outlives the house, and processes that
// look at one instant ring one phone. An alarm is over when no process found it so for a look and a half.
//
// [Filler] closes the gap that a time leaves when the house was down: it compares the carrier's lists of texts, calls and
// recordings with what is on disk, at once after a start and then each minute. A call that is over is shown as missed; a
// caller who is still in the fallback's documents waits here from then on and is brought into ours; a voicemail at the
// fallback becomes her contact's. Whoever talks with somebody whom the fallback rang is left in peace until that is over.
//
// [Eraser] deletes messages, calls and recordings at the carrier a day after they are on disk, and at once what nobody
// asked to record. It goes only as far as the gap filler came, leaves a message whose files are not here yet, and asks
// the carrier once a day for what is there all the same: ours is deleted, what nobody here knows is counted.
//
// When the database is down every method fails with hotline.ErrUnavailable and nothing is half done. When Redis is
// away, [Watch] knows only the consoles of its own process; nothing else here notices. When the carrier's API is down,
// replies wait in the outbox and are shown as waiting, files stay where they are, and calls that are joined go on.
package intake
