package text

import (
	"strings"
	"unicode"
)

// MostUnits is the longest piece, in UTF-16 units. The carrier takes 1,600 characters and does not say whether an
// emoji is one of them or two; so this stays below by either count.
const MostUnits = 1500

// Split cuts a text into pieces of at most [MostUnits], after a line or a word where there is one in the last third,
// else between two characters. Only a single character of more than that, such as a letter under a thousand marks, is
// cut inside. The pieces joined are the text; the blank after a word stays with it. An empty text has no pieces.
func Split(text string) []string {
	var pieces []string
	for text != "" {
		n := cut(text)
		pieces = append(pieces, text[:n])
		text = text[n:]
	}
	return pieces
}

// cut is the length in bytes of the first piece.
func cut(text string) int {
	// The best places so far to cut at: after a line, after a word, between characters, between runes; and, for a text
	// whose rest is blank, before its last character.
	var line, word, char, any, spare int
	units := 0
	var c cluster
	for i, r := range text {
		if i > 0 {
			any = i
			if c.boundary(r) {
				char = i
				switch {
				case c.prev == '\n':
					line, word = i, i
				case unicode.IsSpace(c.prev):
					word = i
				}
				if !unicode.IsSpace(r) {
					spare = i
				}
			}
		}
		units += width(r)
		if units > MostUnits {
			return choose(text, line, word, char, any, spare)
		}
		c.step(r)
	}
	return len(text)
}

// choose takes the best of the places. A carrier refuses a text that is blank, so the rest must not be.
func choose(text string, line, word, char, any, spare int) int {
	n := any
	third := any * 2 / 3
	switch {
	case line > third:
		n = line
	case word > third:
		n = word
	case char > 0:
		n = char
	}
	if spare > 0 && strings.TrimSpace(text[n:]) == "" {
		return spare
	}
	return n
}

// width is the number of UTF-16 units of a rune. A byte that is no text counts as one.
func width(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// cluster walks through a text and knows where one character as people see it ends. The rules are those of extended
// grapheme clusters, in doubt longer: to cut one place too few does no harm.
type cluster struct {
	prev  rune
	flags int  // regional indicators in a row before here
	bound bool // a virama came since the last letter: the next letter is joined to it
}

// step takes the next rune in.
func (c *cluster) step(r rune) {
	if regional(r) {
		c.flags++
	} else {
		c.flags = 0
	}
	c.bound = virama(r) || c.bound && extends(r)
	c.prev = r
}

// boundary tells whether a new character begins with r.
func (c *cluster) boundary(r rune) bool {
	switch {
	case c.prev == '\r' && r == '\n':
		return false
	case extends(r), c.prev == zeroWidthJoiner, prepends(c.prev):
		return c.prev == '\n' || c.prev == '\r'
	case regional(r) && c.flags%2 == 1:
		return false
	case hangul(c.prev) && hangul(r):
		return !jamo(r)
	}
	return !(c.bound && unicode.IsLetter(r))
}

const (
	zeroWidthNonJoiner = '\u200C'
	zeroWidthJoiner    = '\u200D'
)

// extends tells whether r belongs to the character before it: marks and variation selectors, joiners, skin tones, the
// tags of flags, and the Thai and Lao vowel that is written as a letter.
func extends(r rune) bool {
	switch {
	case r < 0x300:
		return false
	case r == zeroWidthJoiner, r == zeroWidthNonJoiner, r == '\u0E33', r == '\u0EB3':
		return true
	case r >= 0x1F3FB && r <= 0x1F3FF, r >= 0xE0020 && r <= 0xE007F, r == 0xFF9E, r == 0xFF9F:
		return true
	}
	return unicode.Is(unicode.M, r)
}

// prepends tells whether r belongs to the character after it: Arabic signs over numbers and their like.
func prepends(r rune) bool {
	return r >= 0x600 && r <= 0x605 || r == 0x6DD || r == 0x70F || r == 0x890 || r == 0x891 || r == 0x8E2 || r == 0x110BD || r == 0x110CD
}

func regional(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

// virama tells whether r binds the letter before it to the one after, in the scripts of India.
func virama(r rune) bool {
	switch r {
	case 0x94D, 0x9CD, 0xA4D, 0xACD, 0xB4D, 0xBCD, 0xC4D, 0xCCD, 0xD4D, 0xDCA, 0x1039, 0x17D2:
		return true
	}
	return false
}

// jamo tells whether r is a part of a Korean syllable that is not its beginning; hangul whether it may be in one.
func jamo(r rune) bool { return r >= 0x1160 && r <= 0x11FF || r >= 0xD7B0 && r <= 0xD7FB }

func hangul(r rune) bool {
	return r >= 0x1100 && r <= 0x11FF || r >= 0xA960 && r <= 0xA97C || r >= 0xAC00 && r <= 0xD7A3 || r >= 0xD7B0 && r <= 0xD7FB
}
