package storage

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/storage/seal"
)

// pictures sends a text with files, and gives its contact.
func (h *house) pictures(sid string, where ...string) hotline.ContactID {
	h.t.Helper()
	in := hotline.Inbound{SID: sid, From: hotline.AddressOf("+4520111111"), To: hotline.AddressOf("+4570201550"), Text: "see", At: h.clock()}
	for _, w := range where {
		in.Media = append(in.Media, hotline.InboundMedia{Type: "image/said", Where: w})
	}
	if err := h.Receive(h.t.Context(), in, "en"); err != nil {
		h.t.Fatal(err)
	}
	return h.waiting(hotline.Viewer{User: hotline.User{Role: hotline.Supervisor}})[0].ID
}

func (h *house) claimMedia(want int) []MediaDue {
	h.t.Helper()
	due, err := h.ClaimMedia(h.t.Context(), 10, time.Minute)
	if err != nil || len(due) != want {
		h.t.Fatalf("ClaimMedia = %d files, %v, want %d", len(due), err, want)
	}
	return due
}

func (h *house) do(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// shownMedia are the files of a contact's messages, as a console shows them.
func (h *house) shownMedia(id hotline.ContactID) []hotline.Media {
	h.t.Helper()
	r, err := h.Record(h.t.Context(), "x", id, "", 10, anybody, everything)
	if err != nil {
		h.t.Fatal(err)
	}
	var all []hotline.Media
	for _, m := range r.Messages {
		all = append(all, m.Media...)
	}
	return all
}

func TestAFileIsFetchedKeptAndDeletedAtTheCarrier(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		id := h.pictures("MM1", "MM1/ME1", "MM1/ME2")
		if next, err := h.NextMedia(ctx); err != nil || next.IsZero() || next.After(h.clock()) {
			t.Errorf("NextMedia = %v, %v, want now", next, err)
		}
		due := h.claimMedia(2)
		if d := due[0]; d.Where != "MM1/ME1" || d.Kept || d.Tries != 1 || d.Contact != id || d.Message == "" || !d.Since.Equal(h.clock()) {
			t.Errorf("due = %+v", d)
		}
		h.claimMedia(0) // they are being tried
		body := bytes.Repeat([]byte("sound"), 1<<18)
		h.do(h.KeepMedia(ctx, due[0], body, "audio/mpeg"))
		h.do(h.KeepMedia(ctx, due[0], []byte("again"), "image/png")) // a second worker changes nothing
		h.do(h.LoseMedia(ctx, due[0]))
		h.do(h.PostponeMedia(ctx, due[1], time.Hour))
		want := []hotline.Media{{ID: due[0].ID, Type: "audio/mpeg", Size: int64(len(body))}, {ID: due[1].ID, Type: "image/said"}}
		if got := h.shownMedia(id); !slices.Equal(got, want) {
			t.Errorf("shown = %+v, want %+v", got, want)
		}
		drop := h.claimMedia(1)
		if d := drop[0]; !d.Kept || d.Where != "MM1/ME1" || d.Tries != 1 {
			t.Errorf("to be deleted = %+v", d)
		}
		h.do(h.PostponeMedia(ctx, drop[0], time.Minute)) // the carrier would not
		h.claimMedia(0)
		h.later(time.Minute)
		drop = h.claimMedia(1)
		if drop[0].Tries != 2 {
			t.Errorf("tries = %d, want 2", drop[0].Tries)
		}
		h.do(h.DroppedMedia(ctx, drop[0]))
		h.do(h.DroppedMedia(ctx, drop[0]))
		got, kind, err := h.Media(ctx, "ann", due[0].ID, anybody)
		if !bytes.Equal(got, body) || kind != "audio/mpeg" || err != nil {
			t.Errorf("Media = %d bytes, %q, %v; want %d", len(got), kind, err, len(body))
		}
		h.later(time.Hour)
		last := h.claimMedia(1)
		h.do(h.LoseMedia(ctx, last[0]))
		h.later(24 * time.Hour)
		h.claimMedia(0)
		if next, err := h.NextMedia(ctx); err != nil || !next.IsZero() {
			t.Errorf("NextMedia = %v, %v, want never", next, err)
		}
		h.wantTrail(id, "media.kept", "media.dropped", "media.read", "media.lost")
		h.wantChanges(
			[]hotline.Media{{ID: due[0].ID, Type: "audio/mpeg", Size: int64(len(body))}, {ID: due[1].ID, Type: "image/said"}},
			[]hotline.Media{{ID: due[0].ID, Type: "audio/mpeg", Size: int64(len(body))}, {ID: due[1].ID, Type: "image/said", Lost: true}})
	})
}

