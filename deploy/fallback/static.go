package fallback

import (
	"net/http"
	"strings"
)

// Documents are fixed documents for the carrier's own hosting, or any other, by the names of their files; base is the
// address under which they will lie. They need no program, and cannot choose: no counsellor's number is in them, since
// anybody can read them, any key accepts, and the message is offered also after a talk that the other side ended.
//
// For each line "voice-<digits>.xml" is the number's fallback address for calls; "message.xml" is the one for texts.
func Documents(p Plan, base string) map[string]string {
	all := map[string]string{"message.xml": document()}
	for number, l := range p.Lines {
		digits := strings.TrimPrefix(number, "+") + ".xml"
		at := func(name string) string { return strings.TrimRight(base, "/") + "/" + name + digits }
		w := inLanguage(l.speaks()[0])
		verbs := l.inEach(func(w words) string { return w.greeting })
		if l.Backup != "" {
			verbs = append(verbs, dial{CallerID: number, Timeout: rings, Number: newNumber(at("ask-"), http.MethodGet, l.Backup)})
			all["ask-"+digits] = document(askFor(w, at("joined-"), http.MethodGet)...)
			all["joined-"+digits] = document(say{Language: w.code, Text: w.joined})
		}
		all["voice-"+digits] = document(append(verbs, l.message(at("end-"), http.MethodGet)...)...)
		all["end-"+digits] = document(append(l.inEach(func(w words) string { return w.kept }), l.goodbye()...)...)
	}
	return all
}
