package hotline

import (
	"testing"
	"time"
)

func TestAnExchangeFallsAsleepAndIsFollowedUp(t *testing.T) {
	t.Parallel()
	followed := left(t)
	sleepingToBea := play(t, asleep(t), HandedTo{At: at(24*hour + 30*minute + 50*second), By: ann, To: bea})
	checkAll(t, []step{
		{name: "quiet for less than half an hour", from: annSpoke(t), event: Ticked{at(31*minute - 1)}, want: "active, with ann"},
		{name: "quiet for half an hour", from: annSpoke(t), event: Ticked{at(31 * minute)}, want: "dormant, with ann", effects: "free ann"},
		{name: "never while a word is owed", from: annHas(t), event: Ticked{at(5 * hour)}, want: "active, with ann, overdue", effects: "alarm waiting"},
		{name: "never while it is held out", from: play(t, annSpoke(t), HandedTo{At: at(31*minute - 1), By: ann, To: bea}), event: Ticked{at(31 * minute)}, want: "active, with ann, on to bea"},
		{name: "the person writes", from: asleep(t), event: Arrived{At: at(hour)}, want: "waiting, prefers ann"},
		{name: "its owner writes", from: asleep(t), event: Replied{at(hour), ann}, want: "active, with ann", effects: "hold ann under 1"},
		{name: "its owner's console is gone", from: asleep(t), event: OwnerAsleep{at(hour), ann}, want: "dormant, with ann"},
		{name: "a day later", from: asleep(t), event: Ticked{at(24*hour + 31*minute)}, want: "follow_up"},
		{name: "a day later, held out", from: sleepingToBea, event: Ticked{at(24*hour + 31*minute)}, want: "dormant, with ann, on to bea"},
		{name: "a day later, held out in vain", from: sleepingToBea, event: Ticked{at(24*hour + 32*minute)}, want: "follow_up", effects: "free bea; expired by bea missed"},
		{name: "followed up, for ever", from: followed, event: Ticked{at(5000 * hour)}, want: "follow_up"},
		{name: "followed up, the person writes", from: followed, event: Arrived{At: at(48 * hour)}, want: "waiting, prefers ann"},
		{name: "followed up, not offered", from: followed, event: toBea(48 * hour), err: ErrConflict},
	})
}

func TestASleepingOwner(t *testing.T) {
	t.Parallel()
	gone := func(d time.Duration, u UserID) Event { return OwnerAsleep{at(d), u} }
	checkAll(t, []step{
		{name: "somebody waits for her", from: annHas(t), event: gone(3*minute, ann), want: "waiting, prefers ann", effects: "free ann"},
		{name: "nobody waits for her", from: annSpoke(t), event: gone(3*minute, ann), want: "active, with ann"},
		{name: "it is not hers", from: annHas(t), event: gone(3*minute, bea), want: "active, with ann"},
		{name: "it waits", from: texted(t), event: gone(3*minute, ann), want: "waiting"},
		{name: "it was overdue and stays so", from: late(t), event: gone(12*minute, ann), want: "waiting, prefers ann, overdue", effects: "free ann"},
		{name: "she is back and is asked", from: play(t, annHas(t), gone(3*minute, ann)), event: toAnn(4 * minute), want: "offered, to ann, prefers ann", effects: "hold ann under 2; ask ann under 2"},
		{name: "she is asked when the house falls", from: play(t, annHas(t), gone(3*minute, ann), toAnn(4*minute)), event: Restarted{at(5 * minute)}, want: "waiting, prefers ann", effects: "free ann; withdrawn by ann"},
		{name: "she declines, and is not preferred", from: play(t, annHas(t), gone(3*minute, ann), toAnn(4*minute)), event: DeclinedBy{at(4 * minute), ann}, want: "waiting, tried [ann]", effects: "free ann; declined by ann"},
	})
}

