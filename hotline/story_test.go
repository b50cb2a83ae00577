package hotline

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// Everybody in these tests.
const (
	ann  UserID = "ann"
	bea  UserID = "bea"
	cleo UserID = "cleo"
	boss UserID = "boss"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// at is so long after noon.
func at(d time.Duration) At { return At(noon.Add(d)) }

const (
	second = time.Second
	minute = time.Minute
	hour   = time.Hour
)

// texted is somebody who wrote at noon.
func texted(t *testing.T, more ...Event) Contact {
	t.Helper()
	c := Open("c1", AddressOf("+4520112233"), AddressOf("+4570201550"), noon)
	return play(t, c, append([]Event{Arrived{At: at(0)}}, more...)...)
}

// play lets events happen that all must go well.
func play(t *testing.T, c Contact, events ...Event) Contact {
	t.Helper()
	for _, e := range events {
		next, _, err := DefaultRules.Apply(c, e)
		if err != nil {
			t.Fatalf("Apply(%s, %s) = %v, want no error", plain(c), e.Name(), err)
		}
		c = next
	}
	return c
}

// plain says how a contact stands, in a line.
func plain(c Contact) string {
	words := []string{string(c.State)}
	add := func(ok bool, format string, a ...any) {
		if ok {
			words = append(words, fmt.Sprintf(format, a...))
		}
	}
	add(c.Owner != "", "with %s", c.Owner)
	for _, o := range c.Offers {
		add(true, "to %s", o.User)
	}
	if c.Transfer != nil {
		add(true, "on to %s", c.Transfer.User)
	}
	add(len(c.Tried) > 0, "tried %v", c.Tried)
	add(!c.Rests.IsZero(), "rests")
	add(c.Preferred != "", "prefers %s", c.Preferred)
	add(c.Overdue, "overdue")
	return strings.Join(words, ", ")
}

// effectsInWords says what storage is told to do, in a line.
func effectsInWords(effects []Effect) string {
	var words []string
	for _, e := range effects {
		switch e := e.(type) {
		case HoldSlot:
			words = append(words, fmt.Sprintf("hold %s under %d", e.User, e.Epoch))
		case FreeSlot:
			words = append(words, fmt.Sprintf("free %s", e.User))
		case OpenOffer:
			words = append(words, fmt.Sprintf("ask %s under %d", e.Offer.User, e.Offer.Epoch))
		case EndOffer:
			missed := ""
			if e.Missed {
				missed = " missed"
			}
			words = append(words, fmt.Sprintf("%s by %s%s", e.Reason, e.Offer.User, missed))
		case Alarm:
			words = append(words, "alarm "+e.Kind)
		case Ring:
			words = append(words, fmt.Sprintf("ring %s under %d", e.User, e.Epoch))
		case RingCaller:
			words = append(words, "ring the caller")
		case DropLeg:
			words = append(words, fmt.Sprintf("drop %s's leg of %d", e.User, e.Epoch))
		case MoveLeg:
			words = append(words, fmt.Sprintf("move %s's leg of %d", e.User, e.Epoch))
		case RingInterpreter:
			words = append(words, fmt.Sprintf("ring %s to interpret", e.User))
		case DropGuest:
			late := ""
			if e.Late {
				late = ", who is late"
			}
			words = append(words, fmt.Sprintf("end %s's leg%s", e.User, late))
		case ClearRoom:
			words = append(words, strings.TrimSuffix("clear the room but "+string(e.But), " but "))
		case MoveCaller:
			words = append(words, "move the caller")
		case EndCaller:
			words = append(words, "end the caller")
		}
	}
	return strings.Join(words, "; ")
}

// step is one event and what comes of it.
type step struct {
	name    string
	from    Contact
	event   Event
	want    string // plain; with an error: as it was
	effects string
	err     error
}

func (s step) check(t *testing.T) {
	t.Helper()
	got, effects, err := DefaultRules.Apply(s.from, s.event)
	if !errors.Is(err, s.err) || (err == nil) != (s.err == nil) {
		t.Fatalf("Apply(%s, %s) gave error %v, want %v", plain(s.from), s.event.Name(), err, s.err)
	}
	want := s.want
	if s.err != nil {
		want = plain(s.from)
	}
	if plain(got) != want {
		t.Errorf("Apply(%s, %s) = %s, want %s", plain(s.from), s.event.Name(), plain(got), want)
	}
	if text := effectsInWords(effects); text != s.effects {
		t.Errorf("Apply(%s, %s) does %q, want %q", plain(s.from), s.event.Name(), text, s.effects)
	}
}

func checkAll(t *testing.T, steps []step) {
	t.Helper()
	for _, s := range steps {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			s.check(t)
		})
	}
}
