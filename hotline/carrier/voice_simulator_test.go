package carrier_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/hotline/carrier/simulator"
)

func TestACallIsTakenByPhone(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	call, leg := n.meet()
	if call.Room() != "room-1" || leg.Room() != "room-1" {
		t.Errorf("they are in %q and %q", call.Room(), leg.Room())
	}
	leg.Speak("hej")
	n.ok(call.Hear(n.soon(), "hej"))
	call.HangUp()
	n.ok(leg.Hear(n.soon(), "The caller has hung up. Press 1"))
	leg.Press("2")
	n.ok(leg.Hear(n.soon(), "Thank you"))
	n.ok(leg.Wait(n.soon(), simulator.Completed))
	n.board.until(t, "every fact of the leg", func() bool {
		var states []hotline.LegState
		for _, r := range n.board.leg {
			if r.Leg == "leg-1" && r.SID == leg.SID() {
				states = append(states, r.State)
			}
		}
		return slices.Equal(states, []hotline.LegState{hotline.LegTried, hotline.LegRings, hotline.LegUp, hotline.LegOver})
	})
	n.board.until(t, "who came into the room", func() bool {
		in := map[string]bool{}
		for _, r := range n.board.room {
			in[r.Leg] = in[r.Leg] || r.Kind == hotline.RoomJoined && r.Room == "room-1" && r.SID != ""
		}
		return in[call.SID()] && in[leg.SID()]
	})
	n.board.set(func() {
		if !slices.Equal(n.board.said, []string{"2"}) {
			t.Errorf("she said %q", n.board.said)
		}
	})
}

func TestTwoPressOne(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	call := n.calls()
	one, two := n.rings("leg-1", counsel), n.rings("leg-2", second)
	n.ok(one.Hear(n.soon(), "Press 1"))
	n.ok(two.Hear(n.soon(), "Press 1"))
	one.Press("1")
	n.ok(one.Hear(n.soon(), "Connecting"))
	two.Press("1")
	n.ok(two.Hear(n.soon(), "Already taken, thank you"))
	n.ok(two.Wait(n.soon(), simulator.Completed))
	n.client.MoveCaller(n.soon(), call.SID(), "contact-1")
	n.ok(call.Meet(n.soon(), one))
	call.HangUp()
	n.ok(one.Hear(n.soon(), "Press 1 if the person is safe"))
	if got := n.client.EndLeg(n.soon(), one.SID()); got.Class != hotline.Taken {
		t.Errorf("EndLeg = %+v", got)
	}
	n.ok(one.Wait(n.soon(), simulator.Completed))
	if got := n.client.EndLeg(n.soon(), one.SID()); got.Class != hotline.Taken {
		t.Errorf("EndLeg of one that is over = %+v", got)
	}
}

func TestAVoicemailBoxAndASilentOneTakeNothing(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	n.board.set(func() {
		n.board.legs["leg-1"] = hotline.LegPlace{Leg: "leg-1", Where: hotline.AtAsk, Room: "room-1"}
	})
	n.Phone(counsel).Voicemail(time.Second)
	d := hotline.Dialling{Leg: "leg-1", From: hotline.AddressOf(line), To: hotline.AddressOf(counsel), Rings: 25 * time.Second}
	if got := n.client.Dial(n.soon(), d); got.Class != hotline.Taken {
		t.Fatalf("Dial = %+v", got)
	}
	leg, err := n.Phone(counsel).Talking(n.soon())
	n.ok(err)
	n.ok(leg.Wait(n.soon(), simulator.Completed))
	asked := 0
	for _, h := range leg.Heard() {
		if strings.Contains(h.Text, "Press 1 to take it") {
			asked++
		}
	}
	if asked != 3 || n.board.owner != "" {
		t.Errorf("it was asked %d times, and %q has the call", asked, n.board.owner)
	}
}

func TestADeclinedCall(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	leg := n.rings("leg-1", counsel)
	n.ok(leg.Hear(n.soon(), "Press 1"))
	leg.Press("2")
	n.ok(leg.Hear(n.soon(), "Somebody else is asked"))
	n.ok(leg.Wait(n.soon(), simulator.Completed))
}

