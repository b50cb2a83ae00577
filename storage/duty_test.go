package storage

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

func TestCheckInKeepsTheSessionThatChecksIn(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ann := h.user("ann", hotline.Counsellor).ID
		h.saves(plan(t, aLine, sunday("10:00", "11:00", "1", ann)))
		for _, token := range []string{"one", "other"} {
			if err := h.BeginSession(ctx, ann, []byte(token), 0, false, time.Hour); err != nil {
				t.Fatal(err)
			}
		}
		seat := nextSunday(aLine, 1)
		if err := h.Confirm(ctx, ann, seat); err != nil {
			t.Fatal(err)
		}
		said := func() hotline.SeatState {
			t.Helper()
			all, err := h.Attendance(ctx, h.clock(), h.clock().AddDate(0, 0, 8))
			if err != nil {
				t.Fatal(err)
			}
			return all.Of(seat, ann)
		}
		if got := said(); got != hotline.SeatConfirmed {
			t.Errorf("confirmed, she is %s", got)
		}
		if p, err := h.Plan(ctx, aLine, h.clock()); err != nil || p.Version != 2 || !slices.Equal(p.Over().Confirmed, []rota.Confirmation{{Shift: seat, User: string(ann)}}) {
			t.Errorf("the plan knows of %v at version %d, %v", p.Over().Confirmed, p.Version, err)
		}
		until := h.clock().Add(5 * time.Hour)
		for range 2 {
			if err := h.Arrive(ctx, ann, seat, []byte("one"), until); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.Confirm(ctx, ann, seat); err != nil {
			t.Fatal(err)
		}
		if got := said(); got != hotline.SeatHere {
			t.Errorf("there, she is %s", got)
		}
		h.later(2 * time.Hour)
		if s, err := h.SessionOf(ctx, []byte("one")); err != nil || !s.Ends.Equal(until) {
			t.Errorf("her session ends at %v, %v; want %v", s.Ends, err, until)
		}
		if _, err := h.SessionOf(ctx, []byte("other")); !errors.Is(err, hotline.ErrNotFound) {
			t.Errorf("another session of hers: %v", err)
		}
		if err := h.Arrive(ctx, ann, seat, []byte("other"), h.clock().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if _, err := h.SessionOf(ctx, []byte("other")); !errors.Is(err, hotline.ErrNotFound) {
			t.Errorf("a session that is over came back: %v", err)
		}
	})
}

// TestAConfirmationIsHersWhoGaveIt: whoever takes the seat over said nothing.
func TestAConfirmationIsHersWhoGaveIt(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ann, bea := h.user("ann", hotline.Counsellor).ID, h.user("bea", hotline.Counsellor).ID
		h.saves(plan(t, aLine, sunday("10:00", "11:00", "1", ann)))
		seat := nextSunday(aLine, 1)
		missing := func(want ...string) {
			t.Helper()
			p, err := h.Plan(ctx, aLine, h.clock())
			if err != nil {
				t.Fatal(err)
			}
			p.Limits = rota.Limits{Confirm: 9 * 24}
			got := []string{}
			known := map[string]rota.Person{string(ann): {Answers: true, Phone: true}, string(bea): {Answers: true, Phone: true}}
			for _, r := range rota.Examine(p, h.clock(), h.clock().AddDate(0, 0, 8), known) {
				if r.Kind == rota.Unconfirmed && r.Shift == seat {
					got = append(got, r.User)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("unconfirmed: %q, want %q", got, want)
			}
		}
		if err := h.Confirm(ctx, ann, seat); err != nil {
			t.Fatal(err)
		}
		missing()
		w, err := h.AskSwap(ctx, ann, seat, "", "")
		if err == nil {
			_, err = h.TakeSwap(ctx, w.ID, bea, canHave)
		}
		if err != nil {
			t.Fatal(err)
		}
		missing(string(bea))
		if err := h.Confirm(ctx, bea, seat); err != nil {
			t.Fatal(err)
		}
		missing()
	})
}

