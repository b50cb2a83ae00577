package storage

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"hopeline/deploy/testenv"
	"hopeline/hotline"
	"hopeline/storage/seal"
)

// house is a store under test with its clock and what it told.
type house struct {
	*Store
	t       testing.TB
	config  Config
	mu      sync.Mutex
	at      time.Time
	notices []hotline.Notice
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *house) later(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

func (h *house) heard(n hotline.Notice) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.notices = append(h.notices, n)
}

// onBoth runs a test over SQLite and PostgreSQL, each with a database of its own.
func onBoth(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	for _, e := range []string{"sqlite", "postgres"} {
		t.Run(e, func(t *testing.T) {
			t.Parallel()
			test(t, newHouse(t, e))
		})
	}
}

func newHouse(t testing.TB, engine string) *house {
	keys, err := seal.GenerateKeys()
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, at: time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC)}
	h.config = Config{Keys: keys, Rules: hotline.DefaultRules, Room: hotline.DefaultRoom, Now: h.clock, Tell: h.heard, Log: zap.NewNop(),
		Words: func(code int) string { return fmt.Sprint("words for ", code) }}
	if engine == "postgres" {
		h.config.URL = testenv.Postgres(t)
	} else {
		h.config.Folder = t.TempDir()
	}
	h.open()
	t.Cleanup(func() { h.Close() })
	return h
}

func (h *house) open() {
	h.t.Helper()
	s, err := Open(h.t.Context(), h.config)
	if err != nil {
		h.t.Fatal("open the store:", err)
	}
	h.Store = s
}

func (h *house) user(name string, role hotline.Role) hotline.Viewer {
	h.t.Helper()
	u, err := h.AddUser(h.t.Context(), NewUser{User: hotline.User{Email: name + "@example.org", Name: name, Role: role, Languages: []string{"en"}}, Password: "x"})
	if err != nil {
		h.t.Fatal(err)
	}
	return hotline.Viewer{User: u, Since: h.clock()}
}

func (h *house) text(sid, from, to, words string) {
	h.t.Helper()
	in := hotline.Inbound{SID: sid, From: hotline.AddressOf(from), To: hotline.AddressOf(to), Text: words, At: h.clock()}
	if err := h.Receive(h.t.Context(), in, "en"); err != nil {
		h.t.Fatal("receive:", err)
	}
}

