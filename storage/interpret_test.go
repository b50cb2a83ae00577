package storage

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hopeline/hotline"
	"hopeline/routing/rota"
)

// interprets adds interpreters of Thai who are on duty around the clock, in the order in which they were added.
func (h *house) interprets(names ...string) (all []hotline.Viewer) {
	h.t.Helper()
	var users []string
	for n, name := range names {
		u, err := h.AddUser(h.t.Context(), NewUser{User: hotline.User{Email: name + "@example.org", Name: name, Phone: fmt.Sprintf("+453100000%d", n),
			Role: hotline.Interpreter, Languages: []string{"th"}}})
		if err != nil {
			h.t.Fatal(err)
		}
		all, users = append(all, hotline.Viewer{User: u}), append(users, fmt.Sprintf("%q", u.ID))
	}
	var slots []string
	for day := 1; day <= 7; day++ {
		slots = append(slots, fmt.Sprintf(`{"day":%d,"start":"00:00","end":"24:00","kind":"interpreter","users":[%s],"languages":["th"]}`, day, strings.Join(users, ",")))
	}
	r, err := rota.Parse(fmt.Appendf(nil, `{"line":"+4570201550","zone":"Europe/Copenhagen","slots":[%s]}`, strings.Join(slots, ",")))
	if err == nil {
		_, err = h.SaveRota(h.t.Context(), System, r, 0, "")
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}

// dialled gives the one dial that is wanted now, and answers it.
func (h *house) dialled(sid string) LegTask {
	h.t.Helper()
	dial := h.only(DialLeg)
	h.settled(dial, sid)
	h.reported(hotline.LegReport{SID: sid, State: hotline.LegUp})
	return dial
}

// tick lets the clock of a contact run on.
func (h *house) tick(id hotline.ContactID, after time.Duration) {
	h.t.Helper()
	h.later(after)
	h.must(h.Apply(h.t.Context(), System, id, hotline.Ticked{At: h.nowAt()}, nil))
}

// wants checks that the carrier is asked for something of a leg.
func (h *house) wants(work LegWork, sid string) {
	h.t.Helper()
	found := h.tasks()
	if !slices.ContainsFunc(found, func(t LegTask) bool { return t.Work == work && t.SID == sid }) {
		h.t.Fatalf("the carrier is asked for %+v, want %s of %s", found, work, sid)
	}
}

func (h *house) search(id hotline.ContactID) hotline.Interpreting {
	h.t.Helper()
	i := h.state(id).Call.Interpreting
	if i == nil {
		h.t.Fatal("nobody looks for an interpreter")
	}
	return *i
}

// begun is a talk in which an interpreter of Thai is looked for.
func (h *house) begun(names ...string) (ann hotline.Viewer, id hotline.ContactID, all []hotline.Viewer) {
	h.t.Helper()
	ann = h.onPhone("ann", "+4530000001")
	id, _ = h.inTalk("CA1", ann)
	all = h.interprets(names...)
	if err := h.Interpret(h.t.Context(), ann, id, "th", anybody); err != nil {
		h.t.Fatal("look for an interpreter:", err)
	}
	return ann, id, all
}

func TestTheSecondInterpreterComesWhenTheFirstDoesNot(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		_, id, all := h.begun("mai", "malee")
		h.later(2 * pace)
		first := h.dialled("CBmai")
		if first.Dial.To.Full() != "+4531000000" || first.Dial.From.Full() != "+4570201550" || first.Part != hotline.Guest {
			t.Fatalf("rings %s from %s as %s, want the first interpreter from the line's number", first.Dial.To.Full(), first.Dial.From.Full(), first.Part)
		}
		if p, err := h.Leg(t.Context(), first.Leg, "CBmai", true); err != nil || p.Where != hotline.AtAsk || p.Language != "th" || !p.Tongue {
			t.Fatalf("her phone is at %+v, %v, want to be asked for Thai", p, err)
		}
		h.tick(id, 12*time.Second)
		if i := h.search(id); len(i.Rung) != 1 {
			t.Fatalf("before her time is over %d ring", len(i.Rung))
		}
		h.close()
		h.open() // a restart in the middle goes on where it was
		h.tick(id, 4*time.Second)
		second := h.dialled("CBmalee")
		if second.Dial.To.Full() != "+4531000001" {
			t.Fatalf("rings %s, want the second beside the first", second.Dial.To.Full())
		}
		if w := h.pressed(second.Leg, "CBmalee", "1"); w != hotline.InRoom {
			t.Fatalf("after her key she is at %s, want in the room", w)
		}
		if i := h.search(id); i.State != hotline.InterpreterHere || i.Came != all[1].ID {
			t.Fatalf("the search is %+v, want the second to be here", i)
		}
		h.wants(MoveLeg, "CBmai") // the first listens, and is told
		if p, err := h.Leg(t.Context(), first.Leg, "CBmai", true); err != nil || p.Where != hotline.AtTaken {
			t.Fatalf("the first is at %+v, %v, want told that it is taken", p, err)
		}
		h.reported(hotline.LegReport{SID: "CBmai", State: hotline.LegOver, End: hotline.LegDone})
		if i := h.search(id); i.State != hotline.InterpreterHere {
			t.Fatalf("after the first hung up the search is %+v", i)
		}
		h.reported(hotline.LegReport{SID: "CBmalee", State: hotline.LegOver, End: hotline.LegDone})
		if c := h.state(id); h.search(id).State != hotline.InterpreterLeft || c.State != hotline.Active || len(c.Legs) != 1 {
			t.Fatalf("after she hung up: %+v, %s, legs %v; want left, and the talk goes on", h.search(id), c.State, c.Legs)
		}
	})
}

