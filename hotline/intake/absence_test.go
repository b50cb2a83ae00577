package intake

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

// calendars is a reader of calendars that gives what it is told to.
type calendars struct {
	mu    sync.Mutex
	read  hotline.CalendarRead
	fault error
	asked []hotline.CalendarAsked
}

func (s *calendars) Check(address string) (string, error) {
	if !strings.HasPrefix(address, "https://") {
		return "", hotline.Say(hotline.ErrInvalid, "no address")
	}
	return address, nil
}

func (s *calendars) Read(_ context.Context, asked hotline.CalendarAsked) (hotline.CalendarRead, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, asked)
	if s.fault == nil && asked.Address == "https://panics.example/" {
		panic("a calendar that nobody thought of")
	}
	return s.read, s.fault
}

// follower is a keeper whose people's calendars stand on a shelf.
type follower struct {
	*keeper
	*Absences
	shelf *calendars
}

func newFollower(t *testing.T) *follower {
	f := &follower{keeper: newKeeper(t), shelf: &calendars{}}
	f.Absences = NewAbsences(f.keeper.store, f.shelf, DefaultFollowing, f.clock, zap.NewNop())
	return f
}

// reads reads whatever is due, once each.
func (f *follower) reads() (n int) {
	f.t.Helper()
	for {
		due, ok, err := f.keeper.store.ClaimCalendar(f.t.Context(), readLease)
		if err != nil {
			f.t.Fatal(err)
		}
		if !ok {
			return n
		}
		if err := f.read(f.t.Context(), due); err != nil {
			f.t.Fatal(err)
		}
		n++
	}
}

func awayIn(found []hotline.Finding) bool {
	return slices.ContainsFunc(found, func(f hotline.Finding) bool { return f.Kind == rota.Away })
}

// inCopenhagen is twoShifts by a clock that is an hour before UTC.
var inCopenhagen = strings.Replace(twoShifts, `"UTC"`, `"Europe/Copenhagen"`, 1)

// A calendar warns supervisors and its owner, keeps her from being proposed, and takes nothing from her.
func TestACalendarOnlyWarns(t *testing.T) {
	t.Parallel()
	f := newFollower(t)
	ann, bea, sue := f.viewer(f.adds("ann")), f.viewer(f.adds("bea")), f.supervisor()
	f.imports(inCopenhagen)
	first := f.plans(8).Shifts[2] // ann's of the next week
	fails(t, "no address", f.Follow(t.Context(), ann, "ftp://x"), hotline.ErrInvalid)
	fails(t, "an address", f.Follow(t.Context(), ann, "https://calendar.example/a.ics"), nil)
	f.shelf.read = hotline.CalendarRead{Tag: "one", Busy: []hotline.Busy{{From: first.Start.Add(time.Hour), To: first.Start.Add(2 * time.Hour)}}}
	if n := f.reads(); n != 1 {
		t.Fatalf("%d calendars were read, want 1", n)
	}
	asked := f.shelf.asked[0]
	if asked.Zone.String() != "Europe/Copenhagen" || !asked.From.Before(f.clock()) || asked.To.Before(f.clock().Add(180*24*time.Hour)) {
		t.Errorf("asked was %+v", asked)
	}
	for _, see := range []struct {
		who  string
		v    hotline.Viewer
		want bool
	}{{"her supervisor", sue, true}, {"herself", ann, true}, {"a colleague", bea, false}, {"nobody", hotline.Viewer{}, false}} {
		sheet, err := f.keeper.Plan(t.Context(), see.v, aLine, f.clock(), f.clock().AddDate(0, 0, 8))
		if err != nil || awayIn(sheet.Findings) != see.want {
			t.Errorf("%s is told %v of it, %v; want %v", see.who, awayIn(sheet.Findings), err, see.want)
		}
	}
	mine, err := f.Mine(t.Context(), ann)
	if err != nil || !slices.Equal(mine.Away, []hotline.ShiftID{first.ID}) {
		t.Errorf("of her own shifts she is told %v, %v; want %v", mine.Away, err, first.ID)
	}
	if hers, _ := f.Mine(t.Context(), bea); len(hers.Away) != 0 {
		t.Errorf("bea is told %v", hers.Away)
	}
	if now := f.plans(8).Shifts[2]; who(now) != string(ann.ID) {
		t.Errorf("the calendar took the shift: %q has it", who(now))
	}
	all, err := f.Follows(t.Context(), sue)
	if err != nil || len(all) != 1 || all[0].User != ann.ID || all[0].Host != "" {
		t.Errorf("the supervisor sees %+v, %v; want ann's, and not where it is", all, err)
	}
	_, err = f.Follows(t.Context(), bea)
	fails(t, "a colleague", err, hotline.ErrForbidden)

	fails(t, "removed", f.Unfollow(t.Context(), ann), nil)
	if mine, _ := f.Mine(t.Context(), ann); len(mine.Away) != 0 {
		t.Errorf("what a calendar said before it was removed still counts: %v", mine.Away)
	}
}