func (h *house) waiting(v hotline.Viewer) []hotline.Contact {
	h.t.Helper()
	c, _, err := h.Waiting(h.t.Context(), v, 100)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

func (h *house) must(c hotline.Contact, err error) hotline.Contact {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

func (h *house) nowAt() hotline.At { return hotline.At(h.clock()) }

func anybody(hotline.Contact) error { return nil }

func everything(hotline.Contact) bool { return true }

func TestATextIsOfferedAnsweredAndClosed(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ann, sue := h.user("ann", hotline.Counsellor), h.user("sue", hotline.Supervisor)
		h.text("SM1", "+4520111111", "+4570201550", "are you there")
		h.text("SM1", "+4520111111", "+4570201550", "are you there")
		h.text("SM2", "+4520111111", "+4570201550", "please")
		w := h.waiting(ann)
		if len(w) != 1 || w[0].Unread != 2 {
			t.Fatalf("waiting = %d contacts, unread of the first = %d; want 1 and 2", len(w), w[0].Unread)
		}
		id := w[0].ID
		h.must(h.Apply(ctx, System, id, hotline.OfferedTo{At: h.nowAt(), User: ann.ID}, nil))
		if _, err := h.Apply(ctx, System, id, hotline.OfferedTo{At: h.nowAt(), User: sue.ID}, nil); !errors.Is(err, hotline.ErrConflict) {
			t.Errorf("a second offer = %v, want a conflict", err)
		}
		c := h.must(h.Apply(ctx, string(ann.ID), id, hotline.AcceptedBy{At: h.nowAt(), User: ann.ID}, nil))
		if c.Owner != ann.ID || c.State != hotline.Active {
			t.Fatalf("after accept: %s with owner %q", c.State, c.Owner)
		}
		h.later(time.Minute)
		r := Reply{By: ann.ID, Contact: id, Parts: []string{"I am ", "here"}, Ref: "r1", Allowed: anybody}
		m1, err := h.Reply(ctx, r)
		if err != nil {
			t.Fatal(err)
		}
		m2, err := h.Reply(ctx, r)
		if err != nil || m2.ID != m1.ID {
			t.Errorf("the same ref again = %s, %v; want %s", m2.ID, err, m1.ID)
		}
		due, err := h.ClaimSends(ctx, 10, time.Minute)
		if err != nil || len(due) != 1 || due[0].Text != "I am " || due[0].To.Full() != "+4520111111" || due[0].From.Full() != "+4570201550" {
			t.Fatalf("sends due = %d, %v; want the first part", len(due), err)
		}
		if err := h.SettleSend(ctx, due[0], hotline.Handed{Class: hotline.Taken, SID: "SMo1", Status: hotline.Queued}, 0); err != nil {
			t.Fatal(err)
		}
		due, _ = h.ClaimSends(ctx, 10, time.Minute)
		if len(due) != 1 || due[0].Part != 1 {
			t.Fatalf("then sends due = %+v; want the second part", due)
		}
		for _, status := range []hotline.Delivery{hotline.Delivered, hotline.Sent, hotline.Delivered} {
			for part := range 2 {
				if err := h.Report(ctx, hotline.Report{Message: m1.ID, Part: part, SID: fmt.Sprint("SMo", part+1), Status: status}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if _, err := h.AddNote(ctx, ann.ID, id, "sounds young", "", anybody); err != nil {
			t.Fatal(err)
		}
		tr, err := h.SetTriage(ctx, ann.ID, id, map[string]string{"risk": "high", "language": "da"}, anybody)
		if err != nil || tr.Risk != "high" {
			t.Fatalf("triage = %+v, %v", tr, err)
		}
		rec, err := h.Record(ctx, sue.ID, id, "", 50, anybody, everything)
		if err != nil {
			t.Fatal(err)
		}
		if len(rec.Messages) != 3 || rec.Messages[0].Text != "are you there" || rec.Messages[2].Text != "I am here" || rec.Messages[2].Status != hotline.Delivered {
			t.Errorf("record = %+v", rec.Messages)
		}
		if len(rec.Notes) != 1 || rec.Notes[0].Text != "sounds young" || rec.Contact.Priority != 20 || rec.Contact.Language != "da" {
			t.Errorf("record = %+v %+v", rec.Notes, rec.Contact)
		}
		h.must(h.Apply(ctx, string(ann.ID), id, hotline.EndedBy{At: h.nowAt(), By: ann.ID, Outcome: "went home"}, nil))
		h.text("SM3", "+4520111111", "+4570201550", "me again")
		w = h.waiting(ann)
		if len(w) != 1 || w[0].ID == id || !w[0].Seen {
			t.Errorf("after closing, a text makes a new contact that was seen before: %+v", w)
		}
		v, err := h.VerifyAudit(ctx)
		if err != nil || v.Fault != "" || v.Entries < 15 {
			t.Errorf("audit = %+v, %v", v, err)
		}
		h.Close()
		h.open()
		if rec, err := h.Record(ctx, sue.ID, id, "", 50, anybody, everything); err != nil || rec.Contact.Outcome != "went home" {
			t.Errorf("after a restart: %v, outcome %q", err, rec.Contact.Outcome)
		}
		if v, err := h.VerifyAudit(ctx); err != nil || v.Fault != "" || v.Chains != 2 {
			t.Errorf("audit after a restart = %+v, %v", v, err)
		}
	})
}

func TestManyFirstTextsAtOneInstantMakeOneContact(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.user("ann", hotline.Counsellor)
		var g sync.WaitGroup
		for i := range 40 {
			g.Go(func() {
				in := hotline.Inbound{SID: fmt.Sprint("SM", i%10), From: hotline.AddressOf("+4520111111"), To: hotline.AddressOf("+4570201550"), Text: "x", At: h.clock()}
				if err := h.Receive(context.Background(), in, ""); err != nil {
					t.Error(err)
				}
			})
		}
		g.Wait()
		if w := h.waiting(ann); len(w) != 1 || w[0].Unread != 10 {
			t.Errorf("waiting = %d contacts; want one with ten messages", len(w))
		}
	})
}

func TestWithheldSendersAreEachTheirOwn(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.user("ann", hotline.Counsellor)
		for i, from := range []string{"", "anonymous", "+266696687", "+266696687"} {
			h.text(fmt.Sprint("SM", i), from, "+4570201550", "x")
		}
		for _, c := range h.waiting(ann) {
			if !c.Withheld || c.Seen || c.Unread != 1 {
				t.Errorf("contact = %+v; want a withheld one of its own", c)
			}
		}
		if n := len(h.waiting(ann)); n != 4 {
			t.Errorf("waiting = %d, want 4", n)
		}
	})
}

