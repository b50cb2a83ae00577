package carrier

import (
	"slices"
	"strings"
	"testing"

	"hopeline/hotline"
)

// closedPlace is a caller's who came when the line was closed.
func closedPlace(language string) hotline.CallerPlace {
	return hotline.CallerPlace{Contact: "c1", Where: hotline.InLine, Language: language, Late: true, Closed: true}
}

// An organisation puts its hours into the words or the sound of a language; a language without words greets as ever.
func TestAnOrganisationsOwnClosedWords(t *testing.T) {
	t.Parallel()
	files := map[string]string{"da/closed.txt": "Vi er her fra otte til ti.", "es/closed.mp3": "ID3 sound"}
	for _, name := range callerPrompts {
		files["so/"+name+".txt"] = "so " + name
	}
	folder := put(t, files)
	if err := CheckPrompts(Config{Prompts: folder, Languages: []string{"da", "es", "so"}}); err != nil {
		t.Errorf("CheckPrompts = %v, want a language without closed words to do", err)
	}
	h := newCallHouse(t, func(c *Config) { c.Prompts, c.Languages = folder, []string{"da", "es", "so"} })
	h.board.caller = closedPlace("")
	_, got := h.hear(t, pathVoice)
	for _, want := range []string{"da:closed", "Play(~/prompts/es/closed.mp3)", "Say(so greeting)"} {
		if !strings.Contains(got, want) {
			t.Errorf("the greeting of a closed line is %s, want %s in it", got, want)
		}
	}
	if slices.ContainsFunc([]string{"da:greeting", "es:greeting"}, func(other string) bool { return strings.Contains(got, other) }) {
		t.Errorf("the greeting of a closed line is %s, want no other where there are words for it", got)
	}
	if got := h.prompts.tongues["da"].Texts[promptClosed]; got != files["da/closed.txt"] {
		t.Errorf("da/closed is %q", got)
	}
	h.board.caller = closedPlace("so")
	if _, got := h.hear(t, pathWait+"?c=c1"); got != keysFor("w", "Say(so late)", "20") {
		t.Errorf("without words for a closed line she hears %s", got)
	}
}

// The line of one language, whose greeting takes no key.
func TestTheClosedLineOfOneLanguage(t *testing.T) {
	t.Parallel()
	h := newCallHouse(t, func(c *Config) { c.Languages = []string{"fr"} })
	h.board.caller = closedPlace("")
	if _, got := h.hear(t, pathVoice); got != "fr:closed "+inLine {
		t.Errorf("she is greeted by %s", got)
	}
	if _, got := h.hear(t, pathWait+"?c=c1", "QueueTime=0"); got != keysFor("w", "fr:menu", "20") {
		t.Errorf("and then hears %s", got)
	}
}

// Who came when the line was closed does not wait for the backup as others do: it is rung after the keys were said once.
func TestTheBackupOfAClosedLine(t *testing.T) {
	t.Parallel()
	h := newCallHouse(t, withBackup)
	h.board.caller = closedPlace("da")
	if _, got := h.hear(t, pathWait+"?c=c1", "QueueTime=0"); got != keysFor("w", "da:closed da:menu", "5")+" Leave()" {
		t.Errorf("as she comes she hears %s", got)
	}
	if _, got := h.hear(t, pathCaller+"?c=c1&q=1", "QueueResult=leave&QueueTime=6"); got != rung("+4570201550") {
		t.Errorf("and then %s, want the backup", got)
	}
}
