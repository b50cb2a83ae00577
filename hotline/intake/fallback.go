package intake

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"go.uber.org/zap"

	"hopeline/deploy/fallback"
	"hopeline/hotline"
	"hopeline/routing/rota"
	"hopeline/storage"
)

// Fallback is what the host that answers without us should know beside the rota.
type Fallback struct {
	Lines     []hotline.Address
	Languages []string        // in which callers are greeted, in this order
	Backup    hotline.Address // a number outside that is rung last; empty: none
}

// planned is for how many days the host is told who is on duty: as long as nobody mends the house.
const planned = 8

// Plan is whom to ring on each line from this day on. It changes once a day by itself. A person on duty is rung
// whatever her switch said when the house went down; while no rota was ever saved, whoever is available is on duty.
func (f Fallback) Plan(ctx context.Context, store *storage.Store, now time.Time) (fallback.Plan, error) {
	roster, err := store.Roster(ctx)
	if err != nil {
		return fallback.Plan{}, err
	}
	staff, err := store.Staff(ctx)
	if err != nil {
		return fallback.Plan{}, err
	}
	staff = slices.DeleteFunc(staff, func(u hotline.User) bool { return !canAnswer(u) || u.Phone == "" })
	plan := f.Lineup()
	plan.Made = now.UTC()
	for line, l := range plan.Lines {
		if roster.Everyone {
			l.Duty = everyone(staff)
		} else if r, err := of(roster.Plans, line); err == nil {
			l.Duty = dutyOf(r, roster.Relieved, staff, now.UTC().Truncate(24*time.Hour))
		}
		plan.Lines[line] = l
	}
	return plan, plan.Check()
}

// Lineup is a plan of the lines that can be called, without anybody on duty.
func (f Fallback) Lineup() fallback.Plan {
	plan := fallback.Plan{Lines: map[string]fallback.Line{}}
	for _, address := range f.Lines {
		if line := string(address.Line()); line == address.Full() { // a channel is texted, not called
			plan.Lines[line] = fallback.Line{Languages: f.Languages, Backup: f.Backup.Full(), Duty: []fallback.Person{}}
		}
	}
	return plan
}

// everyone is all who are available.
func everyone(staff []hotline.User) []fallback.Person {
	all := []fallback.Person{}
	for _, u := range staff {
		if u.State == hotline.Available {
			all = append(all, rung(u, time.Time{}, time.Time{}))
		}
	}
	return all
}

// dutyOf is who is on duty in the days to come, by time and tier. Whoever cannot just now is rung after that.
func dutyOf(r rota.Schedule, relieved map[hotline.UserID]time.Time, staff []hotline.User, from time.Time) []fallback.Person {
	all := []fallback.Person{}
	for _, segment := range rota.Resolve(r, from, from.AddDate(0, 0, planned)) {
		for _, tier := range segment.Tiers {
			for _, id := range tier.Users {
				i := slices.IndexFunc(staff, func(u hotline.User) bool { return string(u.ID) == id })
				if i < 0 {
					continue
				}
				start := segment.Start
				if until := relieved[staff[i].ID]; until.After(start) {
					start = until
				}
				if start.Before(segment.End) {
					all = append(all, rung(staff[i], start, segment.End))
				}
			}
		}
	}
	return all
}

func rung(u hotline.User, from, until time.Time) fallback.Person {
	p := fallback.Person{ID: string(u.ID), Phone: u.Phone, From: from, Until: until}
	if len(u.Languages) > 0 {
		p.Speaks = u.Languages[0]
	}
	return p
}

// Pushes brings a plan to the fallback host.
type Pushes interface {
	Push(ctx context.Context, p fallback.Plan) error
}

// Pusher keeps the fallback host's plan that of now. While the host is away it tries again and again; nothing else
// waits for it.
type Pusher struct {
	what  Fallback
	store *storage.Store
	to    Pushes
	now   func() time.Time
	log   *zap.Logger

	waker
	look   time.Duration // between two looks at the rota
	again  time.Duration // after which an unchanged plan is pushed once more
	pushed prometheus.Gauge
}

// NewPusher makes a pusher.
func NewPusher(what Fallback, store *storage.Store, to Pushes, now func() time.Time, log *zap.Logger, reg prometheus.Registerer) *Pusher {
	return &Pusher{what: what, store: store, to: to, now: now, log: log, waker: newWaker(), look: 10 * time.Second, again: 10 * time.Minute,
		pushed: promauto.With(reg).NewGauge(prometheus.GaugeOpts{Name: "hotline_fallback_pushed_at",
			Help: "When the fallback host last took a plan, in seconds since 1970; 0: not since the start."})}
}

// Tell lets Run look when somebody's duty or switch changed here. What changes elsewhere is seen at the next look.
func (p *Pusher) Tell(n hotline.Notice) {
	switch n.(type) {
	case hotline.DutyChanged, hotline.PresenceChanged:
		p.Wake()
	}
}

// Run pushes at once, within 10 s of every change, and every 10 minutes, until ctx ends.
func (p *Pusher) Run(ctx context.Context) error {
	var held pushedPlan
	p.rounds(ctx, func() time.Duration {
		was := held
		held = p.step(ctx, was)
		if held.failed && !was.failed && ctx.Err() == nil {
			p.log.Warn("the fallback host does not take the plan; it is tried again", zap.Error(held.err))
		}
		if was.failed && !held.failed {
			p.log.Info("the fallback host takes the plan again")
		}
		return p.look
	})
	return nil
}

// pushedPlan is what the host has, as far as we know.
type pushedPlan struct {
	digest string
	at     time.Time
	failed bool
	err    error
}

// step pushes when there is a reason to.
func (p *Pusher) step(ctx context.Context, held pushedPlan) (is pushedPlan) {
	defer func() {
		if recover() != nil { // a fault here must not end the house
			is = pushedPlan{failed: true, err: errors.New("a fault in the program")}
		}
	}()
	plan, err := p.what.Plan(ctx, p.store, p.now())
	if err != nil {
		held.failed, held.err = true, err
		return held
	}
	digest, fresh := plan.Digest(), p.now().Sub(held.at) < p.again
	if digest == held.digest && fresh && !held.failed {
		return held
	}
	if err := p.to.Push(ctx, plan); err != nil {
		held.failed, held.err = true, err
		return held
	}
	p.pushed.Set(float64(plan.Made.Unix()))
	return pushedPlan{digest: digest, at: plan.Made}
}
