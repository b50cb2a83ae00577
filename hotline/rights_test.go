package hotline

import (
	"testing"
	"time"
)

func viewer(id UserID, role Role, since time.Duration) Viewer {
	return Viewer{User: User{ID: id, Role: role}, Since: noon.Add(since)}
}

// What each of them may: s sees it, w reads words, a sees the address; - nothing.
func TestRights(t *testing.T) {
	t.Parallel()
	people := []struct {
		name string
		v    Viewer
	}{
		{"ann", viewer(ann, Counsellor, -hour)},           // had it first, session from before
		{"ann again", viewer(ann, Counsellor, 2000*hour)}, // after her session ended
		{"bea", viewer(bea, Counsellor, -hour)},           // it is handed to her, where it is
		{"cleo", viewer(cleo, Counsellor, -hour)},
		{"boss", viewer(boss, Supervisor, -hour)},
		{"admin", viewer("admin", Admin, -hour)},
	}
	beaHas := play(t, annToBea(t), AcceptedBy{at(90 * second), bea, false})
	adminHas := annHas(t)
	adminHas.Owner, adminHas.LastOwner = "admin", "admin"
	tests := []struct {
		name string
		c    Contact
		want [6]string
	}{
		{"waiting", texted(t), [6]string{"s", "s", "s", "s", "swa", "-"}},
		{"offered to bea", texted(t, toBea(0)), [6]string{"s", "s", "s", "s", "swa", "-"}},
		{"active with ann", annHas(t), [6]string{"swa", "swa", "-", "-", "swa", "-"}},
		{"handed to bea", annToBea(t), [6]string{"swa", "swa", "s", "-", "swa", "-"}},
		{"bea accepted", beaHas, [6]string{"sw", "-", "swa", "-", "swa", "-"}},
		{"overdue with ann", late(t), [6]string{"swa", "swa", "s", "s", "swa", "-"}},
		{"asleep with ann", asleep(t), [6]string{"swa", "swa", "-", "-", "swa", "-"}},
		{"to follow up", left(t), [6]string{"sw", "s", "s", "s", "swa", "-"}},
		{"waiting after ann", play(t, annHas(t), HandedBack{At: at(minute), By: ann}), [6]string{"sw", "s", "s", "s", "swa", "-"}},
		{"closed by ann", closed(t), [6]string{"sw", "-", "-", "-", "swa", "-"}},
		{"an admin who got it somehow", adminHas, [6]string{"-", "-", "-", "-", "swa", "-"}},
	}
	for _, tt := range tests {
		for n, p := range people {
			if got := may(p.v, tt.c); got != tt.want[n] {
				t.Errorf("%s: %s may %q, want %q", tt.name, p.name, got, tt.want[n])
			}
		}
	}
}

func may(v Viewer, c Contact) string {
	words := ""
	for _, r := range []struct {
		may  bool
		name string
	}{{v.Sees(c), "s"}, {v.ReadsWords(c), "w"}, {v.SeesAddress(c), "a"}} {
		if r.may {
			words += r.name
		}
	}
	if words == "" {
		return "-"
	}
	return words
}

func TestWhoCanBeAnswered(t *testing.T) {
	t.Parallel()
	live := func(from, to string) Contact {
		c := Open("c", AddressOf(from), AddressOf(to), noon)
		return play(t, c, Arrived{At: at(0)}, TakenBy{at(0), ann, false})
	}
	gone, voice := live("+4520112233", "+4570201550"), live("+4520112233", "+4570201550")
	gone.State, voice.Channel = Closed, Voice
	tests := []struct {
		name string
		c    Contact
		at   time.Duration
		want bool
	}{
		{"a text, whenever", live("+4520112233", "+4570201550"), 1000 * hour, true},
		{"WhatsApp within 24 h", live("whatsapp:+4520112233", "whatsapp:+4570201550"), 24*hour - 1, true},
		{"WhatsApp after 24 h", live("whatsapp:+4520112233", "whatsapp:+4570201550"), 24 * hour, false},
		{"WhatsApp that came without its prefix, after 24 h", live("+4520112233", "whatsapp:+4570201550"), 24 * hour, false},
		{"withheld", live("anonymous", "+4570201550"), 0, false},
		{"a name", live("Bank", "+4570201550"), 0, false},
		{"closed", gone, 0, false},
		{"waiting", texted(t), 0, false},
		{"a call", voice, 0, false},
	}
	for _, tt := range tests {
		if got := tt.c.CanReply(noon.Add(tt.at)); got != tt.want {
			t.Errorf("%s: CanReply = %t, want %t", tt.name, got, tt.want)
		}
	}
}

func TestRolesAndUsers(t *testing.T) {
	t.Parallel()
	for role, want := range map[Role][2]bool{Counsellor: {true, true}, Supervisor: {true, true}, Admin: {true, false}, "": {}, "Counsellor": {}} {
		if got := [2]bool{role.Known(), role.Answers()}; got != want {
			t.Errorf("%q: known, answers = %v, want %v", role, got, want)
		}
	}
	for state, want := range map[State]string{Waits: "waiting", Asked: "offered", Active: "live", Dormant: "live", FollowUp: "waiting", Closed: "closed"} {
		if got := state.Outside(); got != want {
			t.Errorf("%q.Outside() = %q, want %q", state, got, want)
		}
	}
}
