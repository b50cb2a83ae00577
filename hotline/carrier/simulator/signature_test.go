package simulator

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"testing"
)

// beside returns a file of the reference data that may lie beside the project's root, or skips in words.
func beside(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "carrier", name))
	if err != nil {
		t.Skipf("%s does not lie beside the project; this comparison was not made", name)
	}
	return b
}

func TestSign(t *testing.T) {
	t.Parallel()
	p5 := func(more ...string) url.Values {
		f := url.Values{
			"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+14158675309"}, "Digits": {"1234"},
			"From": {"+14158675309"}, "To": {"+18005551212"},
		}
		for i := 0; i < len(more); i += 2 {
			f.Add(more[i], more[i+1])
		}
		return f
	}
	const address = "https://mycompany.com/myapp.php?foo=1&bar=2"
	tests := []struct {
		name, address string
		form          url.Values
		want          string
	}{
		{"five fields", address, p5(), "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
		{"the fragment does not count", address + "#rc=2&rp=5xx", p5(), "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
		{"one name begins another", address, p5("Reason", "Participant", "ReasonConferenceEnded", "test"), "vOEb5UThFn24KEfnOFLQY2AE5FY="},
		{"a port", "http://mycompany.com:1234/myapp.php?foo=1&bar=2", p5(), "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="},
		{"user and password", "https://user:pass@mycompany.com/myapp.php?foo=1&bar=2", p5(), "CukzLTc1tT5dXEDIHm/tKBanW10="},
		{
			"a repeated name", address,
			url.Values{"Sid": {"CA123"}, "SidAccount": {"AC123"}, "Digits": {"5678", "1234", "1234"}},
			"IK+Dwps556ElfBT0I3Rgjkr1wJU=",
		},
	}
	for _, test := range tests {
		if got := sign("12345", test.address, test.form); got != test.want {
			t.Errorf("%s: sign = %q, want %q", test.name, got, test.want)
		}
	}
}

func TestSignPublishedVectors(t *testing.T) {
	t.Parallel()
	type vector struct {
		Name      string
		AuthToken string `json:"auth_token"`
		SignedURL string `json:"signed_url"`
		Params    [][2]string
		Signature string
	}
	var all struct {
		Published     []vector
		Computed      []vector
		MustBeRefused []vector `json:"must_be_refused"`
	}
	if err := json.Unmarshal(beside(t, "signature_vectors.json"), &all); err != nil {
		t.Fatal(err)
	}
	check := func(v vector) bool {
		f := url.Values{}
		for _, p := range v.Params {
			f.Add(p[0], p[1])
		}
		return sign(v.AuthToken, v.SignedURL, f) == v.Signature
	}
	if len(all.Published) == 0 || len(all.MustBeRefused) == 0 {
		t.Fatal("the file of vectors holds none")
	}
	for _, v := range append(all.Published, all.Computed...) {
		if !check(v) {
			t.Errorf("%s: the signature differs", v.Name)
		}
	}
	for _, v := range all.MustBeRefused {
		if check(v) {
			t.Errorf("%s: a signature that must be refused was made", v.Name)
		}
	}
}

// The carrier's published description names the fields of a request to send; ours must be the same.
func TestCreateFieldsAreTheCarriers(t *testing.T) {
	t.Parallel()
	var spec struct {
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
	if err := json.Unmarshal(beside(t, "twilio_api_v2010.json"), &spec); err != nil {
		t.Fatal(err)
	}
	form := spec.Paths["/2010-04-01/Accounts/{AccountSid}/Messages.json"].Post.RequestBody.Content["application/x-www-form-urlencoded"]
	if len(form.Schema.Properties) != len(createFields) {
		t.Errorf("a request to send has %d fields, want %d", len(createFields), len(form.Schema.Properties))
	}
	for _, name := range createFields {
		if form.Schema.Properties[name] == nil {
			t.Errorf("createFields holds %q, which the carrier does not know", name)
		}
	}
}
