package hotline

import (
	"strings"
	"unicode"
)

// stopWords are words by which a carrier opts a sender out, with the Danish ones. Here they may be a cry for help:
// a human is shown them with a warning, and no machine answers.
var stopWords = map[string]bool{
	"stop": true, "stopall": true, "unsubscribe": true, "cancel": true, "end": true, "quit": true, "revoke": true,
	"optout": true, "opt out": true, "slut": true, "stop alle": true, "afmeld": true,
}

// StopWord tells whether text is nothing but a word that a carrier may take for an opt-out.
func StopWord(text string) bool {
	// Whatever is no letter and no number stands between words: emoji bring invisible marks along.
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	return stopWords[strings.Join(words, " ")]
}
