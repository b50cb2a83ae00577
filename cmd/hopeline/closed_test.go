package main

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/hotline/carrier/simulator"
)

// shut is seven slots, one a day, in which nobody has to be there.
func shut(start, end string) []args {
	slots := everyDay(start, end, 1)
	for _, slot := range slots {
		slot["kind"] = "closed"
	}
	return slots
}

// closes plans that the line opens in 20 minutes, with ann on duty, and is closed until then.
func (s *stage) closes(sue *desk) (opens time.Time) {
	s.t.Helper()
	opens = s.tuning.now().UTC().Add(20 * time.Minute).Truncate(time.Minute)
	day, night := opens.Format("15:04"), opens.Add(12*time.Hour).Format("15:04")
	sue.must("rota.save", args{"rota": rotaOf(shut(night, day), everyDay(day, night, 1, "ann")), "reason": ""})
	sue.duty("By the rota the line is closed now.")
	return opens
}

// shutLines is what the wallboard says of lines that are.
func (d *desk) shutLines() (lines []struct {
	Line  string
	Until time.Time
}) {
	d.t.Helper()
	wall := struct{ Closed any }{&lines}
	d.decode(d.must("wallboard", nil), &wall)
	return lines
}

// heard tells whether a leg was told these words.
func heard(leg *simulator.Call, words string) bool {
	return slices.ContainsFunc(leg.Heard(), func(h simulator.Heard) bool { return strings.Contains(h.Text, words) })
}

// TestCallersWhenTheLineIsClosed: each hears at once that nobody is there and what she can do. One leaves a message, which
// waits for whoever comes on duty; one is in danger; and one stays, and is offered when the line opens.
func TestCallersWhenTheLineIsClosed(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	s := newStage(t, movable(&ahead))
	sue := s.supervisor("sue")
	s.company.Phone("+4530000001").Named("ann")
	s.hires("ann", hotline.Counsellor, "+4530000001", "en")
	opens := s.closes(sue)
	if wall := sue.shutLines(); len(wall) != 1 || wall[0].Line != demoLine || !wall[0].Until.Equal(opens) {
		t.Errorf("the wallboard says that %+v are closed, want %s until %v", wall, demoLine, opens)
	}

	speaks := s.calls("+4520000001")
	s.must("hear the keys", speaks.Hear(s.soon(), "leave a message, press 1"))
	if !heard(speaks, "Nobody is at the line right now") || !heard(speaks, "Der er ingen ved linjen lige nu") || heard(speaks, "will talk with you soon") {
		t.Errorf("she heard %+v", speaks.Heard())
	}
	speaks.Press("1")
	s.must("hear where to speak", speaks.Hear(s.soon(), "speak after the tone"))
	speaks.Speak("please call me tomorrow")
	speaks.Press("#")
	s.must("hear that it is kept", speaks.Hear(s.soon(), "Your message is with us"))
	left := sue.finds("voicemail")

	fears := s.calls("+4520000002")
	s.must("hear the keys", fears.Hear(s.soon(), "in danger, press 0"))
	fears.Press("0")
	sue.alarm("danger")
	s.must("hear that it was seen", fears.Hear(s.soon(), "we have seen it"))
	s.bye(fears)

	stays := s.calls("+4520000003")
	s.must("hear the keys", stays.Hear(s.soon(), "leave a message, press 1"))
	if rang := s.company.Phone("+4530000001").Calls(); len(rang) > 0 {
		t.Errorf("ann was rung %d times before the line opened", len(rang))
	}
	ahead.Store(int64(21 * time.Minute))
	sue.duty("On duty now: Ann.")
	if wall := sue.shutLines(); len(wall) > 0 {
		t.Errorf("when it is open the wallboard says that %+v are closed", wall)
	}
	leg := s.meets(stays, "+4530000001")
	ann := s.logIn("ann")
	if c := ann.finds("voicemail"); c.ID != left.ID {
		t.Errorf("ann finds %+v, want the message of the night", c)
	}
	s.bye(stays, leg)
	open := s.calls("+4520000004")
	s.must("be greeted", open.Hear(s.soon(), "will talk with you soon"))
	if heard(open, "Nobody is at the line") {
		t.Error("when the line is open a caller hears that it is closed")
	}
	s.bye(open)
}

// TestTheBackupWhenTheLineIsClosed: it is rung at once, not after two minutes.
func TestTheBackupWhenTheLineIsClosed(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	s := newStage(t, func(c *config, t *tuning) {
		movable(&ahead)(c, t)
		c.Fallback.Backup = hotline.AddressOf("+4530000009")
	})
	s.account("ann", hotline.Counsellor, "en")
	s.closes(s.supervisor("sue"))
	call := s.calls("+4520000001")
	backup := s.rings("+4530000009")
	s.must("be asked", backup.Hear(s.soon(), "Press 1"))
	backup.Press("1")
	s.must("talk with the backup", call.Meet(s.soon(), backup))
	s.bye(call, backup)
}

// TestTextersWhenTheLineIsClosed: the first text is answered once by closed words, and a cry for help by no machine.
func TestTextersWhenTheLineIsClosed(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	s := newStage(t, func(c *config, t *tuning) {
		movable(&ahead)(c, t)
		c.AutoText = true
	})
	s.account("ann", hotline.Counsellor, "en", "da")
	sue := s.supervisor("sue")
	s.closes(sue)
	s.text("+4520000008", "STOP")
	s.text("+4520000009", "he has a knife")
	s.text("+4520000001", "hej, jeg er bange for min mand")
	s.text("+4520000001", "er der nogen?")
	if got := s.gets(s.company.Phone("+4520000001"), 1); got[0].Body != "Tak for din besked. Der er ingen her lige nu. Du får svar, når vi er her igen." {
		t.Errorf("while the line is closed a text is answered by %q", got[0].Body)
	}
	ahead.Store(int64(21 * time.Minute))
	sue.duty("On duty now: Ann.")
	s.text("+4520000002", "hej, jeg er bange for min mand")
	if got := s.gets(s.company.Phone("+4520000002"), 1); got[0].Body != "Tak for din besked. Du får svar så snart som muligt." {
		t.Errorf("when it is open a text is answered by %q", got[0].Body)
	}
	for from, want := range map[string]int{"+4520000001": 1, "+4520000008": 0, "+4520000009": 0} {
		if got := s.company.Phone(from).Inbox(); len(got) != want {
			t.Errorf("%s was written %d times, want %d", from, len(got), want)
		}
	}
}
