package hotline

import "testing"

func TestDangerWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"": false, "hi, are you there?": false, "Your code is 120911": false, "I skill up": false, "your parcel has arrived": false,
		"HELP ME": true, "he has a KNIFE": true, "I can't get out!!": true, "he locked\nme in": true, "Han slår mig": true,
		"jeg er spærret  inde": true, "call 112": true, "help": false, "vejen er farlig?": false, "kan ikke komme": false,
	} {
		if got := DangerWords(text); got != want {
			t.Errorf("DangerWords(%q) = %t, want %t", text, got, want)
		}
	}
}