func TestLaps(t *testing.T) {
	t.Parallel()
	refused := texted(t, toAnn(0), DeclinedBy{at(0), ann})
	rests := play(t, refused, LapOver{at(second)})
	checkAll(t, []step{
		{name: "over", from: refused, event: LapOver{at(second)}, want: "waiting, tried [ann], rests"},
		{name: "over when nobody was asked", from: texted(t), event: LapOver{at(second)}, want: "waiting"},
		{name: "over twice", from: rests, event: LapOver{at(30 * second)}, want: "waiting, tried [ann], rests"},
		{name: "nobody is asked while it rests", from: rests, event: toBea(2 * second), err: ErrConflict},
		{name: "still rests", from: rests, event: Ticked{at(61*second - 1)}, want: "waiting, tried [ann], rests"},
		{name: "the next begins", from: rests, event: Ticked{at(61 * second)}, want: "waiting"},
		{name: "somebody came", from: rests, event: SomebodyCame{at(2 * second)}, want: "waiting"},
		{name: "somebody came while it does not rest", from: refused, event: SomebodyCame{at(2 * second)}, want: "waiting, tried [ann]"},
	})
	next := play(t, rests, Ticked{at(61 * second)})
	if next.Lap != rests.Lap+1 || !next.Since.Equal(noon) {
		t.Errorf("the next lap is %d since %v, want %d since %v", next.Lap, next.Since, rests.Lap+1, noon)
	}
	if again := play(t, rests, LapOver{at(30 * second)}); !again.Rests.Equal(rests.Rests) {
		t.Errorf("a second LapOver moved the end of the rest from %v to %v", rests.Rests, again.Rests)
	}
}

func TestOverdueOnceUntilAHumanActs(t *testing.T) {
	t.Parallel()
	waits := texted(t, Ticked{at(10 * minute)})
	answered := play(t, late(t), Replied{at(12 * minute), ann})
	checkAll(t, []step{
		{name: "not yet", from: texted(t), event: Ticked{at(10*minute - 1)}, want: "waiting"},
		{name: "nobody was asked", from: texted(t), event: Ticked{at(10 * minute)}, want: "waiting, overdue", effects: "alarm waiting"},
		{name: "it stays so", from: waits, event: Ticked{at(90 * hour)}, want: "waiting, overdue"},
		{name: "being asked", from: texted(t, toAnn(10*minute-second)), event: Ticked{at(10 * minute)}, want: "offered, to ann, overdue", effects: "alarm waiting"},
		{name: "offered while overdue", from: waits, event: toAnn(11 * minute), want: "offered, to ann, overdue", effects: "hold ann under 1; ask ann under 1"},
		{name: "accepted", from: play(t, waits, toAnn(11*minute)), event: AcceptedBy{at(11 * minute), ann, false}, want: "active, with ann", effects: "accepted by ann"},
		{name: "its owner has ten minutes", from: annHas(t), event: Ticked{at(10*minute + 5*second - 1)}, want: "active, with ann"},
		{name: "its owner said nothing", from: annHas(t), event: Ticked{at(10*minute + 5*second)}, want: "active, with ann, overdue", effects: "alarm waiting"},
		{name: "its owner answers", from: late(t), event: Replied{at(12 * minute), ann}, want: "active, with ann"},
		{name: "handed back it stays", from: late(t), event: HandedBack{At: at(12 * minute), By: ann}, want: "waiting, tried [ann], overdue", effects: "free ann"},
		{name: "answered is answered", from: answered, event: Ticked{at(30 * minute)}, want: "active, with ann"},
		{name: "and counts anew from the next word", from: play(t, answered, Arrived{At: at(20 * minute)}), event: Ticked{at(30 * minute)}, want: "active, with ann, overdue", effects: "alarm waiting"},
	})
}

func TestWhoWaitsKeepsHerPlace(t *testing.T) {
	t.Parallel()
	slept := OwnerAsleep{at(40 * minute), ann}
	tests := []struct {
		name string
		c    Contact
		want time.Duration
	}{
		{"through offers", texted(t, toAnn(minute), DeclinedBy{at(2 * minute), ann}, toBea(3*minute)), 0},
		{"through an owner who never answered", play(t, annHas(t), slept), 0},
		{"through two owners who never answered", play(t, annToBea(t), AcceptedBy{at(minute), bea, false}, OwnerAsleep{at(5 * minute), bea}), 0},
		{"from the first word that was not answered", play(t, annSpoke(t), Arrived{At: at(20 * minute)}, Arrived{At: at(25 * minute)}, slept), 20 * minute},
		{"from the word that woke it", play(t, asleep(t), Arrived{At: at(hour)}), hour},
		{"from being handed back when nothing is owed", play(t, annSpoke(t), HandedBack{At: at(5 * minute), By: ann}), 5 * minute},
		{"from the word after follow-up", play(t, left(t), Arrived{At: at(48 * hour)}), 48 * hour},
	}
	for _, tt := range tests {
		if got := tt.c.Since.Sub(noon); got != tt.want {
			t.Errorf("%s: %s waits since noon + %v, want + %v", tt.name, plain(tt.c), got, tt.want)
		}
	}
}

