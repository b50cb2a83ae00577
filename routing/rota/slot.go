package rota

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

type wireSlot struct {
	ID        string   `json:"id"`
	Date      string   `json:"date"`
	Week      int      `json:"week"`
	Day       int      `json:"day"`
	Start     string   `json:"start"`
	End       string   `json:"end"`
	Tier      int      `json:"tier"`
	Min       *int     `json:"min"`
	Users     []string `json:"users"`
	Languages []string `json:"languages"`
	Kind      Kind     `json:"kind"`
}

// readSlot reads one slot; fits checks whether its day is one.
func readSlot(raw []byte, fits func(Slot) error) (Slot, error) {
	var w wireSlot
	if err := strictly(raw, &w); err != nil {
		return Slot{}, fmt.Errorf("it %w", err)
	}
	s := Slot{ID: w.ID, Date: w.Date, Week: w.Week, Day: w.Day, Tier: w.Tier, Min: 1, Users: []string{}, Kind: w.Kind}
	if s.Kind == Interpreter {
		s.Tier = 0 // whoever interprets is in none, whatever was written
	}
	if w.Min != nil {
		s.Min = *w.Min
	}
	if s.Kind == "" {
		s.Kind = Duty
	}
	var startOK, endOK bool
	s.Start, startOK = minuteOf(w.Start)
	s.End, endOK = minuteOf(w.End)
	switch {
	case !startOK || s.Start == minutesADay:
		return s, fmt.Errorf("start %s is not a time from 00:00 to 23:59", quoted(w.Start))
	case !endOK:
		return s, fmt.Errorf("end %s is not a time from 00:00 to 24:00", quoted(w.End))
	}
	err := fits(s)
	if err == nil {
		err = s.fits()
	}
	if err != nil {
		return s, err
	}
	if s.Users, err = names(w.Users); err != nil {
		return s, err
	}
	if s.Kind == Closed && len(s.Users) > 0 {
		return s, errors.New("it is closed and names users: a closed slot has none")
	}
	s.Languages, err = languages(w.Languages)
	return s, err
}

// fits checks where a slot of the grid stands.
func (r Rota) fits(s Slot) error {
	switch {
	case s.Date != "":
		return errors.New("it has a date: a slot of the grid has a day")
	case s.Week < 0 || s.Week >= r.Weeks:
		return fmt.Errorf("week is 0 to %d", r.Weeks-1)
	case s.Day < 1 || s.Day > 7:
		return errors.New("day is 1 (Monday) to 7 (Sunday)")
	}
	return nil
}

// fits checks what is the same for every slot.
func (s Slot) fits() error {
	switch {
	case s.ID != "" && !idOK(s.ID):
		return fmt.Errorf("id %s is not made of at most %d letters, digits, and - _ .", quoted(s.ID), maxID)
	case s.Kind != Interpreter && (s.Tier < 1 || s.Tier > maxTier):
		return fmt.Errorf("tier is 1 to %d", maxTier)
	case s.Kind == Interpreter && s.Tier != 0:
		return errors.New("whoever interprets is in no tier")
	case s.Min < 0 || s.Min > maxUsers:
		return fmt.Errorf("min is 0 to %d", maxUsers)
	case !slices.Contains([]Kind{Duty, Closed, Shadow, Interpreter}, s.Kind):
		return fmt.Errorf("kind %s is not known: duty, closed, shadow or interpreter", quoted(string(s.Kind)))
	}
	return nil
}

func names(users []string) ([]string, error) {
	if len(users) > maxUsers {
		return nil, fmt.Errorf("it names more than %d users", maxUsers)
	}
	out := make([]string, 0, len(users))
	for _, u := range users {
		u = strings.TrimSpace(u)
		if u == "" || len(u) > maxName {
			return nil, errors.New("a user is an e-mail address, and one is empty or too long")
		}
		out = append(out, u)
	}
	return out, nil
}

func languages(codes []string) ([]string, error) {
	var out []string
	for _, code := range codes {
		l := strings.ToLower(strings.TrimSpace(code))
		if len(l) < 2 || len(l) > 8 || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz-") != "" {
			return nil, fmt.Errorf("language %s is not a code like en or da", quoted(code))
		}
		out = append(out, l)
	}
	return out, nil
}

// overlaps finds somebody who stands twice in one tier at one time. Looking at the grid is enough: readings that are in
// order stay in order as instants.
func (r Rota) overlaps() error {
	cycle := r.Weeks * minutesAWeek
	for i, s := range r.Slots {
		for j, other := range r.Slots[:i+1] {
			if s.Kind != other.Kind || s.Tier != other.Tier {
				continue
			}
			user, both := shared(s.Users, other.Users, i == j)
			if both && (i == j || meet(s, other, cycle)) {
				return r.fault(i+1, "it has %s twice at one time: see slot %d", user, j+1)
			}
		}
	}
	return nil
}

// shared finds somebody who is in both lists, or twice in one.
func shared(a, b []string, same bool) (string, bool) {
	for i, x := range a {
		for j, y := range b {
			if x == y && (!same || i != j) {
				return x, true
			}
		}
	}
	return "", false
}

// meet tells whether two slots share a minute of the cycle.
func meet(a, b Slot, cycle int) bool {
	begin := func(s Slot) int { return s.Week*minutesAWeek + (s.Day-1)*minutesADay + int(s.Start) }
	apart := int(floorMod(int64(begin(b)-begin(a)), int64(cycle))) // from a's start to b's next one
	return apart < int(a.until()-a.Start) || cycle-apart < int(b.until()-b.Start)
}
