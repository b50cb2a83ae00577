package hotline

import (
	"testing"
	"time"
)

func toAnn(d time.Duration) Event   { return OfferedTo{at(d), ann, false} }
func toBea(d time.Duration) Event   { return OfferedTo{at(d), bea, false} }
func annHas(t *testing.T) Contact   { return texted(t, toAnn(0), AcceptedBy{at(5 * second), ann, false}) }
func annSpoke(t *testing.T) Contact { return play(t, annHas(t), Replied{at(minute), ann}) }
func annToBea(t *testing.T) Contact {
	return play(t, annHas(t), HandedTo{At: at(minute), By: ann, To: bea})
}
func asleep(t *testing.T) Contact { return play(t, annSpoke(t), Ticked{at(31 * minute)}) }
func left(t *testing.T) Contact   { return play(t, asleep(t), Ticked{at(31*minute + 24*hour)}) }
func late(t *testing.T) Contact   { return play(t, annHas(t), Ticked{at(11 * minute)}) }
func closed(t *testing.T) Contact {
	return play(t, annHas(t), EndedBy{At: at(hour), By: ann, Outcome: "helped"})
}

func TestAnOfferIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	asked := texted(t, toAnn(0))
	checkAll(t, []step{
		{name: "asked", from: texted(t), event: toAnn(0), want: "offered, to ann", effects: "hold ann under 1; ask ann under 1"},
		{name: "nobody is asked while somebody is", from: asked, event: toBea(second), err: ErrConflict},
		{name: "nobody is asked again in the lap", from: play(t, asked, DeclinedBy{at(0), ann}), event: toAnn(second), err: ErrConflict},
		{name: "accepted", from: asked, event: AcceptedBy{at(59 * second), ann, false}, want: "active, with ann", effects: "accepted by ann"},
		{name: "accepted again by the winner", from: annHas(t), event: AcceptedBy{at(hour), ann, false}, want: "active, with ann"},
		{name: "accepted again while it sleeps", from: asleep(t), event: AcceptedBy{at(hour), ann, false}, want: "dormant, with ann"},
		{name: "accepted by a loser", from: annHas(t), event: AcceptedBy{at(minute), bea, false}, err: ErrConflict},
		{name: "accepted by one who was never asked", from: asked, event: AcceptedBy{at(second), bea, false}, err: ErrExpired},
		{name: "accepted in the last instant", from: asked, event: AcceptedBy{at(minute), ann, false}, want: "active, with ann", effects: "accepted by ann"},
		{name: "accepted after the deadline", from: asked, event: AcceptedBy{at(minute + 1), ann, false}, err: ErrExpired},
		{name: "accepted after it lapsed", from: play(t, asked, Ticked{at(minute)}), event: AcceptedBy{at(minute), ann, false}, err: ErrExpired},
		{name: "accepted after the close", from: closed(t), event: AcceptedBy{at(2 * hour), ann, false}, err: ErrExpired},
		{name: "declined", from: asked, event: DeclinedBy{at(second), ann}, want: "waiting, tried [ann]", effects: "free ann; declined by ann"},
		{name: "declined again", from: play(t, asked, DeclinedBy{at(0), ann}), event: DeclinedBy{at(second), ann}, want: "waiting, tried [ann]"},
		{name: "declined by one who was never asked", from: asked, event: DeclinedBy{at(second), bea}, err: ErrExpired},
		{name: "declined after accepting", from: annHas(t), event: DeclinedBy{at(minute), ann}, err: ErrExpired},
		{name: "declined after the close", from: closed(t), event: DeclinedBy{at(2 * hour), ann}, err: ErrExpired},
		{name: "not answered", from: asked, event: Ticked{at(minute)}, want: "waiting, tried [ann]", effects: "free ann; expired by ann missed"},
		{name: "not answered yet", from: asked, event: Ticked{at(minute - 1)}, want: "offered, to ann"},
		{name: "her console went", from: asked, event: Unreachable{at(second), ann}, want: "waiting", effects: "free ann; withdrawn by ann"},
		{name: "another's console went", from: asked, event: Unreachable{at(second), bea}, want: "offered, to ann"},
		{name: "the house was down", from: asked, event: Restarted{at(hour)}, want: "waiting", effects: "free ann; withdrawn by ann"},
		{name: "the house was down and somebody has it", from: annToBea(t), event: Restarted{at(hour)}, want: "active, with ann, on to bea"},
		{name: "more words while she is asked", from: asked, event: Arrived{At: at(second)}, want: "offered, to ann"},
	})
}

