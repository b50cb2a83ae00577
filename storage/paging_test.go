package storage

import (
	"errors"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

// texted opens a text and gives its contact.
func (h *house) texted(sid, from, words string) hotline.ContactID {
	h.t.Helper()
	h.text(sid, from, "+4570201550", words)
	boss := hotline.Viewer{User: hotline.User{ID: "boss", Role: hotline.Supervisor}}
	var newest hotline.Contact
	for _, c := range h.waiting(boss) {
		if c.ID > newest.ID {
			newest = c
		}
	}
	return newest.ID
}

func TestATextIsTakenByAPhone(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.onPhone("ann", "+4530000001")
		id := h.texted("SM1", "+4520111111", "hello")
		h.offeredTo(id, ann)
		dial := h.only(DialLeg)
		if dial.Dial.To.Full() != "+4530000001" || dial.Dial.From.Full() != "+4570201550" || dial.Page != PageText {
			t.Fatalf("dials %s from %s, for %q", dial.Dial.To.Full(), dial.Dial.From.Full(), dial.Page)
		}
		h.settled(dial, "CA2")
		h.reported(hotline.LegReport{Leg: dial.Leg, SID: "CA2", State: hotline.LegUp})
		if p, err := h.Leg(t.Context(), dial.Leg, "CA2", true); err != nil || p.Where != hotline.AtAsk || !p.Text {
			t.Fatalf("Leg = %+v, %v, want to be asked whether she takes a text", p, err)
		}
		if w := h.pressed(dial.Leg, "CA2", "1"); w != hotline.AtDesk {
			t.Fatalf("after key 1 she is at %s, want told to open her console", w)
		}
		if w := h.pressed(dial.Leg, "CA2", "1"); w != hotline.AtDesk {
			t.Errorf("after key 1 again she is at %s, want the same", w)
		}
		h.reported(hotline.LegReport{Leg: dial.Leg, SID: "CA2", State: hotline.LegOver, End: hotline.LegDone})
		c := h.state(id)
		if c.State != hotline.Active || c.Owner != ann.ID || len(c.Legs) != 0 || !c.OpensBy.Equal(h.clock().Add(h.config.Rules.Opens)) {
			t.Errorf("the contact is %s with %q, legs %v, to be opened by %v", c.State, c.Owner, c.Legs, c.OpensBy)
		}
		if left := h.tasks(); len(left) != 0 {
			t.Errorf("%+v is still asked of the carrier", left)
		}
		r, err := h.Record(t.Context(), ann.ID, id, "", 10, nil, ann.ReadsWords)
		if err != nil || len(r.Messages) != 1 || r.Messages[0].Text != "hello" {
			t.Errorf("her console shows %+v, %v", r.Messages, err)
		}
	})
}

func TestAConsoleThatIsOpenIsNotRung(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.onPhone("ann", "+4530000001") // her calls go to her phone, her texts do not
		id := h.texted("SM1", "+4520111111", "hello")
		if err := h.Offer(t.Context(), id, ann.ID, true); err != nil {
			t.Fatal(err)
		}
		if tasks := h.tasks(); len(tasks) != 0 || len(h.state(id).Offers) != 1 {
			t.Errorf("tasks %+v, offers %v; want an offer and no phone", tasks, h.state(id).Offers)
		}
		bea := h.user("bea", hotline.Counsellor)
		other := h.texted("SM2", "+4520111112", "hello")
		if err := h.Offer(t.Context(), other, bea.ID, false); !errors.Is(err, hotline.ErrConflict) {
			t.Errorf("Offer to somebody without console and number = %v, want a conflict", err)
		}
	})
}

