package routing

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"hopeline/hotline"
)

// at is a moment of the tests, some seconds after a fixed one.
func at(seconds int) time.Time {
	return time.UnixMilli(1_800_000_000_000).UTC().Add(time.Duration(seconds) * time.Second)
}

func free(id hotline.UserID, asked int, languages ...string) hotline.Candidate {
	return hotline.Candidate{ID: id, Available: true, FreeTexts: 3, FreeCalls: 1, LastAsked: at(asked), Languages: languages,
		Tiers: map[hotline.LineID]int{"*": 1}}
}

func waits(id hotline.ContactID, since int) hotline.Waiting {
	return hotline.Waiting{ID: id, Since: at(since)}
}

func TestPick(t *testing.T) {
	t.Parallel()
	with := func(w hotline.Waiting, change func(*hotline.Waiting)) hotline.Waiting { change(&w); return w }
	but := func(c hotline.Candidate, change func(*hotline.Candidate)) hotline.Candidate { change(&c); return c }
	tests := []struct {
		name    string
		waiting []hotline.Waiting
		users   []hotline.Candidate
		want    string // contact>user, ! wakes, ~ by phone; then the laps
	}{
		{"nobody waits", nil, []hotline.Candidate{free("ann", 0)}, "[] []"},
		{"nobody is there", []hotline.Waiting{waits("a", 0)}, nil, "[] []"},
		{"the longest waiting gets the longest idle",
			[]hotline.Waiting{waits("late", 9), waits("early", 1)}, []hotline.Candidate{free("ann", 5), free("bob", 3)},
			"[early>bob late>ann] []"},
		{"priority goes before waiting",
			[]hotline.Waiting{waits("early", 1), with(waits("urgent", 9), func(w *hotline.Waiting) { w.Priority = 2 })},
			[]hotline.Candidate{free("ann", 0)}, "[urgent>ann] []"},
		{"who was never asked comes first",
			[]hotline.Waiting{waits("a", 0)}, []hotline.Candidate{free("ann", 0), but(free("new", 0), func(c *hotline.Candidate) { c.LastAsked = time.Time{} })},
			"[a>new] []"},
		{"a speaker goes before the longest idle",
			[]hotline.Waiting{with(waits("a", 0), func(w *hotline.Waiting) { w.Language = "ro" })},
			[]hotline.Candidate{free("ann", 1, "da"), free("bob", 9, "en", "ro")}, "[a>bob] []"},
		{"language strands nobody",
			[]hotline.Waiting{with(waits("a", 0), func(w *hotline.Waiting) { w.Language = "th" })},
			[]hotline.Candidate{free("ann", 1, "da")}, "[a>ann] []"},
		{"the preferred goes before a speaker",
			[]hotline.Waiting{with(waits("a", 0), func(w *hotline.Waiting) { w.Language, w.Preferred = "ro", "cat" })},
			[]hotline.Candidate{free("bob", 1, "ro"), free("cat", 9)}, "[a>cat] []"},
		{"a preferred who is full is not waited for",
			[]hotline.Waiting{with(waits("a", 0), func(w *hotline.Waiting) { w.Preferred = "cat" })},
			[]hotline.Candidate{free("bob", 1), but(free("cat", 0), func(c *hotline.Candidate) { c.FreeTexts = 0 })}, "[a>bob] []"},
		{"who does not answer comes last, a speaker too",
			[]hotline.Waiting{with(waits("a", 0), func(w *hotline.Waiting) { w.Language, w.Preferred = "ro", "bob" })},
			[]hotline.Candidate{free("ann", 9), but(free("bob", 0, "ro"), func(c *hotline.Candidate) { c.Missed = 3 })}, "[a>ann] []"},
		{"who does not answer is asked when nobody else is left",
			[]hotline.Waiting{waits("a", 0)},
			[]hotline.Candidate{but(free("bob", 0), func(c *hotline.Candidate) { c.Missed = 7 })}, "[a>bob] []"},
		{"nobody away, full, being asked or out of reach is asked",
			[]hotline.Waiting{waits("a", 0)},
			[]hotline.Candidate{but(free("ann", 0), func(c *hotline.Candidate) { c.Available = false }),
				but(free("bob", 0), func(c *hotline.Candidate) { c.FreeTexts = 0 }),
				but(free("cat", 0), func(c *hotline.Candidate) { c.Offered = true }), free("unseen", 0)}, "[] []"},
		{"one offer a user",
			[]hotline.Waiting{waits("a", 0), waits("b", 1)}, []hotline.Candidate{free("ann", 0)}, "[a>ann] []"},
		{"nobody is asked twice in a lap, and the next contact goes on",
			[]hotline.Waiting{with(waits("a", 0), func(w *hotline.Waiting) { w.Tried = []hotline.UserID{"ann"} }), waits("b", 1)},
			[]hotline.Candidate{free("ann", 0), but(free("bob", 0), func(c *hotline.Candidate) { c.Offered = true })}, "[b>ann] []"},
		{"a lap is over when everybody with room was asked",
			[]hotline.Waiting{with(waits("a", 0), func(w *hotline.Waiting) { w.Tried = []hotline.UserID{"ann"} })},
			[]hotline.Candidate{free("ann", 0), but(free("full", 0), func(c *hotline.Candidate) { c.FreeTexts = 0 }), free("unseen", 0)},
			"[] [a]"},
		{"somebody who is being asked may still have her turn",
			[]hotline.Waiting{with(waits("a", 0), func(w *hotline.Waiting) { w.Tried = []hotline.UserID{"ann"} })},
			[]hotline.Candidate{free("ann", 0), but(free("bob", 0), func(c *hotline.Candidate) { c.Offered = true })}, "[] []"},
		{"a lap in which nobody was asked is not over",
			[]hotline.Waiting{waits("a", 0)}, []hotline.Candidate{free("unseen", 0)}, "[] []"},
		{"rest goes on while nobody new is there",
			[]hotline.Waiting{with(waits("a", 0), func(w *hotline.Waiting) { w.Tried, w.Rests = []hotline.UserID{"ann"}, true })},
			[]hotline.Candidate{free("ann", 0)}, "[] []"},
		{"somebody new ends a rest and is asked first",
			[]hotline.Waiting{with(waits("a", 0), func(w *hotline.Waiting) { w.Tried, w.Rests = []hotline.UserID{"ann"}, true })},
			[]hotline.Candidate{free("ann", 0), free("bob", 9)}, "[a>bob!] []"},
		{"a must excludes, and the next tier is asked at once",
			[]hotline.Waiting{with(waits("a", 0), func(w *hotline.Waiting) { w.Language, w.Musts.Language = "th", 1 })},
			[]hotline.Candidate{free("ann", 1, "da"), but(free("bob", 2, "en"), func(c *hotline.Candidate) { c.Tiers["*"] = 2 })}, "[a>bob] []"},
		{"a must in every tier waits for who meets it",
			[]hotline.Waiting{with(waits("a", 0), func(w *hotline.Waiting) { w.Language, w.Musts.Language = "th", 9 })},
			[]hotline.Candidate{free("ann", 1, "da")}, "[] []"},
		{"supervisors off duty are asked in spite of a must, when the ladder is climbed",
			[]hotline.Waiting{with(waits("a", 0), func(w *hotline.Waiting) { w.Language, w.Musts.Language, w.Last = "th", 9, true })},
			[]hotline.Candidate{but(free("sue", 1, "da"), func(c *hotline.Candidate) { c.Tiers["*"] = hotline.LastTier })}, "[a>sue] []"},
		{"whom she asked for goes before the longest idle",
			[]hotline.Waiting{with(waits("a", 0), func(w *hotline.Waiting) { w.AsksFor = hotline.Woman })},
			[]hotline.Candidate{but(free("abe", 1), func(c *hotline.Candidate) { c.Gender = hotline.Man }), but(free("bea", 9), func(c *hotline.Candidate) { c.Gender = hotline.Woman })},
			"[a>bea] []"},
		{"who meets two needs goes before who meets one",
			[]hotline.Waiting{with(waits("a", 0), func(w *hotline.Waiting) { w.AsksFor, w.Language = hotline.Woman, "th" })},
			[]hotline.Candidate{free("thai", 1, "th"), but(free("woman", 2), func(c *hotline.Candidate) { c.Gender = hotline.Woman }),
				but(free("both", 9, "th"), func(c *hotline.Candidate) { c.Gender = hotline.Woman })}, "[a>both] []"},
		{"a man is not asked for who asked for a woman, where that is a must",
			[]hotline.Waiting{with(waits("a", 0), func(w *hotline.Waiting) { w.AsksFor, w.Musts.Gender = hotline.Woman, 1 })},
			[]hotline.Candidate{but(free("abe", 1), func(c *hotline.Candidate) { c.Gender = hotline.Man }), free("nobody said", 2)}, "[] []"},
		{"anybody is anybody",
			[]hotline.Waiting{with(waits("a", 0), func(w *hotline.Waiting) { w.AsksFor, w.Musts.Gender = hotline.Anybody, 1 })},
			[]hotline.Candidate{free("abe", 1)}, "[a>abe] []"},
		{"whoever is not for the person is never asked, though preferred",
			[]hotline.Waiting{with(waits("a", 0), func(w *hotline.Waiting) { w.Barred, w.Preferred = []hotline.UserID{"ann"}, "ann" })},
			[]hotline.Candidate{free("ann", 1), free("bob", 2)}, "[a>bob] []"},
		{"a preferred who lacks a must is not asked",
			[]hotline.Waiting{with(waits("a", 0), func(w *hotline.Waiting) { w.Language, w.Musts.Language, w.Preferred = "th", 1, "ann" })},
			[]hotline.Candidate{free("ann", 1), free("bob", 2, "th")}, "[a>bob] []"},
		{"what is no code of a language chooses nobody",
			[]hotline.Waiting{with(waits("a", 0), func(w *hotline.Waiting) { w.Language = "she said: Edo" })},
			[]hotline.Candidate{free("ann", 1), free("bob", 2, "she said: Edo")}, "[a>ann] []"},
	}
	for _, test := range tests {
		pairs, laps := Pick(test.waiting, test.users, func(u hotline.UserID) bool { return u != "unseen" })
		if got := spell(pairs, laps); got != test.want {
			t.Errorf("%s: Pick() = %s, want %s", test.name, got, test.want)
		}
	}
}

func spell(pairs []Pair, laps []hotline.ContactID) string {
	var words []string
	for _, p := range pairs {
		words = append(words, fmt.Sprint(p.Contact, ">", p.User, map[bool]string{true: "!"}[p.Wakes], map[bool]string{false: "~"}[p.Console]))
	}
	slices.Sort(laps)
	return fmt.Sprint(words, laps)
}

func TestPickLeavesItsArguments(t *testing.T) {
	t.Parallel()
	waiting := []hotline.Waiting{waits("b", 1), waits("a", 0)}
	users := []hotline.Candidate{free("bob", 9), free("ann", 0)}
	Pick(waiting, users, func(hotline.UserID) bool { return true })
	if waiting[0].ID != "b" || users[0].ID != "bob" || users[1].Offered || users[1].FreeTexts != 3 {
		t.Errorf("Pick changed what it was given: %v %v", waiting, users)
	}
}
