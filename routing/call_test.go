package routing

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"hopeline/deploy/testenv"
	"hopeline/hotline"
)

const (
	aarhus = hotline.LineID("+4570201550")
	malmo  = hotline.LineID("+46701234567")
)

func TestPickByLineTierAndChannel(t *testing.T) {
	t.Parallel()
	call := func(id hotline.ContactID, since int, change ...func(*hotline.Waiting)) hotline.Waiting {
		w := hotline.Waiting{ID: id, Channel: hotline.Voice, Line: aarhus, Since: at(since)}
		for _, c := range change {
			c(&w)
		}
		return w
	}
	asked := func(users ...hotline.UserID) func(*hotline.Waiting) {
		return func(w *hotline.Waiting) { w.Tried, w.Beside = users, len(users) }
	}
	tried := func(users ...hotline.UserID) func(*hotline.Waiting) {
		return func(w *hotline.Waiting) { w.Tried = users }
	}
	ro := func(w *hotline.Waiting) { w.Language = "ro" }
	in := func(tiers map[hotline.LineID]int, c hotline.Candidate) hotline.Candidate { c.Tiers = tiers; return c }
	on := func(tier int, c hotline.Candidate) hotline.Candidate {
		return in(map[hotline.LineID]int{aarhus: tier}, c)
	}
	quiet := func(w hotline.Waiting) hotline.Waiting { w.Quiet = true; return w }
	home := func(c hotline.Candidate) hotline.Candidate { c.Home, c.Available = true, false; return c }
	without := func(change func(*hotline.Candidate), c hotline.Candidate) hotline.Candidate { change(&c); return c }
	tests := []struct {
		name    string
		waiting []hotline.Waiting
		users   []hotline.Candidate
		want    string
	}{
		{"the first tier goes first, however long the second was idle", []hotline.Waiting{call("a", 0)},
			[]hotline.Candidate{on(2, free("bob", 0)), on(1, free("ann", 9))}, "[a>ann] []"},
		{"and before a speaker of the second", []hotline.Waiting{call("a", 0, ro)},
			[]hotline.Candidate{on(2, free("bob", 0, "ro")), on(1, free("ann", 9))}, "[a>ann] []"},
		{"an empty tier costs nothing", []hotline.Waiting{call("a", 0)},
			[]hotline.Candidate{on(3, free("ann", 0)), on(9, free("bob", 0))}, "[a>ann] []"},
		{"whoever does not answer comes after every tier", []hotline.Waiting{call("a", 0)},
			[]hotline.Candidate{on(1, without(func(c *hotline.Candidate) { c.Missed = 3 }, free("ann", 0))), on(2, free("bob", 0))}, "[a>bob] []"},
		{"the preferred of any tier goes first", []hotline.Waiting{call("a", 0, func(w *hotline.Waiting) { w.Preferred = "bob" })},
			[]hotline.Candidate{on(1, free("ann", 0)), on(2, free("bob", 0))}, "[a>bob] []"},
		{"another line's people are not asked", []hotline.Waiting{call("a", 0)},
			[]hotline.Candidate{in(map[hotline.LineID]int{malmo: 1}, free("mia", 0)), in(nil, free("off", 0))}, "[] []"},
		{"a line's own rota goes before that of all lines", []hotline.Waiting{call("a", 0)},
			[]hotline.Candidate{in(map[hotline.LineID]int{"*": 1, aarhus: 3}, free("ann", 0)), in(map[hotline.LineID]int{"*": 2}, free("bob", 9))},
			"[a>bob] []"},
		{"and puts off duty", []hotline.Waiting{call("a", 0), call("b", 1, func(w *hotline.Waiting) { w.Line = malmo })},
			[]hotline.Candidate{in(map[hotline.LineID]int{"*": 1, aarhus: 0}, free("ann", 0))}, "[b>ann] []"},
		{"one more is of the next tier", []hotline.Waiting{call("a", 0, asked("ann"))},
			[]hotline.Candidate{on(1, free("ann", 0)), on(1, free("bob", 0)), on(2, free("cat", 0)), on(3, free("dan", 0))}, "[a>cat] []"},
		{"or of one further on", []hotline.Waiting{call("a", 0, asked("ann"))},
			[]hotline.Candidate{on(1, free("bob", 0)), on(3, free("dan", 0)), on(4, free("eve", 0))}, "[a>dan] []"},
		{"or else of one that was asked", []hotline.Waiting{call("a", 0, asked("ann", "cat"))},
			[]hotline.Candidate{on(2, free("bob", 0)), on(1, free("dan", 9))}, "[a>dan] []"},
		{"the one more goes before who does not answer in the next tier", []hotline.Waiting{call("a", 0, asked("ann"))},
			[]hotline.Candidate{on(1, free("bob", 0)), on(2, without(func(c *hotline.Candidate) { c.Missed = 5 }, free("cat", 0)))}, "[a>bob] []"},
		{"in every line's tier of hers only where the line has none", []hotline.Waiting{call("a", 0, asked("ann"))},
			[]hotline.Candidate{in(map[hotline.LineID]int{"*": 2, aarhus: 1}, free("bob", 0)), in(map[hotline.LineID]int{"*": 3}, free("cat", 0))},
			"[a>cat] []"},
		{"who is being asked already ends no lap", []hotline.Waiting{call("a", 0, asked("ann"))},
			[]hotline.Candidate{on(1, free("ann", 0))}, "[] []"},
		{"a lap of a call is over when everybody with room for one was asked", []hotline.Waiting{call("a", 0, tried("ann"))},
			[]hotline.Candidate{on(1, free("ann", 0)), on(1, without(func(c *hotline.Candidate) { c.FreeCalls = 0 }, free("bob", 0)))}, "[] [a]"},
		{"a phone at home may still have its turn", []hotline.Waiting{call("a", 0, tried("ann")), call("b", 1)},
			[]hotline.Candidate{on(1, free("ann", 0)), on(1, without(func(c *hotline.Candidate) { c.Offered = true }, home(free("unseen", 0))))},
			"[b>ann] []"},
		{"a caller goes before a text of the same priority", []hotline.Waiting{waits("text", 0), call("call", 9)},
			[]hotline.Candidate{free("ann", 0)}, "[call>ann] []"},
		{"and after one of a higher", []hotline.Waiting{call("call", 0), {ID: "text", Priority: 1, Since: at(9)}},
			[]hotline.Candidate{free("ann", 0)}, "[text>ann] []"},
		{"a phone at home rings for a call before a text", []hotline.Waiting{call("call", 1), waits("text", 0)},
			[]hotline.Candidate{home(free("unseen", 0))}, "[call>unseen~] []"},
		{"and for a text", []hotline.Waiting{waits("text", 0)}, []hotline.Candidate{home(free("unseen", 0))}, "[text>unseen~] []"},
		{"but for none that is quiet", []hotline.Waiting{quiet(waits("text", 0))}, []hotline.Candidate{home(free("unseen", 0))}, "[] []"},
		{"which a console shows", []hotline.Waiting{quiet(hotline.Waiting{ID: "text", Line: aarhus, Since: at(0)})},
			[]hotline.Candidate{home(free("unseen", 0)), on(2, free("ann", 9))}, "[text>ann] []"},
		{"of a tier a console goes before a phone, whose owner speaks the language",
			[]hotline.Waiting{{ID: "text", Line: aarhus, Since: at(0), Language: "ro", Preferred: "unseen"}},
			[]hotline.Candidate{on(1, home(free("unseen", 0, "ro"))), on(1, free("ann", 9))}, "[text>ann] []"},
		{"but a phone of the first before a console of the second", []hotline.Waiting{{ID: "text", Line: aarhus, Since: at(0)}},
			[]hotline.Candidate{on(1, home(free("unseen", 0))), on(2, free("ann", 9))}, "[text>unseen~] []"},
		{"for a call a phone is as good as a console", []hotline.Waiting{call("a", 0)},
			[]hotline.Candidate{on(1, home(free("unseen", 0))), on(1, free("ann", 9))}, "[a>unseen~] []"},
		{"a lap of a text is not over while a phone may ring", []hotline.Waiting{{ID: "text", Line: aarhus, Since: at(0), Tried: []hotline.UserID{"ann"}}},
			[]hotline.Candidate{on(1, without(func(c *hotline.Candidate) { c.Offered = true }, home(free("unseen", 0)))), on(1, free("ann", 9))}, "[] []"},
		{"and is when it is quiet", []hotline.Waiting{quiet(hotline.Waiting{ID: "text", Line: aarhus, Since: at(0), Tried: []hotline.UserID{"ann"}})},
			[]hotline.Candidate{on(1, home(free("unseen", 0))), on(1, free("ann", 9))}, "[] [text]"},
		{"one more beside for a text is of the next tier", []hotline.Waiting{{ID: "text", Line: aarhus, Since: at(0), Tried: []hotline.UserID{"ann"}, Beside: 1}},
			[]hotline.Candidate{on(1, free("ann", 0)), on(1, free("bob", 0)), on(2, home(free("unseen", 0)))}, "[text>unseen~] []"},
		{"who was asked is left out by who she is, not by her place among those on duty",
			[]hotline.Waiting{call("a", 0, tried("bob"))}, []hotline.Candidate{on(1, free("new", 0)), on(1, free("bob", 1)), on(1, free("cat", 2))}, "[a>new] []"},
		{"it does not ring while she is away with a console open", []hotline.Waiting{call("a", 0)},
			[]hotline.Candidate{home(free("ann", 0))}, "[] []"},
		{"her console rings when it is open", []hotline.Waiting{call("a", 0)},
			[]hotline.Candidate{without(func(c *hotline.Candidate) { c.Home = true }, free("ann", 0))}, "[a>ann] []"},
		{"who takes no calls gets the text", []hotline.Waiting{call("call", 0), waits("text", 1)},
			[]hotline.Candidate{without(func(c *hotline.Candidate) { c.Takes = hotline.NoCalls }, free("ann", 0))}, "[text>ann] []"},
		{"room for a call is not room for a text", []hotline.Waiting{waits("text", 0), call("call", 1)},
			[]hotline.Candidate{without(func(c *hotline.Candidate) { c.FreeTexts = 0 }, free("ann", 0)),
				without(func(c *hotline.Candidate) { c.FreeCalls = 0 }, free("bob", 9))}, "[call>ann text>bob] []"},
		{"three callers, three people: each has one", []hotline.Waiting{call("a", 0), call("b", 1), call("c", 2)},
			[]hotline.Candidate{on(1, free("ann", 0)), on(2, free("bob", 1)), on(3, home(free("unseen", 2)))}, "[a>ann b>bob c>unseen~] []"},
	}
	for _, test := range tests {
		pairs, laps := Pick(test.waiting, test.users, func(u hotline.UserID) bool { return u != "unseen" })
		if got := spell(pairs, laps); got != test.want {
			t.Errorf("%s: Pick() = %s, want %s", test.name, got, test.want)
		}
	}
}

