package main

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"hopeline/hotline"
)

// TestAnEmptyHouseRingsItsSupervisors: at 3 a.m. nobody who is on duty can be reached, and every page is closed. The phone
// of the supervisor in the last tier rings, and she sleeps; the next one's rings, and her key says that she knows. No phone
// rings for it again, until somebody was there and is gone once more.
func TestAnEmptyHouseRingsItsSupervisors(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(_ *config, t *tuning) {
		t.rules.Call.Ring, t.seen = time.Second, 20*time.Millisecond
		t.watching.Every, t.watching.Seen = 50*time.Millisecond, 500*time.Millisecond
		t.watching.Grace = 0
		t.watching.Repeat, t.watching.Rounds = time.Millisecond, 100 // a round begins at once after the last one, unless somebody knows
	})
	frejas, gerdas := s.company.Phone("+4530000001").Named("freja"), s.company.Phone("+4530000002").Named("gerda")
	frejas.LetsRing()
	s.hires("gerda", hotline.Supervisor, gerdas.Address(), "en")
	s.hires("freja", hotline.Supervisor, frejas.Address(), "en")
	ann := s.counsellor("ann", "en")
	s.mustImport(rotaOf(everyDay("00:00", "24:00", 1, "ann"), everyDay("00:00", "24:00", 2, "freja")))
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.config.Data, "hopeline.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	number := func(query string) (n int) {
		if err := db.QueryRow(query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	alarms := func(where string) int { return number(`SELECT count(*) FROM alarms WHERE ` + where) }
	looked := func() int { return number(`SELECT max(so_at) FROM alarms`) }
	for night, first := range []int{1, 2} {
		ann.conn.Close()
		leg, err := frejas.Ringing(s.soon())
		s.must("ring the last tier's supervisor", err)
		if leg.From() != demoLine || len(gerdas.Calls()) != night {
			t.Errorf("it rings from %s, and the other phone rang %d times", leg.From(), len(gerdas.Calls()))
		}
		s.over(leg) // she sleeps
		leg = s.rings(gerdas.Address())
		s.must("be told", leg.Hear(s.soon(), "Nobody can answer the hotline now"))
		leg.Press("1")
		s.must("be thanked", leg.Hear(s.soon(), "No other phone rings for it"))
		s.over(leg)
		for range 3 {
			last := looked()
			eventually(t, "another look, which finds it still so", func() bool { return looked() > last })
		}
		ann.connect()
		eventually(t, "the alarm to be over", func() bool { return alarms(`ended_at = 0`) == 0 })
		if f, g := len(frejas.Calls()), len(gerdas.Calls()); f != first || g != first {
			t.Errorf("after night %d the phones rang %d and %d times, want %d each", first, f, g, first)
		}
	}
	if known := alarms(`known_by = '` + s.userID("gerda") + `'`); known != 2 {
		t.Errorf("she knows of %d alarms, want both", known)
	}
}
