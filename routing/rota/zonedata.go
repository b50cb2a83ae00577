package rota

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"
)

// The zones travel with the program: a copy of the data of the Go that it was made with, or newer. Package time would
// read the machine's copy first, however old, so it is not asked.
var (
	//go:embed zoneinfo.zip
	embedded []byte
	//go:embed zoneinfo.version
	embeddedVersion string
)

// Data is where zones come from: the program's own copy, and what ZONEINFO names before it.
type Data struct {
	Version string // of the time zone database: "2025c"; empty: what was given does not say
	Given   bool   // by ZONEINFO
	Fault   error  // why what was given is not used

	first, own fs.FS // first is nil unless something was given

	mu     sync.Mutex
	places map[string]*time.Location
}

// Zones is the data that every rota goes by. It is read once, from what ZONEINFO names when the first is asked for.
var Zones = sync.OnceValue(func() *Data { return newData(os.Getenv("ZONEINFO")) })

func newData(given string) *Data {
	own, err := zip.NewReader(bytes.NewReader(embedded), int64(len(embedded)))
	if err != nil {
		panic("rota: the time zone data of the program cannot be read: " + err.Error())
	}
	d := &Data{Version: strings.TrimSpace(embeddedVersion), own: own, places: map[string]*time.Location{}}
	if given == "" {
		return d
	}
	if d.first, d.Fault = openData(given); d.Fault == nil {
		d.Given, d.Version = true, versionOf(d.first)
	}
	return d
}

// openData opens a folder or a zip of zones.
func openData(path string) (fs.FS, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, errors.New("what ZONEINFO names is not there: give a folder or a zip file of time zone data")
	}
	if info.IsDir() {
		return os.DirFS(path), nil
	}
	all, err := os.ReadFile(path)
	if err != nil {
		return nil, errors.New("what ZONEINFO names cannot be read: check its rights")
	}
	archive, err := zip.NewReader(bytes.NewReader(all), int64(len(all)))
	if err != nil {
		return nil, errors.New("what ZONEINFO names is neither a folder nor a zip file: give one of time zone data")
	}
	return archive, nil
}

// versionOf is what data say of themselves, where they do.
func versionOf(files fs.FS) string {
	if text, err := fs.ReadFile(files, "+VERSION"); err == nil {
		return strings.TrimSpace(string(text))
	}
	text, err := fs.ReadFile(files, "tzdata.zi")
	if err != nil {
		return ""
	}
	first, _, _ := strings.Cut(string(text), "\n")
	version, _ := strings.CutPrefix(first, "# version ")
	return strings.TrimSpace(version)
}

// Of is the data of one zone: the bytes of a TZif file. What was given goes first; a zone that is not in it is the
// program's own.
func (d *Data) Of(name string) ([]byte, error) {
	data, _, err := d.find(name)
	return data, err
}

func (d *Data) find(name string) ([]byte, *time.Location, error) {
	for _, files := range []fs.FS{d.first, d.own} {
		if files == nil || name == "Local" {
			continue
		}
		data, err := fs.ReadFile(files, name)
		if err != nil {
			continue
		}
		if place, err := time.LoadLocationFromTZData(name, data); err == nil {
			return data, place, nil
		}
	}
	return nil, nil, fmt.Errorf("zone %s is not known", quoted(name))
}

// Place is a zone as package time has it. Everybody asks here: package time by itself would know none on a machine
// without any, and an old one on a machine that was not kept.
func (d *Data) Place(name string) (*time.Location, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if place, known := d.places[name]; known {
		return place, nil
	}
	_, place, err := d.find(name)
	if err == nil {
		d.places[name] = place
	}
	return place, err
}

// Reads is what the rota's clock shows at an instant: the date and the time of day.
func (r Rota) Reads(at time.Time) (day string, minute Minute) {
	w := shown(at, r.place)
	return w.date().String(), Minute(floorMod(int64(w), secondsADay) / 60)
}

// In is an instant as the rota's clock shows it, for words.
func (r Rota) In(at time.Time) time.Time { return at.In(r.place) }

// Shifted is a shift whose time is another by other time zone data.
type Shifted struct {
	Shift
	Was Span
}

// Shifted compares the shifts of a time with what they were by other data of the plan's zone.
func (p Plan) Shifted(was []byte, from, to time.Time) ([]Shifted, error) {
	before := p
	var err error
	if before.place, err = time.LoadLocationFromTZData(p.Zone, was); err != nil {
		return nil, fmt.Errorf("read time zone data: %w", err)
	}
	old := map[ShiftID]Span{}
	for _, x := range before.shifts(from.AddDate(0, 0, -2), to.AddDate(0, 0, 2)) {
		old[x.ID] = Span{x.Start, x.End}
	}
	var moved []Shifted
	for _, x := range p.shifts(from, to) {
		if was, held := old[x.ID]; held && was != (Span{x.Start, x.End}) {
			moved = append(moved, Shifted{x, was})
		}
	}
	return moved, nil
}
