package intake

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

// edited is a rota that somebody would save.
type edited struct {
	before rota.Schedule // what its line goes by now
	after  rota.Plan     // the rota, with what lies over the grid that it would replace
	staff  []hotline.User
}

// ahead is how many days coverage looks at.
const ahead = 14

// until is how far coverage looks: a whole cycle at least.
func (e edited) until(now time.Time) time.Time { return now.AddDate(0, 0, max(ahead, 7*e.after.Weeks)) }

// drafted reads a rota, whose users become ids.
func (d *Duty) drafted(ctx context.Context, doc []byte) (edited, error) {
	e := edited{}
	var err error
	if e.staff, err = d.store.Staff(ctx); err != nil {
		return e, err
	}
	plans, err := d.store.Plans(ctx, d.now())
	if err != nil {
		return e, err
	}
	r, err := rota.Parse(doc)
	if err == nil {
		r, err = r.Renamed(idsOf(e.staff))
	}
	if err == nil {
		e.after, err = rota.NewPlan(r, rota.Overlay{})
	}
	if err == nil {
		e.before = closed(r)
		if p, noneErr := of(plans, r.Line); noneErr == nil {
			e.before = p
			if p.Line == r.Line {
				e.after, err = rota.NewPlan(r, p.Over())
				e.after.Version, e.after.Limits = p.Version, p.Limits
			}
		}
	}
	return e, invalid(err)
}

// invalid turns a fault of a rota into words for whoever made it.
func invalid(err error) error {
	var fault *rota.Fault
	if errors.As(err, &fault) {
		return hotline.Say(hotline.ErrInvalid, fault.Error()+"; nothing was changed")
	}
	return err
}

// closed is a rota by which nobody is ever on duty, and has to be: what a line has before its first.
func closed(r rota.Rota) rota.Schedule {
	slots := make([]string, 7)
	for i := range slots {
		slots[i] = fmt.Sprintf(`{"day":%d,"start":"00:00","end":"24:00","tier":1,"kind":"closed"}`, i+1)
	}
	never, err := rota.Parse(fmt.Appendf(nil, `{"line":%q,"zone":%q,"slots":[%s]}`, r.Line, r.Zone, strings.Join(slots, ",")))
	if err != nil {
		return r
	}
	return never
}

// Preview tells what a rota would do if it were saved, and saves nothing. Gaps are those of the time that is shown, from
// now on; the rest looks as far as saving does.
func (d *Duty) Preview(ctx context.Context, v hotline.Viewer, doc []byte, from, to time.Time) (hotline.Preview, error) {
	if err := plans(v); err != nil {
		return hotline.Preview{}, err
	}
	if to.Sub(from) > widestSheet {
		return hotline.Preview{}, hotline.Say(hotline.ErrInvalid, "to is at most half a year after from")
	}
	e, err := d.drafted(ctx, doc)
	if err != nil {
		return hotline.Preview{}, err
	}
	now := d.now().UTC()
	people, err := d.people(ctx, v, e.staff)
	if err != nil {
		return hotline.Preview{}, err
	}
	p := previewOf(e.before, e.after, now, e.until(now), people)
	p.Opens = append(p.Opens, findings(e.later(now, people))...)
	p.Gaps = gapsIn(e.after, rota.Span{Start: latest(from, now), End: to}, people)
	return p, nil
}

// previewOf is what one plan in the place of another does to a time.
func previewOf(before rota.Schedule, after rota.Plan, now, to time.Time, people map[string]rota.Person) hotline.Preview {
	diff := rota.Diff(before, after, now, to, people)
	p := hotline.Preview{Findings: findings(rota.Coverage(after, now, to, people)), Opens: []hotline.Finding{}, Closes: []hotline.Finding{}, People: []hotline.Moved{}}
	for _, s := range diff.Opens {
		p.Opens = append(p.Opens, gapAt(after, s))
	}
	for _, s := range diff.Closes {
		p.Closes = append(p.Closes, gapAt(after, s))
	}
	for _, m := range diff.Moves {
		p.People = append(p.People, hotline.Moved{User: hotline.UserID(m.User), Gains: hours(m.Gains), Loses: hours(m.Loses)})
	}
	return p
}

// gapsIn are the gaps of a time.
func gapsIn(p rota.Plan, in rota.Span, people map[string]rota.Person) []hotline.Finding {
	found := []hotline.Finding{}
	if !in.Start.Before(in.End) {
		return found
	}
	for _, f := range rota.Coverage(p, in.Start, in.End, people) {
		if f.Kind == rota.Gap {
			found = append(found, hotline.Finding(f))
		}
	}
	return found
}

func hours(turns []rota.Turn) (sum time.Duration) {
	for _, t := range turns {
		sum += t.End.Sub(t.Start)
	}
	return sum
}
