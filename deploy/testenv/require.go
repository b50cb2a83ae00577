package testenv

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// part is something the tests need and the machine may lack.
type part struct {
	name    string // as HOPELINE_TEST_REQUIRE spells it
	cost    string // what can't run without it
	install string // Debian's package, or the command that brings it
	find    func() (path string, err error)
}

var (
	redisPart = part{
		name: "redis", cost: "tests on a real Redis", install: "apt-get install redis-server",
		find: func() (string, error) { return lookUp("redis-server", brew("redis")) },
	}
	postgresPart = part{
		name: "postgres", cost: "tests on PostgreSQL", install: "apt-get install postgresql",
		find: func() (string, error) { return lookUp("postgres", postgresFolders...) },
	}
	chromiumPart = part{
		name: "chromium", cost: "tests in a browser", install: "apt-get install chromium",
		find: findChromium,
	}
)

// brew is where Homebrew keeps the programs of a formula that it does not link.
func brew(formula string) string { return "/opt/homebrew/opt/" + formula + "/bin" }

// lookUp returns the program's path, from PATH or else from the folders, which
// may be patterns; of several matches the last in order of name, so the newest.
func lookUp(program string, folders ...string) (string, error) {
	if path, err := exec.LookPath(program); err == nil {
		return filepath.Abs(path)
	}
	for _, folder := range folders {
		found, _ := filepath.Glob(filepath.Join(folder, program))
		slices.Reverse(found)
		for _, path := range found {
			if _, err := exec.LookPath(path); err == nil {
				return path, nil
			}
		}
	}
	return "", fmt.Errorf("no %s on this machine", program)
}

// path finds the part or ends the test: skipped, or failed where it is required.
func (p part) path(t testing.TB) string {
	t.Helper()
	path, err := p.find()
	if err == nil {
		return path
	}
	if p.required(os.Getenv) {
		t.Fatal(p.missing(err))
	} else {
		t.Skip(p.missing(err))
	}
	return ""
}

// missing is the one line for a person: what can't run, why, and what to do.
func (p part) missing(err error) string {
	return fmt.Sprintf("can't run %s: %v; %s, or ./deploy/test", p.cost, err, p.install)
}

func (p part) required(getenv func(string) string) bool {
	if getenv("CI") == "true" {
		return true
	}
	for name := range strings.SplitSeq(getenv("HOPELINE_TEST_REQUIRE"), ",") {
		if name = strings.TrimSpace(name); name == p.name || name == "all" {
			return true
		}
	}
	return false
}
