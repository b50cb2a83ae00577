package intake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/storage"
)

// Duty keeps the rota, and tells the house when somebody's duty begins or ends. In SQL users are ids; outside, in files
// and on the wire, they are e-mail addresses.
type Duty struct {
	store *storage.Store
	tell  func(hotline.Notice)
	now   func() time.Time
	log   *zap.Logger
	title string // of calendar entries
	trial *trial // nil: what is changed holds
	waker
}

// DefaultTitle is what calendars say of a duty, unless the house wants another word.
const DefaultTitle = "Duty"

// NewDuty makes the keeper of a store's rotas. The title is all that calendars say of a duty: they are read on phones
// that others see. Empty: [DefaultTitle].
func NewDuty(store *storage.Store, tell func(hotline.Notice), title string, now func() time.Time, log *zap.Logger) *Duty {
	return &Duty{store: store, tell: tell, now: now, log: log, title: cmp.Or(title, DefaultTitle), waker: newWaker()}
}

// lookEvery is how often a version that another process saved is looked for: it has to hold within 5 s.
const lookEvery = 2 * time.Second

// Run tells of every change of duty until ctx ends. A change of presence is how the router learns of it.
func (d *Duty) Run(ctx context.Context) error {
	var was *shift
	d.rounds(ctx, func() time.Duration {
		wait := lookEvery
		is, err := d.look(ctx, was)
		switch {
		case err == nil:
			was = is
			wait = until(is.Until, d.now(), time.Millisecond, lookEvery)
		case !errors.Is(err, context.Canceled):
			d.log.Warn("who is on duty cannot be read; it stays as it was", zap.Error(err))
		}
		return wait
	})
	return nil
}

// shift is who was on duty at the last look.
type shift struct {
	storage.Roster
	told string // what the consoles were told
}

// version is that of a line's plan; 0: none.
func (s *shift) version(line string) int64 {
	if s != nil {
		for _, p := range s.Plans {
			if p.Line == line {
				return p.Version
			}
		}
	}
	return 0
}

// look tells the house what changed since was. At the first look it tells of everybody: the router may have read its
// people a moment before a duty began.
func (d *Duty) look(ctx context.Context, was *shift) (*shift, error) {
	roster, err := d.store.Roster(ctx)
	if err != nil {
		return nil, err
	}
	is := &shift{Roster: roster}
	same := was != nil && was.Saved == is.Saved && was.Until.Equal(is.Until)
	if same || was == nil && is.Saved == 0 {
		if was != nil {
			is.told = was.told
		}
		return is, nil
	}
	staff, err := d.store.Staff(ctx)
	if err != nil {
		return nil, err
	}
	for _, u := range staff {
		if was == nil || !was.Same(is.Roster, u.ID) {
			d.tell(hotline.PresenceChanged{User: u})
		}
	}
	for _, p := range is.Plans {
		if was != nil && was.version(p.Line) != p.Version {
			d.tell(hotline.PlanChanged{Line: hotline.LineID(p.Line)})
		}
	}
	tiers := onDutyNow(roster, roster.Plans, staff, d.now())
	if is.told = keyOf(is.Saved > 0, tiers); was == nil || was.told != is.told {
		d.tell(hotline.DutyChanged{Saved: is.Saved > 0, Tiers: tiers})
	}
	return is, nil
}

// keyOf is the same for what a console shows the same.
func keyOf(saved bool, tiers []hotline.OnDuty) string {
	var b strings.Builder
	fmt.Fprint(&b, saved)
	for _, t := range tiers {
		fmt.Fprint(&b, " ", t.Tier, t.Closed)
		for _, u := range t.Users {
			fmt.Fprint(&b, " ", u.ID)
		}
	}
	return b.String()
}
