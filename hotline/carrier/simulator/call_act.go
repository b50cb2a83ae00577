package simulator

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// lostFor is how long the carrier takes to see that a leg has no network.
const lostFor = 20 * time.Second

// Press presses keys, one after another. A key that nobody listens to at the moment is pressed again as soon as a
// Gather or a Record does; in a conference or a bridge it is a tone for the others, and gone.
func (l *Call) Press(keys string) {
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	if l.lost || l.over() {
		return
	}
	if l.seat != nil || l.peer != nil {
		for _, other := range l.listeners() {
			other.hears(Heard{Verb: "Tone", Text: keys})
		}
		return
	}
	l.keys += keys
	l.feed()
	l.c.wake()
}

// Tap presses one key now or never, and says whether anyone listened.
func (l *Call) Tap(key string) bool {
	if !l.Asked() {
		return false
	}
	l.Press(key)
	return true
}

// Speak says words: to the others in the talk, or else to the next Gather that takes speech.
func (l *Call) Speak(words string) {
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	if l.lost || l.over() || l.mute {
		return
	}
	talks := l.heardBy()
	for _, other := range talks {
		other.hears(Heard{Verb: "Voice", Text: words})
	}
	if l.seat != nil {
		l.seat.voice(words)
	}
	if len(talks) == 0 && l.seat == nil {
		l.speech = append(l.speech, words)
		l.feed()
	}
	l.c.wake()
}

// Mute turns the phone's own microphone off or on: nobody hears what it says, and the carrier does not know. Its keys
// still sound.
func (l *Call) Mute(on bool) {
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	l.mute = on
	l.c.wake()
}

// Silent lets a person make no sound: a Record ends after its silence, empty. Keys can still be pressed.
func (l *Call) Silent() {
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	l.silent = true
	l.c.wake()
}

// Answer takes a leg that rings.
func (l *Call) Answer() { l.c.pickUp(l, "human") }

// HangUp ends the leg from the phone's side. A called phone that rings is busy by it, a caller who was not answered
// yet has canceled.
func (l *Call) HangUp() {
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	switch {
	case l.status == InProgress:
		l.end(Completed, 0)
	case l.direction == inboundCall:
		l.end(Canceled, 487)
	case l.status == Ringing:
		l.end(Busy, 603)
	}
}

// LoseNetwork cuts the phone off: it hears and says nothing more, and 20 seconds of the call later the leg ends.
func (l *Call) LoseNetwork() {
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	l.lost = true
	l.c.wake()
	l.c.spawned(func(ctx context.Context) {
		if l.c.pause(l.ctx, l.c.scale(lostFor)) {
			l.ends(Completed, 0)
		}
	})
}

// Hear waits until the leg has heard these words, in any case of letters, in one piece of what it heard. The error is
// the context's, or says that the leg is over.
func (l *Call) Hear(ctx context.Context, words string) error {
	return l.await(ctx, "hear words", func() bool {
		for _, h := range l.heard {
			if strings.Contains(strings.ToLower(h.Text), strings.ToLower(words)) {
				return true
			}
		}
		return false
	})
}

// Wait waits until the leg is, or has been, in a state. The error is the context's, or says that it ended in another.
func (l *Call) Wait(ctx context.Context, state string) error {
	return l.await(ctx, "be "+state, func() bool { return l.status == state || slices.Contains(l.past, state) })
}

// Meet waits until the leg is in a talk with the other: they are in one started conference or bridge.
func (l *Call) Meet(ctx context.Context, other *Call) error {
	return l.await(ctx, "meet", func() bool {
		if l.seat != nil && !l.seat.room.started {
			return false
		}
		for _, o := range l.with() {
			if o == other {
				return true
			}
		}
		return false
	})
}

// InQueue waits until the leg waits in a queue.
func (l *Call) InQueue(ctx context.Context) error {
	return l.await(ctx, "be in a queue", func() bool { return l.wait != nil })
}

func (l *Call) await(ctx context.Context, what string, reached func() bool) error {
	var state string
	var hit bool
	err := l.c.Until(ctx, func() bool {
		l.c.mu.Lock()
		defer l.c.mu.Unlock()
		state, hit = l.status, reached()
		return hit || l.over()
	})
	switch {
	case err != nil:
		return fmt.Errorf("wait for an %s leg, now %s, to %s: %w", l.direction, state, what, err)
	case !hit:
		return fmt.Errorf("wait for an %s leg to %s: it ended %s", l.direction, what, state)
	}
	return nil
}

// hears adds to what the leg heard. The caller holds mu.
func (l *Call) hears(h Heard) {
	if l.lost || l.over() {
		return
	}
	h.At = l.c.cfg.Now().UTC()
	l.heard = append(l.heard, h)
	l.c.wake()
}

// copies calls a webhook n times at once.
func (c *Carrier) copies(ctx context.Context, h hook, n int) []Answer {
	answers := make([]Answer, n)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() {
			attempts := c.call(ctx, h)
			answers[i] = attempts[len(attempts)-1]
		})
	}
	wg.Wait()
	return answers
}
