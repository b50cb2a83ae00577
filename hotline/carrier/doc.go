// Package carrier is the edge to Twilio and to carriers that speak its dialect. Its words (Sid, Body, SmsStatus) stop
// here: inside the house there are [hotline.Inbound], [hotline.Report], [hotline.Outgoing] and [hotline.Handed].
//
// # Coming in
//
// [Webhooks] serves POST /twilio/message, /twilio/message/status, /twilio/voice and /twilio/voice/status. It stands at
// the root of the listener: when the public URL has a path, the proxy in front takes it off. What holds:
//
//   - Nothing is believed before its signature is checked by [Signer], over the configured public URL and never over
//     the Host header or what a proxy adds. A signature has no separators between names and values, so a form whose
//     borders were moved still fits; the mandatory fields are asked for as well.
//   - A person is never turned away for odd content: a stray percent sign, a semicolon, bytes that are no UTF-8, an
//     unknown field or type. A text is answered 200 only after [Desk] kept it, else 503, so that the carrier goes to
//     its fallback. A carrier that hangs up early does not stop the keeping.
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
// # Going out
//
// [Client] hands one send to the carrier and says what became of it in one of the five classes of [hotline.Class]. The
// carrier has no idempotency key: whenever it may have taken the text the class is Unsure, and [Client.Find] looks for
// it in the carrier's list. Only what certainly never left (no connection was had) or was answered 429 is Again.
//
// twilio-go builds the requests and decodes the answers; its traps are worked around in exchange.go and mend.go, each
// named there.
//
// # When the carrier is down
//
// Send returns Again or Unsure within the timeout and nothing else happens; the outbox keeps what waits. When the
// desk's database is down, webhooks are answered 503.
package carrier
