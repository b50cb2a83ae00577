package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hopeline/hotline"
)

func TestTheQueueGoesByPriorityThenByWhoWaitedLongest(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.account("freja", hotline.Supervisor, "en")
	freja := s.logIn("freja")
	for i := range 3 {
		s.text(fmt.Sprint("+452011111", i), "hello")
	}
	waiting := freja.waiting()
	freja.must("triage.set", args{"contact": waiting[2].ID, "risk": "immediate"})
	want := []string{waiting[2].ID, waiting[0].ID, waiting[1].ID}
	for i, c := range freja.waiting() {
		if c.ID != want[i] {
			t.Errorf("place %d in the queue: %s, want %s", i, c.ID, want[i])
		}
	}
	ann := s.counsellor("ann", "en")
	for i := range 3 {
		if c := ann.takes(); c.ID != want[i] {
			t.Errorf("offer %d is of %s, want %s", i, c.ID, want[i])
		}
	}
}

func TestLanguageChoosesAmongCounsellorsAndStrandsNobody(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	ann, dina := s.counsellor("ann", "en"), s.counsellor("dina", "da")
	s.text("+4520111111", "hjælp mig, jeg er bange og kan ikke komme ud")
	c := dina.takes()
	if c.Guess != "da" || c.Language != "da" {
		t.Errorf("the contact's language is %q, guessed %q; want da", c.Language, c.Guess)
	}
	dina.must("presence.set", args{"state": "away"})
	s.text("+4520222222", "hjælp mig, jeg er bange og kan ikke komme ud")
	ann.takes()
}

func TestNobodyIsAskedTwiceInALap(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(_ *config, t *tuning) { t.rules.Lap = 400 * time.Millisecond })
	ann, bea := s.counsellor("ann", "en"), s.counsellor("bea", "en")
	s.text("+4520111111", "hello")
	first, second := ann, bea
	if takesNone(t, ann, bea) == bea {
		first, second = bea, ann
	}
	id := first.offered().ID
	first.must("offer.decline", args{"contact": id, "reason": "busy"})
	second.offered()
	began := time.Now() // the lap ends a moment after she declined, whenever we hear of that
	second.must("offer.decline", args{"contact": id, "reason": "busy"})
	takesNone(t, ann, bea) // the next lap asks again
	if waited := time.Since(began); waited < 400*time.Millisecond {
		t.Errorf("the next lap began after %v, want 400 ms", waited)
	}
}

// takesNone waits until one of the desks is offered something, and tells which.
func takesNone(t *testing.T, desks ...*desk) *desk {
	t.Helper()
	late := time.After(30 * time.Second)
	for {
		for _, d := range desks {
			if d.has("offer.made", nil) {
				return d
			}
		}
		select {
		case <-late:
			t.Fatal("nobody was offered the contact")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestAnOfferThatNobodyTakesGoesOnAndIsOverdueToAll(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	s := newStage(t, func(c *config, t *tuning) {
		movable(&ahead)(c, t)
		t.rules.Offer, t.rules.Lap, t.routing.Sweep = 300*time.Millisecond, 300*time.Millisecond, 50*time.Millisecond
	})
	ann, bea := s.counsellor("ann", "en"), s.counsellor("bea", "en")
	s.text("+4520111111", "hello")
	overdue := func(data json.RawMessage) bool {
		var c struct{ Contact contactJSON }
		json.Unmarshal(data, &c)
		return c.Contact.Overdue
	}
	ann.event("offer.made", nil)
	ann.event("offer.ended", func(data json.RawMessage) bool { return strings.Contains(string(data), `"expired"`) })
	ahead.Store(int64(s.tuning.rules.Answer))
	ann.event("contact.changed", overdue)
	bea.event("contact.changed", overdue)
	waiting := bea.waiting()
	if len(waiting) != 1 || !waiting[0].Overdue {
		t.Fatalf("the queue shows %+v, want an overdue contact", waiting)
	}
	bea.must("contact.take", args{"contact": waiting[0].ID})
	ann.refused("conflict", "contact.take", args{"contact": waiting[0].ID})
}

func TestAClosedConsoleDropsNoLiveContact(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(_ *config, t *tuning) {
		t.routing.Reach, t.routing.Reload = 5*time.Second, 100*time.Millisecond // bea is seen however slow the machine is
		t.routing.Sweep, t.seen = 50*time.Millisecond, 100*time.Millisecond
		t.rules.Asleep = time.Second
	})
	ann := s.counsellor("ann", "en")
	s.text("+4520111111", "hello")
	id := ann.takes().ID
	m := ann.sends(id, "I am here", "r1")
	ann.status(m.ID, "delivered")
	ann.hangUp()
	bea := s.counsellor("bea", "en")
	s.text("+4520222222", "a second person")
	if c := bea.offered(); c.ID == id {
		t.Error("a live contact was taken from a closed console while nothing was unanswered")
	}
	bea.must("offer.accept", args{"contact": bea.lastOffer()})
	s.text("+4520111111", "are you still there?")
	if c := bea.takes(); c.ID != id {
		t.Errorf("bea was offered %s, want the sleeping owner's %s", c.ID, id)
	}
	ann.connect()
	if r := ann.opens(id); len(r.Messages) != 3 {
		t.Errorf("ann's session still reads what she had: %d messages, want 3", len(r.Messages))
	}
}

// lastOffer is the contact of the newest offer.
func (d *desk) lastOffer() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	id := ""
	for _, f := range d.frames {
		var data struct{ Contact contactJSON }
		if f.Event == "offer.made" && json.Unmarshal(f.Data, &data) == nil {
			id = data.Contact.ID
		}
	}
	return id
}

func TestWhoMaySeeWhat(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.account("freja", hotline.Supervisor, "en")
	s.account("tom", hotline.Admin, "en")
	ann := s.counsellor("ann", "en")
	s.text("+4520111111", "hello")
	id := ann.takes().ID
	freja, tom, bea := s.logIn("freja"), s.logIn("tom"), s.counsellor("bea", "en")
	if r := freja.opens(id); r.Contact.Address != "+4520111111" || len(r.Messages) != 1 {
		t.Errorf("a supervisor reads %+v", r)
	}
	bea.refused("not_found", "contact.open", args{"contact": id})
	bea.refused("not_found", "note.add", args{"contact": id, "text": "x"})
	bea.refused("not_found", "contact.open", args{"contact": "no-such-contact"})
	tom.refused("forbidden", "contact.open", args{"contact": id})
	tom.refused("forbidden", "queue.list", args{})
	s.text("+4520222222", "waits")
	c := bea.offered()
	if c.Address != "" {
		t.Errorf("who waits shows her address to whoever is asked: %q", c.Address)
	}
	if r := bea.opens(c.ID); len(r.Messages) != 0 || r.Contact.Address != "" {
		t.Errorf("who waits shows words to whoever is asked: %+v", r)
	}
	s.text("+4520111111", "again")
	freja.event("message.added", nil) // she opened ann's contact
	if bea.has("message.added", nil) {
		t.Error("bea reads what is said to ann")
	}
}
