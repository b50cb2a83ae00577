package routing

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hopeline/hotline"
)

// patience is how long a test waits for an event before it fails.
const patience = 20 * time.Second

// clock is the time of a test: real, and moved on at will.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().UTC().Add(time.Duration(c.ahead.Load())) }

func (c *clock) forward(d time.Duration) { c.ahead.Add(int64(d)) }

// fakeDesk is a small model of SQL around the real reducer: contacts, slots and open offers in memory, one mutex for
// a transaction. It fails the test when an offer would break what SQL's constraints keep.
type fakeDesk struct {
	t     *testing.T
	rules hotline.Rules
	now   func() time.Time

	mu          sync.Mutex // guards all below
	changed     *sync.Cond
	generation  string
	contacts    map[hotline.ContactID]hotline.Contact
	users       map[hotline.UserID]hotline.Candidate
	slots       map[hotline.UserID]map[hotline.ContactID]bool
	offers      []Pair   // every offer made, in order
	events      []string // every event that changed something, "name contact"
	tell        []func(hotline.Notice)
	refuse      map[Pair]int // pairs that SQL refuses for a reason of its own, with how often it did
	down        error        // SQL is away
	boards      int          // how often everything was read
	failed      int          // calls that failed because SQL was away
	unreachable int          // how often it was told that somebody has no console
	muted       bool         // notices are lost
}

func newDesk(t *testing.T, now func() time.Time) *fakeDesk {
	d := &fakeDesk{t: t, rules: hotline.DefaultRules, now: now, generation: "one",
		contacts: make(map[hotline.ContactID]hotline.Contact), users: make(map[hotline.UserID]hotline.Candidate),
		slots: make(map[hotline.UserID]map[hotline.ContactID]bool), refuse: make(map[Pair]int)}
	d.changed = sync.NewCond(&d.mu)
	return d
}

const roomForTexts, roomForCalls = 3, 1

// held counts the slots that u holds. The caller holds the mutex.
func (d *fakeDesk) held(u hotline.UserID) (texts, calls int) {
	for id := range d.slots[u] {
		if d.contacts[id].Channel == hotline.Voice {
			calls++
		} else {
			texts++
		}
	}
	return texts, calls
}

// candidate is user u as SQL shows her: on duty on every line, unless the test says where. The caller holds the mutex.
func (d *fakeDesk) candidate(u hotline.UserID) hotline.Candidate {
	c := d.users[u]
	texts, calls := d.held(u)
	c.ID, c.FreeTexts, c.FreeCalls = u, roomForTexts-texts, roomForCalls-calls
	if calls > 0 {
		c.FreeTexts = 0
	}
	if c.Tiers == nil {
		c.Tiers = map[hotline.LineID]int{"*": 1}
	}
	for _, h := range d.contacts {
		c.Offered = c.Offered || h.Asking(u) || h.Transfer != nil && h.Transfer.User == u
	}
	return c
}

func (d *fakeDesk) say(n hotline.Notice) {
	if d.muted {
		return
	}
	for _, tell := range d.tell {
		tell(n)
	}
}

// user adds or changes a user, who is available.
func (d *fakeDesk) user(u hotline.UserID, languages ...string) {
	d.set(u, func(c *hotline.Candidate) { c.Available, c.Languages = true, languages })
}

func (d *fakeDesk) set(u hotline.UserID, change func(*hotline.Candidate)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.users[u]
	change(&c)
	d.users[u] = c
	d.say(hotline.PresenceChanged{User: hotline.User{ID: u}})
	d.changed.Broadcast()
}

// arrive opens a contact.
func (d *fakeDesk) arrive(id hotline.ContactID, change func(*hotline.Contact)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := hotline.Contact{ID: id, Channel: hotline.SMS, State: hotline.Waits, Work: hotline.WorkContact, Opened: d.now(),
		Since: d.now(), LastInbound: d.now(), LastWritten: d.now(), Unanswered: d.now(), Version: 1}
	if change != nil {
		change(&c)
	}
	d.contacts[id] = c
	d.say(hotline.ContactChanged{Contact: c})
	d.changed.Broadcast()
}

// away is the error of SQL while it is away. The caller holds the mutex.
func (d *fakeDesk) away() error {
	if d.down != nil {
		d.failed++
		d.changed.Broadcast()
	}
	return d.down
}

// apply is one transaction.
func (d *fakeDesk) apply(id hotline.ContactID, e hotline.Event) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.away(); err != nil {
		return err
	}
	if _, ok := e.(hotline.Unreachable); ok {
		d.unreachable++
	}
	c, ok := d.contacts[id]
	if !ok {
		return hotline.ErrNotFound
	}
	next, effects, err := d.rules.Apply(c, e)
	if err != nil {
		return err
	}
	if len(effects) == 0 && fmt.Sprint(c) == fmt.Sprint(next) {
		return nil
	}
	said, err := d.effects(next, effects)
	if err != nil {
		return err
	}
	next.Version++
	d.contacts[id] = next
	d.events = append(d.events, e.Name()+" "+string(id))
	for _, n := range append(said, hotline.ContactChanged{Contact: next}) {
		d.say(n)
	}
	d.changed.Broadcast()
	return nil
}

