package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
)

// testJSON is a test page as the wire has it.
type testJSON struct {
	User, Result string
	Ended        *string
}

// tested waits until a test of somebody's phone came to something.
func (d *desk) tested(user, result string) {
	d.t.Helper()
	var e struct{ Test testJSON }
	d.event("page.tested", func(data json.RawMessage) bool {
		d.decode(data, &e)
		return e.Test.User == user && e.Test.Result == result
	})
}

// onWall is how somebody stands on the wallboard.
func (d *desk) onWall(user string) (found struct {
	User     string
	TestedAt *string `json:"tested_at"`
	Test     *testJSON
	Sound    string
	Push     string
}) {
	d.t.Helper()
	wall := struct{ People []json.RawMessage }{}
	d.decode(d.must("wallboard", args{}), &wall)
	for _, raw := range wall.People {
		if d.decode(raw, &found); found.User == user {
			return found
		}
	}
	d.t.Fatalf("%s is not on the wallboard", user)
	return found
}

// Her own phone rings as it does for a contact, and key 1 proves it: on her page and on the supervisor's at once.
func TestATestPageIsAnsweredByAKey(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	freja := s.supervisor("freja")
	s.atHome(freja, "anna", "+4530000001")
	anna := s.logIn("anna")
	anna.refused("forbidden", "page.test", args{"user": freja.id()})
	freja.refused("invalid", "page.test", args{}) // she has no number
	anna.must("page.test", args{})
	leg := s.rings("+4530000001")
	if leg.From() != demoLine {
		t.Errorf("her phone shows %s, want the line as for a page", leg.From())
	}
	s.must("be told that it is a test", leg.Hear(s.soon(), "This is a test"))
	leg.Press("1")
	s.must("be thanked", leg.Hear(s.soon(), "Thank you"))
	s.over(leg)
	anna.tested(anna.id(), "answered")
	freja.tested(anna.id(), "answered")
	if p := freja.onWall(anna.id()); p.TestedAt == nil || p.Test == nil || p.Test.Result != "answered" {
		t.Errorf("the wallboard has %+v", p)
	}
	var mine struct {
		TestedAt *string `json:"tested_at"`
		Test     *testJSON
	}
	if anna.decode(anna.must("duty.mine", args{}), &mine); mine.TestedAt == nil || mine.Test == nil || mine.Test.Ended == nil {
		t.Errorf("her own page has %+v", mine)
	}
	if w := freja.waiting(); len(w) != 0 {
		t.Errorf("a test is a contact: %+v", w)
	}
}

// A machine that picks up, and a phone that nobody answers, prove nothing.
func TestWhatNobodyHeardProvesNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(_ *config, t *tuning) { t.rules.Call.Ring = 2 * time.Second })
	freja := s.supervisor("freja")
	s.atHome(freja, "anna", "+4530000001")
	anna := s.userID("anna")
	phone := s.company.Phone("+4530000001")
	for _, step := range []struct {
		is     func()
		result string
	}{
		{func() { phone.Voicemail(time.Second) }, "no_key"},
		{phone.LetsRing, "no_answer"},
		{phone.Busy, "busy"},
	} {
		step.is()
		freja.must("page.test", args{"user": anna})
		freja.tested(anna, step.result)
		if p := freja.onWall(anna); p.TestedAt != nil || p.Test.Result != step.result {
			t.Errorf("the wallboard has %+v, want %s and never tested", p, step.result)
		}
	}
}

// Everybody on duty is tested one after the other. A call that comes meanwhile rings first, and a test of the same phone
// is hung up for it.
func TestACallComesDuringTests(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	freja := s.supervisor("freja")
	phones := map[string]string{"anna": "+4530000001", "bea": "+4530000002", "cem": "+4530000003"}
	for name, number := range phones {
		s.company.Phone(number).Named(name).Answers(0, "1")
		s.hires(name, hotline.Counsellor, number, "en")
	}
	s.company.Phone(phones["anna"]).LetsRing()
	s.account("dina", hotline.Counsellor)
	freja.must("rota.save", args{"rota": rotaOf(everyDay("00:00", "24:00", 1, "anna"), everyDay("00:00", "24:00", 2, "bea"),
		everyDay("00:00", "24:00", 2, "cem"), everyDay("00:00", "24:00", 3, "dina")), "reason": "a test"})
	var asked struct{ Rings, Skipped int }
	if freja.decode(freja.must("page.test", args{"week": true}), &asked); asked.Rings != 3 || asked.Skipped != 1 {
		t.Errorf("page.test = %+v, want three phones, and Dina who has none", asked)
	}
	test, err := s.company.Phone(phones["anna"]).Ringing(s.soon())
	s.must("ring for the test", err)
	call := s.calls("+4520000001")
	s.over(test)
	freja.tested(s.userID("anna"), "gave_way")
	leg := s.meets(call, phones["anna"])
	for _, heard := range leg.Heard() {
		if strings.Contains(heard.Text, "test") {
			t.Errorf("her phone was told %q", heard)
		}
	}
	s.bye(call, leg)
	for _, name := range []string{"bea", "cem"} { // they were rung meanwhile, in whichever order
		eventually(t, name+"'s phone is tested", func() bool {
			p := freja.onWall(s.userID(name))
			return p.TestedAt != nil && p.Test.Result == "answered"
		})
	}
}

// Her duty begins soon, and she has not said that she is there: her phone asks, and her key is the check-in.
func TestAPhoneIsRungBeforeItsDuty(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(_ *config, t *tuning) { t.watching.Every = 50 * time.Millisecond })
	freja := s.supervisor("freja")
	s.company.Phone("+4530000001").Named("anna")
	s.hires("anna", hotline.Counsellor, "+4530000001", "en")
	start := time.Now().UTC().Add(5 * time.Minute)
	day := (int(start.Weekday())+6)%7 + 1
	soon := []args{{"day": day, "start": start.Format("15:04"), "end": start.Add(time.Hour).Format("15:04"), "tier": 1, "users": addresses([]string{"anna"})}}
	freja.must("rota.save", args{"rota": rotaOf(soon), "reason": "a test"})
	if user, _ := freja.alarm("not_here"); user != s.userID("anna") {
		t.Errorf("the alarm is about %s", user)
	}
	freja.must("rota.settings.set", args{"line": demoLine, "approve": false, "rest_hours": 0, "nights_in_a_row": 0, "week_hours": 0, "confirm_hours": 0,
		"test_days": 0, "phone": false, "second": false, "here_page": true})
	leg := s.rings("+4530000001")
	s.must("be asked", leg.Hear(s.soon(), "Your duty begins soon"))
	leg.Press("1")
	s.must("be thanked", leg.Hear(s.soon(), "Thank you"))
	s.over(leg)
	freja.tested(s.userID("anna"), "answered")
	var sheet struct {
		Shifts []struct {
			Users []struct{ User, State string }
		}
	}
	freja.decode(freja.must("duty.plan", args{"line": demoLine, "from": start.Add(-time.Hour), "to": start.Add(time.Hour)}), &sheet)
	if len(sheet.Shifts) != 1 || sheet.Shifts[0].Users[0].State != "here" {
		t.Errorf("the plan has %+v, want her there", sheet.Shifts)
	}
}
