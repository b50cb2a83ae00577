package text

import (
	"slices"
	"unicode"
)

// script is a writing system and the language it stands for by itself, "" where it is shared by several.
type script struct {
	table    *unicode.RangeTable
	language string
}

// scripts in the order in which they are tried; letters of none of them are Latin or count for nothing.
var scripts = []script{
	{unicode.Cyrillic, ""}, {unicode.Arabic, ""}, {unicode.Thai, "th"}, {unicode.Devanagari, ""}, {unicode.Han, "zh"},
	{unicode.Hiragana, "ja"}, {unicode.Katakana, "ja"}, {unicode.Hangul, "ko"}, {unicode.Greek, "el"},
	{unicode.Hebrew, "he"}, {unicode.Ethiopic, ""}, {unicode.Georgian, "ka"}, {unicode.Armenian, "hy"},
	{unicode.Bengali, "bn"}, {unicode.Tamil, "ta"}, {unicode.Gurmukhi, "pa"}, {unicode.Gujarati, "gu"},
	{unicode.Telugu, "te"}, {unicode.Kannada, "kn"}, {unicode.Malayalam, "ml"}, {unicode.Sinhala, "si"},
	{unicode.Khmer, "km"}, {unicode.Myanmar, "my"}, {unicode.Lao, "lo"},
}

// sign is a letter, or a word among blanks, that tells apart languages that share a script.
type sign struct {
	language string
	marks    string // letters that the others do not have
	words    []string
}

// shared are the scripts of several languages. The first whose letter is there wins; then the words are counted.
var shared = map[*unicode.RangeTable][]sign{
	unicode.Cyrillic: {
		{"uk", "іїєґ", []string{"я", "не", "допоможіть", "мені", "що", "будь", "ласка", "потрібна", "мене", "гроші"}},
		{"sr", "љњђћџј", []string{"сам", "помозите", "молим", "вас", "ми", "ме", "не", "могу", "где", "шта", "новац"}},
		{"ru", "ыэё", []string{"я", "не", "помогите", "мне", "что", "пожалуйста", "нужна", "помощь", "меня", "это", "деньги", "хочу", "боюсь", "где", "как"}},
		{"bg", "", []string{"аз", "съм", "не", "помогнете", "ми", "моля", "помощ", "трябва", "какво", "ме", "пари", "искам", "къде", "имам", "нужда", "от", "мен", "страх", "са", "взеха", "паспорта", "тук", "здравейте", "помогни", "помогнете", "полицията", "работа", "говоря", "български", "може", "ли", "да", "ще", "много", "защо", "няма"}},
	},
	unicode.Arabic: {
		{"ur", "ٹڈڑےں", nil},
		{"ps", "ړښځڼټډ", nil},
		{"ckb", "ەڕۆێڵ", nil},
		{"fa", "پچگژ", []string{"من", "کمک", "لطفا", "نیاز", "دارم", "می", "را", "است", "که", "به", "از", "ترسم", "پلیس", "این"}},
		{"ar", "ة", []string{"أنا", "انا", "ساعدني", "مساعدة", "ساعدوني", "أريد", "من", "في", "لا", "خائفة", "خائف", "الشرطة", "أحتاج", "هل", "أن", "على"}},
	},
	unicode.Devanagari: {
		{"hi", "", []string{"मुझे", "है", "मैं", "मेरी", "मदद", "चाहिए", "कृपया", "नहीं", "पुलिस", "हूँ", "हैं", "क्या", "मेरा"}},
		{"ne", "", []string{"मलाई", "छ", "म", "मेरो", "मद्दत", "सहयोग", "चाहियो", "कृपया", "छैन", "प्रहरी", "छु", "के"}},
	},
	unicode.Ethiopic: {
		{"ti", "ኣቐኽዀ", []string{"እየ", "ሓገዝ"}},
		{"am", "አ", []string{"እኔ", "ነኝ", "እርዳታ", "እባክዎ", "ነው"}},
	},
}

// signWords are the words of [shared] by script, each with the places of its languages in the list there.
var signWords = readSignWords()

func readSignWords() map[*unicode.RangeTable]map[string][]int {
	all := map[*unicode.RangeTable]map[string][]int{}
	for table, signs := range shared {
		all[table] = map[string][]int{}
		for i, g := range signs {
			for _, word := range g.words {
				if !slices.Contains(all[table][word], i) {
					all[table][word] = append(all[table][word], i)
				}
			}
		}
	}
	return all
}

// signLetters are the letters of [shared] by script, each with the place of its language in the list there.
var signLetters = readSignLetters()

func readSignLetters() map[*unicode.RangeTable]map[rune]int {
	all := map[*unicode.RangeTable]map[rune]int{}
	for table, signs := range shared {
		all[table] = map[rune]int{}
		for i, g := range signs {
			for _, r := range g.marks {
				all[table][r] = i
			}
		}
	}
	return all
}

// scriptOf is the script that most letters of s are in, and how many; nil for Latin.
func scriptOf(s string) (*unicode.RangeTable, string, int) {
	var counts [32]int
	latin, last := 0, 0
	for _, r := range s {
		switch {
		case r < 0x370:
			if unicode.IsLetter(r) {
				latin++
			}
		case unicode.IsLetter(r):
			// The next letter is nearly always of the same script.
			if unicode.Is(scripts[last].table, r) {
				counts[last]++
			} else if i := scriptIndex(r); i >= 0 {
				counts[i]++
				last = i
			} else {
				latin++
			}
		}
	}
	best := -1
	for i := range scripts {
		if counts[i] > latin && (best < 0 || counts[i] > counts[best]) {
			best = i
		}
	}
	if best < 0 {
		return nil, "", latin
	}
	// Japanese is written with Chinese characters, and told by its own letters among them.
	if scripts[best].language == "zh" && (counts[scriptIndex('の')] > 0 || counts[scriptIndex('ア')] > 0) {
		return unicode.Hiragana, "ja", counts[best]
	}
	return scripts[best].table, scripts[best].language, counts[best]
}

func scriptIndex(r rune) int {
	for i := range scripts {
		if unicode.Is(scripts[i].table, r) {
			return i
		}
	}
	return -1
}
