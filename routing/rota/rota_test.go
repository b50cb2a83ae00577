package rota

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// grid makes a rota of slots written "week day start end tier kind user…", in a zone.
func grid(t testing.TB, zone string, weeks int, slots ...string) Rota {
	t.Helper()
	type doc map[string]any
	all := []doc{}
	for _, s := range slots {
		var week, day, tier int
		var start, end, kind string
		if _, err := fmt.Sscan(s, &week, &day, &start, &end, &tier, &kind); err != nil {
			t.Fatal(s, err)
		}
		all = append(all, doc{"week": week, "day": day, "start": start, "end": end, "tier": tier, "kind": kind, "users": strings.Fields(s)[6:]})
	}
	b, _ := json.Marshal(doc{"line": "*", "zone": zone, "weeks": weeks, "anchor": "2026-11-23", "slots": all})
	r, err := Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

const good = `{"line":"+4570201550", "zone":"Europe/Copenhagen", "weeks":1, "anchor":"2026-11-23", "slots":[{"week":0, "day":1,
	"start":"20:00", "end":"08:00", "tier":1, "min":1, "users":["ann@example.org"], "languages":["da"], "kind":"duty"}]}`

func TestParseReadsTheContract(t *testing.T) {
	t.Parallel()
	r, err := Parse([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	want := Slot{Day: 1, Start: 20 * 60, End: 8 * 60, Tier: 1, Min: 1, Users: []string{"ann@example.org"}, Languages: []string{"da"}, Kind: Duty}
	if r.Line != "+4570201550" || r.Weeks != 1 || !reflect.DeepEqual(r.Slots, []Slot{want}) {
		t.Errorf("Parse(%s) = %+v", good, r)
	}
	short, err := Parse([]byte(`{"line":"*","zone":"Asia/Bangkok","slots":[{"day":7,"start":"00:00","end":"24:00","tier":2,"users":[]}]}`))
	want = Slot{Day: 7, End: 24 * 60, Tier: 2, Min: 1, Users: []string{}, Kind: Duty}
	if err != nil || short.Weeks != 1 || !reflect.DeepEqual(short.Slots, []Slot{want}) {
		t.Errorf("what may be left out: %+v, %v", short, err)
	}
}

func TestParseRefusesWithTheSlotAndTheReason(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		old, new string
		slot     int
		says     string
	}{
		{`"zone":"Europe/Copenhagen"`, `"zone":"Europe/Kopenhagen"`, 0, "zone"},
		{`"zone":"Europe/Copenhagen"`, `"zone":"Local"`, 0, "zone"},
		{`"zone":"Europe/Copenhagen", `, ``, 0, "zone"},
		{`"line":"+4570201550"`, `"line":"hotline"`, 0, "line"},
		{`"weeks":1`, `"weeks":0`, 0, "weeks"},
		{`"weeks":1`, `"weeks":"1"`, 0, "whole number"},
		{`"weeks":1, "anchor":"2026-11-23"`, `"weeks":2, "anchor":"2026-11-24"`, 0, "Tuesday"},
		{`"anchor":"2026-11-23"`, `"anchor":"23.11.2026"`, 0, "anchor"},
		{`"slots":[`, `"name":"x", "slots":[`, 0, `"name"`},
		{`"slots":[`, `"slots":[7,`, 1, "no JSON object"},
		{`"languages"`, `"langauges"`, 1, `"langauges"`},
		{`"start":"20:00"`, `"start":"8pm"`, 1, "start"},
		{`"start":"20:00"`, `"start":"24:00"`, 1, "start"},
		{`"start":"20:00"`, `"start":"20:60"`, 1, "start"},
		{`"end":"08:00"`, `"end":"24:01"`, 1, "end"},
		{`"end":"08:00", `, ``, 1, "end"},
		{`"day":1`, `"day":0`, 1, "day"},
		{`"day":1`, `"day":8`, 1, "day"},
		{`"week":0`, `"week":1`, 1, "week"},
		{`"tier":1`, `"tier":0`, 1, "tier"},
		{`"min":1`, `"min":-1`, 1, "min"},
		{`"kind":"duty"`, `"kind":"party"`, 1, "kind"},
		{`"kind":"duty"`, `"kind":"closed"`, 1, "closed"},
		{`["ann@example.org"]`, `["ann@example.org",""]`, 1, "empty"},
		{`["ann@example.org"]`, `["ann@example.org","ann@example.org"]`, 1, "twice"},
		{`["da"]`, `["Danish!"]`, 1, "language"},
		{`"kind":"duty"}`, `"kind":"duty"},{"day":2,"start":"07:59","end":"08:30","tier":1,"users":["ann@example.org"]}`, 2, "see slot 1"},
		{`"kind":"duty"}]`, `"kind":"duty"}] x`, 0, "JSON"},
		{`"kind":"duty"}]}`, `"kind":"duty"}]}{}`, 0, "followed"},
		{good, `null`, 0, "line"},
		{good, `[]`, 0, "JSON object"},
	} {
		_, err := Parse([]byte(strings.Replace(good, test.old, test.new, 1)))
		var f *Fault
		if !errors.As(err, &f) || f.Slot != test.slot || !strings.Contains(err.Error(), test.says) {
			t.Errorf("with %s: %v, want slot %d and %q", test.new, err, test.slot, test.says)
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("with %s: more than one line: %q", test.new, err)
		}
	}
}

func TestNobodyStandsTwiceInOneTier(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b  string
		weeks int
		meet  bool
	}{
		{"0 1 20:00 08:00 1 duty ann", "0 2 08:00 20:00 1 duty ann", 1, false},
		{"0 1 20:00 08:00 1 duty ann", "0 2 07:59 20:00 1 duty ann", 1, true},
		{"0 7 20:00 08:00 1 duty ann", "0 1 07:00 09:00 1 duty ann", 1, true}, // round the end of the cycle
		{"0 7 20:00 08:00 1 duty ann", "0 1 07:00 09:00 1 duty ann", 2, false},
		{"1 7 20:00 08:00 1 duty ann", "0 1 07:00 09:00 1 duty ann", 2, true},
		{"0 1 20:00 08:00 1 duty ann", "0 2 07:00 09:00 2 duty ann", 1, false}, // another tier: coverage warns
		{"0 1 20:00 08:00 1 duty ann", "0 2 07:00 09:00 1 shadow ann", 1, false},
		{"0 1 20:00 08:00 1 duty ann", "0 2 07:00 09:00 1 duty bea", 1, false},
	} {
		r := grid(t, "Europe/Copenhagen", test.weeks, test.a, strings.Replace(test.b, "ann", "x", 1))
		_, err := r.Renamed(func(u string) (string, error) { return strings.Replace(u, "x", "ann", 1), nil })
		if (err != nil) != test.meet {
			t.Errorf("%q and %q in %d weeks: %v, want a meeting: %v", test.a, test.b, test.weeks, err, test.meet)
		}
	}
}

func TestRenamedNamesTheSlot(t *testing.T) {
	t.Parallel()
	r := grid(t, "UTC", 1, "0 1 08:00 16:00 1 duty ann", "0 2 08:00 16:00 1 duty ann bea")
	_, err := r.Renamed(func(u string) (string, error) {
		if u == "bea" {
			return "", errors.New("nobody of that name")
		}
		return u, nil
	})
	if err == nil || err.Error() != "slot 2: nobody of that name" {
		t.Errorf("Renamed = %v", err)
	}
}

func TestFormatRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := random(t)
		got, err := Parse(Format(r))
		got.lines = nil // r was read from one line
		if err != nil || !reflect.DeepEqual(got, r) {
			t.Fatalf("Parse(Format(%+v)) = %+v, %v", r, got, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(`{"line":"*","zone":"Asia/Bangkok","weeks":2,"anchor":"2026-11-23","slots":[{"week":1,"day":7,"start":"00:00","end":"24:00","tier":2,"min":0,"users":[],"kind":"closed"}]}`))
	f.Add([]byte(`{"line":"*","slots":null}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		r, err := Parse(doc)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r") {
				t.Errorf("more than one line: %q", err)
			}
			return
		}
		again, err := Parse(Format(r))
		if err != nil || !bytes.Equal(Format(again), Format(r)) {
			t.Fatalf("%s does not come back: %v", Format(r), err)
		}
		OnCall(r, at("2026-03-29T00:30:00Z"))
	})
}
