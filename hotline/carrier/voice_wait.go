package carrier

import (
	"context"
	"net/http"
	"slices"
	"time"

	"hopeline/hotline"
)

// menu is what the keys of a document mean. It goes with the address that the key comes to, so that a key means what
// she was told when she pressed it, whatever happened since.
type menu string

const (
	menuLine     menu = "w" // waiting
	menuWithheld menu = "x" // waiting, without a number to call back
	menuWoman    menu = "f" // waiting, and may ask for a woman
	menuBoth     menu = "g" // the same, without a number
	menuSilent   menu = "s" // waiting, cannot talk
	menuKeys     menu = "k" // asked by the counsellor
	menuUnheard  menu = "v" // her voicemail was silent
)

// menus say what a key means. A key that is not there means nothing: she goes on where she is.
var menus = map[menu]map[string]hotline.Key{
	menuLine:     {"1": hotline.KeyVoicemail, "2": hotline.KeyCallback, "3": hotline.KeySilent, "0": hotline.KeyDanger},
	menuWithheld: {"1": hotline.KeyVoicemail, "3": hotline.KeySilent, "0": hotline.KeyDanger},
	menuWoman:    {"1": hotline.KeyVoicemail, "2": hotline.KeyCallback, "3": hotline.KeySilent, "4": hotline.KeyWoman, "0": hotline.KeyDanger},
	menuBoth:     {"1": hotline.KeyVoicemail, "3": hotline.KeySilent, "4": hotline.KeyWoman, "0": hotline.KeyDanger},
	menuSilent:   {"1": hotline.KeyYes, "2": hotline.KeyNo, "0": hotline.KeyDanger},
	menuKeys:     {"1": hotline.KeyYes, "2": hotline.KeyNo, "0": hotline.KeyDanger},
	menuUnheard:  {"1": hotline.KeyVoicemail, "2": hotline.KeyStay, "0": hotline.KeyDanger},
}

// queued tells whether the menu stands in a document that a queue plays.
func (m menu) queued() bool {
	return slices.Contains([]menu{menuLine, menuWithheld, menuWoman, menuBoth, menuSilent}, m)
}

const (
	waitRound = 25 * time.Second // from one sentence to the next
	fresh     = 10 * time.Second // of being in the queue
)

// wait is what she hears in the queue, for one round.
func (h *Webhooks) wait(ctx context.Context, r *http.Request, f form) answer {
	q := queryOf(r)
	p, err := h.whereIs(ctx, f, q, false)
	if err != nil {
		return h.calmed("a wait document could not be made", err, h.stillWaiting(r, f))
	}
	return h.waitDocument(p, queueTime(f), q)
}

// queueTime is how long she has been in this queue, a day at most: a duration does not hold every number.
func queueTime(f form) time.Duration {
	const day = 24 * 60 * 60
	return time.Duration(min(number(f.text("QueueTime")), day)) * time.Second
}

// stillWaiting is a round of waiting without knowing anything of her; the keys work all the same. While nobody can be
// offered the call for long, the backup is.
func (h *Webhooks) stillWaiting(r *http.Request, f form) answer {
	q := queryOf(r)
	keys := h.links.keys(contactOf(q), menuLine, q.id(queryTried))
	if h.backup != "" && h.due(q) && queueTime(f) >= longQueue {
		return document(asks(keys, 5, h.everybody(promptHold)...), leave{})
	}
	return document(asks(keys, 15, h.everybody(promptHold)...))
}

// waitDocument is one round of waiting. Who does not belong in line any more leaves the queue, and the verb after it
// takes her to where she belongs. So does, after the choice was said once more, whoever waits too long for all but the backup.
func (h *Webhooks) waitDocument(p hotline.CallerPlace, queued time.Duration, q form, first ...verb) answer {
	if p.Where != hotline.InLine {
		return document(append(first, leave{})...)
	}
	round := int(queued / waitRound)
	tongues := h.prompts.tonguesFor(p.Language, round)
	verbs := first
	for _, code := range tongues {
		verbs = append(verbs, h.voice(code).waiting(p, queued, round)...)
	}
	keys := h.links.keys(p.Contact, menuOf(p), q.id(queryTried))
	if h.backupNext(p) && h.due(q) {
		return document(asks(keys, 5, verbs...), leave{})
	}
	rest := 20
	if len(tongues) > 1 {
		rest = 12 // the words took longer
	}
	return document(asks(keys, rest, verbs...))
}

