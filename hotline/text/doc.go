// Package text knows what a carrier and a router need to know about words: where a long text may be cut, and which
// language a short one is probably in.
//
// It is pure and depends on nothing. What holds:
//
//   - [Split] loses nothing: its pieces joined are the text, byte for byte. No piece is longer than a carrier surely
//     takes, and none begins inside what a person sees as one character.
//   - [GuessLanguage] would rather say nothing than something wrong. It is a suggestion on a screen; it chooses among
//     counsellors and excludes nobody, and what a human said always stands above it.
package text
