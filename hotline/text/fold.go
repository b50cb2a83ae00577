package text

import (
	"strings"
	"unicode"
)

// words cuts s into words in small letters without accents. An apostrophe or dash inside a word stays.
func words(s string) []string {
	var all []string
	var b strings.Builder
	b.Grow(len(s) + 8)
	start := 0
	end := func() {
		if word := strings.Trim(b.String()[start:], "'-"); word != "" {
			all = append(all, word)
		}
		start = b.Len()
	}
	for _, r := range s {
		switch {
		case r < 0x80 && (r|0x20 >= 'a' && r|0x20 <= 'z'):
			b.WriteByte(byte(r | 0x20))
		case r == '\'', r == '’':
			b.WriteByte('\'')
		case r == '-':
			b.WriteByte('-')
		case r >= 0x80 && unicode.IsLetter(r):
			fold(&b, unicode.ToLower(r))
		case unicode.Is(unicode.M, r):
			// An accent that was typed by itself.
		default:
			end()
		}
	}
	end()
	return all
}

// plain are the letters that lose an accent, each followed by those that become it.
const plain = "aàáâãäåāăąạảấầẩẫậắằẳẵặ cçćč dđďð eèéêëēėęěẹẻẽếềểễệ gğģ iìíîïīįıịỉĩ kķ lłľļĺ nñńňņ oòóôõöōőơọỏốồổỗộớờởỡợ " +
	"rřŕ sśšşș tťţț uùúûüūůűųưụủũứừửữự yýÿỳỷỹỵ zźżž"

// folded is what each accented letter becomes.
var folded = readFolded()

func readFolded() map[rune]byte {
	all := map[rune]byte{}
	for group := range strings.SplitSeq(plain, " ") {
		for _, r := range group[1:] {
			all[r] = group[0]
		}
	}
	return all
}

func fold(b *strings.Builder, r rune) {
	switch r {
	case 'æ':
		b.WriteString("ae")
	case 'ø':
		b.WriteString("oe")
	case 'ß':
		b.WriteString("ss")
	default:
		if c, ok := folded[r]; ok {
			b.WriteByte(c)
		} else {
			b.WriteRune(r)
		}
	}
}
