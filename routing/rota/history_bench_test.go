package rota

import (
	"fmt"
	"testing"
	"time"
)

// BenchmarkHistory is the fairness of half a year: with 300 changes, half of those to single shifts in the middle of
// them, and with none. What is told beside the time is how often as long the first takes.
func BenchmarkHistory(b *testing.B) {
	var slots []string
	for day := 1; day <= 7; day++ {
		for _, hours := range []string{"00:00 08:00", "08:00 16:00", "16:00 24:00"} {
			slots = append(slots, fmt.Sprintf("0 %d %s 1 duty ann%d bea%d", day, hours, day, day), fmt.Sprintf("0 %d %s 2 duty freja%d", day, hours, day))
		}
	}
	r := grid(b, "Europe/Copenhagen", 1, slots...)
	from := at("2026-05-01T00:00:00Z")
	to := from.AddDate(0, 0, 182)
	later := func(n, of int) time.Time {
		return from.Add(time.Duration(n) * 182 * 24 * time.Hour / time.Duration(of))
	}
	calm := []Held[Rota]{{What: r}}
	var grids []Held[Rota]
	for n := range 20 {
		grids = append(grids, Held[Rota]{r, later(n, 20), later(n+1, 20)})
	}
	grids[0].From, grids[19].To = time.Time{}, time.Time{}
	var over []Held[Overlay]
	for n := range 40 {
		t := Template{ID: fmt.Sprint("t", n), Slots: []Slot{{Start: 0, End: minutesADay, Tier: 1, Min: 1, Kind: Duty, Users: []string{"eva"}}}}
		over = append(over, Held[Overlay]{What: Overlay{Templates: []Template{t}, Days: []Day{{later(n, 40).AddDate(0, 0, 2).Format(time.DateOnly), t.ID}}}, From: later(n, 40)})
	}
	var exceptions []Held[Exception]
	for n := range 240 {
		x := Shifts(r, later(n, 240), later(n, 240).Add(time.Minute))[0]
		made := x.Start.AddDate(0, 0, -7)
		if n%2 == 0 {
			made = x.Start.Add(time.Hour)
		}
		exceptions = append(exceptions, Held[Exception]{What: Exception{ID: fmt.Sprint("e", n), Kind: Cover, Shift: x.ID.At(1), User: x.Seats[0].User, By: "gro"}, From: made})
	}
	var none, some time.Duration
	for b.Loop() {
		began := time.Now()
		Fairness(NewHistory(r.plan(), calm, nil, nil), from, to, nil)
		between := time.Now()
		Fairness(NewHistory(r.plan(), grids, over, exceptions), from, to, nil)
		none, some = none+between.Sub(began), some+time.Since(between)
	}
	b.ReportMetric(float64(some)/float64(none), "times")
}
