package routing

import (
	"cmp"
	"slices"

	"hopeline/hotline"
)

// Pair is a contact and who is to be asked for it.
type Pair struct {
	Contact hotline.ContactID
	User    hotline.UserID
	Wakes   bool // the contact rests, and User, whom its lap did not know, ends that
}

// Pick is the rule by which contacts find somebody, in plain Go: match.lua does the same one pair at a time, and a
// test holds them together. Fresh tells whether a user can be reached. Laps are the contacts of which everybody was
// asked who could be.
func Pick(waiting []hotline.Waiting, users []hotline.Candidate, fresh func(hotline.UserID) bool) (
	pairs []Pair, laps []hotline.ContactID) {
	r := newRoom(users, fresh)
	for _, w := range inOrder(waiting) {
		if u, ok := r.choose(w); ok {
			r.ask(u)
			pairs = append(pairs, Pair{Contact: w.ID, User: u, Wakes: w.Rests})
		}
	}
	asked := make(map[hotline.ContactID]bool, len(pairs))
	for _, p := range pairs {
		asked[p.Contact] = true
	}
	for _, w := range inOrder(waiting) {
		if !asked[w.ID] && !w.Rests && lapOver(w.Tried, r.running()) {
			laps = append(laps, w.ID)
		}
	}
	return pairs, laps
}

// lapOver tells whether everybody who could be asked was asked, and somebody was. Running are those whose turn may
// still come: available, reachable, with room; somebody who is being asked for another contact is among them, since
// that is over within a minute, and somebody who is full is not.
func lapOver(tried, running []hotline.UserID) bool {
	return len(tried) > 0 && !slices.ContainsFunc(running, func(u hotline.UserID) bool { return !slices.Contains(tried, u) })
}

// inOrder gives the contacts in the order of the queue.
func inOrder(waiting []hotline.Waiting) []hotline.Waiting {
	sorted := slices.Clone(waiting)
	slices.SortFunc(sorted, func(a, b hotline.Waiting) int {
		return cmp.Or(cmp.Compare(order(a), order(b)), cmp.Compare(a.ID, b.ID))
	})
	return sorted
}

// room are the users who can be reached, in the order in which they are asked.
type room []hotline.Candidate

func newRoom(users []hotline.Candidate, fresh func(hotline.UserID) bool) room {
	var r room
	for _, u := range users {
		if u.Available && fresh(u.ID) {
			r = append(r, u)
		}
	}
	slices.SortFunc(r, func(a, b hotline.Candidate) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.ID, b.ID))
	})
	return r
}

func idle(u hotline.Candidate) bool    { return u.FreeTexts > 0 && !u.Offered }
func answers(u hotline.Candidate) bool { return u.Missed < hotline.MissedLimit }

// choose gives whom to ask: the preferred, a speaker, anybody; and then the same among those who do not answer.
func (r room) choose(w hotline.Waiting) (hotline.UserID, bool) {
	language := code(w.Language)
	wishes := []func(hotline.Candidate) bool{
		func(u hotline.Candidate) bool { return answers(u) && u.ID == w.Preferred },
		func(u hotline.Candidate) bool { return answers(u) && slices.Contains(languages(u), language) },
		answers,
		func(u hotline.Candidate) bool { return slices.Contains(languages(u), language) },
		func(hotline.Candidate) bool { return true },
	}
	for _, wish := range wishes {
		for _, u := range r {
			if idle(u) && wish(u) && !slices.Contains(w.Tried, u.ID) {
				return u.ID, true
			}
		}
	}
	return "", false
}

// ask takes one of the user's free slots and makes her busy.
func (r room) ask(id hotline.UserID) {
	for i := range r {
		if r[i].ID == id {
			r[i].Offered = true
			r[i].FreeTexts--
		}
	}
}

func (r room) running() []hotline.UserID {
	var ids []hotline.UserID
	for _, u := range r {
		if u.FreeTexts > 0 {
			ids = append(ids, u.ID)
		}
	}
	return ids
}
