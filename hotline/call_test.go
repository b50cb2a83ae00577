package hotline

import (
	"testing"
	"time"
)

// ring is a call at noon, after some events.
func ring(t *testing.T, more ...Event) Contact {
	t.Helper()
	in := IncomingCall{SID: "CA1", From: AddressOf("+4520112233"), To: AddressOf("+4570201550"), At: noon}
	return play(t, OpenCall("c1", in), more...)
}

// talk is a call that ann has, on her phone.
func talk(t *testing.T, more ...Event) Contact {
	t.Helper()
	first := []Event{OfferedTo{at(0), ann, true}, AcceptedBy{at(1 * second), ann, true}, CallerJoined{at(2 * second), 1}}
	return play(t, ring(t, first...), more...)
}

func TestCalls(t *testing.T) {
	t.Parallel()
	asked := ring(t, OfferedTo{at(0), ann, true})
	browser := ring(t, OfferedTo{at(0), ann, false}, AcceptedBy{at(1 * second), ann, false})
	handed := talk(t, HandedTo{At: at(3 * second), By: ann, To: bea})
	back := ring(t, CallerPressed{At: at(5 * second), Key: KeyCallback}, CallerLeft{at(6 * second)}, TakenBy{at(9 * second), ann, false}, CalledBack{at(10 * second), ann, false})
	for _, s := range []step{
		{name: "a page rings her phone", from: ring(t), event: OfferedTo{at(0), ann, true},
			want: "offered, to ann", effects: "hold ann under 1; ask ann under 1; ring ann under 1"},
		{name: "a phone that rang out rings again", from: asked, event: LegEnded{at(25 * second), ann, 1, LegNoAnswer},
			want: "offered, to ann", effects: "ring ann under 1"},
		{name: "and is missed the second time", from: play(t, asked, LegEnded{at(25 * second), ann, 1, LegNoAnswer}), event: LegEnded{at(50 * second), ann, 1, LegNoAnswer},
			want: "waiting, tried [ann]", effects: "free ann; expired by ann missed; drop ann's leg of 1"},
		{name: "a busy phone is a no", from: asked, event: LegEnded{at(5 * second), ann, 1, LegBusy},
			want: "waiting, tried [ann]", effects: "free ann; declined by ann; drop ann's leg of 1"},
		{name: "the end of a leg of before changes nothing", from: asked, event: LegEnded{at(5 * second), ann, 7, LegBusy}, want: "offered, to ann"},
		{name: "key 1 takes it", from: asked, event: AcceptedBy{at(10 * second), ann, true},
			want: "connecting, with ann", effects: "accepted by ann; move the caller"},
		{name: "taken in the console, her browser is rung", from: ring(t, OfferedTo{at(0), ann, false}), event: AcceptedBy{at(1 * second), ann, false},
			want: "connecting, with ann", effects: "accepted by ann; ring ann under 1; move the caller"},
		{name: "a browser that does not come", from: browser, event: Ticked{at(60 * second)},
			want: "waiting, tried [ann]", effects: "free ann; clear the room; move the caller"},
		{name: "both in the room", from: play(t, browser, CallerJoined{at(2 * second), 1}), event: LegJoined{at(3 * second), ann, 1}, want: "active, with ann"},
		{name: "her leg is lost", from: talk(t), event: LegEnded{at(30 * second), ann, 1, LegDone},
			want: "waiting, prefers ann", effects: "free ann; clear the room; move the caller"},
		{name: "the caller hangs up", from: talk(t), event: CallerLeft{at(30 * second)},
			want: "wrap_up, with ann", effects: "clear the room but ann; move ann's leg of 1"},
		{name: "safe, she says", from: talk(t, CallerLeft{at(30 * second)}), event: Wrapped{at(31 * second), ann, SaidSafe},
			want: "dormant, with ann", effects: "free ann"},
		{name: "call back, she says", from: talk(t, CallerLeft{at(30 * second)}), event: Wrapped{at(31 * second), ann, SaidCallback},
			want: "follow_up", effects: "clear the room but ann; free ann"},
		{name: "nothing, for a minute", from: talk(t, CallerLeft{at(30 * second)}), event: Ticked{at(100 * second)},
			want: "follow_up", effects: "drop ann's leg of 1; clear the room but ann; free ann"},
		{name: "a caller who leaves while phones ring", from: asked, event: CallerLeft{at(5 * second)},
			want: "follow_up", effects: "free ann; withdrawn by ann; drop ann's leg of 1; clear the room"},
		{name: "voicemail instead", from: asked, event: CallerPressed{At: at(5 * second), Key: KeyVoicemail},
			want: "follow_up", effects: "free ann; withdrawn by ann; drop ann's leg of 1; clear the room"},
		{name: "handed over, the owner keeps it until the colleague is there", from: handed, event: AcceptedBy{at(4 * second), bea, false},
			want: "active, with ann, on to bea", effects: "accepted by bea; ring bea under 2"},
		{name: "and then it is hers", from: play(t, handed, AcceptedBy{at(4 * second), bea, false}), event: LegJoined{at(5 * second), bea, 2},
			want: "active, with bea", effects: "free ann"},
		{name: "a closed call has no legs", from: talk(t), event: EndedBy{At: at(9 * second), By: ann, Outcome: "helped"},
			want: "closed", effects: "free ann; end the caller; clear the room"},
		{name: "called back, she is rung when her counsellor is there", from: back, event: LegJoined{at(12 * second), ann, back.Grant},
			want: "connecting, with ann", effects: "ring the caller"},
		{name: "and once, however often that is told", from: play(t, back, LegJoined{at(12 * second), ann, back.Grant}), event: LegJoined{at(13 * second), ann, back.Grant},
			want: "connecting, with ann"},
		{name: "nobody is called who did not ask", from: talk(t, CallerLeft{at(30 * second)}), event: CalledBack{at(31 * second), ann, false},
			want: "wrap_up, with ann", err: ErrUnsafe},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			s.check(t)
		})
	}
}

