package intake

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"sync"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/routing/rota"
	"hopeline/storage"
)

// CalendarReader reads calendars where people say that theirs are.
type CalendarReader interface {
	// Check gives an address as it is asked, or hotline.ErrInvalid.
	Check(address string) (string, error)
	// Read fails with a hotline.CalendarFault.
	Read(ctx context.Context, asked hotline.CalendarAsked) (hotline.CalendarRead, error)
}

// Following are the times of reading calendars.
type Following struct {
	Every time.Duration // between two readings of one
	Again time.Duration // after the first failure; each further one doubles it, up to Every
	Whole time.Duration // after which one is read as a whole, changed or not
	Look  time.Duration // between two looks at what is due
}

// DefaultFollowing reads once an hour: calendars lag up to a day behind in any case.
var DefaultFollowing = Following{Every: time.Hour, Again: 5 * time.Minute, Whole: 24 * time.Hour, Look: time.Minute}

// Absences follows calendars of people's own, for a hint of when they are away. It only ever warns: it takes nobody off
// duty. What cannot be read leaves what was known before, and is said.
type Absences struct {
	store  *storage.Store
	reader CalendarReader
	times  Following
	now    func() time.Time
	log    *zap.Logger
	waker
}

// NewAbsences makes what follows the calendars of a store's people.
func NewAbsences(store *storage.Store, reader CalendarReader, times Following, now func() time.Time, log *zap.Logger) *Absences {
	return &Absences{store: store, reader: reader, times: times, now: now, log: log, waker: newWaker()}
}

// Follow reads a calendar of v's from now on, in the place of another.
func (a *Absences) Follow(ctx context.Context, v hotline.Viewer, address string) error {
	address, err := a.reader.Check(address)
	if err != nil {
		return err
	}
	if err := a.store.Follow(ctx, v.ID, address); err != nil {
		return err
	}
	a.Wake()
	return nil
}

// Unfollow forgets v's calendar, and what it said.
func (a *Absences) Unfollow(ctx context.Context, v hotline.Viewer) error {
	return a.store.Unfollow(ctx, v.ID)
}

