package app

import (
	"os"
	"strings"
	"testing"
)

// TestUnits runs the tests of the pure parts, testdata/units.ts, where the page runs: in the browser.
func TestUnits(t *testing.T) {
	built, err := bundle(os.DirFS("."), nil, "testdata/units.ts")
	if err != nil {
		t.Fatal(err)
	}
	s := visit(t, "about:blank")
	failures := eval[[]string](s, "(() => {"+string(built[0].content)+"})(); globalThis.failures")
	if len(failures) > 0 {
		t.Error(strings.Join(failures, "\n"))
	}
}
