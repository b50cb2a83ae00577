package routing

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"hopeline/hotline"
)

func TestSomebodyWhoIsThereIsAsked(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		h := open(t, url, quick(prefix()))
		h.come("ann")
		h.arrive("a", nil)
		h.offered("a", "ann")
		h.accept("a", "ann")
		h.arrive("b", nil)
		h.offered("b", "ann") // she has room for three
	})
}

func TestWhoeverWaitedIsAskedForWhenSomebodyComes(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		h := open(t, url, quick(prefix()))
		h.user("away")
		h.arrive("a", nil)
		h.arrive("urgent", func(c *hotline.Contact) { c.Priority = 3 })
		h.come("ann")
		h.offered("urgent", "ann")
		h.accept("urgent", "ann")
		h.offered("a", "ann")
		for _, p := range h.history() {
			if p.User == "away" {
				t.Errorf("%s was offered to somebody without a console", p.Contact)
			}
		}
	})
}

func TestLanguageChoosesAndStrandsNobody(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		h := open(t, url, quick(prefix()))
		h.user("ann", "da")
		h.user("bob", "da", "ro")
		h.router.Seen("ann")
		h.router.Seen("bob")
		h.arrive("a", func(c *hotline.Contact) { c.Guess = "ro" })
		h.offered("a", "bob")
		h.arrive("b", func(c *hotline.Contact) { c.Language = "ro" })
		h.offered("b", "ann") // bob is being asked: she who is there gets it
	})
}

// A lap: nobody is asked twice, then the contact rests, and the next lap begins when its time has come.
func TestALap(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		h := open(t, url, quick(prefix()))
		h.come("ann", "bob")
		h.arrive("a", nil)
		h.until("somebody is asked", func() bool { return len(h.contacts["a"].Offers) > 0 })
		first := h.history()[0].User
		second := map[hotline.UserID]hotline.UserID{"ann": "bob", "bob": "ann"}[first]
		h.decline("a", first)
		h.offered("a", second)
		h.decline("a", second)
		h.happened("lap.over", "a")
		h.clock.forward(h.rules.Lap)
		h.router.Seen(first) // before the second, who would be asked if she were there alone
		h.router.Seen(second)
		h.happened("clock", "a")
		h.offered("a", first) // the longest idle
		if got, want := h.history(), []Pair{{"a", first, false, true}, {"a", second, false, true}, {"a", first, false, true}}; !slices.Equal(got, want) {
			t.Errorf("offers were %v, want %v", got, want)
		}
	})
}

// Whoever comes, or becomes free, ends the rest of a lap that did not know her, and is asked before those who were.
func TestSomebodyNewEndsARest(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		h := open(t, url, quick(prefix()))
		h.come("ann")
		h.arrive("a", nil)
		h.offered("a", "ann")
		h.decline("a", "ann")
		h.happened("lap.over", "a")
		h.set("bob", func(c *hotline.Candidate) { c.LastAsked = h.clock.now() }) // asked later than ann
		h.come("bob")
		h.happened("lap.next", "a")
		h.offered("a", "bob")
		h.decline("a", "bob")
		h.offered("a", "ann") // a new lap
	})
}

func TestAFullUserDoesNotHoldUpALap(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		h := open(t, url, quick(prefix()))
		h.come("ann")
		for _, c := range []hotline.ContactID{"x", "y", "z"} {
			h.arrive(c, nil)
			h.offered(c, "ann")
			h.accept(c, "ann")
		}
		h.come("bob")
		h.arrive("a", nil)
		h.offered("a", "bob")
		h.decline("a", "bob")
		h.happened("lap.over", "a")
		h.close("x", "ann") // now she has room
		h.offered("a", "ann")
	})
}

func TestAnOfferThatNobodyTakesGoesOn(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		h := open(t, url, quick(prefix()))
		h.come("ann", "bob")
		h.arrive("a", nil)
		h.until("somebody is asked", func() bool { return len(h.contacts["a"].Offers) > 0 })
		first := h.history()[0].User
		h.clock.forward(h.rules.Offer)
		h.router.Seen("ann")
		h.router.Seen("bob")
		h.until("somebody else is asked", func() bool {
			c := h.contacts["a"]
			return len(c.Offers) > 0 && !c.Asking(first)
		})
		h.clock.forward(h.rules.Answer)
		h.until("it is overdue", func() bool { return h.contacts["a"].Overdue })
	})
}

// A closed console: nothing at once, no offers after Reach, and what was held out to her goes on.
func TestAClosedConsole(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		h := open(t, url, quick(prefix()))
		h.come("ann")
		h.arrive("a", nil)
		h.offered("a", "ann")
		h.indexed()
		h.router.Gone("ann")
		h.come("bob")
		h.clock.forward(20 * time.Second) // and what this takes on a slow machine
		h.router.Seen("bob")
		h.arrive("b", nil)
		h.offered("b", "bob")
		h.accept("b", "bob")
		h.clock.forward(11 * time.Second)
		h.router.Seen("bob")
		h.happened("offer.unreachable", "a")
		h.offered("a", "bob")
		h.do(func() { h.users["ann"] = touched(h.users["ann"], time.Time{}) })
		h.accept("a", "bob")
		h.arrive("c", nil)
		h.offered("c", "bob")
	})
}

