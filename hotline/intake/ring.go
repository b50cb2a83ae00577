package intake

import (
	"cmp"
	"context"
	"slices"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/storage"
)

// ring has phones of supervisors rung for what is so now, where the line wants it: at night every page may be closed. No
// phone rings in a house that never had a rota.
func (w *Watch) ring(ctx context.Context, v view, all []standing) {
	if v.roster.Saved == 0 {
		return
	}
	var so []storage.AlarmCall
	for _, s := range all {
		if rings(v, s) {
			so = append(so, storage.AlarmCall{What: s.key, Kind: s.Kind, Line: s.Line, Whom: lastResort(v, s.Line)})
		}
	}
	pace := storage.AlarmPace{Grace: w.times.Grace, Next: w.times.Next, Shown: w.times.Shown, Again: w.times.Repeat, Rounds: w.times.Rounds, Lapse: w.times.Every * 3 / 2}
	if err := w.pager.PageAlarms(ctx, so, v.all, pace); err != nil {
		w.log.Warn("the phones of supervisors could not be rung; it is tried again", zap.Error(err))
	}
}

// rings tells whether an alarm rings phones: nobody in tier 1 can be reached now, or somebody whose shift has begun is not
// there, where the line asks before.
func rings(v view, s standing) bool {
	i := slices.IndexFunc(v.roster.Plans, func(p storage.Plan) bool { return hotline.LineID(p.Line) == s.Line })
	if i < 0 {
		return s.alone()
	}
	p := v.roster.Plans[i]
	begun := s.Kind == hotline.AlarmNotHere && !v.now.Before(s.From)
	return !p.Silent && (s.alone() || begun && p.Here)
}

// lastResort are the supervisors who may be rung at home, as for somebody who waits: those in the last tiers by the rota
// first. Whoever is away, or cannot just now, is left in peace.
func lastResort(v view, line hotline.LineID) (whom []storage.Callee) {
	tier := map[hotline.UserID]int{}
	for _, c := range v.crew {
		if t := c.Tier(line); t != hotline.LastTier {
			tier[c.ID] = t
		}
	}
	for _, u := range v.staff {
		if u.Role == hotline.Supervisor && !u.Disabled && u.Phone != "" && u.State != hotline.Away && !v.roster.Resting(u.ID, v.now) {
			whom = append(whom, storage.Callee{User: u.ID, Shown: v.seen[u.ID]})
		}
	}
	slices.SortStableFunc(whom, func(a, b storage.Callee) int { return cmp.Compare(tier[b.User], tier[a.User]) })
	return whom
}
