// Package carrier is the edge to Twilio and to carriers that speak its dialect. Its words (Sid, Body, Digits, SmsStatus)
// stop here: inside the house there are [hotline.Inbound], [hotline.Report], [hotline.Outgoing] and [hotline.Handed],
// and for calls [hotline.CallerPlace], [hotline.LegPlace] and [hotline.LegReport].
//
// # Coming in
//
// [Webhooks] serves POST /twilio/message, /twilio/message/status, /twilio/voice, /twilio/voice/status, and the voice
// addresses that its own documents give out, all under /twilio/voice/. It stands at the root of the listener: when the
// public URL has a path, the proxy in front takes it off. What holds:
//
//   - Nothing is believed before its signature is checked by [Signer], over the configured public URL and never over
//     the Host header or what a proxy adds. A signature has no separators between names and values, so a form whose
//     borders were moved still fits; the mandatory fields are asked for as well.
//   - A person is never turned away for odd content: a stray percent sign, a semicolon, bytes that are no UTF-8, an
//     unknown field or type. A text is answered 200 only after [Desk] kept it, and a call only after [Switchboard]
//     did, else 503, so that the carrier goes to its fallback. A carrier that hangs up early does not stop the keeping.
//   - The same id again is the desk's business; the answer here is the same each time.
//   - Logs and counters know routes and reasons, never a value.
//
// Text inside the house is valid UTF-8 without NUL: bytes that are no UTF-8 become U+FFFD, a NUL becomes U+2400, the
// picture of one. An id that is no short, valid text is replaced by a digest of itself, so that any engine can keep it
// in an index; it stays one row for each. Everything else is kept as it came.
//
// The carrier also says which city and state a number belongs to. That is looked up from the number, not from the
// person, and is dropped.
//
// # Calls
//
// A document says where its leg belongs now, and is made of a place that is read when it is fetched: one that is
// fetched late or twice is right all the same. A caller is greeted, waits in a queue of her own whose waiting document
// is ours, and is taken out of it into a conference; whatever she comes out of, the next document asks again. What holds:
//
//   - After the entry there is no error. When the switchboard fails or takes too long she hears that she is connected,
//     and we are asked again with the same key; the queue's document needs nobody to be answered. A leg of ours is told
//     that we are sorry, and hung up.
//   - Only a key and the switchboard's answer to it let a counsellor's phone in. A key means what the document said that
//     she heard when she pressed it; its address has a step, which a repetition shares and a second press does not.
//   - A test page asks a colleague's phone for key 1 as a page does, has addresses of its own, and is told to [Testbook]; it
//     lets nobody in anywhere.
//   - Nobody is rejected. Only a voicemail is recorded; any other recording that the carrier tells of is an alarm, and is
//     deleted.
//   - What goes to a leg that is not the caller's holds her language and her wait, and nothing else of her. Addresses
//     hold opaque ids.
//   - Callbacks are facts: kept in any order, any number of times, for whoever they are about.
//
// Who comes while the line is closed hears that, in place of the greeting and of the sentences that look for somebody, and
// has no limit to wait for: what others are offered then she is offered at once.
//
// A queue that fails, or does not hold her twice, and a wait over the line's limit lead to [Config.Backup]: a number
// outside is rung, and only its key 1 joins the two. When it presses nothing, or there is none, she can leave a message
// or say nothing and wait on; after three minutes the round may begin again, and when the last began is in the addresses.
// She belongs in line all the while, so whoever takes her call in the house has her. Nobody is asked for what the
// backup's phone hears. While the switchboard does not answer, a queue that fails or lasts two minutes leads there too.
// Who cannot talk stays in her queue: her keys are seen in the house alone. After a talk with the backup the call is over.
//
// # Prompts
//
// What is said has a name and is the same in every language. Words for callers are built in for en, da, es and fr, those
// for colleagues for en and da, and are spoken by the carrier. An organisation puts its own voices over them: a folder
// with "da/greeting.mp3" or "da/greeting.txt" (no names of the organisation in it: somebody else may listen). {key},
// {language}, {seconds} (a number) and {wait} (one with its unit) in words are filled in; a sound is played as it is.
// [CheckPrompts] says what is missing. "closed" is where an organisation says its hours; a language may do without it.
//
// # Going out
//
// [Client] hands one send to the carrier, or asks it to dial, end, move, hold or mute a leg, and says what became of it
// in one of the five classes of [hotline.Class]. The carrier has no idempotency key: whenever it may have taken the text
// the class is Unsure, and [Client.Find] looks for it in the carrier's list; of a leg its own reports tell. Only what
// certainly never left (no connection was had) or was answered 429 is Again. Changing a leg that is over is Taken.
//
// twilio-go builds the requests and decodes the answers; its traps are worked around in exchange.go and mend.go, each
// named there.
//
// The carrier's own lists are asked as well: [Client.Arrived], [Client.CallsSince] and [Client.RecordingsSince] find what
// no webhook brought, [Client.Traces] what is still there, and [Client.Erase] deletes it. The lists' own filters by date
// are not used: they leave out what has no date yet.
//
// # When the carrier is down
//
// Send returns Again or Unsure within the timeout and nothing else happens; the outbox keeps what waits. When the
// desk's database is down, webhooks are answered 503, but for calls under way.
package carrier