// A sleeping owner gives back what waits for her word, and keeps what does not.
func TestASleepingOwner(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		h := open(t, url, quick(prefix()))
		h.come("ann")
		h.arrive("asks", nil)
		h.offered("asks", "ann")
		h.accept("asks", "ann")
		h.arrive("quiet", nil)
		h.offered("quiet", "ann")
		h.accept("quiet", "ann")
		h.must(h.apply("quiet", hotline.Replied{At: hotline.At(h.clock.now()), By: "ann"}))
		h.indexed()
		h.router.Gone("ann")
		h.clock.forward(h.rules.Asleep + time.Second)
		h.come("bob")
		h.happened("owner.asleep", "asks")
		h.offered("asks", "bob")
		h.do(func() {
			if c := h.contacts["quiet"]; c.Owner != "ann" {
				t.Errorf("what is answered has owner %q, want ann to keep it", c.Owner)
			}
		})
		// A word that comes while she sleeps is given back at once.
		h.must(h.apply("quiet", hotline.Arrived{At: hotline.At(h.clock.now())}))
		h.happened("owner.asleep", "quiet")
	})
}

// A transfer to somebody who has left is withdrawn, and stays with its owner.
func TestATransferToSomebodyWhoLeft(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		h := open(t, url, quick(prefix()))
		h.come("ann")
		h.arrive("a", nil)
		h.offered("a", "ann")
		h.accept("a", "ann")
		h.come("bob")
		h.must(h.apply("a", hotline.HandedTo{At: hotline.At(h.clock.now()), By: "ann", To: "bob"}))
		h.indexed()
		h.router.Gone("bob")
		h.clock.forward(31 * time.Second)
		h.router.Seen("ann")
		h.happened("offer.unreachable", "a")
		h.do(func() {
			if c := h.contacts["a"]; c.Owner != "ann" || c.Transfer != nil {
				t.Errorf("after the transfer: owner %q, transfer %v, want ann and none", c.Owner, c.Transfer)
			}
		})
	})
}

// What SQL refuses for a reason the router does not see goes to the next, and is not asked for again and again.
func TestARefusalThatNobodyUnderstands(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		opts := quick(prefix())
		opts.Lease = time.Minute
		h := open(t, url, opts)
		h.do(func() { h.refuse[Pair{Contact: "a", User: "ann"}] = 0 })
		h.user("bob")
		h.set("bob", func(c *hotline.Candidate) { c.LastAsked = h.clock.now() })
		h.come("ann", "bob")
		h.arrive("a", nil)
		h.offered("a", "bob")
		h.do(func() {
			if n := h.refuse[Pair{Contact: "a", User: "ann"}]; n > 2 {
				t.Errorf("SQL was asked %d times for what it refused, want once", n)
			}
		})
	})
}

// Lost notices cost until the next comparison, and no contact.
func TestLostNotices(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		opts := quick(prefix())
		opts.Reconcile = 200 * time.Millisecond
		h := open(t, url, opts)
		h.come("ann")
		h.arrive("first", nil)
		h.offered("first", "ann")
		h.do(func() { h.muted = true })
		h.accept("first", "ann")
		h.arrive("a", nil)
		h.offered("a", "ann")
		h.close("first", "ann")
		h.do(func() { h.muted = false })
		h.accept("a", "ann")
		h.arrive("b", nil)
		h.offered("b", "ann")
	})
}

func TestANoticeThatSaysSo(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		h := open(t, url, quick(prefix()))
		h.come("ann")
		h.arrive("first", nil)
		h.offered("first", "ann")
		h.do(func() { h.muted = true })
		h.accept("first", "ann")
		h.arrive("a", nil)
		h.router.Tell(hotline.Missed{})
		h.offered("a", "ann")
	})
}

// Whoever was given up is asked again when she is seen again, at once.
func TestSomebodyIsBack(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		h := open(t, url, quick(prefix()))
		h.user("ann", "da")
		h.router.Seen("ann")
		h.arrive("a", nil)
		h.offered("a", "ann")
		h.accept("a", "ann")
		h.router.Gone("ann")
		h.clock.forward(40 * time.Second)
		h.come("bob") // the match that finds bob finds ann gone
		h.arrive("b", nil)
		h.offered("b", "bob")
		h.router.Seen("ann")
		h.arrive("c", nil)
		h.offered("c", "ann")
	})
}