// Followed tells how it stands with v's calendar; nil: she gave none.
func (a *Absences) Followed(ctx context.Context, v hotline.Viewer) (*hotline.Followed, error) {
	found, err := a.store.Follows(ctx, v.ID)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// Follows tells supervisors how it stands with everybody's calendars, and not where they are.
func (a *Absences) Follows(ctx context.Context, v hotline.Viewer) ([]hotline.Followed, error) {
	if err := plans(v); err != nil {
		return nil, err
	}
	return a.store.Follows(ctx, "")
}

const (
	// beforeNow and afterNow are how much of a calendar is kept: more than anybody plans.
	beforeNow = 2 * 24 * time.Hour
	afterNow  = 230 * 24 * time.Hour
	// readLease is how long one reading may take; after it another process may try.
	readLease = 2 * time.Minute
)

// Run reads what is due until ctx ends, one calendar at a time.
func (a *Absences) Run(ctx context.Context) error {
	a.rounds(ctx, func() time.Duration {
		for ctx.Err() == nil {
			due, ok, err := a.store.ClaimCalendar(ctx, readLease)
			if err != nil && ctx.Err() == nil {
				a.log.Warn("which calendars are due cannot be read; it is tried again", zap.Error(err))
			}
			if err != nil || !ok {
				break
			}
			if err := a.read(ctx, due); err != nil && ctx.Err() == nil {
				a.log.Warn("what a calendar says could not be kept; it is read again", zap.Error(err))
			}
		}
		next, err := a.store.NextCalendar(ctx)
		if err != nil {
			return a.times.Look
		}
		return until(next, a.now(), time.Second, a.times.Look)
	})
	return nil
}

// read reads one calendar and keeps what came of it.
func (a *Absences) read(ctx context.Context, due storage.CalendarDue) error {
	found, err := a.safely(ctx, due)
	var fault hotline.CalendarFault
	switch {
	case err == nil:
		spread := time.Duration(rand.Int64N(int64(a.times.Every)/8 + 1)) // not all of them at once for ever
		return a.store.KeepBusy(ctx, due, found, a.now().Add(a.times.Every+spread))
	case errors.As(err, &fault):
		return a.store.CalendarFailed(ctx, due, fault, a.now().Add(a.wait(due.Tries, fault)))
	}
	return err
}

// wait is how long until a calendar that cannot be read is tried again.
func (a *Absences) wait(tries int, fault hotline.CalendarFault) time.Duration {
	if fault != hotline.CalendarAway {
		return a.times.Every // trying sooner changes nothing
	}
	return min(a.times.Every, a.times.Again<<min(max(tries-1, 0), 10))
}

// safely keeps a calendar that nobody thought of from ending the house.
func (a *Absences) safely(ctx context.Context, due storage.CalendarDue) (found hotline.CalendarRead, err error) {
	defer func() {
		if recover() != nil {
			a.log.Error("reading a calendar panicked; what was known of it stays", zap.String("user", string(due.User)))
			err = hotline.CalendarUnreadable
		}
	}()
	asked, err := a.asked(ctx, due)
	if err != nil {
		return found, err
	}
	return a.reader.Read(ctx, asked)
}

// asked is what is wanted of a calendar: its whole days by the first rota's clock, and nothing that came from ours.
func (a *Absences) asked(ctx context.Context, due storage.CalendarDue) (hotline.CalendarAsked, error) {
	now := a.now().UTC()
	q := hotline.CalendarAsked{Address: due.Address, Zone: time.UTC, From: now.Add(-beforeNow), To: now.Add(afterNow)}
	if now.Sub(due.Whole) < a.times.Whole {
		q.Tag = due.Tag
	}
	plans, err := a.store.Plans(ctx, now.Add(-calendarBack))
	if err != nil {
		return q, err
	}
	gone, err := a.store.Gone(ctx, due.User)
	if err != nil {
		return q, err
	}
	if len(plans) > 0 {
		if zone, err := rota.Zones().Place(plans[0].Zone); err == nil {
			q.Zone = zone
		}
	}
	held := make([]rota.History, len(plans)) // as our calendars are made of
	for i, p := range plans {
		if held[i], err = history(ctx, a.store, p, now.Add(-calendarBack)); err != nil {
			return q, err
		}
	}
	ours := sync.OnceValue(func() map[string]bool { // mostly nothing changed, and nobody asks
		all := map[string]bool{}
		for _, p := range held {
			maps.Copy(all, rota.UIDs(p, now.Add(-calendarBack), q.To, gone))
		}
		return all
	})
	q.Ours = func(uid string) bool { return ours()[uid] }
	return q, nil
}

// people is what coverage has to know of the staff, for v: when somebody's calendar says that she is away is for
// supervisors and for herself.
func (d *Duty) people(ctx context.Context, v hotline.Viewer, staff []hotline.User) (map[string]rota.Person, error) {
	switch {
	case plans(v) == nil:
		return d.busy(ctx, "", known(staff))
	case v.ID == "":
		return known(staff), nil
	}
	return d.busy(ctx, v.ID, known(staff))
}

// busy adds when calendars say that people are away: one of them, or all.
func (d *Duty) busy(ctx context.Context, of hotline.UserID, people map[string]rota.Person) (map[string]rota.Person, error) {
	found, err := d.store.Busy(ctx, of)
	for user, all := range found {
		p, there := people[string(user)]
		if !there {
			continue
		}
		for _, b := range all {
			p.Away = append(p.Away, rota.Span{Start: b.From, End: b.To})
		}
		people[string(user)] = p
	}
	return people, err
}

// away are those of somebody's shifts in which she is away by her own calendar.
func (d *Duty) away(ctx context.Context, user hotline.UserID, shifts []hotline.Shift) ([]hotline.ShiftID, error) {
	found, err := d.store.Busy(ctx, user)
	away := []hotline.ShiftID{}
	for _, s := range shifts {
		for _, b := range found[user] {
			if b.From.Before(s.End) && s.Start.Before(b.To) {
				away = append(away, s.ID)
				break
			}
		}
	}
	return away, err
}
