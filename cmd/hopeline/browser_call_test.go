package main

import (
	"testing"

	"hopeline/hotline"
)

// aCallInTheBrowser is a call from its ringing to its end, taken with a microphone that Chromium plays, while a
// supervisor listens.
func aCallInTheBrowser(t *testing.T, b *browser) {
	s := newStage(t, nil)
	s.account("anna", hotline.Counsellor, "en")
	s.account("freja", hotline.Supervisor, "en")
	anna, freja := b.newPage(s, wide).enter("anna"), b.newPage(s, wide).enter("freja")
	anna.click("Start shift")
	freja.click("Go in without taking anybody")
	anna.sees("This page rings")
	freja.sees("You are away")

	call := s.calls("+4520123456")
	anna.eventually("document.querySelector('.ringing .yes')")
	anna.shot("call-offer")
	anna.clickOn("document.querySelector('.ringing .yes')")
	anna.sees("You can talk")
	browser, err := s.company.Phone("client:" + s.userID("anna")).Talking(s.soon())
	s.must("talk in the browser", err)
	s.must("meet", call.Meet(s.soon(), browser))
	anna.clickOn("document.getElementById('mute')")
	anna.sees("they do not hear you")
	anna.click("Hold")
	anna.sees("On hold")
	s.must("be on hold", s.company.Until(s.soon(), call.Held))
	anna.click("Back to them")

	anna.clickOn("document.querySelector('.raise')")
	anna.sees("Told at once: Freja")
	freja.sees("Somebody is in danger")
	freja.click("Go there")
	freja.sees("Call 112 from your own phone")
	freja.click("Listen")
	anna.sees("Freja is listening")
	anna.shot("call-listened")
	freja.click("Stop listening")
	anna.gone("Freja is listening")

	anna.click("They cannot talk")
	anna.click("Are you alone?")
	s.must("be asked", call.Hear(s.soon(), "Are you alone?"))
	call.Press("1")
	anna.sees("Pressed 1: yes")
	anna.click("They can talk again")
	anna.sees("You can talk")
	call.HangUp()
	anna.sees("for your notes")
	for _, size := range [][2]int64{wide, narrow} {
		anna.size(size)
		anna.fits()
		anna.shot("call-over")
	}
}