// calls opens a call on a line.
func (h *house) calls(id hotline.ContactID, line hotline.LineID) {
	h.arrive(id, func(c *hotline.Contact) { c.Channel, c.Line, c.Call.Alive = hotline.Voice, line, true })
}

// duty puts a user on duty on a line, in a tier.
func (h *house) duty(u hotline.UserID, line hotline.LineID, tier int) {
	h.set(u, func(c *hotline.Candidate) { c.Available, c.Tiers = true, map[hotline.LineID]int{line: tier} })
}

// athome is a user on duty whose phone rings while she has no console.
func (h *house) athome(u hotline.UserID, line hotline.LineID, tier int) {
	h.set(u, func(c *hotline.Candidate) { c.Home, c.Tiers = true, map[hotline.LineID]int{line: tier} })
}

// paged waits until c rings u's phone.
func (h *house) paged(c hotline.ContactID, u hotline.UserID) {
	h.t.Helper()
	h.until(fmt.Sprintf("%s rings %s's phone", c, u), func() bool {
		o, ok := h.contacts[c].OfferTo(u)
		return ok && o.Phone
	})
}

// A call goes to tier 1 of its own line; when its time has come one of tier 2 is asked beside, and the first to answer
// has it.
func TestACallWidens(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		h := open(t, url, quick(prefix()))
		h.do(func() { h.rules.Call.Offer = time.Hour })
		h.duty("mia", malmo, 1)
		h.duty("ann", aarhus, 1)
		h.duty("abe", aarhus, 1)
		h.athome("bob", aarhus, 2)
		for _, u := range []hotline.UserID{"mia", "ann", "abe"} {
			h.router.Seen(u)
		}
		h.calls("a", aarhus)
		h.until("one of tier 1 is asked", func() bool { return len(h.contacts["a"].Offers) == 1 })
		if u := h.history()[0].User; u != "ann" && u != "abe" {
			t.Fatalf("%s was asked first, want one of tier 1", u)
		}
		h.clock.forward(h.rules.Call.Widen[0])
		for _, u := range []hotline.UserID{"mia", "ann", "abe"} {
			h.router.Seen(u)
		}
		h.paged("a", "bob")
		h.accept("a", "bob")
		h.do(func() {
			if c := h.contacts["a"]; c.Owner != "bob" || len(c.Offers) > 0 {
				t.Errorf("after bob's key the call is %s's, and %d are asked; want bob's alone", c.Owner, len(c.Offers))
			}
		})
		if slices.ContainsFunc(h.history(), func(p Pair) bool { return p.User == "mia" }) {
			t.Error("somebody on duty on another line was asked")
		}
	})
}

