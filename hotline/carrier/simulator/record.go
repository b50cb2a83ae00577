package simulator

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// recording is a sound that the carrier keeps. Guarded by the carrier's mu.
type recording struct {
	sid     string
	call    *Call
	status  string // in-progress, completed, absent
	started time.Time
	seconds int
	updated time.Time
}

// silence is how long nobody may speak before a Record ends.
const silence = 5

// record lets the person speak after the beep until a key, the hang-up, the longest length, or, when they are silent,
// the silence. An empty recording is absent, and the document goes on.
func (x *script) record(v element) flow {
	if v.is("transcribe") || v.value("transcribeCallback") != "" {
		x.l.c.fault(Unsimulated, "the transcript of a Record")
	}
	e := &ear{keys: true, most: 1, finish: "1234567890*#", cut: func() {}}
	if finish, given := v.attr("finishOnKey"); given {
		e.finish, e.most = finish, 0
	}
	r := x.begins(v)
	x.l.listen(e)
	x.records(e, v)
	got := x.l.unlisten(e)
	silent := x.kept(r, v)
	x.l.c.mu.Lock()
	with := url.Values{"RecordingUrl": {x.l.c.recordingURL(r)}, "RecordingSid": {r.sid}, "RecordingDuration": {strconv.Itoa(r.seconds)}}
	over := x.l.over()
	x.l.c.mu.Unlock()
	switch {
	case over && !silent:
		with.Set("Digits", "hangup")
		x.lastWords(v, with)
		return ends
	case x.ctx.Err() != nil:
		return ends
	case silent:
		return goesOn
	}
	with.Set("Digits", got.finished)
	return x.jump(v.value("action"), v.value("method"), with)
}

func (x *script) begins(v element) *recording {
	c := x.l.c
	c.mu.Lock()
	defer c.mu.Unlock()
	if v.value("playBeep") != "false" {
		x.l.hears(Heard{Verb: "Beep"})
	}
	now := c.cfg.Now().UTC()
	r := &recording{sid: newSID("RE"), call: x.l, status: InProgress, started: now, updated: now}
	c.sounds = append(c.sounds, r)
	x.l.recordings = append(x.l.recordings, r)
	c.wake()
	x.tells(r, v)
	return r
}

// records waits until the recording should end.
func (x *script) records(e *ear, v element) {
	c := x.l.c
	most := c.scale(time.Duration(v.count("maxLength", 3600)) * time.Second)
	quiet := c.scale(time.Duration(v.count("timeout", silence)) * time.Second)
	stop := func() bool { return e.finished != "" || x.l.silent || x.l.lost }
	if c.within(x.ctx, most, stop) {
		c.within(x.ctx, min(quiet, most), func() bool { return e.finished != "" })
	}
}

// kept ends a recording; true when there is nothing in it.
func (x *script) kept(r *recording, v element) (silent bool) {
	c := x.l.c
	c.mu.Lock()
	defer c.mu.Unlock()
	r.updated = c.cfg.Now().UTC()
	r.status, r.seconds = Completed, max(c.seconds(r.started, r.updated), 1)
	if x.l.silent {
		r.status, r.seconds = "absent", 0
	}
	c.wake()
	x.tells(r, v)
	return x.l.silent
}

// tells calls the recordingStatusCallback of a Record. The caller holds mu.
func (x *script) tells(r *recording, v element) {
	address := v.value("recordingStatusCallback")
	events := v.value("recordingStatusCallbackEvent")
	if events == "" {
		events = Completed
	}
	if address == "" || !strings.Contains(events, r.status) {
		return
	}
	c := x.l.c
	c.leaks(nil, "the address of a status callback", address)
	f := url.Values{
		"AccountSid": {c.cfg.AccountSID}, "CallSid": {x.l.sid}, "RecordingSid": {r.sid}, "RecordingUrl": {c.recordingURL(r)},
		"RecordingStatus": {r.status}, "RecordingDuration": {strconv.Itoa(r.seconds)}, "RecordingChannels": {"1"},
		"RecordingStartTime": {r.started.Format(time.RFC1123Z)}, "RecordingSource": {"RecordVerb"},
	}
	h := hook{url: x.resolve(address), method: v.value("recordingStatusCallbackMethod"), sid: r.sid, token: newSID(""), form: f, kind: statusHook}
	c.callBack(c.chaos.draw(x.l.serial, "recording "+r.status), h, nil)
}

func (c *Carrier) recordingPath(r *recording) string {
	return "/" + apiVersion + "/Accounts/" + c.cfg.AccountSID + "/Recordings/" + r.sid
}

func (c *Carrier) recordingURL(r *recording) string { return c.cfg.BaseURL + c.recordingPath(r) }
