package main

import (
	"testing"
	"time"

	"hopeline/hotline/carrier/simulator"
)

// The first text is answered once, in its language; no machine answers a cry for help.
func TestTheFirstTextIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(c *config, _ *tuning) { c.AutoText = true })
	anna := s.counsellor("anna", "da")
	began := time.Now()
	s.text("+4520000009", "STOP")
	s.text("+4520000001", "hej, jeg er bange for min mand")
	phone := s.company.Phone("+4520000001")
	first := s.gets(phone, 1)
	if first[0].Body != "Tak for din besked. Du får svar så snart som muligt." || time.Since(began) > 10*time.Second {
		t.Errorf("the first text is answered by %q after %v", first[0].Body, time.Since(began))
	}
	s.text("+4520000001", "er der nogen?")
	for range 2 {
		if c := anna.takes(); c.Address == "+4520000001" {
			anna.sends(c.ID, "I am here", "r1")
		}
	}
	if got := s.gets(phone, 2); got[1].Body != "I am here" {
		t.Errorf("the phone has %+v, want one greeting and her answer", got)
	}
	if got := s.company.Phone("+4520000009").Inbox(); len(got) != 0 {
		t.Errorf("STOP was answered by %+v, want a human alone", got)
	}
}

// gets waits until a phone has so many texts, and gives them.
func (s *stage) gets(p *simulator.Phone, n int) []simulator.Message {
	s.t.Helper()
	got, err := p.Wait(s.soon(), n)
	s.must("get a text", err)
	return got
}
