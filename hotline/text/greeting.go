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

// Greeting is the automatic text in a language; where there is none in it, in the first of others that has one, else in
// English.
func Greeting(language string, others ...string) string {
	for _, code := range append([]string{language}, others...) {
		if words := greetings[code]; words != "" {
			return words
		}
	}
	return greetings["en"]
}
