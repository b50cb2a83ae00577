package intake

import (
	"encoding/json"
	"fmt"
	"time"

	"hopeline/hotline"
)

// readable is a slot as a page writes it.
type readable map[string]any

func readSlots(text []byte) ([]readable, error) {
	var slots []readable
	if len(text) > 0 && json.Unmarshal(text, &slots) != nil {
		return nil, hotline.Say(hotline.ErrInvalid, "slots are a list; nothing was changed")
	}
	return slots, nil
}

func raw(slot readable) (json.RawMessage, error) {
	text, err := json.Marshal(slot)
	if err != nil {
		return nil, fmt.Errorf("write a slot: %w", err)
	}
	return text, nil
}

// undated are slots without a place in the week: a page's grid gives each one.
func undated(text []byte) ([]json.RawMessage, error) {
	slots, err := readSlots(text)
	if err != nil {
		return nil, err
	}
	all := []json.RawMessage{}
	for _, s := range slots {
		for _, name := range []string{"week", "day", "date"} {
			delete(s, name)
		}
		one, err := raw(s)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// datedSlots puts slots with a day of the week on every such date of a time.
func datedSlots(text []byte, from, to string) ([]json.RawMessage, error) {
	slots, err := readSlots(text)
	if err != nil {
		return nil, err
	}
	first, err := time.Parse(time.DateOnly, from)
	last, lastErr := time.Parse(time.DateOnly, to)
	if err != nil || lastErr != nil || last.Sub(first) > 366*24*time.Hour {
		return nil, hotline.Say(hotline.ErrInvalid, "from and to are dates like 2026-12-24, at most a year apart; nothing was changed")
	}
	all := []json.RawMessage{}
	for _, s := range slots {
		for _, date := range datesOf(s, first, last) {
			one, err := raw(on(s, date))
			if err != nil {
				return nil, err
			}
			all = append(all, one)
		}
	}
	return all, nil
}

// datesOf are the dates that a slot stands on.
func datesOf(s readable, first, last time.Time) []string {
	if date, ok := s["date"].(string); ok && date != "" {
		return []string{date}
	}
	day, _ := s["day"].(float64)
	dates := []string{}
	for d := first; !d.After(last); d = d.AddDate(0, 0, 1) {
		if int(d.Weekday()+6)%7+1 == int(day) {
			dates = append(dates, d.Format(time.DateOnly))
		}
	}
	return dates
}

// on is a slot on one date. Its id names one slot, so a slot of many dates has none.
func on(s readable, date string) readable {
	one := readable{}
	for name, value := range s {
		if name != "week" && name != "day" && (name != "id" || s["date"] != nil) {
			one[name] = value
		}
	}
	one["date"] = date
	return one
}
