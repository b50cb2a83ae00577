package auth

import (
	"strings"
	"testing"
)

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, password string
		want           error
	}{
		{"empty", "", ErrShort},
		{"eleven", "12345678901", ErrShort},
		{"twelve", "123456789012", nil},
		{"twelve of two bytes", strings.Repeat("å", 12), nil},
		{"eleven of four bytes", strings.Repeat("🌊", 11), ErrShort},
		{"eleven, each spelled as two", strings.Repeat("a\u030a", 11), ErrShort},
		{"words", "correct horse battery", nil},
		{"longest", strings.Repeat("x", 1024), nil},
		{"too long", strings.Repeat("x", 1025), ErrLong},
	} {
		if got := CheckPassword(c.password); got != c.want {
			t.Errorf("CheckPassword(%s) = %v, want %v", c.name, got, c.want)
		}
	}
}
