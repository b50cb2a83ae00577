package routing

import (
	"testing"

	"hopeline/hotline"
)

// She speaks Thai, that is a must in tier 1, and nobody there speaks it: the supervisors are told once, at once, and
// whoever comes and speaks it is asked.
func TestNobodySpeaksWhatIsAMust(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		h := open(t, url, quick(prefix()))
		h.come("ann")
		h.arrive("a", func(c *hotline.Contact) { c.Language, c.Musts.Language = "th", 9 })
		h.until("the supervisors are told", func() bool { return !h.contacts["a"].Unfit.IsZero() })
		if asked := h.history(); len(asked) > 0 {
			t.Fatalf("%v were asked, want nobody", asked)
		}
		h.set("mai", func(c *hotline.Candidate) { c.Available, c.Languages = true, []string{"th"} })
		h.router.Seen("mai")
		h.offered("a", "mai")
	})
}

// The same without Redis.
func TestNobodySpeaksWhatIsAMustWithoutRedis(t *testing.T) {
	t.Parallel()
	opts := quick(prefix())
	h := open(t, "redis://127.0.0.1:1", opts)
	h.come("ann")
	h.arrive("a", func(c *hotline.Contact) { c.AsksFor, c.Musts.Gender = hotline.Woman, 1 })
	h.until("the supervisors are told", func() bool { return !h.contacts["a"].Unfit.IsZero() })
	h.set("mai", func(c *hotline.Candidate) { c.Available, c.Gender = true, hotline.Woman })
	h.router.Seen("mai")
	h.offered("a", "mai")
}

// Whoever is barred while she is being asked is asked no more, and the next one is.
func TestBarredIsAskedNoMore(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		h := open(t, url, quick(prefix()))
		h.come("ann")
		h.arrive("a", nil)
		h.offered("a", "ann")
		h.must(h.apply("a", hotline.BarredTo{At: hotline.At(h.clock.now()), User: "ann", On: true}))
		h.come("bob")
		h.offered("a", "bob")
		if n := len(h.history()); n != 2 {
			t.Errorf("asked %d times, want ann once and bob once", n)
		}
	})
}