// Three callers and three people, of whom one is at home and one has texts: each has one caller.
func TestThreeCallersAndThreePeople(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		h := open(t, url, quick(prefix()))
		h.come("ann")
		for _, c := range []hotline.ContactID{"x", "y", "z"} {
			h.arrive(c, nil)
			h.offered(c, "ann")
			h.accept(c, "ann")
		}
		h.athome("home", "*", 2)
		h.come("bob")
		h.calls("a", aarhus)
		h.calls("b", aarhus)
		h.calls("c", malmo)
		h.until("each is offered", func() bool { return len(h.offers) == 6 })
		once := map[hotline.UserID]hotline.ContactID{}
		for _, p := range h.history()[3:] {
			once[p.User] = p.Contact
			h.accept(p.Contact, p.User)
		}
		if len(once) != 3 {
			t.Errorf("offers were %v, want one caller for each", h.history())
		}
		h.arrive("text", nil)
		h.calls("d", aarhus)
		h.come("cat")
		h.offered("d", "cat") // nobody else: a call leaves no room
		h.accept("d", "cat")
		for _, p := range h.history() {
			if p.Contact == "text" {
				t.Errorf("a text was offered to %s, who has a call", p.User)
			}
		}
	})
}

// Only phones: they ring at once, in the order of tiers, and whoever comes to her console is asked there.
func TestPhonesOnly(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		h := open(t, url, quick(prefix()))
		h.athome("ann", aarhus, 1)
		h.athome("bob", aarhus, 2)
		h.arrive("quiet", func(c *hotline.Contact) {
			c.Line, c.Night = aarhus, hotline.Night{On: true, Turns: h.clock.now().Add(time.Hour)}
		})
		h.calls("a", aarhus)
		h.paged("a", "ann")
		h.decline("a", "ann")
		h.paged("a", "bob")
		h.arrive("text", func(c *hotline.Contact) { c.Line = aarhus })
		h.paged("text", "ann")
		h.decline("text", "ann")
		h.set("ann", func(c *hotline.Candidate) { c.Available = true })
		h.router.Seen("ann")
		h.offered("quiet", "ann")
	})
}

