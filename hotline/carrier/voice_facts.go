package carrier

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"hopeline/hotline"
)

// life is what a status of the carrier's says of a leg.
type life struct {
	state hotline.LegState
	end   hotline.LegEnd
}

// lives is the table of statuses. One that is not in it changes nothing.
var lives = map[string]life{
	"queued":      {state: hotline.LegTried},
	"initiated":   {state: hotline.LegTried},
	"ringing":     {state: hotline.LegRings},
	"in-progress": {state: hotline.LegUp},
	"answered":    {state: hotline.LegUp},
	"completed":   {hotline.LegOver, hotline.LegDone},
	"busy":        {hotline.LegOver, hotline.LegBusy},
	"no-answer":   {hotline.LegOver, hotline.LegNoAnswer},
	"failed":      {hotline.LegOver, hotline.LegFailed},
	"canceled":    {hotline.LegOver, hotline.LegCanceled},
}

// legReport is a status of a leg in the house's words; false for one that is none. Whether a machine answered is not
// asked: only a key takes a call.
func legReport(id hotline.LegID, sid, status string, at time.Time) (hotline.LegReport, bool) {
	l, known := lives[strings.ToLower(strings.TrimSpace(status))]
	return hotline.LegReport{Leg: id, SID: sid, State: l.state, End: l.end, At: at}, known
}

// roomKinds are the events of a conference that matter to the house.
var roomKinds = map[string]hotline.RoomKind{
	"participant-join":         hotline.RoomJoined,
	"participant-leave":        hotline.RoomLeft,
	"conference-end":           hotline.RoomEnded,
	"participant-speech-start": hotline.RoomSpeaks,
}

// legStatus is a fact about one leg: one of ours by the id in the query, that of a test page likewise, or the caller's own.
func (h *Webhooks) legStatus(ctx context.Context, r *http.Request, f form) answer {
	if f.id("RecordingSid") != "" { // comes only with a recording of the whole call
		if a := h.keep(h.alarm(ctx, f, "voice_status")); a.status != http.StatusNoContent {
			return a
		}
	}
	report, known := legReport(legOf(r), f.id("CallSid"), f.text("CallStatus"), h.now().UTC())
	if test := testOf(r); test != "" {
		return h.testStatus(ctx, hotline.TestReport{Test: test, SID: report.SID, State: report.State, End: report.End}, known)
	}
	if !known || h.book == nil {
		return noted
	}
	return h.keep(h.book.LegReport(ctx, report))
}

// room is a fact about a conference.
func (h *Webhooks) room(ctx context.Context, _ *http.Request, f form) answer {
	kind, known := roomKinds[f.text("StatusCallbackEvent")]
	if !known || h.book == nil {
		return noted
	}
	return h.keep(h.book.RoomReport(ctx, hotline.RoomReport{
		Room: f.id("FriendlyName"), SID: f.id("ConferenceSid"), Leg: f.id("CallSid"), Kind: kind, At: h.now().UTC(),
	}))
}

// keep answers a report: the carrier may forget it when it was kept, or when nobody knows what it is about.
func (h *Webhooks) keep(err error) answer {
	if err != nil && !errors.Is(err, hotline.ErrNotFound) {
		h.unstored("a report of a call was not stored", err)
		return failedStore
	}
	return noted
}

// recorded is a recording, told twice: by the callback, and by the action that asks what comes next. Either may be lost.
func (h *Webhooks) recorded(ctx context.Context, r *http.Request, f form) answer {
	q := queryOf(r)
	if !f.has("RecordingStatus") && stays(q) && isEnded(f) {
		h.leftMessage(ctx, f, q)
	}
	err := h.recordedFact(ctx, r, f)
	if f.has("RecordingStatus") {
		return h.keep(err)
	}
	if err != nil && !errors.Is(err, hotline.ErrNotFound) {
		h.unstored("a voicemail was not stored", err)
	}
	// She spoke, and the carrier has it; the callback comes once more if we could not keep it.
	language := ""
	if h.calls != nil {
		ctx, cancel := context.WithTimeout(ctx, callerPatience)
		defer cancel()
		if p, err := h.calls.Caller(ctx, contactOf(q), false); err == nil {
			language = p.Language
		}
	}
	return h.afterMessage(hotline.CallerPlace{Language: language}, f, q)
}

func (h *Webhooks) recordedCalmly(r *http.Request, f form) answer {
	if f.has("RecordingStatus") {
		return failedStore
	}
	return h.afterMessage(hotline.CallerPlace{}, f, queryOf(r))
}

// recordedFact keeps a recording. Ours are made by the one Record verb that we send, whose address names the contact.
func (h *Webhooks) recordedFact(ctx context.Context, r *http.Request, f form) error {
	source, status := f.text("RecordingSource"), f.text("RecordingStatus")
	ours := queryOf(r).has(queryContact) && f.id("CallSid") != "" && (source == "" || strings.EqualFold(source, "RecordVerb"))
	switch {
	case !ours:
		return h.alarm(ctx, f, "voice_recorded")
	case h.book == nil, status != "" && status != "completed":
		return nil // still being made, or nothing was said
	}
	return h.book.Recorded(ctx, h.recording(f, true))
}

// alarm keeps a recording that nobody asked for, so that it is deleted.
func (h *Webhooks) alarm(ctx context.Context, f form, where string) error {
	h.unasked(where)
	if h.book == nil {
		return nil
	}
	return h.book.Recorded(ctx, h.recording(f, false))
}

func (h *Webhooks) recording(f form, voicemail bool) hotline.Recording {
	return hotline.Recording{SID: f.id("RecordingSid"), CallSID: f.id("CallSid"), Seconds: number(f.text("RecordingDuration")),
		Voicemail: voicemail, At: h.now().UTC()}
}
