package hotline

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// An explicit search through everything that can happen to two contacts and two people with room for one: the real
// reducer, and a storage that applies its effects. Time is an event like any other, which is harsher than any clock:
// each deadline may pass at any moment, in any order. So a stored state needs no times, only whether they are set, and
// the search ends by itself.

// tooMany bounds the search.
const tooMany = 200_000

// move is one thing that may happen to a contact, after its clock has moved on.
type move struct {
	name  string
	event Event
	age   func(*Contact)
	how   how
}

// model is a search and what it found.
type model struct {
	rule  rule
	seek  string
	moves []move

	keys   []key
	seen   map[key]int32
	parent []int32
	by     []int16  // the move that led here: move + contact × len(moves)
	edges  [][]edge // where each state leads
	wrong  string   // the first broken promise, and how it came about
}

type edge struct {
	to int32
	by int16
}

// explore visits states breadth first until a promise is broken whose name begins with seek, all are seen, or there
// are too many. Where another promise is broken it does not go on.
func explore(r rule, of kind, seek string, most int) *model {
	m := &model{rule: r, seek: seek, moves: r.variants(of.moves()), seen: map[key]int32{}}
	m.add(state{contacts: of.begin()}, -1, 0)
	for n := 0; n < len(m.keys) && len(m.keys) < most && m.wrong == ""; n++ {
		m.visit(int32(n))
	}
	return m
}

// kind is what the two contacts of a search are.
type kind struct {
	name  string
	begin func() [2]Contact
	moves func() []move
}

var (
	texts   = kind{"texts", func() [2]Contact { return [2]Contact{opened1(), opened1()} }, allMoves}
	oneText = kind{"a text that phones are rung for", func() [2]Contact {
		over, _, _ := DefaultRules.Apply(opened1(), EndedBy{At: at(0), By: boss, Outcome: "helped", Supervisor: true})
		return [2]Contact{opened1(), over}
	}, phoneMoves}
	oneCall    = kind{"a call", func() [2]Contact { return [2]Contact{called(), callOver()} }, callMoves}
	closedCall = kind{"a call that comes when the line is closed", func() [2]Contact {
		c := called()
		c.Call.Closed = true
		return [2]Contact{c, callOver()}
	}, callMoves}
	calls = kind{"calls", func() [2]Contact { return [2]Contact{called(), called()} }, callMoves}
)

func called() Contact {
	in := IncomingCall{From: AddressOf("+4520112233"), To: AddressOf("+4570201550"), At: noon}
	c := OpenCall("c", in)
	c.Call.Room = older
	return c
}

func callOver() Contact {
	over, _, _ := DefaultRules.Apply(called(), EndedBy{At: at(0), By: boss, Outcome: "helped", Supervisor: true})
	return over
}

func opened1() Contact {
	c := Open("c", AddressOf("+4520112233"), AddressOf("+4570201550"), noon)
	c, _, _ = DefaultRules.Apply(c, Arrived{At: at(0)})
	return c
}

func (m *model) visit(n int32) {
	from := decode(m.keys[n])
	for c := range from.contacts {
		for k, mv := range m.moves {
			by := int16(c*len(m.moves) + k)
			next, broken, ok := m.rule.after(from, c, mv)
			switch {
			case broken != "" && strings.HasPrefix(broken, m.seek):
				m.wrong = broken + "\n" + m.story(n, by)
				return
			case ok && broken == "":
				m.edges[n] = append(m.edges[n], edge{m.add(next, n, by), by})
			}
		}
	}
}

func (m *model) add(s state, parent int32, by int16) int32 {
	key := s.encode()
	if at, ok := m.seen[key]; ok {
		return at
	}
	at := int32(len(m.keys))
	m.seen[key] = at
	m.keys, m.parent, m.by, m.edges = append(m.keys, key), append(m.parent, parent), append(m.by, by), append(m.edges, nil)
	return at
}

func (m *model) moveOf(by int16) (contact int, mv move) {
	return int(by) / len(m.moves), m.moves[int(by)%len(m.moves)]
}

// story is the shortest way to a state and one step on.
func (m *model) story(n int32, by int16) string {
	var steps []string
	for ; n >= 0; by, n = m.by[n], m.parent[n] {
		contact, mv := m.moveOf(by)
		steps = append(steps, fmt.Sprintf("  %d: %s", contact+1, mv.name))
	}
	slices.Reverse(steps)
	return strings.Join(steps, "\n")
}

func TestEveryStateKeepsThePromises(t *testing.T) {
	t.Parallel()
	for _, of := range []kind{texts, oneText, oneCall, closedCall} {
		t.Run(of.name, func(t *testing.T) {
			t.Parallel()
			keepsThePromises(t, of)
		})
	}
}

// TestTwoCallsKeepThePromises looks at the states that are nearest to the beginning. MODEL_STATES says how many.
func TestTwoCallsKeepThePromises(t *testing.T) {
	t.Parallel()
	most := 4_000
	if n, err := strconv.Atoi(os.Getenv("MODEL_STATES")); err == nil {
		most = n
	}
	m := explore(rule{}, calls, "", most)
	if m.wrong != "" {
		t.Fatal(m.wrong)
	}
	t.Logf("%d states", len(m.keys))
}

func keepsThePromises(t *testing.T, of kind) {
	began := time.Now()
	m := explore(rule{}, of, "", tooMany)
	if m.wrong != "" {
		t.Fatal(m.wrong)
	}
	if len(m.keys) >= tooMany {
		t.Fatalf("the search did not end within %d states", tooMany)
	}
	for _, key := range m.keys {
		if again := decode(key).encode(); again != key {
			t.Fatalf("a state's key is read as another state: %x, want %x", again, key)
		}
	}
	for c := range 2 {
		if n := m.deadEnd(c); n >= 0 {
			t.Errorf("contact %d can never be answered again: %s and %s\n%s", c+1,
				plain(decode(m.keys[n]).contacts[0]), plain(decode(m.keys[n]).contacts[1]), m.story(m.parent[n], m.by[n]))
		}
	}
	t.Logf("%d states in %v", len(m.keys), time.Since(began).Round(time.Millisecond))
}

// deadEnd finds a state from which contact c, though not closed, cannot become active by offers alone: nobody helps
// by taking it, and nobody closes it. It is -1 when there is none.
func (m *model) deadEnd(c int) int32 {
	back := make([][]int32, len(m.keys))
	for n, edges := range m.edges {
		for _, e := range edges {
			if _, mv := m.moveOf(e.by); !forces(mv.event) {
				back[e.to] = append(back[e.to], int32(n))
			}
		}
	}
	well := make([]bool, len(m.keys))
	var todo []int32
	for n, key := range m.keys {
		if s := decode(key).contacts[c]; s.State == Active || s.State == Closed || s.Channel == Voice && (!s.Call.Alive || s.Call.Choice != "") {
			well[n], todo = true, append(todo, int32(n))
		}
	}
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, p := range back[n] {
			if !well[p] {
				well[p], todo = true, append(todo, p)
			}
		}
	}
	return int32(slices.Index(well, false))
}

func forces(e Event) bool {
	switch e.(type) {
	case TakenBy, EndedBy:
		return true
	}
	return false
}
