package storage

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/storage/seal"
)

// markers stand for all that is personal.
var markers = []string{"+4520998877", "4520998877", "20998877", "Ingeborg-Marker", "word-marker", "note-marker", "outcome-marker",
	"triage-marker", "reply-marker", "extra-marker", "ingeborg@marker.example", "+4551998877", "media-marker", "body-marker", "audio/kind-marker"}

// fill puts every marker into the house.
func fill(t *testing.T, h *house) hotline.ContactID {
	t.Helper()
	ctx := t.Context()
	u, err := h.AddUser(ctx, NewUser{User: hotline.User{Email: "ingeborg@marker.example", Name: "Ingeborg-Marker", Phone: "+4551998877",
		Role: hotline.Counsellor}, Password: "x", TOTP: "SECRETSECRETSECRET"})
	if err != nil {
		t.Fatal(err)
	}
	in := hotline.Inbound{SID: "SMsecret", From: hotline.AddressOf("whatsapp:+4520998877"), To: hotline.AddressOf("whatsapp:+4570201550"),
		Text: "word-marker", Extra: "extra-marker", Media: []hotline.InboundMedia{{Type: "image/media-marker", Where: "media-marker"}}, At: h.clock()}
	if err := h.Receive(ctx, in, "en"); err != nil {
		t.Fatal(err)
	}
	id := h.waiting(hotline.Viewer{User: u})[0].ID
	h.must(h.Apply(ctx, string(u.ID), id, hotline.TakenBy{At: h.nowAt(), User: u.ID}, nil))
	if _, err := h.Reply(ctx, Reply{By: u.ID, Contact: id, Parts: []string{"reply-marker"}, Ref: "r", Allowed: anybody}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.AddNote(ctx, u.ID, id, "note-marker", "", anybody); err != nil {
		t.Fatal(err)
	}
	if _, err := h.SetTriage(ctx, u.ID, id, map[string]string{"heard_from": "triage-marker"}, anybody); err != nil {
		t.Fatal(err)
	}
	due, err := h.ClaimMedia(ctx, 10, time.Minute)
	if err != nil || len(due) != 1 || due[0].Where != "media-marker" {
		t.Fatalf("ClaimMedia = %+v, %v", due, err)
	}
	if err := h.KeepMedia(ctx, due[0], []byte("body-marker"), "audio/kind-marker"); err != nil {
		t.Fatal(err)
	}
	return id
}

func TestNothingPersonalLiesInClear(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		id := fill(t, h)
		h.must(h.Apply(t.Context(), "x", id, hotline.EndedBy{At: h.nowAt(), By: "x", Outcome: "outcome-marker", Supervisor: true}, nil))
		for where, content := range h.everything() {
			for _, m := range markers {
				if strings.Contains(content, m) || strings.Contains(content, fmt.Sprintf("%x", m)) {
					t.Errorf("%s holds %q in clear", where, m)
				}
			}
		}
		rec, err := h.Record(t.Context(), "x", id, "", 10, anybody, everything)
		if err != nil || rec.Notes[0].Text != "note-marker" || rec.Contact.Outcome != "outcome-marker" || rec.Messages[0].Media[0].Type != "audio/kind-marker" {
			t.Fatalf("and yet it must open: %+v, %v", rec, err)
		}
		if body, _, err := h.Media(t.Context(), "x", rec.Messages[0].Media[0].ID, anybody); string(body) != "body-marker" || err != nil {
			t.Errorf("and yet the file must open: %q, %v", body, err)
		}
	})
}

var tables = []string{"meta", "users", "sessions", "pushes", "contacts", "contact_keys", "messages", "media", "media_bodies", "sends", "offers", "slots", "notes",
	"triage", "audit", "audit_heads", "rotas", "plans", "overlays", "exceptions", "swaps", "handovers", "drafts", "calendars",
	"followed_calendars", "wish_asks", "wish_links", "bulletins", "zones", "alarms"}

// everything is what a thief of the database gets: every row of every table, and the files of the data folder.
func (h *house) everything() map[string]string {
	h.t.Helper()
	out := map[string]string{}
	for _, table := range tables {
		rows, err := h.read.Query(`SELECT * FROM ` + table)
		if err != nil {
			h.t.Fatal(err)
		}
		columns, _ := rows.Columns()
		var b strings.Builder
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				h.t.Fatal(err)
			}
			for _, v := range values {
				fmt.Fprintf(&b, "%s|", *(v.(*any)))
			}
		}
		rows.Close()
		out["table "+table] = b.String()
	}
	if h.config.Folder != "" {
		filepath.WalkDir(h.config.Folder, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				content, _ := os.ReadFile(path)
				out["file "+filepath.Base(path)] = string(content)
			}
			return nil
		})
	}
	return out
}

func TestWhatIsSealedStaysInItsPlace(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		id := fill(t, h)
		h.text("SMother", "+4520111111", "+4570201550", "other words")
		other := h.waiting(hotline.Viewer{User: hotline.User{Role: hotline.Supervisor}})[0].ID
		for _, swap := range []string{
			`UPDATE messages SET body = (SELECT body FROM messages WHERE contact_id = $2 AND direction = 'in') WHERE contact_id = $1 AND direction = 'in'`,
			`UPDATE messages SET body = (SELECT body FROM notes WHERE contact_id = $2) WHERE contact_id = $1 AND direction = 'in'`,
			`UPDATE contacts SET address = (SELECT ours FROM contacts WHERE id = $2) WHERE id = $1`,
			`UPDATE contact_keys SET wrapped = (SELECT wrapped FROM contact_keys WHERE contact_id = $2) WHERE contact_id = $1`,
		} {
			sqlTx, err := h.db.Begin()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := sqlTx.Exec(swap, string(other), string(id)); err != nil {
				t.Fatal(err)
			}
			probe := h.newTx(ctx, sqlTx)
			c, err := probe.contact(other)
			if err == nil {
				_, err = probe.messages(c, "", 10)
			}
			if !errors.Is(err, seal.ErrOpen) {
				t.Errorf("%.60s… opened: %v", swap, err)
			}
			sqlTx.Rollback()
		}
	})
}

