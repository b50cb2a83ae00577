package carrier

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hopeline/hotline"
)

var reply = hotline.Outgoing{
	Message: "msg_7", Part: 2, From: hotline.AddressOf("+4570201550"), To: hotline.AddressOf("+4520000001"),
	Text: "Are you safe? 👍🏽", Began: noon,
}

// newClient makes a client of a carrier that answers as handle does.
func newClient(t *testing.T, handle http.HandlerFunc, change ...func(*Config)) *Client {
	t.Helper()
	server := httptest.NewServer(handle)
	cfg := Config{
		Public: &url.URL{Scheme: "https", Host: "hotline.example.org", Path: "/hope/"}, AccountSID: account, Tokens: []string{token},
		APIURL: server.URL, Timeout: 30 * time.Second, Now: func() time.Time { return noon },
	}
	for _, f := range change {
		f(&cfg)
	}
	c := NewClient(cfg)
	t.Cleanup(func() { c.Close(); server.Close() })
	return c
}

func says(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// cuts answers the first part of a body and closes the connection.
func cuts(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "10000")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
}

func code(n int) string {
	return fmt.Sprintf(`{"code": %d, "message": "+4520000001 is odd", "more_info": "", "status": 400}`, n)
}

func TestSendOutcomes(t *testing.T) {
	t.Parallel()
	const good = `{"sid":"SM1","status":"queued","error_code":null,"num_segments":"1","body":"x","subresource_uris":{"media":"/m"}}`
	for _, c := range []struct {
		name   string
		handle http.HandlerFunc
		want   hotline.Handed // After is the least
		code   int            // of the failure; -1 for none
	}{
		{"taken", says(201, good), hotline.Handed{Class: hotline.Taken, SID: "SM1", Status: hotline.Queued}, -1},
		{"taken with 200", says(200, good), hotline.Handed{Class: hotline.Taken, SID: "SM1", Status: hotline.Queued}, -1},
		{"accepted by a service", says(201, `{"sid":"SM1","status":"accepted"}`), hotline.Handed{Class: hotline.Taken, SID: "SM1", Status: hotline.Queued}, -1},
		{"a status nobody knows", says(201, `{"sid":"SM1","status":"beamed"}`), hotline.Handed{Class: hotline.Taken, SID: "SM1", Status: hotline.Queued}, -1},
		{"failed at once", says(201, `{"sid":"SM1","status":"failed","error_code":30007}`), hotline.Handed{Class: hotline.Taken, SID: "SM1", Status: hotline.Failed}, 30007},
		{"code as text", says(201, `{"sid":"SM1","status":"failed","error_code":"30008"}`), hotline.Handed{Class: hotline.Taken, SID: "SM1", Status: hotline.Failed}, 30008},
		{"odd types", says(201, `{"sid":"0b-1f","status":"sent","error_code":"none","num_segments":1,"price":0.5,"body":{"a":[]},"subresource_uris":"x"}`), hotline.Handed{Class: hotline.Taken, SID: "0b-1f", Status: hotline.Sent}, -1},
		{"cut after the id", cuts(201, `{"account_sid":"AC1","body":"\"sid\":\"SM666\"","sid":"SM1","sta`), hotline.Handed{Class: hotline.Taken, SID: "SM1", Status: hotline.Queued}, -1},
		{"cut before the id", cuts(201, `{"account_sid":"AC1","bo`), hotline.Handed{Class: hotline.Unsure}, -1},
		{"no JSON", says(201, "<html>"), hotline.Handed{Class: hotline.Unsure}, -1},
		{"JSON without id", says(201, `{"status":"queued"}`), hotline.Handed{Class: hotline.Unsure}, -1},
		{"empty", says(201, ""), hotline.Handed{Class: hotline.Unsure}, -1},
		{"204", says(204, ""), hotline.Handed{Class: hotline.Unsure}, -1},

		{"429", says(429, code(20429)), hotline.Handed{Class: hotline.Again, After: time.Second / 2}, -1},
		{"429 with a wait", says(429, "busy", "Retry-After", "7"), hotline.Handed{Class: hotline.Again, After: 7 * time.Second}, -1},
		{"429 with a date", says(429, "", "Retry-After", noon.Add(9*time.Second).Format(http.TimeFormat)), hotline.Handed{Class: hotline.Again, After: 9 * time.Second}, -1},
		{"429 with a long wait", says(429, "", "Retry-After", "9999"), hotline.Handed{Class: hotline.Again, After: longestAsked}, -1},
		{"queue full", says(400, code(21611)), hotline.Handed{Class: hotline.Again, After: time.Second / 2}, -2},

		{"opted out", says(400, code(21610)), hotline.Handed{Class: hotline.Refuse}, 21610},
		{"opted out, answered 403", says(403, code(21610)), hotline.Handed{Class: hotline.Refuse}, 21610},
		{"code as text in an error", says(400, `{"code":"21211","message":1}`), hotline.Handed{Class: hotline.Refuse}, 21211},
		{"missing", says(404, code(20404)), hotline.Handed{Class: hotline.Refuse}, 20404},
		{"a code nobody knows", says(422, code(99999)), hotline.Handed{Class: hotline.Refuse}, 99999},
		{"400 without JSON", says(400, "no"), hotline.Handed{Class: hotline.Refuse}, 0},

		{"401", says(401, code(20003)), hotline.Handed{Class: hotline.Halt}, 20003},
		{"403", says(403, "no"), hotline.Handed{Class: hotline.Halt}, 20003},
		{"403 with the account's code", says(403, code(20005)), hotline.Handed{Class: hotline.Halt}, 20003},
		{"suspended", says(400, code(20005)), hotline.Handed{Class: hotline.Halt}, 20005},

		{"500", says(500, code(20500)), hotline.Handed{Class: hotline.Unsure}, -1},
		{"502 of a proxy", says(502, "<html>bad gateway"), hotline.Handed{Class: hotline.Unsure}, -1},
		{"503", says(503, code(20503), "Retry-After", "5"), hotline.Handed{Class: hotline.Unsure}, -1},
		{"408", says(408, ""), hotline.Handed{Class: hotline.Unsure}, -1},
		{"redirected", says(302, "", "Location", "/elsewhere"), hotline.Handed{Class: hotline.Unsure}, -1},
		{"redirected with the form", says(307, "", "Location", "/elsewhere"), hotline.Handed{Class: hotline.Unsure}, -1},
		{"reset", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, hotline.Handed{Class: hotline.Unsure}, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				c.handle(w, r)
			})
			got := client.Send(t.Context(), reply)
			if got.Class != c.want.Class || got.SID != c.want.SID || got.Status != c.want.Status || got.After < c.want.After {
				t.Errorf("Send = %+v, want %+v", got, c.want)
			}
			if (got.After > 0) != (got.Class == hotline.Again) {
				t.Errorf("Send waits %v in class %d", got.After, got.Class)
			}
			switch {
			case c.code == -1 && got.Failure != nil:
				t.Errorf("Failure = %+v, want none", got.Failure)
			case c.code >= 0 && (got.Failure == nil || got.Failure.Code != c.code || got.Failure.Words == ""):
				t.Errorf("Failure = %+v, want code %d", got.Failure, c.code)
			}
			if got.Failure != nil && strings.Contains(got.Failure.Words, "+45") {
				t.Errorf("Failure tells the number")
			}
			if asked.Load() != 1 {
				t.Errorf("the carrier was asked %d times, want once", asked.Load())
			}
		})
	}
}