// TestBothHangUp: whichever is told first, a talk that was is not called missed.
func TestBothHangUp(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		after time.Duration
		want  Work
	}{{time.Second, WorkContact}, {time.Minute, WorkMissed}} {
		c := talk(t, LegEnded{at(30 * second), ann, 1, LegDone}, CallerLeft{at(30*second + tt.after)})
		if c.State != FollowUp || c.Work != tt.want {
			t.Errorf("%v after her counsellor was gone the caller left: %s, %s, want to be followed up, %s", tt.after, c.State, c.Work, tt.want)
		}
	}
}

func TestACallClimbsItsLadder(t *testing.T) {
	t.Parallel()
	c := ring(t, OfferedTo{at(0), ann, false})
	for _, tt := range []struct {
		after time.Duration
		wants bool // one more, beside ann
		late  bool
	}{{20 * time.Second, false, false}, {25 * time.Second, true, false}, {60 * time.Second, true, false}, {120 * time.Second, true, true}} {
		c.Offers[0].Expires = noon.Add(time.Hour)
		c = play(t, c, Ticked{At(noon.Add(tt.after))})
		p := DefaultRules.CallerPlace(c, noon.Add(tt.after))
		if c.Wanted() != tt.wants || p.Late != tt.late || c.Overdue != tt.late {
			t.Errorf("after %v: one more wanted %t, late %t, overdue %t; want %t, %t, %t", tt.after, c.Wanted(), p.Late, c.Overdue, tt.wants, tt.late, tt.late)
		}
	}
}

// closedRing is a call at noon to a line that is closed, after some events.
func closedRing(t *testing.T, more ...Event) Contact {
	t.Helper()
	c := ring(t)
	c.Call.Closed = true
	return play(t, c, more...)
}

