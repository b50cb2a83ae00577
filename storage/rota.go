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
	Saved    int64       // how many versions were saved in all; 0: none, ever
	Rotas    []rota.Rota // the newest of each line, whose users are ids
	Everyone bool        // no rota says who is on duty: everybody who is available is
	Until    time.Time   // when this may change by the clock; zero: never

	on    map[hotline.UserID]map[hotline.LineID]int
	since time.Time
}

// Planned tells whether a rota says that a user is on duty, on any line.
func (r Roster) Planned(u hotline.UserID) bool { return len(r.on[u]) > 0 }

// Tiers are the lowest tiers in which a user is on duty, by line; [rota.AllLines] is every line that has no rota of its
// own. 0 for a line says that she is off duty on that one. They are empty for whoever is off duty everywhere.
func (r Roster) Tiers(u hotline.UserID) map[hotline.LineID]int {
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
	for _, plan := range r.Rotas {
		if _, here := tiers[hotline.LineID(plan.Line)]; !here {
			tiers[hotline.LineID(plan.Line)] = 0
		}
	}
	return tiers
}

// forAll tells whether there is a rota for every line.
func (r Roster) forAll() bool {
	return slices.ContainsFunc(r.Rotas, func(plan rota.Rota) bool { return plan.Line == rota.AllLines })
}

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

func (t *tx) roster() (Roster, error) {
	var saved int64
	if err := t.row(`SELECT count(*) FROM rotas`, nil, &saved); err != nil {
		return Roster{}, err
	}
	return t.rosterOf(saved)
}

// rosterOf is asked for every candidate, so it is kept while it holds: as long as nothing was saved, and no shift begins
// or ends. Saved is the count of versions, as this transaction sees it.
func (t *tx) rosterOf(saved int64) (Roster, error) {
	s := t.store
	kept := s.roster.Load()
	if kept.holds(saved, t.now) {
		return *kept, nil
	}
	fresh := Roster{Saved: saved, Everyone: saved == 0}
	if kept != nil && kept.Saved == saved {
		fresh.Rotas, fresh.Everyone = kept.Rotas, kept.Everyone
	} else if err := t.rotas(&fresh); err != nil {
		return Roster{}, err
	}
	fresh.resolve(t.now)
	s.roster.Store(&fresh)
	return fresh, nil
}

// rotas reads the newest version of each line's rota. One that cannot be read, since its zone is gone from the time zone
// data, leaves nobody waiting: everybody is on duty then.
func (t *tx) rotas(into *Roster) error {
	return t.each(`SELECT r.line, r.body FROM rotas r
		WHERE r.version = (SELECT max(m.version) FROM rotas m WHERE m.line = r.line) ORDER BY r.line`, nil, func(row scanner) error {
		var line, body string
		if err := row.Scan(&line, &body); err != nil {
			return err
		}
		r, err := rota.Parse([]byte(body))
		if err != nil {
			t.store.log.Error("a saved rota cannot be read; everybody available is on duty until another is saved", zap.Error(err))
			into.Everyone = true
			return nil
		}
		into.Rotas = append(into.Rotas, r)
		return nil
	})
}

// resolve asks the rotas who is on duty.
func (r *Roster) resolve(now time.Time) {
	r.since, r.on = now, map[hotline.UserID]map[hotline.LineID]int{}
	for _, plan := range r.Rotas {
		for _, tier := range rota.OnCall(plan, now) {
			for _, u := range tier.Users {
				r.add(hotline.UserID(u), hotline.LineID(plan.Line), tier.Number)
			}
		}
		if next := rota.Next(plan, now); !next.IsZero() && (r.Until.IsZero() || next.Before(r.Until)) {
			r.Until = next
		}
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

// SaveRota keeps a new version of its line's rota, whose users are ids, and gives the version's number. By is a user's
// id or System; the reason may be empty.
func (s *Store) SaveRota(ctx context.Context, by string, r rota.Rota, reason string) (int64, error) {
	var version int64
	err := s.write(ctx, func(t *tx) error {
		if err := t.row(`SELECT coalesce(max(version), 0) + 1 FROM rotas WHERE line = $1`, []any{r.Line}, &version); err != nil {
			return err
		}
		sealed, err := s.keys.Seal([]byte(reason), reasonPlace(r.Line, version))
		if err != nil {
			return fmt.Errorf("seal a rota's reason: %w", err)
		}
		if _, err := t.exec(`INSERT INTO rotas (line, version, body, saved_at, saved_by, reason) VALUES ($1, $2, $3, $4, $5, $6)`,
			r.Line, version, string(rota.Format(r)), millis(t.now), by, sealed); err != nil {
			return err
		}
		return t.audit(by, "rota.saved", "", fmt.Sprintf("line=%s version=%d", r.Line, version))
	})
	return version, err
}

func reasonPlace(line string, version int64) seal.AD {
	return seal.AD{Table: "rotas", Column: "reason", Row: fmt.Sprintf("%s/%d", line, version), Owner: line}
}
