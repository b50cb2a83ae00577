package console

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
)

// Every role, in every state of a contact, standing in every way to it: nobody is shown what is not hers.
func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	const number, outcome = "+4520123456", "is safe now"
	since := start
	for _, role := range []hotline.Role{hotline.Counsellor, hotline.Supervisor, hotline.Admin, ""} {
		for _, state := range []hotline.State{hotline.Waits, hotline.Asked, hotline.Active, hotline.Dormant, hotline.FollowUp, hotline.Closed} {
			for _, stands := range []string{"stranger", "owner", "last owner", "last owner of another session", "asked to take over"} {
				v := hotline.Viewer{User: hotline.User{ID: "me", Role: role}, Since: since}
				c := hotline.Contact{ID: "c", State: state, Address: hotline.AddressOf(number), Outcome: outcome, Language: "ro",
					StopWord: true, Unread: 3, LastInbound: since, Preferred: "bo"}
				live := c.Live()
				if live {
					c.Owner, c.LastOwner = "bo", "bo"
				}
				mine, had := false, false
				switch stands {
				case "owner":
					c.Owner, c.LastOwner, mine = "me", "me", live
				case "last owner":
					c.LastOwner, c.Left, had = "me", since.Add(time.Hour), true
				case "last owner of another session":
					c.LastOwner, c.Left = "me", since.Add(-time.Hour)
				case "asked to take over":
					c.Transfer = &hotline.Offer{User: "me"}
				}
				answers, chief := role == hotline.Counsellor || role == hotline.Supervisor, role == hotline.Supervisor
				wantAddress := chief || answers && mine
				wantWords := chief || answers && (mine || had)
				wantSeen := wantWords || answers && (stands == "asked to take over" || !live && state != hotline.Closed)

				got := contactFor(v, c, start)
				who := fmt.Sprintf("%q as %s of a contact that is %s", role, stands, state)
				if shown := got.Address == number && got.AddressShown != ""; shown != wantAddress || strings.Contains(string(encode(got)), number) != wantAddress {
					t.Errorf("%s: address %q, want it shown: %v", who, got.Address, wantAddress)
				}
				if shown := got.Outcome == outcome; shown != wantWords {
					t.Errorf("%s: outcome %q, want it shown: %v", who, got.Outcome, wantWords)
				}
				if shown := got.Language == "ro" && got.StopWord && got.Unread == 3; shown != wantSeen {
					t.Errorf("%s: %+v, want it seen: %v", who, got, wantSeen)
				}
			}
		}
	}
}

func TestNothingIsNull(t *testing.T) {
	t.Parallel()
	for _, v := range []any{
		userOf(hotline.User{}), messageOf(hotline.Message{}).Media, each[int, int](nil, nil),
		Opened{Messages: each(nil, messageOf), Notes: each(nil, noteOf)}.Notes,
	} {
		if got := string(encode(v)); strings.Contains(got, "null") {
			t.Errorf("%T is %s", v, got)
		}
	}
	k := &Console{cfg: Config{Now: func() time.Time { return start }}}
	if got := string(encode(k.hello(hotline.Viewer{}, hotline.Overview{}, nil))); strings.Contains(got, "null") {
		t.Errorf("hello of nobody is %s", got)
	}
}

func TestQueueOf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		q    hotline.Queue
		want Queue
	}{
		{hotline.Queue{}, Queue{}},
		{hotline.Queue{Waiting: 2, Longest: start.Add(-90 * time.Second)}, Queue{2, 90}},
		{hotline.Queue{Waiting: 1, Longest: start.Add(time.Second)}, Queue{1, 0}}, // another machine's clock
	} {
		if got := queueOf(test.q, start); got != test.want {
			t.Errorf("queueOf(%v) = %v, want %v", test.q, got, test.want)
		}
	}
}

func TestTriageOf(t *testing.T) {
	t.Parallel()
	got := triageOf(hotline.Triage{Risk: "high"})
	want := Triage{"high", "unknown", "unknown", "unknown", "unknown", "unknown", "unknown", "unknown", "unknown"}
	if got != want {
		t.Errorf("triageOf(high) = %v, want %v", got, want)
	}
	var names []string
	for _, f := range fields(reflect.TypeFor[Triage]()) {
		names = append(names, f.Tag.Get("json"))
	}
	for name := range new(hotline.Triage).Fields() {
		if !strings.Contains(strings.Join(names, " "), name) {
			t.Errorf("triage field %s is not in the protocol", name)
		}
		if changed := (TriageArgs{ContactArgs: ContactArgs{"c"}, HeardFrom: new(string)}).changes(); len(changed) != 1 {
			t.Errorf("changes() = %v, want heard_from alone", changed)
		}
	}
}

func TestAnswerOf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err    error
		code   string
		status int
		words  string
	}{
		{hotline.Say(hotline.ErrConflict, "taken by Bo"), "conflict", 409, "taken by Bo"},
		{fmt.Errorf("accept: %w", hotline.Say(hotline.ErrExpired, "over")), "expired", 409, "over"},
		{fmt.Errorf("load contact: %w", hotline.ErrNotFound), "not_found", 404, "There is no such thing here."},
		{hotline.ErrUnsafe, "unsafe", 409, "It may not be safe; nothing was sent."},
		{hotline.ErrThrottled, "throttled", 429, "Too many tries; wait a moment."},
		{errUnknown, "unknown_command", 400, "There is no such command."},
		{errors.New(`duplicate key "+4520123456"`), "unavailable", 503, kinds[len(kinds)-1].words},
	} {
		code, status, words := answerOf(test.err)
		if code != test.code || status != test.status || words != test.words {
			t.Errorf("answerOf(%v) = %s %d %q, want %s %d %q", test.err, code, status, words, test.code, test.status, test.words)
		}
	}
	if got := cause(fmt.Errorf("send: %w", errors.New("+4520123456"))); strings.Contains(got, "+45") || got == "" {
		t.Errorf("the log says %q", got)
	}
}
