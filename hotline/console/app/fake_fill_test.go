package app

import (
	"fmt"
	"slices"
	"time"

	"hopeline/routing/rota"
)

// preview tells what a grid would do, and saves nothing.
func (h *house) preview(args obj) (result obj, refused string) {
	after, err := h.duties.plan(args["rota"].(obj))
	if err != nil {
		return nil, "invalid " + err.Error()
	}
	before := after
	if h.grid != nil {
		if before, err = h.duties.plan(h.grid); err != nil {
			return nil, "invalid " + err.Error()
		}
	}
	from, to := h.coming()
	d, people := rota.Diff(before, after, from, to, h.known()), []obj{}
	for _, m := range d.Moves {
		hours := func(turns []rota.Turn) (sum float64) {
			for _, t := range turns {
				sum += t.End.Sub(t.Start).Hours()
			}
			return sum
		}
		people = append(people, obj{"user": m.User, "gains_h": hours(m.Gains), "loses_h": hours(m.Loses)})
	}
	return obj{"findings": found(rota.Coverage(after, from, to, h.known())), "diff": obj{"opens": spans(d.Opens), "closes": spans(d.Closes), "people": people}, "gaps": h.gaps(after, args)}, ""
}

// gaps are those of the time that is asked for, from now on.
func (h *house) gaps(p rota.Plan, args obj) []obj {
	from, to := timeOf(args["from"]), timeOf(args["to"])
	if now := h.duties.now(); from.Before(now) {
		from = now
	}
	return found(slices.DeleteFunc(rota.Coverage(p, from, to, h.known()), func(f rota.Finding) bool { return f.Kind != rota.Gap }))
}

func (h *house) fairness(args obj) obj {
	people := []obj{}
	if p, err := h.duties.plan(h.grid); err == nil {
		for _, s := range rota.Fairness(p, timeOf(args["from"]), timeOf(args["to"]), nil) {
			people = append(people, obj{"user": s.User, "hours": s.Hours.Hours(), "nights": s.Nights, "weekends": s.Weekends, "holidays": s.Holidays, "pages": s.Answered + s.Missed, "missed": s.Missed, "from_mean_h": s.Than.Hours.Hours()})
		}
	}
	return obj{"people": people}
}

// fill is the real proposal.
func (h *house) fill(args obj) (result obj, refused string) {
	p, err := h.duties.plan(h.grid)
	if err != nil {
		return nil, "invalid " + err.Error()
	}
	began, seats, empty := time.Now(), []obj{}, []obj{}
	got := rota.Fill(p, timeOf(args["from"]), timeOf(args["to"]), h.known(), h.wills, h.limits)
	for _, e := range got.Exceptions {
		seats = append(seats, obj{"shift": e.Shift.String(), "user": e.By})
	}
	for _, e := range got.Empty {
		why := []obj{}
		for _, o := range e.Why {
			why = append(why, obj{"user": o.User, "why": o.Words})
		}
		empty = append(empty, obj{"shift": e.Shift.String(), "why": why})
	}
	return obj{"proposal": seats, "empty": empty, "took_ms": time.Since(began).Milliseconds()}, ""
}

// applied keeps a proposal, and says what coverage says of it then.
func (h *house) applied(args obj) (result obj, refused string) {
	var more []rota.Exception
	for i, x := range args["proposal"].([]any) {
		seat := x.(obj)
		id, err := rota.ParseShiftID(seat["shift"].(string))
		if err != nil {
			return nil, "invalid " + err.Error()
		}
		more = append(more, rota.Exception{ID: fmt.Sprintf("fill-%d-%d", h.count, i), Kind: rota.Extra, Shift: id, By: seat["user"].(string)})
	}
	h.exceptions = append(h.exceptions, more...)
	p, err := h.duties.plan(h.grid)
	if err != nil {
		return nil, "invalid " + err.Error()
	}
	from, to := h.coming()
	return obj{"findings": found(rota.Coverage(p, from, to, h.known()))}, ""
}

// byID is a shift as a page sees it.
func (h *house) byID(id any) obj {
	p, err := h.duties.plan(h.grid)
	if err != nil {
		return obj{}
	}
	parsed, err := rota.ParseShiftID(id.(string))
	if err != nil {
		return obj{}
	}
	x, _ := p.Shift(parsed)
	return h.shift(p, x)
}
