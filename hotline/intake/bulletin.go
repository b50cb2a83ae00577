package intake

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/routing/rota"
	"hopeline/storage"
)

// count counts, for whoever reads the figures, what stands and what the weeks to come leave open.
func (w *Watch) count(v view, all []standing) {
	w.open.Reset()
	for _, p := range w.posts(v.roster) {
		w.open.WithLabelValues(string(p.line)).Set(0)
	}
	for _, s := range all {
		if s.alone() {
			w.open.WithLabelValues(string(s.Line)).Set(1)
		}
	}
	for _, p := range v.roster.Plans {
		day, _ := p.Reads(v.now)
		if is := fmt.Sprint(day, " ", p.Version); w.counted[p.Line] != is {
			w.gaps.WithLabelValues(p.Line).Set(float64(lacks(p, v).Gaps))
			w.counted[p.Line] = is
		}
	}
}

// lacks is what a plan leaves open in the weeks that are promised to its people.
func lacks(p storage.Plan, v view) (b hotline.Bulletin) {
	for _, f := range rota.Coverage(bare(p.Plan), v.now, v.now.Add(promised), v.people) {
		switch f.Kind {
		case rota.Gap:
			b.Gaps += f.Times
		case rota.LastTier:
			b.Last += f.Times
		case rota.Short:
			b.Short += f.Times
		}
	}
	return b
}

// bulletins makes those that are due, and tells of them. What another process made is told to the consoles of this one.
func (w *Watch) bulletins(ctx context.Context, v view) error {
	all, err := w.store.Bulletins(ctx, "")
	if err != nil {
		return err
	}
	first := w.kept == nil
	if first {
		w.kept = map[hotline.BulletinID]bool{}
	}
	for _, b := range all {
		if !first {
			w.publish(b, true)
		}
		w.kept[b.ID] = true
	}
	for _, p := range v.roster.Plans {
		if err := w.report(ctx, v, p, all); err != nil {
			return err
		}
	}
	return w.clocks(ctx, v)
}

// publish tells of a bulletin, once.
func (w *Watch) publish(b hotline.Bulletin, quiet bool) {
	if w.kept[b.ID] {
		return
	}
	w.kept[b.ID] = true
	if b.Says() {
		a := b.Alarm()
		a.Quiet = quiet
		w.tell(a)
	}
}

// report makes the nightly report of a line, once a day by its own clock. One that has nothing to say takes the last away.
func (w *Watch) report(ctx context.Context, v view, p storage.Plan, made []hotline.Bulletin) error {
	day, at := p.Reads(v.now)
	if at < w.times.Report || at >= w.times.Late {
		return nil
	}
	for _, b := range made {
		if b.Kind == hotline.AlarmReport && string(b.Line) == p.Line && b.Day >= day {
			return nil
		}
	}
	b := lacks(p, v)
	b.Kind, b.Line, b.Day = hotline.AlarmReport, hotline.LineID(p.Line), day
	b, posted, err := w.store.Post(ctx, b)
	if err != nil || !posted {
		return err
	}
	w.log.Info("what the rota leaves open in six weeks", zap.String("line", p.Line), zap.Int("gaps", b.Gaps),
		zap.Int("last_tier", b.Last), zap.Int("short", b.Short))
	w.publish(b, false)
	return nil
}

// reckoned is for how long moved clocks are told.
const reckoned = 365 * 24 * time.Hour

// clocks compares the time zone data of each saved rota with what its shifts were last reckoned by, once for each start.
func (w *Watch) clocks(ctx context.Context, v view) error {
	for _, p := range v.roster.Plans {
		if w.noted[p.Zone] {
			continue
		}
		if err := w.reckon(ctx, v, p.Zone); err != nil {
			return err
		}
		w.noted[p.Zone] = true
	}
	return nil
}

// reckon compares one zone, and keeps what that does to the shifts of its rotas.
func (w *Watch) reckon(ctx context.Context, v view, zone string) error {
	is, err := rota.Zones().Of(zone)
	if err != nil {
		return err
	}
	was, err := w.store.Zone(ctx, zone)
	if err != nil || bytes.Equal(was, is) {
		return err
	}
	var found []hotline.Bulletin
	for _, p := range v.roster.Plans {
		if p.Zone != zone || was == nil {
			continue
		}
		moved, err := p.Shifted(was, v.now, v.now.Add(reckoned))
		if err != nil {
			return err
		}
		if len(moved) > 0 {
			found = append(found, hotline.Bulletin{Kind: hotline.AlarmClocks, Line: hotline.LineID(p.Line),
				Day: v.now.Format(time.RFC3339), Words: movedWords(p, moved)}) // not of a day: the next may come at once
		}
	}
	posted, err := w.store.MoveZone(ctx, zone, was, is, found)
	if err == nil {
		w.log.Info("shifts are reckoned by other time zone data from now on", zap.String("zone", zone), zap.Int("lines_moved", len(found)))
	}
	for _, b := range posted {
		w.publish(b, false)
	}
	return err
}

// movedWords say which shifts begin or end at another time, by the first of them.
func movedWords(p storage.Plan, moved []rota.Shifted) string {
	x := moved[0]
	slot := p.SlotOf(x.Shift)
	first := fmt.Sprintf("%s %s–%s (%s), tier %d", p.In(x.Start).Format("Mon 2006-01-02"), slot.Start, slot.End, p.Zone, slot.Tier)
	const form = "15:04"
	words := fmt.Sprintf("%s: %s–%s UTC, before %s–%s UTC", first, x.Start.Format(form), x.End.Format(form), x.Was.Start.Format(form), x.Was.End.Format(form))
	switch n := len(moved) - 1; {
	case n == 1:
		words += "; and one more shift within a year"
	case n > 1:
		words += fmt.Sprintf("; and %d more shifts within a year", n)
	}
	return words
}
