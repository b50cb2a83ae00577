package auth

import (
	"errors"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The bounds of a password: characters at least, bytes at most.
const (
	MinPassword = 12
	MaxPassword = 1024
)

// What CheckPassword and Hasher.Hash say of a password that will not do, in
// words meant for the person who chose it.
var (
	ErrShort = errors.New("this password is too short: use at least 12 characters; a few words in a row are easy to remember")
	ErrLong  = errors.New("this password is too long: use at most 1024 bytes")
)

// CheckPassword returns nil, ErrShort or ErrLong. Length is the only rule:
// demanded digits and signs make passwords worse, not better.
func CheckPassword(password string) error {
	if len(password) > MaxPassword {
		return ErrLong
	}
	if utf8.RuneCountInString(composed(password)) < MinPassword {
		return ErrShort
	}
	return nil
}

// composed spells letters one way: some keyboards send "å" as one character and
// some as two, and the same password has to fit from both.
func composed(password string) string { return norm.NFC.String(password) }
