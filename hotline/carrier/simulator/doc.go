// Package simulator is a phone company on loopback: it has numbers, phones, messages, calls and a REST API that
// answers as Twilio's does, and it calls the webhooks of whatever service rents its numbers. End-to-end tests
// drive it as actors ("this phone texts that line, this one rings and is answered"), and the demo puts a page on it.
//
// It imports nothing of the service and shares no code with it: its signer, its form fields, its TwiML reader and
// its list of REST fields are its own, written from the carrier's documentation. That is the point: a mistake
// made twice in one place would go unseen.
//
// # Shape
//
//	c := simulator.New(simulator.Config{AccountSID: sid, AuthToken: token, Tempo: 20}) // an http.Handler: the REST API
//	c.Number("+4570201550", simulator.Webhooks{Message: base + "/twilio/message", Voice: base + "/twilio/voice"})
//	ana := c.Phone("+4520000001")
//	receipt, err := ana.Text(ctx, "+4570201550", "can you help me")  // a signed webhook, and its answer
//	inbox, err := ana.Wait(ctx, 1)                                   // what the service sent her
//	call, err := ana.Call(ctx, "+4570201550")                        // her leg
//	err = call.Hear(ctx, "press 1"); call.Press("1")
//	leg, err := c.Phone("+4530000001").Ringing(ctx); leg.Answer()    // a counsellor's
//	err = call.Meet(ctx, leg); call.HangUp()
//	c.Close()
//	for _, f := range c.Faults() { t.Error(f) }                      // whatever the carrier would not have liked
//
// # What holds
//
//   - What the service did wrong is a [Fault]: an unknown path or form field, an answer that is not TwiML, a text to
//     a phone that nobody has, a leg left open at Close, a caller's number in a name, an address, a caller id or a
//     sentence that is not for the caller ([Leak]). What merely went badly (a 503, a refused connection) is an [Alert],
//     because a service may do so when it is down. A test that ends with faults has failed.
//   - A message that was taken is in the list for ever (until it is deleted), whether or not a webhook came through.
//   - Status callbacks of one message, leg or conference come in order, unless the chaos dial says otherwise; the first
//     status (queued) has none, and a leg that is canceled while it is queued has none at all. Chaos is drawn from a seed
//     and the order in which messages, and legs, were made.
//   - Ids are random, so that a simulator that starts anew beside old data never repeats one.
//   - Nothing leaves the machine: the default transport refuses to dial anything but loopback.
//   - Every goroutine ends in [Carrier.Close], which waits.
//
// # Calls
//
// A call is legs, each a [Call]: an inbound one begins with the number's Voice address, an outgoing one (REST, a
// participant, a Dial) when it is answered. A leg runs one document at a time. REST sends it elsewhere in the middle
// of anything; a request that is under way goes on, and its answer counts for nothing. The time of the call (ringing,
// pauses, time-outs, speech) runs [Config.Tempo] times faster than the clock.
//
// Documents are read strictly: an unknown verb or attribute, a value that cannot be, a verb where it cannot stand, is
// refused with the carrier's code, and the fallback is asked with ErrorCode and ErrorUrl. Where the carrier's own behaviour
// is not documented, this is what happens here:
//
//   - A waitUrl that fails ends the Enqueue with the result error; its action is asked, and without one the verbs after
//     it run. Only the entry, a Redirect, an action, or a document that REST sends goes to the fallback.
//   - A waitUrl of a conference that fails puts the leg out, and is met by the fallback as a document that failed. A hold
//     or an announcement that fails is silence.
//   - Sent elsewhere by REST, a leg's Enqueue tells its action (redirected), a Dial and a Record do not.
//   - The first of a Dial's legs to answer stops the others, before it has heard its own document out.
//   - Who is left alone in a conference that had begun hears nothing.
//   - Who speaks is told (speaker) only of members whom others can hear, and of words, not of keys.
//   - A browser that was there and is gone does not ring (no-answer, 480); its legs end 3 s later. See [Carrier.Softphones].
//   - A bad value of an attribute is 12200, whichever code of its verb the carrier has for it.
//   - A document that repeats itself without taking time is slowed to one round a second of the call.
//
// Keys are pressed as people press them: [Call.Press] presses again until somebody listens, [Call.Tap] does not.
//
// # What is not simulated
//
// Messaging services, scheduled sends, HTTP redirects and cookies, webhook rules, the carrier's own answer to STOP;
// recordings and transcripts of talks, SIP, asynchronous machine detection, speech that is more than the words a test
// gives, hanging up on a star, beeps in a conference: what asks for them is a fault, or has no effect. State is in
// memory only.
//
// When the service is down its webhooks fail here as they would there: one more attempt on a failed connection, or
// what the address's fragment asks for, then the number's fallback, then an alert, and for a call an apology and the end.
package simulator