func TestWhoCannotJustNowIsNotAsked(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.user("ann", hotline.Counsellor).ID
		if _, err := h.SetPresence(t.Context(), ann, hotline.Available, ""); err != nil {
			t.Fatal(err)
		}
		h.saves(plan(t, aLine, sunday("02:00", "08:00", "1", ann)))
		want := func(what string, on bool) {
			t.Helper()
			if got := h.onDuty(ann); got != on {
				t.Errorf("%s: on duty %v, want %v", what, got, on)
			}
		}
		want("at first", true)
		until := h.clock().Add(time.Hour)
		if err := h.Relieve(t.Context(), ann, until); err != nil {
			t.Fatal(err)
		}
		want("relieved", false)
		if r, err := h.Roster(t.Context()); err != nil || !r.Until.Equal(until) {
			t.Errorf("the roster holds until %v, %v; want %v", r.Until, err, until)
		}
		if a, ok := h.notices[len(h.notices)-1].(hotline.Alarmed); !ok || a.Kind != hotline.AlarmRelieved || a.User != ann {
			t.Errorf("the house was told %+v", h.notices[len(h.notices)-1])
		}
		h.later(time.Hour)
		want("an hour later", true)
		if err := h.Relieve(t.Context(), ann, h.clock().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		want("again", false)
		if err := h.Relieve(t.Context(), ann, time.Time{}); err != nil {
			t.Fatal(err)
		}
		want("back", true)
	})
}

func TestAHandoverListsWhoIsStillThere(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ann, bea := h.user("ann", hotline.Counsellor), h.user("bea", hotline.Counsellor).ID
		h.text("SM1", "+4520111111", aLine, "one")
		h.text("SM2", "+4520222222", "+4570999999", "of another line")
		id := h.waiting(ann)[0].ID
		made, err := h.AddHandover(ctx, ann.ID, aLine, "note-marker")
		if err != nil || !slices.Equal(made.Open, []hotline.ContactID{id}) {
			t.Fatalf("AddHandover = %+v, %v", made, err)
		}
		if all, err := h.AddHandover(ctx, ann.ID, rota.AllLines, "x"); err != nil || len(all.Open) != 2 {
			t.Errorf("of all lines: %+v, %v", all, err)
		}
		unread, err := h.Handovers(ctx, h.clock())
		if err != nil || len(unread) != 2 || unread[1].Note != "note-marker" || unread[1].By != ann.ID {
			t.Errorf("Handovers = %+v, %v", unread, err)
		}
		if _, err := h.ReadHandover(ctx, bea, made.ID, func(hotline.Handover) error { return hotline.ErrForbidden }); !errors.Is(err, hotline.ErrForbidden) {
			t.Errorf("who may not read it: %v", err)
		}
		for _, reader := range []hotline.UserID{bea, ann.ID} { // the first stands
			if got, err := h.ReadHandover(ctx, reader, made.ID, func(hotline.Handover) error { return nil }); err != nil || got.ReadBy != bea {
				t.Errorf("ReadHandover = by %s, %v", got.ReadBy, err)
			}
		}
		if unread, err = h.Handovers(ctx, h.clock()); err != nil || len(unread) != 1 {
			t.Errorf("unread now: %+v, %v", unread, err)
		}
		for where, content := range h.everything() {
			if strings.Contains(content, "note-marker") {
				t.Errorf("%s holds the note in clear", where)
			}
		}
	})
}

func TestWishesDraftsAndCalendarsAreKept(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ann, bea := h.user("ann", hotline.Counsellor).ID, h.user("bea", hotline.Counsellor).ID
		from, to := h.clock().AddDate(0, 0, 7), h.clock().AddDate(0, 0, 8)
		for _, kind := range []string{"can", "cannot"} { // of the same time the last counts
			if _, err := h.AddWish(ctx, hotline.Wish{User: ann, From: from, To: to, Kind: kind}); err != nil {
				t.Fatal(err)
			}
		}
		all, err := h.Wishes(ctx, "", h.clock(), to)
		if err != nil || len(all) != 1 || all[0].Kind != "cannot" || !all[0].From.Equal(from) {
			t.Fatalf("Wishes = %+v, %v", all, err)
		}
		if err := h.DropWish(ctx, bea, all[0].ID); !errors.Is(err, hotline.ErrNotFound) {
			t.Errorf("another's wish is dropped: %v", err)
		}
		if err := h.DropWish(ctx, ann, all[0].ID); err != nil {
			t.Error(err)
		}

		for _, body := range []string{"first draft-marker", "draft-marker"} {
			if err := h.SetDraft(ctx, ann, aLine, []byte(body)); err != nil {
				t.Fatal(err)
			}
		}
		if d, err := h.Draft(ctx, aLine); err != nil || string(d.Body) != "draft-marker" || d.By != ann {
			t.Errorf("Draft = %+v, %v", d, err)
		}

		secret, err := h.CalendarSecret(ctx, ann, "secret-marker")
		again, againErr := h.CalendarSecret(ctx, ann, "another")
		if err != nil || againErr != nil || secret != "secret-marker" || again != secret {
			t.Errorf("CalendarSecret = %q and %q, %v, %v", secret, again, err, againErr)
		}
		if u, err := h.CalendarOf(ctx, secret); err != nil || u != ann {
			t.Errorf("CalendarOf = %s, %v", u, err)
		}
		for where, content := range h.everything() {
			if strings.Contains(content, "draft-marker") || strings.Contains(content, "secret-marker") {
				t.Errorf("%s holds a draft or a secret in clear", where)
			}
		}
		gone := rota.Stretch{Span: rota.Span{Start: from, End: to}, ID: nextSunday(aLine, 1), User: string(ann)}
		for range 2 {
			if err := h.KeepGone(ctx, []rota.Stretch{gone}); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := h.Gone(ctx, ann); err != nil || len(got) != 1 || got[0].ID != gone.ID || !got[0].Start.Equal(from) {
			t.Errorf("Gone = %+v, %v", got, err)
		}
		h.later(goneFor + time.Hour)
		if got, err := h.Gone(ctx, ann); err != nil || len(got) != 0 {
			t.Errorf("a month later: %+v, %v", got, err)
		}
		if err := h.DisableUser(ctx, "ann@example.org"); err != nil {
			t.Fatal(err)
		}
		if _, err := h.CalendarOf(ctx, secret); !errors.Is(err, hotline.ErrNotFound) {
			t.Errorf("the calendar of an account that is disabled: %v", err)
		}
		if err := h.RevokeCalendar(ctx, ann); err != nil {
			t.Error(err)
		}
	})
}

