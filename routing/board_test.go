package routing

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"pgregory.net/rapid"

	"hopeline/hotline"
)

// someBoard draws a small board on which nearly everything collides: few users, lines, tiers, languages and times.
func someBoard(t *rapid.T) (hotline.Board, []sighting) {
	b := hotline.Board{Generation: "g"}
	var seen []sighting
	var ids []hotline.UserID
	for i := range rapid.IntRange(0, 14).Draw(t, "users") {
		u := someUser(t, hotline.UserID(fmt.Sprintf("u%02d", i)))
		ids, b.Users = append(ids, u.ID), append(b.Users, u)
		if age := rapid.SampledFrom([]int{0, 29, 30, 31, 900, -1}).Draw(t, "unseen for"); age >= 0 {
			seen = append(seen, sighting{u.ID, at(1000 - age)})
		}
	}
	for i := range rapid.IntRange(0, 40).Draw(t, "contacts") {
		b.Waiting = append(b.Waiting, someContact(t, hotline.ContactID(fmt.Sprintf("c%02d", i)), ids))
	}
	return b, seen
}

var (
	someLanguage = rapid.SampledFrom([]string{"da", "en", "ro", "", "not a code"})
	someGender   = rapid.SampledFrom([]hotline.Gender{"", hotline.Woman, hotline.Man})
	someLine     = rapid.SampledFrom([]hotline.LineID{"+4570201550", "+4570201551", "+4670201552", ""})
)

func oneIn(t *rapid.T, n int, what string) bool { return rapid.IntRange(1, n).Draw(t, what) == n }

func someUser(t *rapid.T, id hotline.UserID) hotline.Candidate {
	u := hotline.Candidate{ID: id, Available: !oneIn(t, 6, "away"), Languages: rapid.SliceOfN(someLanguage, 0, 3).Draw(t, "languages"),
		FreeTexts: rapid.IntRange(0, 2).Draw(t, "texts"), FreeCalls: rapid.IntRange(0, 1).Draw(t, "calls"),
		Takes: rapid.SampledFrom([]hotline.Ringing{hotline.InBrowser, hotline.OnPhone, hotline.NoCalls}).Draw(t, "takes"),
		Home:  rapid.Bool().Draw(t, "home"), Offered: oneIn(t, 5, "offered"), Missed: rapid.IntRange(0, 4).Draw(t, "missed"),
		LastAsked: at(rapid.IntRange(0, 3).Draw(t, "asked")), Tiers: make(map[hotline.LineID]int)}
	u.Gender = someGender.Draw(t, "gender")
	if oneIn(t, 6, "new") {
		u.LastAsked = time.Time{}
	}
	if !oneIn(t, 3, "on some lines only") {
		u.Tiers["*"] = rapid.IntRange(1, 4).Draw(t, "tier")
	}
	for _, line := range rapid.SliceOfN(someLine, 0, 2).Draw(t, "lines") {
		u.Tiers[line] = rapid.SampledFrom([]int{0, 1, 2, 3, hotline.LastTier}).Draw(t, "its tier")
	}
	return u
}

func someContact(t *rapid.T, id hotline.ContactID, users []hotline.UserID) hotline.Waiting {
	w := hotline.Waiting{ID: id, Priority: rapid.IntRange(-1, 2).Draw(t, "priority"), Line: someLine.Draw(t, "line"),
		Since: at(rapid.IntRange(0, 5).Draw(t, "since")), Language: someLanguage.Draw(t, "language"),
		Channel: rapid.SampledFrom([]hotline.Channel{hotline.SMS, hotline.WhatsApp, hotline.Voice}).Draw(t, "channel")}
	w.Last = oneIn(t, 3, "climbed")
	w.Quiet = w.Channel != hotline.Voice && oneIn(t, 3, "quiet")
	if rapid.Bool().Draw(t, "asks for somebody") {
		w.AsksFor = rapid.SampledFrom([]hotline.Gender{hotline.Woman, hotline.Man, hotline.Anybody}).Draw(t, "asks for")
	}
	w.Musts = hotline.Musts{Language: rapid.IntRange(0, 3).Draw(t, "language must"), Gender: rapid.IntRange(0, 3).Draw(t, "gender must")}
	w.Told = oneIn(t, 4, "told")
	if len(users) == 0 {
		return w
	}
	if oneIn(t, 3, "bars") {
		w.Barred = rapid.Permutation(users).Draw(t, "barred")[:rapid.IntRange(1, len(users)).Draw(t, "how many are")]
	}
	if rapid.Bool().Draw(t, "prefers") {
		w.Preferred = rapid.SampledFrom(users).Draw(t, "preferred")
	}
	if rapid.Bool().Draw(t, "was asked") {
		w.Tried = rapid.Permutation(users).Draw(t, "tried")[:rapid.IntRange(1, len(users)).Draw(t, "how many")]
		w.Rests = rapid.Bool().Draw(t, "rests")
		if !w.Rests && rapid.Bool().Draw(t, "is being asked") {
			w.Beside = rapid.IntRange(1, min(3, len(w.Tried))).Draw(t, "by")
		}
	}
	return w
}

