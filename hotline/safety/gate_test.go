package safety

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const quiet = 20 * time.Minute

// The whole space that the gate looks at.
var (
	states   = []hotline.State{hotline.Waits, hotline.Asked, hotline.Active, hotline.Dormant, hotline.FollowUp, hotline.Closed, ""}
	owners   = []hotline.UserID{"", "ann", "bea"}
	askers   = []hotline.UserID{"", "ann", "boss"}
	channels = []hotline.Channel{hotline.SMS, hotline.WhatsApp, hotline.Voice, hotline.Other, ""}
	// Whether an answer to it could reach anybody.
	addresses = map[string]bool{
		"+4520112233": true, "384387": true, "whatsapp:+4520112233": true, "whatsapp:US.123": true, "messenger:42": true,
		"": false, "whatsapp:": false, "anonymous": false, "+266696687": false, "Bank": false,
	}
	// The person's last word, before now.
	ago = []time.Duration{-time.Hour, -1, 0, 1, quiet - 1, quiet, quiet + 1, time.Hour, 24*time.Hour - 1, 24 * time.Hour, 24*time.Hour + 1, 9000 * time.Hour, never}
)

// never: the person did not write at all.
const never = time.Duration(1<<63 - 1)

// every calls f with each ask of the space, and with whether its address could be answered.
func every(f func(a Ask, since time.Duration, answerable bool)) (n int) {
	for _, state := range states {
		for _, owner := range owners {
			for _, by := range askers {
				for _, channel := range channels {
					c := hotline.Contact{ID: "c1", State: state, Owner: owner, Channel: channel}
					n += everyAddress(Ask{Contact: c, By: by, At: noon}, f)
				}
			}
		}
	}
	return n
}

func everyAddress(a Ask, f func(Ask, time.Duration, bool)) (n int) {
	for address, answerable := range addresses {
		for _, since := range ago {
			for bits := range 8 {
				a.Contact.Address, a.Contact.LastInbound = hotline.AddressOf(address), noon.Add(-since)
				if since == never {
					a.Contact.LastInbound = time.Time{}
				}
				a.Contact.Withheld, a.StillYes = bits&1 != 0, bits&2 != 0
				a.Quiet = quiet
				if bits&4 != 0 {
					a.Quiet = 0 // a line that always asks
				}
				f(a, since, answerable && !a.Contact.Withheld)
				n++
			}
		}
	}
	return n
}

// TestEveryAsk goes through the whole space: the rule is written down here once more, as a sentence of conditions, and
// the gate must agree with it everywhere.
func TestEveryAsk(t *testing.T) {
	t.Parallel()
	cleared := 0
	n := every(func(a Ask, since time.Duration, answerable bool) {
		c := a.Contact
		assignee := a.By != "" && c.Owner == a.By && (c.State == hotline.Active || c.State == hotline.Dormant)
		began := since != never
		reaches := answerable && c.Channel != hotline.Voice
		open := c.Channel != hotline.WhatsApp || since < 24*time.Hour
		fresh := since <= a.Quiet
		want := assignee && began && reaches && open && (fresh || a.StillYes)

		pass, err := Check(a)
		if (err == nil) != want {
			t.Fatalf("Check(%s) = %v, want a clearance: %t", say(a, since), err, want)
		}
		if pass.For("c1", a.By) != want || pass.For("c2", a.By) || pass.For("c1", "cleo") || pass.For("", a.By) {
			t.Fatalf("the clearance of Check(%s) is for another than its contact and user", say(a, since))
		}
		if pass.Override() != (want && !fresh) {
			t.Fatalf("Check(%s).Override() = %t, want %t", say(a, since), pass.Override(), want && !fresh)
		}
		if kind := kindOf(assignee, began && reaches, open); err != nil && !errors.Is(err, kind) {
			t.Fatalf("Check(%s) = %v, want %v", say(a, since), err, kind)
		}
		if asks := assignee && began && reaches && open && !want; asks != (err == hotline.ErrStillSafe) {
			t.Fatalf("Check(%s) = %v, want the question whether it is still safe: %t", say(a, since), err, asks)
		}
		if err == nil {
			cleared++
		} else if full := c.Address.Full(); len(full) > 1 && strings.Contains(err.Error(), full) {
			t.Fatalf("the refusal %q tells the address", err)
		}
	})
	if n < 200 || cleared == 0 || cleared == n {
		t.Errorf("%d asks, %d cleared: want many of both", n, cleared)
	}
	t.Logf("%d asks, %d cleared", n, cleared)
}

func kindOf(assignee, safe, open bool) error {
	switch {
	case !assignee:
		return hotline.ErrConflict
	case safe && !open:
		return hotline.ErrExpired
	}
	return hotline.ErrUnsafe
}

func say(a Ask, since time.Duration) string {
	c := a.Contact
	return fmt.Sprintf("%q of %q, %q asks, %s to %q (withheld %t), last word %v ago, quiet after %v, still safe %t",
		c.State, c.Owner, a.By, c.Channel, c.Address.Full(), c.Withheld, since, a.Quiet, a.StillYes)
}

// TestCautionOnlyGrows: whatever makes an ask less safe never turns a no into a yes.
func TestCautionOnlyGrows(t *testing.T) {
	t.Parallel()
	every(func(a Ask, since time.Duration, _ bool) {
		if _, err := Check(a); err == nil || a.By != "ann" || a.Contact.Owner != "ann" {
			return
		}
		for name, worse := range map[string]func(*Ask){
			"later":           func(a *Ask) { a.At = a.At.Add(time.Hour) },
			"less patience":   func(a *Ask) { a.Quiet /= 2 },
			"withheld":        func(a *Ask) { a.Contact.Withheld = true },
			"nobody said yes": func(a *Ask) { a.StillYes = false },
			"never wrote":     func(a *Ask) { a.Contact.LastInbound = time.Time{} },
		} {
			b := a
			worse(&b)
			if _, err := Check(b); err == nil {
				t.Fatalf("Check(%s) is refused, and cleared when %s", say(a, since), name)
			}
		}
	})
}

func TestTheZeroClearanceClearsNothing(t *testing.T) {
	t.Parallel()
	var none Clearance
	for _, contact := range []hotline.ContactID{"", "c1"} {
		for _, by := range []hotline.UserID{"", "ann"} {
			if none.For(contact, by) {
				t.Errorf("Clearance{}.For(%q, %q) = true, want false", contact, by)
			}
		}
	}
	if none.Override() {
		t.Error("Clearance{}.Override() = true, want false")
	}
	if pass, err := Check(Ask{}); err == nil || pass != none {
		t.Errorf("Check(Ask{}) = %v, %v, want no clearance", pass, err)
	}
}
