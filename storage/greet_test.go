package storage

import (
	"errors"
	"testing"
	"time"

	"hopeline/hotline"
)

func TestAContactIsGreetedOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		words := func(line hotline.LineID, language string) string {
			return "thank you in " + language + " from " + string(line)
		}
		id := h.texted("SM1", "+4520111111", "hello")
		h.texted("SM2", "Bank", "your code")
		h.texted("SM3", "+4520111113", "STOP")
		h.texted("SM4", "+4520111114", "he has a knife")
		if ids, err := h.Ungreeted(ctx); err != nil || len(ids) != 1 || ids[0] != id {
			t.Fatalf("Ungreeted = %v, %v, want the first alone", ids, err)
		}
		if err := h.Greet(ctx, id, words); err != nil {
			t.Fatal(err)
		}
		if err := h.Greet(ctx, id, words); !errors.Is(err, hotline.ErrUnsafe) {
			t.Errorf("Greet again = %v, want a no", err)
		}
		h.text("SM5", "+4520111111", "+4570201550", "are you there?")
		if ids, err := h.Ungreeted(ctx); err != nil || len(ids) != 0 {
			t.Errorf("Ungreeted = %v, %v, want nobody", ids, err)
		}
		due, err := h.ClaimSends(ctx, 10, time.Minute)
		if err != nil || len(due) != 1 || due[0].Text != "thank you in en from +4570201550" || due[0].To.Full() != "+4520111111" || due[0].From.Full() != "+4570201550" {
			t.Fatalf("the outbox has %+v, %v, want the greeting", due, err)
		}
		c := h.state(id)
		if c.Unanswered.IsZero() || c.State != hotline.Waits || c.Unread != 2 {
			t.Errorf("after the greeting the contact is %s, unanswered since %v; want it to wait for a human", c.State, c.Unanswered)
		}
		boss := h.user("boss", hotline.Supervisor)
		r, err := h.Record(ctx, boss.ID, id, "", 10, nil, boss.ReadsWords)
		if err != nil || len(r.Messages) != 3 || r.Messages[1].By != "" || r.Messages[1].Direction != hotline.Out {
			t.Errorf("the record shows %+v, %v", r.Messages, err)
		}
	})
}

func TestNobodyIsGreetedAfterAHuman(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.user("ann", hotline.Counsellor)
		id := h.texted("SM1", "+4520111111", "hello")
		h.must(h.Apply(t.Context(), string(ann.ID), id, hotline.TakenBy{At: h.nowAt(), User: ann.ID}, nil))
		if ids, _ := h.Ungreeted(t.Context()); len(ids) != 1 {
			t.Errorf("Ungreeted = %v while its counsellor said nothing, want it", ids)
		}
		if _, err := h.Reply(t.Context(), Reply{By: ann.ID, Contact: id, Parts: []string{"I am here"}, Ref: "r1"}); err != nil {
			t.Fatal(err)
		}
		h.text("SM2", "+4520111111", "+4570201550", "thanks")
		if ids, err := h.Ungreeted(t.Context()); err != nil || len(ids) != 0 {
			t.Errorf("Ungreeted = %v, %v after she answered, want nobody", ids, err)
		}
	})
}