func TestHoldAndMuteInTheRoom(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	call, leg := n.meet()
	n.board.until(t, "the room's id", func() bool { return len(n.board.room) > 0 })
	var room string
	n.board.set(func() { room = n.board.room[0].SID })
	if got := n.client.Hold(n.soon(), room, call.SID(), true); got.Class != hotline.Taken || !call.Held() {
		t.Fatalf("Hold = %+v, held: %v", got, call.Held())
	}
	n.ok(call.Hear(n.soon(), "Et øjeblik"))
	if got := n.client.Hold(n.soon(), room, call.SID(), false); got.Class != hotline.Taken || call.Held() {
		t.Fatalf("Hold off = %+v, held: %v", got, call.Held())
	}
	if got := n.client.Mute(n.soon(), room, leg.SID(), true); got.Class != hotline.Taken || len(leg.HeardBy()) != 0 {
		t.Errorf("Mute = %+v, she is heard by %d", got, len(leg.HeardBy()))
	}
	if got := n.client.Hold(n.soon(), room, "CAnobody", true); got.Class != hotline.Refuse || got.Failure.Code != 20404 {
		t.Errorf("Hold of one who is not there = %+v", got)
	}
	leg.HangUp()
	n.ok(leg.Wait(n.soon(), simulator.Completed))
	if call.State() != simulator.InProgress || call.Room() == "" {
		t.Error("the caller fell out with the counsellor")
	}
	// She waits again, at the front, and hears why.
	n.board.set(func() { n.board.caller.Where, n.board.caller.Dropped = hotline.InLine, true })
	n.client.MoveCaller(n.soon(), call.SID(), "contact-1")
	n.ok(call.Hear(n.soon(), "Det var ikke din skyld"))
	call.HangUp()
}

func TestASupervisorCoaches(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	call, leg := n.meet()
	n.board.set(func() {
		n.board.legs["leg-3"] = hotline.LegPlace{Leg: "leg-3", Part: hotline.Coach, Where: hotline.InRoom, Room: "room-1", Coached: leg.SID()}
	})
	n.client.Dial(n.soon(), hotline.Dialling{Leg: "leg-3", Part: hotline.Coach, From: hotline.AddressOf(line), To: hotline.AddressOf(second)})
	coach, err := n.Phone(second).Ringing(n.soon())
	n.ok(err)
	coach.Answer()
	n.ok(coach.Meet(n.soon(), call))
	if heard := coach.HeardBy(); len(heard) != 1 || heard[0] != leg {
		t.Errorf("a coach is heard by %d legs, want the counsellor's alone", len(heard))
	}
	n.board.set(func() {
		p := n.board.legs["leg-3"]
		p.Where = hotline.Over
		n.board.legs["leg-3"] = p
	})
	call.HangUp()
	n.ok(coach.Wait(n.soon(), simulator.Completed))
	leg.HangUp()
	n.ok(leg.Wait(n.soon(), simulator.Completed))
}

func TestVoicemail(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	call := n.calls()
	call.Press("1")
	n.ok(call.Hear(n.soon(), "Tal efter tonen"))
	n.ok(n.Until(n.soon(), call.Asked))
	call.Press("#")
	n.ok(call.Hear(n.soon(), "Vi har din besked"))
	n.ok(call.Wait(n.soon(), simulator.Completed))
	n.board.until(t, "the recording", func() bool { return len(n.board.sounds) == 2 })
	got := n.board.sounds[0]
	if !got.Voicemail || got.CallSID != call.SID() || got.SID != n.Recordings()[0] || got.Seconds < 1 || got.SID != n.board.sounds[1].SID {
		t.Errorf("kept %+v", n.board.sounds)
	}
	sound, kind, err := n.client.FetchRecording(n.soon(), got.SID)
	if err != nil || kind != "audio/mpeg" || len(sound) == 0 {
		t.Errorf("FetchRecording = %d bytes of %q, %v", len(sound), kind, err)
	}
	for range 2 {
		n.ok(n.client.DropRecording(n.soon(), got.SID))
	}
	if len(n.Recordings()) != 0 {
		t.Error("the recording is still there")
	}
}

