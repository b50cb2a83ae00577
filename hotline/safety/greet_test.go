package safety

import (
	"testing"
	"time"

	"hopeline/hotline"
)

// TestEveryGreeting goes through all that the automatic text hangs on. One thing that is not right is enough for a no.
func TestEveryGreeting(t *testing.T) {
	t.Parallel()
	first := hotline.Contact{ID: "c1", Channel: hotline.SMS, Address: hotline.AddressOf("+4520112233"), State: hotline.Waits,
		Opened: noon, LastInbound: noon, Unanswered: noon}
	tests := []struct {
		name   string
		change func(*hotline.Contact)
		after  time.Duration
		want   bool
	}{
		{"a first text", func(*hotline.Contact) {}, 3 * time.Second, true},
		{"on WhatsApp", func(c *hotline.Contact) {
			c.Channel, c.Address = hotline.WhatsApp, hotline.AddressOf("whatsapp:+4520112233")
		}, 0, true},
		{"while somebody is asked", func(c *hotline.Contact) { c.State = hotline.Asked }, 0, true},
		{"while its counsellor has not answered", func(c *hotline.Contact) { c.State, c.Owner = hotline.Active, "ann" }, 0, true},
		{"at the last moment", func(*hotline.Contact) {}, 2 * time.Minute, true},
		{"late", func(*hotline.Contact) {}, 2*time.Minute + 1, false},
		{"of a text that came late", func(c *hotline.Contact) { c.Opened, c.LastInbound = noon.Add(-3*time.Minute), noon.Add(-3*time.Minute) }, 0, false},
		{"of a second text", func(c *hotline.Contact) { c.Opened = noon.Add(-time.Hour) }, 0, false},
		{"twice", func(c *hotline.Contact) { c.Greeted = true }, 0, false},
		{"after an answer", func(c *hotline.Contact) { c.Unanswered = time.Time{} }, 0, false},
		{"to a caller", func(c *hotline.Contact) { c.Channel = hotline.Voice }, 0, false},
		{"to a withheld sender", func(c *hotline.Contact) { c.Withheld, c.Address = true, hotline.Address{} }, 0, false},
		{"to a name", func(c *hotline.Contact) { c.Address = hotline.AddressOf("Bank") }, 0, false},
		{"to a short code", func(c *hotline.Contact) { c.Address = hotline.AddressOf("32665") }, 0, false},
		{"to a stop word", func(c *hotline.Contact) { c.StopWord = true }, 0, false},
		{"to words of danger", func(c *hotline.Contact) { c.DangerWord = true }, 0, false},
		{"into danger", func(c *hotline.Contact) { c.Danger = noon }, 0, false},
		{"when it is closed", func(c *hotline.Contact) { c.State = hotline.Closed }, 0, false},
		{"when it sleeps", func(c *hotline.Contact) { c.State = hotline.Dormant }, 0, false},
		{"to nobody", func(c *hotline.Contact) { c.ID = "" }, 0, false},
	}
	for _, test := range tests {
		c := first
		test.change(&c)
		pass, err := Greet(c, noon.Add(test.after))
		if (err == nil) != test.want || pass.For("c1", "") != test.want {
			t.Errorf("%s: Greet() = %v, %v; want a clearance: %t", test.name, pass, err, test.want)
		}
		if pass.For("c1", "ann") || pass.For("c2", "") || pass.Override() {
			t.Errorf("%s: the clearance is for another contact or a human", test.name)
		}
	}
}
