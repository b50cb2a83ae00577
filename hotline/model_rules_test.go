package hotline

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// rule is how a commit is made. Its zero value is what storage does; the rest are faults on purpose.
type rule struct {
	forged    bool // an accept is believed without its offer: whoever was ever asked gets it, if she has a slot
	unfenced  bool // slots are handed out without looking for a free one
	slow      bool // a writer may read a contact, wait, and write
	unchecked bool // and then nobody compares the version
}

// how a move is made.
type how int

const (
	atOnce how = iota
	forgedly
	reads
	slowly
)

func (r rule) variants(moves []move) []move {
	all := moves
	for _, mv := range moves {
		if _, ok := mv.event.(AcceptedBy); ok && r.forged {
			all = append(all, move{"a late " + mv.name, mv.event, mv.age, forgedly})
		}
		if r.slow {
			all = append(all, move{"the slow writer: " + mv.name, mv.event, mv.age, slowly})
		}
	}
	if r.slow {
		all = append(all, move{"a slow writer reads it", Ticked{at(0)}, young, reads})
	}
	return all
}

// after is the state that a move leads to, or the promise that it breaks. Not ok: it changes nothing.
func (r rule) after(from state, c int, mv move) (next state, broken string, ok bool) {
	next = from
	if mv.how == reads {
		next.copied = &stale{of: c, contact: from.contacts[c], fresh: true}
		return next, "", from.copied == nil
	}
	base, ok := r.believed(from, c, mv)
	if !ok {
		return next, "", false
	}
	if mv.how == slowly {
		next.copied = nil
		if !from.copied.fresh && !r.unchecked {
			return next, "", true // the version is another: refused
		}
	}
	mv.age(&base)
	after, effects, err := DefaultRules.Apply(base, mv.event)
	if err != nil || len(effects) == 0 && keyOf(after) == keyOf(base) {
		return next, "", false
	}
	before := from.contacts[c]
	mv.age(&before) // time passes for everybody
	w := worldOf(from, r.unfenced)
	if mv.how == forgedly {
		effects = w.believe(c, effects)
	}
	if err := w.save(c, after, effects, &broken); err != nil {
		return next, "", false
	}
	if broken == "" {
		broken = wrongStep(before, after, mv.event)
	}
	if broken == "" {
		broken = w.wrong()
	}
	return r.note(next, c, after, effects), broken, true
}

// believed is the contact that a writer goes by. Not ok: there is no such writer.
func (r rule) believed(from state, c int, mv move) (base Contact, ok bool) {
	base = from.contacts[c]
	switch mv.how {
	case slowly:
		if from.copied == nil || from.copied.of != c {
			return base, false
		}
		base = from.copied.contact
	case forgedly:
		user := mv.event.(AcceptedBy).User
		if from.asked[c]&mask(user) == 0 {
			return base, false
		}
		base.State, base.Offers = Asked, []Offer{{User: user, Epoch: base.Epoch, Expires: noon.Add(second)}}
	}
	return base, true
}

// note writes the new contact into a state, and what faulty rules go by.
func (r rule) note(s state, c int, after Contact, effects []Effect) state {
	s.contacts[c] = after
	if s.copied != nil && s.copied.of == c {
		old := *s.copied
		old.fresh = false
		s.copied = &old
	}
	for _, e := range effects {
		if o, ok := e.(OpenOffer); ok && r.forged {
			s.asked[c] |= mask(o.Offer.User)
		}
	}
	return s
}

func mask(u UserID) uint8 { return 1 << (indexOf(people, u) - 1) }

func keyOf(c Contact) key {
	b := bits{}
	b.contact(&c)
	return b.key
}

// believe makes of an accepted offer that is not open a slot, if there is none yet.
func (w *world) believe(c int, effects []Effect) []Effect {
	o := effects[0].(EndOffer).Offer
	var out []Effect
	for _, r := range w.offers {
		if r.contact == c && r.user == o.User {
			out = append(out, EndOffer{Offer: Offer{User: r.user, Epoch: r.epoch}, Reason: Accepted})
		}
	}
	for _, r := range w.slots {
		if r.contact == c && r.user == o.User {
			return out
		}
	}
	return append(out, HoldSlot{User: o.User, Epoch: o.Epoch})
}

// worldOf writes down the rows that a sound state has.
func worldOf(s state, unfenced bool) *world {
	w := &world{rules: DefaultRules, room: 1, contacts: s.contacts[:], unfenced: unfenced}
	for i, c := range s.contacts {
		slots, offers := rowsOf(i, c)
		w.slots, w.offers = append(w.slots, slots...), append(w.offers, offers...)
	}
	return w
}

func young(*Contact) {}

// aging is time passing for one deadline.
type aging struct {
	name string
	age  func(*Contact)
}

const widening = "nobody took it for a while"

