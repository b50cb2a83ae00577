package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hopeline/hotline"
)

// everyDay is seven slots, one a day.
func everyDay(start, end string, tier int, users ...string) []args {
	var slots []args
	for day := 1; day <= 7; day++ {
		slots = append(slots, args{"day": day, "start": start, "end": end, "tier": tier, "users": addresses(users)})
	}
	return slots
}

// standby is seven slots, one a day, of interpreters for a language.
func standby(language string, users ...string) []args {
	slots := everyDay("00:00", "24:00", 0, users...)
	for _, slot := range slots {
		delete(slot, "tier")
		slot["kind"], slot["languages"] = "interpreter", []string{language}
	}
	return slots
}

func addresses(users []string) []string {
	list := []string{}
	for _, u := range users {
		list = append(list, u+"@example.org")
	}
	return list
}

// rotaOf is a rota of the stage's line.
func rotaOf(slots ...[]args) args {
	all := []args{}
	for _, some := range slots {
		all = append(all, some...)
	}
	return args{"line": demoLine, "zone": "UTC", "slots": all}
}

// always is a rota of every line: somebody is on duty around the clock, and whoever more slots name.
func always(name string, more ...[]args) args {
	rota := rotaOf(append([][]args{everyDay("00:00", "24:00", 1, name)}, more...)...)
	rota["line"] = "*"
	return rota
}

