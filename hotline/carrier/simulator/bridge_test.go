package simulator

import (
	"strings"
	"testing"
	"time"
)

func TestHowALegLeavesItsQueue(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, wait string
		hands      func(*desk, *Call)
		want       string
	}{
		{"leaves by a key", `<Gather numDigits="1" action="/go"><Say>Press 9 for voicemail</Say></Gather>`, func(_ *desk, l *Call) { l.Press("9") }, "leave"},
		{"hangs up", docWait, func(_ *desk, l *Call) { l.HangUp() }, "hangup"},
		{"a wait that cannot be", `<Dial>+4530000001</Dial>`, func(*desk, *Call) {}, "error"},
		{"the service is down", "!500", func(*desk, *Call) {}, "error"},
		{"is sent elsewhere", docWait, func(d *desk, l *Call) {
			d.post(200, "/Calls/"+l.SID()+".json", "Twiml", `<Response><Say>Elsewhere</Say></Response>`)
		}, "redirected"},
		{"is sent elsewhere as a member", docWait, func(d *desk, l *Call) {
			f := d.form("/wait", 1)
			d.get(200, "/Queues/"+f.Get("QueueSid")+"/Members/Front.json")
			d.post(200, "/Queues/"+f.Get("QueueSid")+"/Members/"+l.SID()+".json", "Url", "BASE/go")
		}, "redirected"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, Config{}, "/entry", docHold, "/wait", test.wait, "/go", `<Leave/>`, "/after", `<Hangup/>`)
			if test.want == "redirected" {
				d.says("/go", `<Hangup/>`)
			}
			l := d.dials(ana, line)
			d.form("/wait", 1)
			test.hands(d, l)
			d.ok(l.Wait(soon(t), Completed))
			f := d.form("/after", 1)
			if f.Get("QueueResult") != test.want || f.Get("QueueTime") == "" {
				t.Errorf("QueueResult = %q after %q s, want %q", f.Get("QueueResult"), f.Get("QueueTime"), test.want)
			}
			d.ForgetFaults()
		})
	}
}

func TestVerbsAfterEnqueueRunWhenTheServiceDies(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{}, "/entry", `<Enqueue waitUrl="/wait">q1</Enqueue><Dial callerId="`+line+`" timeout="30"><Number>`+counsel+`</Number></Dial><Record action="/kept" maxLength="5"/>`,
		"/wait", docWait, "/kept", `<Hangup/>`)
	l := d.dials(ana, line)
	d.form("/wait", 1)
	d.says("/wait", "!500")
	ringing, err := d.Phone(counsel).Ringing(soon(t))
	d.ok(err)
	if ringing.From() != line || ringing.Parent() != l || ringing.Direction() != "outbound-dial" {
		t.Errorf("the backup rings from %s, %s", ringing.From(), ringing.Direction())
	}
	d.ok(l.Wait(soon(t), Completed))
	if d.form("/kept", 1).Get("RecordingSid") == "" || ringing.State() != NoAnswer {
		t.Errorf("after nobody came there is no voicemail; the backup ended %s", ringing.State())
	}
	d.noFaults()
}

func TestDialQueue(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{}, "/entry", docHold, "/wait", docWait, "/after", `<Say>Goodbye</Say>`, "/front", `<Say>Here they are</Say>`,
		"/accept", `<Dial action="/dialled"><Queue url="/front">queue-8f1c</Queue></Dial>`, "/dialled", `<Say>That was it</Say>`)
	first := d.dials(ana, line)
	d.ok(first.InQueue(soon(t)))
	second := d.dials(bo, line)
	d.ok(second.InQueue(soon(t)))
	d.Phone(counsel).Answers(0)
	leg := d.calls(counsel)
	d.ok(leg.Meet(soon(t), first))
	d.ok(first.Hear(soon(t), "here they are"))
	if f := d.form("/front", 1); f.Get("CallSid") != first.SID() || f.Get("DequeingCallSid") != leg.SID() {
		t.Errorf("form before the bridge = %v", f)
	}
	first.Press("5")
	d.ok(leg.Hear(soon(t), "5"))
	if second.Queue() != "queue-8f1c" || len(second.With()) != 0 {
		t.Error("the second does not wait any more")
	}
	leg.HangUp()
	d.ok(first.Hear(soon(t), "goodbye"))
	if got := d.form("/after", 1).Get("QueueResult"); got != "bridged" {
		t.Errorf("QueueResult = %q, want bridged", got)
	}
	if f := d.form("/dialled", 1); f.Get("DialCallStatus") != "completed" || f.Get("DialBridged") != "true" || f.Get("DialCallSid") != first.SID() {
		t.Errorf("the Dial's end = %v", f)
	}
	second.HangUp()
	d.ok(first.Wait(soon(t), Completed))
	d.noFaults()
}