// ages let one deadline of a contact be reached, and the last all of them.
func ages() []aging {
	offer := func(c *Contact) {
		c.Offers = slices.Clone(c.Offers)
		for n := range c.Offers {
			c.Offers[n].Expires = noon.Add(-1)
		}
		if c.Transfer != nil {
			past := *c.Transfer
			past.Expires = noon.Add(-1)
			c.Transfer = &past
		}
	}
	rest := func(c *Contact) {
		if !c.Rests.IsZero() {
			c.Rests = noon
		}
	}
	answer := func(c *Contact) {
		c.Since = noon.Add(-DefaultRules.Answer)
		if !c.Unanswered.IsZero() {
			c.Unanswered = c.Since
		}
	}
	idle := func(c *Contact) { c.LastWritten = noon.Add(-DefaultRules.Idle) }
	dormant := func(c *Contact) {
		if c.State == Dormant {
			c.DormantTill = noon
		}
	}
	widens := func(c *Contact) {
		if steps := DefaultRules.ladder(c.Channel).widen; c.Step < len(steps) {
			c.Since = noon.Add(-steps[c.Step])
		}
	}
	all := func(c *Contact) { offer(c); rest(c); answer(c); idle(c); dormant(c) }
	return []aging{{"the offer's deadline passes", offer}, {"the rest is over", rest}, {"too long without an answer", answer},
		{"it has been quiet", idle}, {"it slept too long", dormant}, {widening, widens}, {"everything comes due", all}}
}

// allMoves is everything that may happen to a contact.
func allMoves() []move {
	now := at(0)
	aged := ages()
	var moves []move
	add := func(name string, e Event) { moves = append(moves, move{name, e, young, atOnce}) }
	for _, a := range aged {
		if a.name != widening { // with two contacts it makes four times the states; the search of one has it
			moves = append(moves, move{a.name, Ticked{now}, a.age, atOnce})
		}
	}
	add("a message comes", Arrived{At: now})
	add("the lap is over", LapOver{now})
	add("somebody came", SomebodyCame{now})
	add("a restart", Restarted{now})
	for n, u := range people[1:] {
		other, name := people[2-n], string(u)
		add(name+" is asked", OfferedTo{now, u, false})
		add(name+" accepts", AcceptedBy{now, u, false})
		add(name+" declines", DeclinedBy{now, u})
		add(name+" takes it", TakenBy{now, u, false})
		moves = append(moves, move{name + " accepts too late", AcceptedBy{now, u, false}, aged[0].age, atOnce},
			move{name + " takes it before the sweep", TakenBy{now, u, false}, aged[0].age, atOnce})
		add(name+" answers", Replied{now, u})
		add(name+" hands it to the other", HandedTo{At: now, By: u, To: other})
		add("the supervisor hands it to "+name, HandedTo{At: now, By: boss, To: u, Supervisor: true})
		add(name+" hands it back", HandedBack{At: now, By: u})
		add(name+" closes it", EndedBy{At: now, By: u, Outcome: "helped"})
		add(name+" sleeps while owning", OwnerAsleep{now, u})
		add(name+" is unreachable", Unreachable{now, u})
	}
	add("the supervisor hands it back", HandedBack{At: now, By: boss, Supervisor: true})
	add("the supervisor closes it", EndedBy{At: now, By: boss, Outcome: "helped", Supervisor: true})
	return moves
}

// phoneMoves is all that, and what phones, nights and danger bring to a text.
func phoneMoves() []move {
	now := at(0)
	turns := func(c *Contact) {
		if !c.Night.Turns.IsZero() {
			c.Night.Turns = noon
		}
	}
	opens := func(c *Contact) {
		if !c.OpensBy.IsZero() {
			c.OpensBy = noon
		}
	}
	moves := append(allMoves(), move{widening, Ticked{now}, ages()[5].age, atOnce}, move{"night falls, or ends", Ticked{now}, turns, atOnce},
		move{"a message comes by day", Arrived{At: now, Night: Night{Turns: noon.Add(hour)}}, young, atOnce},
		move{"a message comes by night", Arrived{At: now, Night: Night{On: true, Turns: noon.Add(hour)}}, young, atOnce})
	for _, u := range people[1:] {
		name := string(u)
		moves = append(moves, move{name + " is rung", OfferedTo{now, u, true}, young, atOnce},
			move{name + " presses 1", AcceptedBy{now, u, true}, young, atOnce},
			move{name + " opens no console", OwnerAsleep{now, u}, opens, atOnce})
		for epoch := int64(1); epoch <= 3; epoch++ {
			for _, how := range []LegEnd{LegNoAnswer, LegBusy} {
				moves = append(moves, move{fmt.Sprintf("%s's leg of %d ends: %s", name, epoch, how), LegEnded{now, u, epoch, how}, young, atOnce})
			}
		}
	}
	return moves
}

