package testenv

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestChromiumShowsAPage lets the page's own script change it.
func TestChromiumShowsAPage(t *testing.T) {
	t.Parallel()
	path := Chromium(t)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<p id=p>asleep</p><script>document.getElementById("p").textContent = "a" + "wake"</script>`))
	}))
	defer srv.Close()
	profile, err := os.MkdirTemp("", "profile") // not the test's own: a child of the browser may write there a moment longer
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(profile)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--user-data-dir="+profile, "--dump-dom", srv.URL)
	cmd.WaitDelay = patience // its children, which hold its output, may end later than it
	var told strings.Builder
	cmd.Stderr = &told
	page, err := cmd.Output()
	if err != nil || !strings.Contains(string(page), ">awake<") {
		t.Errorf("the page is %q, %v, want it awake; chromium said: %s", page, err, told.String())
	}
}
