package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestCreateAnswersAsTheCarrierDoes(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 3, 4, 5, 0, time.UTC)
	s := newStage(t, Config{Now: func() time.Time { return now }, Step: time.Hour})
	s.Phone(ana)
	_, body, err := s.sends()
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	sid := s.Sent()[0].SID
	uri := messagesPath + "/" + sid
	want := map[string]any{
		"account_sid": account, "api_version": "2010-04-01", "body": "hello", "date_created": "Mon, 23 Nov 2026 03:04:05 +0000",
		"date_sent": nil, "date_updated": "Mon, 23 Nov 2026 03:04:05 +0000", "direction": "outbound-api", "error_code": nil,
		"error_message": nil, "from": line, "messaging_service_sid": nil, "num_media": "0", "num_segments": "1", "price": nil,
		"price_unit": nil, "sid": sid, "status": "queued", "to": ana, "uri": uri + ".json",
		"subresource_uris": map[string]any{"media": uri + "/Media.json"},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("answer =\n%v, want\n%v", got, want)
	}
	s.noFaults()
}

func TestCreateRefuses(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	s.Phone(ana)
	tests := []struct {
		name    string
		changes []string
		code    int
		fault   FaultKind
	}{
		{"no To", []string{"To", ""}, 21604, ""},
		{"a To that is no number", []string{"To", "anonymous"}, 21211, ""},
		{"a scoped id by text", []string{"To", "DK.123"}, 21211, ""},
		{"no From", []string{"From", ""}, 21603, ""},
		{"a From of somebody else", []string{"From", "+4570209999"}, 21606, ""},
		{"a channel of somebody else", []string{"From", "whatsapp:+4570209999", "To", "whatsapp:" + ana}, 63007, ""},
		{"two channels", []string{"To", "whatsapp:" + ana}, 21910, ""},
		{"to itself", []string{"To", line}, 21266, ""},
		{"nothing said", []string{"Body", ""}, 21602, ""},
		{"1601 characters", []string{"Body", strings.Repeat("ж", 1601)}, 21617, ""},
		{"a callback that is a path", []string{"StatusCallback", "/status"}, 21609, BadCallback},
		{"a callback with an underscore", []string{"StatusCallback", "http://my_host/status"}, 21609, BadCallback},
		{"a bad template", []string{"ContentSid", "HX1", "Body", ""}, 21655, ""},
		{"bad variables", []string{"ContentVariables", "[1]"}, 21656, ""},
		{"a bad media address", []string{"MediaUrl", "file:///x"}, 21620, ""},
		{"misspelled", []string{"Bodyy", "x", "Body", ""}, 21602, UnknownField},
		{"misspelled, taken all the same", []string{"statusCallback", "x"}, 0, UnknownField},
		{"not a number", []string{"ValidityPeriod", "long"}, 0, UnknownField},
		{"neither true nor false", []string{"SmartEncoded", "1"}, 0, UnknownField},
		{"not here", []string{"SendAt", "2026-11-23T00:00:00Z"}, 0, Unsimulated},
		{"not UTF-8", []string{"Body", "\xff"}, 0, UnknownField},
		{"1600 characters", []string{"Body", strings.Repeat("ж", 1600)}, 0, ""},
	}
	for _, test := range tests {
		status, body, err := s.sends(test.changes...)
		var e apiError
		if err != nil || json.Unmarshal([]byte(body), &e) != nil && test.code != 0 {
			t.Fatalf("%s: %d %s, %v", test.name, status, body, err)
		}
		if test.code != 0 && (e.Code != test.code || e.Status != 400 || status != 400 || e.Message == "" || !strings.HasSuffix(e.MoreInfo, fmt.Sprint(test.code))) {
			t.Errorf("%s: %d %s, want %d", test.name, status, body, test.code)
		}
		if test.code == 0 && status != 201 {
			t.Errorf("%s: %d %s, want 201", test.name, status, body)
		}
		var kind FaultKind
		if f := s.ForgetFaults(); len(f) > 0 {
			kind = f[0].Kind
		}
		if kind != test.fault {
			t.Errorf("%s: fault %q, want %q", test.name, kind, test.fault)
		}
	}
	if got := len(s.Requests()); got != len(tests) || s.Requests()[0].Code != 21604 || s.Requests()[0].Status != 400 {
		t.Errorf("Requests = %d, the first %+v", got, s.Requests()[0])
	}
}

