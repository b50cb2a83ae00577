package carrier

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"hopeline/hotline"
)

// serves answers with a file.
func serves(kind string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Write(body)
	}
}

func TestFetchMediaAsksOurHostOnly(t *testing.T) {
	t.Parallel()
	var asked atomic.Value
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		asked.Store(r.URL.Path + " " + user + " " + password)
		serves("image/jpeg", []byte("jpg"))(w, r)
	})
	body, kind, err := c.FetchMedia(t.Context(), "MM1/ME2")
	want := "/2010-04-01/Accounts/" + account + "/Messages/MM1/Media/ME2 " + account + " " + token
	if string(body) != "jpg" || kind != "image/jpeg" || err != nil || asked.Load() != want {
		t.Errorf("FetchMedia = %q, %q, %v by %v; want by %s", body, kind, err, asked.Load(), want)
	}
	asked.Store("nobody")
	for _, where := range []string{
		"", "/", "MM1", "MM1/", "/ME1", "MM1/ME2/x", "MM1/..", "../ME1", "MM1/ME2?x", "MM1/ME%2e", "MM1/ME 2", "http://10.0.0.1/a",
		"https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME2", "//evil.example/a", "MM1/ME2#x", "a@evil.example/b",
		"recording:", "recording:RE1/../../x", "recording:RE1.mp3", "recording:https://evil.example/a", "MM\n1/ME2",
	} {
		if _, _, err := c.FetchMedia(t.Context(), where); !errors.Is(err, hotline.ErrInvalid) {
			t.Errorf("FetchMedia(%q) = %v, want ErrInvalid", where, err)
		}
		if err := c.DropMedia(t.Context(), where); !errors.Is(err, hotline.ErrInvalid) {
			t.Errorf("DropMedia(%q) = %v, want ErrInvalid", where, err)
		}
	}
	if got := asked.Load(); got != "nobody" {
		t.Errorf("and yet asked %v", got)
	}
}

func TestFetchMediaAnswers(t *testing.T) {
	t.Parallel()
	most := bytes.Repeat([]byte("x"), longestFile)
	for _, test := range []struct {
		name   string
		where  string
		handle http.HandlerFunc
		want   error
		size   int
	}{
		{"a picture", "MM1/ME2", serves("image/png", []byte("png")), nil, 3},
		{"a voicemail", "recording:RE1", serves("audio/mpeg", []byte("mp3")), nil, 3},
		{"as large as may be", "MM1/ME2", serves("video/mp4", most), nil, longestFile},
		{"too large", "MM1/ME2", serves("video/mp4", append(most, 'x')), hotline.ErrInvalid, 0},
		{"not there", "MM1/ME2", says(404, code(20404)), hotline.ErrNotFound, 0},
		{"not there any more", "recording:RE1", says(410, ""), hotline.ErrNotFound, 0},
		{"refused", "MM1/ME2", says(401, code(20003)), hotline.ErrUnavailable, 0},
		{"busy", "MM1/ME2", says(429, code(20429)), hotline.ErrUnavailable, 0},
		{"broken", "MM1/ME2", says(500, "oops"), hotline.ErrUnavailable, 0},
		{"nothing", "MM1/ME2", serves("image/png", nil), hotline.ErrUnavailable, 0},
		{"cut", "MM1/ME2", cuts(200, "half"), hotline.ErrUnavailable, 0},
		{"a page instead", "MM1/ME2", serves("text/html; charset=utf-8", []byte("<p>Log in")), hotline.ErrUnavailable, 0},
		{"a document instead", "MM1/ME2", serves("application/json", []byte(`{}`)), hotline.ErrUnavailable, 0},
		{"a picture for a voicemail", "recording:RE1", serves("image/png", []byte("png")), hotline.ErrUnavailable, 0},
		{"sent nowhere", "MM1/ME2", says(302, ""), hotline.ErrUnavailable, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, test.handle)
			body, _, err := c.FetchMedia(t.Context(), test.where)
			if !errors.Is(err, test.want) || len(body) != test.size {
				t.Errorf("FetchMedia = %d bytes, %v; want %d, %v", len(body), err, test.size, test.want)
			}
			if err != nil && (strings.Contains(err.Error(), "127.0.0.1") || strings.Contains(err.Error(), "+45")) {
				t.Errorf("the error tells too much: %v", err)
			}
		})
	}
}

