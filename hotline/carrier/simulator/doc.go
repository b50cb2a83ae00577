// Package simulator is a phone company on loopback: it has numbers, phones, messages and a REST API that
// answers as Twilio's does, and it calls the webhooks of whatever service rents its numbers. End-to-end tests
// drive it as actors ("this phone texts that line"), and the demo puts a page on it.
//
// It imports nothing of the service and shares no code with it: its signer, its form fields, its TwiML reader and
// its list of REST fields are its own, written from the carrier's documentation. That is the point: a mistake
// made twice in one place would go unseen.
//
// # Shape
//
//	c := simulator.New(simulator.Config{AccountSID: sid, AuthToken: token})   // an http.Handler: the REST API
//	c.Number("+4570201550", simulator.Webhooks{Message: base + "/twilio/message"})
//	ana := c.Phone("+4520000001")
//	receipt, err := ana.Text(ctx, "+4570201550", "can you help me")           // a signed webhook, and its answer
//	inbox, err := ana.Wait(ctx, 1)                                            // what the service sent her
//	for _, f := range c.Faults() { t.Error(f) }                               // whatever the carrier would not have liked
//
// # What holds
//
//   - What the service did wrong is a [Fault]: an unknown path or form field, an answer that is not TwiML, a text to
//     a phone that nobody has. What merely went badly (a 503, a refused connection) is an [Alert], because a service
//     may do so when it is down. A test that ends with faults has failed.
//   - A message that was taken is in the list for ever (until it is deleted), whether or not a webhook came through.
//   - Status callbacks of one message come in order, unless the chaos dial says otherwise; the first status
//     (queued) has none. Chaos is drawn from a seed and the order in which messages were made.
//   - Ids are random, so that a simulator that starts anew beside old data never repeats one.
//   - Nothing leaves the machine: the default transport refuses to dial anything but loopback.
//   - Every goroutine ends in [Carrier.Close], which waits.
//
// # What is not simulated
//
// Messaging services, scheduled sends, redirects, webhook rules, the carrier's own answer to STOP, and, for now,
// calls: [Webhooks], [Phone] and the REST router leave them their place. State is in memory only.
//
// When the service is down its webhooks fail here as they would there: one more attempt on a failed connection, or
// what the address's fragment asks for, then the number's fallback, then an alert.
package simulator
