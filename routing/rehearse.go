package routing

import (
	"fmt"
	"slices"

	"hopeline/hotline"
)

// Rehearse tells who would be asked for a contact now, in this order, if each let it pass; and why everybody else would
// not be. It is [Pick], asked again and again, and asks nobody. Who was asked in this lap already is not asked again.
func Rehearse(w hotline.Waiting, users []hotline.Candidate, fresh func(hotline.UserID) bool) (picks, excluded []hotline.Because) {
	asked := w
	asked.Tried = slices.Clone(w.Tried)
	for range users {
		pairs, _ := Pick([]hotline.Waiting{asked}, users, fresh)
		if len(pairs) == 0 {
			break
		}
		asked.Tried = append(asked.Tried, pairs[0].User)
		i := slices.IndexFunc(users, func(u hotline.Candidate) bool { return u.ID == pairs[0].User })
		picks = append(picks, hotline.Because{User: users[i].ID, Tier: tier(users[i], w.Line), Why: reason(w, users[i], pairs[0].Console)})
	}
	for _, u := range users {
		if !slices.ContainsFunc(picks, func(b hotline.Because) bool { return b.User == u.ID }) {
			excluded = append(excluded, hotline.Because{User: u.ID, Tier: tier(u, w.Line), Why: obstacle(w, u, fresh(u.ID))})
		}
	}
	return picks, excluded
}

// reason says why somebody would be asked when she is.
func reason(w hotline.Waiting, u hotline.Candidate, console bool) string {
	words := fmt.Sprintf("tier %d", tier(u, w.Line))
	if !answers(u) {
		words = "nobody else is left: she let the last offers pass"
	}
	if u.ID == w.Preferred {
		words += ", the one she had before"
	}
	if slices.Contains(languages(u), code(w.Language)) {
		words += ", speaks " + w.Language
	}
	if !console {
		words += ", on her phone"
	}
	return words
}

// obstacle says why somebody would not be asked.
func obstacle(w hotline.Waiting, u hotline.Candidate, seen bool) string {
	room := u.FreeTexts
	if w.Channel == hotline.Voice {
		room = u.FreeCalls
	}
	switch {
	case tier(u, w.Line) == 0:
		return "is off duty on this line"
	case room <= 0:
		return "is full"
	case slices.Contains(w.Tried, u.ID):
		return "was asked in this round"
	case u.Offered:
		return "is being asked for another contact"
	case seen && !u.Available:
		return "is set away"
	case seen:
		return "takes no calls"
	case u.Home && w.Quiet:
		return "nobody is rung for it now"
	}
	return "has no console open, and no phone that may ring"
}
