package rota

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// zipOf is a zip of zones in a file.
func zipOf(t *testing.T, files map[string][]byte) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, data := range files {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "zones.zip")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func dataOf(t *testing.T, zone string) []byte {
	t.Helper()
	data, err := newData("").Of(zone)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestWhatIsGivenGoesBeforeTheProgramsOwn(t *testing.T) {
	t.Parallel()
	moved := zipOf(t, map[string][]byte{"Europe/Copenhagen": dataOf(t, "Europe/Helsinki"), "Europe/Berlin": []byte("broken"), "+VERSION": []byte("2030a\n")})
	folder := t.TempDir()
	for name, data := range map[string][]byte{"CET": dataOf(t, "Europe/Helsinki"), "tzdata.zi": []byte("# version 2029b\n# more\n")} {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text := filepath.Join(folder, "tzdata.zi")
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		given, zone string
		hour        int // at noon in UTC; 0: there is no such zone
		version     string
	}{
		{"", "Europe/Copenhagen", 13, embeddedVersion},
		{moved, "Europe/Copenhagen", 14, "2030a"},
		{moved, "Europe/Berlin", 13, "2030a"}, // broken there
		{moved, "Europe/Oslo", 13, "2030a"},   // not there
		{folder, "CET", 14, "2029b"},
		{folder, "../" + filepath.Base(folder) + "/CET", 0, "2029b"},
		{"", "Mars/Olympus", 0, embeddedVersion},
		{"", "", 0, embeddedVersion},
		{"", "Local", 0, embeddedVersion},
		{"", "Europe", 0, embeddedVersion},
		{text, "Europe/Copenhagen", 13, embeddedVersion},
		{folder + "/none", "Europe/Copenhagen", 13, embeddedVersion},
	} {
		d := newData(test.given)
		place, err := d.Place(test.zone)
		hour := 0
		if err == nil {
			hour = noon.In(place).Hour()
		}
		if hour != test.hour || d.Version != strings.TrimSpace(test.version) {
			t.Errorf("with %q noon is at %d in %q by version %q, want %d and %q", test.given, hour, test.zone, d.Version, test.hour, test.version)
		}
		if bad := test.given == text || strings.HasSuffix(test.given, "none"); bad != (d.Fault != nil) || d.Given != (test.given != "" && !bad) {
			t.Errorf("with %q: given %v, %v", test.given, d.Given, d.Fault)
		}
	}
}

func TestMovedClocksMoveShifts(t *testing.T) {
	t.Parallel()
	p := planned(t, grid(t, "Europe/Copenhagen", 1, "0 2 08:00 16:00 1 duty ann"), Overlay{})
	from := at("2027-02-01T00:00:00Z")
	for was, want := range map[string]int{"Europe/Copenhagen": 0, "Europe/Oslo": 0, "Europe/Helsinki": 17, "Africa/Lagos": 9} { // Lagos has no summer time
		moved, err := p.Shifted(dataOf(t, was), from, from.AddDate(0, 4, 0))
		if err != nil || len(moved) != want {
			t.Fatalf("after %s %d shifts move, %v; want %d", was, len(moved), err, want)
		}
		if was == "Africa/Lagos" && (moved[0].Day != "2027-03-30" || !moved[0].Was.Start.Equal(at("2027-03-30T07:00:00Z")) || !moved[0].Start.Equal(at("2027-03-30T06:00:00Z"))) {
			t.Errorf("the first that moves is %+v", moved[0])
		}
	}
	if _, err := p.Shifted([]byte("broken"), from, from.AddDate(0, 4, 0)); err == nil {
		t.Error("data that cannot be read are read")
	}
}

// The program's copy is never older than that of the Go which it is made with: copy lib/time/zoneinfo.zip from there, and
// write its version into zoneinfo.version.
func TestTheProgramsZonesAreNoOlderThanGos(t *testing.T) {
	script, err := os.ReadFile(filepath.Join(runtime.GOROOT(), "lib", "time", "update.bash"))
	if err != nil {
		t.Skip("this Go has no time zone data of its own")
	}
	_, after, _ := strings.Cut(string(script), "\nDATA=")
	gos, _, _ := strings.Cut(after, "\n")
	if ours := newData("").Version; gos == "" || ours < gos {
		t.Errorf("the program's zones are of %s, those of Go of %q", ours, gos)
	}
	theirs, err := os.ReadFile(filepath.Join(runtime.GOROOT(), "lib", "time", "zoneinfo.zip"))
	if err == nil && newData("").Version == gos && !bytes.Equal(theirs, embedded) {
		t.Error("zoneinfo.zip is not of the version that zoneinfo.version says")
	}
}
