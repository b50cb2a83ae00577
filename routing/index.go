package routing

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"hopeline/hotline"
)

// index is what Redis knows. Everything in it can be built again from SQL and from who is connected. Its methods
// return Redis's errors, and errStale when the index belongs to another generation.
type index struct {
	rdb     redis.UniversalClient
	keys    keys
	scripts scripts
	reach   time.Duration // how long ago somebody may have been seen to be asked
	lease   time.Duration // how long a claim or a due contact is put off
	wait    time.Duration // how long Redis may take for an answer
}

// errStale says that the index has to be built anew.
var errStale = errors.New("the index is of another generation")

// batch is how many things one script writes at most: Redis serves nobody else meanwhile.
const batch = 100

// place is where a contact stands, in the words of contact.lua.
type place string

const (
	waiting   place = "waiting"
	resting   place = "resting"
	elsewhere place = "elsewhere" // it has an owner, or is being asked, or is to be followed up
	closed    place = "closed"    // or not known to SQL
)

// standing is where one contact stands by SQL.
type standing struct {
	id      hotline.ContactID
	version int64 // 0: read from SQL just now
	place   place
	order   int64
	record  string
	due     int64 // ms; 0: no next step by the clock
}

// stands gives the standing of a contact as a transaction left it.
func stands(c hotline.Contact, r hotline.Rules) standing {
	s := looked(c.ForRouter(r), c.Wanted())
	s.version = c.Version
	switch {
	case c.State == hotline.Closed:
		s.place = closed
	case c.State != hotline.Waits && !c.Wanted():
		s.place = elsewhere
	}
	return s
}

// looked gives the standing of a contact that was read. Wanted: somebody is to be asked for it now.
func looked(w hotline.Waiting, wanted bool) standing {
	s := standing{id: w.ID, place: elsewhere, order: order(w), record: contactRecord(w), due: dueMs(w.Due)}
	switch {
	case wanted:
		s.place = waiting
	case w.Rests:
		s.place = resting
	}
	return s
}

func (s standing) queued() bool { return s.place == waiting || s.place == resting }

// bound gives every call to Redis its time.
func (x *index) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, x.wait)
}

func (x *index) run(ctx context.Context, s *redis.Script, keys []string, args ...any) *redis.Cmd {
	ctx, done := x.bound(ctx)
	defer done()
	return s.Run(ctx, x.rdb, keys, args...)
}

// putContacts writes where contacts stand. Each may be in the list once.
func (x *index) putContacts(ctx context.Context, list []standing) error {
	keys := []string{x.keys.queue, x.keys.contacts, x.keys.lapping, x.keys.clock}
	for len(list) > 0 {
		n := min(batch, len(list))
		args := make([]any, 0, 6*n)
		for _, s := range list[:n] {
			args = append(args, string(s.id), s.version, string(s.place), s.order, s.record, s.due)
		}
		if err := x.run(ctx, x.scripts.contact, keys, args...).Err(); err != nil {
			return fmt.Errorf("put contacts: %w", err)
		}
		list = list[n:]
	}
	return nil
}

// putUsers writes where users stand, and ends the claims on them. Each may be in the list once.
func (x *index) putUsers(ctx context.Context, now time.Time, list []hotline.Candidate) error {
	keys := []string{x.keys.texts, x.keys.calls, x.keys.users, x.keys.asked, x.keys.seen, x.keys.state, x.keys.claims}
	for len(list) > 0 {
		n := min(batch, len(list))
		args := append(make([]any, 0, 2+3*n), ms(now), x.reach.Milliseconds())
		for _, c := range list[:n] {
			asked := 0
			if c.Offered {
				asked = 1
			}
			args = append(args, string(c.ID), userRecord(c), asked)
		}
		if err := x.run(ctx, x.scripts.user, keys, args...).Err(); err != nil {
			return fmt.Errorf("put users: %w", err)
		}
		list = list[n:]
	}
	return nil
}