// What rings a phone stands though no console is open, and SQL is not asked with every sweep.
func TestAPageHangsOnNoConsole(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]func(testing.TB) string{"redis": testenv.Redis, "direct": func(t testing.TB) string {
		server := testenv.NewRedis(t)
		server.Stop()
		return server.URL()
	}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := open(t, url(t), quick(prefix()))
			h.athome("ann", "*", 1)
			h.router.Seen("ann")
			h.router.Gone("ann") // her console was open once
			h.clock.forward(31 * time.Second)
			h.calls("a", aarhus)
			h.paged("a", "ann")
			h.clock.forward(5 * time.Second) // nobody saw ann since the router began
			h.do(func() { h.unreachable = 0 })
			h.come("bob") // away from her: a sweep and a turn go on
			for i := range 20 {
				id := hotline.ContactID(fmt.Sprint("text", i))
				h.arrive(id, nil)
				h.offered(id, "bob")
				h.accept(id, "bob")
				h.close(id, "bob")
			}
			h.do(func() {
				if _, ok := h.contacts["a"].OfferTo("ann"); !ok {
					t.Error("the page was withdrawn")
				}
				if h.unreachable > 1 {
					t.Errorf("SQL was told %d times that she has no console, want once", h.unreachable)
				}
			})
		})
	}
}
