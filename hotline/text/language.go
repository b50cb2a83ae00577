package text

import (
	"strings"
	"unicode"
)

// GuessLanguage is the language that s is probably in: its ISO 639-1 code, "pcm" for Nigerian Pidgin, "ckb" for Sorani,
// "tl" for Tagalog, "hr" for all that is Serbo-Croatian in Latin letters; or "" when the words do not say. Names,
// numbers and a mere hello say nothing. Only the first thousand characters count.
func GuessLanguage(s string) string {
	s = head(s, 1000)
	table, language, letters := scriptOf(s)
	switch {
	case table == nil:
		return latin(s)
	case language != "":
		if letters < 2 {
			return ""
		}
		return language
	}
	return among(table, s)
}

// head is at most the first n runes.
func head(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// among tells apart languages of one script: by a letter that only one has, else by its words.
func among(table *unicode.RangeTable, s string) string {
	s = strings.ToLower(s)
	signs := shared[table]
	letters, first := signLetters[table], len(signs)
	for _, r := range s {
		if i, ok := letters[r]; ok {
			first = min(first, i)
		}
	}
	if first < len(signs) {
		return signs[first].language
	}
	found := make([]int, len(signs))
	for _, word := range strings.FieldsFunc(s, notInWord) {
		for _, i := range signWords[table][word] {
			found[i]++
		}
	}
	best, most, second := "", 0, 0
	for i, n := range found {
		switch {
		case n > most:
			best, most, second = signs[i].language, n, most
		case n > second:
			second = n
		}
	}
	if most == second {
		return ""
	}
	return best
}

func notInWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) }

// tally is what was found for one language.
type tally struct {
	language string
	score    int
	hits     int // words of it
}

// latin guesses by words, and by letters that few languages have.
func latin(s string) string {
	spoken := words(s)
	tallies := make([]tally, 0, len(vocabulary))
	at := func(language string) *tally {
		for i := range tallies {
			if tallies[i].language == language {
				return &tallies[i]
			}
		}
		tallies = append(tallies, tally{language: language})
		return &tallies[len(tallies)-1]
	}
	for _, word := range spoken {
		for _, v := range votes[word] {
			t := at(v.language)
			t.score += v.weight
			t.hits++
		}
	}
	for _, l := range telltales {
		if strings.ContainsRune(s, l.letter) {
			for _, language := range l.languages {
				at(language).score += l.weight
			}
		}
	}
	// Pidgin is full of English words: where it is spoken at all, they are part of it.
	if p := at("pcm"); p.score >= telling {
		en := at("en")
		p = at("pcm")
		p.score, p.hits = p.score+en.score, p.hits+en.hits
	}
	return decide(tallies, len(spoken))
}

// decide names the best when it stands clear of the second, by half or by one telling word, and enough of the words are
// its own.
func decide(tallies []tally, spoken int) string {
	var best, second tally
	for _, t := range tallies {
		switch {
		case t.score > best.score:
			best, second = t, best
		case t.score > second.score:
			second = t
		}
	}
	stands := best.score*2 >= second.score*3 || best.score-second.score >= telling
	if best.score < telling || !stands || best.hits*4 < spoken || best.hits == 0 {
		return ""
	}
	return best.language
}

// telltale is a letter that few languages have.
type telltale struct {
	letter    rune
	weight    int
	languages []string
}

var telltales = []telltale{
	{'æ', 4, []string{"da", "no"}}, {'ø', 4, []string{"da", "no"}}, {'å', 3, []string{"da", "no", "sv"}},
	{'ä', 3, []string{"sv", "de", "et"}}, {'ö', 2, []string{"sv", "de", "hu", "tr", "et"}}, {'ß', 8, []string{"de"}},
	{'ă', 6, []string{"ro", "vi"}}, {'ș', 8, []string{"ro"}}, {'ț', 8, []string{"ro"}}, {'ţ', 8, []string{"ro"}},
	{'ő', 8, []string{"hu"}}, {'ű', 8, []string{"hu"}}, {'ñ', 6, []string{"es"}}, {'¿', 8, []string{"es"}},
	{'ã', 6, []string{"pt"}}, {'õ', 4, []string{"pt", "et"}}, {'ç', 3, []string{"fr", "pt", "tr", "sq"}},
	{'ë', 6, []string{"sq"}}, {'ê', 2, []string{"fr", "pt", "vi"}}, {'ł', 8, []string{"pl"}}, {'ż', 6, []string{"pl"}},
	{'ą', 4, []string{"pl", "lt"}}, {'ę', 4, []string{"pl", "lt"}}, {'ė', 8, []string{"lt"}}, {'ų', 8, []string{"lt"}},
	{'ě', 8, []string{"cs"}}, {'ř', 8, []string{"cs"}}, {'ů', 8, []string{"cs"}}, {'ľ', 8, []string{"sk"}}, {'ô', 2, []string{"sk", "fr", "vi", "pt"}},
	{'ğ', 8, []string{"tr"}}, {'ı', 8, []string{"tr"}}, {'ş', 4, []string{"tr", "ro"}}, {'ļ', 8, []string{"lv"}},
	{'ā', 6, []string{"lv"}}, {'ē', 6, []string{"lv"}}, {'ņ', 8, []string{"lv"}}, {'đ', 4, []string{"vi", "hr"}}, {'ư', 8, []string{"vi"}},
	{'ơ', 8, []string{"vi"}}, {'ạ', 8, []string{"vi"}}, {'ế', 8, []string{"vi"}}, {'ộ', 8, []string{"vi"}}, {'ả', 8, []string{"vi"}},
	{'ć', 5, []string{"hr", "pl"}},
}