func (h *house) close() {
	h.t.Helper()
	if err := h.Close(); err != nil {
		h.t.Fatal(err)
	}
}

func TestOfTwoInterpretersWhoPressOneIsLetIn(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		_, id, _ := h.begun("mai", "malee")
		h.later(2 * pace)
		legs := []LegTask{h.dialled("CBmai"), {}}
		h.tick(id, 15*time.Second)
		legs[1] = h.dialled("CBmalee")
		var both sync.WaitGroup
		var places [2]hotline.LegPlace
		for n, sid := range []string{"CBmai", "CBmalee"} {
			both.Go(func() { places[n], _ = h.LegPressed(t.Context(), legs[n].Leg, sid, "1") })
		}
		both.Wait()
		in := slices.IndexFunc(places[:], func(p hotline.LegPlace) bool { return p.Where == hotline.InRoom })
		if in < 0 || places[1-in].Where != hotline.AtTaken {
			t.Errorf("they are at %s and %s, want one in the room and one told that it is taken", places[0].Where, places[1].Where)
		}
	})
}

func TestWhoDeclinesMakesWayAtOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		_, id, all := h.begun("mai", "malee", "nok")
		h.later(2 * pace)
		first := h.dialled("CB1")
		if w := h.pressed(first.Leg, "CB1", "2"); w != hotline.AtPassed {
			t.Fatalf("after key 2 she is at %s", w)
		}
		h.later(2 * pace)
		tasks := slices.DeleteFunc(h.tasks(), func(t LegTask) bool { return t.Work != DialLeg })
		if len(tasks) != 1 || tasks[0].Dial.To.Full() != "+4531000001" {
			t.Fatalf("then the carrier is asked for %+v, want the second's phone", tasks)
		}
		if err := h.SettleLeg(t.Context(), tasks[0], hotline.Handed{Class: hotline.Refuse}); err != nil { // it cannot be rung
			t.Fatal(err)
		}
		if i := h.search(id); !slices.Equal(i.Rung, []hotline.UserID{all[2].ID}) {
			t.Fatalf("after that %v ring, want the third", i.Rung)
		}
		h.later(2 * pace)
		third := h.only(DialLeg)
		h.settled(third, "CB3")
		h.reported(hotline.LegReport{SID: "CB3", State: hotline.LegOver, End: hotline.LegNoAnswer})
		if i := h.search(id); i.State != hotline.InterpreterNone {
			t.Fatalf("when all were tried the search is %+v, want nobody", i)
		}
	})
}

func TestNobodyComesWithinAMinute(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		_, id, _ := h.begun("a", "b", "c", "d", "e", "f")
		began := h.clock()
		for n := 0; h.search(id).State == hotline.InterpreterRings; n++ {
			if h.clock().Sub(began) > time.Minute {
				t.Fatal("after a minute the counsellor is told nothing")
			}
			if due := h.config.Rules.Due(h.state(id)); due.IsZero() {
				t.Fatal("nothing is left to the clock")
			}
			h.tick(id, time.Second)
			h.tasks()
		}
		if n := len(h.audits("interpreter.rung")); n != 6 {
			t.Errorf("%d were rung, want all six in turn", n)
		}
		if c := h.state(id); len(c.Legs) != 1 || c.State != hotline.Active {
			t.Errorf("afterwards the call is %s with %v, want nobody to ring any more", c.State, c.Legs)
		}
	})
}

// audits are the details of the entries of one action.
func (h *house) audits(action string) (details []string) {
	h.t.Helper()
	rows, err := h.read.Query(`SELECT detail FROM audit WHERE action = $1`, action)
	if err != nil {
		h.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var d string
		if err := rows.Scan(&d); err != nil {
			h.t.Fatal(err)
		}
		details = append(details, d)
	}
	return details
}

func TestTurnsGoByWhoWasRungLast(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann, id, all := h.begun("mai", "malee")
		rung := []hotline.UserID{h.search(id).Rung[0]}
		for range 2 {
			if err := h.Release(t.Context(), ann, id, "", anybody); err != nil {
				t.Fatal(err)
			}
			if c := h.state(id); c.Call.Interpreting != nil || len(c.Legs) != 1 {
				t.Fatalf("let go: %+v, legs %v", c.Call.Interpreting, c.Legs)
			}
			h.later(time.Minute)
			if err := h.Interpret(t.Context(), ann, id, "th", anybody); err != nil {
				t.Fatal(err)
			}
			rung = append(rung, h.search(id).Rung[0])
		}
		if want := []hotline.UserID{all[0].ID, all[1].ID, all[0].ID}; !slices.Equal(rung, want) {
			t.Errorf("they are rung in the order %v, want %v", rung, want)
		}
	})
}