func TestFillingMindsCalendars(t *testing.T) {
	t.Parallel()
	f := newFollower(t)
	ann, sue := f.viewer(f.adds("ann")), f.supervisor()
	f.imports(strings.NewReplacer(`"users":["ann@example.org"]`, `"users":[]`, `"users":["bea@example.org"]`, `"users":[]`).Replace(twoShifts))
	from, to := f.clock(), f.clock().AddDate(0, 0, 8)
	before, err := f.Fill(t.Context(), sue, aLine, from, to)
	if err != nil || len(before.Filled) == 0 {
		t.Fatalf("Fill = %+v, %v", before, err)
	}
	taken := before.Filled[0].Shift
	fails(t, "follow", f.Follow(t.Context(), ann, "https://calendar.example/a.ics"), nil)
	f.shelf.read = hotline.CalendarRead{Busy: []hotline.Busy{{From: from.Add(-time.Hour), To: to.AddDate(0, 0, 3)}}}
	f.reads()
	after, err := f.Fill(t.Context(), sue, aLine, from, to)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range after.Filled {
		if x.User == ann.ID {
			t.Errorf("ann is proposed for %s, although her calendar is taken (before: %s)", x.Shift, taken)
		}
	}
	why := ""
	for _, v := range after.Empty {
		for _, b := range v.Why {
			if b.User == ann.ID {
				why = b.Why
			}
		}
	}
	if why != "is away then, by her calendar" && len(after.Filled) < len(before.Filled) {
		t.Errorf("why ann cannot is %q", why)
	}
}

// What cannot be read leaves what was known, is said, and is tried again: soon when its host was away, else in an hour.
func TestACalendarThatCannotBeRead(t *testing.T) {
	t.Parallel()
	f := newFollower(t)
	ann := f.viewer(f.adds("ann"))
	f.imports(strings.ReplaceAll(twoShifts, "bea@", "ann@"))
	shift := f.plans(8).Shifts[2]
	fails(t, "follow", f.Follow(t.Context(), ann, "https://calendar.example/a.ics"), nil)
	f.shelf.read = hotline.CalendarRead{Tag: "one", Busy: []hotline.Busy{{From: shift.Start, To: shift.End}}}
	f.reads()
	read := f.clock()
	for _, step := range []struct {
		after time.Duration
		fault error
		reads int
	}{
		{30 * time.Minute, hotline.CalendarAway, 0}, // not before its time
		{40 * time.Minute, hotline.CalendarAway, 1},
		{4 * time.Minute, hotline.CalendarAway, 0},
		{2 * time.Minute, hotline.CalendarAway, 1}, // again after five minutes, then ten
		{6 * time.Minute, hotline.CalendarGone, 0},
		{5 * time.Minute, hotline.CalendarGone, 1},
		{50 * time.Minute, hotline.CalendarGone, 0},
		{11 * time.Minute, hotline.CalendarGone, 1},
	} {
		f.later(step.after)
		f.shelf.fault = step.fault
		if n := f.reads(); n != step.reads {
			t.Errorf("%s later: %d readings, want %d", step.after, n, step.reads)
		}
	}
	got, err := f.Followed(t.Context(), ann)
	if err != nil || got == nil || got.Fault != hotline.CalendarGone || !got.Read.Equal(read) || got.Host != "calendar.example" {
		t.Errorf("Followed = %+v, %v", got, err)
	}
	if mine, _ := f.Mine(t.Context(), ann); len(mine.Away) == 0 {
		t.Error("a failure forgot what was known")
	}
	f.later(2 * time.Hour)
	f.shelf.fault, f.shelf.read = nil, hotline.CalendarRead{Same: true}
	f.reads()
	if got, _ = f.Followed(t.Context(), ann); got.Fault != "" || !got.Read.Equal(f.clock()) {
		t.Errorf("after it was read again: %+v", got)
	}
}