func TestWhatWaitsMayBeTaken(t *testing.T) {
	t.Parallel()
	asked := texted(t, toAnn(0))
	lateAsked := texted(t, Ticked{at(10 * minute)}, toAnn(10*minute))
	lateToBea := play(t, late(t), HandedTo{At: at(11 * minute), By: ann, To: bea})
	rests := texted(t, toAnn(0), DeclinedBy{at(0), ann}, LapOver{at(0)})
	take := func(d time.Duration, u UserID) Event { return TakenBy{at(d), u, false} }
	checkAll(t, []step{
		{name: "waiting", from: texted(t), event: take(0, bea), want: "active, with bea", effects: "hold bea under 1"},
		{name: "resting, by one who declined", from: rests, event: take(second, ann), want: "active, with ann", effects: "hold ann under 2"},
		{name: "asked, by whom it is held out to", from: asked, event: take(second, ann), want: "active, with ann", effects: "accepted by ann"},
		{name: "asked, by her after the deadline", from: asked, event: take(61*second, ann), want: "active, with ann", effects: "free ann; expired by ann; hold ann under 2"},
		{name: "asked, by another", from: asked, event: take(second, bea), err: ErrConflict},
		{name: "asked, by another after the deadline", from: asked, event: take(61*second, bea), want: "active, with bea", effects: "free ann; expired by ann missed; hold bea under 2"},
		{name: "asked and overdue, by another", from: lateAsked, event: take(10*minute+second, bea), want: "active, with bea", effects: "free ann; withdrawn by ann; hold bea under 2"},
		{name: "mine", from: annHas(t), event: take(minute, ann), want: "active, with ann"},
		{name: "another's", from: annHas(t), event: take(minute, bea), err: ErrConflict},
		{name: "another's that is overdue", from: late(t), event: take(11*minute, bea), want: "active, with bea", effects: "free ann; hold bea under 2"},
		{name: "another's that is overdue and handed to me", from: lateToBea, event: take(11*minute, bea), want: "active, with bea", effects: "accepted by bea; free ann"},
		{name: "another's that is overdue and handed to a third", from: lateToBea, event: take(11*minute, cleo), want: "active, with cleo", effects: "free bea; withdrawn by bea; free ann; hold cleo under 3"},
		{name: "mine that sleeps", from: asleep(t), event: take(hour, ann), want: "active, with ann", effects: "hold ann under 1"},
		{name: "another's that sleeps", from: asleep(t), event: take(hour, bea), err: ErrConflict},
		{name: "to follow up", from: left(t), event: take(48*hour, bea), want: "active, with bea", effects: "hold bea under 2"},
		{name: "closed", from: closed(t), event: take(2*hour, ann), err: ErrConflict},
	})
}

func TestHandingOver(t *testing.T) {
	t.Parallel()
	hand := func(d time.Duration, by, to UserID) Event {
		return HandedTo{At: at(d), By: by, To: to, Supervisor: by == boss}
	}
	back := func(d time.Duration, by UserID) Event { return HandedBack{At: at(d), By: by, Supervisor: by == boss} }
	sleeping := play(t, asleep(t), hand(hour, ann, bea))
	checkAll(t, []step{
		{name: "held out", from: annHas(t), event: hand(minute, ann, bea), want: "active, with ann, on to bea", effects: "hold bea under 2; ask bea under 2"},
		{name: "held out again", from: annToBea(t), event: hand(minute+second, ann, bea), want: "active, with ann, on to bea"},
		{name: "held out again after the deadline", from: annToBea(t), event: hand(3*minute, ann, bea), want: "active, with ann, on to bea", effects: "free bea; expired by bea missed; hold bea under 3; ask bea under 3"},
		{name: "held out to a third instead", from: annToBea(t), event: hand(2*minute-1, ann, cleo), want: "active, with ann, on to cleo", effects: "free bea; withdrawn by bea; hold cleo under 3; ask cleo under 3"},
		{name: "by a supervisor", from: annHas(t), event: hand(minute, boss, bea), want: "active, with ann, on to bea", effects: "hold bea under 2; ask bea under 2"},
		{name: "by somebody else", from: annHas(t), event: hand(minute, bea, cleo), err: ErrConflict},
		{name: "to oneself", from: annHas(t), event: hand(minute, ann, ann), err: ErrInvalid},
		{name: "of what waits", from: texted(t), event: hand(minute, boss, bea), err: ErrConflict},
		{name: "of what is closed", from: closed(t), event: hand(2*hour, ann, bea), err: ErrConflict},
		{name: "accepted", from: annToBea(t), event: AcceptedBy{at(2 * minute), bea, false}, want: "active, with bea", effects: "accepted by bea; free ann"},
		{name: "accepted too late", from: annToBea(t), event: AcceptedBy{at(2*minute + 1), bea, false}, err: ErrExpired},
		{name: "declined", from: annToBea(t), event: DeclinedBy{at(2 * minute), bea}, want: "active, with ann", effects: "free bea; declined by bea"},
		{name: "not answered", from: annToBea(t), event: Ticked{at(2 * minute)}, want: "active, with ann", effects: "free bea; expired by bea missed"},
		{name: "her console went", from: annToBea(t), event: Unreachable{at(minute), bea}, want: "active, with ann", effects: "free bea; withdrawn by bea"},
		{name: "the owner answers meanwhile", from: annToBea(t), event: Replied{at(minute), ann}, want: "active, with ann, on to bea"},
		{name: "the colleague answers too early", from: annToBea(t), event: Replied{at(minute), bea}, err: ErrConflict},
		{name: "the owner's console went meanwhile", from: annToBea(t), event: OwnerAsleep{at(minute), ann}, want: "active, with ann, on to bea"},
		{name: "a sleeping one, accepted", from: sleeping, event: AcceptedBy{at(hour + second), bea, false}, want: "active, with bea", effects: "accepted by bea"},
		{name: "a sleeping one, and the person writes", from: sleeping, event: Arrived{At: at(hour + second)}, want: "waiting, prefers ann", effects: "free bea; withdrawn by bea"},
		{name: "back to the queue", from: annHas(t), event: back(minute, ann), want: "waiting, tried [ann]", effects: "free ann"},
		{name: "back to the queue while held out", from: annToBea(t), event: back(minute, ann), want: "waiting, tried [ann]", effects: "free bea; withdrawn by bea; free ann"},
		{name: "back to the queue while it sleeps", from: asleep(t), event: back(hour, ann), want: "waiting, tried [ann]"},
		{name: "back to the queue by a supervisor", from: annHas(t), event: back(minute, boss), want: "waiting, tried [ann]", effects: "free ann"},
		{name: "back to the queue by another", from: annHas(t), event: back(minute, bea), err: ErrConflict},
		{name: "back to the queue twice", from: play(t, annHas(t), back(minute, ann)), event: back(minute, ann), err: ErrConflict},
	})
}

