package intake

import (
	"context"
	"slices"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/routing/rota"
	"hopeline/storage"
)

// view is all that one look needs, as it was at one time.
type view struct {
	now    time.Time
	roster storage.Roster
	staff  []hotline.User
	people map[string]rota.Person // the staff, as plans know them
	crew   []hotline.Candidate    // as the router sees them
	said   storage.Attendance
	seen   map[hotline.UserID]bool
	all    bool                      // nobody else has a console
	late   map[string][]rota.Stretch // by line: shifts that begin without their people
}

func (w *Watch) view(ctx context.Context) (view, error) {
	v := view{now: w.now().UTC()}
	var err error
	if v.roster, err = w.store.Roster(ctx); err != nil {
		return v, err
	}
	if v.staff, err = w.store.Staff(ctx); err != nil {
		return v, err
	}
	if v.crew, err = w.store.Candidates(ctx); err != nil {
		return v, err
	}
	if v.said, err = w.store.Attendance(ctx, v.now, v.now.Add(w.times.Here)); err != nil {
		return v, err
	}
	v.seen, v.all = w.seen.SeenSince(ctx, v.now.Add(-w.times.Seen))
	v.people, v.late = known(v.staff), map[string][]rota.Stretch{}
	for _, p := range v.roster.Plans {
		v.late[p.Line] = w.notHere(v, p)
	}
	return v, nil
}

// reaches tells whether somebody can be shown or rung anything, and does not let it pass again and again: at her console,
// or at home by her phone. While it is not known who has a console, her switch is believed.
func (v view) reaches(c hotline.Candidate) bool {
	return c.Answering() && (c.Home || c.Available && (v.seen[c.ID] || !v.all))
}

// anybody tells whether anybody fits who can be reached.
func (v view) anybody(fits func(hotline.Candidate) bool) bool {
	return slices.ContainsFunc(v.crew, func(c hotline.Candidate) bool { return fits(c) && v.reaches(c) })
}

// post is a line, or all that one rota is for, where somebody has to answer.
type post struct {
	line hotline.LineID // "*" is every line that has no rota of its own
	plan *storage.Plan  // nil: no rota says who, and everybody available does
}

// posts are those of every line of the house, whether a rota is for it or not.
func (w *Watch) posts(r storage.Roster) []post {
	if r.Everyone {
		return []post{{line: rota.AllLines}}
	}
	var all []post
	for i, p := range r.Plans {
		all = append(all, post{hotline.LineID(p.Line), &r.Plans[i]})
	}
	for _, line := range w.lines {
		if _, err := of(r.Plans, string(line)); err != nil {
			all = append(all, post{line: line})
		}
	}
	return all
}

// stand are the alarms that stand now.
func (w *Watch) stand(v view) (all []standing) {
	for _, p := range w.posts(v.roster) {
		all = append(all, w.left(v, p)...)
	}
	for _, p := range v.roster.Plans {
		all = append(all, w.ahead(v, p)...)
		all = append(all, w.missing(v, p)...)
	}
	return all
}

// left looks whether whoever calls now is left alone.
func (w *Watch) left(v view, p post) []standing {
	var until time.Time
	if p.plan != nil {
		tiers := rota.OnCall(*p.plan, v.now)
		if tiers[0].Closed {
			return nil
		}
		until = tiers[0].Until
	}
	if v.anybody(func(c hotline.Candidate) bool { return c.Tier(p.line) == 1 }) {
		return nil
	}
	gap := hotline.Alarmed{Kind: hotline.AlarmGap, Line: p.line, To: until}
	found := []standing{{gap, "now " + string(p.line), w.times.Repeat}}
	if !v.anybody(func(c hotline.Candidate) bool { return c.Tier(p.line) > 0 }) {
		nobody := hotline.Alarmed{Kind: hotline.AlarmNobody, Line: p.line, To: until, Quiet: true} // browsers are called for the gap
		found = append(found, standing{nobody, "nobody " + string(p.line), w.times.Repeat})
	}
	return found
}

