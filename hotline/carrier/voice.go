package carrier

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
)

// Switchboard says where legs belong. Every document is made of its answer at the moment of the fetching, so that one
// that is fetched late or twice is right all the same.
type Switchboard interface {
	// Called keeps an incoming call, once for its id. Every error means that it was not kept.
	Called(ctx context.Context, in hotline.IncomingCall) (hotline.CallerPlace, error)
	// Caller is where a caller belongs now. Enters: her document is made of it, so in a room she counts as let in.
	// ErrNotFound is a contact that nobody knows.
	Caller(ctx context.Context, c hotline.ContactID, enters bool) (hotline.CallerPlace, error)
	// Pressed keeps a key or a language of a caller, once for its Step, and says where she belongs then.
	Pressed(ctx context.Context, p hotline.Pressed) (hotline.CallerPlace, error)
	// Leg is where a leg of ours belongs now, likewise; sid is the carrier's id, which may be news.
	Leg(ctx context.Context, id hotline.LegID, sid string, enters bool) (hotline.LegPlace, error)
	// LegPressed is a key on a leg of ours: 1 or 2 to the question whether she takes it; after the call 1, 2, 3, or
	// nothing in time. A key counts for where the leg belongs; it may come twice.
	LegPressed(ctx context.Context, id hotline.LegID, sid, digit string) (hotline.LegPlace, error)
}

// Legbook keeps facts about legs: in any order, any number of times, for legs of which nobody knows (ErrNotFound, or
// nil). Every other error means that the fact was not kept and should come again.
type Legbook interface {
	LegReport(ctx context.Context, r hotline.LegReport) error
	RoomReport(ctx context.Context, r hotline.RoomReport) error
	// Recorded may come before the sound can be had, and more than once.
	Recorded(ctx context.Context, r hotline.Recording) error
}

const (
	// callerPatience is how long the switchboard has for a caller's document; after it she hears that she is still
	// connected, and we are asked again. Her call itself is kept with the patience of a text.
	callerPatience = 900 * time.Millisecond
	// legPatience is longer: a counsellor's key decides who has the caller, and its answer must not be lost.
	legPatience = 8 * time.Second
)

// voiceRoutes are the addresses of calls.
func (h *Webhooks) voiceRoutes() map[string]route {
	return map[string]route{
		pathVoice:       {name: "voice", complete: isCall, act: h.entry},
		pathVoiceStatus: {name: "voice_status", complete: isCall, act: h.legStatus},
		pathLanguage:    h.callers("voice_language", h.language, h.onceMore(pathLanguage)),
		pathCaller:      h.callers("voice_caller", h.caller, h.onceMore(pathCaller)),
		pathKey:         h.callers("voice_key", h.key, h.onceMore(pathKey)),
		pathWait:        h.callers("voice_wait", h.wait, h.stillWaiting),
		pathHold:        h.callers("voice_hold", h.hold, h.stillHeld),
		pathRecorded:    {name: "voice_recorded", complete: isRecording, act: h.recorded, calm: h.recordedCalmly, patience: legPatience},
		pathLeg:         h.legs("voice_leg", h.leg),
		pathLegKey:      h.legs("voice_leg_key", h.legKey),
		pathLegAfter:    h.legs("voice_leg_after", h.legAfter),
		pathTest:        h.legs("voice_test", h.test),
		pathTestKey:     h.legs("voice_test_key", h.testKey),
		pathRoom:        {name: "voice_room", complete: isRoom, act: h.room},
		pathBackup:      {name: "voice_backup", complete: isCall, act: h.backupAsk},
		pathBackupKey:   {name: "voice_backup_key", complete: isCall, act: h.backupKey},
		pathBackupAfter: h.callers("voice_backup_after", h.backupAfter, h.backupAfterCalmly),
	}
}

func (h *Webhooks) callers(name string, act func(context.Context, *http.Request, form) answer, calm func(*http.Request, form) answer) route {
	return route{name: name, complete: isCall, act: act, calm: calm, patience: callerPatience}
}

func (h *Webhooks) legs(name string, act func(context.Context, *http.Request, form) answer) route {
	return route{name: name, complete: isCall, act: act, calm: h.sorry, patience: legPatience}
}

// A conference tells of itself and may name no leg; a recording may be of a conference.
func isRoom(f form) bool      { return f.id("ConferenceSid") != "" }
func isRecording(f form) bool { return f.id("RecordingSid") != "" }

func queryOf(r *http.Request) form { return parseForm(r.URL.RawQuery) }

func contactOf(q form) hotline.ContactID { return hotline.ContactID(q.id(queryContact)) }

func incoming(f form, at time.Time) hotline.IncomingCall {
	return hotline.IncomingCall{SID: f.id("CallSid"), From: hotline.AddressOf(f.text("From", "Caller")),
		To: hotline.AddressOf(f.text("To", "Called")), At: at}
}

