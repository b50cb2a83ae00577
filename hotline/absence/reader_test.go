package absence

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/hotline/outside"
)

// host is somebody's calendar host on TLS, and a reader that takes it for one of the open network, and nothing else.
func host(t *testing.T, serve http.HandlerFunc) (*Reader, string) {
	server := httptest.NewTLSServer(serve)
	t.Cleanup(server.Close)
	at, _ := url.Parse(server.URL)
	public, _ := url.Parse("https://line.example")
	r := New(public)
	r.way = func(to *url.URL, redirect func(*http.Request, []*http.Request) error) (*http.Client, error) {
		if to.Host != at.Host {
			return outside.Client(to, redirect)
		}
		client := server.Client()
		client.CheckRedirect = redirect
		return client, nil
	}
	return r, server.URL
}

func TestReadsOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	r, at := host(t, func(w http.ResponseWriter, q *http.Request) {
		if q.Header.Get("If-None-Match") == `"one"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"one"`)
		w.Write([]byte(event("DTSTART:20261010T120000Z\nDTEND:20261010T130000Z")))
	})
	asked := wanted(t)
	asked.Address = at + "/private-secret/basic.ics"
	first, err := r.Read(t.Context(), asked)
	if err != nil || first.Same || first.Tag != `"one"` || len(first.Busy) != 1 {
		t.Fatalf("the first time: %+v, %v", first, err)
	}
	asked.Tag = first.Tag
	if again, err := r.Read(t.Context(), asked); err != nil || !again.Same || again.Tag != `"one"` {
		t.Errorf("again: %+v, %v", again, err)
	}
}

func TestWhatAHostAnswers(t *testing.T) {
	t.Parallel()
	r, at := host(t, func(w http.ResponseWriter, q *http.Request) {
		switch q.URL.Path {
		case "/moved":
			http.Redirect(w, q, "/ok", http.StatusMovedPermanently)
		case "/ok":
			w.Write([]byte(event("DTSTART:20261010T120000Z\nDTEND:20261010T130000Z")))
		case "/round":
			http.Redirect(w, q, "/round", http.StatusFound)
		case "/inside":
			http.Redirect(w, q, "https://127.0.0.1:1/latest/meta-data", http.StatusFound)
		case "/private":
			http.Redirect(w, q, "https://10.0.0.1/", http.StatusFound)
		case "/bare":
			http.Redirect(w, q, "http://example.org/", http.StatusFound)
		case "/gone":
			w.WriteHeader(http.StatusNotFound)
		case "/login":
			w.WriteHeader(http.StatusUnauthorized)
		case "/broken":
			w.WriteHeader(http.StatusBadGateway)
		case "/page":
			w.Write([]byte("<!doctype html><title>Log in</title>"))
		case "/huge":
			w.Write([]byte("BEGIN:VCALENDAR\r\n"))
			for range 17 << 10 {
				w.Write([]byte("X-A:" + strings.Repeat("a", 1020)))
				w.Write([]byte("\r\n"))
			}
		case "/cut":
			w.Header().Set("Content-Length", "100000")
			w.Write([]byte("BEGIN:VCALENDAR\r\n"))
		}
	})
	for path, want := range map[string]error{
		"/ok": nil, "/moved": nil, "/round": hotline.CalendarAway, "/inside": hotline.CalendarInside, "/private": hotline.CalendarInside,
		"/bare": hotline.CalendarInside, "/gone": hotline.CalendarGone, "/login": hotline.CalendarClosed, "/broken": hotline.CalendarAway,
		"/page": hotline.CalendarUnreadable, "/huge": hotline.CalendarTooLarge, "/cut": hotline.CalendarAway,
	} {
		asked := wanted(t)
		asked.Address = at + path
		_, err := r.Read(t.Context(), asked)
		if !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%s: the error tells the address: %v", path, err)
		}
	}
}

// A host that never ends its answer is let go of.
func TestASlowHost(t *testing.T) {
	t.Parallel()
	stop := make(chan struct{})
	r, at := host(t, func(w http.ResponseWriter, q *http.Request) {
		w.Write([]byte("BEGIN:VCALENDAR\r\n"))
		w.(http.Flusher).Flush()
		select {
		case <-q.Context().Done():
		case <-stop:
		}
	})
	defer close(stop)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	asked := wanted(t)
	asked.Address = at
	if _, err := r.Read(ctx, asked); !errors.Is(err, hotline.CalendarAway) {
		t.Errorf("Read = %v, want %v", err, hotline.CalendarAway)
	}
}

func TestChecksAddresses(t *testing.T) {
	t.Parallel()
	public, _ := url.Parse("https://line.example")
	loopback, _ := url.Parse("http://127.0.0.1:8080")
	for _, test := range []struct {
		public    *url.URL
		in, want  string
		forbidden bool
	}{
		{public, " https://calendar.example/a.ics#x ", "https://calendar.example/a.ics", false},
		{public, "webcal://p01-caldav.icloud.example/published/2/x", "https://p01-caldav.icloud.example/published/2/x", false},
		{public, "WEBCALS://x.example/", "https://x.example/", false},
		{public, "http://calendar.example/a.ics", "", true},
		{public, "ftp://calendar.example/a.ics", "", true},
		{public, "https://anna:secret@calendar.example/", "", true},
		{public, "https:///a.ics", "", true},
		{public, "anna@example.org", "", true},
		{public, "https://x.example/" + strings.Repeat("a", longestAddress), "", true},
		{public, "https://LINE.example/calendar/secret.ics", "", true},
		{public, "http://127.0.0.1:9/a.ics", "", true},
		{loopback, "http://127.0.0.1:9/a.ics", "http://127.0.0.1:9/a.ics", false},
		{loopback, "http://10.0.0.1/a.ics", "", true},
	} {
		got, err := New(test.public).Check(test.in)
		if got != test.want || errors.Is(err, hotline.ErrInvalid) != test.forbidden {
			t.Errorf("Check(%.60q) = %q, %v; want %q", test.in, got, err, test.want)
		}
	}
}

// The guard against addresses inside is that of package outside: without the test's way there is none to loopback.
func TestNeverAsksInside(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	public, _ := url.Parse("https://line.example")
	asked := wanted(t)
	asked.Address = server.URL
	if _, err := New(public).Read(t.Context(), asked); !errors.Is(err, hotline.CalendarInside) {
		t.Errorf("Read = %v, want %v", err, hotline.CalendarInside)
	}
}
