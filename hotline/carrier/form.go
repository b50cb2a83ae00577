package carrier

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

// field is one name and value of a form, unescaped, bytes as they came.
type field struct{ name, value string }

// form is an application/x-www-form-urlencoded body or query in the order in which it came.
//
// net/url's parser refuses a raw semicolon and a stray percent sign, and would turn a person away for them. Here both
// stand for themselves.
type form []field

func parseForm(text string) form {
	f := make(form, 0, strings.Count(text, "&")+1)
	for part := range strings.SplitSeq(text, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		f = append(f, field{unescape(name), unescape(value)})
	}
	return f
}

// unescape undoes + and %xx. What only looks like an escape stays as it is.
func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '+':
			out = append(out, ' ')
		case s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		default:
			out = append(out, s[i])
		}
	}
	return string(out)
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c&^0x20 - 'A' + 10
}

// get is the first value of name as it came, and whether there is one.
func (f form) get(name string) (string, bool) {
	for i := range f {
		if f[i].name == name {
			return f[i].value, true
		}
	}
	return "", false
}

// has tells whether any of names is there, empty or not.
func (f form) has(names ...string) bool {
	for _, name := range names {
		if _, ok := f.get(name); ok {
			return true
		}
	}
	return false
}

// text is the first of names that has a value, as text that every engine and screen takes.
func (f form) text(names ...string) string {
	for _, name := range names {
		if v, _ := f.get(name); v != "" {
			return clean(v)
		}
	}
	return ""
}

// id is the first of names that has a value, fit for an index.
func (f form) id(names ...string) string {
	for _, name := range names {
		if v, _ := f.get(name); v != "" {
			return tame(v)
		}
	}
	return ""
}

// clean makes valid UTF-8 without NUL: JSON needs the one, PostgreSQL the other.
func clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "\u2400")
	}
	return s
}

// longestID is what every engine takes in an index. The carrier's own ids have 34 characters, others' 36.
const longestID = 128

// tame keeps an id as it came when it is short, valid text, and else replaces it by its digest: two odd ids stay two.
func tame(id string) string {
	if len(id) <= longestID && clean(id) == id {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return "odd-" + hex.EncodeToString(sum[:])
}
