package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/storage"
)

// asksForHelp is a text that can only be Thai.
const asksForHelp = "ช่วยฉันด้วย ฉันออกไปไม่ได้"

// is says of somebody whether she is a woman or a man.
func (s *stage) is(name string, gender hotline.Gender) {
	s.t.Helper()
	if _, err := s.house.store.ChangeUser(s.t.Context(), storage.System, hotline.UserID(s.userID(name)), storage.UserChange{Gender: &gender}); err != nil {
		s.t.Fatal(err)
	}
}

// wants sets what the line wants of who is asked, and waits until the house has read it: it does so within seconds.
func (d *desk) wants(language, gender, returns int) {
	d.t.Helper()
	d.must("rota.settings.set", args{"line": demoLine, "rest_hours": 11, "language_must": language, "gender_must": gender, "returns_days": returns})
	eventually(d.t, "the house reads what the line wants", func() bool {
		r, err := d.stage.house.store.Roster(d.t.Context())
		needs := r.Needs(demoLine)
		return err == nil && needs.Language == language && needs.Gender == gender
	})
}

// wasOffered are those to whom a contact was held out.
func (d *desk) wasOffered(contact string) bool {
	return d.has("offer.made", func(data json.RawMessage) bool { return strings.Contains(string(data), contact) })
}

// A language that is a must in tier 1 sends her to tier 2 at once; where nobody may be asked, the supervisor hears of it
// at once, sees why, and takes her.
func TestALanguageThatIsAMust(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	sue := s.supervisor("sue")
	ann, mai := s.counsellor("ann", "en"), s.counsellor("mai", "th")
	sue.must("rota.save", args{"rota": rotaOf(everyDay("00:00", "24:00", 1, "ann"), everyDay("00:00", "24:00", 2, "mai"))})
	sue.wants(1, 0, 30)
	s.text("+4520000001", asksForHelp)
	first := mai.takes()
	if first.Language != "th" || ann.wasOffered(first.ID) {
		t.Errorf("a contact in %q was offered to who does not speak it: %v", first.Language, ann.wasOffered(first.ID))
	}
	sue.wants(9, 0, 30)
	mai.must("presence.set", args{"state": "away"})
	began := time.Now()
	s.text("+4520000002", asksForHelp)
	sue.alarm("unfit")
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the supervisor was told after %v, want within seconds", took)
	}
	waits := sue.waiting()
	if len(waits) != 1 {
		t.Fatalf("%d wait, want one", len(waits))
	}
	var why struct{ Picks, Excluded []struct{ User, Why string } }
	sue.decode(sue.must("duty.dry_run", args{"contact": waits[0].ID}), &why)
	i := slices.IndexFunc(why.Excluded, func(x struct{ User, Why string }) bool { return x.User == s.userID("ann") })
	if len(why.Picks) > 0 || i < 0 || !strings.Contains(why.Excluded[i].Why, "does not speak th") {
		t.Errorf("the dry run says %+v, want that ann does not speak th", why)
	}
	sue.must("contact.take", args{"contact": waits[0].ID})
	if ann.wasOffered(waits[0].ID) {
		t.Error("who does not speak it was asked in the end")
	}
}

// She asked for a woman: in tier 1 no man is asked, whoever was idle longest. What was asked for is on the offer.
func TestAskedForAWoman(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	sue := s.supervisor("sue")
	ann, abe, bea := s.counsellor("ann", "en"), s.counsellor("abe", "en"), s.counsellor("bea", "en")
	s.is("abe", hotline.Man)
	s.is("bea", hotline.Woman)
	sue.must("rota.save", args{"rota": rotaOf(everyDay("00:00", "24:00", 1, "ann", "abe", "bea"), everyDay("00:00", "24:00", 2, "sue"))})
	for _, d := range []*desk{abe, bea} {
		d.must("presence.set", args{"state": "away"})
	}
	s.text("+4520000001", "hello, who is there?")
	c := ann.takes()
	ann.must("triage.set", args{"contact": c.ID, "asks_for": "woman"})
	ann.must("presence.set", args{"state": "away"})
	abe.must("presence.set", args{"state": "available"})
	ann.must("contact.transfer", args{"contact": c.ID, "to": "queue"})
	sue.alarm("unfit") // the only one who is there is a man
	bea.must("presence.set", args{"state": "available"})
	offer := bea.event("offer.made", func(data json.RawMessage) bool { return strings.Contains(string(data), c.ID) })
	if !strings.Contains(string(offer), `"asks_for":"woman"`) {
		t.Errorf("the offer says %s, want what she asked for", offer)
	}
	bea.must("offer.accept", args{"contact": c.ID})
	if abe.wasOffered(c.ID) {
		t.Error("a man was asked for who asked for a woman")
	}
}

