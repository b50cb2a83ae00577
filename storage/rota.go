package storage

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/routing/rota"
	"hopeline/storage/seal"
)

// Roster is who is on duty at one time, by all rotas together. A line's own rota stands in the place of that of all
// lines. A line that no rota is for strands nobody: everybody who is available is on duty there, in tier 1.
type Roster struct {
	Saved    int64                        // rises with every change to any plan; 0: no rota was saved, ever
	Plans    []Plan                       // one a line, whose users are ids
	Everyone bool                         // no rota says who is on duty: everybody who is available is
	Relieved map[hotline.UserID]time.Time // who cannot just now, until when; they are on duty nowhere
	Until    time.Time                    // when this may change by the clock; zero: never

	on      map[hotline.UserID]map[hotline.LineID]int
	standby map[hotline.LineID][]rota.Standby
	since   time.Time
}

// Planned tells whether a rota says that a user is on duty, on any line.
func (r Roster) Planned(u hotline.UserID) bool { return len(r.on[u]) > 0 }

// Interpreters are on duty to be rung for a language on a line: those of its own rota, then those of that for every line.
// They are scarce, so one does not stand in the place of the other.
func (r Roster) Interpreters(line hotline.LineID) []rota.Standby {
	return slices.Concat(r.standby[line], r.standby[rota.AllLines])
}

// Tiers are the lowest tiers in which a user is on duty, by line; [rota.AllLines] is every line that has no rota of its
// own. 0 for a line says that she is off duty on that one. They are empty for whoever is off duty everywhere.
func (r Roster) Tiers(u hotline.UserID) map[hotline.LineID]int {
	if r.Resting(u, r.since) {
		return map[hotline.LineID]int{}
	}
	if r.Everyone {
		return map[hotline.LineID]int{rota.AllLines: 1}
	}
	tiers := map[hotline.LineID]int{}
	maps.Copy(tiers, r.on[u])
	if _, everywhere := tiers[rota.AllLines]; !everywhere && !r.forAll() {
		tiers[rota.AllLines] = 1
	}
	if _, everywhere := tiers[rota.AllLines]; !everywhere {
		return tiers
	}
	for _, plan := range r.Plans {
		if _, here := tiers[hotline.LineID(plan.Line)]; !here {
			tiers[hotline.LineID(plan.Line)] = 0
		}
	}
	return tiers
}

// standsLast tells whether a supervisor is asked when nobody else takes it, where a rota does not name her. Whoever
// cannot just now is not. No phone rings in a house without a rota.
func (r Roster) standsLast(u hotline.UserID) bool {
	return len(r.Plans) > 0 && !r.Everyone && !r.Resting(u, r.since)
}

// addLast puts a supervisor into the last tier of every line where she is off duty.
func (r Roster) addLast(tiers map[hotline.LineID]int) {
	for _, plan := range r.Plans {
		if line := hotline.LineID(plan.Line); tiers[line] == 0 {
			tiers[line] = hotline.LastTier
		}
	}
}

// forAll tells whether there is a rota for every line.
func (r Roster) forAll() bool {
	return slices.ContainsFunc(r.Plans, func(plan Plan) bool { return plan.Line == rota.AllLines })
}

// planOf is the plan of a line: its own, or the one for every line.
func (r Roster) planOf(line hotline.LineID) (Plan, bool) {
	for _, want := range []string{string(line), rota.AllLines} {
		for _, plan := range r.Plans {
			if plan.Line == want {
				return plan, true
			}
		}
	}
	return Plan{}, false
}

// Needs are those of a line.
func (r Roster) Needs(line hotline.LineID) hotline.Needs {
	if plan, is := r.planOf(line); is {
		return plan.Needs
	}
	return hotline.Needs{Returns: hotline.UsualReturns}
}

// Closed tells whether a line's rota says that it is closed at a time. A line that no rota is for is not, and none is
// while a rota cannot be read.
func (r Roster) Closed(line hotline.LineID, at time.Time) bool {
	plan, is := r.planOf(line)
	return is && !r.Everyone && rota.IsClosed(plan, at)
}

// ClosedNow tells of lines whether they are closed now. When that cannot be read they are not: nobody is told that
// nobody is there who may be.
func (s *Store) ClosedNow(ctx context.Context) func(hotline.LineID) bool {
	r, err := s.Roster(ctx)
	if err != nil {
		s.log.Warn("which lines are closed cannot be read; they count as open", zap.Error(err))
		r = Roster{}
	}
	now := s.now()
	return func(line hotline.LineID) bool { return r.Closed(line, now) }
}

// want sets what a contact's line wants of who is asked, as far as this process has read it; whoever watches the duty
// reads it anew every few seconds.
func (s *Store) want(c *hotline.Contact) {
	if r := s.roster.Load(); r != nil {
		n := r.Needs(c.Line)
		c.Musts, c.WomanKey = n.Musts, n.WomanKey
	}
}

// Resting tells whether somebody cannot just now.
func (r Roster) Resting(u hotline.UserID, at time.Time) bool { return at.Before(r.Relieved[u]) }

// Same tells whether a user is on duty by another roster as by this one.
func (r Roster) Same(other Roster, u hotline.UserID) bool {
	return maps.Equal(r.Tiers(u), other.Tiers(u)) && r.Planned(u) == other.Planned(u)
}

// holds tells whether the roster is still right.
func (r *Roster) holds(saved int64, now time.Time) bool {
	return r != nil && r.Saved == saved && !now.Before(r.since) && (r.Until.IsZero() || now.Before(r.Until))
}

// Roster tells who is on duty now.
func (s *Store) Roster(ctx context.Context) (Roster, error) {
	var r Roster
	err := s.look(ctx, func(t *tx) (err error) {
		r, err = t.roster()
		return err
	})
	return r, err
}

