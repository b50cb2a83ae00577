package app

import (
	"os"
	"strings"
	"testing"
)

// TestUnits runs the tests of the pure parts where the page runs: in the browser.
func TestUnits(t *testing.T) {
	s := visit(t, "about:blank")
	for _, entry := range []string{"testdata/units.ts", "testdata/duty.ts"} {
		built, err := bundle(os.DirFS("."), nil, entry)
		if err != nil {
			t.Fatal(err)
		}
		failures := eval[[]string](s, "(() => {"+string(built[0].content)+"})(); globalThis.failures")
		if len(failures) > 0 {
			t.Errorf("%s:\n%s", entry, strings.Join(failures, "\n"))
		}
	}
}
