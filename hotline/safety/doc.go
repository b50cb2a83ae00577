// Package safety is the one gate that every outgoing word passes.
//
// It is one pure function, [Check]. Its answer is a [Clearance], which nothing else can make; storage takes nothing
// into the outbox without one, so there is no other way out of the house.
//
// [Greet] is the same gate for the one automatic text of a contact.
//
// The rule for now: we do not initiate. The assignee may answer in a live contact that the person began and that has
// not been quiet for longer than the line's time. After that she is asked whether it is still safe to write, and her
// yes is audited. What a person agreed to (channels, hours, words) will open more here and nowhere else.
package safety
