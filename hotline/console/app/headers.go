package app

import (
	"net/http"
	"strings"
)

// policy lets the page load its own files and talk to its own server, and nothing else; to the carrier's hosts only
// when the page is a phone of the carrier. Scripts cannot turn text into code or markup: the one Trusted Types policy
// (src/push.ts) makes the address of the worker and nothing else.
func policy(voice Voice) string {
	connect := "connect-src 'self'"
	if voice == Carrier {
		connect += " https://*.twilio.com wss://*.twilio.com"
	}
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		connect,
		"img-src 'self'",
		"media-src 'self'",
		"manifest-src 'self'",
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
		"require-trusted-types-for 'script'",
		"trusted-types worker",
	}, "; ")
}

// securer sets what every answer carries.
func securer(voice Voice) func(http.Header) {
	csp, microphone := policy(voice), "microphone=()"
	if voice != NoVoice {
		microphone = "microphone=(self)"
	}
	return func(h http.Header) {
		h.Set("Content-Security-Policy", csp)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), display-capture=(), geolocation=(), "+microphone+", payment=(), usb=()")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
	}
}
