package carrier

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
)

func TestRecordingsSince(t *testing.T) {
	t.Parallel()
	sound := func(sid, source, status, room string, at time.Time) map[string]any {
		return map[string]any{"sid": sid, "call_sid": "CA1", "source": source, "status": status, "conference_sid": room, "duration": 7,
			"channels": "1", "date_created": at.Format(time.RFC1123Z)}
	}
	list := []map[string]any{
		sound("RE6", "RecordVerb", "beamed", "", noon), sound("RE5", "RecordVerb", "in-progress", "", noon), sound("RE4", "RecordVerb", "absent", "", noon),
		sound("RE3", "Conference", "completed", "CF1", noon), sound("RE2", "RecordVerb", "completed", "", noon.Add(-time.Hour)),
		sound("RE1", "DialVerb", "completed", "", noon.Add(-61*time.Minute)),
	}
	client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		answer := any(map[string]any{"recordings": list})
		if strings.HasSuffix(r.URL.Path, "/Conferences/CF1.json") {
			answer = map[string]any{"sid": "CF1", "friendly_name": "c1-3"}
		}
		if err := json.NewEncoder(w).Encode(answer); err != nil {
			t.Error(err)
		}
	})
	got, err := client.RecordingsSince(t.Context(), noon.Add(-time.Hour))
	of := func(sid string, at time.Time, change func(*hotline.ListedRecording)) hotline.ListedRecording {
		r := hotline.ListedRecording{Recording: hotline.Recording{SID: sid, CallSID: "CA1", Seconds: 7, Voicemail: true, At: at}}
		change(&r)
		return r
	}
	want := []hotline.ListedRecording{
		of("RE6", noon, func(r *hotline.ListedRecording) { r.Making = true }),
		of("RE5", noon, func(r *hotline.ListedRecording) { r.Making = true }),
		of("RE4", noon, func(r *hotline.ListedRecording) { r.Empty = true }),
		of("RE3", noon, func(r *hotline.ListedRecording) { r.Voicemail, r.Room = false, "c1-3" }),
		of("RE2", noon.Add(-time.Hour), func(*hotline.ListedRecording) {}),
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("RecordingsSince = %+v, %v, want %+v", got, err, want)
	}
}

func TestTalks(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]bool{`{"calls":[]}`: false, `{"calls":[{"sid":"CA2"}]}`: true} {
		client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
			if q := r.URL.Query(); q.Get("ParentCallSid") != "CA1" || q.Get("Status") != "in-progress" {
				t.Errorf("asked %s", r.URL)
			}
			says(200, answer)(w, r)
		})
		if got, err := client.Talks(t.Context(), "CA1"); got != want || err != nil {
			t.Errorf("Talks with %s = %v, %v, want %v", answer, got, err, want)
		}
	}
}

func TestErase(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		trace  hotline.Trace
		handle http.HandlerFunc
		path   string
		want   error
	}{
		{"a message", hotline.Trace{Kind: hotline.MessageTrace, SID: "SM1"}, says(204, ""), "/Messages/SM1.json", nil},
		{"a call", hotline.Trace{Kind: hotline.CallTrace, SID: "CA1"}, says(204, ""), "/Calls/CA1.json", nil},
		{"a recording", hotline.Trace{Kind: hotline.RecordingTrace, SID: "RE1"}, says(204, ""), "/Recordings/RE1.json", nil},
		{"gone", hotline.Trace{Kind: hotline.MessageTrace, SID: "SM1"}, says(404, code(20404)), "/Messages/SM1.json", nil},
		{"on its way", hotline.Trace{Kind: hotline.MessageTrace, SID: "SM1"}, says(409, code(20009)), "/Messages/SM1.json", hotline.ErrConflict},
		{"on its way, otherwise", hotline.Trace{Kind: hotline.CallTrace, SID: "CA1"}, says(400, code(20009)), "/Calls/CA1.json", hotline.ErrConflict},
		{"too many", hotline.Trace{Kind: hotline.CallTrace, SID: "CA1"}, says(429, code(20429)), "/Calls/CA1.json", hotline.ErrUnavailable},
		{"refused", hotline.Trace{Kind: hotline.CallTrace, SID: "CA1"}, says(401, code(20003)), "/Calls/CA1.json", hotline.ErrUnavailable},
		{"an odd id", hotline.Trace{Kind: hotline.MessageTrace, SID: "../Calls/CA1"}, says(204, ""), "", hotline.ErrInvalid},
		{"no id", hotline.Trace{Kind: hotline.MessageTrace}, says(204, ""), "", hotline.ErrInvalid},
	} {
		path := ""
		client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodDelete {
				t.Errorf("%s: asked by %s", test.name, r.Method)
			}
			path = strings.TrimPrefix(r.URL.Path, "/2010-04-01/Accounts/"+account)
			test.handle(w, r)
		})
		if err := client.Erase(t.Context(), test.trace); !errors.Is(err, test.want) || path != test.path {
			t.Errorf("Erase of %s = %v by %q, want %v by %q", test.name, err, path, test.want, test.path)
		}
	}
}

func TestTraces(t *testing.T) {
	t.Parallel()
	one := func(sid, parent string, age time.Duration) map[string]any {
		return map[string]any{"sid": sid, "parent_call_sid": parent, "call_sid": parent, "date_created": noon.Add(-age).Format(time.RFC1123Z)}
	}
	lists := map[string][]map[string]any{
		"/Messages.json To":   {one("SM3", "", time.Hour), one("SM2", "", 25*time.Hour), one("SM1", "", 73*time.Hour)},
		"/Messages.json From": {one("SM4", "", 26*time.Hour)},
		"/Calls.json To":      {one("CA1", "", 27*time.Hour)},
		"/Calls.json From":    {one("CA2", "CA1", 27*time.Hour)},
		"/Recordings.json ":   {one("RE1", "CA9", 28*time.Hour)},
	}
	client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		list, which := strings.TrimPrefix(r.URL.Path, "/2010-04-01/Accounts/"+account), ""
		for _, name := range []string{"To", "From"} {
			if r.URL.Query().Get(name) == "+4570201550" {
				which = name
			}
		}
		all := lists[list+" "+which]
		if err := json.NewEncoder(w).Encode(map[string]any{"messages": all, "calls": all, "recordings": all}); err != nil {
			t.Error(err)
		}
	})
	lines := []hotline.Address{hotline.AddressOf("+4570201550"), hotline.AddressOf("whatsapp:+4570201550")}
	got, err := client.Traces(t.Context(), lines, noon.Add(-72*time.Hour), noon.Add(-24*time.Hour))
	want := []hotline.Trace{{Kind: hotline.MessageTrace, SID: "SM2"}, {Kind: hotline.MessageTrace, SID: "SM4"}, {Kind: hotline.CallTrace, SID: "CA1"},
		{Kind: hotline.CallTrace, SID: "CA2", Parent: "CA1"}, {Kind: hotline.RecordingTrace, SID: "RE1", Parent: "CA9"}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("Traces = %+v, %v, want %+v", got, err, want)
	}
}