// imports writes a rota to a file and imports it by the command line, beside the running program.
func (s *stage) imports(rota any, more ...string) (string, error) {
	s.t.Helper()
	doc, ok := rota.(string)
	if !ok {
		b, err := json.Marshal(rota)
		if err != nil {
			s.t.Fatal(err)
		}
		doc = string(b)
	}
	file := filepath.Join(s.t.TempDir(), "rota.json")
	if err := os.WriteFile(file, []byte(doc), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return s.beside(append([]string{"rota", "import", file}, more...)...)
}

// beside runs another command of the program beside this one.
func (s *stage) beside(arguments ...string) (string, error) {
	return (&process{stage: s}).command("", arguments...)
}

func (s *stage) mustImport(rota any, more ...string) {
	s.t.Helper()
	if out, err := s.imports(rota, more...); err != nil {
		s.t.Fatalf("hopeline rota import: %v\n%s", err, out)
	}
}

// duty waits until a console is told who is on duty.
func (d *desk) duty(note string) {
	d.t.Helper()
	d.event("system.changed", func(data json.RawMessage) bool {
		var s struct {
			Saved bool   `json:"rota_saved"`
			Note  string `json:"on_duty_note"`
		}
		return json.Unmarshal(data, &s) == nil && s.Saved && s.Note == note
	})
}

func TestWhoIsOnDutyIsAskedAndNobodyElse(t *testing.T) {
	t.Parallel()
	p := newProcess(t, nil)
	p.adds("ann", hotline.Counsellor)
	p.adds("bea", hotline.Counsellor)
	ann, bea := p.logIn("ann"), p.logIn("bea")
	for _, d := range []*desk{ann, bea} {
		d.must("presence.set", args{"state": "available"})
	}
	began := time.Now()
	p.mustImport(rotaOf(everyDay("00:00", "24:00", 1, "ann")))
	bea.duty("On duty now: ann.")
	for i := range 4 { // three are all that she has room for
		p.text(fmt.Sprint("+452011111", i), "hello")
		if i < 3 {
			ann.takes()
		}
	}
	if bea.has("offer.made", nil) {
		t.Error("bea was asked while she was off duty")
	}
	p.mustImport(rotaOf(everyDay("00:00", "24:00", 1, "ann"), everyDay("00:00", "24:00", 2, "bea")))
	imported := time.Now()
	bea.takes()
	if took := time.Since(imported); took > 5*time.Second {
		t.Errorf("the new rota took effect after %v", took)
	}
	if took := imported.Sub(began); took > 30*time.Second {
		t.Errorf("the first half took %v", took)
	}
}

func TestDutyGoesOverAtTheBoundary(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	clock := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	s := newStage(t, movable(&ahead))
	ann, bea := s.counsellor("ann", "en"), s.counsellor("bea", "en")
	boundary := clock().UTC().Add(20 * time.Minute).Truncate(time.Minute)
	day, night := boundary.Format("15:04"), boundary.Add(12*time.Hour).Format("15:04")
	s.mustImport(rotaOf(everyDay(night, day, 1, "ann"), everyDay(day, night, 1, "bea")))
	bea.duty("On duty now: Ann.")
	var now struct {
		Tiers []struct {
			Tier  int
			Users []struct{ Name string }
			Why   string
			Until time.Time
		}
	}
	ann.decode(ann.must("rota.on_call", args{"line": demoLine}), &now)
	if len(now.Tiers) != 1 || len(now.Tiers[0].Users) != 1 || now.Tiers[0].Users[0].Name != "Ann" || !now.Tiers[0].Until.Equal(boundary) ||
		!strings.Contains(now.Tiers[0].Why, night+"–"+day) {
		t.Errorf("rota.on_call before the boundary %s = %+v", boundary, now)
	}
	ann.decode(ann.must("rota.on_call", args{"line": "whatsapp:" + demoLine, "at": boundary.Format(time.RFC3339)}), &now)
	if now.Tiers[0].Users[0].Name != "Bea" || !now.Tiers[0].Until.Equal(boundary.Add(12*time.Hour)) {
		t.Errorf("rota.on_call on the boundary = %+v", now)
	}
	s.text("+4520111111", "hello")
	id := ann.takes().ID
	ahead.Store(int64(21 * time.Minute))
	ann.duty("On duty now: Bea.")
	s.text("+4520222222", "hello")
	if c := bea.takes(); c.ID == id {
		t.Error("the end of ann's duty took a live contact from her")
	}
	if ann.has("offer.made", nil) {
		t.Error("ann was asked after her duty ended")
	}
	if r := ann.opens(id); r.Contact.State != "live" {
		t.Errorf("ann's contact after her duty = %+v", r.Contact)
	}
}

func TestARotaThatIsWrongChangesNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.account("ann", hotline.Counsellor, "en")
	s.account("bea", hotline.Counsellor, "en")
	s.account("tom", hotline.Admin, "en")
	if _, err := s.beside("rota", "export"); exitCode(err, &lockedBuffer{}) != 1 {
		t.Errorf("export before there is a rota = %v", err)
	}
	whole := rotaOf(everyDay("08:00", "20:00", 1, "ann"), everyDay("20:00", "08:00", 1, "bea"))
	s.mustImport(whole)
	before, err := s.beside("rota", "export")
	if err != nil {
		t.Fatal(err)
	}
	broken := func(old, new string) string { return strings.ReplaceAll(before, old, new) }
	for what, test := range map[string]struct{ doc, says, prints string }{
		"unknown user": {broken("bea@", "nobody@"), `slot 8: nobody here has the e-mail address "nobody@example.org"`, ""},
		"overlap":      {strings.ReplaceAll(broken(`"end": "08:00"`, `"end": "08:01"`), "ann@", "bea@"), "slot 8: it has bea@example.org twice at one time: see slot 2", ""},
		"wrong zone":   {broken("UTC", "Mars/Olympus"), `zone "Mars/Olympus" is not known`, ""},
		"bad time":     {broken("20:00", "25:00"), `slot 1: end "25:00"`, ""},
		"unknown word": {broken(`"tier"`, `"level"`), `slot 1: it has a field that is not known: "level"`, ""},
		"no JSON":      {"{", "no JSON", ""},
		"gap":          {rotaText(t, rotaOf(everyDay("08:00", "20:00", 1, "ann"))), "the rota has a gap: tier 1", "gap      tier 1: nobody is on duty"},
		"no last tier on Mondays": {rotaText(t, rotaOf(everyDay("00:00", "24:00", 1, "ann"), everyDay("00:00", "24:00", 2, "bea")[1:],
			[]args{{"day": 1, "start": "00:00", "end": "24:00", "tier": 2, "users": []string{}}})),
			"the last tier is empty: slot 14: Monday 00:00–24:00 (UTC), tier 2: nobody is in the last tier, Mon", "tier 2: nobody is in the last tier"},
		"admin": {rotaText(t, rotaOf(everyDay("08:00", "20:00", 1, "ann"), everyDay("20:00", "08:00", 1, "tom"))), "the rota has a gap: tier 1",
			" 20:00–08:00 (UTC), tier 1: tom@example.org has an account that is disabled or never answers"},
	} {
		out, err := s.imports(test.doc)
		var said lockedBuffer
		code := exitCode(err, &said)
		if code != 1 || !strings.Contains(said.String(), test.says) || strings.Count(said.String(), "\n") != 1 || !strings.Contains(said.String(), "nothing was changed") {
			t.Errorf("%s: exit %d, %q; want 1 and %q", what, code, said.String(), test.says)
		}
		if !strings.Contains(out, test.prints) {
			t.Errorf("%s: it prints %q, want %q", what, out, test.prints)
		}
	}
	if after, err := s.beside("rota", "export"); err != nil || after != before {
		t.Errorf("after refusals the rota is another: %v\n%s", err, after)
	}
	out, err := s.imports(rotaOf(everyDay("08:00", "20:00", 1, "ann")), "--reason", "bea is ill and nobody else can")
	if err != nil || !strings.Contains(out, "gap      tier 1: nobody is on duty") || !strings.Contains(out, "saved as version 2") {
		t.Errorf("a gap with a reason = %v\n%s", err, out)
	}
	for _, wrong := range [][]string{{"rota"}, {"rota", "import"}, {"rota", "import", "a", "b"}, {"rota", "export", "x"}, {"rota", "import", "--nonsense"}} {
		if _, err := s.beside(wrong...); exitCode(err, &lockedBuffer{}) != 2 {
			t.Errorf("hopeline %v = %v, want exit 2", wrong, err)
		}
	}
	if _, err := s.beside("rota", "import", filepath.Join(t.TempDir(), "none.json")); exitCode(err, &lockedBuffer{}) != 1 {
		t.Errorf("import of a file that is not there = %v, want exit 1", err)
	}
}