func TestInbox(t *testing.T) {
	t.Parallel()
	b := newInbox(3)
	put := func(id hotline.ContactID, version int64, owner hotline.UserID) {
		b.put(hotline.ContactChanged{Contact: hotline.Contact{ID: id, Version: version, Owner: owner}})
	}
	put("a", 2, "ann")
	put("a", 1, "bob") // late
	b.put(hotline.MessageAdded{Contact: hotline.Contact{ID: "not for us"}})
	contacts, users, missed := b.take()
	if len(contacts) != 1 || contacts["a"].Version != 2 || !users["ann"] || !users["bob"] || missed {
		t.Errorf("take() = %v, %v, %v; want the newest of a, ann and bob, and nothing missed", contacts, users, missed)
	}
	for _, id := range []hotline.ContactID{"a", "b", "c", "d"} {
		put(id, 1, "")
	}
	if contacts, _, missed = b.take(); len(contacts) > 3 || !missed {
		t.Errorf("take() after too many = %d contacts, missed %v; want at most 3, and missed", len(contacts), missed)
	}
	if contacts, users, missed = b.take(); len(contacts)+len(users) > 0 || missed {
		t.Errorf("take() again = %v, %v, %v; want nothing", contacts, users, missed)
	}
}

// A flood of notices while nobody reads them is bounded, and loses nobody.
func TestAFloodOfNotices(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		opts := quick(prefix())
		opts.Inbox = 8
		h := open(t, url, opts)
		for i := range 100 {
			h.arrive(hotline.ContactID(fmt.Sprint("c", i)), nil)
		}
		for i := range 100 {
			h.come(hotline.UserID(fmt.Sprint("u", i)))
		}
		h.until("everybody is offered", func() bool { return len(h.offers) >= 100 })
	})
}

// While SQL is away nothing is decided; when it is back, what was matched comes again.
func TestSQLAway(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		h := open(t, url, quick(prefix()))
		h.come("ann")
		h.arrive("first", nil)
		h.offered("first", "ann")
		h.accept("first", "ann")
		h.do(func() { h.down = fmt.Errorf("write: %w", hotline.ErrUnavailable) })
		h.arrive("a", nil)
		h.until("SQL was asked", func() bool { return h.failed > 0 })
		h.do(func() { h.down = nil })
		h.offered("a", "ann")
	})
}

// A process that dies between the match and the offer leaves a claim, and the next sweep of any other puts both back.
func TestAClaimOfTheDead(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		c, ctx := &clock{}, t.Context()
		d := newDesk(t, c.now)
		d.user("ann")
		d.arrive("a", nil)
		board, _ := d.Board(ctx)
		opts := quick(prefix())
		x := testIndex(t, url)
		x.keys, x.lease = keysUnder(opts.Prefix), opts.Lease
		run, err := x.runID(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if err := fill(ctx, x, board, c.now(), []sighting{{"ann", c.now()}}); err != nil {
			t.Fatal(err)
		}
		if err := x.open(ctx, state{generation: board.Generation, run: run, built: c.now()}); err != nil {
			t.Fatal(err)
		}
		if p, _, found, _, err := x.match(ctx, c.now(), board.Generation, front); err != nil || p != (Pair{"a", "ann", false, true}) {
			t.Fatalf("match() = %v %v %v, want a pair", p, found, err)
		}
		d.run(url, opts, c).offered("a", "ann")
	})
}

// Two routers on one Redis and one SQL give nothing twice, and one that dies is not missed.
func TestTwoRouters(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		opts := quick(prefix())
		one := open(t, url, opts)
		two := one.run(url, opts, one.clock)
		one.come("ann")
		two.come("bob")
		one.arrive("a", nil)
		one.arrive("b", nil)
		one.until("both are offered", func() bool { return len(one.offers) == 2 })
		one.stop()
		two.come("cat")
		two.arrive("c", nil)
		two.offered("c", "cat")
	})
}

// Rules that the scripts keep: an older version changes nothing, and what is wrong is refused before anything is written.
func TestAnOlderNoticeChangesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		x, ctx := testIndex(t, url), t.Context()
		contact := hotline.Contact{ID: "a", State: hotline.Waits, Since: at(0), Version: 5}
		asked := contact
		asked.State, asked.Offers, asked.Version = hotline.Asked, []hotline.Offer{{User: "ann", Expires: at(60)}}, 4
		closedOne := contact
		closedOne.State, closedOne.Version = hotline.Closed, 6
		for _, test := range []struct {
			put    hotline.Contact
			queued bool
		}{{contact, true}, {asked, true}, {contact, true}, {closedOne, false}} {
			if err := x.putContacts(ctx, []standing{stands(test.put, hotline.DefaultRules)}); err != nil {
				t.Fatal(err)
			}
			have, err := x.snapshot(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if _, queued := have.queue["a"]; queued != test.queued {
				t.Errorf("after version %d (%s): queued %v, want %v", test.put.Version, test.put.State, queued, test.queued)
			}
		}
	})
}