// A caller in line asks for a woman by a key, where the line offers it; the counsellors see the key and what it means.
func TestACallerAsksForAWoman(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	sue := s.supervisor("sue")
	abe := s.counsellor("abe", "en")
	bea := s.onPhone("bea", "+4530000002", "en")
	s.is("abe", hotline.Man)
	s.is("bea", hotline.Woman)
	sue.must("rota.save", args{"rota": rotaOf(everyDay("00:00", "24:00", 1, "abe"), everyDay("00:00", "24:00", 2, "bea"))})
	sue.must("rota.settings.set", args{"line": demoLine, "gender_must": 1, "woman_key": true})
	for _, d := range []*desk{abe, bea} {
		d.must("presence.set", args{"state": "away"})
	}
	call := s.calls("+4520000001")
	s.must("hear of the key", call.Hear(s.soon(), "press 4"))
	call.Press("4")
	s.must("hear that it was seen", call.Hear(s.soon(), "We have seen it"))
	sue.wait("the contact that asks for a woman", func() bool {
		return slices.ContainsFunc(sue.frames, func(f frame) bool { return strings.Contains(string(f.Data), `"asks_for":"woman"`) })
	})
	abe.must("presence.set", args{"state": "available"})
	sue.alarm("unfit")
	bea.must("presence.set", args{"state": "available"})
	leg := s.meets(call, "+4530000002")
	if abe.has("offer.made", nil) {
		t.Error("a man was asked for who asked for a woman")
	}
	s.bye(call, leg)
}

// Not this counsellor for this person: she is not asked, may not take it, and is not handed it; nor when the person
// comes back. Else whoever a person had before is asked first.
func TestTheSameCounsellorOrNotThisOne(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	sue := s.supervisor("sue")
	ann, bea := s.counsellor("ann", "en"), s.counsellor("bea", "en")
	sue.must("rota.save", args{"rota": rotaOf(everyDay("00:00", "24:00", 1, "ann", "bea"))})
	bea.must("presence.set", args{"state": "away"})
	ends := func(d *desk, id string) { d.must("contact.close", args{"contact": id, "outcome": "talked"}) }
	s.text("+4520000001", "hello")
	first := ann.takes()
	ends(ann, first.ID)
	bea.must("presence.set", args{"state": "available"}) // she was idle longest
	s.text("+4520000001", "it is me again")
	again := ann.takes()
	if bea.wasOffered(again.ID) {
		t.Error("who comes back was offered to another first")
	}
	bea.refused("not_found", "contact.bar", args{"contact": again.ID, "user": ann.id(), "on": true})
	sue.must("contact.bar", args{"contact": again.ID, "user": ann.id(), "on": true})
	ann.must("contact.transfer", args{"contact": again.ID, "to": "queue"})
	if c := bea.takes(); c.ID != again.ID {
		t.Fatalf("bea took %s, want %s", c.ID, again.ID)
	}
	bea.refused("conflict", "contact.transfer", args{"contact": again.ID, "to": ann.id()})
	ends(bea, again.ID)
	bea.must("presence.set", args{"state": "away"})
	s.text("+4520000001", "and once more")
	last := sue.waiting()[0].ID
	ann.refused("conflict", "contact.take", args{"contact": last})
	sue.must("contact.bar", args{"contact": last, "user": ann.id(), "on": false})
	if c := ann.takes(); c.ID != last {
		t.Errorf("when it was lifted ann took %s, want %s", c.ID, last)
	}
}