func rotaText(t *testing.T, rota args) string {
	b, err := json.Marshal(rota)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestExportComesBack(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.account("ann", hotline.Counsellor, "en")
	s.account("freja", hotline.Supervisor, "da")
	whole := rotaOf(everyDay("00:00", "24:00", 1, "ANN"), everyDay("20:00", "08:00", 2, "freja"))
	whole["zone"], whole["weeks"], whole["anchor"] = "Europe/Copenhagen", 2, "2026-11-23"
	slots := whole["slots"].([]args)
	slots[0]["languages"], slots[0]["min"] = []string{"en"}, 2
	s.mustImport(whole, "--reason", "the second week comes later")
	first, err := s.beside("rota", "export")
	if err != nil || !strings.Contains(first, `"ann@example.org"`) {
		t.Fatalf("export = %v\n%s", err, first)
	}
	s.mustImport(first, "--reason", "again")
	second, err := s.beside("rota", "export", "--line", demoLine)
	if err != nil || second != first {
		t.Errorf("export of what was exported = %v\n%s\nwant\n%s", err, second, first)
	}
	everywhere := rotaOf(everyDay("00:00", "24:00", 1, "freja"))
	everywhere["line"] = "*"
	s.mustImport(everywhere)
	if _, err := s.beside("rota", "export"); exitCode(err, &lockedBuffer{}) != 2 || !strings.Contains(err.Error(), demoLine) {
		t.Errorf("export without a line when there are two = %v", err)
	}
	if other, err := s.beside("rota", "export", "--line", "+4570999999"); err != nil || !strings.Contains(other, `"line": "*"`) {
		t.Errorf("export of a line that has none of its own = %v\n%s", err, other)
	}
}

func TestASupervisorSavesTheRotaInTheConsole(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.account("freja", hotline.Supervisor, "en")
	freja, ann := s.logIn("freja"), s.counsellor("ann", "en")
	if hello := string(ann.hello()); !strings.Contains(hello, `"rota_saved":false`) {
		t.Errorf("hello before a rota was saved = %s", hello)
	}
	freja.refused("not_found", "rota.get", args{"line": demoLine})
	var onCall struct {
		Tiers []struct {
			Users []struct{ Name string }
			Why   string
			Until *time.Time
		}
	}
	freja.decode(freja.must("rota.on_call", args{"line": demoLine}), &onCall)
	if len(onCall.Tiers) != 1 || len(onCall.Tiers[0].Users) != 1 || onCall.Tiers[0].Users[0].Name != "Ann" || onCall.Tiers[0].Until != nil {
		t.Errorf("rota.on_call before a rota was saved = %+v", onCall)
	}
	whole := rotaOf(everyDay("00:00", "24:00", 1, "ann"))
	ann.refused("forbidden", "rota.save", args{"rota": whole, "reason": "x"})
	freja.refused("invalid", "rota.save", args{"rota": rotaOf(everyDay("00:00", "23:00", 1, "ann")), "reason": " "})
	if f := freja.do("rota.save", args{"rota": rotaOf(everyDay("00:00", "24:00", 1, "ann", "zoe")), "reason": ""}); f.Error == nil ||
		f.Error.Code != "invalid" || !strings.Contains(f.Error.Message, "slot 1: nobody here") {
		t.Errorf("rota.save with a stranger = %+v", f)
	}
	var saved struct {
		Version  int
		Findings []struct{ Kind, Words string }
	}
	freja.decode(freja.must("rota.save", args{"rota": rotaOf(everyDay("00:00", "23:00", 1, "ann")), "reason": "a try"}), &saved)
	if saved.Version != 1 || len(saved.Findings) == 0 || saved.Findings[0].Kind != "gap" || !strings.Contains(saved.Findings[0].Words, "23:00 to") {
		t.Errorf("rota.save with a gap and a reason = %+v", saved)
	}
	freja.decode(freja.must("rota.save", args{"rota": whole, "reason": "from now on"}), &saved)
	if saved.Version != 2 || saved.Findings == nil || len(saved.Findings) != 0 {
		t.Errorf("rota.save = %+v, want version 2 and an empty list", saved)
	}
	var got struct {
		Rota struct {
			Line  string
			Slots []struct {
				Start, End, Kind string
				Users            []string
			}
		}
	}
	ann.decode(ann.must("rota.get", args{"line": demoLine}), &got)
	if got.Rota.Line != demoLine || len(got.Rota.Slots) != 7 || got.Rota.Slots[6].End != "24:00" || got.Rota.Slots[6].Users[0] != "ann@example.org" {
		t.Errorf("rota.get = %+v", got)
	}
	ann.connect()
	if hello := string(ann.hello()); !strings.Contains(hello, `"rota_saved":true`) || !strings.Contains(hello, "On duty now: Ann.") {
		t.Errorf("hello after a rota was saved = %s", hello)
	}
	s.text("+4520111111", "hello")
	ann.takes()
}
