package rota

import "strings"

// Why says in words why a tier is as it is: "Bea covers for Anna (slot 3: Monday 20:00–08:00 (Europe/Copenhagen))".
// Names give people their names; nil leaves them as they are.
func Why(s Schedule, t Tier, names func(user string) string) string {
	if len(t.Why) == 0 {
		return "nobody is planned"
	}
	if names == nil {
		names = func(user string) string { return user }
	}
	var all []string
	for _, x := range t.Why {
		all = append(all, planAt(s, x.Start).why(x, names))
	}
	return strings.Join(all, "; ")
}

// why says what changed in a shift, and which it is.
func (p Plan) why(x Shift, names func(string) string) string {
	slot := p.Words(x.Slot)
	if x.reserve {
		slot += ", which stands in"
	}
	var changes []string
	for _, seat := range x.Seats {
		switch {
		case seat.Exception == "":
		case seat.User == "":
			changes = append(changes, names(seat.Was)+" is away")
		case seat.Was != "":
			changes = append(changes, names(seat.User)+" covers for "+names(seat.Was))
		default:
			changes = append(changes, names(seat.User)+" comes too")
		}
	}
	if len(changes) == 0 {
		return slot
	}
	return strings.Join(changes, ", ") + " (" + slot + ")"
}