// A carrier's other host is asked without the account's token, once, and never inside our network.
func TestFetchMediaElsewhere(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("the account's token went to another host")
		}
		if r.URL.Path == "/again" {
			http.Redirect(w, r, "/file", http.StatusFound)
			return
		}
		serves("image/png", []byte("png"))(w, r)
	}))
	defer elsewhere.Close()
	safe := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a private address was asked") }))
	defer safe.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(elsewhere.URL, "http://"), ":")
	for _, test := range []struct {
		name, to string
		ok       bool
	}{
		{"the same host", "/own", true},
		{"another port of the same loopback host", elsewhere.URL + "/file", true},
		{"on and on", elsewhere.URL + "/again", false},
		{"another name of loopback", "http://localhost:" + port + "/file", false},
		{"without TLS", "http://192.0.2.1/file", false},
		{"TLS inside", safe.URL + "/file", false},
		{"TLS to link-local", "https://169.254.169.254/latest", false},
		{"TLS to IPv6 inside", "https://[fd00::1]/x", false},
		{"mapped loopback", "https://[::ffff:127.0.0.1]/x", false},
		{"with a password", strings.Replace(elsewhere.URL, "http://", "http://a:b@", 1) + "/file", false},
		{"a file", "file:///etc/passwd", false},
		{"nothing", " ", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/own" {
					elsewhere.Config.Handler.ServeHTTP(w, r)
					return
				}
				w.Header().Set("Location", test.to)
				w.WriteHeader(http.StatusTemporaryRedirect)
			})
			body, _, err := c.FetchMedia(t.Context(), "MM1/ME2")
			if test.ok && (string(body) != "png" || err != nil) {
				t.Errorf("to %s = %q, %v; want the file", test.to, body, err)
			}
			if !test.ok && (body != nil || !errors.Is(err, hotline.ErrUnavailable)) {
				t.Errorf("to %s = %q, %v; want ErrUnavailable", test.to, body, err)
			}
		})
	}
}

func TestFetchMediaRotatesTokens(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		if _, password, _ := r.BasicAuth(); password != "next" {
			says(401, code(20003))(w, r)
			return
		}
		serves("image/gif", []byte("gif"))(w, r)
	}, func(cfg *Config) { cfg.Tokens = []string{token, "next"} })
	if body, _, err := c.FetchMedia(t.Context(), "MM1/ME2"); string(body) != "gif" || err != nil {
		t.Errorf("FetchMedia = %q, %v, want gif", body, err)
	}
}

func TestDropMedia(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		where, path string
		answer      http.HandlerFunc
		want        error
	}{
		{"MM1/ME2", "/Messages/MM1/Media/ME2.json", says(204, ""), nil},
		{"recording:RE1", "/Recordings/RE1.json", says(204, ""), nil},
		{"MM1/ME2", "/Messages/MM1/Media/ME2.json", says(404, code(20404)), nil},
		{"MM1/ME2", "/Messages/MM1/Media/ME2.json", says(409, code(20009)), hotline.ErrUnavailable},
		{"recording:RE1", "/Recordings/RE1.json", says(500, ""), hotline.ErrUnavailable},
		{"recording:RE1", "/Recordings/RE1.json", says(302, "", "Location", "/x"), hotline.ErrUnavailable},
	} {
		var asked atomic.Value
		c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
			asked.Store(fmt.Sprint(r.Method, " ", r.URL.Path))
			io.Copy(io.Discard, r.Body)
			test.answer(w, r)
		})
		err := c.DropMedia(t.Context(), test.where)
		if want := "DELETE /2010-04-01/Accounts/" + account + test.path; !errors.Is(err, test.want) || asked.Load() != want {
			t.Errorf("DropMedia(%s) = %v by %v; want %v by %s", test.where, err, asked.Load(), test.want, want)
		}
	}
}
