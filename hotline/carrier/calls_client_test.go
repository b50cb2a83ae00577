package carrier

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
)

var ringing = hotline.Dialling{
	Leg: "l 1", Part: hotline.Answerer, From: hotline.AddressOf("+4570201550"), To: hotline.AddressOf("+4530000001"), Rings: 24500 * time.Millisecond,
}

// errand is one request about a leg.
type errand struct {
	name string
	do   func(context.Context, *Client) hotline.Handed
}

var errands = []errand{
	{"dial", func(ctx context.Context, c *Client) hotline.Handed { return c.Dial(ctx, ringing) }},
	{"end", func(ctx context.Context, c *Client) hotline.Handed { return c.EndLeg(ctx, "CA1") }},
	{"move the caller", func(ctx context.Context, c *Client) hotline.Handed { return c.MoveCaller(ctx, "CA1", "c 1") }},
	{"move a leg", func(ctx context.Context, c *Client) hotline.Handed { return c.MoveLeg(ctx, "CA1", "l1") }},
	{"hold", func(ctx context.Context, c *Client) hotline.Handed { return c.Hold(ctx, "CF1", "CA1", true) }},
	{"release", func(ctx context.Context, c *Client) hotline.Handed { return c.Hold(ctx, "CF1", "CA1", false) }},
	{"mute", func(ctx context.Context, c *Client) hotline.Handed { return c.Mute(ctx, "CF1", "CA1", true) }},
}

func TestErrandForms(t *testing.T) {
	t.Parallel()
	const root = "/2010-04-01/Accounts/" + account
	const base = "https://hotline.example.org/hope/twilio/voice"
	wants := []struct {
		path string
		form url.Values
	}{
		{"/Calls.json", url.Values{"From": {"+4570201550"}, "To": {"+4530000001"}, "Url": {base + "/leg?l=l+1"}, "StatusCallback": {base + "/status?l=l+1"},
			"StatusCallbackEvent": {"initiated", "ringing", "answered", "completed"}, "Timeout": {"25"}}},
		{"/Calls/CA1.json", url.Values{"Status": {"completed"}}},
		{"/Calls/CA1.json", url.Values{"Url": {base + "/caller?c=c+1"}, "Method": {"POST"}}},
		{"/Calls/CA1.json", url.Values{"Url": {base + "/leg?l=l1"}, "Method": {"POST"}}},
		{"/Conferences/CF1/Participants/CA1.json", url.Values{"Hold": {"true"}, "HoldUrl": {base + "/hold"}, "HoldMethod": {"POST"}}},
		{"/Conferences/CF1/Participants/CA1.json", url.Values{"Hold": {"false"}}},
		{"/Conferences/CF1/Participants/CA1.json", url.Values{"Muted": {"true"}}},
	}
	for i, e := range errands {
		var path string
		var form url.Values
		client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
			if err := r.ParseForm(); err != nil || r.Method != http.MethodPost {
				t.Errorf("%s: asked by %s, %v", e.name, r.Method, err)
			}
			path, form = r.URL.Path, r.PostForm
			says(200, `{"sid":"CA1"}`)(w, r)
		})
		if got := e.do(t.Context(), client); got.Class != hotline.Taken || got.SID != "CA1" {
			t.Errorf("%s = %+v, want Taken", e.name, got)
		}
		if path != root+wants[i].path || form.Encode() != wants[i].form.Encode() {
			t.Errorf("%s asked %s with %v, want %s with %v", e.name, path, form, wants[i].path, wants[i].form)
		}
	}
}

