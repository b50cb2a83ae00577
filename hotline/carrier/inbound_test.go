package carrier

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestInbound(t *testing.T) {
	t.Parallel()
	const media = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM12/Media/ME34"
	long := strings.Repeat("æ", 1600)
	for _, c := range []struct {
		name string
		form url.Values
		want hotline.Inbound
	}{
		{
			"plain",
			url.Values{"MessageSid": {"SM1"}, "SmsSid": {"SM2"}, "From": {"+4520000001"}, "To": {"+4570201550"}, "Body": {" hjælp \n"}},
			hotline.Inbound{SID: "SM1", From: hotline.AddressOf("+4520000001"), To: hotline.AddressOf("+4570201550"), Text: " hjælp \n"},
		},
		{"only SmsSid, nothing else", url.Values{"SmsSid": {"SM2"}, "To": {""}}, hotline.Inbound{SID: "SM2"}},
		{"empty MessageSid", url.Values{"MessageSid": {""}, "SmsSid": {"SM2"}}, hotline.Inbound{SID: "SM2"}},
		{
			"odd bytes",
			url.Values{"MessageSid": {"SM1"}, "Body": {"a\x00b\xff👍🏽"}, "From": {"anony\x00mous"}},
			hotline.Inbound{SID: "SM1", Text: "a␀b\uFFFD👍🏽", From: hotline.AddressOf("anony␀mous")},
		},
		{"long", url.Values{"MessageSid": {"SM1"}, "Body": {long}}, hotline.Inbound{SID: "SM1", Text: long}},
		{
			"no number on WhatsApp",
			url.Values{"MessageSid": {"SM1"}, "From": {"whatsapp:DK.12ab"}, "To": {"whatsapp:+4570201550"}},
			hotline.Inbound{SID: "SM1", From: hotline.AddressOf("whatsapp:DK.12ab"), To: hotline.AddressOf("whatsapp:+4570201550")},
		},
		{
			"From without its channel stays as it came",
			url.Values{"MessageSid": {"SM1"}, "From": {"+4520000001"}, "To": {"whatsapp:+4570201550"}},
			hotline.Inbound{SID: "SM1", From: hotline.AddressOf("+4520000001"), To: hotline.AddressOf("whatsapp:+4570201550")},
		},
		{
			"only the other id",
			url.Values{"MessageSid": {"SM1"}, "From": {""}, "ExternalUserId": {"whatsapp:US.77"}},
			hotline.Inbound{SID: "SM1", From: hotline.AddressOf("whatsapp:US.77")},
		},
		{
			"files, announced wrongly",
			url.Values{
				"MessageSid": {"MM12"}, "NumMedia": {"1"}, "MediaUrl0": {media}, "MediaContentType0": {"image/jpeg"},
				"MediaUrl10": {"https://elsewhere.example.org/x?Messages/a/Media/b"}, "MediaUrl2": {media + "/../../x"},
				"MediaUrl50": {"https://too.many"}, "MediaUrl": {"https://no.number"}, "MediaUrl-1": {"https://no.number"},
				"MediaUrl+1": {"https://no.number"},
			},
			hotline.Inbound{
				SID: "MM12", Extra: "files: 1 announced, 3 named",
				Media: []hotline.InboundMedia{
					{Type: "image/jpeg", Where: "MM12/ME34"},
					{Where: media + "/../../x"},
					{Where: "https://elsewhere.example.org/x?Messages/a/Media/b"},
				},
			},
		},
		{
			"a place",
			url.Values{"MessageSid": {"SM1"}, "MessageType": {"location"}, "Latitude": {"55.67"}, "Longitude": {"12.56"}, "Label": {"Nørreport"}, "Address": {"Copenhagen"}},
			hotline.Inbound{SID: "SM1", Extra: "place: 55.67, 12.56 (Nørreport, Copenhagen)"},
		},
		{
			"a place with a name only",
			url.Values{"MessageSid": {"SM1"}, "Address": {"Copenhagen"}},
			hotline.Inbound{SID: "SM1", Extra: "place: Copenhagen"},
		},
		{
			"a button",
			url.Values{"MessageSid": {"SM1"}, "ButtonText": {"Yes"}, "ButtonPayload": {"y1"}, "MessageType": {"button"}},
			hotline.Inbound{SID: "SM1", Extra: "button: Yes [y1]"},
		},
		{
			"all the rest",
			url.Values{
				"MessageSid": {"SM1"}, "ButtonPayload": {"p"}, "ProfileName": {"Ana"}, "Forwarded": {"true"}, "FrequentlyForwarded": {"true"},
				"OriginalRepliedMessageSid": {"SM0"}, "ReferralHeadline": {"Work abroad"}, "ReferralBody": {"Good pay"},
				"OptOutType": {"STOP"}, "MessageType": {"poll_update"}, "ErrorCode": {"30009"}, "InteractiveData": {"{}"},
				"FromCity": {"never kept"}, "Unknown": {"never kept"},
			},
			hotline.Inbound{SID: "SM1", Extra: strings.Join([]string{
				"button: p", "form filled in: {}", "came from an advert: Work abroad: Good pay", "calls themselves: Ana", "forwarded many times",
				"answers an earlier message", "the carrier took this for: STOP", "a part of this message is missing",
				"something we cannot show: type poll_update",
			}, "\n")},
		},
		{"forwarded false", url.Values{"MessageSid": {"SM1"}, "Forwarded": {"false"}, "NumMedia": {"zero"}}, hotline.Inbound{SID: "SM1"}},
	} {
		c.want.At = noon
		if got := inbound(parseForm(c.form.Encode()), noon); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: inbound = %+v %q, want %+v %q", c.name, got, got.From.Full(), c.want, c.want.From.Full())
		}
	}
}

func TestInboundTakesEveryFile(t *testing.T) {
	t.Parallel()
	f := url.Values{"MessageSid": {"MM1"}, "NumMedia": {"60"}}
	for n := range 60 {
		f.Set(fmt.Sprintf("MediaUrl%d", n), fmt.Sprintf("https://c/Messages/MM1/Media/ME%d", n))
	}
	got := inbound(parseForm(f.Encode()), noon)
	if len(got.Media) != mostMedia || got.Media[0].Where != "MM1/ME0" || got.Media[49].Where != "MM1/ME49" {
		t.Errorf("inbound kept %d files, %v", len(got.Media), got.Media)
	}
}

func TestPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1", "MM1/ME1"},
		{"http://other.example.org/x/Messages/0b-1/Media/9-f.json?a=b#c", "0b-1/9-f"},
		{"https://api.twilio.com/Messages/MM1/Media/", "https://api.twilio.com/Messages/MM1/Media/"},
		{"https://api.twilio.com/Messages/MM1/Media/..", "https://api.twilio.com/Messages/MM1/Media/.."},
		{"https://api.twilio.com/Messages/M%2FM/Media/ME1", "https://api.twilio.com/Messages/M%2FM/Media/ME1"},
		{"https://api.twilio.com/Media/ME1", "https://api.twilio.com/Media/ME1"},
		{"%zz", "%zz"},
		{"http://[::1/Messages/a/Media/b", "http://[::1/Messages/a/Media/b"},
	} {
		if got := place(c.in); got != c.want {
			t.Errorf("place(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}