func TestAnotherKeySetIsRefused(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		fill(t, h)
		wrong := h.config
		wrong.Keys, _ = seal.GenerateKeys()
		if s, err := Open(t.Context(), wrong); !errors.Is(err, hotline.ErrInvalid) {
			t.Errorf("another key set opened the database: %v", err)
			s.Close()
		}
		rotated := h.config
		rotated.Keys, _ = h.config.Keys.Rotated()
		s, err := Open(t.Context(), rotated)
		if err != nil {
			t.Fatal("a rotated set must fit:", err)
		}
		s.Close()
	})
}

func TestAuditIsNotMadeGoodByStartingAgain(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		fill(t, h)
		for _, sql := range []string{`DELETE FROM audit`, `DELETE FROM audit_heads`, `DELETE FROM meta WHERE name = 'audit_chains'`} {
			if _, err := h.db.Exec(sql); err != nil {
				t.Fatal(err)
			}
		}
		h.Close()
		h.later(time.Second)
		h.open()
		if v, err := h.VerifyAudit(t.Context()); err != nil || v.Fault == "" {
			t.Errorf("after everything was deleted and the house started again, verify says %+v, %v", v, err)
		}
	})
}

func TestAuditFindsTheFirstFault(t *testing.T) {
	t.Parallel()
	faults := []struct{ name, sql, at string }{
		{"an entry was changed", `UPDATE audit SET actor = 'somebody' WHERE chain = $1 AND seq = 3`, "entry 3"},
		{"a time was changed", `UPDATE audit SET at = at + 1 WHERE chain = $1 AND seq = 4`, "entry 4"},
		{"an entry was deleted", `DELETE FROM audit WHERE chain = $1 AND seq = 4`, "entry 4"},
		{"the end was cut off", `DELETE FROM audit WHERE chain = $1 AND seq >= 5`, "entry 5"},
		{"the end and the head were cut off", `UPDATE audit_heads SET seq = 4, hash = (SELECT hash FROM audit WHERE chain = $1 AND seq = 4) WHERE chain = $1`, "entry 4"},
		{"two entries were exchanged", `UPDATE audit SET seq = CASE seq WHEN 3 THEN -4 ELSE -3 END WHERE chain = $1 AND seq IN (3, 4)`, "entry"},
		{"an entry was put in", `INSERT INTO audit SELECT chain, 1000, at, actor, action, contact, detail, hash FROM audit WHERE chain = $1 AND seq = 3`, "entry"},
		{"the whole chain is gone", `DELETE FROM audit WHERE chain = $1`, "entry 1"},
		{"the whole chain and its head are gone", `DELETE FROM audit_heads WHERE chain = $1`, "entry"},
	}
	onBoth(t, func(t *testing.T, h *house) {
		fill(t, h)
		first := h.chain.name
		h.Close()
		h.later(1)
		h.open()
		newest := h.chain.name
		for _, f := range []string{`DELETE FROM audit WHERE chain = $1`, `DELETE FROM meta WHERE name = 'audit_chains' AND $1 = $1`} {
			if v := h.tampered(newest, f); v.Fault == "" {
				t.Errorf("%s: verify found nothing", f)
			}
		}
		if v := h.tampered(newest, `DELETE FROM audit_heads WHERE chain = $1`); !strings.Contains(v.Fault, newest) {
			t.Errorf("the newest chain and its head are gone: verify says %q", v.Fault)
		}
		for _, f := range faults {
			v := h.tampered(first, f.sql)
			if !strings.Contains(v.Fault, f.at) || !strings.Contains(v.Fault, first) {
				t.Errorf("%s: verify says %q, want chain %s, %s", f.name, v.Fault, first, f.at)
			}
		}
		if v, err := h.VerifyAudit(t.Context()); err != nil || v.Fault != "" {
			t.Errorf("untouched = %+v, %v", v, err)
		}
	})
}

// tampered verifies a database in which sql was done to a chain, and undoes it.
func (h *house) tampered(chain, sql string) Verified {
	h.t.Helper()
	sqlTx, err := h.db.Begin()
	if err != nil {
		h.t.Fatal(err)
	}
	defer sqlTx.Rollback()
	if _, err := sqlTx.Exec(sql, chain); err != nil {
		h.t.Fatal(err)
	}
	if strings.Contains(sql, "seq = CASE") {
		sqlTx.Exec(`UPDATE audit SET seq = -seq WHERE chain = $1 AND seq < 0`, chain)
	}
	if strings.HasPrefix(sql, "DELETE FROM audit_heads") {
		sqlTx.Exec(`DELETE FROM audit WHERE chain = $1`, chain)
	}
	t := h.newTx(h.t.Context(), sqlTx)
	v, err := h.verify(t)
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

func TestTheMasterKeysAreNotInTheDatabase(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		fill(t, h)
		text, err := h.config.Keys.JSON()
		if err != nil {
			t.Fatal(err)
		}
		start := bytes.Index(text, []byte(`"value":"`))
		if start < 0 {
			t.Fatal("no key material in the key set's JSON")
		}
		secret := string(text[start+9 : start+40])
		for where, content := range h.everything() {
			if strings.Contains(content, secret) {
				t.Errorf("%s holds the master key", where)
			}
		}
	})
}
