package carrier

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"hopeline/hotline"
)

// mostMedia is how many files of one message are kept. The carrier allows ten.
const mostMedia = 50

// inbound is an incoming message in the house's words. Addresses stay as the carrier wrote them.
func inbound(f form, at time.Time) hotline.Inbound {
	media := mediaOf(f)
	return hotline.Inbound{
		SID:   f.id("MessageSid", "SmsSid"),
		From:  hotline.AddressOf(sender(f)),
		To:    hotline.AddressOf(f.text("To")),
		Text:  f.text("Body"),
		Media: media,
		At:    at,
		Extra: extra(f, len(media)),
	}
}

// sender is From. A WhatsApp user who hides her number may have none, and an id under another name that can be
// answered.
func sender(f form) string {
	if from := f.text("From"); from != "" {
		return from
	}
	if id := f.text("ExternalUserId"); strings.HasPrefix(id, "whatsapp:") {
		return id
	}
	return ""
}

// mediaOf lists every file that is named, whatever NumMedia says, in the order of their numbers.
func mediaOf(f form) []hotline.InboundMedia {
	var where, kind [mostMedia]string
	for _, x := range f {
		if n, ok := numbered(x.name, "MediaUrl"); ok && where[n] == "" {
			where[n] = clean(x.value)
		}
		if n, ok := numbered(x.name, "MediaContentType"); ok && kind[n] == "" {
			kind[n] = clean(x.value)
		}
	}
	var all []hotline.InboundMedia
	for n, address := range where {
		if address != "" {
			all = append(all, hotline.InboundMedia{Type: kind[n], Where: place(address)})
		}
	}
	return all
}

// numbered reads the number of a name such as MediaUrl7.
func numbered(name, prefix string) (int, bool) {
	digits, ok := strings.CutPrefix(name, prefix)
	if !ok || digits == "" || len(digits) > 2 {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 10, 8)
	return int(n), err == nil && n < mostMedia
}

// place is "messageSid/mediaSid" of an address of the form …/Messages/{sid}/Media/{sid}, so that the file is fetched
// from the carrier's own host and never from where a form says. Any other address stays as it came: a human may see it,
// nothing fetches it.
func place(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	parts := strings.Split(strings.Trim(u.EscapedPath(), "/"), "/")
	if n := len(parts); n >= 4 && parts[n-4] == "Messages" && parts[n-2] == "Media" {
		message, file := parts[n-3], strings.TrimSuffix(parts[n-1], ".json")
		if plain(message) && plain(file) {
			return message + "/" + file
		}
	}
	return address
}

// plain tells whether an id is made of letters, digits and dashes.
func plain(id string) bool {
	for _, c := range []byte(id) {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '-') {
			return false
		}
	}
	return id != "" && len(id) <= longestID
}