func TestWhoIsForThisPersonIsRung(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann := h.onPhone("ann", "+4530000001")
		id, _ := h.inTalk("CA1", ann)
		all := h.interprets("mai", "malee", "nok")
		woman := hotline.Woman
		if _, err := h.ChangeUser(t.Context(), System, all[2].ID, UserChange{Gender: &woman}); err != nil {
			t.Fatal(err)
		}
		h.must(h.Bar(t.Context(), ann.ID, id, all[0].ID, true, anybody))
		h.must(h.Apply(t.Context(), System, id, hotline.Triaged{At: h.nowAt(), AsksFor: hotline.Woman}, nil))
		if err := h.Interpret(t.Context(), ann, id, "th", anybody); err != nil {
			t.Fatal(err)
		}
		if i := h.search(id); !slices.Equal(i.Rung, []hotline.UserID{all[2].ID}) || !slices.Equal(i.Ahead, []hotline.UserID{all[1].ID}) {
			t.Errorf("%v rings before %v, want the woman whom she asked for, then the other, and not who is barred from her", i.Rung, i.Ahead)
		}
	})
}

func TestNobodyIsOnDutyForALanguage(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		beside := h.onPhone("bea", "+4530000002")
		other, _ := h.inTalk("CA2", beside)
		h.later(2 * pace)
		ann, id, all := h.begun("mai")
		for _, tt := range []struct {
			what     string
			by       hotline.Viewer
			contact  hotline.ContactID
			language string
			want     error
		}{
			{"nobody for it", beside, other, "ti", hotline.ErrNotFound},
			{"no language", beside, other, "", hotline.ErrInvalid},
			{"she is rung into another call", beside, other, "th", hotline.ErrConflict},
			{"asked twice", ann, id, "th", nil},
			{"another language meanwhile", ann, id, "ti", hotline.ErrConflict},
		} {
			if err := h.Interpret(t.Context(), tt.by, tt.contact, tt.language, anybody); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", tt.what, err, tt.want)
			}
		}
		if n := len(h.audits("interpreter.rung")); n != 1 {
			t.Errorf("%d were rung, want one", n)
		}
		if c, err := h.Candidate(t.Context(), all[0].ID); err != nil || c.Available || c.Home || len(c.Tiers) > 0 {
			t.Errorf("to the router she is %+v, %v, want nobody", c, err)
		}
		if err := h.BeginSession(t.Context(), all[0].ID, []byte("token"), 0, false, time.Hour); !errors.Is(err, hotline.ErrForbidden) {
			t.Errorf("a session of hers: %v, want that she has no console", err)
		}
		none := ""
		if _, err := h.ChangeUser(t.Context(), System, all[0].ID, UserChange{Phone: &none}); !errors.Is(err, hotline.ErrInvalid) {
			t.Errorf("an interpreter without a phone: %v, want it refused", err)
		}
		if err := h.Offer(t.Context(), h.called("CA9"), all[0].ID, true); !errors.Is(err, hotline.ErrConflict) {
			t.Errorf("an offer to her: %v, want a conflict", err)
		}
	})
}

// Of two calls that want the same one at one moment, one gets her; the other rings nobody twice.
func TestTwoCallsWantOneInterpreter(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		ann, bea := h.onPhone("ann", "+4530000001"), h.onPhone("bea", "+4530000002")
		one, _ := h.inTalk("CA1", ann)
		h.later(time.Minute)
		two, _ := h.inTalk("CA2", bea)
		mai := h.interprets("mai")[0]
		for _, c := range []struct {
			id hotline.ContactID
			by hotline.Viewer
		}{{one, ann}, {two, bea}} { // as if both had looked before either wrote
			e := hotline.InterpreterAsked{At: h.nowAt(), By: c.by.ID, Language: "th", Order: []hotline.UserID{mai.ID}}
			h.must(h.Apply(t.Context(), string(c.by.ID), c.id, e, nil))
		}
		dials := 0
		for range 5 {
			h.later(2 * pace)
			for _, task := range h.tasks() {
				if task.Work == DialLeg {
					dials++
				}
			}
		}
		if dials != 1 || h.search(one).State != hotline.InterpreterRings || h.search(two).State != hotline.InterpreterNone {
			t.Errorf("%d dials; the calls are %s and %s, want one that rings and one that knows", dials, h.search(one).State, h.search(two).State)
		}
	})
}

func TestAnInterpreterEndsWithTheCall(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, h *house) {
		_, id, _ := h.begun("mai")
		h.later(2 * pace)
		leg := h.dialled("CBmai")
		h.pressed(leg.Leg, "CBmai", "1")
		h.reported(hotline.LegReport{SID: "CA1", State: hotline.LegOver, End: hotline.LegDone})
		h.wants(EndLeg, "CBmai")
		if c := h.state(id); c.Call.Interpreting != nil {
			t.Errorf("after the call: %+v", c.Call.Interpreting)
		}
	})
}
