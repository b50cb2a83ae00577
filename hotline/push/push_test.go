package push

import (
	"bytes"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
)

func service(t *testing.T, public string) *Service {
	t.Helper()
	secret, err := NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(public)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(secret, u)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// browser is a subscription at an address.
func browser(t *testing.T, endpoint string) hotline.Subscription {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return hotline.Subscription{Endpoint: endpoint, P256dh: base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()),
		Auth: base64.RawURLEncoding.EncodeToString([]byte("0123456789abcdef"))}
}

func TestAPushHoldsNothing(t *testing.T) {
	t.Parallel()
	var got *http.Request
	var body []byte
	maker := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.WriteHeader(http.StatusCreated)
	}))
	defer maker.Close()
	s := service(t, "http://127.0.0.1:8080")
	if err := s.Send(t.Context(), browser(t, maker.URL+"/push/1"), hotline.PushNeeded, time.Minute); err != nil {
		t.Fatal(err)
	}
	if got.Method != http.MethodPost || got.Header.Get("TTL") != "60" || got.Header.Get("Urgency") != "high" || got.Header.Get("Content-Encoding") != "aes128gcm" ||
		!strings.HasPrefix(got.Header.Get("Authorization"), "vapid t=") || got.Header.Get("Topic") != "" {
		t.Errorf("pushed %s %v", got.Method, got.Header)
	}
	if err := s.Send(t.Context(), browser(t, maker.URL+"/push/1"), "Anna waits", time.Minute); !errors.Is(err, hotline.ErrUnsafe) {
		t.Errorf("a push of other words than the two: %v", err)
	}
	if bytes.Contains(body, []byte(hotline.PushNeeded)) || len(body) > recordSize {
		t.Errorf("the body is %d bytes, and in clear: %t", len(body), bytes.Contains(body, []byte(hotline.PushNeeded)))
	}
	token := strings.Split(strings.TrimPrefix(got.Header.Get("Authorization"), "vapid t="), ".")[1]
	claims, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || !strings.Contains(string(claims), `"sub":"https://127.0.0.1:8080"`) || !strings.Contains(string(claims), `"aud":"`+maker.URL+`"`) {
		t.Errorf("its token says %s, %v", claims, err)
	}
	for _, h := range []string{"Cookie", "Referer"} {
		if got.Header.Get(h) != "" {
			t.Errorf("the push carries %s", h)
		}
	}
}

func TestWhatAServiceAnswers(t *testing.T) {
	t.Parallel()
	s := service(t, "http://127.0.0.1:8080")
	for status, want := range map[int]error{200: nil, 201: nil, 202: nil, 404: hotline.ErrNotFound, 410: hotline.ErrNotFound, 302: hotline.ErrUnavailable,
		400: hotline.ErrUnavailable, 429: hotline.ErrUnavailable, 500: hotline.ErrUnavailable} {
		followed := false
		maker := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			followed = followed || r.URL.Path != "/secret-of-hers"
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
		}))
		err := s.Send(t.Context(), browser(t, maker.URL+"/secret-of-hers"), hotline.PushNeeded, time.Minute)
		maker.Close()
		if !errors.Is(err, want) || want == nil && err != nil || followed {
			t.Errorf("of %d Send = %v, want %v; followed: %t", status, err, want, followed)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error tells the address: %v", err)
		}
	}
	err := s.Send(t.Context(), browser(t, "http://127.0.0.1:1/secret-of-hers"), hotline.PushNeeded, time.Minute)
	if !errors.Is(err, hotline.ErrUnavailable) || strings.Contains(err.Error(), "secret") {
		t.Errorf("of a service that is down Send = %v", err)
	}
}

func TestWhereNothingIsPushed(t *testing.T) {
	t.Parallel()
	outsiders := service(t, "https://hotline.example")
	for endpoint, ok := range map[string]bool{
		"https://push.example/1": true, "http://push.example/1": false, "http://127.0.0.1/1": false, "file:///etc/passwd": false, "": false, "https://": false,
		"https://a:b@push.example/1": false, "https://push.example/" + strings.Repeat("x", longest): false,
	} {
		if err := outsiders.Check(browser(t, endpoint)); (err == nil) != ok {
			t.Errorf("Check(%.40q) = %v, want it to pass: %t", endpoint, err, ok)
		}
	}
	for _, endpoint := range []string{"https://127.0.0.1:1/", "https://localhost:1/", "https://10.0.0.1/", "https://[fd00::1]/", "https://169.254.169.254/latest"} {
		if err := outsiders.Send(t.Context(), browser(t, endpoint), hotline.PushNeeded, time.Minute); !errors.Is(err, hotline.ErrUnavailable) {
			t.Errorf("Send to %s = %v, want a no", endpoint, err)
		}
	}
	sub := browser(t, "https://push.example/1")
	sub.P256dh = "short"
	if err := outsiders.Check(sub); !errors.Is(err, hotline.ErrInvalid) {
		t.Errorf("Check of a broken key = %v", err)
	}
	if _, err := New([]byte("{}"), &url.URL{Host: "x"}); err == nil {
		t.Error("New takes keys that are none")
	}
}
