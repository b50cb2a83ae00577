package hotline

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A night at random: three people in need, three counsellors with room for two, and a clock that jumps. Every step is
// judged by the invariants, and then done again.
func TestNightsAtRandom(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := night{world: world{rules: DefaultRules, room: 2}, now: noon, passed: map[turn]bool{}}
		calls := rapid.Bool().Draw(t, "calls")
		for i := range rapid.IntRange(2, 3).Draw(t, "contacts") {
			in := IncomingCall{From: AddressOf("+4520112233"), To: AddressOf("+4570201550"), At: noon}
			if rapid.Bool().Draw(t, "a machine writes") {
				in.From = AddressOf("Bank")
			}
			c := Open(ContactID(rune('a'+i)), in.From, in.To, noon)
			if calls {
				in.Closed = rapid.Bool().Draw(t, "the line is closed")
				c = OpenCall(c.ID, in)
			}
			n.contacts = append(n.contacts, c)
		}
		steps := map[string]func(*rapid.T){
			"people": n.anything(n.byPeople), "router": n.anything(n.byRouter), "legs": n.anything(n.byLegs), "clock": n.clock, "": n.judge,
		}
		if calls {
			steps["caller"] = n.anything(n.byCaller)
		} else {
			steps["person"] = n.anything(n.byPerson)
		}
		t.Repeat(steps)
	})
}

type night struct {
	world
	now    time.Time
	passed map[turn]bool // who declined a contact, or let it pass, in which lap
}

type turn struct {
	contact, lap int
	user         UserID
}

func (n *night) judge(t *rapid.T) {
	if say := n.wrong(); say != "" {
		t.Fatal(say)
	}
}

// anything lets some drawn events happen, each to some contact.
func (n *night) anything(draw func(*rapid.T) Event) func(*rapid.T) {
	return func(t *rapid.T) {
		for range 4 {
			n.happen(t, rapid.IntRange(0, len(n.contacts)-1).Draw(t, "contact"), draw(t))
			n.judge(t)
		}
	}
}

func (n *night) happen(t *rapid.T, i int, e Event) {
	before := n.contacts[i]
	effects, broken, err := n.commit(i, e)
	after := n.contacts[i]
	if broken != "" {
		t.Fatalf("%s, after %s", broken, e.Name())
	}
	if err != nil {
		if !reflect.DeepEqual(before, after) {
			t.Fatalf("%s failed and changed %s to %s", e.Name(), plain(before), plain(after))
		}
		return
	}
	if say := wrongStep(before, after, e); say != "" {
		t.Fatalf("%s: %s made %s of %s", say, e.Name(), plain(after), plain(before))
	}
	n.remember(t, i, before, effects)
	n.again(t, i, e)
	n.clockIsExact(t, i)
}

// remember keeps who let what pass; whoever did is not asked again in that lap (I9).
func (n *night) remember(t *rapid.T, i int, before Contact, effects []Effect) {
	for _, e := range effects {
		switch e := e.(type) {
		case OpenOffer:
			if c := n.contacts[i]; c.Transfer == nil && n.passed[turn{i, c.Lap, e.Offer.User}] {
				t.Fatalf("I9: %s is asked twice in a lap", e.Offer.User)
			}
		case EndOffer:
			if before.State == Asked && before.Asking(e.Offer.User) && (e.Reason == Refused || e.Reason == Lapsed) {
				n.passed[turn{i, before.Lap, e.Offer.User}] = true
			}
		}
	}
}

// again: the same event at the same time changes nothing more. Storage keeps a message from arriving twice; here it
// only counts as one more unread.
func (n *night) again(t *rapid.T, i int, e Event) {
	before := n.contacts[i]
	after, effects, err := n.rules.Apply(before, e)
	switch e := e.(type) {
	case Arrived:
		after.Unread = before.Unread
	case LegEnded: // a leg ends once: storage merges reports
		return
	case AskedByKeys: // another question is another document
		if e.On {
			return
		}
	}
	if err == nil && len(effects) > 0 || !reflect.DeepEqual(before, after) {
		t.Fatalf("%s again made %s of %s and does %q", e.Name(), plain(after), plain(before), effectsInWords(effects))
	}
}

// clockIsExact: a tick before Due changes nothing, a tick at Due changes something, and after a tick Due lies ahead.
func (n *night) clockIsExact(t *rapid.T, i int) {
	c := n.contacts[i]
	due := n.rules.Due(c)
	if due.IsZero() {
		due = n.now.Add(1000 * time.Hour)
	} else if at, _, _ := n.rules.Apply(c, Ticked{At(due)}); reflect.DeepEqual(c, at) {
		t.Fatalf("I7: %s is due, and a tick then changes nothing", plain(c))
	}
	if early, _, _ := n.rules.Apply(c, Ticked{At(due.Add(-1))}); !reflect.DeepEqual(c, early) {
		t.Fatalf("I7: %s changed before it was due, to %s", plain(c), plain(early))
	}
	late := due.Add(time.Hour)
	next, _, _ := n.rules.Apply(c, Ticked{At(late)})
	if again := n.rules.Due(next); !again.IsZero() && !again.After(late) {
		t.Fatalf("I7: after a tick %s is still due", plain(next))
	}
}