func TestErrandOutcomes(t *testing.T) {
	t.Parallel()
	const odd = `{"sid":"CA1","duration":7,"queue_time":0,"price":null,"subresource_uris":[],"muted":"yes"}`
	for _, test := range []struct {
		name               string
		handle             http.HandlerFunc
		dial, change, seat hotline.Class
		code               int // of the failure of a refusal
	}{
		{"taken", says(201, `{"sid":"CA1","status":"queued"}`), hotline.Taken, hotline.Taken, hotline.Taken, 0},
		{"odd types", says(200, odd), hotline.Taken, hotline.Taken, hotline.Taken, 0},
		{"cut after the id", cuts(201, `{"sid":"CA1","sta`), hotline.Taken, hotline.Taken, hotline.Taken, 0},
		{"no JSON", says(201, "<html>"), hotline.Unsure, hotline.Taken, hotline.Taken, 0},
		{"429", says(429, code(20429), "Retry-After", "7"), hotline.Again, hotline.Again, hotline.Again, 0},
		{"too many calls", says(400, code(10004)), hotline.Again, hotline.Again, hotline.Again, 0},
		{"gone", says(400, code(21220)), hotline.Refuse, hotline.Taken, hotline.Refuse, 21220},
		{"missing", says(404, code(20404)), hotline.Refuse, hotline.Taken, hotline.Refuse, 20404},
		{"a number that cannot be rung", says(400, code(13224)), hotline.Refuse, hotline.Refuse, hotline.Refuse, 13224},
		{"a country that is closed", says(400, code(21215)), hotline.Refuse, hotline.Refuse, hotline.Refuse, 21215},
		{"a code nobody knows", says(422, code(99999)), hotline.Refuse, hotline.Refuse, hotline.Refuse, 99999},
		{"401", says(401, code(20003)), hotline.Halt, hotline.Halt, hotline.Halt, 20003},
		{"500", says(500, ""), hotline.Unsure, hotline.Unsure, hotline.Unsure, 0},
		{"redirected", says(307, "", "Location", "/x"), hotline.Unsure, hotline.Unsure, hotline.Unsure, 0},
		{"reset", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, hotline.Unsure, hotline.Unsure, hotline.Unsure, 0},
	} {
		for i, e := range errands {
			want := test.change
			switch {
			case i == 0:
				want = test.dial
			case i >= 4:
				want = test.seat
			}
			got := e.do(t.Context(), newClient(t, test.handle))
			if got.Class != want || want == hotline.Taken && got.SID != "CA1" || (got.After > 0) != (want == hotline.Again) {
				t.Errorf("%s, %s = %+v, want class %d", test.name, e.name, got, want)
			}
			if want == hotline.Refuse && (got.Failure == nil || got.Failure.Code != test.code || strings.Contains(got.Failure.Words, "+45")) {
				t.Errorf("%s, %s: Failure = %+v, want %d", test.name, e.name, got.Failure, test.code)
			}
		}
	}
}

// What is no number in full is never dialled: an emergency number least of all.
func TestDialRings(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]bool{
		"+4530000001": true, "client:00af_3": true, "112": false, "+112": false, "+45112": false, "911": false, "": false, "client:": false,
		"client:a b": false, "sip:a@b": false, "whatsapp:+4530000001": false, "004530000001": false, "anonymous": false, "+266696687000000000": false,
	} {
		asked := false
		d := ringing
		d.To = hotline.AddressOf(to)
		got := newClient(t, func(w http.ResponseWriter, r *http.Request) { asked = true; says(201, `{"sid":"CA1"}`)(w, r) }).Dial(t.Context(), d)
		if asked != want || (got.Class == hotline.Taken) != want {
			t.Errorf("Dial of %q asked the carrier: %v, and is class %d", to, asked, got.Class)
		}
	}
}

func TestErrandsWithoutCarrierOrID(t *testing.T) {
	t.Parallel()
	client := newClient(t, says(200, `{"sid":"CA1"}`), func(c *Config) { c.Tokens = nil })
	for _, e := range errands {
		if got := e.do(t.Context(), client); got.Class != hotline.Halt {
			t.Errorf("%s without a token = %+v, want Halt", e.name, got)
		}
	}
	for name, err := range errandErrors(t.Context(), client, "CA1") {
		if !errors.Is(err, hotline.ErrUnavailable) {
			t.Errorf("%s without a token: %v, want unavailable", name, err)
		}
	}
	client = newClient(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("asked %s", r.URL.Path) })
	for name, got := range map[string]hotline.Handed{
		"end": client.EndLeg(t.Context(), ""), "move": client.MoveLeg(t.Context(), "", "l1"), "hold": client.Hold(t.Context(), "", "CA1", true),
	} {
		if got.Class != hotline.Refuse || got.Failure == nil {
			t.Errorf("%s without an id = %+v, want Refuse", name, got)
		}
	}
	for _, sid := range []string{"", "../Calls/CA1", "RE1.json?x"} {
		if _, _, err := client.FetchRecording(t.Context(), sid); !errors.Is(err, hotline.ErrInvalid) {
			t.Errorf("FetchRecording(%q) = %v, want invalid", sid, err)
		}
		if err := client.DropRecording(t.Context(), sid); !errors.Is(err, hotline.ErrInvalid) {
			t.Errorf("DropRecording(%q) = %v, want invalid", sid, err)
		}
	}
}

