package hotline

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestAddressesOfEveryKind(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text       string
		channel    Channel
		line       LineID
		shown      string
		answerable bool
	}{
		{"+4520112233", SMS, "+4520112233", "+45 20 11 22 33", true},
		{"+2348031234567", SMS, "+2348031234567", "+234 803 123 4567", true},
		{"4520112233", SMS, "4520112233", "4520112233", true},
		{"384387", SMS, "384387", "384387", true},
		{"Bank DK", SMS, "Bank DK", "Bank DK", false},
		{"MobilePay2", SMS, "MobilePay2", "MobilePay2", false},
		{"whatsapp:+4520112233", WhatsApp, "+4520112233", "+45 20 11 22 33", true},
		{"WhatsApp:+4520112233", WhatsApp, "+4520112233", "+45 20 11 22 33", true},
		{"whatsapp:US.1234567890", WhatsApp, "US.1234567890", "US.1234567890", true},
		{"rcs:hotline_agent", Other, "hotline_agent", "hotline_agent", true},
		{"messenger:1234567890", Other, "1234567890", "1234567890", true},
		{"client:ann", Other, "ann", "ann", true},
		{"sip:ann@example.org", Other, "ann@example.org", "ann@example.org", true},
		{"+99999999999999999999", SMS, "+99999999999999999999", "+99999999999999999999", true},
		{"\x00\xff", SMS, "\x00\xff", "\x00\xff", false},
		{"", SMS, "", "", false},
		{"whatsapp:", WhatsApp, "", "", false},
	}
	for _, tt := range tests {
		a := AddressOf(tt.text)
		if a.Full() != tt.text {
			t.Errorf("AddressOf(%q).Full() = %q, want it as it came", tt.text, a.Full())
		}
		if a.Channel() != tt.channel || a.Line() != tt.line || a.Shown() != tt.shown || a.Answerable() != tt.answerable {
			t.Errorf("AddressOf(%q) = %s, line %q, shown %q, answerable %t, want %s, %q, %q, %t", tt.text,
				a.Channel(), a.Line(), a.Shown(), a.Answerable(), tt.channel, tt.line, tt.shown, tt.answerable)
		}
	}
}

func TestWithheldInEverySpelling(t *testing.T) {
	t.Parallel()
	withheld := []string{
		"", " ", "+", "+266696687", "+7378742833", "+86282452253", "+8656696", "+8566696", "+2562533",
		"266696687", "7378742833", "86282452253", "8656696", "8566696", "2562533",
		"anonymous", "unknown", "restricted", "unavailable", "blocked", "private", "withheld",
		"anonymous caller", "unknown number", "private_number", "unknown-caller", "No Caller ID", "not available", "Number Withheld",
		"number (restricted)", "client:anonymous", "sip:anonymous@anonymous.invalid", "sip:+266696687@198.51.100.1", "whatsapp:", "whatsapp: ", "client:",
	}
	for _, text := range withheld {
		for _, spelling := range []string{text, strings.ToUpper(text), strings.ToLower(text), " " + text + " "} {
			if a := AddressOf(spelling); !a.Withheld() || a.Answerable() {
				t.Errorf("AddressOf(%q): withheld %t, answerable %t, want true, false", spelling, a.Withheld(), a.Answerable())
			}
		}
	}
	known := []string{
		"+4520112233", "384387", "+45266696687", "+2666966870", "whatsapp:+4520112233", "whatsapp:US.1234567890", "whatsapp:DK.unknownx",
		"Bank", "Anonymously", "Privat", "rcs:agent", "messenger:42", "client:ann", "sip:ann@anonymous.invalid",
	}
	for _, text := range known {
		if AddressOf(text).Withheld() {
			t.Errorf("AddressOf(%q) is withheld, want somebody", text)
		}
	}
}