// refusing is an address at which nobody listens; a port that was free a moment ago may be another test's by now.
const refusing = "127.0.0.1:1"

func TestSendThatNeverLeft(t *testing.T) {
	t.Parallel()
	plain := httptest.NewServer(says(201, "{}"))
	t.Cleanup(plain.Close)
	for name, address := range map[string]string{
		"refused": "http://" + refusing,
		"no TLS":  strings.Replace(plain.URL, "http:", "https:", 1),
		"no name": "http://nobody.invalid",
	} {
		client := newClient(t, says(201, "{}"), func(c *Config) { c.APIURL = address })
		if got := client.Send(t.Context(), reply); got.Class != hotline.Again || got.After <= 0 {
			t.Errorf("%s: Send = %+v, want Again", name, got)
		}
	}
	client := newClient(t, says(201, `{"sid":"SM1"}`))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if got := client.Send(gone, reply); got.Class != hotline.Again {
		t.Errorf("a context that had ended: Send = %+v, want Again", got)
	}
}

// A deadline after the request was written leaves it open whether the carrier has it.
func TestSendThatTookTooLong(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	client := newClient(t, func(http.ResponseWriter, *http.Request) { <-ended }, func(c *Config) { c.Timeout = time.Second })
	got := client.Send(t.Context(), reply)
	close(ended)
	if got.Class != hotline.Unsure {
		t.Errorf("Send = %+v, want Unsure", got)
	}
}

