package simulator

import (
	"bytes"
	"encoding/binary"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// foundRecording is the recording that a path names, whatever ending it has. The caller holds mu.
func (c *Carrier) foundRecording(r *asked) (*recording, *apiError) {
	sid, _, _ := strings.Cut(r.PathValue("sid"), ".")
	for _, rec := range c.sounds {
		if rec.sid == sid {
			return rec, nil
		}
	}
	return nil, errNotFound
}

var recordingQuery = []string{"DateCreated", "DateCreated<", "DateCreated>", "CallSid", "ConferenceSid", "IncludeSoftDeleted"}

// listRecordings lists those of the account, or of the leg in the path.
func (c *Carrier) listRecordings(r *asked) (int, any, *apiError) {
	q := url.Values(r.form)
	of := r.PathValue("sid")
	if of == "" {
		of = q.Get("CallSid")
	}
	match, err := dateFilter(q, "DateCreated")
	if err != nil {
		return 0, nil, bad(20001, "DateCreated is not a date")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []map[string]any
	for _, rec := range slices.Backward(c.sounds) {
		if wanted(of, rec.call.sid) && match(rec.started) && q.Get("ConferenceSid") == "" {
			all = append(all, c.recordingDocument(rec))
		}
	}
	return http.StatusOK, c.pageOf(r, "recordings", recordingQuery, all), nil
}

// fetchRecording shows a recording as .json, and plays it as .wav, .mp3, or, without an ending, as WAV.
func (c *Carrier) fetchRecording(r *asked) (int, any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	rec, err := c.foundRecording(r)
	if err != nil {
		return 0, nil, err
	}
	_, ending, _ := strings.Cut(r.PathValue("sid"), ".")
	switch {
	case ending == "json":
		return http.StatusOK, c.recordingDocument(rec), nil
	case rec.status != Completed:
		return 0, nil, errNotFound
	case ending == "mp3":
		return http.StatusOK, file{"audio/mpeg", rec.mp3()}, nil
	}
	return http.StatusOK, file{"audio/x-wav", rec.wav()}, nil
}

func (c *Carrier) removeRecording(r *asked) (int, any, *apiError) {
	c.mu.Lock()
	defer c.mu.Unlock()
	rec, err := c.foundRecording(r)
	if err != nil {
		return 0, nil, err
	}
	c.sounds = slices.DeleteFunc(c.sounds, func(other *recording) bool { return other == rec })
	c.wake()
	return http.StatusNoContent, nil, nil
}

func (c *Carrier) recordingDocument(r *recording) map[string]any {
	path := c.recordingPath(r)
	return map[string]any{
		"sid": r.sid, "account_sid": c.cfg.AccountSID, "api_version": apiVersion, "call_sid": r.call.sid, "conference_sid": nil,
		"status": r.status, "channels": 1, "source": "RecordVerb", "duration": strconv.Itoa(r.seconds), "error_code": nil,
		"price": nil, "price_unit": "USD", "start_time": date(r.started), "date_created": date(r.started),
		"date_updated": date(r.updated), "encryption_details": nil, "media_url": c.cfg.BaseURL + path, "uri": path + ".json",
		"subresource_uris": map[string]string{},
	}
}

// Recordings lists the ids of all recordings that the carrier still has, oldest first.
func (c *Carrier) Recordings() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := []string{}
	for _, r := range c.sounds {
		all = append(all, r.sid)
	}
	return all
}

// soundRate is that of a telephone, soundMost how many seconds of sound are made at most.
const (
	soundRate = 8000
	soundMost = 10
)

// wav is a tone, as long as the recording up to ten seconds, of a height that its id chooses.
func (r *recording) wav() []byte {
	n := soundRate * min(max(r.seconds, 1), soundMost)
	pitch := 300 + float64(r.sid[2]) + 2*float64(r.sid[3])
	var b bytes.Buffer
	b.WriteString("RIFF")
	for _, v := range []any{uint32(36 + 2*n), []byte("WAVEfmt "), uint32(16), uint16(1), uint16(1), uint32(soundRate),
		uint32(2 * soundRate), uint16(2), uint16(16), []byte("data"), uint32(2 * n)} {
		binary.Write(&b, binary.LittleEndian, v)
	}
	for i := range n {
		binary.Write(&b, binary.LittleEndian, int16(3000*math.Sin(2*math.Pi*pitch*float64(i)/soundRate)))
	}
	return b.Bytes()
}

// mp3 is silence in frames of 26 ms, and a tag that holds the id, so that no two are alike.
func (r *recording) mp3() []byte {
	var b bytes.Buffer
	for range 38 * min(max(r.seconds, 1), soundMost) {
		b.Write([]byte{0xff, 0xfb, 0x90, 0x64})
		b.Write(make([]byte, 413))
	}
	tag := make([]byte, 128)
	copy(tag, "TAG"+r.sid[:30])
	b.Write(tag)
	return b.Bytes()
}
