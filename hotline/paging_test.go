package hotline

import "testing"

func rung(t *testing.T) Contact    { return texted(t, OfferedTo{at(0), ann, true}) }
func pressed(t *testing.T) Contact { return play(t, rung(t), AcceptedBy{at(20 * second), ann, true}) }

func TestATextRingsAPhone(t *testing.T) {
	t.Parallel()
	again := play(t, rung(t), LegEnded{at(25 * second), ann, 1, LegNoAnswer})
	picked := play(t, rung(t), LegAnswered{at(59 * second), ann, 1})
	checkAll(t, []step{
		{name: "rung", from: texted(t), event: OfferedTo{at(0), ann, true}, want: "offered, to ann", effects: "hold ann under 1; ask ann under 1; ring ann under 1"},
		{name: "a phone that rang out rings once more", from: rung(t), event: LegEnded{at(25 * second), ann, 1, LegNoAnswer}, want: "offered, to ann", effects: "ring ann under 1"},
		{name: "and no third time", from: again, event: LegEnded{at(50 * second), ann, 1, LegNoAnswer}, want: "waiting, tried [ann]", effects: "free ann; expired by ann missed; drop ann's leg of 1"},
		{name: "a machine that listened is no answer", from: again, event: LegEnded{at(50 * second), ann, 1, LegDone}, want: "waiting, tried [ann]", effects: "free ann; expired by ann missed; drop ann's leg of 1"},
		{name: "refused on the phone", from: rung(t), event: LegEnded{at(9 * second), ann, 1, LegBusy}, want: "waiting, tried [ann]", effects: "free ann; declined by ann; drop ann's leg of 1"},
		{name: "key 1", from: rung(t), event: AcceptedBy{at(20 * second), ann, true}, want: "active, with ann", effects: "accepted by ann"},
		{name: "accepted in the console while it rings", from: rung(t), event: AcceptedBy{at(20 * second), ann, false}, want: "active, with ann", effects: "accepted by ann; drop ann's leg of 1"},
		{name: "key 2", from: rung(t), event: DeclinedBy{at(20 * second), ann}, want: "waiting, tried [ann]", effects: "free ann; declined by ann; drop ann's leg of 1"},
		{name: "who picked up late has time for the key", from: picked, event: Ticked{at(61 * second)}, want: "offered, to ann"},
		{name: "nobody pressed anything", from: picked, event: Ticked{at(84 * second)}, want: "waiting, tried [ann]", effects: "free ann; expired by ann missed; drop ann's leg of 1"},
		{name: "she has no console, and her phone rings on", from: rung(t), event: Unreachable{at(second), ann}, want: "offered, to ann"},
		{name: "the house was down", from: rung(t), event: Restarted{at(hour)}, want: "waiting", effects: "free ann; withdrawn by ann; drop ann's leg of 1"},
		{name: "her leg ends after the key", from: pressed(t), event: LegEnded{at(30 * second), ann, 1, LegDone}, want: "active, with ann"},
		{name: "somebody closes it while it rings", from: rung(t), event: EndedBy{At: at(second), By: boss, Outcome: "no words", Supervisor: true}, want: "closed", effects: "free ann; withdrawn by ann; drop ann's leg of 1"},
		{name: "a colleague was quicker", from: play(t, rung(t), Ticked{at(3 * minute)}, OfferedTo{at(3 * minute), bea, false}), event: AcceptedBy{at(3*minute + second), bea, false}, want: "active, with bea", effects: "accepted by bea"},
	})
	if got := pressed(t).AnswererWhere(ann, 1, true); got != AtDesk {
		t.Errorf("after key 1 of a text her leg belongs at %q, want %q", got, AtDesk)
	}
	if got := pressed(t).AnswererWhere(bea, 1, false); got != AtTaken {
		t.Errorf("another's leg belongs at %q, want %q", got, AtTaken)
	}
}

func TestWhoTookATextByPhoneHasTimeToOpenAConsole(t *testing.T) {
	t.Parallel()
	gone := func(d At) Event { return OwnerAsleep{d, ann} }
	checkAll(t, []step{
		{name: "she is on her way", from: pressed(t), event: gone(at(5*minute + 20*second - 1)), want: "active, with ann"},
		{name: "she never came", from: pressed(t), event: gone(at(5*minute + 20*second)), want: "waiting, prefers ann", effects: "free ann"},
		{name: "she answered, and left", from: play(t, pressed(t), Replied{at(minute), ann}, Arrived{At: at(2 * minute)}), event: gone(at(4 * minute)), want: "waiting, prefers ann", effects: "free ann"},
		{name: "she handed it on, and he has no console", from: play(t, pressed(t), HandedTo{At: at(minute), By: ann, To: bea}, AcceptedBy{at(minute), bea, false}), event: OwnerAsleep{at(4 * minute), bea}, want: "waiting, prefers bea", effects: "free bea"},
	})
}

