package carrier

import (
	"encoding/json"
	"strings"
	"testing"
)

// FuzzMend: whatever a carrier answers, mending it does not panic, and an id is never invented.
func FuzzMend(f *testing.F) {
	for _, s := range []string{`{"sid":"SM1","num_segments":1}`, `{"messages":[{"sid":1},2],"page":"x"}`, `{"sid":"S`, `[]`, ``} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		mended := mend(body)
		if json.Valid(body) && !json.Valid(mended) {
			t.Fatalf("mend(%q) = %q", body, mended)
		}
		if sid := findSID(body); sid != "" && !strings.Contains(string(body), sid) {
			t.Fatalf("findSID(%q) = %q", body, sid)
		}
		errorCode(body)
	})
}
