// Package fallback answers the telephone when the whole house is down. It runs on another machine, at another place,
// as `hopeline fallback`, and each number's fallback address at the carrier points to it.
//
// The house pushes a [Plan] to it: who is on duty on which line in the next days, and a number outside that is rung
// last. The [Host] keeps it sealed in a file, and from it makes documents for the carrier: it rings one person after
// another, and whoever presses 1 has the call. When nobody does, the caller can leave a message at the carrier.
//
// # What holds
//
//   - Only a key press accepts. A voicemail box, a pocket or a time-out ends that leg, and the next person is rung.
//   - Nobody is turned away: without a plan, or on a line that the plan does not know, there is still the message.
//   - Who was tried is in the addresses of the documents, by id and never by place, so a plan that changes during a
//     call tries nobody twice and leaves nobody out. The host itself remembers nothing of a call.
//   - A counsellor's phone shows the line's number, never the caller's, and hears nothing about the caller.
//   - A number is given only to the carrier, in an answer to a request that it signed; every other is 403. The plan
//     cannot be read back, its digest only with the token. The file opens only with the token.
//   - It dials numbers in international form only, so never an emergency number.
//   - Nothing here keeps a word, a name or the number of a caller, and the log holds counts alone.
//
// # What it needs
//
// The carrier, the account's token, and a file. It asks nobody: while the house is away the last plan holds, and its
// duty runs out when the days that it covers are over. Then the number outside and the message are left.
//
// Texts need nothing from it: it answers them with an empty document, the carrier keeps them, and the house finds them
// when it is back.
//
// For an organisation without another machine, [Documents] gives fixed documents for the carrier's own hosting. They lie
// at open addresses, so they hold no counsellor's number: only the one outside.
package fallback
