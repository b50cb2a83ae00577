package auth

import (
	"crypto/subtle"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
)

// Issuer names us in an authenticator app. It says nothing to somebody who looks
// over a shoulder or finds the phone.
const Issuer = "Notes"

const (
	// period is the length of a step, in seconds; apps know no other.
	period = 30

	// minSecret is the fewest letters that are a secret, 80 bits. The library
	// takes an empty one, whose codes anybody can work out.
	minSecret = 16
)

// NewTOTP returns a fresh second-factor secret (160 bits in base32, to be stored
// sealed) and the otpauth:// address by which an app takes it up: six digits,
// SHA-1, 30 s.
func NewTOTP(issuer, account string) (secret, otpauthURL string, err error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: account, Period: period, SecretSize: 20})
	if err != nil {
		return "", "", fmt.Errorf("make second factor: %w", err)
	}
	return key.Secret(), key.URL(), nil
}

// CheckTOTP says whether code is right for secret at this time, give or take one
// step of 30 s, and belongs to a later step than lastStep, the last one used (0
// at first). The caller stores step on the condition that the stored one is still
// lower, and lets the person in only if that changed a row: a code counts once,
// also when it comes twice at the same instant. Spaces in code are ignored. A
// secret that is none fits no code.
func CheckTOTP(secret, code string, at time.Time, lastStep int64) (step int64, ok bool) {
	if len(strings.TrimSpace(secret)) < minSecret {
		return 0, false
	}
	code = strings.Map(withoutSpace, code)
	now := at.Unix() / period
	// All three are computed whatever fits, so that the time taken says nothing.
	for candidate := now - 1; candidate <= now+1; candidate++ {
		want, err := hotp.GenerateCode(secret, uint64(candidate))
		fits := subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1
		if err == nil && fits && candidate > lastStep {
			step, ok = candidate, true
		}
	}
	return step, ok
}

func withoutSpace(r rune) rune {
	if unicode.IsSpace(r) {
		return -1
	}
	return r
}
