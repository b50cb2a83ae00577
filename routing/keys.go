package routing

import (
	"slices"
	"strconv"
	"strings"
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
	idle     string // ZSET user → rank: who can be asked now
	tongues  string // ZSET of "language rank user", each 0, for the idle
	users    string // HASH user → record: who is available
	asked    string // SET of users who are being asked
	seen     string // ZSET user → when last reachable, ms
	claims   string // ZSET of "c contact" and "u user" → till ms: matched, not yet offered
	state    string // HASH generation, run, built (ms)
	builder  string // STRING with an expiry: who rebuilds
}

func keysUnder(prefix string) keys {
	k := func(name string) string { return "{" + prefix + "}:" + name }
	return keys{
		queue: k("queue"), contacts: k("contacts"), lapping: k("lapping"), clock: k("clock"), idle: k("idle"),
		tongues: k("tongues"), users: k("users"), asked: k("asked"), seen: k("seen"), claims: k("claims"),
		state: k("state"), builder: k("builder"),
	}
}

// rebuilt are the keys that a rebuild begins anew.
func (k keys) rebuilt() []string {
	return []string{k.queue, k.contacts, k.lapping, k.clock, k.idle, k.tongues, k.users, k.asked, k.claims}
}

// behind is what puts a user behind all who answer, and a priority before the next lower one: more milliseconds than
// will pass before the year 2286. Eight hundred of them are still whole numbers in a double.
const behind = 10_000_000_000_000

const priorityMost = 800

// order is a contact's place in the queue, smallest first: priority, then who has waited longest. Equal ones go by id.
func order(w hotline.Waiting) int64 {
	since := min(max(ms(w.Since), 0), behind-1)
	return since - int64(min(max(w.Priority, -priorityMost), priorityMost))*behind
}

// rank is a user's place among the idle, smallest first: whoever answers, then the longest idle. Equal ones go by id.
func rank(c hotline.Candidate) int64 {
	asked := min(max(ms(c.LastAsked), 0), behind-1)
	if c.Missed >= hotline.MissedLimit {
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

// contactRecord is all that match.lua reads of a contact: flag, language, preferred, tried. An id holds no white space.
func contactRecord(w hotline.Waiting) string {
	words := append(make([]string, 0, 3+len(w.Tried)), "w", orDash(code(w.Language)), orDash(string(w.Preferred)))
	if w.Rests {
		words[0] = "r"
	}
	for _, u := range w.Tried {
		words = append(words, string(u))
	}
	return strings.Join(words, " ")
}

// triedIn gives the users of a record that have no more to be asked.
func triedIn(record string) []hotline.UserID {
	words := strings.Fields(record)
	if len(words) < 3 {
		return nil
	}
	tried := make([]hotline.UserID, 0, len(words)-3)
	for _, w := range words[3:] {
		tried = append(tried, hotline.UserID(w))
	}
	return tried
}

// userRecord is all that match.lua reads of a user: free, offered, rank, languages. It is empty for whoever is not
// available. The rank has one width, so that members of tongues sort by it.
func userRecord(c hotline.Candidate) string {
	if !c.Available {
		return ""
	}
	var b strings.Builder
	b.WriteString(strconv.Itoa(max(c.FreeTexts, 0)))
	b.WriteString(map[bool]string{false: " 0 ", true: " 1 "}[c.Offered])
	digits := strconv.FormatInt(rank(c), 10)
	b.WriteString(strings.Repeat("0", max(14-len(digits), 0)) + digits)
	for _, l := range languages(c) {
		b.WriteString(" " + l)
	}
	return b.String()
}

// languages are a candidate's codes, each once.
func languages(c hotline.Candidate) []string {
	var codes []string
	for _, l := range c.Languages {
		if l = code(l); l != "" && !slices.Contains(codes, l) {
			codes = append(codes, l)
		}
	}
	return codes
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
