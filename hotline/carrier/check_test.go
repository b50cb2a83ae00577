package carrier

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestCheckSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status int
		want   string // nothing: all is well
	}{{200, ""}, {401, "refuses"}, {403, "refuses"}, {302, "status 302"}, {404, "status 404"}, {500, "status 500"}, {0, "does not answer"}} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet {
				t.Errorf("a check sent %s", r.Method)
			}
			w.WriteHeader(test.status)
			w.Write([]byte(`{"messages":[]}`))
		}))
		if test.status == 0 {
			server.Close()
		}
		c := NewClient(Config{Public: &url.URL{}, AccountSID: "AC1", Tokens: []string{"t"}, APIURL: server.URL})
		err := c.Check(t.Context())
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("a carrier that answers %d: Check = %v, want %q", test.status, err, test.want)
		}
		c.Close()
		server.Close()
	}
}
