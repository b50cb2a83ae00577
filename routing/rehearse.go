package routing

import (
	"fmt"
	"slices"
	"strconv"

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
	if !u.Answering() {
		words = "nobody else is left: she let the last offers pass"
	}
	if u.ID == w.Preferred {
		words += ", the one she had before"
	}
	lacks := unmet(w, languages(u), u.Gender)
	if code(w.Language) != "" && !lacks.Language {
		words += ", speaks " + w.Language
	}
	if w.AsksFor.Chooses() {
		words += map[bool]string{false: ", is the " + string(w.AsksFor) + " she asked for", true: ", is not the " + string(w.AsksFor) + " she asked for: ask again"}[lacks.Gender]
	}
	if !console {
		words += ", on her phone"
	}
	return words
}

// lacking says what a must in somebody's tier she does not meet.
func lacking(w hotline.Waiting, u hotline.Candidate) (words string) {
	lacks := unmet(w, languages(u), u.Gender)
	if w.Musts.Bars(hotline.Unmet{Language: lacks.Language}, tier(u, w.Line)) {
		words += ": does not speak " + w.Language
	}
	if w.Musts.Bars(hotline.Unmet{Gender: lacks.Gender}, tier(u, w.Line)) {
		words += ": is not the " + string(w.AsksFor) + " she asked for"
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
	case tier(u, w.Line) == hotline.LastTier && !w.Last:
		return "is off duty on this line, and is asked when nobody else took it"
	case slices.Contains(w.Barred, u.ID):
		return "is not for this person"
	case unfit(w, u):
		return "does not meet what is a must in tier " + strconv.Itoa(tier(u, w.Line)) + lacking(w, u)
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
