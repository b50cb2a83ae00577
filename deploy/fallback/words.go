package fallback

// words are what is said in one language. They name no organisation. Danish was not read by a native speaker yet.
type words struct {
	code     string // as the carrier's voices are named
	greeting string
	next     string // to the caller, when somebody did not take the call
	ask      string // to a counsellor
	joined   string
	passed   string
	leave    string // before the tone
	kept     string
	bye      string
}

var spoken = map[string]words{
	"en": {
		code:     "en-GB",
		greeting: "You are not alone. We are calling somebody for you now. Please stay on the line.",
		next:     "One moment more.",
		ask:      "A call is waiting. Press 1 to take it, or 2 if you cannot.",
		joined:   "Thank you. You are connected.",
		passed:   "Thank you. Somebody else is asked.",
		leave: "Nobody can take your call right now. You can leave a message after the tone, and press the hash key at its end. " +
			"Please say whether it is safe to call you back, and when.",
		kept: "Thank you. Your message is kept, and one of us will listen to it.",
		bye:  "If you are in danger now, call the emergency number. You can call us again at any time.",
	},
	"da": {
		code:     "da-DK",
		greeting: "Du er ikke alene. Vi ringer nu til en, der kan tale med dig. Bliv i røret.",
		next:     "Et øjeblik mere.",
		ask:      "Et opkald venter. Tryk 1 for at tage det, eller 2 hvis du ikke kan.",
		joined:   "Tak. I er forbundet.",
		passed:   "Tak. En anden bliver spurgt.",
		leave: "Ingen kan tage dit opkald lige nu. Du kan lægge en besked efter tonen og trykke på firkant, når du er færdig. " +
			"Sig gerne, om det er sikkert at ringe tilbage til dig, og hvornår.",
		kept: "Tak. Din besked er gemt, og en af os vil lytte til den.",
		bye:  "Er du i fare nu, så ring til alarmcentralen. Du kan ringe til os igen når som helst.",
	},
}

// inLanguage are the words of a language, or the English ones.
func inLanguage(code string) words {
	if w, ok := spoken[code]; ok {
		return w
	}
	return spoken["en"]
}

// speaks are the languages of a line that there are words for; at least one.
func (l Line) speaks() []string {
	var known []string
	for _, code := range l.Languages {
		if _, ok := spoken[code]; ok {
			known = append(known, code)
		}
	}
	if len(known) == 0 {
		return []string{"en"}
	}
	return known
}
