package routing

import (
	"context"
	"maps"
	"slices"
	"time"

	"hopeline/hotline"
)

// confirmMost is how many differences are read again one by one before they are written. Another process may have
// moved a contact since the board was read, and what it wrote must not be undone; where more differ, the index is
// wrong and the board is better.
const confirmMost = 256

// mend puts right what the index has wrong. Board was read before the index, so that a difference may be news.
func (r *Router) mend(ctx context.Context, board hotline.Board) error {
	now := r.now()
	have, err := r.index.snapshot(ctx)
	if err != nil {
		return err
	}
	seen, err := r.index.seenSince(ctx, now.Add(-r.opts.Reach))
	if err != nil {
		return err
	}
	contacts := r.confirmContacts(ctx, have.wrongContacts(wanted(board), now, r.opts.Lease))
	users := r.confirmUsers(ctx, have.wrongUsers(board.Users, seen))
	r.figures.repairs.Add(float64(len(contacts) + len(users)))
	if err := r.index.drop(ctx, have.strays(board.Users)); err != nil {
		return err
	}
	if err := r.index.putContacts(ctx, contacts); err != nil {
		return err
	}
	return r.index.putUsers(ctx, now, users)
}

func (r *Router) confirmContacts(ctx context.Context, wrong []standing) []standing {
	if len(wrong) > confirmMost {
		return wrong
	}
	var sure []standing
	for _, s := range wrong {
		s, _, err := r.look(ctx, s.id)
		if err != nil {
			r.unread(ctx, err)
			break
		}
		sure = append(sure, s)
	}
	return sure
}

func (r *Router) confirmUsers(ctx context.Context, wrong []hotline.Candidate) []hotline.Candidate {
	if len(wrong) > confirmMost {
		return wrong
	}
	ids := make(map[hotline.UserID]bool, len(wrong))
	for _, c := range wrong {
		ids[c.ID] = true
	}
	return r.candidates(ctx, ids)
}

// wrongContacts gives where those contacts stand that the index has elsewhere. Those under a claim are left to it.
func (h snapshot) wrongContacts(want map[hotline.ContactID]standing, now time.Time, lease time.Duration) []standing {
	var wrong []standing
	for id, s := range want {
		if !h.claimed["c "+string(id)] && !(h.stands(s) && h.timed(s, now, lease)) {
			wrong = append(wrong, s)
		}
	}
	strangers := make(map[hotline.ContactID]bool)
	for _, ids := range [][]hotline.ContactID{slices.Collect(maps.Keys(h.queue)), slices.Collect(maps.Keys(h.clock)),
		slices.Collect(maps.Keys(h.lapping))} {
		for _, id := range ids {
			if _, known := want[id]; !known {
				strangers[id] = true
			}
		}
	}
	for id := range strangers {
		wrong = append(wrong, standing{id: id, place: closed})
	}
	return wrong
}

// stands tells whether the index has the contact in its place.
func (h snapshot) stands(s standing) bool {
	at, queued := h.queue[s.id]
	if !s.queued() {
		return !queued && !h.lapping[s.id]
	}
	w := contactIn(s.id, s.record)
	laps := s.place == waiting && (w.Beside == 0 && len(w.Tried) > 0 || watched(w))
	return queued && at == s.order && h.contacts[s.id] == s.record && h.lapping[s.id] == laps
}

// timed tells whether the clock has the contact's next step, or has put it off because it is being done.
func (h snapshot) timed(s standing, now time.Time, lease time.Duration) bool {
	at := h.clock[s.id]
	return at == s.due || s.due > 0 && s.due <= ms(now) && at > 0 && at <= ms(now.Add(lease))
}

// wrongUsers gives those users whom the index has otherwise. Those under a claim are left to it. Whoever was seen and
// can be asked must have all her seats; whoever has some without having been seen leaves when her turn comes.
func (h snapshot) wrongUsers(users []hotline.Candidate, seen map[hotline.UserID]time.Time) []hotline.Candidate {
	var wrong []hotline.Candidate
	known := make(map[hotline.UserID]bool, len(users))
	for _, c := range users {
		known[c.ID] = true
		if h.claimed["u "+string(c.ID)] {
			continue
		}
		_, reachable := seen[c.ID]
		if h.users[c.ID] != userRecord(c) || h.asked[c.ID] != c.Offered || !h.seated(c, reachable) {
			wrong = append(wrong, c)
		}
	}
	for id := range h.users {
		if !known[id] {
			wrong = append(wrong, hotline.Candidate{ID: id})
		}
	}
	return wrong
}

// seated tells whether the index has c where she belongs, and nowhere else.
func (h snapshot) seated(c hotline.Candidate, reachable bool) bool {
	hers := seats(c.ID, userRecord(c))
	for _, s := range hers {
		if (reachable || s.phone()) && !h.seats[s] {
			return false
		}
	}
	return !slices.ContainsFunc(h.of[c.ID], func(s seat) bool { return !slices.Contains(hers, s) })
}

// strays gives the seats for which neither the index nor the board has a user.
func (h snapshot) strays(users []hotline.Candidate) []seat {
	sound := make(map[seat]bool, len(h.seats))
	for id, record := range h.users {
		for _, s := range seats(id, record) {
			sound[s] = true
		}
	}
	for _, c := range users {
		for _, s := range seats(c.ID, userRecord(c)) {
			sound[s] = true
		}
	}
	return slices.DeleteFunc(slices.Collect(maps.Keys(h.seats)), func(s seat) bool { return sound[s] })
}
