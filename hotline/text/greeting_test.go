package text

import (
	"strings"
	"testing"
)

func TestGreeting(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		language string
		others   []string
		want     string
	}{
		{"da", nil, "da"}, {"th", []string{"en"}, "th"}, {"", []string{"da", "en"}, "da"}, {"vi", []string{"so", "fr"}, "fr"}, {"vi", nil, "en"},
	} {
		if got := Greeting(test.language, test.others...); got != greetings[test.want] {
			t.Errorf("Greeting(%q, %v) = %q, want that of %s", test.language, test.others, got, test.want)
		}
	}
	for code, words := range greetings {
		if n := len(Split(words)); n != 1 {
			t.Errorf("the greeting in %s is sent in %d parts", code, n)
		}
		if lower := strings.ToLower(words); strings.Contains(lower, "http") || strings.Contains(lower, "hotline") || strings.Contains(lower, "help") {
			t.Errorf("the greeting in %s tells too much: %q", code, words)
		}
	}
}
