package rota

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const goodPlan = `{"line":"*","zone":"UTC","slots":[
 {"day":1,"start":"08:00","end":"20:00","tier":1,"users":["ann"]}],
"version":7,"limits":{"rest_hours":11,"phone":true},
"templates":[{"id":"h","name":"Holiday","holiday":true,"slots":[
  {"start":"10:00","end":"16:00","tier":1,"users":["bea"],"languages":["da"]}]}],
"days":[{"date":"2026-12-24","template":"h"}],
"temporary":[{"id":"x","name":"Retreat","from":"2026-12-01","to":"2026-12-02","users":["dina"],"slots":[
  {"date":"2026-12-01","start":"08:00","end":"20:00","tier":1,"users":["eva"]}]}],
"exceptions":[
  {"id":"e","kind":"cover","shift":"*/0-1-0800-1/2026-11-23/1","user":"ann","by":"bea"}],
"swaps":[
  {"id":"s","shift":"*/0-1-0800-1/2026-11-30/1","user":"ann","state":"open"}],
"confirmed":[{"shift":"*/0-1-0800-1/2026-11-23/1","user":"bea"}]}`

func TestParsePlanRefusesWithTheLineAndTheReason(t *testing.T) {
	t.Parallel()
	if _, err := ParsePlan([]byte(goodPlan)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ old, new, says string }{
		{`"tier":1,"users":["ann"]`, `"tier":0,"users":["ann"]`, "line 2, slot 1: tier is 1 to 9"},
		{`"tier":1,"users":["ann"]`, `"tier":1,"date":"2026-11-23","users":["ann"]`, "line 2, slot 1: it has a date"},
		{`"tier":1,"users":["ann"]`, `"tier":1,"id":"a/b","users":["ann"]`, "line 2, slot 1: id"},
		{`"UTC"`, `"Mars"`, `line 1: zone "Mars" is not known`},
		{`"rest_hours":11`, `"rest_hours":24`, "line 3, limits: rest_hours is below 24"},
		{`"id":"h"`, `"id":""`, "line 4, template 1: id"},
		{`"start":"10:00"`, `"start":"10"`, "line 5, template 1: slot 1: start"},
		{`{"start":"10:00"`, `{"day":3,"start":"10:00"`, "line 5, template 1: slot 1: it has a week or a day"},
		{`{"start":"10:00"`, `{"id":"0-1-0800-1","start":"10:00"`, `line 5, template 1: slot 1: its id "0-1-0800-1" is that of another slot too`},
		{`"users":["bea"],"lang`, `"users":["bea","bea"],"lang`, "line 5, template 1: slot 1: it has bea twice"},
		{`"template":"h"`, `"template":"g"`, `line 6, day 1: there is no template "g"`},
		{`"days":[`, `"days":[{"date":"2026-12-24","template":"h"},`, "line 6, day 2: 2026-12-24 has two templates"},
		{`"days":[{"date":"2026-12-24"`, `"days":[{"date":"24.12."`, "line 6, day 1: date"},
		{`"id":"x"`, `"id":"h"`, `line 7, temporary plan 1: its id "h" is that of something else too`},
		{`"to":"2026-12-02"`, `"to":"2026-11-02"`, "line 7, temporary plan 1: it ends on 2026-11-02"},
		{`"users":["dina"]`, `"grid":true,"users":["dina"]`, "line 7, temporary plan 1: both"},
		{`"temporary":[`, `"temporary":[{"id":"y","from":"2026-12-02","to":"2026-12-02"},`, "line 7, temporary plan 2: it shares a date with temporary plan 1"},
		{`{"date":"2026-12-01","start"`, `{"date":"2026-12-03","start"`, "line 8, temporary plan 1: slot 1: its date"},
		{`"kind":"cover"`, `"kind":"cower"`, `line 10, exception 1: kind "cower" is not known`},
		{`"by":"bea"`, `"by":""`, "line 10, exception 1: a cover has"},
		{`2026-11-23/1","user"`, `2026-11-23","user"`, `line 10, exception 1: it is wrong: shift "*/0-1-0800-1/2026-11-23" is not`},
		{`"by":"bea"`, `"buy":"bea"`, `line 10, exception 1: it has a field that is not known: "buy"`},
		{`"by":"bea"}`, `"by":"bea"},{"id":"f","kind":"absence","shift":"*/0-1-0800-1/2026-11-23/1","user":"ann"}`, "line 10, exception 2: seat 1"},
		{`"state":"open"`, `"state":"gone"`, `line 12, swap 1: state "gone"`},
		{`"confirmed":[{"shift":"*`, `"confirmed":[{"shift":"+45123`, "line 13, confirmation 1"},
		{`2026-11-23/1","user":"bea"}]}`, `2026-11-23/1","user":""}]}`, "line 13, confirmation 1: it is of no seat"},
		{`"by":"bea"}],`, `"by":"bea"}];`, "line 10: the rota is no JSON that can be read"},
	} {
		_, err := ParsePlan([]byte(strings.Replace(goodPlan, test.old, test.new, 1)))
		var f *Fault
		if !errors.As(err, &f) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("with %s: %v, want %q", test.new, err, test.says)
		}
	}
}

func TestAnUnknownUserIsToldByLine(t *testing.T) {
	t.Parallel()
	for gone, want := range map[string]string{"ann": "line 2, slot 1: nobody", "bea": "template 1: nobody", "eva": "temporary plan 1: nobody", "dina": "temporary plan 1: nobody"} {
		p, err := ParsePlan([]byte(goodPlan))
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.Renamed(func(u string) (string, error) {
			if u == gone {
				return "", errors.New("nobody")
			}
			return u, nil
		})
		if err == nil || err.Error() != want {
			t.Errorf("without %s: %v, want %q", gone, err, want)
		}
	}
	p, _ := ParsePlan([]byte(goodPlan))
	p, err := p.Renamed(func(u string) (string, error) { return strings.ToUpper(u), nil })
	if err != nil || said(p, "2026-11-23T09:00:00Z") != "1 BEA" || said(p, "2026-12-02T09:00:00Z") != "1 DINA" || p.Version != 7 || p.Limits.Rest != 11 {
		t.Errorf("Renamed: %s, %v", FormatPlan(p), err)
	}
}

func TestFormatPlanRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := randomPlan(t, at(rapid.SampledFrom(days).Draw(t, "day")+"T00:00:00Z"))
		again, err := ParsePlan(FormatPlan(p))
		if err != nil || !bytes.Equal(FormatPlan(again), FormatPlan(p)) || !reflect.DeepEqual(again.ids, p.ids) {
			t.Fatalf("%s comes back as %s, %v", FormatPlan(p), FormatPlan(again), err)
		}
	})
}

func FuzzParsePlan(f *testing.F) {
	f.Add([]byte(goodPlan))
	f.Add([]byte(good))
	f.Fuzz(func(t *testing.T, doc []byte) {
		p, err := ParsePlan(doc)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\r") {
				t.Errorf("more than one line: %q", err)
			}
			return
		}
		again, err := ParsePlan(FormatPlan(p))
		if err != nil || !bytes.Equal(FormatPlan(again), FormatPlan(p)) {
			t.Fatalf("%s does not come back: %v", FormatPlan(p), err)
		}
		Resolve(p, at("2026-12-24T00:30:00Z"), at("2026-12-26T00:30:00Z"))
	})
}
