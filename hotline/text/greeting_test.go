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
		if got := Closed(test.language, test.others...); got != closed[test.want] {
			t.Errorf("Closed(%q, %v) = %q, want that of %s", test.language, test.others, got, test.want)
		}
	}
	for code, words := range greetings {
		if closed[code] == "" || closed[code] == words {
			t.Errorf("while it is closed the greeting in %s is %q", code, closed[code])
		}
		for _, words := range []string{words, closed[code]} {
			if n := len(Split(words)); n != 1 {
				t.Errorf("the greeting in %s is sent in %d parts", code, n)
			}
			for _, telling := range []string{"http", "www", "hotline", "help", "hjælp", "ayuda", "aide", "ajutor", "traffick"} {
				if strings.Contains(strings.ToLower(words), telling) {
					t.Errorf("the greeting in %s tells too much: %q", code, words)
				}
			}
		}
	}
}
