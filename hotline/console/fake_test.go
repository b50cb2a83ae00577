package console

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"time"

	"hopeline/hotline"
)

// start is when every test begins.
var start = time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)

// house is all of what a console asks for, in memory, with the rules of package hotline. Its clock stands still unless
// it is moved, and its ids are counted.
type house struct {
	tell func(hotline.Notice)

	mu       sync.Mutex
	now      time.Time
	count    int
	users    []*hotline.User
	sessions map[string]session // by token
	contacts []*hotline.Contact
	messages []hotline.Message
	notes    []hotline.Note
	triages  map[hotline.ContactID]hotline.Triage
	plans    map[hotline.LineID][]byte // rotas, by line
	tiers    []hotline.OnDuty          // whatever the rotas say
	people   map[hotline.UserID]bool   // as Presence was last told
	came     chan string               // what Presence was told
	slower   bool
	broken   error // when set, everything that reads the database gives it
	stuck    *hold
	files    map[hotline.MediaID]string
}

type session struct {
	user  *hotline.User
	since time.Time
	enrol bool
}

func newHouse() *house {
	h := &house{
		tell: func(hotline.Notice) {}, now: start, sessions: map[string]session{},
		triages: map[hotline.ContactID]hotline.Triage{}, plans: map[hotline.LineID][]byte{}, people: map[hotline.UserID]bool{}, came: make(chan string, 10_000),
	}
	for _, u := range []hotline.User{
		{ID: "ann", Name: "Ann", Role: hotline.Counsellor, Languages: []string{"en", "da"}},
		{ID: "bo", Name: "Bo", Role: hotline.Counsellor},
		{ID: "sue", Name: "Sue", Role: hotline.Supervisor, Languages: []string{"en"}},
		{ID: "adam", Name: "Adam", Role: hotline.Admin},
	} {
		u.State, u.Voice = hotline.Away, hotline.InBrowser
		h.users = append(h.users, &u)
	}
	return h
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) id(kind string) string {
	h.count++
	return fmt.Sprintf("%s-%d", kind, h.count)
}

