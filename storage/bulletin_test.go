package storage

import (
	"bytes"
	"fmt"
	"sync"
	"testing"

	"hopeline/hotline"
)

func TestABulletinIsMadeOnceAndSeenByEach(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		sue, hal := h.user("sue", hotline.Supervisor), h.user("hal", hotline.Supervisor)
		report := hotline.Bulletin{Kind: hotline.AlarmReport, Line: "*", Day: "2026-11-24", Gaps: 2, Last: 3, Short: 4}
		var made sync.Map
		var both sync.WaitGroup
		for i := range 4 { // several processes at one time
			both.Go(func() {
				b, posted, err := h.Post(ctx, report)
				if err != nil {
					t.Error(err)
				}
				if posted {
					made.Store(i, b.ID)
				}
			})
		}
		both.Wait()
		var id hotline.BulletinID
		made.Range(func(_, value any) bool {
			if id != "" {
				t.Error("it was made twice")
			}
			id = value.(hotline.BulletinID)
			return true
		})
		has := func(who hotline.UserID, want ...hotline.Bulletin) {
			t.Helper()
			got, err := h.Bulletins(ctx, who)
			if err != nil || len(got) != len(want) {
				t.Fatalf("Bulletins(%s) = %+v, %v; want %d", who, got, err, len(want))
			}
			for i, b := range want {
				b.ID, b.At = got[i].ID, got[i].At
				if got[i] != b || b.ID == "" || b.At.IsZero() {
					t.Errorf("Bulletins(%s)[%d] = %+v, want %+v", who, i, got[i], b)
				}
			}
		}
		see := func(id hotline.BulletinID) {
			t.Helper()
			for range 2 {
				if err := h.SeeBulletin(ctx, sue.ID, id); err != nil {
					t.Fatal(err)
				}
			}
		}
		has(sue.ID, report)
		see(id)
		has(sue.ID)
		has(hal.ID, report)
		has("", report)
		next := report
		next.Day, next.Gaps = "2026-11-25", 0
		if _, posted, err := h.Post(ctx, next); err != nil || !posted {
			t.Fatalf("Post = %v, %v", posted, err)
		}
		see(id) // of yesterday
		has(sue.ID, next)
		if _, posted, err := h.Post(ctx, report); err != nil || posted {
			t.Errorf("yesterday's once more = %v, %v", posted, err)
		}
	})
}

func TestMovedClocksAreKeptOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		moved := hotline.Bulletin{Kind: hotline.AlarmClocks, Line: "*", Words: "an hour later"}
		old, fresh := []byte("old"), []byte("new")
		for i, step := range []struct {
			was, is []byte
			want    int
			now     []byte
		}{{nil, old, 0, old}, {nil, fresh, 0, old}, {old, fresh, 1, fresh}, {old, fresh, 0, fresh}} {
			moved.Day = fmt.Sprint("2026-11-24 ", i)
			told := []hotline.Bulletin{moved}
			if step.was == nil {
				told = nil
			}
			posted, err := h.MoveZone(ctx, "Europe/Copenhagen", step.was, step.is, told)
			if err != nil || len(posted) != step.want {
				t.Errorf("MoveZone from %s to %s = %+v, %v; want %d", step.was, step.is, posted, err, step.want)
			}
			if now, err := h.Zone(ctx, "Europe/Copenhagen"); err != nil || !bytes.Equal(now, step.now) {
				t.Errorf("Zone = %s, %v, want %s", now, err, step.now)
			}
		}
		if data, err := h.Zone(ctx, "Europe/Oslo"); data != nil || err != nil {
			t.Errorf("Zone of one that was not looked at = %s, %v", data, err)
		}
		if all, err := h.Bulletins(ctx, ""); err != nil || len(all) != 1 || all[0].Words != moved.Words {
			t.Errorf("Bulletins = %+v, %v", all, err)
		}
	})
}