func menuOf(p hotline.CallerPlace) menu {
	switch {
	case p.Silent:
		return menuSilent
	case p.Women && p.Withheld:
		return menuBoth
	case p.Women:
		return menuWoman
	case p.Withheld:
		return menuWithheld
	}
	return menuLine
}

// waiting is one round in one language.
func (v voice) waiting(p hotline.CallerPlace, queued time.Duration, round int) []verb {
	closed := p.Closed && v.prompts.has(v.code, promptClosed)
	sentence := []verb{v.say(promptWaits[round%len(promptWaits)])}
	switch {
	case closed:
		sentence = v.whileClosed(p, round)
	case p.Dropped && queued < fresh:
		sentence = []verb{v.say(promptDropped)}
	}
	switch {
	case p.Silent:
		return append(sentence, v.say(promptSilent))
	case p.Late && !closed && p.Withheld:
		return v.women(p, v.say(promptLateWithheld))
	case p.Late && !closed:
		return v.women(p, v.say(promptLate))
	case p.Withheld:
		return v.women(p, append(sentence, v.say(promptMenuWithheld))...)
	}
	return v.women(p, append(sentence, v.say(promptMenu))...)
}

// whileClosed is the sentence of a round for who came when the line was closed: nobody is looked for in her hearing. Who
// chose no language was greeted in all a moment ago, and is not told the same twice.
func (v voice) whileClosed(p hotline.CallerPlace, round int) []verb {
	if p.Language == "" {
		round--
	}
	switch {
	case round < 0:
		return nil
	case round%2 == 0:
		return []verb{v.say(promptClosed)}
	}
	return []verb{v.say(promptPlace)}
}

// women adds the key to talk with a woman, where that may be asked for and there are words for it.
func (v voice) women(p hotline.CallerPlace, verbs ...verb) []verb {
	if p.Women && v.prompts.has(v.code, promptMenuWoman) {
		verbs = append(verbs, v.say(promptMenuWoman))
	}
	return verbs
}

// key is a key of a caller.
func (h *Webhooks) key(ctx context.Context, r *http.Request, f form) answer {
	q := queryOf(r)
	m := menu(q.text(queryMenu))
	key, known := menus[m][digit(f, q)]
	var p hotline.CallerPlace
	var err error
	if known {
		p, err = h.pressed(ctx, f, q, hotline.Pressed{Key: key, Step: f.id("CallSid") + ":" + q.id(queryStep)})
	} else {
		p, err = h.whereIs(ctx, f, q, !m.queued())
	}
	if err != nil {
		return h.calmed("a caller's key was not stored", err, h.onceMore(pathKey)(r, f))
	}
	heard := h.acknowledge(p, key)
	if m.queued() {
		return h.waitDocument(p, max(queueTime(f), fresh), q, heard...)
	}
	return h.callerDocument(p, heard...)
}

// acknowledge tells her that a key of hers was seen by a person.
func (h *Webhooks) acknowledge(p hotline.CallerPlace, key hotline.Key) (verbs []verb) {
	name := map[hotline.Key]string{hotline.KeyYes: promptSeen, hotline.KeyNo: promptSeen, hotline.KeyWoman: promptSeen, hotline.KeyDanger: promptDanger}[key]
	if name == "" {
		return nil
	}
	for _, code := range h.prompts.tonguesFor(p.Language, 0) {
		verbs = append(verbs, h.voice(code).say(name))
	}
	return verbs
}

// hold is what a leg hears in a room while nobody can talk with it. Whose leg it is is asked for the language only.
func (h *Webhooks) hold(ctx context.Context, r *http.Request, f form) answer {
	q := queryOf(r)
	language := ""
	switch {
	case h.calls == nil:
	case q.has(queryContact):
		if p, err := h.calls.Caller(ctx, contactOf(q), false); err == nil {
			language = p.Language
		}
	case q.has(queryLeg):
		if p, err := h.calls.Leg(ctx, hotline.LegID(q.id(queryLeg)), f.id("CallSid"), false); err == nil {
			language = p.Speaks
		}
	}
	return h.holdDocument(language)
}

func (h *Webhooks) stillHeld(*http.Request, form) answer { return h.holdDocument("") }

func (h *Webhooks) holdDocument(language string) answer {
	var verbs []verb
	for _, code := range h.prompts.tonguesFor(language, 0) {
		verbs = append(verbs, h.voice(code).say(promptHold))
	}
	return document(append(verbs, pause{Seconds: 20})...)
}