func (h *house) user(id hotline.UserID) *hotline.User {
	for _, u := range h.users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

func (h *house) find(id hotline.ContactID) (*hotline.Contact, error) {
	if h.broken != nil {
		return nil, h.broken
	}
	for _, c := range h.contacts {
		if c.ID == id {
			return c, nil
		}
	}
	return nil, hotline.Say(hotline.ErrNotFound, "There is no such contact, or it is not yours to see.")
}

// apply is one transaction: the event, and the notices after it.
func (h *house) apply(c *hotline.Contact, e hotline.Event) error {
	next, effects, err := hotline.DefaultRules.Apply(*c, e)
	if err != nil {
		return err
	}
	if len(effects) == 0 && reflect.DeepEqual(next, *c) {
		return nil // nothing happened
	}
	next.Version = c.Version + 1
	*c = next
	for _, effect := range effects {
		switch effect := effect.(type) {
		case hotline.OpenOffer:
			h.tell(hotline.OfferMade{Contact: next, User: effect.Offer.User, Expires: effect.Offer.Expires})
		case hotline.EndOffer:
			h.tell(hotline.OfferEnded{Contact: next.ID, User: effect.Offer.User, Reason: effect.Reason})
		}
	}
	h.tell(hotline.ContactChanged{Contact: next})
	return nil
}

func (h *house) at() hotline.At { return hotline.At(h.now) }

// do finds a contact and applies an event.
func (h *house) do(id hotline.ContactID, e func() hotline.Event) (hotline.Contact, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c, err := h.find(id)
	if err != nil {
		return hotline.Contact{}, err
	}
	err = h.apply(c, e())
	return *c, err
}

func (h *house) Accept(_ context.Context, v hotline.Viewer, c hotline.ContactID) (hotline.Contact, error) {
	return h.do(c, func() hotline.Event { return hotline.AcceptedBy{At: h.at(), User: v.ID} })
}

func (h *house) Decline(_ context.Context, v hotline.Viewer, c hotline.ContactID, _ string) error {
	_, err := h.do(c, func() hotline.Event { return hotline.DeclinedBy{At: h.at(), User: v.ID} })
	return err
}

func (h *house) Take(_ context.Context, v hotline.Viewer, c hotline.ContactID) (hotline.Contact, error) {
	return h.do(c, func() hotline.Event { return hotline.TakenBy{At: h.at(), User: v.ID} })
}

func (h *house) Transfer(_ context.Context, v hotline.Viewer, c hotline.ContactID, to, _ string) error {
	_, err := h.do(c, func() hotline.Event {
		if to == "queue" {
			return hotline.HandedBack{At: h.at(), By: v.ID}
		}
		return hotline.HandedTo{At: h.at(), By: v.ID, To: hotline.UserID(to)}
	})
	return err
}

func (h *house) Close(_ context.Context, v hotline.Viewer, c hotline.ContactID, outcome string) error {
	_, err := h.do(c, func() hotline.Event { return hotline.EndedBy{At: h.at(), By: v.ID, Outcome: outcome} })
	return err
}

// read finds a contact whose words v may read.
func (h *house) read(v hotline.Viewer, id hotline.ContactID) (*hotline.Contact, error) {
	c, err := h.find(id)
	if err == nil && !v.ReadsWords(*c) {
		err = hotline.Say(hotline.ErrNotFound, "There is no such contact, or it is not yours to see.")
	}
	return c, err
}

func (h *house) Open(_ context.Context, v hotline.Viewer, id hotline.ContactID, _ hotline.MessageID, limit int) (hotline.Record, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c, err := h.read(v, id)
	if err != nil {
		return hotline.Record{}, err
	}
	r := hotline.Record{Contact: *c, Triage: h.triages[id]}
	for _, m := range h.messages {
		if m.Contact == id {
			r.Messages = append(r.Messages, m)
		}
	}
	for _, n := range h.notes {
		if n.Contact == id {
			r.Notes = append(r.Notes, n)
		}
	}
	r.Messages = r.Messages[max(0, len(r.Messages)-limit):]
	return r, nil
}

func (h *house) Send(_ context.Context, v hotline.Viewer, id hotline.ContactID, text, ref string, safe bool) (hotline.Message, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c, err := h.read(v, id)
	if err != nil {
		return hotline.Message{}, err
	}
	for _, m := range h.messages {
		if m.Ref == ref && m.By == v.ID {
			return m, nil
		}
	}
	if !safe && h.now.Sub(c.LastInbound) > hotline.DefaultRules.Quiet {
		return hotline.Message{}, hotline.ErrStillSafe
	}
	if err := h.apply(c, hotline.Replied{At: h.at(), By: v.ID}); err != nil {
		return hotline.Message{}, err
	}
	m := hotline.Message{ID: hotline.MessageID(h.id("message")), Contact: id, Direction: hotline.Out, Text: text, At: h.now,
		By: v.ID, Ref: ref, Status: hotline.Queued}
	h.messages = append(h.messages, m)
	h.tell(hotline.MessageAdded{Contact: *c, Message: m})
	return m, nil
}

func (h *house) Note(_ context.Context, v hotline.Viewer, id hotline.ContactID, text string, revises hotline.NoteID) (hotline.Note, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c, err := h.read(v, id)
	if err != nil {
		return hotline.Note{}, err
	}
	n := hotline.Note{ID: hotline.NoteID(h.id("note")), Contact: id, Text: text, At: h.now, By: v.ID, Revises: revises}
	h.notes = append(h.notes, n)
	h.tell(hotline.NoteAdded{Contact: *c, Note: n})
	return n, nil
}

func (h *house) Triage(_ context.Context, v hotline.Viewer, id hotline.ContactID, changes map[string]string) (hotline.Triage, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c, err := h.read(v, id)
	if err != nil {
		return hotline.Triage{}, err
	}
	t := h.triages[id]
	if err := t.Set(changes); err != nil {
		return hotline.Triage{}, err
	}
	h.triages[id] = t
	if err := h.apply(c, hotline.Triaged{At: h.at(), Priority: t.Priority(), Language: t.Language, AsksFor: t.Asks()}); err != nil {
		return hotline.Triage{}, err
	}
	h.tell(hotline.TriageChanged{Contact: *c, Triage: t})
	return t, nil
}

func (h *house) Bar(_ context.Context, v hotline.Viewer, c hotline.ContactID, user hotline.UserID, on bool) (hotline.Contact, error) {
	return h.do(c, func() hotline.Event { return hotline.BarredTo{At: h.at(), User: user, On: on} })
}

func (h *house) ChangeUser(_ context.Context, _ hotline.Viewer, user hotline.UserID, languages []string, gender hotline.Gender) (hotline.User, error) {
	return hotline.User{ID: user, Languages: languages, Gender: gender}, nil
}

func (h *house) Read(_ context.Context, v hotline.Viewer, c hotline.ContactID) error {
	_, err := h.do(c, func() hotline.Event { return hotline.WasRead{At: h.at(), By: v.ID} })
	return err
}

func (h *house) Overview(_ context.Context, v hotline.Viewer) (hotline.Overview, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.broken != nil {
		return hotline.Overview{}, h.broken
	}
	o := hotline.Overview{User: v.User, Queue: h.queue(), RotaSaved: len(h.plans) > 0, Duty: h.tiers}
	if u := h.user(v.ID); u != nil {
		o.User = *u
	}
	for _, u := range h.users {
		o.Users = append(o.Users, *u)
	}
	for _, c := range h.contacts {
		open, asked := c.OfferTo(v.ID)
		switch {
		case c.Live() && c.Owner == v.ID:
			o.Contacts = append(o.Contacts, *c)
		case asked:
			o.Offers = append(o.Offers, hotline.HeldOffer{Contact: *c, Expires: open.Expires})
		case c.Live() && c.Overdue:
			o.Others = append(o.Others, *c)
		}
	}
	return o, nil
}

func (h *house) line() []hotline.Contact {
	var line []hotline.Contact
	for _, c := range h.contacts {
		if queued(*c) {
			line = append(line, *c)
		}
	}
	slices.SortStableFunc(line, func(a, b hotline.Contact) int {
		return cmp.Or(cmp.Compare(b.Priority, a.Priority), a.Since.Compare(b.Since))
	})
	return line
}

func (h *house) Waiting(_ context.Context, _ hotline.Viewer, limit int) ([]hotline.Contact, int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	line := h.line()
	return line[:min(limit, len(line))], len(line), h.broken
}

func (h *house) queue() hotline.Queue {
	q := hotline.Queue{}
	for _, c := range h.line() {
		q.Waiting++
		if q.Longest.IsZero() || c.Since.Before(q.Longest) {
			q.Longest = c.Since
		}
	}
	return q
}

func (h *house) Queue(context.Context) (hotline.Queue, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.queue(), h.broken
}

func (h *house) SetPresence(ctx context.Context, v hotline.Viewer, state hotline.Presence, voice hotline.Ringing) (hotline.User, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if stuck := h.stuck; stuck != nil {
		h.mu.Unlock()
		err := stuck.wait(ctx)
		h.mu.Lock()
		if err != nil {
			return hotline.User{}, err
		}
	}
	u := h.user(v.ID)
	u.State, u.Voice = cmp.Or(state, u.State), cmp.Or(voice, u.Voice)
	h.tell(hotline.PresenceChanged{User: *u})
	return *u, nil
}

// hold keeps presence.set from ending.
type hold struct {
	entered chan struct{} // holds a token once somebody is held
	free    chan struct{}
}

func (h *house) hold() *hold {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stuck = &hold{entered: make(chan struct{}, 1), free: make(chan struct{})}
	return h.stuck
}

func (o *hold) wait(ctx context.Context) error {
	nudge(o.entered)
	select {
	case <-o.free:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *house) Seen(u hotline.UserID) { h.present(u, true) }
func (h *house) Gone(u hotline.UserID) { h.present(u, false) }

func (h *house) present(u hotline.UserID, here bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.people[u] = here
	word := "gone "
	if here {
		word = "seen "
	}
	select {
	case h.came <- word + string(u):
	default:
	}
}

func (h *house) Degraded() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.slower
}

// set changes the house under its lock.
func (h *house) set(change func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change()
}

// text is somebody writing to the hotline: to her open contact, or to a new one.
func (h *house) text(from, words string) hotline.ContactID {
	h.mu.Lock()
	defer h.mu.Unlock()
	var c *hotline.Contact
	for _, open := range h.contacts {
		if open.Address.Full() == from && open.State != hotline.Closed {
			c = open
		}
	}
	if c == nil {
		opened := hotline.Open(hotline.ContactID(h.id("contact")), hotline.AddressOf(from), hotline.AddressOf("+4570201550"), h.now)
		c = &opened
		h.contacts = append(h.contacts, c)
	}
	if err := h.apply(c, hotline.Arrived{At: h.at(), Stop: hotline.StopWord(words), Guess: "en"}); err != nil {
		panic(err)
	}
	m := hotline.Message{ID: hotline.MessageID(h.id("message")), Contact: c.ID, Direction: hotline.In, Text: words, At: h.now}
	h.messages = append(h.messages, m)
	h.tell(hotline.MessageAdded{Contact: *c, Message: m})
	return c.ID
}

// happens applies an event that no console makes.
func (h *house) happens(id hotline.ContactID, e func(at hotline.At) hotline.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.contacts {
		if c.ID == id {
			if err := h.apply(c, e(h.at())); err != nil {
				panic(err)
			}
		}
	}
}

func (h *house) offer(id hotline.ContactID, to hotline.UserID) {
	h.happens(id, func(at hotline.At) hotline.Event { return hotline.OfferedTo{At: at, User: to} })
}

// report is news of a message of ours.
func (h *house) report(id hotline.MessageID, status hotline.Delivery, why *hotline.Failure) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range h.messages {
		m := &h.messages[i]
		if m.ID != id {
			continue
		}
		m.Status, m.Failure = status, why
		for _, c := range h.contacts {
			if c.ID == m.Contact {
				h.tell(hotline.StatusChanged{Contact: *c, Message: id, Status: status, Failure: why})
			}
		}
	}
}