// An interpreter has no page: whoever plans makes the address of her calendar, and the next one ends the one before.
func TestAnInterpretersCalendarIsHandedToHer(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ann, mai, sue := h.user("ann", hotline.Counsellor).ID, h.user("mai", hotline.Interpreter).ID, h.user("sue", hotline.Supervisor).ID
		opens := func(secret string, want hotline.UserID) {
			t.Helper()
			if u, err := h.CalendarOf(ctx, secret); u != want || err == nil != (want != "") {
				t.Errorf("%s opens the calendar of %q, %v; want %q", secret, u, err, want)
			}
		}
		for _, secret := range []string{"first-marker", "second-marker"} {
			if err := h.GiveCalendar(ctx, sue, mai, secret); err != nil {
				t.Fatal(err)
			}
		}
		opens("first-marker", "")
		opens("second-marker", mai)
		for where, content := range h.everything() {
			if strings.Contains(content, "second-marker") {
				t.Errorf("%s holds a secret in clear", where)
			}
		}
		if made, err := h.CalendarsMade(ctx); err != nil || len(made) != 1 || !made[mai].Equal(h.clock()) {
			t.Errorf("CalendarsMade = %v, %v; want hers", made, err)
		}
		for what, err := range map[string]error{"give": h.GiveCalendar(ctx, sue, ann, "third"), "take": h.TakeCalendar(ctx, sue, ann)} {
			if !errors.Is(err, hotline.ErrInvalid) {
				t.Errorf("%s that of somebody who logs in: %v", what, err)
			}
		}
		if err := h.TakeCalendar(ctx, sue, mai); err != nil {
			t.Fatal(err)
		}
		opens("second-marker", "")
		var entries int
		if err := h.read.QueryRow(`SELECT count(*) FROM audit WHERE action IN ('calendar.made', 'calendar.revoked') AND actor = $1 AND detail = $2`,
			string(sue), "user="+string(mai)).Scan(&entries); err != nil || entries != 3 {
			t.Errorf("the audit trail has %d entries, %v; want all three", entries, err)
		}
	})
}

func TestTheHouseAtAGlance(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ann := h.user("ann", hotline.Counsellor)
		began := h.clock()
		h.saves(plan(t, aLine, sunday("10:00", "11:00", "1", ann.ID)))
		h.text("SM1", "+4520111111", aLine, "one")
		h.later(time.Minute)
		h.text("SM2", "whatsapp:+4520222222", "whatsapp:"+aLine, "two")
		waiting, since, talking, err := h.Crowd(ctx)
		if err != nil || waiting[hotline.SMS] != 1 || waiting[hotline.WhatsApp] != 1 || !since.Equal(began) || len(talking) != 0 {
			t.Errorf("Crowd = %v since %v, %v talk, %v", waiting, since, talking, err)
		}
		first := h.waiting(ann)[0].ID
		h.must(h.Apply(ctx, System, first, hotline.OfferedTo{At: h.nowAt(), User: ann.ID}, nil))
		h.must(h.Apply(ctx, string(ann.ID), first, hotline.AcceptedBy{At: h.nowAt(), User: ann.ID}, nil))
		asked, err := h.Asked(ctx, began, h.clock().Add(time.Second))
		if err != nil || asked[ann.ID] != (rota.Pages{Answered: 1}) {
			t.Errorf("Asked = %+v, %v", asked, err)
		}
	})
}
