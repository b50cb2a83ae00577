package intake

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"hopeline/hotline"
)

func (k *keeper) link(a *Asks, v hotline.Viewer, user hotline.UserID) string {
	k.t.Helper()
	secret, err := a.Link(k.t.Context(), v, aLine, user)
	if err != nil {
		k.t.Fatal(err)
	}
	return secret
}

// said is what is said of each day that a secret opens, as "02 can".
func (k *keeper) said(a *Asks, secret string) (all []string) {
	k.t.Helper()
	days, err := a.Open(k.t.Context(), secret, "192.0.2.1")
	if err != nil {
		k.t.Fatal(err)
	}
	for _, d := range days {
		all = append(all, d.Date[8:]+" "+d.Kind)
	}
	return all
}

func TestPeopleAreAskedForTheirWishes(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	ann, bea, sue := k.viewer(k.adds("ann")), k.viewer(k.adds("bea")), k.supervisor()
	k.imports(inCopenhagen)
	a, ctx := NewAsks(k.Duty), t.Context()
	for _, wrong := range []struct {
		v        hotline.Viewer
		from, to string
		want     error
	}{
		{ann, "2026-11-24", "2026-11-26", hotline.ErrForbidden},
		{sue, "2026-11-26", "2026-11-24", hotline.ErrInvalid},
		{sue, "2026-11-20", "2026-11-22", hotline.ErrInvalid},
		{sue, "2026-12-01", "2027-03-03", hotline.ErrInvalid},
		{sue, "soon", "later", hotline.ErrInvalid},
	} {
		_, err := a.Ask(ctx, wrong.v, aLine, wrong.from, wrong.to)
		fails(t, wrong.from+" to "+wrong.to, err, wrong.want)
	}
	if asked, err := a.Asked(ctx, sue, aLine); err != nil || asked != nil {
		t.Fatalf("before: %+v, %v", asked, err)
	}
	ask, err := a.Ask(ctx, sue, aLine, "2026-11-24", "2026-11-26")
	if err != nil || len(ask.People) != 3 { // the supervisor answers too
		t.Fatalf("Ask = %+v, %v", ask, err)
	}
	hers, other := k.link(a, sue, ann.ID), k.link(a, sue, bea.ID)
	_, err = a.Link(ctx, ann, aLine, bea.ID)
	fails(t, "a link for a counsellor", err, hotline.ErrForbidden)
	if got := fmt.Sprint(k.said(a, hers)); got != "[24  25  26 ]" {
		t.Errorf("ann is asked about %s", got)
	}
	for _, press := range []struct {
		date, kind string
		want       error
	}{
		{"2026-11-25", "like", nil}, {"2026-11-26", "cannot", nil}, {"2026-11-26", "", nil},
		{"2026-11-27", "can", hotline.ErrInvalid}, {"2026-11-23", "can", hotline.ErrInvalid}, {"2026-11-25", "perhaps", hotline.ErrInvalid}, {"", "can", hotline.ErrInvalid},
	} {
		fails(t, press.date+" "+press.kind, a.Answer(ctx, hers, "192.0.2.1", press.date, press.kind), press.want)
	}
	if got := fmt.Sprint(k.said(a, hers)); got != "[24  25 like 26 ]" {
		t.Errorf("after her presses: %s", got)
	}
	if got := fmt.Sprint(k.said(a, other)); got != "[24  25  26 ]" {
		t.Errorf("bea is shown %s", got)
	}
	// The same day that she presses on her own page: one wish, not two.
	mine, err := k.Mine(ctx, ann)
	if err != nil || len(mine.Wishes) != 1 || mine.Wishes[0].From.Format(time.RFC3339) != "2026-11-24T23:00:00Z" {
		t.Errorf("her wishes are %+v, %v; want the day by the rota's clock", mine.Wishes, err)
	}

	k.later(24 * time.Hour) // the 24th is over, and the 25th runs
	if got := fmt.Sprint(k.said(a, hers)); got != "[25 like 26 ]" {
		t.Errorf("a day later: %s", got)
	}
	fails(t, "a day that is over", a.Answer(ctx, hers, "192.0.2.1", "2026-11-24", "can"), hotline.ErrInvalid)
	fails(t, "withdraw", a.Withdraw(ctx, sue, aLine), nil)
	_, err = a.Open(ctx, hers, "192.0.2.1")
	fails(t, "after it was taken back", err, hotline.ErrNotFound)
	if mine, _ := k.Mine(ctx, ann); len(mine.Wishes) != 1 {
		t.Error("what she said went with the link")
	}
}

func TestTheLinksEndWithTheLastDay(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	ann, sue := k.adds("ann"), k.supervisor()
	k.adds("bea")
	k.imports(inCopenhagen)
	a := NewAsks(k.Duty)
	if _, err := a.Ask(t.Context(), sue, aLine, "2026-11-24", "2026-11-24"); err != nil {
		t.Fatal(err)
	}
	secret := k.link(a, sue, ann.ID)
	k.later(21*time.Hour - time.Second) // 24:00 in Copenhagen is 23:00 UTC
	if _, err := a.Open(t.Context(), secret, "192.0.2.1"); err != nil {
		t.Errorf("a second before its end: %v", err)
	}
	k.later(time.Second)
	_, err := a.Open(t.Context(), secret, "192.0.2.1")
	fails(t, "at its end", err, hotline.ErrNotFound)
}

// Whoever tries secrets is slowed down as at the log-in, and whoever has a good one is not.
func TestLinksAreThrottled(t *testing.T) {
	t.Parallel()
	k := newKeeper(t)
	ann, sue := k.adds("ann"), k.supervisor()
	k.adds("bea")
	k.imports(twoShifts)
	a := NewAsks(k.Duty)
	if _, err := a.Ask(t.Context(), sue, aLine, "2026-11-24", "2026-12-24"); err != nil {
		t.Fatal(err)
	}
	secret := k.link(a, sue, ann.ID)
	for i := range 80 {
		if err := a.Answer(t.Context(), secret, "198.51.100.7", "2026-11-25", []string{"can", "like"}[i%2]); err != nil {
			t.Fatalf("press %d: %v", i, err)
		}
	}
	tries := 0
	for ; tries < 200; tries++ {
		_, err := a.Open(t.Context(), fmt.Sprint("guess ", tries), "203.0.113.9")
		var slow *Throttled
		if errors.As(err, &slow) {
			if slow.RetryAfter() <= 0 {
				t.Error("nobody is told when to come again")
			}
			break
		}
	}
	if tries == 0 || tries > 100 {
		t.Errorf("%d guesses from one network were let pass", tries)
	}
	if _, err := a.Open(t.Context(), secret, "198.51.100.7"); err != nil {
		t.Errorf("and ann, elsewhere: %v", err)
	}
}
