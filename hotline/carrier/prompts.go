package carrier

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"hopeline/hotline"
)

// A prompt is what a leg is told. Each has a name that says when, the same in every language. The built-in words are
// spoken by the carrier until an organisation puts its own voices in their place.
const (
	promptGreeting     = "greeting"      // the first words to a caller
	promptClosed       = "closed"        // the same while the line is closed: put your hours into it
	promptChoose       = "choose"        // {key}: the key for this language
	promptMenu         = "menu"          // the keys while waiting
	promptMenuWithheld = "menu_withheld" // the same without a call back
	promptMenuWoman    = "menu_woman"    // after one of these: the key to talk with a woman, where the line offers it
	promptLate         = "late"          // the keys when it takes long
	promptLateWithheld = "late_withheld" // the same without a call back
	promptDropped      = "dropped"       // why she waits again
	promptSilent       = "silent"        // the keys of who cannot talk
	promptSeen         = "seen"          // after such a key
	promptDanger       = "danger"        // after the key for danger
	promptKeys         = "keys"          // after a question of the counsellor's
	promptVoicemail    = "voicemail"     // before the tone
	promptUnheard      = "unheard"       // nothing was said after it
	promptKept         = "kept"          // a message was left
	promptPromise      = "promise"       // she will be called back
	promptOver         = "over"          // the contact is closed
	promptHold         = "hold"          // one moment
	promptBackup       = "backup"        // before the number outside is rung
	promptMessage      = "message"       // nobody came: before the tone, for who may stay as well
	promptPlace        = "wait2"         // she is still in line: of these the one that promises nobody
	promptStays        = "message_kept"  // something was recorded after it, and she waits on

	promptAsk        = "ask"             // {language}, {wait}: to a counsellor's phone
	promptAskAny     = "ask_any"         // {wait}: the language is not known
	promptAskBackup  = "ask_backup"      // to the number outside
	promptAskText    = "ask_text"        // a text waits
	promptAskGuest   = "ask_guest"       // to whom the counsellor adds
	promptAskTongue  = "ask_interpreter" // {language}: to whom is on duty as an interpreter
	promptAskPerson  = "ask_person"      // to whom we call back
	promptAskTest    = "ask_test"        // a test page
	promptAskHere    = "ask_here"        // her duty begins, and she has not said that she is there
	promptTested     = "tested"          // after the key to either
	promptAskAlarm   = "ask_alarm"       // to a supervisor: nobody can answer now
	promptAskAbsent  = "ask_absent"      // to a supervisor: somebody did not come to her duty
	promptKnown      = "known"           // after the key to either
	promptConnecting = "connecting"      // her key won
	promptTaken      = "taken"           // somebody else was quicker
	promptGone       = "gone"            // the caller hung up before
	promptPassed     = "passed"          // she declined
	promptOutcome    = "outcome"         // the keys after a call
	promptThanks     = "thanks"          // after such a key
	promptDesk       = "desk"            // her key took a text
	promptBye        = "bye"             // nothing is left to do on this leg
	promptSorry      = "sorry"           // we could not say where the leg belongs
)

const (
	soundEnding = ".mp3"
	wordsEnding = ".txt"

	longestWords = 2000    // of one prompt, in bytes; the carrier takes 4096 characters
	longestSound = 5 << 20 // far more than a sentence
	mostSpoken   = 3       // languages that one document says the same in
	mostKeys     = 9       // languages that a key can choose
)

// promptWaits are the sentences of the line, one after the other.
var promptWaits = []string{"wait1", promptPlace, "wait3"}

// callerPrompts, mayPrompts and legPrompts are all names: every language of a line has the first, and says the second
// where it has them, else goes without or says what it says otherwise; it has the third, or those of English.
var (
	callerPrompts = append([]string{promptGreeting, promptChoose, promptMenu, promptMenuWithheld, promptLate, promptLateWithheld,
		promptDropped, promptSilent, promptSeen, promptDanger, promptKeys, promptVoicemail, promptUnheard, promptKept, promptPromise,
		promptOver, promptHold, promptBackup, promptMessage, promptStays, promptAskPerson}, promptWaits...)
	mayPrompts = []string{promptMenuWoman, promptClosed}
	legPrompts = []string{promptAsk, promptAskAny, promptAskBackup, promptAskText, promptAskGuest, promptAskTongue, promptAskTest, promptAskHere, promptTested, promptAskAlarm, promptAskAbsent, promptKnown, promptConnecting, promptTaken, promptGone,
		promptPassed, promptOutcome, promptThanks, promptDesk, promptBye, promptSorry}
)

//go:embed prompts/*.json
var builtIn embed.FS

// tongue is one language of the prompts.
type tongue struct {
	Say    string            // the carrier's name of it
	Names  map[string]string // of languages, as they are called in it
	Units  []string          // of time: a second, and seconds
	Texts  map[string]string
	sounds map[string][]byte // mp3 by the name of the prompt
}

// prompts are the words and sounds of every language. They are read once and never change.
type prompts struct {
	tongues map[string]*tongue
	order   []string // of the line: key 1 first
}

// languageCode is a language as this package names it: two or three letters.
var languageCode = regexp.MustCompile(`^[a-z]{2,3}$`)

