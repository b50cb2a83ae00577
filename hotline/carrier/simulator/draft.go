package simulator

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// Option changes one incoming message.
type Option func(*draft)

// draft is an incoming message while its options are read.
type draft struct {
	form    url.Values // fields set or added
	without []string   // fields taken away
	media   []*media
	profile string
	kind    string // MessageType of WhatsApp, "" for what the content says
	lost    bool
}

// prefix is that of the message's SID: MM with media.
func (d *draft) prefix() string {
	if len(d.media) > 0 {
		return "MM"
	}
	return "SM"
}

// Attach adds a file; its bytes are served by the REST API, behind the account's password. Up to ten at the carrier.
func Attach(contentType string, content []byte) Option {
	return func(d *draft) {
		d.media = append(d.media, &media{sid: newSID("ME"), kind: contentType, bytes: slices.Clone(content)})
	}
}

// Location makes it a place: latitude and longitude in degrees as text, an address and a label, which may be empty.
func Location(latitude, longitude, address, label string) Option {
	return func(d *draft) {
		d.kind = "location"
		d.form.Set("Latitude", latitude)
		d.form.Set("Longitude", longitude)
		d.form.Set("Address", address)
		d.form.Set("Label", label)
	}
}

// Button makes it the press of a reply button.
func Button(text, payload string) Option {
	return func(d *draft) {
		d.kind = "button"
		d.form.Set("ButtonText", text)
		d.form.Set("ButtonPayload", payload)
		d.form.Set("ButtonType", "REPLY")
	}
}

// Profile sets the name that a WhatsApp user gave themselves.
func Profile(name string) Option { return func(d *draft) { d.profile = name } }

// With adds a field to the form; a name the form has already is replaced by the first With and repeated by the next.
func With(name, value string) Option { return func(d *draft) { d.form.Add(name, value) } }

// Without takes a field away, such as From: a withheld sender may have none.
func Without(name string) Option {
	return func(d *draft) { d.without = append(d.without, name) }
}

// Lost keeps the webhook from ever being called: the message is in the list only, until it is redelivered.
func Lost() Option { return func(d *draft) { d.lost = true } }

// whatsappFields adds what that channel brings. A user without a number has an id, "DK.1234", and no WaId.
func whatsappFields(f url.Values, m *message, d *draft) {
	user := bare(m.from)
	context := map[string]string{}
	if digits, ok := strings.CutPrefix(user, "+"); ok {
		f.Set("WaId", digits)
		context["WaId"] = digits
	} else {
		f.Set("ExternalUserId", m.from)
	}
	if d.profile != "" {
		f.Set("ProfileName", d.profile)
		context["ProfileName"] = d.profile
	}
	f.Set("MessageType", d.messageType())
	metadata, _ := json.Marshal(map[string]any{ // a map of strings cannot fail
		"type": "whatsapp", "data": map[string]any{"context": context},
	})
	f.Set("ChannelMetadata", string(metadata))
}

func (d *draft) messageType() string {
	if d.kind != "" {
		return d.kind
	}
	if len(d.media) == 0 {
		return "text"
	}
	kind, _, _ := strings.Cut(d.media[0].kind, "/")
	return kind
}

// placeFields adds the places that the carrier looks up from the two numbers, mostly empty as in Europe.
func placeFields(f url.Values, m *message) {
	for side, address := range map[string]string{"From": m.from, "To": m.to} {
		f.Set(side+"City", "")
		f.Set(side+"State", "")
		f.Set(side+"Zip", "")
		f.Set(side+"Country", country(address))
	}
}

func country(address string) string {
	for prefix, name := range map[string]string{"+45": "DK", "+44": "GB", "+40": "RO", "+66": "TH", "+1": "US", "+234": "NG"} {
		if strings.HasPrefix(address, prefix) {
			return name
		}
	}
	return ""
}
