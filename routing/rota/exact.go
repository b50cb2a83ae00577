package rota

import (
	"cmp"
	"slices"
	"time"
)

// exactMost is how many ways to give seats away are gone through one by one.
const exactMost = 50_000

// few tells whether so many seats can be given away in so few ways.
func (f *filler) few(seats int) bool {
	ways := 1
	for range seats {
		if ways *= len(f.people) + 1; ways > exactMost {
			return false
		}
	}
	return true
}

// replanned is how many seats that stayed empty are looked at once more.
const replanned = 20

// replan looks at what stayed empty once more: for each such seat it and those nearest to it are given away anew, in
// every way there is. Where three people have to move at once, no smaller change finds the way.
func (f *filler) replan() {
	for i, looked := 0, 0; i < len(f.openings) && looked < replanned; i++ {
		if f.who[i] >= 0 {
			continue
		}
		looked++
		seats := 1
		for seats < len(f.openings) && f.few(seats+1) {
			seats++
		}
		f.exact(f.near(i, seats))
	}
}

// near are so many seats, those that begin nearest to one first.
func (f *filler) near(i, most int) []int {
	seats := make([]int, len(f.openings))
	for j := range seats {
		seats[j] = j
	}
	away := func(j int) time.Duration { return f.openings[j].Start.Sub(f.openings[i].Start).Abs() }
	slices.SortStableFunc(seats, func(a, b int) int { return cmp.Compare(away(a), away(b)) })
	return seats[:most]
}

// exact gives these seats away in every way there is, leaves all others as they are, and keeps the cheapest.
func (f *filler) exact(seats []int) {
	kept, cheapest := slices.Clone(f.who), f.cost()
	for _, i := range seats {
		f.take(i)
	}
	var from func(k int)
	from = func(k int) {
		if k == len(seats) {
			if now := f.cost(); now < cheapest {
				kept, cheapest = slices.Clone(f.who), now
			}
			return
		}
		for u := range f.people {
			if f.obstacle(u, seats[k]).kind == none {
				f.give(u, seats[k])
				from(k + 1)
				f.take(seats[k])
			}
		}
		from(k + 1)
	}
	from(0)
	f.restore(kept)
}
