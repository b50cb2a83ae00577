package testenv

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// tscPart is needed by no Go test; ./deploy/test runs it on the console's page.
var tscPart = part{
	name: "tsc", cost: "the type check of the console's page", install: "apt-get install nodejs npm",
	find: func() (string, error) {
		if _, err := exec.LookPath("node"); err != nil {
			return "", errors.New("no node on this machine")
		}
		return lookUp("tsc", "../tsc/node_modules/.bin")
	},
}

// TestWhatIsMissing says in one line what the other tests of this machine
// can't run.
func TestWhatIsMissing(t *testing.T) {
	t.Parallel()
	var missing, required []string
	for _, p := range []part{redisPart, postgresPart, chromiumPart, tscPart} {
		if _, err := p.find(); err != nil {
			missing = append(missing, p.missing(err))
			if p.required(os.Getenv) {
				required = append(required, p.name)
			}
		}
	}
	if len(missing) == 0 {
		return
	}
	line := strings.Join(missing, " · ")
	if len(required) > 0 {
		t.Fatalf("%s are required: %s", required, line)
	}
	tell(line)
	t.Skip(line)
}

// tell writes past go test, which hides what a package that passes has to say:
// to the standard error of the go command, where that is a pipe or a terminal
// (a file would lose the line again to the next one), or to the terminal.
func tell(line string) {
	path := fmt.Sprintf("/proc/%d/fd/2", os.Getppid())
	info, err := os.Stat(path)
	if err != nil || info.Mode()&(os.ModeNamedPipe|os.ModeCharDevice) == 0 {
		path = "/dev/tty"
	}
	// Not blocking: a pipe that nobody reads any more would wait for a reader.
	out, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	defer out.Close()
	fmt.Fprintln(out, "note: "+line)
}

func TestRequired(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ci, require string
		want        bool
	}{
		{"", "", false},
		{"", "redis", true},
		{"", "postgres, redis", true},
		{"", "postgres,chromium", false},
		{"", "redistribution", false},
		{"", "all", true},
		{"true", "", true},
		{"false", "", false},
	} {
		getenv := func(name string) string {
			return map[string]string{"CI": c.ci, "HOPELINE_TEST_REQUIRE": c.require}[name]
		}
		if got := redisPart.required(getenv); got != c.want {
			t.Errorf("required(CI=%q, HOPELINE_TEST_REQUIRE=%q) = %v, want %v", c.ci, c.require, got, c.want)
		}
	}
}

// verdict records how a part that is missing ends a test.
type verdict struct {
	testing.TB
	skipped, failed string
}

func (v *verdict) Helper()           {}
func (v *verdict) Skip(args ...any)  { v.skipped = fmt.Sprint(args...) }
func (v *verdict) Fatal(args ...any) { v.failed = fmt.Sprint(args...) }

func TestMissingPartSkipsOrFails(t *testing.T) {
	lost := part{name: "lost", cost: "tests with it", install: "look for it",
		find: func() (string, error) { return lookUp("no-such-program", t.TempDir()) }}
	const line = "can't run tests with it: no no-such-program on this machine; look for it, or ./deploy/test"

	t.Setenv("CI", "")
	for _, c := range []struct {
		require string
		want    verdict
	}{
		{"redis", verdict{skipped: line}},
		{"redis,lost", verdict{failed: line}},
	} {
		t.Setenv("HOPELINE_TEST_REQUIRE", c.require)
		var got verdict
		if path := lost.path(&got); path != "" || got != c.want {
			t.Errorf("with HOPELINE_TEST_REQUIRE=%s: path %q, %+v, want %+v", c.require, path, got, c.want)
		}
	}
}

func TestLookUpOutsidePath(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for _, version := range []string{"15", "17"} {
		bin := filepath.Join(root, version, "bin")
		if err := os.MkdirAll(bin, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(bin, "hopeline-no-such"), []byte("#!/bin/sh\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	got, err := lookUp("hopeline-no-such", filepath.Join(root, "none"), filepath.Join(root, "*", "bin"))
	if want := filepath.Join(root, "17", "bin", "hopeline-no-such"); got != want || err != nil {
		t.Errorf("lookUp = %q, %v, want %q", got, err, want)
	}
}
