package testenv

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// chromiumNames are the programs to look for, and then the places where macOS
// keeps them.
var (
	chromiumNames  = []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"}
	chromiumPlaces = []string{"/Applications/Chromium.app/Contents/MacOS/Chromium",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"}
)

// Chromium returns the path of a Chromium or Chrome that runs; Browser starts it.
func Chromium(t testing.TB) string {
	t.Helper()
	return chromiumPart.path(t)
}

// Browser starts a headless Chromium that ends with the test and leaves
// nothing behind. It has a microphone that hums, gives it to every page that
// asks, and reaches no host but 127.0.0.1.
func Browser(t testing.TB) context.Context {
	t.Helper()
	path := Chromium(t)
	// It leaves a folder behind at each start. This one's name is short: a
	// socket lies below it, and a socket's path holds about 100 bytes.
	scraps, err := os.MkdirTemp("/tmp", "h")
	if err != nil {
		t.Fatal("make a folder for what the browser leaves behind:", err)
	}
	t.Cleanup(func() { os.RemoveAll(scraps) })
	// Its profile lies where the driver puts it: that ends whoever of the browser's
	// still writes there before it removes it, as no folder of the test's would.
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path),
		chromedp.Env("TMPDIR="+scraps),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.Flag("lang", "en"),
		chromedp.Flag("use-fake-device-for-media-stream", true), chromedp.Flag("use-fake-ui-for-media-stream", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, end := chromedp.NewContext(ctx)
	t.Cleanup(func() { end(); stop() })
	if err := chromedp.Do(ctx); err != nil { // the first one carries no deadline
		t.Fatal("start the browser:", err)
	}
	return ctx
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
