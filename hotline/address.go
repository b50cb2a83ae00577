package hotline

import (
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// Channel is the way a contact came.
type Channel string

// The channels of the contract.
const (
	Voice    Channel = "voice"
	SMS      Channel = "sms"
	WhatsApp Channel = "whatsapp"
	Other    Channel = "other"
)

// Address is where somebody can be reached, kept exactly as the carrier gave it: "+4520…", "whatsapp:+4520…",
// "whatsapp:DK.12…", a short code, a name, or nothing at all. It prints masked.
type Address struct{ full string }

// AddressOf keeps text as it came.
func AddressOf(text string) Address { return Address{full: text} }

// Full is the address in clear, for the carrier, for sealing, and for a screen whose user may see it.
func (a Address) Full() string { return a.full }

// String is a mask that tells nothing but the channel.
func (a Address) String() string {
	if a.full == "" {
		return "(no address)"
	}
	return "(" + string(a.Channel()) + " address)"
}

// GoString masks %#v.
func (a Address) GoString() string { return a.String() }

// MarshalText masks the address in JSON and logs; an edge that may show it writes Full.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// scheme splits "whatsapp:+45…" into "whatsapp" and "+45…"; a plain number has no scheme.
func (a Address) scheme() (scheme, rest string) {
	head, tail, found := strings.Cut(a.full, ":")
	if !found {
		return "", strings.TrimSpace(a.full)
	}
	return strings.ToLower(strings.TrimSpace(head)), strings.TrimSpace(tail)
}

// Channel tells the messaging channel from the address's scheme. A call is known by its webhook, never by this.
func (a Address) Channel() Channel {
	switch scheme, _ := a.scheme(); scheme {
	case "":
		return SMS
	case "whatsapp":
		return WhatsApp
	default:
		return Other
	}
}

// Line is the number of ours that an address of ours belongs to: "whatsapp:+45…" and "+45…" are one line.
func (a Address) Line() LineID {
	_, rest := a.scheme()
	return LineID(rest)
}

// withheldCodes are numbers that carriers send when there is no number: words spelled on a keypad.
// Source: observed carrier traffic; ANONYMOUS, RESTRICTED, UNAVAILABLE, UNKNOWN (two spellings), BLOCKED.
var withheldCodes = map[string]bool{
	"266696687": true, "7378742833": true, "86282452253": true, "8656696": true, "8566696": true, "2562533": true,
}

// withheldWords are what carriers write in place of a number, in any case.
var withheldWords = []string{
	"anonymous", "unknown", "restricted", "unavailable", "blocked", "private", "withheld", "no caller id", "not available",
}

// Withheld tells whether nobody can be told apart by this address: each such contact is its own.
func (a Address) Withheld() bool {
	_, rest := a.scheme()
	// A client: or sip: address may carry the word before an @.
	rest, _, _ = strings.Cut(rest, "@")
	rest = strings.TrimSpace(rest)
	if rest == "" || rest == "+" || withheldCodes[strings.TrimPrefix(rest, "+")] {
		return true
	}
	// The carrier promises only a text that contains such a word. Taking a name for one costs a second contact;
	// missing one would put two people into the same.
	words := strings.FieldsFunc(strings.ToLower(rest), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	text := " " + strings.Join(words, " ") + " "
	for _, w := range withheldWords {
		if strings.Contains(text, " "+w+" ") {
			return true
		}
	}
	return false
}

// Answerable tells whether a message could go back to this address: it is not withheld and not a name
// (an alphanumeric sender cannot receive).
func (a Address) Answerable() bool {
	if a.Withheld() {
		return false
	}
	scheme, rest := a.scheme()
	if scheme != "" {
		return true
	}
	return strings.Trim(strings.TrimPrefix(rest, "+"), "0123456789") == ""
}

// longestShort is how many digits a short code has at most. Source: the carrier.
const longestShort = 6

// AnswersBack tells whether a human may read what is sent to this address: it is answerable, and no short code, behind
// which a machine sends.
func (a Address) AnswersBack() bool {
	if !a.Answerable() {
		return false
	}
	scheme, rest := a.scheme()
	return scheme != "" || strings.HasPrefix(rest, "+") || len(rest) > longestShort
}

// Key is the form by which two spellings of one address are the same: channel and E.164 where the text is a plain
// number that begins with +, else the text itself. No region is ever guessed. It is for the keyed index only, never for
// dialling.
func (a Address) Key() string {
	scheme, rest := a.scheme()
	if strings.HasPrefix(rest, "+") {
		rest = e164(rest)
	}
	return scheme + ":" + rest
}

// e164 drops what is written between the digits of a number, and the trunk zero of a valid one. Whatever else is in the
// text stays: the parser would cut extensions and second numbers off, and two addresses would be one.
func e164(text string) string {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -.()", r) {
			return -1
		}
		return r
	}, text)
	if strings.Trim(digits[1:], "0123456789") != "" {
		return text
	}
	// A trunk zero stands behind a country code of one to three digits. Most numbers have none there, and need no parser.
	if len(digits) < 5 || !strings.Contains(digits[2:5], "0") {
		return digits
	}
	if n, err := phonenumbers.Parse(digits, ""); err == nil && phonenumbers.IsValidNumber(n) {
		return phonenumbers.Format(n, phonenumbers.E164)
	}
	return digits
}

// Shown is the address as a person reads it: spaced by its country's habit when it is a number, as it came otherwise.
func (a Address) Shown() string {
	_, rest := a.scheme()
	if !strings.HasPrefix(rest, "+") {
		return rest
	}
	n, err := phonenumbers.Parse(rest, "")
	if err != nil {
		return rest
	}
	return phonenumbers.Format(n, phonenumbers.INTERNATIONAL)
}
