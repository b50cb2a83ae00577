package text

// greetings is the one automatic text, by language. It names nobody and nothing: whoever else reads the phone learns no
// more than that a message was answered.
var greetings = map[string]string{
	"en": "Thank you for your message. Somebody will answer you as soon as possible.",
	"da": "Tak for din besked. Du får svar så snart som muligt.",
	"es": "Gracias por tu mensaje. Alguien te responderá lo antes posible.",
	"fr": "Merci pour votre message. Quelqu'un vous répondra dès que possible.",
	"ro": "Mulțumim pentru mesaj. Cineva vă va răspunde cât mai curând.",
	"th": "ขอบคุณสำหรับข้อความ จะมีคนตอบคุณโดยเร็วที่สุด",
}

// closed is the same while the line is closed. It promises no time.
var closed = map[string]string{
	"en": "Thank you for your message. Nobody is here right now. Somebody will answer you when we are back.",
	"da": "Tak for din besked. Der er ingen her lige nu. Du får svar, når vi er her igen.",
	"es": "Gracias por tu mensaje. Ahora mismo no hay nadie. Te van a responder cuando vuelva alguien.",
	"fr": "Merci pour votre message. Il n'y a personne pour le moment. Quelqu'un vous répondra à notre retour.",
	"ro": "Mulțumim pentru mesaj. Acum nu este nimeni. Veți primi un răspuns.",
	"th": "ขอบคุณสำหรับข้อความ ตอนนี้ไม่มีใครอยู่ จะมีคนตอบคุณภายหลัง",
}

// Greeting is the automatic text in a language; where there is none in it, in the first of others that has one, else in
// English.
func Greeting(language string, others ...string) string { return first(greetings, language, others) }

// Closed is the automatic text while the line is closed, likewise.
func Closed(language string, others ...string) string { return first(closed, language, others) }

func first(words map[string]string, language string, others []string) string {
	for _, code := range append([]string{language}, others...) {
		if words[code] != "" {
			return words[code]
		}
	}
	return words["en"]
}
