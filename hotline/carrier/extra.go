package carrier

import (
	"strconv"
	"strings"
)

// kinds are the types of message whose content comes in fields that are shown.
var kinds = map[string]bool{
	"text": true, "image": true, "audio": true, "voice": true, "video": true, "document": true, "file": true,
	"sticker": true, "location": true, "button": true, "interactive": true, "contacts": true, "media": true,
}

// extra says in words what came with a message beside its text and files, one fact a line. It is for a human; nothing
// reads it again.
func extra(f form, files int) string {
	var lines []string
	say := func(prefix, words string) {
		if words != "" {
			lines = append(lines, prefix+words)
		}
	}
	say("place: ", whereabouts(f))
	say("button: ", pressed(f))
	say("form filled in: ", f.text("InteractiveData", "FlowData"))
	say("came from an advert: ", joined(": ", f.text("ReferralHeadline"), f.text("ReferralBody")))
	say("calls themselves: ", f.text("ProfileName"))
	say("", forwarded(f))
	if f.text("OriginalRepliedMessageSid") != "" {
		say("", "answers an earlier message")
	}
	say("the carrier took this for: ", f.text("OptOutType"))
	if n := number(f.text("NumMedia")); n != files && f.has("NumMedia") {
		say("", "files: "+strconv.Itoa(n)+" announced, "+strconv.Itoa(files)+" named")
	}
	say("", damage(f.text("ErrorCode")))
	if kind := f.text("MessageType"); kind != "" && !kinds[strings.ToLower(kind)] {
		say("something we cannot show: type ", kind)
	}
	return strings.Join(lines, "\n")
}

// whereabouts is "55.67, 12.56 (Nørreport, Copenhagen)" of a location message.
func whereabouts(f form) string {
	point := joined(", ", f.text("Latitude"), f.text("Longitude"))
	name := joined(", ", f.text("Label"), f.text("Address"))
	switch {
	case point == "":
		return name
	case name == "":
		return point
	}
	return point + " (" + name + ")"
}

// pressed is the button's text, with its hidden value when that differs.
func pressed(f form) string {
	text, payload := f.text("ButtonText"), f.text("ButtonPayload")
	switch {
	case text == "":
		return payload
	case payload == "" || payload == text:
		return text
	}
	return text + " [" + payload + "]"
}

func forwarded(f form) string {
	switch {
	case strings.EqualFold(f.text("FrequentlyForwarded"), "true"):
		return "forwarded many times"
	case strings.EqualFold(f.text("Forwarded"), "true"):
		return "forwarded"
	}
	return ""
}

// damage is what the carrier says is wrong with a message that came.
func damage(code string) string {
	switch code {
	case "30009":
		return "a part of this message is missing"
	case "21617":
		return "the carrier cut this message"
	}
	return ""
}

// joined joins the parts that are not empty.
func joined(by string, parts ...string) string {
	kept := parts[:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, by)
}