func TestOnlyAHumanWithAnOutcomeCloses(t *testing.T) {
	t.Parallel()
	end := func(by UserID, outcome string) Event {
		return EndedBy{At: at(48 * hour), By: by, Outcome: outcome, Supervisor: by == boss}
	}
	asked := texted(t, toAnn(0))
	checkAll(t, []step{
		{name: "without an outcome", from: annHas(t), event: end(ann, ""), err: ErrInvalid},
		{name: "with a blank one", from: annHas(t), event: end(boss, " \n\t"), err: ErrInvalid},
		{name: "mine", from: annHas(t), event: end(ann, "helped"), want: "closed", effects: "free ann"},
		{name: "mine while held out", from: annToBea(t), event: end(ann, "helped"), want: "closed", effects: "free bea; withdrawn by bea; free ann"},
		{name: "mine that sleeps", from: asleep(t), event: end(ann, "helped"), want: "closed"},
		{name: "another's", from: annHas(t), event: end(bea, "helped"), err: ErrConflict},
		{name: "by the colleague it is held out to", from: annToBea(t), event: end(bea, "helped"), err: ErrConflict},
		{name: "another's, by a supervisor", from: late(t), event: end(boss, "spam"), want: "closed", effects: "free ann"},
		{name: "waiting, by a counsellor", from: texted(t), event: end(ann, "spam"), err: ErrConflict},
		{name: "waiting, by a supervisor", from: texted(t), event: end(boss, "spam"), want: "closed"},
		{name: "asked, by whom it is held out to", from: asked, event: end(ann, "spam"), err: ErrConflict},
		{name: "asked, by a supervisor", from: asked, event: end(boss, "spam"), want: "closed", effects: "free ann; withdrawn by ann"},
		{name: "to follow up, by a supervisor", from: left(t), event: end(boss, "no answer"), want: "closed"},
		{name: "to follow up, by its last counsellor", from: left(t), event: end(ann, "no answer"), err: ErrConflict},
		{name: "closed", from: closed(t), event: end(boss, "again"), err: ErrConflict},
		{name: "replied after", from: closed(t), event: Replied{at(48 * hour), ann}, err: ErrConflict},
		{name: "the clock after", from: closed(t), event: Ticked{at(1000 * hour)}, want: "closed"},
		{name: "words after", from: closed(t), event: Arrived{At: at(48 * hour)}, want: "closed"},
		{name: "a start after", from: closed(t), event: Restarted{at(48 * hour)}, want: "closed"},
	})
	if c := closed(t); c.Outcome != "helped" || !c.ClosedAt.Equal(noon.Add(hour)) || c.LastOwner != ann || c.Owner != "" || c.Unread != 0 {
		t.Errorf("closed contact = outcome %q at %v, last %q, owner %q, unread %d", c.Outcome, c.ClosedAt, c.LastOwner, c.Owner, c.Unread)
	}
}
