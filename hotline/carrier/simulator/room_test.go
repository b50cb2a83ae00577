package simulator

import (
	"strings"
	"testing"
)

// room puts legs into one conference and returns its id.
func (d *desk) room(legs ...*Call) string {
	d.t.Helper()
	for _, l := range legs[1:] {
		d.ok(legs[0].Meet(soon(d.t), l))
	}
	list := d.get(200, "/Conferences.json?FriendlyName="+legs[0].Room()+"&Status=in-progress")["conferences"].([]any)
	if len(list) != 1 {
		d.t.Fatalf("%d conferences of that name, want 1", len(list))
	}
	return list[0].(map[string]any)["sid"].(string)
}

// talk is a caller and a counsellor who met.
func talk(t *testing.T, docs ...string) (d *desk, caller, leg *Call, sid string) {
	d = newDesk(t, Config{}, append([]string{"/entry", docMeet, "/accept", docJoined, "/hold", `<Say>Please hold</Say><Pause length="5"/>`}, docs...)...)
	d.Phone(counsel).Answers(0)
	caller = d.dials(ana, line)
	d.ok(d.Until(soon(t), func() bool { return caller.Room() != "" })) // she is the first there, and fixes the callbacks
	leg = d.calls(counsel)
	return d, caller, leg, d.room(caller, leg)
}

func heardBy(l *Call) string {
	var all []string
	for _, other := range l.HeardBy() {
		all = append(all, other.Phone().Address())
	}
	return strings.Join(all, " ")
}

func TestHoldAndMute(t *testing.T) {
	t.Parallel()
	d, caller, leg, sid := talk(t)
	path := "/Conferences/" + sid + "/Participants/"
	d.post(200, path+caller.SID()+".json", "Hold", "true", "HoldUrl", "BASE/hold")
	d.ok(caller.Hear(soon(t), "please hold"))
	d.form("/hold", 2) // it goes on while it lasts
	if !caller.Held() || heardBy(leg) != "" || heardBy(caller) != "" {
		t.Errorf("on hold she hears %q and is heard by %q", heardBy(leg), heardBy(caller))
	}
	if got := d.get(200, path+caller.SID()+".json"); got["hold"] != true || got["muted"] != false {
		t.Errorf("participant = %v", got)
	}
	d.post(200, path+caller.SID()+".json", "Hold", "false")
	d.post(200, path+leg.SID()+".json", "Muted", "true")
	if heardBy(leg) != "" || heardBy(caller) != counsel {
		t.Errorf("muted, she is heard by %q and hears %q", heardBy(leg), heardBy(caller))
	}
	d.post(200, path+leg.SID()+".json", "Muted", "false")
	leg.Speak("I am here")
	d.ok(caller.Hear(soon(t), "i am here"))
	leg.HangUp()
	d.ok(leg.Wait(soon(t), Completed))
	if caller.State() != InProgress || caller.Room() == "" {
		t.Error("the caller fell out with the counsellor")
	}
	d.post(200, "/Conferences/"+sid+".json", "Status", "completed")
	d.ok(caller.Wait(soon(t), Completed))
	if n := len(d.told("/room")); n != 0 {
		t.Errorf("%d callbacks to the address of the second participant, want none: the first fixes it", n)
	}
	d.noFaults()
}

func TestWarmTransferAndCoach(t *testing.T) {
	t.Parallel()
	d, caller, leg, sid := talk(t)
	d.Phone(helper).Answers(0)
	path := "/Conferences/" + sid + "/Participants"
	made := d.post(201, path+".json", "From", line, "To", helper, "Label", "helper", "Coaching", "true", "CallSidToCoach", leg.SID(), "Beep", "false")
	second := d.callBy[made["call_sid"].(string)]
	d.ok(second.Meet(soon(t), leg))
	if made["status"] != "queued" || made["coaching"] != true || heardBy(second) != counsel {
		t.Errorf("a coach is heard by %q; made as %v", heardBy(second), made)
	}
	d.post(200, path+"/helper.json", "Coaching", "false")
	if got := heardBy(second); got != ana+" "+counsel {
		t.Errorf("no longer a coach she is heard by %q, want both", got)
	}
	leg.HangUp()
	d.ok(leg.Wait(soon(t), Completed))
	if got := heardBy(caller); got != helper {
		t.Errorf("after the transfer the caller is heard by %q", got)
	}
	list := d.get(200, path+".json")["participants"].([]any)
	if len(list) != 2 {
		t.Errorf("participants = %v, want 2", list)
	}
	d.does("DELETE", 204, path+"/helper.json", nil)
	d.ok(second.Wait(soon(t), Completed)) // no verb after her Dial
	caller.HangUp()
	d.get(404, path+"/helper.json")
	d.noFaults()
}

func TestConferenceRules(t *testing.T) {
	t.Parallel()
	d, caller, leg, sid := talk(t)
	path := "/Conferences/" + sid + "/Participants/"
	d.post(400, path+caller.SID()+".json", "Coaching", "true", "CallSidToCoach", "CA0")
	d.get(404, "/Conferences/room-77aa.json") // by its id only
	if got := d.get(200, "/Conferences/"+sid+".json"); got["status"] != "in-progress" || got["friendly_name"] != "room-77aa" {
		t.Errorf("conference = %v", got)
	}
	caller.HangUp()
	d.ok(leg.Wait(soon(t), Completed))
	if got := d.get(200, "/Conferences/"+sid+".json"); got["reason_conference_ended"] != "participant-with-end-conference-on-exit-left" || got["call_sid_ending_conference"] != caller.SID() {
		t.Errorf("conference = %v", got)
	}
}

func TestALabelThatIsTaken(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{}, "/entry", `<Dial><Conference participantLabel="one">r1</Conference></Dial><Say>Not let in</Say><Pause length="600"/>`)
	first := d.dials(ana, line)
	d.until(func() bool { return first.Room() == "r1" })
	second := d.dials(bo, line)
	d.ok(second.Hear(soon(t), "not let in"))
	if f := d.ForgetFaults(); len(f) != 1 {
		t.Errorf("faults = %v, want 1", f)
	}
	first.HangUp()
	second.HangUp()
}

func TestAnnouncement(t *testing.T) {
	t.Parallel()
	d, caller, leg, sid := talk(t, "/tell", `<Say>A supervisor listens</Say>`, "/tellall", `<Say>One minute left</Say>`, "/bad", `<Gather/>`)
	d.post(200, "/Conferences/"+sid+"/Participants/"+leg.SID()+".json", "AnnounceUrl", "BASE/tell")
	d.ok(leg.Hear(soon(t), "supervisor"))
	d.post(200, "/Conferences/"+sid+".json", "AnnounceUrl", "BASE/tellall")
	d.ok(caller.Hear(soon(t), "one minute"))
	d.ok(leg.Hear(soon(t), "one minute"))
	d.noFaults()
	d.post(200, "/Conferences/"+sid+"/Participants/"+leg.SID()+".json", "AnnounceUrl", "BASE/bad")
	d.until(func() bool { return len(d.Faults()) == 1 })
	if len(caller.With()) != 1 {
		t.Error("a bad announcement ended the talk")
	}
	for _, h := range caller.Heard() {
		if strings.Contains(h.Text, "supervisor") {
			t.Error("the caller heard what was said to her alone")
		}
	}
	caller.HangUp()
}
