package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"hopeline/deploy/testenv"
	"hopeline/hotline/carrier/simulator"
)

func TestATextIsOfferedAnsweredDeliveredNotedAndClosed(t *testing.T) {
	t.Parallel()
	for _, database := range []string{"sqlite", "postgres"} {
		t.Run(database, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, func(c *config, _ *tuning) {
				if database == "postgres" {
					c.DatabaseURL, c.RedisURL = testenv.Postgres(t), testenv.Redis(t)
				}
			})
			ann := s.counsellor("ann", "en", "da")
			s.text("+4520111111", "are you there?")
			offer := ann.offered()
			if offer.Channel != "sms" || offer.State != "offered" || offer.Address != "" || offer.Line != demoLine || offer.Unread != 1 {
				t.Errorf("the offer shows %+v", offer)
			}
			if r := ann.opens(offer.ID); len(r.Messages) != 0 || r.Contact.Address != "" || r.Triage["risk"] != "unknown" {
				t.Errorf("before she accepts, the record shows %+v", r)
			}
			var taken struct{ Contact contactJSON }
			ann.decode(ann.must("offer.accept", args{"contact": offer.ID}), &taken)
			if taken.Contact.State != "live" || taken.Contact.Address != "+4520111111" || !taken.Contact.CanReply {
				t.Errorf("after accepting: %+v", taken.Contact)
			}
			r := ann.opens(offer.ID)
			if len(r.Messages) != 1 || r.Messages[0].Text != "are you there?" || r.Triage["risk"] != "unknown" {
				t.Errorf("the record shows %+v", r)
			}
			m := ann.sends(offer.ID, "I am here. Are you safe to write?", "ref-1")
			again := ann.sends(offer.ID, "I am here. Are you safe to write?", "ref-1")
			if again.ID != m.ID {
				t.Errorf("the same ref gave another message")
			}
			got, err := s.company.Phone("+4520111111").Wait(t.Context(), 1)
			if err != nil || got[0].Body != "I am here. Are you safe to write?" || got[0].From != demoLine {
				t.Fatalf("the phone got %+v, %v", got, err)
			}
			ann.status(m.ID, "delivered")
			s.text("+4520111111", "yes")
			ann.event("message.added", func(data json.RawMessage) bool { return strings.Contains(string(data), `"yes"`) })
			ann.must("note.add", args{"contact": offer.ID, "text": "sounds calm"})
			ann.must("triage.set", args{"contact": offer.ID, "risk": "high", "safe_now": "yes"})
			ann.refused("invalid", "contact.close", args{"contact": offer.ID, "outcome": "  "})
			ann.must("contact.close", args{"contact": offer.ID, "outcome": "will write again"})
			ann.event("contact.changed", func(data json.RawMessage) bool { return strings.Contains(string(data), `"closed"`) })
			s.text("+4520111111", "thank you")
			if next := ann.offered(); next.ID == offer.ID || !next.SeenBefore {
				t.Errorf("after closing, a text makes a new contact, seen before: %+v", next)
			}
			if n := len(s.company.Phone("+4520111111").Inbox()); n != 1 {
				t.Errorf("the phone got %d messages, want 1", n)
			}
			if log := s.log.String(); strings.Contains(log, "20111111") || strings.Contains(log, "calm") {
				t.Error("the log holds what was said:", log)
			}
		})
	}
}

func TestTwoCounsellorsOneOffer(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	ann, bea := s.counsellor("ann", "en"), s.counsellor("bea", "en")
	s.text("+4520111111", "help me please")
	first, second := ann, bea
	deadline := time.After(30 * time.Second)
	for !ann.has("offer.made", nil) && !bea.has("offer.made", nil) {
		select {
		case <-deadline:
			t.Fatal("nobody was offered the contact")
		case <-time.After(5 * time.Millisecond):
		}
	}
	if bea.has("offer.made", nil) {
		first, second = bea, ann
	}
	id := first.offered().ID
	second.refused("expired", "offer.accept", args{"contact": id})
	first.must("offer.decline", args{"contact": id, "reason": "busy"})
	if c := second.takes(); c.ID != id {
		t.Errorf("the second was offered %s, want %s", c.ID, id)
	}
	first.refused("conflict", "offer.accept", args{"contact": id})
	first.refused("conflict", "contact.take", args{"contact": id})
	second.must("offer.accept", args{"contact": id})
	first.refused("not_found", "contact.open", args{"contact": id})
}

func TestTheSameWebhookAgainChangesNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	ann := s.counsellor("ann", "en")
	r := s.text("+4520111111", "once")
	id := ann.takes().ID
	receipts, err := s.company.Redeliver(t.Context(), r.SID, 20)
	if err != nil {
		t.Fatal(err)
	}
	for _, again := range receipts {
		if !again.Answer.OK() {
			t.Errorf("a copy was answered %+v", again)
		}
	}
	if got := ann.opens(id); len(got.Messages) != 1 || got.Contact.Unread != 1 {
		t.Errorf("twenty copies left %d messages, unread %d", len(got.Messages), got.Contact.Unread)
	}
}

func TestALostAnswerNeverMakesASecondText(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	ann := s.counsellor("ann", "en")
	s.text("+4520111111", "hello")
	id := ann.takes().ID
	s.company.NextSend(simulator.AnswerLost)
	m := ann.sends(id, "I am here", "r1")
	ann.status(m.ID, "delivered")
	m = ann.sends(id, "take your time", "r2")
	ann.status(m.ID, "delivered")
	if n := len(s.company.Phone("+4520111111").Inbox()); n != 2 {
		t.Errorf("the phone got %d messages, want 2", n)
	}
}
