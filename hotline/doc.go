// Package hotline is the vocabulary of the house: contacts, messages, users, offers, notes, triage, and the rules by
// which a contact changes.
//
// It is pure: no I/O, no clock, no goroutine, no logger, and it imports nothing of ours. Time comes in with the event.
//
// The heart is [Rules.Apply]: state × event → state and effects. Storage runs it inside one SQL transaction, the
// tests search all its states, and nothing else decides what may happen to a contact. Its promises:
//
//   - only a human with an outcome closes a contact; no timer, no missing console and no machine ever does;
//   - at most one person owns a contact, and an owner changes only by an accepted offer, an accepted transfer, a take
//     of what waits or is overdue, or an owner whom nobody can reach;
//   - every state but a closed one either waits for a human who sees it or carries the time of its next step
//     ([Rules.Due]);
//   - an offer belongs to one epoch, and the epoch only rises; facts about a leg carry the epoch under which it was
//     rung, and a late one changes nothing;
//   - only the caller's own leg ends a call, and a call never outlives its contact.
//
// Addresses print masked. The full form needs [Address.Full].
package hotline
