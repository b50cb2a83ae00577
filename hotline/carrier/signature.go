package carrier

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// signatureHeader carries the HMAC-SHA1, in base64, of the address and the form under the account's token.
const signatureHeader = "X-Twilio-Signature"

// Signer checks that a request comes from who holds one of the tokens. twilio-go's own validator refuses repeated
// names, a raw semicolon and a stray percent sign, which the carrier signs all the same.
//
// There is no time in a signature: a request that somebody kept is valid for ever. Whoever acts on one must know
// its id again.
type Signer struct {
	Public *url.URL // scheme, user, host, port and path before the request's own; the only address that counts
	Tokens []string // any of them may have signed; an empty one never has
}

// Valid tells whether r, whose body was read into body, carries exactly one signature and it fits. The body of a form
// counts field by field; any other body by its SHA-256, which then stands in the signed query as bodySHA256; without
// either it must be empty.
func (s Signer) Valid(r *http.Request, body []byte) bool {
	if isForm(r.Header.Get("Content-Type")) {
		return s.signed(r, parseForm(string(body)))
	}
	return bodyMatches(r.URL.RawQuery, body) && s.signed(r, nil)
}

// signed tells whether the one signature of r fits its address and these fields.
func (s Signer) signed(r *http.Request, fields form) bool {
	given := r.Header.Values(signatureHeader)
	if len(given) != 1 {
		return false
	}
	params := canonical(fields)
	fits := 0
	for _, base := range bases(s.Public) {
		text := base + requestURI(r)
		for _, token := range s.Tokens {
			// Every candidate is tried, so that the time tells nothing.
			if token != "" {
				fits |= subtle.ConstantTimeCompare([]byte(given[0]), sign(token, text, params))
			}
		}
	}
	return fits == 1
}

func sign(token, address string, params []byte) []byte {
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(address))
	mac.Write(params)
	return base64.StdEncoding.AppendEncode(nil, mac.Sum(nil))
}

// canonical writes each name and value in byte order of the names, a name with several values again before each
// distinct value, these sorted.
func canonical(fields form) []byte {
	sorted := slices.Clone(fields)
	slices.SortFunc(sorted, func(a, b field) int {
		return cmp.Or(strings.Compare(a.name, b.name), strings.Compare(a.value, b.value))
	})
	size := 0
	for _, f := range sorted {
		size += len(f.name) + len(f.value)
	}
	text := make([]byte, 0, size)
	for i, f := range sorted {
		if i > 0 && f == sorted[i-1] {
			continue
		}
		text = append(append(text, f.name...), f.value...)
	}
	return text
}

// bases are the public address with its port and without: the carrier's back ends do not agree whether the standard
// port is part of the text, and drop other ports too.
func bases(public *url.URL) []string {
	if public == nil {
		return nil
	}
	scheme, user := strings.ToLower(public.Scheme)+"://", ""
	if public.User != nil {
		user = public.User.String() + "@"
	}
	host, port := public.Hostname(), public.Port()
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port == "" {
		port = standardPort(public.Scheme)
	}
	path := strings.TrimRight(public.EscapedPath(), "/")
	return []string{scheme + user + host + path, scheme + user + host + ":" + port + path}
}

func standardPort(scheme string) string {
	if strings.EqualFold(scheme, "http") {
		return "80"
	}
	return "443"
}

// requestURI is the path and query exactly as they were asked for. A request line may hold a whole address, whose host
// does not count.
func requestURI(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") {
		return r.RequestURI
	}
	return r.URL.RequestURI()
}

// bodyMatches tells whether a body that is no form is the one that the signed query names.
func bodyMatches(query string, body []byte) bool {
	fields := parseForm(query)
	want, named := fields.get("bodySHA256")
	if !named {
		return len(body) == 0
	}
	sum := sha256.Sum256(body)
	return hmac.Equal([]byte(strings.ToLower(want)), []byte(hex.EncodeToString(sum[:])))
}

// isForm tells whether a content type is that of a form, whatever its parameters.
func isForm(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(kind), "application/x-www-form-urlencoded")
}
