package text

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestGuessLanguage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"hjælp", "da"},
		{"HJÆLP MIG", "da"},
		{"hjaelp mig", "da"},
		{"Jeg er bange, han slår mig", "da"},
		{"de har taget mit pas og jeg må ikke gå ud", "da"},
		{"Hej, kan jeg snakke med nogen? Jeg tør ikke ringe", "da"},
		{"min kæreste tvinger mig til at arbejde, hvad skal jeg gøre", "da"},
		{"jeg bor sammen med fem andre piger", "da"},
		{"Tak for hjælpen", "da"},
		{"han lukker døren og jeg kan ikke komme ud", "da"},
		{"hjelp meg, jeg er redd", "no"},
		{"de har tatt passet mitt", "no"},
		{"de tok passet mitt og jeg vet ikke hva jeg skal gjøre", "no"},
		{"Hjälp mig, jag är rädd", "sv"},
		{"de har tagit mitt pass", "sv"},
		{"jag behöver prata med någon", "sv"},
		{"help me", "en"},
		{"who is this", "en"},
		{"i owe them 5000 euro", "en"},
		{"he will kill me", "en"},
		{"Help", "en"},
		{"I need help, they took my passport", "en"},
		{"can you call me? no wait dont call", "en"},
		{"hello is anyone there", "en"},
		{"My boss doesn't let us leave the house", "en"},
		{"abeg help me", "pcm"},
		{"dem no gree make I comot, dem don take my passport", "pcm"},
		{"wetin I go do? oga dey beat me", "pcm"},
		{"Abeg una fit help me, I dey fear", "pcm"},
		{"ajutor", "ro"},
		{"Ajutați-mă vă rog", "ro"},
		{"va rog ajutati-ma, nu pot sa plec", "ro"},
		{"Mi-au luat pașaportul și mi-e frică", "ro"},
		{"buna ziua, sunt in Danemarca si vreau acasa", "ro"},
		{"ช่วยด้วย", "th"},
		{"ฉันกลัว ช่วยฉันด้วยค่ะ", "th"},
		{"help ช่วยด้วยค่ะ เขายึดหนังสือเดินทาง", "th"},
		{"aidez-moi s'il vous plaît", "fr"},
		{"j'ai peur, ils ont pris mon passeport", "fr"},
		{"je ne peux pas sortir", "fr"},
		{"ayúdame por favor", "es"},
		{"Necesito ayuda, tengo miedo", "es"},
		{"me quitaron el pasaporte y no puedo salir", "es"},
		{"preciso de ajuda, estou com medo", "pt"},
		{"eles tomaram meu passaporte e não posso sair", "pt"},
		{"aiutatemi, ho paura e non posso uscire", "it"},
		{"ho bisogno di aiuto", "it"},
		{"Hilfe", "de"},
		{"ich brauche Hilfe, sie haben mir den Pass weggenommen", "de"},
		{"ik heb hulp nodig, hij slaat mij", "nl"},
		{"segítség", "hu"},
		{"kérem segítsenek, elvették az útlevelemet", "hu"},
		{"Jó napot, segítségre van szükségem", "hu"},
		{"nem tudok elmenni", "hu"},
		{"zamknęli mnie w mieszkaniu", "pl"},
		{"uzeli su mi pasoš", "hr"},
		{"proszę o pomoc, zabrali mi paszport", "pl"},
		{"boje sie, nie moge wyjsc z domu, prosze pomoz", "pl"},
		{"potřebuji pomoc, prosím, vzali mi pas", "cs"},
		{"giúp tôi với", "vi"},
		{"tôi sợ lắm, họ lấy hộ chiếu của tôi", "vi"},
		{"xin giup toi, toi khong biet tieng anh", "vi"},
		{"yardım edin lütfen", "tr"},
		{"korkuyorum, pasaportumu aldılar", "tr"},
		{"më ndihmoni ju lutem, kam frikë", "sq"},
		{"padėkite man prašau", "lt"},
		{"tulong po, kinuha nila ang pasaporte ko", "tl"},
		{"waxaan u baahanahay caawimaad", "so"},
		{"estoy encerrada en un piso", "es"},
		{"nu am bani", "ro"},
		{"I no sabi where I dey", "pcm"},
		{"mereka mengambil paspor saya", "id"},
		{"помозите ми молим вас", "sr"},
		{"Помогнете ми, моля", "bg"},
		{"взеха ми паспорта и не мога да изляза", "bg"},
		{"Помогите пожалуйста, мне страшно", "ru"},
		{"я боюсь", "ru"},
		{"допоможіть будь ласка", "uk"},
		{"ساعدني من فضلك، أنا خائفة", "ar"},
		{"لطفا کمک کنید، من می ترسم", "fa"},
		{"मुझे मदद चाहिए", "hi"},
		{"मलाई सहयोग चाहियो", "ne"},
		{"救命", "zh"},
		{"助けてください", "ja"},
		{"도와주세요", "ko"},
		{"βοήθεια", "el"},

		// What says nothing, or says it in several languages.
		{"", ""},
		{" \n", ""},
		{"ok", ""},
		{"hi", ""},
		{"hej", ""},
		{"no", ""},
		{"STOP", ""},
		{"1", ""},
		{"+45 20 00 00 01", ""},
		{"👍🏽❤️", ""},
		{"Maria", ""},
		{"????", ""},
		{"\xff\xfe\x00", ""},
		{"Copenhagen Nørrebro", ""},
		{"привет", ""},
		{"سلام", ""},
		{"Mihai Popescu Bukarest", ""},
		{"call", ""},
		{"ja", ""},
		{"si", ""},
		{"thx lol", ""},
		{"wifi 1234 pass", ""},
		{"http://example.com/a", ""},
		// Finnish, Icelandic, Igbo, Hausa and Catalan have no lists.
		{"auttakaa minua, pelkään", ""},
		{"hjálpaðu mér, ég er hrædd", ""},
		{"biko nyere m aka", ""},
		{"don Allah ku taimake ni", ""},
		{"ajudeu-me si us plau, tinc por", ""},
		{"xkcd qwer asdf zxcv", ""},
	} {
		if got := GuessLanguage(c.text); got != c.want {
			t.Errorf("GuessLanguage(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	got := strings.Join(words("Ajutați-MĂ, S’il – hjælp\tfår 'x' e\u0301te 12 ъ--"), "|")
	if want := "ajutati-ma|s'il|hjaelp|far|x|ete|ъ"; got != want {
		t.Errorf("words = %q, want %q", got, want)
	}
}

// Each word of the lists is found by its own folding, and no language is unknown to the tables.
func TestVocabulary(t *testing.T) {
	t.Parallel()
	for language, list := range vocabulary {
		if n := len(words(list)); n < 35 {
			t.Errorf("%s has %d words", language, n)
		}
	}
	for _, l := range telltales {
		for _, language := range l.languages {
			if _, ok := vocabulary[language]; !ok {
				t.Errorf("%c tells %q, which has no words", l.letter, language)
			}
		}
	}
}

func FuzzGuessLanguage(f *testing.F) {
	for _, s := range []string{"hjælp mig", "\xff", "ช่วย", "я", "e\u0301'-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := GuessLanguage(s); len(got) > 3 || got != GuessLanguage(s) {
			t.Fatalf("GuessLanguage(%q) = %q", s, got)
		}
	})
}

func BenchmarkGuessLanguage(b *testing.B) {
	for name, text := range map[string]string{
		"latin":    "Hej, jeg har brug for hjælp. Min kæreste tvinger mig til at arbejde, og de har taget mit pas. ",
		"cyrillic": "Помогнете ми, моля. Взеха ми паспорта и не мога да изляза от къщата, страх ме е от тях. ",
	} {
		text = head(strings.Repeat(text, 3), 200)
		if utf8.RuneCountInString(text) != 200 {
			b.Fatal("length")
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if GuessLanguage(text) == "" {
					b.Fatal("no guess")
				}
			}
		})
	}
}
