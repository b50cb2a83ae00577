package carrier_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/hotline/carrier"
	"hopeline/hotline/carrier/simulator"
)

func withBackup(c *carrier.Config) { c.Backup = backup }

// unqueued lets her call while the wait document fails, in Danish.
func (n night) unqueued() *simulator.Call {
	n.t.Helper()
	n.broken.Store(true)
	call, err := n.ana.Call(n.soon(), line)
	n.ok(err)
	n.ok(call.Hear(n.soon(), "For dansk, tryk 2"))
	call.Press("2")
	return call
}

// late lets her wait until the backup is rung.
func (n night) late() *simulator.Call {
	n.t.Helper()
	call := n.calls()
	n.board.set(func() { n.board.caller.Late = true })
	n.ok(call.Hear(n.soon(), "varer så længe"))
	n.ok(call.Hear(n.soon(), "Vi ringer nu til en mere"))
	return call
}

// A wait document that fails leads to the backup, whose answering machine takes nothing, and then to a message.
func TestAQueueThatFails(t *testing.T) {
	t.Parallel()
	n := newNight(t, withBackup)
	n.Phone(backup).Voicemail(time.Second)
	call := n.unqueued()
	n.ok(call.Hear(n.soon(), "Vi ringer nu til en mere"))
	box, err := n.Phone(backup).Talking(n.soon())
	n.ok(err)
	n.ok(box.Wait(n.soon(), simulator.Completed))
	asked := 0
	for _, h := range box.Heard() {
		if strings.Contains(h.Text, "Press 1 to take it") {
			asked++
		}
	}
	if asked != 3 || box.From() != line || len(box.Heard()) != asked {
		t.Errorf("the machine heard %+v from %s", box.Heard(), box.From())
	}
	n.ok(call.Hear(n.soon(), "Der kunne endnu ikke komme en"))
	n.ok(n.Until(n.soon(), func() bool { return len(n.Recordings()) == 1 && call.Asked() }))
	call.Press("#")
	n.ok(call.Hear(n.soon(), "Vi har din besked"))
	n.ok(call.Wait(n.soon(), simulator.Completed))
	n.board.until(t, "the message, told twice", func() bool { return len(n.board.sounds) == 2 })
	n.board.set(func() {
		last := n.board.presses[len(n.board.presses)-1]
		if got := n.board.sounds[0]; !got.Voicemail || got.CallSID != call.SID() || last.Key != hotline.KeyVoicemail {
			t.Errorf("kept %+v after the key %+v", got, last)
		}
	})
}

func TestTheBackupTakesACall(t *testing.T) {
	t.Parallel()
	n := newNight(t, withBackup)
	call := n.late()
	leg, err := n.Phone(backup).Ringing(n.soon())
	n.ok(err)
	leg.Answer()
	n.ok(leg.Hear(n.soon(), "Press 1 to take it"))
	if len(call.With()) != 0 {
		t.Error("they are joined before the key")
	}
	leg.Press("1")
	n.ok(call.Meet(n.soon(), leg))
	leg.Speak("hej")
	n.ok(call.Hear(n.soon(), "hej"))
	leg.HangUp()
	n.ok(call.Hear(n.soon(), "Du kan altid ringe igen"))
	n.ok(call.Wait(n.soon(), simulator.Completed))
	if len(n.Recordings()) != 0 {
		t.Error("a talk was recorded")
	}
}

// Who says nothing after the tone waits on, with the keys, and the backup rests.
func TestNobodyComesAndSheStays(t *testing.T) {
	t.Parallel()
	n := newNight(t, withBackup)
	n.Phone(backup).Busy()
	call := n.late()
	call.Silent()
	n.ok(call.Hear(n.soon(), "du beholder din plads"))
	n.ok(call.InQueue(n.soon()))
	for range 2 {
		n.ok(call.Hear(n.soon(), "varer så længe"))
	}
	if got := n.Phone(backup).Calls(); len(got) != 1 {
		t.Errorf("the backup was rung %d times", len(got))
	}
	call.Press("1")
	n.ok(call.Hear(n.soon(), "Tal efter tonen"))
	call.HangUp()
}

func TestAMessageWithoutABackup(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	call := n.unqueued()
	n.ok(call.Hear(n.soon(), "Der kunne endnu ikke komme en"))
	n.broken.Store(false)
	n.ok(call.Hear(n.soon(), "Du er stadig i kø")) // noise was recorded, and she pressed nothing
	n.ok(call.InQueue(n.soon()))
	n.board.set(func() { n.board.caller.Late = true })
	n.ok(call.Hear(n.soon(), "varer så længe"))
	if call.Queue() == "" {
		t.Error("she left the queue without a backup")
	}
	call.HangUp()
	n.ok(call.Wait(n.soon(), simulator.Completed))
	n.board.until(t, "what was recorded", func() bool { return len(n.board.sounds) == 2 })
	n.board.set(func() {
		if slices.ContainsFunc(n.board.presses, func(p hotline.Pressed) bool { return p.Key == hotline.KeyVoicemail }) {
			t.Errorf("she chose nothing, and %+v is kept", n.board.presses)
		}
	})
}

// Whoever takes the call here has it, also while the backup's phone rings.
func TestSheIsTakenWhileTheBackupRings(t *testing.T) {
	t.Parallel()
	n := newNight(t, withBackup)
	call := n.late()
	other, err := n.Phone(backup).Ringing(n.soon())
	n.ok(err)
	leg := n.rings("leg-1", counsel)
	n.ok(leg.Hear(n.soon(), "Press 1"))
	leg.Press("1")
	n.ok(leg.Hear(n.soon(), "Connecting"))
	n.client.MoveCaller(n.soon(), call.SID(), "contact-1")
	n.ok(call.Meet(n.soon(), leg))
	n.ok(other.Wait(n.soon(), simulator.Canceled))
	call.HangUp()
	n.client.EndLeg(n.soon(), leg.SID())
	n.ok(leg.Wait(n.soon(), simulator.Completed))
}

// While nothing can be read, a queue that fails still leads to the backup, under the line's number.
func TestTheBackupWithoutADatabase(t *testing.T) {
	t.Parallel()
	n := newNight(t, withBackup)
	call := n.calls()
	n.board.dark(true)
	n.broken.Store(true)
	leg, err := n.Phone(backup).Ringing(n.soon())
	n.ok(err)
	leg.Answer()
	leg.Press("1")
	n.ok(call.Meet(n.soon(), leg))
	if leg.From() != line {
		t.Errorf("the backup is shown %s", leg.From())
	}
	call.HangUp()
	n.ok(leg.Wait(n.soon(), simulator.Completed))
}
