// Package intake is what the house does: one method of [Desk] for each thing that happens to a contact, and the outbox
// that carries replies to the carrier.
//
// A method checks who asks, lets storage do it in one transaction, and returns. Whoever has to know (router, consoles,
// outbox) is told by storage after the commit through [Feed]; a method never tells anybody itself.
//
// When the database is down every method fails with hotline.ErrUnavailable and nothing is half done. When Redis or a
// console is away, nothing here notices. When the carrier's API is down, replies wait in the outbox and are shown as
// waiting.
package intake
