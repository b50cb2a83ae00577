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
	Console bool // a console of hers is open; else it is her phone that rings
}

// Pick is the rule by which contacts find somebody, in plain Go: match.lua does the same one pair at a time, and a
// test holds them together. Fresh tells whether a user has a console open. Laps are the contacts of which everybody was
// asked who could be.
func Pick(waiting []hotline.Waiting, users []hotline.Candidate, fresh func(hotline.UserID) bool) (
	pairs []Pair, laps []hotline.ContactID) {
	r := newRoom(users, fresh)
	var left []hotline.Waiting
	for _, w := range inOrder(waiting) {
		u := r.choose(w)
		if u == nil {
			left = append(left, w)
			continue
		}
		u.Offered = true
		pairs = append(pairs, Pair{Contact: w.ID, User: u.ID, Wakes: w.Rests, Console: u.seen})
	}
	for _, w := range left {
		if lapOver(w, users, fresh) {
			laps = append(laps, w.ID)
		}
	}
	return pairs, laps
}

// lastTier is the last that there may be.
const lastTier = hotline.LastTier

// tier is that of a user on a line, as the index has room for it.
func tier(u hotline.Candidate, line hotline.LineID) int {
	return min(max(u.Tier(line), 0), lastTier)
}

// unfit tells whether u is not what w has to have in her tier.
func unfit(w hotline.Waiting, u hotline.Candidate) bool {
	return w.Musts != (hotline.Musts{}) && w.Musts.Bars(unmet(w, languages(u), u.Gender), tier(u, w.Line))
}

// unmet are the needs of w that somebody does not meet, as far as Redis may know of them.
func unmet(w hotline.Waiting, speaks []string, gender hotline.Gender) hotline.Unmet {
	w.Language = code(w.Language)
	return w.Unmet(speaks, gender)
}

// watched tells whether somebody looks whether anybody fits: nobody is being asked, and nobody was told.
func watched(w hotline.Waiting) bool {
	lone := !w.Rests && !w.Told && w.Beside == 0
	return lone && (w.Musts.Language > 0 && code(w.Language) != "" || w.Musts.Gender > 0 && w.AsksFor.Chooses())
}

// nobodyFits tells whether of those who could be asked nobody is what w has to have: supervisors have to know.
func nobodyFits(w hotline.Waiting, users []hotline.Candidate, seen func(hotline.UserID) bool) bool {
	if !watched(w) {
		return false
	}
	without := w
	without.Musts, without.Last = hotline.Musts{}, false
	others := false
	for _, u := range users {
		if may(w, u, seen(u.ID)) {
			return false
		}
		others = others || may(without, u, seen(u.ID))
	}
	return others
}

// may tells whether u may be asked for w, as far as her duty, what w needs, her room and her reach go: she needs a
// console or, while none is open, a phone that is rung. It is no matter here whether she is being asked or was.
func may(w hotline.Waiting, u hotline.Candidate, seen bool) bool {
	room := u.FreeTexts
	if w.Channel == hotline.Voice {
		room = u.FreeCalls
	}
	switch {
	case tier(u, w.Line) == 0 || room <= 0, tier(u, w.Line) == hotline.LastTier && !w.Last:
		return false
	case unfit(w, u), slices.Contains(w.Barred, u.ID):
		return false
	case seen:
		return u.Available && (w.Channel != hotline.Voice || u.Takes != hotline.NoCalls)
	}
	return u.Home && !w.Quiet
}

// lapOver tells whether everybody who could be asked was asked, and somebody was. Somebody who is being asked for
// another contact may still have her turn, since that is over within a minute; somebody who is full may not. A contact
// that is wanted by one more, beside those who are being asked, is in no lap.
func lapOver(w hotline.Waiting, users []hotline.Candidate, seen func(hotline.UserID) bool) bool {
	return !w.Rests && w.Beside == 0 && len(w.Tried) > 0 && !slices.ContainsFunc(users, func(u hotline.Candidate) bool {
		return !slices.Contains(w.Tried, u.ID) && may(w, u, seen(u.ID))
	})
}

// inOrder gives the contacts in the order of the queue.
func inOrder(waiting []hotline.Waiting) []hotline.Waiting {
	sorted := slices.Clone(waiting)
	slices.SortFunc(sorted, func(a, b hotline.Waiting) int {
		return cmp.Or(cmp.Compare(order(a), order(b)), cmp.Compare(a.ID, b.ID))
	})
	return sorted
}

// person is a user whom Pick may ask.
type person struct {
	hotline.Candidate
	seen   bool
	speaks []string
}

// room are all users, in the order in which they are asked within a tier.
type room []person

func newRoom(users []hotline.Candidate, fresh func(hotline.UserID) bool) room {
	r := make(room, 0, len(users))
	for _, u := range users {
		r = append(r, person{u, fresh(u.ID), languages(u)})
	}
	slices.SortFunc(r, func(a, b person) int {
		return cmp.Or(cmp.Compare(rank(a.Candidate), rank(b.Candidate)), cmp.Compare(a.ID, b.ID))
	})
	return r
}

// choose gives whom to ask, or nil.
func (r room) choose(w hotline.Waiting) *person {
	var best *person
	var least [4]int
	for i := range r {
		u := &r[i]
		if u.Offered || !may(w, u.Candidate, u.seen) || slices.Contains(w.Tried, u.ID) {
			continue
		}
		if wish := u.wish(w); best == nil || slices.Compare(wish[:], least[:]) < 0 {
			best, least = u, wish
		}
	}
	return best
}

// wish is smaller the sooner she is to be asked: the preferred, whoever answers, whoever does not; in each the tier,
// beginning with the one after those who are being asked; in it, for a text, who sits at a console before anybody is
// rung; and then who meets more of its needs.
func (u *person) wish(w hotline.Waiting) [4]int {
	rung := w.Channel != hotline.Voice && !u.seen
	wish := [4]int{2, tier(u.Candidate, w.Line), 0, 0}
	switch {
	case u.Answering() && u.ID == w.Preferred && !rung:
		return [4]int{}
	case u.Answering():
		wish[0] = 1
	}
	if wish[1] <= beside(w) {
		wish[1] += lastTier
	}
	if rung {
		wish[2] = 1
	}
	wish[3] = unmet(w, u.speaks, u.Gender).Count()
	return wish
}

// beside is after which tier one more is looked for.
func beside(w hotline.Waiting) int { return min(max(w.Beside, 0), lastTier-1) }
