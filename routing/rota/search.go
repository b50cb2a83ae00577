package rota

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"
)

// What a fault of a proposal costs. Each is more than all of the next together, for up to maxOpenings seats.
const (
	costGap      = int64(4e15) // a shift of tier 1 without anybody
	costFirst    = int64(4e12) // another seat of tier 1
	costSeat     = int64(4e9)  // a seat of another tier
	costLanguage = int64(4e6)  // a language that nobody of a shift speaks
	costNight    = int64(4e3)  // times the square of a person's nights
)

func (o opening) costEmpty() int64 {
	switch {
	case o.tier == 1 && o.first:
		return costGap
	case o.tier == 1:
		return costFirst
	}
	return costSeat
}

// costOf is what a shift lacks. Its first seat is the one that matters most, whoever of it is missing.
func (f *filler) costOf(shift int) (cost int64) {
	q := f.pools[shift]
	empty, some := 0, false
	for _, i := range q.openings {
		if f.who[i] < 0 {
			empty++
			continue
		}
		some = true
	}
	first := f.openings[q.openings[0]]
	switch {
	case empty > 0 && !some:
		cost = first.costEmpty() + int64(empty-1)*min(costFirst, first.costEmpty())
	case empty > 0:
		cost = int64(empty) * min(costFirst, first.costEmpty())
	}
	if some {
		for _, language := range q.lacks {
			if !f.spoken(q, language) {
				cost += costLanguage
			}
		}
	}
	return cost
}

func (f *filler) spoken(q pool, language string) bool {
	return slices.ContainsFunc(q.openings, func(i int) bool {
		return f.who[i] >= 0 && slices.Contains(f.known[f.people[f.who[i]]].Languages, language)
	})
}

// costTo is what a person has to carry; the square makes what is even cheap.
func (f *filler) costTo(person int) int64 {
	h := &f.hands[person]
	hours := int64(h.hours / time.Hour)
	return costNight*int64(h.many)*int64(h.many) + hours*hours/16 - h.granted
}

// greedy gives each seat to whoever costs least, the most urgent and the hardest to fill first.
func (f *filler) greedy() {
	order, can := make([]int, len(f.openings)), make([]int, len(f.openings))
	for i := range f.openings {
		order[i] = i
		for u := range f.people {
			if f.obstacle(u, i).kind == none {
				can[i]++
			}
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(-cmp.Compare(f.openings[a].costEmpty(), f.openings[b].costEmpty()), cmp.Compare(can[a], can[b]))
	})
	for _, i := range order {
		f.best(i)
	}
}

// best gives an empty seat to whoever it costs least; false when nobody can have it.
func (f *filler) best(i int) bool {
	best, cheapest := -1, int64(0)
	for u := range f.people {
		if f.obstacle(u, i).kind != none {
			continue
		}
		before := f.costTo(u) + f.costOf(f.openings[i].shift)
		f.give(u, i)
		if d := f.costTo(u) + f.costOf(f.openings[i].shift) - before; best < 0 || d < cheapest {
			best, cheapest = u, d
		}
		f.take(i)
	}
	if best >= 0 {
		f.give(best, i)
	}
	return best >= 0
}

// search changes the proposal by chance, at first also for the worse by a little, and then settles it. The chance is
// the same each time.
func (f *filler) search() {
	if len(f.openings) == 0 || len(f.people) == 0 {
		return
	}
	if all := f.near(0, len(f.openings)); f.few(len(all)) {
		f.exact(all)
		return
	}
	chance := rand.New(rand.NewPCG(24, 7))
	steps := min(250_000, 20_000+1500*len(f.openings))
	kept, cost := slices.Clone(f.who), f.cost()
	for n := range steps {
		f.step(chance, 2*costNight*int64(steps-n)/int64(steps))
		if n%64 == 0 {
			if now := f.cost(); now < cost {
				kept, cost = slices.Clone(f.who), now
			}
		}
	}
	if f.cost() > cost {
		f.restore(kept)
	}
	for range 50 {
		if !f.settle() {
			break
		}
	}
	f.replan()
}