func TestDoors(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	tests := []struct {
		name, method, path, password string
		status, code                 int
		fault                        bool
	}{
		{"a wrong password", "GET", messagesPath + ".json", "x", 401, 20003, false},
		{"another account", "GET", "/2010-04-01/Accounts/AC1/Messages.json", token, 401, 20003, false},
		{"an unknown message", "GET", messagesPath + "/SM1.json", token, 404, 20404, false},
		{"an unknown file", "DELETE", messagesPath + "/SM1/Media/ME1.json", token, 404, 20404, false},
		{"an unknown path", "GET", "/2010-04-01/Accounts/" + account + "/Messagess.json", token, 404, 20404, true},
		{"a wrong method", "PUT", messagesPath + ".json", token, 405, 20004, true},
		{"an unknown query", "GET", messagesPath + ".json?Too=1", token, 200, 0, true},
		{"no date", "GET", messagesPath + ".json?DateSent=yesterday", token, 400, 20001, true},
	}
	for _, test := range tests {
		status, body, err := s.asks(test.method, test.path, nil, test.password)
		if err != nil || status != test.status || test.code != 0 && !strings.Contains(body, fmt.Sprintf(`"code":%d,`, test.code)) {
			t.Errorf("%s: %d %s, %v; want %d with %d", test.name, status, body, err, test.status, test.code)
		}
		if f := s.ForgetFaults(); (len(f) > 0) != test.fault {
			t.Errorf("%s: faults %v", test.name, f)
		}
	}
}

// listed asks for a list and returns the bodies in it, and the next page's address.
func (s *stage) listed(path string) ([]string, string) {
	s.t.Helper()
	status, body, err := s.ask(http.MethodGet, path, nil)
	var page struct {
		Messages []struct{ Body string }
		Next     string `json:"next_page_uri"`
	}
	if err != nil || status != 200 || json.Unmarshal([]byte(body), &page) != nil {
		s.t.Fatalf("list = %d %s, %v", status, body, err)
	}
	var bodies []string
	for _, m := range page.Messages {
		bodies = append(bodies, m.Body)
	}
	return bodies, page.Next
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	var minutes atomic.Int64
	start := time.Date(2026, 11, 22, 23, 0, 0, 0, time.UTC)
	s := newStage(t, Config{Now: func() time.Time { return start.Add(time.Duration(minutes.Load()) * time.Minute) }})
	ben := s.Phone("+4520000002")
	s.Phone(ana).Text(soon(t), line, "first")
	minutes.Store(90)
	ben.Text(soon(t), line, "second", Lost())
	minutes.Store(120)
	s.Phone(ana).WhatsApp(soon(t), chat, "third")
	tests := []struct {
		query url.Values
		want  string
	}{
		{nil, "third second first"},
		{url.Values{"To": {line}}, "second first"},
		{url.Values{"To": {line}, "From": {ana}}, "first"},
		{url.Values{"From": {"whatsapp:" + ana}}, "third"},
		{url.Values{"DateSent": {"2026-11-22"}}, "first"},
		{url.Values{"DateSent": {"2026-11-23"}}, "third second"},
		{url.Values{"DateSent>": {"2026-11-23"}}, "third second"},
		{url.Values{"DateSent<": {"2026-11-22"}}, "first"},
		{url.Values{"DateSent>=": {"2026-11-23T01:00:00Z"}}, "third"},
		{url.Values{"DateSent>": {"2026-11-23T00:30:00Z"}, "DateSent<": {"2026-11-23T00:30:00Z"}}, "second"},
		{url.Values{"DateSent<=": {"2026-11-23T01:30:00+01:00"}}, "second first"},
		{url.Values{"To": {"+1"}}, ""},
	}
	for _, test := range tests {
		got, _ := s.listed(messagesPath + ".json?" + test.query.Encode())
		if strings.Join(got, " ") != test.want {
			t.Errorf("list of %v = %v, want %q", test.query, got, test.want)
		}
	}
	if got, _ := s.listed(messagesPath + ".json?DateSent>=2026-11-23"); len(got) != 2 {
		t.Errorf("list since a day = %v, want two", got)
	}
	s.Chaos(func(ch *Chaos) { ch.ListLag = 2 * time.Minute })
	if got, _ := s.listed(messagesPath + ".json"); !slices.Equal(got, []string{"second", "first"}) {
		t.Errorf("list that lags = %v", got)
	}
	s.noFaults()
}