func (d *fakeDesk) effects(c hotline.Contact, effects []hotline.Effect) (said []hotline.Notice, err error) {
	for _, e := range effects {
		if f, ok := e.(hotline.FreeSlot); ok {
			delete(d.slots[f.User], c.ID)
		}
	}
	for _, e := range effects {
		switch e := e.(type) {
		case hotline.HoldSlot:
			texts, calls := d.held(e.User)
			full := texts >= roomForTexts || calls > 0
			if c.Channel == hotline.Voice {
				full = calls >= roomForCalls
			}
			if full || d.slots[e.User][c.ID] {
				return nil, hotline.Say(hotline.ErrConflict, "no room")
			}
			if d.slots[e.User] == nil {
				d.slots[e.User] = make(map[hotline.ContactID]bool)
			}
			d.slots[e.User][c.ID] = true
		case hotline.OpenOffer:
			d.users[e.Offer.User] = touched(d.users[e.Offer.User], e.Offer.Made)
			d.offers = append(d.offers, Pair{Contact: c.ID, User: e.Offer.User, Console: !e.Offer.Phone})
			said = append(said, hotline.OfferMade{Contact: c, User: e.Offer.User, Expires: e.Offer.Expires})
		case hotline.EndOffer:
			said = append(said, hotline.OfferEnded{Contact: c.ID, User: e.Offer.User, Reason: e.Reason})
		}
	}
	return said, nil
}

func touched(c hotline.Candidate, at time.Time) hotline.Candidate {
	c.LastAsked = at
	return c
}

func (d *fakeDesk) Offer(_ context.Context, c hotline.ContactID, u hotline.UserID, console bool) error {
	d.mu.Lock()
	p := Pair{Contact: c, User: u}
	_, refused := d.refuse[p]
	if refused {
		d.refuse[p]++
	}
	if refused || d.down == nil && d.candidate(u).Offered {
		d.mu.Unlock()
		return hotline.Say(hotline.ErrConflict, "she is being asked for another")
	}
	d.mu.Unlock()
	return d.apply(c, hotline.OfferedTo{At: hotline.At(d.now()), User: u, Phone: !console})
}

func (d *fakeDesk) Move(_ context.Context, c hotline.ContactID, e hotline.Event) error {
	return d.apply(c, e)
}

func (d *fakeDesk) Board(context.Context) (hotline.Board, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.boards++
	d.changed.Broadcast()
	b := hotline.Board{Generation: d.generation}
	for _, c := range d.contacts {
		if c.State == hotline.Waits || c.Wanted() {
			b.Waiting = append(b.Waiting, c.ForRouter(d.rules))
		}
		if due := d.rules.Due(c); !due.IsZero() {
			b.Timed = append(b.Timed, hotline.Timed{ID: c.ID, Due: due})
		}
		if c.State == hotline.Active && !c.Unanswered.IsZero() {
			b.Owners = append(b.Owners, c.Owner)
		}
	}
	for u := range d.users {
		b.Users = append(b.Users, d.candidate(u))
	}
	return b, d.away()
}

func (d *fakeDesk) Look(_ context.Context, id hotline.ContactID) (hotline.Waiting, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, ok := d.contacts[id]
	if !ok {
		return hotline.Waiting{}, false, hotline.ErrNotFound
	}
	return c.ForRouter(d.rules), c.Wanted(), d.away()
}

func (d *fakeDesk) Candidate(_ context.Context, u hotline.UserID) (hotline.Candidate, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.candidate(u), d.away()
}

func (d *fakeDesk) Held(_ context.Context, u hotline.UserID) (held hotline.Held, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, c := range d.contacts {
		if c.Asking(u) || c.Transfer != nil && c.Transfer.User == u {
			held.Offered = append(held.Offered, id)
		}
		if c.State == hotline.Active && c.Owner == u && !c.Unanswered.IsZero() {
			held.Awaiting = append(held.Awaiting, id)
		}
	}
	return held, d.away()
}

// until waits for what is true of the model, under its mutex.
func (d *fakeDesk) until(what string, true_ func() bool) {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	late := false
	timer := time.AfterFunc(patience, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		late = true
		d.changed.Broadcast()
	})
	defer timer.Stop()
	for !true_() {
		if late {
			d.t.Fatalf("%s: not after %v; offers %v, events %v", what, patience, d.offers, d.events)
		}
		d.changed.Wait()
	}
}

// offered waits until c is held out to u.
func (d *fakeDesk) offered(c hotline.ContactID, u hotline.UserID) {
	d.t.Helper()
	d.until(fmt.Sprintf("%s is offered to %s", c, u), func() bool {
		return d.contacts[c].Asking(u)
	})
}

// happened waits until event e has happened to c.
func (d *fakeDesk) happened(e string, c hotline.ContactID) {
	d.t.Helper()
	d.until(fmt.Sprintf("%s happens to %s", e, c), func() bool { return slices.Contains(d.events, e+" "+string(c)) })
}

func (d *fakeDesk) accept(c hotline.ContactID, u hotline.UserID) {
	d.t.Helper()
	d.must(d.apply(c, hotline.AcceptedBy{At: hotline.At(d.now()), User: u}))
}

func (d *fakeDesk) decline(c hotline.ContactID, u hotline.UserID) {
	d.t.Helper()
	d.must(d.apply(c, hotline.DeclinedBy{At: hotline.At(d.now()), User: u}))
}

func (d *fakeDesk) close(c hotline.ContactID, u hotline.UserID) {
	d.t.Helper()
	d.must(d.apply(c, hotline.EndedBy{At: hotline.At(d.now()), By: u, Outcome: "done"}))
}

func (d *fakeDesk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// history gives every offer made so far.
func (d *fakeDesk) history() []Pair {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.offers)
}

// do changes the model behind the router's back.
func (d *fakeDesk) do(change func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change()
	d.changed.Broadcast()
}
