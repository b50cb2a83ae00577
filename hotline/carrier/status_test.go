package carrier

import (
	"net/url"
	"strings"
	"testing"

	"hopeline/hotline"
)

func TestReport(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		form, query string
		want        hotline.Report
	}{
		{"MessageSid=SM1&MessageStatus=delivered", "m=42&p=3", hotline.Report{Message: "42", Part: 3, SID: "SM1", Status: hotline.Delivered}},
		{"SmsSid=SM1&SmsStatus=Sent", "", hotline.Report{SID: "SM1", Status: hotline.Sent}},
		{"MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30003", "m=42", hotline.Report{Message: "42", SID: "SM1", Status: hotline.Failed, Code: 30003}},
		{"MessageSid=SM1&MessageStatus=partially_delivered&ErrorCode=", "m=42&p=-1", hotline.Report{Message: "42", SID: "SM1", Status: hotline.Sent}},
		{"MessageSid=SM1&MessageStatus=&ErrorCode=x", "m=42&p=1e9", hotline.Report{Message: "42", SID: "SM1"}},
		{"MessageSid=SM1&MessageStatus=teleported", "m=a%20b;c&p=0", hotline.Report{Message: "a b;c", SID: "SM1"}},
	} {
		c.want.At = noon
		if got := report(parseForm(c.form), parseForm(c.query), noon); got != c.want {
			t.Errorf("report(%q, %q) = %+v, want %+v", c.form, c.query, got, c.want)
		}
	}
}

func TestDelivery(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]hotline.Delivery{
		"accepted": hotline.Queued, "scheduled": hotline.Queued, "queued": hotline.Queued, "sending": hotline.Queued,
		"sent": hotline.Sent, "partially_delivered": hotline.Sent, "delivered": hotline.Delivered, "read": hotline.Read,
		"undelivered": hotline.Failed, "failed": hotline.Failed, "canceled": hotline.Failed,
		"received": "", "": "", "READ ": hotline.Read,
	} {
		if got := delivery(status); got != want {
			t.Errorf("delivery(%q) = %q, want %q", status, got, want)
		}
	}
}

// FuzzCallback: the address that a report comes back to always names the send again, and the signature fits it.
func FuzzCallback(f *testing.F) {
	f.Add("01HZX", 0, "hope/")
	f.Add("a&p=9#x", 7, "")
	f.Fuzz(func(t *testing.T, id string, part int, path string) {
		public := &url.URL{Scheme: "https", Host: "h.example.org", Path: "/" + path}
		address := callback(public, hotline.Outgoing{Message: hotline.MessageID(id), Part: part})
		u, err := url.Parse(address)
		if err != nil || u.Host != "h.example.org" || u.Fragment != "" || !strings.HasSuffix(u.Path, pathMessageStatus) {
			t.Fatalf("callback(%q, %d) = %q", id, part, address)
		}
		got := report(nil, parseForm(u.RawQuery), noon)
		if string(got.Message) != tame(id) && id != "" || part >= 0 && got.Part != part {
			t.Fatalf("callback(%q, %d) = %q, read back as %+v", id, part, address, got)
		}
	})
}
