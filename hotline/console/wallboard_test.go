package console

import (
	"testing"

	"hopeline/hotline"
)

// How somebody is reached on the board is how the router reaches her; the counts and the rows say the same.
func TestReach(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		state   hotline.Presence
		phone   string
		console bool
		want    Reach
	}{
		{hotline.Available, "", true, ByPage},
		{hotline.Available, "+4520000001", true, ByPage},
		{hotline.Available, "+4520000001", false, ByPhone},
		{"", "+4520000001", false, ByPhone}, // on duty at home, and never said a word
		{"", "+4520000001", true, ByNone},   // her page is open before she began
		{"", "", false, ByNone},
		{hotline.Away, "+4520000001", false, ByNone},
		{hotline.Available, "", false, ByNone},
	} {
		u := hotline.User{State: test.state, Phone: test.phone}
		if got := reachOf(u, test.console); got != test.want {
			t.Errorf("%q with phone %q and console %v is reached by %s, want %s", test.state, test.phone, test.console, got, test.want)
		}
		var r WallResult
		r.count(hotline.Standing{User: u, OnDuty: true}, test.console, SoundOn)
		if free := r.People[0].Reach != ByNone; r.Free == 1 != free || r.Unreachable == 1 == free {
			t.Errorf("%+v: counted as free %d, unreachable %d", r.People[0], r.Free, r.Unreachable)
		}
	}
}
