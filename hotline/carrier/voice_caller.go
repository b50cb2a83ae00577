package carrier

import (
	"net/http"
	"strconv"

	"hopeline/hotline"
)

const (
	// longestVoicemail is in seconds, and quietVoicemail the silence that ends one.
	longestVoicemail = 300
	quietVoicemail   = 10
	// roomEvents are what a conference tells us of.
	roomEvents = "start end join leave mute hold speaker"
	// callerLabel is the caller's name in a room.
	callerLabel = "caller"
)

// greeting speaks to her in every language of the line, takes a key for one, and lets her wait in any case.
func (h *Webhooks) greeting(p hotline.CallerPlace) answer {
	order := h.prompts.order
	if len(order) == 1 {
		return document(append([]verb{h.voice(order[0]).hello(p)}, h.line(p, 1, "")...)...)
	}
	var words []verb
	for i, code := range order {
		v := h.voice(code)
		words = append(words, v.hello(p), v.say(promptChoose, "{key}", strconv.Itoa(i+1)))
	}
	choice := asks(h.links.contact(pathLanguage, p.Contact), 4, words...)
	return document(append([]verb{choice}, h.line(p, 1, "")...)...)
}

// hello are the first words to her.
func (v voice) hello(p hotline.CallerPlace) verb {
	if p.Closed && v.prompts.has(v.code, promptClosed) {
		return v.say(promptClosed)
	}
	return v.say(promptGreeting)
}

// line puts her into a queue of her own. When she comes out of it we are told how, and asked where she belongs; if we are
// dead then, the number's fallback takes over. Again is 2 when she just came out of one without having waited.
func (h *Webhooks) line(p hotline.CallerPlace, again int, tried string) []verb {
	c := string(p.Contact)
	return []verb{enqueue{
		Action: h.links.to(pathCaller, marked(tried, queryContact, c, queryAgain, strconv.Itoa(again))...), Post: http.MethodPost,
		Wait: h.links.to(pathWait, marked(tried, queryContact, c)...), Method: http.MethodPost, Name: c,
	}}
}

// callerDocument is the document for where she belongs, after words that she should hear first.
func (h *Webhooks) callerDocument(p hotline.CallerPlace, first ...verb) answer {
	var verbs []verb
	switch p.Where {
	case hotline.InLine:
		verbs = h.line(p, 1, "")
	case hotline.InRoom:
		verbs = h.callerRoom(p)
	case hotline.AtKeys:
		verbs = h.callerKeys(p)
	case hotline.AtVoicemail:
		verbs = h.voicemail(p)
	case hotline.AtPromise:
		verbs = append(h.toCaller(p, promptPromise), hangup{})
	default:
		verbs = append(h.toCaller(p, promptOver), hangup{})
	}
	return document(append(first, verbs...)...)
}

// toCaller says prompts in her language, or, while it is not known, in those of the line.
func (h *Webhooks) toCaller(p hotline.CallerPlace, names ...string) (verbs []verb) {
	for _, code := range h.prompts.tonguesFor(p.Language, 0) {
		for _, name := range names {
			verbs = append(verbs, h.voice(code).say(name))
		}
	}
	return verbs
}

// callerRoom lets her into the room. Whoever else is in it leaves when she does. After it we are asked again; the pause
// keeps a room that does not take her from spinning.
func (h *Webhooks) callerRoom(p hotline.CallerPlace) []verb {
	room := h.conference(p.Room, callerLabel, h.links.contact(pathHold, p.Contact))
	room.Starts, room.Ends = true, true
	return []verb{dial{Room: room}, pause{Seconds: 1}, redirectTo(h.links.contact(pathCaller, p.Contact))}
}

// conference is a room that records nothing and whose name tells nothing.
func (h *Webhooks) conference(room, label, wait string) conference {
	return conference{
		Label: label, Beep: "false", Record: "do-not-record", Jitter: "small", Wait: wait, Waits: http.MethodPost,
		Callback: h.links.to(pathRoom), Told: http.MethodPost, Events: roomEvents, Name: room,
	}
}

// callerKeys asks her by keys what the counsellor wants to know, again and again until she answers or is moved.
func (h *Webhooks) callerKeys(p hotline.CallerPlace) []verb {
	var words []verb
	for i, code := range h.prompts.tonguesFor(p.Language, 0) {
		v := h.voice(code)
		if i == 0 && p.Question != "" {
			words = append(words, v.words(p.Question))
		}
		words = append(words, v.say(promptKeys))
	}
	return []verb{asks(h.links.keys(p.Contact, menuKeys, ""), 10, words...), redirectTo(h.links.contact(pathCaller, p.Contact))}
}

// voicemail takes a message. Of a silent one nothing is kept, and she chooses again.
func (h *Webhooks) voicemail(p hotline.CallerPlace) []verb {
	return append(h.toCaller(p, promptVoicemail),
		records(h.links.contact(pathRecorded, p.Contact)),
		asks(h.links.keys(p.Contact, menuUnheard, ""), 10, h.toCaller(p, promptUnheard)...),
		redirectTo(h.links.contact(pathCaller, p.Contact)))
}

// records is the one recording that there is; kept is told of it, and says what comes next.
func records(kept string) record {
	return record{Action: kept, Method: http.MethodPost, Timeout: quietVoicemail, Finish: "#", Longest: longestVoicemail, Beep: true,
		Trim: "do-not-trim", Callback: kept, Told: http.MethodPost, Events: "completed"}
}
