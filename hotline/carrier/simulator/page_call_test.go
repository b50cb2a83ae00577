package simulator

import (
	"fmt"
	"testing"
	"time"
)

func (d *desk) leg(phone string) pageCall {
	state, _ := d.state()
	for _, l := range state.Calls {
		if l.Phone == phone {
			return l
		}
	}
	return pageCall{}
}

func TestPageCalls(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{SpeechRate: 1000}, "/entry", docMenu, "/language", docMeet, "/accept", docAccept, "/accepted", docJoined)
	d.Cast()
	address := onPage(t, d.stage)
	does := func(want int, format string, args ...any) {
		t.Helper()
		if got := d.acts(address, fmt.Sprintf(format, args...)); got != want {
			t.Errorf("act %s = %d, want %d", fmt.Sprintf(format, args...), got, want)
		}
	}
	does(204, `{"do":"call","phone":%q,"to":"whatsapp:%s"}`, ana, line) // the number behind it
	does(400, `{"do":"call","phone":"PARCEL","to":%q}`, line)
	does(400, `{"do":"call","phone":%q,"to":"+4511111111"}`, ana)
	// Keys are listened to from the menu's first word, before anything was heard.
	d.until(func() bool { l := d.leg(ana); return l.Asked && len(l.Heard) > 0 })
	l := d.leg(ana)
	if !l.Out || l.Other != line || l.State != InProgress || l.Heard[0].Language != "da-DK" {
		t.Errorf("the caller's leg on the page = %+v", l)
	}
	does(400, `{"do":"press","sid":%q,"value":"12"}`, l.SID)
	does(400, `{"do":"press","sid":"CA0","value":"1"}`)
	does(204, `{"do":"press","sid":%q,"value":"2"}`, l.SID)
	d.until(func() bool { return d.leg(ana).Room })

	does(204, `{"do":"rings","phone":%q,"value":"rings"}`, counsel)
	does(400, `{"do":"rings","phone":%q,"value":"sings"}`, counsel)
	d.calls(counsel, "Timeout", "600")
	d.until(func() bool { return d.leg(counsel).State == Ringing })
	if got := d.leg(counsel); got.Out || got.Other != line {
		t.Errorf("a leg that rings on the page = %+v", got)
	}
	does(204, `{"do":"answer","sid":%q}`, d.leg(counsel).SID)
	does(204, `{"do":"press","sid":%q,"value":"1"}`, d.leg(counsel).SID)
	d.until(func() bool { return len(d.leg(ana).With) == 1 && d.leg(ana).With[0] == counsel })
	does(204, `{"do":"speak","sid":%q,"body":"hello"}`, l.SID)
	d.until(func() bool { h := d.leg(counsel).Heard; return len(h) > 0 && h[len(h)-1].Text == "hello" })
	does(204, `{"do":"lose","sid":%q}`, d.leg(counsel).SID)
	d.until(func() bool { return d.leg(counsel).Over })
	does(204, `{"do":"hangup","sid":%q}`, l.SID)
	d.until(func() bool { return d.leg(ana).Over && d.leg(ana).State == Completed })
	d.noFaults()
}

func TestPageSetsHowPhonesRing(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{})
	for _, name := range ringNames {
		if err := d.Phone(counsel).ringsAs(name); err != nil || d.shown(counsel).Rings != name {
			t.Errorf("ringsAs(%q) = %v, shown %q", name, err, d.shown(counsel).Rings)
		}
	}
	before := d.shown(counsel).Staff
	d.Phone(counsel).OnDuty()
	if before || !d.shown(counsel).Staff {
		t.Error("a phone stands beside the others that is not on duty, or one on duty does not")
	}
	d.Phone(counsel).Answers(time.Second)
	if got := d.shown(counsel); !got.Voice || d.shown("PARCEL").Voice {
		t.Errorf("shown = %+v", got)
	}
}

func TestPageTellsAMachineFromAPerson(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{}, "/accept", docAccept)
	d.Phone(counsel).Voicemail(time.Second)
	d.Phone(helper).Answers(time.Second)
	for phone, want := range map[string]bool{counsel: true, helper: false} {
		leg := d.calls(phone)
		d.ok(leg.Wait(soon(t), InProgress))
		if got := d.leg(phone).Robot; got != want {
			t.Errorf("the leg of %s is a machine's: %v, want %v", phone, got, want)
		}
		d.ok(leg.Wait(soon(t), Completed))
	}
}