func TestOfAConsoleAndAPhoneTheQuickerHasTheText(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann, bea := h.onPhone("ann", "+4530000001"), h.user("bea", hotline.Counsellor)
		id := h.texted("SM1", "+4520111111", "hello")
		h.later(3 * time.Minute)
		h.must(h.Apply(t.Context(), System, id, hotline.Ticked{At: h.nowAt()}, nil))
		h.offeredTo(id, ann)
		dial := h.only(DialLeg)
		h.settled(dial, "CA2")
		if err := h.Offer(t.Context(), id, bea.ID, true); err != nil {
			t.Fatal("offer it to one more:", err)
		}
		h.must(h.Apply(t.Context(), string(bea.ID), id, hotline.AcceptedBy{At: h.nowAt(), User: bea.ID}, nil))
		if w := h.pressed(dial.Leg, "CA2", "1"); w != hotline.AtTaken {
			t.Errorf("her late key brings her to %s, want to hear that it is taken", w)
		}
		if end := h.only(EndLeg); end.SID != "CA2" {
			t.Errorf("ends %s, want her phone", end.SID)
		}
		if c := h.state(id); c.Owner != bea.ID {
			t.Errorf("the text is with %q, want bea", c.Owner)
		}
	})
}

func TestTheNightIsThatOfTheLine(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) { // it is 02:00 UTC
		ann := h.onPhone("ann", "+4530000001")
		night := func(sid, from, words string) hotline.Night {
			t.Helper()
			id := h.texted(sid, from, words)
			n := h.state(id).Night
			err := h.Offer(t.Context(), id, ann.ID, false)
			if errors.Is(err, hotline.ErrConflict) != n.On {
				t.Errorf("Offer by phone = %v while the night is %t", err, n.On)
			}
			if err == nil {
				h.must(h.Apply(t.Context(), string(ann.ID), id, hotline.DeclinedBy{At: h.nowAt(), User: ann.ID}, nil))
			}
			return n
		}
		if n := night("SM1", "Bank", "your code"); !n.On || !n.Turns.Equal(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)) {
			t.Errorf("without a rota Night = %+v, want until 08:00 UTC", n)
		}
		if n := night("SM2", "32665", "he has a knife"); n != (hotline.Night{}) {
			t.Errorf("of danger Night = %+v, want none", n)
		}
		r, err := rota.Parse([]byte(`{"line":"*","zone":"Asia/Bangkok","weeks":1,"anchor":"2026-01-05","slots":[{"week":0,"day":1,"start":"08:00","end":"20:00","tier":1,"users":["` + string(ann.ID) + `"]}]}`))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.SaveRota(t.Context(), System, r, 0, ""); err != nil {
			t.Fatal(err)
		}
		if n := night("SM3", "Post", "your code"); n.On || !n.Turns.Equal(time.Date(2026, 3, 1, 15, 0, 0, 0, time.UTC)) {
			t.Errorf("in Bangkok Night = %+v, want day until 15:00 UTC", n)
		}
	})
}

func TestThreeMissedPagesAreToldOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ann := h.onPhone("ann", "+4530000001")
		id := h.texted("SM1", "+4520111111", "hello")
		for range 4 {
			h.offeredTo(id, ann)
			h.later(2 * time.Minute)
			h.must(h.Apply(ctx, System, id, hotline.Ticked{At: h.nowAt()}, nil))
			h.must(h.Apply(ctx, System, id, hotline.LapOver{At: h.nowAt()}, nil))
			h.must(h.Apply(ctx, System, id, hotline.SomebodyCame{At: h.nowAt()}, nil))
		}
		if told := h.alarms(hotline.AlarmNotAnswering); len(told) != 1 || told[0].User != ann.ID || told[0].Contact.ID != "" {
			t.Errorf("supervisors were told %+v, want once of ann", told)
		}
		if u, err := h.User(ctx, ann.ID); err != nil || u.Missed != 4 || u.Answering() {
			t.Errorf("her account says %+v, %v; want that she does not answer", u, err)
		}
		h.offeredTo(id, ann)
		h.must(h.Apply(ctx, string(ann.ID), id, hotline.AcceptedBy{At: h.nowAt(), User: ann.ID, Key: true}, nil))
		if u, err := h.User(ctx, ann.ID); err != nil || !u.Answering() {
			t.Errorf("after an answer her account says %+v, %v; want that she answers", u, err)
		}
	})
}

func (h *house) alarms(kind string) (told []hotline.Alarmed) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, n := range h.notices {
		if a, ok := n.(hotline.Alarmed); ok && a.Kind == kind {
			told = append(told, a)
		}
	}
	return told
}
