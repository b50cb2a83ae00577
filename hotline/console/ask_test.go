package console

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
)

func TestDaysNeedNothingButTheSecret(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	press := func(secret, date, kind string) (int, string) {
		response, body := s.plead("POST", "/api/days/answer", `{"secret":"`+secret+`","date":"`+date+`","kind":"`+kind+`"}`)
		return response.StatusCode, body
	}
	response, body := s.plead("POST", "/api/days", `{"secret":"right"}`)
	if want := `{"days":[{"date":"2026-12-24","kind":""},{"date":"2026-12-25","kind":""}]}`; response.StatusCode != 200 || strings.TrimSpace(body) != want {
		t.Errorf("the days are %d %s, want %s", response.StatusCode, body, want)
	}
	if len(response.Cookies()) > 0 {
		t.Errorf("a cookie is set: %v", response.Cookies())
	}
	if status, body := press("right", "2026-12-25", "like"); status != http.StatusNoContent {
		t.Errorf("a press got %d %s", status, body)
	}
	if _, body := s.plead("POST", "/api/days", `{"secret":"right"}`); !strings.Contains(body, `"2026-12-25","kind":"like"`) {
		t.Errorf("after the press the days are %s", body)
	}
	for _, secret := range []string{"wrong", ""} {
		response, body := s.plead("POST", "/api/days", `{"secret":"`+secret+`"}`)
		if response.StatusCode != 404 || !strings.Contains(body, "This link does not work any more. Ask whoever sent it to you for a new one.") {
			t.Errorf("the secret %q got %d %s", secret, response.StatusCode, body)
		}
	}
	foreign := func(r *http.Request) { r.Header.Set("Origin", "https://elsewhere.example") }
	if response, _ := s.plead("POST", "/api/days", `{"secret":"right"}`, foreign); response.StatusCode != 403 {
		t.Errorf("another site's page got %d, want 403", response.StatusCode)
	}
}

func TestDaysAreAskedForSoOften(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	for range feedsBurst + 1 {
		response, _ := s.plead("POST", "/api/days", `{"secret":"right"}`)
		if response.StatusCode == http.StatusOK {
			continue
		}
		if wait, err := strconv.Atoi(response.Header.Get("Retry-After")); response.StatusCode != http.StatusTooManyRequests || err != nil || wait < 1 {
			t.Errorf("too many got %d, Retry-After %q", response.StatusCode, response.Header.Get("Retry-After"))
		}
		return
	}
	t.Error("any number of questions is let pass")
}

// The secret of an address stands where no server is told of it.
func TestLinksHideTheirSecret(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	got, _ := s.page("sue").ask("1", "wish.link", `{"line":"*","user":"ann"}`)
	if want := s.console.cfg.Public.String() + "/days#right"; !strings.Contains(got.raw, `"url":"`+want+`"`) {
		t.Errorf("the link is %s, want %s", got.raw, want)
	}
}
