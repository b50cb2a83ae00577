package routing

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hopeline/hotline"
)

// testIndex is an index under a prefix of its own.
func testIndex(t testing.TB, url string) *index {
	return &index{rdb: dial(t, url), keys: keysUnder(prefix()), scripts: newScripts(), reach: 30 * time.Second,
		lease: 5 * time.Second, wait: 10 * time.Second}
}

// fill builds the index from a board, with those seen who are fresh.
func fill(ctx context.Context, x *index, b hotline.Board, now time.Time, seen []sighting) error {
	if err := x.putSeen(ctx, now, seen); err != nil {
		return err
	}
	var all []standing
	for _, s := range wanted(b) {
		all = append(all, s)
	}
	if err := x.putContacts(ctx, all); err != nil {
		return err
	}
	if err := x.putUsers(ctx, now, b.Users); err != nil {
		return err
	}
	return x.open(ctx, state{generation: b.Generation, built: now})
}

// matchAll takes pairs until there are none.
func matchAll(ctx context.Context, x *index, now time.Time, generation string) (pairs []Pair, err error) {
	from := front
	for more := true; more; {
		var p Pair
		var found bool
		if p, from, found, more, err = x.match(ctx, now, generation, from); err != nil {
			return nil, err
		}
		if found {
			pairs = append(pairs, p)
		}
	}
	return pairs, nil
}

// match.lua and Pick are one rule, on any board, on both Redises.
func TestMatchAgreesWithPick(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		x := testIndex(t, url)
		now := at(1000)
		rapid.Check(t, func(t *rapid.T) {
			ctx := context.Background()
			b, seen := someBoard(t)
			x.keys = keysUnder(prefix())
			if err := fill(ctx, x, b, now, seen); err != nil {
				t.Fatal(err)
			}
			fresh := func(u hotline.UserID) bool {
				return slices.ContainsFunc(seen, func(s sighting) bool { return s.user == u && now.Sub(s.at) <= x.reach })
			}
			got, err := matchAll(ctx, x, now, "g")
			if err != nil {
				t.Fatal(err)
			}
			_, lapping, err := x.asked(ctx)
			if err != nil {
				t.Fatal(err)
			}
			onDuty, err := x.onDuty(ctx)
			if err != nil {
				t.Fatal(err)
			}
			var laps, unfit []hotline.ContactID
			for _, w := range lapping {
				if nobodyFits(w, onDuty, fresh) {
					unfit = append(unfit, w.ID)
				}
				paired := slices.ContainsFunc(got, func(p Pair) bool { return p.Contact == w.ID })
				if !paired && lapOver(w, onDuty, fresh) {
					laps = append(laps, w.ID)
				}
			}
			pairs, wantLaps := Pick(b.Waiting, b.Users, fresh)
			if got, want := spell(got, laps), spell(pairs, wantLaps); got != want {
				t.Errorf("match.lua gives %s, Pick %s", got, want)
			}
			var wantUnfit []hotline.ContactID
			for _, w := range b.Waiting {
				if nobodyFits(w, b.Users, fresh) {
					wantUnfit = append(wantUnfit, w.ID)
				}
			}
			if got, want := spell(nil, unfit), spell(nil, wantUnfit); got != want {
				t.Errorf("by the index nobody fits %s, by the board %s", got, want)
			}
			wellAsked(t, b, pairs, fresh)
			x.rdb.Del(ctx, append(x.keys.rebuilt(), x.keys.seen, x.keys.state)...)
		})
	})
}

// Putting the same board on an index twice, or on top of another, leaves what building it anew would.
func TestMendMakesWhatARebuildMakes(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		x := testIndex(t, url)
		now := at(1000)
		rapid.Check(t, func(t *rapid.T) {
			ctx := context.Background()
			before, seenBefore := someBoard(t)
			after, seen := someBoard(t)
			x.keys = keysUnder(prefix())
			defer x.rdb.Del(ctx, append(x.keys.rebuilt(), x.keys.seen, x.keys.state)...)
			if err := fill(ctx, x, before, now, seenBefore); err != nil {
				t.Fatal(err)
			}
			if err := x.putSeen(ctx, now, seen); err != nil {
				t.Fatal(err)
			}
			have, err := x.snapshot(ctx)
			if err != nil {
				t.Fatal(err)
			}
			reached, err := x.seenSince(ctx, now.Add(-x.reach))
			if err != nil {
				t.Fatal(err)
			}
			users := have.wrongUsers(after.Users, reached)
			if err := x.putContacts(ctx, have.wrongContacts(wanted(after), now, x.lease)); err != nil {
				t.Fatal(err)
			}
			if err := x.putUsers(ctx, now, users); err != nil {
				t.Fatal(err)
			}
			fresh := func(u hotline.UserID) bool { _, ok := reached[u]; return ok }
			got, err := matchAll(ctx, x, now, "g")
			if err != nil {
				t.Fatal(err)
			}
			want, _ := Pick(after.Waiting, after.Users, fresh)
			if spell(got, nil) != spell(want, nil) {
				t.Errorf("a mended index matches %s, Pick %s", spell(got, nil), spell(want, nil))
			}
		})
	})
}

// Sixteen clients take pairs at once: no contact and no user is in two of them, and nothing is left that could be one.
func TestMatchGivesNothingTwice(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		x := testIndex(t, url)
		ctx, now := context.Background(), at(1000)
		b := hotline.Board{Generation: "g"}
		var seen []sighting
		for i := range 120 {
			b.Waiting = append(b.Waiting, hotline.Waiting{ID: hotline.ContactID(fmt.Sprint("c", i)), Since: at(i % 7),
				Language: []string{"da", "en", ""}[i%3]})
			u := free(hotline.UserID(fmt.Sprint("u", i)), i%5, []string{"da", "ro"}[i%2])
			b.Users, seen = append(b.Users, u), append(seen, sighting{u.ID, now})
		}
		if err := fill(ctx, x, b, now, seen); err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		contacts, users := make(map[hotline.ContactID]int), make(map[hotline.UserID]int)
		var clients sync.WaitGroup
		for range 16 {
			clients.Go(func() {
				pairs, err := matchAll(ctx, x, now, "g")
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				for _, p := range pairs {
					contacts[p.Contact]++
					users[p.User]++
				}
			})
		}
		clients.Wait()
		for id, n := range contacts {
			if n > 1 {
				t.Errorf("contact %s was matched %d times", id, n)
			}
		}
		for id, n := range users {
			if n > 1 {
				t.Errorf("user %s was matched %d times", id, n)
			}
		}
		if left, err := matchAll(ctx, x, now, "g"); err != nil || len(contacts)+len(left) != 120 {
			t.Errorf("matched %d contacts, then %d more (%v), want all 120", len(contacts), len(left), err)
		}
	})
}