// callMoves is everything that may happen to a call. Epochs are those of a renumbered state.
func callMoves() []move {
	now := at(0)
	aged := callAges()
	var moves []move
	add := func(name string, e Event) { moves = append(moves, move{name, e, young, atOnce}) }
	for _, a := range aged {
		moves = append(moves, move{a.name, Ticked{now}, a.age, atOnce})
	}
	add("the caller hangs up", CallerLeft{now})
	add("the caller is let into the room", CallerJoined{now, 1})
	add("the caller wants voicemail", CallerPressed{At: now, Key: KeyVoicemail})
	add("the caller wants a call back", CallerPressed{At: now, Key: KeyCallback})
	add("the caller would rather wait", CallerPressed{At: now, Key: KeyStay})
	add("a voicemail comes", VoicemailLeft{now})
	add("the caller speaks", Spoke{now, true})
	add("the counsellor speaks", Spoke{now, false})
	add("the caller says yes by a key", CallerPressed{At: now, Key: KeyYes})
	add("the lap is over", LapOver{now})
	add("somebody came", SomebodyCame{now})
	add("a restart", Restarted{now})
	for n, u := range people[1:] {
		other, name := people[2-n], string(u)
		for _, phone := range []bool{false, true} {
			on := map[bool]string{false: "", true: " by phone"}[phone]
			add(name+" is asked"+on, OfferedTo{now, u, phone})
			add(name+" takes it"+on, TakenBy{now, u, phone})
			add(name+" hands it to the other"+on, HandedTo{At: now, By: u, To: other, Phone: phone})
		}
		add(name+" accepts", AcceptedBy{now, u, false})
		add(name+" presses 1", AcceptedBy{now, u, true})
		add(name+" declines", DeclinedBy{now, u})
		moves = append(moves, move{name + " presses 1 too late", AcceptedBy{now, u, true}, aged[0].age, atOnce})
		for epoch := int64(1); epoch <= 3; epoch++ {
			add(fmt.Sprintf("%s's leg of %d is in the room", name, epoch), LegJoined{now, u, epoch})
			add(fmt.Sprintf("%s's leg of %d ends", name, epoch), LegEnded{now, u, epoch, LegNoAnswer})
			add(fmt.Sprintf("%s's leg of %d is busy", name, epoch), LegEnded{now, u, epoch, LegBusy})
		}
		add(name+" hangs up", HungUp{At: now, By: u})
		add(name+" says it is safe", Wrapped{now, u, SaidSafe})
		add(name+" says nothing", Wrapped{now, u, SaidNothing})
		add(name+" asks by keys", AskedByKeys{now, u, true})
		add(name+" calls back", CalledBack{now, u, false})
		add(name+" hands it back", HandedBack{At: now, By: u})
		add(name+" closes it", EndedBy{At: now, By: u, Outcome: "helped"})
	}
	add("the supervisor closes it", EndedBy{At: now, By: boss, Outcome: "helped", Supervisor: true})
	return moves
}

// callAges let one deadline of a call be reached.
func callAges() []aging {
	text := ages()
	meets := func(c *Contact) {
		if c.State == Connecting {
			c.Call.Meet = noon
		}
	}
	wraps := func(c *Contact) {
		if c.State == WrapUp {
			c.Call.Wrap = noon
		}
	}
	silent := func(c *Contact) {
		for _, t := range []*time.Time{&c.Call.Silence, &c.Call.KeysTill} {
			if !t.IsZero() {
				*t = noon
			}
		}
	}
	limit := func(c *Contact) { c.Since = noon.Add(-DefaultRules.Call.Limit) }
	return []aging{text[0], text[1], text[4], text[5], {"the legs do not meet", meets},
		{"the wrap-up is over", wraps}, {"nothing is said", silent}, {"too long in line", limit}}
}

func TestTheSearchFindsFaultsPutInOnPurpose(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		rule rule
		of   kind
		want string
	}{
		{"an accept is believed without its open offer", rule{forged: true}, texts, "I5: an answer to no open offer"},
		{"and revives what is closed", rule{forged: true}, texts, "I15: closed is final"},
		{"a slot is held without looking for a free one", rule{unfenced: true}, texts, "I3: "},
		{"an old copy is written without comparing the version", rule{slow: true, unchecked: true}, texts, ""},
		{"and revives what is closed too", rule{slow: true, unchecked: true}, texts, "I15: closed is final"},
		{"and steals what somebody has", rule{slow: true, unchecked: true}, texts, "I15: an owner changes only"},
		{"a call is believed without its open offer", rule{forged: true}, calls, "I5: an answer to no open offer"},
		{"one person gets two calls", rule{unfenced: true}, calls, "I3: "},
		{"a dead call is revived", rule{slow: true, unchecked: true}, calls, "I15: closed is final"},
		{"a live call is stolen", rule{slow: true, unchecked: true}, calls, "I15: an owner changes only"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := explore(tt.rule, tt.of, tt.want, tooMany)
			if m.wrong == "" {
				t.Errorf("in %d states the search did not find it, want a broken promise %q", len(m.keys), tt.want)
			}
			t.Log(m.wrong)
		})
	}
}

func TestASlowWriterIsHarmlessWhenTheVersionIsCompared(t *testing.T) {
	t.Parallel()
	if m := explore(rule{slow: true}, texts, "", 4_000); m.wrong != "" {
		t.Error(m.wrong)
	}
}
