package simulator

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// sign returns the value of X-Twilio-Signature for a form sent to address: the HMAC-SHA1, under the account's token,
// of the address without its fragment, then each name and value in byte order of the names. A name with several
// values is written again before each distinct value, these sorted.
func sign(token, address string, form url.Values) string {
	mac := hmac.New(sha1.New, []byte(token))
	address, _, _ = strings.Cut(address, "#")
	mac.Write([]byte(address))
	for _, name := range slices.Sorted(maps.Keys(form)) {
		values := slices.Compact(slices.Sorted(slices.Values(form[name])))
		for _, value := range values {
			mac.Write([]byte(name + value))
		}
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