func TestALostAnswerToACommitStopsNothing(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.user("ann", hotline.Counsellor)
		h.text("SM1", "+4520111111", "+4570201550", "before")
		h.uncertain() // as after a commit whose answer never came
		h.text("SM1", "+4520111111", "+4570201550", "before")
		h.text("SM2", "+4520111111", "+4570201550", "after")
		if w := h.waiting(ann); len(w) != 1 || w[0].Unread != 2 {
			t.Errorf("waiting = %+v, want one contact with two messages", w)
		}
		missed := false
		h.mu.Lock()
		for _, n := range h.notices {
			_, is := n.(hotline.Missed)
			missed = missed || is
		}
		h.mu.Unlock()
		if v, err := h.VerifyAudit(t.Context()); !missed || err != nil || v.Fault != "" || v.Chains != 2 {
			t.Errorf("missed told: %v; audit = %+v, %v", missed, v, err)
		}
	})
}

func TestOneDamagedContactHidesNobody(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.user("ann", hotline.Counsellor)
		h.text("SM1", "+4520111111", "+4570201550", "one")
		h.text("SM2", "+4520222222", "+4570201550", "two")
		bad := h.waiting(ann)[0].ID
		if _, err := h.db.Exec(`UPDATE contact_keys SET wrapped = $1 WHERE contact_id = $2`, []byte("damaged by the disk, and more than that"), string(bad)); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Look(t.Context(), bad); err == nil {
			t.Error("a damaged contact was looked at without an error")
		}
		h.text("SM3", "+4520111111", "+4570201550", "again")
		if w := h.waiting(ann); len(w) != 2 {
			t.Errorf("%d wait, want the other person and a new contact of the first", len(w))
		}
		if b, err := h.Board(t.Context()); err != nil || len(b.Waiting) != 2 {
			t.Errorf("the router sees %d, %v", len(b.Waiting), err)
		}
		h.Close()
		h.open()
		if err := h.Restart(t.Context()); err != nil {
			t.Error("the house does not start:", err)
		}
	})
}

func TestAReplyThatWaitedTooLongIsNotSent(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ann := h.user("ann", hotline.Counsellor)
		h.text("SM1", "+4520111111", "+4570201550", "one")
		id := h.waiting(ann)[0].ID
		h.must(h.Apply(ctx, string(ann.ID), id, hotline.TakenBy{At: h.nowAt(), User: ann.ID}, nil))
		m, err := h.Reply(ctx, Reply{By: ann.ID, Contact: id, Parts: []string{"x"}, Ref: "r", Allowed: anybody})
		if err != nil {
			t.Fatal(err)
		}
		h.later(9 * time.Hour)
		if due, err := h.ClaimSends(ctx, 10, time.Minute); err != nil || len(due) != 0 {
			t.Errorf("nine hours later %d sends are due, %v; want none", len(due), err)
		}
		rec, err := h.Record(ctx, ann.ID, id, "", 10, anybody, everything)
		if err != nil || rec.Messages[1].ID != m.ID || rec.Messages[1].Status != hotline.Failed || rec.Messages[1].Failure.Code != hotline.TooLate {
			t.Errorf("the record shows %+v, %v", rec.Messages, err)
		}
	})
}

func TestALostAnswerThatWasGuessedHeals(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		ann := h.user("ann", hotline.Counsellor)
		h.text("SM1", "+4520111111", "+4570201550", "one")
		id := h.waiting(ann)[0].ID
		h.must(h.Apply(ctx, string(ann.ID), id, hotline.TakenBy{At: h.nowAt(), User: ann.ID}, nil))
		m, _ := h.Reply(ctx, Reply{By: ann.ID, Contact: id, Parts: []string{"x"}, Ref: "r", Allowed: anybody})
		due, _ := h.ClaimSends(ctx, 10, time.Minute)
		h.SettleSend(ctx, due[0], hotline.Handed{Class: hotline.Refuse, Failure: &hotline.Failure{Code: hotline.LostAnswer}}, 0)
		h.Report(ctx, hotline.Report{Message: m.ID, SID: "SMx", Status: hotline.Sent})
		h.SettleSend(ctx, due[0], hotline.Handed{Class: hotline.Refuse, Failure: &hotline.Failure{Code: 30008}}, 0)
		rec, err := h.Record(ctx, ann.ID, id, "", 10, anybody, everything)
		if err != nil || rec.Messages[1].Status != hotline.Sent {
			t.Errorf("after a report the message is %s, %v; want sent", rec.Messages[1].Status, err)
		}
	})
}