// readPrompts reads the built-in words and, over them, the files "da/greeting.txt" and "da/greeting.mp3" of a folder;
// a sound goes before words. What cannot be used is left out and told in the error; the prompts can be used all the
// same. A language that cannot greet is left out of the line's.
func readPrompts(folder string, languages []string) (*prompts, error) {
	p := &prompts{tongues: builtInTongues()}
	var problems []error
	if folder != "" {
		problems = p.readFolder(os.DirFS(folder))
	}
	for _, code := range languages {
		code = strings.ToLower(strings.TrimSpace(code))
		switch {
		case !languageCode.MatchString(code):
			problems = append(problems, fmt.Errorf("a language is two or three letters, such as da: %w", hotline.ErrInvalid))
		case slices.Contains(p.order, code), len(p.order) == mostKeys:
		default:
			problems = append(problems, p.missing(code)...)
			if p.has(code, promptGreeting) && p.has(code, promptChoose) { // else its key would be called that of another
				p.order = append(p.order, code)
			}
		}
	}
	if len(p.order) == 0 {
		p.order = []string{"en"}
	}
	return p, errors.Join(problems...)
}

// CheckPrompts says what is wrong with the languages and the folder of cfg; the service runs all the same.
func CheckPrompts(cfg Config) error {
	cfg = cfg.withDefaults()
	_, err := readPrompts(cfg.Prompts, cfg.Languages)
	return err
}

func builtInTongues() map[string]*tongue {
	all := map[string]*tongue{}
	files, err := fs.Glob(builtIn, "prompts/*.json")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	for _, file := range files {
		text, err := builtIn.ReadFile(file)
		t := &tongue{}
		if err == nil {
			err = json.Unmarshal(text, t)
		}
		if err != nil {
			panic(err) // compiled in, and read by the tests
		}
		all[strings.TrimSuffix(path.Base(file), ".json")] = t
	}
	return all
}

// has tells whether a language has words or a sound for a prompt.
func (p *prompts) has(code, name string) bool {
	t := p.tongues[code]
	return t != nil && (t.Texts[name] != "" || t.sounds[name] != nil)
}

// missing names the prompts of a caller that a language of the line has no words or sound for.
func (p *prompts) missing(code string) []error {
	var names []string
	for _, name := range callerPrompts {
		if !p.has(code, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []error{fmt.Errorf("the language %s has no words for %s: put files into its folder: %w", code, strings.Join(names, ", "), hotline.ErrInvalid)}
}

// readFolder lays an organisation's files over the built-in words.
func (p *prompts) readFolder(folder fs.FS) (problems []error) {
	languages, err := fs.ReadDir(folder, ".")
	if err != nil {
		return []error{fmt.Errorf("read the folder of prompts: %w", hotline.ErrInvalid)}
	}
	for _, d := range languages {
		code := d.Name()
		if !d.IsDir() || !languageCode.MatchString(code) {
			continue
		}
		files, err := fs.ReadDir(folder, code)
		if err != nil {
			problems = append(problems, fmt.Errorf("read the prompts of %s: %w", code, hotline.ErrInvalid))
		}
		for _, f := range files {
			if err := p.readFile(folder, code, f.Name()); err != nil {
				problems = append(problems, err)
			}
		}
	}
	return problems
}

func (p *prompts) readFile(folder fs.FS, code, file string) error {
	ending := path.Ext(file)
	name := strings.TrimSuffix(file, ending)
	if ending != soundEnding && ending != wordsEnding {
		return nil // a readme, a project of an editor
	}
	if !slices.Contains(callerPrompts, name) && !slices.Contains(mayPrompts, name) && !slices.Contains(legPrompts, name) {
		return fmt.Errorf("the prompt %s/%s is none that is ever said: %w", code, file, hotline.ErrInvalid)
	}
	body, err := fs.ReadFile(folder, path.Join(code, file))
	most := map[string]int{soundEnding: longestSound, wordsEnding: longestWords}[ending]
	if err != nil || len(body) > most || len(strings.TrimSpace(string(body))) == 0 {
		return fmt.Errorf("the prompt %s/%s cannot be read, is empty or too long: %w", code, file, hotline.ErrInvalid)
	}
	t := p.tongues[code]
	if t == nil {
		t = &tongue{Say: sayCodes[code], Texts: map[string]string{}}
		p.tongues[code] = t
	}
	if ending == wordsEnding {
		t.Texts[name] = strings.Join(strings.Fields(clean(string(body))), " ")
		return nil
	}
	if t.sounds == nil {
		t.sounds = map[string][]byte{}
	}
	t.sounds[name] = body
	return nil
}

// sayCodes are the carrier's names of languages that an organisation may bring words for. Source: the carrier's page on
// text to speech.
var sayCodes = map[string]string{
	"ar": "ar-XA", "bg": "bg-BG", "bn": "bn-IN", "cs": "cs-CZ", "da": "da-DK", "de": "de-DE", "el": "el-GR", "en": "en-GB",
	"es": "es-ES", "fi": "fi-FI", "fil": "fil-PH", "fr": "fr-FR", "he": "he-IL", "hi": "hi-IN", "hu": "hu-HU", "id": "id-ID",
	"it": "it-IT", "ja": "ja-JP", "ko": "ko-KR", "lt": "lt-LT", "lv": "lv-LV", "nb": "nb-NO", "nl": "nl-NL", "no": "nb-NO",
	"pl": "pl-PL", "pt": "pt-PT", "ro": "ro-RO", "ru": "ru-RU", "sk": "sk-SK", "sv": "sv-SE", "th": "th-TH", "tl": "fil-PH",
	"tr": "tr-TR", "uk": "uk-UA", "vi": "vi-VN", "zh": "cmn-CN",
}
