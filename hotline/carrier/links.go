package carrier

import (
	"crypto/rand"
	"net/url"
	"strings"

	"hopeline/hotline"
)

// Paths of the webhooks. The first four are known to the carrier's configuration; the rest is given out in documents.
const (
	pathMessage       = "/twilio/message"
	pathMessageStatus = "/twilio/message/status"
	pathVoice         = "/twilio/voice"
	pathVoiceStatus   = "/twilio/voice/status"

	pathLanguage = "/twilio/voice/language"
	pathWait     = "/twilio/voice/wait"
	pathKey      = "/twilio/voice/key"
	pathCaller   = "/twilio/voice/caller"
	pathRecorded = "/twilio/voice/recorded"
	pathLeg      = "/twilio/voice/leg"
	pathLegKey   = "/twilio/voice/leg/key"
	pathLegAfter = "/twilio/voice/leg/after"
	pathHold     = "/twilio/voice/hold"
	pathRoom     = "/twilio/voice/room"
	pathSounds   = "/twilio/voice/prompts/"

	pathTest    = "/twilio/voice/test"
	pathTestKey = "/twilio/voice/test/key"

	pathBackup      = "/twilio/voice/backup"
	pathBackupKey   = "/twilio/voice/backup/key"
	pathBackupAfter = "/twilio/voice/backup/after"
)

// Names in the queries of our addresses. They hold opaque ids, and what a document said a key means: nothing of anybody.
const (
	queryMessage = "m"
	queryPart    = "p"
	queryContact = "c"
	queryLeg     = "l"
	queryTest    = "t"
	queryStep    = "n" // of a document that takes a key: a second press has another, a repetition the same
	queryMenu    = "k" // which keys the document offered
	queryDigit   = "d" // the key, when we have to ask again for what comes after it
	queryAgain   = "q" // she comes out of a queue: 1, or 2 when she had not waited in the one before either
	queryTried   = "b" // when the backup was tried for her
)

// links makes our addresses. The zero value makes them without a host, for a handler that answers nobody.
type links struct{ public *url.URL }

// to is the address of a path; pairs are names and values of its query, in this order.
func (l links) to(path string, pairs ...string) string {
	var b strings.Builder
	if l.public != nil {
		u := url.URL{Scheme: l.public.Scheme, User: l.public.User, Host: l.public.Host}
		b.WriteString(u.String() + strings.TrimRight(l.public.EscapedPath(), "/"))
	}
	b.WriteString(path)
	for i := 0; i+1 < len(pairs); i += 2 {
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString(pairs[i] + "=" + url.QueryEscape(pairs[i+1]))
	}
	return b.String()
}

func (l links) contact(path string, c hotline.ContactID) string {
	return l.to(path, queryContact, string(c))
}

func (l links) leg(path string, id hotline.LegID) string { return l.to(path, queryLeg, string(id)) }

func (l links) test(path string, id hotline.TestID) string { return l.to(path, queryTest, string(id)) }

// keys is the address that a caller's key goes to. Each has a step of its own.
func (l links) keys(c hotline.ContactID, m menu, tried string) string {
	return l.to(pathKey, marked(tried, queryContact, string(c), queryMenu, string(m), queryStep, rand.Text()[:12])...)
}

// marked adds to the pairs of a query when the backup was tried, if it was.
func marked(tried string, pairs ...string) []string {
	if tried == "" {
		return pairs
	}
	return append(pairs, queryTried, tried)
}

func (l links) sound(code, name string) string {
	return l.to(pathSounds + code + "/" + name + soundEnding)
}