// errandErrors asks for everything that answers with an error.
func errandErrors(ctx context.Context, c *Client, sid string) map[string]error {
	_, now := c.LegNow(ctx, sid)
	_, list := c.CallsSince(ctx, hotline.AddressOf("+4570201550"), noon.Add(-time.Hour))
	_, _, fetch := c.FetchRecording(ctx, sid)
	_, talks := c.Talks(ctx, sid)
	_, sounds := c.RecordingsSince(ctx, noon.Add(-time.Hour))
	_, traces := c.Traces(ctx, []hotline.Address{hotline.AddressOf("+4570201550")}, noon.Add(-time.Hour), noon)
	return map[string]error{"LegNow": now, "CallsSince": list, "FetchRecording": fetch, "DropRecording": c.DropRecording(ctx, sid),
		"Talks": talks, "RecordingsSince": sounds, "Traces": traces,
		"Erase": errors.Join(c.Erase(ctx, hotline.Trace{Kind: hotline.CallTrace, SID: "CA1"}), c.Erase(ctx, hotline.Trace{Kind: hotline.MessageTrace, SID: "SM1"}))}
}

func TestErrandErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		handle http.HandlerFunc
		want   map[string]error
	}{
		{"missing", says(404, code(20404)), map[string]error{"LegNow": hotline.ErrNotFound, "FetchRecording": hotline.ErrNotFound,
			"CallsSince": hotline.ErrUnavailable, "DropRecording": nil, "Talks": hotline.ErrUnavailable, "RecordingsSince": hotline.ErrUnavailable,
			"Traces": hotline.ErrUnavailable, "Erase": nil}},
		{"500", says(500, ""), map[string]error{"LegNow": hotline.ErrUnavailable, "FetchRecording": hotline.ErrUnavailable,
			"CallsSince": hotline.ErrUnavailable, "DropRecording": hotline.ErrUnavailable, "Talks": hotline.ErrUnavailable,
			"RecordingsSince": hotline.ErrUnavailable, "Traces": hotline.ErrUnavailable, "Erase": hotline.ErrUnavailable}},
	} {
		for name, err := range errandErrors(t.Context(), newClient(t, test.handle), "RE1") {
			if !errors.Is(err, test.want[name]) || (err == nil) != (test.want[name] == nil) || err != nil && strings.Contains(err.Error(), "+45") {
				t.Errorf("%s, %s = %v, want %v", test.name, name, err, test.want[name])
			}
		}
	}
}

func TestLegNow(t *testing.T) {
	t.Parallel()
	got, err := newClient(t, says(200, `{"sid":"CA1","status":"no-answer","duration":0}`)).LegNow(t.Context(), "CA1")
	if want := (hotline.LegReport{SID: "CA1", State: hotline.LegOver, End: hotline.LegNoAnswer, At: noon}); err != nil || got != want {
		t.Errorf("LegNow = %+v, %v, want %+v", got, err, want)
	}
	if _, err = newClient(t, says(200, `{"sid":"CA1","status":"beamed"}`)).LegNow(t.Context(), "CA1"); !errors.Is(err, hotline.ErrUnavailable) {
		t.Errorf("LegNow of a status nobody knows = %v, want unavailable", err)
	}
}