func TestSendWithoutCarrier(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Config){
		"an address that is none": func(c *Config) { c.APIURL = "://" },
		"no host":                 func(c *Config) { c.APIURL = "/api" },
		"no token":                func(c *Config) { c.Tokens = nil },
		"no public address":       func(c *Config) { c.Public = nil },
	} {
		client := newClient(t, says(201, `{"sid":"SM1"}`), change)
		if got := client.Send(t.Context(), reply); got.Class != hotline.Halt || got.Failure == nil {
			t.Errorf("%s: Send = %+v, want Halt", name, got)
		}
	}
}

func TestSendForm(t *testing.T) {
	t.Parallel()
	var got *http.Request
	client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		says(201, `{"sid":"SM1"}`)(w, r)
	}, func(c *Config) { c.APIURL += "/edge/" })
	client.Send(t.Context(), reply)
	if want := "/edge/2010-04-01/Accounts/" + account + "/Messages.json"; got.URL.Path != want || got.Method != http.MethodPost || got.URL.RawQuery != "" {
		t.Errorf("asked %s %s, want POST %s", got.Method, got.URL, want)
	}
	want := url.Values{
		"From": {"+4570201550"}, "To": {"+4520000001"}, "Body": {reply.Text}, "ValidityPeriod": {"1800"},
		"StatusCallback": {"https://hotline.example.org/hope/twilio/message/status?m=msg_7&p=2"},
	}
	if got.PostForm.Encode() != want.Encode() {
		t.Errorf("form = %v, want %v", got.PostForm, want)
	}
	if user, password, ok := got.BasicAuth(); !ok || user != account || password != token {
		t.Errorf("BasicAuth = %q %q", user, password)
	}
}

// Every field that we send has a name that the carrier knows: it ignores the others without a word.
func TestFieldNames(t *testing.T) {
	t.Parallel()
	var known struct{ Create, List []string }
	readJSON(t, filepath.Join("testdata", "fields.json"), &known)
	if text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "carrier", "twilio_api_v2010.json")); err != nil {
		t.Log("the carrier's document is not at hand; the names in testdata are checked")
	} else if want := documented(t, text); !slices.Equal(known.Create, want) {
		t.Errorf("testdata/fields.json has %v, the carrier's document %v", known.Create, want)
	}
	client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		fields, names := r.PostForm, known.Create
		if r.Method == http.MethodGet {
			fields, names = r.Form, known.List
		}
		for name, values := range fields {
			if !slices.Contains(names, name) || len(values) != 1 {
				t.Errorf("%s has %s %d times, which the carrier does not know", r.Method, name, len(values))
			}
		}
		says(200, `{"sid":"SM1","messages":[]}`)(w, r)
	})
	client.Send(t.Context(), reply)
	if _, _, _, err := client.Find(t.Context(), reply, nobody); err != nil {
		t.Error(err)
	}
}

