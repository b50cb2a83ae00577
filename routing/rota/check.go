package rota

import (
	"fmt"
	"slices"
	"strings"
)

// The most that an overlay holds.
const (
	maxTemplates  = 100
	maxDays       = 2000
	maxExceptions = 20000
	maxText       = 200
)

// check looks at an overlay and puts its slots into the plan.
type check struct {
	*Plan
	taken map[string]bool // ids of slots
	parts map[string]bool // ids of templates, temporary plans, exceptions and swaps
}

func (c check) all() error {
	for _, step := range []func() error{c.templates, c.dates, c.temporary, c.exceptions, c.swaps, c.seats, c.confirmed} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// part checks the id of something, which is its own among its kind.
func (c check) part(path, part, id string) error {
	kind := "" // templates and temporary plans give ids to slots
	if k, _, _ := strings.Cut(path, "/"); k == "exceptions" || k == "swaps" {
		kind = k + "/"
	}
	switch {
	case !idOK(id):
		return faultAt(path, part, "id %s is not made of at most %d letters, digits, and - _ .", quoted(id), maxID)
	case c.parts[kind+id]:
		return faultAt(path, part, "its id %s is that of something else too", quoted(id))
	}
	c.parts[kind+id] = true
	return nil
}

// lay puts slots into the plan, and gives their places in it.
func (c check) lay(path, part string, slots []Slot, from Source) ([]int, error) {
	ids, double := identify(slots, from.ID, c.taken)
	if double >= 0 {
		return nil, faultAt(fmt.Sprint(path, "/slots/", double), part, "slot %d: its id %s is that of another slot too", double+1, quoted(slots[double].ID))
	}
	var places []int
	for i, s := range slots {
		if err := s.fits(); err != nil {
			return nil, faultAt(fmt.Sprint(path, "/slots/", i), part, "slot %d: %s", i+1, err)
		}
		places = append(places, len(c.Plan.all))
		c.Plan.all, c.Plan.ids, c.from = append(c.Plan.all, s), append(c.Plan.ids, ids[i]), append(c.from, from)
	}
	return places, twiceIn(path, part, slots)
}

// twiceIn finds somebody who stands twice in one tier at one time, within a template or a temporary plan.
func twiceIn(path, part string, slots []Slot) error {
	for i, s := range slots {
		for j, other := range slots[:i+1] {
			if s.Kind != other.Kind || s.Tier != other.Tier {
				continue
			}
			user, both := shared(s.Users, other.Users, i == j)
			if both && (i == j || beside(s, other)) {
				return faultAt(fmt.Sprint(path, "/slots/", i), part, "slot %d: it has %s twice at one time: see slot %d", i+1, user, j+1)
			}
		}
	}
	return nil
}

// beside tells whether two slots of an overlay share a minute.
func beside(a, b Slot) bool {
	start := func(s Slot) reading {
		d, _ := dateOf(s.Date) // none: a template's, all on one day
		return d.at(s.Start)
	}
	length := func(s Slot) reading { return reading(s.until()-s.Start) * 60 }
	return start(a) < start(b)+length(b) && start(b) < start(a)+length(a)
}

func (c check) templates() error {
	if len(c.over.Templates) > maxTemplates {
		return faultAt("templates", "templates", "a plan has at most %d", maxTemplates)
	}
	for i, t := range c.over.Templates {
		path, part := fmt.Sprint("templates/", i), fmt.Sprint("template ", i+1)
		if err := c.part(path, part, t.ID); err != nil {
			return err
		}
		if len(t.Name) > maxText || len(t.Slots) > maxSlots {
			return faultAt(path, part, "its name has at most %d bytes, and it has at most %d slots", maxText, maxSlots)
		}
		if _, err := c.lay(path, part, t.Slots, Source{FromTemplate, t.ID}); err != nil {
			return err
		}
	}
	return nil
}

func (c check) dates() error {
	if len(c.over.Days) > maxDays {
		return faultAt("days", "days", "a plan has at most %d", maxDays)
	}
	c.Plan.days = map[date][]int{}
	for i, day := range c.over.Days {
		path, part := fmt.Sprint("days/", i), fmt.Sprint("day ", i+1)
		d, ok := dateOf(day.Date)
		if !ok {
			return faultAt(path, part, "date %s is not a date like 2026-12-24", quoted(day.Date))
		}
		if _, there := c.Plan.days[d]; there {
			return faultAt(path, part, "%s has two templates", day.Date)
		}
		if !slices.ContainsFunc(c.over.Templates, func(t Template) bool { return t.ID == day.Template }) {
			return faultAt(path, part, "there is no template %s", quoted(day.Template))
		}
		c.Plan.days[d] = c.of(Source{FromTemplate, day.Template})
	}
	return nil
}

// of are the places of a source's slots.
func (p *Plan) of(from Source) []int {
	places := []int{}
	for i, f := range p.from {
		if f == from {
			places = append(places, i)
		}
	}
	return places
}

func (c check) temporary() error {
	if len(c.over.Temporary) > maxTemplates {
		return faultAt("temporary", "temporary plans", "there are at most %d", maxTemplates)
	}
	for i, t := range c.over.Temporary {
		path, part := fmt.Sprint("temporary/", i), fmt.Sprint("temporary plan ", i+1)
		if err := c.part(path, part, t.ID); err != nil {
			return err
		}
		l, err := c.span(path, part, t)
		if err != nil {
			return err
		}
		if err := c.fill(path, part, t, &l); err != nil {
			return err
		}
		c.temps = append(c.temps, l)
	}
	return nil
}

// span reads the dates of a temporary plan; no two share one.
func (c check) span(path, part string, t Temporary) (laid, error) {
	from, fromOK := dateOf(t.From)
	to, toOK := dateOf(t.To)
	switch {
	case !fromOK || !toOK:
		return laid{}, faultAt(path, part, "from and to are dates like 2026-12-24")
	case to < from:
		return laid{}, faultAt(path, part, "it ends on %s, before it begins on %s", t.To, t.From)
	case to-from > 366:
		return laid{}, faultAt(path, part, "it is longer than a year")
	case t.Grid && len(t.Users) > 0:
		return laid{}, faultAt(path, part, "both the grid and users stand in: one of them can")
	case len(t.Name) > maxText || len(t.Slots) > maxSlots || len(t.Users) > maxUsers:
		return laid{}, faultAt(path, part, "its name has at most %d bytes, and it has at most %d slots and %d users", maxText, maxSlots, maxUsers)
	}
	for i, other := range c.temps {
		if from <= other.to && other.from <= to {
			return laid{}, faultAt(path, part, "it shares a date with temporary plan %d", i+1)
		}
	}
	return laid{from: from, to: to, grid: t.Grid, slots: map[date][]int{}, standIn: -1}, nil
}

// fill puts the slots of a temporary plan, and those who stand in, into the plan.
func (c check) fill(path, part string, t Temporary, l *laid) error {
	for i, s := range t.Slots {
		if d, ok := dateOf(s.Date); !ok || d < l.from || d > l.to {
			return faultAt(fmt.Sprint(path, "/slots/", i), part, "slot %d: its date %s is not one from %s to %s", i+1, quoted(s.Date), t.From, t.To)
		}
	}
	places, err := c.lay(path, part, t.Slots, Source{FromTemporary, t.ID})
	if err != nil {
		return err
	}
	for _, at := range places {
		d, _ := dateOf(c.Plan.all[at].Date)
		l.slots[d] = append(l.slots[d], at)
	}
	if len(t.Users) == 0 {
		return nil
	}
	standIn := Slot{Start: 0, End: minutesADay, Tier: 1, Users: t.Users, Kind: Duty}
	if places, err = c.lay(path, part, []Slot{standIn}, Source{FromStandIn, t.ID}); err == nil {
		l.standIn = places[0]
	}
	return err
}