func TestDialRingsAll(t *testing.T) {
	t.Parallel()
	whisper := `<Gather numDigits="1" action="/pressed" timeout="2"><Say>Press 1 to take it</Say></Gather><Hangup/>`
	nouns := `<Dial action="/dialled" timeout="20" callerId="` + line + `"><Number url="/whisper" statusCallback="/leg" statusCallbackEvent="ringing answered completed">` +
		counsel + `</Number><Client><Identity>ann</Identity><Parameter name="grant" value="g1"/></Client></Dial>`
	tests := []struct {
		name            string
		hands           func(*desk)
		status, bridged string
		first, second   string
	}{
		{"she presses 1", func(d *desk) { d.Phone(counsel).Answers(time.Second, "1") }, "completed", "true", Completed, Canceled},
		{"her voicemail answers", func(d *desk) { d.Phone(counsel).Voicemail(time.Second) }, "completed", "false", Completed, Canceled},
		{"the browser answers", func(d *desk) { d.Phone("client:ann").Answers(time.Second) }, "completed", "true", Canceled, Completed},
		{"nobody", func(d *desk) {}, "no-answer", "false", NoAnswer, NoAnswer},
		{"busy and off", func(d *desk) { d.Phone(counsel).Busy(); d.Phone("client:ann").Unreachable(480) }, "failed", "false", Busy, Failed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, Config{}, "/entry", nouns, "/whisper", whisper, "/pressed", ``, "/dialled", `<Hangup/>`)
			d.Phone("client:ann")
			test.hands(d)
			l := d.dials(ana, line)
			if test.bridged == "true" {
				d.until(func() bool { return len(l.With()) == 1 })
				l.With()[0].HangUp()
			}
			d.ok(l.Wait(soon(t), Completed))
			f := d.form("/dialled", 1)
			if f.Get("DialCallStatus") != test.status || f.Get("DialBridged") != test.bridged || f.Get("DialCallSid") == "" {
				t.Errorf("the Dial's end = %v, want %s %s", f, test.status, test.bridged)
			}
			children := d.Calls()[1:]
			if len(children) != 2 || children[0].State() != test.first || children[1].State() != test.second {
				t.Errorf("the legs ended %s and %s, want %s and %s", children[0].State(), children[1].State(), test.first, test.second)
			}
			if f := d.form("/leg", 1); f.Get("ParentCallSid") != l.SID() && f.Get("ParentCallSid") != "" {
				t.Errorf("form of a dialled leg = %v", f)
			}
			d.noFaults()
		})
	}
}

func TestTheCallerLeavesADial(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{}, "/entry", `<Dial action="/dialled" callerId="`+line+`">`+counsel+`</Dial>`, "/dialled", ``)
	l := d.dials(ana, line)
	leg, err := d.Phone(counsel).Ringing(soon(t))
	d.ok(err)
	l.HangUp()
	d.ok(leg.Wait(soon(t), Canceled))
	if f := d.form("/dialled", 1); f.Get("DialCallStatus") != "canceled" || f.Get("CallStatus") != "completed" {
		t.Errorf("the Dial's end = %v", f)
	}
	d.noFaults()
}

func TestADialledLegIsSentElsewhere(t *testing.T) {
	t.Parallel()
	d := newDesk(t, Config{}, "/entry", `<Dial callerId="`+line+`">`+counsel+`</Dial><Say>She has gone</Say><Pause length="600"/>`)
	d.Phone(counsel).Answers(0)
	l := d.dials(ana, line)
	d.until(func() bool { return len(l.With()) == 1 })
	leg := l.With()[0]
	d.post(200, "/Calls/"+leg.SID()+".json", "Twiml", `<Response><Say>Come here</Say><Pause length="600"/></Response>`)
	d.ok(leg.Hear(soon(t), "come here"))
	d.ok(l.Hear(soon(t), "she has gone"))
	if leg.State() != InProgress || l.State() != InProgress {
		t.Errorf("legs are %s and %s, want both alive", leg.State(), l.State())
	}
	leg.HangUp()
	l.HangUp()
	d.noFaults()
}

func TestNobodysNumbersAreShown(t *testing.T) {
	t.Parallel()
	digits := ana[1:]
	tests := []struct{ name, doc string }{
		{"as the caller id", `<Dial>` + counsel + `</Dial>`},
		{"in the name of a conference", `<Dial><Conference>room-` + digits + `</Conference></Dial>`},
		{"in the name of a queue", `<Enqueue>` + digits + `</Enqueue>`},
		{"in an address", `<Redirect>/next?from=%2B` + digits + `</Redirect>`},
		{"in a label", `<Dial><Conference participantLabel="` + digits + `">x</Conference></Dial>`},
		{"spoken to her", `<Dial callerId="` + line + `"><Number url="/whisper">` + counsel + `</Number></Dial>`},
		{"in a status callback", `<Dial callerId="` + line + `"><Number statusCallback="/leg?c=` + digits[2:] + `">` + counsel + `</Number></Dial>`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, Config{}, "/entry", test.doc, "/next", `<Pause length="100"/>`,
				"/whisper", `<Say>A call from `+strings.Join(strings.Split(digits, ""), " ")+`</Say>`)
			d.Phone(counsel).Answers(0)
			l := d.dials(ana, line)
			d.until(func() bool { return len(d.Faults()) > 0 })
			if f := d.ForgetFaults(); f[0].Kind != Leak || strings.Contains(f[0].What, digits) {
				t.Errorf("faults = %v, want a leak without the number", f)
			}
			l.HangUp()
		})
	}
}