// Once a day a calendar is read as a whole: what repeats reaches further than it did.
func TestACalendarIsReadWholeOnceADay(t *testing.T) {
	t.Parallel()
	f := newFollower(t)
	ann := f.viewer(f.adds("ann"))
	fails(t, "follow", f.Follow(t.Context(), ann, "https://calendar.example/a.ics"), nil)
	f.shelf.read = hotline.CalendarRead{Tag: "one"}
	f.reads()
	f.later(2 * time.Hour)
	f.shelf.read = hotline.CalendarRead{Same: true}
	f.reads()
	f.later(23 * time.Hour)
	f.reads()
	var tags []string
	for _, a := range f.shelf.asked {
		tags = append(tags, a.Tag)
	}
	if !slices.Equal(tags, []string{"", "one", ""}) {
		t.Errorf("the tags were %q", tags)
	}
}

// Our own entries, also those of a colleague or of a duty that is no more, are not her absence.
func TestOurOwnEntriesAreKnown(t *testing.T) {
	t.Parallel()
	f := newFollower(t)
	ann, bea, sue := f.viewer(f.adds("ann")), f.viewer(f.adds("bea")), f.supervisor()
	f.imports(twoShifts)
	uids := func(v hotline.Viewer) (all []string) {
		secret, err := f.CalendarSecret(t.Context(), v)
		if err != nil {
			t.Fatal(err)
		}
		body, err := f.Calendar(t.Context(), secret)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(body)) {
			if uid, ok := strings.CutPrefix(strings.TrimSpace(line), "UID:"); ok {
				all = append(all, uid)
			}
		}
		return all
	}
	before := append(uids(ann), uids(bea)...)
	if len(before) < 20 {
		t.Fatalf("only %d entries", len(before))
	}
	_, _, err := f.Change(t.Context(), sue, hotline.Change{Shift: f.plans(8).Shifts[2].ID, Do: "cover", User: ann.ID, By: bea.ID})
	fails(t, "cover", err, nil)
	fails(t, "follow", f.Follow(t.Context(), ann, "https://calendar.example/a.ics"), nil)
	f.reads()
	ours := f.shelf.asked[0].Ours
	for _, uid := range append(before, uids(bea)...) {
		if !ours(uid) {
			t.Fatalf("%s is one of ours, and would count", uid)
		}
	}
	if ours("holiday@google.com") || ours("") {
		t.Error("an entry of her own is taken for one of ours")
	}
}

func TestACalendarThatNobodyThoughtOf(t *testing.T) {
	t.Parallel()
	f := newFollower(t)
	ann := f.viewer(f.adds("ann"))
	fails(t, "follow", f.Follow(t.Context(), ann, "https://panics.example/"), nil)
	f.reads()
	if got, err := f.Followed(t.Context(), ann); err != nil || got.Fault != hotline.CalendarUnreadable {
		t.Errorf("Followed = %+v, %v", got, err)
	}
}
