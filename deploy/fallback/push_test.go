package fallback

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
)

func TestOnlyTheCarrierAndTheHouseGetIn(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	n.pushes(duty(partner, anna))
	plan, _ := json.Marshal(duty(partner, bea))
	form := url.Values{"To": {line}, "From": {ana}, "CallSid": {"CA1"}}.Encode()
	for _, test := range []struct {
		name, method, path, body string
		header                   [2]string
		want                     int
	}{
		{"no signature", "POST", "/voice", form, [2]string{}, 403},
		{"a wrong signature", "POST", "/voice/next?t=u_a", form, [2]string{"X-Twilio-Signature", "AAAA"}, 403},
		{"a text without one", "POST", "/message", form, [2]string{}, 403},
		{"by GET", "GET", "/voice", "", [2]string{}, 405},
		{"too long", "POST", "/voice", strings.Repeat("x", mostForm+1), [2]string{}, 413},
		{"a plan without the token", "PUT", "/plan", string(plan), [2]string{}, 401},
		{"a plan with another", "PUT", "/plan", string(plan), [2]string{"Authorization", "Bearer " + authToken}, 401},
		{"a plan with a bare token", "PUT", "/plan", string(plan), [2]string{"Authorization", pushToken}, 401},
		{"reading the plan", "GET", "/plan", "", [2]string{"Authorization", "Bearer " + pushToken}, 405},
		{"the digest without the token", "GET", "/plan/digest", "", [2]string{}, 401},
		{"the digest", "GET", "/plan/digest", "", [2]string{"Authorization", "Bearer " + pushToken}, 200},
		{"no plan", "PUT", "/plan", "{", [2]string{"Authorization", "Bearer " + pushToken}, 400},
		{"a plan of no time", "PUT", "/plan", `{"lines":{}}`, [2]string{"Authorization", "Bearer " + pushToken}, 400},
		{"alive", "GET", "/healthz", "", [2]string{}, 200},
		{"anything else", "GET", "/", "", [2]string{}, 404},
	} {
		r := httptest.NewRequest(test.method, test.path, strings.NewReader(test.body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if test.header[0] != "" {
			r.Header.Set(test.header[0], test.header[1])
		}
		w := httptest.NewRecorder()
		n.host.ServeHTTP(w, r)
		if w.Code != test.want {
			t.Errorf("%s: %s %s = %d, want %d", test.name, test.method, test.path, w.Code, test.want)
		}
		if strings.Contains(w.Body.String(), "4530000") {
			t.Errorf("%s: the answer holds a counsellor's number", test.name)
		}
	}
}

func TestPlansAreChecked(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	first := duty(partner, anna)
	n.pushes(first)
	with := func(change func(*Line)) Plan {
		l := duty(partner, anna).Lines[line]
		change(&l)
		return Plan{Made: n.now(), Lines: map[string]Line{line: l}}
	}
	for name, p := range map[string]Plan{
		"an older one":        {Made: n.now().Add(-time.Second)},
		"an emergency number": with(func(l *Line) { l.Duty[0].Phone = "112" }),
		"no number":           with(func(l *Line) { l.Duty[0].Phone = "" }),
		"no id":               with(func(l *Line) { l.Duty[0].ID = "" }),
		"the id of outside":   with(func(l *Line) { l.Duty[0].ID = outside }),
		"a short backup":      with(func(l *Line) { l.Backup = "+112" }),
		"a channel for line":  {Made: n.now(), Lines: map[string]Line{"whatsapp:" + line: {}}},
	} {
		err := n.client.Push(t.Context(), p)
		if err == nil || strings.Contains(err.Error(), "45") {
			t.Errorf("Push(%s) = %v, want an error without numbers", name, err)
		}
	}
	if got, err := n.client.Digest(t.Context()); err != nil || got != first.Digest() {
		t.Errorf("after refusals another plan holds: %v", err)
	}
}

func TestThePlanOutlivesARestartAndItsFileTellsNothing(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	if _, err := n.client.Digest(t.Context()); err != ErrNoPlan {
		t.Errorf("Digest before a push = %v, want ErrNoPlan", err)
	}
	p := duty(partner, anna)
	n.pushes(p)
	kept, err := os.ReadFile(n.config.File)
	n.ok(err)
	for _, word := range []string{"4530000001", "70201550", "u_a", "lines"} {
		if bytes.Contains(kept, []byte(word)) {
			t.Errorf("the file holds %q", word)
		}
	}
	if info, err := os.Stat(n.config.File); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode = %v, %v", info.Mode(), err)
	}
	n.open()
	if got, err := n.client.Digest(t.Context()); err != nil || got != p.Digest() {
		t.Errorf("after a restart the digest = %q, %v", got, err)
	}
	kept[len(kept)-1] ^= 1
	n.ok(os.WriteFile(n.config.File, kept, 0o600))
	n.open()
	if _, err := n.client.Digest(t.Context()); err != ErrNoPlan {
		t.Errorf("a file that was changed opens: %v", err)
	}
	n.config.Token = "another token of thirty-two characters"
	kept[len(kept)-1] ^= 1
	n.ok(os.WriteFile(n.config.File, kept, 0o600))
	n.open()
	if !n.host.now().Made.IsZero() {
		t.Error("the file opens with another token")
	}
	n.config.Token = "short"
	if _, err := NewHost(n.config); err == nil {
		t.Error("NewHost takes a short token")
	}
}