// wantTrail checks what the audit trail says about a contact's files, in order.
func (h *house) wantTrail(id hotline.ContactID, want ...string) {
	h.t.Helper()
	rows, err := h.read.Query(`SELECT action FROM audit WHERE contact = $1 AND action LIKE 'media.%' ORDER BY chain, seq`, string(id))
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var action string
		h.do(rows.Scan(&action))
		got = append(got, action)
	}
	if !slices.Equal(got, want) {
		h.t.Errorf("the audit trail says %v, want %v", got, want)
	}
}

// wantChanges checks what the house told of messages whose files came.
func (h *house) wantChanges(want ...[]hotline.Media) {
	h.t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	var got [][]hotline.Media
	for _, n := range h.notices {
		if m, ok := n.(hotline.MessageChanged); ok {
			got = append(got, m.Message.Media)
			if m.Message.Text != "see" || m.Contact.ID != m.Message.Contact {
				h.t.Errorf("told of %+v", m)
			}
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		h.t.Errorf("told of %+v, want %+v", got, want)
	}
}

func TestAFileIsReadByWhoMay(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		id := h.pictures("MM1", "MM1/ME1")
		due := h.claimMedia(1)
		hidden := func(hotline.Contact) error { return hotline.Say(hotline.ErrNotFound, "there is no such contact") }
		ask := func(want error, allowed Allowed, file hotline.MediaID) {
			t.Helper()
			if body, _, err := h.Media(ctx, "ann", file, allowed); !errors.Is(err, hotline.ErrNotFound) || err != want || body != nil {
				t.Errorf("Media = %q, %v, want %v", body, err, want)
			}
		}
		ask(errNoFile, anybody, "none")
		ask(errNoFile, hidden, due[0].ID)
		ask(errNotYet, anybody, due[0].ID)
		h.do(h.KeepMedia(ctx, due[0], []byte("x"), "image/png"))
		ask(errNoFile, hidden, due[0].ID)
		h.wantTrail(id, "media.kept") // nothing was read
		h.pictures("MM2", "MM2/ME1")
		for _, d := range h.claimMedia(2) {
			if !d.Kept {
				h.do(h.LoseMedia(ctx, d))
				ask(errFileLost, anybody, d.ID)
				ask(errNoFile, hidden, d.ID)
			}
		}
	})
}

func TestTwoProcessesNeverTryOneFile(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "postgres")
	h.pictures("MM1", "a/1", "a/2", "a/3", "a/4")
	second, err := Open(t.Context(), h.config)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	var mu sync.Mutex
	var wg sync.WaitGroup
	tried := map[hotline.MediaID]int{}
	for _, s := range []*Store{h.Store, second} {
		for range 2 {
			wg.Go(func() {
				due, err := s.ClaimMedia(t.Context(), 3, time.Minute)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				for _, d := range due {
					tried[d.ID]++
				}
			})
		}
	}
	wg.Wait()
	for id, n := range tried {
		if n != 1 {
			t.Errorf("file %s is being tried %d times", id, n)
		}
	}
}

func TestAFileOpensInItsPlaceOnly(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.pictures("MM1", "MM1/ME1", "MM1/ME2")
		due := h.claimMedia(2)
		for n, d := range due {
			h.do(h.KeepMedia(ctx, d, fmt.Append(nil, "file ", n), "image/png"))
		}
		if _, err := h.db.Exec(`UPDATE media_bodies SET body = (SELECT body FROM media_bodies WHERE media_id = $1)`, string(due[0].ID)); err != nil {
			t.Fatal(err)
		}
		if body, _, err := h.Media(ctx, "ann", due[1].ID, anybody); !errors.Is(err, seal.ErrOpen) || body != nil {
			t.Errorf("another file's body opened: %q, %v", body, err)
		}
	})
}

func TestADamagedPlaceHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		id := h.pictures("MM1", "MM1/ME1", "MM1/ME2")
		if _, err := h.db.Exec(`UPDATE media SET place = type WHERE n = 0`); err != nil {
			t.Fatal(err)
		}
		if due := h.claimMedia(1); due[0].Where != "MM1/ME2" {
			t.Errorf("due = %+v", due[0])
		}
		if shown := h.shownMedia(id); !shown[0].Lost || shown[1].Lost {
			t.Errorf("shown = %+v, want the first one lost", shown)
		}
	})
}