func (n *night) clock(t *rapid.T) {
	var dues []time.Time
	for _, c := range n.contacts {
		if due := n.rules.Due(c); due.After(n.now) {
			dues = append(dues, due)
		}
	}
	if len(dues) > 0 && rapid.Bool().Draw(t, "to the next step") {
		n.now = slices.MinFunc(dues, time.Time.Compare)
	} else {
		n.now = n.now.Add(time.Duration(rapid.IntRange(1, 900).Draw(t, "seconds")) * time.Second)
	}
	if rapid.IntRange(0, 3).Draw(t, "sweep is late") == 0 {
		return
	}
	for i := range n.contacts {
		n.happen(t, i, Ticked{At(n.now)})
	}
}

func (n *night) who(t *rapid.T, label string) UserID {
	return rapid.SampledFrom([]UserID{ann, bea, cleo}).Draw(t, label)
}

func (n *night) byPeople(t *rapid.T) Event {
	u, v, boss, at := n.who(t, "user"), n.who(t, "to"), rapid.Bool().Draw(t, "supervisor"), At(n.now)
	asks := rapid.SampledFrom([]Gender{Anybody, Woman}).Draw(t, "asks for")
	return rapid.SampledFrom([]Event{
		AcceptedBy{at, u, false}, AcceptedBy{at, u, boss}, AcceptedBy{at, u, false}, DeclinedBy{at, u}, TakenBy{at, u, boss}, Replied{at, u}, Replied{at, u},
		WasRead{at, u}, WasGreeted{at}, Triaged{at, 20, "da", asks}, BarredTo{at, v, boss}, BarredTo{at, v, false}, HandedTo{at, u, v, boss, boss}, HandedBack{at, u, boss}, EndedBy{at, u, "helped", boss && u == ann},
	}).Draw(t, "event")
}

func (n *night) byRouter(t *rapid.T) Event {
	u, at := n.who(t, "user"), At(n.now)
	phone := rapid.Bool().Draw(t, "phone")
	return rapid.SampledFrom([]Event{
		OfferedTo{at, u, false}, OfferedTo{at, u, phone}, OfferedTo{at, u, phone}, LapOver{at}, NobodyFits{at}, SomebodyCame{at}, OwnerAsleep{at, u}, Unreachable{at, u}, Restarted{at},
	}).Draw(t, "event")
}

func (n *night) byPerson(t *rapid.T) Event {
	late := time.Duration(rapid.IntRange(0, 1).Draw(t, "late")) * time.Minute
	night := Night{On: rapid.Bool().Draw(t, "night"), Turns: n.now.Add(time.Duration(rapid.IntRange(1, 600).Draw(t, "minutes")) * time.Minute)}
	return Arrived{At: At(n.now.Add(-late)), Stop: rapid.Bool().Draw(t, "stop"), Danger: rapid.IntRange(0, 5).Draw(t, "danger") == 0, Night: night}
}

// byLegs draws a fact about a leg that there may be.
func (n *night) byLegs(t *rapid.T) Event {
	u, at := n.who(t, "user"), At(n.now)
	epoch := rapid.Int64Range(1, 6).Draw(t, "epoch")
	for _, c := range n.contacts {
		if c.Owner == u && rapid.Bool().Draw(t, "its own") {
			epoch = c.Grant
		}
	}
	how := rapid.SampledFrom([]LegEnd{LegNoAnswer, LegDone, LegBusy, LegFailed}).Draw(t, "how")
	return rapid.SampledFrom([]Event{
		LegJoined{at, u, epoch}, LegJoined{at, u, epoch}, LegAnswered{at, u, epoch}, LegEnded{at, u, epoch, how}, CallerJoined{at, epoch},
	}).Draw(t, "event")
}

// byCaller draws what a caller does, and what is done to her.
func (n *night) byCaller(t *rapid.T) Event {
	u, at, yes := n.who(t, "user"), At(n.now), rapid.Bool().Draw(t, "yes")
	key := rapid.SampledFrom([]Key{KeyVoicemail, KeyCallback, KeySilent, KeyYes, KeyDanger}).Draw(t, "key")
	said := rapid.SampledFrom([]Said{SaidSafe, SaidCallback, SaidUrgent, SaidNothing}).Draw(t, "said")
	for _, c := range n.contacts {
		if c.Call.Room > 0 && c.State == Connecting && yes {
			return CallerJoined{at, c.Call.Room}
		}
	}
	return rapid.SampledFrom([]Event{
		CallerPressed{at, key, "da"}, CallerLeft{at}, Spoke{at, yes}, Spoke{at, false}, VoicemailLeft{at}, Steered{at, u, &yes, nil}, AskedByKeys{at, u, yes},
		HungUp{at, u, false}, Wrapped{at, u, said}, CalledBack{at, u, yes}, InDanger{at, u, yes},
	}).Draw(t, "event")
}