// Candidates reads everybody who may be asked, as the router sees them.
func (s *Store) Candidates(ctx context.Context) ([]hotline.Candidate, error) {
	var all []hotline.Candidate
	err := s.look(ctx, func(t *tx) (err error) {
		all, err = t.candidates("")
		return err
	})
	return all, err
}

// changes counts every change to any plan.
const changes = `(SELECT CAST(coalesce(sum(version), 0) AS BIGINT) FROM plans)`

func (t *tx) roster() (Roster, error) {
	var saved int64
	if err := t.row(`SELECT `+changes, nil, &saved); err != nil {
		return Roster{}, err
	}
	return t.rosterOf(saved)
}

// rosterOf is asked for every candidate, so it is kept while it holds: as long as nothing was saved, and no shift begins
// or ends. Saved is the count of changes, as this transaction sees it.
func (t *tx) rosterOf(saved int64) (Roster, error) {
	s := t.store
	kept := s.roster.Load()
	if kept.holds(saved, t.now) {
		return *kept, nil
	}
	fresh := Roster{Saved: saved, Everyone: saved == 0}
	if kept != nil && kept.Saved == saved {
		fresh.Plans, fresh.Everyone, fresh.Relieved = kept.Plans, kept.Everyone, kept.Relieved
	} else if err := t.readRoster(&fresh); err != nil {
		return Roster{}, err
	}
	fresh.resolve(t.now)
	s.roster.Store(&fresh)
	return fresh, nil
}

func (t *tx) readRoster(into *Roster) error {
	plans, unread, err := t.plans("", t.now.AddDate(0, 0, -recent))
	if err != nil {
		return err
	}
	into.Plans, into.Everyone = plans, into.Everyone || unread
	into.Relieved, err = t.reliefs()
	return err
}

// resolve asks the plans who is on duty.
func (r *Roster) resolve(now time.Time) {
	r.since, r.on, r.standby = now, map[hotline.UserID]map[hotline.LineID]int{}, map[hotline.LineID][]rota.Standby{}
	for _, plan := range r.Plans {
		for _, b := range rota.Interpreters(plan, now) {
			if line := hotline.LineID(plan.Line); !r.Resting(hotline.UserID(b.User), now) {
				r.standby[line] = append(r.standby[line], b)
			}
		}
		for _, tier := range rota.OnCall(plan, now) {
			for _, u := range tier.Users {
				if !r.Resting(hotline.UserID(u), now) {
					r.add(hotline.UserID(u), hotline.LineID(plan.Line), tier.Number)
				}
			}
		}
		r.changesAt(rota.Next(plan, now))
	}
	for _, until := range r.Relieved {
		if until.After(now) {
			r.changesAt(until)
		}
	}
}

func (r *Roster) changesAt(next time.Time) {
	if !next.IsZero() && (r.Until.IsZero() || next.Before(r.Until)) {
		r.Until = next
	}
}

func (r *Roster) add(u hotline.UserID, line hotline.LineID, tier int) {
	if r.on[u] == nil {
		r.on[u] = map[hotline.LineID]int{}
	}
	if had, ok := r.on[u][line]; !ok || tier < had {
		r.on[u][line] = tier
	}
}

// SaveRota keeps a new grid of its line, whose users are ids, and gives the version that the line's plan now has. Base
// is the version that the edit began with: when another grid was saved after it, that is hotline.ErrConflict; 0: none.
// By is a user's id or System; the reason may be empty.
func (s *Store) SaveRota(ctx context.Context, by string, r rota.Rota, base int64, reason string) (int64, error) {
	var version int64
	err := s.write(ctx, func(t *tx) error {
		if err := t.notSavedSince(r.Line, base); err != nil {
			return err
		}
		if err := t.row(`INSERT INTO plans (line, version, changed_at, settings)
			VALUES ($1, (SELECT coalesce(max(version), 0) + 1 FROM rotas WHERE line = $1), $2, '')
			ON CONFLICT (line) DO UPDATE SET version = plans.version + 1, changed_at = excluded.changed_at RETURNING version`,
			[]any{r.Line, millis(t.now)}, &version); err != nil {
			return err
		}
		if err := t.addGrid(by, r.Line, version, string(rota.Format(r)), reason); err != nil {
			return err
		}
		return t.audit(by, "rota.saved", "", fmt.Sprintf("line=%s version=%d", r.Line, version))
	})
	return version, err
}

// addGrid writes a grid as a version of its line's.
func (t *tx) addGrid(by, line string, version int64, body, reason string) error {
	sealed, err := t.store.keys.Seal([]byte(reason), reasonPlace(line, version))
	if err != nil {
		return fmt.Errorf("seal a rota's reason: %w", err)
	}
	_, err = t.exec(`INSERT INTO rotas (line, version, body, saved_at, saved_by, reason) VALUES ($1, $2, $3, $4, $5, $6)`,
		line, version, body, millis(t.now), by, sealed)
	return err
}

func (t *tx) notSavedSince(line string, base int64) error {
	if base == 0 {
		return nil
	}
	var newest int64
	if err := t.row(`SELECT coalesce(max(version), 0) FROM rotas WHERE line = $1`, []any{line}, &newest); err != nil {
		return err
	}
	if newest > base {
		return hotline.Say(hotline.ErrConflict, "another rota was saved since you began: look at it first; nothing was changed")
	}
	return nil
}

func reasonPlace(line string, version int64) seal.AD {
	return seal.AD{Table: "rotas", Column: "reason", Row: fmt.Sprintf("%s/%d", line, version), Owner: line}
}
