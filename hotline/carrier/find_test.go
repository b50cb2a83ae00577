package carrier

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
)

func nobody(string) bool { return false }

// listed1 is a message of a list.
func listed1(sid, body string, age time.Duration, more string) string {
	return fmt.Sprintf(`{"sid":%q,"direction":"outbound-api","from":"+4570201550","to":"+4520000001","status":"sent","num_segments":1,"error_code":"","body":%q,"date_created":%q%s}`,
		sid, body, noon.Add(-age).Format(time.RFC1123Z), more)
}

func list(next string, messages ...string) string {
	return fmt.Sprintf(`{"page":"0","page_size":100,"next_page_uri":%s,"messages":[%s]}`, next, strings.Join(messages, ","))
}

func TestFind(t *testing.T) {
	t.Parallel()
	const mine = "Are you safe? 👍🏽"
	for _, c := range []struct {
		name  string
		pages []string
		known []string
		want  string
	}{
		{"nothing", []string{list("null")}, nil, ""},
		{"mine", []string{list("null", listed1("SM1", mine, 0, ""))}, nil, "SM1"},
		{"blanks taken off", []string{list("null", listed1("SM1", " "+mine+"\n", 0, ""))}, nil, "SM1"},
		{"other words", []string{list("null", listed1("SM1", "Are you safe?", 0, ""))}, nil, ""},
		{"another send's", []string{list("null", listed1("SM1", mine, 0, ""))}, []string{"SM1"}, ""},
		{"the oldest of two", []string{list("null", listed1("SM2", mine, 0, ""), listed1("SM1", mine, time.Minute, ""))}, nil, "SM1"},
		{"one of two is known", []string{list("null", listed1("SM2", mine, 0, ""), listed1("SM1", mine, time.Minute, ""))}, []string{"SM1"}, "SM2"},
		{"made before it began", []string{list("null", listed1("SM1", mine, time.Hour, ""))}, nil, ""},
		{"theirs", []string{list("null", listed1("SM1", mine, 0, `,"direction":"inbound"`))}, nil, ""},
		{"to somebody else", []string{list("null", listed1("SM1", mine, 0, `,"to":"+4520000002"`))}, nil, ""},
		{"no date", []string{list("null", listed1("SM1", mine, 0, `,"date_created":null`))}, nil, "SM1"},
		{"on the second page", []string{list(`"/x?Page=1&PageToken=PT"`, listed1("SM2", "else", 0, "")), list("null", listed1("SM1", mine, 0, ""))}, nil, "SM1"},
		{"no page after an old one", []string{list(`"/x?Page=1"`, listed1("SM2", mine, time.Hour, "")), "never asked"}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
				q := r.URL.Query()
				if asked == 1 && (q.Get("Page") != "1" || q.Get("PageToken") != "PT") {
					t.Errorf("the second page was asked for as %v", q)
				}
				says(200, c.pages[asked])(w, r)
				asked++
			})
			sid, status, found, err := client.Find(t.Context(), reply, func(sid string) bool { return slices.Contains(c.known, sid) })
			if err != nil || sid != c.want || found != (c.want != "") || found && status != hotline.Sent {
				t.Errorf("Find = %q %q %v %v, want %q", sid, status, found, err, c.want)
			}
		})
	}
}

// The address of a WhatsApp user without a number reaches the list whole.
func TestFindKeepsDigits(t *testing.T) {
	t.Parallel()
	out := reply
	out.To = hotline.AddressOf("whatsapp:US.1234")
	client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		if to := r.URL.Query().Get("To"); to != "whatsapp:US.1234" {
			t.Errorf("To = %q", to)
		}
		says(200, list("null"))(w, r)
	})
	if _, _, _, err := client.Find(t.Context(), out, nobody); err != nil {
		t.Error(err)
	}
}

// An error says nothing of whom we write to, and means that nothing is known.
func TestFindErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		handle http.HandlerFunc
		change func(*Config)
	}{
		"500":           {says(500, code(20500)), nil},
		"401":           {says(401, code(20003)), nil},
		"429":           {says(429, code(20429)), nil},
		"no JSON":       {says(200, "<html>"), nil},
		"cut":           {cuts(200, `{"messages":[`), nil},
		"redirected":    {says(302, "", "Location", "/x"), nil},
		"reset":         {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, nil},
		"never ends":    {says(200, list(`"/x?Page=1"`, listed1("SM1", "else", 0, ""))), nil},
		"refused":       {says(200, ""), func(c *Config) { c.APIURL = "http://" + refusing }},
		"no address":    {says(200, ""), func(c *Config) { c.APIURL = "x" }},
		"context ended": {says(200, ""), func(c *Config) { c.Timeout = time.Nanosecond }},
	} {
		client := newClient(t, c.handle, func(cfg *Config) {
			if c.change != nil {
				c.change(cfg)
			}
		})
		sid, _, found, err := client.Find(t.Context(), reply, nobody)
		if err == nil || found || sid != "" {
			t.Errorf("%s: Find = %q %v %v, want an error", name, sid, found, err)
		} else if text := err.Error(); strings.Contains(text, "4520000001") || strings.Contains(text, "safe") || strings.Contains(text, account) {
			t.Errorf("%s: the error tells %q", name, text)
		}
		if name == "500" && !errors.Is(err, hotline.ErrUnavailable) {
			t.Errorf("%s: %v is not unavailable", name, err)
		}
	}
}