func documented(t *testing.T, text []byte) []string {
	t.Helper()
	var doc struct {
		Paths map[string]struct {
			Post struct {
				RequestBody struct {
					Content map[string]struct {
						Schema struct{ Properties map[string]any }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	var names []string
	form := doc.Paths["/2010-04-01/Accounts/{AccountSid}/Messages.json"].Post.RequestBody.Content["application/x-www-form-urlencoded"]
	for name := range form.Schema.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Ids and tokens with dashes, underscores and slashes go out as they are.
func TestSendWithOddCredentials(t *testing.T) {
	t.Parallel()
	client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		if user != "0b1f/a-1_ü" || password != "t-o_k:n" || r.URL.Path != "/2010-04-01/Accounts/0b1f/a-1_ü/Messages.json" || !strings.Contains(r.RequestURI, "0b1f%2Fa-1_") {
			t.Errorf("asked %s as %q %q", r.RequestURI, user, password)
		}
		says(201, `{"sid":"SM1"}`)(w, r)
	}, func(c *Config) { c.AccountSID, c.Tokens = "0b1f/a-1_ü", []string{"t-o_k:n"} })
	if got := client.Send(t.Context(), reply); got.Class != hotline.Taken {
		t.Errorf("Send = %+v, want Taken", got)
	}
}

func TestSendWhileTokensAreRotated(t *testing.T) {
	t.Parallel()
	var refused atomic.Int32
	valid := atomic.Value{}
	valid.Store("new")
	client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		if _, password, _ := r.BasicAuth(); password != valid.Load() {
			refused.Add(1)
			says(401, code(20003))(w, r)
			return
		}
		says(201, `{"sid":"SM1"}`)(w, r)
	}, func(c *Config) { c.Tokens = []string{"old", "new"} })
	for range 3 {
		if got := client.Send(t.Context(), reply); got.Class != hotline.Taken {
			t.Fatalf("Send = %+v, want Taken", got)
		}
	}
	if refused.Load() != 1 {
		t.Errorf("the old token was tried %d times, want once", refused.Load())
	}
	valid.Store("neither")
	if got := client.Send(t.Context(), reply); got.Class != hotline.Halt || refused.Load() != 3 {
		t.Errorf("Send = %+v after %d refusals, want Halt after both", got, refused.Load())
	}
}

func TestFailureFor(t *testing.T) {
	t.Parallel()
	for code := range meanings {
		if f := FailureFor(code); f.Code != code || f.Words == "" || !strings.HasSuffix(f.Words, ".") {
			t.Errorf("FailureFor(%d) = %+v", code, f)
		}
	}
	for _, code := range []int{0, 1, 70001} {
		if f := FailureFor(code); f == nil || f.Code != code || f.Words == "" {
			t.Errorf("FailureFor(%d) = %+v", code, f)
		}
	}
	if !strings.Contains(FailureFor(21610).Words, "danger") {
		t.Errorf("an opt-out does not warn of danger: %q", FailureFor(21610).Words)
	}
}

func TestWait(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tries      int
		asked      time.Duration
		from, upto time.Duration
	}{
		{0, 0, time.Second / 2, time.Second},
		{-1, 0, time.Second / 2, time.Second},
		{3, 0, 4 * time.Second, 8 * time.Second},
		{99, 0, longestWait / 2, longestWait},
		{0, time.Minute, time.Minute, time.Minute},
		{0, time.Hour, longestAsked, longestAsked},
	} {
		if got := wait(c.tries, c.asked); got < c.from || got > c.upto {
			t.Errorf("wait(%d, %v) = %v, want %v to %v", c.tries, c.asked, got, c.from, c.upto)
		}
	}
}