func TestListPagesStayWhenMoreComes(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	p := s.Phone(ana)
	for i := range 5 {
		p.Text(soon(t), line, fmt.Sprint(i))
	}
	got, next := s.listed(messagesPath + ".json?PageSize=2&To=" + url.QueryEscape(line))
	for next != "" {
		p.Text(soon(t), line, "later")
		var more []string
		more, next = s.listed(next)
		got = append(got, more...)
	}
	if want := []string{"4", "3", "2", "1", "0"}; !slices.Equal(got, want) {
		t.Errorf("all pages = %v, want %v", got, want)
	}
}

func TestRedactAndDelete(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{})
	r, _ := s.Phone(ana).WhatsApp(soon(t), chat, "secret", Attach("image/png", samplePicture()))
	one := messagesPath + "/" + r.SID
	if status, body, _ := s.ask(http.MethodPost, one+".json", url.Values{"Body": {""}}); status != 200 || !strings.Contains(body, `"body":""`) {
		t.Errorf("redact = %d %s", status, body)
	}
	if status, _, _ := s.ask(http.MethodPost, one+".json", url.Values{"Body": {"new"}}); status != 400 || len(s.ForgetFaults()) != 1 {
		t.Errorf("a change of the text = %d, want 400 and a fault", status)
	}
	_, body, _ := s.ask(http.MethodGet, one+"/Media.json", nil)
	var files struct {
		List []struct {
			SID  string
			Type string `json:"content_type"`
		} `json:"media_list"`
	}
	if err := json.Unmarshal([]byte(body), &files); err != nil || len(files.List) != 1 || files.List[0].Type != "image/png" {
		t.Fatalf("media = %s, %v", body, err)
	}
	file := one + "/Media/" + files.List[0].SID
	for _, step := range []struct {
		method, path string
		want         int
	}{
		{"GET", file + ".json", 200}, {"DELETE", file + ".json", 204}, {"GET", file, 404},
		{"GET", one + ".json", 200}, {"DELETE", one + ".json", 204}, {"GET", one + ".json", 404}, {"DELETE", one + ".json", 404},
	} {
		if status, body, _ := s.ask(step.method, step.path, nil); status != step.want {
			t.Errorf("%s %s = %d %s, want %d", step.method, step.path, status, body, step.want)
		}
	}
	if got, _ := s.listed(messagesPath + ".json"); len(got) != 0 {
		t.Errorf("list = %v after the delete", got)
	}
	s.noFaults()
}

func TestUnfinishedCannotBeDeleted(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{Step: time.Hour})
	s.Phone(ana)
	s.sends()
	one := messagesPath + "/" + s.Sent()[0].SID + ".json"
	for _, method := range []string{http.MethodDelete, http.MethodPost} {
		if status, body, _ := s.ask(method, one, url.Values{"Body": {""}}); status != 409 || !strings.Contains(body, "20009") {
			t.Errorf("%s while it is queued = %d %s, want 409 with 20009", method, status, body)
		}
	}
}
