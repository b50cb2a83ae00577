package hotline

import (
	"slices"
	"strings"
	"testing"
	"time"
)

const mai, malee, nok = UserID("mai"), UserID("malee"), UserID("nok")

// looking is a talk of ann's in which interpreters are rung since the tenth second.
func looking(t *testing.T, order ...UserID) Contact {
	t.Helper()
	return talk(t, InterpreterAsked{At: at(10 * second), By: ann, Language: "th", Order: order})
}

// searchOf says how the search stands, in a line.
func searchOf(c Contact) string {
	i := c.Call.Interpreting
	if i == nil {
		return "none"
	}
	words := string(i.State)
	if i.Came != "" {
		words += " " + string(i.Came)
	}
	for _, u := range i.Rung {
		words += ", rung " + string(u)
	}
	return words
}

func TestLookingForAnInterpreter(t *testing.T) {
	t.Parallel()
	two := looking(t, mai, malee)
	both := play(t, two, Ticked{at(25 * second)})
	here := play(t, both, InterpreterPressed{at(30 * second), malee})
	for _, tt := range []struct {
		name   string
		from   Contact
		events []Event
		want   string
		due    time.Duration // after noon; 0: nothing of the search
	}{
		{"the first is rung", two, nil, "ringing, rung mai", 25 * second},
		{"the second beside her", two, []Event{Ticked{at(25 * second)}}, "ringing, rung mai, rung malee", 68 * second},
		{"at once when the first declines", two, []Event{GuestEnded{at(12 * second), mai}}, "ringing, rung malee", 68 * second},
		{"the first key wins", both, []Event{InterpreterPressed{at(30 * second), malee}}, "here malee, rung mai, rung malee", 0},
		{"and the second is late", here, []Event{InterpreterPressed{at(31 * second), mai}}, "here malee, rung mai, rung malee", 0},
		{"whoever was not rung wins nothing", two, []Event{InterpreterPressed{at(12 * second), nok}}, "ringing, rung mai", 25 * second},
		{"all declined", both, []Event{GuestEnded{at(26 * second), mai}, GuestEnded{at(27 * second), malee}}, "nobody", 0},
		{"the time is over", both, []Event{Ticked{at(68 * second)}}, "nobody, rung mai, rung malee", 0},
		{"looked for once more", both, []Event{Ticked{at(68 * second)}, InterpreterAsked{At: at(80 * second), By: ann, Language: "th", Order: []UserID{malee}}}, "ringing, rung malee", 138 * second},
		{"she hangs up", here, []Event{GuestEnded{at(60 * second), malee}}, "left malee, rung mai", 0},
		{"she is let go", here, []Event{GuestReleased{At: at(60 * second), By: ann, User: malee}}, "none", 0},
		{"the search is ended", both, []Event{GuestReleased{At: at(26 * second), By: ann}}, "none", 0},
		{"asked twice", two, []Event{InterpreterAsked{At: at(11 * second), By: ann, Language: "th"}}, "ringing, rung mai", 25 * second},
		{"the caller hangs up", here, []Event{CallerLeft{at(60 * second)}}, "none", 0},
		{"her counsellor is lost", here, []Event{LegEnded{at(60 * second), ann, 1, LegDone}}, "none", 0},
		{"handed over, she stays", here, []Event{HandedTo{At: at(60 * second), By: ann, To: bea}, AcceptedBy{at(61 * second), bea, false}, LegJoined{at(62 * second), bea, 2}},
			"here malee, rung mai, rung malee", 0},
		{"and when the first is lost before the second is there", here, []Event{HandedTo{At: at(60 * second), By: ann, To: bea}, AcceptedBy{at(61 * second), bea, false},
			LegEnded{at(62 * second), ann, 1, LegDone}}, "here malee, rung mai, rung malee", 0},
	} {
		got := play(t, tt.from, tt.events...)
		if searchOf(got) != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, searchOf(got), tt.want)
		}
		if i := got.Call.Interpreting; tt.due > 0 && (!i.Next.Equal(noon.Add(tt.due)) || DefaultRules.Due(got).After(i.Next)) {
			t.Errorf("%s: the next step is at %s, want %s", tt.name, i.Next.Sub(noon), tt.due)
		} else if tt.due == 0 && i != nil && !i.Next.IsZero() {
			t.Errorf("%s: something is left to the clock", tt.name)
		}
	}
}

