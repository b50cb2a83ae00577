package carrier

import (
	"net/http"
	"strconv"
	"strings"

	"hopeline/hotline"
)

// code is the language that stands for a tag such as "da-DK", and "" for one that has no prompts: it is then not known.
func (p *prompts) code(language string) string {
	if code := bare(language); p.tongues[code] != nil {
		return code
	}
	return ""
}

// tonguesFor are the languages that a caller is spoken to in: her own, or, while it is not known, those of the line,
// some at a time. They begin elsewhere in each round, so that everybody hears hers sooner or later.
func (p *prompts) tonguesFor(language string, round int) []string {
	if code := p.code(language); code != "" {
		return []string{code}
	}
	n := len(p.order)
	if n <= mostSpoken {
		return p.order
	}
	var some []string
	for i := range mostSpoken {
		some = append(some, p.order[(round*mostSpoken+i)%n])
	}
	return some
}

// find is the prompt in the language asked for, else in the first of the line that has it, else in English.
func (p *prompts) find(code, name string) (string, *tongue) {
	for _, code := range append([]string{code}, p.order...) {
		if p.has(code, name) {
			return code, p.tongues[code]
		}
	}
	return "en", p.tongues["en"]
}

// voice is how one leg is spoken to.
type voice struct {
	prompts *prompts
	links   links
	code    string
}

// voice speaks a language; one that has no prompts is the first of the line.
func (h *Webhooks) voice(language string) voice {
	return voice{h.prompts, h.links, h.prompts.code(language)}
}

// say is the verb for a prompt: a sound of the organisation's, or words; pairs fill in the words.
func (v voice) say(name string, pairs ...string) verb {
	code, t := v.prompts.find(v.code, name)
	if t.sounds[name] != nil {
		return play{Address: v.links.sound(code, name)}
	}
	return say{Language: t.Say, Words: strings.NewReplacer(pairs...).Replace(t.Texts[name])}
}

// words is a verb for words that are not a prompt.
func (v voice) words(text string) verb {
	t := v.prompts.tongues[v.code]
	if t == nil {
		return say{Words: text}
	}
	return say{Language: t.Say, Words: text}
}

// askTo is the question to somebody's phone. Of the caller it holds the language and the wait, and nothing else.
func (v voice) askTo(p hotline.LegPlace) verb {
	seconds := max(1, int(p.Waited.Seconds()))
	_, t := v.prompts.find(v.code, promptAsk)
	language := t.Names[bare(p.Language)]
	filled := []string{"{language}", language, "{seconds}", strconv.Itoa(seconds), "{wait}", t.wait(seconds)}
	switch {
	case p.Part == hotline.Caller:
		return v.say(promptAskPerson)
	case p.Part == hotline.Guest && p.Tongue && language != "":
		return v.say(promptAskTongue, filled...)
	case p.Part == hotline.Guest:
		return v.say(promptAskGuest)
	case p.Text:
		return v.say(promptAskText)
	case language == "":
		return v.say(promptAskAny, filled...)
	}
	return v.say(promptAsk, filled...)
}

// wait is a number of seconds with its unit, or without one in a language of which we have none.
func (t *tongue) wait(seconds int) string {
	words := strconv.Itoa(seconds)
	if len(t.Units) == 2 {
		words += " " + t.Units[min(seconds, 2)-1]
	}
	return words
}

// bare is the first part of a language tag.
func bare(language string) string {
	code, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(language)), "-")
	return code
}

// sound serves the organisation's audio files to whoever asks: they hold nothing of anybody.
func (h *Webhooks) sound(w http.ResponseWriter, r *http.Request) bool {
	name, ok := strings.CutPrefix(r.URL.Path, pathSounds)
	if !ok {
		return false
	}
	code, name, _ := strings.Cut(strings.TrimSuffix(name, soundEnding), "/")
	t, result := h.prompts.tongues[code], "ok"
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
		result = "method"
	case t == nil || t.sounds[name] == nil || !strings.HasSuffix(r.URL.Path, soundEnding):
		w.WriteHeader(http.StatusNotFound)
		result = "path"
	default:
		w.Header().Set("Content-Type", "audio/mpeg")
		w.Header().Set("Cache-Control", "public, max-age=300")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write(t.sounds[name]) // whoever asked may have gone
	}
	h.seen.WithLabelValues("voice_prompt", result).Inc()
	return true
}
