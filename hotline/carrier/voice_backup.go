package carrier

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"

	"hopeline/hotline"
)

const (
	// backupRings is how long, in seconds, the backup's phone rings.
	backupRings = 25
	// backupRest is how long she waits from one try of the backup to the next.
	backupRest = 3 * time.Minute
	// longQueue is how long somebody is in a queue, of whom nothing else can be read, before the backup is tried.
	longQueue = 2 * time.Minute
)

// What the carrier says of how somebody left a queue. The rest is "leave", which our own documents say, and what comes
// of a Dial of a queue, which we never do.
var (
	broken    = []string{"error", "system-error", "queue-full"}             // the queue or its document failed
	elsewhere = []string{"hangup", "redirected", "redirected-from-bridged"} // she is not here to hear what is answered
)

// international is a number that can be dialled from anywhere, and so never an emergency number.
var international = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// due tells whether the backup may be tried now. When it was tried last is in the addresses; it rests for a while then.
func (h *Webhooks) due(q form) bool {
	at, err := strconv.ParseInt(q.text(queryTried), 36, 64)
	return err != nil || h.now().Sub(time.Unix(at, 0)) >= backupRest
}

// backupNext tells whether she has waited so long that the backup is asked. Not for who cannot talk: her keys are seen
// in the house alone.
func (h *Webhooks) backupNext(p hotline.CallerPlace) bool {
	return h.backup != "" && p.Late && !p.Silent
}

// blindly tells whether the backup is asked for somebody of whom nothing can be read: whoever takes her call here moves
// her out of any document.
func (h *Webhooks) blindly(f, q form) bool {
	return h.backup != "" && q.has(queryAgain) && h.due(q) && (slices.Contains(broken, f.text("QueueResult")) || queueTime(f) >= longQueue)
}

// outOfQueue is the document for who came out of her queue although she belongs in line. Where there is no waiting, or
// it took too long, the backup is tried; when it just was she hears that she is connected, and nothing spins.
func (h *Webhooks) outOfQueue(p hotline.CallerPlace, f, q form) answer {
	waited := queueTime(f) >= fresh
	failed := slices.Contains(broken, f.text("QueueResult")) || !waited && number(q.text(queryAgain)) > 1
	again := 2
	if waited {
		again = 1
	}
	line := h.line(p, again, q.id(queryTried))
	switch {
	case h.due(q) && (failed || h.backupNext(p)):
		return h.toBackup(p, f)
	case failed:
		return document(slices.Concat(h.toCaller(p, promptHold), []verb{pause{Seconds: 20}}, line)...)
	}
	return document(append([]verb{pause{Seconds: 2}}, line...)...)
}

// toBackup rings the number outside, and leads to a message when nobody there presses the key. Without such a number, or
// without a line's to show in place of hers, it is the message at once.
func (h *Webhooks) toBackup(p hotline.CallerPlace, f form) answer {
	tried := strconv.FormatInt(h.now().Unix(), 36)
	line := lineOf(p, f)
	if h.backup == "" || line == "" {
		return document(h.offerMessage(p, tried)...)
	}
	after := h.links.to(pathBackupAfter, marked(tried, queryContact, string(p.Contact))...)
	return document(append(h.toCaller(p, promptBackup), bridge{
		Shows: line, Timeout: backupRings, Record: "do-not-record", Action: after, Method: http.MethodPost,
		Phone: phone{Screen: h.links.to(pathBackup), Method: http.MethodPost, Number: h.backup},
	})...)
}

// lineOf is the line's number, or nothing when none can be shown.
func lineOf(p hotline.CallerPlace, f form) string {
	line := string(p.Line)
	switch {
	case line != "":
	case f.text("Direction") == "inbound":
		line = f.text("To", "Called")
	case f.text("Direction") == "outbound-api": // we called her back
		line = f.text("From", "Caller")
	}
	if !international.MatchString(line) {
		return ""
	}
	return line
}

// offerMessage lets her leave a message or stay. When nothing is said she is in line again.
func (h *Webhooks) offerMessage(p hotline.CallerPlace, tried string) []verb {
	q := marked(tried, queryContact, string(p.Contact))
	return append(h.toCaller(p, promptMessage), records(h.links.to(pathRecorded, q...)), redirectTo(h.links.to(pathCaller, q...)))
}

// backupAsk is what the backup's phone hears, and nobody is asked for it: nothing of the caller is in it.
func (h *Webhooks) backupAsk(context.Context, *http.Request, form) answer {
	v := h.voice("")
	var words []verb
	for i := range askRounds {
		if i > 0 {
			words = append(words, pause{Seconds: 1})
		}
		words = append(words, v.say(promptAskBackup))
	}
	return document(asks(h.links.to(pathBackupKey), 3, words...), hangup{})
}

// backupKey lets the carrier join the two after key 1, and ends the leg after any other.
func (h *Webhooks) backupKey(_ context.Context, _ *http.Request, f form) answer {
	if f.text("Digits") == "1" {
		return document()
	}
	return document(hangup{})
}

// backupAfter comes after the backup's phone, whatever became of it.
func (h *Webhooks) backupAfter(ctx context.Context, r *http.Request, f form) answer {
	p, err := h.whereIs(ctx, f, queryOf(r), true)
	if err != nil {
		return h.calmed("a document after the backup could not be made", err, h.backupAfterCalmly(r, f))
	}
	return h.backupEnded(p, f, queryOf(r))
}

func (h *Webhooks) backupAfterCalmly(r *http.Request, f form) answer {
	q := queryOf(r)
	return h.backupEnded(hotline.CallerPlace{Contact: contactOf(q), Where: hotline.InLine}, f, q)
}

func (h *Webhooks) backupEnded(p hotline.CallerPlace, f, q form) answer {
	switch {
	case p.Where != hotline.InLine:
		return h.callerDocument(p)
	case f.text("DialBridged") == "true":
		return document(append(h.toCaller(p, promptOver), hangup{})...)
	}
	return document(h.offerMessage(p, q.id(queryTried))...)
}

// stays tells whether the message was offered to somebody in line: she did not choose it.
func stays(q form) bool { return q.has(queryTried) }

// isEnded tells whether she ended her message herself. One that ended in silence may be the noise around somebody who
// stays on the line.
func isEnded(f form) bool { d := f.text("Digits"); return d == "#" || d == "hangup" }

// leftMessage keeps that she chose to leave a message, before the message itself: so it is work of that kind, whether
// or not she is known to be gone.
func (h *Webhooks) leftMessage(ctx context.Context, f, q form) {
	_, err := h.pressed(ctx, f, q, hotline.Pressed{Key: hotline.KeyVoicemail, Step: f.id("CallSid") + ":" + f.id("RecordingSid")})
	if err != nil {
		h.unstored("the choice of a message was not stored", err)
	}
}

// afterMessage is what comes after a message. Who was offered one while she waited, and did not end it, waits on.
func (h *Webhooks) afterMessage(p hotline.CallerPlace, f, q form) answer {
	if stays(q) && !isEnded(f) {
		back := h.links.to(pathCaller, marked(q.id(queryTried), queryContact, string(contactOf(q)))...)
		return document(append(h.toCaller(p, promptStays), redirectTo(back))...)
	}
	return document(append(h.toCaller(p, promptKept), hangup{})...)
}