// However many are on duty, everybody's turn comes within the minute.
func TestEverybodysTurnComes(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 12; n++ {
		var order []UserID
		for i := range n {
			order = append(order, UserID(rune('a'+i)))
		}
		c := looking(t, order...)
		for c.Call.Interpreting.State == InterpreterRings && !c.Call.Interpreting.Next.Equal(c.Call.Interpreting.Ends) {
			c = play(t, c, Ticked{At(c.Call.Interpreting.Next)})
		}
		if i := c.Call.Interpreting; !slices.Equal(i.Rung, order) || !i.Ends.Equal(noon.Add(68*second)) {
			t.Errorf("of %d, %d are rung before %s", n, len(i.Rung), i.Ends.Sub(noon))
		}
	}
}

func TestWhoIsToldWhatOfASearch(t *testing.T) {
	t.Parallel()
	checkAll(t, []step{
		{name: "nobody on duty", from: talk(t), event: InterpreterAsked{At: at(10 * second), By: ann, Language: "th"}, err: ErrNotFound},
		{name: "not her call", from: talk(t), event: InterpreterAsked{At: at(10 * second), By: bea, Language: "th", Order: []UserID{mai}}, err: ErrConflict},
		{name: "a supervisor", from: talk(t), event: InterpreterAsked{At: at(10 * second), By: bea, Supervisor: true, Language: "th", Order: []UserID{mai}},
			want: "active, with ann", effects: "ring mai to interpret"},
		{name: "no talk yet", from: ring(t), event: InterpreterAsked{At: at(1 * second), By: ann, Language: "th", Order: []UserID{mai}}, err: ErrConflict},
		{name: "another language meanwhile", from: looking(t, mai), event: InterpreterAsked{At: at(11 * second), By: ann, Language: "ti", Order: []UserID{nok}}, err: ErrConflict},
		{name: "the key tells the others", from: play(t, looking(t, mai, malee), Ticked{at(25 * second)}), event: InterpreterPressed{at(26 * second), mai},
			want: "active, with ann", effects: "end malee's leg, who is late"},
		{name: "a guest is let go", from: talk(t), event: GuestReleased{At: at(10 * second), By: ann, User: bea}, want: "active, with ann", effects: "end bea's leg"},
		{name: "there is none to let go", from: talk(t), event: GuestReleased{At: at(10 * second), By: ann}, err: ErrConflict},
		{name: "nobody came: what rings ends", from: looking(t, mai), event: Ticked{at(68 * second)}, want: "active, with ann", effects: "end mai's leg"},
	})
}

func TestRoles(t *testing.T) {
	t.Parallel()
	for role, want := range map[Role]string{Counsellor: "known, logs in, answers, interprets", Supervisor: "known, logs in, answers, interprets",
		Admin: "known, logs in", Interpreter: "known, interprets", "guest": ""} {
		var can []string
		for _, x := range []struct {
			may  bool
			what string
		}{{role.Known(), "known"}, {role.LogsIn(), "logs in"}, {role.Answers(), "answers"}, {role.Interprets(), "interprets"}} {
			if x.may {
				can = append(can, x.what)
			}
		}
		if got := strings.Join(can, ", "); got != want {
			t.Errorf("%s: %s, want %s", role, got, want)
		}
	}
	v := Viewer{User: User{ID: "malee", Role: Interpreter}}
	c := Contact{State: Active, Owner: "ann", Call: Call{Alive: true}, Legs: []LegShown{{User: "malee", Part: Guest}}}
	if v.Sees(c) || v.ReadsWords(c) || v.SeesAddress(c) || v.Sees(Contact{State: Waits}) {
		t.Error("an interpreter sees something of a contact")
	}
}