// wellAsked holds pairs against what must be so of them, said another way than the rule says it.
func wellAsked(t *rapid.T, b hotline.Board, pairs []Pair, fresh func(hotline.UserID) bool) {
	users, contacts := make(map[hotline.UserID]hotline.Candidate), make(map[hotline.ContactID]hotline.Waiting)
	for _, u := range b.Users {
		users[u.ID] = u
	}
	for _, w := range b.Waiting {
		contacts[w.ID] = w
	}
	asked := make(map[hotline.UserID]bool)
	for _, p := range pairs {
		u, w := users[p.User], contacts[p.Contact]
		call := w.Channel == hotline.Voice
		here, own := u.Tiers[w.Line]
		switch {
		case asked[p.User] || u.Offered:
			t.Errorf("%s is asked for two contacts", p.User)
		case own && here == 0, !own && u.Tiers["*"] == 0:
			t.Errorf("%s is asked for a contact of a line where she is not on duty", p.User)
		case own && here == hotline.LastTier && !w.Last:
			t.Errorf("%s, a supervisor off duty, is asked for who did not climb the ladder", p.User)
		case slices.Contains(w.Tried, p.User):
			t.Errorf("%s is asked for %s again", p.User, p.Contact)
		case slices.Contains(w.Barred, p.User):
			t.Errorf("%s is not for the person of %s, and is asked", p.User, p.Contact)
		case lacksMust(w, u, here, own):
			t.Errorf("%s does not have what %s must have in her tier", p.User, p.Contact)
		case p.Console != fresh(p.User):
			t.Errorf("%s: console %v, want %v", p.User, p.Console, fresh(p.User))
		case !p.Console && (!u.Home || w.Quiet):
			t.Errorf("%s has no console, and is asked", p.User)
		case p.Console && (!u.Available || call && u.Takes == hotline.NoCalls):
			t.Errorf("%s does not take it, and is asked", p.User)
		case call && u.FreeCalls == 0, !call && u.FreeTexts == 0:
			t.Errorf("%s has no room, and is asked", p.User)
		}
		asked[p.User] = true
	}
	if left := leftOver(contacts, users, pairs, fresh); left != "" {
		t.Error(left)
	}
}

// lacksMust tells whether somebody lacks what whoever is asked in her tier has to have.
func lacksMust(w hotline.Waiting, u hotline.Candidate, here int, own bool) bool {
	if !own {
		here = u.Tiers["*"]
	}
	speaks := !slices.Contains([]string{"da", "en", "ro"}, w.Language) || slices.Contains(u.Languages, w.Language)
	is := w.AsksFor == "" || w.AsksFor == hotline.Anybody || w.AsksFor == u.Gender
	return here != hotline.LastTier && (!speaks && here <= w.Musts.Language || !is && here <= w.Musts.Gender)
}

// leftOver finds a contact that nobody was asked for, and a user who could be.
func leftOver(contacts map[hotline.ContactID]hotline.Waiting, users map[hotline.UserID]hotline.Candidate, pairs []Pair,
	fresh func(hotline.UserID) bool) string {
	contacts, users = maps.Clone(contacts), maps.Clone(users)
	for _, p := range pairs {
		delete(contacts, p.Contact)
		delete(users, p.User)
	}
	for _, w := range contacts {
		for _, u := range users {
			if !u.Offered && may(w, u, fresh(u.ID)) && !slices.Contains(w.Tried, u.ID) {
				return fmt.Sprintf("%s waits, and %s is not asked", w.ID, u.ID)
			}
		}
	}
	return ""
}
