package carrier

import (
	"context"
	"fmt"
	"net/http"

	"hopeline/hotline"
)

const (
	// askRounds is how often the question to a phone is said: whoever was asleep hears the end of it at least.
	askRounds = 3
	// outcomeWait is how long, in seconds, she has for the key that says how a call ended.
	outcomeWait = 55
)

func legOf(r *http.Request) hotline.LegID { return hotline.LegID(queryOf(r).id(queryLeg)) }

// leg is the document for wherever a leg of ours belongs.
func (h *Webhooks) leg(ctx context.Context, r *http.Request, f form) answer {
	if h.calls == nil {
		return h.lost(r, f, fmt.Errorf("find a leg: calls are not taken: %w", hotline.ErrUnavailable))
	}
	p, err := h.calls.Leg(ctx, legOf(r), f.id("CallSid"), true)
	if err != nil {
		return h.lost(r, f, err)
	}
	return h.legDocument(p)
}

// legKey is the key to the question whether she takes it. Only the answer of the switchboard lets her in.
func (h *Webhooks) legKey(ctx context.Context, r *http.Request, f form) answer {
	key := f.text("Digits")
	if h.calls == nil || key != "1" && key != "2" {
		return h.leg(ctx, r, f) // asked again
	}
	p, err := h.calls.LegPressed(ctx, legOf(r), f.id("CallSid"), key)
	switch {
	case err != nil:
		return h.lost(r, f, err)
	case p.Where == hotline.InRoom:
		return h.legDocument(p, h.voice(p.Speaks).say(promptConnecting))
	}
	return h.legDocument(p)
}

// legAfter is how she says that a call ended: a key, or none in time.
func (h *Webhooks) legAfter(ctx context.Context, r *http.Request, f form) answer {
	key := f.text("Digits")
	if h.calls == nil || key != "" && key != "1" && key != "2" && key != "3" {
		return h.leg(ctx, r, f)
	}
	p, err := h.calls.LegPressed(ctx, legOf(r), f.id("CallSid"), key)
	if err != nil {
		return h.lost(r, f, err)
	}
	return h.legDocument(p)
}

// lost ends a leg of which we cannot say where it belongs. Nobody in need is on it.
func (h *Webhooks) lost(r *http.Request, f form, err error) answer {
	return h.calmed("a leg's document could not be made", err, h.sorry(r, f))
}

func (h *Webhooks) sorry(*http.Request, form) answer {
	return document(h.voice("").say(promptSorry), hangup{})
}

// farewells are the last words for places where a leg ends.
var farewells = map[hotline.Where]string{
	hotline.AtTaken:  promptTaken,
	hotline.AtGone:   promptGone,
	hotline.AtPassed: promptPassed,
	hotline.AtThanks: promptThanks,
	hotline.AtDesk:   promptDesk,
}

// legDocument is the document for where a leg belongs, after words that she should hear first.
func (h *Webhooks) legDocument(p hotline.LegPlace, first ...verb) answer {
	v := h.voice(p.Speaks)
	var verbs []verb
	switch p.Where {
	case hotline.AtAsk:
		verbs = h.ask(v, p)
	case hotline.InRoom:
		verbs = h.legRoom(p)
	case hotline.AtOutcome:
		after := h.links.leg(pathLegAfter, p.Leg)
		verbs = []verb{asks(after, outcomeWait, v.say(promptOutcome)), redirectTo(after)}
	default:
		name := farewells[p.Where]
		if name == "" {
			name = promptBye
		}
		verbs = []verb{v.say(name), hangup{}}
	}
	return document(append(first, verbs...)...)
}

// ask says the question several times, with keys taken during all of it. A voicemail box presses nothing, and the leg ends.
func (h *Webhooks) ask(v voice, p hotline.LegPlace) []verb {
	return repeated(h.links.leg(pathLegKey, p.Leg), v.askTo(p))
}

func repeated(action string, question verb) []verb {
	var words []verb
	for i := range askRounds {
		if i > 0 {
			words = append(words, pause{Seconds: 1})
		}
		words = append(words, question)
	}
	return []verb{asks(action, 3, words...), hangup{}}
}

// legRoom lets a leg of ours into the room. The room does not end with it, unless it is that of somebody whom we called
// back: she is the caller then.
func (h *Webhooks) legRoom(p hotline.LegPlace) []verb {
	room := h.conference(p.Room, string(p.Leg), h.links.leg(pathHold, p.Leg))
	room.Starts = p.Part != hotline.Listener && p.Part != hotline.Coach
	room.Muted = p.Muted || p.Part == hotline.Listener
	if p.Part == hotline.Coach {
		room.Coach = p.Coached
	}
	if p.Part == hotline.Caller {
		room.Label, room.Ends = callerLabel, true
	}
	return []verb{dial{Room: room}, pause{Seconds: 1}, redirectTo(h.links.leg(pathLeg, p.Leg))}
}
