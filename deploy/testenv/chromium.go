package testenv

import (
	"context"
	"fmt"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// chromiumNames are the programs to look for, and then the places where macOS
// keeps them.
var (
	chromiumNames  = []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"}
	chromiumPlaces = []string{"/Applications/Chromium.app/Contents/MacOS/Chromium",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"}
)

// Chromium returns the path of a Chromium or Chrome that runs. Starting it,
// with a profile of its own in t.TempDir, is the caller's.
func Chromium(t testing.TB) string {
	t.Helper()
	return chromiumPart.path(t)
}

// findChromium takes the first that can say its version: some systems have a
// program of the name that only tells how to install the real one.
var findChromium = sync.OnceValues(func() (string, error) {
	failed := fmt.Errorf("no chromium on this machine")
	for _, name := range append(chromiumNames, chromiumPlaces...) {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		cmd := exec.CommandContext(ctx, path, "--version")
		cmd.WaitDelay = time.Second
		err = cmd.Run()
		cancel()
		if err == nil {
			return path, nil
		}
		failed = fmt.Errorf("%s doesn't run: %w", path, err)
	}
	return "", failed
})
