package auth

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/hotp"
)

// rfcSecret is the key of RFC 6238, appendix B, in base32; its codes there have
// eight digits, of which an app shows the last six.
const rfcSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

func TestCheckTOTPKnowsTheCodesOfTheStandard(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		unix int64
		code string
	}{
		{59, "287082"}, {1111111109, "081804"}, {1111111111, "050471"},
		{1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"},
	} {
		step, ok := CheckTOTP(rfcSecret, c.code, time.Unix(c.unix, 0), 0)
		if !ok || step != c.unix/30 {
			t.Errorf("CheckTOTP(%s) at %d = %d, %v, want %d", c.code, c.unix, step, ok, c.unix/30)
		}
	}
}

func TestCheckTOTPTakesACodeOnceAndNearItsTime(t *testing.T) {
	t.Parallel()
	const code, step = "005924", 1234567890 / 30
	start := time.Unix(step*30, 0)
	for _, c := range []struct {
		name, secret, code string
		at                 time.Time
		last               int64
		want               bool
	}{
		{"first second", rfcSecret, code, start, 0, true},
		{"a step early", rfcSecret, code, start.Add(-30 * time.Second), 0, true},
		{"more than a step early", rfcSecret, code, start.Add(-31 * time.Second), 0, false},
		{"a step late", rfcSecret, code, start.Add(59 * time.Second), 0, true},
		{"more than a step late", rfcSecret, code, start.Add(60 * time.Second), 0, false},
		{"again", rfcSecret, code, start, step, false},
		{"after a later one", rfcSecret, code, start, step + 1, false},
		{"after the one before", rfcSecret, code, start, step - 1, true},
		{"spaced", rfcSecret, " 005 924\u00a0\n", start, 0, true},
		{"secret in small letters", strings.ToLower(rfcSecret), code, start, 0, true},
		{"wrong", rfcSecret, "005925", start, 0, false},
		{"without its zeros", rfcSecret, "5924", start, 0, false},
		{"eight digits", rfcSecret, "89005924", start, 0, false},
		{"empty", rfcSecret, "", start, 0, false},
		{"letters", rfcSecret, "abcdef", start, 0, false},
		{"not a secret", "1189!!!!11891189", code, start, 0, false},
	} {
		got, ok := CheckTOTP(c.secret, c.code, c.at, c.last)
		if ok != c.want || ok && got != step {
			t.Errorf("%s: CheckTOTP = %d, %v, want %v", c.name, got, ok, c.want)
		}
	}
}

func TestWithoutASecretNoCodeFits(t *testing.T) {
	t.Parallel()
	at := time.Unix(1234567890, 0)
	for _, secret := range []string{"", " ", "GE", "========", strings.Repeat(" ", 32), strings.Repeat("=", 32)} {
		// What somebody would work out who knows that there is no secret.
		code, err := hotp.GenerateCode(secret, uint64(at.Unix()/30))
		if _, ok := CheckTOTP(secret, code, at, 0); ok {
			t.Errorf("CheckTOTP(%q, %s) = true (%v)", secret, code, err)
		}
	}
}

func TestNewTOTPIsWhatAnAppTakesUp(t *testing.T) {
	t.Parallel()
	secret, address, err := NewTOTP(Issuer, "ann+night@example.org")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/Notes:ann+night@example.org" {
		t.Errorf("address = %s://%s%s", u.Scheme, u.Host, u.Path)
	}
	for name, want := range map[string]string{"secret": secret, "issuer": "Notes", "digits": "6", "period": "30", "algorithm": "SHA1"} {
		if got := u.Query().Get(name); got != want {
			t.Errorf("%s = %s, want %s", name, got, want)
		}
	}
	if other, _, _ := NewTOTP(Issuer, "ann+night@example.org"); len(secret) != 32 || other == secret {
		t.Error("the secret is not 32 fresh letters")
	}
	if _, _, err := NewTOTP(Issuer, ""); err == nil {
		t.Error("NewTOTP without an account = nil, want an error")
	}
}