func TestAStopWordWarnsUntilSomebodyAnswers(t *testing.T) {
	t.Parallel()
	c := play(t, annSpoke(t), Arrived{At: at(5 * minute), Stop: true}, Arrived{At: at(6 * minute)})
	if !c.StopWord {
		t.Error("a second message took the warning away before anybody answered")
	}
	if c = play(t, c, Replied{at(7 * minute), ann}); c.StopWord {
		t.Error("the warning stays after the answer")
	}
}

func TestWhoHadItBefore(t *testing.T) {
	t.Parallel()
	if c := annHas(t); c.LastOwner != "" {
		t.Errorf("LastOwner = %q with its first owner, want nobody", c.LastOwner)
	}
	if c := play(t, annToBea(t), AcceptedBy{at(90 * second), bea, false}); c.LastOwner != ann || !c.Left.Equal(noon.Add(90*second)) {
		t.Errorf("after a transfer LastOwner = %q, left %v, want ann at 12:01:30", c.LastOwner, c.Left)
	}
}

func TestUnreadAndGuess(t *testing.T) {
	t.Parallel()
	c := texted(t, Arrived{At: at(1), Guess: "da"}, Arrived{At: at(2), Guess: "ro"}, toAnn(0), AcceptedBy{at(3), ann, false})
	if c.Unread != 3 || c.Guess != "da" || c.SpokenLanguage() != "da" {
		t.Errorf("unread %d, guess %q, speaks %q, want 3, da, da", c.Unread, c.Guess, c.SpokenLanguage())
	}
	if c = play(t, c, WasRead{at(4), bea}); c.Unread != 3 {
		t.Errorf("unread = %d after somebody else read, want 3", c.Unread)
	}
	if c = play(t, c, WasRead{at(4), ann}, Triaged{at(5), 30, "pcm", ""}); c.Unread != 0 || c.Priority != 30 || c.SpokenLanguage() != "pcm" {
		t.Errorf("unread %d, priority %d, speaks %q, want 0, 30, pcm", c.Unread, c.Priority, c.SpokenLanguage())
	}
	// A message that the carrier tells late takes no time back.
	if c = play(t, c, Replied{at(hour), ann}, Arrived{At: at(minute)}); !c.LastWritten.Equal(noon.Add(hour)) || !c.LastInbound.Equal(noon.Add(minute)) {
		t.Errorf("last written %v, last in %v, want 13:00 and 12:01", c.LastWritten, c.LastInbound)
	}
}

func TestDueIsTheNextStepByTheClock(t *testing.T) {
	t.Parallel()
	day := 24 * hour
	tests := []struct {
		name string
		c    Contact
		want time.Duration // after noon; 0: only a human can move it
	}{
		{"waiting: one more is asked", texted(t), 3 * minute},
		{"waiting: and one more", texted(t, Ticked{at(3 * minute)}), 8 * minute},
		{"waiting: overdue", texted(t, Ticked{at(8 * minute)}), 10 * minute},
		{"offered: the offer ends", texted(t, toAnn(0)), minute},
		{"offered: overdue comes first", texted(t, Ticked{at(8 * minute)}, toAnn(10*minute-second)), 10 * minute},
		{"resting: the next lap", texted(t, toAnn(0), DeclinedBy{at(0), ann}, LapOver{at(second)}), 61 * second},
		{"overdue: nobody by the clock", texted(t, Ticked{at(10 * minute)}), 0},
		{"owing a word: overdue", annHas(t), 10*minute + 5*second},
		{"owing a word too long", late(t), 0},
		{"answered: it falls asleep", annSpoke(t), 31 * minute},
		{"held out: the transfer ends", play(t, annSpoke(t), HandedTo{At: at(31*minute - 1), By: ann, To: bea}), 32*minute - 1},
		{"asleep: follow up", asleep(t), 31*minute + day},
		{"asleep and held out", play(t, asleep(t), HandedTo{At: at(31*minute + day - 1), By: ann, To: bea}), 32*minute + day - 1},
		{"to follow up", left(t), 0},
		{"closed", closed(t), 0},
	}
	for _, tt := range tests {
		want := time.Time{}
		if tt.want != 0 {
			want = noon.Add(tt.want)
		}
		if got := DefaultRules.Due(tt.c); !got.Equal(want) {
			t.Errorf("%s: Due(%s) = %v, want %v", tt.name, plain(tt.c), got, want)
		}
	}
}