func TestCallsSince(t *testing.T) {
	t.Parallel()
	call := func(sid, direction, parent string, at time.Time) map[string]any {
		return map[string]any{"sid": sid, "from": "anonymous", "to": "+4570201550", "direction": direction, "parent_call_sid": parent,
			"date_created": at.Format(time.RFC1123Z), "duration": 4, "status": "in-progress"}
	}
	pages := map[string][]map[string]any{
		"":    {call("CA5", "inbound", "", noon), call("CA4", "outbound-api", "", noon), call("CA3", "inbound", "CA2", noon)},
		"PA1": {call("CA2", "inbound", "", noon.Add(-time.Minute)), call("CA1", "inbound", "", noon.Add(-2*time.Hour))},
	}
	client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if q.Get("To") != "+4570201550" || !strings.HasSuffix(r.URL.Path, "/Calls.json") {
			t.Errorf("asked %s", r.URL)
		}
		next := any("/2010-04-01/Accounts/x/Calls.json?Page=1&PageToken=PA1")
		if q.Get("PageToken") != "" {
			next = "/2010-04-01/Accounts/x/Calls.json?Page=2&PageToken=PA2"
		}
		if err := json.NewEncoder(w).Encode(map[string]any{"calls": pages[q.Get("PageToken")], "next_page_uri": next}); err != nil {
			t.Error(err)
		}
	})
	got, err := client.CallsSince(t.Context(), hotline.AddressOf("+4570201550"), noon.Add(-time.Hour))
	listed := func(sid string, at time.Time) hotline.ListedCall {
		return hotline.ListedCall{State: hotline.LegUp, IncomingCall: hotline.IncomingCall{SID: sid, From: hotline.AddressOf("anonymous"), To: hotline.AddressOf("+4570201550"), At: at}}
	}
	want := []hotline.ListedCall{listed("CA2", noon.Add(-time.Minute)), listed("CA5", noon)}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("CallsSince = %+v, %v, want %+v", got, err, want)
	}
}

// Every field of a request about a call has a name that the carrier knows: it ignores the others without a word.
func TestVoiceFieldNames(t *testing.T) {
	t.Parallel()
	var known struct{ Fields map[string][]string }
	readJSON(t, filepath.Join("testdata", "voice_fields.json"), &known)
	compareWithCarriers(t, known.Fields)
	asked := map[string]bool{}
	client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		path := strings.NewReplacer("/2010-04-01/Accounts/"+account, "", "CA1", "{Sid}", "RE1", "{Sid}", "CF1.", "{Sid}.", "SM1", "{Sid}").Replace(r.URL.Path)
		if strings.Contains(path, "Participants") {
			path = "/Conferences/{ConferenceSid}/Participants/{CallSid}.json"
		}
		names, there := known.Fields[r.Method+" "+path]
		asked[r.Method+" "+path] = true
		if !there && !strings.HasSuffix(path, ".mp3") {
			t.Errorf("asked %s %s, which the carrier's document has not", r.Method, path)
		}
		for name := range r.Form {
			if !slices.Contains(names, name) {
				t.Errorf("%s %s has %s, which the carrier does not know", r.Method, path, name)
			}
		}
		says(200, `{"sid":"CA1","status":"ringing","calls":[],"recordings":[{"sid":"RE1","conference_sid":"CF1"}]}`)(w, r)
	})
	for _, e := range errands {
		e.do(t.Context(), client)
	}
	errandErrors(t.Context(), client, "CA1")
	errandErrors(t.Context(), client, "RE1")
	for name := range known.Fields {
		if !asked[name] {
			t.Errorf("%s was not asked", name)
		}
	}
}

// compareWithCarriers checks our copy of the names against the carrier's document, where that is at hand.
func compareWithCarriers(t *testing.T, known map[string][]string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "carrier", "twilio_api_v2010.json"))
	if err != nil {
		t.Log("the carrier's document is not at hand; the names in testdata are checked")
		return
	}
	type operation struct {
		Parameters  []struct{ Name, In string }
		RequestBody struct {
			Content map[string]struct {
				Schema struct{ Properties map[string]any }
			}
		}
	}
	var doc struct {
		Paths map[string]struct{ Get, Post, Delete operation }
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	for name, have := range known {
		method, path, _ := strings.Cut(name, " ")
		at := doc.Paths["/2010-04-01/Accounts/{AccountSid}"+path]
		o := map[string]operation{"GET": at.Get, "POST": at.Post, "DELETE": at.Delete}[method]
		var want []string
		for _, p := range o.Parameters {
			if p.In == "query" {
				want = append(want, p.Name)
			}
		}
		for field := range o.RequestBody.Content["application/x-www-form-urlencoded"].Schema.Properties {
			want = append(want, field)
		}
		if slices.Sort(want); !slices.Equal(have, want) {
			t.Errorf("%s: testdata has %v, the carrier's document %v", name, have, want)
		}
	}
}