func TestKeysAreEqualForOneAddressOnly(t *testing.T) {
	t.Parallel()
	same := [][]string{
		{"+4520112233", "+45 20 11 22 33", "+45-20-11-22-33", " +4520112233 ", "+45 (20) 112233"},
		{"whatsapp:+4520112233", "WhatsApp:+4520112233", "whatsapp: +45 20112233"},
		{"+442079460000", "+44 (0)20 7946 0000"},
	}
	for _, spellings := range same {
		for _, text := range spellings {
			if got, want := AddressOf(text).Key(), AddressOf(spellings[0]).Key(); got != want {
				t.Errorf("AddressOf(%q).Key() = %q, want %q", text, got, want)
			}
		}
	}
	// No country is ever guessed, and nothing that might tell two people apart is dropped.
	different := []string{
		"+4520112233", "4520112233", "20112233", "004520112233", "whatsapp:+4520112233", "rcs:+4520112233", "sip:+4520112233",
		"+4520112233;ext=5", "+4520112233x5", "+4520112233/34", "+4520112234", "+4620112233", "whatsapp:US.20112233", "whatsapp:DK.20112233",
		"Bank", "bank", "384387", "client:ann", "client:bea", "+", "",
	}
	seen := map[string]string{}
	for _, text := range different {
		key := AddressOf(text).Key()
		if other, ok := seen[key]; ok {
			t.Errorf("%q and %q have one key %q", text, other, key)
		}
		seen[key] = text
	}
}

func TestAContactPrintsNoAddress(t *testing.T) {
	t.Parallel()
	const marker = "4520998877"
	c := Open("c1", AddressOf("+"+marker), AddressOf("whatsapp:+4570201550"), noon)
	c.Transfer = &Offer{User: ann}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		for name, v := range map[string]any{"contact": c, "pointer": &c, "list": []Contact{c}, "address": c.Address,
			"notice": ContactChanged{Contact: c}, "outgoing": Outgoing{To: c.Address}, "inbound": Inbound{From: c.Address}} {
			if text := fmt.Sprintf(format, v); hides(text, marker) != nil {
				t.Errorf("Sprintf(%q, %s) = %s, shows the address", format, name, text)
			}
		}
	}
	for name, v := range map[string]any{"contact": c, "key": map[Address]int{c.Address: 1}, "inbound": Inbound{From: c.Address}} {
		text, err := json.Marshal(v)
		if err != nil || hides(string(text), marker) != nil {
			t.Errorf("json of %s = %s, %v, shows the address", name, text, err)
		}
	}
	if got := fmt.Sprint(AddressOf("whatsapp:+"+marker), AddressOf("+"+marker), AddressOf("")); got != "(whatsapp address) (sms address) (no address)" {
		t.Errorf("addresses print as %s", got)
	}
}

// hides is an error when text tells marker, plainly or in hexadecimal.
func hides(text, marker string) error {
	for _, m := range []string{marker, fmt.Sprintf("%x", marker), marker[4:]} {
		if strings.Contains(text, m) {
			return fmt.Errorf("%q is told", m)
		}
	}
	return nil
}

func FuzzAddress(f *testing.F) {
	for _, text := range []string{"+4520112233", "whatsapp:+45 20112233", "whatsapp:US.123", "384387", "Bank", "", "+", "::", " : +1", "sip:a@b",
		"client:anonymous", "+44 (0)20 7946 0000", "+45\x0020", "\xff", "+390612345678", "+1 800 555 0199;ext=3", "ﬀ:+45"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a := AddressOf(text)
		if a.Full() != text {
			t.Errorf("Full() = %q, want %q", a.Full(), text)
		}
		key := a.Key()
		if again := AddressOf(key).Key(); again != key {
			t.Errorf("AddressOf(%q).Key() = %q, and the key of that is %q", text, key, again)
		}
		if a.Withheld() && a.Answerable() {
			t.Errorf("AddressOf(%q) is withheld and answerable", text)
		}
		if digits := onlyDigits(text); len(digits) > 4 && strings.Contains(fmt.Sprintf("%v %+v %#v", a, a, a), digits) {
			t.Errorf("AddressOf(%q) prints itself", text)
		}
		a.Shown()
		Open("c", a, a, noon)
	})
}

func onlyDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