func TestTheLadderOfAText(t *testing.T) {
	t.Parallel()
	asked := texted(t, Ticked{at(2 * minute)}, toAnn(2*minute+30*second))
	two := play(t, asked, Ticked{at(3 * minute)}, toBea(3*minute))
	all := play(t, two, Ticked{at(8 * minute)})
	checkAll(t, []step{
		{name: "one at a time", from: asked, event: toBea(3*minute - 1), err: ErrConflict},
		{name: "after three minutes one more beside", from: play(t, asked, Ticked{at(3 * minute)}), event: toBea(3 * minute), want: "offered, to ann, to bea", effects: "hold bea under 2; ask bea under 2"},
		{name: "and no third", from: two, event: OfferedTo{at(3 * minute), cleo, false}, err: ErrConflict},
		{name: "both let it pass", from: two, event: Ticked{at(8 * minute)}, want: "waiting, tried [ann bea]", effects: "free ann; expired by ann missed; free bea; expired by bea missed"},
		{name: "ten minutes: all see it, and supervisors are told", from: all, event: Ticked{at(10 * minute)}, want: "waiting, tried [ann bea], overdue", effects: "alarm waiting"},
		{name: "and are told once", from: play(t, all, Ticked{at(10 * minute)}), event: Ticked{at(11 * minute)}, want: "waiting, tried [ann bea], overdue"},
	})
	if all.Step != 2 {
		t.Errorf("after eight minutes Step = %d, want 2", all.Step)
	}
	if c := play(t, two, AcceptedBy{at(3*minute + second), bea, false}); c.Step != 0 {
		t.Errorf("with an owner Step = %d, want 0", c.Step)
	}
	if c := play(t, annSpoke(t), HandedBack{At: at(20 * minute), By: ann}); !DefaultRules.widensAt(c).Equal(noon.Add(23 * minute)) {
		t.Errorf("given back at 12:20 one more is asked at %v, want 12:23", DefaultRules.widensAt(c))
	}
}

// A round is frozen: who was asked is left out by who she is, whatever became of the list of those on duty meanwhile.
func TestARoundLeavesOutWhoWasAsked(t *testing.T) {
	t.Parallel()
	c := texted(t, OfferedTo{at(0), ann, true}, LegEnded{at(9 * second), ann, 1, LegFailed}, toBea(10*second), DeclinedBy{at(11 * second), bea})
	checkAll(t, []step{
		{name: "the first, whose number is dead", from: c, event: OfferedTo{at(12 * second), ann, true}, err: ErrConflict},
		{name: "the second, who declined, now by phone", from: c, event: OfferedTo{at(12 * second), bea, true}, err: ErrConflict},
		{name: "one who came on duty meanwhile", from: c, event: OfferedTo{at(12 * second), cleo, true}, want: "offered, to cleo, tried [ann bea]", effects: "hold cleo under 3; ask cleo under 3; ring cleo under 3"},
		{name: "all again in the next round", from: play(t, c, LapOver{at(12 * second)}, Ticked{at(72 * second)}), event: OfferedTo{at(72 * second), ann, true}, want: "offered, to ann", effects: "hold ann under 3; ask ann under 3; ring ann under 3"},
	})
	if w := c.ForRouter(DefaultRules); len(w.Tried) != 2 || w.Tried[0] != ann || w.Tried[1] != bea {
		t.Errorf("the router is told of %v, want ann and bea by who they are", w.Tried)
	}
}

func TestAtNightNoPhoneRingsForWhatNobodyCanAnswer(t *testing.T) {
	t.Parallel()
	night := Night{On: true, Turns: noon.Add(hour)}
	write := func(from string, e Arrived) Contact {
		c := Open("c1", AddressOf(from), AddressOf("+4570201550"), noon)
		e.At = at(0)
		return play(t, c, e)
	}
	for from, rings := range map[string]bool{"+4520112233": true, "whatsapp:+4520112233": true, "004520112233": true, "Bank": false, "": false,
		"anonymous": false, "32665": false, "1234": false, "whatsapp:": false} {
		if c := write(from, Arrived{Night: night}); c.Night.On == rings {
			t.Errorf("a text from %q by night rings a phone: %t, want %t", from, !c.Night.On, rings)
		}
		if c := write(from, Arrived{Night: night, Danger: true}); c.Night.On {
			t.Errorf("a text from %q that speaks of danger rings no phone", from)
		}
	}
	bank := write("Bank", Arrived{Night: night})
	page := func(d At) Event { return OfferedTo{d, ann, true} }
	checkAll(t, []step{
		{name: "no phone", from: bank, event: page(at(second)), err: ErrConflict},
		{name: "a console", from: bank, event: toAnn(second), want: "offered, to ann", effects: "hold ann under 1; ask ann under 1"},
		{name: "supervisors sleep on", from: bank, event: Ticked{at(10 * minute)}, want: "waiting, overdue"},
		{name: "in the morning", from: play(t, bank, Ticked{at(hour)}), event: page(at(hour)), want: "offered, to ann, overdue", effects: "hold ann under 1; ask ann under 1; ring ann under 1"},
		{name: "the next night", from: play(t, bank, Ticked{at(15 * hour)}), event: page(at(15 * hour)), err: ErrConflict},
		{name: "it rings when the night comes", from: play(t, bank, Ticked{at(hour)}, page(at(hour)), Arrived{At: at(hour), Night: Night{On: true, Turns: noon.Add(9 * hour)}}),
			event: LegEnded{at(hour + 25*second), ann, 1, LegNoAnswer}, want: "waiting, tried [ann], overdue", effects: "free ann; expired by ann; drop ann's leg of 1"},
	})
	if c := play(t, bank, Arrived{At: at(minute), Danger: true, Night: night}, Arrived{At: at(2 * minute), Night: night}); c.Night.On {
		t.Error("what spoke of danger is quiet again after the next text")
	}
}
