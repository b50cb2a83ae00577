package main

import (
	"archive/zip"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

// zonesMoved is a zip in which the clocks of Copenhagen go as those of Helsinki.
func zonesMoved(t *testing.T) string {
	t.Helper()
	data, err := rota.Zones().Of("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, data := range map[string][]byte{"Europe/Copenhagen": data, "+VERSION": []byte("2030a\n")} {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "zones.zip")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// A government moves its clocks: newer data moves the shifts, and supervisors are told which, once.
func TestMovedClocksAreTold(t *testing.T) {
	t.Parallel()
	p := newProcess(t, nil)
	p.adds("ann", hotline.Counsellor)
	p.adds("freja", hotline.Supervisor)
	whole := rotaOf(everyDay("08:00", "20:00", 1, "ann"), everyDay("20:00", "08:00", 1, "freja"))
	whole["zone"] = "Europe/Copenhagen"
	p.mustImport(whole)
	reckoned := func(n int) {
		t.Helper()
		eventually(t, "the zones to be looked at", func() bool { return strings.Count(p.log.String(), "other time zone data") == n })
	}
	p.again()
	reckoned(1)
	freja := p.logIn("freja")
	if all := freja.standing("clocks"); len(all) > 0 {
		t.Errorf("before anything moved she is told %+v", all)
	}
	day := time.Now().UTC().AddDate(0, 0, 3).Truncate(24 * time.Hour)
	starts := func() (hours []int) {
		t.Helper()
		freja.connect()
		var plan struct{ Shifts []shiftJSON }
		freja.decode(freja.must("duty.plan", args{"line": demoLine, "from": day, "to": day.AddDate(0, 0, 1)}), &plan)
		for _, x := range plan.Shifts {
			if x.Day == day.Format(time.DateOnly) {
				hours = append(hours, x.Start.UTC().Hour())
			}
		}
		return hours
	}
	before := starts()
	p.more = []string{"ZONEINFO=" + zonesMoved(t)}
	p.again()
	reckoned(2)
	if after := starts(); len(before) != 2 || len(after) != 2 || after[0] != before[0]-1 || after[1] != before[1]-1 {
		t.Errorf("shifts began at %v UTC, and begin at %v", before, after)
	}
	told := freja.standing("clocks")
	if len(told) != 1 || !strings.Contains(told[0].Words, "08:00–20:00 (Europe/Copenhagen), tier 1: ") && !strings.Contains(told[0].Words, "20:00–08:00 (Europe/Copenhagen), tier 1: ") ||
		!strings.Contains(told[0].Words, " UTC, before ") || !strings.Contains(told[0].Words, "more shifts within a year") {
		t.Fatalf("she is told %+v", told)
	}
	p.again()
	if again := freja.standing("clocks"); len(again) != 1 || again[0] != told[0] {
		t.Errorf("after another start she is told %+v", again)
	}
	freja.must("bulletin.seen", args{"bulletin": told[0].Bulletin})
	if all := freja.standing("clocks"); len(all) > 0 {
		t.Errorf("after she saw it she is told %+v", all)
	}
	doctor := exec.Command(p.file, "doctor")
	doctor.Env = p.environ()
	if out, _ := doctor.Output(); !strings.Contains(string(out), "ok    time zones: what ZONEINFO names, 2030a") {
		t.Errorf("doctor says\n%s", out)
	}
}
