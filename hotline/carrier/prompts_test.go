package carrier

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hopeline/hotline"
)

var filled = regexp.MustCompile(`\{[a-z]+\}`)

// Every built-in language has all that a caller hears; English and Danish also what colleagues hear. The words name no
// organisation and say nothing of what this is about: somebody else may listen.
func TestBuiltInPrompts(t *testing.T) {
	t.Parallel()
	p, err := readPrompts("", []string{"en", "da", "es", "fr"})
	if err != nil {
		t.Fatal(err)
	}
	holes := map[string][]string{promptChoose: {"{key}"}, promptAsk: {"{language}", "{wait}"}, promptAskAny: {"{wait}"}, promptAskTongue: {"{language}"}}
	for code, tongue := range p.tongues {
		names := slices.Concat(callerPrompts, mayPrompts)
		if code == "en" || code == "da" {
			names = slices.Concat(names, legPrompts)
		}
		for _, name := range names {
			words := tongue.Texts[name]
			if words == "" || len(words) > 300 {
				t.Errorf("%s/%s has %d bytes", code, name, len(words))
			}
			if got := filled.FindAllString(words, -1); !slices.Equal(got, holes[name]) {
				t.Errorf("%s/%s is filled in at %q, want %q", code, name, got, holes[name])
			}
			for _, telling := range []string{"traffick", "menneskehandel", "exploit", "police", "politi", "victim", "trata", "traite", "hopeline"} {
				if strings.Contains(strings.ToLower(words), telling) {
					t.Errorf("%s/%s says %q", code, name, telling)
				}
			}
		}
		for name := range tongue.Texts {
			if !slices.Contains(slices.Concat(callerPrompts, mayPrompts, legPrompts), name) {
				t.Errorf("%s/%s is never said", code, name)
			}
		}
		if tongue.Say != sayCodes[code] || tongue.Names[code] == "" {
			t.Errorf("%s is %q at the carrier and %q in itself", code, tongue.Say, tongue.Names[code])
		}
	}
}

// put writes the files of an organisation, "da/menu.txt" and its words.
func put(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, words := range files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(words), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestAnOrganisationsOwnPrompts(t *testing.T) {
	t.Parallel()
	folder := put(t, map[string]string{
		"da/over.txt": "  Farvel,\n og pas på dig selv. ", "da/hold.mp3": "ID3 sound", "da/hold.txt": "not said", "so/over.txt": "Nabad gelyo.",
		"da/README.md": "x", "notes.txt": "x", "xx-yy/over.txt": "x",
	})
	h := newCallHouse(t, func(c *Config) { c.Prompts, c.Languages = folder, []string{"da", "so"} })
	for _, test := range []struct{ uri, language, want string }{
		{pathCaller, "da", "da:over Hangup()"},
		{pathHold + "?c=c1", "da", "Play(~/prompts/da/hold.mp3) Pause(length=20)"},
		{pathCaller, "so", "Say(Nabad gelyo.) Hangup()"},
		{pathHold + "?c=c1", "so", "Play(~/prompts/da/hold.mp3) Pause(length=20)"},
		{pathHold + "?c=c1", "fr", "fr:hold Pause(length=20)"},
	} {
		h.board.caller = hotline.CallerPlace{Where: hotline.Over, Language: test.language}
		if _, got := h.hear(t, test.uri); got != test.want {
			t.Errorf("%s in %s: %s, want %s", test.uri, test.language, got, test.want)
		}
	}
	if got := h.prompts.tongues["da"].Texts[promptOver]; got != "Farvel, og pas på dig selv." {
		t.Errorf("da/over is %q", got)
	}
	for path, want := range map[string]int{
		"da/hold.mp3": 200, "da/over.mp3": 404, "da/hold.txt": 404, "da/hold": 404, "so/hold.mp3": 404, "../../etc/passwd": 404, "da/": 404, "": 404,
	} {
		r := httptest.NewRequest("GET", "http://x/", nil)
		r.URL.Path = pathSounds + path
		res := h.ask(r)
		if res.StatusCode != want || want == 200 && res.Header.Get("Content-Type") != "audio/mpeg" {
			t.Errorf("%q is answered %d as %q, want %d", path, res.StatusCode, res.Header.Get("Content-Type"), want)
		}
		if r.Method = "POST"; h.ask(r).StatusCode != 405 {
			t.Errorf("a POST of %q is not answered 405", path)
		}
	}
}

func TestPromptsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		files     map[string]string
		languages []string
		want      string // nothing: all is well
	}{
		"nothing of their own":      {nil, nil, ""},
		"words for one":             {map[string]string{"da/over.txt": "Farvel."}, nil, ""},
		"a name that is never said": {map[string]string{"da/goodbye.txt": "Farvel."}, nil, "da/goodbye.txt"},
		"an empty file":             {map[string]string{"da/over.txt": " \n"}, nil, "da/over.txt"},
		"too many words":            {map[string]string{"da/over.txt": strings.Repeat("x", longestWords+1)}, nil, "da/over.txt"},
		"no language":               {nil, []string{"en", "danish"}, "two or three letters"},
		"a language without words":  {nil, []string{"en", "so"}, "greeting"},
	} {
		err := CheckPrompts(Config{Prompts: put(t, test.files), Languages: test.languages})
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: CheckPrompts = %v, want %q", name, err, test.want)
		}
	}
	if err := CheckPrompts(Config{Prompts: filepath.Join(t.TempDir(), "none")}); err == nil {
		t.Error("a folder that is not there: CheckPrompts = nil")
	}
	h := newCallHouse(t, func(c *Config) { c.Prompts, c.Languages = "/nowhere", []string{"?", "so", "en", "EN", "en"} })
	if got := h.prompts.order; !slices.Equal(got, []string{"en"}) || h.log.Len() == 0 {
		t.Errorf("the line's languages are %q; the log says %s", got, h.log)
	}
	h.board.caller = hotline.CallerPlace{Where: hotline.Over}
	if _, got := h.hear(t, pathCaller); got != "en:over Hangup()" {
		t.Errorf("without words for the first language: %s", got)
	}
}

func TestManyLanguagesTakeTurns(t *testing.T) {
	t.Parallel()
	p, _ := readPrompts("", []string{"en", "da", "es", "fr", "de"})
	for _, test := range []struct {
		language string
		round    int
		want     string
	}{{"da-DK", 3, "da"}, {"", 0, "en da es"}, {"", 1, "fr en da"}, {"so", 2, "es fr en"}} {
		if got := strings.Join(p.tonguesFor(test.language, test.round), " "); got != test.want {
			t.Errorf("tonguesFor(%q, %d) = %s, want %s", test.language, test.round, got, test.want)
		}
	}
}
