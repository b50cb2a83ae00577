package routing

import (
	"time"

	"hopeline/hotline"
)

// keys are all the keys there are in Redis. They share one hash tag, so that a cluster keeps them together and a
// script may touch any of them. None of them outlives a rebuild but seen.
type keys struct {
	queue    string // ZSET contact → order: whoever waits, resting ones too
	contacts string // HASH contact → version and record
	lapping  string // SET of contacts that wait, do not rest, and were refused by somebody
	clock    string // ZSET contact → due ms
	texts    string // ZSET of seats, each 0: who can be asked for a text now
	calls    string // the same for a call
	users    string // HASH user → record: who is on duty and may be reached
	asked    string // SET of users who are being asked
	seen     string // ZSET user → when last reachable, ms
	claims   string // ZSET of "c contact" and "u user" → till ms: matched, not yet offered
	state    string // HASH generation, run, built (ms), lines (somebody is on duty on some only)
	builder  string // STRING with an expiry: who rebuilds
}

func keysUnder(prefix string) keys {
	k := func(name string) string { return "{" + prefix + "}:" + name }
	return keys{
		queue: k("queue"), contacts: k("contacts"), lapping: k("lapping"), clock: k("clock"), texts: k("texts"),
		calls: k("calls"), users: k("users"), asked: k("asked"), seen: k("seen"), claims: k("claims"),
		state: k("state"), builder: k("builder"),
	}
}

// rebuilt are the keys that a rebuild begins anew.
func (k keys) rebuilt() []string {
	return []string{k.queue, k.contacts, k.lapping, k.clock, k.texts, k.calls, k.users, k.asked, k.claims}
}

// behind is what puts a user behind all who answer, and one step of a contact's order before the next: more
// milliseconds than will pass before the year 2286. Eight hundred of them are still whole numbers in a double.
const behind = 10_000_000_000_000

const priorityMost = 400

// order is a contact's place in the queue, smallest first: priority, then calls before texts, since a caller holds the
// line, then who has waited longest. Equal ones go by id.
func order(w hotline.Waiting) int64 {
	since := min(max(ms(w.Since), 0), behind-1)
	step := 2 * int64(min(max(w.Priority, -priorityMost), priorityMost-1))
	if w.Channel == hotline.Voice {
		step++
	}
	return since - step*behind
}

// rank is a user's place among those of one tier, smallest first: whoever answers, then the longest idle. Equal ones go
// by id.
func rank(c hotline.Candidate) int64 {
	asked := min(max(ms(c.LastAsked), 0), behind-1)
	if !c.Answering() {
		asked += behind
	}
	return asked
}

// ms is t in whole milliseconds: Lua's numbers and their spelling differ between the two Redises beyond that. The
// zero time is 0.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// dueMs is a due time in whole milliseconds, never early: SQL would find nothing due yet.
func dueMs(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return ms(t.Add(time.Millisecond - 1))
}

// code is the language as Redis may know it. What does not look like a code chooses nobody, and is kept out of Redis:
// a human may have written anything there.
func code(language string) string {
	if language == "" || len(language) > 16 {
		return ""
	}
	for _, r := range language {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_') {
			return ""
		}
	}
	if language == "-" {
		return ""
	}
	return language
}
