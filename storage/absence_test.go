package storage

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hopeline/hotline"
)

func (h *house) claimCalendar(want bool) CalendarDue {
	h.t.Helper()
	due, ok, err := h.ClaimCalendar(h.t.Context(), time.Minute)
	if err != nil || ok != want {
		h.t.Fatalf("ClaimCalendar = %v, %v, %v; want %v", due.User, ok, err, want)
	}
	return due
}

func (h *house) follows(user hotline.UserID) hotline.Followed {
	h.t.Helper()
	all, err := h.Follows(h.t.Context(), user)
	if err != nil || len(all) != 1 {
		h.t.Fatalf("Follows = %+v, %v", all, err)
	}
	return all[0]
}

func TestACalendarIsFollowed(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx, ann := t.Context(), h.user("ann", hotline.Counsellor).ID
		h.do(h.Follow(ctx, ann, "https://calendar.example/address-marker.ics"))
		if f := h.follows(ann); f.Host != "calendar.example" || !f.Read.IsZero() || f.Fault != "" {
			t.Errorf("before it is read: %+v", f)
		}
		due := h.claimCalendar(true)
		if due.Address != "https://calendar.example/address-marker.ics" || due.Tag != "" || due.Tries != 1 {
			t.Errorf("due is %+v", due)
		}
		h.claimCalendar(false) // somebody reads it
		busy := []hotline.Busy{{From: h.clock().Add(time.Hour), To: h.clock().Add(2 * time.Hour)}, {From: h.clock().Add(5 * time.Hour), To: h.clock().Add(6 * time.Hour)}}
		h.do(h.KeepBusy(ctx, due, hotline.CalendarRead{Tag: "tag-marker", Busy: busy, Unclear: 3}, h.clock().Add(time.Hour)))
		got, err := h.Busy(ctx, "")
		if err != nil || !slices.Equal(got[ann], busy) {
			t.Errorf("Busy = %+v, %v, want %+v", got, err, busy)
		}
		if f := h.follows(ann); !f.Read.Equal(h.clock()) || f.Unclear != 3 {
			t.Errorf("after it was read: %+v", f)
		}
		for where, content := range h.everything() {
			for _, word := range []string{"address-marker", "tag-marker", "calendar.example"} {
				if strings.Contains(content, word) {
					t.Errorf("%s holds %s in clear", where, word)
				}
			}
		}
		if next, err := h.NextCalendar(ctx); err != nil || !next.Equal(h.clock().Add(time.Hour)) {
			t.Errorf("NextCalendar = %v, %v", next, err)
		}

		h.later(time.Hour)
		due = h.claimCalendar(true)
		if due.Tag != "tag-marker" || due.Tries != 1 || !due.Whole.Equal(h.clock().Add(-time.Hour)) {
			t.Errorf("an hour later due is %+v", due)
		}
		h.do(h.CalendarFailed(ctx, due, hotline.CalendarGone, h.clock().Add(time.Hour)))
		if f := h.follows(ann); f.Fault != hotline.CalendarGone || !f.Read.Equal(h.clock().Add(-time.Hour)) {
			t.Errorf("after it failed: %+v", f)
		}
		if got, _ := h.Busy(ctx, ann); !slices.Equal(got[ann], busy) {
			t.Errorf("a failure forgot what was known: %+v", got)
		}
		h.later(time.Hour)
		if due = h.claimCalendar(true); due.Tries != 2 {
			t.Errorf("after a failure it is try %d, want 2", due.Tries)
		}
		h.do(h.KeepBusy(ctx, due, hotline.CalendarRead{Same: true}, h.clock().Add(time.Hour)))
		if f := h.follows(ann); f.Fault != "" || !f.Read.Equal(h.clock()) || f.Unclear != 3 {
			t.Errorf("after it was the same: %+v", f)
		}

		h.do(h.Unfollow(ctx, ann))
		if got, err := h.Busy(ctx, ""); err != nil || len(got) != 0 {
			t.Errorf("a calendar that was removed is still known: %+v, %v", got, err)
		}
		var rows int
		if err := h.read.QueryRow(`SELECT count(*) FROM followed_calendars`).Scan(&rows); err != nil || rows != 0 {
			t.Errorf("%d rows are left, %v", rows, err)
		}
	})
}

// What is read of an address that was given up meanwhile counts for nothing.
func TestAnAddressThatChangedMeanwhile(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx, ann := t.Context(), h.user("ann", hotline.Counsellor).ID
		h.do(h.Follow(ctx, ann, "https://one.example/"))
		due := h.claimCalendar(true)
		h.do(h.Follow(ctx, ann, "https://two.example/"))
		read := hotline.CalendarRead{Busy: []hotline.Busy{{From: h.clock(), To: h.clock().Add(time.Hour)}}}
		h.do(h.KeepBusy(ctx, due, read, h.clock().Add(time.Hour)))
		h.do(h.CalendarFailed(ctx, due, hotline.CalendarGone, h.clock().Add(time.Hour)))
		if got, _ := h.Busy(ctx, ann); len(got[ann]) != 0 {
			t.Errorf("the old calendar counts: %+v", got)
		}
		if f := h.follows(ann); f.Host != "two.example" || f.Fault != "" {
			t.Errorf("the new one is %+v", f)
		}
		if again := h.claimCalendar(true); again.Address != "https://two.example/" {
			t.Errorf("the new one is not due: %+v", again)
		}
	})
}

func TestOneProcessReadsACalendar(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		for _, name := range []string{"ann", "bea", "cem"} {
			h.do(h.Follow(t.Context(), h.user(name, hotline.Counsellor).ID, "https://"+name+".example/"))
		}
		_, err := h.AddUser(t.Context(), NewUser{User: hotline.User{Email: "dan@example.org", Name: "dan", Role: hotline.Counsellor}, Password: "x"})
		h.do(err)
		other := h.beside()
		var mu sync.Mutex
		var claimed []hotline.UserID
		var all sync.WaitGroup
		for i := range 12 {
			store := []*Store{h.Store, other}[i%2]
			all.Go(func() {
				due, ok, err := store.ClaimCalendar(t.Context(), time.Minute)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				} else if ok {
					claimed = append(claimed, due.User)
				}
			})
		}
		all.Wait()
		slices.Sort(claimed)
		if once := slices.Compact(slices.Clone(claimed)); len(once) != len(claimed) || len(claimed) == 0 || len(claimed) > 3 {
			t.Errorf("claimed were %v, want each once", claimed)
		}
	})
}

// The calendar of whoever may not log in any more is forgotten.
func TestTheCalendarOfAClosedAccount(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.user("ann", hotline.Counsellor)
		h.do(h.Follow(t.Context(), ann.ID, "https://one.example/"))
		h.do(h.DisableUser(t.Context(), ann.Email))
		h.claimCalendar(false)
		if all, err := h.Follows(t.Context(), ""); err != nil || len(all) != 0 {
			t.Errorf("Follows = %+v, %v", all, err)
		}
		var rows int
		if err := h.read.QueryRow(`SELECT count(*) FROM followed_calendars`).Scan(&rows); err != nil || rows != 0 {
			t.Errorf("%d calendars are kept, %v", rows, err)
		}
	})
}