// sighting is when a user was last reachable.
type sighting struct {
	user hotline.UserID
	at   time.Time
}

// putSeen writes when users were last reachable. Each may be in the list once.
func (x *index) putSeen(ctx context.Context, now time.Time, list []sighting) error {
	keys := []string{x.keys.texts, x.keys.calls, x.keys.users, x.keys.seen}
	for len(list) > 0 {
		n := min(batch, len(list))
		args := append(make([]any, 0, 2+2*n), ms(now), x.reach.Milliseconds())
		for _, s := range list[:n] {
			args = append(args, string(s.user), ms(s.at))
		}
		if err := x.run(ctx, x.scripts.seen, keys, args...).Err(); err != nil {
			return fmt.Errorf("put seen: %w", err)
		}
		list = list[n:]
	}
	return nil
}

// many is how many contacts one run of match.lua looks at.
const many = 128

// spot is a place in the queue: so many of one order are left out.
type spot struct {
	order string
	left  int64
}

// front is before everybody.
var front = spot{order: "-inf"}

// match picks the next pair, looking from a spot on. Next is where to go on; found and more tell whether there is a
// pair, and whether there is anything left to look at.
func (x *index) match(ctx context.Context, now time.Time, generation string, from spot) (p Pair, next spot, found, more bool, err error) {
	k := x.keys
	keys := []string{k.queue, k.contacts, k.texts, k.calls, k.users, k.seen, k.claims, k.state}
	r, err := x.run(ctx, x.scripts.match, keys,
		ms(now), x.reach.Milliseconds(), generation, x.lease.Milliseconds(), from.order, from.left, many).Slice()
	if err != nil {
		return p, from, false, false, fmt.Errorf("match: %w", err)
	}
	switch word := r[0]; {
	case word == "stale":
		return p, from, false, false, errStale
	case word == "none":
		return p, from, false, false, nil
	case word == "more":
		return p, spot{r[1].(string), r[2].(int64)}, false, true, nil
	default:
		p = Pair{Contact: hotline.ContactID(r[1].(string)), User: hotline.UserID(r[2].(string)), Wakes: word == "wake",
			Console: r[5].(int64) == 1}
		return p, spot{r[3].(string), r[4].(int64)}, true, true, nil
	}
}

// settle ends the claim on a contact.
func (x *index) settle(ctx context.Context, c hotline.ContactID) error {
	ctx, done := x.bound(ctx)
	defer done()
	if err := x.rdb.ZRem(ctx, x.keys.claims, "c "+string(c)).Err(); err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	return nil
}

// reached is what the clock has reached, and how the queue stands.
type reached struct {
	contacts []hotline.ContactID // their next step is due
	lost     []hotline.ContactID // matched by somebody who died before the offer
	free     []hotline.UserID    // the same
	waiting  int64
	oldest   int64 // ms since when the longest waits; 0: nobody waits
}

// due takes up to batch of what the clock has reached, and puts it off by the lease.
func (x *index) due(ctx context.Context, now time.Time, generation string) (reached, error) {
	keys := []string{x.keys.clock, x.keys.claims, x.keys.queue, x.keys.state}
	r, err := x.run(ctx, x.scripts.due, keys, ms(now), generation, x.lease.Milliseconds(), batch).Slice()
	if err != nil {
		return reached{}, fmt.Errorf("read the clock: %w", err)
	}
	if r[0] == "stale" {
		return reached{}, errStale
	}
	var got reached
	for _, c := range r[1].([]any) {
		got.contacts = append(got.contacts, hotline.ContactID(c.(string)))
	}
	for _, c := range r[2].([]any) {
		switch member := c.(string); member[:2] {
		case "c ":
			got.lost = append(got.lost, hotline.ContactID(member[2:]))
		case "u ":
			got.free = append(got.free, hotline.UserID(member[2:]))
		}
	}
	queue := r[3].([]any)
	got.waiting = queue[0].(int64)
	got.oldest, err = strconv.ParseInt(queue[1].(string), 10, 64)
	return got, err
}
