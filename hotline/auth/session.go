package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

// SessionLife is how long a session lasts at most, whatever is done in it but checking in to a shift: that keeps it until
// the shift is over.
const SessionLife = 12 * time.Hour

// CookieLife is how long a browser keeps the token: longer than a session that the longest shift keeps. Whether the
// session still holds is for the database to say.
const CookieLife = 48 * time.Hour

const tokenSize = 32

// NewToken returns a session token of 256 random bits in base64url, for the
// cookie, and its hash, for the database.
func NewToken() (token string, hash []byte) {
	raw := make([]byte, tokenSize)
	rand.Read(raw) // never fails
	token = base64.RawURLEncoding.EncodeToString(raw)
	return token, HashToken(token)
}

// HashToken returns the 32 bytes under which a session is stored and found. A
// plain hash is enough: nobody can guess what is random in full.
func HashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// Cookie returns the session cookie for a service at public. With a maxAge of 0
// or less it ends the cookie. On a loopback address over http, where a browser
// takes no secure cookie, it has neither the __Host- prefix nor Secure.
func Cookie(public *url.URL, token string, maxAge time.Duration) *http.Cookie {
	cookie := &http.Cookie{
		Name: cookieName(public), Value: token, Path: "/", MaxAge: int(maxAge / time.Second),
		Secure: !bare(public), HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
	if cookie.MaxAge <= 0 {
		cookie.Value, cookie.MaxAge = "", -1
	}
	return cookie
}

// TokenFrom returns the session token that r carries, or "" when there is none
// of the right form.
func TokenFrom(r *http.Request, public *url.URL) string {
	for _, cookie := range r.CookiesNamed(cookieName(public)) {
		raw, err := base64.RawURLEncoding.Strict().DecodeString(cookie.Value)
		if err == nil && len(raw) == tokenSize {
			return cookie.Value
		}
	}
	return ""
}

func cookieName(public *url.URL) string {
	if bare(public) {
		return "session"
	}
	return "__Host-session"
}

// bare says whether public is http on a loopback host.
func bare(public *url.URL) bool {
	if public.Scheme != "http" {
		return false
	}
	addr, err := netip.ParseAddr(public.Hostname())
	return public.Hostname() == "localhost" || err == nil && addr.Unmap().IsLoopback()
}