// TestACallToAClosedLine: whoever comes is offered at once what others are offered at their limit, and climbs the same
// ladder. Once somebody talked with her she is a caller like any other.
func TestACallToAClosedLine(t *testing.T) {
	t.Parallel()
	if c := OpenCall("c1", IncomingCall{From: AddressOf("+4520112233"), To: AddressOf("+4570201550"), At: noon, Closed: true}); !c.Call.Closed {
		t.Error("OpenCall forgets that the line is closed")
	}
	asked := closedRing(t, Ticked{at(0)}, OfferedTo{at(10 * second), ann, true})
	in := []Event{AcceptedBy{at(11 * second), ann, true}, CallerJoined{at(12 * second), 1}}
	lost := play(t, play(t, asked, in...), LegEnded{at(30 * second), ann, 1, LegDone})
	for _, tt := range []struct {
		name         string
		c            Contact
		after        time.Duration
		late, closed bool
		where        Where
	}{
		{"as she comes", closedRing(t), 0, true, true, InLine},
		{"as others come", ring(t), 0, false, false, InLine},
		{"while somebody is asked", asked, 20 * second, true, true, InLine},
		{"who took her does not come", play(t, asked, in[0], LegEnded{at(12 * second), ann, 1, LegFailed}), 20 * second, true, true, InLine},
		{"in a talk", play(t, asked, in...), 20 * second, false, false, InRoom},
		{"her counsellor is lost", lost, 31 * second, false, false, InLine},
		{"and nobody else comes", lost, 150 * second, true, false, InLine},
		{"she rather waits", closedRing(t, CallerPressed{At: at(5 * second), Key: KeyVoicemail}, CallerPressed{At: at(9 * second), Key: KeyStay}), 10 * second, true, true, InLine},
		{"she wants to be called back", closedRing(t, CallerPressed{At: at(5 * second), Key: KeyCallback}), 10 * second, false, false, AtPromise},
	} {
		if p := DefaultRules.CallerPlace(tt.c, noon.Add(tt.after)); p.Late != tt.late || p.Closed != tt.closed || p.Where != tt.where {
			t.Errorf("%s: she is at %s, late %t, closed %t; want %s, %t, %t", tt.name, p.Where, p.Late, p.Closed, tt.where, tt.late, tt.closed)
		}
	}
	late := closedRing(t, OfferedTo{at(0), ann, false})
	checkAll(t, []step{
		{name: "everybody may take her at once", from: closedRing(t), event: Ticked{at(0)}, want: "waiting, overdue"},
		{name: "nobody else may take who came to an open line", from: ring(t), event: Ticked{at(0)}, want: "waiting"},
		{name: "she is offered all the same", from: closedRing(t, Ticked{at(0)}), event: OfferedTo{at(0), ann, true},
			want: "offered, to ann, overdue", effects: "hold ann under 1; ask ann under 1; ring ann under 1"},
		{name: "and taken by another while somebody is asked", from: play(t, late, Ticked{at(0)}), event: TakenBy{at(5 * second), bea, true},
			want: "connecting, with bea", effects: "free ann; withdrawn by ann; hold bea under 2; ring bea under 2; move the caller"},
		{name: "in danger she is an alarm as ever", from: closedRing(t), event: CallerPressed{At: at(5 * second), Key: KeyDanger}, want: "waiting", effects: "alarm danger"},
		{name: "the ladder ends with the supervisors", from: closedRing(t, Ticked{at(59 * second)}), event: Ticked{at(60 * second)}, want: "waiting, overdue", effects: "alarm waiting"},
	})
}

func TestWhereALegBelongs(t *testing.T) {
	t.Parallel()
	asked, talks := ring(t, OfferedTo{at(0), ann, true}), talk(t)
	for _, tt := range []struct {
		name  string
		c     Contact
		user  UserID
		epoch int64
		keyed bool
		want  Where
	}{
		{"rung", asked, ann, 1, false, AtAsk},
		{"rung under another epoch", asked, ann, 9, false, AtTaken},
		{"hers", talks, ann, 1, true, InRoom},
		{"hers, without her key", talks, ann, 1, false, AtAsk},
		{"a colleague's", talks, bea, 1, true, AtTaken},
		{"the caller is gone", play(t, asked, CallerLeft{at(5 * second)}), ann, 1, false, AtGone},
		{"after the talk", play(t, talks, CallerLeft{at(30 * second)}), ann, 1, true, AtOutcome},
	} {
		if got := tt.c.AnswererWhere(tt.user, tt.epoch, tt.keyed); got != tt.want {
			t.Errorf("%s: a leg of %s under %d belongs at %s, want %s", tt.name, tt.user, tt.epoch, got, tt.want)
		}
	}
}