// ahead are the gaps that are to come, at the nearest of the distances at which each is told.
func (w *Watch) ahead(v view, p storage.Plan) (found []standing) {
	if len(w.times.Ahead) == 0 {
		return nil
	}
	for _, f := range rota.Coverage(bare(p.Plan), v.now, v.now.Add(w.times.Ahead[0]), v.people) {
		if f.Kind != rota.Gap || !f.From.After(v.now) {
			continue
		}
		nearest := w.times.Ahead[0]
		for _, d := range w.times.Ahead {
			if f.From.Sub(v.now) <= d {
				nearest = d
			}
		}
		key := "ahead " + p.Line + " " + f.From.Format(time.RFC3339) + " " + nearest.String()
		found = append(found, standing{hotline.Alarmed{Kind: hotline.AlarmGap, At: f.From.Add(-nearest), Line: hotline.LineID(p.Line),
			From: f.From, To: f.To}, key, 0})
	}
	return found
}

// bare is a plan without limits of anybody's work: it says who is missing.
func bare(p rota.Plan) rota.Plan {
	p.Limits = rota.Limits{Phone: p.Limits.Phone}
	return p
}

// missing are people whose shift begins, and who neither checked in nor are available.
func (w *Watch) missing(v view, p storage.Plan) (found []standing) {
	for _, s := range v.late[p.Line] {
		found = append(found, standing{hotline.Alarmed{Kind: hotline.AlarmNotHere, User: hotline.UserID(s.User), At: s.Start.Add(-w.times.Here),
			Line: hotline.LineID(p.Line), From: s.Start, To: s.End}, "here " + s.ID.String() + " " + s.User, 0})
	}
	return found
}

// notHere are the shifts that begin without their people. Whoever goes on from another shift is there already; whoever
// cannot just now said so.
func (w *Watch) notHere(v view, p storage.Plan) (found []rota.Stretch) {
	near := rota.Stretches(p, v.now.Add(-24*time.Hour), v.now.Add(w.times.Here+time.Second))
	for _, s := range near {
		u := hotline.UserID(s.User)
		begins := !s.Shadow && s.Start.Sub(v.now) <= w.times.Here && v.now.Sub(s.Start) <= w.times.Here && s.End.After(v.now)
		goesOn := slices.ContainsFunc(near, func(other rota.Stretch) bool { return other.User == s.User && other.End.Equal(s.Start) })
		i := slices.IndexFunc(v.staff, func(x hotline.User) bool { return x.ID == u })
		if !begins || goesOn || i < 0 || !canAnswer(v.staff[i]) || v.roster.Resting(u, v.now) {
			continue
		}
		if v.staff[i].State != hotline.Available && v.said.Of(s.ID, u) != hotline.SeatHere {
			found = append(found, s)
		}
	}
	return found
}

// page rings the phones of those who are not there yet, once each, where the line wants it.
func (w *Watch) page(ctx context.Context, v view) {
	for _, p := range v.roster.Plans {
		if !p.Here {
			continue
		}
		for _, s := range v.late[p.Line] {
			if !v.people[s.User].Phone || !v.now.Before(s.Start) {
				continue
			}
			if err := w.pager.PageHere(ctx, hotline.UserID(s.User), p.Line, s.ID); err != nil {
				w.log.Warn("the phone of who is not there could not be rung; it is tried again", zap.Error(err))
			}
		}
	}
}

// resting are those who cannot just now; the house was told when they said so.
func resting(v view) (found []standing) {
	for u, until := range v.roster.Relieved {
		if v.roster.Resting(u, v.now) {
			found = append(found, standing{hotline.Alarmed{Kind: hotline.AlarmRelieved, User: u, At: until.Add(-relief), To: until}, "", 0})
		}
	}
	slices.SortFunc(found, func(a, b standing) int { return a.At.Compare(b.At) })
	return found
}