func (f *filler) cost() (sum int64) {
	for u := range f.people {
		sum += f.costTo(u)
	}
	for s := range f.pools {
		sum += f.costOf(s)
	}
	return sum
}

func (f *filler) restore(who []int) {
	for i := range f.who {
		f.take(i)
	}
	for i, u := range who {
		if u >= 0 {
			f.give(u, i)
		}
	}
}

// step tries one change by chance, and keeps it when it costs at most so much.
func (f *filler) step(chance *rand.Rand, most int64) {
	i, j, u := chance.IntN(len(f.openings)), chance.IntN(len(f.openings)), chance.IntN(len(f.people))
	switch chance.IntN(3) {
	case 0:
		f.try(most, change{i, u})
	case 1:
		if f.who[i] >= 0 && f.who[j] >= 0 && f.who[i] != f.who[j] {
			f.try(most, change{i, f.who[j]}, change{j, f.who[i]})
		}
	default:
		if mine := f.hands[u].mine; len(mine) > 0 && f.who[i] != u {
			f.try(most, change{i, u}, change{mine[chance.IntN(len(mine))], chance.IntN(len(f.people))})
		}
	}
}

// change gives a seat to a person.
type change struct{ seat, person int }

// try makes changes together, and keeps them when everybody can have what she gets and they cost at most so much.
func (f *filler) try(most int64, changes ...change) bool {
	if len(changes) == 2 && changes[0].seat == changes[1].seat {
		return false
	}
	var had [2]int
	before := f.costAround(changes, nil)
	for k, c := range changes {
		had[k] = f.take(c.seat)
	}
	given := 0
	for _, c := range changes {
		if f.obstacle(c.person, c.seat).kind != none {
			break
		}
		f.give(c.person, c.seat)
		given++
	}
	if given == len(changes) {
		if f.costAround(changes, had[:len(changes)])-before <= most {
			return true
		}
	}
	for _, c := range changes[:given] {
		f.take(c.seat)
	}
	for k, c := range changes {
		if had[k] >= 0 {
			f.give(had[k], c.seat)
		}
	}
	return false
}

// costAround is the cost of the shifts and the people that changes touch.
func (f *filler) costAround(changes []change, had []int) (sum int64) {
	var people, shifts [4]int
	n, m := 0, 0
	add := func(list *[4]int, count *int, x int, cost func(int) int64) {
		if x >= 0 && !slices.Contains(list[:*count], x) {
			list[*count] = x
			*count++
			sum += cost(x)
		}
	}
	for k, c := range changes {
		owner := f.who[c.seat]
		if had != nil {
			owner = had[k]
		}
		add(&people, &n, owner, f.costTo)
		add(&people, &n, c.person, f.costTo)
		add(&shifts, &m, f.openings[c.seat].shift, f.costOf)
	}
	return sum
}

// settle makes every change that is for the better; false when there was none.
func (f *filler) settle() (better bool) {
	for i := range f.openings {
		if f.who[i] < 0 {
			better = f.best(i) || f.eject(i) || better
			continue
		}
		for u := range f.people {
			better = u != f.who[i] && f.try(-1, change{i, u}) || better
		}
		for j := range i {
			if f.who[j] >= 0 && f.who[j] != f.who[i] {
				better = f.try(-1, change{i, f.who[j]}, change{j, f.who[i]}) || better
			}
		}
	}
	return better
}

// eject gives an empty seat to somebody who leaves another for it, which a third takes, or which matters less.
func (f *filler) eject(i int) bool {
	for u := range f.people {
		for _, j := range slices.Clone(f.hands[u].mine) {
			for v := range f.people {
				if v != u && f.try(-1, change{i, u}, change{j, v}) {
					return true
				}
			}
			if f.leave(i, j, u) {
				return true
			}
		}
	}
	return false
}

// leave takes a person from a seat, when that one matters less.
func (f *filler) leave(i, j, person int) bool {
	before := f.cost()
	f.take(j)
	if f.obstacle(person, i).kind == none {
		f.give(person, i)
		if f.cost() < before {
			return true
		}
		f.take(i)
	}
	f.give(person, j)
	return false
}
