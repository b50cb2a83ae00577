package carrier

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseForm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		want form
	}{
		{"", form{}},
		{"a=1&b=2", form{{"a", "1"}, {"b", "2"}}},
		{"a=1&a=2", form{{"a", "1"}, {"a", "2"}}},
		{"a&=b&&c=", form{{"a", ""}, {"", "b"}, {"c", ""}}},
		{"a=b=c", form{{"a", "b=c"}}},
		{"a+b=c%2Bd+e", form{{"a b", "c+d e"}}},
		{"a=1;b=2", form{{"a", "1;b=2"}}},
		{"a=%&b=%4&c=%4g&d=%41", form{{"a", "%"}, {"b", "%4"}, {"c", "%4g"}, {"d", "A"}}},
		{"a=%f0%9F%91%8D%ff%00", form{{"a", "👍\xff\x00"}}},
	} {
		if got := parseForm(c.in); !reflect.DeepEqual(got, c.want) {
			t.Errorf("parseForm(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestFormText(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", longestID+1)
	f := parseForm("a=&b=x%00y&c=%ffz%fe%fe&d=" + long + "&e=q%00&e=second")
	for _, c := range []struct{ got, want string }{
		{f.text("a"), ""},
		{f.text("none"), ""},
		{f.text("a", "b"), "x␀y"},
		{f.text("c"), "\uFFFDz\uFFFD"},
		{f.text("d"), long},
		{f.id("a", "c"), "odd-" + hash("\xffz\xfe\xfe")},
		{f.id("d"), "odd-" + hash(long)},
		{f.id("e"), "odd-" + hash("q\x00")},
		{tame("CA+ strange / id"), "CA+ strange / id"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	if !f.has("none", "a") || f.has("none") {
		t.Errorf("has: an empty value is there, a missing one is not")
	}
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// FuzzForm: what net/url can read is read the same, nothing panics, and text inside the house is always text.
func FuzzForm(f *testing.F) {
	for _, s := range []string{"a=1&b=%41+x", "MediaUrl0=x&NumMedia=-1", "Body=%00%ff;&%=%", "MessageSid=%ff&To="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		fields := parseForm(body)
		if std, err := url.ParseQuery(body); err == nil {
			ours := url.Values{}
			for _, x := range fields {
				ours.Add(x.name, x.value)
			}
			if !reflect.DeepEqual(ours, std) {
				t.Fatalf("parseForm(%q) = %q, net/url says %q", body, ours, std)
			}
		}
		in := inbound(fields, noon)
		texts := []string{in.SID, in.From.Full(), in.To.Full(), in.Text, in.Extra}
		for _, m := range in.Media {
			texts = append(texts, m.Type, m.Where)
		}
		r := report(fields, fields, noon)
		texts = append(texts, string(r.Message), r.SID)
		bad := func(s string) bool { return !utf8.ValidString(s) || strings.Contains(s, "\x00") }
		if slices.ContainsFunc(texts, bad) {
			t.Fatalf("%q became %q", body, texts)
		}
		if len(in.SID) > longestID || len(in.Media) > mostMedia || r.Part < 0 || r.Code < 0 {
			t.Fatalf("%q became %d bytes of id, %d files, part %d, code %d", body, len(in.SID), len(in.Media), r.Part, r.Code)
		}
	})
}
