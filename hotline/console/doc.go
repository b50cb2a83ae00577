// Package console is the edge to counsellors: the websocket that their pages live on, and the few HTTP questions around
// it. It knows the words of package hotline, declares the methods that it calls, and decides nothing about a contact
// itself but who may see what.
//
// # The wire
//
// GET /ws, subprotocol hopeline.v1. The one Origin of the request is the public address's, else 403; the session cookie
// is good, else 401. Text frames hold one JSON object each. A page asks
//
//	{"id":"c1","do":"offer.accept","args":{"contact":"…"}}
//
// and is answered, in the order in which it asked,
//
//	{"re":"c1","ok":true,"result":{…}}
//	{"re":"c1","error":{"code":"conflict","message":"…"}}
//
// On its own the server says
//
//	{"event":"message.added","seq":41,"data":{…}}
//
// The first frame of all is the event hello: it takes the place of whatever the page knew, so a page that was cut off
// for a second or for a night sees the same. Seq goes up by one with each event of the connection; a page that sees a
// gap connects again. Times are RFC 3339 in UTC, or null; ids are opaque; lists are never null; fields that are not known
// are ignored on both sides. Objects are in objects.go, events in events.go, commands with their arguments and results
// in desk.go, calls.go, rota.go and the files beside it, and app/src/protocol.ts is made from these by the test of the
// types. testdata holds conversations, byte for byte.
//
// When somebody's duty begins or ends, and when a rota is saved, system.changed carries rota_saved and on_duty_note as a
// hello would. The rota's users are e-mail addresses on the wire, as in a file, and everybody who is logged in may read
// them.
//
// The plan of who comes when is duty.plan, one's own duty duty.mine; duty.changed says that either may be another, and to
// ask again. A shift's id stays when the grid is edited, as long as its slot keeps its id. Swaps and handovers are told
// whole. GET /calendar/SECRET.ics is somebody's duties for a calendar: the address is the key, there is no session.
// calendar.give makes that of an interpreter for a supervisor, who hands it over and is never shown it again; calendar.take
// ends it. The other way calendar.follow lets the house read a calendar of one's own, as a hint of when one is away: of it nothing but
// busy times is kept, and it only ever warns.
//
// A supervisor asks a line's people for their wishes of some days by wish.ask; wish.link gives the address of one of them,
// /days#SECRET, for her to send. Its page asks POST /api/days with {"secret"}, and says one thing of one day at POST
// /api/days/answer with {"secret","date","kind"}; an empty kind takes it back. There is no session: a secret opens the
// wishes of one person for those days and nothing else, until the last of them, or until the line asks anew or no more.
//
// A contact that is a call has call beside the rest, with who is in it: nobody listens unseen. A page steers a call by
// the commands call.hold, mute, keys, hangup, invite, interpret, release, back, and for a supervisor listen; call.leave is
// for who was invited or listens. What comes of each is told by contact.changed; a key that the caller presses is a message. The
// page is itself a phone by what GET /api/voice gives it: driver, token, identity, expires_at; with the driver none, or
// without a microphone, a counsellor's own phone is rung.
//
// call.interpret {contact, language?} is one key: whoever is on duty as an interpreter for the language (the contact's, when
// none is given) is rung on her own phone, the next beside her after 15 s or as soon as one declines, and whose key is the
// first comes into the talk as a guest. The counsellor of a live call may, and supervisors. not_found: nobody is on duty for
// it; conflict: they are all in other calls, or the search cannot begin now; colleagues can be asked by call.invite all the
// same. What comes of it is call.interpreter of contact.changed, within a minute: state ringing (rung says whom), here (user
// came), nobody, left. call.release {contact, user?} lets a guest go, and without a user the interpreter and whoever is
// rung as one; the talk goes on. rota.on_call says in interpreters who is on duty for what; users of the role interpreter
// have no console, answer nobody and are in no tier.
//
// GET /api/media/ID gives a picture, voice note or voicemail to who may read the words of its contact; 404 to everybody
// else, and while the file was not fetched. That it was, or never will be, is told by message.changed, which carries the
// message whole: its media have a size then, or are lost. A type that is not known to be harmless is only to be saved.
//
// A page may let its browser be called while it is closed: push.key gives the key to subscribe with, push.subscribe hands
// over what the browser gave for itself, push.unsubscribe takes it back, and push.test pushes all browsers of the user and
// says how many took it. Each offer is one push to the user's browsers, each alarm one to those of supervisors; a push
// holds no content.
//
// What a contact needs of who is asked stands in it: language, and asks_for, which triage.set sets. unfit_since says that
// nobody who may be asked meets a must of its line; supervisors got the alarm unfit. contact.bar says that somebody is not
// for this person: she is not asked, now and when the person comes back, and may not take her. user.change says what a
// colleague speaks and who she is.
//
// page.test rings somebody's own phone with nobody behind it, and pushes her browsers: her own for everybody, anybody's for
// a supervisor, who may also ask for all that are on duty within a week. What comes of it is page.tested, to her and to
// supervisors; it is kept, and duty.mine and wallboard have the last. So are the calls by which the house asks whether
// somebody is there for her duty, and by which supervisors are rung for an alarm of the rota unless the line is silent.
//
// sound.set is a page's word on whether it would be heard, said when it connects and when that changes; wallboard gives
// the best of a user's pages. It is kept with the socket, so it ends with it. Like console it is known of the pages that
// are open in this process: of one that is open in another, wallboard says console false and sound unknown. Push is in
// SQL and the same everywhere: none, works, or fails when the last push to each of her browsers could not be sent.
//
// rota.try takes what shift.change, rota.template.set, rota.temporary.set, rota.overlay.drop, rota.fill.apply or
// rota.settings.set would, and answers as rota.preview does: what opens, what closes, and whose duty changes. Nothing is
// saved, and no reason is asked for.
//
// The alarms of the rota that stand come to supervisors with hello, too, so that whoever comes later is told. Two kinds,
// report and clocks, are bulletins: bulletin.seen says that she has seen one, and no hello brings it to her again.
//
// contact.danger says that somebody is in immediate danger: contact.changed carries danger_since, and every supervisor's
// page gets the event alarm at once. Its end says on which legal ground something was told to whom, and what came of it.
//
// Codes of errors: invalid, unknown_command, not_found, forbidden, conflict, expired, unavailable, unsafe, throttled; an
// error of the code unsafe may carry retry "safe": the same command again with "safe":true may do, once a human says
// that it is safe. Close codes:
//
//	4001  signed out: the session is over, everywhere
//	4002  too slow: the page did not read; it connects again
//	4003  replaced: a fifth socket of the same user was opened, and this one was the oldest
//	4004  bad frame: no JSON object, no id, or more than 64 KiB
//	1001  the house goes down
//	1012  the user's rights changed; the page connects again
//	1013  the database could not be read for a hello; the page connects again later
//
// # What may be relied on
//
//   - Events tell of what is on disk. Each goes to whoever may know of it at that moment, masked for her: an address to
//     the assignee and to supervisors; words to the assignee, and to supervisors and the last assignee when they opened
//     the contact in that page. Who loses sight of a contact is told once more that it is with somebody else, and no more
//     of it than that.
//   - A user's own actions come to all of her pages as events too, besides the reply to the one that asked. A reply and
//     its events come in either order.
//   - Late news never takes a contact back: of two versions the higher is told. A page that compares the version of what
//     it is told with that of a reply is never wrong for a moment either.
//   - Nothing that a page does, or does not read, makes anybody else wait. A full queue closes the page's socket.
//   - A command that came in is done also when its page goes away, unless the session is over.
//   - After a log-out no event goes to that session any more; a session that was ended by another process or by the
//     command line is noticed within two seconds.
//   - No number, name, note or message is in a log, a figure, an error or an address of ours.
//
// # When something is down
//
// The database: log-in and commands answer unavailable (503), open sockets stay open and keep their sessions, a page
// that connects is sent away with 1013 and tries again. Redis: nothing here depends on it; the event system.changed says
// that the house is slower. Notices that were lost or came too fast: every page gets a hello anew. A page on a dead line is
// dropped 25 s after its last pong.
//
// Behind a proxy: its X-Forwarded-For is believed when the proxy speaks from a loopback or private address, and only its
// last entry; it serves nothing but the throttle of log-ins.
package console
