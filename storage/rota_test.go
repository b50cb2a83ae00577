package storage

import (
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

// plan is a rota of one line, of slots like {"day":1,…}.
func plan(t testing.TB, line string, slots ...string) rota.Rota {
	t.Helper()
	r, err := rota.Parse([]byte(`{"line":"` + line + `","zone":"Europe/Copenhagen","slots":[` + strings.Join(slots, ",") + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// sunday is when the tests begin, 03:00 in Copenhagen; the store's clock stands at it.
func sunday(start, end string, tier string, user hotline.UserID) string {
	return `{"day":7,"start":"` + start + `","end":"` + end + `","tier":` + tier + `,"users":["` + string(user) + `"]}`
}

func (h *house) onDuty(u hotline.UserID) bool {
	h.t.Helper()
	c, err := h.Candidate(h.t.Context(), u)
	if err != nil {
		h.t.Fatal(err)
	}
	b, err := h.Board(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	for _, other := range b.Users {
		if other.ID == u && other.Available != c.Available {
			h.t.Errorf("the board and the candidate differ on %s", u)
		}
	}
	return c.Available
}

func TestTheRotaSaysWhoIsAsked(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann, bea := h.user("ann", hotline.Counsellor).ID, h.user("bea", hotline.Counsellor).ID
		for _, u := range []hotline.UserID{ann, bea} {
			if _, err := h.SetPresence(t.Context(), u, hotline.Available, ""); err != nil {
				t.Fatal(err)
			}
		}
		want := func(what string, annOn, beaOn bool) {
			t.Helper()
			if a, b := h.onDuty(ann), h.onDuty(bea); a != annOn || b != beaOn {
				t.Errorf("%s: ann %v, bea %v; want %v, %v", what, a, b, annOn, beaOn)
			}
		}
		want("no rota yet", true, true)
		save := func(r rota.Rota, version int64) {
			t.Helper()
			if got, err := h.SaveRota(t.Context(), System, r, 0, ""); err != nil || got != version {
				t.Fatalf("SaveRota = %d, %v; want version %d", got, err, version)
			}
		}
		save(plan(t, "*", sunday("02:00", "04:00", "1", ann), sunday("04:00", "06:00", "2", bea)), 1)
		want("the first slot", true, false)
		h.later(time.Hour - time.Millisecond)
		want("a moment before the second", true, false)
		h.later(time.Millisecond)
		want("the second slot, second tier", false, true)
		h.later(2 * time.Hour)
		want("after both", false, false)
		save(plan(t, "*", sunday("06:00", "07:00", "1", ann)), 2)
		want("another version", true, false)
		save(plan(t, "+4570201550", sunday("06:00", "07:00", "1", bea)), 1)
		want("another line", true, true)
		r, err := h.Roster(t.Context())
		if err != nil || r.Saved != 3 || len(r.Plans) != 2 || r.Plans[0].Line != "*" || r.Everyone || !r.Until.Equal(h.clock().Add(time.Hour)) {
			t.Errorf("Roster = %+v, %v", r, err)
		}
		if _, err := h.SetPresence(t.Context(), bea, hotline.Away, ""); err != nil {
			t.Fatal(err)
		}
		want("away", true, false)
	})
}

func TestAProcessSeesTheRotaThatAnotherSaved(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.user("ann", hotline.Counsellor).ID
		if _, err := h.SetPresence(t.Context(), ann, hotline.Available, ""); err != nil {
			t.Fatal(err)
		}
		if !h.onDuty(ann) {
			t.Error("without a rota she is not on duty")
		}
		other, err := Open(t.Context(), h.config)
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		if _, err := other.SaveRota(t.Context(), System, plan(t, "*", sunday("10:00", "11:00", "1", ann)), 0, "test"); err != nil {
			t.Fatal(err)
		}
		if h.onDuty(ann) {
			t.Error("by the other's rota she is on duty at another time")
		}
	})
}

func TestARotaThatCannotBeReadStrandsNobody(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "sqlite")
	ann := h.user("ann", hotline.Counsellor).ID
	if _, err := h.SetPresence(t.Context(), ann, hotline.Available, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := h.SaveRota(t.Context(), System, plan(t, "*", sunday("10:00", "11:00", "1", "x")), 0, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := h.db.Exec(`INSERT INTO rotas SELECT line, 2, replace(body, 'Copenhagen', 'Atlantis'), 0, '', reason FROM rotas`); err != nil {
		t.Fatal(err)
	}
	if !h.onDuty(ann) {
		t.Error("a rota in a zone that is gone leaves nobody on duty")
	}
}

func TestAVersionKeepsWhoAndWhy(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		sue := h.user("sue", hotline.Supervisor)
		if _, err := h.SaveRota(t.Context(), string(sue.ID), plan(t, "+4570201550", sunday("10:00", "11:00", "1", sue.ID)), 0, "reason-marker"); err != nil {
			t.Fatal(err)
		}
		var by string
		var at int64
		var sealed []byte
		err := h.read.QueryRow(`SELECT saved_by, saved_at, reason FROM rotas WHERE line = $1 AND version = 1`, "+4570201550").Scan(&by, &at, &sealed)
		reason, openErr := h.keys.Open(sealed, reasonPlace("+4570201550", 1))
		if err != nil || openErr != nil || by != string(sue.ID) || at != millis(h.clock()) || string(reason) != "reason-marker" {
			t.Errorf("the row says %s, %d, %q; %v, %v", by, at, reason, err, openErr)
		}
		for where, content := range h.everything() {
			if strings.Contains(content, "reason-marker") {
				t.Errorf("%s holds the reason in clear", where)
			}
		}
		if v, err := h.VerifyAudit(t.Context()); err != nil || v.Fault != "" {
			t.Errorf("VerifyAudit = %+v, %v", v, err)
		}
		var entries int
		if err := h.read.QueryRow(`SELECT count(*) FROM audit WHERE action = 'rota.saved' AND actor = $1`, string(sue.ID)).Scan(&entries); err != nil || entries != 1 {
			t.Errorf("%d audit entries, %v; want 1", entries, err)
		}
	})
}
