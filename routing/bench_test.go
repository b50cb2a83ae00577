package routing

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"

	"hopeline/hotline"
)

// bigBoard is a bad night: many wait, five hundred are there, in eight languages.
func bigBoard(now time.Time, waiting int) (hotline.Board, []sighting) {
	languages := []string{"da", "en", "ro", "pcm", "th", "pl", "ar", "uk"}
	b := hotline.Board{Generation: "g"}
	var seen []sighting
	for i := range waiting {
		b.Waiting = append(b.Waiting, hotline.Waiting{ID: hotline.ContactID(fmt.Sprintf("0192f5c0-7a3e-7bbb-9c1d-%012d", i)),
			Since: now.Add(-time.Duration(i) * time.Second), Priority: i % 4, Language: languages[i%len(languages)],
			Due: now.Add(time.Hour)})
	}
	for i := range 500 {
		u := hotline.Candidate{ID: hotline.UserID(fmt.Sprintf("0192f5c0-1111-7bbb-9c1d-%012d", i)), Available: true, FreeTexts: 3,
			FreeCalls: 1, Tiers: map[hotline.LineID]int{"*": 1 + i/400},
			Languages: []string{languages[i%len(languages)], languages[(i+3)%len(languages)]}, LastAsked: now.Add(-time.Duration(i) * time.Minute)}
		b.Users, seen = append(b.Users, u), append(seen, sighting{u.ID, now})
	}
	return b, seen
}

// BenchmarkMatch is one decision on that night, as a ratio to the least that a script costs on the same server in the
// same run, one client, turn by turn.
func BenchmarkMatch(b *testing.B) {
	for _, night := range []struct {
		name    string
		waiting int
	}{{"redis", 10_000}, {"redis", 1000}, {"embedded", 10_000}, {"embedded", 1000}} {
		b.Run(fmt.Sprint(night.name, "/", night.waiting), func(b *testing.B) {
			ctx, now := context.Background(), time.Now()
			x := testIndex(b, servers[night.name](b))
			board, seen := bigBoard(now, night.waiting)
			if err := fill(ctx, x, board, now, seen); err != nil {
				b.Fatal(err)
			}
			least := redis.NewScript(`return redis.call('GET', KEYS[1])`)
			if err := x.rdb.Set(ctx, x.keys.asked+":least", "1", 0).Err(); err != nil {
				b.Fatal(err)
			}
			var matching, evaluating time.Duration
			runs := 0
			for b.Loop() {
				if runs%400 == 399 { // most are asked: begin the night again
					b.StopTimer()
					if err := fill(ctx, x, board, now, nil); err == nil {
						b.StartTimer()
					}
				}
				runs++
				begin := time.Now()
				_, _, found, _, err := x.match(ctx, now, "g", front)
				matching += time.Since(begin)
				if err != nil || !found {
					b.Fatalf("match() found %v, %v", found, err)
				}
				begin = time.Now()
				if err := x.run(ctx, least, []string{x.keys.asked + ":least"}).Err(); err != nil {
					b.Fatal(err)
				}
				evaluating += time.Since(begin)
			}
			b.ReportMetric(float64(runs)/matching.Seconds(), "matches/s")
			b.ReportMetric(float64(runs)/evaluating.Seconds(), "evalsha/s")
			b.ReportMetric(evaluating.Seconds()/matching.Seconds(), "ratio")
		})
	}
}

// BenchmarkFreeToOffered is from the moment a counsellor has room until the next contact is offered to her, in SQL's
// model, with a queue behind it. Nothing of it waits for a sweep.
func BenchmarkFreeToOffered(b *testing.B) {
	for _, name := range []string{"redis", "embedded"} {
		b.Run(name, func(b *testing.B) {
			t := &testing.T{}
			opts := Options{Prefix: prefix()}
			c := &clock{}
			d := newDesk(t, c.now)
			r := New(dial(b, servers[name](b)), d, d.rules, c.now, zap.NewNop(), nil, opts)
			d.tell = append(d.tell, r.Tell)
			for i := range 1000 {
				d.arrive(hotline.ContactID(fmt.Sprint("queued", i)), nil)
			}
			ctx, cancel := context.WithCancel(context.Background())
			ended := make(chan error, 1)
			go func() { ended <- r.Run(ctx) }()
			defer func() { cancel(); <-ended }()
			d.user("ann")
			r.Seen("ann")
			held := func(n int) hotline.ContactID { // the n-th that is offered
				var c hotline.ContactID
				d.until("she is asked", func() bool { return len(d.offers) > n })
				d.do(func() { c = d.offers[n].Contact })
				return c
			}
			for n := range roomForTexts { // she is full
				d.accept(held(n), "ann")
			}
			var took []time.Duration
			for n := roomForTexts; b.Loop(); n++ {
				b.StopTimer()
				done := held(n - 1)
				b.StartTimer()
				begin := time.Now()
				d.close(done, "ann")
				next := held(n)
				took = append(took, time.Since(begin))
				b.StopTimer()
				d.accept(next, "ann")
				d.do(func() { delete(d.contacts, done) })
				d.arrive(hotline.ContactID(fmt.Sprint("new", n)), nil)
				b.StartTimer()
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

// BenchmarkRebuild makes the index of that night from SQL.
func BenchmarkRebuild(b *testing.B) {
	for _, name := range []string{"redis", "embedded"} {
		b.Run(name, func(b *testing.B) {
			ctx, now := context.Background(), time.Now()
			x := testIndex(b, servers[name](b))
			board, seen := bigBoard(now, 10_000)
			for b.Loop() {
				if mine, err := x.shut(ctx); err != nil || !mine {
					b.Fatal(mine, err)
				}
				if err := fill(ctx, x, board, now, seen); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
