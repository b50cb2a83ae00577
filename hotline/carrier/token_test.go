package carrier

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
)

func TestAccessToken(t *testing.T) {
	t.Parallel()
	late := noon.Add(700 * time.Millisecond)
	c := NewClient(Config{AccountSID: account, APIKey: "SK1", APISecret: "s3cret", Now: func() time.Time { return late }})
	t.Cleanup(c.Close)
	token, expires, err := c.AccessToken("00af_3", 0)
	if err != nil || !expires.Equal(noon.Add(10*time.Minute)) {
		t.Fatalf("AccessToken expires at %v, %v, want in ten minutes", expires, err)
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("the token has %d parts", len(parts))
	}
	sum := hmac.New(sha256.New, []byte("s3cret"))
	sum.Write([]byte(parts[0] + "." + parts[1]))
	if parts[2] != base64.RawURLEncoding.EncodeToString(sum.Sum(nil)) {
		t.Error("the signature is not that of the secret")
	}
	var head, body map[string]any
	for i, to := range []*map[string]any{&head, &body} {
		text, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil || json.Unmarshal(text, to) != nil {
			t.Fatalf("part %d is %q, %v", i, text, err)
		}
	}
	if want := (map[string]any{"alg": "HS256", "typ": "JWT", "cty": "twilio-fpa;v=1"}); !reflect.DeepEqual(head, want) {
		t.Errorf("head = %v, want %v", head, want)
	}
	if id, _ := body["jti"].(string); !strings.HasPrefix(id, "SK1-") {
		t.Errorf("jti = %q", id)
	}
	delete(body, "jti")
	want := map[string]any{
		"iss": "SK1", "sub": account, "nbf": float64(noon.Unix()), "iat": float64(noon.Unix()), "exp": float64(noon.Add(10 * time.Minute).Unix()),
		"grants": map[string]any{"identity": "00af_3", "voice": map[string]any{"incoming": map[string]any{"allow": true}}},
	}
	if !reflect.DeepEqual(body, want) {
		t.Errorf("body = %v, want %v", body, want)
	}
}

func TestAccessTokenThatIsNot(t *testing.T) {
	t.Parallel()
	with := NewClient(Config{AccountSID: account, APIKey: "SK1", APISecret: "s", Now: func() time.Time { return noon }})
	without := NewClient(Config{AccountSID: account, APIKey: "SK1"})
	t.Cleanup(func() { with.Close(); without.Close() })
	if _, _, err := without.AccessToken("a", 0); !errors.Is(err, hotline.ErrUnavailable) {
		t.Errorf("without a secret: %v, want unavailable", err)
	}
	for _, who := range []string{"", "a-b", "a b", "ann@example.org", strings.Repeat("a", 122)} {
		if _, _, err := with.AccessToken(who, 0); !errors.Is(err, hotline.ErrInvalid) {
			t.Errorf("AccessToken(%q) = %v, want invalid", who, err)
		}
	}
	if _, expires, err := with.AccessToken("a", 90*24*time.Hour); err != nil || !expires.Equal(noon.Add(24*time.Hour)) {
		t.Errorf("a token for months expires at %v, %v, want in a day", expires, err)
	}
}
