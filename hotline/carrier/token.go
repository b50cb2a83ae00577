package carrier

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"time"

	"hopeline/hotline"
)

const (
	usualToken   = 10 * time.Minute
	longestToken = 24 * time.Hour // the carrier refuses longer ones
)

// identity is a name that the carrier gives a browser phone.
var identity = regexp.MustCompile(`^[0-9A-Za-z_]{1,121}$`)

// AccessToken is what a browser shows the carrier to be rung as "client:" and who; 0 is ten minutes. It can only be
// rung: no token of ours can call. It is written here and not by twilio-go, which makes any token last an hour at
// least and reads the clock itself. ErrUnavailable: no API key is configured.
func (c *Client) AccessToken(who string, ttl time.Duration) (token string, expires time.Time, err error) {
	switch {
	case c.key == "" || c.secret == "":
		return "", time.Time{}, fmt.Errorf("make an access token: there is no API key: %w", hotline.ErrUnavailable)
	case !identity.MatchString(who):
		return "", time.Time{}, fmt.Errorf("make an access token: the identity is none: %w", hotline.ErrInvalid)
	case ttl <= 0:
		ttl = usualToken
	}
	now := c.now().UTC().Truncate(time.Second)
	expires = now.Add(min(ttl, longestToken))
	head := map[string]any{"alg": "HS256", "typ": "JWT", "cty": "twilio-fpa;v=1"}
	body := map[string]any{
		"jti": c.key + "-" + rand.Text(), "iss": c.key, "sub": c.account, "nbf": now.Unix(), "iat": now.Unix(), "exp": expires.Unix(),
		"grants": map[string]any{"identity": who, "voice": map[string]any{"incoming": map[string]bool{"allow": true}}},
	}
	text := part(head) + "." + part(body)
	sum := hmac.New(sha256.New, []byte(c.secret))
	sum.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(sum.Sum(nil)), expires, nil
}

func part(of map[string]any) string {
	text, err := json.Marshal(of)
	if err != nil {
		panic(err) // plain values always encode
	}
	return base64.RawURLEncoding.EncodeToString(text)
}