func TestASilentVoicemailIsAskedAgain(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	call := n.calls()
	call.Silent()
	call.Press("1")
	n.ok(call.Hear(n.soon(), "Vi hørte ikke noget"))
	call.Press("2")
	n.ok(call.InQueue(n.soon()))
	n.board.set(func() {
		if len(n.board.sounds) != 0 {
			t.Errorf("kept %+v", n.board.sounds)
		}
	})
	call.HangUp()
}

func TestACallerWhoCannotTalk(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	call := n.calls()
	call.Press("3")
	n.ok(call.Hear(n.soon(), "1 betyder ja"))
	call.Press("1")
	n.ok(call.Hear(n.soon(), "Vi har set det"))
	call.Press("0")
	n.ok(call.Hear(n.soon(), "vi skynder os"))
	n.board.set(func() { n.board.caller.Where, n.board.caller.Question = hotline.AtKeys, "Er du alene?" })
	n.client.MoveCaller(n.soon(), call.SID(), "contact-1")
	n.ok(call.Hear(n.soon(), "Er du alene?"))
	call.Press("2")
	n.board.until(t, "all keys", func() bool { return len(n.board.presses) == 5 })
	var keys []hotline.Key
	for _, p := range n.board.presses {
		keys = append(keys, p.Key)
	}
	if want := []hotline.Key{"", hotline.KeySilent, hotline.KeyYes, hotline.KeyDanger, hotline.KeyNo}; !slices.Equal(keys, want) {
		t.Errorf("kept the keys %q, want %q", keys, want)
	}
	call.HangUp()
}

func TestACallBackIsPromised(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	call := n.calls()
	n.board.set(func() { n.board.caller.Late = true })
	n.ok(call.Hear(n.soon(), "varer så længe"))
	call.Press("2")
	n.ok(call.Hear(n.soon(), "Vi ringer til dig"))
	n.ok(call.Wait(n.soon(), simulator.Completed))
}

// While the database is away whoever waits goes on waiting, her key is not lost, and no answer is an error.
func TestTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	call := n.calls()
	n.board.dark(true)
	n.ok(call.Hear(n.soon(), "You are still connected"))
	call.Press("1")
	n.ok(n.Until(n.soon(), func() bool {
		answers := call.Answers()
		return len(answers) > 0 && strings.Contains(answers[len(answers)-1].Body, "d=1")
	}))
	n.board.dark(false)
	n.ok(call.Hear(n.soon(), "Tal efter tonen"))
	call.HangUp()
	n.ok(call.Wait(n.soon(), simulator.Completed))
	for _, a := range call.Answers() {
		if a.Status != http.StatusOK {
			t.Errorf("a document was answered %d", a.Status)
		}
	}
	n.board.dark(true)
	other, err := n.Phone("+4520000002").Call(n.soon(), line)
	n.ok(err)
	n.ok(n.Until(n.soon(), func() bool { return len(other.Answers()) > 0 }))
	if got := other.Answers()[0].Status; got != http.StatusServiceUnavailable {
		t.Errorf("a call that is not kept is answered %d, want 503", got)
	}
}

func TestAStormOfCopiesOfACall(t *testing.T) {
	t.Parallel()
	n := newNight(t)
	call, err := n.ana.Call(n.soon(), line, simulator.With("From", "anonymous"))
	n.ok(err)
	n.ok(call.Hear(n.soon(), "For English, press 1"))
	copies, err := call.Repeat(n.soon(), 8)
	n.ok(err)
	for _, c := range copies {
		if c.Body != call.Answers()[0].Body {
			t.Errorf("a copy was answered %s", c.Body)
		}
	}
	n.ok(call.Hear(n.soon(), "Vi finder en")) // no key is fine: both languages
	n.ok(call.Hear(n.soon(), "We are looking"))
	call.HangUp()
	if got, err := n.client.LegNow(n.soon(), call.SID()); err != nil || got.State != hotline.LegOver || got.End != hotline.LegDone {
		t.Errorf("LegNow = %+v, %v", got, err)
	}
	list, err := n.client.CallsSince(n.soon(), hotline.AddressOf(line), time.Now().Add(-time.Minute))
	if err != nil || len(list) != 1 || list[0].SID != call.SID() || list[0].State != hotline.LegOver {
		t.Errorf("CallsSince = %+v, %v", list, err)
	}
}
