package text

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

func units(s string) int { return len(utf16.Encode([]rune(s))) }

func TestSplit(t *testing.T) {
	t.Parallel()
	a := func(n int) string { return strings.Repeat("a", n) }
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"empty", "", nil},
		{"short", "hi", []string{"hi"}},
		{"just fits", a(1500), []string{a(1500)}},
		{"one too many", a(1501), []string{a(1500), "a"}},
		{"after a word", a(1400) + " " + a(200), []string{a(1400) + " ", a(200)}},
		{"word ends where it must", a(1499) + " " + a(9), []string{a(1499) + " ", a(9)}},
		{"a line before a word", a(1200) + "\n" + a(100) + " " + a(300), []string{a(1200) + "\n", a(100) + " " + a(300)}},
		{"a line far up does not count", a(10) + "\n" + a(1400) + " " + a(300), []string{a(10) + "\n" + a(1400) + " ", a(300)}},
		{"a word far up does not count", a(10) + " " + a(1600), []string{a(10) + " " + a(1489), a(111)}},
		{"emoji are two", strings.Repeat("👍", 751), []string{strings.Repeat("👍", 750), "👍"}},
		{"a pair is not torn", a(1499) + "👍", []string{a(1499), "👍"}},
		{"skin tone", a(1498) + "👍🏽", []string{a(1498), "👍🏽"}},
		{"family", a(1495) + "👩‍👩‍👧‍👦x", []string{a(1495), "👩‍👩‍👧‍👦x"}},
		{"heart", a(1499) + "❤️", []string{a(1499), "❤️"}},
		{"keycap", a(1498) + "1️⃣", []string{a(1498), "1️⃣"}},
		{"accent", a(1499) + "e\u0301", []string{a(1499), "e\u0301"}},
		{"flags", a(1494) + "🇩🇰🇷🇴x", []string{a(1494) + "🇩🇰", "🇷🇴x"}},
		{"flag of Scotland", a(1490) + "🏴󠁧󠁢󠁳󠁣󠁴󠁿", []string{a(1490), "🏴󠁧󠁢󠁳󠁣󠁴󠁿"}},
		{"line ends", a(1499) + "\r\n" + a(3), []string{a(1499), "\r\n" + a(3)}},
		{"Thai", a(1498) + "น้ำ", []string{a(1498), "น้ำ"}},
		{"Hindi", a(1498) + "क्ष", []string{a(1498), "क्ष"}},
		{"Korean parts", a(1498) + "\u1112\u1161\u11ab", []string{a(1498), "\u1112\u1161\u11ab"}},
		{"Korean syllables", a(1499) + "한국", []string{a(1499) + "한", "국"}},
		{"no blank piece at the end", a(1498) + "bc" + "  ", []string{a(1498) + "b", "c  "}},
		{"blank alone", strings.Repeat(" ", 1501), []string{strings.Repeat(" ", 1500), " "}},
	} {
		if got := Split(c.text); !slices.Equal(got, c.want) {
			t.Errorf("%s: Split = %d pieces %v, want %v", c.name, len(got), lengths(got), lengths(c.want))
		}
	}
}

func lengths(pieces []string) (all []int) {
	for _, p := range pieces {
		all = append(all, units(p))
	}
	return all
}

// A letter under more marks than fit is cut, but never inside a rune.
func TestSplitEndlessCharacter(t *testing.T) {
	t.Parallel()
	text := "e" + strings.Repeat("\u0301", 4000)
	pieces := Split(text)
	if len(pieces) != 3 || strings.Join(pieces, "") != text {
		t.Fatalf("Split = %v", lengths(pieces))
	}
	for _, p := range pieces {
		if !utf8.ValidString(p) || units(p) > MostUnits {
			t.Errorf("a piece of %d units, valid %v", units(p), utf8.ValidString(p))
		}
	}
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{"", "hi", "e\u0301 👩‍👩‍👧‍👦 🇩🇰🇷🇴", "\xff\xfe", "a b\nc\r\n"} {
		f.Add(s, 700)
	}
	f.Fuzz(func(t *testing.T, s string, n int) {
		if len(s) == 0 || len(s) > 200 {
			return
		}
		text := strings.Repeat(s, min(max(n, 1), 2000))
		pieces := Split(text)
		if got := strings.Join(pieces, ""); got != text {
			t.Fatalf("the pieces of %q × %d are not the text", s, n)
		}
		for i, p := range pieces {
			if p == "" || units(p) > MostUnits {
				t.Fatalf("piece %d of %q × %d has %d units", i, s, n, units(p))
			}
			if utf8.ValidString(text) && !utf8.ValidString(p) {
				t.Fatalf("piece %d of %q × %d is cut inside a rune", i, s, n)
			}
		}
	})
}

func BenchmarkSplit(b *testing.B) {
	text := strings.Repeat("Vi kan hjælpe dig, hvis du vil. ", 150)
	b.ReportAllocs()
	for b.Loop() {
		if len(Split(text)) != 4 {
			b.Fatal("pieces")
		}
	}
}