// entry is the first document of a call. The call is kept, or the carrier goes to its fallback.
func (h *Webhooks) entry(ctx context.Context, _ *http.Request, f form) answer {
	if h.calls == nil {
		return noCalls
	}
	p, err := h.calls.Called(ctx, incoming(f, h.now().UTC()))
	if err != nil {
		h.unstored("a call was not stored", err)
		return failedStore
	}
	if p.Where != hotline.InLine {
		return h.callerDocument(p)
	}
	return h.greeting(p)
}

// caller is the document for wherever she belongs.
func (h *Webhooks) caller(ctx context.Context, r *http.Request, f form) answer {
	q := queryOf(r)
	if slices.Contains(elsewhere, f.text("QueueResult")) { // nobody plays this one, so nothing comes of it here either
		return document(redirectTo(h.links.contact(pathCaller, contactOf(q))))
	}
	p, err := h.whereIs(ctx, f, q, true)
	switch {
	case err != nil && h.blindly(f, q):
		return h.calmed("the backup is tried for a caller of whom nothing can be read", err, h.toBackup(hotline.CallerPlace{Contact: contactOf(q)}, f))
	case err != nil:
		return h.calmed("a caller's document could not be made", err, h.onceMore(pathCaller)(r, f))
	case p.Where == hotline.InLine && q.has(queryAgain):
		return h.outOfQueue(p, f, q)
	case p.Where == hotline.InLine:
		return document(h.line(p, 1, q.id(queryTried))...)
	}
	return h.callerDocument(p)
}

// whereIs asks where a caller belongs. Of one whom nobody knows the call is kept now: she is on the line.
func (h *Webhooks) whereIs(ctx context.Context, f, q form, enters bool) (hotline.CallerPlace, error) {
	if h.calls == nil {
		return hotline.CallerPlace{}, fmt.Errorf("find a caller: calls are not taken: %w", hotline.ErrUnavailable)
	}
	p, err := h.calls.Caller(ctx, contactOf(q), enters)
	switch {
	case errors.Is(err, hotline.ErrNotFound) && f.text("Direction") == "inbound":
		return h.calls.Called(ctx, incoming(f, h.now().UTC()))
	case errors.Is(err, hotline.ErrNotFound):
		return hotline.CallerPlace{Where: hotline.Over}, nil
	case err == nil && p.Contact == "":
		p.Contact = contactOf(q)
	}
	return p, err
}

// language keeps the language that she chose by a key of the greeting.
func (h *Webhooks) language(ctx context.Context, r *http.Request, f form) answer {
	q := queryOf(r)
	n := number(digit(f, q))
	if n < 1 || n > len(h.prompts.order) {
		return h.caller(ctx, r, f)
	}
	p, err := h.pressed(ctx, f, q, hotline.Pressed{Language: h.prompts.order[n-1], Step: f.id("CallSid") + ":language"})
	if err != nil {
		return h.calmed("a caller's language was not stored", err, h.onceMore(pathLanguage)(r, f))
	}
	return h.callerDocument(p)
}

// pressed keeps what a caller pressed.
func (h *Webhooks) pressed(ctx context.Context, f, q form, press hotline.Pressed) (hotline.CallerPlace, error) {
	if h.calls == nil {
		return h.whereIs(ctx, f, q, true)
	}
	press.Contact, press.At = contactOf(q), h.now().UTC()
	p, err := h.calls.Pressed(ctx, press)
	if errors.Is(err, hotline.ErrNotFound) {
		return h.whereIs(ctx, f, q, true)
	}
	if err == nil && p.Contact == "" {
		p.Contact = press.Contact
	}
	return p, err
}

// digit is the key of a request, or the one that an earlier one brought in vain.
func digit(f, q form) string {
	if d := f.text("Digits"); d != "" {
		return d
	}
	return q.text(queryDigit)
}

// calmed logs why a document could not be made and gives the one that stands in for it.
func (h *Webhooks) calmed(message string, err error, stand answer) answer {
	h.unstored(message, err)
	stand.result = "calmed"
	return stand
}

// onceMore tells her that she is still connected and asks the same again a little later, with the same key.
func (h *Webhooks) onceMore(path string) func(*http.Request, form) answer {
	return func(r *http.Request, f form) answer {
		q := queryOf(r)
		pairs := []string{queryContact, q.id(queryContact)}
		for _, name := range []string{queryMenu, queryStep, queryAgain, queryTried} {
			if v := q.id(name); v != "" {
				pairs = append(pairs, name, v)
			}
		}
		if d := digit(f, q); d != "" {
			pairs = append(pairs, queryDigit, d)
		}
		verbs := append(h.everybody(promptHold), pause{Seconds: 5}, redirectTo(h.links.to(path, pairs...)))
		return document(verbs...)
	}
}

// everybody says a prompt to somebody whose language we cannot ask for now.
func (h *Webhooks) everybody(name string) (verbs []verb) {
	for _, code := range h.prompts.tonguesFor("", 0) {
		verbs = append(verbs, h.voice(code).say(name))
	}
	return verbs
}

// unasked logs that the carrier recorded what nobody asked it to.
func (h *Webhooks) unasked(where string) {
	h.log.Error("the carrier recorded a call and was not asked to: find out who switched it on", zap.String("route", where))
}
