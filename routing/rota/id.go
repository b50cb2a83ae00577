package rota

import (
	"fmt"
	"strconv"
	"strings"
)

// ShiftID names one seat of one shift, for ever: the line, the slot, the day on which it starts by the rota's own
// clock, and the seat. It stays when other slots are edited, and when this one gets other people or another end. Seat 0
// is the shift as a whole; seats from 1 are the slot's own, those after [maxUsers] belong to people who come extra.
//
// Its text is "+4570201550/0-1-2000-1/2026-11-23/1".
type ShiftID struct {
	Line, Slot, Day string
	Seat            int
}

// firstExtra is the first seat of people who come extra: no slot has so many users.
const firstExtra = maxUsers + 1

// Whole is the shift that a seat belongs to.
func (id ShiftID) Whole() ShiftID { return id.At(0) }

// At is another seat of the same shift.
func (id ShiftID) At(seat int) ShiftID {
	id.Seat = seat
	return id
}

func (id ShiftID) String() string {
	return id.Line + "/" + id.Slot + "/" + id.Day + "/" + strconv.Itoa(id.Seat)
}

// MarshalText is for JSON.
func (id ShiftID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText is for JSON.
func (id *ShiftID) UnmarshalText(text []byte) (err error) {
	*id, err = ParseShiftID(string(text))
	return err
}

// ParseShiftID reads what String wrote. The error is a [Fault].
func ParseShiftID(text string) (ShiftID, error) {
	parts := strings.Split(text, "/")
	if len(parts) != 4 {
		return ShiftID{}, fault(0, "shift %s is not line/slot/day/seat", quoted(text))
	}
	id := ShiftID{Line: parts[0], Slot: parts[1], Day: parts[2]}
	seat, err := strconv.Atoi(parts[3])
	id.Seat = seat
	_, dayOK := dateOf(id.Day)
	if err != nil || seat < 0 || seat > 999 || !dayOK || !lineOK(id.Line) || !idOK(id.Slot) || id.String() != text {
		return ShiftID{}, fault(0, "shift %s is not line/slot/day/seat", quoted(text))
	}
	return id, nil
}

const maxID = 60

func idOK(id string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
	return id != "" && len(id) <= maxID && strings.Trim(id, letters) == ""
}

// identify gives each slot its id: its own, or else one made of the cell that it stands in, so that it does not depend
// on the other slots unless two stand in one cell. Taken are the ids of the plan so far. An id that is taken already is
// told by its index, from 0; -1: all is well.
func identify(slots []Slot, prefix string, taken map[string]bool) (ids []string, double int) {
	for i, s := range slots {
		if s.ID == "" {
			continue
		}
		if taken[s.ID] {
			return nil, i
		}
		taken[s.ID] = true
	}
	for _, s := range slots {
		id := s.ID
		if id == "" {
			id = unlike(cell(s, prefix), taken)
			taken[id] = true
		}
		ids = append(ids, id)
	}
	return ids, -1
}

// cell names the place of a slot: "0-1-2000-1" is week 0, Monday, 20:00, tier 1.
func cell(s Slot, prefix string) string {
	day := fmt.Sprintf("%d-%d", s.Week, s.Day)
	switch {
	case s.Date != "":
		day = prefix + "-" + strings.ReplaceAll(s.Date, "-", "")
	case prefix != "":
		day = prefix
	}
	id := fmt.Sprintf("%s-%02d%02d-%d", day, s.Start/60, s.Start%60, s.Tier)
	if s.Kind != Duty {
		id += "-" + string(s.Kind)
	}
	return id
}

// unlike is the first of id, id-2, id-3 … that is not taken.
func unlike(id string, taken map[string]bool) string {
	free := id
	for n := 2; taken[free]; n++ {
		free = fmt.Sprintf("%s-%d", id, n)
	}
	return free
}
